"""`bot run`, `web` and `worker` with Telegram opened, as processes, on the fake."""

import asyncio
import json
import re
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import bot_command
import httpx
import pytest
from fake_api import TOKEN, FakeTelegram, Trouble
from said import GROUP, LI, pressed, said
from taking import until

SECRET = "geheimes_Wort_0123456789"
FORM = """
[office]
name = "澄川县人民政府办公室"
timezone = "Asia/Shanghai"
channels = ["telegram"]
[telegram]
base_url = "{base_url}"
webhook = "{webhook}"
"""


class Bot:
    """A command of ours as a process, with all that it has said."""

    def __init__(self, process: bot_command.Process, errors: IO[str]) -> None:
        self.process = process
        self.said = ""
        self.door = ""
        self._errors = errors

    async def wait_until_ready(self) -> None:
        self.door = (await self.hear(r"(http://\S+)/healthz"))[1]

    async def hear(self, pattern: str) -> re.Match[str]:
        """Wait until it has said what *pattern* finds."""
        async with asyncio.timeout(60):
            while not (found := re.search(pattern, self.said)):
                line = await self.line()
                assert line, await self.end()
                self.said += line
        return found

    async def line(self) -> str:
        assert self.process.stdout
        return await asyncio.to_thread(self.process.stdout.readline)

    async def health(self) -> tuple[int, dict[str, Any]]:
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{self.door}/healthz", timeout=20)
        return answer.status_code, answer.json()

    async def end(self) -> str:
        """Wait for the end; returns all that was said and logged."""
        assert self.process.stdout
        await asyncio.to_thread(self.process.wait, 60)
        if not self.process.stdout.closed:
            self._errors.seek(0)
            self.said += self.process.stdout.read() + self._errors.read()
            self.process.stdout.close()
            self._errors.close()
        return self.said

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


Start = Callable[..., Awaitable[Bot]]


@pytest.fixture
async def start(
    telegram: FakeTelegram, tmp_path: Path, nursery_place: str
) -> AsyncIterator[Start]:
    """Give a function that starts a command; whatever runs at the end is killed."""
    running: list[Bot] = []

    async def begin(
        *words: str,
        url: str,
        webhook: str = "",
        listen: str = "127.0.0.1:0",
        base_url: str = "",
        token: str = TOKEN,
        from_nothing: bool = False,
    ) -> Bot:
        form = FORM.format(base_url=base_url or telegram.base_url, webhook=webhook)
        file = tmp_path / "bot.toml"
        file.write_text(form, encoding="utf-8")
        options = ["--config", str(file), "--database", url]
        if words[0] in ("run", "web", "worker"):
            options += ["--listen", listen]
        secrets = {"BOT_TELEGRAM_TOKEN": token, "BOT_TELEGRAM_WEBHOOK_SECRET": SECRET}
        errors = TemporaryFile("w+")
        nursery = "" if from_nothing else nursery_place
        process = bot_command.begin(
            [*words, *options], nursery=nursery, errors=errors, **secrets
        )
        running.append(Bot(process, errors))
        if "--listen" in options and words[-1] != "--unready":
            await running[-1].wait_until_ready()
        return running[-1]

    yield begin
    for bot in running:
        bot.process.kill()
        await bot.end()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'office.sqlite3'}"


on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def texts(telegram: FakeTelegram) -> list[str]:
    return [call.text for call in telegram.of("sendMessage")]


async def test_a_question_is_answered_by_polling(
    start: Start, telegram: FakeTelegram, sqlite_url: str
) -> None:
    bot = await start("run", url=sqlite_url, from_nothing=True)
    telegram.tell(said("你好"), said("/help@plan_test_bot", chat=GROUP))
    await until(lambda: len(texts(telegram)) == 2, seconds=30)
    await bot.hear("Telegram 已连上：@plan_test_bot，接收方式为轮询")
    bot.signal(signal.SIGTERM)
    everything = await bot.end()

    assert bot.process.returncode == 0
    assert telegram.unconfirmed == []
    assert TOKEN not in everything
    assert {json.loads(line)["level"] for line in _log(everything)} == {"INFO"}


def _log(said: str) -> list[str]:
    return [line for line in said.splitlines() if line[:1] == "{"]


