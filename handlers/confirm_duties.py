"""For the office: what plans would have handed in, confirmed in chat by a number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from bot.errors import NotFound, PlanRefused
from bot.messages import Button, Reply
from bot.model import Report, ReportDuty, Role
from bot.reports.duties import Terms
from handlers.act import Act, Doing
from handlers.confirm import Confirmed, ask_number, digest_of, holder_of
from handlers.duties import (
    Proposed,
    Standing,
    confirm,
    obligors_named,
    proposed,
    refuse_strangers,
)
from handlers.progress import is_of_office
from handlers.rights import Group

CONFIRMS = "duty.confirm"

_LIST = re.compile(r"(?:查看|看看|看)?(?:待确认的?)?报送要求(?:清单|列表)?[。?]?")
_NUMBER = r"\s*第?\s*(?P<number>\d{1,3})\s*[项号条]?"
_SHOW = re.compile(rf"(?:查看|看看|看)?报送要求{_NUMBER}[。?]?")
_UNTIL = re.compile(
    r"[,，;；:：\s]*(?:催报)?[到至]\s*(?P<until>\d[0-9年月日号./-]*)(?:为止)?"
)
_CONFIRM = re.compile(rf"确认报送要求{_NUMBER}(?P<rest>[\s:：,，到至催].*)?", re.DOTALL)
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})[日号]?")
_LISTED = 4
_SETTLED = (Standing.CONFIRMED, Standing.NO_DATE, Standing.ENDED)
_NOTHING = "在用方案里没有读出报送要求。办公室的通知用 bot duties --enter 录入。"
_CHANGED = "这项报送要求或单位名单刚有变动，没有登记，请重新核对。\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What is to be confirmed: the duty of a plan, until when, and by whom owed."""

    key: str
    until: date | None = None
    who: tuple[str, ...] = ()


def _fits(doing: Doing) -> bool:
    words = doing.words.strip()
    return is_of_office(doing) and any(
        form.fullmatch(words) for form in (_LIST, _SHOW, _CONFIRM)
    )


async def _do(doing: Doing) -> Reply:
    words, found = doing.words.strip(), await _proposed(doing)
    if not found:
        return Reply(_NOTHING)
    if shown := _SHOW.fullmatch(words):
        return _show(_numbered(found, shown["number"]))
    if said := _CONFIRM.fullmatch(words):
        one = _numbered(found, said["number"])
        return await _ask(doing, one, _wish(one, said["rest"] or ""))
    return _list(found)


async def _proposed(doing: Doing) -> list[Proposed]:
    return await proposed(
        doing.session,
        plans=doing.plans,
        departments=doing.departments,
        today=doing.at.date(),
    )


def _numbered(found: Sequence[Proposed], number: str) -> Proposed:
    for one in found:
        if one.number == int(number):
            return one
    words = f"没有第{int(number)}项，共 {len(found)} 项。回复“报送要求”查看。"
    raise NotFound(f"no duty {number}", reply=words)


def _wish(one: Proposed, rest: str) -> _Wish:
    """Read until when and by whom, in whichever order they are said."""
    until = _UNTIL.search(rest)
    who = _UNTIL.sub(" ", rest).strip("。")
    return _Wish(
        key=one.terms.key,
        until=_read_until(until["until"] if until else None),
        who=tuple(filter(None, re.split(r"[、,，;；:：\s]+", who))),
    )


def _read_until(written: str | None) -> date | None:
    if written is None:
        return None
    found = _DATE.fullmatch(written)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(written)
    except ValueError as error:
        words = f"看不懂“{written}”，请写成“到2027年12月31日”。"
        raise PlanRefused(f"{written!r} is no date", reply=words) from error


def _list(found: Sequence[Proposed]) -> Reply:
    """List them, what waits for the office first."""
    waiting = [one for one in found if one.standing not in _SETTLED]
    rest = [one for one in found if one.standing in _SETTLED]
    shown = [*waiting, *rest][:_LISTED]
    count = f"{len(found)} 项，待办 {len(waiting)} 项"
    lines = [f"方案里的报送要求 {count}；确认后才催报："]
    lines += [
        f"{one.number}. [{one.standing}] {_what(one.terms)}，{len(one.obligors)} 家"
        for one in shown
    ]
    if len(found) > len(shown):
        lines.append(f"另有 {len(found) - len(shown)} 项，回复“报送要求 序号”查看。")
    return Reply(
        "\n".join(lines),
        tuple(Button(f"第{one.number}项", f"报送要求 {one.number}") for one in shown),
    )


def _what(terms: Terms) -> str:
    return f"{terms.when or '没有日期'}报送{terms.what}"


def _show(one: Proposed) -> Reply:
    lines = [*_lines(one, one.terms, one.obligors), *_wanted(one)]
    says = f"确认报送要求 {one.number}"
    may = one.standing in (Standing.NEW, Standing.CHANGED) and one.obligors
    return Reply("\n".join(lines), (Button("确认", says),) if may else ())


