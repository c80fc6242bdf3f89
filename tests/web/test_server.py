"""`/healthz` and `/metrics`: green, red, and nothing about people."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from bot.database import Database
from bot.errors import SettingsError, StoreError
from bot.mail import alarms, outbox
from bot.mail.beats import PERIODS, record_beat
from bot.mail.hearing import record_hearing
from bot.mail.lanes import open_lane
from bot.mail.ledger import Outcome
from bot.messages import Incoming
from bot.model import Delivery, DeliveryStatus, Letter, LetterStatus, Priority
from bot.web import heads
from bot.web.metrics import Metrics
from bot.web.server import doors, listen_on, serve
from handlers.health import Health, look

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HALF = b"GET /healthz HTTP/1.1\r\nHost: bot\r\n"
ADDRESS = "secret-address-4711"


@pytest.fixture
async def office(database: Database) -> Database:
    """Give a store on which all is well: every beat has just come."""
    async with database.writing() as session:
        await open_lane(session, "telegram")
        for name in PERIODS:
            await record_beat(session, name, at=NINE)
    return database


async def get(
    database: Database,
    path: str = "/healthz",
    *,
    now: datetime = NINE,
    own: dict[str, timedelta] | None = None,
    metrics: Metrics | None = None,
) -> httpx.Response:
    async def see() -> Health:
        async with database.reading() as session:
            return await look(session, now=now, since=NINE, own=own)

    door = httpx.ASGITransport(doors(see, metrics or Metrics()))
    async with httpx.AsyncClient(transport=door, base_url="http://bot") as client:
        return await client.get(path)


async def put(session: AsyncSession, key: str, *, due_at: datetime = NINE) -> None:
    to = outbox.Addressee(recipient="chat:x", lane="telegram", address=ADDRESS)
    await outbox.post(
        session,
        key=key,
        to=to,
        requests=[f"words of {key}"],
        priority=Priority.NUDGE,
        due_at=due_at,
    )


async def test_it_is_green_where_all_is_well(office: Database) -> None:
    response = await get(office)

    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert set(response.json()["beats"]) == set(PERIODS)


@pytest.mark.parametrize(
    ("later", "status"),
    [
        (timedelta(seconds=9), 200),
        (timedelta(seconds=11), 503),
        (timedelta(hours=-3), 200),  # the clock was set back
    ],
)
async def test_it_turns_red_when_the_clock_stands_still(
    office: Database, later: timedelta, status: int
) -> None:
    response = await get(office, now=NINE + later)

    assert response.status_code == status
    assert response.json()["beats"]["ring"]["late"] is (status == 503)


async def test_our_own_clock_counts_though_others_beat(office: Database) -> None:
    own = dict.fromkeys(PERIODS, timedelta(0)) | {"recover": timedelta(seconds=46)}

    response = await get(office, own=own)

    assert response.status_code == 503
    assert response.json()["beats"]["recover"]["late"] is True


async def test_a_beat_that_never_came_is_as_old_as_the_process(
    database: Database,
) -> None:
    assert (await get(database, now=NINE + timedelta(seconds=5))).status_code == 200
    assert (await get(database, now=NINE + timedelta(seconds=20))).status_code == 503


async def beat_all(database: Database, at: datetime) -> None:
    async with database.writing() as session:
        for name in PERIODS:
            await record_beat(session, name, at=at)


@pytest.mark.parametrize(
    ("minutes", "status"), [(4, 200), (6, 503)], ids=["soon", "too late"]
)
async def test_it_turns_red_when_a_lane_stands_still(
    office: Database, minutes: int, status: int
) -> None:
    async with office.writing() as session:
        await put(session, "one")
    later = NINE + timedelta(minutes=minutes)
    await beat_all(office, later)

    response = await get(office, now=later)

    assert response.status_code == status
    lane = response.json()["lanes"]["telegram"]
    assert lane["stuck"] is (status == 503)
    assert lane["depth"] == {"waiting": 1}
    assert lane["oldest"] == minutes * 60


async def settle(session: AsyncSession, status: DeliveryStatus, at: datetime) -> None:
    delivery = (await session.scalars(select(Delivery).limit(1))).one()
    delivery.status, delivery.settled_at = status, at


@pytest.mark.parametrize(
    ("status", "code"),
    [(DeliveryStatus.SENT, 200), (DeliveryStatus.WAITING, 503)],
    ids=["something was sent", "it was only tried"],
)
async def test_a_long_queue_that_moves_is_not_late(
    office: Database, status: DeliveryStatus, code: int
) -> None:
    later = NINE + timedelta(minutes=20)
    async with office.writing() as session:
        await put(session, "one")
        await settle(session, status, later - timedelta(minutes=1))
        await put(session, "two")
    await beat_all(office, later)

    assert (await get(office, now=later)).status_code == code


async def test_what_is_due_tomorrow_is_not_late(office: Database) -> None:
    async with office.writing() as session:
        await put(session, "one", due_at=NINE + timedelta(days=1))
    later = NINE + timedelta(hours=5)
    await beat_all(office, later)

    assert (await get(office, now=later)).status_code == 200


async def test_letters_and_alarms_are_counted_and_nobody_is_named(
    office: Database,
) -> None:
    async with office.writing() as session:
        incoming = Incoming(
            channel="telegram", address=ADDRESS, text="我的密码是 geheim", at=NINE
        )
        session.add(
            Letter(
                channel="telegram",
                product_id="1",
                chat=ADDRESS,
                incoming=incoming,
                status=LetterStatus.WAITING,
                received_at=NINE,
                due_at=NINE,
            )
        )
        await put(session, "geheim")
        await alarms.raise_alarm(session, "letters", "有来信没有答复", NINE)

    health = await get(office, now=NINE + timedelta(seconds=3))
    metrics = await get(office, "/metrics")

    assert health.json()["letters"] == {"oldest": 3.0, "waiting": 1, "dead": 0}
    assert health.json()["alarms"] == ["letters"]
    for text in (health.text, metrics.text):
        assert ADDRESS not in text
        assert "geheim" not in text


async def test_metrics_tell_sends_queues_letters_and_beats(office: Database) -> None:
    metrics = Metrics()
    for seconds in (0.02, 3.0):
        outcome = Outcome(id=1, status=DeliveryStatus.SENT)
        metrics.observe("telegram", outcome, seconds)
    async with office.writing() as session:
        await put(session, "one", due_at=NINE - timedelta(seconds=30))

    text = (await get(office, "/metrics", metrics=metrics)).text

    for line in (
        'planbot_sends_total{lane="telegram",outcome="sent"} 2.0',
        'planbot_send_seconds_bucket{lane="telegram",le="0.025"} 1.0',
        'planbot_send_seconds_bucket{lane="telegram",le="5.0"} 2.0',
        'planbot_deliveries{lane="telegram",status="waiting"} 1.0',
        'planbot_deliveries{lane="telegram",status="unknown"} 0.0',
        'planbot_oldest_due_seconds{lane="telegram"} 30.0',
        'planbot_letters{status="waiting"} 0.0',
        'planbot_beat_age_seconds{beat="ring"} 0.0',
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
@pytest.mark.parametrize("error", [StoreError("away"), ValueError("a fault of ours")])
async def test_it_is_red_where_the_store_does_not_answer(
    path: str, error: Exception
) -> None:
    async def see() -> Health:
        raise error

    door = httpx.ASGITransport(doors(see, Metrics()))
    async with httpx.AsyncClient(transport=door, base_url="http://bot") as client:
        response = await client.get(path)

    assert response.status_code == 503
    assert str(error) not in response.text


@pytest.mark.parametrize(
    ("seconds", "status"), [(119, 200), (121, 503)], ids=["just now", "long ago"]
)
async def test_it_turns_red_when_a_channel_hears_nothing(
    office: Database, seconds: int, status: int
) -> None:
    now = NINE + timedelta(seconds=seconds)
    await beat_all(office, now)
    async with office.writing() as session:
        await record_hearing(
            session, "telegram", heard_at=NINE, since=NINE, trouble="Conflict"
        )

    async def see() -> Health:
        async with office.reading() as session:
            return await look(session, now=now, since=NINE, channels=["telegram"])

    door = httpx.ASGITransport(doors(see, Metrics()))
    async with httpx.AsyncClient(transport=door, base_url="http://bot") as client:
        response = await client.get("/healthz")
        metrics = (await client.get("/metrics")).text

    assert response.status_code == status
    assert response.json()["hearing"] == {
        "telegram": {"age": seconds, "deaf": status == 503, "trouble": "Conflict"}
    }
    assert f'planbot_heard_age_seconds{{channel="telegram"}} {seconds}.0' in metrics


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/telegram/abc", 202),
        ("GET", "/telegram/abc", 405),
        ("POST", "/telegram", 404),
        ("POST", "/telegram/abc/", 404),
        ("POST", "/telegram/abc/more", 404),
        ("POST", "/healthz", 405),
        ("POST", "/", 404),
    ],
)
async def test_a_product_may_post_to_its_own_path_alone(
    method: str, path: str, status: int
) -> None:
    async def see() -> Health:
        raise StoreError("away")

    taken = {"/telegram/abc": Response(status_code=202)}
    door = httpx.ASGITransport(doors(see, Metrics(), taken))
    async with httpx.AsyncClient(transport=door, base_url="http://bot") as client:
        assert (await client.request(method, path)).status_code == status


@asynccontextmanager
async def served(look: Callable[[], object]) -> AsyncIterator[str]:
    stop = asyncio.Event()
    door = listen_on("127.0.0.1:0")
    host, port = door.getsockname()
    serving = asyncio.create_task(
        serve(doors(look, Metrics()), door, until=stop)  # type: ignore[arg-type]
    )
    yield f"http://{host}:{port}"
    stop.set()
    async with asyncio.timeout(5):
        await serving


async def test_it_is_served_and_stops_when_it_is_told(office: Database) -> None:
    async def see() -> Health:
        async with office.reading() as session:
            return await look(session, now=NINE, since=NINE)

    async with served(see) as url, httpx.AsyncClient() as client:
        assert (await client.get(f"{url}/healthz")).status_code == 200
        assert (await client.get(f"{url}/")).status_code == 404


@pytest.mark.parametrize(
    ("said", "asks_first"), [(b"", False), (HALF, False), (HALF, True)]
)
async def test_who_does_not_say_what_he_wants_is_shown_the_door(
    monkeypatch: pytest.MonkeyPatch, said: bytes, asks_first: bool
) -> None:
    async def see() -> Health:
        raise StoreError("away")

    monkeypatch.setattr(heads, "SLOWEST", 0.1)
    async with served(see) as url, asyncio.timeout(20):
        host, _, port = url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        if asks_first:
            writer.write(b"GET /none HTTP/1.1\r\nHost: bot\r\n\r\n")
            assert b" 404 " in await reader.readuntil(b"\r\n\r\nNot Found")
        writer.write(said)
        assert await reader.read() == b""  # it is closed
        writer.close()


async def test_who_is_being_answered_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, office: Database
) -> None:
    async def see() -> Health:
        await asyncio.sleep(0.4)
        async with office.reading() as session:
            return await look(session, now=NINE, since=NINE)

    monkeypatch.setattr(heads, "SLOWEST", 0.1)
    async with served(see) as url, httpx.AsyncClient() as client:
        for _ in range(2):
            assert (await client.get(f"{url}/healthz")).status_code == 200


def test_an_address_that_is_taken_is_told_with_the_key() -> None:
    with listen_on("127.0.0.1:0") as first:
        _, port = first.getsockname()
        with pytest.raises(SettingsError) as caught:
            listen_on(f"127.0.0.1:{port}")

    assert "web.listen" in caught.value.reply
    assert str(port) in caught.value.reply
    assert "占用" in caught.value.reply


async def test_the_lane_of_a_channel_that_was_removed_is_not_red_for_ever(
    office: Database,
) -> None:
    later = NINE + timedelta(hours=1)
    await beat_all(office, later)
    async with office.writing() as session:
        await open_lane(session, "telegram")
        await put(session, "left")

    async with office.reading() as session:
        removed = await look(session, now=later, since=NINE, lanes=["wecom"])
        served = await look(session, now=later, since=NINE, lanes=["telegram"])

    assert removed.is_good
    assert not removed.lanes["telegram"].served
    assert not served.is_good
