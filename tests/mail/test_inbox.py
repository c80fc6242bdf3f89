"""The inbox: what came in is kept once, and answered once and in order."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from postgres import postgres_server
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database, migrate
from bot.errors import NotFound, StoreError
from bot.mail.commits import GroupCommit
from bot.mail.inbox import APOLOGY, TRIES, AnswerLetters, Inbox
from bot.mail.letters import Asked
from bot.messages import Attachment, Incoming, Reply
from bot.model import AuditEntry, Delivery, Letter, LetterStatus, Priority, Request

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LATER = timedelta(seconds=10)  # longer than any pause between two tries

# Answers one chat once, in a process that dies of it.
VICTIM = """
import asyncio, os, random, sys
from datetime import UTC, datetime
from bot.database import Database, migrate
from bot.mail.commits import GroupCommit
from bot.mail.inbox import Inbox

async def answer(session, letters):
    os._exit(7)

async def main(url, at):
    database = await Database.open(url)
    inbox = Inbox(
        writing=database.writing, commits=GroupCommit(database.writing),
        reading=database.reading,
        answer=answer, write=lambda lane, address, reply: (reply.text,),
        clock=lambda: datetime.fromisoformat(at), random=random.random,
    )
    await inbox.answer_chat("telegram", "4711")
    await database.close()

asyncio.run(main(*sys.argv[1:]))
"""


AnswerLetter = Callable[[AsyncSession, Asked], Awaitable[Reply | None]]


def one_by_one(answer: AnswerLetter) -> AnswerLetters:
    """Answer each letter of a batch by *answer*."""

    async def answer_all(
        session: AsyncSession, letters: Sequence[Asked]
    ) -> list[Reply | None]:
        return [await answer(session, letter) for letter in letters]

    return answer_all


class Office:
    """A store with inboxes on it, a clock to turn, and what was answered."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOON
        self.answered: list[str] = []

    @property
    def is_on_sqlite(self) -> bool:
        return self.database._writer.dialect.name == "sqlite"

    def inbox(
        self, answer: AnswerLetter | None = None, *, answers_here: bool = False
    ) -> Inbox:
        return Inbox(
            writing=self.database.writing,
            reading=self.database.reading,
            commits=GroupCommit(self.database.writing),
            answer=one_by_one(answer or self.echo),
            write=write,
            clock=lambda: self.now,
            random=lambda: 0.0,
            answers_here=lambda: answers_here,
        )

    async def echo(self, session: AsyncSession, letter: Asked) -> Reply:
        assert letter.incoming
        await asyncio.sleep(0.001)  # others may come between
        self.answered.append(letter.incoming.text)
        return Reply(f"答：{letter.incoming.text}")

    async def letters(self) -> Sequence[Letter]:
        async with self.database.reading() as session:
            return (await session.scalars(select(Letter).order_by(Letter.id))).all()

    async def states(self) -> list[LetterStatus]:
        return [letter.status for letter in await self.letters()]

    async def sent(self) -> list[str]:
        """Return the requests in the outbox, in order."""
        query = select(Request.text).join(Delivery, Delivery.request_id == Request.id)
        async with self.database.reading() as session:
            return list(await session.scalars(query.order_by(Delivery.id)))

    async def audited(self) -> list[str]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(AuditEntry.event)))


