"""No code stays in the letter that brought it, whatever becomes of that."""

import random
from collections.abc import Sequence

import pytest
from front_door import LANE, NINE, OWN
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.database import Database
from bot.mail.commits import GroupCommit
from bot.mail.inbox import TRIES, AnswerLetters, Inbox
from bot.mail.letters import Asked
from bot.messages import Incoming, Reply
from bot.model import Letter, LetterStatus, Person, Role
from handlers import reception
from handlers.desk import Desk
from handlers.invite import invite


@pytest.fixture
async def code(database: Database) -> str:
    async with database.writing() as session:
        person = Person(name="王敏", department=OWN, role=Role.LIAISON)
        session.add(person)
        await session.flush()
        return (await invite(session, person, by="李主任", at=NINE)).code


def inbox_of(database: Database, answer: AnswerLetters) -> Inbox:
    return Inbox(
        writing=database.writing,
        reading=database.reading,
        commits=GroupCommit(database.writing),
        answer=answer,
        write=lambda lane, address, reply: (reply.text,),
        clock=lambda: NINE,
        random=random.random,
    )


def said(words: str, **more: bool) -> Incoming:
    return Incoming(
        channel=LANE, address="7", text=words, at=NINE, product_id="1", **more
    )


async def kept(database: Database) -> tuple[LetterStatus, str]:
    async with database.reading() as session:
        letter = (await session.scalars(select(Letter))).one()
    assert letter.incoming
    return letter.status, letter.incoming.text


async def test_a_code_is_masked_with_its_effect(
    database: Database, desk: Desk, code: str
) -> None:
    async def answer(
        session: AsyncSession, letters: Sequence[Asked]
    ) -> list[Reply | None]:
        (letter,) = letters
        assert letter.incoming
        account = await roster.account_for(session, channel=LANE, address="7")
        reply = await reception.receive(
            session,
            letter.incoming,
            account,
            desk=desk,
            departments=desk.departments,
            at=NINE,
        )
        return [reply]

    inbox = inbox_of(database, answer)
    await inbox.keep(said(f"我的绑定码是 {code}"))
    await inbox.answer_chat(LANE, "7")

    assert await kept(database) == (LetterStatus.ANSWERED, "我的绑定码是 ****")


async def test_a_code_in_a_correction_is_never_kept(
    database: Database, code: str
) -> None:
    async def answer(session: AsyncSession, letters: object) -> list[Reply | None]:
        raise AssertionError("it is not answered")

    inbox = inbox_of(database, answer)
    await inbox.keep(said(f"绑定 {code}", edited=True))
    await inbox.answer_chat(LANE, "7")

    assert await kept(database) == (LetterStatus.IGNORED, "绑定 ****")


async def test_a_code_in_a_letter_that_is_given_up_is_masked(
    database: Database, code: str
) -> None:
    async def answer(session: AsyncSession, letters: object) -> list[Reply | None]:
        raise RuntimeError("a poison letter")

    inbox = inbox_of(database, answer)
    await inbox.keep(said(code))
    async with database.writing() as session:
        (await session.scalars(select(Letter))).one().tries = TRIES
    await inbox.answer_chat(LANE, "7")

    assert await kept(database) == (LetterStatus.DEAD, "****")
