"""One call of the REST API, what may go wrong with it, and what it put where."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from platform_refusal import Refusal


@dataclass
class Trouble:
    """What goes wrong with one call.

    `takes` says that the call has its effect all the same; then, instead of an answer,
    it `hangs`, or the line is `cut`, or the server says `status` and `raw`, or the
    errcode. `delay` is in seconds of real time.
    """

    errcode: int = -1
    status: int = 200
    takes: bool = False
    hangs: bool = False
    cut: bool = False
    raw: bytes | None = None
    delay: float = 0.0


@dataclass
class Call:
    """One call that reached the server, and what it was answered."""

    path: str
    query: dict[str, str]
    raw: bytes
    at: datetime
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """Read the JSON; refuse what is none."""
        try:
            body = json.loads(self.raw)
        except ValueError as error:
            raise Refusal(47001, "Warning: wrong json format.") from error
        if not isinstance(body, dict):
            raise Refusal(47001)
        return body

    @property
    def errcode(self) -> int | None:
        return self.answer.get("errcode")


@dataclass
class Post:
    """What one member or one group was given.

    `by` is the agent, the webhook's key, or the robot; `to` a user id in small letters
    or the id of a chat.
    """

    by: int | str
    to: str
    msgtype: str
    content: dict[str, Any]
    msgid: str
    at: datetime
    recalled: bool = False

    @property
    def text(self) -> str:
        """Give the words of a text or markdown message, "" of another."""
        return str(self.content.get("content", ""))
