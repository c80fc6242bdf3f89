"""One office, open: its store, its names, and the plans in force."""

import asyncio
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot import feedback, roster
from bot.app.app_alerts import keep_alert
from bot.app.collecting import Collector
from bot.app.products import (
    KeepUnreadable,
    make_telegram,
    make_wecom,
    words_of_button,
)
from bot.channels.shown import shown_by
from bot.database import Database, SchemaState, is_postgres, migrate, schema_state
from bot.departments import Departments
from bot.errors import SettingsError, StoreError
from bot.mail.letters import Asked
from bot.mail.quoted import keep_quoted
from bot.messages import Channel, Incoming, Recalling, Reply, Take
from bot.model import Account, Plan, Role, Talk
from bot.plans import register
from bot.plans.find import find_plan
from bot.plans.finding.thesaurus import load_thesaurus
from bot.plans.shelf import Shelf
from bot.reports import evidence, filing
from bot.reports.papers import Papers
from bot.reports.policy import NudgePolicy, load_policy
from bot.settings import Settings
from handlers.broadcast_round import broadcast_round
from handlers.desk import Desk
from handlers.duties import open_day
from handlers.gaps import tell_office_of_gaps
from handlers.golden import GoldenAnswer, ask_golden, plans_with, refuse_changes
from handlers.import_plan import Proposal, SourceFile, propose, read_plan, sign
from handlers.intent import Answer, Asker
from handlers.nudge import nudge_round
from handlers.nudging import Nudging
from handlers.reception import receive
from handlers.rounds import housekeep
from handlers.tell_office import tell_office_daily
from handlers.weekly import tell_office_weekly

T = TypeVar("T")


