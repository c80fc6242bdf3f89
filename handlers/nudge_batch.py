"""One batch of a round, from the rows that are due to what is written down."""

from collections import defaultdict
from collections.abc import Collection, Iterable, KeysView, Sequence
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
    _items: dict[tuple[int, int], Item] = field(default_factory=dict)
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
        reached = [row for row in ready if self._has_reached(row, later)]
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
        for row in rows:
            case = row.case
            late = self.today > case.due_on
            heard = case.nudged_after if late else case.nudged_before
            if heard >= (policy.after if late else policy.before):
                continue
            left = self.calendar.days_left(self.today, case.target)
            heard_by[row.id] = audience.recipients(row.department, {Hears.LIAISON})
            for recipient in heard_by[row.id]:
                meant[recipient].append(Item(row.report_id, left, case.target))
        fresh = await self._fresh(meant)
        if fresh:
            mail = self._mail()
            mail.announce(fresh, audience, {report.id: report})
            await self._send(mail, rows=len(rows))
        told = {
            id_ for id_, who in heard_by.items() if not fresh.keys().isdisjoint(who)
        }
        return told, len(fresh)

    def _has_reached(self, row: DueRow, later: dict[str, datetime]) -> bool:
        """Tell whether a row is nudged about now; write down the others.

        What a department will hear of later today waits for that: it hears once a day.
        """
        verdict = self._verdict(row.case)
        if verdict.reached is None:
            self._became[self._next(row.case, verdict.coming)].append(row.id)
            return False
        if row.department in later and verdict.reached.to & _IN_PERSON:
            self._put_off(row, later[row.department])
            return False
        return True

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

    async def _tell(self, rows: Sequence[DueRow]) -> None:
        """Issue the nudges of rows that have reached a step."""
        audience = await Audience.of(self.session, rows, self.nudging.lanes)
        meant: dict[str, list[Item]] = defaultdict(list)
        heard_by = []
        for row in rows:
            step = self._reached(row.case)
            recipients = audience.recipients(row.department, step.to)
            heard_by.append(recipients)
            for recipient in recipients:
                meant[recipient].append(self._item(row, step))
        fresh = await self._fresh(meant)
        self._settle(rows, heard_by, fresh.keys())
        reports = await due.reports_by_id(self.session, {row.report_id for row in rows})
        mail = self._mail()
        mail.announce(fresh, audience, reports)
        await mail.post_to_all(self._for_all(rows), reports)
        await self._draft_to_heads(rows, reports)
        await self._send(mail, rows=len(rows))

    def _item(self, row: DueRow, step: Reached) -> Item:
        key = row.report_id, id(row.case)
        item = self._items.get(key)
        if item is None:
            target = row.case.target
            item = Item(row.report_id, step.step, target, step.is_promise)
            self._items[key] = item
        return item

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
        rows: Sequence[DueRow],
        heard_by: Sequence[Collection[str]],
        fresh: KeysView[str],
    ) -> None:
        """Write down the steps; what all who should hear it have heard today waits."""
        alike: dict[tuple[int, bool], list[DueRow]] = defaultdict(list)
        tomorrow = self._tomorrow()
        for row, recipients in zip(rows, heard_by, strict=True):
            if recipients and fresh.isdisjoint(recipients):
                self._put_off(row, tomorrow)
            else:
                alike[id(row.case), bool(recipients)].append(row)
        for (_, is_heard), some in alike.items():
            case = some[0].case
            step = self._reached(case)
            self._skipped += len(step.skipped) * len(some)
            self._capped += step.is_capped * len(some)
            became = self._made_known(case, step, is_heard)
            self._became[became] += [row.id for row in some]

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

    def _for_all(self, rows: Iterable[DueRow]) -> Iterable[Item]:
        """Pick what all may hear: the same for rows of a report that stand alike."""
        alike = {(row.report_id, id(row.case)): row.case for row in rows}
        for (report_id, _), case in alike.items():
            step = self._reached(case)
            if Hears.ALL_GROUP in step.to and case.agreed_on is None:
                yield Item(report_id, step.step, case.due_on)

    async def _draft_to_heads(
        self, rows: Iterable[DueRow], reports: dict[int, Report]
    ) -> None:
        """Draft what a head may be told; nothing of it is sent by itself."""
        texts = {}
        is_told_of = any(
            Hears.HEAD_DRAFT in one.reached.to
            for one in self._verdicts.values()
            if one.reached
        )
        for row in rows if is_told_of else ():
            step = self._reached(row.case)
            if Hears.HEAD_DRAFT in step.to:
                report = reports[row.report_id]
                texts[row.id] = to_head(
                    row.department, report, target=row.case.target, late=-step.step
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
