"""One message of the robot, as the outbox keeps it."""

from typing import Any
from uuid import uuid4

from msgspec import field

from bot.channels.kept import KeptCall

Body = dict[str, Any]

MOST_BYTES = 20480
"""Bytes of one markdown message; `text` is no type that a robot may send."""


class Call(KeptCall, frozen=True, omit_defaults=True, kw_only=True):
    """One message: `body` is what is sent, but for the ids of its card or file.

    It answers `ticket`. Where a button was pressed (`press`) just now, the card is
    replaced by `update` instead; or, for the one who pressed, `aside` is put into it.
    """

    body: dict[str, Any] = field(default_factory=dict)
    ticket: str = ""
    press: str = ""
    update: dict[str, Any] = field(default_factory=dict)
    aside: str = ""
    file: str = ""
    file_name: str = ""
    is_picture: bool = False


def markdown(text: str) -> dict[str, Any]:
    """Make the body of a markdown message."""
    return {"msgtype": "markdown", "markdown": {"content": text}}


def with_task_id(body: Body) -> tuple[Body, str]:
    """Give the card of a body an id that no other ever had; "" if it has no card."""
    card = body.get("template_card")
    if not card:
        return body, ""
    task_id = f"c{uuid4().hex}"
    return body | {"template_card": card | {"task_id": task_id}}, task_id
