"""What may not be sent here is kept nowhere; who sent it hears what to do instead."""

import random
from collections.abc import Sequence

import pytest
from front_door import LANE, NINE, FrontDoor
from report_office import NUDGING
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.guard import ADVICE
from bot.mail.commits import GroupCommit
from bot.mail.inbox import Inbox
from bot.mail.letters import Asked
from bot.messages import Attachment, Incoming, Reply
from bot.model import AuditEntry, Base, Letter
from handlers.broadcast_draft import draft
from handlers.broadcast_words import Wish
from handlers.broadcasting import Hand, Unclear

SECRET = "密级：机密，附名单"
PERSON = "110101199003071233"


async def nobody(
    session: AsyncSession, letters: Sequence[Asked]
) -> Sequence[Reply | None]:
    return [None for _ in letters]


def inbox_of(database: Database) -> Inbox:
    return Inbox(
        writing=database.writing,
        reading=database.reading,
        commits=GroupCommit(database.writing),
        answer=nobody,
        write=lambda lane, address, reply: (reply.text,),
        clock=lambda: NINE,
        random=random.random,
    )


async def everything(session: AsyncSession) -> str:
    """Return all that stands in the store, as text."""
    found = []
    for table in Base.metadata.sorted_tables:
        rows = await session.execute(text(f'SELECT * FROM "{table.name}"'))
        found += [repr(tuple(row)) for row in rows]
    return "\n".join(found)


@pytest.mark.parametrize("edited", [False, True])
async def test_the_inbox_keeps_that_something_was_refused_and_no_more(
    database: Database, edited: bool
) -> None:
    said = Incoming(
        channel=LANE,
        address="7",
        text=SECRET,
        at=NINE,
        product_id="12",
        quote="名单",
        edited=edited,
        attachments=(Attachment(name="名单.docx", at="f"),),
    )
    await inbox_of(database).keep(said)

    async with database.reading() as session:
        kept = (await session.scalars(select(Letter))).one()
        stored = await everything(session)
    assert (kept.product_id, kept.received_at) == ("12", NINE)
    assert not any(word in stored for word in ("机密", "名单", "密级"))


async def test_what_could_not_be_read_is_guarded_before_it_is_kept(
    database: Database,
) -> None:
    inbox = inbox_of(database)
    raw = f'{{"text": "{PERSON}"}}'
    await inbox.keep_unreadable(channel=LANE, product_id="1", raw=raw, error=raw)

    async with database.reading() as session:
        assert PERSON not in await everything(session)


async def test_who_sends_it_is_told_the_proper_way(door: FrontDoor) -> None:
    await door.bound("7", "王敏")

    assert await door.says("7", SECRET) == ADVICE
    assert await door.says("8", "这份机密文件请查收") == ADVICE
    assert await door.says_in_group("7", SECRET) == ADVICE

    assert (await door.events()).count("guard.refused") == 3
    assert "机密" not in await everything(door.session)


async def test_a_file_with_a_mark_in_its_name_is_not_taken(door: FrontDoor) -> None:
    await door.bound("7", "王敏")
    files = (Attachment(name="机密名单.docx", at="f"),)

    assert await door.says("7", "请查收", attachments=files) == ADVICE
    assert "名单" not in await everything(door.session)


@pytest.mark.parametrize(
    "said",
    [
        PERSON,
        f"身份证{PERSON}，电话13800138000",
        f"科普专家的身份证 {PERSON} 归谁管",
        f"已报，经手人 {PERSON}",
        "银行卡 6222021234567890128",
    ],
)
async def test_who_sends_the_number_of_a_person_is_told_the_proper_way(
    door: FrontDoor, said: str
) -> None:
    await door.bound("7", "王敏")

    told = await door.says("7", said)

    assert told.startswith(ADVICE)
    assert "身份证号或银行卡号" in told
    assert await door.says("8", said) == told == await door.says_in_group("7", said)
    stored = await everything(door.session)
    assert not any(some in stored for some in (PERSON[:6], PERSON[-4:], "622202"))
    query = select(AuditEntry).where(AuditEntry.event == "guard.refused")
    entry = (await door.session.scalars(query)).all()[0]
    assert (entry.actor, entry.detail) == ("王敏", {"place": "direct"})


async def test_a_number_in_what_somebody_quotes_is_masked_and_counted(
    door: FrontDoor,
) -> None:
    await door.bound("7", "王敏")

    assert ADVICE not in await door.says("7", "帮助", quote=f"他的 {PERSON}")

    assert PERSON not in await everything(door.session)
    assert "guard.masked" in await door.events()


async def test_questions_about_secrecy_are_answered(door: FrontDoor) -> None:
    assert await door.says("7", "保密宣传教育由谁负责") != ADVICE
    assert not [one for one in await door.events() if one.startswith("guard")]


async def test_the_office_broadcasts_nothing_secret(door: FrontDoor) -> None:
    hand = Hand(
        session=door.session,
        nudging=NUDGING,
        departments=door.desk.departments,
        plans=door.desk.shelf.plans,
        by="终端",
        holder="terminal",
        at=door.now,
    )

    with pytest.raises(Unclear) as refused:
        await draft(hand, Wish(text=SECRET))
    made = await draft(hand, Wish(text=f"请 {PERSON} 周五前报"))

    assert refused.value.reply == ADVICE
    assert made
    assert PERSON not in made.text
