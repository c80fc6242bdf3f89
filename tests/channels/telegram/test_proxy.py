"""A proxy from the settings: all that goes to Telegram and comes from it."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import said
from aiohttp import ClientSession, web
from fake_api import FakeTelegram
from taking import Taken, until

from bot.channels.telegram import TelegramChannel
from bot.errors import NotSent
from bot.messages import Attachment, Reply

PASSWORD = b64encode(b"user:k3nnwort").decode()


class ForwardProxy:
    """Hands requests on for whoever knows the password, and notes what they are."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.port = 0

    async def handle(self, request: web.BaseRequest) -> web.Response:
        if request.headers.get("Proxy-Authorization") != f"Basic {PASSWORD}":
            return web.Response(status=407)
        self.seen.append(request.raw_path.rpartition("/")[2])
        headers = {"Content-Type": request.headers.get("Content-Type", "")}
        async with (
            ClientSession() as session,
            session.request(
                request.method,
                request.raw_path,  # the whole address, as proxies are told it
                data=await request.read(),
                headers=headers,
            ) as answer,
        ):
            return web.Response(status=answer.status, body=await answer.read())


@pytest.fixture
async def proxy() -> AsyncIterator[ForwardProxy]:
    proxy = ForwardProxy()
    runner = web.ServerRunner(web.Server(proxy.handle), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    proxy.port = runner.addresses[0][1]
    yield proxy
    await runner.cleanup()


async def test_calls_polls_and_files_go_through_the_proxy(
    make_channel: Callable[..., TelegramChannel],
    telegram: FakeTelegram,
    taken: Taken,
    proxy: ForwardProxy,
    tmp_path: Path,
) -> None:
    channel = make_channel(proxy=f"http://user:k3nnwort@127.0.0.1:{proxy.port}")
    telegram.files["f1"] = b"content"
    telegram.tell(said.said("你好"))
    file = tmp_path / "a"
    file.write_bytes(b"content")
    paper = Attachment(name="年报.docx", at=str(file))

    await channel.start(taken.take)
    await until(lambda: taken.texts)
    for request in channel.write("4711", Reply("您好", attachments=(paper,))):
        await channel.send("4711", request)
    assert await channel.fetch(Attachment(name="a", at="f1")) == b"content"

    sent = {"sendMessage", "sendDocument", "getFile", "f1"}
    assert {"getMe", "getUpdates", *sent} <= set(proxy.seen)
    through = [one for one in proxy.seen if one != "f1"]
    assert sorted(through) == sorted(call.method for call in telegram.calls)


async def test_a_proxy_that_refuses_us_let_nothing_through(
    make_channel: Callable[..., TelegramChannel],
    telegram: FakeTelegram,
    proxy: ForwardProxy,
) -> None:
    channel = make_channel(proxy=f"http://user:wrong@127.0.0.1:{proxy.port}")
    (request,) = channel.write("4711", Reply("您好"))

    with pytest.raises(NotSent) as caught:
        await channel.send("4711", request)

    assert caught.value.everywhere
    assert "wrong" not in str(caught.value)
    assert telegram.calls == []
