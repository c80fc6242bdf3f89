"""The office asks which departments nobody hears for: 谁没绑定."""

import re
from collections.abc import Sequence

from bot import roster
from bot.messages import Reply
from bot.model import Role
from bot.reports.due import OFFICE
from bot.roster import Gap
from handlers.act import Act, Doing
from handlers.gaps import (
    CALL_THE_LOST,
    gaps_of_obligors,
    invitations,
    lost_first,
    name_of,
)
from handlers.progress import is_of_office
from handlers.rights import Group

_ASKS = re.compile(
    "(?:还有|有)?(?:谁|哪些人|哪些联络员|哪些单位|哪个单位|哪几家|几家|多少单位|多少家)"
    "(?:还)?(?:没有?|未)(?:有)?(?:绑定|绑)(?:账号|的|联络员|好)*(?:吗)?"
    "|(?:没有?|未|缺)(?:有)?(?:已)?(?:绑定)?(?:的)?联络员的?(?:单位|部门)?(?:有哪些)?"
    "|(?:哪些|哪个|哪几家)(?:单位|部门|家)?(?:还)?(?:没有?|缺)联络员"
    "|(?:未|没)绑定(?:的)?(?:单位|人员|名单|清单)?"
    "|(?:各单位|联络员)?(?:的)?绑定(?:情况|进度)(?:怎么?样|如何)?(?:了)?"
)
_NAMES = 8
ENTER_FIRST = (
    "名册里没有的，请在名册表里补上，到服务器上导入（bot departments --import）。"
)


async def _list(doing: Doing) -> Reply:
    session = doing.session
    pressing = [
        gap for gap, _ in await gaps_of_obligors(session, today=doing.at.date())
    ]
    kept = [
        one.name for one in await roster.departments_kept(session) if not one.collective
    ]
    every = dict.fromkeys([*kept, *await roster.departments_of_people(session)])
    every.pop(OFFICE, None)
    urgent = {gap.department for gap in pressing}
    office = await _of_office_alone(doing)
    others = [
        gap
        for gap in await roster.gaps_among(session, every)
        if gap.department not in urgent and gap.department not in office
    ]
    return _told(pressing, others)


def _told(pressing: Sequence[Gap], others: Sequence[Gap]) -> Reply:
    """Tell who needs a code, and apart from them who must be called instead."""
    gaps = [*pressing, *others]
    if not gaps:
        return Reply("各单位都有已绑定的联络员。")
    lost, _ = lost_first(gaps)
    _, pressing = lost_first(pressing)
    _, others = lost_first(others)
    lines = []
    if unbound := len(pressing) + len(others):
        lines.append(f"没有已绑定联络员的单位 {unbound} 家：")
    lines += _named("有报送任务", pressing) + _named("其他", others)
    if lost:
        lines += [*_named(f"已绑定但联系不上 {len(lost)} 家", lost), CALL_THE_LOST]
    codes = invitations(gaps)
    if codes:
        lines.append("发放绑定码请回复“发绑定码 姓名”；全部名单用 bot people 查看。")
    elif unbound:
        lines.append(ENTER_FIRST)
    return Reply("\n".join(lines), codes)


def _named(words: str, gaps: Sequence[Gap]) -> list[str]:
    """Name the first of some departments in one line; in none if there are none."""
    more = f"等 {len(gaps)} 家" if len(gaps) > _NAMES else ""
    names = "、".join(name_of(gap) for gap in gaps[:_NAMES])
    return [f"{words}：{names}{more}。"] if gaps else []


async def _of_office_alone(doing: Doing) -> set[str]:
    """Return the departments whose people are all of the office: they need none."""
    people = await roster.everyone(doing.session)
    here = [one for one in people if one.left_at is None]
    admins = {one.department for one in here if one.role in (Role.ADMIN, Role.SUPER)}
    rest = {one.department for one in here if one.role in (Role.LIAISON, Role.HEAD)}
    return admins - rest


def _fits(doing: Doing) -> bool:
    words = doing.folded.rstrip("?。!")
    return is_of_office(doing) and _ASKS.fullmatch(words) is not None


UNBOUND = Act(
    name="unbound",
    example="谁没绑定",
    group=Group.PEOPLE,
    role=Role.ADMIN,
    in_groups=False,
    in_own_group=False,
    elsewhere="名单仅私聊可见，请私聊我查询。",
    fits=_fits,
    do=_list,
    order=re.compile(f"(?:{_ASKS.pattern})[?？]?"),
)
