"""What a person should look at in a draft: lost numbers, misread characters, gaps."""

import re
from collections.abc import Iterator, Sequence

from bot.facts import Doubt, DoubtKind, PlanDraft
from bot.plans.reading.marks import Kind, han_numeral
from bot.plans.reading.outline import Node

_SUSPECT = (
    (
        re.compile(r"[}{|\\]\d?[.．]?[/\d]{0,2}[.．]?|\d[}{|\\]"),
        "数字或百分号可能识别有误",
    ),
    (
        re.compile(r"\d[OoＯ][\d%％]?|(?<![A-Za-z])[OoＯ][.．]?\d"),
        "字母 O 可能应为数字 0",
    ),
    (
        re.compile(r"[一二三四五六七八九〇][OoＯ]|[OoＯ][一二三四五六七八九〇]"),
        "字母 O 可能应为〇",
    ),
    (
        re.compile(
            r"(?:率|比例|比重|覆盖面|满意度|占比)[^，。；]{0,12}?"
            r"(?<![\d.])(?:[1-9]\d?00|10000)(?![\d.%％年元万人个家])"
        ),
        "百分号可能被识别成 00",
    ),
    (re.compile(r"[“][^“”\"\n]{0,60}\"|\"[^“”\"\n]{0,60}[”]"), "引号前后不一致"),
    (re.compile(r"杭旱|己经|末来|扶贪|人囗|曰前"), "可能有错别字"),
    (re.compile("\ufffd|□{2,}"), "有无法识别的字符"),
)
_AROUND = 6


def suspect_characters(text: str, *, where: str) -> Iterator[Doubt]:
    """Find what a machine that reads print often gets wrong."""
    for pattern, reason in _SUSPECT:
        for found in pattern.finditer(text):
            start, end = max(0, found.start() - _AROUND), found.end() + _AROUND
            around = re.sub(r"\s+", "", text[start:end])
            yield Doubt(
                kind=DoubtKind.SUSPECT_CHARACTER,
                where=where,
                about=re.sub(r"\s+", "", found[0]),
                advice=f"“…{around}…”处{reason}，请对照原文。",
            )


def missing_numbers(root: Node, *, ids: dict[int, str]) -> Iterator[Doubt]:
    """Find numbers that the document skips; it may run on through chapters.

    *ids* gives the clause of each node, by its `id()`, that counts as heading or task.
    """
    last: dict[Kind, int] = {}
    for node in root.walk():
        if id(node) not in ids:
            continue
        last.update(dict.fromkeys((Kind.ARABIC_PAREN, Kind.CIRCLED), 0))
        before = 0
        for child in node.children:
            mark = child.mark
            if mark is None or child.by_us or mark.label or id(child) not in ids:
                continue
            if mark.kind in (Kind.DASH, Kind.BOLD, Kind.CIRCLED):
                continue
            expected = before or last.get(mark.kind, 0)
            if before or mark.number != 1:
                yield from _gap(expected, mark.number, ids[id(child)], mark.kind)
            before = last[mark.kind] = mark.number


def _gap(before: int, number: int, where: str, kind: Kind) -> Iterator[Doubt]:
    if before < number <= before + 1 or number > before + 20:
        return
    if number <= before:
        lost, advice = str(number), "编号重复或次序颠倒，已按原文保留，请核对。"
    else:
        names = [_shown(n, kind) for n in range(before + 1, number)]
        lost = "、".join(names)
        advice = f"“{where}”之前缺少编号 {lost}，已按原文保留编号，请核对是否漏项。"
    yield Doubt(kind=DoubtKind.MISSING_NUMBER, where=where, about=lost, advice=advice)


def _shown(number: int, kind: Kind) -> str:
    return han_numeral(number) if kind <= Kind.HAN_PAREN else str(number)


def plan_doubts(draft: PlanDraft) -> Iterator[Doubt]:
    """Find what the head lacks, assumed years, and a document without tasks."""
    head = (
        ("文号", draft.number),
        ("标题", draft.plan_title),
        ("印发单位", draft.issuer),
        ("印发日期", draft.issue_date),
    )
    for name, value in head:
        if not value:
            yield Doubt(
                kind=DoubtKind.MISSING_HEAD,
                where="",
                about=name,
                advice=f"文件中没有读到{name}，请人工填写。",
            )
    for task in draft.tasks:
        for due in task.due:
            if due.assumed:
                yield Doubt(
                    kind=DoubtKind.ASSUMED_YEAR,
                    where=task.id,
                    about=due.text,
                    advice=f"“{due.text}”没有写年份，暂按文件年份理解，请确认。",
                )
    if not draft.tasks:
        yield Doubt(
            kind=DoubtKind.NO_TASKS,
            where="",
            about="",
            advice="没有从文件中读出任务，请确认文件内容或格式。",
        )


def unique_doubts(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """Keep each doubt once, in order; an unknown name only where it comes first."""
    seen: set[tuple[str, str, str]] = set()
    kept = []
    for doubt in doubts:
        unknown = doubt.kind is DoubtKind.UNKNOWN_DEPARTMENT
        key = (doubt.kind, "" if unknown else doubt.where, doubt.about)
        if key not in seen:
            seen.add(key)
            kept.append(doubt)
    return tuple(kept)
