"""Telegram's updates as they look on the wire, with the entities that it would mark."""

import re
from itertools import count
from typing import Any

BOT = {"id": 7, "is_bot": True, "first_name": "助手", "username": "plan_test_bot"}
LI = {"id": 4711, "is_bot": False, "first_name": "李"}
WANG = {"id": 4712, "is_bot": False, "first_name": "王", "username": "wang"}
OTHER_BOT = {"id": 8, "is_bot": True, "first_name": "别的", "username": "other_bot"}
ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
GROUP = {"id": -100_1, "type": "supergroup", "title": "联络员群"}
FORUM = {"id": -100_2, "type": "supergroup", "title": "论坛", "is_forum": True}
OLD_GROUP = {"id": -55, "type": "group", "title": "老群"}
DATE = 1_795_000_000

_numbers = count(1)
_MARKS = re.compile(
    r"(?P<bot_command>/\w+(?:@\w+)?)|(?P<mention>(?<!\w)@[A-Za-z]\w+)", re.A
)


def private(person: dict[str, Any]) -> dict[str, Any]:
    return {"id": person["id"], "type": "private", "first_name": person["first_name"]}


def update(**kind: Any) -> dict[str, Any]:
    return {"update_id": next(_numbers), **kind}


def entities(text: str) -> list[dict[str, Any]]:
    return [
        {
            "type": found.lastgroup,
            "offset": _units(text[: found.start()]),
            "length": _units(found.group()),
        }
        for found in _MARKS.finditer(text)
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def body(
    text: str = "",
    *,
    sender: dict[str, Any] = LI,
    chat: dict[str, Any] | None = None,
    thread: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    message: dict[str, Any] = {
        "message_id": next(_numbers),
        "date": DATE,
        "from": sender,
        "chat": chat or private(sender),
        **more,
    }
    if text:
        message |= {"text": text, "entities": entities(text)}
    if thread:
        opened = {"name": "半年报", "icon_color": 7322096}
        message |= {"message_thread_id": thread, "is_topic_message": True}
        message.setdefault(
            "reply_to_message",
            body(chat=chat, sender=sender, forum_topic_created=opened)
            | {"message_id": thread},
        )
    return message


def said(text: str = "", **more: Any) -> dict[str, Any]:
    return update(message=body(text, **more))


def edited(text: str, **more: Any) -> dict[str, Any]:
    return update(edited_message=body(text, edit_date=DATE + 9, **more))


def answer_to_bot(text: str, *, about: int = 88, **more: Any) -> dict[str, Any]:
    spoken = body("提示", sender=BOT, chat=more.get("chat") or private(LI))
    spoken["message_id"] = about
    return said(text, reply_to_message=spoken, **more)


def pressed(
    data: str,
    *,
    sender: dict[str, Any] = LI,
    about: int = 88,
    keys: list[list[dict[str, str]]] | None = None,
    press: str = "",
    **more: Any,
) -> dict[str, Any]:
    under = body("请选择：", **({"chat": private(sender)} | more | {"sender": BOT}))
    under["message_id"] = about
    rows = keys or [[{"text": "是", "callback_data": data}]]
    under["reply_markup"] = {"inline_keyboard": rows}
    return update(
        callback_query={
            "id": press or str(9_000_000 + next(_numbers)),
            "from": sender,
            "chat_instance": "1",
            "message": under,
            "data": data,
        }
    )


def membership(
    before: dict[str, Any], after: dict[str, Any], *, chat: dict[str, Any], by: Any = LI
) -> dict[str, Any]:
    return update(
        my_chat_member={
            "chat": chat,
            "from": by,
            "date": DATE,
            "old_chat_member": {"user": BOT, **before},
            "new_chat_member": {"user": BOT, **after},
        }
    )


def migration(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    """Both messages by which Telegram tells that a group has another number."""
    return [
        said(chat=old, migrate_to_chat_id=new["id"]),
        said(
            chat=new,
            sender=ANONYMOUS,
            sender_chat=new,
            migrate_from_chat_id=old["id"],
        ),
    ]
