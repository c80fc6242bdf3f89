"""The index of an archive as people read it: one page without anything from outside."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from typing import Any

from bot.model import Plan
from handlers.submit_words import state_words

_STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;line-height:1.5}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #999;padding:.2em .5em;text-align:left}"
)
_COUNTS = {
    "plans": "方案版本",
    "tasks": "任务",
    "duties": "报送要求",
    "submissions": "报送",
    "evidence": "附件",
    "notices": "通知",
    "audit": "操作日志",
}
_CHANGES = {
    "acknowledged": "知悉",
    "promised": "约定日期",
    "claimed": "已报",
    "nil_claimed": "零报告",
    "claimed_for": "办公室代报",
    "extension_asked": "申请延期",
    "extended": "同意延期",
    "extension_refused": "不同意延期",
    "disputed": "提出异议",
    "dispute_upheld": "异议成立",
    "dispute_refused": "异议不成立",
    "accepted": "核收",
    "returned": "退回",
    "exempted": "免报",
    "resumed": "恢复报送要求",
    "undone": "撤销",
}
_OUTCOMES = {
    "sent": "送达",
    "failed": "失败",
    "unknown": "结果不明",
    "expired": "过期",
    "cancelled": "取消",
}
_LONG = 80  # characters of a notice


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """What the index is made of: `rows` are those of the files, by their names."""

    about: Mapping[str, Any]
    plans: Sequence[Plan]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    zone: tzinfo


def write_index(page: IndexPage) -> str:
    """Write the index; whatever people wrote stands in it as plain words."""
    about = page.about
    title = f"{about['office']} {about['year']} 年档案"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>起止：{about['from'][:10]} 起，{about['before'][:10]} 前。"
        "核验：bot archive --verify 本文件包。</p>",
        _table(("内容", "数量"), ((_COUNTS[k], n) for k, n in about["counts"].items())),
        "<h2>方案</h2>",
        _table(("文号", "名称", "版本", "签认人", "文件"), _plans(page)),
        "<h2>报送情况</h2>",
        _table(("事项", "截止", "各状态"), _reports(page)),
        "<h2>各单位报送</h2>",
        _table(("事项", "单位", "状态", "经过"), _submissions(page)),
        "<h2>附件</h2>",
        _table(("单位", "名称", "收到", "文件"), _evidence(page)),
        "<h2>通知</h2>",
        _table(("时间", "发布人", "内容", "应收", "投递", "签收"), _notices(page)),
        "<h2>操作日志</h2>",
        f"<p>{escape(_chain(about))}</p>",
    ]
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [_cells(heads, "th"), *(_cells(row, "td") for row in rows)]
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _cells(row: Sequence[object], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(str(one))}</{tag}>' for one in row)}</tr>"


def _plans(page: IndexPage) -> Iterable[Sequence[object]]:
    for number, one in enumerate(page.plans, start=1):
        place = f"plans/{number:03}/plan.txt"
        yield one.number, one.name, one.version, one.signed_by, place


def _reports(page: IndexPage) -> Iterable[Sequence[object]]:
    states: dict[tuple[str, str], Counter[str]] = {}
    for one in page.rows["submissions"]:
        key = one["report"]["title"], str(one["report"]["due_on"])
        states.setdefault(key, Counter())[state_words(one["state"])] += 1
    for (title, due), counted in states.items():
        told = "，".join(f"{state} {count}" for state, count in sorted(counted.items()))
        yield title, due, told


def _submissions(page: IndexPage) -> Iterable[Sequence[object]]:
    for one in page.rows["submissions"]:
        said = (_change(entry, page) for entry in one["entries"])
        state = state_words(one["state"])
        yield one["report"]["title"], one["department"], state, "；".join(said)


def _change(entry: Mapping[str, Any], page: IndexPage) -> str:
    what = _CHANGES.get(entry["what"], entry["what"])
    return f"{_moment(entry['at'], page)} {entry['by']} {what}"


def _evidence(page: IndexPage) -> Iterable[Sequence[object]]:
    for one in page.rows["evidence"]:
        place = one["path"] or one["refusal"] or "文件不在"
        yield one["department"], one["name"], _moment(one["at"], page), place


def _notices(page: IndexPage) -> Iterable[Sequence[object]]:
    for one in page.rows["notices"]:
        text = " ".join(one["body"].text.split())
        outcomes = one["deliveries"].items()
        yield (
            _moment(one["issued_at"], page),
            one["issued_by"],
            text if len(text) <= _LONG else f"{text[:_LONG]}…",
            one["audience"],
            "，".join(f"{_OUTCOMES.get(k, '未发')} {count}" for k, count in outcomes),
            one["receipts"],
        )


def _moment(at: datetime, page: IndexPage) -> str:
    return f"{at.astimezone(page.zone):%Y-%m-%d %H:%M}"


def _chain(about: Mapping[str, Any]) -> str:
    part = about["audit"]
    if not part["head"]:
        return "本年没有操作日志。"
    before = part["before"] or "无"
    return (
        f"第 {part['first']} 至 {part['last']} 条，前一条校验值 {before}，"
        f"末条校验值 {part['head']}。"
    )
