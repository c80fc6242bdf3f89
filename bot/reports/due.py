"""What is due to be nudged, many rows at a time; and how far each report has come."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import (
    BigInteger,
    Date,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert

from bot.model import (
    DraftState,
    LeaderDraft,
    Nudge,
    NudgeItem,
    Report,
    Standing,
    Submission,
    SubmissionState,
    UtcDateTime,
)
from bot.model.lists import Columns, among, among_given, as_rows, unfolded
from bot.reports.ladder import Case
from bot.reports.submissions import OWING
from bot.statements import fetch

OFFICE = "办公室"
"""The obligor of a report that the coordinating office itself owes."""

_NUDGE = cast(Table, Nudge.__table__)
_ITEM = cast(Table, NudgeItem.__table__)


class DueRow(NamedTuple):
    """A submission that may be due, as the ladder sees it.

    `later_at` is its moment, if that has not come yet.
    """

    id: int
    report_id: int
    department: str
    later_at: datetime | None
    case: Case


async def submissions_due(
    session: AsyncSession,
    departments: Collection[str],
    *,
    now: datetime,
    until: datetime,
) -> list[DueRow]:
    """List what departments may hear about up to *until*, held until we commit."""
    read = _CaseReader()
    await session.flush()  # past the session it is twice as fast
    given = {"departments": list(departments), "now": now, "until": until}
    return [
        DueRow(id_, report_id, department, later_at, read.case(department, stands))
        for id_, report_id, department, later_at, *stands in await fetch(
            session, _SUBMISSIONS_DUE, given
        )
    ]


_SUBMISSIONS_DUE = (
    select(
        Submission.id,
        Submission.report_id,
        Submission.department,
        case(
            (
                Submission.next_at > bindparam("now", type_=UtcDateTime),
                Submission.next_at,
            )
        ),
        as_type(Submission.standing, Text),
        Submission.step,
        Submission.nudged_before,
        Submission.nudged_after,
        Submission.reacted_at,
        Report.due_on,
    )
    .join(Report, Report.id == Submission.report_id)
    .where(
        Submission.next_at <= bindparam("until", type_=UtcDateTime),
        text("submission.next_at IS NOT NULL"),
        among_given(Submission.department, "departments"),
    )
    .with_for_update(of=Submission, skip_locked=True)
)


class _CaseReader:
    """Makes cases of rows; equal rows, which are many, are read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, bool], Case] = {}

    def case(self, department: str, stands: Sequence[Any]) -> Case:
        """Give the case of a row, one object for all equal ones."""
        key = tuple(stands), department == OFFICE
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _case(*stands, is_of_office=key[1])
        return found


def _case(
    standing: str,
    step: int | None,
    before: int,
    after: int,
    reacted_at: datetime | None,
    due_on: date,
    *,
    is_of_office: bool,
) -> Case:
    stands = msgspec.json.decode(standing, type=Standing)
    return Case(
        due_on=due_on,
        state=stands.state,
        step=step,
        agreed_on=stands.agreed_on,
        promised_on=stands.promised_on,
        acknowledged_at=stands.acknowledged_at,
        reacted_at=reacted_at,
        nudged_before=before,
        nudged_after=after,
        is_of_office=is_of_office,
    )


def case_of(submission: Submission) -> Case:
    """Return what the ladder has to know of a submission."""
    standing = submission.standing
    return Case(
        due_on=submission.report.due_on,
        state=standing.state,
        step=submission.step,
        agreed_on=standing.agreed_on,
        promised_on=standing.promised_on,
        acknowledged_at=standing.acknowledged_at,
        reacted_at=submission.reacted_at,
        nudged_before=submission.nudged_before,
        nudged_after=submission.nudged_after,
        is_of_office=submission.department == OFFICE,
    )


@dataclass(frozen=True, slots=True)
class Became:
    """What a round writes down of a submission."""

    step: int | None
    next_at: datetime | None
    nudged_before: int
    nudged_after: int


async def write_down(
    session: AsyncSession, became: Mapping[Became, Collection[int]]
) -> None:
    """Keep what became of submissions, which are named by their ids."""
    for one, ids in became.items():
        await session.execute(
            update(Submission)
            .where(among(Submission.id, ids))
            .values(
                step=one.step,
                next_at=one.next_at,
                nudged_before=one.nudged_before,
                nudged_after=one.nudged_after,
            )
            .execution_options(synchronize_session=False)
        )


async def nudged_on(
    session: AsyncSession, recipients: Iterable[str], *, on: date
) -> set[str]:
    """Return those of *recipients* who were nudged on a day already."""
    mine = among(Nudge.recipient, list(recipients))
    query = select(Nudge.recipient).where(Nudge.on == on, mine)
    return set(await session.scalars(query))


async def keep_nudges(
    session: AsyncSession,
    nudges: Sequence[tuple[str, int]],
    items: Sequence[tuple[int, int, int]],
    *,
    on: date,
) -> None:
    """Keep whom notices nudge on a day, and of what they speak.

    *nudges* are (recipient, notice), *items* (notice, report, step). Raises
    IntegrityError if somebody was nudged on that day already.
    """
    connection = await session.connection()
    if nudges:
        dialect = connection.dialect.name
        given = {**as_rows(dialect, _TOLD, nudges), "on": on}
        await fetch(session, _new_nudges(dialect), given)
    if items:
        told = [
            {"notice_id": notice_id, "report_id": report_id, "step": step}
            for notice_id, report_id, step in items
        ]
        await connection.execute(insert(_ITEM), told)


