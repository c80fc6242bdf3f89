"""The hands by which an office and its liaisons speak: a terminal, or a product."""

import asyncio
import io
import re
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from click.testing import Result
from office import SAMPLE, Office
from platform_clock import OfficeClock
from sqlalchemy import select

from bot.app import App
from bot.app.engine import Engine
from bot.app.terminal import Terminal
from bot.errors import NotReady
from bot.model import Delivery, Letter, Notice
from bot.reports.policy import SHANGHAI
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
OURS, THEIRS = "县应急管理局", "县总工会"
CHIEF, HERS, HIS, NEXT, STRANGER = "李强", "王敏", "赵刚", "孙丽", "路人"
OWN_GROUP, ALL_HANDS = "单位群", "全体群"
PEOPLE = (
    (CHIEF, "县科协", "办公室管理员"),
    (HERS, OURS, "联络员"),
    (HIS, THEIRS, "联络员"),
)


class Hand(ABC):
    """One way to speak with the office; time is what the test says it is."""

    members: tuple[str, ...] = ()
    """Who is known by the roster alone, without a code."""

    screen: Any = ()
    app: App
    engine: Engine

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.clock = OfficeClock(datetime(2026, 6, 8, 1, 30, tzinfo=UTC))
        self._pushed: Counter[tuple[str, str]] = Counter()

    async def run(self, *words: str) -> Result:
        """Type a command."""
        return await asyncio.to_thread(self.office.run, *words)

    async def run_apart(self, *words: str) -> tuple[int | None, str]:
        """Type a command into a process of its own; returns its status and words."""
        where = ("--config", f"{ROOT}/config/bot.toml", "--database", self.office.url)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words, *where),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await process.communicate()
        return process.returncode, told.decode()

    @asynccontextmanager
    @abstractmethod
    def opened(self) -> AsyncIterator[None]:
        """Let the office run."""

    @abstractmethod
    async def says(self, who: str, words: str) -> str:
        """Let somebody say something in private; returns what he is answered."""

    @abstractmethod
    def heard(self, who: str) -> list[str]:
        """List all that a person or a group was ever told."""

    async def says_in_group(
        self, who: str, words: str, group: str = OWN_GROUP, *, about: str = ""
    ) -> str:
        """Call the bot in a group, *about* the message that has these words."""
        raise NotImplementedError

    async def comes(self, month: int, day: int, clock: str = "09:30") -> None:
        """Let it be a day and an hour in the office, and its beats come."""
        hour, minute = map(int, clock.split(":"))
        self.clock.now = datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)
        await self.beats()

    async def beats(self) -> None:
        """Let the beat come that nudges and broadcasts; what is due goes out."""
        before = {who: len(self.heard(who)) for who in self.everyone}
        for _ in range(2):  # the second sees how what the first issued has ended
            count = 1
            while count:
                try:
                    async with self.app.database.writing() as session:
                        count = await self.app.nudge(session)
                except NotReady as lacking:  # as the clock does
                    await lacking.make()
            await self._deliver()
        for who, count in before.items():
            self._pushed.update((who, one) for one in self.heard(who)[count:] if one)

    @property
    def everyone(self) -> tuple[str, ...]:
        return (CHIEF, HERS, HIS, NEXT, STRANGER, OWN_GROUP, ALL_HANDS)

    @abstractmethod
    async def _deliver(self) -> None:
        """Send what is due."""

    async def confirms(self, words: str) -> str:
        """Let the admin ask for something, and confirm it by the number he is told."""
        [number] = re.findall(r"“确认 (\d{4})”", await self.says(CHIEF, words))
        return await self.says(CHIEF, f"确认 {number}")

    async def confirms_duty(self, *who: str) -> None:
        """Confirm the half-year report of the plan, owed by some."""
        told = await self.confirms(f"确认报送要求 1：{'、'.join(who)}")
        assert f"报送上半年工作落实情况，{len(who)} 家" in told

    async def presses(self, who: str, label: str, *, about: str) -> str:
        """Let somebody press a button under a message; returns what he is answered."""
        raise NotImplementedError

    def sees(self, who: str) -> str:
        """Return all that somebody finds in his chat now."""
        return "\n".join(self.heard(who))

    # What became of it

    def told_twice(self) -> list[tuple[str, str]]:
        """List what anybody was told more than once without asking."""
        return [told for told, times in self._pushed.items() if times > 1]

    async def deliveries(self, who: str, kind: str = "nudge") -> list[Delivery]:
        """List the deliveries of notices to a person or a group."""
        query = (
            select(Delivery)
            .join(Notice, Notice.id == Delivery.notice_id)
            .where(Notice.kind == kind, Delivery.address == self.address(who))
            .order_by(Delivery.id)
        )
        async with self.app.database.reading() as session:
            return list(await session.scalars(query))

    async def words_kept(self) -> str:
        """Return all words of letters that stand in the store."""
        async with self.app.database.reading() as session:
            letters = await session.scalars(select(Letter))
            return "\n".join(str(one.incoming) for one in letters)

    def address(self, who: str) -> str:
        return ""

    def department(self, who: str) -> str:
        return {CHIEF: "县科协", HIS: THEIRS}.get(who, OURS)

    def member(self, who: str) -> str:
        """Return the user id that the roster has for somebody, "" for none."""
        return self.address(who) if who in self.members else ""


async def lay_out(hand: Hand, folder: Path) -> None:
    """Bring plan and roster in by the command line."""
    file = folder / "roster.csv"
    lines = [f"{','.join(one)},{hand.member(one[0])}" for one in PEOPLE]
    heads = "姓名,单位,角色,企业微信账号"
    file.write_text("\n".join([heads, *lines, ""]), encoding="utf-8")
    assert (await hand.run("migrate")).exit_code == 0
    done = await hand.run("import", str(SAMPLE), "--sign", CHIEF)
    assert "已发布" in done.output
    assert (await hand.run("departments", "--import", str(file))).exit_code == 0


async def bind(hand: Hand, *people: str) -> None:
    for name in people:
        if hand.member(name):
            continue
        told = (await hand.run("invite", name)).output
        code = told.partition("绑定码：")[2][:8]
        assert "已绑定" in await hand.says(name, code)


class ConsoleHand(Hand):
    """Everybody sits down at one terminal: nobody has an account, nobody is told."""

    _SEATS: ClassVar = {
        CHIEF: "办公室",
        HERS: OURS,
        NEXT: OURS,
        HIS: THEIRS,
        STRANGER: "",
    }

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        settings = Settings.load(
            ROOT / "config" / "bot.toml", {}, database=self.office.url
        )
        settings = replace(settings, evidence=self.folder / "evidence")
        async with App.open(settings) as self.app:
            self.app.clock = self.clock
            self._terminals: dict[str, Terminal] = {}
            yield

    async def sits_down(self, who: str) -> str:
        """Return what somebody is shown who sits down anew."""
        self._terminals.pop(who, None)
        return await self._typed(who)

    async def says(self, who: str, words: str) -> str:
        shown = await self._typed(who, words)
        return shown.partition(f"您：{words}\n")[2]

    async def _typed(self, who: str, *lines: str) -> str:
        monkeypatch, capsys = self.screen
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([*lines, "退出", ""])))
        if who not in self._terminals:
            self._terminals[who] = Terminal(self.app)
            await self._terminals[who].speak_as(self._SEATS[who])
        capsys.readouterr()
        await self._terminals[who].talk()
        return str(capsys.readouterr().out)

    def heard(self, who: str) -> list[str]:
        return []  # nobody has an account: whoever sits down is shown what waits

    async def _deliver(self) -> None:
        pass
