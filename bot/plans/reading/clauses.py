"""The clauses of an owner annotation: names with a role, a date, a rule."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from bot.departments import has_department_shape
from bot.plans.reading.name_list import split_names, top_level
from bot.plans.reading.roles import (
    HELPS,
    LEADS,
    Tie,
    labels,
    opening_label,
    role_at_end,
)

_TIME = re.compile(
    r"\d+月|\d{4}年|\d+日|年底|年末|月底|季度|上半年|下半年|年内|年度|每年|每月|每季|每周"
    r"|每半年|持续|长期|定期|常态|适时|近期|期间|立即|即时|随时|逐年|四五|五五|之日|工作日"
    r"|按进度|已完成|天内|个月"
)
_TIME_HEAD = re.compile(
    r"(?:\d|到|于|每|力争|年底|今年|明年)[^,;由]{0,20}?(?:前完成|完成|前|底|内|起),?"
    r"(?=由|[省市县区各团])"
)
_FIRST = re.compile(r"第一|首位|列首|排首|首个|在前|首列|之首")
_FIRST_LEADS = re.compile(r"牵头|主责|主办|总责|主要责任")
_STANDS = re.compile(
    r"下同|以下(?:均|都)?同|均同|不再(?:一一|逐一|逐项|单独|重复|另行)*(?:列|标|注|写|述)"
)
_ALWAYS = re.compile(
    r"(?:以下|下列|后续|其余|上述|本方案|各项|所有)[^,;]{0,12}?均(?!同)"
    r"(?:需要?|须|应当?|由|要|请)?"
)
_SCOPE = re.compile(
    r"(?:以下|下列|上述)?(?:各项|所有|全部)*(?:重点|工作)*(?:任务|措施|事项|责任单位|单位)中?"
)
_MIDDLE = re.compile(r"牵头负责|牵头组织|牵头|具体负责|负责|配合|协办|参与|指导")
_DEED = re.compile(
    r"(?:共同|联合|具体|抓紧|尽快|加快)*(?:推进|推动|落实|实施|办理|制定|研究|完成|做好|抓好|组织"
    r"|开展|负责|编制|出台)+$"
)
_AFTER = re.compile(r"[、并,]?(?:和|由)?")
_LONGEST = 600  # a longer clause is no list of owners
_MARKS = ",;。、: "


class ClauseKind(Enum):
    """What a clause of an annotation is."""

    NAMES = auto()
    DUE = auto()
    FIRST_LEADS = auto()
    ALWAYS = auto()
    ASIDE = auto()


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of folded text; for NAMES and ALWAYS it holds the names without role word.

    `tie` is what its role word says, None where it has none; `label` what the label
    before it says; `is_weak` marks a word that is a role only behind a name.
    """

    start: int
    end: int
    kind: ClauseKind
    tie: Tie | None = None
    label: Tie | None = None
    is_weak: bool = False


def segments(plain: str, *, tie: Tie | None = None) -> list[list[Clause]]:
    """Cut folded text into clauses, one list for each label; *tie* is the default."""
    heads = [(0, 0, tie, False, False)]
    opening = opening_label(plain)
    if opening:
        heads = [(0, opening.end, opening.tie, False, False)]
    heads += [
        (label.start, label.end, label.tie, label.is_due, True)
        for label in labels(plain)
        if not opening or label.start >= opening.end
    ]
    parts: list[list[Clause]] = []
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        start, end = head[1], following[0] if following else len(plain)
        start, end = _trim(plain, start, end)
        if head[3]:
            parts.append([Clause(start, end, ClauseKind.DUE)] if start < end else [])
        elif head[2] is None and head[4]:
            parts.append([])
        else:
            parts.append(list(_clauses(plain, start, end, label=head[2])))
    return parts


def _trim(plain: str, start: int, end: int) -> tuple[int, int]:
    while start < end and plain[start] in _MARKS:
        start += 1
    while start < end and plain[end - 1] in _MARKS:
        end -= 1
    return start, end


