"""What a member said to the app, or did with it, as the house hears it; pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels.wecom.cards import words_of_press
from bot.channels.wecom.xml import Fields, Unreadable, each, word
from bot.messages import Attachment, Event, Incoming

_LONGEST_ID = 200  # characters of a key, beyond which its end is told by a digest

ALERTS = frozenset({"inactive_alert", "close_inactive_agent", "reopen_inactive_agent"})
"""Events by which WeCom says that it switches the app off, or on again."""

_PRESSES = frozenset({"template_card_event", "template_card_menu_event"})
_MEDIA = {  # kind of message -> name where it brings none, and whether a picture
    "image": ("图片.jpg", True),
    "voice": ("语音.amr", False),
    "video": ("视频.mp4", False),
    "file": ("文件", False),
}
_WORDLESS = frozenset({"location", "link", "shortvideo", "emotion"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AppAlert:
    """WeCom says that the app is, or will be, switched off: an administrator must act.

    `kind` is the event, `at` when it takes effect.
    """

    kind: str
    at: datetime
    product_id: str


def read_message(
    fields: Fields, *, channel: str, corp_id: str, agent_id: int, now: datetime
) -> Incoming | AppAlert | None:
    """Read a decrypted callback; None for what does not concern us.

    Raises Unreadable if it is not for this app, or cannot be understood.
    """
    _check_receiver(fields, corp_id=corp_id, agent_id=agent_id)
    kind = word(fields, "MsgType").lower()
    if kind == "event":
        return _event(fields, channel=channel, now=now)
    return _said(fields, kind, channel=channel, now=now)


def _check_receiver(fields: Fields, *, corp_id: str, agent_id: int) -> None:
    if word(fields, "ToUserName") != corp_id:
        raise Unreadable("ToUserName")
    if word(fields, "AgentID") != str(agent_id):
        raise Unreadable("AgentID")


def _said(fields: Fields, kind: str, *, channel: str, now: datetime) -> Incoming | None:
    if kind not in {"text", *_MEDIA, *_WORDLESS}:
        return None
    number = word(fields, "MsgId")
    if not number:
        raise Unreadable("no MsgId")
    return Incoming(
        channel=channel,
        address=_person(fields),
        text=word(fields, "Content") if kind == "text" else "",
        at=_time(word(fields, "CreateTime"), now=now),
        product_id=_short(f"app:{number}"),
        attachments=_attachments(fields, kind),
    )


def _attachments(fields: Fields, kind: str) -> tuple[Attachment, ...]:
    media = word(fields, "MediaId")
    if kind not in _MEDIA or not media:
        return ()
    name, is_picture = _MEDIA[kind]
    name = word(fields, "FileName") or word(fields, "Title") or name
    return (Attachment(name=name, at=media, is_picture=is_picture),)


def _event(
    fields: Fields, *, channel: str, now: datetime
) -> Incoming | AppAlert | None:
    event = word(fields, "Event").lower()
    if event in ALERTS:
        at = word(fields, "EffectTime") or word(fields, "CreateTime")
        key = _event_key(fields, event)
        return AppAlert(kind=event, at=_time(at, now=now), product_id=key)
    happened = _happened(fields, event)
    if happened is None:
        return None
    return Incoming(
        channel=channel,
        address=_person(fields),
        at=_time(word(fields, "CreateTime"), now=now),
        product_id=_event_key(fields, event),
        **happened,
    )


def _happened(fields: Fields, event: str) -> dict[str, Any] | None:
    """Tell what an event means; None for those that mean nothing to us."""
    if event in ("subscribe", "enter_agent"):
        return {"text": "", "event": Event.OPENED}
    if event == "unsubscribe":
        return {"text": "", "event": Event.CLOSED}
    if event == "click" and word(fields, "EventKey"):
        return {"text": word(fields, "EventKey")}
    if event in _PRESSES:
        text, button = words_of_press(_pressed(fields))
        return {
            "text": text,
            "button": button,
            "about": word(fields, "TaskId"),
            "press": word(fields, "ResponseCode"),
        }
    return None


def _pressed(fields: Fields) -> str:
    """Return the key of the choice: of a list the option, else the button itself."""
    chosen = _chosen(fields)
    return chosen[0] if chosen else word(fields, "EventKey")


def _chosen(fields: Fields) -> list[str]:
    options = [
        option
        for item in each(fields, "SelectedItems", "SelectedItem")
        for option in each(item, "OptionIds", "OptionId")
    ]
    return [option for option in options if isinstance(option, str)]


def _event_key(fields: Mapping[str, Any], event: str) -> str:
    """Name an event: it has no id, and two presses may come within a second."""
    parts = [word(fields, "FromUserName"), word(fields, "CreateTime"), event]
    parts += [word(fields, "EventKey"), word(fields, "TaskId"), *_chosen(fields)]
    return _short("app:evt:" + "+".join(filter(None, parts)))


def _short(key: str) -> str:
    if len(key) <= _LONGEST_ID:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]
    return f"{key[: _LONGEST_ID - 33]}#{digest}"


def _person(fields: Fields) -> str:
    """Return who it was: WeCom's ids of people do not tell large from small letters."""
    person = word(fields, "FromUserName").strip().casefold()
    if not person:
        raise Unreadable("no FromUserName")
    return person


def _time(text: str, *, now: datetime) -> datetime:
    """Read seconds since 1970, UTC; what is none counts as now."""
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return now
