"""The table department × report: how each stands, by light and in words; pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Report, Submission
from bot.reports.calendar import WorkCalendar
from bot.reports.lights import COLOURS, Light, light_of, words_of_light

BasisOf = Callable[[Report], str]
"""Says on what ground the date of a report stands."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How one department stands with one report."""

    light: Light
    words: str


NOT_ITS = Cell(Light.GREY, f"{COLOURS[Light.GREY]}·不适用")
"""The cell of a department that does not owe a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One report; `counts` are of those who owe it."""

    title: str
    code: str
    due_on: date
    basis: str
    counts: Mapping[Light, int]

    @property
    def due_words(self) -> str:
        """Write the date in full, for a year may hold several."""
        return f"{self.due_on:%Y-%m-%d}前"

    @property
    def summary(self) -> str:
        """Say the counts in one line: 应报 31，已核收 22，待核 3，未报 6."""
        count = self.counts
        owed = sum(count.values()) - count.get(Light.GREY, 0)
        missing = sum(count.get(light, 0) for light in _MISSING)
        parts = [
            f"应报 {owed}",
            f"已核收 {count.get(Light.GREEN, 0)}",
            f"待核 {count.get(Light.BLUE, 0)}",
            f"未报 {missing}",
        ]
        for light, words in _MORE:
            if count.get(light):
                parts.append(f"{words} {count[light]}")
        return "，".join(parts)


_MISSING = (Light.WHITE, Light.YELLOW, Light.RED)
_MORE = (
    (Light.RED, "其中超期"),
    (Light.VIOLET, "延期"),
    (Light.PAUSED, "异议"),
    (Light.GREY, "免报"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One department; its cells are in the order of the columns."""

    department: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The whole table as it is on a day."""

    office: str
    today: date
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        """What stands above the table."""
        return f"{self.office}报送情况" if self.office else "报送情况"

    @property
    def dated(self) -> str:
        """Say of which day it is."""
        today = self.today
        return f"截至 {today.year}年{today.month}月{today.day}日"


def make_matrix(
    reports: Sequence[tuple[Report, Sequence[Submission]]],
    *,
    office: str,
    today: date,
    calendar: WorkCalendar,
    basis_of: BasisOf,
) -> Matrix:
    """Make the table of some reports, in their order.

    Departments come in the order of the obligors, nobody before another for having
    been quick or slow.
    """
    columns: list[Column] = []
    stands: dict[str, dict[int, Cell]] = {}
    for place, (report, some) in enumerate(reports):
        counts: Counter[Light] = Counter()
        for one in some:
            cell = _cell(one, report.due_on, today=today, calendar=calendar)
            counts[cell.light] += 1
            stands.setdefault(one.department, {})[place] = cell
        column = Column(
            title=report.title,
            code=report.code,
            due_on=report.due_on,
            basis=basis_of(report),
            counts=dict(counts),
        )
        columns.append(column)
    rows = tuple(
        Row(name, tuple(cells.get(place, NOT_ITS) for place in range(len(columns))))
        for name, cells in stands.items()
    )
    return Matrix(office=office, today=today, columns=tuple(columns), rows=rows)


def _cell(
    one: Submission, due_on: date, *, today: date, calendar: WorkCalendar
) -> Cell:
    light = light_of(one.standing, due_on, today=today, calendar=calendar)
    words = words_of_light(light, one.standing, due_on, today=today, calendar=calendar)
    return Cell(light, words)
