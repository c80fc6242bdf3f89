"""A document comes in: read, understood, kept as a draft, signed, put into force."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.departments import Departments
from bot.documents import read_blocks
from bot.documents.opening import first_words
from bot.errors import DocumentError, PlanRefused
from bot.facts import PlanDraft
from bot.guard import ADVICE, bears_mark, is_secret_name
from bot.model import Plan
from bot.plans import register
from bot.plans.changes import Change, changes
from bot.plans.review import openness_refusal, unknown_departments

_FEW = 4  # tasks, of which some may well be worded alike
_TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file as it was understood, before anything is stored."""

    name: str
    hash: str
    draft: PlanDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a person is asked to sign.

    `changed` says what would be new against the version in force, `before` is that
    version's number or 0; `known_already` means that the document says nothing new,
    and `plan` is then the one in force. `refusal` is why it may not come into force
    without a declaration, or "".
    """

    plan: Plan
    draft: PlanDraft
    refusal: str
    changed: tuple[Change, ...] = ()
    before: int = 0
    known_already: bool = False
    unknown: tuple[str, ...] = ()


def read_plan(path: Path, departments: Departments) -> SourceFile:
    """Read and understand a document, or a draft that the office corrected in xlsx.

    Raises DocumentError, with what to do about it; nothing is stored here. No reason
    that anybody declares brings in a document that bears a mark of secrecy.
    """
    # A question needs none of these, and a quarter of a second to load them.
    from bot.plans.drafting.workbook import is_draft_workbook, read_workbook
    from bot.plans.reading.parse import parse_plan

    if is_secret_name(path.name):
        raise _secret(path)
    if path.suffix.lower() == ".xlsx" and is_draft_workbook(path):
        draft = read_workbook(path)
    else:
        blocks = read_blocks(path)
        if bears_mark(first_words(blocks)):
            raise _secret(path)
        draft = parse_plan(blocks, departments=departments)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SourceFile(name=path.name, hash=digest, draft=draft)


def _secret(path: Path) -> DocumentError:
    return DocumentError(f"{path} bears a mark", reply=f"文件带有密级标志。{ADVICE}")


async def propose(
    session: AsyncSession,
    source: SourceFile,
    *,
    departments: Departments,
    actor: str,
    at: datetime,
    declaration: str = "",
) -> Proposal:
    """Keep a document as a draft and say what a person has to look at.

    Raises PlanRefused, and keeps nothing, if the document holds no task or may not
    come into force without the *declaration* that is missing.
    """
    draft = source.draft
    same = await register.same_as_in_force(session, draft, source_name=source.name)
    if same:
        return Proposal(plan=same, draft=draft, refusal="", known_already=True)
    old = await register.version_in_force(session, draft, source_name=source.name)
    refusal = openness_refusal(draft)
    _refuse_unfit(draft, refusal, declaration=declaration)
    changed: tuple[Change, ...] = ()
    if old:
        seen = register.without_layout(register.draft_of(old))
        changed = tuple(changes(seen, register.without_layout(draft)))
    before = old.version if old else 0
    plan = await register.keep_draft(
        session, draft, source_name=source.name, source_hash=source.hash, at=at
    )
    proposal = Proposal(
        plan=plan,
        draft=draft,
        refusal=refusal,
        changed=changed,
        before=before,
        unknown=tuple(unknown_departments(draft, departments.is_known)),
    )
    await _enter(session, proposal, source, actor=actor, at=at)
    return proposal


async def _enter(
    session: AsyncSession,
    proposal: Proposal,
    source: SourceFile,
    *,
    actor: str,
    at: datetime,
) -> None:
    """Enter in the audit what was read, and that it was compared with what was."""
    plan, draft = proposal.plan, proposal.draft
    await audit.record(
        session,
        actor=actor,
        event="plan.imported",
        about=plan.key,
        at=at,
        version=plan.version,
        file=source.name,
        sha256=source.hash,
        tasks=len(draft.tasks),
        doubts=len(draft.doubts),
        changes=len(proposal.changed),
    )
    if proposal.before:
        await audit.record(
            session,
            actor=actor,
            event="plan.diffed",
            about=plan.key,
            at=at,
            version=plan.version,
            against=proposal.before,
            changes=Counter(one.kind for one in proposal.changed),
        )


def _refuse_unfit(draft: PlanDraft, refusal: str, *, declaration: str) -> None:
    if not draft.tasks:
        words = "没有读出任何任务，未导入。请确认是实施方案正文或任务分工表。"
        raise PlanRefused("no tasks", reply=words)
    distinct = len({(one.title, one.body) for one in draft.tasks})
    if len(draft.tasks) >= _FEW and len(draft.tasks) >= _TWICE * distinct:
        times = len(draft.tasks) // distinct
        words = (
            f"文件里的任务重复了约 {times} 遍，应是粘贴或拼接出错，未导入。"
            "请核对文件，只留一份正文再导入。"
        )
        raise PlanRefused("the same tasks again and again", reply=words)
    if refusal and not declaration.strip():
        advice = "确需使用的，由超级管理员加 --declare 写明理由。"
        raise PlanRefused("not open", reply=f"{refusal}{advice}未导入。")


async def sign(
    session: AsyncSession,
    plan: Plan,
    *,
    signed_by: str,
    at: datetime,
    departments: Departments,
    declaration: str = "",
) -> Plan:
    """Put a draft into force in a person's name; raises PlanRefused."""
    in_force = await register.publish(
        session, plan, signed_by=signed_by, at=at, declaration=declaration
    )
    await audit.record(
        session,
        actor=signed_by,
        event="row.signed",
        about=in_force.key,
        at=at,
        version=in_force.version,
        rows=_digests(register.draft_of(in_force)),
    )
    unknown = unknown_departments(register.draft_of(in_force), departments.is_known)
    await roster.propose_departments(session, unknown)
    await audit.record(
        session,
        actor=signed_by,
        event="plan.published",
        about=in_force.key,
        at=at,
        version=in_force.version,
        declaration=declaration,
        proposed_departments=unknown,
    )
    return in_force


def _digests(draft: PlanDraft) -> dict[str, str]:
    """Return each row that is signed with a digest of all that it says.

    A signature is for all rows of a draft at once, so they are one entry.
    """
    rows: dict[str, object] = {task.id: task for task in draft.tasks}
    for kind, listed in (("职责", draft.duties), ("目标", draft.targets)):
        rows |= {f"{kind}{place}": row for place, row in enumerate(listed, start=1)}
    return {
        name: hashlib.sha256(msgspec.json.encode(row)).hexdigest()[:16]
        for name, row in rows.items()
    }


async def withdraw(
    session: AsyncSession, plan: Plan, *, actor: str, reason: str, at: datetime
) -> None:
    """Take a plan out of force, or drop a draft, and keep who did it and why.

    Raises PlanRefused without a name or a reason.
    """
    if not actor.strip() or not reason.strip():
        raise PlanRefused("who or why is missing", reply="请写明撤回人姓名和理由。")
    await register.withdraw(session, plan)
    await audit.record(
        session,
        actor=actor,
        event="plan.withdrawn",
        about=plan.key,
        at=at,
        version=plan.version,
        reason=reason,
    )
