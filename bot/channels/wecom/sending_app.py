"""Sends what the outbox hands over: one call of the app, and a remedy where certain."""

import hashlib
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from bot.channels.wecom.api import Api, read_file
from bot.channels.wecom.call import CARD, SEND, UPDATE, Call
from bot.channels.wecom.cards import plain_text
from bot.channels.wecom.errors import ApiError, Kind, NoAnswer, delivery_error
from bot.errors import DeliveryError, NotSent, Refused, Unanswered

log = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
"""People that one call may be for."""

_RECALL = "/cgi-bin/message/recall"
_ANSWER = "letter:"  # how the salt of answers begins: they are never taken back
_MOST_KEPT = 10_000
_MOST_PICTURE = 10 * 1024 * 1024  # bytes; larger ones go as files
_USER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}")
_NOT_ITS_FAULT = frozenset(
    {Kind.BUSY, Kind.TOKEN, Kind.STOPPED, Kind.TOO_OFTEN, Kind.PERSON, Kind.RIGHTS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCard:
    """A card as it went out: what WeCom knows it by, and to whom it went."""

    task_id: str
    message_id: str
    response_code: str = field(repr=False)
    addresses: tuple[str, ...]
    sent_at: datetime


class CardStore(Protocol):
    """Where cards are kept, so that one that was not pressed can be taken back."""

    async def keep(self, card: SentCard) -> None:
        """Keep a card that was sent; one that is kept stays as it is."""

    async def find(self, task_id: str) -> SentCard | None:
        """Return a card, None if it is not known."""

    async def spend(self, task_id: str) -> None:
        """Note that the code of a card is used up."""

    async def was_tried(self, address: str, request: str) -> bool:
        """Tell whether a try before the one under way may have been taken."""


class CardsInMemory:
    """A CardStore for a process that is alone; it knows the last 10,000."""

    def __init__(self) -> None:
        """Begin empty."""
        self._cards: dict[str, SentCard] = {}

    async def keep(self, card: SentCard) -> None:
        """Keep a card."""
        self._cards.setdefault(card.task_id, card)
        _forget_oldest(self._cards)

    async def find(self, task_id: str) -> SentCard | None:
        """Return a card."""
        return self._cards.get(task_id)

    async def spend(self, task_id: str) -> None:
        """Note that the code of a card is used up."""
        self._cards[task_id] = replace(self._cards[task_id], response_code="")

    async def was_tried(self, address: str, request: str) -> bool:
        """Know nothing of tries: the process itself remembers its own."""
        return False


class Sender:
    """Makes the calls of deliveries.

    A call is made again only in another shape, and only if WeCom has refused it in the
    former: a card that is not taken goes as plain text, one whose code is used up or
    too old as a new message.
    """

    def __init__(
        self,
        api: Api,
        *,
        agent_id: int,
        clock: Callable[[], datetime],
        cards: CardStore | None = None,
    ) -> None:
        """Send through *api*, in the name of the app with *agent_id*."""
        self._api, self._agent_id, self._clock = api, agent_id, clock
        self._cards = cards or CardsInMemory()
        self._unsure: dict[str, None] = {}  # codes of which no answer has come
        self._media: dict[str, str] = {}  # so that a copy of a file's call is a copy

    async def send(self, address: str, request: str) -> str:
        """Deliver a request; returns the id of the message, "" for a mere mark.

        Raises NotSent, Refused or Unanswered; no other error, and none with a secret.
        """
        call = Call.decode(request)
        if call.recall:
            await self.recall(call.recall)
            return ""
        told = await self._make(call, [address], request=request)
        outcome = told[address]
        if isinstance(outcome, DeliveryError):
            raise outcome
        return outcome

    async def send_many(
        self, addresses: Sequence[str], request: str
    ) -> Mapping[str, str | DeliveryError]:
        """Deliver a request to many, as `Batching` says."""
        if not 0 < len(addresses) <= MOST_AT_ONCE:
            raise ValueError(f"1 to {MOST_AT_ONCE} people at once")
        call = Call.decode(request)
        if call.recall:
            await self.recall(call.recall)
            return dict.fromkeys(addresses, "")
        if call.code or call.card:
            raise Refused("a card is updated for one who has it")
        return await self._make(call, list(dict.fromkeys(addresses)), request=request)

    async def recall(self, message: str) -> None:
        """Take back a message; raises Refused if it cannot be."""
        if message.startswith(CARD):
            card = await self._cards.find(message)
            if card is None:
                raise Refused("the card is not known any more")
            message = card.message_id
        try:
            await self._api.post(_RECALL, {"msgid": message})
        except Exception as error:
            failure = delivery_error(error)
        else:
            return
        raise failure

    async def _make(
        self, call: Call, addresses: list[str], *, request: str
    ) -> dict[str, str | DeliveryError]:
        strange = [one for one in addresses if not _USER.fullmatch(one)]
        known = [one for one in addresses if one not in strange]
        found: dict[str, str | DeliveryError] = {
            one: Refused("this is no id of a member", gone=True) for one in strange
        }
        if not known:
            return found
        try:
            if call.code or call.card:
                told = await self._update(call, known[0], request=request)
            else:
                told = await self._deliver(call, known)
        except Exception as error:
            failure = delivery_error(error)
        else:
            return found | told
        raise failure  # here, so that it drags no context along

    async def _deliver(
        self, call: Call, addresses: list[str]
    ) -> dict[str, str | DeliveryError]:
        body = await self._body(call)
        if body["msgtype"] != "template_card":
            return await self._post(call, body, addresses)
        card = body["template_card"]
        for salt in (call.salt, f"{call.salt}:again"):
            task_id = _task_id(card, addresses, salt=salt)
            new = {**body, "template_card": {**card, "task_id": task_id}}
            try:
                return await self._post(call, new, addresses)
            except ApiError as error:
                if error.kind is Kind.SHAPE:
                    break
                if error.kind is not Kind.CARD:
                    raise
        plain = {"msgtype": "text", "text": {"content": plain_text(card)}}
        return await self._post(call, plain, addresses)

    async def _post(
        self, call: Call, body: Mapping[str, Any], addresses: list[str]
    ) -> dict[str, str | DeliveryError]:
        """Send a message; tells of each person what became of it."""
        whole = {
            "touser": "|".join(addresses),
            "agentid": self._agent_id,
            **body,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": call.interval,
        }
        answer = await self._api.post(SEND, whole)
        task_id = str(body.get("template_card", {}).get("task_id", ""))
        id_ = task_id or str(answer.get("msgid") or "")
        if task_id and not call.salt.startswith(_ANSWER):
            await self._keep_card(answer, task_id, addresses)
        return {one: _outcome(one, answer) or id_ for one in addresses}

    async def _keep_card(
        self, answer: Mapping[str, Any], task_id: str, addresses: list[str]
    ) -> None:
        card = SentCard(
            task_id=task_id,
            message_id=str(answer.get("msgid") or ""),
            response_code=str(answer.get("response_code") or ""),
            addresses=tuple(addresses),
            sent_at=self._clock(),
        )
        try:
            await self._cards.keep(card)
        except Exception as error:  # the card is out: it counts as sent all the same
            log.warning("%s is not kept: %s", task_id, type(error).__name__)

    async def _update(
        self, call: Call, address: str, *, request: str
    ) -> dict[str, str | DeliveryError]:
        """Update a card; if it cannot be any more, say it anew.

        A code is good once, and only this call ever uses it. So if it is used up after
        a try of which no answer came, that try has done it.
        """
        code = call.code or await self._code_of(call.card)
        if not code:
            return await self._say_anew(call, address)
        whole = {
            "userids": [address],
            "agentid": self._agent_id,
            "response_code": code,
            **call.body,
        }
        try:
            await self._api.post(UPDATE, whole)
        except (NoAnswer, Unanswered):
            self._note_unsure(code)
            raise
        except ApiError as error:
            if error.kind is Kind.BUSY:  # who knows what it did before it said so
                self._note_unsure(code)
                raise NoAnswer(str(error)) from None
            if error.kind in _NOT_ITS_FAULT:
                raise
            if not await self._was_tried(code, address, request):
                return await self._say_anew(call, address)
        if not call.code:
            await self._cards.spend(call.card)
        return {address: call.card}

    async def _code_of(self, task_id: str) -> str:
        """Return the code of a card that was not pressed, "" if it is used up."""
        card = await self._cards.find(task_id)
        return card.response_code if card else ""

    async def _was_tried(self, code: str, address: str, request: str) -> bool:
        if code in self._unsure:
            return True
        return await self._cards.was_tried(address, request)

    async def _say_anew(
        self, call: Call, address: str
    ) -> dict[str, str | DeliveryError]:
        if not call.otherwise:
            return {address: call.card}
        anew = Call(body=call.otherwise, interval=call.interval, salt=call.salt)
        return await self._deliver(anew, [address])

    def _note_unsure(self, code: str) -> None:
        self._unsure[code] = None
        _forget_oldest(self._unsure)

    async def _body(self, call: Call) -> dict[str, Any]:
        """Return what is sent; a file is handed over first, once."""
        if not call.file and "msgtype" not in call.body:
            raise Refused("this is no request of a WeCom app")
        if not call.file:
            return dict(call.body)
        key = f"{call.file}:{call.salt}"
        kind = call.file_kind
        if key not in self._media:
            kind, media = await hand_over(
                self._api, call.file, kind=kind, name=call.file_name
            )
            self._media[key] = f"{kind}:{media}"
            _forget_oldest(self._media)
        kind, _, media = self._media[key].partition(":")
        return {"msgtype": kind, kind: {"media_id": media}}


async def hand_over(api: Api, path: str, *, kind: str, name: str) -> tuple[str, str]:
    """Hand a file over; returns as what kind WeCom has it, and its media id.

    Whatever fails here, no message went out. A picture that is too large is a file.
    """
    content = await read_file(path)
    kind = "file" if len(content) > _MOST_PICTURE else kind
    try:
        return kind, await api.upload(kind=kind, name=name, content=content)
    except NoAnswer as error:
        failure = NotSent(f"the file was not taken: {error}")
    raise failure


def _outcome(address: str, answer: Mapping[str, Any]) -> DeliveryError | None:
    """Return what went wrong for one person; WeCom writes ids in small letters."""
    if address.lower() in _listed(answer, "invaliduser"):
        return Refused("ApiError: 60111: not to be reached by this app", gone=True)
    if address.lower() in _listed(answer, "unlicenseduser"):
        return Refused("the person has no licence for this app", gone=True)
    return None


def _listed(answer: Mapping[str, Any], name: str) -> set[str]:
    value = answer.get(name)
    return set(value.lower().split("|")) if isinstance(value, str) else set()


def _task_id(card: Mapping[str, Any], addresses: list[str], *, salt: str) -> str:
    """Name a card: equal for a copy of it, and for nothing else."""
    parts = [repr(sorted(card.items())), *addresses, salt]
    return CARD + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _forget_oldest(kept: dict[str, Any]) -> None:
    while len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]
