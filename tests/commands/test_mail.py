"""`bot mail`: what the office sees and decides."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from office import ROOT, Office

from bot.__main__ import main
from bot.database import Database
from bot.mail.alarms import raise_alarm
from bot.messages import Incoming, Reply
from bot.model import (
    Account,
    Delivery,
    DeliveryStatus,
    Letter,
    LetterStatus,
    Notice,
    Person,
    Request,
    Role,
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ADDRESS = "4711001122"
WORDS = "请于12月30日前报送😀"


def delivery(number: int, status: DeliveryStatus, **more: Any) -> Delivery:
    values: dict[str, Any] = {
        "recipient": f"chat:telegram:{ADDRESS}",
        "error": "ReadTimeout",
        "settled_at": NOON,
    }
    return Delivery(
        id=number,
        key=f"k{number}",
        lane="telegram",
        address=ADDRESS,
        request_id=1,
        priority=20,
        status=status,
        wanted_at=NOON,
        due_at=NOON,
        **(values | more),
    )


def letter(number: int, incoming: Incoming | None) -> Letter:
    return Letter(
        id=number,
        channel="telegram",
        product_id=str(number),
        chat=ADDRESS,
        incoming=incoming,
        raw="" if incoming else "{不是",
        status=LetterStatus.DEAD,
        received_at=NOON,
        due_at=NOON,
        error="ValueError",
    )


@pytest.fixture
def troubled(office: Office) -> Office:
    """Give an office with one thing of each kind to look into."""
    office.run("migrate")
    asyncio.run(_trouble(office.url))
    return office


async def _trouble(url: str) -> None:
    said = Incoming(channel="telegram", address=ADDRESS, text="我的密文", at=NOON)
    person = {"person_id": 1, "recipient": "person:1"}
    database = await Database.open(url)
    async with database.writing() as session:
        session.add(Person(id=1, name="王丽", department="县教育局", role=Role.LIAISON))
        session.add(Account(channel="telegram", address=ADDRESS, person_id=1))
        session.add(Request(id=1, digest="d", text=WORDS))
        notice = {"kind": "broadcast", "body": Reply(WORDS), "audience": 1}
        session.add(Notice(id=9, key="n", issued_by="李", issued_at=NOON, **notice))
        await session.flush()
        session.add(delivery(1, DeliveryStatus.WAITING, settled_at=None))
        session.add(delivery(2, DeliveryStatus.UNKNOWN))
        session.add(delivery(3, DeliveryStatus.FAILED, error="403 chat not found"))
        session.add(delivery(4, DeliveryStatus.FAILED, notice_id=9, **person))
        session.add(delivery(5, DeliveryStatus.SENT))
        session.add(letter(6, said))
        session.add(letter(7, None))
        await raise_alarm(session, "x", "通道 telegram 停了，请重启。", at=NOON)
    await database.close()


def rows(office: Office, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(Path(office.url.partition(":///")[2]))) as database:
        return database.execute(query).fetchall()


def test_an_office_without_trouble_says_so(office: Office) -> None:
    office.run("migrate")

    assert "没有待发、失败或结果不明的消息" in office.run("mail").stdout


def test_all_that_needs_a_person_is_shown(troubled: Office) -> None:
    told = troubled.run("mail").stdout

    for title in ("告警：1", "通道：1", "发送失败：1", "需要打电话：1", "来信：2"):
        assert title in told
    assert "结果不明（不知道对方收到没有，没有自动重发）：1" in told
    assert "县教育局" in told
    assert "2026-11-23 12:00:00" in told, "in the office's zone"
    assert "--resend" in told


def test_it_is_told_for_whom_an_answer_was_and_why_it_failed_in_chinese(
    troubled: Office,
) -> None:
    told = troubled.run("mail").stdout
    (unknown,) = [line for line in told.splitlines() if line.startswith("  2 ")]

    assert "县教育局 王丽" in unknown
    assert "没有等到答复，已超时" in unknown
    assert "会话不存在，或对方没有先给机器人发过消息" in told
    assert "收件人 县教育局 王丽" in troubled.run("mail", "--show", "2").stdout
    assert "ReadTimeout" not in told


def test_neither_addresses_nor_words_are_told_unasked(troubled: Office) -> None:
    told = troubled.run("mail").stdout

    assert ADDRESS not in told
    assert "47****22" in told
    assert WORDS not in told
    assert "我的密文" not in told


@pytest.mark.parametrize(
    ("number", "words"), [("2", WORDS), ("L6", "我的密文"), ("l7", "{不是")]
)
def test_one_thing_is_shown_with_its_words(
    troubled: Office, number: str, words: str
) -> None:
    told = troubled.run("mail", "--show", number).stdout

    assert words in told
    assert ADDRESS not in told


@pytest.mark.parametrize(
    ("words", "query", "expected", "event"),
    [
        (
            ("--resend", "2"),
            "SELECT status FROM delivery WHERE key = 'k2!1'",
            "waiting",
            ("delivery.resent", "delivery:2"),
        ),
        (
            ("--resend", "3"),
            "SELECT status FROM delivery WHERE key = 'k3!1'",
            "waiting",
            ("delivery.resent", "delivery:3"),
        ),
        (
            ("--drop", "2"),
            "SELECT status FROM delivery WHERE id = 2",
            "cancelled",
            ("delivery.dropped", "delivery:2"),
        ),
        (
            ("--called", "4"),
            "SELECT called_by FROM delivery WHERE id = 4",
            "王工",
            ("delivery.called", "delivery:4"),
        ),
        (
            ("--revive", "L6"),
            "SELECT status FROM letter WHERE id = 6",
            "waiting",
            ("letter.revived", "letter:6"),
        ),
        (
            ("--drop", "L6"),
            "SELECT status FROM letter WHERE id = 6",
            "ignored",
            ("letter.dismissed", "letter:6"),
        ),
        (
            ("--drop", "l7"),
            "SELECT status FROM letter WHERE id = 7",
            "ignored",
            ("letter.dismissed", "letter:7"),
        ),
    ],
)
def test_a_named_person_decides_and_it_is_recorded(
    troubled: Office,
    words: tuple[str, ...],
    query: str,
    expected: str,
    event: tuple[str, str],
) -> None:
    nameless = troubled.run("mail", *words)
    assert nameless.exit_code == 2
    assert rows(troubled, "SELECT count(*) FROM audit_entry") == [(0,)]

    assert troubled.run("mail", *words, "--name", "王工").exit_code == 0
    assert rows(troubled, query) == [(expected,)]
    recorded = rows(troubled, "SELECT actor, event, about FROM audit_entry")
    assert recorded == [("王工", *event)]
    assert troubled.run("mail", *words, "--name", "王工").exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--resend", "5"),
        ("--drop", "3"),
        ("--drop", "L5"),
        ("--called", "2"),
        ("--revive", "L7"),
        ("--show", "99"),
        ("--show", "L99"),
    ],
)
def test_what_is_not_to_be_decided_is_told(
    troubled: Office, words: tuple[str, ...]
) -> None:
    told = troubled.run("mail", *words, "--name", "王工")

    assert told.exit_code == 1
    assert "第" in told.stderr
    assert rows(troubled, "SELECT count(*) FROM audit_entry") == [(0,)]


def test_of_several_decisions_all_are_done_or_none(troubled: Office) -> None:
    told = troubled.run("mail", "--resend", "2", "--resend", "5", "--name", "王工")

    assert told.exit_code == 1
    assert told.stdout == ""
    assert rows(troubled, "SELECT count(*) FROM delivery") == [(5,)]


def test_a_long_list_says_how_many_it_leaves_out(troubled: Office) -> None:
    told = troubled.run("mail", "--limit", "1").stdout

    assert "没能处理的来信：2" in told
    assert "只列了最早的 1 行" in told
    assert "L7" not in told


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("--show", "9" * 20), "--show"),
        (("--resend", "9" * 20), "--resend"),
        (("--revive", "L" + "9" * 20), "--revive"),
        (("--limit", "9" * 20), "--limit"),
        (("--drop", "abc"), "--drop"),
    ],
)
def test_an_absurd_number_is_named_as_wrong(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    name: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO()))
    monkeypatch.setattr(sys, "argv", ["bot", "mail", *words, "--name", "王工"])
    with pytest.raises(SystemExit) as ended:
        main()

    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert f"“{name}”的值不对" in told
    assert "Traceback" not in told


def test_a_look_and_a_decision_do_not_go_together(troubled: Office) -> None:
    told = troubled.run("mail", "--show", "2", "--drop", "2", "--name", "王工")

    assert told.exit_code == 2
    assert "什么也没有办" in told.stderr
    assert rows(troubled, "SELECT count(*) FROM audit_entry") == [(0,)]


def test_what_was_decided_is_told_in_chinese(troubled: Office) -> None:
    troubled.run("mail", "--drop", "2", "--name", "王工")
    troubled.run("mail", "--resend", "3", "--name", "王工")

    assert "由王工决定不再发" in troubled.run("mail", "--show", "2").stdout
    assert "由王工决定再发一次" in troubled.run("mail", "--show", "3").stdout


def test_whoever_reads_no_further_sees_no_fault(troubled: Office) -> None:
    read, written = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "bot", "mail", "--database", troubled.url]
    told = subprocess.run(
        command,
        cwd=ROOT,
        stdout=written,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(written)

    assert told.returncode == 141
    assert told.stderr == ""
