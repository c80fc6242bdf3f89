"""What a message told, what a letter said, and what waits for a chat that moved."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.rows import IN_HAND, status_is
from bot.messages import Incoming
from bot.model import (
    Acknowledgement,
    Delivery,
    DeliveryStatus,
    Letter,
    LetterStatus,
    Notice,
    Person,
    Request,
)

_PLAIN = {"synchronize_session": False}
_PARTS = 4  # of an answer that are looked through
_STEPS = 4  # from an answer back to what began the talk
_LAST_IN_CHAT = 50  # letters, among which an album is looked for; it has ten at most
_UNDER_WAY = frozenset(
    {DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING}
)


async def delivery_at(
    session: AsyncSession, *, lane: str, addresses: Collection[str], remote_id: str
) -> Delivery | None:
    """Return the delivery that made a message in one of *addresses*.

    Of several (a message is replaced in place) the last that told a notice, else the
    last of all.
    """
    query = (
        select(Delivery)
        .where(Delivery.lane == lane, Delivery.address.in_(addresses))
        .where(Delivery.remote_id == remote_id, text("delivery.remote_id <> ''"))
        .order_by(Delivery.notice_id.is_(None), Delivery.id.desc())
        .limit(1)
    )
    return (await session.scalars(query)).first()


async def requests_at(
    session: AsyncSession, *, lane: str, addresses: Collection[str], remote_id: str
) -> list[str]:
    """List the requests that made a message, and replaced it, the last one first."""
    query = (
        select(Request.text)
        .join(Delivery, Delivery.request_id == Request.id)
        .where(Delivery.lane == lane, Delivery.address.in_(addresses))
        .where(Delivery.remote_id == remote_id, text("delivery.remote_id <> ''"))
        .order_by(Delivery.id.desc())
    )
    return list(await session.scalars(query))


async def letter_answered_by(
    session: AsyncSession, *, lane: str, addresses: Collection[str], remote_id: str
) -> str | None:
    """Return the product's id of the letter that a message answers; None if of none."""
    delivery = await delivery_at(
        session, lane=lane, addresses=addresses, remote_id=remote_id
    )
    letter = await _answered_by(session, delivery) if delivery else None
    return letter.product_id if letter else None


async def _answered_by(session: AsyncSession, delivery: Delivery) -> Letter | None:
    kind, _, rest = delivery.key.partition(":")
    number = rest.partition(":")[0]
    if kind != "letter" or not number.isdecimal():
        return None
    return await session.get(Letter, int(number))


async def notice_behind(
    session: AsyncSession, *, lane: str, addresses: Collection[str], remote_id: str
) -> tuple[str, int] | None:
    """Return the message that told the notice of which a message speaks, and its id.

    An answer speaks of what the letter replied to that it answers: so back, a few
    steps. None if no notice stands there.
    """
    for _ in range(_STEPS):
        query = (
            select(Delivery)
            .where(Delivery.lane == lane, Delivery.address.in_(addresses))
            .where(Delivery.remote_id == remote_id, text("delivery.remote_id <> ''"))
            .order_by(Delivery.id)  # the first made it, the others replaced it
            .limit(1)
        )
        delivery = (await session.scalars(query)).first()
        if delivery is None:
            return None
        if delivery.notice_id is not None:
            return remote_id, delivery.notice_id
        letter = await _answered_by(session, delivery)
        remote_id = letter.incoming.about if letter and letter.incoming else ""
    return None


async def notice_of(session: AsyncSession, delivery: Delivery) -> Notice | None:
    """Return the notice that a delivery told, None if it was an answer."""
    if delivery.notice_id is None:
        return None
    return await session.get(Notice, delivery.notice_id)


async def is_in_parts(session: AsyncSession, delivery: Delivery) -> bool:
    """Tell whether a delivery is one of several that told a notice together."""
    if delivery.follows is not None:
        return True
    query = select(Delivery.id).where(Delivery.follows == delivery.id).limit(1)
    return await session.scalar(query) is not None


async def newest_unacknowledged(
    session: AsyncSession, *, person_id: int
) -> Notice | None:
    """Return the last notice that reached a person and that he has not acknowledged."""
    done = exists().where(
        Acknowledgement.notice_id == Delivery.notice_id,
        Acknowledgement.person_id == person_id,
    )
    told = select(func.max(Delivery.notice_id)).where(
        Delivery.person_id == person_id,
        Delivery.notice_id.is_not(None),
        ~done,
        status_is(DeliveryStatus.SENT, DeliveryStatus.UNKNOWN),
    )
    notice_id = await session.scalar(told)
    return await session.get(Notice, notice_id) if notice_id is not None else None


async def move_waiting(
    session: AsyncSession, *, lane: str, old: str, new: str, message: str = ""
) -> int:
    """Send what waits for a chat to its new address; returns how many deliveries.

    What waits for a part of it, behind a stroke, goes to that part. What was sent
    stays where it is, for the numbers of its messages are those of the old chat; but it
    bears the name that its recipient has now. *message* alone has its number there.
    """
    there = new + func.substr(Delivery.address, len(old) + 1)
    which = [status_is(DeliveryStatus.WAITING), *(_went(message) if message else [])]
    await _rename(session, f"chat:{lane}:{old}", f"chat:{lane}:{new}", lane, old)
    return await _readdress(session, lane, _is_of(old), which, there)


