"""The log is JSON, one object a line, and keeps secrets."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise, takewhile
from subprocess import PIPE

import pytest

from bot.app.logs import Sparing

LOGGING = """
import json, logging, sys
from bot.app.logs import log_as_json
log_as_json()
for order in sys.stdin:
    words, name, level = json.loads(order)
    try:
        raise ValueError(words)
    except ValueError:
        more = {"extra": {"letter": 7}, "exc_info": True}
        logging.getLogger(name).log(level, "时钟 %s", words, **more)
    print("done", file=sys.stderr, flush=True)
"""
TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_0123456"


Logged = Callable[..., str]


@pytest.fixture(scope="module")
def logged() -> Iterator[Logged]:
    """Give a function that logs in a process of its own and returns what it wrote."""
    command = [sys.executable, "-c", LOGGING]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:
        stdin, stderr = process.stdin, process.stderr
        assert stdin
        assert stderr

        def log(words: str, *, logger: str = "bot.app", level: int = 40) -> str:
            stdin.write(json.dumps([words, logger, level]).encode() + b"\n")
            stdin.flush()
            lines = takewhile(lambda line: line != b"done\n", stderr)
            return b"".join(lines).decode()

        yield log
        assert process.communicate() == (b"", b"")


def test_a_record_is_one_line_with_its_fields_and_its_traceback(logged: Logged) -> None:
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
        ("GET https://api.telegram.org/bot123:ABC/getMe failed", "ABC"),
        ("InvalidURL('/bot123%3AABC-d_e/getMe')", "ABC"),
        (f"token {TOKEN!r} is not valid", "AAF-abc"),
        ("https://qyapi.weixin.qq.com/x?access_token=geheim-1&type=2", "geheim-1"),
        ("gettoken?corpid=ww1&corpsecret=gehe_im", "gehe_im"),
        ("webhook/send?key=693a-geheim", "693a"),
        ("{'access_token': 'geheim', 'expires_in': 7200}", "geheim"),
        ('{"access_token": "geheim"}', "geheim"),
        ("ACCESS_TOKEN=geheim", "geheim"),
        ("BOT_TELEGRAM_TOKEN=geheim,", "geheim"),
        ("password=geheim host=db", "geheim"),
    ],
)
def test_no_secret_is_logged_not_even_by_a_traceback(
    logged: Logged, words: str, secret: str
) -> None:
    line = logged(words)

    assert secret not in line
    assert "***" in line


@pytest.mark.parametrize(
    "words",
    ["errcode=40014 at 10:30", "monkeys: 3", "时间 2026-11-23 12:00:00", "key: 3"],
)
def test_what_is_no_secret_is_logged_as_it_is(logged: Logged, words: str) -> None:
    line = logged(words)

    assert words in line
    assert "***" not in line


def test_a_masked_line_is_still_json(logged: Logged) -> None:
    record = json.loads(logged('{"access_token": "geheim", "errcode": 0}'))

    assert '"errcode": 0}' in record["message"]


def complaint(
    words: str = "away", level: int = 40, **fields: object
) -> logging.LogRecord:
    return logging.makeLogRecord(
        {"name": "bot.x", "msg": words, "levelno": level, **fields}
    )


def test_an_outage_is_told_at_once_and_then_less_and_less_often() -> None:
    seconds = [0.0]
    sparing, told = Sparing(lambda: seconds[0]), []
    for second in range(3600):
        seconds[0] = float(second)
        record = complaint(beat="ring")
        if sparing.filter(record):
            told.append((second, getattr(record, "repeated", 0)))

    assert told[:4] == [(0, 0), (5, 4), (15, 9), (35, 19)]
    assert len(told) < 16
    gaps = [late - early for (early, _), (late, _) in pairwise(told)]
    assert gaps == sorted(gaps)
    assert max(gaps) == 600


def test_what_comes_again_after_a_while_is_new() -> None:
    seconds = [0.0]
    sparing = Sparing(lambda: seconds[0])
    assert sparing.filter(complaint())
    assert not sparing.filter(complaint())
    seconds[0] = 11.0

    assert sparing.filter(complaint())
    assert not sparing.filter(complaint())


def test_only_the_same_trouble_is_held_back() -> None:
    sparing = Sparing(lambda: 0.0)
    others = [
        complaint(),
        complaint("gone"),
        complaint(beat="ring"),
        complaint(beat="audit"),
        complaint(exc_info=(ValueError, ValueError("x"), None)),
    ]

    assert all(sparing.filter(record) for record in others)
    assert all(sparing.filter(complaint(level=20)) for _ in range(3))


@pytest.mark.parametrize(
    ("logger", "level", "count"),
    [("bot.mail", 20, 1), ("handlers", 20, 1), ("httpx", 20, 0), ("httpx", 30, 1)],
)
def test_libraries_speak_only_of_trouble(
    logged: Logged, logger: str, level: int, count: int
) -> None:
    assert len(logged("x", logger=logger, level=level).splitlines()) == count
