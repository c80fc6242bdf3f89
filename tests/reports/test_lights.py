"""A light says how urgent a submission is, and never without its words."""

from datetime import date
from typing import Any

import pytest

from bot.model import Standing, SubmissionState
from bot.reports.calendar import WorkCalendar
from bot.reports.lights import COLOURS, LEGEND, Light, light_of, words_of_light

DUE_ON = date(2026, 12, 30)
CALENDAR = WorkCalendar()
STATE = SubmissionState


@pytest.mark.parametrize(
    ("today", "standing", "words"),
    [
        ("2026-12-01", {}, "白·未到期"),
        ("2026-12-22", {}, "白·未到期"),
        ("2026-12-23", {}, "黄·未报 余5日"),
        ("2026-12-30", {}, "黄·未报 今日截止"),
        ("2026-12-31", {}, "红·超期1日"),
        ("2027-01-04", {"state": STATE.RETURNED}, "红·超期2日"),
        ("2026-12-24", {"state": STATE.RETURNED}, "黄·退回待补"),
        (
            "2026-12-24",
            {"state": STATE.PROMISED, "promised_on": date(2026, 12, 28)},
            "黄·约定12-28",
        ),
        (
            "2026-12-29",
            {"state": STATE.PROMISED, "promised_on": date(2026, 12, 28)},
            "黄·未报 余1日",
        ),
        ("2026-12-24", {"asked_on": date(2027, 1, 5)}, "黄·申请延至1-5"),
        (
            "2026-12-31",
            {"state": STATE.EXTENDED, "agreed_on": date(2027, 1, 5)},
            "紫·延至1-5",
        ),
        (
            "2027-01-06",
            {"state": STATE.EXTENDED, "agreed_on": date(2027, 1, 5)},
            "红·超期1日",
        ),
        ("2027-01-06", {"state": STATE.CLAIMED}, "蓝·已报待核"),
        ("2026-12-01", {"state": STATE.NIL_CLAIMED}, "蓝·零报告待核"),
        ("2027-03-01", {"state": STATE.ACCEPTED}, "绿·已核收"),
        ("2027-03-01", {"state": STATE.NIL}, "绿·零报告"),
        ("2027-03-01", {"state": STATE.EXEMPT}, "灰·免报"),
        ("2027-03-01", {"state": STATE.DISPUTED}, "灰·异议核实中"),
    ],
)
def test_a_light_says_what_it_means(
    today: str, standing: dict[str, Any], words: str
) -> None:
    day, stands = date.fromisoformat(today), Standing(**standing)

    light = light_of(stands, DUE_ON, today=day, calendar=CALENDAR)

    said = words_of_light(light, stands, DUE_ON, today=day, calendar=CALENDAR)
    assert said == words


def test_every_light_has_a_colour_that_the_legend_explains() -> None:
    assert set(COLOURS) == set(Light)
    assert {words[0] for _, words in LEGEND} == set(COLOURS.values())
