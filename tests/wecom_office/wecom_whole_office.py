"""A whole office in this process, on the app, the robot and a webhook of WeCom."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
from aibot_said import BOT_ID, BOT_NAME
from fake_openws import BOT_SECRET, FakeOpenws
from fake_qyapi import FakeQyapi
from platform_callbacks import AppLine
from platform_clock import PlatformClock
from platform_corp import CALLBACK_KEY, CALLBACK_TOKEN, CORP_ID, SECRET, Corp
from platform_rates import MINUTE, Windows
from qyapi_calls import Post
from sqlalchemy import select

from bot import roster
from bot.app import App
from bot.app.engine import Engine, doorbell_at
from bot.app.products import callback_places
from bot.mail import outbox
from bot.messages import Reply
from bot.model import (
    Basis,
    Chat,
    Delivery,
    DeliveryStatus,
    Report,
    Role,
    Submission,
    SubmissionState,
)
from bot.reports.duties import Terms, confirm_duty, open_reports
from bot.roster.files import PersonRow, Roster
from bot.settings import Settings
from bot.web.metrics import Metrics
from bot.web.server import doors
from handlers.nudge_words import Item, nudge

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "samples" / "sample-plan.txt"
OWN, GROUP, HOOK, HOOK_KEY = "县科协", "wrGroupABC", "科协工作群", "hook-key-0123456789"
ENV = {
    "BOT_WECOM_APP_SECRET": SECRET,
    "BOT_WECOM_TOKEN": CALLBACK_TOKEN,
    "BOT_WECOM_AES_KEY": CALLBACK_KEY,
    "BOT_WECOM_BOT_SECRET": BOT_SECRET,
    "BOT_WECOM_HOOKS": f"{HOOK}={HOOK_KEY}",
}
_FORM = """
[office]
name = "澄川县人民政府办公室"
timezone = "Asia/Shanghai"
channels = ["wecom_app", "wecom_bot", "wecom_hook", "wecom_appchat"]
[database]
url = "{url}"
[files]
departments = "{root}/data/departments.toml"
thesaurus = "{root}/config/thesaurus.toml"
evidence = "{folder}/evidence"
[wecom]
corp_id = "{corp}"
agent_id = 1000002
api_url = "{api}"
socket_url = "{socket}"
app_callback = "{callback}"
bot_id = "{bot}"
bot_name = "{name}"
"""
_PEOPLE = (
    ("张三", OWN, Role.LIAISON, "zhangsan"),
    ("李强", "办公室", Role.ADMIN, "lisi"),
)


def words_of(post: Post) -> str:
    """Return what a message or a card says, as people read it."""
    title = post.content.get("main_title", {}).get("title", "")
    words = (post.text, title, post.content.get("sub_title_text", ""))
    return "\n".join(filter(None, words)).replace("\\", "")


async def publish(url: str) -> None:
    """Put the sample plan into force on a store."""
    settings = Settings.load(ROOT / "config" / "bot.toml", {}, database=url)
    async with App.open(settings) as app:
        proposal = await app.propose(app.read_plan(SAMPLE), actor="李主任")
        await app.sign(proposal.plan, signed_by="李主任")


@dataclass
class WecomOffice:
    """An office that runs, and the platform on which it does."""

    app: App
    engine: Engine
    qyapi: FakeQyapi
    openws: FakeOpenws
    line: AppLine

    # What people do

    async def say(self, who: str, words: str) -> str:
        """Say something to the app; returns what it answers."""
        posts = self.qyapi.posts_to
        before = len(posts(who))
        await self.line.say(who, words)
        await until(lambda: len(posts(who)) > before)
        await self.rest()
        return words_of(posts(who)[before])

    async def say_in_group(self, who: str, words: str, **more: Any) -> str:
        """Call the robot in the group; returns what it answers there."""
        posts = self.openws.posts_in
        before = len(posts(GROUP))
        await self.openws.say(who, self.openws.at(words), chat=GROUP, **more)
        await until(lambda: len(posts(GROUP)) > before)
        await self.rest()
        return words_of(posts(GROUP)[before])

    # What the office knows and does

    async def know(self) -> None:
        """Take the roster over, in which people have user ids of WeCom."""
        rows = [
            PersonRow(name=name, department=department, role=role, wecom=(account,))
            for name, department, role, account in _PEOPLE
        ]
        async with self.app.database.writing() as session:
            await roster.import_roster(
                session, Roster(departments=[], people=rows), by="李主任"
            )

    async def owes(self) -> Report:
        """Let the department owe a report in a month."""
        now = self.app.now()
        day = (now + timedelta(days=30)).date()
        terms = Terms(
            key="总结",
            basis=Basis.DOCUMENT,
            plan_key="澄政字〔2026〕18号",
            number="澄政字〔2026〕18号",
            clause="四（三）",
            text="报送全年落实情况。",
            who=(OWN,),
            what="全年落实情况",
            to="办公室",
            month=day.month,
            day_of_month=day.day,
        )
        async with self.app.database.writing() as session:
            duty = await confirm_duty(
                session, terms, first=now.date(), by="李主任", at=now
            )
            [report, *_] = await open_reports(
                session, [duty], lambda _: (OWN,), today=now.date(), at=now
            )
            return report

    async def nudge(self, report: Report, *to: tuple[str, str, str]) -> None:
        """Nudge about a report; *to* are recipients, lanes and addresses."""
        body = nudge(
            [Item(report_id=report.id, left=10, target=report.due_on)],
            {report.id: report},
        )
        await self.tell(body, *to, reports=[report.id])

    async def tell(
        self, body: Reply, *to: tuple[str, str, str], reports: list[int] | None = None
    ) -> None:
        audience = [
            outbox.Addressee(recipient=who, lane=lane, address=address)
            for who, lane, address in to
        ]
        async with self.app.database.writing() as session:
            notice = await outbox.issue_notice(
                session,
                key=f"test {body.text}",
                kind="nudge",
                body=body,
                audience=audience,
                by="李主任",
                at=self.app.now(),
                write=self.app.nudging.write,
            )
            assert notice
        for _, lane, _ in to:
            await self.engine.ring(f"lane:{lane}")

    # What became of it

    async def rest(self) -> None:
        """Wait until every delivery has its end."""
        under_way = (
            DeliveryStatus.WAITING,
            DeliveryStatus.CLAIMED,
            DeliveryStatus.SENDING,
        )

        async def is_quiet() -> bool:
            async with self.app.database.reading() as session:
                query = (
                    select(Delivery.id).where(Delivery.status.in_(under_way)).limit(1)
                )
                return await session.scalar(query) is None

        await until(is_quiet)

    async def state(self) -> SubmissionState:
        async with self.app.database.reading() as session:
            return (await session.scalars(select(Submission))).unique().one().state

    async def chat(self) -> Chat:
        async with self.app.database.reading() as session:
            return (await session.scalars(select(Chat))).one()

    async def delivered(self, lane: str) -> list[DeliveryStatus]:
        async with self.app.database.reading() as session:
            query = select(Delivery.status).where(Delivery.lane == lane)
            return list(await session.scalars(query.order_by(Delivery.id)))


@asynccontextmanager
async def open_office(
    url: str,
    folder: Path,
    *,
    clock: PlatformClock | None = None,
    members: Sequence[str] = ("ZhangSan", "LiSi", "WangWu"),
    telegram: str = "",
    env: Mapping[str, str] = MappingProxyType({}),
    hasty: bool = False,
) -> AsyncIterator[WecomOffice]:
    """Let an office run on a platform of its own; *clock* is then that of both.

    *telegram* is the server of the other product, if it is to speak there too; *env*
    has its secrets. In a *hasty* one a member is told any number of things a minute.
    """
    office_clock, clock = clock, clock or PlatformClock(datetime.now(UTC))
    corp = Corp()
    corp.add(*members)
    corp.add_webhook(HOOK_KEY, chat=GROUP)
    async with (
        FakeQyapi(corp, clock=clock).running() as qyapi,
        FakeOpenws(clock=clock).running() as openws,
        App.open(
            Settings.load(
                write_form(folder, url, qyapi, openws, telegram=telegram),
                {**ENV, **env},
            )
        ) as app,
    ):
        app.clock = office_clock or app.clock
        channels = app.message_channels()
        if hasty:
            told = channels["wecom_app"]
            told.manners = replace(told.manners, limits_of=lambda address: ())
            qyapi.messages.member_rate = Windows((1_000_000, MINUTE))
        engine = Engine(
            database=app.database,
            doorbell=doorbell_at(url),
            channels=channels,
            answer=app.answer_letters,
            clock=app.now,
            owner="run" if url.startswith("sqlite") else "",
        )
        places = callback_places(app.settings.wecom)
        ends: dict[str, Any] = {p: channels[n].endpoint for n, p in places.items()}  # type: ignore[attr-defined]
        web = doors(engine.health, Metrics(), {}, ends)
        await engine.start()
        try:
            await openws.subscribed(within=10)
            transport = httpx.ASGITransport(app=web)
            async with httpx.AsyncClient(transport=transport) as http:
                line = AppLine(http, "http://bot/wecom/app", corp, clock=clock)
                yield WecomOffice(app, engine, qyapi, openws, line)
        finally:
            await engine.stop()


def write_form(
    folder: Path,
    url: str,
    qyapi: FakeQyapi,
    openws: FakeOpenws,
    *,
    telegram: str = "",
    callback: str = "http://bot/wecom/app",
) -> Path:
    """Write the settings of the office; *callback* is where WeCom posts to."""
    form = folder / "bot.toml"
    words = _FORM.format(
        url=url,
        root=ROOT,
        folder=folder,
        corp=CORP_ID,
        api=qyapi.base_url,
        socket=openws.url,
        bot=BOT_ID,
        name=BOT_NAME,
        callback=callback,
    )
    if telegram:
        words = words.replace("channels = [", 'channels = ["telegram", ')
        words += f'[telegram]\nbase_url = "{telegram}"\n'
    form.write_text(words, encoding="utf-8")
    return form


async def until(
    is_so: Callable[[], object] | Callable[[], Awaitable[object]],
    *,
    seconds: float = 15.0,
) -> None:
    """Wait until something is so; fail if it never is."""
    async with asyncio.timeout(seconds):
        while True:
            found = is_so()
            if isinstance(found, Awaitable):
                found = await found
            if found:
                return
            await asyncio.sleep(0.02)
