"""`bot replies`: what is understood of replies, so that an office can check phrases."""

import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click
import msgspec

from bot.commands.door import complain, office_options, run, settings_of
from bot.commands.help_text import ChineseCommand
from bot.reports.calendar import WorkCalendar
from bot.reports.replies import understand

_FORM = (
    "要有 now（日期时间）和 text（文字），可有 id、due（日期）、report（文字）、"
    "in_reply_to_nudge（true 或 false）。"
)
_YEARS = range(2000, 2200)


class ReplyLine(msgspec.Struct):
    """One line of `bot replies --jsonl`: a reply, and the scene in which it is said."""

    text: str
    now: str
    id: str | int | None = None
    due: str | None = None
    report: str | None = None
    in_reply_to_nudge: bool | None = None


@click.command(cls=ChineseCommand)
@click.option("--jsonl", is_flag=True, help="逐行读 JSON 回复，逐行写 JSON 判断。")
@office_options
def replies(jsonl: bool, config: Path, database: str) -> None:
    """判断报送答复说的是什么（已报、约定日期、申请延期等），供办公室核对说法。"""

    async def work() -> int:
        if not jsonl:
            complain("请用 --jsonl，从标准输入逐行读入回复。")
            return 2
        zone = settings_of(config, database).timezone
        return understand_lines(sys.stdin, sys.stdout, zone=zone)

    run(work)


def understand_lines(lines: Iterable[str], out: TextIO, *, zone: ZoneInfo) -> int:
    """Understand JSON lines; one that cannot be read is told on stderr.

    A time without offset is that of *zone*. Returns 0, or 1 if any line was wrong.
    """
    calendar = WorkCalendar()
    wrong = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            said = msgspec.json.decode(line.lstrip("\ufeff"), type=ReplyLine)
            answer = _understood(said, calendar=calendar, zone=zone)
        except (msgspec.DecodeError, ValueError) as error:
            wrong = True
            complain(f"第 {number} 行读不了（{_fault(error)}）：{_FORM}")
            continue
        out.write(msgspec.json.encode(answer).decode() + "\n")
        out.flush()
    return int(wrong)


def _understood(
    said: ReplyLine, *, calendar: WorkCalendar, zone: ZoneInfo
) -> dict[str, Any]:
    """Raises ValueError for a time or a date that is none."""
    found = understand(
        said.text,
        now=_moment(said.now, zone),
        calendar=calendar,
        due_on=_day(said.due) if said.due else None,
        report=said.report or "",
        in_reply_to_nudge=bool(said.in_reply_to_nudge),
    )
    return {"id": said.id, "label": found.label, "date": found.day}


class _NoTime(ValueError):
    """A value that is no time; its text is the fault in Chinese."""


def _moment(written: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        raise _NoTime("now 不是日期时间") from None
    if moment.year not in _YEARS:
        raise _NoTime("now 的年份不合理")
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _day(written: str) -> date:
    try:
        day = datetime.fromisoformat(written.strip()).date()
    except ValueError:
        raise _NoTime("due 不是日期") from None
    if day.year not in _YEARS:
        raise _NoTime("due 的年份不合理")
    return day


def _fault(error: Exception) -> str:
    """Say in Chinese what is wrong with a line."""
    if isinstance(error, _NoTime):
        return str(error)
    if isinstance(error, msgspec.ValidationError):
        return "缺少内容或类型不对"
    return "不是合格的 JSON"
