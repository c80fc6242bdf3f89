"""How a department stands with a report: each change, who said so, and its undoing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import (
    Report,
    Standing,
    Submission,
    SubmissionEntry,
    SubmissionState,
)

State = SubmissionState

OWING = frozenset(
    {
        State.OPEN,
        State.ACKNOWLEDGED,
        State.PROMISED,
        State.RETURNED,
        State.EXTENDED,
    }
)
"""States in which the department still has to report, and hears nudges."""

CLAIMED = frozenset({State.CLAIMED, State.NIL_CLAIMED})
"""States that wait for the office to accept."""

SETTLED = frozenset({State.ACCEPTED, State.NIL, State.EXEMPT})
"""States in which nothing more is to be done."""

UNSETTLED = frozenset(State) - SETTLED
"""States in which the department or the office has something to do yet."""

_OWN_WORDS = frozenset(
    {
        "acknowledged",
        "promised",
        "claimed",
        "nil_claimed",
        "extension_asked",
        "disputed",
    }
)
"""What a department says itself, and so may take back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who said something about a report, when, through what and in which words.

    `letter` is CHANNEL:ID of the message, "" if there was none.
    """

    by: str
    at: datetime
    person_id: int | None = None
    channel: str = ""
    letter: str = ""
    words: str = ""


def has_time(submission: Submission, *, today: date) -> bool:
    """Tell whether a day is promised or agreed to that has not passed."""
    standing = submission.standing
    days = (standing.promised_on, standing.agreed_on)
    return any(day is not None and day >= today for day in days)


async def submissions_of(
    session: AsyncSession,
    departments: Collection[str],
    *,
    states: Collection[SubmissionState] = OWING,
    reports: Collection[int] = (),
) -> Sequence[Submission]:
    """List what a department, under any of its names, has to report; next due first.

    Only that of some *reports*, if there are any.
    """
    query = (
        select(Submission)
        .join(Report)
        .where(Submission.department.in_(departments), Submission.state.in_(states))
        .order_by(Report.due_on, Submission.id)
    )
    if reports:
        query = query.where(Submission.report_id.in_(reports))
    return (await session.scalars(query)).unique().all()


async def acknowledge(
    session: AsyncSession, submission: Submission, said: Said
) -> bool:
    """Note 收到; False if that was known, or nothing is owed any more."""
    standing = submission.standing
    if standing.state not in OWING or standing.acknowledged_at:
        return False
    state = standing.state
    if state in {State.OPEN, State.RETURNED}:
        state = State.ACKNOWLEDGED
    after = replace(standing, state=state, acknowledged_at=said.at)
    return await _change(session, submission, "acknowledged", after, said)


async def promise(
    session: AsyncSession, submission: Submission, said: Said, *, day: date
) -> bool:
    """Note the day on which the department will report, which is not after its limit.

    False if it has promised just that before, or owes nothing any more.
    """
    standing = submission.standing
    if standing.state not in OWING:
        return False
    after = replace(standing, state=State.PROMISED, promised_on=day, asked_on=None)
    return await _change(session, submission, "promised", after, said)


async def claim(
    session: AsyncSession, submission: Submission, said: Said, *, nil: bool = False
) -> bool:
    """Note 已报, or 零报告 if *nil*; False if it was claimed so, or is settled."""
    standing = submission.standing
    if standing.state in SETTLED:
        return False
    state = State.NIL_CLAIMED if nil else State.CLAIMED
    after = replace(standing, state=state, asked_on=None)
    word = "nil_claimed" if nil else "claimed"
    return await _change(session, submission, word, after, said)


async def claim_for(
    session: AsyncSession, submission: Submission, said: Said, *, note: str
) -> bool:
    """Note 已报 on behalf of a department, with the office's note how it knows."""
    standing = submission.standing
    if standing.state in SETTLED | CLAIMED:
        return False
    after = replace(standing, state=State.CLAIMED, asked_on=None, reason=note)
    return await _change(session, submission, "claimed_for", after, said)


async def departments_owing(
    session: AsyncSession, reports: Collection[int]
) -> list[str]:
    """List the obligors of some reports; none if there are no reports."""
    query = select(Submission.department).where(Submission.report_id.in_(reports))
    return list(await session.scalars(query)) if reports else []


async def all_obligors(session: AsyncSession) -> list[str]:
    """List the departments that ever owed a report, each once."""
    query = select(Submission.department).distinct().order_by(Submission.department)
    return list(await session.scalars(query))


async def ask_extension(
    session: AsyncSession,
    submission: Submission,
    said: Said,
    *,
    day: date,
    reason: str = "",
) -> bool:
    """Put a later day before the office; until it decides nothing else changes."""
    standing = submission.standing
    if standing.state not in OWING:
        return False
    after = replace(standing, asked_on=day, reason=reason)
    return await _change(session, submission, "extension_asked", after, said)


async def decide_extension(
    session: AsyncSession,
    submission: Submission,
    said: Said,
    *,
    agreed: bool,
    reason: str = "",
) -> bool:
    """Agree to the later day, or refuse it; False if none is asked for."""
    standing = submission.standing
    if standing.asked_on is None:
        return False
    if agreed:
        after = replace(
            standing,
            state=State.EXTENDED,
            agreed_on=standing.asked_on,
            promised_on=None,
            asked_on=None,
        )
        return await _change(session, submission, "extended", after, said)
    after = replace(standing, asked_on=None, reason=reason)
    return await _change(session, submission, "extension_refused", after, said)


