"""Times that name no day: 元旦过后, 过了国庆, 下周, 下月初."""

import re
from datetime import date, timedelta

from bot.reports.replies.day_numbers import monday_of, month_after
from bot.reports.replies.days import FEAST, FEASTS, Today, holiday_after
from bot.reports.replies.feasts import TERMS

AFTER_A_FEAST = (
    rf"(?:过完|过了)(?:{'|'.join(FEASTS)})(?:节|假期|长假|假)?(?:之?后|以后)?"
    rf"|(?:过完|过了)?(?:{'|'.join(TERMS)})(?:节气?)?(?:之?后|以后|过后|过完)"
    rf"|{FEAST}(?:节|假期|长假|放假|假)?(?:过?之?后|过完|以后|放完假|回来|上来|上班)"
)
"""A time without a day: 元旦过后, 过了国庆."""

_VAGUE_FEAST = re.compile(rf"(?:过完|过了)?(?P<feast>{'|'.join((*FEASTS, *TERMS))})")


_THIRD = re.compile("月([上中下])旬")
_FIRST_OF = {"上": 1, "中": 11, "下": 21}


def vague_start(written: str, today: Today) -> date | None:
    """Return the first day of a time without a day: 下周, 下月初, 元旦后."""
    if written.startswith(("下周", "下星期", "下礼拜", "下个星期", "下个礼拜")):
        return monday_of(today.day) + timedelta(days=7)
    if written.startswith(("这", "本")) and written.endswith(("周", "星期", "礼拜")):
        return today.day
    third = _THIRD.search(written)
    if third:
        ahead = 1 if written.startswith("下") else 0
        return date(*month_after(today.day, ahead), _FIRST_OF[third[1]])
    if written.startswith(("下月", "下个月")):
        return date(*month_after(today.day, 1), 1)
    found = _VAGUE_FEAST.match(written)
    feast = holiday_after(found["feast"], today, timedelta()) if found else None
    return feast and feast + timedelta(days=1)
