"""What came in: kept before it is confirmed, once per product id, answered once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import StoreError
from bot.mail.commits import GroupCommit, Writing
from bot.mail.outbox import Addressee, Write, post
from bot.mail.rows import insert_new, storable
from bot.messages import Incoming, Reply
from bot.model import Letter, LetterStatus, Priority

TRIES = 3
"""How often a letter is tried before it is given to the office."""

APOLOGY = Reply("暂未处理成功，已通知管理员，您的内容未丢失。")

_PAUSES = (timedelta(seconds=1), timedelta(seconds=5))  # after the first, second try
_JITTER = 0.2  # of a pause, so that what clashed does not clash again
_HELD = timedelta(seconds=5)  # until a try whose process died is followed by the next
_AT_ONCE = 6  # answers; each holds a connection, and may read by another one
_LONGEST = 8.0  # seconds that an answer may take: less than any lease, for on SQLite
# nobody else writes meanwhile
_MOST_RAW = 64 * 1024  # characters kept of an update that could not be read
_MOST_ERROR = 500

AnswerLetter = Callable[[AsyncSession, Letter], Awaitable[Reply | None]]
Tell = Callable[[str], Awaitable[None]]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Try:
    """A letter in hand: the number of the try is what nobody else has."""

    id: int
    number: int
    is_last_word: bool = False  # it was given up at once, and an apology posted


class Inbox:
    """Keeps letters, and has those of one chat answered in their order.

    Each try is counted before it begins, in a commit of its own: so a letter that
    kills the process is dead after the third one. The answer, what it changed and
    the letter's end are one transaction. Several processes may share the tables.
    At most six answers are under way in one process, as each holds a connection.
    """

    def __init__(
        self,
        *,
        writing: Writing,
        commits: GroupCommit,
        answer: AnswerLetter,
        write: Write,
        clock: Callable[[], datetime],
        random: Callable[[], float],
        reading: Writing | None = None,
    ) -> None:
        self._writing = writing
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._reading = reading or writing
        self._commits = commits
        self._answer = answer
        self._write = write
        self._clock = clock
        self._random = random
        self._not_guilty: set[int] = set()  # the store failed under these letters

    async def keep(self, incoming: Incoming) -> bool:
        """Keep a letter; return when it is on the disk, and may be confirmed.

        False if the channel brought one of that product id before. An edited one is
        kept, and does nothing. Raises StoreError if it is not kept: then the product
        must not hear "received". What no database takes (NUL, half a character) is
        replaced by U+FFFD.
        """
        incoming = _storable(incoming)
        status = LetterStatus.IGNORED if incoming.edited else LetterStatus.WAITING
        return await self._keep(
            channel=incoming.channel,
            product_id=incoming.product_id or f"ours:{uuid4().hex}",
            chat=incoming.conversation,
            incoming=incoming,
            status=status,
        )

    async def keep_unreadable(
        self, *, channel: str, product_id: str, raw: str, error: str
    ) -> bool:
        """Keep an update that could not be read, for the office; nobody answers it.

        False if it was kept before; without a *product_id* its text tells. Raises
        StoreError as `keep` does.
        """
        digest = sha256(raw.encode("utf-8", "replace")).hexdigest()
        return await self._keep(
            channel=channel,
            product_id=storable(product_id) or f"raw:{digest}",
            chat="",
            raw=storable(raw[:_MOST_RAW]),
            error=storable(error)[:_MOST_ERROR],
            status=LetterStatus.DEAD,
        )

    async def _keep(self, *, status: LetterStatus, **values: Any) -> bool:
        now = self._clock()
        values |= {"status": status, "received_at": now, "due_at": now}
        if status is not LetterStatus.WAITING:
            values["settled_at"] = now

        async def work(session: AsyncSession) -> bool:
            new = insert_new(session, Letter).values(**values).returning(Letter.id)
            return (await session.execute(new)).scalar() is not None

        return await self._commits.run(work)

    async def chats_waiting(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """List at most *limit* chats (channel, chat) of which the oldest letter is due.

        Those that have waited longest come first.
        """
        oldest = (
            select(func.min(Letter.id))
            .where(_is_waiting())
            .group_by(Letter.channel, Letter.chat)
        )
        due = (
            select(Letter.channel, Letter.chat)
            .where(Letter.id.in_(oldest), _is_due(now))
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
        while (posted := await self._answer_next(channel, chat)) is not None:
            if posted:
                lanes.add(channel)
                if tell:
                    await tell(channel)
        return lanes

    async def _answer_next(self, channel: str, chat: str) -> bool | None:
        """Try the oldest letter; True if something was posted, None if none is due."""
        async with self._turns:
            attempt = await self._begin(channel, chat)
            if attempt is None:
                return None
            return attempt.is_last_word or await self._attempt(attempt)

    async def _begin(self, channel: str, chat: str) -> _Try | None:
        """Count one more try of the oldest letter; None if it is not to be tried now.

        The count puts off the next try, so nobody begins one beside ours.
        """

        async def work(session: AsyncSession) -> _Try | None:
            now = self._clock()
            letter = await _oldest(session, channel=channel, chat=chat)
            if letter is None or (letter.tries and letter.due_at > now):
                return None
            if letter.tries >= TRIES and letter.id not in self._not_guilty:
                letter.error = letter.error or "the process died while answering"
                await self._bury(session, letter)
                return _Try(letter.id, letter.tries, is_last_word=True)
            if letter.id not in self._not_guilty:
                letter.tries += 1
            letter.due_at = now + _HELD
            return _Try(letter.id, letter.tries)

        attempt = await self._commits.run(work)
        if attempt:
            self._not_guilty.discard(attempt.id)
        return attempt

    async def _attempt(self, attempt: _Try) -> bool:
        """Answer a letter; True if something was posted."""
        try:
            async with self._writing() as session:
                letter = await _in_hand(session, attempt)
                return letter is not None and await self._settle(session, letter)
        except (StoreError, NoConnection):
            self._not_guilty.add(attempt.id)
            raise
        except Exception as error:
            logger.exception(
                "letter %d was not answered at try %d", attempt.id, attempt.number
            )
            return await self._fail(attempt, error)

    async def _settle(self, session: AsyncSession, letter: Letter) -> bool:
        async with asyncio.timeout(_LONGEST):
            reply = await self._answer(session, letter)
        now = self._clock()
        letter.status, letter.settled_at = LetterStatus.ANSWERED, now
        if reply is None:
            return False
        requests = self._write(letter.channel, letter.chat, reply)
        if not requests:
            return False
        await _post(session, letter, requests, key=f"letter:{letter.id}", at=now)
        return True

    async def _fail(self, attempt: _Try, error: Exception) -> bool:
        """Put a letter off, or give it up; True if an apology was posted."""

        async def work(session: AsyncSession) -> bool:
            letter = await _in_hand(session, attempt)
            if letter is None:
                return False
            letter.error = storable(f"{type(error).__name__}: {error}")[:_MOST_ERROR]
            if attempt.number >= TRIES:
                return await self._bury(session, letter)
            pause = _PAUSES[attempt.number - 1]
            letter.due_at = self._clock() + pause * (1 + self._random() * _JITTER)
            return False

        return await self._commits.run(work)

    async def _bury(self, session: AsyncSession, letter: Letter) -> bool:
        """Give a letter up, and say so once in its chat; True if that was posted."""
        now = self._clock()
        letter.status, letter.settled_at = LetterStatus.DEAD, now
        logger.error("letter %d is given up after %d tries", letter.id, letter.tries)
        try:
            requests = self._write(letter.channel, letter.chat, APOLOGY)
        except Exception:
            logger.exception("letter %d: no apology can be written", letter.id)
            return False
        key = f"letter:{letter.id}:apology"
        return bool(await _post(session, letter, requests, key=key, at=now))


def _is_waiting() -> ColumnElement[bool]:
    """Ask in literal words, as the condition of the partial index needs."""
    return Letter.status == literal_column("'waiting'", Letter.status.type)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Ask whether a letter may be tried: a new one always, whoever's clock it bears."""
    return or_(Letter.tries == 0, Letter.due_at <= now)


