"""The round: who is due to be nudged hears it once, and it is written down."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.mail.notices import News, issue_notices
from bot.mail.outbox import Addressee
from bot.messages import Reply
from bot.model import Chat, Report
from bot.reports import due, ladder
from bot.reports.calendar import WorkCalendar
from bot.reports.due import Became, DueRow
from bot.reports.holidays import calendar_kept
from bot.reports.ladder import Case, Coming, Reached
from bot.reports.policy import Hearer as Hears
from bot.reports.submissions import OWING
from bot.roster.hearers import Hearer, own_chats
from handlers.audience import Audience
from handlers.nudge_words import Item, group_post, nudge, to_head
from handlers.nudging import Nudging

BATCH = 4000  # submissions that one transaction looks for
KIND = "nudge"
_IN_PERSON = frozenset({Hears.LIAISON, Hears.DEPUTY, Hears.OWN_GROUP})
_A_MOMENT = timedelta(minutes=1)


async def nudge_round(
    session: AsyncSession, nudging: Nudging, *, now: datetime, limit: int = BATCH
) -> int:
    """Nudge the departments that have waited longest, and work out when they are next.

    Returns how many submissions were due; 0 when nothing is. A person or a group hears
    one message a day, with all that is due to them on it.
    """
    names = await due.departments_due(session, now=now, limit=limit)
    if not names or not await due.is_only_round(session):
        return 0
    policy = nudging.policy
    today = now.astimezone(policy.zone).date()
    midnight = policy.moment(today + timedelta(days=1), time.min)
    rows = await due.submissions_due(session, names, until=midnight)
    batch = _Batch(
        session=session,
        nudging=nudging,
        calendar=await calendar_kept(session),
        now=now,
        today=today,
    )
    return await batch.work(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What came of 催未报: *departments* of those *owing* are told from *at* on."""

    owing: int
    departments: int
    messages: int
    at: datetime


