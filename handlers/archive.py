"""The year's archive: what the office has to keep, gathered for a package."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, inspect, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.database import HEAD
from bot.model import (
    Acknowledgement,
    AuditEntry,
    Base,
    Delivery,
    Evidence,
    Notice,
    Plan,
    PlanStatus,
    Report,
    ReportDuty,
    Submission,
    SubmissionEntry,
)
from bot.plans import register
from bot.plans.export import export_plan
from bot.reports.evidence import is_whole, place_of
from handlers.archive_index import IndexPage, write_index

KIND, VERSION = "plan-bot archive", 1
AUDIT = "audit.jsonl"
INDEX = "index.html"
MADE = "office.archived"

_NOT_OURS = frozenset({"reference", "fetch_at", "next_at"})  # of no use to a reader
_SIGNED = (PlanStatus.IN_FORCE, PlanStatus.REPLACED, PlanStatus.WITHDRAWN)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A calendar year in the office's zone: from `first` on, before `end`."""

    number: int
    zone: tzinfo

    @property
    def first(self) -> datetime:
        """Its first moment."""
        return datetime(self.number, 1, 1, tzinfo=self.zone)

    @property
    def end(self) -> datetime:
        """The first moment of the next one."""
        return datetime(self.number + 1, 1, 1, tzinfo=self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The files of a package by their paths, what it says of itself, what it lacks.

    `missing` are the names of files whose content is not there, or not whole.
    """

    files: Mapping[str, bytes | Path]
    about: Mapping[str, Any]
    missing: Sequence[str]


async def gather(
    session: AsyncSession, year: Year, *, office: str, folder: Path
) -> Archive:
    """Gather what belongs to a year; *folder* is where evidence lies.

    Equal data make an equal archive: there is no clock in it.
    """
    plans = await _plans(session, year)
    submissions = await _submissions(session, year)
    evidence, contents, missing = await _evidence(session, year, submissions, folder)
    rows: dict[str, list[Row]] = {
        "tasks": [task for plan in plans for task in _tasks_of(plan)],
        "duties": [_row(one) for one in await _duties(session, year)],
        "submissions": submissions,
        "evidence": evidence,
        "notices": await _notices(session, year),
    }
    entries = await _audit(session, year)
    rows["audit"] = [_row(one) for one in entries]
    about: Row = {
        "kind": KIND,
        "version": VERSION,
        "database": HEAD,
        "office": office,
        "year": year.number,
        "from": year.first.isoformat(),
        "before": year.end.isoformat(),
        "counts": {"plans": len(plans), **{name: len(rows[name]) for name in rows}},
        "missing": missing,
        "audit": await _chain_part(session, entries),
    }
    files: dict[str, bytes | Path] = {
        f"{name}.jsonl": _lines(of_it) for name, of_it in rows.items()
    }
    for number, plan in enumerate(plans, start=1):
        files |= _plan_files(number, plan)
    page = IndexPage(about=about, plans=plans, rows=rows, zone=year.zone)
    files[INDEX] = write_index(page).encode()
    return Archive(files={**files, **contents}, about=about, missing=missing)


async def note_made(
    session: AsyncSession, year: int, *, digest: str, by: str, at: datetime
) -> None:
    """Enter in the audit that a package was made, and its SHA-256."""
    await audit.record(
        session,
        actor=by,
        event=MADE,
        about=f"archive:{year}",
        at=at,
        sha256=digest,
    )


def _row(thing: Base) -> Row:
    """Tell a row of a table by its columns."""
    keys = [column.key for column in inspect(type(thing)).column_attrs]
    return {key: getattr(thing, key) for key in keys if key not in _NOT_OURS}


def _lines(rows: Iterable[Any]) -> bytes:
    encode = msgspec.json.Encoder(order="deterministic").encode
    return b"".join(encode(row) + b"\n" for row in rows)


async def _plans(session: AsyncSession, year: Year) -> list[Plan]:
    """List the versions that were in force at some time of the year, or withdrawn."""
    query = select(Plan).where(Plan.status.in_(_SIGNED), Plan.signed_at < year.end)
    signed = (await session.scalars(query.order_by(Plan.key, Plan.version))).all()
    before = (
        select(Plan.key, func.max(Plan.version))
        .where(Plan.signed_at < year.first)
        .group_by(Plan.key)
    )
    newest = {key: version for key, version in await session.execute(before)}
    return [one for one in signed if one.version >= newest.get(one.key, 0)]


def _tasks_of(plan: Plan) -> list[Row]:
    return [{"plan": plan.key, "version": plan.version, **_row(t)} for t in plan.tasks]


def _plan_files(number: int, plan: Plan) -> dict[str, bytes]:
    """Write a plan as it was published: to be read, and to be read by machine."""
    folder = f"plans/{number:03}"
    signed = _row(plan)
    form = {"signed": signed, "plan": export_plan(register.draft_of(plan))}
    encoded = msgspec.json.encode(form, order="deterministic")
    return {
        f"{folder}/plan.json": msgspec.json.format(encoded),
        f"{folder}/plan.txt": _as_text(plan).encode(),
    }


def _as_text(plan: Plan) -> str:
    head = [plan.name, plan.number, f"第 {plan.version} 版，签认人 {plan.signed_by}"]
    lines = [*filter(None, head), "", "【任务】"]
    for task in plan.tasks:
        lines += [f"〔{task.clause}〕{task.title}", task.body, task.annotation, ""]
    lines.append("【其他内容】")
    for passage in plan.passages:
        lines += [f"〔{passage.where}〕{passage.title}", passage.text, ""]
    return "\n".join(lines) + "\n"


async def _duties(session: AsyncSession, year: Year) -> Sequence[ReportDuty]:
    first, last = date(year.number, 1, 1), date(year.number, 12, 31)
    query = select(ReportDuty).where(
        ReportDuty.first <= last,
        or_(ReportDuty.last.is_(None), ReportDuty.last >= first),
        or_(ReportDuty.ended_at.is_(None), ReportDuty.ended_at >= year.first),
    )
    return (await session.scalars(query.order_by(ReportDuty.id))).all()


async def _submissions(session: AsyncSession, year: Year) -> list[Row]:
    """List how each department stands with what was due, and all that was said."""
    due = Report.due_on.between(date(year.number, 1, 1), date(year.number, 12, 31))
    query = (
        select(Submission)
        .join(Report, Submission.report_id == Report.id)
        .where(due)
        .order_by(Report.due_on, Submission.report_id, Submission.id)
    )
    found = (await session.scalars(query)).unique().all()
    entries: dict[int, list[Row]] = {one.id: [] for one in found}
    said = (
        select(SubmissionEntry)
        .join(Submission, SubmissionEntry.submission_id == Submission.id)
        .join(Report, Submission.report_id == Report.id)
        .where(due)
        .order_by(SubmissionEntry.id)
    )
    for one in await session.scalars(said):
        entries[one.submission_id].append(_row(one))
    return [
        {**_row(one), "report": _row(one.report), "entries": entries[one.id]}
        for one in found
    ]


async def _evidence(
    session: AsyncSession, year: Year, submissions: Sequence[Row], folder: Path
) -> tuple[list[Row], dict[str, Path], list[str]]:
    """List files with where they lie in the package, their contents, and what lacks."""
    of = {one["id"] for one in submissions}
    query = select(Evidence).where(Evidence.digest != "").order_by(Evidence.id)
    rows: list[Row] = []
    contents: dict[str, Path] = {}
    missing: list[str] = []
    for one in await session.scalars(query):
        is_loose = one.submission_id is None and year.first <= one.at < year.end
        if not (is_loose or one.submission_id in of):
            continue
        path = f"evidence/{one.digest[:2]}/{one.digest}"
        if path in contents or (not one.refusal and is_whole(folder, one.digest)):
            contents[path] = place_of(folder, one.digest)
        else:
            missing.append(f"{one.department} {one.name}：{one.refusal or '文件不在'}")
            path = ""
        rows.append({**_row(one), "path": path})
    return rows, contents, missing


async def _notices(session: AsyncSession, year: Year) -> list[Row]:
    """List notices with the counts of their deliveries by outcome, and of receipts."""
    within = Notice.issued_at >= year.first, Notice.issued_at < year.end
    found = (
        await session.scalars(select(Notice).where(*within).order_by(Notice.id))
    ).all()
    sent: dict[int, Counter[str]] = {one.id: Counter() for one in found}
    by_status = (
        select(Delivery.notice_id, Delivery.status, func.count(Delivery.id))
        .join(Notice, Delivery.notice_id == Notice.id)
        .where(*within)
        .group_by(Delivery.notice_id, Delivery.status)
    )
    for notice_id, status, count in await session.execute(by_status):
        if notice_id is not None:
            sent[notice_id][status] = count
    receipts = (
        select(Acknowledgement.notice_id, func.count(Acknowledgement.id))
        .join(Notice, Acknowledgement.notice_id == Notice.id)
        .where(*within)
        .group_by(Acknowledgement.notice_id)
    )
    acknowledged = {id_: count for id_, count in await session.execute(receipts)}
    return [
        {
            **_row(one),
            "deliveries": dict(sorted(sent[one.id].items())),
            "receipts": acknowledged.get(one.id, 0),
        }
        for one in found
    ]


async def _audit(session: AsyncSession, year: Year) -> Sequence[AuditEntry]:
    """List the entries of a year; of the chain all that lies between them too."""
    within = AuditEntry.at >= year.first, AuditEntry.at < year.end
    ends = select(func.min(AuditEntry.link), func.max(AuditEntry.link)).where(*within)
    low, high = (await session.execute(ends)).one()
    if low is None:
        return []
    query = select(AuditEntry).where(AuditEntry.link.between(low, high))
    return (await session.scalars(query.order_by(AuditEntry.link))).all()


async def _chain_part(session: AsyncSession, entries: Sequence[AuditEntry]) -> Row:
    """Tell which part of the chain it is: its ends, and the digest before it."""
    if not entries:
        return {"first": None, "last": None, "before": "", "head": ""}
    first, last = entries[0].link or 0, entries[-1].link
    query = select(AuditEntry.digest).where(AuditEntry.link == first - 1)
    before = await session.scalar(query) or ""
    return {"first": first, "last": last, "before": before, "head": entries[-1].digest}
