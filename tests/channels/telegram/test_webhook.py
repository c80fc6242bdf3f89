"""The webhook: the secret first, and 200 only for what is kept."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import said
from fake_api import FakeTelegram, flood
from starlette.applications import Starlette
from starlette.routing import Route
from taking import Taken, until

from bot.channels.telegram import TelegramChannel, Webhook, WebhookDoor, webhook
from bot.channels.telegram.objects import ALLOWED_UPDATES
from bot.errors import SettingsError, StoreError

SECRET = "Sehr_geheim-1"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def door(endpoint: Any) -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/tg", endpoint, methods=["POST"])])
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://door",
        follow_redirects=False,
    )


@pytest.fixture
def behind(
    make_channel: Callable[..., TelegramChannel], telegram: FakeTelegram, taken: Taken
) -> Callable[[], Any]:
    """Give a way to a channel that listens behind its webhook."""

    @asynccontextmanager
    async def open_door(*, as_function: bool = False) -> AsyncIterator[Any]:
        webhook = Webhook(url="https://office.example/tg", secret=SECRET)
        channel = make_channel(webhook=webhook)
        await channel.start(taken.take)
        await until(lambda: len(telegram.of("setMyCommands")) == 3)
        if as_function:
            yield channel.endpoint
            return
        async with door(channel.endpoint) as client:
            yield client

    return open_door


async def status_of(endpoint: Any, update: Any, secret: str) -> int:
    """Knock without a client, which is slow."""
    body = json.dumps(update).encode()
    return await knock(endpoint, [{"type": "http.request", "body": body}], secret)


async def knock(
    endpoint: Any, messages: list[Any], secret: str, *more: tuple[bytes, bytes]
) -> int:
    """Bring a request in the pieces in which a server hands it over."""
    headers = [(HEADER.lower().encode(), secret.encode()), *more]
    coming, said = iter(messages), []

    async def receive() -> Any:
        return next(coming)

    async def send(message: Any) -> None:
        said.append(message)

    await endpoint({"type": "http", "headers": headers}, receive, send)
    assert not said[-1].get("more_body")
    return said[0]["status"]


def post(client: httpx.AsyncClient, content: Any, secret: str | None = SECRET) -> Any:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {} if secret is None else {HEADER: secret}
    return client.post("/tg", content=body, headers=headers)


async def test_what_is_kept_is_confirmed(
    behind: Callable[[], Any], telegram: FakeTelegram, taken: Taken
) -> None:
    async with behind() as client:
        answer = await post(client, said.said("你好"))

    assert answer.status_code == 200
    assert taken.texts == ["你好"]
    (call,) = telegram.of("setWebhook")
    assert call.parameters["secret_token"] == SECRET
    assert call.parameters["allowed_updates"] == list(ALLOWED_UPDATES)
    assert "drop_pending_updates" not in call.parameters
    assert telegram.of("getUpdates") == []


@pytest.mark.parametrize(
    "secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper(), "\xfc\xff"]
)
async def test_whoever_lacks_the_secret_stays_outside(
    behind: Callable[[], Any], taken: Taken, secret: str | None
) -> None:
    headers = {} if secret is None else {HEADER: secret.encode("latin-1")}
    async with behind() as client:
        content = json.dumps(said.said("假")).encode()
        answer = await client.post("/tg", content=content, headers=headers)

    assert answer.status_code == 403
    assert taken.letters == []


async def test_what_is_not_kept_is_not_confirmed(
    behind: Callable[[], Any], taken: Taken
) -> None:
    taken.fails += [StoreError("away")]
    update = said.said("你好")
    async with behind() as client:
        first, second = await post(client, update), await post(client, update)

    assert (first.status_code, second.status_code) == (503, 200)
    assert taken.texts == ["你好"]


async def test_before_we_know_who_we_are_nothing_is_confirmed(
    make_channel: Callable[..., TelegramChannel],
) -> None:
    channel = make_channel(webhook=Webhook(url="https://x.example/", secret=SECRET))
    async with door(channel.endpoint) as client:
        assert (await post(client, said.said("你好"))).status_code == 503


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b'{"message": 1}'])
async def test_what_cannot_be_read_is_kept_for_the_office(
    behind: Callable[[], Any], taken: Taken, body: bytes
) -> None:
    async with behind() as client:
        answer = await post(client, body)

    assert answer.status_code == 200
    assert len(taken.unreadable) == 1
    assert taken.letters == []


async def test_a_body_that_is_too_long_is_not_read() -> None:
    kept: list[bytes] = []

    async def keep(body: bytes) -> None:
        kept.append(body)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 20

    async with door(WebhookDoor(keep, secret=SECRET, most_bytes=100)) as client:
        told = await post(client, b"x" * 101)
        untold = await client.post("/tg", content=endless(), headers={HEADER: SECRET})
        fits = await post(client, b"x" * 100)

    assert [told.status_code, untold.status_code, fits.status_code] == [413, 413, 200]
    assert kept == [b"x" * 100]


async def test_the_secret_is_compared_in_the_same_time_however_wrong_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    async def keep(body: bytes) -> None:
        pass

    monkeypatch.setattr("hmac.compare_digest", compare)
    door = WebhookDoor(keep, secret=SECRET)

    assert await knock(door, [], "S") == 403
    body = [{"type": "http.request", "body": b"{}"}]
    assert await knock(door, body, SECRET) == 200
    assert compared == [(b"S", SECRET.encode()), (SECRET.encode(), SECRET.encode())]


async def test_a_body_that_does_not_come_is_waited_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[bytes] = []

    async def keep(body: bytes) -> None:
        kept.append(body)

    async def receive() -> Any:
        return first.pop() if first else await asyncio.sleep(3600)

    async def send(message: Any) -> None:
        statuses.append(message.get("status"))

    assert webhook._SLOWEST == 15.0
    monkeypatch.setattr(webhook, "_SLOWEST", 0.05)
    first = [{"type": "http.request", "body": b"{", "more_body": True}]
    statuses: list[int | None] = []
    scope = {"type": "http", "headers": [(HEADER.lower().encode(), SECRET.encode())]}
    async with asyncio.timeout(10):
        await WebhookDoor(keep, secret=SECRET)(scope, receive, send)

    assert statuses[0] == 408
    assert kept == []


async def test_telegram_is_told_how_many_calls_it_may_make_at_once(
    make_channel: Callable[..., TelegramChannel], telegram: FakeTelegram, taken: Taken
) -> None:
    usual = Webhook(url="https://office.example/tg", secret=SECRET)
    few = Webhook(url="https://office.example/tg", secret=SECRET, connections=7)
    for one in (usual, few):
        channel = make_channel(webhook=one)
        await channel.start(taken.take)
        await until(lambda: telegram.webhook["url"])
        await channel.stop()
        telegram.webhook = {"url": ""}

    told = [one.parameters["max_connections"] for one in telegram.of("setWebhook")]
    assert told == [40, 7]


async def test_a_body_that_is_declared_too_long_is_not_even_waited_for() -> None:
    kept: list[bytes] = []

    async def keep(body: bytes) -> None:
        kept.append(body)

    door = WebhookDoor(keep, secret=SECRET, most_bytes=100)
    fits = [{"type": "http.request", "body": b"x" * 100}]

    assert await knock(door, [], SECRET, (b"content-length", b"101")) == 413
    assert await knock(door, fits, SECRET, (b"content-length", b"100")) == 200
    assert kept == [b"x" * 100]


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ({"type": "http.request", "body": b"c", "more_body": False}, 200),
        ({"type": "http.disconnect"}, 408),
    ],
)
async def test_a_body_is_kept_when_its_last_piece_has_come(
    last: dict[str, Any], status: int
) -> None:
    kept: list[bytes] = []

    async def keep(body: bytes) -> None:
        kept.append(body)

    piece = {"type": "http.request", "more_body": True}
    pieces = [piece | {"body": b"a"}, piece, piece | {"body": b"b"}, last]

    assert await knock(WebhookDoor(keep, secret=SECRET), pieces, SECRET) == status
    assert kept == ([b"abc"] if status == 200 else [])


@pytest.mark.parametrize("secret", ["", "a b", "密", "x" * 257, "a\n"])
def test_no_door_without_a_lock(secret: str) -> None:
    with pytest.raises(SettingsError):
        WebhookDoor(lambda body: asyncio.sleep(0), secret=secret)
    with pytest.raises(SettingsError) as caught:
        Webhook(url="https://office.example/tg", secret=secret)
    assert not secret or secret not in str(caught.value)


@pytest.mark.parametrize("url", ["", "http://office.example/tg", "office.example"])
def test_a_webhook_needs_an_address_that_telegram_takes(url: str) -> None:
    with pytest.raises(SettingsError):
        Webhook(url=url, secret=SECRET)


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(Webhook(url="https://x.example/", secret=SECRET))


def test_a_channel_that_polls_has_no_door(channel: TelegramChannel) -> None:
    with pytest.raises(SettingsError):
        _ = channel.endpoint


async def test_of_ten_thousand_only_the_true_ones_are_kept(
    behind: Callable[[], Any], taken: Taken
) -> None:
    """Doubled, out of order and forged; doubles are the inbox's business."""
    chance = random.Random(4)
    updates = [said.said(str(n)) for n in range(3000)]
    posts = [(one, SECRET) for one in (*updates, *updates)]
    posts += [(one, chance.choice(["", "Sehr", "x"])) for one in updates[:2000]]
    posts += [(said.said("假"), "") for _ in range(2000)]
    chance.shuffle(posts)
    async with behind(as_function=True) as endpoint:
        answers = [await status_of(endpoint, *one) for one in posts]

    assert answers == [200 if secret == SECRET else 403 for _, secret in posts]
    ids = [letter.product_id for letter in taken.letters]
    assert len(ids) == 6000
    assert set(ids) == {str(one["update_id"]) for one in updates}


async def test_who_looks_too_often_whether_it_is_set_waits_as_long_as_told(
    behind: Callable[[], Any],
    telegram: FakeTelegram,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.telegram.listening.LOOK_EVERY", 0.01)
    telegram.expect("getWebhookInfo", flood(1))

    async with behind():
        await until(lambda: telegram.of("getWebhookInfo"))
        began = asyncio.get_running_loop().time()
        await until(lambda: len(telegram.of("getWebhookInfo")) > 1)

    assert asyncio.get_running_loop().time() - began > 0.5