async def nudge_the_rest(
    session: AsyncSession, nudging: Nudging, report: Report, *, by: str, now: datetime
) -> Pressed:
    """Nudge whoever still owes a report, beside the ladder and within its caps."""
    calendar = await calendar_kept(session)
    at = nudging.policy.next_opening(now, calendar)
    batch = _Batch(
        session=session,
        nudging=nudging,
        calendar=calendar,
        now=at,
        today=at.astimezone(nudging.policy.zone).date(),
    )
    owing = await due.submissions_to(session, report.id, states=OWING)
    rows = [
        DueRow(one.id, report.id, one.department, at, due.case_of(one)) for one in owing
    ]
    told, messages = await batch.press(rows, report)
    for one in owing:
        if one.id in told and batch.today <= report.due_on:
            one.nudged_before += 1
        elif one.id in told:
            one.nudged_after += 1
    await audit.record(
        session,
        actor=by,
        event="nudge.pressed",
        about=f"report:{report.id}",
        at=now,
        departments=len(told),
        messages=messages,
    )
    return Pressed(owing=len(owing), departments=len(told), messages=messages, at=at)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the ladder says of a case at this moment."""

    case: Case  # held, so that its id stays its own
    reached: Reached | None
    coming: Coming | None


@dataclass
class _Batch:
    """One batch of a round, from the rows that are due to what is written down."""

    session: AsyncSession
    nudging: Nudging
    calendar: WorkCalendar
    now: datetime
    today: date
    _verdicts: dict[int, _Verdict] = field(default_factory=dict)
    _outcomes: dict[tuple[int, bool], Became] = field(default_factory=dict)
    _rooms: dict[str, tuple[datetime, timedelta]] = field(default_factory=dict)
    _became: dict[int, Became] = field(default_factory=dict)
    _news: list[News] = field(default_factory=list)
    _items: dict[str, Sequence[Item]] = field(default_factory=dict)
    _skipped: int = 0
    _capped: int = 0

    async def work(self, rows: Sequence[DueRow]) -> int:
        """Do the whole batch; returns how many rows were due."""
        later: dict[str, datetime] = {}
        ready = []
        for row in rows:
            if row.next_at > self.now:
                at = later.get(row.department, row.next_at)
                later[row.department] = max(at, row.next_at)
            else:
                ready.append(row)
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
        meant: dict[str, dict[Item, None]] = {}
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
                meant[recipient] = {Item(row.report_id, left, case.target): None}
        nudged = await due.nudged_on(self.session, meant, on=self.today)
        fresh = {who: items for who, items in meant.items() if who not in nudged}
        self._announce(fresh, audience, {report.id: report})
        if fresh:
            await self._send(rows=len(rows))
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
            self._became[row.id] = self._next(row.case, verdict.coming)
            return False
        if verdict.reached.to & _IN_PERSON and row.department in later:
            self._put_off(row, later[row.department])
            return False
        return True

    def _verdict(self, case: Case) -> _Verdict:
        # Equal cases are one object here, and an id is told from another at no cost.
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
        meant: dict[str, dict[Item, None]] = defaultdict(dict)
        heard_by: dict[int, list[str]] = {}
        for row in rows:
            step = self._verdict(row.case).reached
            assert step, "only rows that have reached one are here"
            item = Item(row.report_id, step.step, row.case.target, step.is_promise)
            heard_by[row.id] = audience.recipients(row.department, step.to)
            for recipient in heard_by[row.id]:
                meant[recipient][item] = None
        nudged = await due.nudged_on(self.session, meant, on=self.today)
        for row in rows:
            self._settle(row, heard_by[row.id], nudged)
        reports = await due.reports_by_id(self.session, {row.report_id for row in rows})
        fresh = {who: items for who, items in meant.items() if who not in nudged}
        self._announce(fresh, audience, reports)
        # What all may hear is the same for all rows of a report that stand alike.
        alike = {(row.report_id, id(row.case)): row for row in rows}
        await self._post_to_all(alike.values(), reports)
        await self._draft_to_heads(rows, reports)
        await self._send(rows=len(rows))

    def _settle(self, row: DueRow, heard_by: list[str], nudged: set[str]) -> None:
        """Write down a step; if all who should hear it heard us today, tomorrow."""
        step = self._verdict(row.case).reached
        assert step
        if heard_by and nudged.issuperset(heard_by):
            policy = self.nudging.policy
            tomorrow = policy.moment(self.today + timedelta(days=1), time.min)
            self._put_off(row, policy.next_opening(tomorrow, self.calendar))
            return
        self._skipped += len(step.skipped)
        self._capped += step.is_capped
        key = id(row.case), bool(heard_by)
        became = self._outcomes.get(key)
        if became is None:
            became = self._outcomes[key] = self._made_known(row.case, step, *key[1:])
        self._became[row.id] = became

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
        before, after = case.nudged_before, case.nudged_after
        self._became[row.id] = Became(case.step, at, before, after)

    def _announce(
        self,
        fresh: dict[str, dict[Item, None]],
        audience: Audience,
        reports: dict[int, Report],
    ) -> None:
        """Make one notice of all who hear of the same."""
        groups: dict[frozenset[Item], list[str]] = defaultdict(list)
        for recipient, items in fresh.items():
            groups[frozenset(items)].append(recipient)
        for same, recipients in groups.items():
            ordered = sorted(same, key=lambda i: (i.left, i.target, i.report_id))
            self._add_news(
                KIND,
                nudge(ordered, reports),
                ordered,
                [self._addressee(who, audience.known[who]) for who in recipients],
            )

    def _add_news(
        self, kind: str, body: Reply, items: Sequence[Item], to: list[Addressee]
    ) -> None:
        told = f"{self.today}|{kind}|{items}|{sorted(one.recipient for one in to)}"
        key = f"nudge:{self.today}:{sha256(told.encode()).hexdigest()[:24]}"
        self._items[key] = items
        self._news.append(News(key=key, kind=kind, body=body, audience=to))

    def _addressee(self, recipient: str, who: Hearer | Chat) -> Addressee:
        return Addressee(
            recipient=recipient,
            lane=who.channel if isinstance(who, Chat) else who.lane,
            address=who.address,
            person_id=None if isinstance(who, Chat) else who.person_id,
            due_at=self._send_at(recipient, "" if isinstance(who, Chat) else who.hours),
        )

    def _send_at(self, recipient: str, hours: str = "") -> datetime:
        """Spread them as `policy.send_at` does, reckoning the window once."""
        found = self._rooms.get(hours)
        if found is None:
            first, room = self.nudging.policy.room_for(self.now, hours=hours)
            found = self._rooms[hours] = first.astimezone(UTC), room
        return self.nudging.policy.spread_over(*found, recipient)

    async def _post_to_all(
        self, rows: Iterable[DueRow], reports: dict[int, Report]
    ) -> None:
        """Post in the all-hands groups how far the reports have come, seldom enough."""
        items: dict[Item, None] = {}
        for row in rows:
            step = self._verdict(row.case).reached
            if step and Hears.ALL_GROUP in step.to and row.case.agreed_on is None:
                items[Item(row.report_id, step.step, row.case.due_on)] = None
        if not items:
            return
        chats = await own_chats(self.session, {""}, lanes=self.nudging.lanes)
        names = {f"chat:{chat.channel}:{chat.address}": chat for chat in chats}
        done = await due.nudged_on(self.session, names, on=self.today)
        counts = await due.counts(self.session, {i.report_id for i in items})
        for name, chat in names.items():
            if name in done:
                continue
            posts = await due.posts_so_far(
                self.session, name, [i.report_id for i in items]
            )
            some = [
                item
                for item in sorted(items, key=lambda i: (i.left, i.report_id))
                if item.left not in posts[item.report_id]  # a return repeats it
                and len(posts[item.report_id]) < self.nudging.policy.group_posts
            ]
            if some:
                body = group_post(some, reports, counts)
                self._add_news(KIND, body, some, [self._addressee(name, chat)])

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
            step = self._verdict(row.case).reached
            if step and Hears.HEAD_DRAFT in step.to:
                report = reports[row.report_id]
                texts[row.id] = to_head(
                    row.department, report, target=row.case.target, late=-step.step
                )
        if texts:
            drafts = await due.keep_drafts(self.session, texts, at=self.now)
            await self._record("leader.drafted", drafts)

    async def _send(self, *, rows: int) -> None:
        """Put all into the outbox, to be gone by the end of the day's hours."""
        policy = self.nudging.policy
        ids = await issue_notices(
            self.session,
            self._news,
            by="system",
            at=self.now,
            write=self.nudging.write,
            expires_at=policy.moment(self.today, policy.afternoon.end),
        )
        items = {
            (ids[key], item.report_id): item.left
            for key, some in self._items.items()
            for item in some
        }
        told = [(notice, report, left) for (notice, report), left in items.items()]
        await due.keep_nudges(self.session, list(ids.values()), told, on=self.today)
        await audit.record(
            self.session,
            actor="system",
            event="nudge.planned",
            about=f"day:{self.today}",
            at=self.now,
            messages=sum(len(one.audience) for one in self._news),
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
