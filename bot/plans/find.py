"""Which plan is meant: by 文号 in any spelling, by title or by the file's name."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chinese import fold
from bot.errors import NotFound
from bot.model import Plan, PlanStatus
from bot.plans.number import NumberParts, number_parts, squeeze

_NAMED = 5  # plans that a reply lists
_PART = 2  # characters of a title that may stand for it


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanName:
    """The names of a plan, without the plan."""

    id: int
    number: str
    title: str
    plan_title: str
    source_name: str

    @property
    def stem(self) -> str:
        """The imported file's name without folder and ending."""
        return stem_of(self.source_name)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles, squeezed, longest first."""
        found = {squeeze(self.title), squeeze(self.plan_title)} - {""}
        return tuple(sorted(found, key=len, reverse=True))

    @property
    def shown(self) -> str:
        """How a reply names it: title and 文号."""
        title = self.plan_title or self.title or self.source_name
        return f"《{title}》{self.number}"


def stem_of(path: str) -> str:
    """Cut folders, of either system, and the ending off a file's name."""
    name = re.split(r"[/\\]", path)[-1]
    return name.rsplit(".", 1)[0] or name


async def find_plan(
    session: AsyncSession, words: str, *, status: PlanStatus = PlanStatus.IN_FORCE
) -> Plan:
    """Find the one plan of *status* that *words* name.

    A 文号 may have any brackets and blanks, or be the end of one (21号) if only one
    plan ends so; a title may be a part of it; a file is named by its stem. Raises
    NotFound if none or several fit; its reply lists them, five at most.
    """
    names = await plan_names(session, status=status)
    found = matching(words, names)
    if len(found) != 1:
        raise NotFound(f"{len(found)} plans fit", reply=_reply(words, names, found))
    plan = await session.get(Plan, found[0].id)
    if plan is None:
        raise NotFound("plan is gone", reply=_reply(words, names, []))
    return plan


async def plan_names(
    session: AsyncSession, *, status: PlanStatus = PlanStatus.IN_FORCE
) -> list[PlanName]:
    """List the names of the plans of *status*, the newest issue date first."""
    columns = Plan.id, Plan.number, Plan.title, Plan.plan_title, Plan.source_name
    newest = Plan.issue_date.desc().nulls_last(), Plan.id.desc()
    rows = await session.execute(
        select(*columns).where(Plan.status == status).order_by(*newest)
    )
    return [PlanName(**row) for row in rows.mappings()]


def matching(words: str, names: Sequence[PlanName]) -> list[PlanName]:
    """List the plans that *words* may mean, by the surest way that finds any."""
    for fits in _ways(words):
        found = [name for name in names if fits(name)]
        if found:
            return found
    return []


def _ways(words: str) -> Iterator[Callable[[PlanName], bool]]:
    bare, exact, stem = squeeze(words), fold(words), fold(stem_of(words))
    if exact:
        yield lambda name: exact in (fold(name.stem), fold(name.source_name))
        yield lambda name: stem == fold(name.stem)
    if not bare:
        return
    yield lambda name: bare == squeeze(name.number) or bare in name.titles
    parts = number_parts(words)
    if parts:
        yield lambda name: _same_number(parts, name)
    yield lambda name: bool(name.number) and squeeze(name.number) in bare
    yield lambda name: any(
        len(title) > _PART and title in bare for title in name.titles
    )
    if len(bare) >= _PART:
        yield lambda name: any(bare in title for title in name.titles)
        yield lambda name: bare in squeeze(name.stem)


def _same_number(parts: NumberParts, name: PlanName) -> bool:
    whole = number_parts(name.number)
    return whole is not None and parts.fits(whole)


def _reply(words: str, names: Sequence[PlanName], found: Sequence[PlanName]) -> str:
    if not names:
        return "没有查到，请先用 bot import 导入（bot plans 可看现有方案和草稿）。"
    head = f"没有查到“{words[:40]}”。现有方案："
    if found:
        head = f"“{words[:40]}”对应多个方案，请写全文号："
    shown = [name.shown for name in found or names]
    more = f"\n……共 {len(shown)} 个" if len(shown) > _NAMED else ""
    return head + "".join(f"\n{one}" for one in shown[:_NAMED]) + more
