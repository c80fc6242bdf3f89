"""Tables department × report, as the tests want them."""

from collections.abc import Sequence
from datetime import date

from bot.model import Basis, Report, ReportDuty, Standing, Submission, SubmissionState
from bot.reports.calendar import WorkCalendar
from bot.reports.matrix import Matrix, make_matrix

TODAY = date(2026, 12, 24)
STATE = SubmissionState


def report(number: int, title: str = "2026年全年落实情况") -> Report:
    duty = ReportDuty(
        basis=Basis.DOCUMENT, number="澄政字〔2026〕18号", clause="四（三）"
    )
    return Report(id=number, due_on=date(2026, 12, 30), title=title, duty=duty)


def standing(department: str, state: SubmissionState = STATE.OPEN) -> Submission:
    return Submission(
        department=department, state=state, standing=Standing(state=state)
    )


def matrix(*reports: tuple[Report, Sequence[Submission]]) -> Matrix:
    return make_matrix(
        reports,
        office="澄江县科协",
        today=TODAY,
        calendar=WorkCalendar(),
        basis_of=lambda one: f"{one.duty.number} {one.duty.clause}",
    )


def matrix_of_names(*names: str, reports: int = 1) -> Matrix:
    rows = [standing(name) for name in names]
    return matrix(*((report(number), rows) for number in range(1, reports + 1)))
