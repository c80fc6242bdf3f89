"""Cutting a run of names into single ones: A、B等和各有关C; 各市、州、县人民政府."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bot.departments import has_department_shape, is_collective_name
from bot.departments.names import is_generic_part
from bot.departments.names import opens_group as opens_plain_group
from bot.plans.reading.roles import Tie, role_at_end

OPENERS = "([{〔【〈「"
CLOSERS = ")]}〕】〉」"
BREAK = "|"  # stands where a blank parts two names
_HARD = f"、,;/。:{BREAK}"
_LONGEST = 60
_FRESH = ",;。:"
_JOIN = re.compile(r"以及|等和|[和及与暨]")
_LEAD_IN = re.compile(
    r"[^、(]{0,10}?(?<!自)由(?!贸)|(?:\d{1,2}[.)]|并由|分别由|具体由|责成|其中|由|请|并|以及|[和及与、])+"
)
_REST = re.compile(
    r"(?:多个|有关方面|各方|单位|部门|机构|部门和单位|部门单位|部门\(单位\)|单位和部门"
    r"|多部门|职能部门|地方)?"
)
_ASIDE = re.compile(r"以下|简称|不?含|包括|下同")
_NONE = re.compile(r"无|暂无|[-—–/\\*.·~_]+|同上|略")

_LEVEL = re.compile(r"(?:国务院|中央|国家|自治区|[省市县区州镇])[直级属]?(?=[各有相])")

KnownName = Callable[[str], bool]


class Piece(NamedTuple):
    """One name of a run; it is `fresh` where no 、 or 和 ties it to the one before.

    `tie` is the role that a bracket behind the name gives it: A（牵头）. `more` says
    that 等 follows.
    """

    start: int
    end: int
    fresh: bool
    more: bool = False
    tie: Tie | None = None


def split_names(
    plain: str, start: int, end: int, *, is_known: KnownName
) -> list[Piece]:
    """Cut folded text between *start* and *end* into names, in order.

    *is_known* tells the names of the directory, which are never cut inside.
    """

    def is_name(text: str) -> bool:
        return is_known(text) or has_department_shape(text)

    pieces: list[Piece] = []
    for piece in _hard_pieces(plain, start, end):
        for part in _soft_pieces(plain, piece, is_known=is_known, is_name=is_name):
            pieces.extend(_split_rest(plain, part, is_name=is_name))
    merged = _merge_groups(plain, pieces)
    cleaned = (_clean(plain, piece, is_known=is_known) for piece in merged)
    return [piece for piece in cleaned if piece.start < piece.end]


def opens_group(text: str) -> bool:
    """Tell whether *text* is a group that may go on: 各区; 市直有关部门（和单位）."""
    level = _LEVEL.match(text)
    return opens_plain_group(text[level.end() :] if level else text)


def top_level(plain: str, start: int, end: int) -> Iterator[int]:
    """Run through the places between *start* and *end* that lie in no bracket."""
    depth = 0
    for place in range(start, end):
        if plain[place] in OPENERS:
            depth += 1
        elif plain[place] in CLOSERS:
            depth = max(0, depth - 1)
        elif depth == 0:
            yield place


def closing_place(plain: str, opener: int) -> int:
    """Find the bracket that closes the one at *opener*; -1 if none does."""
    depth = 0
    for place in range(opener, len(plain)):
        if plain[place] in OPENERS:
            depth += 1
        elif plain[place] in CLOSERS:
            depth -= 1
            if depth == 0:
                return place
    return -1


def has_partner(plain: str) -> bool:
    """Tell whether the bracket that ends *plain* was opened in it."""
    return _last_opener(plain, 0, len(plain)) >= 0


def _hard_pieces(plain: str, start: int, end: int) -> Iterator[Piece]:
    fresh, begin = True, start
    for place in top_level(plain, start, end):
        if plain[place] in _HARD:
            yield Piece(begin, place, fresh)
            fresh, begin = plain[place] in _FRESH, place + 1
    yield Piece(begin, end, fresh)


def _soft_pieces(
    plain: str, piece: Piece, *, is_known: KnownName, is_name: KnownName
) -> Iterator[Piece]:
    if is_known(plain[piece.start : piece.end]):
        yield piece
        return
    open_places = set(top_level(plain, piece.start, piece.end))
    begin, fresh = piece.start, piece.fresh
    for join in _JOIN.finditer(plain, piece.start, piece.end):
        left, right = plain[begin : join.start()], plain[join.end() : piece.end]
        if join.start() - begin > _LONGEST or join.start() not in open_places:
            continue
        if not right or not is_name(left):
            continue
        if is_generic_part(right) and opens_group(left):
            continue
        yield Piece(begin, join.start(), fresh, more=join[0][0] == "等")
        begin, fresh = join.end(), False
    yield Piece(begin, piece.end, fresh, piece.more)


def _split_rest(plain: str, piece: Piece, *, is_name: KnownName) -> Iterator[Piece]:
    """Cut at 等, which belongs to neither name: B等国务院相关部门."""
    for place in top_level(plain, piece.start, piece.end):
        if plain[place] != "等":
            continue
        left, right = plain[piece.start : place], plain[place + 1 : piece.end]
        is_rest = bool(_REST.fullmatch(right))
        if is_rest or (is_collective_name(right) and is_name(left)):
            yield Piece(piece.start, place, piece.fresh, more=True)
            if not is_rest:
                yield Piece(place + 1, piece.end, fresh=False)
            return
    yield piece


def _merge_groups(plain: str, pieces: list[Piece]) -> list[Piece]:
    """Join what is one group: 各区、县级市; 各镇政府、街道办事处."""
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if (
            last
            and not piece.fresh
            and not last.more
            and plain[piece.start - 1] != BREAK
            and piece.end - last.start <= 40
            and is_generic_part(plain[piece.start : piece.end])
            and opens_group(plain[last.start : last.end])
        ):
            merged[-1] = last._replace(end=piece.end, more=piece.more)
        else:
            merged.append(piece)
    return merged


def _clean(plain: str, piece: Piece, *, is_known: KnownName) -> Piece:
    """Take lead-in words and a bracket that is no part of the name off a piece."""
    start, end, tie = piece.start, piece.end, piece.tie
    lead = _LEAD_IN.match(plain, start, end)
    if lead and not is_known(plain[start:end]):
        start = lead.end()
    opener = _last_opener(plain, start, end)
    if opener > start:
        inner = plain[opener + 1 : end].rstrip(CLOSERS)
        role = role_at_end(inner) or role_at_end(inner.removesuffix("单位"))
        if role and role.start == 0:
            tie, end = role.tie, opener
        elif _ASIDE.match(inner) or not _belongs(inner):
            end = opener
    if _NONE.fullmatch(plain, start, end):
        end = start
    return piece._replace(start=start, end=end, tie=tie)


def _last_opener(plain: str, start: int, end: int) -> int:
    """Find the bracket that closes the piece; -1 if it ends otherwise."""
    if end <= start or plain[end - 1] not in CLOSERS:
        return -1
    depth = 0
    for place in range(end - 1, start - 1, -1):
        if plain[place] in CLOSERS:
            depth += 1
        elif plain[place] in OPENERS:
            depth -= 1
            if depth == 0:
                return place
    return -1


def _belongs(inner: str) -> bool:
    parts = re.split("[、,和]", inner)
    return all(has_department_shape(p) or is_generic_part(p) for p in parts)