async def test_a_wrong_token_is_told_at_the_start_and_it_goes_on_trying(
    start: Start, sqlite_url: str
) -> None:
    bot = await start("run", url=sqlite_url, token=TOKEN[:-1] + "x")
    line = await asyncio.wait_for(bot.line(), 30)

    assert "Telegram 还没有连上，会一直重试：令牌无效" in line
    assert (await bot.health())[0] == 200  # for two minutes


async def test_a_question_is_answered_behind_a_webhook_and_forgers_are_not(
    start: Start, telegram: FakeTelegram, sqlite_url: str
) -> None:
    port = _free_port()
    webhook = f"http://127.0.0.1:{port}/telegram/x1"
    bot = await start(
        "run", url=sqlite_url, webhook=webhook, listen=f"127.0.0.1:{port}"
    )
    await until(lambda: telegram.webhook["url"] == webhook, seconds=30)
    telegram.tell(said("你好"))
    await until(lambda: len(telegram.of("setMyCommands")) == 3, seconds=30)
    assert await telegram.deliver() == [200]
    await until(lambda: texts(telegram), seconds=30)

    assert telegram.webhook["secret_token"] == SECRET
    async with httpx.AsyncClient() as client:
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
            answer = await client.post(webhook, json=said("假的"), headers=headers)
            assert answer.status_code == 403
        assert (await client.get(f"http://127.0.0.1:{port}/")).status_code == 404
    status, health = await bot.health()
    assert (status, health["letters"]["waiting"]) == (200, 0)
    assert telegram.of("getUpdates") == []


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@on_postgres
async def test_one_of_several_polls_and_each_press_is_answered_once(
    start: Start, telegram: FakeTelegram, database_url: str
) -> None:
    parts = [await start(one, url=database_url) for one in ("web", "web", "worker")]
    presses = [pressed("=帮助", about=7, sender=LI, press=f"p{n}") for n in range(3)]
    telegram.tell(said("你好"), *presses)
    await until(lambda: len(telegram.answered) == 3, seconds=30)
    await asyncio.sleep(2.5)  # longer than any process waits to answer a press itself

    answers = telegram.of("answerCallbackQuery")
    assert sorted(c.parameters["callback_query_id"] for c in answers) == [
        "p0",
        "p1",
        "p2",
    ]
    assert await _conflicts(parts) == 0


@on_postgres
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_another_process_polls_soon_after_the_first_died_or_froze(
    start: Start, telegram: FakeTelegram, database_url: str, number: signal.Signals
) -> None:
    first, second = [await start("run", url=database_url) for _ in range(2)]
    await until(lambda: telegram.of("getUpdates"), seconds=30)
    first.signal(number)
    telegram.tell(said("你好"))
    await until(lambda: texts(telegram), seconds=20)

    if number is signal.SIGSTOP:
        first.signal(signal.SIGCONT)
    telegram.tell(said("你好"))
    await until(lambda: len(texts(telegram)) == 2, seconds=20)
    # Who wakes up may ask once more before it sees that the lane is another's.
    assert await _conflicts([second]) <= (number is signal.SIGSTOP)


async def _conflicts(bots: list[Bot]) -> int:
    for bot in bots:
        bot.signal(signal.SIGTERM)
    return sum([(await bot.end()).count("getUpdates: Conflict") for bot in bots])


async def test_the_check_tells_of_a_running_bot_and_of_a_second_poller(
    start: Start, telegram: FakeTelegram, sqlite_url: str
) -> None:
    conflict = "Conflict: terminated by other getUpdates request"
    telegram.expect("getUpdates", *[Trouble(409, conflict)] * 50)
    bot = await start("run", url=sqlite_url)
    async with asyncio.timeout(30):
        while "Conflict" not in str(await bot.health()):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    check = await start("check", url=sqlite_url)
    told = await check.end()

    assert check.process.returncode == 1
    assert "✗ Telegram：收不到消息" in told
    assert "同一个令牌" in told
    assert "@plan_test_bot" in told
    assert TOKEN not in told


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"token": TOKEN[:-1] + "x"}, "令牌无效"),
        ({"base_url": "http://127.0.0.1:1"}, "连不上"),
    ],
)
async def test_the_check_tells_what_keeps_telegram_away(
    start: Start, sqlite_url: str, more: dict[str, str], words: str
) -> None:
    check = await start("check", url=sqlite_url, **more)
    told = await check.end()

    assert check.process.returncode == 1
    assert f"✗ Telegram：{words}" in told
    assert "Traceback" not in told
