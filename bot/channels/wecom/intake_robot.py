"""What comes to the robot, as messages of the house; pure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct, field

from bot.channels.texts import sound
from bot.channels.wecom.cards import words_of_press
from bot.channels.wecom.robot_words import words_for
from bot.channels.wecom.tickets import Press, Ticket, TicketKind
from bot.messages import Attachment, Event, Incoming, Place

_FILES = {"image": "图片.jpg", "file": "文件", "video": "视频.mp4"}


class Text(Struct):
    """Words; of a voice message those that WeCom made out."""

    content: str = ""


class Media(Struct):
    """A file that WeCom keeps for five minutes, under a key of its own."""

    url: str = ""
    aeskey: str = ""


class Quoted(Struct):
    """What may be said, and quoted."""

    msgtype: str = ""
    text: Text | None = None
    voice: Text | None = None
    image: Media | None = None
    file: Media | None = None
    video: Media | None = None
    mixed: "Mixed | None" = None


class Mixed(Struct):
    """Words and pictures, one after the other."""

    msg_item: list[Quoted] = []


class Sender(Struct):
    """Who speaks."""

    userid: str = ""


class Pressed(Struct):
    """A button of a card."""

    event_key: str = ""
    task_id: str = ""
    selected_items: Any = None


class Happening(Struct):
    """An event."""

    eventtype: str = ""
    template_card_event: Pressed | None = None


class Body(Quoted):
    """A message or an event."""

    msgid: str = ""
    chatid: str = ""
    chattype: str = ""
    sender: Sender = field(name="from", default_factory=Sender)
    create_time: int = 0
    event: Happening | None = None
    quote: Quoted | None = None
    response_url: str = ""


def read_body(
    raw: object, *, channel: str, bot_name: str, req_id: str, now: datetime
) -> Incoming | None:
    """Read a message or an event; None if it is nothing to us.

    *req_id* is by what WeCom knows an answer to it; where it gives an address for
    answers, that counts. Raises ValueError if it cannot be read.
    """
    try:
        body = msgspec.convert(raw, Body, strict=False)
        at = datetime.fromtimestamp(body.create_time, UTC) if body.create_time else now
    except (msgspec.ValidationError, OverflowError, OSError) as error:
        raise ValueError(str(error)) from None
    values = _happened(body, req_id) if body.event else _said(body, bot_name, req_id)
    if values is None or not body.sender.userid:
        return None
    return Incoming(
        channel=channel,
        product_id=_product_id(body),
        address=body.sender.userid.casefold(),
        chat=body.chatid if _in_group(body) else "",
        place=Place.GROUP if _in_group(body) else Place.DIRECT,
        at=at,
        **values,
    )


def kind_of(raw: object) -> tuple[object, object]:
    """Name the kind of a message, and that of an event, as they came."""
    body = raw if isinstance(raw, dict) else {}
    event = body.get("event")
    return body.get("msgtype"), event.get("eventtype") if isinstance(
        event, dict
    ) else ""


def _in_group(body: Body) -> bool:
    return bool(body.chatid) and body.chattype != "single"


def _product_id(body: Body) -> str:
    """Return by what a message is known when it comes twice."""
    if body.msgid:
        return f"bot:{body.msgid}"
    told = msgspec.json.encode(body)
    return f"bot:evt:{sha256(told).hexdigest()[:32]}"


def _ticket(body: Body, req_id: str, kind: TicketKind) -> str:
    if body.response_url:
        return str(Ticket(TicketKind.URL, body.response_url))
    return str(Ticket(kind, req_id)) if req_id else ""


def _said(body: Body, bot_name: str, req_id: str) -> dict[str, Any] | None:
    attachments = tuple(_attachments(body))
    known = body.text or body.voice or body.mixed or attachments
    if not known:
        return None
    in_group = _in_group(body)
    return {
        # No leader of a group is told, and any member may let a robot in: whether the
        # office lets him decide for the group is all that there is to ask.
        "by_group_admin": True if in_group else None,
        "text": words_for(words_of(body), bot_name=bot_name, in_group=in_group),
        "quote": words_of(body.quote) if body.quote else "",
        "attachments": attachments,
        "ticket": _ticket(body, req_id, TicketKind.MESSAGE),
    }


def words_of(said: Quoted) -> str:
    """Return the words of a message, those of a mixed one in lines."""
    items = said.mixed.msg_item if said.mixed else [said]
    words = (one.content for item in items for one in (item.text, item.voice) if one)
    return sound("\n".join(part for part in words if part.strip())).strip()


def _attachments(said: Quoted) -> Iterator[Attachment]:
    items = said.mixed.msg_item if said.mixed else [said]
    for item in items:
        for kind, name in _FILES.items():
            media: Media | None = getattr(item, kind)
            if media and media.url:
                at = f"{media.aeskey} {media.url}"
                yield Attachment(name=name, at=at, is_picture=kind == "image")


def _happened(body: Body, req_id: str) -> dict[str, Any] | None:
    event = body.event
    assert event
    if event.eventtype == "enter_chat":
        ticket = _ticket(body, req_id, TicketKind.WELCOME)
        return {"text": "", "event": Event.OPENED, "ticket": ticket}
    pressed = event.template_card_event
    if event.eventtype != "template_card_event" or pressed is None:
        return None
    press = Press(
        req_id=req_id,
        task_id=pressed.task_id,
        by=body.sender.userid,
        in_group=_in_group(body),
    )
    says, button = words_of_press(_option(pressed.selected_items) or pressed.event_key)
    return {
        "text": says,
        "button": button,
        "about": pressed.task_id,
        "press": str(press),
        "ticket": _ticket(body, "", TicketKind.MESSAGE),
    }


def _option(selected: Any) -> str:
    """Return what was chosen of the lists of a card, "" if nothing was."""
    while isinstance(selected, dict | list) and selected:
        if isinstance(selected, list):
            selected = selected[0]
        else:
            steps = ("selected_item", "option_ids", "option_id")
            selected = next((selected[one] for one in steps if one in selected), "")
    return selected if isinstance(selected, str) else ""
