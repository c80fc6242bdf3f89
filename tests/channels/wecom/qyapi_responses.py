"""response_url of the robot's callback mode: one late answer, within an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from platform_cards import check_card
from platform_clock import PlatformClock
from platform_refusal import Refusal, byte_length, field_of
from qyapi_calls import Call, Post

URL_LASTS = timedelta(hours=1)


@dataclass
class _Open:
    bot: str
    chat: str
    at: datetime


class Responses:
    """Addresses that were given out with callbacks, each for one call."""

    def __init__(self, clock: PlatformClock) -> None:
        self.clock = clock
        self.base_url = ""
        self.posts: list[Post] = []
        self._open: dict[str, _Open] = {}
        self._numbers = count(1)
        self.routes = {"aibot/response": self.respond}

    def new_url(self, *, bot: str, chat: str) -> str:
        code = f"resp-{next(self._numbers):08}"
        self._open[code] = _Open(bot, chat, self.clock())
        return f"{self.base_url}/cgi-bin/aibot/response?response_code={code}"

    async def respond(self, call: Call) -> dict[str, Any]:
        code = call.query.get("response_code", "")
        place = self._open.pop(code, None)
        if place is None or self.clock() - place.at > URL_LASTS:
            raise Refusal(40058, "response_code")
        body = call.body
        content = _content(body)
        post = Post(place.bot, place.chat, body["msgtype"], content, code, self.clock())
        self.posts.append(post)
        return {}


def _content(body: dict[str, Any]) -> dict[str, Any]:
    kind = body.get("msgtype")
    if kind == "template_card":
        return check_card(body.get(kind))
    if kind != "markdown":
        raise Refusal(40008)
    content: dict[str, Any] = field_of(body, kind, dict)
    if byte_length(field_of(content, "content")) > 20480:
        raise Refusal(40058, "markdown.content exceed max length 20480")
    return content
