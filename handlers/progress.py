"""For the office: how the departments stand with a report, by light and by name."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from bot.messages import Button, Reply
from bot.model import Report, Role, Submission, SubmissionState
from bot.reports import due
from bot.reports.calendar import WorkCalendar
from bot.reports.holidays import calendar_kept
from bot.reports.lights import Light, light_of
from bot.reports.submissions import CLAIMED, OWING, has_time
from handlers.act import Act, Doing
from handlers.name_report import reports_at_hand
from handlers.nudge_words import day_words
from handlers.rights import Group, is_at_least
from handlers.which_report import CODE, codes_in

_ASKS = re.compile(
    "谁(?:还)?(?:没|未)(?:有)?(?:交|报|报送)(?:了|的)?[?。]?|"
    "(?:哪些|哪几个|几个|几家|多少)(?:单位|部门|家)?(?:还)?(?:没|未)(?:有)?"
    "(?:交|报|报送)(?:的)?[?。]?|"
    "(?:报送)?(?:进度|情况)(?:怎么样|如何)?[?。]?|报送(?:进度|情况)[?。]?"
)

_ASKS_OF = re.compile(
    "(?P<before>[^?,。]{0,20}?)的?(?:谁|哪些(?:单位|部门)|哪[几些]家)(?:还)?(?:没|未)(?:有)?"
    "(?:交|报送?)(?:了|的)?(?P<after>[^?,。]{0,20})[?。]?"
)
_PERIOD = re.compile("(?:全年|年度|上半年|半年)(?:总结|报告|情况)?")


def is_of_office(doing: Doing) -> bool:
    """Tell whether an admin speaks to us alone or anywhere."""
    return doing.person is not None and is_at_least(doing.person.role, Role.ADMIN)


def _said(doing: Doing) -> str | None:
    """Return of what report it is asked, "" of any; None if that is not asked."""
    words = CODE.sub("", doing.folded)
    if _ASKS.fullmatch(_PERIOD.sub("", words)):
        return "".join(_PERIOD.findall(words))
    said = _ASKS_OF.fullmatch(words)
    return f"{said['before']} {said['after']}" if said else None


def _fits(doing: Doing) -> bool:
    return is_of_office(doing) and _said(doing) is not None


async def _progress(doing: Doing) -> Reply:
    about = doing.words if codes_in(doing.words) else _said(doing)
    reports = await reports_at_hand(doing, about or "")
    if not reports:
        return Reply("目前没有进行中的报送事项。")
    calendar = await calendar_kept(doing.session)
    if len(reports) > 1:
        return await _overview(doing, reports)
    (report,) = reports
    some = await due.submissions_to(doing.session, report.id)
    return one_report(report, some, today=doing.at.date(), calendar=calendar)


async def _overview(doing: Doing, reports: Sequence[Report]) -> Reply:
    """List how several reports stand, one a line."""
    counts = await due.counts(doing.session, [report.id for report in reports])
    lines = [f"进行中的报送 {len(reports)} 项，点按钮或回复编号看名单："]
    for report in reports[:4]:
        lines.append(
            f"{report.title}（{day_words(report.due_on)}）{report.code}："
            f"{numbers(counts[report.id])}"
        )
    if len(reports) > 4:
        lines.append(f"另有 {len(reports) - 4} 项。")
    buttons = [Button(one.title, f"谁没交 {one.code}") for one in reports[:4]]
    return Reply("\n".join(lines), (*buttons, Button("导出", "导出")))


def numbers(counts: Mapping[SubmissionState, int]) -> str:
    """Say how many departments stand where: 应报 31，已核收 22，待核 3，未报 6."""

    def of(*states: SubmissionState) -> int:
        return sum(counts.get(state, 0) for state in states)

    exempt = of(SubmissionState.EXEMPT)
    parts = [
        f"应报 {sum(counts.values()) - exempt}",
        f"已核收 {of(SubmissionState.ACCEPTED, SubmissionState.NIL)}",
        f"待核 {of(*CLAIMED)}",
        f"未报 {of(*OWING) - of(SubmissionState.EXTENDED)}",
    ]
    for state, words in (
        (SubmissionState.EXTENDED, "延期"),
        (SubmissionState.DISPUTED, "异议"),
        (SubmissionState.EXEMPT, "免报"),
    ):
        if of(state):
            parts.append(f"{words} {of(state)}")
    return "，".join(parts)


def one_report(
    report: Report,
    some: Sequence[Submission],
    *,
    today: date,
    calendar: WorkCalendar,
) -> Reply:
    """Say how a report stands, with the names of all that are not done."""
    counts: dict[SubmissionState, int] = {}
    names: dict[Light, list[str]] = {}
    for one in some:
        counts[one.state] = counts.get(one.state, 0) + 1
        light = light_of(one.standing, report.due_on, today=today, calendar=calendar)
        nil = one.state in {SubmissionState.NIL, SubmissionState.NIL_CLAIMED}
        names.setdefault(light, []).append(
            one.department + ("（零报告）" if nil else "")
        )
    lines = [f"{report.title}（{day_words(report.due_on)}）：{numbers(counts)}。"]
    for light in (
        Light.RED,
        Light.YELLOW,
        Light.WHITE,
        Light.VIOLET,
        Light.PAUSED,
        Light.BLUE,
    ):
        if names.get(light) and len(lines) < 6:
            lines.append(f"{light}：{'、'.join(names[light])}。")
    buttons = []
    owing = sum(one.state in OWING and not has_time(one, today=today) for one in some)
    if owing:
        buttons.append(Button(f"催未报 {owing} 家", f"催未报 {report.code}"))
    if any(counts.get(state) for state in CLAIMED):
        buttons.append(Button("待核清单", f"待核 {report.code}"))
    buttons.append(Button("导出", f"导出 {report.code}"))
    return Reply("\n".join(lines), tuple(buttons))


PROGRESS = Act(
    name="progress",
    example="谁没交",
    group=Group.REPORTS,
    role=Role.ADMIN,
    in_groups=False,
    elsewhere="名单仅私聊可见，请私聊我查询。",
    fits=_fits,
    do=_progress,
)
