"""Tokens: one fetch however many wait, renewed once, shared, and secret."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from fake_qyapi import FakeQyapi
from platform_clock import PlatformClock
from platform_corp import AGENT, CORP_ID, SECRET
from qyapi_calls import Trouble
from taken_in import MakeApp

from bot.channels.wecom.api import Api
from bot.channels.wecom.app import WecomApp
from bot.channels.wecom.errors import ApiError, NoAnswer
from bot.channels.wecom.tokens import InMemory, Token, Tokens
from bot.errors import NotSent, StoreError
from bot.messages import Reply

HUNDRED = 100


async def send_hundred(app: WecomApp) -> list[str | BaseException]:
    requests = [app.write("", Reply(f"第{n}号"))[0] for n in range(HUNDRED)]
    people = ("zhangsan", "lisi", "wangwu")
    sends = (app.send(people[n % 3], one) for n, one in enumerate(requests))
    return await asyncio.gather(*sends, return_exceptions=True)


def all_sent(results: list[str | BaseException]) -> bool:
    return all(isinstance(one, str) and one for one in results)


async def test_a_hundred_sends_without_a_token_fetch_one(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    assert all_sent(await send_hundred(app))
    assert qyapi.tokens.fetched == 1


async def test_a_hundred_sends_with_a_revoked_token_fetch_one_more(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    await app.send("zhangsan", app.write("", Reply("先来一条"))[0])
    qyapi.tokens.revoke()

    assert all_sent(await send_hundred(app))
    assert qyapi.tokens.fetched == 2


async def test_a_token_that_is_never_taken_is_renewed_once_and_no_more(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    qyapi.tokens.always_refused = 40014

    results = await send_hundred(app)

    assert all(isinstance(one, NotSent) and one.everywhere for one in results)
    assert qyapi.tokens.fetched <= 2
    assert len(qyapi.of("message/send")) <= 2 * HUNDRED


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_call_is_made_once_more_with_another_token(
    app: WecomApp, qyapi: FakeQyapi, errcode: int
) -> None:
    qyapi.expect("message/send", Trouble(errcode=errcode))

    await app.send("zhangsan", app.write("", Reply("您好"))[0])

    assert qyapi.texts_to("zhangsan") == ["您好"]
    assert len(qyapi.of("message/send")) == 2


async def test_a_token_is_fetched_anew_five_minutes_before_its_end(
    app: WecomApp, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    for seconds, fetched in ((0, 1), (6899, 1), (2, 2)):
        await clock.advance(seconds)
        await app.send("zhangsan", app.write("", Reply(f"{seconds}"))[0])
        assert qyapi.tokens.fetched == fetched


async def test_a_token_that_comes_again_near_its_end_is_not_asked_for_all_the_time(
    app: WecomApp, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    requests = [app.write("", Reply(f"{n}"))[0] for n in range(8)]
    await app.send("zhangsan", requests[0])
    await clock.advance(7000)

    for request in requests[1:5]:
        await app.send("zhangsan", request)
    assert qyapi.tokens.fetched == 2

    await clock.advance(61)
    for request in requests[5:]:
        await app.send("zhangsan", request)
    assert qyapi.tokens.fetched == 3


class Broken(InMemory):
    """A store that takes nothing."""

    async def save(self, key: str, token: Token) -> None:
        raise StoreError("the disk is full")


async def test_a_store_that_takes_nothing_keeps_nobody_from_sending(
    make_app: MakeApp, qyapi: FakeQyapi
) -> None:
    app = make_app(store=Broken())

    assert all_sent(await send_hundred(app))
    assert qyapi.tokens.fetched == 1


async def test_a_wrong_secret_stops_the_app_and_is_told(
    make_app: MakeApp, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    app = make_app(secret="another-secret")
    request = app.write("", Reply("您好"))[0]

    results = await send_hundred(app)

    assert all(isinstance(one, NotSent) and one.everywhere for one in results)
    assert qyapi.tokens.fetched == 1
    assert "40001" in app.trouble
    await clock.advance(601)
    await asyncio.gather(app.send("lisi", request), return_exceptions=True)
    assert qyapi.tokens.fetched == 2


async def test_those_who_wait_share_a_failure(app: WecomApp, qyapi: FakeQyapi) -> None:
    qyapi.expect("gettoken", Trouble(errcode=6000, delay=0.05))

    results = await send_hundred(app)

    assert all(isinstance(one, NotSent) for one in results)
    assert qyapi.tokens.fetched == 0
    await app.send("lisi", app.write("", Reply("又好了"))[0])


async def test_two_processes_share_a_token(make_app: MakeApp, qyapi: FakeQyapi) -> None:
    store = InMemory()
    one, other = make_app(store=store), make_app(store=store)

    await one.send("lisi", one.write("", Reply("一"))[0])
    await other.send("lisi", other.write("", Reply("二"))[0])
    assert qyapi.tokens.fetched == 1

    qyapi.tokens.revoke()
    await one.send("lisi", one.write("", Reply("三"))[0])
    await other.send("lisi", other.write("", Reply("四"))[0])
    assert qyapi.tokens.fetched == 2


class InTurns(InMemory):
    """A store that lets one process in at a time, as a shared one does."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = asyncio.Lock()
        self.keys: set[str] = set()

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        self.keys.add(key)
        async with self._lock:
            yield