async def dispute(
    session: AsyncSession, submission: Submission, said: Said, *, reason: str = ""
) -> bool:
    """Note that the department says it is none of its business; nudges pause."""
    standing = submission.standing
    if standing.state not in OWING:
        return False
    after = replace(standing, state=State.DISPUTED, reason=reason)
    return await _change(session, submission, "disputed", after, said)


async def decide_dispute(
    session: AsyncSession,
    submission: Submission,
    said: Said,
    *,
    stays: bool,
    reason: str = "",
) -> bool:
    """Decide that the report stays with the department, or that it need not report."""
    standing = submission.standing
    if standing.state is not State.DISPUTED:
        return False
    state = _owing_again(standing) if stays else State.EXEMPT
    after = replace(standing, state=state, reason=reason)
    word = "dispute_refused" if stays else "dispute_upheld"
    return await _change(session, submission, word, after, said)


def _owing_again(standing: Standing) -> SubmissionState:
    if standing.agreed_on:
        return State.EXTENDED
    return State.ACKNOWLEDGED if standing.acknowledged_at else State.OPEN


async def accept(session: AsyncSession, submission: Submission, said: Said) -> bool:
    """Accept what was claimed; False if nothing was, or it is accepted already."""
    standing = submission.standing
    if standing.state not in CLAIMED:
        return False
    state = State.NIL if standing.state is State.NIL_CLAIMED else State.ACCEPTED
    after = replace(standing, state=state, reason="")
    return await _change(session, submission, "accepted", after, said)


async def return_(
    session: AsyncSession, submission: Submission, said: Said, *, reason: str
) -> bool:
    """Give back what was claimed or accepted; False if nothing was."""
    standing = submission.standing
    if standing.state not in CLAIMED | {State.ACCEPTED, State.NIL}:
        return False
    after = replace(
        standing,
        state=State.RETURNED,
        reason=reason,
        promised_on=None,
        acknowledged_at=None,  # what is wanted now is another thing
    )
    return await _change(session, submission, "returned", after, said)


async def exempt(
    session: AsyncSession, submission: Submission, said: Said, *, reason: str = ""
) -> bool:
    """Let the department off this report; False if it was before."""
    after = replace(submission.standing, state=State.EXEMPT, reason=reason)
    return await _change(session, submission, "exempted", after, said)


async def resume(
    session: AsyncSession, submission: Submission, said: Said, *, let_off: str
) -> bool:
    """Let it be owed again, if last it was let off in the words *let_off*."""
    last = await last_word(session, submission)
    if last is None or (last.what, last.words) != ("exempted", let_off):
        return False
    submission.step = None
    return await _change(session, submission, "resumed", last.before, said)


async def undo(
    session: AsyncSession, submission: Submission, said: Said
) -> SubmissionEntry | None:
    """Take back the department's newest own word, as long as nothing came after it.

    Returns the entry that is undone; None if there is none, or the office has decided
    meanwhile.
    """
    last = await last_word(session, submission)
    if last is None or last.what not in _OWN_WORDS:
        return None
    await _change(session, submission, "undone", last.before, said)
    return last


async def last_word(
    session: AsyncSession, submission: Submission
) -> SubmissionEntry | None:
    """Return the last word of anybody about a submission that was not undone."""
    query = (
        select(SubmissionEntry)
        .where(SubmissionEntry.submission_id == submission.id)
        .order_by(SubmissionEntry.id.desc())
    )
    undone = 0
    for entry in await session.scalars(query):
        if entry.what == "undone":
            undone += 1
        elif undone:
            undone -= 1
        else:
            return entry
    return None


async def newest_of(
    session: AsyncSession, department: str, *, reports: Collection[int] = ()
) -> Submission | None:
    """Return what a department spoke of last, of some *reports* if there are any."""
    query = (
        select(Submission)
        .join(SubmissionEntry, SubmissionEntry.submission_id == Submission.id)
        .where(Submission.department == department)
        .where(SubmissionEntry.what.in_(_OWN_WORDS))
        .order_by(SubmissionEntry.id.desc())
        .limit(1)
    )
    if reports:
        query = query.where(Submission.report_id.in_(reports))
    return (await session.scalars(query)).first()


async def _change(
    session: AsyncSession,
    submission: Submission,
    what: str,
    after: Standing,
    said: Said,
) -> bool:
    """Enter a change, and have the round look at once what it means for the nudges.

    False, and nothing is entered, if nothing would change.
    """
    before = submission.standing
    if what in _OWN_WORDS or what == "undone":
        submission.reacted_at = said.at
    if after == before:
        return False
    if after.agreed_on != before.agreed_on:
        submission.step = None  # the ladder counts to another date from now on
    submission.standing, submission.state = after, after.state
    submission.next_at = said.at if after.state in OWING else None
    session.add(
        SubmissionEntry(
            submission_id=submission.id,
            what=what,
            person_id=said.person_id,
            by=said.by,
            channel=said.channel,
            letter=said.letter,
            words=said.words,
            before=before,
            after=after,
            at=said.at,
        )
    )
    await session.flush()
    return True