def write(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    return tuple(reply.text.split("\f"))


def said(text: str, *, chat: str = "4711", product_id: str = "") -> Incoming:
    return Incoming(
        channel="telegram",
        address="4711",
        chat=chat,
        text=text,
        at=NOON,
        product_id=product_id or f"{chat}/{text}",
    )


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
async def second(database_url: str) -> AsyncIterator[Office]:
    """Give the office as another process sees it."""
    database = await Database.open(database_url)
    yield Office(database)
    await database.close()


async def test_a_letter_is_kept_with_all_that_was_said(office: Office) -> None:
    incoming = said("我们负责哪些任务？", product_id="77")

    assert await office.inbox().keep(incoming)

    (letter,) = await office.letters()
    assert letter.incoming == incoming
    assert (letter.channel, letter.product_id, letter.chat) == (
        "telegram",
        "77",
        "4711",
    )
    assert (letter.status, letter.received_at) == (LetterStatus.WAITING, NOON)


async def test_copies_are_kept_once_wherever_they_arrive(
    office: Office, second: Office
) -> None:
    inboxes = (office.inbox(), second.inbox())
    copies = [said("好", product_id=str(n)) for n in range(5) for _ in range(3)]

    kept = await asyncio.gather(
        *(inbox.keep(copy) for copy in copies for inbox in inboxes)
    )

    assert sum(kept) == 5
    assert len(await office.letters()) == 5


async def test_a_copy_of_an_answered_letter_changes_nothing(office: Office) -> None:
    inbox = office.inbox()
    await inbox.keep(said("好"))
    await inbox.answer_chat("telegram", "4711")

    assert not await inbox.keep(said("好"))

    assert await inbox.answer_chat("telegram", "4711") == set()
    assert office.answered == ["好"]


async def test_one_id_in_two_channels_is_two_letters(office: Office) -> None:
    inbox = office.inbox()
    for channel in ("telegram", "wecom"):
        letter = Incoming(
            channel=channel, address="1", text="好", at=NOON, product_id="5"
        )
        assert await inbox.keep(letter)


async def test_letters_without_an_id_are_all_kept(office: Office) -> None:
    inbox = office.inbox()
    for _ in range(2):
        letter = Incoming(channel="console", address="1", text="好", at=NOON)
        assert await inbox.keep(letter)


async def test_an_edited_letter_is_kept_and_does_nothing(office: Office) -> None:
    inbox = office.inbox()
    edited = Incoming(
        channel="telegram",
        address="4711",
        text="改",
        at=NOON,
        product_id="8",
        edited=True,
    )

    assert await inbox.keep(edited)

    assert await inbox.answer_chat("telegram", "4711") == set()
    assert await office.states() == [LetterStatus.IGNORED]
    assert office.answered == []


@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b", chr(0xDC00).join("ab")])
async def test_what_no_database_takes_is_replaced(office: Office, bad: str) -> None:
    assert await office.inbox().keep(said(bad, product_id=bad))

    (letter,) = await office.letters()
    assert letter.incoming
    assert letter.incoming.text == letter.product_id == "a\ufffdb"


async def test_of_a_files_name_too(office: Office) -> None:
    paper = Attachment(name="年报\ud800.docx", at="f\0")
    await office.inbox().keep(replace(said(""), attachments=(paper,)))

    (letter,) = await office.letters()
    assert letter.incoming
    (kept,) = letter.incoming.attachments
    assert (kept.name, kept.at) == ("年报\ufffd.docx", "f\ufffd")


async def test_rare_characters_are_kept_as_they_are(office: Office) -> None:
    text = "𠮷野家👨‍👩‍👧、㐂"
    await office.inbox().keep(said(text))

    (letter,) = await office.letters()
    assert letter.incoming
    assert letter.incoming.text == text


async def test_what_cannot_be_read_is_dead_and_kept_in_bounds(office: Office) -> None:
    inbox = office.inbox()
    raw = "{\0" + "好" * 200_000

    for times in range(2):
        kept = await inbox.keep_unreadable(
            channel="telegram", product_id="9", raw=raw, error="no JSON \0" * 1000
        )
        assert kept == (times == 0)

    (letter,) = await office.letters()
    assert (letter.status, letter.incoming) == (LetterStatus.DEAD, None)
    assert letter.raw.startswith("{\ufffd好")
    assert len(letter.raw) == 64 * 1024
    assert len(letter.error) == 500
    assert await inbox.chats_waiting(NOON, 10) == []


async def test_a_number_that_the_cut_goes_through_is_masked_too(office: Office) -> None:
    identity = "110101199003071233"
    raw = "x" * (64 * 1024 - 17) + identity

    await office.inbox().keep_unreadable(
        channel="telegram", product_id="9", raw=raw, error=""
    )

    (letter,) = await office.letters()
    assert identity[:17] not in letter.raw


async def test_an_id_that_another_letter_bears_already_is_told_by_its_mark(
    office: Office,
) -> None:
    inbox = office.inbox()
    first, other = said("甲", product_id="7"), said("乙", product_id="7")
    marked = replace(first, mark="8:1"), replace(other, mark="9:1")
    for letter, new in ((marked[0], True), (marked[1], True), (first, False)):
        assert await inbox.keep(letter) is new
    for letter in marked:
        assert not await inbox.keep(letter)

    assert [one.product_id for one in await office.letters()] == ["7", "7:9:1"]


async def test_what_was_kept_without_a_mark_is_a_copy_as_long_as_products_repeat(
    office: Office,
) -> None:
    inbox = office.inbox()
    await inbox.keep(said("甲", product_id="7"))
    again = replace(said("甲", product_id="7"), mark="8:1")
    assert not await inbox.keep(again)
    office.now += timedelta(days=3)

    assert await inbox.keep(again)
    assert not await inbox.keep(again)


async def test_without_an_id_what_cannot_be_read_is_known_by_its_text(
    office: Office,
) -> None:
    inbox = office.inbox()
    for raw, new in (("{", True), ("{", False), ("[", True)):
        assert new == await inbox.keep_unreadable(
            channel="telegram", product_id="", raw=raw, error="no JSON"
        )


async def test_the_answer_is_posted_in_parts_to_its_chat(office: Office) -> None:
    async def answer(session: AsyncSession, letter: Asked) -> Reply:
        return Reply("甲\f乙")

    inbox = office.inbox(answer)
    await inbox.keep(said("问", chat="-100"))

    assert await inbox.answer_chat("telegram", "-100") == {"telegram"}

    async with office.database.reading() as session:
        rows = (await session.scalars(select(Delivery).order_by(Delivery.id))).all()
    assert [row.key for row in rows] == ["letter:1:1", "letter:1:2"]
    assert {(row.lane, row.address, row.priority) for row in rows} == {
        ("telegram", "-100", Priority.ANSWER)
    }
    assert rows[1].follows == rows[0].id
    assert await office.sent() == ["甲", "乙"]


@pytest.mark.parametrize("reply", [None, Reply("")])
async def test_a_letter_may_have_no_answer(office: Office, reply: Reply | None) -> None:
    async def silent(session: AsyncSession, letter: Asked) -> Reply | None:
        return reply

    inbox = Inbox(
        writing=office.database.writing,
        reading=office.database.reading,
        commits=GroupCommit(office.database.writing),
        answer=one_by_one(silent),
        write=lambda lane, address, reply: (reply.text,) if reply.text else (),
        clock=lambda: NOON,
        random=lambda: 0.0,
    )
    await inbox.keep(said("哦"))

    assert await inbox.answer_chat("telegram", "4711") == set()
    assert await office.states() == [LetterStatus.ANSWERED]
    assert await office.sent() == []


async def test_the_letters_of_a_chat_are_answered_in_order(office: Office) -> None:
    inbox = office.inbox()
    told: list[str] = []

    async def tell(lane: str) -> None:
        told.append(lane)

    for number in range(5):
        await inbox.keep(said(str(number)))
    await inbox.keep(said("other", chat="other"))

    await inbox.answer_chat("telegram", "4711", tell=tell)

    assert office.answered == ["0", "1", "2", "3", "4"]
    assert told == ["telegram"] * 5  # each may be sent while the next is answered


async def test_two_processes_answer_each_letter_once_and_in_order(
    office: Office, second: Office
) -> None:
    second.answered = office.answered
    one, two = office.inbox(), second.inbox()
    names = [f"{number:02}" for number in range(30)]
    for name in names:
        await one.keep(said(name))

    async def pester(inbox: Inbox) -> None:
        for _ in range(10):
            await inbox.answer_chat("telegram", "4711")

    await asyncio.gather(*(pester(inbox) for inbox in (one, two, one, two)))

    assert office.answered == names
    assert await office.sent() == [f"答：{name}" for name in names]
    assert {letter.tries for letter in await office.letters()} == {1}


async def test_letters_that_come_while_two_processes_answer_are_in_order(
    office: Office, second: Office
) -> None:
    second.answered = office.answered
    one, two = office.inbox(), second.inbox()
    names = [f"{number:02}" for number in range(30)]

    async with asyncio.TaskGroup() as tasks:
        for name, inbox in zip(names, [one, two] * 15, strict=True):
            await inbox.keep(said(name))
            for either in (one, two):
                tasks.create_task(either.answer_chat("telegram", "4711"))

    assert office.answered == names  # and none is left, though all rang at once


async def test_who_comes_back_too_late_leaves_the_letter_alone(
    office: Office, second: Office, caplog: pytest.LogCaptureFixture
) -> None:
    away, back = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def late() -> AsyncIterator[AsyncSession]:
        away.set()
        await back.wait()
        async with office.database.writing() as session:
            yield session

    slow = Inbox(
        writing=late,
        reading=office.database.reading,
        commits=GroupCommit(office.database.writing),
        answer=one_by_one(office.echo),
        write=write,
        clock=lambda: office.now,
        random=lambda: 0.0,
    )
    await slow.keep(said("毒"))
    task = asyncio.create_task(slow.answer_chat("telegram", "4711"))
    await away.wait()
    second.now += LATER
    await second.inbox(poison).answer_chat("telegram", "4711")
    back.set()
    await task

    assert office.answered == []
    assert (await office.letters())[0].tries == 2


async def test_a_long_answer_holds_up_no_other_process(
    office: Office, second: Office
) -> None:
    if office.is_on_sqlite:
        pytest.skip("SQLite has one writer")
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def answer(session: AsyncSession, letter: Asked) -> None:
        begun.set()
        await let_go.wait()

    one, two = office.inbox(answer), second.inbox()
    await one.keep(said("好"))
    task = asyncio.create_task(one.answer_chat("telegram", "4711"))
    await begun.wait()
    second.now += LATER  # it takes longer than was thought
    async with asyncio.timeout(20):
        assert await two.answer_chat("telegram", "4711") == set()
        await two.keep(said("急", chat="other"))
        await two.answer_chat("telegram", "other")
    let_go.set()
    await task
    assert await office.states() == [LetterStatus.ANSWERED] * 2


async def test_chats_are_answered_at_the_same_time(office: Office) -> None:
    if office.is_on_sqlite:
        pytest.skip("SQLite has one writer")
    barrier = asyncio.Barrier(4)

    async def meet(session: AsyncSession, letter: Asked) -> None:
        await barrier.wait()

    inbox = office.inbox(meet)
    for chat in "abcd":
        await inbox.keep(said("好", chat=chat))

    async with asyncio.timeout(20):
        await asyncio.gather(*(inbox.answer_chat("telegram", chat) for chat in "abcd"))

    assert await office.states() == [LetterStatus.ANSWERED] * 4


async def test_chats_wait_in_the_order_of_their_oldest_letter(office: Office) -> None:
    inbox = office.inbox()
    for chat in ("b", "a", "b", "c"):
        await inbox.keep(said(f"{len(await office.letters())}", chat=chat))

    assert await inbox.chats_waiting(NOON, 2) == [("telegram", "b"), ("telegram", "a")]
    await inbox.answer_chat("telegram", "b")
    assert await inbox.chats_waiting(NOON, 9) == [("telegram", "a"), ("telegram", "c")]


async def poison(session: AsyncSession, letter: Asked) -> Reply:
    """Answer all letters but those that say so; leave a trace of each try."""
    assert letter.incoming
    text = letter.incoming.text
    session.add(AuditEntry(at=NOON, actor="x", event=text, about="", detail={}))
    await session.flush()
    if text.startswith("毒"):
        raise NotFound(f"{text}\0\ud800")
    return Reply(f"答：{text}")


async def test_a_poisoned_letter_is_given_up_after_three_tries(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = office.inbox(poison)
    for text in ("毒", "好"):
        await inbox.keep(said(text))

    for times in range(1, TRIES + 1):
        await inbox.answer_chat("telegram", "4711")
        assert (await office.letters())[0].tries == times
        office.now += LATER

    assert await office.states() == [LetterStatus.DEAD, LetterStatus.ANSWERED]
    assert await office.sent() == [APOLOGY.text, "答：好"]
    (dead, _) = await office.letters()
    assert dead.error == "NotFound: 毒\ufffd\ufffd"
    assert await office.audited() == ["好"]  # nothing of the failed tries is left


async def test_a_poisoned_letter_hurts_none_that_is_answered_with_it(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = office.inbox(poison)
    for text, chat in (("一", "a"), ("毒", "b"), ("二", "c")):
        await inbox.keep(said(text, chat=chat))

    await asyncio.gather(*(inbox.answer_chat("telegram", chat) for chat in "abc"))

    assert sorted(await office.sent()) == ["答：一", "答：二"]
    assert sorted(await office.audited()) == ["一", "二"]  # of each one try only
    assert [letter.tries for letter in await office.letters()] == [1, 1, 1]


async def test_letters_of_different_chats_are_answered_in_one_transaction(
    office: Office,
) -> None:
    batches: list[int] = []

    async def answer(session: AsyncSession, letters: Sequence[Asked]) -> list[None]:
        batches.append(len(letters))
        return [None] * len(letters)

    inbox = Inbox(
        writing=office.database.writing,
        reading=office.database.reading,
        commits=GroupCommit(office.database.writing),
        answer=answer,
        write=write,
        clock=lambda: office.now,
        random=lambda: 0.0,
    )
    for chat in "abcd":
        await inbox.keep(said("好", chat=chat))

    await asyncio.gather(*(inbox.answer_chat("telegram", chat) for chat in "abcd"))

    assert batches == [4]
    assert await office.states() == [LetterStatus.ANSWERED] * 4


async def test_those_that_shared_a_batch_with_a_killer_are_tried_one_by_one(
    office: Office,
) -> None:
    batches: list[int] = []

    async def answer(session: AsyncSession, letters: Sequence[Asked]) -> list[None]:
        batches.append(len(letters))
        return [None] * len(letters)

    inbox = Inbox(
        writing=office.database.writing,
        reading=office.database.reading,
        commits=GroupCommit(office.database.writing),
        answer=answer,
        write=write,
        clock=lambda: office.now,
        random=lambda: 0.0,
    )
    for chat in "abc":
        await inbox.keep(said("好", chat=chat))
    await inbox._begin_all([("telegram", chat) for chat in "abc"])  # and died of it
    office.now += LATER

    await asyncio.gather(*(inbox.answer_chat("telegram", chat) for chat in "abc"))

    assert batches == [1, 1, 1]
    assert [letter.tries for letter in await office.letters()] == [2, 2, 2]


async def test_while_the_oldest_waits_for_its_next_try_its_chat_waits(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = office.inbox(poison)
    for text, chat in (("毒", "a"), ("好", "a"), ("好", "b")):
        await inbox.keep(said(text, chat=chat))

    for chat in ("a", "a", "b"):
        await inbox.answer_chat("telegram", chat)

    assert await office.sent() == ["答：好"]  # of chat b
    assert (await office.letters())[0].tries == 1
    assert await inbox.chats_waiting(office.now, 9) == []
    assert await inbox.chats_waiting(office.now + LATER, 9) == [("telegram", "a")]


async def test_the_pauses_between_the_tries_grow(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = office.inbox(poison)
    await inbox.keep(said("毒"))

    for pause in (SECOND, 5 * SECOND):
        await inbox.answer_chat("telegram", "4711")
        assert (await office.letters())[0].due_at == office.now + pause
        office.now += pause
    assert await inbox.chats_waiting(office.now, 9) == [("telegram", "4711")]


async def test_an_answer_that_never_ends_is_cut_off(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def hang(session: AsyncSession, letter: Asked) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr("bot.mail.inbox._LONGEST", 0.05)
    inbox = office.inbox(hang)
    await inbox.keep(said("好"))

    await inbox.answer_chat("telegram", "4711")

    assert (await office.letters())[0].error.startswith("TimeoutError")


async def test_a_letter_whose_channel_is_gone_is_given_up_in_silence(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
        raise KeyError(lane)

    inbox = Inbox(
        writing=office.database.writing,
        reading=office.database.reading,
        commits=GroupCommit(office.database.writing),
        answer=one_by_one(office.echo),
        write=refuse,
        clock=lambda: office.now,
        random=lambda: 0.0,
    )
    await inbox.keep(said("好"))
    for _ in range(TRIES):
        assert await inbox.answer_chat("telegram", "4711") == set()
        office.now += LATER

    assert await office.states() == [LetterStatus.DEAD]
    assert await office.sent() == []


async def test_a_letter_that_kills_the_process_is_given_up_after_three(
    office: Office, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = office.inbox()
    for text in ("毒", "好"):
        await inbox.keep(said(text))

    for _ in range(TRIES):
        assert await run_victim(database_url, at=office.now) == 7
        office.now += LATER
    assert await run_victim(database_url, at=office.now) == 7  # of the second letter
    office.now += LATER
    await inbox.answer_chat("telegram", "4711")

    assert await office.states() == [LetterStatus.DEAD, LetterStatus.ANSWERED]
    assert await office.sent() == [APOLOGY.text, "答：好"]
    assert [letter.tries for letter in await office.letters()] == [3, 2]


async def run_victim(url: str, *, at: datetime) -> int:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", VICTIM, url, at.isoformat()), cwd=ROOT
    )
    return await process.wait()


async def test_a_crash_before_the_answer_is_made_good_by_the_next_process(
    office: Office, second: Office
) -> None:
    await office.inbox().keep(said("好"))

    (chat,) = await second.inbox().chats_waiting(NOON, 9)
    await second.inbox().answer_chat(*chat)

    assert await second.sent() == ["答：好"]


@pytest.mark.parametrize("point", ["answer", "commit"])
async def test_a_letter_and_its_answer_are_one_transaction(
    office: Office, point: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(session: AsyncSession, letter: Asked) -> Reply:
        reply = await poison(session, letter)
        if point == "commit":  # fails when all has been written
            session.add(Letter(id=letter.id, channel="x", raw="", product_id="x"))
        return reply

    inbox = office.inbox(answer)
    await inbox.keep(said("毒" if point == "answer" else "好"))

    await inbox.answer_chat("telegram", "4711")

    assert await office.states() == [LetterStatus.WAITING]
    assert await office.sent() == []
    assert await office.audited() == []


class _Clash(Exception):
    sqlstate = "40P01"


async def test_a_letter_that_clashed_with_another_is_answered_at_once(
    office: Office,
) -> None:
    async def answer(session: AsyncSession, letter: Asked) -> Reply:
        reply = await office.echo(session, letter)
        if len(office.answered) == 1:
            raise DBAPIError("UPDATE", {}, _Clash())
        return reply

    inbox = office.inbox(answer)
    await inbox.keep(said("好"))
    assert await inbox.answer_chat("telegram", "4711") == {"telegram"}
    assert await office.sent() == ["答：好"]


async def test_a_store_that_fails_is_not_the_letters_fault(office: Office) -> None:
    async def fail(session: AsyncSession, letter: Asked) -> Reply:
        raise StoreError("the server is gone")

    inbox = office.inbox(fail)
    await inbox.keep(said("好"))
    for _ in range(TRIES + 2):
        with pytest.raises(StoreError):
            await inbox.answer_chat("telegram", "4711")
        office.now += LATER

    (letter,) = await office.letters()
    assert (letter.status, letter.tries) == (LetterStatus.WAITING, 1)


async def test_what_the_full_disk_does_not_take_is_not_confirmed(
    sqlite_template: Path, tmp_path: Path
) -> None:
    file = tmp_path / "full.sqlite3"
    shutil.copy(sqlite_template, file)
    database = await Database.open(f"sqlite+aiosqlite:///{file}")
    office = Office(database)
    async with database.writing() as session:
        connection = await session.connection()
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with pytest.raises(StoreError):
        await asyncio.gather(
            *(office.inbox().keep(said("好" * 5000, chat=chat)) for chat in "abcdef")
        )

    assert await office.letters() == []
    await database.close()


async def test_what_a_lost_server_does_not_take_is_not_confirmed() -> None:
    with postgres_server(own=True) as server:
        url = await server.create("plans")
        await migrate(url)
        database = await Database.open(url)
        inbox = Office(database).inbox()
        assert await inbox.keep(said("一"))
    with pytest.raises(StoreError):
        await inbox.keep(said("二"))
    await database.close()


async def test_where_letters_are_answered_the_first_try_is_counted_as_they_are_kept(
    office: Office, second: Office
) -> None:
    inbox = office.inbox(answers_here=True)
    assert await inbox.keep(said("一"))
    assert await inbox.keep(said("二"))
    assert not await inbox.keep(said("一"))
    assert [letter.tries for letter in await office.letters()] == [1, 0]

    assert await second.inbox().answer_chat("telegram", "4711") == set()
    assert await inbox.answer_chat("telegram", "4711") == {"telegram"}
    assert office.answered == ["一", "二"]
    assert await office.sent() == ["答：一", "答：二"]


async def test_many_letters_kept_at_once_are_answered_once_and_in_order(
    office: Office,
) -> None:
    inbox = office.inbox(answers_here=True)
    chats = [f"{number}" for number in range(20)]
    letters = [said(f"{chat}-{n}", chat=chat) for n in range(3) for chat in chats]
    await asyncio.gather(*map(inbox.keep, letters))
    await asyncio.gather(*(inbox.answer_chat("telegram", chat) for chat in chats))
    assert sorted(office.answered) == sorted(one.text for one in letters)
    for chat in chats:
        mine = [one for one in office.answered if one.startswith(f"{chat}-")]
        assert mine == [f"{chat}-{n}" for n in range(3)]


async def test_letters_of_a_chat_that_are_kept_at_once_keep_their_order(
    office: Office,
) -> None:
    inbox = office.inbox()
    await asyncio.gather(*(inbox.keep(said(f"第{n}句", product_id=n)) for n in "9132"))
    await inbox.answer_chat("telegram", "4711")
    assert office.answered == [f"第{n}句" for n in "9132"]


async def test_a_letter_whose_process_died_after_keeping_is_tried_again_later(
    office: Office, second: Office
) -> None:
    await office.inbox(answers_here=True).keep(said("好"))  # and died of it
    await second.inbox().answer_chat("telegram", "4711")
    assert second.answered == []
    second.now += LATER
    assert await second.inbox().chats_waiting(second.now, 9) == [("telegram", "4711")]
    await second.inbox().answer_chat("telegram", "4711")
    assert second.answered == ["好"]


async def test_what_another_process_has_taken_over_is_not_answered_again(
    office: Office, second: Office
) -> None:
    inbox = office.inbox(answers_here=True)
    await inbox.keep(said("好"))
    second.now += LATER
    await second.inbox().answer_chat("telegram", "4711")
    await inbox.answer_chat("telegram", "4711")
    assert (second.answered, office.answered) == (["好"], [])
    assert await office.sent() == ["答：好"]
