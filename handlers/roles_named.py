"""Which of the departments named is to have which role: 宣传部牵头、又写着我们的."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.departments import Mention
from handlers.loose_words import JOINT, ROLE, US
from handlers.phrases import GAP
from handlers.signs import TOLD, Sign

_BETWEEN = re.compile("[和跟与同及、,&\\s]?|以及|还有")
_OWN = re.compile("[和跟与同及、&\\s]?|以及|还有")  # 科协,我们牵头的 are two
_THEN = re.compile(
    "(?:[这那]边|[局委部办会镇]|街道|里头?|[两三四几]家|单位|双|共同|一起|一块儿?|联合|都"
    f"|[来给所的]){{0,3}}(?:{ROLE.pattern})(?P<of>的)?"
)
_LIKEWISE = re.compile("[^,。?]{0,4}[和跟与同及、]|[^,。?]{0,4}(?:以及|还有)")
_SERVED = re.compile("(?:给|替|帮|为)$")  # 给组织部当帮手: it is they who lead
_SERVING = re.compile("(?<!不)(?<!不用)(?:配合|协助|跟着)$")  # 配合科技局的
_TAKES_ALONG = re.compile("(?:[领带拉牵]着|带领)")  # 宣传部领着我们
_BESIDE = re.compile("(?:[跟和与同带含有着了把]|写着|加上|拉着|带上)[^,。?]{0,1}$")
_BESIDE_THEN = re.compile("(?:也|都)?(?:参与|参加|在内|在里|也在|一[起道块路]|有份)")
_EACH = re.compile(
    "一家一[份张]|各[自家]?[列写一发归]|各[自家]?的(?:任务|活)|分(?:别|开|头|成?[两三四]|段)"
    "|[两三四五几]家的?(?:任务|活儿?)?(?:都|全)[要给发列拿]|重复的|[都各]有(?:些)?(?:哪些|什么|啥|几)"
    "|都(?:要|得|该)?[做干](?:些)?(?:什么|啥|哪些)"
    f"|(?:一起|一块儿?|一道|一并|一次性)(?:都|全|先)?(?={TOLD})"
)
_HOUSES = re.compile("[两三四几]家")  # says how many there are, and of each as well
_WITH = ("跟", "和", "与", "同")
_THEIRS = re.compile(f"{GAP}的(?:任务|活儿?)?(?:[和跟与、,]|还有|以及)?{GAP}")

Roles = tuple[tuple[str, Sign | None], ...]


class Group(Struct, frozen=True):
    """Departments named in one breath: 科技局和教育局.

    `role` is the role said of them, None if none is; `is_each` that it is said with 的
    and that others follow likewise: 我们牵头的和科协牵头的; `leads_us` that somebody
    else serves them. `end` is behind the role.
    """

    names: tuple[str, ...]
    start: int
    end: int
    role: Sign | None = None
    is_each: bool = False
    leads_us: bool = False


def groups_named(text: str, mentions: Sequence[Mention], *, ours: str) -> list[Group]:
    """Find who is named in *text*, a gap for each of *mentions*; 我们 means *ours*."""
    found: list[tuple[int, int, str]] = [
        (one.start, one.end, one.department) for one in mentions
    ]
    spans = [one.span() for one in US.finditer(text)] if ours else []
    found += [(start, end, ours) for start, end in spans]
    groups: list[Group] = []
    for start, end, name in sorted(found):
        last = groups[-1] if groups else None
        own = ours in (name, *(last.names if last else ()))
        way = _OWN if own else _BETWEEN
        if last and last.end <= start and way.fullmatch(text, last.end, start):
            names = tuple(dict.fromkeys((*last.names, name)))
            groups[-1] = replace(last, names=names, end=end)
        elif not last or last.end <= start:
            groups.append(Group((name,), start, end))
    return [_in_role(text, one, groups) for one in groups]


def _in_role(text: str, group: Group, groups: Sequence[Group]) -> Group:
    """Read the role that is said of a group: just behind it, or 配合 before it."""
    before = text[: group.start]
    led = _TAKES_ALONG.match(text, group.end)
    if led and any(one.start == led.end() for one in groups):
        return replace(group, role=Sign.LEAD, leads_us=True, end=led.end())
    if _SERVING.search(before):
        return replace(group, role=Sign.LEAD, leads_us=True)
    found = _THEN.match(text, group.end)
    if not found:
        return group
    denied = bool(found["not"] or found["none"]) and not found["tag"]
    if denied and not found["lead"]:
        return group
    if _SERVED.search(before) and not found["lead"]:
        return replace(group, role=Sign.LEAD, leads_us=True, end=found.end())
    role = Sign.HELP_WITH if found["help"] else Sign.NOT_LEADING
    if found["lead"]:
        role = Sign.NOT_LEADING if denied else Sign.LEAD
    is_each = bool(found["of"]) and _LIKEWISE.match(text, found.end()) is not None
    return replace(group, role=role, is_each=is_each, end=found.end())


def roles_apart(
    text: str, groups: Sequence[Group], *, ours: str
) -> dict[str, Sign | None]:
    """Tell which role each department is to have in one and the same task.

    Empty if they are all to have the same, or if those without a role are named by the
    way only. Whom others serve leads: those who serve do not, *ours* if nobody else.
    """
    told = [one for one in groups if one.role]
    if not told or any(one.is_each for one in told):
        return {}
    roles = {name: one.role for one in groups for name in one.names}
    if any(one.leads_us for one in told):
        roles = {name: role or Sign.NOT_LEADING for name, role in roles.items()}
        return {ours: Sign.NOT_LEADING, **roles} if ours else roles
    others = [one for one in groups if not one.role]
    is_apart = len({one.role for one in groups}) > 1 and len(roles) > 1
    return roles if is_apart and all(_is_beside(text, one) for one in others) else {}


def _names(groups: Iterable[Group]) -> list[str]:
    return [name for one in groups for name in one.names]


def _is_beside(text: str, group: Group) -> bool:
    before, after = text[: group.start], text[group.end :]
    return bool(_BESIDE.search(before) or _BESIDE_THEN.match(after))


def each_in_role(groups: Sequence[Group]) -> list[Group]:
    """List the groups of 我们牵头的和科协牵头的; empty if there are not several."""
    told = [one for one in groups if one.role]
    return told if len(told) > 1 and any(one.is_each for one in told[:-1]) else []


def with_each(text: str, groups: Sequence[Group]) -> bool:
    """Tell whether tasks shared with each of *groups* by itself are wished for.

    与A共同的，与B共同的: *groups* without us.
    """
    shared = JOINT.search(text) is not None and len(groups) > 1
    return shared and all(text[: one.start].endswith(_WITH) for one in groups)


def wishes_each(text: str, groups: Sequence[Group]) -> bool:
    """Tell whether the tasks of each of those named are wished for, not the shared."""
    if len({*_names(groups)}) < 2 or JOINT.search(_HOUSES.sub(GAP, text)):
        return False
    return bool(_EACH.search(text) or _THEIRS.search(text))
