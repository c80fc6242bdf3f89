"""Lanes of a process, and the clock by which one tells the next what it sent."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from made_channel import MadeChannel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.draining import Drains, Holder
from bot.database import Database
from bot.mail import outbox
from bot.mail.commits import GroupCommit
from bot.mail.lanes import LEASE, open_lane
from bot.messages import Limit, Manners
from bot.model import Delivery, Priority

HOUR = timedelta(hours=1)


def now() -> datetime:
    return datetime.now(UTC)


async def no_other_way(session: AsyncSession, *ids: object) -> set[str]:
    return set()


async def unheard(name: str) -> None:
    pass


def drains(database: Database, channel: MadeChannel, *, ahead: timedelta) -> Drains:
    """Drain on a host whose clock is *ahead*."""
    holder = Holder(
        owner=f"host {random.random()}",
        lease=LEASE,
        writing=database.writing,
        commits=GroupCommit(database.writing),
        clock=lambda: now() + ahead,
        on_failed=no_other_way,
        ring=unheard,
        observe=lambda lane, outcome, seconds: None,
    )
    return Drains({channel.name: channel}, holder)


async def post(database: Database, key: str) -> None:
    async with database.writing() as session:
        await open_lane(session, "made")
        to = outbox.Addressee(recipient=f"chat:{key}", lane="made", address=key)
        await outbox.post(
            session,
            key=key,
            to=to,
            requests=["通知"],
            priority=Priority.NOTICE,
            due_at=now() - 2 * HOUR,
        )


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("ahead", [-HOUR, HOUR])
async def test_a_wrong_clock_breaks_no_window_when_the_holder_changes(
    database: Database, ahead: timedelta
) -> None:
    channel = MadeChannel(manners=Manners(limits=(Limit(1, 600.0),)))
    await post(database, "first")
    await drains(database, channel, ahead=ahead).drain("made")
    await post(database, "second")
    await drains(database, channel, ahead=timedelta(0)).drain("made")

    assert [address for address, _ in channel.sent] == ["first"]
    async with database.reading() as session:
        first = (await session.scalars(select(Delivery).order_by(Delivery.id))).first()
    assert first
    assert first.settled_at
    assert abs(now() - first.settled_at) < HOUR / 4
