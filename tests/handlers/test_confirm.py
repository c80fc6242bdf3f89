"""A number said back by the same account does what it was told for, once."""

from datetime import timedelta

import pytest
from front_door import NINE
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAllowed
from handlers.confirm import Confirmed, ask_number, digest_of, forget, use_number

HERS, HIS = "account:1", "account:2"
ERASE = Confirmed(what="person.erase", about="person:12", digest=digest_of(["12"]))
SEND = Confirmed(what="broadcast.send", about="broadcast:5", digest=digest_of(["5"]))


def other_than(number: str) -> str:
    return f"{(int(number) + 1) % 10_000:04}"


async def test_the_number_says_what_is_confirmed(session: AsyncSession) -> None:
    number = await ask_number(session, ERASE, holder=HERS, at=NINE)

    assert len(number) == 4
    assert await use_number(session, number, holder=HERS, at=NINE) == ERASE


async def test_it_holds_for_ten_minutes(session: AsyncSession) -> None:
    number = await ask_number(session, ERASE, holder=HERS, at=NINE)

    with pytest.raises(NotAllowed) as refused:
        await use_number(session, number, holder=HERS, at=NINE + timedelta(minutes=10))

    assert "已过期" in refused.value.reply


async def test_it_is_used_once(session: AsyncSession) -> None:
    number = await ask_number(session, ERASE, holder=HERS, at=NINE)
    await use_number(session, number, holder=HERS, at=NINE)

    with pytest.raises(NotAllowed, match="nothing is to be confirmed"):
        await use_number(session, number, holder=HERS, at=NINE)


async def test_another_account_cannot_say_it(session: AsyncSession) -> None:
    number = await ask_number(session, ERASE, holder=HERS, at=NINE)

    with pytest.raises(NotAllowed, match="nothing is to be confirmed"):
        await use_number(session, number, holder=HIS, at=NINE)
    assert await use_number(session, number, holder=HERS, at=NINE) == ERASE


async def test_three_wrong_numbers_make_it_void(session: AsyncSession) -> None:
    number = await ask_number(session, ERASE, holder=HERS, at=NINE)
    told = []
    for said in (*[other_than(number)] * 3, number):
        with pytest.raises(NotAllowed) as refused:
            await use_number(session, said, holder=HERS, at=NINE)
        told.append(refused.value.reply[:12])

    assert told == [
        "确认码不符，没有执行，还",
        "确认码不符，没有执行，还",
        "确认码连续 3 次不符，",
        "没有等待确认的事项，请重",
    ]


async def test_what_is_asked_last_is_what_is_confirmed(session: AsyncSession) -> None:
    await ask_number(session, ERASE, holder=HERS, at=NINE)
    number = await ask_number(session, SEND, holder=HERS, at=NINE)

    assert await use_number(session, number, holder=HERS, at=NINE) == SEND


async def test_what_is_forgotten_is_not_confirmed(session: AsyncSession) -> None:
    number = await ask_number(session, ERASE, holder=HERS, at=NINE)
    await forget(session, HERS)

    with pytest.raises(NotAllowed, match="nothing is to be confirmed"):
        await use_number(session, number, holder=HERS, at=NINE)
