"""Token, webhook secret and binding codes are written down nowhere."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import said
from aiohttp import ClientSession
from click.testing import CliRunner
from fake_api import TOKEN, FakeTelegram, Trouble, flood
from raw_line import RawLine, posted
from test_office_people import invite
from test_office_troubles import person
from whole_office import (
    ROOT,
    SECRET,
    Open,
    WholeOffice,
    secrets_of,
    until,
    write_form,
)

from bot.__main__ import cli
from bot.mail import inbox
from bot.messages import Reply

PARTS = (TOKEN, TOKEN.partition(":")[2], SECRET)
WORDS = f"https://api.telegram.org/bot{TOKEN}/sendMessage"


async def be_busy(
    office: WholeOffice, telegram: FakeTelegram, *codes: str
) -> list[object]:
    """Let all go wrong that may, with the token in Telegram's own words of it."""
    telegram.expect_in(4711, Trouble(500, WORDS), Trouble(400, f"Bad Request: {WORDS}"))
    telegram.expect_in(100, Trouble(403, f"Forbidden: {WORDS}"))
    telegram.expect_in(101, Trouble(502, raw=WORDS.encode()), flood(1))
    telegram.expect_in(102, Trouble(409, WORDS), Trouble(cut=True))
    telegram.expect("answerCallbackQuery", Trouble(400, WORDS), Trouble(cut=True))
    telegram.expect("setMyCommands", Trouble(400, WORDS))
    await office.open()
    telegram.tell(
        *[said.said("帮助", sender=person(n)) for n in range(3)],
        *[said.said(code) for code in codes],
        *[said.said(f"@plan_test_bot 绑定 {one}", chat=said.GROUP) for one in codes],
        *[said.edited(f"绑定 {one}", sender=said.WANG) for one in codes],
        said.pressed("=帮助"),
        said.update(message={"chat": 1}),
    )
    assert set(await telegram.deliver()) == {200}
    await office.notify(Reply("提示"), "102", "no address of Telegram", key="b")
    line = RawLine(int(office.door.rpartition(":")[2]))
    forged = [posted(b"{}", secret=one) for one in (f"{SECRET}x", SECRET[1:], TOKEN)]
    statuses = [await line.say(request) for request in forged]
    line.close()
    await until(lambda: any(chat == -1001 for chat, _ in telegram.messages))
    return [*statuses, *await pages_of(office)]


async def pages_of(office: WholeOffice) -> list[object]:
    """Return what the doors say, and how the parts of the office show themselves."""
    pages: list[object] = []
    async with ClientSession(office.door) as session:
        for path in ("/healthz", "/metrics", "/telegram", "/nowhere"):
            async with session.get(path) as answer:
                pages += [dict(answer.headers), await answer.text()]
    shown = (office.app, office.app.settings, office.engine, office.channel)
    return [*pages, *map(repr, shown), repr(office.channel._api)]


def contents(folder: Path) -> list[bytes]:
    """Read a store, with what lies beside it."""
    return [one.read_bytes() for one in folder.glob("office.sqlite3*")]


async def test_no_secret_is_in_the_store_the_logs_the_doors_or_an_error(
    open_office: Open,
    office_url: str,
    telegram: FakeTelegram,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox, "_PAUSES", tuple(one / 20 for one in inbox._PAUSES))
    office = await open_office(office_url, telegram.base_url, has_webhook=True)
    issued = [await invite(office) for _ in range(2)]
    codes = [one.code for one in issued] + [one.link for one in issued]
    await office.close()
    caplog.set_level(logging.INFO, "aiosqlite")  # at DEBUG it tells every value
    with caplog.at_level(logging.DEBUG):
        said_by_doors = await be_busy(office, telegram, *codes)
        await until(lambda: any("已绑定" in one for one in telegram.messages.values()))
    records = [
        record.__dict__ | {"text": str(record.exc_text)} for record in caplog.records
    ]
    deliveries = [one.error for one in await office.deliveries()]
    await office.close()
    files = contents(tmp_path)

    assert any("***" in one for one in deliveries), "the token was never told us"
    for secret in (*PARTS, *codes):
        assert secret not in str((said_by_doors, deliveries)), secret
        assert secret not in caplog.text, secret
        assert secret not in str(records), secret
        assert not any(secret.encode() in content for content in files), secret


def test_a_check_tells_no_secret(
    office_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = write_form(
        tmp_path / "bot.toml", url=office_url, base_url="http://127.0.0.1:1/bot"
    )
    secrets = secrets_of(has_webhook=True)
    proxy = {"BOT_TELEGRAM_PROXY": "http://u:k3nnwort@127.0.0.1:1"}
    for name, value in (secrets | proxy).items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(cli, ["check", "--config", str(form)])

    assert result.exit_code == 1
    assert "Telegram" in result.output
    for secret in (*PARTS, "k3nnwort"):
        assert secret not in result.output


def test_a_refused_start_names_the_variables_and_tells_no_secret(
    office_url: str, tmp_path: Path
) -> None:
    form = write_form(
        tmp_path / "bot.toml",
        url=office_url,
        base_url="http://127.0.0.1:1/bot",
        webhook="https://bot.example/telegram",
    )
    names = ("BOT_TELEGRAM_TOKEN", "BOT_TELEGRAM_WEBHOOK_SECRET")
    run = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--config", str(form)],
        cwd=ROOT,
        env={**os.environ, **dict.fromkeys(names, f"x {PARTS}")},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert run.returncode == 1
    told = run.stdout + run.stderr
    assert all(name in told for name in names)
    assert not any(secret in told for secret in PARTS)
