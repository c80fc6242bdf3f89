"""Plans kept, signed, replaced and found again; tasks of a plan as rows and back."""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import PlanRefused
from bot.facts import PlanDraft, TaskDraft
from bot.model import Plan, PlanStatus, Task
from bot.plans.number import canonical_number
from bot.plans.review import openness_refusal
from bot.statements import fetch

_KEY = 300  # characters of `Plan.key`
_SHORT = 100  # characters of `Plan.number`, `Plan.open_mark`, `Task.clause`
_STATUS_WORDS = {
    PlanStatus.IN_FORCE: "该版本已经发布，无需再次签发。",
    PlanStatus.REPLACED: "该版本已被新版本取代，不能发布。请重新导入。",
    PlanStatus.WITHDRAWN: "该版本已撤回，不能发布。请重新导入。",
}
_HEAD = [field.name for field in fields(PlanDraft) if field.name != "tasks"]
_TASK = [field.name for field in fields(TaskDraft) if field.name != "id"]


def key_of(draft: PlanDraft, *, source_name: str) -> str:
    """Return what stays the same over the versions of a plan, at most 300 characters.

    The 文号 in one spelling; without one the title, without that the file's name.
    """
    name = canonical_number(draft.number)
    for words in (draft.plan_title, draft.title, source_name):
        name = name or "".join(unicodedata.normalize("NFKC", words).split())
    name = "".join(filter(storable, name))
    if len(name) <= _KEY:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()
    return name[: _KEY - len(digest)] + digest


async def keep_draft(
    session: AsyncSession,
    draft: PlanDraft,
    *,
    source_name: str,
    source_hash: str,
    at: datetime,
) -> Plan:
    """Keep a draft for a person to sign, in place of an unsigned one of its key.

    The version is one more than the highest that was ever signed. Raises PlanRefused
    where no database can hold the draft.
    """
    _refuse_unstorable(draft, source_name)
    key = key_of(draft, source_name=source_name)
    await _hold(session, key)
    unsigned = Plan.key == key, Plan.status == PlanStatus.DRAFT
    for old in await session.scalars(select(Plan).where(*unsigned)):
        await session.delete(old)
    await session.flush()
    last = await session.scalar(select(func.max(Plan.version)).where(Plan.key == key))
    plan = Plan(
        **columns_of(draft),
        key=key,
        version=(last or 0) + 1,
        status=PlanStatus.DRAFT,
        source_name=source_name,
        source_hash=source_hash,
        declaration="",
        imported_at=at,
        signed_by="",
    )
    session.add(plan)
    await session.flush()
    return plan


def columns_of(draft: PlanDraft) -> dict[str, Any]:
    """Return what a plan's row, with its tasks' rows, takes over from a draft."""
    tasks = [_row(task, place) for place, task in enumerate(draft.tasks)]
    return {name: getattr(draft, name) for name in _HEAD} | {"tasks": tasks}


def draft_of(plan: Plan) -> PlanDraft:
    """Turn the rows of a plan back into the value that was kept."""
    tasks = sorted(plan.tasks, key=lambda task: task.position)
    return PlanDraft(
        **{name: getattr(plan, name) for name in _HEAD},
        tasks=tuple(
            TaskDraft(id=task.clause, **{name: getattr(task, name) for name in _TASK})
            for task in tasks
        ),
    )


async def publish(
    session: AsyncSession,
    plan: Plan,
    *,
    signed_by: str,
    at: datetime,
    declaration: str = "",
) -> Plan:
    """Put a draft into force in the name of *signed_by*, and retire the one before.

    *declaration* is the reason for which a super admin lets a plan in that carries
    no mark of openness or is marked as a draft. What comes into force is what *plan*
    says as the caller read it. Raises PlanRefused, with the words for the person;
    safe beside a second publisher of the same plan.
    """
    name, declaration = signed_by.strip(), declaration.strip()
    fresh = await _as_seen(session, plan)
    if fresh is None:
        raise _refused("draft is gone", "该草稿已被新的导入取代，请查看最新的草稿。")
    _refuse_unsigned(name)
    before = await _in_force(session, fresh.key)
    _refuse_unfit(fresh, before=before, declaration=declaration)
    if before:
        before.status = PlanStatus.REPLACED
        await session.flush()
    fresh.status = PlanStatus.IN_FORCE
    fresh.signed_by, fresh.signed_at, fresh.declaration = name, at, declaration
    await session.flush()
    return fresh


async def withdraw(session: AsyncSession, plan: Plan) -> Plan:
    """Take a plan out of force, or a draft off the desk; nothing takes its place.

    Raises PlanRefused if it was already replaced or withdrawn.
    """
    fresh = await _as_seen(session, plan)
    if fresh is None or fresh.status in (PlanStatus.REPLACED, PlanStatus.WITHDRAWN):
        raise _refused("nothing to withdraw", "该版本已不在用，无需撤回。")
    fresh.status = PlanStatus.WITHDRAWN
    await session.flush()
    return fresh


async def version_in_force(
    session: AsyncSession, draft: PlanDraft, *, source_name: str
) -> Plan | None:
    """Return the version that *draft* would replace, None if it is a new plan."""
    return await _in_force(session, key_of(draft, source_name=source_name))


