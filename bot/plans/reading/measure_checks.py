"""Whether a number with a unit is to be reached, or a name, a rhythm, a status."""

import re

from bot.plans.reading import measure_forms as forms
from bot.plans.reading.measure_reading import Quantity, Reading, last_before, last_of


def counts(reading: Reading, item: Quantity) -> bool:
    """Tell whether a number with a unit is a quantity to be reached."""
    if _is_status(reading, item) or _is_content(reading, item):
        return False
    if _is_rhythm(reading, item):
        return False
    if item.unit in forms.TIMES or item.unit in (
        "岁",
        "周岁",
        "分",
        "成",
        "万",
        "亿",
        "",
    ):
        return _is_bounded(reading, item)
    if item.unit[:1] in ":：∶":
        return _is_ratio(reading, item)
    if item.unit in ("%", "‰", "个百分点", "百分点"):
        return True
    return item.in_digits or _is_counted_in_chinese(reading, item)


def _is_status(reading: Reading, item: Quantity) -> bool:
    sentence = last_before(reading.sentences, item.start)
    before = reading.before(item.start, since=sentence, count=60)
    status = forms.STATUS.search(before)
    if status and not forms.AIM.search(before, status.end()):
        return True
    start = forms.FROM.search(before)
    return bool(start) and bool(forms.CHANGING.match(reading.after(item.end)))


def _is_rhythm(reading: Reading, item: Quantity) -> bool:
    """Tell whether "once" only completes a rhythm: 每两年进行一次."""
    if item.number != 1 or item.unit != "次" or item.qualifier:
        return False
    part = last_before(reading.parts, item.start)
    every = last_of(reading.every, since=max(part, item.start - 40), until=item.start)
    return every is not None and forms.LONG_RHYTHM.match(every.words) is not None


def _is_content(reading: Reading, item: Quantity) -> bool:
    before, after = reading.before(item.start, count=4), reading.after(item.end)
    if before.endswith(("含", "每")) or (
        item.unit == "条" and forms.NORM.search(before)
    ):
        return True
    if item.unit in forms.DEFINING and item.qualifier in ("以上", "以下", "及以上"):
        return forms.DEFINED.match(after) is not None
    if item.qualifier and not forms.CHANGED.search(before):
        return False
    if item.unit == "个" and forms.BODIES.match(after):
        return True
    if item.unit not in ("项", "个", "类", "条", "种", "张"):
        return False
    found = forms.PROGRAMME.match(reading.after(item.end, count=12))
    return found is not None and not _is_governed(reading, item)


def _is_governed(reading: Reading, item: Quantity) -> bool:
    part = last_before(reading.parts, item.start)
    if last_of(reading.every, since=max(part, item.start - 40), until=item.start):
        return True
    clause = last_before(reading.stops, item.start)
    return (
        forms.EACH.search(reading.before(item.start, since=clause, count=30))
        is not None
    )


def _is_bounded(reading: Reading, item: Quantity) -> bool:
    if item.unit == "年" and item.qualifier in ("内", "以内", "之内"):
        return False
    before = reading.before(item.start, count=12)
    is_length = item.unit in ("小时", "分钟") and item.number != 24
    if is_length and forms.SPENT.search(before):
        return True
    if item.unit in ("岁", "周岁"):
        return forms.REACHED.search(before) is not None
    return bool(item.qualifier)


def _is_ratio(reading: Reading, item: Quantity) -> bool:
    around = reading.before(item.start, count=8) + reading.after(item.end, count=6)
    return re.search("比|按|配", around) is not None


def _is_counted_in_chinese(reading: Reading, item: Quantity) -> bool:
    before = reading.before(item.start, count=30)
    if forms.IN_A_WORD.search(before) or _starts_with_two(reading, item):
        return False
    if item.is_bare and not item.unit.startswith(("万", "亿")):
        return bool(item.qualifier)
    if item.qualifier:
        return True
    if item.unit in forms.COUNTS and _is_governed(reading, item):
        return True
    making = forms.MAKING.search(before[-20:]) is not None
    unit = item.unit.lstrip("万亿")
    many = item.number >= 10 or item.unit != unit
    counted = unit in forms.PLAIN_COUNTS or (many and unit in forms.COUNTS | {"元"})
    return making and counted and (item.number >= 2 or many)


def _starts_with_two(reading: Reading, item: Quantity) -> bool:
    """Tell whether the numeral is a bare 二, which orders and does not count."""
    return reading.plain[item.start] == "二" and item.number == 2
