"""What is written in the audit stays there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.database import Database
from bot.facts import Contact
from bot.model import AuditEntry

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NAIVE = NINE.replace(tzinfo=None)


async def sign(session: AsyncSession, *, about: str = "澄政字〔2026〕18号") -> None:
    await audit.record(session, actor="王丽", event="sign", about=about, at=NINE)


async def sign_and_fail(database: Database) -> None:
    async with database.writing() as session:
        await sign(session)
        await audit.record(session, actor="王丽", event="sign", about="甲", at=NAIVE)


async def test_an_entry_says_who_did_what_when_and_why(session: AsyncSession) -> None:
    await audit.record(
        session,
        actor="王丽",
        event="publish",
        about="澄政字〔2026〕18号",
        at=NINE,
        reason="县政府常务会议同意",
        issued=date(2026, 11, 20),
        contact=Contact(department="县科协", phone="123"),
    )
    session.expunge_all()

    (entry,) = await audit.entries(session, limit=10)

    assert (entry.actor, entry.event, entry.at) == ("王丽", "publish", NINE)
    assert entry.detail == {
        "reason": "县政府常务会议同意",
        "issued": "2026-11-20",
        "contact": {"department": "县科协", "phone": "123"},
    }


async def test_the_newest_entries_come_first(session: AsyncSession) -> None:
    for event in ("import", "sign", "publish"):
        await audit.record(session, actor="王丽", event=event, about="甲", at=NINE)

    latest = await audit.entries(session, limit=2)

    assert [entry.event for entry in latest] == ["publish", "sign"]


async def test_one_may_ask_about_one_thing(session: AsyncSession) -> None:
    await sign(session, about="甲")
    await sign(session, about="乙")

    assert [e.about for e in await audit.entries(session, about="乙", limit=9)] == [
        "乙"
    ]


async def test_an_entry_goes_with_what_it_tells_of(database: Database) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        await sign_and_fail(database)

    async with database.reading() as session:
        assert await audit.entries(session, limit=9) == []


async def test_an_entry_without_a_time_zone_is_refused(session: AsyncSession) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        await audit.record(session, actor="王丽", event="sign", about="甲", at=NAIVE)


async def test_an_entry_cannot_be_changed(session: AsyncSession) -> None:
    await sign(session)
    (entry,) = await audit.entries(session, limit=1)
    entry.at += timedelta(days=1)

    with pytest.raises(TypeError, match="never changed"):
        await session.flush()


async def test_an_entry_cannot_be_deleted(session: AsyncSession) -> None:
    await sign(session)
    (entry,) = await audit.entries(session, limit=1)
    await session.delete(entry)

    with pytest.raises(TypeError, match="never changed"):
        await session.flush()


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEntry).values(actor="别人"),
        delete(AuditEntry),
        AuditEntry.__table__.update().values(actor="别人"),
        AuditEntry.__table__.delete(),
    ],
    ids=["update", "delete", "table update", "table delete"],
)
async def test_entries_cannot_be_changed_in_bulk(
    session: AsyncSession, statement: object
) -> None:
    with pytest.raises(TypeError, match="never changed"):
        await session.execute(statement)
