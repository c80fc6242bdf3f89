"""Answers that are not read to their end give their connection up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fake_api import TOKEN
from telegram.error import NetworkError
from telegram.request import RequestData

from bot.channels.telegram.transport import MOST_BYTES, Transport


@asynccontextmanager
async def server(length: int) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Serve an answer of some length; tells when its reader has hung up."""
    is_hung_up = asyncio.Event()

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length)
        try:
            for _ in range(length // 65536):
                writer.write(b" " * 65536)
                await writer.drain()
            await reader.read()
        except ConnectionError:
            pass
        is_hung_up.set()
        writer.close()

    serving = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = serving.sockets[0].getsockname()[1]
    async with serving:
        yield f"http://127.0.0.1:{port}/bot{TOKEN}/getMe", is_hung_up


async def test_an_answer_that_is_too_long_is_not_read_to_its_end() -> None:
    transport = Transport(token=TOKEN)
    async with server(MOST_BYTES + 4 * 65536) as (url, is_hung_up):
        with pytest.raises(NetworkError, match="too long"):
            await transport.do_request(url, "POST", RequestData())
        async with asyncio.timeout(5):
            await is_hung_up.wait()
        await transport.shutdown()


async def test_whoever_is_cut_off_while_he_reads_hangs_up() -> None:
    transport = Transport(token=TOKEN)
    async with server(10) as (url, is_hung_up):  # which never come
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await transport.do_request(url, "POST", RequestData())
        async with asyncio.timeout(5):
            await is_hung_up.wait()
        await transport.shutdown()
