"""The scorecard: a table that a clerk can read and change, and what it may not book."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from bench.teach_replies import HEAD, lesson_of, table_of, teach
from bot.errors import SettingsError
from bot.reports.calendar import WorkCalendar
from bot.reports.replies import Label, understand
from bot.reports.replies.scorecard import TABLE, Scorecard, scorecard

LINES = Path(__file__).parents[2] / "replies" / "dev.jsonl"
NOW = datetime(2026, 12, 22, 10)  # noqa: DTZ001


def test_every_row_of_the_table_is_read() -> None:
    rows = [row for row in TABLE.read_text("utf-8").splitlines() if row[0] != "#"]

    assert len(scorecard().points) == len(rows) > 1000


def test_a_row_that_names_no_label_is_refused() -> None:
    with pytest.raises(SettingsError):
        Scorecard.read(["没来得及\t没有这一类+7"])


def test_what_a_clerk_changes_has_effect() -> None:
    signs = {"没来得及", "报"}
    before = Scorecard.read(["没来得及\t没报+70", "报\t已报+30"])
    after = Scorecard.read(["没来得及\t没报+70", "报\t已报+99"])

    assert before.judge(signs, ruled=Label.OTHER).label is Label.NOT_YET
    assert after.judge(signs, ruled=Label.OTHER).label is Label.CLAIMED


def test_the_same_lines_teach_the_same_table() -> None:
    calendar = WorkCalendar()
    lines = LINES.read_text("utf-8").splitlines()[:60]
    lessons = [lesson_of(json.loads(line), calendar) for line in lines]

    first, again = (list(table_of(teach(lessons, kept=200))) for _ in range(2))

    assert first == again
    assert 0 < len(first) <= 200
    assert TABLE.read_text("utf-8").splitlines()[: len(HEAD)] == list(HEAD)


@pytest.mark.parametrize(
    "words",
    [
        "交了交了，交的是房租",
        "街道今天把表报给我们了",
        "收到你们昨天发来的邮件了",
        "兽医站的台账上礼拜就交了",
        "报了才怪",
        "要不是停电早就报了",
        "昨天就报了的话",
        "应该已经报了吧",
        "主报告昨天交的，典型做法25号续上",
    ],
)
def test_what_only_sounds_like_a_claim_is_not_booked(words: str) -> None:
    found = understand(
        words,
        now=NOW,
        calendar=WorkCalendar(),
        due_on=date(2026, 12, 30),
        report="2026年全年落实情况",
        in_reply_to_nudge=True,
    )

    assert found.label is not Label.CLAIMED
