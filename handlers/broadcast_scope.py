"""Whom a broadcast is for: read from words, and looked up in the roster."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot import roster
from bot.chinese import fold, fold_in_place
from bot.departments import Certainty
from bot.mail.outbox import Addressee
from bot.model import Account, Chat, Missing, Report, Role, Scope, Task
from bot.model.lists import among
from bot.reports import due
from bot.reports.submissions import OWING
from bot.roster.hearers import Hearer, hearers_in, hearers_of
from handlers.broadcast_words import everyone_at
from handlers.broadcasting import Hand, Unclear
from handlers.duties import expand
from handlers.export import reports_named
from handlers.gaps import LOST
from handlers.nudging import addressed
from handlers.which_report import codes_in

_OWING = re.compile(
    r"(?P<report>.*?)(?:还)?(?:未报送?|没报送?|没交|未交|没有报送?)(?:的)?(?:单位|部门)?"
    r"(?P<more>.*)"
)
_OWING_AHEAD = re.compile(r"(?:还)?(?:未报送?|没报送?|没交|未交)(?:的)?(?:单位|部门)")
_TASK_END = re.compile(
    r"(?:这一?项|任务)?的?(?P<role>牵头|责任|配合|承办|相关|各)?(?:单位|部门)"
)
_GROUPS = re.compile(r"(?P<which>所有|全部|各|全体|单位|各单位|各部门)的?(?:登记的)?群")
_APART = re.compile(r"[、,，;；\s]+|(?<=[局委办会院校所队街镇乡位门员群])[和及与]")
_NO_CHATS = "没有查到群“{}”，回复“群发”前请用 bot groups 查看已登记的群。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is meant: those whom something reaches, and those whom nothing does.

    `departments` are those of the people, `people` how many they are, reached or not.
    """

    reached: tuple[Addressee, ...]
    missing: tuple[Missing, ...]
    departments: tuple[str, ...]
    people: int
    chats: int

    @property
    def size(self) -> int:
        """Count all who are meant."""
        return len(self.reached) + len(self.missing)

    @property
    def parts(self) -> list[object]:
        """List what makes it this audience and no other one."""
        missing = [(one.person_id, one.department) for one in self.missing]
        return [
            sorted(one.recipient for one in self.reached),
            sorted(map(str, missing)),
        ]


async def read_scope(hand: Hand, words: str) -> Scope:
    """Read whom words mean, "" everyone; raises Unclear with what is not understood."""
    words = words.strip().strip("：:。")
    if not words or everyone_at(words, whole=True):
        return Scope(everyone=True)
    found = _task_in(hand, words) or await _owing_in(hand, words)
    if found:
        return found
    everyone = False
    departments: list[str] = []
    chats: list[int] = []
    known = await _known(hand)
    for piece in filter(None, _APART.split(words)):
        if everyone_at(piece, whole=True):
            everyone = True
        elif piece.rstrip("”\"'").endswith("群"):
            chats += await _chats(hand, piece)
        else:
            departments.append(_department(hand, piece, known))
    of = () if everyone else tuple(dict.fromkeys(departments))
    return Scope(everyone=everyone, departments=of, chats=tuple(dict.fromkeys(chats)))


async def leading_scope(hand: Hand, text: str) -> Scope | None:
    """Read whom a text that begins with its readers means: 各单位周五前报…

    None if it does not begin so. Raises Unclear if it begins with a department that
    nobody knows.
    """
    if everyone_at(text):
        return Scope(everyone=True)
    if owing := _OWING_AHEAD.match(text):
        return await _owing_in(hand, owing.group())
    if task := _task_in(hand, text, whole=False):
        return task
    known = await _known(hand)
    names: list[str] = []
    end = 0
    folded = fold_in_place(text)
    for one in hand.departments.find(folded, among=known):
        gap = folded[end : one.start]
        if one.start < end:
            continue
        if one.certainty is not Certainty.EXACT or not re.fullmatch(
            "[、,和及与]*", gap
        ):
            break
        names.append(one.department)
        end = one.end
    strangers = hand.departments.names(folded, among=known)
    if not names and strangers and folded.startswith(strangers[0]):
        raise _no_such([strangers[0]])
    return Scope(departments=tuple(dict.fromkeys(names))) if names else None


