"""What goes out, written in the transaction of the use case that says it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace as replaced
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.mail.bulk import Part, digest_of, insert_parts, keep_requests
from bot.mail.parts import parts_after
from bot.mail.rows import NEVER, ended_as, status_is
from bot.messages import Reply
from bot.model import (
    Acknowledgement,
    Delivery,
    DeliveryStatus,
    Notice,
    Priority,
)
from bot.model.new_rows import insert_new

Write = Callable[[str, str, Reply], Sequence[str]]
"""(lane, address, reply) -> the requests that deliver it there, in order."""

_CHUNK = 2000  # addressees written at a time
_MOST_KEPT = 20_000  # digests remembered while a notice is issued
_PLAIN = {"synchronize_session": False}  # rows only, no objects of a session


class Addressee(Struct, frozen=True, kw_only=True):
    """Who is meant (`recipient`: person:12, or chat:LANE:ADDRESS), and through what.

    What goes to all at once is due at `due_at` to this one, if it says so.
    """

    recipient: str
    lane: str
    address: str
    person_id: int | None = None
    due_at: datetime | None = None


async def post(
    session: AsyncSession,
    *,
    key: str,
    to: Addressee,
    requests: Sequence[str],
    priority: Priority,
    due_at: datetime,
    expires_at: datetime | None = None,
    notice_id: int | None = None,
) -> list[int]:
    """Put one delivery a request into the outbox, each following the one before.

    Returns their ids; empty if *key* was posted before: then nothing is.
    """
    if not requests:
        raise ValueError(f"{key}: there is nothing to deliver")
    kept = await keep_requests(session, {digest_of(text): text for text in requests})
    ids: list[int] = []
    for number, text in enumerate(requests, start=1):
        row = _row(to, priority=priority, due_at=due_at, expires_at=expires_at)
        row |= {"key": f"{key}:{number}", "notice_id": notice_id}
        row |= {
            "request_id": kept[digest_of(text)],
            "follows": ids[-1] if ids else None,
        }
        new = insert_new(session, Delivery).values(**row).returning(Delivery.id)
        id_ = (await session.execute(new)).scalar()
        if id_ is None:
            return []
        ids.append(id_)
    return ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What goes to one address: as many requests as it has parts, and their key."""

    key: str
    to: Addressee
    requests: Sequence[str]


async def post_answers(
    session: AsyncSession, answers: Sequence[Text], *, at: datetime
) -> None:
    """Put answers into the outbox, due at once, as `post` would one by one.

    Raises IntegrityError if one of that key was posted before.
    """
    texts = {digest_of(text): text for one in answers for text in one.requests}
    kept = await keep_requests(session, texts)
    for parts in in_parts(answers, kept):
        await insert_parts(
            session,
            parts,
            notice_id=None,
            priority=Priority.ANSWER,
            due_at=at,
            expires_at=None,
        )


