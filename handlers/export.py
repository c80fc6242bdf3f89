"""For the office: the table department × report, as a picture and as a workbook."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.messages import Attachment, Reply
from bot.model import Report, Role
from bot.reports import due
from bot.reports.holidays import calendar_kept
from bot.reports.matrix import Matrix, make_matrix
from bot.reports.papers import Papers
from handlers.act import Act, Doing
from handlers.making import made
from handlers.name_report import reports_at_hand
from handlers.nudge_words import basis_words
from handlers.progress import is_of_office
from handlers.rights import Group
from handlers.which_report import CODE, codes_in

MOST_PICTURES = 5
"""Pictures that one message brings; the workbook has all."""

_PAST, _AHEAD = timedelta(days=400), timedelta(days=120)
_WANTS = re.compile(
    "(?:请|帮我)?(?:导出|下载)(?:一下)?(?P<about>(?:上半年|下半年|半年|全年|年度|季度)?)(?:的)?"
    "(?:报送)?(?:进度|情况|名单|清单|台账|未报|总结|报告)?(?:表格?|excel)?"
)

_WANTS_ONE = re.compile(r"(?:请|帮我)?导出[\s:：]+(?P<about>[^?？]{2,30})")


async def matrix_of(
    session: AsyncSession, reports: Sequence[Report], *, office: str, today: date
) -> Matrix:
    """Make the table of some reports, in their order."""
    rows = [
        (report, await due.submissions_to(session, report.id)) for report in reports
    ]
    return make_matrix(
        rows,
        office=office,
        today=today,
        calendar=await calendar_kept(session),
        basis_of=basis_words,
    )


async def reports_named(
    session: AsyncSession, words: str, *, today: date
) -> list[Report]:
    """List the reports of the last year and the next months, or those named.

    By a part of their names, or by a code such as #R12, however old they are.
    """
    if ids := codes_in(words):
        named = await due.reports_by_id(session, ids)
        return sorted(named.values(), key=lambda one: (one.due_on, one.id))
    found = await due.reports_between(session, first=today - _PAST, last=today + _AHEAD)
    return [one for one in found if words in one.title]


def pictures_of(
    matrix: Matrix, papers: Papers, *, at: datetime
) -> tuple[Attachment, ...]:
    """Draw the table, and lay down as many pictures as one message may bring."""
    from bot.reports.matrix_picture import draw_matrix  # Pillow, for those who want it

    drawn = draw_matrix(matrix, most=MOST_PICTURES)
    return tuple(
        Attachment(
            name=f"{_stem(matrix)}-{number}.png",
            at=str(papers.lay(content, "png", at=at)),
            size=len(content),
            is_picture=True,
        )
        for number, content in enumerate(drawn, start=1)
    )


def _workbook_of(matrix: Matrix, papers: Papers, *, at: datetime) -> Attachment:
    from bot.reports.matrix_sheet import write_matrix

    content = write_matrix(matrix)
    path = papers.lay(content, "xlsx", at=at)
    name = f"{_stem(matrix)}.xlsx"
    return Attachment(name=name, at=str(path), size=len(content))


def _stem(matrix: Matrix) -> str:
    return f"报送情况-{matrix.today:%Y%m%d}"


def _about(doing: Doing) -> str | None:
    """Return which reports are wanted, "" for all; None if no table is."""
    said = doing.words.strip().rstrip("。.!！")
    if wants := _WANTS.fullmatch(CODE.sub("", said).strip().lower()):
        return said if codes_in(said) else wants["about"]
    named = _WANTS_ONE.fullmatch(said)
    return named["about"] if named else None


async def _export(doing: Doing) -> Reply:
    assert doing.person, "the role is that of a person"
    papers = doing.nudging.papers if doing.nudging else None
    if papers is None:
        return Reply("这里不能发送文件，请在服务器上用 bot progress --xlsx 导出。")
    reports = await reports_at_hand(doing, _about(doing) or "")
    today = doing.at.date()
    if not reports:
        reports = await reports_named(doing.session, "", today=today)
    if not reports:
        return Reply("还没有报送事项，没有可导出的。")
    matrix = await matrix_of(doing.session, reports, office=papers.office, today=today)

    def draw() -> tuple[Matrix, tuple[Attachment, ...]]:
        pictures = pictures_of(matrix, papers, at=doing.at)
        return matrix, (*pictures, _workbook_of(matrix, papers, at=doing.at))

    shown, files = made(papers, f"export:{doing.letter}", draw)
    await audit.record(
        doing.session,
        actor=doing.person.name,
        event="export.made",
        about=f"file:{files[-1].at.rpartition('/')[2]}",
        at=doing.at,
        reports=[report.id for report in reports],
        departments=len(shown.rows),
    )
    names = "、".join(report.title for report in reports[:3])
    more = f"等 {len(reports)} 项" if len(reports) > 3 else ""
    return Reply(
        f"{names}{more}报送情况，{shown.dated}，共 {len(shown.rows)} 个单位。"
        "图片供查看，表格可打印。名单请勿转发到群。",
        attachments=files,
    )


EXPORT = Act(
    name="export",
    example="导出",
    group=Group.REPORTS,
    role=Role.ADMIN,
    in_groups=False,
    elsewhere="名单仅私聊可见，请私聊我导出。",
    fits=lambda doing: is_of_office(doing) and _about(doing) is not None,
    do=_export,
    order=re.compile(rf"(?!.*下载){_WANTS.pattern}"),
)
