"""What a robot may answer and push, for how long, and in which form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aibot_said import Body
from openws_faults import Frame
from openws_posts import Posts
from openws_uploads import MEDIA_KINDS, Uploads
from platform_cards import check_card
from platform_clock import PlatformClock
from platform_refusal import Refusal, byte_length, field_of
from qyapi_calls import Post

ANSWER_LASTS = timedelta(hours=24)
EVENT_LASTS = timedelta(seconds=5)
STREAM_LASTS = timedelta(minutes=6)
LONGEST = 20480

Command = Callable[[Frame], dict[str, Any]]


@dataclass
class Open:
    """A callback that may be answered; `kind` is "message" or the event's type."""

    kind: str
    chat: str
    body: Body
    at: datetime
    is_spent: bool = False


@dataclass
class Stream:
    """A message that grows; it may be shown anew until six minutes are over."""

    post: Post
    began: datetime


class Replies:
    """The commands that show something in a chat."""

    def __init__(self, posts: Posts, uploads: Uploads, clock: PlatformClock) -> None:
        self.posts, self.uploads, self.clock = posts, uploads, clock
        self._open: dict[str, Open] = {}
        self._streams: dict[tuple[str, str], Stream] = {}
        self.commands: dict[str, Command] = {
            "aibot_respond_msg": self.respond,
            "aibot_respond_welcome_msg": self.welcome,
            "aibot_respond_update_msg": self.update,
            "aibot_send_msg": self.send,
        }

    def await_answer(self, req_id: str, body: Body) -> None:
        """Remember a callback, so that its req_id may be used."""
        kind = "message"
        if body["msgtype"] == "event":
            kind = body["event"]["eventtype"]
        chat = self.posts.chat_of(body)
        self._open[req_id] = Open(kind, chat, body, self.clock())

    def respond(self, frame: Frame) -> dict[str, Any]:
        asked = self._asked(frame, kind="message", lasts=ANSWER_LASTS)
        kind = frame.body.get("msgtype")
        if kind == "stream":
            self._stream(frame, asked.chat)
        else:
            self.posts.put(asked.chat, str(kind), self._content(frame.body))
        return {}

    def welcome(self, frame: Frame) -> dict[str, Any]:
        asked = self._asked(frame, kind="enter_chat", lasts=EVENT_LASTS)
        if asked.is_spent:
            raise Refusal(846605)
        kind = frame.body.get("msgtype")
        if kind == "text":
            content = field_of(frame.body, "text", dict)
            _check_words(content, kind="text")
        elif kind == "template_card":
            content = self.posts.check_card(frame.body.get(kind))
        else:
            raise Refusal(40008)
        self.posts.put(asked.chat, kind, content)
        asked.is_spent = True
        return {}

    def update(self, frame: Frame) -> dict[str, Any]:
        asked = self._asked(frame, kind="template_card_event", lasts=EVENT_LASTS)
        if asked.is_spent:
            raise Refusal(846605)
        if frame.body.get("response_type") != "update_template_card":
            raise Refusal(40058, "response_type")
        card = check_card(frame.body.get("template_card"))
        pressed = asked.body["event"]["template_card_event"]["task_id"]
        if card.get("task_id") != pressed:
            raise Refusal(42016)
        self.posts.change_card(card, frame.body.get("userids") or [])
        asked.is_spent = True
        return {}

    def send(self, frame: Frame) -> dict[str, Any]:
        chat = self.posts.address(frame.body)
        kind = str(frame.body.get("msgtype"))
        self.posts.put(chat, kind, self._content(frame.body))
        return {}

    def _asked(self, frame: Frame, *, kind: str, lasts: timedelta) -> Open:
        """Return what a req_id answers; refuse a strange, wrong or late one."""
        asked = self._open.get(frame.req_id)
        if asked is None or asked.kind != kind or self.clock() - asked.at > lasts:
            raise Refusal(846605)
        return asked

    def _content(self, body: Body) -> dict[str, Any]:
        kind = body.get("msgtype")
        if kind == "markdown":
            content: dict[str, Any] = field_of(body, kind, dict)
            _check_words(content, kind=kind)
            return content
        if kind == "template_card":
            return self.posts.check_card(body.get(kind))
        if kind in MEDIA_KINDS:
            content = field_of(body, kind, dict)
            self.uploads.find(field_of(content, "media_id"), kind=kind)
            return content
        raise Refusal(40008)

    def _stream(self, frame: Frame, chat: str) -> None:
        stream = field_of(frame.body, "stream", dict)
        number = field_of(stream, "id")
        if "msg_item" in stream:
            raise Refusal(40058, "msg_item")
        _check_words(stream, kind="stream", may_be_empty=True)
        key = (frame.req_id, number)
        begun = self._streams.get(key)
        if begun is None:
            post = self.posts.put(chat, "stream", dict(stream))
            self._streams[key] = Stream(post, self.clock())
            return
        is_late = self.clock() - begun.began > STREAM_LASTS
        if is_late or begun.post.content.get("finish"):
            raise Refusal(846608)
        begun.post.content = dict(stream)


def _check_words(
    content: dict[str, Any], *, kind: str, may_be_empty: bool = False
) -> None:
    words = field_of(content, "content")
    if not words.strip() and not may_be_empty:
        raise Refusal(44004)
    if byte_length(words) > LONGEST:
        raise Refusal(40058, f"{kind}.content exceed max length {LONGEST}")
