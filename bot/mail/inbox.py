"""What came in: kept before it is confirmed, once per product id, answered once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import thread_time
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotReady, StoreError
from bot.guard import guarded
from bot.mail.anew import known_otherwise
from bot.mail.answers import MOST_ERROR, Whither, back_there, text_of, unreadable_row
from bot.mail.cleansing import storable_incoming, without_codes
from bot.mail.commits import GroupCommit, Writing, is_clash
from bot.mail.express import Hurry, Hurrying, nobody_hurries
from bot.mail.letters import (
    Asked,
    Chat,
    Kept,
    begin_first_tries,
    in_hand,
    insert_letters,
    is_due,
    is_waiting,
    mark_answered,
    oldest_of,
    sees_all,
)
from bot.mail.outbox import Text, Write, post_answers
from bot.mail.rows import storable
from bot.mail.together import Portion, Together
from bot.messages import LONGEST_TURN, Incoming, Reply
from bot.model import Letter, LetterStatus

TRIES = 3
"""How often a letter is tried before it is given to the office."""

APOLOGY = Reply("暂未处理成功，已通知管理员，您的内容未丢失。")

_PAUSES = (timedelta(seconds=1), timedelta(seconds=5))  # after the first, second try
_JITTER = 0.2  # of a pause, so that what clashed does not clash again
_HELD = timedelta(seconds=9)  # until a try whose process died is followed by the next:
# longer than a healthy one waits for its turn, and lasts together or alone
_AT_ONCE = 6  # tries alone; each holds a connection, and may read by another one
_LONGEST = 8.0  # seconds for an answer, less than a lease: on SQLite all others wait
_LONGEST_MAKING = 30.0  # seconds for what an answer brings, while others write
_LONGEST_TOGETHER = 3.0  # seconds for a batch; then each gets its own
_MOST_KEPT = 256  # letters written at a time
_MOST_BEGUN = 64  # chats looked at at a time
_MOST_ANSWERED = 32  # letters answered at a time: others want the store as well

AnswerLetters = Callable[
    [AsyncSession, Sequence[Asked]], Awaitable[Sequence[Reply | None]]
]
"""Answers letters of different chats, all in one transaction; may be asked again."""

Tell = Callable[[str], Awaitable[None]]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answered:
    """What came of a try: does an answer wait, and may *more* letters?"""

    posted: bool
    more: bool = True


@dataclass(frozen=True, slots=True)
class _Try:
    """A letter in hand: the number of the try is what nobody else has.

    It is a *suspect* if a try before came to no end; `number` is then of that one.
    """

    letter: Asked
    number: int
    is_suspect: bool = False
    is_last_word: bool = False  # it was given up at once, and an apology posted


class Inbox:
    """Keeps letters, and has those of one chat answered in their order.

    Each try is counted before it begins, in a commit of its own: so a letter that
    kills the process is dead after the third one. The answer, what it changed and
    the letter's end are one transaction. Several processes may share the tables.

    Letters of different chats share these transactions. A batch that fails is undone,
    and each of its letters gets an answer alone; a letter whose first try came to no
    end is tried again by itself, one such at a time: so it hurts nobody else. One whose
    answer raises NotReady is asked again when that is made, outside any transaction.
    """

    def __init__(
        self,
        *,
        writing: Writing,
        reading: Writing,
        commits: GroupCommit,
        answer: AnswerLetters,
        write: Write,
        whither: Whither = back_there,
        clock: Callable[[], datetime],
        random: Callable[[], float],
        answers_here: Callable[[], bool] = lambda: False,
        hurrying: Hurrying = nobody_hurries,
        keeps: GroupCommit | None = None,
        longest_turn: float = LONGEST_TURN,
    ) -> None:
        """Prepare; where *answers_here* says so, what is kept is also answered here.

        Then the first try of a letter is counted as it is kept. By *hurrying* answers
        go at once; the others wait in the outbox. *keeps* are the commits of letters,
        where these do not wait for others: then what is answered together is little, so
        that nobody who has something kept waits longer than *longest_turn*.
        """
        self._keeps = keeps or commits
        self._portion = Portion(seconds=longest_turn)
        self._hurrying = hurrying
        self._writing = writing
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._reading = reading
        self._commits = commits
        self._answer = answer
        self._text_of = partial(text_of, write=write, whither=whither)
        self._clock = clock
        self._random = random
        self._answers_here = answers_here
        self._begun: dict[Chat, _Try] = {}  # kept, and to be answered by us
        self._suspects = asyncio.Lock()
        self._not_guilty: set[int] = set()  # the store failed under these letters
        self._keeping = Together(self._keep_all, most=_MOST_KEPT)
        self._beginning = Together(self._begin_all, most=_MOST_BEGUN)
        self._answering = Together(
            self._answer_all,
            most=_MOST_ANSWERED,
            portion=self._portion if keeps else None,
        )

    async def keep(self, incoming: Incoming) -> bool:
        """Keep a letter; return when it is on the disk, and may be confirmed.

        False if the channel brought it before. An edited one does nothing. Raises
        StoreError if it is not kept: then the product must not hear "received". What no
        database takes (NUL) becomes U+FFFD; what the guard refuses is not kept.
        """
        incoming = guarded(storable_incoming(incoming))
        if incoming.edited:  # nobody will need a code in it
            incoming = without_codes(incoming)
        status = LetterStatus.IGNORED if incoming.edited else LetterStatus.WAITING
        row = {
            "channel": incoming.channel,
            "product_id": incoming.product_id or f"ours:{uuid4().hex}",
            "chat": incoming.conversation,
            "incoming": incoming,
            "status": status,
        }
        is_new, begun = await self._keeping.ask(row)
        if begun:
            self._begun[incoming.channel, incoming.conversation] = begun
        if is_new:
            return True
        other = await known_otherwise(self._reading, incoming, now=self._clock())
        return await self.keep(other) if other else False

    async def keep_unreadable(
        self, *, channel: str, product_id: str, raw: str, error: str
    ) -> bool:
        """Keep an update that could not be read, for the office; nobody answers it.

        False if kept before; without a *product_id* its text tells. Raises StoreError.
        """
        row = unreadable_row(channel, product_id, raw, error)
        (kept,) = await self._commits.run(
            lambda session: insert_letters(session, [row], at=self._clock())
        )
        return kept is not None

    async def _keep_all(
        self, rows: Sequence[dict[str, Any]]
    ) -> Sequence[tuple[bool, _Try | None]]:
        """Keep letters; of each, tell whether it is new, and the try that is begun."""
        begin = self._answers_here()

        async def work(session: AsyncSession) -> Sequence[Kept | None]:
            now = self._clock()
            until = now + _HELD if begin else None
            return await insert_letters(session, rows, at=now, begin_until=until)

        letters = await self._keeps.run(work)
        return [
            (kept is not None, _first_try(kept, row) if kept else None)
            for kept, row in zip(letters, rows, strict=True)
        ]

    async def chats_waiting(self, now: datetime, limit: int) -> list[Chat]:
        """List at most *limit* chats (channel, chat) of which the oldest letter is due.

        Those that have waited longest come first.
        """
        oldest = (
            select(func.min(Letter.id))
            .where(is_waiting())
            .group_by(Letter.channel, Letter.chat)
        )
        due = (
            select(Letter.channel, Letter.chat)
            .where(Letter.id.in_(oldest), is_due(now))
            .order_by(Letter.id)
            .limit(limit)
        )
        async with self._reading() as session:
            return [(channel, chat) for channel, chat in await session.execute(due)]

    async def answer_chat(
        self, channel: str, chat: str, *, tell: Tell | None = None
    ) -> set[str]:
        """Answer the letters of a chat in their order, until none is due.

        *tell* hears the lane after each answer that waits there; the lanes are also
        returned. While the oldest letter waits for its next try, or is in another's
        hands, the later ones wait too. Raises StoreError if the store is gone.
        """
        lanes: set[str] = set()
        while (answered := await self._answer_next((channel, chat))) is not None:
            if answered.posted:
                lanes.add(channel)
                if tell:
                    await tell(channel)
            if not answered.more:
                break
        return lanes

    async def _answer_next(self, chat: Chat) -> _Answered | None:
        """Try the oldest letter; None if none is due."""
        first = self._begun.pop(chat, None) or await self._beginning.ask(chat)
        if first is None:
            return None
        if first.is_suspect:
            async with self._suspects:
                again = await self._begin_alone(chat)
                if again is None:
                    return None
                if again.is_last_word:
                    return _Answered(posted=True)
                return await self._attempt(again)
        # Whoever has pressed a button looks at it until it changes.
        said = first.letter.incoming
        is_press = bool(said and said.press)
        answered = await self._answering.ask(first, first=is_press)
        if answered is None:
            async with self._turns:
                return await self._attempt(first)
        return answered

    async def _begin_all(self, chats: Sequence[Chat]) -> Sequence[_Try | None]:
        """Count the first try of the oldest letter of each chat; None if none is due.

        The count puts off the next try, so nobody begins one beside ours. Suspects are
        not begun here.
        """

        async def work(session: AsyncSession) -> dict[Chat, _Try]:
            now = self._clock()
            oldest = await oldest_of(session, chats)
            new = [letter for letter in oldest if not letter.tries]
            if new:
                await begin_first_tries(session, new, due_at=now + _HELD)
            suspects = [letter for letter in oldest if letter not in new]
            tries = [_Try(Asked.of(letter), 1) for letter in new]
            tries += [
                _Try(Asked.of(letter), letter.tries, is_suspect=True)
                for letter in suspects
                if letter.due_at <= now
            ]
            return {(one.letter.channel, one.letter.chat): one for one in tries}

        begun = await self._commits.run(work)
        return [begun.pop(chat, None) for chat in chats]

    async def _begin_alone(self, chat: Chat) -> _Try | None:
        """Count one more try of the oldest letter; None if it is not to be tried now.

        After the last one it is given up.
        """

        async def work(session: AsyncSession) -> _Try | None:
            now = self._clock()
            letter = next(iter(await oldest_of(session, [chat])), None)
            if letter is None or (letter.tries and letter.due_at > now):
                return None
            if letter.tries >= TRIES and letter.id not in self._not_guilty:
                letter.error = letter.error or "the process died while answering"
                await self._bury(session, letter)
                return _Try(Asked.of(letter), letter.tries, is_last_word=True)
            if letter.id not in self._not_guilty:
                letter.tries += 1
            letter.due_at = now + _HELD
            return _Try(Asked.of(letter), letter.tries)

        attempt = await self._commits.run(work)
        if attempt:
            self._not_guilty.discard(attempt.letter.id)
        return attempt

    async def _answer_all(self, tries: Sequence[_Try]) -> Sequence[_Answered | None]:
        """Answer letters together; None where each is to be answered alone."""
        within = min(_LONGEST, _LONGEST_TOGETHER)
        try:
            return await self._answer_in_one(tries, within=within)
        except StoreError:
            raise
        except NotReady:
            return [None] * len(tries)
        except Exception as error:
            may_do_alone = isinstance(error, TimeoutError) or is_clash(error)
            if len(tries) == 1 and not may_do_alone:
                return [await self._fail(tries[0], error)]
            log = logger.warning if isinstance(error, TimeoutError) else logger.info
            log("%d letters are answered one by one: %r", len(tries), error)
            return [None] * len(tries)

    async def _attempt(self, attempt: _Try) -> _Answered:
        """Answer a letter alone; what its answer lacks is made between two times."""
        try:
            try:
                (answered,) = await self._answer_in_one([attempt], within=_LONGEST)
            except NotReady as lacking:
                await self._hold_on(attempt)
                async with asyncio.timeout(_LONGEST_MAKING):
                    await lacking.make()
                (answered,) = await self._answer_in_one([attempt], within=_LONGEST)
            return answered
        except StoreError:
            raise
        except Exception as error:
            return await self._fail(attempt, error)

    async def _hold_on(self, attempt: _Try) -> None:
        """Let nobody begin the next try while what ours lacks is made."""
        until = self._clock() + timedelta(seconds=_LONGEST_MAKING) + _HELD

        async def work(session: AsyncSession) -> None:
            letter = await in_hand(session, attempt.letter.id, tries=attempt.number)
            if letter:
                letter.due_at = until

        await self._commits.run(work)

    async def _answer_in_one(
        self, tries: Sequence[_Try], *, within: float
    ) -> list[_Answered]:
        """Answer letters of one number of tries in one transaction, or none."""
        ids = [one.letter.id for one in tries]
        try:
            async with self._hurrying() as hurry, self._writing() as session:
                began = thread_time()
                ours = await mark_answered(
                    session, ids, tries=tries[0].number, at=self._clock()
                )
                letters = [one.letter for one in tries if one.letter.id in ours]
                async with asyncio.timeout(within):
                    replies = await self._answer(session, letters) if letters else []
                posted = await self._post(session, letters, replies, hurry)
                is_all = self._answers_here() or sees_all(session)
                self._portion.note(len(tries), took=thread_time() - began)
        except StoreError:
            self._not_guilty.update(ids)
            raise
        return [
            _Answered(posted=id_ in posted, more=ours.get(id_, True) or not is_all)
            for id_ in ids
        ]

    async def _post(
        self,
        session: AsyncSession,
        letters: Sequence[Asked],
        replies: Sequence[Reply | None],
        hurry: Hurry,
    ) -> set[int]:
        """Put the answers into the outbox; returns the letters whose answer waits."""
        texts: dict[int, Text] = {}
        for letter, reply in zip(letters, replies, strict=True):
            if reply is None:
                continue
            if text := self._text_of(letter, reply, key=f"letter:{letter.id}"):
                texts[letter.id] = text
        if not texts:
            return set()
        now, listed = self._clock(), [*texts.values()]
        await post_answers(session, listed, at=now)
        await session.flush()  # or a lane would wait with us for what others change
        going = await hurry(session, listed, at=now)
        return {
            id_
            for id_, text in texts.items()
            if len(text.requests) > 1 or f"{text.key}:1" not in going
        }

    async def _fail(self, attempt: _Try, error: Exception) -> _Answered:
        """Put a letter off, or give it up, and post an apology."""
        id_, number = attempt.letter.id, attempt.number
        logger.error(
            "letter %d was not answered at try %d", id_, number, exc_info=error
        )

        async def work(session: AsyncSession) -> bool:
            letter = await in_hand(session, id_, tries=number)
            if letter is None:
                return False
            letter.error = storable(f"{type(error).__name__}: {error}")[:MOST_ERROR]
            if number >= TRIES:
                return await self._bury(session, letter)
            pause = _PAUSES[number - 1]
            letter.due_at = self._clock() + pause * (1 + self._random() * _JITTER)
            return False

        return _Answered(posted=await self._commits.run(work))

    async def _bury(self, session: AsyncSession, letter: Letter) -> bool:
        """Give a letter up, and say so once in its chat; True if that was posted."""
        now = self._clock()
        letter.status, letter.settled_at = LetterStatus.DEAD, now
        if letter.incoming:
            letter.incoming = without_codes(letter.incoming)
        logger.error("letter %d is given up after %d tries", letter.id, letter.tries)
        try:
            asked = Asked.of(letter)
            text = self._text_of(asked, APOLOGY, key=f"letter:{asked.id}:apology")
        except Exception:
            logger.exception("letter %d: no apology can be written", letter.id)
            return False
        if text:
            await post_answers(session, [text], at=now)
        return bool(text)


def _first_try(kept: Kept, row: dict[str, Any]) -> _Try | None:
    letter = Asked(kept.id, row["channel"], row["chat"], row["incoming"])
    return _Try(letter, 1) if kept.is_begun else None
