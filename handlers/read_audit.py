"""Who did what, read in chat: one's own, one's department's, or all."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot import audit
from bot.audit.events import about_words, event_words
from bot.messages import Button, Reply
from bot.model import AuditEntry, Person, Role
from handlers.act import Act, Doing
from handlers.enter_answered import ANSWERED
from handlers.rights import Group, is_at_least

_ASKS = re.compile(
    r"(?:请)?(?:查|看|查看|查询)?(?:一下)?(?P<mine>我的)?"
    r"(?:操作日志|操作记录|(?(mine)记录|操作日志))"
    r"(?:[\s:：]*(?P<before>\d{1,18})\s*(?:号)?(?:之前|以前)?)?[。?]?"
)
_LINES = 5  # of a page; with the head there are six


def _fits(doing: Doing) -> bool:
    return _ASKS.fullmatch(doing.folded) is not None


async def _read(doing: Doing) -> Reply:
    """Tell a page: a liaison his own, a head those of the department, an admin all."""
    person, said = doing.person, _ASKS.fullmatch(doing.folded)
    assert person, "the role is that of a person"
    assert said, "it fits"
    is_own = bool(said["mine"]) or person.role is Role.LIAISON
    found = await _page(doing, person, before=int(said["before"] or 0), is_own=is_own)
    if not found:
        return Reply("没有更早的记录了。" if said["before"] else "还没有记录。")
    head = _head(person, is_own=is_own)
    lines = [head, *(_line(entry, at=doing.at) for entry in found[:_LINES])]
    if len(found) <= _LINES:
        return Reply("\n".join(lines))
    what = "我的记录" if is_own else "操作日志"
    more = Button("更早的", f"{what} {found[_LINES - 1].id} 之前")
    return Reply("\n".join(lines), (more,))


async def _page(
    doing: Doing, person: Person, *, before: int, is_own: bool
) -> Sequence[AuditEntry]:
    is_of_office = is_at_least(person.role, Role.ADMIN)
    return await audit.page(
        doing.session,
        actor=person.name if is_own else "",
        # Names repeat between departments.
        department="" if is_of_office else person.department,
        before=before,
        without=ANSWERED,  # in the export; here they would hide all else
        limit=_LINES + 1,
    )


def _head(person: Person, *, is_own: bool) -> str:
    if is_own:
        return "您的操作记录（新的在前）："
    whose = "" if is_at_least(person.role, Role.ADMIN) else person.department
    return f"{whose}操作日志（新的在前）："


def _line(entry: AuditEntry, *, at: datetime) -> str:
    """Write an entry in a line: when, who, whose matter, what, about what."""
    moment = entry.at.astimezone(at.tzinfo)
    actor = "系统" if entry.actor == "system" else entry.actor
    whose = f"，{entry.department}" if entry.department else ""
    about = about_words(entry.about)
    what = (
        f"{event_words(entry.event)}（{about}）" if about else event_words(entry.event)
    )
    return f"{moment:%m-%d %H:%M} {actor}{whose}：{what}"


READ_AUDIT = Act(
    name="read_audit",
    example="操作日志",
    group=Group.OTHERS,
    role=Role.LIAISON,
    in_groups=False,
    fits=_fits,
    do=_read,
)
