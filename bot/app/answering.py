"""Answers what was said in a chat as soon as it is rung for, one task a chat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.errors import BotError

log = logging.getLogger(__name__)

Chat = tuple[str, str]
Answer = Callable[[Chat], Awaitable[None]]


class Answering:
    """The chats that are being answered in this process.

    A ring for another process goes by way of the queue; for this one it need not.
    """

    def __init__(self, answer: Answer) -> None:
        """Answer a chat by *answer*; what it raises is logged and gone."""
        self._answer = answer
        self._tasks: dict[Chat, asyncio.Task[None]] = {}
        self._again: set[Chat] = set()
        self._stopping = False

    def ring(self, chat: Chat) -> None:
        """Have a chat answered; once more if it is being answered now."""
        if self._stopping:
            return
        if chat in self._tasks:
            self._again.add(chat)
            return
        self._tasks[chat] = asyncio.create_task(self._work(chat))

    async def stop(self, *, within: float) -> None:
        """Let the answers under way end for some seconds, then cut them off."""
        self._stopping = True
        self._again.clear()
        tasks = set(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, chat: Chat) -> None:
        try:
            await self._try(chat)
            while chat in self._again:
                self._again.discard(chat)
                await self._try(chat)
        finally:
            self._again.discard(chat)
            del self._tasks[chat]

    async def _try(self, chat: Chat) -> None:
        try:
            await self._answer(chat)
        except BotError as error:  # the clock rings again
            log.warning("a chat was not answered: %s", error)
        except Exception:
            log.exception("a chat was not answered")
