"""Several of the office at one broadcast at the same moment: done once, told to all."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from front_door import LANE, write_words
from report_office import POLICY, at
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.database import Database
from bot.departments import Departments
from bot.errors import BotError
from bot.mail.broadcasts import broadcast_of
from bot.model import Broadcast, Delivery, Notice, Person, Role
from handlers.broadcast_draft import ask_to_send, draft
from handlers.broadcast_going import cancel, pause, send
from handlers.broadcast_round import broadcast_round
from handlers.broadcast_words import Wish
from handlers.broadcasting import Hand
from handlers.confirm import use_number
from handlers.nudging import Nudging

NUDGING = Nudging(policy=POLICY, lanes=(LANE,), write=write_words)
NOON = at(11, 23, 12)
Work = Callable[[Hand], Awaitable[str]]


def hand(session: AsyncSession, by: str = "李强") -> Hand:
    return Hand(
        session=session,
        nudging=NUDGING,
        departments=Departments(),
        plans=(),
        by=by,
        holder=f"account:{by}",
        at=NOON,
    )


@pytest.fixture
async def numbers(database: Database) -> dict[str, str]:
    """Give the numbers that two admins were told for one draft to twenty people."""
    async with database.writing() as session:
        for n in range(20):
            person = Person(name=f"某{n}", department=f"第{n}局", role=Role.LIAISON)
            session.add(person)
            account = await roster.account_for(session, channel=LANE, address=str(n))
            await roster.bind_account(session, account, person)
        drafted = await draft(hand(session), Wish(text="开会"))
        assert drafted
        told = {}
        for by in ("李强", "周敏"):
            reply = await ask_to_send(hand(session, by), drafted)
            told[by] = reply.text.split("确认 ")[1][:4]
    return told


async def at_once(database: Database, *works: tuple[str, Work]) -> list[str]:
    """Let several do something, each in a transaction of his own."""

    async def alone(by: str, work: Work) -> str:
        try:
            async with database.writing() as session:
                return await work(hand(session, by))
        except BotError as error:
            return error.reply

    return await asyncio.gather(*(alone(by, work) for by, work in works))


def confirms(number: str) -> Work:
    async def work(mine: Hand) -> str:
        said = await use_number(mine.session, number, holder=mine.holder, at=mine.at)
        return (await send(mine, said)).text

    return work


async def cancels(mine: Hand) -> str:
    return (await cancel(mine, await broadcast_of(mine.session, 1))).text


async def pauses(mine: Hand) -> str:
    return (await pause(mine, await broadcast_of(mine.session, 1))).text


async def beats(mine: Hand) -> str:
    done = await broadcast_round(
        mine.session, mine.nudging, mine.departments, now=mine.at
    )
    return str(done)


async def count(database: Database, table: type[Delivery | Notice]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_of_two_who_confirm_at_once_one_does(
    database: Database, numbers: dict[str, str]
) -> None:
    told = await at_once(
        database, *((by, confirms(number)) for by, number in numbers.items())
    )

    assert sorted("没有重复办理" in one for one in told) == [False, True]


async def test_one_number_said_five_times_at_once_is_used_once(
    database: Database, numbers: dict[str, str]
) -> None:
    told = await at_once(database, *[("李强", confirms(numbers["李强"]))] * 5)

    assert sum("即将发出" in one for one in told) == 1


async def test_of_five_beats_at_once_one_issues_it(
    database: Database, numbers: dict[str, str]
) -> None:
    await at_once(database, ("李强", confirms(numbers["李强"])))

    told = await at_once(database, *[("system", beats)] * 5)

    assert sorted(told) == ["0", "0", "0", "0", "1"]
    assert await count(database, Delivery) == 20


@pytest.mark.parametrize("other", [cancels, pauses])
async def test_what_is_stopped_while_it_is_issued_does_not_go_out(
    database: Database, numbers: dict[str, str], other: Work
) -> None:
    await at_once(database, ("李强", confirms(numbers["李强"])))

    await at_once(database, ("system", beats), ("周敏", other))
    await at_once(database, ("system", beats))

    async with database.reading() as session:
        due = select(func.count()).where(
            Delivery.status == "waiting", Delivery.due_at <= NOON
        )
        assert await session.scalar(due) == 0
        assert (await session.get_one(Broadcast, 1)).confirmed_by == "李强"