@dataclass
class App:
    """Everything that one office needs, open."""

    settings: Settings
    database: Database
    departments: Departments
    desk: Desk
    policy: NudgePolicy
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _channels: dict[str, Channel] = field(default_factory=dict)
    _opened_on: date | None = None
    _told_office_at: str = ""
    _lines_are_old: bool = False

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator["App"]:
        """Open the store (a new one is laid out), the names and the plans in force.

        Raises SettingsError or StoreError with the remedy in `reply`.
        """
        database = await _open_store(settings.database_url)
        try:
            departments = _load(Departments.load, settings.departments)
            async with database.reading() as session:
                departments = roster.with_kept(
                    departments, await roster.departments_kept(session)
                )
                lines = await feedback.thesaurus_lines(session)
            shelf = Shelf(lambda: _load(load_thesaurus, settings.thesaurus))
            shelf.learn(lines)
            policy = load_policy(settings.nudges, zone=settings.timezone)
            desk = Desk(shelf, departments)
            app = cls(settings, database, departments, desk, policy)
            yield app
        finally:
            await database.close()

    def message_channels(
        self,
        *,
        unreadable: KeepUnreadable | None = None,
        tell: Take | None = None,
    ) -> dict[str, Channel]:
        """Make the chat products that are configured; the terminal is none of them.

        The keys are the names of their lanes. *unreadable* keeps what comes in and
        cannot be read, *tell* hears what is found out in sending. Raises SettingsError
        if what a product needs is not installed.
        """
        channels: dict[str, Channel] = {}
        if self.settings.telegram:
            channels["telegram"] = make_telegram(
                self.settings.telegram,
                clock=self.now,
                unreadable=unreadable,
                tell=tell,
                is_alone=not is_postgres(self.settings.database_url),
            )
        if self.settings.wecom:
            channels |= make_wecom(
                self.settings.wecom,
                clock=self.now,
                unreadable=unreadable,
                alarm=lambda alert: keep_alert(self.database, alert, now=self.now()),
                database=self.database,
            )
        self._channels = channels
        return channels

    @property
    def nudging(self) -> Nudging:
        """The rules of nudging, and the channels that were made."""
        return Nudging(
            policy=self.policy,
            lanes=self._channels,
            write=lambda lane, address, reply: self._channels[lane].write(
                address, reply
            ),
            papers=self.papers,
            hooks=self.hooks,
            evidence=self.settings.evidence,
            recalling={
                lane: channel
                for lane, channel in self._channels.items()
                if isinstance(channel, Recalling)
            },
            shown=shown_by,
        )

    @property
    def hooks(self) -> Collection[str]:
        """The names of the webhooks of groups."""
        return tuple(self.settings.wecom.hooks) if self.settings.wecom else ()

    @cached_property
    def papers(self) -> Papers:
        """Where files are laid that go out with a message."""
        return Papers(self.settings.evidence.parent / "out", self.settings.office)

    async def collect(self) -> int:
        """Fetch the files that came with letters; returns how many were tried."""
        collector = Collector(
            database=self.database,
            channels=self._channels,
            folder=self.settings.evidence,
            nudging=self.nudging,
            now=self.now,
        )
        return await collector.collect()

    async def nudge(self, session: AsyncSession, half: int | None = None) -> int:
        """Open what falls due, nudge who is due (of a *half*: that alone); 0: all is.

        Raises NotReady where something is to be drawn first.
        """
        now = self.now()
        await self.learn(session)  # another process may have entered lines
        if half is not None:
            return await nudge_round(session, self.nudging, now=now, half=half)
        if self._opened_on != now.date():
            self.papers.clear(now=now)
            await open_day(
                session,
                plans=await register.plans_in_force(session),
                departments=self.departments,
                at=now,
            )
            event.listen(
                session.sync_session,
                "after_commit",
                lambda _: setattr(self, "_opened_on", now.date()),
                once=True,
            )
        count = await broadcast_round(session, self.nudging, self.departments, now=now)
        if count:
            return count
        count = await nudge_round(session, self.nudging, now=now)
        if not count and self._told_office_at != f"{now:%d %H:%M}":
            await tell_office_daily(session, self.nudging, now=now)
            await tell_office_weekly(session, self.nudging, now=now)
            await tell_office_of_gaps(session, self.nudging, now=now)
            self._told_office_at = f"{now:%d %H:%M}"  # a minute is often enough
        return count

    async def housekeep(self, session: AsyncSession) -> int:
        """Delete a part of what is kept no longer; returns 0 when all is done."""
        now = self.now()
        count = await housekeep(session, now=now, kept=self.settings.retention)
        if not count:  # all that went is committed
            digests = await filing.to_destroy(session)
            await asyncio.to_thread(
                evidence.destroy, self.settings.evidence, digests, now=now
            )
        return count

    def now(self) -> datetime:
        """Return this moment in the office's zone; nobody below asks the clock."""
        return self.clock().astimezone(self.settings.timezone)

    async def learn(self, session: AsyncSession) -> None:
        """Use the lines of the thesaurus that the office has entered."""
        self._lines_are_old = False
        self.desk.shelf.learn(await feedback.thesaurus_lines(session))

    async def golden_answers(self, draft: Plan | None = None) -> list[GoldenAnswer]:
        """Ask the golden questions: of the plans in force, or as if *draft* were one.

        Changed answers come first, then those that are wrong.
        """
        async with self.database.reading() as session:
            questions = await feedback.golden_questions(session)
            if not questions:
                return []
            in_force = await register.plans_in_force(session)
            lines = await feedback.thesaurus_lines(session)
        now = self._desk_of(in_force, lines)
        then = self._desk_of(plans_with(draft, in_force), lines) if draft else now
        return ask_golden(questions, now=now, then=then, at=self.now())

    def _desk_of(
        self, plans: Sequence[Plan], lines: Mapping[str, Sequence[str]]
    ) -> Desk:
        shelf = Shelf(lambda: _load(load_thesaurus, self.settings.thesaurus))
        shelf.learn(lines)
        shelf.hold(plans)
        return Desk(shelf, self.departments)

    async def refresh(self) -> None:
        """Bring the shelf up to date with the plans in force."""
        async with self.database.reading() as session:
            if self._lines_are_old:
                await self.learn(session)
            if not await self._is_up_to_date(session):
                self.desk.shelf.hold(await register.plans_in_force(session))

    async def _is_up_to_date(self, session: AsyncSession) -> bool:
        held = {plan.id for plan in self.desk.shelf.plans}
        return held == await register.ids_in_force(session)

    async def find_plan(self, words: str) -> Plan:
        """Find a plan in force by 文号, title or file name; raises NotFound."""
        async with self.database.reading() as session:
            return await find_plan(session, words)

    def read_plan(self, path: Path) -> SourceFile:
        """Read and understand a file; raises DocumentError."""
        return read_plan(path, self.departments)

    async def propose(
        self, source: SourceFile, *, actor: str, declaration: str = ""
    ) -> Proposal:
        """Keep what was read as a draft for a person to sign; raises PlanRefused."""
        async with self.database.writing() as session:
            return await propose(
                session,
                source,
                departments=self.departments,
                actor=actor,
                at=self.now(),
                declaration=declaration,
            )

    async def sign(
        self,
        plan: Plan,
        *,
        signed_by: str,
        declaration: str = "",
        accepts_changes: bool = False,
    ) -> Plan:
        """Put a draft into force; raises PlanRefused.

        Also where a golden question would be answered otherwise, unless the person
        who signs *accepts_changes*.
        """
        if not accepts_changes:
            refuse_changes(await self.golden_answers(plan))
        async with self.database.writing() as session:
            return await sign(
                session,
                plan,
                signed_by=signed_by,
                at=self.now(),
                departments=self.departments,
                declaration=declaration,
            )

    def answer(
        self, words: str, *, asker: Asker, talk: Talk, plans: tuple[Plan, ...] = ()
    ) -> Answer:
        """Answer one question out of the shelf; keeps nothing."""
        return self.desk.answer(
            words, asker=asker, talk=talk, at=self.now(), plans=plans
        )

    async def hear(
        self,
        session: AsyncSession,
        incoming: Incoming,
        account: Account | None,
        *,
        plans: tuple[Plan, ...] = (),
    ) -> Reply | None:
        """Receive one letter, in this session; None if there is nothing to answer."""
        reply = await receive(
            session,
            incoming,
            account,
            desk=self.desk,
            departments=self.departments,
            at=self.now(),
            button_words=words_of_button,
            nudging=self.nudging,
            plans=plans,
        )
        if session.info.pop(feedback.CHANGED, False):
            event.listen(
                session.sync_session,
                "after_commit",
                lambda _: setattr(self, "_lines_are_old", True),
                once=True,
            )
        return reply

    async def answer_letters(
        self, session: AsyncSession, letters: Sequence[Asked]
    ) -> list[Reply | None]:
        """Answer letters of different chats in the session in which they are settled.

        The accounts tell who asks: whoever is bound to nobody is a stranger. None if
        there is nothing to answer.
        """
        # The plans are held beyond this session, so they may not be read in it: if it
        # is undone they would be of no use any more.
        if self._lines_are_old:
            await self.learn(session)
        if not await self._is_up_to_date(session):
            await self.refresh()
        said = [letter.incoming for letter in letters]
        accounts = await roster.accounts_for(
            session, {(one.channel, one.address) for one in said if one and one.address}
        )
        replies = []
        for one in said:
            replies.append(await self._receive(session, one, accounts))
            await asyncio.sleep(0)  # or nothing else runs, nor does time run out
        await roster.keep_talks(session, accounts.values())
        await keep_quoted(session)
        return replies

    async def _receive(
        self,
        session: AsyncSession,
        incoming: Incoming | None,
        accounts: Mapping[tuple[str, str], Account],
    ) -> Reply | None:
        if incoming is None:
            return None
        account = accounts.get((incoming.channel, incoming.address))
        return await self.hear(session, incoming, account)


async def _open_store(url: str) -> Database:
    """Open the store; an empty one gets its tables first. Raises StoreError."""
    try:
        return await Database.open(url)
    except StoreError:
        if await schema_state(url) is not SchemaState.EMPTY:
            raise
        await migrate(url)
        return await Database.open(url)


def _load(load: Callable[[Path], T], file: Path) -> T:
    """Load a file that the office edits; what is wrong in it is told with its name."""
    try:
        return load(file)
    except SettingsError as error:
        words = f"{file} 有误，请改正后再试：{error}"
        raise SettingsError(str(error), reply=words) from error


def asker_of(department: str) -> Asker:
    """Take whoever sits at the terminal for a liaison of *department*."""
    department = department.strip()
    role = Role.LIAISON if department else Role.STRANGER
    return Asker(department=department, role=role)
