"""The period for which a plan is made, or in which it is in force."""

import re
from datetime import date, timedelta

from bot.facts import Validity
from bot.plans.reading.days import add_months
from bot.plans.reading.letterhead import DATE, day_of
from bot.plans.reading.numerals import CHINESE, read_number

_COUNT = rf"(?:\d{{1,3}}|[{CHINESE}]{{1,3}})"
_SPAN = re.compile(
    r"((?:19|20)\d\d)\s*年?\s*[-—–－─~～至到]{1,2}\s*((?:19|20)\d\d)\s*年?"
)
_FIVE = re.compile(r"[“\"]?十([一二三四五六七])五[”\"]?")
_SINGLE = re.compile(r"((?:19|20)\d\d)\s*年(?:度)?")
_PERIOD = r"(?:有效期|执行期|实施期|试行期)限?"
_SAID = re.compile(
    rf"(?:自[^，。；]{{2,24}}起[^，。；]{{0,12}}(?:施行|实施|执行|试行|生效)[，,、]?\s*)?"
    rf"{_PERIOD}[^，。；）)]{{1,40}}"
)
_START = re.compile(
    rf"(?:(?:印发|发布|公布|下发|发文)之日|(?P<day>{DATE.pattern}))起"
    rf"(?:(?:满|的)?(?P<late>{_COUNT})[日天](?:之?后|起)?)?"
)
_LENGTH = re.compile(
    rf"{_PERIOD}\s*(?:暂定|暂|为|是|[：:])*\s*(?P<n>{_COUNT})\s*个?(?P<unit>年|月)"
)


def find_validity(
    *, title: str, text: str, issued: date | None = None
) -> Validity | None:
    """Read the period that the plan is made for.

    A period of validity in the *text* wins, then years in the *title*, then a
    five-year plan in the *title*, then a single year in it. A period without a day
    on which it begins counts from *issued*; its last day is the one before the day
    of the same number.
    """
    for said in _SAID.finditer(text):
        if found := _in_force(said[0], issued):
            return found
    if span := _SPAN.search(title):
        return _years(int(span[1]), int(span[2]), span[0])
    if five := _FIVE.search(title):
        start = 2006 + 5 * "一二三四五六七".index(five[1])
        return _years(start, start + 4, five[0])
    if single := _SINGLE.search(title):
        return _years(int(single[1]), int(single[1]), single[0])
    return None


def _in_force(said: str, issued: date | None) -> Validity | None:
    """Read a sentence such as 自2024年4月1日起施行，有效期5年."""
    start = _start(said, issued)
    period = said[said.find("期") :]
    days = [day_of(found) for found in DATE.finditer(period)]
    if days:
        first = days[0] if len(days) > 1 else start
        return Validity(first=first, last=days[-1], text=said) if days[-1] else None
    if length := _LENGTH.search(said):
        return _for_a_time(length, start or issued, said)
    if span := _SPAN.search(said):
        return _years(int(span[1]), int(span[2]), said)
    return None


def _start(said: str, issued: date | None) -> date | None:
    found = _START.search(said)
    if found is None:
        return None
    written = DATE.search(found["day"] or "")
    first = day_of(written) if written else issued
    late = int(read_number(found["late"] or "") or 0)
    return first + timedelta(days=late) if first else None


def _for_a_time(
    length: re.Match[str], first: date | None, said: str
) -> Validity | None:
    months = int(read_number(length["n"]) or 0) * (12 if length["unit"] == "年" else 1)
    following = add_months(first, months) if first and months else None
    if following is None:
        return None
    return Validity(first=first, last=following - timedelta(days=1), text=said)


def _years(first: int, last: int, text: str) -> Validity | None:
    if last < first:
        return None
    return Validity(first=date(first, 1, 1), last=date(last, 12, 31), text=text)