async def _oldest(session: AsyncSession, *, channel: str, chat: str) -> Letter | None:
    """Lock the oldest waiting letter; None if there is none, or another holds it.

    The one who holds it looks for the next when he is done, so no letter is missed.
    """
    oldest = (
        select(func.min(Letter.id))
        .where(_is_waiting(), Letter.channel == channel, Letter.chat == chat)
        .scalar_subquery()
    )
    letters = await session.scalars(
        select(Letter)
        .where(Letter.id == oldest, _is_waiting())
        .with_for_update(skip_locked=True)
    )
    return letters.one_or_none()


async def _in_hand(session: AsyncSession, attempt: _Try) -> Letter | None:
    """Lock the letter of a try; None if another has taken it over meanwhile."""
    letters = await session.scalars(
        select(Letter)
        .where(Letter.id == attempt.id, Letter.tries == attempt.number, _is_waiting())
        .with_for_update()
    )
    return letters.one_or_none()


async def _post(
    session: AsyncSession, letter: Letter, requests: Any, *, key: str, at: datetime
) -> list[int]:
    recipient = f"chat:{letter.channel}:{letter.chat}"
    return await post(
        session,
        key=key,
        to=Addressee(recipient=recipient, lane=letter.channel, address=letter.chat),
        requests=requests,
        priority=Priority.ANSWER,
        due_at=at,
    )


def _storable(incoming: Incoming) -> Incoming:
    return replace(
        incoming,
        channel=storable(incoming.channel),
        address=storable(incoming.address),
        text=storable(incoming.text),
        chat=storable(incoming.chat),
        product_id=storable(incoming.product_id),
    )
