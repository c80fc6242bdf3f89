"""What the processes of one office share: one token, the cards, what was tried."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from fake_qyapi import FakeQyapi
from platform_clock import PlatformClock
from platform_corp import AGENT, CALLBACK_KEY, CALLBACK_TOKEN, CORP_ID, SECRET, Corp
from qyapi_calls import Trouble
from sqlalchemy import func, select

from bot.app.products import make_wecom_app
from bot.app.wecom_shared import SharedTokens
from bot.channels.wecom.app import WecomApp
from bot.channels.wecom.tokens import Token
from bot.database import Database
from bot.errors import Unanswered
from bot.mail import ledger, outbox
from bot.mail.lanes import LaneHold, open_lane, take_lane
from bot.mail.outbox import Addressee
from bot.messages import Button, Reply
from bot.model import Lane, Priority, WecomCard, WecomToken
from bot.settings import WecomAppSettings, WecomSettings
from handlers.rounds import housekeep

YES_NO = (Button("是", "是"), Button("不是", "不是"))


@pytest.fixture
def clock() -> PlatformClock:
    return PlatformClock(datetime(2026, 6, 16, 1, 0, tzinfo=UTC))


@pytest.fixture
async def qyapi(clock: PlatformClock) -> AsyncIterator[FakeQyapi]:
    corp = Corp()
    corp.add("LiSi", *(f"user{number}" for number in range(200)))
    async with FakeQyapi(corp, clock=clock).running() as fake:
        yield fake


@asynccontextmanager
async def process(
    url: str, qyapi: FakeQyapi, clock: PlatformClock
) -> AsyncIterator[WecomApp]:
    """Give the app of a process of its own: nothing but the store is in common."""
    database = await Database.open(url)
    app = make_wecom_app(_settings(qyapi), clock=clock, database=database)
    try:
        yield app
    finally:
        await app.stop()
        await database.close()


def _settings(qyapi: FakeQyapi) -> WecomSettings:
    app = WecomAppSettings(
        corp_id=CORP_ID,
        agent_id=AGENT,
        callback="http://bot/wecom/app",
        secret=SECRET,
        token=CALLBACK_TOKEN,
        aes_key=CALLBACK_KEY,
    )
    return WecomSettings(api_url=qyapi.base_url, socket_url="", app=app)


async def send_hundred(*apps: WecomApp, text: str) -> None:
    request = apps[0].write("", Reply(text))[0]
    sends = [
        apps[number % len(apps)].send(f"user{number}", request) for number in range(100)
    ]
    assert all(await asyncio.gather(*sends))


async def say(app: WecomApp, reply: Reply) -> str:
    (request,) = app.write("lisi", reply)
    return await app.send("lisi", request)


async def test_a_hundred_sends_of_two_processes_fetch_one_token(
    database_url: str, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    async with (
        process(database_url, qyapi, clock) as one,
        process(database_url, qyapi, clock) as other,
    ):
        await send_hundred(one, other, text="一")
        assert qyapi.tokens.fetched == 1
        qyapi.tokens.revoke()
        await send_hundred(one, other, text="二")
        assert qyapi.tokens.fetched == 2
    async with process(database_url, qyapi, clock) as later:
        await send_hundred(later, text="三")
    assert qyapi.tokens.fetched == 2


async def test_a_process_that_died_while_it_fetched_holds_nobody_up_for_long(
    database: Database, database_url: str, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    async with database.writing() as session:
        await open_lane(session, "turn:wecom_token")
        await take_lane(
            session,
            "turn:wecom_token",
            owner="dead",
            now=clock() - timedelta(minutes=1),
            lease=timedelta(seconds=0.5),
        )
    async with process(database_url, qyapi, clock) as app:
        assert await say(app, Reply("好"))
    async with database.reading() as session:
        lane = await session.get(Lane, "turn:wecom_token")
    assert lane
    assert lane.owner == ""


async def test_a_token_is_sealed_and_useless_without_the_secret(
    database: Database, clock: PlatformClock
) -> None:
    ours = SharedTokens(database, secret=SECRET, clock=clock)
    for value in ("former-token", "token-of-the-app"):
        await ours.save("corp:1", Token(value=value, expires_at=clock()))
    async with database.reading() as session:
        kept = (await session.scalars(select(WecomToken))).one()
    assert "token-of-the-app" not in kept.sealed

    assert await ours.load("corp:1") == Token(
        value="token-of-the-app", expires_at=clock()
    )
    others = SharedTokens(database, secret="another", clock=clock)
    assert await others.load("corp:1") is None


async def test_a_card_is_taken_back_by_a_process_that_did_not_send_it(
    database_url: str, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    async with process(database_url, qyapi, clock) as app:
        card = await say(app, Reply("请报送。", YES_NO, once="notice:1"))
    async with process(database_url, qyapi, clock) as app:
        await app.recall(card)
    assert qyapi.posts_to("lisi") == []


async def test_a_card_is_replaced_once_by_a_process_that_did_not_send_it(
    database_url: str, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    async with process(database_url, qyapi, clock) as app:
        card = await say(app, Reply("请报送。", YES_NO, once="notice:1"))
    for words in ("已报送。", "已核收。"):
        async with process(database_url, qyapi, clock) as app:
            await say(app, Reply(words, instead_of=card))
    assert "已报送" in str(qyapi.messages.cards[AGENT, card].shown["lisi"])
    assert [post.text for post in qyapi.posts_to("lisi")] == ["", "已核收。"]


async def test_cards_that_cannot_be_changed_any_more_are_forgotten(
    database: Database, database_url: str, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    async with process(database_url, qyapi, clock) as app:
        await say(app, Reply("请报送。", YES_NO, once="notice:1"))
    for hours, left in ((71, 1), (2, 0)):
        await clock.advance(hours * 3600)
        async with database.writing() as session:
            await housekeep(session, now=clock())
            assert await session.scalar(select(func.count(WecomCard.task_id))) == left


async def hold_and_mark(database: Database, *, at: datetime) -> LaneHold:
    """Take the lane over, and hand over what is due, as a postman does."""
    async with database.writing() as session:
        await open_lane(session, "wecom_app")
        hold = await take_lane(session, "wecom_app", owner="we", now=at)
        assert hold
        window = timedelta(minutes=30)
        await ledger.recover(session, hold, now=at, drops_copies_for=window)
        parcels = await ledger.claim(session, hold, now=at, limit=9)
        await ledger.mark_sending(session, hold, [p.id for p in parcels], now=at)
        return hold


async def test_an_update_of_a_process_that_died_is_not_said_again(
    database: Database, database_url: str, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    async with process(database_url, qyapi, clock) as app:
        card = await say(app, Reply("第1页", YES_NO))
        code = qyapi.messages.new_code(AGENT, card)
        reply = Reply("第2页", YES_NO, press=code, instead_of=card, once="letter:1")
        (request,) = app.write("lisi", reply)
        async with database.writing() as session:
            await outbox.post(
                session,
                key="letter:1",
                to=Addressee(recipient="lisi", lane="wecom_app", address="lisi"),
                requests=[request],
                priority=Priority.ANSWER,
                due_at=clock(),
            )
        await hold_and_mark(database, at=clock())
        qyapi.expect("message/update_template_card", Trouble(takes=True, cut=True))
        with pytest.raises(Unanswered):
            await app.send("lisi", request)
    await clock.advance(20)
    await hold_and_mark(database, at=clock())
    async with process(database_url, qyapi, clock) as app:
        assert await app.send("lisi", request) == card
    assert len(qyapi.posts_to("lisi")) == 1
    assert "第2页" in json.dumps(
        qyapi.messages.cards[AGENT, card].shown["lisi"], ensure_ascii=False
    )
