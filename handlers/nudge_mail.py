"""What a round says: one message for each who hears, and all of them sent together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.notices import News, issue_notices
from bot.mail.outbox import Addressee
from bot.messages import Reply
from bot.model import Chat, Report
from bot.reports import due, halves
from bot.reports.policy import spread_over
from bot.roster.hearers import Hearer, own_chats
from bot.roster.people import WECOM_CHANNELS
from handlers.audience import Audience
from handlers.nudge_words import Item, calling, group_post, nudge
from handlers.nudging import Nudging

KIND = "nudge"


@dataclass
class NudgeMail:
    """The messages of one batch of a round, until they are in the outbox."""

    session: AsyncSession
    nudging: Nudging
    now: datetime
    today: date
    _news: list[News] = field(default_factory=list)
    _items: dict[str, Sequence[Item]] = field(default_factory=dict)
    _spread: dict[str, Callable[[str], datetime]] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        """How many people and groups are told."""
        return sum(len(one.audience) for one in self._news)

    def announce(
        self,
        meant: Mapping[str, Iterable[Item]],
        audience: Audience,
        reports: Mapping[int, Report],
    ) -> None:
        """Make one notice of all who hear of the same.

        The own group of a department hears it by itself where people are called there.
        """
        groups: dict[frozenset[Item], list[str]] = defaultdict(list)
        for recipient, items in meant.items():
            groups[frozenset(items)].append(recipient)
        for same, recipients in groups.items():
            ordered = sorted(same, key=lambda i: (i.left, i.target, i.report_id))
            told = [self._addressee(who, audience.known[who]) for who in recipients]
            body = nudge(ordered, reports)
            called = audience.called if self._may_call(ordered) else {}
            for one in told:
                if addresses := called.get(one.recipient):
                    # The robot calls nobody; what stands in for it calls by a list.
                    marks = one.lane not in WECOM_CHANNELS
                    called_body = calling(body, addresses, are_told_apart=marks)
                    self._add(called_body, ordered, [one])
            if rest := [one for one in told if one.recipient not in called]:
                self._add(body, ordered, rest)

    def _may_call(self, items: Iterable[Item]) -> bool:
        """Tell whether anything is beyond the first step, which calls nobody."""
        first = max(step.left for step in self.nudging.policy.steps)
        return any(item.rung < first for item in items)

    async def post_to_all(
        self, items: Iterable[Item], reports: Mapping[int, Report]
    ) -> None:
        """Post in the all-hands groups how far the reports have come, seldom enough."""
        ordered = sorted(set(items), key=lambda i: (i.left, i.report_id))
        if not ordered:
            return
        chats = await own_chats(self.session, {""}, lanes=self.nudging.lanes)
        names = {chat.recipient: chat for chat in chats}
        done = await due.nudged_on(self.session, names, on=self.today)
        if done != names.keys():  # else both halves of a round might post
            await halves.wait_for_turn_to_post(self.session)
            done = await due.nudged_on(self.session, names, on=self.today)
        ids = {item.report_id for item in ordered}
        counts = await due.counts(self.session, ids) if names else {}
        for name, chat in names.items():
            if name in done:
                continue
            posts = await due.posts_so_far(self.session, name, ids)
            some = [
                item
                for item in ordered
                if item.rung not in posts[item.report_id]  # a return repeats it
                and len(posts[item.report_id]) < self.nudging.policy.group_posts
            ]
            if some:
                body = group_post(some, reports, counts)
                self._add(body, some, [self._addressee(name, chat)])

    async def send(self) -> None:
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
        nudges = [
            (to.recipient, ids[one.key]) for one in self._news for to in one.audience
        ]
        items = {
            (ids[key], item.report_id): item.rung
            for key, some in self._items.items()
            for item in some
        }
        told = [(notice, report, step) for (notice, report), step in items.items()]
        await due.keep_nudges(self.session, nudges, told, on=self.today)

    def _add(self, body: Reply, items: Sequence[Item], to: list[Addressee]) -> None:
        told = f"{self.today}|{KIND}|{items}|{sorted(one.recipient for one in to)}"
        key = f"nudge:{self.today}:{sha256(told.encode()).hexdigest()[:24]}"
        self._items[key] = items
        self._news.append(News(key=key, kind=KIND, body=body, audience=to))

    def _addressee(self, recipient: str, who: Hearer | Chat) -> Addressee:
        if isinstance(who, Chat):
            lane, address, person_id, hours = who.channel, who.told_at, None, ""
        else:
            lane, address = who.lane, who.address
            person_id, hours = who.person_id, who.hours
        return Addressee(
            recipient=recipient,
            lane=lane,
            address=address,
            person_id=person_id,
            due_at=self._moment_of(hours)(recipient),
        )

    def _moment_of(self, hours: str) -> Callable[[str], datetime]:
        """Spread recipients as `policy.send_at` does, reckoning the window once."""
        found = self._spread.get(hours)
        if found is None:
            first, room = self.nudging.policy.room_for(self.now, hours=hours)
            found = self._spread[hours] = spread_over(first.astimezone(UTC), room)
        return found
