"""Whether the words of a reply vouch for a claim that the scorecard reads in them."""

import re
from collections.abc import Sequence

from bot.reports.replies.claims import is_bare
from bot.reports.replies.patterns import Sense
from bot.reports.replies.scorecard import Scorecard
from bot.reports.replies.senses import Said

_PLAIN = 30
_BESIDE_THE_UNKNOWN = 70
_BESIDE_A_DAY = 180
_LIKELY = 100
_OPEN_WORD = 50
_TURNED_AWAY = 50
_A_STRANGE_SUBJECT = 50
_A_STRANGE_PAIR = 10
_ANOTHER_PAPER = 50
_HANDING = frozenset("HAND SEND GIVEN".split())
_UNKNOWN = frozenset("X NAME MASK NOTE ACT".split())
_PAPERS = frozenset("NOTE MASK".split())
_TO_COME = frozenset("DAY EITHER SOON".split())
_SUBJECT = 3
_TO_US = re.compile(
    r"[报交发送传拿转](?:给|到|来给)了?(?:我|咱)(?!们?(?:的|单位|局)?[科股办])"
)
_SUPPOSED_OR_TO_COME = re.compile("(?:的话|就是了)$")
_FROM_YOU = re.compile(
    r"(?:你|您|贵.{1,3}|上级|市里|省里).{0,6}[发送寄传给](?:来|过来|我)"
)

_NO_CLAIM = (_TO_US, _FROM_YOU, _SUPPOSED_OR_TO_COME)


def is_vouched_for(
    said: Sequence[Said], card: Scorecard, *, lead: int, is_ruled: bool
) -> bool:
    """Tell whether a claim may be booked, which leads by so many points.

    It needs few where the rules read a claim too. Else words that nobody taught ask
    for more: they may name another report or another department. What came to us, is
    supposed or still to come vouches for nothing.
    """
    text = "|".join("".join(token.text for token in one.piece.tokens) for one in said)
    if any(says.search(text) for says in _NO_CLAIM) or any(map(_is_another, said)):
        return False
    if is_ruled:
        return lead >= _asked_of_a_ruled_one(said)
    if any(map(_undoes, said)):
        return False
    return lead >= _LIKELY + _doubt(said) + _strangeness(said, card)


def _asked_of_a_ruled_one(said: Sequence[Said]) -> int:
    if any(map(_only_names_a_day, said)):
        return _BESIDE_A_DAY
    if len(said) > 1 and any(map(_is_unknown, said)):
        return _BESIDE_THE_UNKNOWN
    return _PLAIN if len(said) > 1 else 0


def _is_unknown(one: Said) -> bool:
    """Tell whether it may ask of another paper, or say that one is missing."""
    says_nothing = one.sense is Sense.NOTHING  # 亮点材料欠着
    is_strange = says_nothing and not one.piece.kinds().isdisjoint(_UNKNOWN)
    return is_strange or one.sense is Sense.QUESTION  # 你问计划啊


def _only_names_a_day(one: Said) -> bool:
    """Tell whether something else may be to come: 主报告交了，做法25号续上."""
    names_a_day = not one.piece.kinds().isdisjoint(("DAY", "EITHER"))
    return one.sense is Sense.NOTHING and names_a_day


def _doubt(said: Sequence[Said]) -> int:
    return (
        _OPEN_WORD * any(map(_leaves_open, said))
        + _TURNED_AWAY * any(map(_turns_away, said))
        + _A_STRANGE_SUBJECT * any(map(_has_a_strange_subject, said))
    )


def _undoes(one: Said) -> bool:
    """Tell whether a piece makes a claim beside it none: 报了才怪, 要不是停电早交了."""
    kinds = one.piece.kinds()
    if one.sense is Sense.JOKE or not kinds.isdisjoint(_SUPPOSED):
        return True
    if one.sense is Sense.DOUBT and (is_bare(one.piece.tokens) or kinds <= _MERE):
        return True
    ends = (one.piece.tokens[:1], one.piece.tokens[-1:])
    return any(token.kind == "THEN" for end in ends for token in end)


_MERE = frozenset("EITHER JIU HAND SEND LE UP FILL".split())
"""周五就交了, said on a Tuesday; 发过去了, said to nobody."""

_SUPPOSED = frozenset("BA COND IFNOT IFSO MEANT".split())


def _turns_away(one: Said) -> bool:
    """Tell what speaks of others, of a part, of a time to come, or takes back."""
    return one.sense in _ASIDE or _is_to_come(one) or "THEN" in one.piece.kinds()


_ASIDE = (Sense.PARTIAL, Sense.THEIRS, Sense.WITHDRAW)


def _leaves_open(one: Said) -> bool:
    """Tell what is denied, supposed, asked or only heard of: 应该发了, 没已经发了."""
    kinds = one.piece.kinds()
    return not kinds.isdisjoint(_OPEN) and not kinds.isdisjoint(_ACTS)


_OPEN = frozenset(
    "NO NOT NOTYET HEDGE HEARSAY BA COND IFNOT Q QW YN MEANT MUST FUT CAN LACK FAIL TAG"
    " SURELY JOKE NEARLY WAIT IFSO NEEDNOT HALF PROCESS BOSS HABIT".split()
)
_ACTS = frozenset("HAND SEND GIVEN MEND FINISH DONE MAKE".split())


def _is_another(one: Said) -> bool:
    """Tell whether it is named what was handed in, and that is strange: 交的是房租."""
    rows = (one.piece.tokens[at : at + 4] for at in range(len(one.piece.tokens)))
    return any(
        len(row) == 4
        and row[0].kind in _HANDING
        and row[1].kind == "DE"
        and row[2].text == "是"
        and row[3].kind in _UNKNOWN
        for row in rows
    )


def _has_a_strange_subject(one: Said) -> bool:
    """Tell whether somebody whom we do not know is said to hand in: 兽医站的早交了."""
    first = one.piece.tokens[:1]
    is_unknown = any(it.kind == "X" and len(it.text) >= _SUBJECT for it in first)
    return is_unknown and not one.piece.kinds().isdisjoint(_HANDING)


def _is_to_come(one: Said) -> bool:
    return one.sense is Sense.PROMISE and not one.piece.kinds().isdisjoint(_TO_COME)


def _strangeness(said: Sequence[Said], card: Scorecard) -> int:
    """Count what nobody taught: papers, and pairs of characters in unknown words."""
    tokens = [token for one in said for token in one.piece.tokens]
    papers = sum(_ANOTHER_PAPER for token in tokens if token.kind in _PAPERS)
    unknown = [token.text for token in tokens if token.kind in _UNKNOWN]
    pairs = (text[at : at + 2] for text in unknown for at in range(len(text) - 1))
    return papers + sum(_A_STRANGE_PAIR for pair in pairs if pair not in card.points)
