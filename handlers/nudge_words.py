"""What a nudge says: the report, by when, on what ground, and what to do."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from bot.messages import Button, Mention, Reply
from bot.model import Basis, Report, SubmissionState
from bot.reports.submissions import CLAIMED

_DAYS = "一二三四五六日"
_LISTED = 3  # reports that one nudge names; with head and foot it has five lines
_MARKS = "①②③④⑤"  # of those who are called; a department has no more liaisons
_TASKS = Button("查看本单位任务", "我们负责哪些任务")
_HANDED_IN = CLAIMED | {SubmissionState.ACCEPTED, SubmissionState.NIL}
_DOES_NOT_OWE = {SubmissionState.EXEMPT}


class Item(NamedTuple):
    """A report that is nudged about: *left* working days before *target*.

    *target* is the due date, or the later one that the office has agreed to. *step* is
    that of the ladder if it is another than *left*: it was missed and is made up for.
    """

    report_id: int
    left: int
    target: date
    is_promise: bool = False
    step: int | None = None

    @property
    def rung(self) -> int:
        """The step of the ladder for which it is nudged about."""
        return self.left if self.step is None else self.step


def day_words(day: date) -> str:
    """Write a day as 12月30日（周三）."""
    return f"{day.month}月{day.day}日（周{_DAYS[day.weekday()]}）"


def basis_words(report: Report) -> str:
    """Say on what ground a date stands."""
    duty = report.duty
    clause = f"{duty.number} {duty.clause}".strip()
    if duty.basis is Basis.OFFICE:
        return f"办公室通知 {clause}".strip()
    return clause


def nudge(items: Sequence[Item], reports: Mapping[int, Report]) -> Reply:
    """Write a nudge about one report, or a digest of several, most urgent first."""
    if len(items) > 1:
        return _digest(items, reports)
    (item,) = items
    report = reports[item.report_id]
    text = f"{_beginning(item, report)}\n依据：{basis_words(report)}。\n"
    return Reply(
        f"{text}已报送请点“已报送”，或直接回复“已报”。编号 {report.code}",
        buttons(report.code),
        unheard=f"{text}已报送请私聊回复“已报 {report.code}”。",
    )


def calling(
    reply: Reply, addresses: Sequence[str], *, are_told_apart: bool = True
) -> Reply:
    """Call the people of *addresses* in a group; none of them is named there.

    They are told apart by marks, but not where nobody would be seen behind these.
    """
    names = [f"联络员{mark}" for mark, _ in zip(_MARKS, addresses, strict=False)]
    if len(names) == 1 or not are_told_apart:
        names = ["联络员"] * len(names)
    called = (Mention(*one) for one in zip(names, addresses, strict=False))
    asks = f"\n请{'、'.join(dict.fromkeys(names))}办理。"
    return replace(
        reply,
        text=reply.text + asks,
        unheard=reply.unheard and reply.unheard + asks,
        mentions=tuple(called),
    )


def buttons(code: str) -> tuple[Button, ...]:
    """Offer all that may be answered to a nudge about one report."""
    return (
        Button("已报送", f"已报 {code}"),
        Button("约定日期", f"约定日期 {code}"),
        Button("申请延期", f"申请延期 {code}"),
        Button("本期无事项", f"本期无事项 {code}"),
        _TASKS,
    )


def _beginning(item: Item, report: Report) -> str:
    title, when = report.title, day_words(item.target)
    if item.target > report.due_on:
        when = f"{when}（文件时限{_short(report.due_on)}，办公室已同意延期）"
    if item.is_promise:
        return f"提示：贵单位约定今天报送{title}，时限为{when}。"
    if item.left > 0:
        return f"提示：请于{when}前报送{title}，尚余 {item.left} 个工作日。"
    if item.left == 0:
        return f"提示：今天是{title}报送的最后一个工作日，时限为{when}。"
    return (
        f"提示：{title}时限为{when}，已超过 {-item.left} 个工作日。"
        "需要时间的可申请延期，没有开展的可按零报告报送。"
    )


def to_head(department: str, report: Report, *, target: date, late: int) -> str:
    """Draft what the head of a department is told, *late* working days after."""
    return (
        f"{department}负责同志：根据{basis_words(report)}，{report.title}应于"
        f"{day_words(target)}前报送，贵单位尚未报送，已超过 {late} 个工作日，"
        "请关注并安排报送。"
    )


def _digest(items: Sequence[Item], reports: Mapping[int, Report]) -> Reply:
    lines = [f"提示：贵单位有 {len(items)} 项待报送，最急的在前。"]
    chosen = []
    for number, item in enumerate(items[:_LISTED], start=1):
        report = reports[item.report_id]
        lines.append(
            f"{number}. {report.title}：{_short(item.target)}，{left_words(item.left)}"
            f"（{basis_words(report)}）{report.code}"
        )
        chosen.append(Button(f"已报 {report.code}", f"已报 {report.code}"))
    code = reports[items[0].report_id].code
    text, unheard = (
        "\n".join([*lines, _digest_foot(len(items) - _LISTED, code, reply=reply)])
        for reply in ("回复", "私聊回复")
    )
    return Reply(text, (*chosen, _TASKS), unheard=unheard)


def _digest_foot(rest: int, code: str, *, reply: str) -> str:
    more = f"另有 {rest} 项，{reply}“待报”看全部。" if rest > 0 else ""
    return f"{more}报送后请{reply}“已报”和编号，如“已报 {code}”。"


def left_words(left: int) -> str:
    """Say how many working days are left, or have passed."""
    if left == 0:
        return "今天截止"
    return f"余 {left} 个工作日" if left > 0 else f"超期 {-left} 个工作日"


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def group_post(
    items: Sequence[Item],
    reports: Mapping[int, Report],
    counts: Mapping[int, Mapping[SubmissionState, int]],
) -> Reply:
    """Write what all departments may hear: date, ground and how many have reported."""
    lines = []
    for item in items[:_LISTED]:
        report = reports[item.report_id]
        done, of = progress(counts[item.report_id])
        lines.append(
            f"{report.title}：{day_words(item.target)}前报送，{left_words(item.left)}，"
            f"已报 {done}/{of}。依据：{basis_words(report)}。"
        )
    if len(items) > _LISTED:
        lines.append(f"另有 {len(items) - _LISTED} 项。")
    text = "\n".join([*lines, "请未报送的单位按时报送，联络员可"])
    return Reply(f"{text}回复本条或私聊我“已报”。", unheard=f"{text}私聊回复“已报”。")


def progress(counts: Mapping[SubmissionState, int]) -> tuple[int, int]:
    """Count the departments that have reported, and those that owe it."""
    of = sum(n for state, n in counts.items() if state not in _DOES_NOT_OWE)
    return sum(n for state, n in counts.items() if state in _HANDED_IN), of
