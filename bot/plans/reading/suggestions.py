"""Owners named inside a sentence: 请A会同有关部门制定, 由A牵头, A要…; low certainty."""

import re
from collections.abc import Iterator

from bot.chinese import fold_in_place
from bot.departments import Departments
from bot.departments.names import without_blanks
from bot.facts import Owner
from bot.plans.reading.name_list import Piece, split_names
from bot.plans.reading.owners import merge_owners, owners_of, sole_owner_leads
from bot.plans.reading.roles import CARRIES, GUIDES, HELPS, JOINS, LEADS, Tie

_CLAUSE = re.compile(r"[^,;。!?:\n]+")
_LONGEST = 120
_CALL = re.compile(r"请|(?<!自)由(?!贸)|责成|交")
_VERBS: dict[str, Tie] = {
    "会同": LEADS,
    "牵头": LEADS,
    "负责": CARRIES,
    "配合": HELPS,
    "协助": HELPS,
    "参与": JOINS,
    "指导": GUIDES,
    "要": CARRIES,
    "应": CARRIES,
    "须": CARRIES,
    "需": CARRIES,
    "制定": CARRIES,
    "组织": CARRIES,
    "抓紧": CARRIES,
    "尽快": CARRIES,
    "分别": CARRIES,
}
_VERB = re.compile("|".join(_VERBS))
_DEED = re.compile(
    "共同|联合|抓紧|尽快|加快|制定|研究|负责|开展|推进|推动|组织|做好|落实|编制|出台|建立|完善"
    "|加强|实施|提出|对|按|全面|$"
)


def suggest_owners(body: str, *, departments: Departments) -> tuple[Owner, ...]:
    """Suggest owners that a body without annotation names as subjects; () if none.

    They are of low certainty: a person has to confirm each of them.
    """
    compact = without_blanks(body)
    plain = fold_in_place(compact)
    owners: list[Owner] = []
    for clause in _CLAUSE.finditer(plain):
        end = min(clause.end(), clause.start() + _LONGEST)
        for tie, pieces in _subjects(plain, clause.start(), end, departments):
            owners += owners_of(tie, pieces, compact=compact, departments=departments)
    return sole_owner_leads(merge_owners(owners)[0])


def _subjects(
    plain: str, start: int, end: int, departments: Departments
) -> Iterator[tuple[Tie, list[Piece]]]:
    """Find the subject of a clause and whom it acts together with."""
    starts = [start, *(call.end() for call in _CALL.finditer(plain, start, end))]
    for begin in starts:
        for verb in _VERB.finditer(plain, begin + 2, end):
            pieces = _strong_names(plain, begin, verb.start(), departments)
            if not pieces:
                continue
            yield _VERBS[verb[0]], pieces
            if verb[0] == "会同":
                deed = _DEED.search(plain, verb.end() + 2, end)
                last = deed.start() if deed else end
                yield HELPS, _strong_names(plain, verb.end(), last, departments)
            return


def _strong_names(
    plain: str, start: int, end: int, departments: Departments
) -> list[Piece]:
    """Cut a run into names; [] unless every one of them is surely a department."""
    if end - start > 80:
        return []
    pieces = split_names(plain, start, end, is_known=departments.is_listed)
    names = [plain[piece.start : piece.end] for piece in pieces]
    return pieces if all(_is_strong(name, departments) for name in names) else []


def _is_strong(name: str, departments: Departments) -> bool:
    prefix, _ = departments.split(name)
    if departments.is_collective(name):
        return len(name) <= 15
    return departments.looks_like_department(name) and (
        bool(prefix) or (departments.is_listed(name) and len(name) > 2)
    )