async def same_as_in_force(
    session: AsyncSession, draft: PlanDraft, *, source_name: str
) -> Plan | None:
    """Return the version in force if it says just what *draft* says, else None.

    Neither source lines nor blanks are compared: the same document in another format
    is the same.
    """
    plan = await version_in_force(session, draft, source_name=source_name)
    if plan and without_layout(draft_of(plan)) == without_layout(draft):
        return plan
    return None


async def plans_in_force(session: AsyncSession) -> list[Plan]:
    """List the plans in force with their tasks, the newest issue date first."""
    newest = Plan.issue_date.desc().nulls_last()
    query = select(Plan).where(Plan.status == PlanStatus.IN_FORCE)
    return list(await session.scalars(query.order_by(newest, Plan.id.desc())))


async def ids_in_force(session: AsyncSession) -> set[int]:
    """List the ids of the plans in force: enough to see whether something changed."""
    return {id_ for (id_,) in await fetch(session, _IDS_IN_FORCE, {})}


# Asked before each answer, so it is built once.
_IDS_IN_FORCE = select(Plan.__table__.c.id).where(Plan.status == PlanStatus.IN_FORCE)


async def drafts_kept(session: AsyncSession) -> list[Plan]:
    """List the drafts that wait for a signature, the last imported first."""
    query = select(Plan).where(Plan.status == PlanStatus.DRAFT)
    latest = Plan.imported_at.desc(), Plan.id.desc()
    return list(await session.scalars(query.order_by(*latest)))


async def _as_seen(session: AsyncSession, plan: Plan) -> Plan | None:
    """Read *plan* again, alone with its key; None if it is gone or says other things.

    SQLite gives out the id of a deleted row again, so the same id proves nothing.
    """
    seen = draft_of(plan)
    await _hold(session, plan.key)
    fresh = await session.get(Plan, plan.id, populate_existing=True)
    return fresh if fresh and draft_of(fresh) == seen else None


async def _in_force(session: AsyncSession, key: str) -> Plan | None:
    query = select(Plan).where(Plan.key == key, Plan.status == PlanStatus.IN_FORCE)
    found = await session.scalars(query.execution_options(populate_existing=True))
    return found.one_or_none()


async def _hold(session: AsyncSession, key: str) -> None:
    """Make other writers of this key wait until the transaction ends.

    SQLite has one writer at a time anyway; on PostgreSQL two could each find no
    version in force and put their own in.
    """
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256(key.encode()).digest()
        number = int.from_bytes(digest[:8], signed=True)
        await session.execute(select(func.pg_advisory_xact_lock(number)))


def _row(task: TaskDraft, place: int) -> Task:
    values = {name: getattr(task, name) for name in _TASK}
    return Task(position=place, clause=task.id, **values)


def without_layout(draft: PlanDraft) -> PlanDraft:
    """Return what a draft says without blanks and source lines, for comparing."""
    tasks = tuple(replace(task, places=(0, 0)) for task in draft.tasks)
    bare: PlanDraft = _without_blanks(replace(draft, tasks=tasks))
    return bare


def _without_blanks(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return "".join(value.split())
    if isinstance(value, tuple):
        return tuple(_without_blanks(one) for one in value)
    if hasattr(value, "__dataclass_fields__"):
        changed = {
            f.name: _without_blanks(getattr(value, f.name)) for f in fields(value)
        }
        return replace(value, **changed)
    return value


def _refuse_unsigned(name: str) -> None:
    if not name:
        raise _refused("no name", "请写明签发人姓名，未签名的方案不能发布。")
    if len(name) > _SHORT or not storable(name):
        raise _refused("bad name", f"签发人姓名请在{_SHORT}字以内，不含控制字符。")


def _refuse_unfit(plan: Plan, *, before: Plan | None, declaration: str) -> None:
    if plan.status is not PlanStatus.DRAFT:
        raise _refused(f"plan is {plan.status}", _STATUS_WORDS[plan.status])
    if before and before.version > plan.version:
        raise _refused("older than the one in force", "已有更新的版本在用，不能发布。")
    if not plan.tasks:
        raise _refused("no tasks", "该文件没有读出任何任务，不能发布。")
    reason = openness_refusal(draft_of(plan))
    if reason and not declaration:
        advice = "确可使用的，由超级管理员说明理由后发布。"
        raise _refused("not open", f"{reason}{advice}")


def _refused(message: str, reply: str) -> PlanRefused:
    return PlanRefused(message, reply=reply)


def storable(text: str) -> bool:
    """Tell whether both databases can hold *text*: no NUL, no half of a pair."""
    return not any(char == "\0" or unicodedata.category(char) == "Cs" for char in text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif hasattr(value, "__dataclass_fields__"):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _refuse_unstorable(draft: PlanDraft, source_name: str) -> None:
    if not all(map(storable, _texts((draft, source_name)))):
        words = "文件含有不能保存的控制字符，请另存为 docx 或 txt 后重新导入。"
        raise _refused("NUL or lone surrogate", words)
    clauses = [task.id for task in draft.tasks]
    if len(set(clauses)) < len(clauses):
        raise _refused("double clause", "有两项任务条款号相同，请核对后重新导入。")
    long = [*clauses, *(task.parent for task in draft.tasks)]
    if any(len(text) > _SHORT for text in (draft.number, draft.open_mark, *long)):
        words = f"文号、公开标识或条款号超过{_SHORT}字，应是读错了，请核对文件。"
        raise _refused("head or clause too long", words)
