"""Spans of time: 三天, 两个工作日, 半个月."""

import re
from datetime import date, timedelta

from bot.reports.calendar import WorkCalendar
from bot.reports.replies.day_numbers import NUMBER, add_months, count_of

SPAN = (
    rf"(?P<count>{NUMBER}|半)"
    r"(?P<unit>个?工作日|天|日|个?周|个?星期|个?礼拜|个?月|个?小时|个?钟头|分钟)"
)
"""How a span is written: a count and its unit."""

FAR = 400
"""More days, weeks or months than that are no answer."""


def later(day: date, written: str, *, calendar: WorkCalendar) -> date | None:
    """Return the day that lies a span (三天, 两个工作日) after *day*; None if none."""
    found = re.search(SPAN, written)
    if found is None:
        return None
    unit = found["unit"].removeprefix("个")
    half = found["count"] == "半"
    count = 0 if half else count_of(found["count"])
    if count > FAR:
        return None
    if unit == "工作日":
        return calendar.on(day, count)
    if unit == "月":
        return day + timedelta(days=15) if half else add_months(day, count)
    if unit in ("周", "星期", "礼拜"):
        return day + timedelta(days=7 * count)
    if unit in ("小时", "钟头"):
        return day + timedelta(days=count // 24)
    return day + timedelta(days=count if unit in ("天", "日") else 0)
