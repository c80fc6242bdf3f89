"""Clauses cut into pieces that say one thing each, as voice input has no commas."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.reports.replies.clauses import Clause
from bot.reports.replies.days import Today
from bot.reports.replies.passed_on import ENDS, opens_the_words_of_others
from bot.reports.replies.settling import Piece, settled
from bot.reports.replies.tokens import Token, tokenise

EVENTS = frozenset(
    "HAND SEND GIVEN MEND FINISH MAKE WRITE PROCESS EXT NIL LEAVE MOVED NOTUS".split()
)
_ENDS = frozenset("LE DONE Q BA".split())
_OBJECTS = frozenset(
    "YN QW SEND HAND GIVEN THING THIS EXTRA FORM ACT X MASK PERIOD HALF NUM SPAN"
    " SOMEDAYS DEST PREP YOU NO NOT Q BA TAG OKQ DE THEN JIU CAI FILL LE UP DONE"
    " TELL PERSON NAME FUT MUST SOON IFSO NOTE MOOD".split()
)
_STARTS = frozenset(
    "DAY EITHER GONE NOTYET WE SOON ALREADY LACK PLEASE NO ONLY ONTIME FUT".split()
)
_AFTER_A_THING = frozenset(
    "NOTYET NO DAY EITHER SOON ALREADY ADV LACK JUST MUST WAIT INHAND PROG".split()
)
_VERBS = frozenset("HAND SEND GIVEN MEND".split())
_SPEECH = frozenset(
    "WE ME PLEASE THANKS HELLO BUT OK REPEAT HEDGE JOKE WITHDRAW MISTAKE LACK"
    " MISSING NOTYET COND GONE PAST ALREADY ADV ASKING EXT".split()
)
_HOLDS = frozenset("COND WAIT TELL HEARSAY HEDGE".split())
_TOPIC = frozenset("THEY HEARSAY COND PERIOD JOKE NAME HALF EXCEPT YN ONLY".split())
_NOUNS = frozenset("X MASK NOTE ACT EXTRA THING FORM DE NUM NAME".split())
_STRANGE = frozenset("X MASK NOTE ACT EXTRA NAME".split())
_COMPLETE = EVENTS | frozenset(
    "OK SEEN DONE THANKS HELLO PLEASE LE DAY GONE EITHER Q".split()
)
_CLAUSAL = _COMPLETE | frozenset(
    "REPEAT NO NOT NOTYET FAIL BUT HEDGE JUST PROG AT AWAY WE ME BOSS QW FIND"
    " ASKING".split()
)
_US = frozenset(("WE", "ME"))
_HANGING = _TOPIC - {"THEY", "PERIOD", "NAME"}
_NAMING = frozenset("THEY DE X PERSON BOSS FILL YOU NAME NUM SEEN NOTE THIS".split())
_TITLES = ("主任", "长", "书记", "老师", "总", "工", "哥", "姐", "领导")


def pieces_of(
    clauses: Sequence[Clause],
    *,
    today: Today,
    report: str = "",
    own: tuple[str, ...] = (),
) -> list[Piece]:
    """Cut clauses into pieces; a question mark becomes a word of its piece."""
    pieces: list[Piece] = []
    held: list[Token] = []
    is_passed_on = False
    for clause in clauses:
        tokens = tokenise(clause.text, today=today, report=report, own=own)
        if held and tokens and tokens[0].kind in _US and _is_mere_name(held):
            _add(pieces, Piece(tuple(held), clause.written))
            held = []
        tokens = held + tokens
        held = tokens if clause.mark == " " and _is_unfinished(tokens) else []
        if held:
            continue
        cut = list(_cut(tokens)) if tokens else []
        if clause.is_question:
            _ask(cut, pieces)
        for row in cut:
            _add(pieces, Piece(tuple(row), clause.written, is_passed_on))
        opens = opens_the_words_of_others(tokens, mark=clause.mark)
        is_passed_on = opens or (is_passed_on and clause.mark not in ENDS)
    return settled(pieces)


def _is_unfinished(tokens: Sequence[Token]) -> bool:
    """Tell whether a blank stands within a sentence: 还没 报, but 张主任 已报."""
    kinds = {token.kind for token in tokens}
    is_address = kinds <= {"BOSS", "PERSON"} and tokens[-1].text.endswith(_TITLES)
    return bool(tokens) and not is_address and kinds.isdisjoint(_COMPLETE)


def _is_mere_name(tokens: Sequence[Token]) -> bool:
    return {token.kind for token in tokens} <= _NAMING


def _ask(cut: list[list[Token]], pieces: list[Piece]) -> None:
    mark = Token("Q", "?", 0)
    if cut:
        cut[-1].append(mark)
    elif pieces:
        last = pieces[-1]
        pieces[-1] = replace(last, tokens=(*last.tokens, mark))
    else:
        cut.append([mark])


def _add(pieces: list[Piece], piece: Piece) -> None:
    """Add a piece; a tag (是吧) or a mere topic (教育局的) belongs to its neighbour."""
    last = pieces[-1] if pieces else None
    if last and piece.tokens[0].kind == "BUT":
        pieces.append(piece)
        return
    of_us = last and _US & piece.kinds() and not _HANGING & last.kinds()
    if last and (_is_tag(piece) or (_is_topic(last) and not of_us)):
        if _wakes_up(last, piece) or last.is_passed_on != piece.is_passed_on:
            pieces.append(piece)
            return
        pieces[-1] = replace(last, tokens=(*last.tokens, *piece.tokens))
    else:
        pieces.append(piece)


def _wakes_up(last: Piece, piece: Piece) -> bool:
    """Tell whether a joke ends in a plain word: 做梦都想报，可惜没报."""
    return "JOKE" in last.kinds() and bool(piece.kinds() & {"NO", "NOTYET"})


def _is_tag(piece: Piece) -> bool:
    kinds = piece.kinds()
    return bool(kinds & {"TAG", "OKQ"}) and kinds <= {
        "TAG",
        "OKQ",
        "FILL",
        "MOOD",
        "Q",
        "LE",
    }


def _is_strange(piece: Piece) -> bool:
    """Tell whether a piece only names a thing that we do not know: 党费."""
    kinds = piece.kinds()
    is_noun = piece.tokens[-1].kind in _NOUNS and kinds.isdisjoint(_CLAUSAL)
    return is_noun and not kinds.isdisjoint(_STRANGE)


_DENIED_PART = frozenset("NOT FILL ONLY HALF THING EXTRA FORM".split())
"""不是一半, 不是只有附件: a part that is denied says nothing of what follows."""


def _is_topic(piece: Piece) -> bool:
    kinds = piece.kinds()
    if "NOT" in kinds <= _DENIED_PART:
        return False
    if _is_strange(piece) or "NUM" in kinds <= {"FILL", "NUM", "WE"}:
        return True
    ends = EVENTS | {"Q", "TAG", "OK", "SEEN", "YN", "SHOWN", "FORGOT"}
    if "THEY" in kinds and "CAI" in kinds:
        return False
    said = "HEARSAY" in kinds and any("□" in token.text for token in piece.tokens)
    return bool(kinds & _TOPIC) and kinds.isdisjoint(ends) and not said


def _cut(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    row: list[Token] = []
    for place, token in enumerate(tokens):
        if row and _begins(row, token, tokens[place:]):
            yield row
            row = []
        row.append(token)
    yield row


def _begins(row: Sequence[Token], token: Token, rest: Sequence[Token]) -> bool:
    """Tell whether something new begins at *token*, which follows *row*."""
    kinds = {one.kind for one in row}
    coming = [one.kind for one in rest]
    if token.kind == "BUT" or _is_agreed(row, token) or _adds_how(row, rest):
        return True
    if _has_new_subject(row, token, rest) or _promises_anew(row, token, rest):
        return True
    if row[-1].kind == "RHETORIC":
        return token.kind not in ("Q", "FILL", "MOOD", "BA", "LE")
    if (
        token.kind in ("EXTRA", "FORM", "THING", "THIS")
        and not EVENTS.isdisjoint(kinds)
        and (_is_ended(row) or row[-1].kind in ("YOU", "THING"))
    ):
        return bool({*coming[1:3]} & _AFTER_A_THING) or "ME" in coming
    if kinds.isdisjoint(EVENTS | {"OK", "SEEN", "DONE", "NOTYET"}):
        return False
    if token.kind == "PLEASE" and kinds.isdisjoint(_HOLDS):
        return "FIND" not in coming
    if not _HOLDS.isdisjoint(kinds) or "TELL" in coming[:6]:
        return False
    if (
        token.kind in _STARTS
        and not EVENTS.isdisjoint(coming[1:])
        and not (EVENTS - {"NIL"}).isdisjoint(kinds)
    ):
        return row[-1].kind not in ("EXT", "PREP", "NOT", "YN", "CAN")
    if not _is_ended(row) or token.kind in _OBJECTS:
        return False
    return token.kind in _SPEECH or row[-2:-1] == [] or row[-2].kind not in _VERBS


def _adds_how(row: Sequence[Token], rest: Sequence[Token]) -> bool:
    """Tell whether it is told how it was done: 已经发过去了，发的是公邮."""
    texts = [one.text for one in rest[:3]]
    return _is_ended(row) and rest[0].kind in _VERBS and texts[1:] == ["的", "是"]


def _promises_anew(row: Sequence[Token], token: Token, rest: Sequence[Token]) -> bool:
    """Tell whether a day opens a promise: 昨天说今天报的又停电了 明天一定报."""
    coming = {one.kind for one in rest[1:4]}
    return token.kind == "DAY" and row[-1].kind == "LE" and "HAND" in coming


def _is_agreed(row: Sequence[Token], token: Token) -> bool:
    """Tell whether a 好 or 没有 that answers stands alone: 好我们明天报."""
    kinds = {one.kind for one in row}
    is_answer = "OK" in kinds <= {"OK", "MOOD", "FILL"}
    is_denial = row[0].kind == "NO" and kinds == {"NO", "MOOD"}
    return (is_answer or is_denial) and token.kind in _SUBJECTS


def _has_new_subject(row: Sequence[Token], token: Token, rest: Sequence[Token]) -> bool:
    """Tell whether somebody else is spoken of from here on: 没看到消息 我马上报."""
    kinds = {one.kind for one in row}
    coming = {one.kind for one in rest[1:7]}
    if token.kind == "YOU":
        is_asked = rest[1:2] and rest[1].kind in ("PLEASE", "ASKING", "SEEN")
        return bool(is_asked) and not kinds.isdisjoint(EVENTS)
    if token.kind not in _SUBJECTS or coming.isdisjoint(_PREDICATES):
        return False
    if row[-1].kind == "TAG":
        return True
    if kinds.isdisjoint(_PREDICATES) or row[-1].kind in _OPENS:
        return False
    if rest[1].kind in ("JIU", "CAI", "THEN") or _is_of_ours(row, rest):
        return False
    if _is_ended(row) and any(one.kind == "ASKING" for one in rest[1:3]):
        return True
    if "ASKING" in kinds:
        return coming.isdisjoint(("Q", "NO", "YN", "QW"))
    is_told = {"HEARSAY", "TELL"} & kinds and not _is_ended(row)
    return not is_told and kinds.isdisjoint(("COND", "IFNOT", "WAIT", "HEDGE", "YN"))


def _is_of_ours(row: Sequence[Token], rest: Sequence[Token]) -> bool:
    """Tell whether 我们 only says whose a thing is: 收到我们的材料没有."""
    is_named = any(one.kind == "DE" for one in rest[1:4])
    return row[-1].kind in ("OK", "SEEN") and is_named


_SUBJECTS = frozenset(("WE", "ME"))
_PREDICATES = EVENTS | frozenset("NOTYET NO SEEN AWAY FAIL INHAND ASKING OK".split())
_OPENS = frozenset(
    "X PREP DE THIS NOT YN QW CAN TELL HEARSAY FIND SEND HAND GIVEN EXT NO NEEDNOT COND"
    " WAIT BELONG AT FUT OR MAY SWITCH NOTUS MOVED THEN JIU BUT HEDGE".split()
)
"""After such a word a 我们 is its object, or its own subject."""


def _is_ended(row: Sequence[Token]) -> bool:
    return row[-1].kind in _ENDS or row[-1].text in ("呢", "啊", "呀")
