"""Sends what the outbox hands over: one call, and a remedy where it is certain."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated

from bot.channels.telegram.addresses import ChatAddress, is_press, read_address
from bot.channels.telegram.api import Api
from bot.channels.telegram.buttons import has_links, with_name
from bot.channels.telegram.call import Call
from bot.channels.telegram.errors import Floods, Reach, delivery_error, says
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.transport import Flooded
from bot.channels.telegram.write import DELETE, EDIT, as_plain
from bot.errors import NotSent, Refused

MOST_OUT = 50 * 1024 * 1024
"""Bytes of a file that goes out; of a picture 10 MB, larger ones go as documents."""

_MOST_PICTURE = 10 * 1024 * 1024
_REMEDIES = 3  # shapes that one call may need: as plain text, as a new message

Tell = Callable[[str, str, str], Awaitable[None]]
"""Hears that what goes to an address goes to another one, and in which message."""

_NO_TOPIC = ("thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")


class Sender:
    """Makes the calls of deliveries.

    A call is made again only in another shape, and only if Telegram has refused it in
    the former: a group that has moved, marks that it cannot read, a message that
    cannot be changed, a topic that was deleted.
    """

    def __init__(self, api: Api, presses: Presses, *, tell: Tell) -> None:
        """Send through *api*; *tell* hears of groups and topics that are no more."""
        self._api = api
        self._presses = presses
        self._tell = tell
        self._floods = Floods()
        self._moved: dict[int, int] = {}
        self._name = ""

    async def send(self, address: str, request: str) -> str:
        """Deliver a request; returns the number of the message, "" for a mere aside.

        Raises NotSent, Refused or Unanswered; no other error, and none with the token.
        """
        call, to = Call.decode(request), read_address(address)
        chat = self._moved.get(to.chat, to.chat)
        began = asyncio.get_running_loop().time()
        if call.press:
            self._presses.answer_soon(call.press, call.aside)
        try:
            message = await self._deliver(call, chat, to)
        except Exception as error:
            reach = Reach.CHAT
            if isinstance(error, Flooded) and not is_press(address):
                reach = self._reach_of(error, chat, began=began)
            failure = delivery_error(error, reach=reach)
        else:
            return message
        raise failure  # here, so that it drags no context along

    def _reach_of(self, flood: Flooded, chat: int, *, began: float) -> Reach:
        now = asyncio.get_running_loop().time()
        return self._floods.reach(chat, began=began, now=now, seconds=flood.seconds)

    async def _deliver(self, call: Call, chat: int, to: ChatAddress) -> str:
        if call.method == "answerCallbackQuery":
            return await self._say_aside(call)
        if call.method == DELETE:
            return await self._delete(call, to.chat)
        if call.is_spare:
            return await self._try(call, to.chat)
        if chat == to.chat:
            try:
                return await self._shape(call, chat, to)
            except ChatMigrated as error:
                chat = self._follow(to.chat, error.new_chat_id)
        return await self._elsewhere(call, chat, to)

    async def _elsewhere(self, call: Call, chat: int, to: ChatAddress) -> str:
        """Send where a group has gone; the house is told, and which message went there.

        Numbers of messages begin anew there: none is replaced, and none answered.
        """
        message = ""
        try:
            message = await self._shape(_without_numbers(call), chat, to)
        except ChatMigrated as error:
            raise Refused("the group has moved on") from error
        finally:
            await self._tell(str(to.chat), str(chat), message)
        return message

    async def _shape(self, call: Call, chat: int, to: ChatAddress) -> str:
        """Make a call, and make it again in such a shape as Telegram takes."""
        for _ in range(_REMEDIES):
            try:
                return await self._call(call, chat, to.thread)
            except BadRequest as error:
                if to.thread and call.method != EDIT and says(error, *_NO_TOPIC):
                    return await self._leave_topic(call, chat, to)
                if says(error, "message is not modified"):
                    return str(call.parameters["message_id"])
                call = _remedied(call, error)
        return await self._call(call, chat, to.thread)

    async def _leave_topic(self, call: Call, chat: int, topic: ChatAddress) -> str:
        """Say in General what was for a topic that takes nothing any more.

        It answers no message there: it would go where that one is.
        """
        call = _without(call, "reply_parameters")
        message = await self._shape(call, chat, ChatAddress(topic.chat))
        await self._tell(str(topic), str(topic.chat), message)
        return message

    async def _call(self, call: Call, chat: int, thread: int | None) -> str:
        parameters = dict(call.parameters)
        method = call.method
        if has_links(parameters.get("reply_markup")):
            name = await self._own_name()
            parameters["reply_markup"] = with_name(parameters["reply_markup"], name)
        if call.file:
            method, parameters = await _with_file(call)
        if thread and method != EDIT:
            parameters["message_thread_id"] = thread
        result = await self._api.call(method, chat_id=chat, **parameters)
        return str(result["message_id"])

    async def _delete(self, call: Call, chat: int) -> str:
        """Delete a message; where a group has gone its number is another one's."""
        try:
            await self._api.call(call.method, chat_id=chat, **call.parameters)
        except ChatMigrated as error:
            raise Refused("the group has moved since") from error
        return ""

    async def _try(self, call: Call, chat: int) -> str:
        """Make a call in this shape or not at all; "" if it may not have been taken.

        Raises only what makes all else wait, too: then it is made when that ends.
        """
        try:
            return await self._call(call, chat, None)
        except Exception as error:
            if isinstance(delivery_error(error), NotSent):
                raise
            return ""

    async def _own_name(self) -> str:
        """Return the bot's username, which Telegram is asked for once.

        Raises NotSent if it does not say: nothing has been sent yet.
        """
        if not self._name:
            try:
                self._name = str((await self._api.call("getMe"))["username"])
            except Exception as error:
                failure = delivery_error(error)
            else:
                return self._name
            raise NotSent(f"the bot's name is not known: {failure}")
        return self._name

    async def _say_aside(self, call: Call) -> str:
        press = str(call.parameters.get("callback_query_id", ""))
        if not self._presses.claim(press):
            return ""
        try:
            with suppress(BadRequest):  # it is too old, which changes nothing
                await self._api.call(call.method, **call.parameters)
        except Exception as error:
            if isinstance(delivery_error(error), NotSent):
                self._presses.give_back(press)
            raise
        return ""

    def _follow(self, old: int, new: int) -> int:
        """Remember where a group has gone: what is for its old number goes there."""
        if len(self._moved) >= 10_000:
            self._moved.clear()
        self._moved[old] = new
        return new


