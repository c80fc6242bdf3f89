"""A chat that is rung for is answered at once, by one task a chat."""

import asyncio

from bot.app.answering import Answering, Chat
from bot.errors import StoreError

LI, WANG = ("telegram", "1"), ("telegram", "2")


class Desk:
    """Answers chats as soon as it may, and notes them; those of *wrong* fail."""

    def __init__(self, *wrong: Exception) -> None:
        self.begun: list[Chat] = []
        self.may = asyncio.Event()
        self._wrong = [*wrong]

    async def answer(self, chat: Chat) -> None:
        self.begun.append(chat)
        await self.may.wait()
        if self._wrong:
            raise self._wrong.pop(0)


async def some_turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_rings_while_a_chat_is_answered_are_one_more_answer() -> None:
    desk = Desk()
    answering = Answering(desk.answer)
    answering.ring(LI)
    await some_turns()
    for _ in range(3):
        answering.ring(LI)
    answering.ring(WANG)
    await some_turns()
    assert desk.begun == [LI, WANG]
    desk.may.set()
    await some_turns()
    assert desk.begun == [LI, WANG, LI]


async def test_what_an_answer_raises_is_the_end_of_nothing() -> None:
    desk = Desk(StoreError("gone"), ValueError("wrong"))
    desk.may.set()
    answering = Answering(desk.answer)
    for _ in range(3):
        answering.ring(LI)
        await some_turns()
    assert desk.begun == [LI] * 3


async def test_to_stop_is_to_cut_off_what_is_late_and_begin_nothing() -> None:
    desk = Desk()
    answering = Answering(desk.answer)
    answering.ring(LI)
    answering.ring(LI)
    await some_turns()
    await answering.stop(within=0.01)
    answering.ring(WANG)
    await some_turns()
    assert desk.begun == [LI]
