"""webhook/send and webhook/upload_media: push robots of groups."""

import base64
import binascii
import hashlib
from itertools import count
from typing import Any

from platform_cards import NOTICES, check_card
from platform_clock import PlatformClock
from platform_corp import Corp, Webhook
from platform_rates import MINUTE, Penalties
from platform_refusal import Refusal, byte_length, field_of
from qyapi_calls import Call, Post
from qyapi_media import MEGABYTE, Media

_LONGEST = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}


class Webhooks:
    """What the groups were given by their push robots."""

    def __init__(self, corp: Corp, clock: PlatformClock) -> None:
        self.corp, self.clock = corp, clock
        self.media = Media(clock)
        self.posts: list[Post] = []
        self.rate = Penalties((20, MINUTE))
        self._numbers = count(1)
        self.routes = {
            "webhook/send": self.send,
            "webhook/upload_media": self.upload,
        }

    async def send(self, call: Call) -> dict[str, Any]:
        robot = self._robot(call)
        body = call.body
        content = self._content(body, robot)
        if not self.rate.allow(robot.key, now=self.clock()):
            raise Refusal(45009)
        number = f"hook-{next(self._numbers):08}"
        post = Post(
            robot.key, robot.chat, body["msgtype"], content, number, self.clock()
        )
        self.posts.append(post)
        return {}

    async def upload(self, call: Call) -> dict[str, Any]:
        robot = self._robot(call)
        if call.query.get("type") not in ("file", "voice"):
            raise Refusal(40004)
        return self.media.keep(call, owner=robot.key)

    def _robot(self, call: Call) -> Webhook:
        robot = self.corp.webhooks.get(call.query.get("key", ""))
        if robot is None:
            raise Refusal(93000)
        if robot.state:
            raise Refusal(robot.state)
        return robot

    def _content(self, body: dict[str, Any], robot: Webhook) -> dict[str, Any]:
        kind = body.get("msgtype")
        if kind == "template_card":
            return check_card(body.get(kind), kinds=NOTICES)
        if kind not in (*_LONGEST, "image", "news", "file", "voice"):
            raise Refusal(40008)
        content: dict[str, Any] = field_of(body, kind, dict)
        if kind in ("file", "voice"):
            self.media.find(field_of(content, "media_id"), owner=robot.key)
        elif kind == "image":
            _check_image(content)
        elif kind == "news":
            _check_news(content)
        else:
            _check_words(content, kind=kind)
        return content


def _check_words(content: dict[str, Any], *, kind: str) -> None:
    """Refuse words that are too long: nothing is cut here."""
    words = field_of(content, "content")
    if not words.strip():
        raise Refusal(44004)
    if byte_length(words) > _LONGEST[kind]:
        raise Refusal(40058, f"{kind}.content exceed max length {_LONGEST[kind]}")


def _check_image(image: dict[str, Any]) -> None:
    try:
        content = base64.b64decode(field_of(image, "base64"), validate=True)
    except binascii.Error as error:
        raise Refusal(40058, "image.base64") from error
    if len(content) > 2 * MEGABYTE:
        raise Refusal(40009, "image size")
    if hashlib.md5(content).hexdigest() != image.get("md5"):
        raise Refusal(40058, "image.md5")


def _check_news(news: dict[str, Any]) -> None:
    articles = field_of(news, "articles", list)
    if not 1 <= len(articles) <= 8:
        raise Refusal(40058, "articles: 1 to 8")
    for article in articles:
        if not article.get("title") or not article.get("url"):
            raise Refusal(40058, "article without title or url")