def _remedied(call: Call, error: BadRequest) -> Call:
    """Return the call in a shape that Telegram may take; raises *error* if none is."""
    marks = ("can't parse entities", "message is too long")
    if says(error, *marks) and "parse_mode" in call.parameters:
        return msgspec.structs.replace(call, parameters=as_plain(call.parameters))
    if call.file_field == "photo" and says(error, "photo_", "image_process_failed"):
        return msgspec.structs.replace(call, file_field="document")
    is_edit = call.method == EDIT
    unchangeable = ("message to edit not found", "can't be edited", "no text in the")
    if is_edit and says(error, *unchangeable, "message_id_invalid"):
        return _anew(call)
    raise error


def _anew(call: Call) -> Call:
    """Return the call that sends as a message of its own what replaces another."""
    return msgspec.structs.replace(_without(call, "message_id"), method="sendMessage")


def _without_numbers(call: Call) -> Call:
    """Return a call that refers to no message of the chat."""
    return _anew(call) if call.method == EDIT else _without(call, "reply_parameters")


def _without(call: Call, name: str) -> Call:
    rest = {k: v for k, v in call.parameters.items() if k != name}
    return msgspec.structs.replace(call, parameters=rest)


async def _with_file(call: Call) -> tuple[str, dict[str, Any]]:
    """Return method and parameters of a call with its file read from the disk."""
    content = await asyncio.to_thread(_read, Path(call.file))
    field = call.file_field
    if field == "photo" and len(content) > _MOST_PICTURE:
        field = "document"
    file = InputFile(content, filename=call.file_name, attach=True)
    return f"send{field.capitalize()}", dict(call.parameters) | {field: file}


def _read(file: Path) -> bytes:
    """Read a file that is to go out; raises Refused if it is gone or too large."""
    try:
        if file.stat().st_size > MOST_OUT:
            raise Refused("the file is larger than 50 MB")
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"the file cannot be read: {type(error).__name__}") from None