async def _known(hand: Hand) -> list[str]:
    names = await roster.departments_of_people(hand.session)
    kept = await roster.departments_kept(hand.session)
    names += [one.name for one in kept if not one.collective]
    return list(dict.fromkeys(names))


def _department(hand: Hand, piece: str, known: Sequence[str]) -> str:
    """Return the department or collective that a word names."""
    if piece in known or hand.departments.is_collective(piece):
        return piece
    found = hand.departments.find(piece, among=known)
    names = list(dict.fromkeys(one.department for one in found))
    sure = [one for one in found if one.certainty is Certainty.EXACT]
    whole = len(fold(piece))
    if len(names) == 1 and sure and (sure[0].start, sure[0].end) == (0, whole):
        return names[0]
    raise _no_such([piece], perhaps=names)


def _no_such(names: Iterable[str], *, perhaps: Sequence[str] = ()) -> Unclear:
    maybe = f"您是否指：{'、'.join(perhaps[:3])}？" if perhaps else ""
    return Unclear(
        "unknown departments",
        reply=f"名册里没有查到“{'、'.join(names)[:60]}”，没有起草。{maybe}"
        "请写单位全称或简称，用顿号隔开；全部单位请写“群发 全部单位：内容”。",
    )


def _task_in(hand: Hand, words: str, *, whole: bool = True) -> Scope | None:
    """Read 二（一）4 的责任单位, with the departments of the task.

    Unless they are the *whole* of it, more words may follow.
    """
    folded = fold(words)
    reads = _TASK_END.fullmatch if whole else _TASK_END.match
    found = {
        task.id: (task, said["role"])
        for plan in hand.plans
        for task in plan.tasks
        if folded.startswith(fold(task.clause))
        and (said := reads(folded, len(fold(task.clause))))
    }
    if not found:
        return None
    if len(found) > 1:
        raise Unclear("several plans", reply="几份方案都有这一条，请写明各单位名称。")
    ((task, role),) = found.values()
    if role == "牵头" and task.leads:
        return Scope(departments=tuple(one.department for one in task.leads))
    return Scope(task_id=task.id)


async def _owing_in(hand: Hand, words: str) -> Scope | None:
    """Read 未报单位, 全年落实情况未报单位, 未报单位 #R12."""
    found = _OWING.fullmatch(words)
    if found is None:
        return None
    about = f"{found['report']}{found['more']}".strip(" 、的（）()")
    reports = await _reports(hand, words, about)
    if not reports:
        raise Unclear("no such report", reply="目前没有这样的进行中的报送事项。")
    if len(reports) > 1:
        titles = "、".join(f"{one.title}{one.code}" for one in reports[:4])
        example = f"未报单位 {reports[0].code}"
        words = f"有几项报送进行中，请写明是哪一项，如“{example}”：{titles}。"
        raise Unclear("several reports", reply=words)
    return Scope(report_id=reports[0].id)


async def _reports(hand: Hand, words: str, about: str) -> list[Report]:
    if ids := codes_in(words):
        return list((await due.reports_by_id(hand.session, ids)).values())
    found = await reports_named(hand.session, about, today=hand.at.date())
    counts = await due.counts(hand.session, [one.id for one in found])
    return [one for one in found if OWING & counts[one.id].keys()]


async def _chats(hand: Hand, piece: str) -> list[int]:
    """Find the registered groups that a word names: by title, or those of one kind."""
    chats = await roster.registered_chats(hand.session)
    if kind := _GROUPS.fullmatch(piece):
        of_all, which = "", kind["which"]
        if which == "全体":
            chats = [one for one in chats if one.department == of_all]
        elif "单位" in which or "部门" in which:
            chats = [one for one in chats if one.department != of_all]
        found = list(chats)
    else:
        title = piece.strip("“”\"'")
        found = [one for one in chats if title in (one.title, f"{one.title}群")]
        found = found or [one for one in chats if _is_named(hand, one, title)]
    if not found:
        raise Unclear("no such group", reply=_NO_CHATS.format(piece[:40]))
    return [one.id for one in found]


