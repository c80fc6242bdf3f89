"""The office presses on: 催未报, 待核 lists, and drafts to department heads."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot import audit
from bot.mail.outbox import issue_notice
from bot.messages import Button, Reply
from bot.model import DraftState, LeaderDraft, Role, Submission
from bot.reports import due
from bot.reports.filing import files_for
from bot.reports.holidays import calendar_kept
from bot.reports.submissions import CLAIMED
from bot.roster.hearers import hearers_of
from handlers.act import Act, Doing
from handlers.name_report import reports_at_hand
from handlers.nudge import nudge_the_rest
from handlers.nudging import addressed
from handlers.progress import is_of_office
from handlers.rights import Group
from handlers.submit_words import moment_words, state_words

_NUDGE = re.compile(r"(?:催(?:一下|办)?未报(?:的?单位)?|催报)(?P<about>.*)")
_WAITING = re.compile(r"待核(?:清单|名单)?(?P<about>.*)")
_DRAFTS = re.compile(r"(?:查看)?草稿[。]?")
_SEND = re.compile(r"(?P<no>不发|不发送)?(?:同意发送)?\s*(?:草稿)?\s*(?P<id>\d{1,9})")
_NO_CHANNEL = "现在没有可用的发送渠道，请检查配置。"


def _fits_nudge(doing: Doing) -> bool:
    return is_of_office(doing) and _NUDGE.fullmatch(doing.words.strip()) is not None


def _about(doing: Doing, form: re.Pattern[str]) -> str:
    """Return of which report it is said."""
    said = form.fullmatch(doing.words.strip())
    return said["about"] if said else ""


async def _nudge(doing: Doing) -> Reply:
    reports = await reports_at_hand(doing, _about(doing, _NUDGE))
    if not reports:
        return Reply("目前没有进行中的报送事项。")
    if len(reports) > 1:
        choices = tuple(Button(one.title, f"催未报 {one.code}") for one in reports[:5])
        return Reply("请问催哪一项？", choices)
    if doing.nudging is None or doing.person is None:
        return Reply(_NO_CHANNEL)
    (report,) = reports
    done = await nudge_the_rest(
        doing.session, doing.nudging, report, by=doing.person.name, now=doing.at
    )
    spared = (
        f"{done.spared} 家约定的日期或同意的延期未到，不催。" if done.spared else ""
    )
    if not done.messages:
        if not done.owing:
            return Reply(f"{report.title}没有未报的单位。{spared}")
        return Reply(
            f"{report.title}未报 {done.owing} 家，现在没有可再催的："
            f"今天已提醒过、次数已满或没有联系得上的联络员，可电话联系。{spared}"
        )
    left = done.owing - done.departments
    rest = (
        f"另有 {left} 家今天已提醒过、次数已满或没有联系得上的联络员，可电话联系。"
        if left
        else ""
    )
    return Reply(
        f"已安排催报：{report.title} {done.departments} 家 {done.messages} 条，"
        f"{moment_words(done.at)}起发出。{rest}{spared}"
    )


def _fits_waiting(doing: Doing) -> bool:
    return is_of_office(doing) and _WAITING.fullmatch(doing.words.strip()) is not None


async def _waiting(doing: Doing) -> Reply:
    found: list[Submission] = []
    reports = await reports_at_hand(doing, _about(doing, _WAITING))
    for report in reports:
        found += await due.submissions_to(doing.session, report.id, states=CLAIMED)
    if not found:
        return Reply("没有待核的报送。")
    some = await files_for(doing.session, [report.id for report in reports])
    files = {one.id: f"，材料 {len(rows)} 个" for one, rows in some}
    head = f"待核 {len(found)} 项，点按钮核收；退回请回复“退回 单位：原因”。"
    if any(one.id in files for one in found[:5]):
        head += "看材料请回复“材料 单位”。"
    lines = [head]
    lines += [
        f"{one.department}{one.report.title}"
        f"（{state_words(one.state)}{files.get(one.id, '')}）"
        for one in found[:5]
    ]
    choices = tuple(
        Button(f"核收 {one.department}", f"核收 {one.department} {one.report.code}")
        for one in found[:5]
    )
    return Reply("\n".join(lines), choices)


def _fits_drafts(doing: Doing) -> bool:
    words = doing.words.strip()
    return is_of_office(doing) and (
        _DRAFTS.fullmatch(words) is not None
        or (
            words.startswith(("同意发送", "不发"))
            and _SEND.fullmatch(words) is not None
        )
    )


async def _drafts(doing: Doing) -> Reply:
    command = _SEND.fullmatch(doing.words.strip())
    drafts = await due.drafts_waiting(doing.session, today=doing.at.date())
    if command is None:
        return _list_drafts(drafts)
    draft = next((one for one in drafts if one.id == int(command["id"])), None)
    if draft is None:
        return Reply("没有这份待定的草稿，回复“草稿”查看。")
    return await _settle(doing, draft, sends=not command["no"])


def _list_drafts(drafts: Sequence[LeaderDraft]) -> Reply:
    if not drafts:
        return Reply("没有待定的草稿。")
    draft = drafts[0]
    more = f"\n另有 {len(drafts) - 1} 份。" if len(drafts) > 1 else ""
    return Reply(
        f"第{draft.id}号草稿（未发送）：\n{draft.text}{more}",
        (
            Button("同意发送", f"同意发送 {draft.id}"),
            Button("不发", f"不发 {draft.id}"),
        ),
    )


async def _settle(doing: Doing, draft: LeaderDraft, *, sends: bool) -> Reply:
    """Send a draft in the name of the admin who says so, or drop it."""
    assert doing.person
    words = "第{0}号草稿不发，已记。"
    if sends:
        draft.notice_id = await _send(doing, draft)
        if draft.notice_id is None:
            return Reply("该单位负责人没有绑定账号或联系不上，请电话联系；草稿仍保留。")
        words = "第{0}号草稿已同意发送。"
    draft.state = DraftState.APPROVED if sends else DraftState.DROPPED
    draft.decided_by, draft.decided_at = doing.person.name, doing.at
    await doing.session.flush()
    await audit.record(
        doing.session,
        actor=doing.person.name,
        event="leader.approved" if sends else "leader.dropped",
        about=f"draft:{draft.id}",
        at=doing.at,
        submission=draft.submission_id,
    )
    waiting = await due.drafts_waiting(doing.session, today=doing.at.date())
    rest = _list_drafts(waiting)
    return Reply(f"{words.format(draft.id)}\n{rest.text}", rest.buttons)


async def _send(doing: Doing, draft: LeaderDraft) -> int | None:
    """Tell the head of the department; returns the notice, None if nothing reaches."""
    submission = await doing.session.get(Submission, draft.submission_id)
    if submission is None or doing.nudging is None or doing.person is None:
        return None
    people = await hearers_of(
        doing.session, [submission.department], lanes=doing.nudging.lanes
    )
    heads = addressed(one for one in people if one.role is Role.HEAD)
    if not heads:
        return None
    notice = await issue_notice(
        doing.session,
        key=f"leader:{draft.id}",
        kind="leader",
        body=Reply(draft.text),
        audience=heads,
        by=doing.person.name,
        at=doing.at,
        due_at=await _opening(doing),
        write=doing.nudging.write,
    )
    return notice.id if notice else None


async def _opening(doing: Doing) -> datetime:
    assert doing.nudging
    calendar = await calendar_kept(doing.session)
    return doing.nudging.policy.next_opening(doing.at, calendar)


PRESS_ON = Act(
    name="press_on",
    example="催未报",
    group=Group.REPORTS,
    role=Role.ADMIN,
    in_groups=False,
    not_for_super=True,
    fits=_fits_nudge,
    do=_nudge,
    order=re.compile("催(?:一下|办)?未报(?:的?单位)?|催报"),
)
WAITING = Act(
    name="waiting",
    example="待核",
    group=Group.REPORTS,
    role=Role.ADMIN,
    in_groups=False,
    fits=_fits_waiting,
    do=_waiting,
    order=re.compile("待核(?:清单|名单)?"),
)
DRAFTS = Act(
    name="drafts",
    example="草稿",
    group=Group.REPORTS,
    role=Role.ADMIN,
    in_groups=False,
    not_for_super=True,
    fits=_fits_drafts,
    do=_drafts,
    order=re.compile(r"(?:查看)?草稿|(?:同意发送|不发)(?:草稿)?\s*\d+"),
)