def _lines(one: Proposed, terms: Terms, owing: Sequence[str]) -> Iterator[str]:
    """Say what is confirmed: when and what, in the words of the plan, and by whom."""
    kept = f"，{one.kept.confirmed_by}确认" if one.kept else ""
    until = f"，催报到{terms.last:%Y-%m-%d}为止" if terms.last else ""
    yield f"第{one.number}项 [{one.standing}{kept}]：{_what(terms)}（含当日）{until}。"
    yield f"依据：{terms.number} {terms.clause}：“{terms.text}”"
    yield f"单位 {len(owing)} 个：{'、'.join(owing) or '（未展开）'}"


def _wanted(one: Proposed) -> Iterator[str]:
    """Say what the office has to add, or to know."""
    says = f"确认报送要求 {one.number}"
    until = " 到年-月-日" if one.standing is Standing.OVER else ""
    if one.unknown:
        names = "”“".join(one.unknown)
        each = f"{says}：单位、单位{until}"
        yield f"“{names}”没有成员名单：请在名册里写明，或逐个写出：{each}"
    if one.standing is Standing.CHANGED and one.kept:
        yield f"原为{_date_kept(one.kept)}，请核对后重新确认。"
    if one.standing is Standing.ENDED and one.kept:
        yield f"这项已由办公室结束，不再催报；要恢复请回复“{says}”。"
    if one.standing is Standing.OVER:
        yield f"方案期限已过。要继续催报，请写明到哪天：{says} 到年-月-日"
    if one.standing is Standing.NO_DATE:
        yield "文件没有日期，不催报；办公室定了日期的，用 bot duties --enter 录入。"


def _date_kept(duty: ReportDuty) -> str:
    if duty.day:
        return f"{duty.day}前"
    return f"每年{duty.month}月{duty.day_of_month}日前"


async def _ask(doing: Doing, one: Proposed, wish: _Wish, *, lead: str = "") -> Reply:
    """Tell what would be confirmed, with the number that confirms it."""
    if not one.terms.when or (one.standing is Standing.OVER and not wish.until):
        return _show(one)
    if wish.until and wish.until < doing.at.date():
        words = f"{wish.until} 已经过去，没有登记。请写明以后的日期。"
        raise PlanRefused("it ends before today", reply=words)
    await refuse_strangers(
        doing.session, wish.who, plans=doing.plans, departments=doing.departments
    )
    owing = one.obligors
    if wish.who:
        owing = await obligors_named(
            doing.session, wish.who, departments=doing.departments
        )
    if not owing:
        return _show(one)
    lines = list(_lines(one, _terms(one, wish), owing))
    asked = _confirmation(lines, wish)
    number = await ask_number(
        doing.session, asked, holder=holder_of(doing.account.id), at=doing.at
    )
    if one.unknown and not wish.who:
        lines += _wanted(replace(one, standing=Standing.NEW))
    if one.standing is Standing.ENDED:
        lines.append("这项已由办公室结束；确认后恢复催报。")
    lines.append(f"回复“确认 {number}”登记，到时自动催报，10 分钟内有效。")
    return Reply(lead + "\n".join(lines))


def _terms(one: Proposed, wish: _Wish) -> Terms:
    return replace(one.terms, last=wish.until) if wish.until else one.terms


def _confirmation(lines: Sequence[str], wish: _Wish) -> Confirmed:
    about = msgspec.json.encode(wish).decode()
    return Confirmed(what=CONFIRMS, about=about, digest=digest_of(lines))


async def confirm_numbered(doing: Doing, confirmed: Confirmed) -> Reply:
    """Confirm the duty that the number stands for, if all is as it was told."""
    assert doing.person, "the role is that of a person"
    wish = msgspec.json.decode(confirmed.about, type=_Wish)
    found = await _proposed(doing)
    one = next((one for one in found if one.terms.key == wish.key), None)
    if one is None:
        raise NotFound("the duty is gone", reply="方案里已没有这项报送要求，没有登记。")
    owing = one.obligors
    if wish.who:
        owing = await obligors_named(
            doing.session, wish.who, departments=doing.departments
        )
    lines = list(_lines(one, _terms(one, wish), owing))
    if _confirmation(lines, wish).digest != confirmed.digest:
        return await _ask(doing, one, wish, lead=_CHANGED)
    duty, opened = await confirm(
        doing.session,
        one,
        departments=doing.departments,
        by=doing.person.name,
        at=doing.at,
        until=wish.until,
        who=wish.who,
        channel=doing.account.channel,
    )
    return Reply("\n".join(_told(duty, opened, len(owing))))


def _told(duty: ReportDuty, opened: Sequence[Report], owing: int) -> Iterator[str]:
    yield f"已确认：{_date_kept(duty)}（含当日）报送{duty.what}，{owing} 家。"
    for report in opened[:3]:
        yield f"{report.code} {report.title}：{report.due_on}，到时自动提醒。"
    if not opened:
        yield "近三个月没有到期的，到时自动开始提醒。"


CONFIRM_DUTIES = Act(
    name="confirm_duties",
    example="报送要求",
    group=Group.REPORTS,
    role=Role.ADMIN,
    in_groups=False,
    elsewhere="报送要求请私聊我办理。",
    not_for_super=True,
    fits=_fits,
    do=_do,
    order=re.compile(
        r"(?:(?:查看|看看|看)?(?:待确认的?)?报送要求(?:清单|列表)?(?:\s*第?\s*\d{1,3}[项号条]?)?"
        r"|确认报送要求\s*第?\s*\d[^?？]*)$"
    ),
)
