"""Feedback kept: what was said of answers, and what the office made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert

from bot.chinese import fold
from bot.model import (
    Feedback,
    FeedbackKind,
    FeedbackState,
    GoldenQuestion,
    ThesaurusLine,
    UtcDateTime,
)
from bot.model.new_rows import insert_on
from bot.statements import fetch

CHANGED = "thesaurus changed"
"""Stands in the `info` of a session that has changed the lines of the thesaurus."""

_TABLE = cast(Table, Feedback.__table__)
_LONGEST = 200  # characters of a question, or of a reason, that are kept
_MOST_WORDS = 1000  # characters of all reasons together
_PLAIN = {"synchronize_session": False}  # rows only, no objects of a session


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody, or we ourselves, say of the answer to a question.

    `plan_key` and `clauses` are what it quoted; `words` what was wrong with it.
    """

    kind: FeedbackKind
    question: str
    plan_key: str = ""
    clauses: tuple[str, ...] = ()
    words: str = ""

    @property
    def key(self) -> str:
        """What equal ones have in common."""
        return f"{self.kind}|{fold(self.question[:_LONGEST])}|{self.plan_key}"


async def note(session: AsyncSession, said: Said, *, at: datetime) -> int:
    """Count what was said; returns the id of its row: equal ones are one.

    One that the office had settled by a thesaurus line or a golden question is open
    again; what it does not want to deal with stays so.
    """
    given = {
        "its_key": said.key,
        "its_kind": said.kind,
        "its_question": said.question.strip()[:_LONGEST],
        "its_plan_key": said.plan_key,
        "its_clauses": said.clauses,
        "its_words": said.words.strip()[:_LONGEST],
        "at": at,
    }
    count = _count(session.get_bind().dialect.name)
    ((id_,),) = await fetch(session, count, given)
    return int(id_)


@lru_cache
def _count(dialect: str) -> Insert:
    """Build the statement that is run whenever a question was not answered."""
    said = ("key", "kind", "question", "plan_key", "clauses", "words")
    row = {name: bindparam(f"its_{name}", type_=_TABLE.c[name].type) for name in said}
    row |= dict.fromkeys(("first_at", "last_at"), bindparam("at", type_=UtcDateTime))
    row["state"] = literal(FeedbackState.OPEN, _TABLE.c.state.type)
    new = insert_on(dialect, Feedback).values(row)
    again = new.excluded
    dismissed = Feedback.state == FeedbackState.DISMISSED
    new = new.on_conflict_do_update(
        index_elements=[Feedback.key],
        set_={
            "times": Feedback.times + 1,
            "last_at": again.last_at,
            "clauses": again.clauses,
            "words": _with_words(again.words),
            "state": case((dismissed, Feedback.state), else_=again.state),
        },
    )
    counted: Insert = new.returning(_TABLE.c.id)
    return counted


def _with_words(words: ColumnElement[str]) -> ColumnElement[str]:
    """Put new words before the old ones, unless they are among these."""
    known = func.coalesce(Feedback.words, "")
    is_known = func.replace(known, words, "") != known
    both = func.substr(func.rtrim(words + "\n" + known, "\n"), 1, _MOST_WORDS)
    return case(((words == "") | is_known, known), else_=both)


def _is_open() -> ColumnElement[bool]:
    return (Feedback.state == FeedbackState.OPEN) & (
        Feedback.kind != FeedbackKind.USEFUL
    )


async def count_open(session: AsyncSession) -> int:
    """Count what the office has not settled."""
    query = select(func.count(Feedback.id)).where(_is_open())
    return await session.scalar(query) or 0


