"""For the office: the files with which a report was handed in, sent back in chat."""

import re
from collections.abc import Sequence
from pathlib import Path

from bot import audit
from bot.chinese import fold
from bot.errors import NotFound
from bot.messages import Attachment, Button, Reply
from bot.model import Evidence, Report, Role, Submission
from bot.reports import filing, submissions
from bot.reports.evidence import place_of
from handlers.act import Act, Doing
from handlers.duties import refuse_strangers
from handlers.export import reports_named
from handlers.name_report import PERIODS
from handlers.progress import is_of_office
from handlers.rights import Group
from handlers.which_report import CODE, codes_in

_WANTS = re.compile(
    r"(?:请|帮我)?(?:查看|看看|看一?下|看|调阅|调取|下载|发我)?(?P<before>[^:：\n]{0,40}?)"
    r"(?:报送|提交|上报|交来?)?的?(?:材料|附件)(?P<after>[^:：\n]{0,40}?)[。]?"
)
_IDLE = re.compile(
    f"(?:{'|'.join(PERIODS)})(?:总结|报告|情况)*|的|各单位|所有|全部|\\s"
)
_ORDER = re.compile(  # 材料 已交 is said by who reports, and no order
    r"(?:查看|看看|看|调阅|调取)?(?:材料|附件)(?=\s*[#＃]?R\d"
    r"|\s+(?![已交报送发给在正我补])\S{1,20}[局委办部院会校镇乡协](?:\s|$))",
    re.IGNORECASE,
)
_PICTURES = frozenset({"jpg", "jpeg", "png"})
_MOST = 5
"""Files that one message brings, and departments among which it lets choose."""


async def _materials(doing: Doing) -> Reply | None:
    """Send the files of the report that is meant; None where none is spoken of."""
    said = _WANTS.fullmatch(doing.words.strip())
    assert said, "else it does not fit"
    about = f"{said['before']} {said['after']}"
    reports = await _reports(doing, about)
    names = await _departments(doing, about, reports)
    if names is None:
        return None
    some = await filing.files_for(doing.session, [report.id for report in reports])
    found = [one for one in some if not names or one[0].department in names]
    if not found:
        return Reply("没有查到随报送发来的材料。")
    if len(found) > 1:
        return _ask_which(found)
    return await _send(doing, *found[0])


async def _reports(doing: Doing, about: str) -> Sequence[Report]:
    """List the reports that may be meant, the latest first."""
    codes = " ".join(f"#R{number}" for number in codes_in(about))
    found = await reports_named(doing.session, codes, today=doing.at.date())
    if codes:
        return found
    period = next((one for one in PERIODS if one in about), "")
    return [one for one in reversed(found) if period in one.title]


async def _departments(
    doing: Doing, about: str, reports: Sequence[Report]
) -> frozenset[str] | None:
    """Find the departments that are named; None if something else is said as well.

    Raises NotFound for a department that owes no report, PlanRefused for an unknown.
    """
    ids = [report.id for report in reports]
    among = await submissions.departments_owing(doing.session, ids)
    words = fold(CODE.sub(" ", about))
    found = doing.departments.find(words, among=list(dict.fromkeys(among)))
    rest = words
    for one in sorted(found, key=lambda one: one.start, reverse=True):
        rest = rest[: one.start] + rest[one.end :]
    if other := _IDLE.sub("", rest):
        if not _is_department(doing, other):
            return None
        raise await _owes_nothing(doing, other)
    return frozenset(one.department for one in found)


def _is_department(doing: Doing, words: str) -> bool:
    known = doing.departments
    return known.looks_like_department(words) and not known.is_collective(words)


async def _owes_nothing(doing: Doing, name: str) -> NotFound:
    """Say that a department owes no report; raises PlanRefused if nobody knows it."""
    await refuse_strangers(
        doing.session,
        [name],
        plans=doing.plans,
        departments=doing.departments,
        undone="不能调阅",
    )
    words = f"{name}没有应报的事项，没有查到随报送发来的材料。"
    return NotFound(f"{name!r} owes nothing", reply=words)


def _ask_which(some: Sequence[tuple[Submission, Sequence[Evidence]]]) -> Reply:
    """List who has sent files, one a line."""
    lines = [f"有材料的报送 {len(some)} 项，请问看哪一项？"]
    shown = some[: _MOST - (len(some) > _MOST)]
    lines += [
        f"{one.department}{one.report.title} {one.report.code}：{len(files)} 个"
        for one, files in shown
    ]
    if len(some) > len(shown):
        lines.append(f"另有 {len(some) - len(shown)} 项，请写明单位，如“材料 单位”。")
    choices = tuple(
        Button(one.department, f"材料 {one.department} {one.report.code}")
        for one, _ in shown
    )
    return Reply("\n".join(lines), choices)


async def _send(doing: Doing, one: Submission, files: Sequence[Evidence]) -> Reply:
    """Send what is kept, and say of the rest why it is not there."""
    assert doing.person, "the role is that of a person"
    folder = doing.nudging.evidence if doing.nudging else None
    if folder is None:
        raise NotFound("no folder", reply="这里不能发送文件，请到服务器上查看。")
    placed = [(file, _missing(folder, file)) for file in files]
    here = [file for file, why in placed if not why]
    lines = [
        f"{one.department}{one.report.title} {one.report.code}，材料 {len(files)} 个。"
    ]
    lines += [f"《{file.name}》{why}" for file, why in placed if why][:3]
    if len(here) > _MOST:
        rest = len(here) - _MOST
        lines.append(f"先发最近 {_MOST} 个，其余 {rest} 个请到服务器上查看。")
    sent = here[-_MOST:]
    if sent:
        lines.append("请勿转发到群。")
        await audit.record(
            doing.session,
            actor=doing.person.name,
            event="evidence.shown",
            about=f"submission:{one.id}",
            at=doing.at,
            channel=doing.account.channel,
            department=one.department,
            files=[file.id for file in sent],
        )
    return Reply(
        "\n".join(lines), attachments=tuple(_attachment(folder, one) for one in sent)
    )


def _missing(folder: Path, file: Evidence) -> str:
    """Say why a file cannot be sent; "" if it can."""
    if file.refusal:
        return file.refusal
    if not file.digest:
        return "还在接收，请稍后再看。"
    if not place_of(folder, file.digest).is_file():
        return "在服务器上没有找到，请工程师核对附件文件夹。"
    return ""


def _attachment(folder: Path, file: Evidence) -> Attachment:
    return Attachment(
        name=file.name,
        at=str(place_of(folder, file.digest).absolute()),
        size=file.size,
        is_picture=file.name.rpartition(".")[2].lower() in _PICTURES,
    )


MATERIALS = Act(
    name="materials",
    example="材料 县应急局",
    group=Group.REPORTS,
    role=Role.ADMIN,
    in_groups=False,
    elsewhere="材料仅私聊可见，请私聊我调阅。",
    not_for_super=True,
    fits=lambda doing: (
        is_of_office(doing) and _WANTS.fullmatch(doing.words.strip()) is not None
    ),
    do=_materials,
    order=_ORDER,
)
