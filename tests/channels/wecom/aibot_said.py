"""What people say and do to a robot: the bodies of its callbacks, in both modes."""

from itertools import count
from typing import Any

from platform_clock import PlatformClock

BOT_ID = "aibFAKEbotOFtheTESTS"
BOT_NAME = "实施方案助手"

Body = dict[str, Any]


class Sayings:
    """Makes bodies; *chat* "" means that somebody talks to the robot alone."""

    def __init__(self, bot_id: str, clock: PlatformClock) -> None:
        self.bot_id, self.clock = bot_id, clock
        self._numbers = count(1)

    def new_msgid(self) -> str:
        return f"CAIQ{next(self._numbers):012}"

    def text(
        self, who: str, words: str, *, chat: str = "", quote: Body | None = None
    ) -> Body:
        """Say something; in a group the words carry "@name" as people see it."""
        body = {**self._head(who, chat), "msgtype": "text", "text": {"content": words}}
        return body if quote is None else {**body, "quote": quote}

    def mixed(self, who: str, *items: Body, chat: str = "") -> Body:
        return {
            **self._head(who, chat),
            "msgtype": "mixed",
            "mixed": {"msg_item": list(items)},
        }

    def media(self, who: str, kind: str, content: Body) -> Body:
        """Send an image, a voice, a file or a video: single chats only."""
        return {**self._head(who, ""), "msgtype": kind, kind: content}

    def event(self, who: str, kind: str, *, chat: str = "", **inner: Body) -> Body:
        return {
            **self._head(who, chat),
            "create_time": self.clock.seconds,
            "msgtype": "event",
            "event": {"eventtype": kind, **inner},
        }

    def click(
        self,
        who: str,
        key: str,
        *,
        task_id: str,
        chat: str = "",
        kind: str = "button_interaction",
        chosen: dict[str, list[str]] | None = None,
    ) -> Body:
        """Press a button of a card."""
        items = [
            {"question_key": question, "option_ids": {"option_id": options}}
            for question, options in (chosen or {}).items()
        ]
        pressed: Body = {"card_type": kind, "event_key": key, "task_id": task_id}
        if items:
            pressed["selected_items"] = {"selected_item": items}
        return self.event(
            who, "template_card_event", chat=chat, template_card_event=pressed
        )

    def feedback(self, who: str, feedback_id: str, *, kind: int = 1) -> Body:
        told = {
            "id": feedback_id,
            "type": kind,
            "content": "",
            "inaccurate_reason_list": [],
        }
        return self.event(who, "feedback_event", feedback_event=told)

    def _head(self, who: str, chat: str) -> Body:
        head: Body = {"msgid": self.new_msgid(), "aibotid": self.bot_id}
        if chat:
            head["chatid"] = chat
        kind = "group" if chat else "single"
        return {**head, "chattype": kind, "from": {"userid": who}}


def quoted_text(words: str) -> Body:
    """Quote a text: its content only, no id and no sender."""
    return {"msgtype": "text", "text": {"content": words}}


def text_item(words: str) -> Body:
    return {"msgtype": "text", "text": {"content": words}}


def image_item(url: str, aeskey: str) -> Body:
    return {"msgtype": "image", "image": {"url": url, "aeskey": aeskey}}
