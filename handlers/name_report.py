"""Which reports somebody of the office means: by a code, a name, or a period."""

import re
from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.chinese import fold
from bot.errors import NotFound
from bot.model import Report
from bot.reports import due
from bot.reports.submissions import UNSETTLED
from handlers.act import Doing
from handlers.which_report import CODE, codes_in

_PAST = timedelta(days=120)  # so long a report is still looked for by its name
PERIODS = ("上半年", "下半年", "半年", "全年", "年度", "季度")
_PLAIN = re.compile(  # what tells no report from another
    "(?:20)?[0-9]{2}年度?|[0-9]{1,2}月份?|[上下]半年度?|半年度?|全年度?|年度|季度|月度"
    "|年[终底中]|工作|落实|情况|进展|进度|完成|开展|总结|小结|报告|汇报|报表|年报|季报|月报"
    "|报送|材料|事项|单位|部门|名单|清单|全部|所有|辛苦|谢谢|麻烦|一下|我们|[这那上一][次项个份]"
    "|[\\W_]|[的了吧呢吗啊请和与及把给]"
)
_YEAR = re.compile("^(?:20)?[0-9]{2}年度?")
_LISTED = 4


async def reports_at_hand(
    doing: Doing,
    about: str,
    *,
    departments: Collection[str] = (),
    also_settled: bool = False,
) -> list[Report]:
    """List the reports that somebody of the office may mean, next due first.

    Those whose code or name is said; else those that a word such as 全年 tells apart,
    of all that are not settled, or *also_settled*. *departments* are words that name
    none. Raises NotFound, with what there is, if one is named that there is not.
    """
    if ids := codes_in(about):
        known = await due.reports_by_id(doing.session, ids)
        if not known:
            raise await _unknown(doing, f"#R{ids[0]}")
        return list(known.values())
    every, pending = await _lately(doing)
    if said := _titled(pending, about) or _titled(every, about):
        return said
    words = _name_in(doing, about, departments)
    if words:
        named = _named(pending, words) or _named(every, words)
        if every and not named:
            raise await _unknown(doing, "".join(words))
        return _of_period(named, about)
    return _of_period(every if also_settled else pending, about)


async def _lately(doing: Doing) -> tuple[list[Report], list[Report]]:
    """List the reports of these months, and those of them that are not settled."""
    today = doing.at.date()
    every = await due.reports_between(
        doing.session, first=today - _PAST, last=today + _PAST
    )
    counts = await due.counts(doing.session, [report.id for report in every])
    pending = [one for one in every if UNSETTLED & counts[one.id].keys()]
    return list(every), pending


def _name_in(doing: Doing, about: str, departments: Collection[str]) -> list[str]:
    """Return the words that name a report: neither a department nor a period."""
    words = fold(CODE.sub(" ", about))
    for name in (*map(fold, departments), *doing.departments.names(words)):
        words = words.replace(name, " ")
    return [one for one in _PLAIN.sub(" ", words).split() if len(one) > 1]


def _titled(reports: Sequence[Report], about: str) -> list[Report]:
    """Keep the reports whose title is said, with its year or without."""
    said = fold(about)
    return [one for one in reports if _YEAR.sub("", fold(one.title)) in said]


def _named(reports: Sequence[Report], words: Sequence[str]) -> list[Report]:
    """Keep the reports whose title has all of the words."""
    return [one for one in reports if all(word in fold(one.title) for word in words)]


def _of_period(reports: Sequence[Report], about: str) -> list[Report]:
    """Keep those of the period that is named; all if it tells nothing apart."""
    for period in PERIODS:
        if period in about:
            return [one for one in reports if period in one.title] or list(reports)
    return list(reports)


async def _unknown(doing: Doing, name: str) -> NotFound:
    """Say which reports there are instead of the one that is named."""
    _, pending = await _lately(doing)
    titles = "、".join(f"{one.title}{one.code}" for one in pending[:_LISTED])
    there = (
        f"进行中的有：{titles}。请写名称或编号再说一遍。"
        if titles
        else "目前没有进行中的报送事项。"
    )
    return NotFound("no such report", reply=f"没有查到“{name[:20]}”这项报送。{there}")
