"""The working days of the office: with 调休 where known, and honest where not."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

NOTICE_MONTH = 11
"""In this month the State Council says which days of the next year are worked."""

NEAR_A_HOLIDAY = timedelta(days=9)
"""So far from a holiday a shifted working day or a longer one may still lie."""

_SATURDAY = 5
_IN_EVERY_NOTICE = ((1, 1), (5, 1), (10, 1))


class Certainty(StrEnum):
    """How we know whether a day is worked."""

    OFFICE = "office"  # the office entered it
    KNOWN = "known"  # chinesecalendar has the notice of the State Council
    PROVISIONAL = "provisional"  # statutory days off, no shifted working days yet
    UNKNOWN = "unknown"  # Monday to Friday


@dataclass(frozen=True, slots=True)
class _Known:
    """What libraries tell of a year: weekdays off, and days of a weekend worked."""

    certainty: Certainty
    off: frozenset[date] = frozenset()
    shifted: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class _Year:
    """A year as the office works it; `working` are its working days, rising."""

    certainty: Certainty
    working: tuple[date, ...]


@lru_cache
def _known(year: int) -> _Known:
    return _from_notices(year) or _from_the_law(year) or _Known(Certainty.UNKNOWN)


def _from_notices(year: int) -> _Known | None:
    """Take a year from chinesecalendar, which raises for one that it does not know."""
    from chinese_calendar import holidays, workdays

    if not any(day.year == year for day in holidays):
        return None
    return _Known(
        Certainty.KNOWN,
        frozenset(day for day in holidays if day.year == year),
        frozenset(day for day in workdays if day.year == year),
    )


def _from_the_law(year: int) -> _Known | None:
    """Reckon the statutory days off of a year, by the moon where the law says so."""
    from holidays import country_holidays

    law = country_holidays("CN", years=year)
    off = frozenset(day for day in law if day.year == year)
    shifted = frozenset(day for day in law.weekend_workdays if day.year == year)
    return _Known(Certainty.PROVISIONAL, off, shifted) if off else None


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """Tells working days; the office's own table `days` goes before all libraries.

    A day of the table is worked (True) or free. Where the table frees 1 January, 1 May
    and 1 October of a year, its notice has been entered: what the libraries only
    suppose of that year counts no more.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False)

    def is_working(self, day: date) -> bool:
        """Tell whether the office works on a day; shifted Saturdays count."""
        own = self.days.get(day)
        return self._is_worked_by_rule(day) if own is None else own

    def certainty(self, day: date) -> Certainty:
        """Tell how far the answer of `is_working` can be relied on."""
        return Certainty.OFFICE if day in self.days else self.certainty_of(day.year)

    def certainty_of(self, year: int) -> Certainty:
        """Tell how well a year is known, but for single days of the office's table."""
        known = _known(year).certainty
        return Certainty.OFFICE if self._is_entered(year) else known

    def back(self, day: date, count: int) -> date:
        """Return the working day that lies *count* working days before *day*.

        With count 0 that is the day itself, or the working day before a rest day. From
        a rest day the count begins there too: one before a Saturday is Thursday.
        """
        year = day.year
        place = bisect_right(self._year(year).working, day) - 1 - count
        while place < 0:
            year -= 1
            place += len(self._year(year).working)
        return self._year(year).working[place]

    def on(self, day: date, count: int) -> date:
        """Return the *count*-th working day after *day*.

        With count 0 that is the day itself, or the working day after a rest day: for a
        rest day counts 0 and 1 are the same.
        """
        year = day.year
        find = bisect_right if count else bisect_left
        place = find(self._year(year).working, day) + max(count - 1, 0)
        while place >= len(self._year(year).working):
            place -= len(self._year(year).working)
            year += 1
        return self._year(year).working[place]

    def days_left(self, today: date, due_on: date) -> int:
        """Count the working days after *today* up to and including *due_on*.

        It is 0 on the due date, and on the working day before one that is a rest day;
        negative when it is past: the working days since.
        """
        if due_on < today:
            return -self.days_left(due_on, today)
        whole = sum(len(self._year(y).working) for y in range(today.year, due_on.year))
        before = bisect_right(self._year(today.year).working, today)
        return whole - before + bisect_right(self._year(due_on.year).working, due_on)

    def missing_years(self, today: date) -> list[int]:
        """List the years whose notice is not in: this one, from November the next."""
        years = [today.year]
        if today.month >= NOTICE_MONTH:
            years.append(today.year + 1)
        known = (Certainty.OFFICE, Certainty.KNOWN)
        return [year for year in years if self.certainty_of(year) not in known]

    def warnings(self, today: date) -> list[str]:
        """Say for the banner which years the office should enter, none if all are."""
        return [
            f"{year}年节假日安排未录入，暂按周一至周五推算。"
            if self.certainty_of(year) is Certainty.UNKNOWN
            else f"{year}年放假调休安排未录入，暂按法定节假日推算，未计调休。"
            for year in self.missing_years(today)
        ]

    def to_confirm(self, due_dates: Iterable[date]) -> list[date]:
        """List the due dates that a notice still to come may set among rest days.

        They lie within nine days of a holiday that is only supposed, or in a year of
        which nothing is known. Rising, without repeats.
        """
        return sorted({day for day in due_dates if self._is_doubtful(day)})

    def _is_doubtful(self, day: date) -> bool:
        near = range(-NEAR_A_HOLIDAY.days, NEAR_A_HOLIDAY.days + 1)
        return self.certainty(day) is Certainty.UNKNOWN or any(
            self._is_supposed_holiday(day + timedelta(days=away)) for away in near
        )

    def _is_supposed_holiday(self, day: date) -> bool:
        return (
            self.certainty(day) is Certainty.PROVISIONAL and day in _known(day.year).off
        )

    def _is_entered(self, year: int) -> bool:
        days = (date(year, month, day) for month, day in _IN_EVERY_NOTICE)
        return all(self.days.get(day) is False for day in days)

    def _is_worked_by_rule(self, day: date) -> bool:
        known = _known(day.year)
        is_weekday = day.weekday() < _SATURDAY
        if known.certainty is not Certainty.KNOWN and self._is_entered(day.year):
            return is_weekday
        return day in known.shifted or (is_weekday and day not in known.off)

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            days = filter(self.is_working, _days_of(number))
            year = _Year(self.certainty_of(number), tuple(days))
            self._years[number] = year
        return year


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1).toordinal()
    return map(date.fromordinal, range(first, date(year, 12, 31).toordinal() + 1))
