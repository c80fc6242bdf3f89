"""Many notices at once, each to its own audience; and what is taken back of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from msgspec.structs import replace
from sqlalchemy import Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.bulk import Told, digest_of, insert_told, keep_requests
from bot.mail.outbox import Addressee, Write
from bot.mail.rows import ended_as, status_is
from bot.messages import Reply
from bot.model import Delivery, DeliveryStatus, Notice, Priority
from bot.model.lists import among

_NOTICE = cast(Table, Notice.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A notice to be issued: its key, which no other has, its words and its audience.

    Each recipient is listed once.
    """

    key: str
    kind: str
    body: Reply
    audience: Sequence[Addressee]


async def issue_notices(
    session: AsyncSession,
    news: Sequence[News],
    *,
    by: str,
    at: datetime,
    write: Write,
    priority: Priority = Priority.NUDGE,
    expires_at: datetime | None = None,
) -> dict[str, int]:
    """Issue all of *news*, due at once but where an addressee says otherwise.

    Returns the ids of the notices by their keys. Raises IntegrityError if a notice of
    such a key was issued before.
    """
    if not news:
        return {}
    ids = await _enter(session, news, by=by, at=at)
    told = [one for new in news for one in _written(new, ids[new.key], write)]
    requests = {text for one in told for text in one.requests}
    kept = await keep_requests(session, {digest_of(text): text for text in requests})
    for number in range(1, max((len(one.requests) for one in told), default=0) + 1):
        await insert_told(
            session,
            [_part(one, number, kept) for one in told if number <= len(one.requests)],
            number=number,
            priority=priority,
            due_at=at,
            expires_at=expires_at,
        )
    return ids


async def _enter(
    session: AsyncSession, news: Sequence[News], *, by: str, at: datetime
) -> dict[str, int]:
    rows = [
        {
            "key": one.key,
            "kind": one.kind,
            "body": one.body,
            "audience": len(one.audience),
            "issued_by": by,
            "issued_at": at,
        }
        for one in news
    ]
    connection = await session.connection()
    new = insert(_NOTICE).returning(_NOTICE.c.key, _NOTICE.c.id)
    return {key: id_ for key, id_ in await connection.execute(new, rows)}


class _Written(NamedTuple):
    """A notice as it is written for all who hear it in one way."""

    notice_id: int
    lane: str
    requests: Sequence[str]
    audience: Sequence[Addressee]


def _written(news: News, notice_id: int, write: Write) -> list[_Written]:
    """Write one notice for all: an address is no part of what is written for it."""
    body = replace(news.body, once=f"notice:{notice_id}")
    alike: dict[tuple[str, bool], list[Addressee]] = {}
    for to in news.audience:
        alike.setdefault((to.lane, to.person_id is None), []).append(to)
    written = []
    for (lane, _), audience in alike.items():
        requests = write(lane, audience[0].address, body)
        if not requests:
            raise ValueError(f"{news.key}: there is nothing to deliver")
        written.append(_Written(notice_id, lane, requests, audience))
    return written


def _part(written: _Written, number: int, kept: Mapping[str, int]) -> Told:
    notice_id, lane, requests, audience = written
    own = [(to.recipient, to.person_id, to.address, to.due_at) for to in audience]
    return notice_id, kept[digest_of(requests[number - 1])], lane, own


async def are_issued(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Return those of *keys* under which a notice was issued."""
    query = select(Notice.key).where(Notice.key.in_(keys))
    return set(await session.scalars(query))


async def take_back(
    session: AsyncSession,
    notice_ids: Collection[int],
    *,
    recipients: Collection[str],
    at: datetime,
) -> list[tuple[int, str]]:
    """Cancel what of notices is not gone to some recipients.

    Returns (notice, recipient) of what was cancelled for good: one of which a try
    before may have been taken is UNKNOWN, and counts as gone.
    """
    if not (notice_ids and recipients):
        return []
    end = (
        update(Delivery)
        .where(among(Delivery.notice_id, notice_ids))
        .where(Delivery.recipient.in_(recipients))
        .where(status_is(DeliveryStatus.WAITING, DeliveryStatus.CLAIMED))
        .values(status=ended_as(DeliveryStatus.CANCELLED), settled_at=at)
        .returning(Delivery.notice_id, Delivery.recipient, Delivery.status)
        .execution_options(synchronize_session=False)
    )
    found: Mapping[tuple[int, str], None] = {
        (notice_id, recipient): None
        for notice_id, recipient, status in await session.execute(end)
        if status is DeliveryStatus.CANCELLED and notice_id is not None
    }
    return list(found)
