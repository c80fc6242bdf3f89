"""The words in which a department is asked and answered about one report."""

from datetime import date

import pytest

from bot.model import Report, Standing, Submission, SubmissionState
from bot.reports.calendar import WorkCalendar
from handlers.submit_words import ask_day


def owed_by(due_on: date) -> Submission:
    standing = Standing(state=SubmissionState.OPEN)
    report = Report(id=1, title="半年总结", due_on=due_on)
    return Submission(department="县科协", report=report, standing=standing)


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 9, 14), ["明天 9-15", "本周五 9-18", "下周一 9-21"]),
        (date(2026, 9, 18), ["下周一 9-21", "周日 9-20"]),  # a Sunday of work
        (date(2026, 9, 19), ["明天 9-20", "下周一 9-21"]),
        (date(2026, 9, 30), ["节后首日 10-8"]),
    ],
)
def test_days_of_work_are_offered_by_their_names(today: date, days: list[str]) -> None:
    owed = owed_by(date(2026, 10, 31))

    asked = ask_day(owed, today=today, calendar=WorkCalendar())

    assert [one.label for one in asked.buttons] == [*days, "截止当日 10-31"]
