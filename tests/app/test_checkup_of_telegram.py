"""A checkup of Telegram: how well it is heard, and what it does not answer."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import telegram_checkup
from bot.app.telegram_checkup import hearing_finding, look_at_telegram
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "advice", "is_fault", "words"),
    [
        (30, "", False, "30 秒前"),
        (None, "", False, "还没有"),
        (121, "", True, "没有进程在收听"),
        (3, "请换令牌。", True, "请换令牌"),
        (None, "请换令牌。", True, "请换令牌"),
        (-4, "", False, "0 秒前"),
    ],
)
def test_a_channel_that_hears_nothing_is_a_fault(
    seconds: int | None, advice: str, is_fault: bool, words: str
) -> None:
    age = None if seconds is None else timedelta(seconds=seconds)
    found = hearing_finding(age, advice=advice)

    assert found.is_fault == is_fault
    assert words in found.words


async def test_a_telegram_that_does_not_answer_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_checkup, "_PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        file = tmp_path / "bot.toml"
        form = (ROOT / "config" / "bot.toml").read_text(encoding="utf-8")
        form = form.replace('["console"]\n', '["telegram"]\n')
        form = form.replace('"https://api.telegram.org"', f'"{address}"')
        file.write_text(form, encoding="utf-8")
        settings = Settings.load(file, {"BOT_TELEGRAM_TOKEN": "7:AAtoken"}).telegram
        assert settings

        (found,) = await look_at_telegram(
            settings, clock=lambda: NOW, chats=(), heard=None, runs=False
        )

    assert found.is_fault
    assert "没有按时答复" in found.words