def _is_named(hand: Hand, chat: Chat, title: str) -> bool:
    stem = title.removesuffix("群").removesuffix("的")
    own = chat.department
    is_own = own != "" and (own == stem or hand.departments.same(own, stem))
    return is_own or (len(stem) > 1 and stem in chat.title)


async def audience_of(hand: Hand, scope: Scope) -> Audience:
    """Look up who is meant now; raises Unclear if a collective has no members."""
    liaisons, names = await _liaisons(hand, scope)
    closed = await _closed(hand, [one.person_id for one in liaisons if not one.lane])
    reached = addressed(liaisons)
    missing = [
        Missing(
            person_id=one.person_id,
            department=one.department,
            why=LOST if one.person_id in closed else "未绑定",
        )
        for one in liaisons
        if not one.lane
    ]
    of_people = {one.department for one in liaisons}
    missing += [
        Missing(person_id=None, department=name, why="没有联络员")
        for name in names
        if name not in of_people
    ]
    chats = await _groups(hand, scope.chats)
    for chat in chats:
        if not _may_be_told(hand, chat):
            name = f"群“{chat.title or chat.address}”"
            missing.append(Missing(person_id=None, department=name, why="不能发送"))
            continue
        to = Addressee(
            recipient=chat.recipient, lane=chat.channel, address=chat.told_at
        )
        reached.append(to)
    return Audience(
        reached=tuple(reached),
        missing=tuple(missing),
        departments=tuple(dict.fromkeys([*of_people, *names])),
        people=len(liaisons),
        chats=len(chats),
    )


def _may_be_told(hand: Hand, chat: Chat) -> bool:
    is_open = chat.closed_at is None or bool(chat.fallback)
    return is_open and chat.channel in hand.nudging.lanes


async def _liaisons(hand: Hand, scope: Scope) -> tuple[list[Hearer], list[str]]:
    """List the liaisons and deputies who are meant, and the departments named."""
    lanes = hand.nudging.lanes
    if scope.everyone:
        found = await hearers_in(hand.session, [Role.LIAISON], lanes=lanes)
        names = await roster.departments_of_people(hand.session, Role.LIAISON)
        kept = await roster.departments_kept(hand.session)
        names += [one.name for one in kept if not one.collective]
        return found, list(dict.fromkeys(names))
    names = await _departments(hand, scope)
    people = await hearers_of(hand.session, names, lanes=lanes)
    return [one for one in people if one.role is Role.LIAISON], names


async def _departments(hand: Hand, scope: Scope) -> list[str]:
    named = list(scope.departments)
    if scope.task_id is not None:
        task = await hand.session.get(Task, scope.task_id)
        named += [one.department for one in task.owners] if task else []
    if scope.report_id is not None:
        owing = await due.submissions_to(hand.session, scope.report_id, states=OWING)
        named += [one.department for one in owing]
    known = await roster.departments_of_people(hand.session)
    meant = expand(named, hand.departments, among=dict.fromkeys(known))
    if meant.unknown:
        raise Unclear(
            "collective without members",
            reply=f"“{'、'.join(meant.unknown)}”没有成员名单，请逐个写明单位，"
            "或先在名册里写上成员。",
        )
    return list(meant.departments)


async def _closed(hand: Hand, people: Collection[int]) -> set[int | None]:
    query = select(Account.person_id).where(
        among(Account.person_id, list(people)), Account.closed_at.is_not(None)
    )
    return set(await hand.session.scalars(query))


async def _groups(hand: Hand, ids: Collection[int]) -> list[Chat]:
    chats, wanted = await roster.chats(hand.session), set(ids)
    return [one for one in chats if one.id in wanted and one.registered_at]
