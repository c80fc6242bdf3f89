"""Tells in a message that grows that a large file is under way, and then there.

Source: WeCom's page on long connections (101463): all frames of a stream go by the
request that they answer and have its id; six minutes after the first it takes none.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256

from bot.channels.wecom.errors import ApiError
from bot.channels.wecom.link import Link
from bot.channels.wecom.robot_call import Body
from bot.channels.wecom.splitting import Dialect, escape
from bot.errors import DeliveryError


@asynccontextmanager
async def announced(link: Link, req_id: str, *, name: str) -> AsyncIterator[None]:
    """Say in answer to a message that the file *name* is being uploaded inside.

    The words are a courtesy: the file goes out though they do not. Whoever tries again
    finds the words that are there, and adds none.
    """
    number = sha256(f"{req_id} {name}".encode()).hexdigest()[:32]
    name = escape(name, Dialect.SECOND)
    await _show(link, req_id, _frame(number, f"正在上传《{name}》，请稍候。"))
    try:
        yield
    except Exception:
        words = f"《{name}》还没有传成，稍后再试。"
        await _show(link, req_id, _frame(number, words, finish=True))
        raise
    words = f"《{name}》已传好，见下条。"
    await _show(link, req_id, _frame(number, words, finish=True))


def _frame(number: str, words: str, *, finish: bool = False) -> Body:
    stream = {"id": number, "finish": finish, "content": words}
    return {"msgtype": "stream", "stream": stream}


async def _show(link: Link, req_id: str, frame: Body) -> None:
    with suppress(ApiError, DeliveryError):
        await link.ask("aibot_respond_msg", frame, req_id=req_id)
