"""What takes long to make for an answer is made while others are answered."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from test_inbox import LATER, Office, said

from bot.database import Database
from bot.errors import NotReady
from bot.mail.inbox import Inbox
from bot.messages import Reply
from bot.model import Letter, LetterStatus

WANTS = "导出"


class DrawingOffice(Office):
    """An office that draws something for each 导出, until it is let end."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.draws, self.may_end = asyncio.Event(), asyncio.Event()
        self.drawn = 0

    async def serve(self, session: AsyncSession, letter: Letter) -> Reply:
        reply = await self.echo(session, letter)
        if letter.incoming and letter.incoming.text == WANTS and not self.drawn:
            raise NotReady(self.draw)
        return reply

    async def draw(self) -> None:
        self.draws.set()
        await self.may_end.wait()
        self.drawn += 1

    async def begin(self, inbox: Inbox) -> asyncio.Task[set[str]]:
        """Begin to answer an 导出; returns when it is being drawn."""
        await inbox.keep(said(WANTS))
        answering = asyncio.create_task(inbox.answer_chat("telegram", "4711"))
        await self.draws.wait()
        return answering


@pytest.fixture
def office(database: Database) -> DrawingOffice:
    return DrawingOffice(database)


@pytest.fixture
async def second(database_url: str) -> AsyncIterator[DrawingOffice]:
    """Give the office as another process sees it."""
    database = await Database.open(database_url)
    yield DrawingOffice(database)
    await database.close()


async def test_somebody_else_is_answered_while_it_is_drawn(
    office: DrawingOffice,
) -> None:
    inbox = office.inbox(office.serve)
    answering = await office.begin(inbox)

    await inbox.keep(said("您好", chat="12"))
    await inbox.answer_chat("telegram", "12")

    assert await office.sent() == ["答：您好"]
    office.may_end.set()
    assert await answering == {"telegram"}
    assert await office.sent() == ["答：您好", f"答：{WANTS}"]
    assert office.drawn == 1


async def test_a_process_that_dies_while_it_draws_loses_and_doubles_nothing(
    office: DrawingOffice, second: DrawingOffice
) -> None:
    dying = await office.begin(office.inbox(office.serve))
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    second.now, second.drawn = office.now + timedelta(minutes=1), 1

    await second.inbox(second.serve).answer_chat("telegram", "4711")

    assert await second.sent() == [f"答：{WANTS}"]
    assert await second.states() == [LetterStatus.ANSWERED]


async def test_nobody_takes_the_letter_over_while_it_is_drawn(
    office: DrawingOffice, second: DrawingOffice
) -> None:
    answering = await office.begin(office.inbox(office.serve))
    second.now, second.drawn = office.now + LATER, 1

    assert await second.inbox(second.serve).answer_chat("telegram", "4711") == set()

    office.may_end.set()
    await answering
    assert await second.sent() == [f"答：{WANTS}"]


async def test_what_cannot_be_drawn_is_a_failed_try(office: DrawingOffice) -> None:
    async def fail() -> None:
        raise OSError("no space left")

    async def serve(session: AsyncSession, letter: Letter) -> Reply:
        raise NotReady(fail)

    inbox = office.inbox(serve)
    await inbox.keep(said(WANTS))

    await inbox.answer_chat("telegram", "4711")

    (letter,) = await office.letters()
    assert (letter.status, letter.tries) == (LetterStatus.WAITING, 1)
    assert "no space left" in letter.error
