"""httpx over aiohttp's connections: what comes and goes is the same."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from aiohttp import web

from bot.channels.wecom.transport import Transport


async def _answer(request: web.Request) -> web.StreamResponse:
    if "hang" in request.query:
        await asyncio.sleep(60)
    if "cut" in request.query:
        assert request.transport
        request.transport.abort()
    if "away" in request.query:
        raise web.HTTPFound("/elsewhere")
    body = await request.read()
    answer = web.Response(body=f"{request.query.get('a')} {len(body)}".encode() * 50)
    answer.enable_compression(web.ContentCoding.gzip)
    answer.headers["X-Twice"] = "1"
    return answer


@pytest.fixture
async def place() -> AsyncIterator[str]:
    app = web.Application(client_max_size=32 * 1024 * 1024)
    app.router.add_route("*", "/x", _answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/x"
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = Transport(connections=4)
    async with httpx.AsyncClient(transport=transport, timeout=0.5) as client:
        yield client
    await transport.aclose()


@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
async def test_bodies_of_any_size_arrive_and_answers_are_unpacked(
    http: httpx.AsyncClient, place: str, size: int
) -> None:
    answer = await http.post(place, params={"a": "b c/=&+"}, content=b"x" * size)

    assert answer.text == f"b c/=&+ {size}" * 50
    assert answer.headers["x-twice"] == "1"


async def test_a_part_of_an_answer_may_be_left_unread(
    http: httpx.AsyncClient, place: str
) -> None:
    for _ in range(10):
        async with http.stream("GET", place) as answer:
            assert answer.status_code == 200


async def test_nobody_is_followed_elsewhere(
    http: httpx.AsyncClient, place: str
) -> None:
    assert (await http.get(place, params={"away": "1"})).status_code == 302


@pytest.mark.parametrize("fault", ["hang", "cut"])
async def test_a_request_that_left_is_never_told_as_not_reached(
    http: httpx.AsyncClient, place: str, fault: str
) -> None:
    with pytest.raises(httpx.ReadError) as caught:
        await http.post(place, params={fault: "1", "access_token": "geheim"})

    assert "geheim" not in repr(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "http://no-such-host.invalid/"]
)
async def test_who_is_not_there_is_not_reached(
    http: httpx.AsyncClient, url: str
) -> None:
    with pytest.raises((httpx.ConnectError, httpx.ConnectTimeout)):
        await http.get(url)