def _clauses(
    plain: str, start: int, end: int, *, label: Tie | None
) -> Iterator[Clause]:
    cuts = [p for p in top_level(plain, start, end) if plain[p] in ",;。"]
    for first, last in zip([start, *(c + 1 for c in cuts)], [*cuts, end], strict=True):
        first, last = _trim(plain, first, last)
        if first < last:
            yield from _read_clause(plain, first, last, label=label)


def _read_clause(
    plain: str, start: int, end: int, *, label: Tie | None
) -> Iterator[Clause]:
    text = plain[start:end]
    always = _ALWAYS.match(text) if _STANDS.search(plain) else None
    if _FIRST.search(text) and _FIRST_LEADS.search(text):
        yield Clause(start, end, ClauseKind.FIRST_LEADS)
    elif always:
        role = role_at_end(text)
        last = start + role.start if role else end
        yield Clause(start + always.end(), last, ClauseKind.ALWAYS)
    elif _STANDS.search(text) or _SCOPE.fullmatch(text):
        yield Clause(start, end, ClauseKind.ASIDE)
    elif _is_time(text):
        yield Clause(start, end, ClauseKind.DUE)
    else:
        head = _TIME_HEAD.match(text)
        if head and role_at_end(text):
            yield Clause(*_trim(plain, start, start + head.end()), ClauseKind.DUE)
            start += head.end()
        yield from _split_roles(plain, start, end, label=label)


def _is_time(text: str) -> bool:
    return (
        bool(_TIME.search(text))
        and not role_at_end(text)
        and not (has_department_shape(text))
    )


def _split_roles(
    plain: str, start: int, end: int, *, label: Tie | None
) -> Iterator[Clause]:
    """Cut a clause with several roles and no comma: A牵头、B配合; A会同B负责."""
    together = plain.find("会同", start, end)
    if together >= 0:
        left = role_at_end(plain[start:together])
        last = start + left.start if left else together
        yield Clause(start, last, ClauseKind.NAMES, LEADS, label)
        start = together + 2
        right = role_at_end(plain[start:end])
        deed = _DEED.search(plain[max(start, end - 20) : end])
        last = start + right.start if right else end
        if not right and deed:
            last = max(start, end - 20) + deed.start()
        yield Clause(start, last, ClauseKind.NAMES, HELPS, label)
        return
    limit = start if end - start > _LONGEST else end
    for middle in _MIDDLE.finditer(plain, start, limit):
        rest = _AFTER.match(plain, middle.end(), end)
        after = rest.end() if rest else middle.end()
        if (
            after < end
            and _ends_in_name(plain, start, middle.end())
            and (_starts_role(plain, after, end))
        ):
            yield _with_role(plain, start, middle.end(), label=label)
            yield from _split_roles(plain, after, end, label=label)
            return
    yield _with_role(plain, start, end, label=label)


def _with_role(plain: str, start: int, end: int, *, label: Tie | None) -> Clause:
    role = role_at_end(plain[start:end])
    if not role:
        return Clause(start, end, ClauseKind.NAMES, None, label)
    tie, last = role.tie, start + role.start
    return Clause(start, last, ClauseKind.NAMES, tie, label, role.is_weak)


def _ends_in_name(plain: str, start: int, end: int) -> bool:
    role = role_at_end(plain[start:end])
    if not role or role.start == 0:
        return False
    return _name_at(plain, start, start + role.start, last=True)


def _starts_role(plain: str, start: int, end: int) -> bool:
    role = role_at_end(plain[start:end])
    if not role or role.start == 0:
        return False
    return _name_at(plain, start, start + role.start, last=False)


def _name_at(plain: str, start: int, end: int, *, last: bool) -> bool:
    names = split_names(plain, start, end, is_known=lambda _: False)
    if not names:
        return False
    name = names[-1 if last else 0]
    text = plain[name.start : name.end]
    return has_department_shape(text) and len(text) > 2
