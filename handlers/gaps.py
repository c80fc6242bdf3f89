"""Departments that owe reports and that nobody hears for: the office is told once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.messages import Button, Reply
from bot.model import AuditEntry, Role
from bot.model.lists import among
from bot.reports.calendar import WorkCalendar
from bot.reports.due import OFFICE
from bot.reports.holidays import calendar_kept
from bot.reports.waiting import owing_since
from bot.roster import Gap
from bot.roster.hearers import hearers_in
from handlers.nudging import Nudging
from handlers.tell_office import tell

TOLD = "contact.missing"
LOST = "已绑定，联系不上"
CALL_THE_LOST = (
    "可能屏蔽了机器人或注销了账号：请打电话请本人解除屏蔽，再给机器人发一句话。"
)
_PAST = timedelta(days=120)  # reports that were due before are nobody's hurry
_NAMES = 6


async def gaps_of_obligors(
    session: AsyncSession, *, today: date
) -> list[tuple[Gap, datetime]]:
    """List the departments that owe a report and have no contact, and since when.

    That is since the report was opened, or since they last lost somebody.
    """
    owing = await owing_since(session, due_from=today - _PAST)
    owing.pop(OFFICE, None)
    gaps = await roster.gaps_among(session, owing)
    lost = await roster.last_losses(session, [one.department for one in gaps])
    return [
        (
            one,
            max(owing[one.department], lost.get(one.department, owing[one.department])),
        )
        for one in gaps
    ]


async def tell_office_of_gaps(
    session: AsyncSession, nudging: Nudging, *, now: datetime
) -> bool:
    """Tell the admins, once each, which departments nobody hears for.

    Within the office's hours, and once a whole working day has gone by. Afterwards
    they stand in the weekly digest.
    """
    policy, calendar = nudging.policy, await calendar_kept(session)
    if not policy.is_open(now, calendar):
        return False
    today = now.astimezone(policy.zone).date()
    gaps = [
        (gap, since)
        for gap, since in await gaps_of_obligors(session, today=today)
        if _is_long(since.astimezone(policy.zone), now, calendar)
    ]
    told = await _told(session, gaps)
    fresh = [gap for gap, _ in gaps if gap.department not in told]
    if not fresh:
        return False
    admins = await hearers_in(session, [Role.ADMIN], lanes=nudging.lanes)
    names = "|".join(one.department for one in fresh)
    is_told = await tell(
        session,
        nudging,
        admins,
        key=f"office:gaps:{today}:{sha256(names.encode()).hexdigest()[:16]}",
        kind="office",
        body=_body(fresh),
        at=now,
    )
    if not is_told:
        return False
    for gap in fresh:
        await audit.record(
            session,
            actor="system",
            event=TOLD,
            about=f"department:{gap.department}",
            at=now,
            department=gap.department,
        )
    return True


def _is_long(since: datetime, now: datetime, calendar: WorkCalendar) -> bool:
    """Tell whether more than one working day has gone by."""
    next_day = calendar.on(since.date(), 1)
    return now >= datetime.combine(next_day, since.timetz())


async def _told(
    session: AsyncSession, gaps: Sequence[tuple[Gap, datetime]]
) -> set[str]:
    """Return the departments of which the office was told since they are without."""
    since = {f"department:{gap.department}": at for gap, at in gaps}
    query = select(AuditEntry.about, AuditEntry.at).where(
        AuditEntry.event == TOLD, among(AuditEntry.about, list(since))
    )
    return {
        about.partition(":")[2]
        for about, at in await session.execute(query)
        if at >= since[about]
    }


def _body(gaps: Sequence[Gap]) -> Reply:
    more = f"等 {len(gaps)} 家" if len(gaps) > _NAMES else ""
    names = "、".join(name_of(gap) for gap in gaps[:_NAMES])
    lost, others = lost_first(gaps)
    lacks = "联系得上" if lost else "已绑定"
    words = (
        f"{names}{more}有报送任务，但一个工作日以上没有{lacks}的联络员，收不到提醒。"
    )
    lines = [words, *(["请电话联系，核对名册并发放绑定码。"] if others else [])]
    lines += [CALL_THE_LOST] if lost else []
    return Reply("\n".join(lines), (*invitations(gaps), Button("谁没绑定", "谁没绑定")))


def lost_first(gaps: Sequence[Gap]) -> tuple[list[Gap], list[Gap]]:
    """Part the departments of which a liaison is bound and not reached from others."""
    return [one for one in gaps if one.lost], [one for one in gaps if not one.lost]


def name_of(gap: Gap) -> str:
    """Name a department with whoever is there, and why he does not hear."""
    told = [
        "、".join(person.name for person in people[:2]) + why
        for people, why in ((gap.lost, LOST), (gap.unbound, "未绑定"))
        if people
    ]
    return f"{gap.department}（{'；'.join(told) or '名册里没有联络员'}）"


def left_alone(gaps: Sequence[Gap]) -> str:
    """Say of departments that nobody hears for them from now on; "" of none."""
    return "".join(
        f"{name_of(gap)}现在没有联系得上的联络员。"
        if gap.lost
        else f"{gap.department}现在没有已绑定的联络员。"
        for gap in gaps
    )


def invitations(gaps: Sequence[Gap]) -> tuple[Button, ...]:
    """Offer codes for the first liaisons who are not bound."""
    people = [gap.unbound[0] for gap in gaps if gap.unbound]
    return tuple(
        Button(f"发绑定码 {one.name}", f"发绑定码 {one.name} {one.department}")
        for one in people[:3]
    )
