"""What the end of a call means: tables of cases."""

from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest

from bot.errors import NotSent, Refused, Unanswered
from bot.mail.ledger import Parcel
from bot.mail.pace import Pace
from bot.mail.verdicts import (
    LONGEST_TRY,
    MOST_TRIES,
    Verdict,
    judge,
    keep_to,
    never_sent,
)
from bot.messages import Manners
from bot.model import DeliveryStatus

NINE = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def parcel(*, tries: int = 0, handed_at: datetime | None = None) -> Parcel:
    return Parcel(
        id=7,
        key="test",
        address="a",
        request="text",
        priority=20,
        tries=tries,
        wanted_at=NINE,
        handed_at=handed_at,
        expires_at=None,
    )


def verdict(
    ended: str | BaseException,
    *,
    of: Parcel | None = None,
    after: timedelta = timedelta(0),
    copies: timedelta = timedelta(0),
    chance: float = 0.0,
) -> Verdict:
    return judge(
        of or parcel(),
        ended,
        handed_at=NINE,
        now=NINE + after,
        drops_copies_for=copies,
        chance=lambda: chance,
    )


@pytest.mark.parametrize(
    ("ended", "status", "error", "not_taken"),
    [
        ("42", "sent", "", False),
        ("", "sent", "", False),  # a product that names nothing took it all the same
        (NotSent("no route"), "waiting", "NotSent: no route", True),
        (Refused("blocked"), "failed", "Refused: blocked", True),
        (Unanswered("cut"), "unknown", "Unanswered: cut", False),
        (KeyError("what we wrote"), "unknown", "KeyError", False),
    ],
)
def test_each_end_has_its_outcome(
    ended: str | Exception, status: str, error: str, not_taken: bool
) -> None:
    outcome = verdict(ended).outcome
    assert (outcome.status, outcome.error) == (status, error)
    assert outcome.not_taken is not_taken


@pytest.mark.parametrize(
    ("tries", "least", "most"),
    [(0, 1, 2), (1, 1, 4), (2, 1, 8), (8, 1, 512), (9, 1, 600), (18, 1, 600)],
)
def test_the_wait_is_by_chance_below_a_bound_that_doubles(
    tries: int, least: float, most: float
) -> None:
    waits = [
        verdict(NotSent("no route"), of=parcel(tries=tries), chance=chance).pause
        for chance in (0.0, 1.0)
    ]
    assert waits == [least, most]


@pytest.mark.parametrize(
    ("asked", "wait"), [(30.0, 30.0), (0.0, 0.0), (-1.0, 1.0), (nan, 1.0), (inf, 86400)]
)
def test_a_product_may_say_how_long(asked: float, wait: float) -> None:
    found = verdict(NotSent("429", retry_after=asked))
    assert found.pause == wait
    assert found.outcome.due_at == NINE + timedelta(seconds=wait)


@pytest.mark.parametrize(("everywhere", "address"), [(True, None), (False, "a")])
def test_a_pause_is_of_the_chat_or_of_all(everywhere: bool, address: str) -> None:
    assert verdict(NotSent("429", everywhere=everywhere)).address == address


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_flood_stops_what_is_no_answer_and_ends_no_delivery(everywhere: bool) -> None:
    error = NotSent("429", retry_after=9.0, everywhere=everywhere, flooded=True)
    found = verdict(error, of=parcel(tries=MOST_TRIES + 9))
    assert found.flooded
    assert (found.address is None) == everywhere
    assert found.outcome.status == "waiting"
    pace = Pace(Manners(), now=0.0)
    assert keep_to(pace, found, now=1.0) == everywhere
    assert pace.bulk_waits(9.9)
    assert not pace.bulk_waits(10.0)


@pytest.mark.parametrize(
    ("tries", "everywhere", "after", "status"),
    [
        (MOST_TRIES - 2, False, timedelta(0), "waiting"),
        (MOST_TRIES - 1, False, timedelta(0), "failed"),
        (MOST_TRIES + 9, True, timedelta(0), "waiting"),  # not the delivery's fault
        (1, False, LONGEST_TRY, "failed"),
        (1, True, LONGEST_TRY, "failed"),
    ],
)
def test_nothing_is_tried_for_ever(
    tries: int, everywhere: bool, after: timedelta, status: str
) -> None:
    error = NotSent("no route", everywhere=everywhere)
    found = verdict(error, of=parcel(tries=tries), after=after)
    assert found.outcome.status == status


@pytest.mark.parametrize(
    ("first", "tries", "status"),
    [
        (None, 0, "waiting"),
        (NINE - timedelta(minutes=28, seconds=58), 1, "waiting"),
        (NINE - timedelta(minutes=28, seconds=59), 1, "unknown"),  # due a second later
        (NINE, MOST_TRIES - 1, "unknown"),
    ],
)
def test_copies_are_sent_while_the_first_one_makes_them_harmless(
    first: datetime | None, tries: int, status: str
) -> None:
    given = parcel(tries=tries, handed_at=first)
    found = verdict(Unanswered("cut"), of=given, copies=HALF_HOUR)
    assert found.outcome.status == status
    assert not found.outcome.not_taken


def test_what_was_never_sent_is_due_at_once() -> None:
    outcome = never_sent(parcel(), now=NINE).outcome
    assert (outcome.status, outcome.due_at) == (DeliveryStatus.WAITING, NINE)
    assert outcome.not_taken
