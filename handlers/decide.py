"""The office decides: 核收, 退回, 延期, 异议, 代报, 免报 of one department."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from bot import audit, roster
from bot.chinese import fold
from bot.guard import inert
from bot.messages import Button, Reply
from bot.model import Person, Role, Submission, SubmissionState
from bot.reports import due, submissions
from bot.reports.submissions import CLAIMED, OWING
from handlers.act import Act, Doing
from handlers.duties import refuse_strangers
from handlers.hush import hush
from handlers.name_report import reports_at_hand
from handlers.nudge_words import buttons, day_words
from handlers.one_report import said_by
from handlers.progress import is_of_office
from handlers.rights import Group
from handlers.submit_words import limit_of, returned, state_words
from handlers.tell_office import tell_department
from handlers.which_report import CODE

_VERBS = (
    "不同意延期",
    "同意延期",
    "异议不成立",
    "异议成立",
    "核收",
    "退回",
    "代报",
    "免报",
)
_COMMAND = re.compile(
    rf"请?(?P<verb>{'|'.join(_VERBS)})(?:一下)?(?P<about>[^:：\n]*)(?:[:：\n](?P<reason>.*))?",
    re.DOTALL,
)
_ANY = frozenset(SubmissionState)
_NEEDS_REASON = frozenset({"退回", "代报", "免报"})
_OFFERED = 5  # submissions that are asked about by name
_NOBODY_HEARS = "该单位没有已绑定的联络员，请另行告知。"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """What somebody of the office decides about one submission."""

    doing: Doing
    person: Person
    submission: Submission
    reason: str

    @property
    def name(self) -> str:
        """Name the department and the report, for the answer."""
        return f"{self.submission.department}{self.submission.report.title}"

    @property
    def said(self) -> submissions.Said:
        """Tell who decides, for the record."""
        return said_by(self.doing, self.person, self.doing.words)

    async def tell(self, body: Reply) -> str:
        """Tell the department, and the office whether anybody there hears it."""
        key = f"decided:{self.submission.id}:{self.doing.at.isoformat()}"
        is_told = await tell_department(self.doing, self.submission, body, key=key)
        return "将告知该单位联络员。" if is_told else _NOBODY_HEARS


def _fits(doing: Doing) -> bool:
    return is_of_office(doing) and _COMMAND.match(doing.words.strip()) is not None


async def _decide(doing: Doing) -> Reply | None:
    """Find what is meant and decide it; asks where it is not one submission alone."""
    command = _COMMAND.match(doing.words.strip())
    assert command
    assert doing.person, "the role is that of a person"
    verb, about = command["verb"], command["about"]
    reason = (command["reason"] or "").strip()
    some, refusal = await _meant(doing, verb, about)
    if refusal:
        return _ask_which(verb, some, reason, words=refusal)
    if verb in _NEEDS_REASON and not reason:
        return Reply(f"请写明原因，如“{verb} 单位：原因”。")
    if len(some) > 1:
        return _ask_which(verb, some, reason)
    decision = _Decision(
        doing=doing, person=doing.person, submission=some[0], reason=inert(reason)
    )
    return await _DECISIONS[verb](decision)


def _ask_which(
    verb: str,
    some: Sequence[Submission],
    reason: str,
    *,
    words: str = "请问是哪一项？",
) -> Reply:
    why = f"：{reason}" if reason else ""
    choices = tuple(
        Button(
            f"{one.department} {one.report.title}",
            f"{verb} {one.department} {one.report.code}{why}",
        )
        for one in some[:_OFFERED]
    )
    return Reply(words, choices)


async def _meant(
    doing: Doing, verb: str, about: str
) -> tuple[Sequence[Submission], str]:
    """Find the submissions of the department that is named; or what is to be said."""
    known = await roster.departments_of_people(doing.session)
    known += await submissions.all_obligors(doing.session)
    words = CODE.sub(" ", about)
    named = _departments(doing, words, list(dict.fromkeys(known)))
    if not named:
        if name := await _stranger(doing, words):
            return (), f"{name}没有这项进行中的报送。"
        example = f"请写明单位，如“{verb} 县应急局 全年”。"
        return await _anybodys(doing, verb, about), example
    if len(named) > 1:
        return (), f"一次办理一个单位，请写明是哪一个：{'、'.join(named)}。"
    (name,) = named
    every = await _reported_by(doing, about, named)
    some = [one for one in every if one.state in _STATES[verb]]
    if verb == "退回" and not some:  # what was accepted is at hand no more
        every = await _reported_by(doing, about, named, also_settled=True)
        some = [one for one in every if one.state in _DONE]
    if not every:
        return (), f"{name}没有这项进行中的报送。"
    if not some:
        one = every[0]
        state = state_words(one.state)
        return (), f"{one.department}{one.report.title}现为“{state}”，不需要这样处理。"
    return some, ""


async def _stranger(doing: Doing, words: str) -> str:
    """Name a department that neither owes nor has people; "" if none is named.

    Raises PlanRefused for one that is known nowhere.
    """
    known, folded = doing.departments, fold(words)
    for name in (*known.names(folded), *words.split()):
        if known.looks_like_department(name) and not known.is_collective(name):
            await refuse_strangers(
                doing.session,
                [name],
                plans=doing.plans,
                departments=known,
                undone="没有办理",
            )
            return name
    return ""


async def _anybodys(doing: Doing, verb: str, about: str) -> Sequence[Submission]:
    """List what may be meant where no department is named; none if that is too much."""
    ways = [(_STATES[verb], False), (_DONE, True)]
    for states, also_settled in ways if verb == "退回" else ways[:1]:
        found: list[Submission] = []
        for one in await reports_at_hand(doing, about, also_settled=also_settled):
            found += await due.submissions_to(doing.session, one.id, states=states)
        if found:
            return found if len(found) <= _OFFERED else ()
    return ()


def _departments(
    doing: Doing, words: str, among: Sequence[str]
) -> dict[str, Collection[str]]:
    """Find the departments that are named, with how each is written."""
    exact = [name for name in words.split() if name in among]
    if exact:
        return {name: [name] for name in exact}
    found: dict[str, list[str]] = {}
    for mention in doing.departments.find(words, among=among):
        found.setdefault(mention.department, []).append(mention.written)
    return dict(found)


async def _reported_by(
    doing: Doing,
    about: str,
    named: Mapping[str, Collection[str]],
    *,
    also_settled: bool = False,
) -> Sequence[Submission]:
    """List what the departments named have to report of the reports that are meant."""
    written = [word for words in named.values() for word in words]
    reports = await reports_at_hand(
        doing, about, departments=written, also_settled=also_settled
    )
    if not reports:
        return ()
    ids = [one.id for one in reports]
    return await submissions.submissions_of(
        doing.session, named, states=_ANY, reports=ids
    )


async def _accept(one: _Decision) -> Reply:
    await submissions.accept(one.doing.session, one.submission, one.said)
    await _record(one, "ack.accepted")
    nil = "（零报告）" if one.submission.state is SubmissionState.NIL else ""
    return Reply(f"已核收：{one.name}{nil}。")


async def _return(one: _Decision) -> Reply:
    await submissions.return_(
        one.doing.session, one.submission, one.said, reason=one.reason
    )
    await _record(one, "ack.returned")
    told = await one.tell(returned(one.submission))
    return Reply(f"已退回：{one.name}。{told}")


async def _agree(one: _Decision) -> Reply:
    day = one.submission.standing.asked_on
    if day is None:
        return Reply(f"{one.name}没有待定的延期申请。")
    session = one.doing.session
    await submissions.decide_extension(session, one.submission, one.said, agreed=True)
    one.submission.step = None
    await hush(session, one.submission, at=one.doing.at)
    await _record(one, "extension.decided", agreed=True, day=day)
    told = await one.tell(
        Reply(
            f"办公室已同意{one.submission.report.title}延至 {day_words(day)}。"
            "文件规定日期不变，系统单独记录。"
        )
    )
    return Reply(f"已同意：{one.name}延至 {day_words(day)}。文件规定日期不变。{told}")


async def _disagree(one: _Decision) -> Reply:
    if one.submission.standing.asked_on is None:
        return Reply(f"{one.name}没有待定的延期申请。")
    await submissions.decide_extension(
        one.doing.session,
        one.submission,
        one.said,
        agreed=False,
        reason=one.reason,
    )
    await _record(one, "extension.decided", agreed=False)
    why = f"原因：{one.reason}。" if one.reason else ""
    told = await one.tell(
        Reply(
            f"{one.submission.report.title}的延期申请未获同意，"
            f"请于 {day_words(limit_of(one.submission))}前报送。{why}"
        )
    )
    return Reply(f"已记：不同意{one.name}延期。{told}")


async def _uphold(one: _Decision) -> Reply:
    await submissions.decide_dispute(
        one.doing.session, one.submission, one.said, stays=False, reason=one.reason
    )
    await _record(one, "dispute.decided", stays=False)
    told = await one.tell(
        Reply(f"办公室已核实：{one.submission.report.title}贵单位不需报送。")
    )
    return Reply(f"已记：{one.name}免报，不再提醒。{told}")


async def _overrule(one: _Decision) -> Reply:
    await submissions.decide_dispute(
        one.doing.session, one.submission, one.said, stays=True, reason=one.reason
    )
    await _record(one, "dispute.decided", stays=True)
    why = f"{one.reason}。" if one.reason else ""
    told = await one.tell(
        Reply(
            f"办公室已核实：{one.submission.report.title}仍由贵单位报送，时限 "
            f"{day_words(limit_of(one.submission))}。{why}",
            buttons(one.submission.report.code),
        )
    )
    return Reply(f"已记：{one.name}仍由其报送，恢复提醒。{told}")


async def _claim_for(one: _Decision) -> Reply:
    await submissions.claim_for(
        one.doing.session, one.submission, one.said, note=one.reason
    )
    await hush(one.doing.session, one.submission, at=one.doing.at)
    await _record(one, "ack.claimed", on_behalf=True, note=one.reason)
    return Reply(
        f"已代{one.name}登记为已报（{one.reason}），待核收。",
        (
            Button(
                "核收",
                f"核收 {one.submission.department} {one.submission.report.code}",
            ),
        ),
    )


async def _exempt(one: _Decision) -> Reply:
    await submissions.exempt(
        one.doing.session, one.submission, one.said, reason=one.reason
    )
    await hush(one.doing.session, one.submission, at=one.doing.at)
    await _record(one, "ack.exempted", reason=one.reason)
    return Reply(f"已记：{one.name}免报（{one.reason}），不再提醒。")


async def _record(one: _Decision, event: str, **detail: object) -> None:
    await audit.record(
        one.doing.session,
        actor=one.person.name,
        event=event,
        about=f"submission:{one.submission.id}",
        at=one.doing.at,
        channel=one.doing.account.channel,
        department=one.submission.department,
        state=one.submission.state,
        **detail,
    )


_DONE = CLAIMED | {SubmissionState.ACCEPTED, SubmissionState.NIL}
_STATES: dict[str, Collection[SubmissionState]] = {
    "核收": CLAIMED,
    "退回": CLAIMED,
    "同意延期": OWING,
    "不同意延期": OWING,
    "异议成立": {SubmissionState.DISPUTED},
    "异议不成立": {SubmissionState.DISPUTED},
    "代报": OWING | {SubmissionState.DISPUTED},
    "免报": _ANY - {SubmissionState.EXEMPT},
}
_DECISIONS: dict[str, Callable[[_Decision], Awaitable[Reply]]] = {
    "核收": _accept,
    "退回": _return,
    "同意延期": _agree,
    "不同意延期": _disagree,
    "异议成立": _uphold,
    "异议不成立": _overrule,
    "代报": _claim_for,
    "免报": _exempt,
}

DECIDE = Act(
    name="decide",
    example="核收 单位 全年",
    group=Group.REPORTS,
    role=Role.ADMIN,
    in_groups=False,
    not_for_super=True,
    fits=_fits,
    do=_decide,
    order=re.compile(f"请?(?:{'|'.join(_VERBS)})(?:一下)?"),
)