async def issue_notice(
    session: AsyncSession,
    *,
    key: str,
    kind: str,
    body: Reply,
    audience: Sequence[Addressee],
    by: str,
    at: datetime,
    write: Write,
    priority: Priority = Priority.NOTICE,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Notice | None:
    """Tell *body* to the whole *audience*, each recipient once however often listed.

    Goes out from *due_at* (at once) or an addressee's own until *expires_at* (for
    ever). Returns None if a notice of that key was issued before: then nothing is.
    """
    recipients: dict[str, Addressee] = {}
    for to in audience:
        recipients.setdefault(to.recipient, to)
    new = insert_new(session, Notice).values(
        key=key,
        kind=kind,
        body=body,
        audience=len(recipients),
        issued_by=by,
        issued_at=at,
    )
    notice = (await session.scalars(new.returning(Notice))).one_or_none()
    if notice is None:
        return None
    own = replaced(body, once=f"notice:{notice.id}")
    kept: dict[str, int] = {}
    for chunk in _chunks(list(recipients.values())):
        texts = [
            Text(
                key=f"notice:{notice.id}:{to.recipient}",
                to=to,
                requests=write(to.lane, to.address, own),
            )
            for to in chunk
        ]
        await _keep_new_requests(session, texts, kept)
        for parts in in_parts(texts, kept):
            await insert_parts(
                session,
                parts,
                notice_id=notice.id,
                priority=priority,
                due_at=due_at or at,
                expires_at=expires_at,
            )
    return notice


async def _keep_new_requests(
    session: AsyncSession, texts: Sequence[Text], kept: dict[str, int]
) -> None:
    """Keep the requests of a chunk; *kept*, by digest, remembers those of the last."""
    if len(kept) > _MOST_KEPT:  # each has words of his own
        kept.clear()
    requests = {digest_of(one): one for text in texts for one in text.requests}
    new = {digest: one for digest, one in requests.items() if digest not in kept}
    if new:
        kept |= await keep_requests(session, new)


def in_parts(texts: Sequence[Text], kept: Mapping[str, int]) -> list[list[Part]]:
    """Make the deliveries of texts: all first parts, all second ones, and so on."""
    parts: list[list[Part]] = []
    ids: dict[str, int] = {}  # of requests, which many have in common
    for text in texts:
        if not text.requests:
            raise ValueError(f"{text.key}: there is nothing to deliver")
        before = None
        to = text.to
        for number, request in enumerate(text.requests):
            if number == len(parts):
                parts.append([])
            key = f"{text.key}:{number + 1}"
            who = to.recipient, to.person_id, to.lane, to.address
            if request not in ids:
                ids[request] = kept[digest_of(request)]
            rest = ids[request], before, to.due_at
            parts[number].append((key, *who, *rest))
            before = key
    return parts


def _row(
    to: Addressee,
    *,
    priority: Priority,
    due_at: datetime,
    expires_at: datetime | None,
) -> dict[str, Any]:
    return {
        "recipient": to.recipient,
        "person_id": to.person_id,
        "lane": to.lane,
        "address": to.address,
        "priority": int(priority),
        "status": DeliveryStatus.WAITING,
        "wanted_at": due_at,
        "due_at": due_at,
        "expires_at": expires_at,
    }


def _chunks(audience: Sequence[Addressee]) -> Iterator[Sequence[Addressee]]:
    for start in range(0, len(audience), _CHUNK):
        yield audience[start : start + _CHUNK]


async def cancel(
    session: AsyncSession,
    *,
    at: datetime,
    notice_id: int | None = None,
    recipient: str | None = None,
) -> int:
    """Cancel what is not being sent, of a notice, a recipient or of both.

    Returns how many deliveries; one of which a try before may have been taken is
    UNKNOWN. What a postman has claimed he will not send any more.
    """
    if notice_id is None and recipient is None:
        raise ValueError("cancel what: a notice, a recipient or both")
    not_gone = status_is(DeliveryStatus.WAITING, DeliveryStatus.CLAIMED)
    end = update(Delivery).where(not_gone)
    if notice_id is not None:
        end = end.where(Delivery.notice_id == notice_id)
    if recipient is not None:
        end = end.where(Delivery.recipient == recipient)
    end = end.values(status=ended_as(DeliveryStatus.CANCELLED), settled_at=at)
    cancelled = await session.scalars(
        end.returning(Delivery.id).execution_options(**_PLAIN)
    )
    return len(cancelled.all())


async def acknowledge(
    session: AsyncSession, *, notice_id: int, person_id: int, at: datetime
) -> datetime:
    """Record that a person received a notice (签收), and return when he first said so.

    It is also the proof that an UNKNOWN delivery of it to him arrived. Raises NotFound
    if there is no such notice.
    """
    if await session.get(Notice, notice_id) is None:
        raise NotFound(f"notice {notice_id}", reply=f"没有查到第{notice_id}号通知。")
    about = {"notice_id": notice_id, "person_id": person_id}
    new = insert_new(session, Acknowledgement).values(**about, at=at)
    await session.execute(new)
    first = (await session.scalars(select(Acknowledgement.at).filter_by(**about))).one()
    await session.execute(
        update(Delivery)
        .filter_by(**about)
        .where(status_is(DeliveryStatus.UNKNOWN), Delivery.replaced_by.is_(None))
        .values(status=DeliveryStatus.SENT, settled_at=at)
        .execution_options(**_PLAIN)
    )
    return first


async def second_channel(
    session: AsyncSession,
    delivery: Delivery,
    *,
    to: Addressee,
    requests: Sequence[str],
    at: datetime,
) -> list[int]:
    """Say through another lane what a FAILED delivery could not, whole and at once.

    What is held stays held. Same notice, priority and expiry; it replaces the delivery
    and the parts that were cancelled with it. Returns the new ids; empty if it did not
    fail, or is replaced.
    """
    failed = await session.get(
        Delivery, delivery.id, populate_existing=True, with_for_update=True
    )
    if failed is None or failed.status is not DeliveryStatus.FAILED:
        return []
    if failed.replaced_by is not None:
        return []
    ids = await post(
        session,
        key=f"{failed.key}>{to.lane}",
        to=to,
        requests=requests,
        priority=Priority(failed.priority),
        due_at=at,
        expires_at=failed.expires_at,
        notice_id=failed.notice_id,
    )
    if ids:
        await replace(session, failed.id, by=ids[0])
    if failed.due_at == NEVER:
        held = update(Delivery).where(Delivery.id.in_(ids)).values(due_at=NEVER)
        await session.execute(held.execution_options(**_PLAIN))
    return ids


async def replace(session: AsyncSession, delivery_id: int, *, by: int) -> None:
    """Let a delivery, and the parts cancelled with it, be replaced by another one."""
    rest = parts_after(select(Delivery.id).where(Delivery.id == delivery_id))
    is_lost = Delivery.id.in_(rest) & status_is(DeliveryStatus.CANCELLED)
    await session.execute(
        update(Delivery)
        .where(or_(Delivery.id == delivery_id, is_lost))
        .values(replaced_by=by)
        .execution_options(synchronize_session="fetch")
    )
