"""What the mail keeps of somebody who left or is erased: that it came and went."""

import json
import re
from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Text,
    and_,
    cast,
    exists,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.messages import Incoming, Reply
from bot.model import Delivery, DeliveryStatus, Letter, LetterStatus, Notice, Request

_NAMING = ("asked", "decided", "office", "report")
"""Kinds of notices in which people are named."""
_CALLED = re.compile(r'(?<="mentioned_list":)\[[^\]]*\]')


async def addresses_told(
    session: AsyncSession, person_id: int
) -> list[tuple[str, str]]:
    """List the lanes and addresses at which a person was told notices."""
    query = select(Delivery.lane, Delivery.address).distinct()
    query = query.where(Delivery.person_id == person_id, Delivery.address != "")
    return [(lane, address) for lane, address in await session.execute(query)]


async def call_off(session: AsyncSession, person_id: int, *, by: str) -> None:
    """Have nobody telephone a person any more about what did not reach him."""
    await session.execute(
        update(Delivery)
        .where(
            Delivery.person_id == person_id,
            Delivery.status == DeliveryStatus.FAILED,
            Delivery.called_by == "",
        )
        .values(called_by=by)
        .execution_options(synchronize_session=False)
    )


async def erase_mail(
    session: AsyncSession,
    person_id: int,
    addresses: Collection[tuple[str, str]],
    *,
    by: str,
    at: datetime,
) -> int:
    """Blank what a person wrote, and where he was answered; returns how many letters.

    What was said to many stays, without his address; nothing more goes out to him.
    """
    recipient = f"person:{person_id}"
    count = 0
    for channel, address in addresses:
        count += await _blank_letters(session, channel, address, recipient, at=at)
        await _blank_deliveries(
            session,
            and_(
                Delivery.lane == channel,
                or_(
                    Delivery.address == address,
                    Delivery.address.startswith(f"{address}/", autoescape=True),
                ),
            ),
            recipient=recipient,
            by=by,
            at=at,
        )
    of_his = or_(Delivery.person_id == person_id, Delivery.recipient == recipient)
    await _blank_deliveries(session, of_his, recipient=recipient, by=by, at=at)
    await _blank_requests(session, recipient)
    return count


async def _blank_letters(
    session: AsyncSession, channel: str, address: str, recipient: str, *, at: datetime
) -> int:
    """Blank the letters from an address, said in private or in a group."""
    count = 0
    for letter in await _letters_from(session, channel, address):
        incoming = letter.incoming
        in_private = letter.chat == address or letter.chat.startswith(f"{address}/")
        if not in_private and (incoming is None or incoming.address != address):
            continue  # it is somebody else's, and only speaks of him
        if in_private:
            letter.chat = f"erased:{recipient}"
        at_then = incoming.at if incoming else letter.received_at
        letter.incoming = Incoming(channel=channel, address="", text="", at=at_then)
        letter.raw = letter.error = ""
        if letter.status in (LetterStatus.WAITING, LetterStatus.DEAD):
            letter.status, letter.settled_at = LetterStatus.IGNORED, at
        count += 1
    await session.flush()
    return count


async def _letters_from(
    session: AsyncSession, channel: str, address: str
) -> Sequence[Letter]:
    """List the letters of a conversation, and those that name the address inside."""
    query = select(Letter).where(
        Letter.channel == channel,
        or_(
            Letter.chat == address,
            Letter.chat.startswith(f"{address}/", autoescape=True),
            cast(Letter.incoming, Text).contains(f'"{address}"', autoescape=True),
        ),
    )
    return (await session.scalars(query)).all()


async def _blank_deliveries(
    session: AsyncSession,
    which: ColumnElement[bool],
    *,
    recipient: str,
    by: str,
    at: datetime,
) -> None:
    """Forget the address of deliveries; those that are not over are."""
    under_way = (DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.UNKNOWN)
    blank = {"address": "", "remote_id": "", "error": "", "recipient": recipient}
    for condition, values in (
        (
            Delivery.status.in_(under_way),
            {"status": DeliveryStatus.CANCELLED, "settled_at": at},
        ),
        (Delivery.status == DeliveryStatus.FAILED, {"called_by": by}),
        (true(), blank),
    ):
        await session.execute(
            update(Delivery)
            .where(which, condition)
            .values(values)
            .execution_options(synchronize_session=False)
        )


