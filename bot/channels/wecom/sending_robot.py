"""Sends what the outbox hands over to the robot's chats: as an answer, or unasked."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from typing import Any
from uuid import uuid4

from bot.channels.wecom.api import read_file
from bot.channels.wecom.cards import plain_text
from bot.channels.wecom.errors import A_MINUTE, ApiError, Kind, delivery_error
from bot.channels.wecom.growing import announced
from bot.channels.wecom.heard import Heard
from bot.channels.wecom.link import NO_SUCH_REQUEST, NOT_SUBSCRIBED, Link
from bot.channels.wecom.robot_call import Body, Call, markdown, with_task_id
from bot.channels.wecom.socket import SOON, Socket
from bot.channels.wecom.splitting import Dialect, escape
from bot.channels.wecom.tickets import Press, Ticket, TicketKind
from bot.channels.wecom.uploading import CHUNK, upload
from bot.errors import DeliveryError, NotSent

_NOT_HERE = frozenset({600039, 93006})
"""WeCom does not let us speak there unasked, or says so: we may still answer."""

_NO_ANSWER = frozenset({NO_SUCH_REQUEST, 846608, 600039})
"""It can no longer be answered so: we may still speak unasked."""

_NO_UPDATE = frozenset({NO_SUCH_REQUEST, *range(42014, 42021)})


class Sender:
    """Makes one request a message, and another only where the first was refused."""

    def __init__(self, socket: Socket, heard: Heard) -> None:
        """Send through *socket*, where it is known what was *heard*."""
        self._socket = socket
        self._heard = heard
        self._cards: dict[str, Body] = {}

    async def send(self, address: str, request: str) -> str:
        """Deliver a request; returns the task id of a card, else that of the request.

        Raises NotSent, Refused or Unanswered; no other error.
        """
        call = Call.decode(request)
        try:
            return await self._deliver(self._socket.link, address, call)
        except Exception as error:
            failure = _failure(error)
        raise failure  # here, so that it drags no context along

    async def _deliver(self, link: Link, address: str, call: Call) -> str:
        press = Press.read(call.press)
        if press and await self._update(link, call, press):
            return press.task_id
        if call.aside:
            return ""  # it was for a moment that has passed
        ticket = Ticket.read(call.ticket)
        body = await _with_file(link, call, ticket) if call.file else call.body
        try:
            return await self._say(link, address, body, ticket)
        except ApiError as error:
            card = body.get("template_card")
            if not card or error.kind not in (Kind.CARD, Kind.SHAPE):
                raise
        words = escape(plain_text(card), Dialect.SECOND)
        return await self._say(link, address, markdown(words), ticket)

    async def _update(self, link: Link, call: Call, press: Press) -> bool:
        """Change the card that was pressed; False if that cannot be done any more."""
        card = call.update
        if call.aside:
            card = _with_aside(self._cards.get(press.task_id), call.aside)
        if not card or not self._heard.is_fresh(press.req_id):
            return False
        card = card | {"task_id": press.task_id}
        body: Body = {"response_type": "update_template_card", "template_card": card}
        if call.aside:
            body["userids"] = [press.by]
        try:
            await link.ask("aibot_respond_update_msg", body, req_id=press.req_id)
        except ApiError as error:
            if error.code in _NO_UPDATE or error.kind is Kind.SHAPE:
                return False
            raise
        if not call.aside:
            self._remember(press.task_id, card)
        return True

    async def _say(
        self, link: Link, address: str, body: Body, ticket: Ticket | None
    ) -> str:
        """Answer if there is what to answer, else speak unasked; or the other way."""
        if ticket and ticket.kind is TicketKind.WELCOME:
            if await self._welcome(link, body, ticket.id):
                return ticket.id
            ticket = None
        if ticket and ticket.kind is TicketKind.MESSAGE:
            try:
                return await self._ask(link, "aibot_respond_msg", body, ticket.id)
            except ApiError as error:
                if error.code not in _NO_ANSWER:
                    raise
        try:
            whom = self._whom(address)
            return await self._ask(link, "aibot_send_msg", whom | body, uuid4().hex)
        except ApiError as error:
            refusal = error
        last = self._heard.last_of(address)
        if refusal.code in _NOT_HERE and last and (not ticket or ticket.id != last):
            with suppress(ApiError):
                return await self._ask(link, "aibot_respond_msg", body, last)
        raise refusal

    async def _welcome(self, link: Link, body: Body, req_id: str) -> bool:
        """Greet who opened the chat; False if that cannot be done any more."""
        if not self._heard.is_fresh(req_id):
            return False
        if words := body.get("markdown"):
            body = {"msgtype": "text", "text": words}
        try:
            await self._ask(link, "aibot_respond_welcome_msg", body, req_id)
        except ApiError as error:
            if error.code == NO_SUCH_REQUEST or error.kind is Kind.SHAPE:
                return False
            raise
        return True

    def _whom(self, address: str) -> Body:
        """Name a chat; where nobody knows whose it is, WeCom tries groups first."""
        in_group = self._heard.is_group(address)
        kind = {} if in_group is None else {"chat_type": 2 if in_group else 1}
        return {"chatid": address} | kind

    async def _ask(self, link: Link, cmd: str, body: Body, req_id: str) -> str:
        """Make a request; a card gets an id that no other ever had."""
        body, task_id = with_task_id(body)
        await link.ask(cmd, body, req_id=req_id)
        if task_id:
            self._remember(task_id, body["template_card"])
        return task_id or req_id

    def _remember(self, task_id: str, card: Mapping[str, Any]) -> None:
        self._cards.pop(task_id, None)
        self._cards[task_id] = dict(card)
        if len(self._cards) > 1000:
            del self._cards[next(iter(self._cards))]


async def _with_file(link: Link, call: Call, ticket: Ticket | None) -> Body:
    content = await read_file(call.file)
    kind = "image" if call.is_picture else "file"
    telling: AbstractAsyncContextManager[None] = nullcontext()
    if len(content) > CHUNK and ticket and ticket.kind is TicketKind.MESSAGE:
        telling = announced(link, ticket.id, name=call.file_name)
    async with telling:
        media_id = await upload(link, content, name=call.file_name, kind=kind)
    return {"msgtype": kind, kind: {"media_id": media_id}}


def _with_aside(card: Body | None, aside: str) -> Body:
    """Put words into a card; nothing if it is not known, for it must stay whole."""
    return card | {"quote_area": {"type": 0, "quote_text": aside}} if card else {}


def _failure(error: Exception) -> DeliveryError:
    """Tell what an error means here: a flood is one of a chat alone."""
    if isinstance(error, ApiError):
        if error.code in NOT_SUBSCRIBED:
            return NotSent(f"ApiError: {error}", retry_after=SOON, everywhere=True)
        if error.kind is Kind.TOO_OFTEN:
            return NotSent(f"ApiError: {error}", retry_after=A_MINUTE)
    return delivery_error(error)
