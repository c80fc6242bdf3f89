"""The office asks whether one department has handed in: 县应急局交了没."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot import roster
from bot.messages import Reply
from bot.model import Role, Submission, SubmissionState
from bot.reports.submissions import OWING, all_obligors, submissions_of
from handlers.act import Act, Doing
from handlers.fact_kinds import HANDED_IN
from handlers.nudge_words import day_words
from handlers.progress import is_of_office
from handlers.rights import Group
from handlers.submit_words import limit_of, state_words
from handlers.which_report import codes_in, of_period

_ASKS = re.compile(
    f"{HANDED_IN.pattern}|(?:交|报|送)(?:上|过)?来了?(?:没有?|吗|么)|有没有(?:交|报)"
)
_LATELY = timedelta(days=120)  # so long a report is still looked for
_LISTED = 4


def _fits(doing: Doing) -> bool:
    if not is_of_office(doing) or not _ASKS.search(doing.folded):
        return False
    return bool(doing.departments.names(doing.folded))


async def _tell(doing: Doing) -> Reply | None:
    known = await all_obligors(doing.session)
    known += await roster.departments_of_people(doing.session)
    among = list(dict.fromkeys(known))
    found = doing.departments.find(doing.folded, among=among)
    names = list(dict.fromkeys(one.department for one in found))
    if not names:
        names = list(doing.departments.names(doing.folded))
    today = doing.at.date()
    some = await submissions_of(
        doing.session,
        names,
        states=frozenset(SubmissionState),
        reports=codes_in(doing.words),
    )
    some = [one for one in some if abs(one.report.due_on - today) <= _LATELY]
    if not some:
        return Reply(f"{'、'.join(names)}没有进行中的报送事项。")
    return _listed(of_period(some, doing.words), today)


def _listed(some: Sequence[Submission], today: date) -> Reply:
    lines = [
        f"{one.department}{one.report.title}（{day_words(limit_of(one))}）"
        f"{one.report.code}：{_state(one, today)}。"
        for one in some[:_LISTED]
    ]
    if len(some) > _LISTED:
        lines.append(f"另有 {len(some) - _LISTED} 项，写明全年、半年或编号再问。")
    return Reply("\n".join(lines))


def _state(one: Submission, today: date) -> str:
    promised = one.standing.promised_on
    if one.state is SubmissionState.PROMISED and promised and promised >= today:
        return f"未报，约定 {day_words(promised)}报送"
    late = "，已超期" if one.state in OWING and limit_of(one) < today else ""
    return f"{state_words(one.state)}{late}"


ONE_DEPARTMENT = Act(
    name="one_department",
    example="县应急局交了没",
    group=Group.REPORTS,
    role=Role.ADMIN,
    in_groups=False,
    elsewhere="报送情况仅私聊可见，请私聊我查询。",
    fits=_fits,
    do=_tell,
)
