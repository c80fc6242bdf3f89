"""The auditor raises an alarm once for what is due and not done; old letters go."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.mail import alarms, outbox
from bot.messages import Incoming, Reply
from bot.model import (
    Delivery,
    DeliveryStatus,
    Letter,
    LetterStatus,
    Notice,
    Priority,
    Request,
)
from handlers.health import BeatHealth, Health, HearingHealth, LaneHealth
from handlers.rounds import audit_round, housekeep

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONG_AGO = NINE - timedelta(days=401)


def health(
    *,
    beats: Mapping[str, BeatHealth] | None = None,
    lane: LaneHealth | None = None,
    dead: int = 0,
    oldest_letter: timedelta = timedelta(0),
    heard: HearingHealth | None = None,
) -> Health:
    return Health(
        beats=beats or {},
        lanes={"telegram": lane or LaneHealth()},
        letters={LetterStatus.WAITING: 1, LetterStatus.DEAD: dead},
        oldest_letter=oldest_letter,
        alarms=(),
        hearing={"telegram": heard or HearingHealth(age=timedelta(seconds=30))},
    )


@pytest.mark.parametrize(
    ("wrong", "key", "words"),
    [
        (health(lane=LaneHealth(stuck=True)), "lane:telegram", "五分钟"),
        (
            health(lane=LaneHealth(served=False, depth={DeliveryStatus.WAITING: 3})),
            "lane:telegram",
            "还有 3 条消息没有发出",
        ),
        (
            health(lane=LaneHealth(stuck=True, limited_until=NINE + 10 * MINUTE)),
            "lane:telegram",
            "Telegram 限制发送：要求群发和催报等到 11月23日 01:10，个人提问照常答复。",
        ),
        (
            health(
                lane=LaneHealth(
                    limited_until=NINE + 60 * MINUTE, silent_until=NINE + 10 * MINUTE
                )
            ),
            "lane:telegram",
            "等到 11月23日 02:00，提问也要等到 11月23日 01:10 才能答复。这是平台限流",
        ),
        (
            health(heard=HearingHealth(age=timedelta(minutes=3), trouble="Flooded")),
            "listen:telegram",
            "不是网络或密钥的问题",
        ),
        (
            health(beats={"ring": BeatHealth(age=timedelta(minutes=1), late=True)}),
            "beat:ring",
            "bot worker",
        ),
        (
            health(
                beats={
                    "ring": BeatHealth(age=timedelta(0), late=False, error="KeyError")
                }
            ),
            "beat:ring",
            "上次出错",
        ),
        (health(oldest_letter=timedelta(minutes=3)), "letters", "1 条来信"),
        (
            health(lane=LaneHealth(depth={DeliveryStatus.UNKNOWN: 4})),
            "unknown",
            "有 4 条",
        ),
        (health(dead=2), "dead", "有 2 条"),
        (
            health(heard=HearingHealth(age=timedelta(minutes=3), trouble="TimedOut")),
            "listen:telegram",
            "（TimedOut），请检查网络",
        ),
        (
            health(heard=HearingHealth(age=timedelta(0), trouble="Kicked: by another")),
            "listen:telegram",
            "被挤下线：请停掉那个程序",
        ),
    ],
    ids=[
        "lane",
        "lane removed",
        "lane limited",
        "lane silenced",
        "polls limited",
        "beat",
        "beat error",
        "letters",
        "unknown",
        "dead",
        "deaf",
        "kicked",
    ],
)
async def test_what_is_wrong_is_told_once_and_cleared_when_it_is_over(
    session: AsyncSession, wrong: Health, key: str, words: str
) -> None:
    first = await audit_round(session, wrong, now=NINE)
    (alarm,) = await alarms.alarms(session)
    again = await audit_round(session, wrong, now=NINE + timedelta(minutes=1))
    over = await audit_round(session, health(), now=NINE + timedelta(minutes=2))

    assert (first.raised, again.raised, over.cleared) == ((key,), (), (key,))
    assert words in alarm.words
    assert await alarms.alarms(session) == []


@pytest.mark.parametrize(
    "good",
    [
        health(),
        health(oldest_letter=timedelta(minutes=1)),
        health(lane=LaneHealth(depth={DeliveryStatus.WAITING: 9})),
        health(lane=LaneHealth(limited_until=NINE + MINUTE / 2)),
        health(beats={"ring": BeatHealth(age=timedelta(seconds=1), late=False)}),
    ],
)
async def test_nothing_is_said_where_all_is_well(
    session: AsyncSession, good: Health
) -> None:
    assert (await audit_round(session, good, now=NINE)).raised == ()


async def test_the_office_is_told_that_somebody_tries_codes(
    session: AsyncSession,
) -> None:
    await audit.record(
        session, actor="system", event="bind.many_failed", about="office", at=NINE
    )

    assert (await audit_round(session, health(), now=NINE)).raised == ("codes",)
    later = await audit_round(session, health(), now=NINE + timedelta(hours=2))
    assert later.cleared == ("codes",)


async def test_alarms_of_others_are_not_cleared(session: AsyncSession) -> None:
    await alarms.raise_alarm(session, "holidays:2027", "节假日未录入", NINE)

    await audit_round(session, health(), now=NINE)

    assert [alarm.key for alarm in await alarms.alarms(session)] == ["holidays:2027"]


async def put_letter(
    session: AsyncSession, key: str, *, status: LetterStatus, at: datetime
) -> None:
    incoming = Incoming(channel="telegram", address="1", text="问", at=at)
    settled = None if status is LetterStatus.WAITING else at
    letter = Letter(
        channel="telegram",
        product_id=key,
        chat="1",
        incoming=incoming,
        status=status,
        received_at=at,
        due_at=at,
        settled_at=settled,
    )
    session.add(letter)
    await session.flush()


async def post(session: AsyncSession, key: str, *, at: datetime) -> None:
    to = outbox.Addressee(recipient="chat:1", lane="telegram", address="1")
    await outbox.post(
        session,
        key=key,
        to=to,
        requests=[f"{key} a", f"{key} b"],
        priority=Priority.ANSWER,
        due_at=at,
    )


async def settle_all(session: AsyncSession, at: datetime) -> None:
    for delivery in await session.scalars(select(Delivery)):
        delivery.status, delivery.settled_at = DeliveryStatus.SENT, at


async def test_letters_go_after_400_days_if_they_were_answered(
    session: AsyncSession,
) -> None:
    await put_letter(session, "old", status=LetterStatus.ANSWERED, at=LONG_AGO)
    await put_letter(session, "dead", status=LetterStatus.DEAD, at=LONG_AGO)
    await put_letter(session, "waiting", status=LetterStatus.WAITING, at=LONG_AGO)
    await put_letter(session, "new", status=LetterStatus.ANSWERED, at=NINE)

    assert await housekeep(session, now=NINE) == 1

    kept = await session.scalars(select(Letter.product_id).order_by(Letter.product_id))
    assert kept.all() == ["dead", "new", "waiting"]


async def test_answers_go_with_all_their_parts(session: AsyncSession) -> None:
    await post(session, "letter:1", at=LONG_AGO)
    await settle_all(session, LONG_AGO)
    await post(session, "letter:2", at=NINE)

    while await housekeep(session, now=NINE):
        pass

    kept = await session.scalars(select(Delivery.key).order_by(Delivery.key))
    assert kept.all() == ["letter:2:1", "letter:2:2"]
    words = await session.scalars(select(Request.text).order_by(Request.id))
    assert words.all() == [f"letter:2 {part}" for part in "ab"]


async def test_notices_stay_with_all_that_became_of_them(session: AsyncSession) -> None:
    to = outbox.Addressee(recipient="person:1", lane="telegram", address="1")
    await outbox.issue_notice(
        session,
        key="n",
        kind="nudge",
        body=Reply("请报送"),
        audience=[to],
        by="李主任",
        at=LONG_AGO,
        write=lambda lane, address, reply: (reply.text,),
    )
    await settle_all(session, LONG_AGO)

    assert await housekeep(session, now=NINE) == 0
    for table in (Notice, Delivery):
        assert await session.scalar(select(func.count()).select_from(table)) == 1


async def test_the_count_in_an_alarm_goes_with_the_times(session: AsyncSession) -> None:
    await audit_round(session, health(dead=2), now=NINE)
    later = NINE + timedelta(hours=1)
    again = await audit_round(session, health(dead=5), now=later)

    (alarm,) = await alarms.alarms(session)
    assert "有 5 条" in alarm.words
    assert alarm.raised_at == NINE
    assert again.raised == ()
