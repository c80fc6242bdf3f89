"""The office reads the queue of feedback, and settles it, in a direct chat."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot import audit, feedback
from bot.guard import inert
from bot.messages import Button, Reply
from bot.model import AuditEntry, Feedback, Role
from handlers.act import Act, Doing
from handlers.rate import about_of
from handlers.rights import Group
from handlers.settle_feedback import (
    KINDS,
    STATES,
    Settling,
    add_line,
    dismiss,
    make_golden,
)

_PAGE = 4  # rows: an answer has six lines at most
_LINE = 24  # characters of a question in the list
_LONG = 120  # characters of reasons that are shown
_ASKERS = 3
_LIST = re.compile(
    r"(?:查看|看)?反馈(?:队列|列表|清单)?\s*(?:第\s*(?P<page>\d{1,3})\s*页)?"
)
_SHOW = re.compile(r"(?:查看|看)?反馈\s*(?:第\s*)?(?P<number>\d{1,9})\s*(?:号|条)?")
_NEAR = re.compile(
    r"近义\s*(?:(?P<number>\d{1,9})\s+)?(?P<line>[^=＝]*[=＝].*)", re.DOTALL
)
_GOLDEN = re.compile(
    r"(?P<no_more>取消|删除|去掉)?金题\s*(?P<number>\d{1,9})(?:[\s:：]+(?P<clauses>.+))?",
    re.DOTALL,
)
_DISMISS = re.compile(r"不处理\s*(?:反馈\s*)?(?P<number>\d{1,9})")
_HOW = "回复“反馈 编号”看详情。"
_NONE = "没有待处理的反馈。"


def _said(doing: Doing, pattern: re.Pattern[str]) -> re.Match[str] | None:
    return pattern.fullmatch(doing.words.strip().rstrip("。"))


def _fits(doing: Doing) -> bool:
    return any(_said(doing, one) for one in (_LIST, _SHOW, _NEAR, _GOLDEN, _DISMISS))


async def _read(doing: Doing) -> Reply:
    if said := _said(doing, _SHOW):
        return await _show(doing, int(said["number"]))
    if said := _said(doing, _LIST):
        return await _page(doing, int(said["page"] or 1))
    settling = settling_of(doing)
    if said := _said(doing, _NEAR):
        number = int(said["number"] or 0)
        return Reply(await add_line(settling, said["line"], number=number))
    if said := _said(doing, _GOLDEN):
        clauses = said["no_more"] or said["clauses"] or ""
        return Reply(await make_golden(settling, int(said["number"]), clauses))
    said = _said(doing, _DISMISS)
    assert said, "one of the five fits"
    return Reply(await dismiss(settling, int(said["number"])))


def settling_of(doing: Doing) -> Settling:
    """Settle in the name of who speaks."""
    assert doing.person, "the role is that of a person"
    return Settling(
        session=doing.session,
        by=doing.person.name,
        at=doing.at,
        plans=doing.plans,
        departments=doing.departments,
    )


async def _page(doing: Doing, page: int) -> Reply:
    """List a page of the queue, the most frequent first."""
    total = await feedback.count_open(doing.session)
    pages = -(-total // _PAGE)
    page = min(max(page, 1), max(pages, 1))
    rows = await feedback.open_feedback(
        doing.session, skip=(page - 1) * _PAGE, limit=_PAGE
    )
    if not rows:
        return Reply(_NONE)
    where = f"，第 {page}/{pages} 页" if pages > 1 else ""
    lines = [f"待处理反馈 {total} 条{where}：", *map(line_of, rows), _HOW]
    buttons = [Button("上一页", f"反馈 第{page - 1}页")] if page > 1 else []
    buttons += [Button("下一页", f"反馈 第{page + 1}页")] if page < pages else []
    return Reply("\n".join(lines), tuple(buttons), instead_of=doing.incoming.about)


def line_of(row: Feedback) -> str:
    """Tell a row in a line: 3. 有误 ×4 防骗谁负责〔二（一）4〕."""
    question = inert(" ".join(row.question.split()))
    if len(question) > _LINE:
        question = f"{question[: _LINE - 1]}…"
    quoted = f"〔{'、'.join(row.clauses[:2])}〕" if row.clauses else ""
    asks = "（转办公室）" if "转办公室" in row.words else ""
    return f"{row.id}. {KINDS[row.kind]} ×{row.times} {question}{quoted}{asks}"


async def _show(doing: Doing, number: int) -> Reply:
    row = await settling_of(doing).row(number)
    known = await audit.entries(doing.session, about=about_of(number), limit=_ASKERS)
    zone = doing.at.tzinfo
    days = dict.fromkeys((_day(row.first_at, zone), _day(row.last_at, zone)))
    lines = [
        f"第 {row.id} 号 {KINDS[row.kind]}，共 {row.times} 次（{'至'.join(days)}），"
        f"{STATES[row.state]}。",
        f"问：{inert(' '.join(row.question.split()))}",
    ]
    if row.clauses:
        lines.append(f"答：{row.plan_key} {'、'.join(row.clauses)}")
    if words := " / ".join(row.words.split("\n")):
        lines.append(f"说明：{inert(words[:_LONG])}")
    if known:
        lines.append(f"来自：{_askers(known)}")
    lines.append(
        f"处理：“近义 {number} 说法=文件用语”“金题 {number} 条款”“不处理 {number}”。"
    )
    return Reply("\n".join(lines), (Button("不处理", f"不处理 {number}"),))


def _day(moment: datetime, zone: tzinfo | None) -> str:
    local = moment.astimezone(zone)
    return f"{local.month}月{local.day}日"


def _askers(entries: Sequence[AuditEntry]) -> str:
    """Name who said it: the department, and the person that it knows."""
    names = (f"{one.department} {one.actor}".strip() for one in entries)
    return "、".join(
        dict.fromkeys(n if not n.startswith("account:") else "未绑定者" for n in names)
    )


READ_FEEDBACK = Act(
    name="read_feedback",
    example="反馈",
    group=Group.OTHERS,
    role=Role.ADMIN,
    in_groups=False,
    fits=_fits,
    do=_read,
)
