"""The whole product in this process: store, inbox, desk, outbox, postman, Telegram."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fake_api import TOKEN
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import App
from bot.app.engine import Engine, Part, doorbell_at
from bot.channels.telegram import TelegramChannel
from bot.mail import outbox
from bot.messages import Manners, Reply
from bot.model import (
    Account,
    Delivery,
    DeliveryStatus,
    Letter,
    LetterStatus,
    Person,
    Role,
)
from bot.settings import Settings
from bot.web.metrics import Metrics
from bot.web.server import doors, listen_on, serve

ROOT = Path(__file__).parents[2]
SECRET = "geheimes-Wort_der-Tuer_0123456789"
HASTE = Manners(in_flight=16, answers_in_flight=16)
"""Manners of one who may say everything at once; the office's own are in its tests."""

_NOT_ENDED = (DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)
_FORM = """
[office]
name = "澄川县人民政府办公室"
timezone = "Asia/Shanghai"
channels = ["telegram"]
[database]
url = "{url}"
[files]
departments = "{root}/data/departments.toml"
thesaurus = "{root}/config/thesaurus.toml"
evidence = "{folder}/evidence"
[telegram]
base_url = "{server}"
webhook = "{webhook}"
"""

Open = Callable[..., Awaitable["WholeOffice"]]


def write_form(file: Path, *, url: str, base_url: str, webhook: str = "") -> Path:
    """Write the settings of an office as an engineer would; *base_url* ends in /bot."""
    server = base_url.removesuffix("/bot")
    places = {"root": ROOT, "folder": file.parent}
    words = _FORM.format(**places, url=url, server=server, webhook=webhook)
    file.write_text(words, encoding="utf-8")
    return file


def secrets_of(*, has_webhook: bool = False, token: str = TOKEN) -> dict[str, str]:
    """Return the environment of an office."""
    secret = {"BOT_TELEGRAM_WEBHOOK_SECRET": SECRET} if has_webhook else {}
    return {"BOT_TELEGRAM_TOKEN": token, **secret}


async def publish(plan: Path, url: str) -> None:
    """Put a plan into force on a store."""
    settings = Settings.load(ROOT / "config" / "bot.toml", {}, database=url)
    async with App.open(settings) as app:
        proposal = await app.propose(app.read_plan(plan), actor="李主任")
        await app.sign(proposal.plan, signed_by="李主任")


