"""What a postman has at hand: who goes first, who goes back."""

from datetime import UTC, datetime
from math import inf

import pytest

from bot.mail.errands import Look
from bot.mail.ledger import Parcel
from bot.mail.pace import Pace
from bot.mail.stock import Stock
from bot.messages import Limit, Manners
from bot.model import Priority

NINE = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)
HOURLY = Manners(
    in_flight=2, answers_in_flight=1, limits_of=lambda to: (Limit(1, 3600.0),)
)


def parcel(
    id: int, *, priority: int = Priority.NOTICE, expires_at: datetime | None = None
) -> Parcel:
    return Parcel(
        id=id,
        key=f"test:{id}",
        address=f"chat {id}",
        request="text",
        priority=priority,
        tries=0,
        wanted_at=NINE,
        handed_at=None,
        expires_at=expires_at,
    )


def chosen(stock: Stock, *, under_way: int = 0, bulk: bool = True) -> list[int]:
    calls = stock.choose(0.0, at=NINE, lead=0.0, under_way=under_way, bulk=bulk)
    return [call.parcel.id for call in calls]


@pytest.fixture
def pace() -> Pace:
    return Pace(HOURLY, now=0.0)


@pytest.fixture
def stock(pace: Pace) -> Stock:
    return Stock(HOURLY, pace)


def test_answers_go_first_and_have_places_of_their_own(stock: Stock) -> None:
    stock.add(Look(limit=9), [parcel(1), parcel(2), parcel(3)], now=0.0)
    answers = [parcel(id, priority=Priority.ANSWER) for id in (4, 5)]
    stock.add(Look(limit=9, answers_only=True), answers, now=0.0)
    assert chosen(stock, under_way=2) == [4]
    assert chosen(stock, under_way=1) == [5]
    assert chosen(stock) == [1, 2]
    assert len(stock) == 1


def test_without_bulk_only_answers_go(stock: Stock) -> None:
    stock.add(Look(limit=9), [parcel(1), parcel(2, priority=Priority.ANSWER)], now=0.0)
    assert chosen(stock, bulk=False) == [2]
    assert [look.answers_only for look in stock.looks(9.0, bulk=False)] == [True]


def test_who_must_wait_long_goes_back_and_others_stay(stock: Stock, pace: Pace) -> None:
    late = parcel(3, expires_at=NINE)
    stock.add(Look(limit=9), [parcel(1), parcel(2), late], now=0.0)
    pace.pause("chat 1", until=30.0)
    pace.pause("chat 2", until=0.5)
    assert stock.put_back(0.0, at=NINE) == ((parcel(1), 30.0), (late, 0.0))
    assert len(stock) == 1
    assert stock.next_moment(lead=0.02, under_way=0, bulk=True) < 0.5


def test_while_only_answers_go_the_rest_goes_back(stock: Stock, pace: Pace) -> None:
    answer = parcel(2, priority=Priority.ANSWER)
    stock.add(Look(limit=9), [parcel(1), answer], now=0.0)
    pace.pause_bulk(now=0.0, until=30.0)
    assert stock.put_back(1.0, at=NINE) == ((parcel(1), 0.0),)
    assert chosen(stock) == [2]


def test_a_look_that_found_less_than_it_asked_for_is_the_last(stock: Stock) -> None:
    [look] = stock.looks(0.0, bulk=True)
    assert look == Look(limit=6)
    stock.add(look, [parcel(1)], now=0.0)
    stock.put_back(0.0, at=NINE)
    assert chosen(stock) == [1]
    assert not stock.expects_more
    assert stock.looks(0.0, bulk=True) == ()
    stock.look_at_once()
    assert stock.expects_more


def test_what_fits_one_look_is_not_looked_for_twice(stock: Stock) -> None:
    assert len(stock.looks(0.0, bulk=True)) == 1
    slot = stock._pace.begin("a", answer=False, now=0.0)
    stock._pace.end(slot, now=0.0)
    stock._pace.pause("b", until=inf)
    [look] = stock.looks(1.0, bulk=True)
    assert sorted(look.busy) == ["a", "b"]
