"""All that waits for the disk at one moment shares one transaction."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from letterbox import LANE, NINE
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.errors import StoreError
from bot.mail import lanes
from bot.mail.commits import GroupCommit
from bot.model import Alarm, Lane

Work = Callable[[AsyncSession], Awaitable[str]]


class _Deadlock(Exception):
    sqlstate = "40P01"


class Counted:
    """A store that counts its transactions, and can be gone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.begun = 0
        self.is_gone = False

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        self.begun += 1
        if self.is_gone:
            raise StoreError("gone")
        async with self._database.writing() as session:
            yield session


@pytest.fixture
def store(database: Database) -> Counted:
    return Counted(database)


@pytest.fixture
def commits(store: Counted) -> GroupCommit:
    return GroupCommit(store.writing)


def opening(name: str) -> Work:
    async def work(session: AsyncSession) -> str:
        await lanes.open_lane(session, name)
        return name

    return work


async def guilty(session: AsyncSession) -> str:
    session.add(Lane(name=LANE))
    await session.flush()
    raise ZeroDivisionError


async def doubled(session: AsyncSession) -> str:
    """Break a constraint, which on PostgreSQL spoils the transaction."""
    await session.execute(Lane.__table__.insert(), [{"name": "x"}, {"name": "x"}])
    return "never"


async def names(database: Database) -> set[str]:
    async with database.reading() as session:
        return set(await session.scalars(select(Lane.name)))


async def test_each_gets_its_own_result_and_all_is_stored(
    database: Database, commits: GroupCommit
) -> None:
    asked = [str(number) for number in range(30)]

    results = await asyncio.gather(*(commits.run(opening(name)) for name in asked))

    assert results == asked
    assert await names(database) == set(asked)


async def test_what_waits_together_is_one_transaction(
    store: Counted, commits: GroupCommit
) -> None:
    await asyncio.gather(*(commits.run(opening(str(n))) for n in range(50)))

    assert store.begun == 1


async def test_what_comes_meanwhile_is_the_next_transaction(
    database: Database, store: Counted, commits: GroupCommit
) -> None:
    begun = asyncio.Event()
    may_end = asyncio.Event()

    async def slow(session: AsyncSession) -> str:
        begun.set()
        await may_end.wait()
        return "slow"

    first = asyncio.create_task(commits.run(slow))
    await begun.wait()
    later = [asyncio.create_task(commits.run(opening(str(n)))) for n in range(20)]
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.gather(first, *later)

    assert store.begun == 2
    assert len(await names(database)) == 20


@pytest.mark.parametrize(
    ("bad", "error"), [(guilty, ZeroDivisionError), (doubled, IntegrityError)]
)
async def test_only_the_guilty_one_sees_its_error(
    database: Database, commits: GroupCommit, bad: Work, error: type[Exception]
) -> None:
    works = [opening("a"), bad, opening("b"), bad]

    results = await asyncio.gather(*map(commits.run, works), return_exceptions=True)

    assert results[0::2] == ["a", "b"]
    assert [type(result) for result in results[1::2]] == [error, error]
    assert await names(database) == {"a", "b"}


async def test_when_the_store_is_gone_all_hear_it_at_once(
    store: Counted, commits: GroupCommit
) -> None:
    store.is_gone = True
    works = (commits.run(opening(str(n))) for n in range(9))

    results = await asyncio.gather(*works, return_exceptions=True)

    assert {type(result) for result in results} == {StoreError}
    assert store.begun == 1, "nobody waits for the same failure again"


async def test_after_a_failure_the_next_ones_go_on(
    database: Database, store: Counted, commits: GroupCommit
) -> None:
    store.is_gone = True
    with pytest.raises(StoreError):
        await commits.run(opening("a"))

    store.is_gone = False
    assert await commits.run(opening("b")) == "b"
    assert await names(database) == {"b"}


async def test_one_who_no_longer_waits_disturbs_nobody(
    database: Database, commits: GroupCommit
) -> None:
    begun = asyncio.Event()

    async def slow(session: AsyncSession) -> str:
        begun.set()
        await asyncio.sleep(0.01)
        return "slow"

    leaving = asyncio.create_task(commits.run(slow))
    staying = asyncio.create_task(commits.run(opening("a")))
    await begun.wait()
    waiting = asyncio.create_task(commits.run(opening("never")))
    await asyncio.sleep(0)
    leaving.cancel()
    waiting.cancel()

    assert await staying == "a"
    assert await commits.run(opening("b")) == "b"
    assert await names(database) == {"a", "b"}


async def test_a_work_that_clashes_is_done_again(
    database: Database, commits: GroupCommit
) -> None:
    tries = 0

    async def clashing(session: AsyncSession) -> str:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise DBAPIError("UPDATE", None, _Deadlock())
        session.add(Alarm(key="a", words="", raised_at=NINE))
        return "done"

    assert await commits.run(clashing) == "done"
    assert tries == 3


async def test_two_that_wait_for_each_other_both_come_to_an_end(
    database: Database, commits: GroupCommit
) -> None:
    """PostgreSQL undoes one of them, which then is done again."""
    other = GroupCommit(database.writing)
    await asyncio.gather(commits.run(opening("a")), commits.run(opening("b")))

    def both(first: str, second: str) -> Work:
        async def work(session: AsyncSession) -> str:
            for name in (first, second):
                rise = update(Lane).where(Lane.name == name)
                await session.execute(rise.values(epoch=Lane.epoch + 1))
                await asyncio.sleep(0.05)
            return first

        return work

    await asyncio.gather(commits.run(both("a", "b")), other.run(both("b", "a")))

    async with database.reading() as session:
        assert set(await session.scalars(select(Lane.epoch))) == {2}