async def open_feedback(
    session: AsyncSession, *, skip: int = 0, limit: int | None = None
) -> Sequence[Feedback]:
    """List what is not settled: the most frequent first, then what was called wrong."""
    is_wrong = Feedback.kind == FeedbackKind.WRONG
    query = (
        select(Feedback)
        .where(_is_open())
        .order_by(
            Feedback.times.desc(), is_wrong.desc(), Feedback.last_at.desc(), Feedback.id
        )
        .offset(skip)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


async def every_feedback(session: AsyncSession) -> Sequence[Feedback]:
    """List all that is kept, settled or not, the oldest first."""
    return (await session.scalars(select(Feedback).order_by(Feedback.id))).all()


async def feedback_at(session: AsyncSession, number: int) -> Feedback | None:
    """Return one row as it is now; None if there is none."""
    return await session.get(Feedback, number, populate_existing=True)


def settle(feedback: Feedback, state: FeedbackState, *, by: str, at: datetime) -> None:
    """Note what the office made of it."""
    feedback.state, feedback.settled_by, feedback.settled_at = state, by, at


async def forget(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Delete what was settled *before*, or useful and not said since; returns how many.

    What became a line or a golden question stays as long as that does.
    """
    is_useful = Feedback.kind == FeedbackKind.USEFUL
    settled = Feedback.state != FeedbackState.OPEN
    is_over = or_(is_useful, settled & (Feedback.settled_at < before))
    tables = (ThesaurusLine, GoldenQuestion)
    used = [exists().where(one.feedback_id == Feedback.id) for one in tables]
    old = (
        select(Feedback.id)
        .where(Feedback.last_at < before, is_over, ~or_(*used))
        .limit(limit)
    )
    gone = delete(Feedback).where(Feedback.id.in_(old)).returning(Feedback.id)
    return len((await session.scalars(gone.execution_options(**_PLAIN))).all())


async def thesaurus_lines(session: AsyncSession) -> Mapping[str, tuple[str, ...]]:
    """Return the lines of the thesaurus that the office has entered."""
    columns = ThesaurusLine.said, ThesaurusLine.means
    rows = await session.execute(select(*columns).order_by(ThesaurusLine.id))
    return {said: means for said, means in rows}


async def put_line(
    session: AsyncSession,
    said: str,
    means: Sequence[str],
    *,
    by: str,
    at: datetime,
    feedback_id: int | None = None,
) -> None:
    """Enter a line, in place of the one that tells what *said* means."""
    session.info[CHANGED] = True
    query = select(ThesaurusLine).where(ThesaurusLine.said == said)
    line = (await session.scalars(query)).one_or_none()
    if line is None:
        line = ThesaurusLine(said=said)
        session.add(line)
    line.means, line.added_by, line.added_at = tuple(means), by, at
    line.feedback_id = feedback_id or line.feedback_id
    await session.flush()


async def drop_line(session: AsyncSession, said: str) -> bool:
    """Take a line out; False if there is none."""
    query = select(ThesaurusLine).where(ThesaurusLine.said == said)
    line = (await session.scalars(query)).one_or_none()
    if line is None:
        return False
    session.info[CHANGED] = True
    await session.delete(line)
    await session.flush()
    return True


async def golden_questions(session: AsyncSession) -> Sequence[GoldenQuestion]:
    """List the golden questions in the order in which they were entered."""
    query = select(GoldenQuestion).order_by(GoldenQuestion.id)
    return (await session.scalars(query)).all()


async def put_golden(
    session: AsyncSession,
    question: str,
    *,
    department: str,
    plan_key: str,
    clauses: tuple[str, ...],
    by: str,
    at: datetime,
    feedback_id: int | None = None,
) -> None:
    """Enter a golden question, in place of an equal one of the department and plan."""
    key = f"{fold(question)}|{department}|{plan_key}"
    query = select(GoldenQuestion).where(GoldenQuestion.key == key)
    golden = (await session.scalars(query)).one_or_none()
    if golden is None:
        golden = GoldenQuestion(key=key, question=question, plan_key=plan_key)
        golden.department = department
        session.add(golden)
    golden.clauses, golden.added_by, golden.added_at = clauses, by, at
    golden.feedback_id = feedback_id or golden.feedback_id
    await session.flush()


async def drop_golden(session: AsyncSession, feedback_id: int) -> int:
    """Take out the golden questions that were made of a row; returns how many."""
    mine = delete(GoldenQuestion).where(GoldenQuestion.feedback_id == feedback_id)
    gone = mine.returning(GoldenQuestion.id).execution_options(**_PLAIN)
    return len((await session.scalars(gone)).all())
