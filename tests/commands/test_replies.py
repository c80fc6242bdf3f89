"""`bot replies`: phrases of an office are checked without its database."""

import json

import pytest
from click.testing import CliRunner, Result
from office import ROOT

from bot.__main__ import cli

SCENE = {"now": "2026-12-22T10:00:00", "due": "2026-12-30", "in_reply_to_nudge": True}


def _run(*rows: object) -> Result:
    typed = "\n".join(
        row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)
        for row in rows
    )
    config = str(ROOT / "config" / "bot.toml")
    nowhere = "sqlite+aiosqlite:////nowhere/office.sqlite3"
    options = ("--jsonl", "--config", config, "--database", nowhere)
    return CliRunner().invoke(cli, ["replies", *options], input=typed)


def _answers(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_lines_are_understood_in_their_order_without_a_database() -> None:
    result = _run(
        {"id": "a", **SCENE, "text": "下周一交"}, {"id": 7, **SCENE, "text": "已报"}
    )

    assert result.exit_code == 0
    assert _answers(result) == [
        {"id": "a", "label": "promise", "date": "2026-12-28"},
        {"id": 7, "label": "claimed", "date": None},
    ]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-12-22T23:00:00", "2026-12-23"),
        ("2026-12-22T23:00:00Z", "2026-12-24"),
        ("2026-12-22T23:00:00+08:00", "2026-12-23"),
    ],
)
def test_a_day_is_the_day_of_the_office(now: str, day: str) -> None:
    assert _answers(_run({"now": now, "text": "明天报"}))[0]["date"] == day


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("{不是", "不是合格的 JSON"),
        ("[]", "类型不对"),
        ({"now": "2026-12-22", "id": 1}, "缺少内容"),
        ({"now": "昨天", "text": "已报"}, "now 不是日期时间"),
        ({"now": "0001-01-01", "text": "已报"}, "年份不合理"),
        ({"now": "2026-12-22", "due": "月底", "text": "已报"}, "due 不是日期"),
        ({"now": "2026-12-22", "text": "已报", "in_reply_to_nudge": "是"}, "类型不对"),
    ],
)
def test_a_bad_line_is_told_and_stops_nobody(bad: object, fault: str) -> None:
    result = _run("", bad, {"id": 2, **SCENE, "text": "弄完了"})

    assert result.exit_code == 1
    assert _answers(result) == [{"id": 2, "label": "claimed", "date": None}]
    assert "第 2 行" in result.stderr
    assert fault in result.stderr


def test_what_is_missing_has_a_default() -> None:
    row = {"now": "2026-12-22T10:00:00", "text": "好了", "due": None, "report": None}

    assert _answers(_run(row)) == [{"id": None, "label": "other", "date": None}]


def test_without_jsonl_it_says_what_it_needs() -> None:
    result = CliRunner().invoke(cli, ["replies"])

    assert result.exit_code == 2
    assert "--jsonl" in result.stderr
