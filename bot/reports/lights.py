"""The lights of a report: how urgent a submission is, always with its words; pure."""

from datetime import date
from enum import StrEnum

from bot.model import Standing, SubmissionState
from bot.reports.calendar import WorkCalendar
from bot.reports.submissions import CLAIMED

_SOON = 5  # working days


class Light(StrEnum):
    """How urgent a submission is; the value is what stands in a list of names."""

    GREEN = "已核收"
    BLUE = "已报待核"
    WHITE = "未到期"
    YELLOW = "五日内到期未报"
    RED = "超期"
    VIOLET = "延期内"
    GREY = "免报"
    PAUSED = "有异议"


COLOURS = {
    Light.GREEN: "绿",
    Light.BLUE: "蓝",
    Light.WHITE: "白",
    Light.YELLOW: "黄",
    Light.RED: "红",
    Light.VIOLET: "紫",
    Light.GREY: "灰",
    Light.PAUSED: "灰",
}
"""What the colour of a light is called, for those who do not see it."""

LEGEND = (
    (Light.GREEN, "绿·已核收"),
    (Light.BLUE, "蓝·已报待核"),
    (Light.WHITE, "白·未到期"),
    (Light.YELLOW, "黄·余5日内未报"),
    (Light.RED, "红·超期"),
    (Light.VIOLET, "紫·延期内"),
    (Light.GREY, "灰·免报、不适用或异议核实中"),
)
"""All colours with their meaning, in the order in which work goes on."""


def light_of(
    standing: Standing, due_on: date, *, today: date, calendar: WorkCalendar
) -> Light:
    """Return the light of a submission."""
    state = standing.state
    if state in {SubmissionState.ACCEPTED, SubmissionState.NIL}:
        return Light.GREEN
    if state in CLAIMED:
        return Light.BLUE
    if state is SubmissionState.EXEMPT:
        return Light.GREY
    if state is SubmissionState.DISPUTED:
        return Light.PAUSED
    limit = max(due_on, standing.agreed_on or due_on)
    if today > limit:
        return Light.RED
    if limit > due_on:
        return Light.VIOLET
    if calendar.days_left(today, limit) <= _SOON:
        return Light.YELLOW
    return Light.WHITE


def words_of_light(
    light: Light,
    standing: Standing,
    due_on: date,
    *,
    today: date,
    calendar: WorkCalendar,
) -> str:
    """Say a light in a few words: 黄·约定12-28, 红·超期3日, 绿·零报告."""
    return f"{COLOURS[light]}·{_words(light, standing, due_on, today, calendar)}"


def _words(
    light: Light, standing: Standing, due_on: date, today: date, calendar: WorkCalendar
) -> str:
    is_nil = standing.state in {SubmissionState.NIL, SubmissionState.NIL_CLAIMED}
    limit = max(due_on, standing.agreed_on or due_on)
    match light:
        case Light.GREEN:
            return "零报告" if is_nil else "已核收"
        case Light.BLUE:
            return "零报告待核" if is_nil else "已报待核"
        case Light.GREY:
            return "免报"
        case Light.PAUSED:
            return "异议核实中"
        case Light.VIOLET:
            return f"延至{_short(limit)}"
        case Light.RED:
            late = -calendar.days_left(today, limit)
            return f"超期{late}日" if late else "超期"
    asked = _asked(standing, today)
    if light is Light.YELLOW and not asked:
        left = calendar.days_left(today, limit)
        return f"未报 余{left}日" if left else "未报 今日截止"
    return asked or "未到期"


def _asked(standing: Standing, today: date) -> str:
    """Say what a department that still owes has said, or heard, last."""
    if standing.asked_on:
        return f"申请延至{_short(standing.asked_on)}"
    if standing.state is SubmissionState.RETURNED:
        return "退回待补"
    if standing.promised_on and standing.promised_on >= today:
        return f"约定{_short(standing.promised_on)}"
    return ""


def _short(day: date) -> str:
    return f"{day.month}-{day.day}"