class WholeOffice:
    """An office from `open` to `close`; it may be opened again on the same store."""

    def __init__(
        self,
        url: str,
        *,
        base_url: str,
        form: Path,
        has_webhook: bool = False,
        manners: Manners = HASTE,
        part: Part = Part.ALL,
        hears: bool = True,
        clock: Callable[[], datetime] | None = None,
        token: str = TOKEN,
    ) -> None:
        self._clock = clock
        self._token = token
        self._part, self._hears_at_once = part, hears and part.listens
        self.url, self._base_url, self._form = url, base_url, form
        self._has_webhook, self._manners = has_webhook, manners
        self.door = ""  # where /healthz and /metrics are
        self._stack: AsyncExitStack | None = None

    async def open(self) -> None:
        stack = self._stack = AsyncExitStack()
        door = listen_on("127.0.0.1:0")
        stack.callback(door.close)
        self.door = f"http://127.0.0.1:{door.getsockname()[1]}"
        app = self.app = await stack.enter_async_context(App.open(self._settings()))
        app.clock = self._clock or app.clock
        channels = app.message_channels(
            unreadable=lambda **update: self.engine.keep_unreadable(**update),
            tell=lambda incoming: self.engine.take(incoming),
        )
        (channel,) = channels.values()
        assert isinstance(channel, TelegramChannel)
        self.channel = channel
        channel.manners = self._manners
        metrics = Metrics()
        self.engine = Engine(
            database=app.database,
            doorbell=doorbell_at(self.url),
            channels=channels,
            answer=app.answer_letters,
            clock=app.now,
            part=self._part,
            owner="run" if self.url.startswith("sqlite") else "",
            observe=metrics.observe,
        )
        posts = {"/telegram": channel.endpoint} if self._has_webhook else {}
        application = doors(self.engine.health, metrics, posts)
        stop = asyncio.Event()
        serving = asyncio.create_task(serve(application, door, until=stop))
        stack.push_async_callback(_ended, serving)
        stack.callback(stop.set)
        stack.push_async_callback(self.engine.stop)
        await self.engine.start()
        if self._hears_at_once:
            await self._hears()

    def _settings(self) -> Settings:
        webhook = f"{self.door}/telegram" if self._has_webhook else ""
        form = write_form(
            self._form, url=self.url, base_url=self._base_url, webhook=webhook
        )
        secrets = secrets_of(has_webhook=self._has_webhook, token=self._token)
        return Settings.load(form, secrets)

    async def _hears(self) -> None:
        """Wait until the bot knows who it is, and listens."""
        await until(lambda: self.channel._listener.is_ready)

    async def close(self) -> None:
        """Stop as SIGTERM does; safe to call twice."""
        stack, self._stack = self._stack, None
        if stack:
            await stack.aclose()

    # Who is known, and what is told

    async def know(
        self,
        address: int,
        department: str = "县科协",
        *,
        role: Role = Role.LIAISON,
        name: str = "张三",
    ) -> int:
        """Bind an account to a new person; returns the person's id."""
        async with self.app.database.writing() as session:
            person = Person(name=name, department=department, role=role)
            session.add(
                Account(channel="telegram", address=str(address), person=person)
            )
            await session.flush()
            return person.id

    async def notify(
        self, body: Reply, *addresses: str, key: str = "notice", person: int = 0
    ) -> int:
        """Issue a notice to chats, or to *person* at the one address."""
        now = datetime.now(UTC)
        who = f"person:{person}"
        audience = [
            outbox.Addressee(
                recipient=who if person else f"chat:telegram:{one.split('/')[0]}",
                lane="telegram",
                address=one,
                person_id=person or None,
            )
            for one in addresses
        ]
        async with self.app.database.writing() as session:
            notice = await outbox.issue_notice(
                session,
                key=key,
                kind="nudge",
                body=body,
                audience=audience,
                by="李主任",
                at=now,
                write=lambda lane, address, reply: self.channel.write(address, reply),
            )
        assert notice
        await self.engine.ring("lane:telegram")
        return notice.id

    # What became of it

    async def rows(self, kind: type[Any]) -> Sequence[Any]:
        """Return all rows of a table, the oldest first."""
        async with self.app.database.reading() as session:
            return (await session.scalars(select(kind).order_by(kind.id))).all()

    async def deliveries(self) -> Sequence[Delivery]:
        return await self.rows(Delivery)

    async def letters(self) -> Sequence[Letter]:
        return await self.rows(Letter)

    async def rest(self, *, seconds: float = 20.0) -> None:
        """Wait until every letter and every delivery has its end."""

        async def is_quiet() -> bool:
            async with self.app.database.reading() as session:
                return await unfinished(session) == 0

        async with asyncio.timeout(seconds):
            while not await is_quiet():  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def unfinished(session: AsyncSession) -> int:
    """Count the letters and deliveries that have no end yet."""
    letters = select(func.count()).where(Letter.status == LetterStatus.WAITING)
    deliveries = select(func.count()).where(Delivery.status.in_(_NOT_ENDED))
    counts = [await session.scalar(query) for query in (letters, deliveries)]
    return sum(count or 0 for count in counts)


async def until(is_so: Callable[[], object], *, seconds: float = 15.0) -> None:
    """Wait until something is so; fail if it never is."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110  it may be anything
            await asyncio.sleep(0.01)


async def _ended(task: asyncio.Task[None]) -> None:
    await task