_TOLD: Columns = {"recipient": Text(), "notice_id": BigInteger()}


@lru_cache
def _new_nudges(dialect: str) -> Insert:
    told = unfolded(dialect, _TOLD).add_columns(bindparam("on", type_=Date))
    return insert(_NUDGE).from_select([*_TOLD, "on"], told)


async def forget_nudges(
    session: AsyncSession, taken_back: Iterable[tuple[int, str]]
) -> None:
    """Let recipients be nudged again on the day of a notice that did not reach them."""
    for notice_id, recipient in taken_back:
        await session.execute(
            delete(Nudge)
            .where(Nudge.notice_id == notice_id, Nudge.recipient == recipient)
            .execution_options(synchronize_session=False)
        )


async def notices_about(session: AsyncSession, report_id: int) -> list[int]:
    """List the notices that speak of a report."""
    query = select(NudgeItem.notice_id).where(NudgeItem.report_id == report_id)
    return list(await session.scalars(query))


async def reports_told_by(
    session: AsyncSession, notice_ids: Collection[int]
) -> dict[int, int]:
    """Return the reports that notices speak of, by id, with the step of each."""
    query = select(NudgeItem.report_id, NudgeItem.step)
    query = query.where(NudgeItem.notice_id.in_(notice_ids)).order_by(NudgeItem.id)
    return {report_id: step for report_id, step in await session.execute(query)}


async def reports_by_id(
    session: AsyncSession, ids: Collection[int]
) -> dict[int, Report]:
    """Return reports with their duties."""
    rows = await session.scalars(select(Report).where(among(Report.id, ids)))
    return {report.id: report for report in rows}


async def counts(
    session: AsyncSession, report_ids: Collection[int]
) -> dict[int, dict[SubmissionState, int]]:
    """Count the departments of each report by where they stand."""
    found: dict[int, dict[SubmissionState, int]] = {id_: {} for id_ in report_ids}
    query = (
        select(Submission.report_id, Submission.state, func.count())
        .where(among(Submission.report_id, report_ids))
        .group_by(Submission.report_id, Submission.state)
    )
    for report_id, state, count in await session.execute(query):
        found[report_id][state] = count
    return found


async def submissions_to(
    session: AsyncSession,
    report_id: int,
    *,
    states: Collection[SubmissionState] | None = None,
) -> Sequence[Submission]:
    """List how the departments stand with a report, in the order of the obligors."""
    query = select(Submission).where(Submission.report_id == report_id)
    if states is not None:
        query = query.where(Submission.state.in_(states))
    return (await session.scalars(query.order_by(Submission.id))).all()


async def reports_between(
    session: AsyncSession, *, first: date, last: date
) -> Sequence[Report]:
    """List the reports that are due in a period, both days included; next due first."""
    query = select(Report).where(Report.due_on >= first, Report.due_on <= last)
    return (await session.scalars(query.order_by(Report.due_on, Report.id))).all()


async def keep_drafts(
    session: AsyncSession, texts: Mapping[int, str], *, at: datetime
) -> int:
    """Keep words to department heads, by submission, that wait for the office.

    A submission has one draft, in the words of the last; returns how many are new.
    """
    known = select(LeaderDraft).where(among(LeaderDraft.submission_id, list(texts)))
    there = {draft.submission_id: draft for draft in await session.scalars(known)}
    for id_, draft in there.items():
        if draft.state is DraftState.DRAFT:
            draft.text, draft.drafted_at = texts[id_], at
    drafts = [
        LeaderDraft(submission_id=id_, text=text, state=DraftState.DRAFT, drafted_at=at)
        for id_, text in texts.items()
        if id_ not in there
    ]
    session.add_all(drafts)
    await session.flush()
    return len(drafts)


async def posts_so_far(
    session: AsyncSession, recipient: str, report_ids: Collection[int]
) -> dict[int, list[int]]:
    """List the steps of each report of which a recipient has heard."""
    query = (
        select(NudgeItem.report_id, NudgeItem.step)
        .join(Nudge, Nudge.notice_id == NudgeItem.notice_id)
        .where(Nudge.recipient == recipient, among(NudgeItem.report_id, report_ids))
    )
    found: dict[int, list[int]] = {id_: [] for id_ in report_ids}
    for report_id, step in await session.execute(query):
        found[report_id].append(step)
    return found


async def waiting_for_a_step(session: AsyncSession) -> Sequence[Submission]:
    """List all submissions that have a next step."""
    query = select(Submission).where(text("submission.next_at IS NOT NULL"))
    return (await session.scalars(query.order_by(Submission.id))).unique().all()


async def drafts_waiting(session: AsyncSession, *, today: date) -> list[LeaderDraft]:
    """List the drafts that nobody has decided on, the oldest first.

    None of departments that have reported meanwhile, or have a later day.
    """
    query = (
        select(LeaderDraft, Submission)
        .join(Submission, Submission.id == LeaderDraft.submission_id)
        .where(LeaderDraft.state == DraftState.DRAFT, Submission.state.in_(OWING))
        .order_by(LeaderDraft.id)
    )
    rows = (await session.execute(query)).unique()
    return [draft for draft, owed in rows if case_of(owed).target < today]
