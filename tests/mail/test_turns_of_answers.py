"""Answers keep the store no longer at a time than the product in haste allows."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.telegram.channel import MANNERS as TELEGRAM
from bot.channels.wecom.app import MANNERS as WECOM
from bot.database import Database
from bot.mail.commits import GroupCommit
from bot.mail.inbox import Inbox
from bot.mail.letters import Asked
from bot.messages import Incoming, Reply

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def said(chat: int) -> Incoming:
    return Incoming(
        channel="telegram", address=str(chat), text="问", at=NOON, product_id=str(chat)
    )


@pytest.mark.parametrize(("longest_turn", "is_short"), [(1e-6, True), (60.0, False)])
async def test_a_short_turn_answers_few_together(
    database: Database, longest_turn: float, is_short: bool
) -> None:
    sizes: list[int] = []

    async def answer(
        session: AsyncSession, letters: Sequence[Asked]
    ) -> list[Reply | None]:
        sizes.append(len(letters))
        return [Reply("答")] * len(letters)

    inbox = Inbox(
        writing=database.writing,
        reading=database.reading,
        commits=GroupCommit(database.writing),
        answer=answer,
        write=lambda lane, address, reply: (reply.text,),
        clock=lambda: NOON,
        random=lambda: 0.0,
        keeps=GroupCommit(database.writing),
        longest_turn=longest_turn,
    )
    for chats in (range(4), range(4, 12)):  # the first tell how long an answer takes
        for chat in chats:
            await inbox.keep(said(chat))
        sizes.clear()
        await asyncio.gather(
            *(inbox.answer_chat("telegram", str(chat)) for chat in chats)
        )

    assert sum(sizes) == 8
    assert (max(sizes) == 1) is is_short


def test_wecom_waits_less_for_answers_than_telegram() -> None:
    assert WECOM.longest_turn < TELEGRAM.longest_turn
