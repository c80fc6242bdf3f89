"""One batch of a round, from the rows that are due to what is written down."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.model import Report
from bot.reports import due, ladder
from bot.reports.calendar import WorkCalendar
from bot.reports.due import Became, DueRow
from bot.reports.ladder import Case, Coming, Reached
from bot.reports.policy import Hearer as Hears
from handlers.audience import Audience
from handlers.nudge_mail import NudgeMail
from handlers.nudge_words import Item, to_head
from handlers.nudging import Nudging

_IN_PERSON = frozenset({Hears.LIAISON, Hears.DEPUTY, Hears.OWN_GROUP})
_A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the ladder says of a case at this moment."""

    case: Case  # held, so that its id stays its own
    reached: Reached | None
    coming: Coming | None


@dataclass
class NudgeBatch:
    """What a round does at once; a hundred thousand rows go through here in seconds.

    Equal cases are one object in *rows*, and an id is told from another at no cost.
    """

    session: AsyncSession
    nudging: Nudging
    calendar: WorkCalendar
    now: datetime
    today: date
    _verdicts: dict[int, _Verdict] = field(default_factory=dict)
    _became: defaultdict[Became, list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _skipped: int = 0
    _capped: int = 0

    async def work(self, rows: Sequence[DueRow]) -> int:
        """Do the whole batch; returns how many rows were due."""
        later: dict[str, datetime] = {}
        for row in rows:
            if row.later_at:
                at = later.get(row.department, row.later_at)
                later[row.department] = max(at, row.later_at)
        ready = [row for row in rows if not row.later_at]
        reached = list(self._reached_of(ready, later))
        if reached:
            await self._tell(reached)
        await due.write_down(self.session, self._became)
        return len(ready)

    async def press(
        self, rows: Sequence[DueRow], report: Report
    ) -> tuple[set[int], int]:
        """Nudge about one report now; returns the submissions and how many messages."""
        policy = self.nudging.policy
        audience = await Audience.of(self.session, rows, self.nudging.lanes)
        meant: dict[str, list[Item]] = defaultdict(list)
        heard_by: dict[int, list[str]] = {}
        recipients_of = audience.hearing({Hears.LIAISON})
        for row in rows:
            case = row.case
            late = self.today > case.due_on
            heard = case.nudged_after if late else case.nudged_before
            if heard >= (policy.after if late else policy.before):
                continue
            item = self._item(row.report_id, case.target)
            heard_by[row.id] = recipients_of(row.department)
            for recipient in heard_by[row.id]:
                meant[recipient].append(item)
        fresh = await self._fresh(meant)
        if fresh:
            mail = self._mail()
            mail.announce(fresh, audience, {report.id: report})
            await self._send(mail, rows=len(rows))
        told = {
            id_ for id_, who in heard_by.items() if not fresh.keys().isdisjoint(who)
        }
        return told, len(fresh)

    def _reached_of(
        self, rows: Sequence[DueRow], later: dict[str, datetime]
    ) -> Iterator[Sequence[DueRow]]:
        """Give those that are nudged about now, alike together; write down the others.

        What a department will hear of later today waits for that: it hears once a day.
        """
        alike: dict[int, list[DueRow]] = defaultdict(list)
        for row in rows:
            alike[id(row.case)].append(row)
        for some in alike.values():
            case = some[0].case
            verdict = self._verdict(case)
            if verdict.reached is None:
                became = self._next(case, verdict.coming)
                self._became[became] += [row.id for row in some]
                continue
            if later and verdict.reached.to & _IN_PERSON:
                for row in some:
                    if row.department in later:
                        self._put_off(row, later[row.department])
                some = [row for row in some if row.department not in later]
            if some:
                yield some

    def _verdict(self, case: Case) -> _Verdict:
        found = self._verdicts.get(id(case))
        if found is None:
            policy, calendar = self.nudging.policy, self.calendar
            found = self._verdicts[id(case)] = _Verdict(
                case,
                ladder.reached(case, policy=policy, calendar=calendar, now=self.now),
                ladder.next_step(
                    case, policy=policy, calendar=calendar, after=self.now
                ),
            )
        return found

    async def _tell(self, alike: Sequence[Sequence[DueRow]]) -> None:
        """Issue the nudges of rows that have reached a step, alike together."""
        rows = [row for some in alike for row in some]
        audience = await Audience.of(self.session, rows, self.nudging.lanes)
        meant: dict[str, list[Item]] = defaultdict(list)
        heard_by = [self._mean(some, audience, meant) for some in alike]
        fresh = await self._fresh(meant)
        left_out = meant.keys() - fresh.keys()
        for some, heard in zip(alike, heard_by, strict=True):
            self._settle(some, heard, left_out=left_out)
        reports = await due.reports_by_id(self.session, {row.report_id for row in rows})
        mail = self._mail()
        mail.announce(fresh, audience, reports)
        await mail.post_to_all(self._for_all(alike), reports)
        await self._draft_to_heads(alike, reports)
        await self._send(mail, rows=len(rows))

    def _mean(
        self, some: Sequence[DueRow], audience: Audience, meant: dict[str, list[Item]]
    ) -> Sequence[Sequence[str]]:
        """Enter in *meant* who hears of each of some rows; returns that row by row."""
        case = some[0].case
        step = self._reached(case)
        items = {
            id_: self._item(id_, case.target, step)
            for id_ in {row.report_id for row in some}
        }
        recipients_of = audience.hearing(step.to)
        heard_by = [recipients_of(row.department) for row in some]
        for row, recipients in zip(some, heard_by, strict=True):
            for recipient in recipients:
                meant[recipient].append(items[row.report_id])
        return heard_by

    def _item(
        self, report_id: int, target: date, reached: Reached | None = None
    ) -> Item:
        """Count the days that are left today; a step made up for was for more."""
        left = self.calendar.days_left(self.today, target)
        if reached is None:
            return Item(report_id, left, target)
        return Item(report_id, left, target, reached.is_promise, reached.step)

    async def _fresh(self, meant: dict[str, list[Item]]) -> dict[str, list[Item]]:
        """Leave out those who were nudged today already."""
        nudged = await due.nudged_on(self.session, meant, on=self.today)
        return {who: items for who, items in meant.items() if who not in nudged}

    def _reached(self, case: Case) -> Reached:
        step = self._verdicts[id(case)].reached
        assert step, "only rows that have reached one are here"
        return step

    def _settle(
        self,
        some: Sequence[DueRow],
        heard_by: Sequence[Sequence[str]],
        *,
        left_out: Set[str],
    ) -> None:
        """Write down a step; what all who should hear it have heard today waits."""
        case, tomorrow = some[0].case, self._tomorrow()
        step = self._reached(case)
        known: dict[bool, list[int]] = {True: [], False: []}
        for row, recipients in zip(some, heard_by, strict=True):
            if left_out and recipients and left_out >= set(recipients):
                self._put_off(row, tomorrow)
            else:
                known[bool(recipients)].append(row.id)
        for is_heard, ids in known.items():
            if ids:
                self._skipped += len(step.skipped) * len(ids)
                self._capped += step.is_capped * len(ids)
                self._became[self._made_known(case, step, is_heard)] += ids

    def _tomorrow(self) -> datetime:
        policy = self.nudging.policy
        midnight = policy.moment(self.today + timedelta(days=1), time.min)
        return policy.next_opening(midnight, self.calendar)

    def _made_known(self, case: Case, step: Reached, is_heard: bool) -> Became:
        """Work out what is written down when a step has been made known."""
        policy, calendar = self.nudging.policy, self.calendar
        to = step.to if is_heard else step.to - _IN_PERSON
        case = ladder.made_known(
            case, replace(step, to=to), policy=policy, now=self.now
        )
        coming = ladder.next_step(
            case, policy=policy, calendar=calendar, after=self.now
        )
        return self._next(case, coming)

    def _next(self, case: Case, coming: Coming | None) -> Became:
        at = max(coming.at, self.now + _A_MOMENT) if coming else None
        return Became(case.step, at, case.nudged_before, case.nudged_after)

    def _put_off(self, row: DueRow, at: datetime) -> None:
        case = row.case
        became = Became(case.step, at, case.nudged_before, case.nudged_after)
        self._became[became].append(row.id)

    def _for_all(self, alike: Iterable[Sequence[DueRow]]) -> Iterator[Item]:
        """Pick what all may hear: the same for rows of a report that stand alike."""
        for some in alike:
            case = some[0].case
            step = self._reached(case)
            if Hears.ALL_GROUP in step.to and case.agreed_on is None:
                for report_id in {row.report_id for row in some}:
                    yield self._item(report_id, case.due_on, step)

    async def _draft_to_heads(
        self, alike: Iterable[Sequence[DueRow]], reports: dict[int, Report]
    ) -> None:
        """Draft what a head may be told; nothing of it is sent by itself."""
        texts = {}
        for some in alike:
            case = some[0].case
            step = self._reached(case)
            late = -self.calendar.days_left(self.today, case.target)
            for row in some if Hears.HEAD_DRAFT in step.to else ():
                report = reports[row.report_id]
                texts[row.id] = to_head(
                    row.department, report, target=case.target, late=late
                )
        if texts:
            drafts = await due.keep_drafts(self.session, texts, at=self.now)
            await self._record("leader.drafted", drafts)

    def _mail(self) -> NudgeMail:
        return NudgeMail(self.session, self.nudging, self.now, self.today)

    async def _send(self, mail: NudgeMail, *, rows: int) -> None:
        """Put all into the outbox, and keep how much it was."""
        await mail.send()
        await audit.record(
            self.session,
            actor="system",
            event="nudge.planned",
            about=f"day:{self.today}",
            at=self.now,
            messages=mail.messages,
            submissions=rows,
            skipped_steps=self._skipped,
        )
        await self._record("nudge.skipped", self._skipped, reason="停机期间到期")
        await self._record("nudge.capped", self._capped)

    async def _record(self, event: str, count: int, **detail: str) -> None:
        """Enter what became of so many submissions of this batch, if any."""
        if count:
            await audit.record(
                self.session,
                actor="system",
                event=event,
                about=f"day:{self.today}",
                at=self.now,
                count=count,
                **detail,
            )
