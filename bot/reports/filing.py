"""Files that were handed in, as rows: entered, fetched, and tied to a report."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.model import Evidence, Report, Submission, SubmissionEntry, SubmissionState

_SOON, _SELDOM = timedelta(seconds=10), timedelta(hours=1)
_IN_HAND = timedelta(minutes=2)  # after which another process may try
_GIVEN_UP = timedelta(days=3)  # so long the products keep what was sent

EXPIRED = "保存期满，文件已清理。"
"""What is noted of a file that was kept as long as it had to be."""

_UNDECIDED = (
    SubmissionState.CLAIMED,
    SubmissionState.NIL_CLAIMED,
    SubmissionState.DISPUTED,
)

GONE = "文件没有取到，请重新发送。"
"""What is said of a file that its product does not give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file that came with a letter; `reference` is what its channel fetches it by."""

    name: str
    size: int
    channel: str
    reference: str


async def enter_files(
    session: AsyncSession,
    files: Sequence[NewFile],
    *,
    person_id: int,
    department: str,
    letter: str,
    at: datetime,
) -> list[Evidence]:
    """Enter what came with a letter, to be fetched; nothing of it is kept yet."""
    rows = [
        Evidence(
            person_id=person_id,
            department=department,
            name=file.name,
            size=file.size,
            digest="",
            letter=letter,
            at=at,
            channel=file.channel,
            reference=file.reference,
            refusal="",
            fetch_at=at,
        )
        for file in files
    ]
    session.add_all(rows)
    await session.flush()
    return rows


async def files_of_letter(
    session: AsyncSession, evidence_id: int, *, department: str
) -> Sequence[Evidence]:
    """List what came with the letter of a file, if it was sent for that department."""
    first = await session.get(Evidence, evidence_id)
    if first is None or first.department != department:
        return []
    if not first.letter:
        return [first]
    query = select(Evidence).where(
        Evidence.letter == first.letter, Evidence.department == department
    )
    return (await session.scalars(query.order_by(Evidence.id))).all()


async def files_for(
    session: AsyncSession, reports: Collection[int]
) -> list[tuple[Submission, list[Evidence]]]:
    """List the submissions of some reports with which files came, and these.

    Both in the order in which they were entered.
    """
    query = (
        select(Submission, Evidence)
        .join(Evidence, Evidence.submission_id == Submission.id)
        .where(Submission.report_id.in_(reports))
        .order_by(Submission.id, Evidence.id)
    )
    found: dict[int, tuple[Submission, list[Evidence]]] = {}
    for one, file in (await session.execute(query)).unique():
        found.setdefault(one.id, (one, []))[1].append(file)
    return list(found.values())


async def tie_letter(
    session: AsyncSession, letter: str, submission: Submission
) -> None:
    """Tie what came with a letter to the report that it is for."""
    await session.execute(
        update(Evidence)
        .where(Evidence.letter == letter, Evidence.department == submission.department)
        .values(submission_id=submission.id)
    )


async def tie_as_the_others(session: AsyncSession, letter: str) -> None:
    """Tie all that came with a letter to the report that some of it is for, if any."""
    query = select(Evidence.submission_id).where(
        Evidence.letter == letter, Evidence.submission_id.is_not(None)
    )
    tied = await session.scalar(query.order_by(Evidence.id).limit(1))
    submission = await session.get(Submission, tied) if tied else None
    if submission:
        await tie_letter(session, letter, submission)


async def tie_to_claim(session: AsyncSession, letter: str, *, files_of: str) -> None:
    """Tie the files of a letter to the report that a letter claimed, if any."""
    query = select(SubmissionEntry.submission_id).where(
        SubmissionEntry.letter == letter,
        SubmissionEntry.what.in_(("claimed", "nil_claimed")),
    )
    claimed = await session.scalar(query.order_by(SubmissionEntry.id.desc()).limit(1))
    submission = await session.get(Submission, claimed) if claimed else None
    if letter and submission:
        await tie_letter(session, files_of, submission)


async def take_to_fetch(
    session: AsyncSession, *, now: datetime, limit: int
) -> Sequence[Evidence]:
    """Take the files that have waited longest to be fetched; commit before fetching.

    They are ours for two minutes.
    """
    due = (
        select(Evidence)
        .where(Evidence.fetch_at <= now, text("evidence.fetch_at IS NOT NULL"))
        .order_by(Evidence.fetch_at, Evidence.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = (await session.scalars(due)).all()
    for row in rows:
        row.fetch_at = now + _IN_HAND
    await session.flush()
    return rows


async def keep_fetched(
    session: AsyncSession,
    evidence_id: int,
    *,
    name: str,
    digest: str,
    size: int,
    at: datetime,
) -> bool:
    """Note that a file is kept; False if that was known."""
    row = await session.get(Evidence, evidence_id)
    if row is None or row.fetch_at is None:
        return False
    row.name, row.digest, row.size = name, digest, size
    row.fetched_at, row.fetch_at = at, None
    await session.flush()
    return True


async def put_off(session: AsyncSession, evidence_id: int, *, now: datetime) -> bool:
    """Try again later, ever more seldom; False if it is time to give it up."""
    row = await session.get(Evidence, evidence_id)
    if row is None or row.fetch_at is None:
        return True
    waited = now - row.at
    if waited > _GIVEN_UP:
        return False
    row.fetch_at = now + min(max(waited, _SOON), _SELDOM)
    await session.flush()
    return True


async def expire_files(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Note of files whose report was due *before*, or that came before, that they go.

    Name, digest and report stay. Not of a report that waits for the office. Returns how
    many; when that is committed, `to_destroy` tells whose content may go.
    """
    kept = select(Evidence).where(
        Evidence.digest != "", Evidence.refusal == "", Evidence.at < before
    )
    alone = kept.where(Evidence.submission_id.is_(None)).limit(limit)
    rows = list(await session.scalars(alone))
    day = before.date()
    tied = (
        kept.add_columns(Submission)
        .join(Submission, Evidence.submission_id == Submission.id)
        .join(Report, Submission.report_id == Report.id)
        .where(Report.due_on < day, Submission.state.not_in(_UNDECIDED))
        .limit(limit)
    )
    rows += [row for row, one in await session.execute(tied) if _is_over(one, day)]
    for row in rows:
        row.refusal = EXPIRED
    await session.flush()
    return len(rows)


def _is_over(submission: Submission, day: date) -> bool:
    standing = submission.standing
    agreed = standing.agreed_on
    return standing.asked_on is None and (agreed is None or agreed < day)


async def to_destroy(session: AsyncSession) -> Sequence[str]:
    """List the digests of content that no file is kept for any more."""
    live = aliased(Evidence)
    is_needed = exists().where(live.digest == Evidence.digest, live.refusal == "")
    query = select(Evidence.digest).where(Evidence.refusal == EXPIRED, ~is_needed)
    return (await session.scalars(query.distinct())).all()


async def refuse(
    session: AsyncSession, evidence_id: int, *, why: str
) -> Evidence | None:
    """Note that a file is not kept; None if that was known."""
    row = await session.get(Evidence, evidence_id)
    if row is None or row.fetch_at is None:
        return None
    row.refusal, row.fetch_at = why, None
    await session.flush()
    return row
