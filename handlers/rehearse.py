"""A rehearsal: a year of nudges on a simulated clock, by the rules that hold for all.

The real round runs over a store of its own, in which the office's people and duties
stand and nothing has been reported; nothing of it leaves this process.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.departments import Departments
from bot.messages import Reply
from bot.model import Report, Submission
from bot.reports import stage as scene
from bot.reports import submissions
from bot.reports.calendar import WorkCalendar
from bot.reports.duties import duties_kept, open_reports
from bot.reports.holidays import calendar_kept
from bot.reports.ladder import Case, begins_on, steps_to_come
from bot.reports.policy import NudgePolicy
from bot.reports.rehearsal import Reaction, Rehearsal, reaction
from bot.reports.submissions import Said
from handlers.duties import obligors
from handlers.hush import hush
from handlers.nudge import nudge_round
from handlers.nudging import Nudging
from handlers.tell_office import tell_office_daily
from handlers.weekly import tell_office_weekly

_ANSWERS_AT = time(15, 7)  # when simulated departments say something
_A_DAY = timedelta(days=1)


async def rehearse(
    source: AsyncSession,
    stage: AsyncSession,
    *,
    policy: NudgePolicy,
    departments: Departments,
    first: date,
    last: date,
    seed: int | None = None,
) -> Rehearsal:
    """List all that would be sent from *first* to *last*, if we began on *first*.

    *stage* is an empty store that is thrown away. Nobody answers, unless there is a
    *seed* for what departments say; equal input makes an equal list.
    """
    await scene.set_stage(source, stage, first=first)
    calendar = await calendar_kept(stage)
    nudging = Nudging(policy=policy, lanes=await scene.lanes_on(stage), write=_write)
    play = _Play(stage, nudging, calendar, seed)
    duties = await duties_kept(stage)
    owed_by = await obligors(stage, departments)
    for day in filter(calendar.is_working, _days(first, last)):
        at = policy.moment(day, time.min)
        for one in await open_reports(stage, duties, owed_by, today=day, at=at):
            play.ladders.append(_step_days(one, policy, calendar))
        await play.pass_day(day)
    messages = await scene.messages_on(stage, calendar)
    begun = [
        (report, count)
        for report, count in await scene.reports_on(stage)
        if begins_on(report.due_on, policy=policy, calendar=calendar) <= last
    ]
    return Rehearsal(
        first=first,
        last=last,
        seed=seed,
        reports=tuple(
            f"{report.title}：{report.due_on}前，{count} 家，"
            f"{report.duty.number} {report.duty.clause}".rstrip()
            for report, count in begun
        ),
        messages=tuple(
            replace(one, at=one.at.astimezone(policy.zone)) for one in messages
        ),
        unheard=tuple(scene.unheard(await scene.departments_on(stage), messages)),
        warnings=tuple(_warnings(calendar, first, last, [r.due_on for r, _ in begun])),
    )


def _write(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    return (reply.text,)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _A_DAY


def _step_days(
    report: Report, policy: NudgePolicy, calendar: WorkCalendar
) -> list[date]:
    """List the days of the steps of a report, rising."""
    steps = steps_to_come(Case(due_on=report.due_on), policy=policy, calendar=calendar)
    return [step.at.date() for step in steps]


@dataclass
class _Play:
    """The working days of a rehearsal; `ladders` are the days of steps, a report each.

    The office is supposed to decide on its drafts on the day on which they are made.
    """

    stage: AsyncSession
    nudging: Nudging
    calendar: WorkCalendar
    seed: int | None
    ladders: list[list[date]] = field(default_factory=list)

    async def pass_day(self, day: date) -> None:
        """Let a day pass: rounds when somebody is due, and what has a time of its own.

        The office is told something on days of steps alone.
        """
        policy = self.nudging.policy
        fixed: dict[datetime, Callable[[datetime], Awaitable[None]]] = {}
        if any(day in ladder for ladder in self.ladders):
            for clock in (policy.morning.start, policy.digest_at):
                fixed[policy.moment(day, clock)] = self._tell_office
        if any(ladder[0] <= day <= ladder[-1] for ladder in self.ladders):
            fixed[policy.moment(day, _ANSWERS_AT)] = self._answer
        if any(ladder[0] <= day <= ladder[-1] for ladder in self.ladders):
            morning = policy.moment(day)
            await tell_office_weekly(self.stage, self.nudging, now=morning)
        for at in sorted(fixed):
            await self._nudge(day, until=at)
            await fixed[at](at)
        await self._nudge(day, until=policy.moment(day, time.max))

    async def _nudge(self, day: date, *, until: datetime) -> None:
        policy = self.nudging.policy
        now = policy.moment(day)
        while due := await scene.next_moment(self.stage, until=until):
            now = max(now, due.astimezone(policy.zone))
            await nudge_round(self.stage, self.nudging, now=now)

    async def _tell_office(self, now: datetime) -> None:
        await tell_office_daily(self.stage, self.nudging, now=now)
        await scene.drop_drafts(self.stage, now=now)

    async def _answer(self, now: datetime) -> None:
        """Let each department that was nudged say what the seed makes it say."""
        if self.seed is None:
            return
        await scene.pass_for_sent(self.stage, now=now)
        for one in await scene.nudged_on_stage(self.stage):
            what = reaction(
                self.seed,
                department=one.department,
                report=one.report.title,
                day=now.date(),
            )
            await self._say(one, what, at=now)

    async def _say(self, one: Submission, what: Reaction, *, at: datetime) -> None:
        said = Said(by="演练", at=at, channel="演练")
        promised = self.calendar.on(at.date(), 2)
        if what is Reaction.ACKNOWLEDGE:
            await submissions.acknowledge(self.stage, one, said)
        elif what is Reaction.PROMISE and promised <= one.report.due_on:
            await submissions.promise(self.stage, one, said, day=promised)
        elif what is Reaction.CLAIM:
            await submissions.claim(self.stage, one, said)
            await hush(self.stage, one, at=at)


def _warnings(
    calendar: WorkCalendar, first: date, last: date, due_dates: list[date]
) -> Iterator[str]:
    for year in range(first.year, last.year + 1):
        yield from calendar.warnings(date(year, 1, 1))
    doubtful = calendar.to_confirm(due_dates)
    if doubtful:
        days = "、".join(f"{day:%Y-%m-%d}" for day in doubtful)
        yield f"以下时限临近尚未公布安排的节假日，日期可能变动：{days}。"
    resting = [day for day in sorted(set(due_dates)) if not calendar.is_working(day)]
    if resting:
        days = "、".join(f"{day:%Y-%m-%d}" for day in resting)
        yield f"以下时限是休息日，截止当天的提醒提前到前一个工作日：{days}。"