async def leave_part(
    session: AsyncSession, *, lane: str, part: str, message: str
) -> int:
    """Send what is yet to be sent to a part of a chat to the whole; returns how many.

    So went *message* as well, though it may have its number only in a moment.
    """
    which = [status_is(DeliveryStatus.WAITING), *_went(message)]
    whole = part.partition("/")[0]
    return await _readdress(session, lane, Delivery.address == part, which, whole)


def _went(message: str) -> list[ColumnElement[bool]]:
    """Ask for the delivery of *message*, which may have its number in a moment."""
    return [IN_HAND, (Delivery.remote_id == message) & text("delivery.remote_id <> ''")]


async def _readdress(
    session: AsyncSession,
    lane: str,
    at: ColumnElement[bool],
    which: Collection[ColumnElement[bool]],
    address: str | ColumnElement[str],
) -> int:
    """Give deliveries of a place another address; returns how many."""
    count = 0
    for one in which:  # each served by an index of its own
        moved = (
            update(Delivery)
            .where(Delivery.lane == lane, at, one)
            .values(address=address)
            .returning(Delivery.id)
            .execution_options(**_PLAIN)
        )
        count += len((await session.scalars(moved)).all())
    return count


async def _rename(
    session: AsyncSession, old: str, new: str, lane: str, address: str
) -> None:
    """Name a recipient anew in all that was, is or will be told at an address."""
    # One statement an index: a chat moves once, and deliveries are many.
    for part in (
        status_is(DeliveryStatus.WAITING),
        IN_HAND,
        text("delivery.remote_id <> ''"),
        status_is(DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN),
    ):
        await session.execute(
            update(Delivery)
            .where(Delivery.lane == lane, _is_of(address), part)
            .where(Delivery.recipient == old)
            .values(recipient=new)
            .execution_options(**_PLAIN)
        )


def _is_of(address: str) -> ColumnElement[bool]:
    part = Delivery.address.startswith(f"{address}/", autoescape=True)
    return (Delivery.address == address) | part


async def first_acknowledged(
    session: AsyncSession, *, notice_id: int, department: str
) -> Acknowledgement | None:
    """Return the first acknowledgement of a notice by anybody of a department."""
    query = (
        select(Acknowledgement)
        .join(Person, Person.id == Acknowledgement.person_id)
        .where(Acknowledgement.notice_id == notice_id, Person.department == department)
        .order_by(Acknowledgement.at, Acknowledgement.id)
        .limit(1)
    )
    return (await session.scalars(query)).first()


async def blot_out(
    session: AsyncSession, letter: str, cover: Callable[[str], str]
) -> bool:
    """Cover what the answer to a letter tells, once it is out; True if that is done.

    *letter* is "channel:id of the product". What is sent again is covered, too.
    """
    channel, _, product_id = letter.partition(":")
    of = Letter.channel == channel, Letter.product_id == product_id
    id_ = await session.scalar(select(Letter.id).where(*of))
    if id_ is None:  # it was forgotten, and its answer with it
        return True
    keys = [f"letter:{id_}:{part}" for part in range(1, _PARTS + 1)]
    query = select(Delivery.status, Request).join(
        Request, Delivery.request_id == Request.id
    )
    found = (await session.execute(query.where(Delivery.key.in_(keys)))).all()
    if any(status in _UNDER_WAY for status, _ in found):
        return False
    for _, request in found:
        covered = cover(request.text)
        if covered != request.text:
            request.text, request.digest = covered, f"covered:{request.id}"
    return True


async def said_in(
    session: AsyncSession, *, channel: str, product_id: str
) -> Incoming | None:
    """Return what a letter said, None if it is no longer kept."""
    query = select(Letter.incoming).where(
        Letter.channel == channel, Letter.product_id == product_id
    )
    return await session.scalar(query)


async def answered_of_album(
    session: AsyncSession, incoming: Incoming, *, since: datetime
) -> list[Incoming]:
    """List what came before in the album of a letter and was answered, in its order.

    Of what came in *since*, for which there is an index, and was answered last.
    """
    query = (
        select(Letter.incoming)
        .where(Letter.received_at >= since)
        .where(Letter.channel == incoming.channel)
        .where(Letter.chat == incoming.conversation)
        .where(Letter.product_id != incoming.product_id)
        .where(Letter.status == LetterStatus.ANSWERED)
        .order_by(Letter.id.desc())
        .limit(_LAST_IN_CHAT)
    )
    found = reversed((await session.scalars(query)).all())
    return [one for one in found if one and one.album == incoming.album]


async def reword_letter(session: AsyncSession, incoming: Incoming) -> None:
    """Keep *incoming* in place of what its letter said."""
    await session.execute(
        update(Letter)
        .where(Letter.channel == incoming.channel)
        .where(Letter.product_id == incoming.product_id)
        .values(incoming=incoming)
        .execution_options(synchronize_session=False)
    )
