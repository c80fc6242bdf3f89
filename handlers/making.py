"""What takes long to make, such as pictures: made outside any transaction."""

import asyncio
from collections.abc import Callable
from typing import TypeVar, cast

from bot.errors import NotReady
from bot.reports.papers import Papers

T = TypeVar("T")


def made(papers: Papers, key: str, make: Callable[[], T]) -> T:
    """Return what *make* made for *key*, to whoever asks for it the second time.

    Raises NotReady the first time. *make* runs in a thread, and after the transaction
    was undone: it may use nothing that was read as rows of the store.
    """
    if key in papers.made:
        return cast(T, papers.made.pop(key))

    async def make_and_keep() -> None:
        papers.made[key] = await asyncio.to_thread(make)

    raise NotReady(make_and_keep)
