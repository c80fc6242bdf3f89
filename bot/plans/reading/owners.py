"""Owner annotations read: who leads, who carries, who helps, and by when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.chinese import fold_in_place
from bot.departments import Departments, has_department_shape
from bot.departments.names import rank_of
from bot.facts import Doubt, DoubtKind, Owner, OwnerRole, Relation
from bot.plans.reading.annotations import Annotation, find_annotations
from bot.plans.reading.clauses import Clause, ClauseKind, segments
from bot.plans.reading.name_list import (
    BREAK,
    CLOSERS,
    OPENERS,
    Piece,
    closing_place,
    has_partner,
    split_names,
)
from bot.plans.reading.roles import CARRIES, LEADS, Tie

__all__ = [
    "Annotation",
    "OwnerRules",
    "Reading",
    "find_annotations",
    "first_owner_leads",
    "merge_owners",
    "owners_of",
    "read_annotation",
    "read_cell",
    "sole_owner_leads",
]

_SEPARATORS = re.compile("[、,，；;/:：]")
_ORDINAL = re.compile(r"^\d{1,2}[.．、)）]")
_NUMBERED = re.compile(r"(?:^|(?<=[^\d\s、，,第（(〔[【]))\s*\d{1,2}[.．、)）](?!\d)")
_LONGEST_NAME = 40
_CARRYING_RANKS = {"省", "市", "县"}


@dataclass(frozen=True, slots=True)
class OwnerRules:
    """What a document says once for all annotations that follow.

    `first_leads`: the first name of a list leads (排在第一位的为牵头单位，下同).
    `always` are owners of every later task (以下均需…落实，不再列出).
    """

    first_leads: bool = False
    always: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What an annotation says; `rules` hold from here to the end of the document."""

    owners: tuple[Owner, ...]
    rules: OwnerRules
    due_text: str
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Names that one role word or label ties to the task."""

    tie: Tie
    owners: tuple[Owner, ...]
    is_open: bool


def read_annotation(
    text: str, *, departments: Departments, rules: OwnerRules
) -> Reading:
    """Read an annotation, with or without its outer bracket, under *rules* so far.

    `due_text` is the phrase of time in it, "" if none; several are joined by ；.
    A doubt's `where` is left "" for the caller. Owners stand in the text's order,
    after them those of `rules.always`.
    """
    compact = _joined(_without_bracket(text.strip()), departments)
    plain = fold_in_place(compact)
    parts = segments(plain)
    groups = [
        group
        for part in parts
        for group in _groups(
            part, compact=compact, plain=plain, departments=departments
        )
    ]
    clauses = [clause for part in parts for clause in part]
    now = _rules(clauses, compact=compact, departments=departments, before=rules)
    owners = _settled(groups, first_leads=now.first_leads)
    named = {owner.department for owner in owners}
    owners += [owner for owner in rules.always if owner.department not in named]
    kept, doubts = merge_owners(owners)
    due = [compact[c.start : c.end] for c in clauses if c.kind is ClauseKind.DUE]
    unknown = _unknown(kept, departments)
    return Reading(kept, now, "；".join(due), (*unknown, *doubts))


def read_cell(
    text: str, *, role: OwnerRole, relation: Relation, departments: Departments
) -> tuple[Owner, ...]:
    """Read the names in a table cell or behind a label; () for "/", 无, — and "".

    Blanks and line breaks part names where both sides are names. Role words in the
    cell win over *role* and *relation*: A（牵头）、B.
    """
    compact = _joined(_NUMBERED.sub(BREAK, text), departments)
    plain = fold_in_place(compact)
    groups: list[_Group] = []
    for part in segments(plain, tie=(role, relation)):
        groups += _groups(part, compact=compact, plain=plain, departments=departments)
    owners = [owner for group in groups for owner in group.owners]
    return merge_owners(owners)[0]


def merge_owners(owners: list[Owner]) -> tuple[tuple[Owner, ...], list[Doubt]]:
    """Keep each department once, at its first place; doubt where its roles differ."""
    kept: dict[str, Owner] = {}
    doubts: list[Doubt] = []
    for owner in owners:
        first = kept.setdefault(fold_in_place(owner.department), owner)
        if first.role is not owner.role:
            doubts.append(
                Doubt(
                    kind=DoubtKind.TWO_ROLES,
                    where="",
                    about=owner.department,
                    advice=f"“{owner.department}”在同一处既是{first.relation}单位，"
                    f"又是{owner.relation}单位，暂按“{first.relation}”保留，请核对原文。",
                )
            )
    return tuple(kept.values()), doubts


def sole_owner_leads(owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
    """Make the one body that carries a task its lead, if nothing else leads it."""
    carriers = [
        owner
        for owner in owners
        if owner.leads or owner.relation in (Relation.CARRIES, Relation.ANSWERS)
    ]
    if len(carriers) != 1 or carriers[0].role is not OwnerRole.JOINT:
        return owners
    lead = replace(carriers[0], role=OwnerRole.LEAD)
    return tuple(lead if owner is carriers[0] else owner for owner in owners)


def first_owner_leads(owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
    """Make the first of several names their lead, where a rule says so."""
    if not owners or any(owner.leads for owner in owners):
        return owners
    first = owners[0]
    if first.role is not OwnerRole.JOINT:
        return owners
    return (replace(first, role=OwnerRole.LEAD, relation=Relation.LEADS), *owners[1:])


def _without_bracket(text: str) -> str:
    """Take the outer bracket off, also where its other half was lost."""
    compact = text.rstrip("。；; ")
    plain = fold_in_place(compact)
    if plain and plain[0] in OPENERS:
        close = closing_place(plain, 0)
        if close in (-1, len(plain) - 1):
            return compact[1:] if close < 0 else compact[1:-1]
    if plain and plain[-1] in CLOSERS and not has_partner(plain):
        return compact[:-1]
    return compact


def _groups(
    clauses: list[Clause], *, compact: str, plain: str, departments: Departments
) -> Iterator[_Group]:
    """Gather the names of one segment under the role word that follows them."""
    waiting: list[Piece] = []
    tie: Tie | None = None
    for clause in clauses:
        if clause.kind is not ClauseKind.NAMES:
            continue
        is_known = departments.is_listed
        waiting += split_names(plain, clause.start, clause.end, is_known=is_known)
        tie = clause.tie or tie
        if clause.tie and waiting:
            yield _group(clause.tie, waiting, compact, departments)
            waiting = []
    if waiting:
        rest = clauses[-1].label or tie or CARRIES
        rest = CARRIES if rest == LEADS and not clauses[-1].label else rest
        yield _group(rest, waiting, compact, departments)


def _group(
    tie: Tie, pieces: list[Piece], compact: str, departments: Departments
) -> _Group:
    owners = owners_of(tie, pieces, compact=compact, departments=departments)
    return _Group(tie, tuple(owners), any(piece.more for piece in pieces))


def owners_of(
    tie: Tie, pieces: list[Piece], *, compact: str, departments: Departments
) -> list[Owner]:
    """Make owners of the names at *pieces* of *compact*, with prefixes restored."""
    owners = []
    prefix = ""
    for piece in pieces:
        # Inside a bracket a break parts nothing, and it is no character of the text.
        written = compact[piece.start : piece.end].replace(BREAK, "")
        prefix = "" if piece.fresh else prefix
        name, prefix = _restore(written, prefix=prefix, departments=departments)
        role, relation = piece.tie or tie
        if departments.is_collective(written):
            role = OwnerRole.COLLECTIVE
        owners.append(
            Owner(department=name, role=role, relation=relation, written=written)
        )
    return owners


def _restore(written: str, *, prefix: str, departments: Departments) -> tuple[str, str]:
    """Restore a carried-over prefix; return the name and the prefix that goes on."""
    if departments.is_collective(written):
        return written, ""
    base = re.split(r"[(（〔\[]", written, maxsplit=1)[0] or written
    own, stem = departments.split(base)
    if own:
        goes_on = stem == "团委" or (
            fold_in_place(base).startswith(own) and departments.bears_prefix(stem)
        )
        goes_on = goes_on and rank_of(own) in _CARRYING_RANKS
        return written, _as_written(own, base) if goes_on else ""
    if not prefix or not _may_carry(stem, prefix=prefix, departments=departments):
        return written, ""
    if stem == "团委" and len(prefix) == 1:
        return f"{written[0]}{prefix}{written[1:]}", prefix
    party = departments.is_party_body(stem) and not stem.startswith("委")
    return f"{prefix}{'委' if party else ''}{written}", prefix


def _as_written(prefix: str, name: str) -> str:
    """Give a folded prefix in the script in which *name* is written (團縣委: 縣)."""
    at = fold_in_place(name).find(prefix)
    return name[at : at + len(prefix)] if at >= 0 else prefix


def _may_carry(stem: str, *, prefix: str, departments: Departments) -> bool:
    if stem.endswith("分局") and not departments.is_listed(stem):
        stem = f"{stem[:-2]}局"
    if stem.endswith("厅") and rank_of(fold_in_place(prefix)) != "省":
        return False
    if stem.endswith("部") and not stem.endswith("武装部"):
        return departments.is_party_body(stem)
    return departments.bears_prefix(stem)


def _settled(groups: list[_Group], *, first_leads: bool) -> list[Owner]:
    """Apply what roles mean beside each other: a sole owner leads; the first leads."""
    owners = [owner for group in groups for owner in group.owners]
    if any(owner.leads for owner in owners):
        return owners
    carriers = [
        owner
        for group in groups
        for owner in group.owners
        if owner.relation in (Relation.CARRIES, Relation.ANSWERS)
    ]
    if not carriers or carriers[0].role is not OwnerRole.JOINT:
        return owners
    is_open = any(group.is_open for group in groups if carriers[0] in group.owners)
    if len(carriers) == 1 and not is_open:
        lead = replace(carriers[0], role=OwnerRole.LEAD)
    elif first_leads:
        lead = replace(carriers[0], role=OwnerRole.LEAD, relation=Relation.LEADS)
    else:
        return owners
    return [lead if owner is carriers[0] else owner for owner in owners]


def _rules(
    clauses: list[Clause], *, compact: str, departments: Departments, before: OwnerRules
) -> OwnerRules:
    """Add to the rules *before* what this annotation lays down for later ones."""
    first = before.first_leads or any(
        clause.kind is ClauseKind.FIRST_LEADS for clause in clauses
    )
    always = list(before.always)
    plain = fold_in_place(compact)
    for clause in clauses:
        if clause.kind is ClauseKind.ALWAYS:
            is_known = departments.is_listed
            names = split_names(plain, clause.start, clause.end, is_known=is_known)
            always += owners_of(
                CARRIES, names, compact=compact, departments=departments
            )
    return OwnerRules(first_leads=first, always=merge_owners(always)[0])


def _unknown(owners: tuple[Owner, ...], departments: Departments) -> list[Doubt]:
    return [
        Doubt(
            kind=DoubtKind.UNKNOWN_DEPARTMENT,
            where="",
            about=owner.written,
            advice=f"“{owner.written}”不像单位名称，请核对原文，或补入部门名录。",
        )
        for owner in owners
        if not departments.looks_like_department(owner.written)
    ]


def _joined(text: str, departments: Departments) -> str:
    """Remove the blanks of *text*; a mark stays where they part two names."""
    joined, depth = "", 0
    for word in text.split():
        last = _ORDINAL.sub("", _SEPARATORS.split(joined[-_LONGEST_NAME:])[-1])
        first = _SEPARATORS.split(_ORDINAL.sub("", word[:_LONGEST_NAME]))[0]
        if depth == 0 and _are_apart(last, first, departments):
            joined += BREAK
        joined += word
        plain = fold_in_place(word)
        depth += sum(char in OPENERS for char in plain)
        depth = max(0, depth - sum(char in CLOSERS for char in plain))
    return joined


def _are_apart(left: str, right: str, departments: Departments) -> bool:
    """Tell whether a blank parts two names, and does not break one: 县委 宣传部."""
    return (
        len(left) > 1
        and departments.looks_like_department(left)
        and not departments.is_listed(left + right)
        and (
            departments.is_listed(right)
            or departments.is_collective(right)
            or (bool(departments.split(right)[0]) and has_department_shape(right))
        )
    )
