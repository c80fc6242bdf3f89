"""The log is JSON, one object a line, and keeps secrets."""

import json
import subprocess
import sys

import pytest

LOG = """
import logging, sys
from bot.app.logs import log_as_json
log_as_json()
log = logging.getLogger(sys.argv[1])
try:
    raise ValueError(sys.argv[2])
except ValueError:
    more = {"extra": {"letter": 7}, "exc_info": True}
    log.log(int(sys.argv[3]), "时钟 %s", sys.argv[2], **more)
"""
TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_0123456"


def logged(words: str, *, logger: str = "bot.app", level: int = 40) -> str:
    command = [sys.executable, "-c", LOG, logger, words, str(level)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr


def test_a_record_is_one_line_with_its_fields_and_its_traceback() -> None:
    (line,) = logged("慢了").splitlines()

    record = json.loads(line)
    assert record["message"] == "时钟 慢了"
    assert record["letter"] == 7
    assert record["level"] == "ERROR"
    assert record["time"].endswith("+00:00")
    assert "ValueError" in record["exc_info"]


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("postgresql://bot:geheim@db/plan", "geheim"),
        ("postgresql+asyncpg://bot:ge%40heim@db:5432/plan", "heim"),
        (f"POST https://api.telegram.org/bot{TOKEN}/sendMessage", "AAF-abc"),
    ],
)
def test_no_secret_is_logged_not_even_by_a_traceback(words: str, secret: str) -> None:
    line = logged(words)

    assert secret not in line
    assert "***" in line


@pytest.mark.parametrize(
    ("logger", "level", "count"),
    [("bot.mail", 20, 1), ("handlers", 20, 1), ("httpx", 20, 0), ("httpx", 30, 1)],
)
def test_libraries_speak_only_of_trouble(logger: str, level: int, count: int) -> None:
    assert len(logged("x", logger=logger, level=level).splitlines()) == count