async def test_processes_that_begin_together_fetch_one(
    make_app: MakeApp, qyapi: FakeQyapi
) -> None:
    store = InTurns()
    apps = [make_app(store=store) for _ in range(5)]
    qyapi.expect("gettoken", Trouble(delay=0.02))

    await asyncio.gather(
        *(one.send("lisi", one.write("", Reply("好"))[0]) for one in apps)
    )

    assert qyapi.tokens.fetched == 1
    assert store.keys == {f"{CORP_ID}:{AGENT}"}


async def test_two_apps_of_one_corporation_have_tokens_of_their_own(
    clock: PlatformClock,
) -> None:
    store = InMemory()
    ends = clock() + timedelta(hours=2)

    async def fetch_first() -> Token:
        return Token(value="first", expires_at=ends)

    async def fetch_second() -> Token:
        return Token(value="second", expires_at=ends)

    first = Tokens(fetch_first, key="ww:1", clock=clock, store=store)
    second = Tokens(fetch_second, key="ww:2", clock=clock, store=store)

    assert [await first.get(), await second.get()] == ["first", "second"]


async def test_who_gives_up_waiting_does_not_take_the_token_from_the_others(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    qyapi.expect("gettoken", Trouble(delay=0.05))
    request = app.write("", Reply("您好"))[0]
    first = asyncio.create_task(app.send("lisi", request))
    other = asyncio.create_task(app.send("zhangsan", request))
    await asyncio.sleep(0.01)

    first.cancel()

    assert await other
    assert qyapi.tokens.fetched == 1


async def test_neither_secret_nor_token_shows_anywhere(
    app: WecomApp, qyapi: FakeQyapi, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await app.send("lisi", app.write("", Reply("您好"))[0])
        qyapi.tokens.always_refused = 40014
        with pytest.raises(NotSent) as caught:
            await app.send("lisi", app.write("", Reply("再见"))[0])

    told = caplog.text + repr(caught.value) + repr(caught.value.__context__)
    assert SECRET not in told + repr(app)
    assert "tok0001" not in told
    assert "access_token=" not in told


async def test_a_token_does_not_show(clock: PlatformClock) -> None:
    assert "geheim" not in repr(Token(value="geheim", expires_at=clock()))


async def test_an_app_that_nobody_answers_is_not_reached(clock: PlatformClock) -> None:
    api = Api(
        corp_id=CORP_ID, secret=SECRET, name="1", clock=clock, base_url="http://[::1]:1"
    )

    with pytest.raises(NotSent) as caught:
        await api.post("/cgi-bin/message/send", {})

    assert caught.value.everywhere
    await api.close()


@pytest.mark.parametrize(
    ("path", "error"), [("gettoken", NotSent), ("message/send", NoAnswer)]
)
async def test_no_call_waits_for_ever(
    qyapi: FakeQyapi, clock: PlatformClock, path: str, error: type[Exception]
) -> None:
    api = Api(
        corp_id=CORP_ID,
        secret=SECRET,
        name="1",
        clock=clock,
        base_url=qyapi.base_url,
        patience=0.05,
    )
    qyapi.expect(path, Trouble(hangs=True))

    with pytest.raises(error):
        await api.post("/cgi-bin/message/send", {})

    await api.close()


def test_an_errmsg_with_a_token_in_it_is_cleaned() -> None:
    error = ApiError(40014, "invalid access_token=abcdefghijk, from ip: 1.2.3.4")

    assert "abcdefghijk" not in str(error)
