"""Presses of buttons: each is answered once, and none waits long for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

PATIENCE = 1.5  # seconds that a reply has to answer a press with words of its own
_MOST = 10_000  # presses that are remembered as answered

Answer = Callable[[str, str], Awaitable[None]]
"""Answers a press, by its id, with words or with "" for none."""


class Presses:
    """Remembers which presses wait for an answer, and answers those that wait long.

    The reply to a press may say something to the one who pressed; so it goes first.
    If it is late, or says nothing, the press is answered without words.
    """

    def __init__(self, answer: Answer, *, patience: float | None = PATIENCE) -> None:
        """Answer by *answer*; with *patience* None only replies answer presses."""
        self._answer = answer
        self._patience = patience
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._answered: dict[str, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def came(self, press: str) -> None:
        """Note that a button was pressed."""
        if not press or press in self._answered or press in self._waiting:
            return
        if self._patience is not None:
            loop = asyncio.get_running_loop()
            timer = loop.call_later(self._patience, self.answer_soon, press, "")
            self._waiting[press] = timer

    def claim(self, press: str) -> bool:
        """Take it upon oneself to answer a press; False if it is answered."""
        if press in self._answered:
            return False
        if timer := self._waiting.pop(press, None):
            timer.cancel()
        self._answered[press] = None
        while len(self._answered) > _MOST:
            del self._answered[next(iter(self._answered))]
        return True

    def give_back(self, press: str) -> None:
        """Say that the answer certainly did not get through: another may be tried."""
        self._answered.pop(press, None)

    def answer_soon(self, press: str, aside: str) -> None:
        """Answer a press beside what goes on, unless it is answered."""
        if self.claim(press):
            task = asyncio.create_task(self._try_to_answer(press, aside))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _try_to_answer(self, press: str, aside: str) -> None:
        try:
            await self._answer(press, aside)
        except Exception as error:  # the press is old, or Telegram far away
            log.info("a press could not be answered: %s", type(error).__name__)

    def stop(self) -> None:
        """Answer none any more."""
        for timer in self._waiting.values():
            timer.cancel()
        self._waiting.clear()
        for task in self._tasks:
            task.cancel()