async def forget_mentions(
    session: AsyncSession, words: Collection[str], *, of: str, by: str
) -> None:
    """Put *by* for a name and a telephone number in what the office was told.

    Only in answers, and in notices of those kinds which name people; and only where
    they speak of *of*, the department: others of that name are meant elsewhere.
    """
    query = select(Notice).where(Notice.kind.in_(_NAMING))
    for notice in await session.scalars(query):
        told = msgspec.json.encode(notice.body).decode()
        if of not in told or not any(word in told for word in words):
            continue
        notice.body = msgspec.json.decode(_without(told, words, by), type=Reply)
        sent = select(Request).where(
            Request.id.in_(
                select(Delivery.request_id).where(Delivery.notice_id == notice.id)
            )
        )
        for request in await session.scalars(sent):
            _forget_in(request, words, by)
    answers = select(Request).where(
        Request.id.in_(select(Delivery.request_id).where(Delivery.notice_id.is_(None))),
        _has_one_of(Request.text, words),
        _has_one_of(Request.text, [of]),
    )
    for request in await session.scalars(answers):
        _forget_in(request, words, by)
    await session.flush()


async def forget_calls(session: AsyncSession, addresses: Collection[str]) -> None:
    """Call nobody at *addresses* in what groups were told, sent or not."""
    if not addresses:
        return
    named = _has_one_of(cast(Notice.body, Text), [f'"{one}"' for one in addresses])
    for notice in await session.scalars(select(Notice).where(named)):
        others = [one for one in notice.body.mentions if one.address not in addresses]
        if len(others) == len(notice.body.mentions):
            continue  # the address only stands among the words
        notice.body = replace(notice.body, mentions=tuple(others))
        of_it = select(Delivery.request_id).where(Delivery.notice_id == notice.id)
        for request in await session.scalars(
            select(Request).where(Request.id.in_(of_it))
        ):
            request.text = _uncalled(request.text, addresses)
            request.digest = f"erased:{request.id}"
    await session.flush()


def _uncalled(request: str, addresses: Collection[str]) -> str:
    """Take addresses out of where a request calls people, and never out of words."""
    those = "|".join(map(re.escape, addresses))
    listed = re.compile(rf'"(?:{those})"')
    linked = re.compile(rf'(?<=<a href=\\"tg://user\?id=)(?:{those})(?=\\")')
    return _CALLED.sub(
        lambda found: listed.sub('"0"', found[0]), linked.sub("0", request)
    )


async def forget_in_letters(
    session: AsyncSession, words: Collection[str], *, by: str
) -> None:
    """Put *by* for what names somebody in the letters of others.

    In one that waits, too: its answer would name him again.
    """
    named = _has_one_of(cast(Letter.incoming, Text), words)
    query = select(Letter).where(or_(named, _has_one_of(Letter.raw, words)))
    for letter in await session.scalars(query):
        letter.raw = _without(letter.raw, words, by)
        if letter.incoming:
            letter.incoming = replace(
                letter.incoming,
                text=_without(letter.incoming.text, words, by),
                quote=_without(letter.incoming.quote, words, by),
            )
    await session.flush()


def _has_one_of(
    text: SQLColumnExpression[str], words: Collection[str]
) -> ColumnElement[bool]:
    """Ask for words, written as they are or as JSON escapes them."""
    forms = dict.fromkeys(form for word in words for form in (word, _in_json(word)))
    return or_(*(text.contains(form, autoescape=True) for form in forms))


def _forget_in(request: Request, words: Collection[str], by: str) -> None:
    request.text = _without(request.text, words, by)
    request.digest = f"erased:{request.id}"


def _in_json(word: str) -> str:
    return json.dumps(word)[1:-1]


def _without(text: str, words: Collection[str], by: str) -> str:
    """Replace words, written as they are or as JSON escapes them."""
    for word in words:
        text = text.replace(word, by)
        text = text.replace(_in_json(word), _in_json(by))
    return text


async def _blank_requests(session: AsyncSession, recipient: str) -> None:
    """Blank the words that nobody but one recipient was told."""
    others = aliased(Delivery)
    to_him = exists().where(
        Delivery.request_id == Request.id, Delivery.recipient == recipient
    )
    to_others = exists().where(
        others.request_id == Request.id, others.recipient != recipient
    )
    query = select(Request).where(to_him, ~to_others)
    for request in await session.scalars(query):
        request.text, request.digest = "", f"erased:{request.id}"
    await session.flush()
