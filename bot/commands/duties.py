"""`bot duties`: what is to be reported, as the office confirms, enters and ends it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.app import App
from bot.commands.door import in_office, misused, office_options, signed
from bot.commands.help_text import ChineseCommand
from bot.errors import NotFound, PlanRefused
from bot.model import Basis, Report, ReportDuty
from bot.plans import register
from bot.reports.duties import Terms, duties_kept
from bot.reports.holiday_notice import missing_festivals, parse_notice
from bot.reports.holidays import calendar_kept, keep_days
from handlers.duties import (
    Proposed,
    Standing,
    confirm,
    end,
    enter,
    let_off,
    proposed,
    refuse_strangers,
)
from handlers.move_nudges import move_nudges
from handlers.sign_for_office import refuse_strange_hand

_NUMBER = click.IntRange(min=1, max=2**31 - 1)
_YES = {"是", "y", "yes"}
_NO_DUE = "--due 应写成 2026-12-30，或每年的 12-30。"
_NOTHING = (
    "在用方案里没有读出报送要求。可由办公室录入："
    "bot duties --enter 报送内容 --due 12-30 --who 单位,单位 --name 姓名"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """The date that was typed: one day, or a day of each year."""

    text: str
    day: date | None = None
    month: int | None = None
    day_of_month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    """What was asked for on the command line."""

    number: int | None
    what: str
    due: _Due
    who: tuple[str, ...]
    basis: str
    until: date | None
    department: str
    reason: str
    by: str
    file: Path | None
    year: int | None


def _names(_: object, __: object, text: str) -> tuple[str, ...]:
    plain = text.replace("，", ",").replace("、", ",")
    return tuple(name.strip() for name in plain.split(",") if name.strip())


def _read_due(_: object, __: object, typed: str) -> _Due | None:
    """Read 2026-12-30, or 12-30 of each year; None where nothing was typed."""
    text = typed.strip()
    if not text:
        return None
    try:
        if text.count("-") == 2:
            return _Due(text=text, day=date.fromisoformat(text))
        month, _, day = text.partition("-")
        yearly = date(2024, int(month), int(day))  # a year that has 29 February
    except ValueError:
        misused(_NO_DUE)
    return _Due(text=text, month=yearly.month, day_of_month=yearly.day)


@click.command("duties", cls=ChineseCommand)
@click.option("--confirm", "confirms", type=_NUMBER, metavar="序号", help="确认一项。")
@click.option("--enter", "what", default="", metavar="内容", help="录入一项通知。")
@click.option(
    "--due",
    default="",
    callback=_read_due,
    metavar="日期",
    help="录入时的截止日：2026-12-30 或每年 12-30。",
)
@click.option(
    "--who", default="", callback=_names, metavar="单位,单位", help="由哪些单位报送。"
)
@click.option("--basis", default="", metavar="依据", help="通知名称或文号。")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="年-月-日",
    help="催报到哪一天为止；方案期限已过、要继续时写明。",
)
@click.option(
    "--end", "ends", type=_NUMBER, metavar="编号", help="结束一项，不再催报。"
)
@click.option(
    "--exempt", "exempts", type=_NUMBER, metavar="编号", help="免除一个单位。"
)
@click.option("--department", default="", metavar="单位", help="免除哪个单位。")
@click.option("--reason", default="", metavar="原因", help="免除的原因。")
@click.option(
    "--calendar",
    "file",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="录入放假通知（粘贴成文本文件）。",
)
@click.option(
    "--year",
    type=click.IntRange(2000, 2200),
    metavar="年份",
    help="放假通知是哪一年的。",
)
@click.option("--name", "by", default="", metavar="姓名", help="由谁办理，记入日志。")
@office_options
def list_duties(
    confirms: int | None,
    what: str,
    due: _Due | None,
    who: tuple[str, ...],
    basis: str,
    until: datetime | None,
    ends: int | None,
    exempts: int | None,
    department: str,
    reason: str,
    file: Path | None,
    year: int | None,
    by: str,
    config: Path,
    database: str,
) -> None:
    """列出报送要求；确认后才会催报。也在这里录入通知、免报和放假安排。

    通讯录里有办公室管理员的，--name 须是其中一位；有两位以上的，方案里的日期由
    签认方案以外的另一位确认。姓名不作核验：能登录服务器的人，就是超级管理员。
    """
    chosen: dict[Work, bool] = {
        _confirm: confirms is not None,
        _enter: bool(what.strip()),
        _end: ends is not None,
        _exempt: exempts is not None,
        _calendar: file is not None,
    }
    do = _the_one_of(chosen)
    if exempts is not None and not (department.strip() and reason.strip()):
        misused("请用 --department 写明单位，用 --reason 写明原因。")
    if what.strip() and due is None:
        misused(_NO_DUE)
    number = next((n for n in (confirms, ends, exempts) if n is not None), None)
    wishes = _Wishes(
        number=number,
        what=what.strip(),
        due=due or _Due(text=""),
        who=who,
        basis=basis.strip(),
        until=until.date() if until else None,
        department=department.strip(),
        reason=reason.strip(),
        by=signed(by) if do else "",
        file=file,
        year=year,
    )

    async def work(app: App) -> int:
        if do is _confirm and not await _is_wanted(app, wishes):
            print("没有恢复，仍不催报。")
            return 1
        async with app.database.writing() as session:
            if do:
                await refuse_strange_hand(session, wishes.by)
            return await (do or _list)(app, session, wishes)

    in_office(work, config=config, database=database)


Work = Callable[[App, AsyncSession, _Wishes], Awaitable[int]]


def _the_one_of(chosen: Mapping[Work, bool]) -> Work | None:
    """Return what is wanted, None to list; several at a time are refused."""
    wanted = [work for work, is_wanted in chosen.items() if is_wanted]
    if len(wanted) > 1:
        misused("一次只办一件事：--confirm、--enter、--end、--exempt、--calendar。")
    return wanted[0] if wanted else None


async def _proposed(app: App, session: AsyncSession) -> list[Proposed]:
    return await proposed(
        session,
        plans=await register.plans_in_force(session),
        departments=app.departments,
        today=app.now().date(),
    )


async def _is_wanted(app: App, wishes: _Wishes) -> bool:
    """Ask whether a duty that was ended shall begin again; a script says it, or not."""
    async with app.database.reading() as session:
        found = await _proposed(app, session)
    one = next((one for one in found if one.number == wishes.number), None)
    if one is None or one.kept is None or one.standing is not Standing.ENDED:
        return True
    ended = f"{one.kept.ended_at:%Y-%m-%d}"
    print(f"第{one.number}项已于 {ended} 结束（编号 {one.kept.id}），不再催报。")
    return _says_yes("恢复催报吗（是/否）：")


def _says_yes(asked: str) -> bool:
    """Ask whoever sits at the terminal; whoever says nothing says no."""
    try:
        return input(asked).strip().lower() in _YES
    except EOFError:
        return False


async def _list(app: App, session: AsyncSession, wishes: _Wishes) -> int:
    found = await _proposed(app, session)
    kept = await duties_kept(session)
    shown = {one.kept.id for one in found if one.kept}
    if found:
        print("方案里的报送要求（“前”含当日；确认后才催报）：")
    for one in found:
        _print_proposed(one)
    others = [duty for duty in kept if duty.id not in shown]
    if others:
        print("另外已录入的，或方案里已没有、请核对是否结束的：")
    for duty in others:
        print(f"  编号 {duty.id}  {_when(duty)}  {duty.what}（{duty.number}）")
    if not found and not kept:
        print(_NOTHING)
    return 0


def _print_proposed(one: Proposed) -> None:
    terms = one.terms
    head = f"{one.number}. [{one.standing}] {terms.when or '没有日期'}报送{terms.what}"
    if one.kept:
        head += f"（编号 {one.kept.id}，{one.kept.confirmed_by}确认）"
    print(head)
    print(f"   依据：{terms.number} {terms.clause}：{terms.text}")
    print(f"   单位 {len(one.obligors)} 个：{'、'.join(one.obligors) or '（未展开）'}")
    for name in one.unknown:
        print(f"   “{name}”没有成员名单：请在名册里写明，或用 --who 逐个写出单位。")
    if one.standing is Standing.CHANGED and one.kept:
        print(f"   原为：{_when(one.kept)}。核对后请重新确认。")
    if one.standing is Standing.OVER and one.terms.last:
        print(f"   方案期限到 {one.terms.last}：要继续催报请加 --until 年-月-日。")


def _when(duty: ReportDuty) -> str:
    if duty.day:
        return f"{duty.day}前"
    return f"每年{duty.month}月{duty.day_of_month}日前"


async def _confirm(app: App, session: AsyncSession, wishes: _Wishes) -> int:
    found = await _proposed(app, session)
    one = next((one for one in found if one.number == wishes.number), None)
    if one is None:
        raise NotFound("no such number", reply=f"没有第{wishes.number}项。")
    is_same = one.standing is Standing.CONFIRMED and not (wishes.until or wishes.who)
    if one.kept and is_same:
        print(_as_before(one.kept, "确认"))
        return 0
    await _refuse_strangers(app, session, wishes.who)
    duty, opened = await confirm(
        session,
        one,
        departments=app.departments,
        by=wishes.by,
        at=app.now(),
        until=wishes.until,
        who=wishes.who,
    )
    _print_entered(duty, opened, today=app.now().date())
    return 0


async def _enter(app: App, session: AsyncSession, wishes: _Wishes) -> int:
    due = wishes.due
    _refuse_past(due, wishes.until, today=app.now().date())
    await _refuse_strangers(app, session, wishes.who)
    terms = Terms(
        key=f"office|{wishes.basis}|{wishes.what}|{due.text}",
        basis=Basis.OFFICE,
        number=wishes.basis,
        text=wishes.what,
        who=wishes.who,
        what=wishes.what,
        to=app.settings.office,
        month=due.month,
        day_of_month=due.day_of_month,
        day=due.day,
        last=wishes.until,
    )
    if there := await _there_already(session, terms):
        print(_as_before(there, "录入"))
        return 0
    duty, opened = await enter(
        session, terms, departments=app.departments, by=wishes.by, at=app.now()
    )
    _print_entered(duty, opened, today=app.now().date())
    return 0


def _as_before(duty: ReportDuty, done: str) -> str:
    """Say that nothing was done: it stands since somebody did it before."""
    return (
        f"原来就有：编号 {duty.id}，{_when(duty)}（含当日）报送{duty.what}，"
        f"由{duty.confirmed_by}{done}，没有改动。"
    )


async def _there_already(session: AsyncSession, terms: Terms) -> ReportDuty | None:
    """Return the duty that was entered before in the very same terms, if it stands."""
    for duty in await duties_kept(session):
        same = (tuple(duty.who), duty.last) == (terms.who, terms.last)
        if duty.key == terms.key and same:
            return duty
    return None


def _refuse_past(due: _Due, until: date | None, *, today: date) -> None:
    """Raise PlanRefused if nothing would ever be nudged for."""
    if due.day and due.day < today:
        words = f"{due.day} 已经过去，不会催报，没有录入。请核对 --due。"
        raise PlanRefused("the date is over", reply=words)
    if until and until < (due.day or today):
        words = f"催报到 {until} 为止，早于截止日或今天，没有录入。请核对 --until。"
        raise PlanRefused("it ends before it begins", reply=words)


async def _refuse_strangers(
    app: App, session: AsyncSession, who: Sequence[str]
) -> None:
    plans = await register.plans_in_force(session)
    await refuse_strangers(session, who, plans=plans, departments=app.departments)


def _print_entered(duty: ReportDuty, opened: Sequence[Report], *, today: date) -> None:
    print(f"已确认：编号 {duty.id}，{_when(duty)}（含当日）报送{duty.what}。")
    for report in opened:
        print(f"  {report.code} {report.title}：{report.due_on}，到时自动提醒。")
    if duty.day and duty.day < today:
        print("  这个日期已经过去，不再催报。")
    elif not opened:
        print("  近三个月没有到期的，到时自动开始提醒。")


async def _end(app: App, session: AsyncSession, wishes: _Wishes) -> int:
    duty = await end(session, wishes.number or 0, by=wishes.by, at=app.now())
    print(f"已结束：编号 {duty.id} {duty.what}，不再催报。")
    return 0


async def _exempt(app: App, session: AsyncSession, wishes: _Wishes) -> int:
    duty, name = await let_off(
        session,
        wishes.number or 0,
        wishes.department,
        departments=app.departments,
        by=wishes.by,
        at=app.now(),
        reason=wishes.reason,
    )
    print(f"已免除：{name}不再报送{duty.what}（编号 {duty.id}）。")
    return 0


async def _calendar(app: App, session: AsyncSession, wishes: _Wishes) -> int:
    assert wishes.file, "only with a file it comes here"
    year = wishes.year or app.now().year + 1
    try:
        text = wishes.file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        words = f"{wishes.file} 读不出来，请存为 UTF-8 的文本文件。"
        raise NotFound(str(error), reply=words) from error
    days = parse_notice(text, year=year)
    at = app.now()
    was = await calendar_kept(session)
    await keep_days(session, days, source=wishes.file.name, by=wishes.by, at=at)
    moved = await move_nudges(session, was=was, policy=app.policy, at=at)
    await audit.record(
        session,
        actor=wishes.by,
        event="calendar.updated",
        about=f"year:{year}",
        at=at,
        days=len(days),
    )
    off = sum(not day.is_working for day in days)
    print(f"已录入{year}年：放假 {off} 天，调休上班 {len(days) - off} 天，即日起按此。")
    if missing := missing_festivals(days):
        print(f"没有看到：{'、'.join(missing)}。请核对通知是否完整。")
    for one in moved:
        print(f"提醒日期变动：{one.report.code} {one.report.title}：{one.words}")
    return 0
