"""What answers quoted is entered in the audit, at the clock's next beat."""

from datetime import timedelta

import pytest
from front_door import LANE, NINE, OWN, FrontDoor
from sqlalchemy import select

from bot import audit, roster
from bot.mail.letters import insert_letters
from bot.messages import Incoming
from bot.model import AuditEntry, Letter, LetterStatus
from handlers.enter_answered import enter_answered
from handlers.leave import erase


@pytest.fixture
async def bound(door: FrontDoor) -> FrontDoor:
    await door.bound("7", "王敏")
    return door


async def kept(door: FrontDoor, letter: Incoming) -> Letter:
    """Keep a letter as the inbox does, and answer it."""
    row = {
        "channel": letter.channel,
        "product_id": letter.product_id,
        "chat": letter.conversation,
        "incoming": letter,
        "status": LetterStatus.ANSWERED,
    }
    (made,) = await insert_letters(door.session, [row], at=door.now)
    assert made
    await door.hear(letter)
    found = await door.session.get(Letter, made.id, populate_existing=True)
    assert found
    found.settled_at = door.now
    await door.session.flush()
    return found


async def entered(door: FrontDoor) -> list[AuditEntry]:
    while await enter_answered(door.session, since=None):
        pass
    query = select(AuditEntry).where(AuditEntry.event == "query.answered")
    return list(await door.session.scalars(query.order_by(AuditEntry.id)))


async def test_the_clauses_of_an_answer_are_entered_with_who_asked(
    bound: FrontDoor,
) -> None:
    letter = await kept(bound, bound.letter("7", "科学副校长由谁负责"))

    [entry] = await entered(bound)

    assert (entry.actor, entry.department) == ("王敏", OWN)
    assert (entry.channel, entry.about) == (LANE, f"letter:{letter.id}")
    assert entry.at == letter.settled_at
    assert entry.detail["doc"]
    assert entry.detail["clauses"]
    assert "副校长" not in str(entry.detail)


async def test_an_answer_is_entered_once(bound: FrontDoor) -> None:
    await kept(bound, bound.letter("7", "科学副校长由谁负责"))

    assert len(await entered(bound)) == len(await entered(bound)) == 1


async def test_a_list_is_entered_with_all_its_clauses(bound: FrontDoor) -> None:
    letter = bound.letter("7", "我们负责哪些任务")
    await kept(bound, letter)
    reply = await bound.hear(letter)
    assert reply

    [entry] = await entered(bound)

    assert entry.detail["clauses"] == [task.id for task in reply.tasks]


@pytest.mark.parametrize(
    "words", ["你好", "谢谢", "月球基地由谁建设", "帮助", "把文件发给我"]
)
async def test_what_quotes_nothing_is_no_answer_out_of_a_plan(
    bound: FrontDoor, words: str
) -> None:
    await kept(bound, bound.letter("7", words))

    assert await entered(bound) == []


async def test_a_date_is_entered_with_the_clause_that_tells_it(
    bound: FrontDoor,
) -> None:
    letter = bound.letter("7", "半年报什么时候交")
    reply = await bound.hear(letter)
    await kept(bound, letter)

    [entry] = await entered(bound)

    assert reply
    assert entry.detail["clauses"]
    assert all(clause in reply.text for clause in entry.detail["clauses"])


async def test_what_was_answered_long_before_is_left_to_the_night(
    bound: FrontDoor,
) -> None:
    await kept(bound, bound.letter("7", "科学副校长由谁负责"))

    since = NINE + timedelta(days=1)
    assert await enter_answered(bound.session, since=since) == 0
    assert len(await entered(bound)) == 1


async def test_it_is_entered_before_its_letter_is_erased(bound: FrontDoor) -> None:
    await kept(bound, bound.letter("7", "科学副校长由谁负责"))
    [person] = await roster.people_named(bound.session, "王敏")

    await erase(bound.session, person, by="李主任", at=bound.now, papers=None)

    [entry] = await entered(bound)
    assert entry.detail["clauses"]


async def test_at_the_terminal_it_is_entered_at_once(bound: FrontDoor) -> None:
    await bound.hear(
        Incoming(channel="console", address="8", text="科学副校长由谁负责", at=NINE)
    )

    [entry] = await audit.entries(bound.session, limit=1)
    assert entry.event == "query.answered"
