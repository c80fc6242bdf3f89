"""A claim held against the rest of the reply: a doubt, and it is none."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from bot.reports.replies.claims import is_bare
from bot.reports.replies.meaning import Label, Understood
from bot.reports.replies.open_replies import (
    PARTS,
    is_undone,
    open_reply,
    partial,
    promises_more,
    unsure,
)
from bot.reports.replies.patterns import Sense
from bot.reports.replies.pieces import EVENTS
from bot.reports.replies.senses import Said

_SHORT = frozenset("LACK MISSING FAIL CANT".split())


_UNDONE = frozenset("NO NOTYET CANT FAIL PROG INHAND FORGOT LACK WAIT".split())


_DENIAL = frozenset("NO FILL LE BA WE ME".split())


_THEN = frozenset("PAST GONE BOSS FAIL SHOWN MEANT SEEN MASK".split())


def is_as_good_as_claimed(said: Sequence[Said]) -> bool:
    """Tell whether a reply claims, though no piece does by itself."""
    return (
        _is_asked_in_anger(said) or _is_laid_before(said) or _is_proved_in_anger(said)
    )


def _is_asked_in_anger(said: Sequence[Said]) -> bool:
    """Tell a claim from a question: 不是早就报过了吗，怎么又来催."""
    asked = [one for one in said if one.sense is Sense.QUESTION]
    others = [one for one in said if one.sense is not Sense.QUESTION]
    return (
        len(asked) == 1
        and asked[0].piece.kinds() >= {"NOT", "HAND", "Q"}
        and asked[0].piece.kinds().isdisjoint(_NOT_OURS_OR_NOT_DONE)
        and not asked[0].piece.kinds().isdisjoint(_LONG_DONE - {"EITHER"})
        and bool(others)
        and all("REPEAT" in one.piece.kinds() for one in others)
    )


_NOT_OURS_OR_NOT_DONE = frozenset(
    "NO NOTYET THEY BELOW FUT CAI MUST HEARSAY HEDGE COND".split()
)


def _is_proved_in_anger(said: Sequence[Said]) -> bool:
    """Tell whether a receipt answers a reproach: 谁说我们没交？你们给的回执在这儿."""
    senses = {one.sense for one in said}
    is_reproach = senses == {Sense.RHETORIC, Sense.NOTHING}
    return (
        is_reproach
        and said[0].sense is Sense.RHETORIC
        and any(
            one.sense is Sense.NOTHING
            and any(token.text in _PROOFS for token in one.piece.tokens)
            and one.piece.kinds().isdisjoint(_OTHERWISE)
            and not one.piece.kinds().isdisjoint(("AT", "YOU"))
            for one in said
        )
    )


_OTHERWISE = frozenset("NO NOT NOTYET QW Q COND THEY BELOW HEDGE HEARSAY FUT".split())
_PROOFS = ("回执", "截图", "截屏", "单号", "快递单号", "收文号", "流水号", "回执号")


def _is_laid_before(said: Sequence[Said]) -> bool:
    """Tell whether a mere 好了 hands in, as one is asked to look: Done，请查收."""
    looks = any(
        token.kind == "PLEASE"
        and token.text.endswith(("查收", "收一下", "核收", "审核"))
        for one in said
        for token in one.piece.tokens
    )
    bare = [one for one in said if is_bare(one.piece.tokens)]
    others = [one for one in said if one not in bare]
    return looks and bool(bare) and all(one.sense is Sense.NOTHING for one in others)


def claimed(said: Sequence[Said]) -> Understood:
    """Weigh a claim against the rest of a reply: a doubt, and it is none."""
    senses = [one.sense for one in said]
    first = senses.index(Sense.CLAIM)
    last = len(senses) - 1 - senses[::-1].index(Sense.CLAIM)
    if Sense.STATUS in senses or any(map(_asks_after_all, said)):
        return Understood(label=Label.QUESTION)
    if said[last].piece.kinds() <= _MERE and any(map(_means_another, said)):
        return unsure()
    after = [one for one in said[last + 1 :] if not _is_left_behind(one)]
    if any(map(_is_doubt, _unexplained(said))) or any(map(_takes_back, after)):
        return unsure()
    is_vague = (
        is_bare(said[last].piece.tokens) and "GONE" not in said[last].piece.kinds()
    )
    if is_vague and not _stands_alone(said):
        return open_reply([one for one in said if one.sense is not Sense.CLAIM])
    if any(map(_is_a_day, said[:first])) and said[first].piece.kinds().isdisjoint(
        _LONG_DONE
    ):
        return unsure()
    if _is_undone_since(said, last):
        anew = open_reply(after)
        is_promised = anew.label is Label.PROMISE and anew.day is not None
        return anew if is_promised else Understood(label=Label.NOT_YET)
    rest = any(map(_promises_the_rest, said[:first])) or any(
        one.sense is Sense.NOT_YET and one.piece.kinds() & {"EXTRA", "FORM"}
        for one in said[:first]
    )
    if rest or any(map(_lacks, after)) or any(map(promises_more, after)):
        return partial(said)
    if any(map(_is_still_within, after)):
        return unsure()
    was_open = any(
        one.sense is Sense.NOT_YET
        and "NEARLY" not in one.piece.kinds()
        and not _was_only_thought(one)
        and not _is_of_another_period(one, said[first])
        and not _is_of_another_paper(one, said[first])
        for one in said[:first]
    )
    if was_open and not (_was_then(said[:first]) or _has_turned(said[: last + 1])):
        return unsure()
    return Understood(label=Label.CLAIMED)


def _is_undone_since(said: Sequence[Said], claim: int) -> bool:
    """Tell whether what was claimed at a place went wrong after all."""
    after = said[claim + 1 :]
    failed = any(map(_is_all_undone, after)) or any(map(_was_forgotten, after))
    in_vain = _is_sent_in_vain(said[claim], after[:1])
    return (failed and not _is_divided(said)) or _is_rewritten(after) or in_vain


def _is_left_behind(one: Said) -> bool:
    """Tell what does not touch a claim: 差点忘了, 你们还没登记."""
    kinds = one.piece.kinds()
    if one.sense is not Sense.NOT_YET:
        return False
    if any(token.text == "不过来" for token in one.piece.tokens):
        return True
    is_yours = "YOU" in kinds and kinds.isdisjoint(("HAND", "SEND", "FAIL", "ME"))
    return "NEARLY" in kinds or is_yours


_MERE = frozenset("HAND LE FILL WE ME ADV".split())


def _means_another(one: Said) -> bool:
    """Tell whether a mere 报了 is explained as something else: 报了报了，报名了."""
    masked = (token.text for token in one.piece.tokens if token.kind == "MASK")
    return any(text.startswith(("报", "交", "发")) for text in masked)


def _was_only_thought(one: Said) -> bool:
    """Tell 我以为没发出去, which a claim then puts right."""
    return any(token.text in ("以为", "我以为") for token in one.piece.tokens)


def _is_all_undone(one: Said) -> bool:
    """Tell 没报上去 and a bare 还没呢 from what is only to be added: 还没补上."""
    kinds = one.piece.kinds()
    if "NOTYET" in kinds <= {"NOTYET", "FILL", "LE"}:
        return True
    return is_undone(one) and "MEND" not in kinds


def _asks_after_all(one: Said) -> bool:
    """Tell whether a claim is only a question: 报了，是不是; 报了但没显示怎么回事."""
    if one.sense is Sense.QUESTION and "BUT" in one.piece.kinds():
        return True
    return "YN" in one.piece.kinds() <= {"YN", "FILL"}


def _takes_back(one: Said) -> bool:
    """Tell whether a claim is signed by others (教育局), or a but follows it."""
    kinds = one.piece.kinds()
    is_undenied = not kinds >= {"NO", "FAIL"}
    if kinds <= {"BUT", "NO", "TELL", "FILL", "LE", "WE", "ME"} and "TELL" in kinds:
        return False
    if one.sense is Sense.NOTHING and (
        kinds >= {"BUT", "NO"} or (is_undenied and kinds & _SHORT)
    ):
        return True
    is_theirs = one.sense is Sense.THEIRS and "THEY" in one.piece.kinds()
    return is_theirs and one.piece.kinds().isdisjoint(EVENTS)


def _stands_alone(said: Sequence[Said]) -> bool:
    """Tell whether but for its claims a reply speaks of no work."""
    return all(
        one.sense is Sense.NOTHING and one.piece.kinds().isdisjoint(EVENTS)
        for one in said
        if one.sense is not Sense.CLAIM
    )


def _is_divided(said: Sequence[Said]) -> bool:
    """Tell whether a reply names things, of which one was handed in."""
    return any(
        one.piece.kinds() & (_PIECES if "FAIL" in one.piece.kinds() else PARTS)
        for one in said
        if not (one.sense is Sense.PROMISE and "DEST" in one.piece.kinds())
    )


_PIECES = PARTS - {"DEST", "THING"}
"""What may be handed in apart; a system or a mail that fails is no part."""


def _is_sent_in_vain(claim: Said, after: Sequence[Said]) -> bool:
    """Tell whether the very thing claimed went wrong: 发了，没发出去，附件太大."""
    return claim.piece.kinds().isdisjoint(_PIECES) and any(
        one.sense is Sense.NOT_YET
        and one.piece.kinds() >= {"NO", "UP"}
        and one.piece.kinds() <= _IN_VAIN
        for one in after
    )


_IN_VAIN = frozenset("NO HAND SEND UP BUT FILL DEST ADV LE".split())


def _is_rewritten(after: Sequence[Said]) -> bool:
    """Tell whether somebody wants it done again: 你们说要改，我再改改."""
    return any(
        "HEARSAY" in one.piece.kinds() and one.piece.tokens[-1].text in _REWRITING
        for one in after
    )


def _is_a_day(one: Said) -> bool:
    """Tell whether a piece names a day to come alone: 26号，我值班，顺便报了."""
    return one.sense is Sense.PROMISE and one.piece.kinds() <= {"DAY", "EITHER", "FILL"}


_LONG_DONE = frozenset("ALREADY ADV JUST PAST GONE EITHER".split())


def _was_forgotten(one: Said) -> bool:
    """Tell whether it was never done: 我让小李报的，他给忘了."""
    return "FORGOT" in one.piece.kinds() <= {"THEY", "PREP", "FORGOT", "LE", "ADV"}


_REWRITING = ("改", "修改", "完善", "重写", "重弄", "返工")


_FROM_THE_OFFICE = ("等反馈", "等批复", "等答复", "等结果")


def _awaits_the_office(one: Said) -> bool:
    """Tell 提交完成，等待审核 from 报了，等盖章."""
    kinds = one.piece.kinds()
    texts = {token.text for token in one.piece.tokens}
    if not texts.isdisjoint(_FROM_THE_OFFICE):
        return True
    return kinds <= {"WAIT", "WRITE", "FILL"} and not texts.isdisjoint(("审核", "审阅"))


def _is_still_within(one: Said) -> bool:
    """Tell whether a claim only went to the own head: 报了，送领导审了."""
    kinds = one.piece.kinds()
    is_open = one.sense is Sense.NOT_YET and "FUT" not in kinds
    is_sent_up = one.sense is Sense.DRAFTED and "PROCESS" in kinds
    return is_sent_up or (is_open and not _awaits_the_office(one))


def _lacks(one: Said) -> bool:
    kinds = {
        token.kind for token in one.piece.tokens if token.text not in _FROM_THE_OFFICE
    }
    if _awaits_the_office(one):
        return False
    if one.sense is Sense.NOTHING:
        return "NO" in kinds and not kinds.isdisjoint(("THING", "EXTRA", "FORM"))
    return one.sense is Sense.NOT_YET and not kinds.isdisjoint(_UNDONE)


def _promises_the_rest(one: Said) -> bool:
    """Tell whether one of several things is promised: 纸质的下周一送."""
    names = one.piece.kinds() & {"EXTRA", "FORM", "HALF", "LACK", "THING"}
    return promises_more(one) and bool(names)


def _is_doubt(one: Said) -> bool:
    """Tell a doubt from a 好了 that opens a claim.

    What is said of a paper in words that we do not know may say that it lacks.
    """
    kinds = one.piece.kinds()
    if one.sense is Sense.NOTHING and kinds & {"EXTRA", "FORM", "THING"}:
        row = [token.kind for token in one.piece.tokens[-2:]]
        return (
            row in (["X", "HAND"], ["X", "SEND"]) and len(one.piece.tokens[-2].text) < 2
        )
    rest = [token for token in one.piece.tokens if token.kind != "THIS"]
    if one.sense is not Sense.DOUBT or is_bare(rest):
        return False
    of_annex = kinds & {"EXTRA", "FORM"} and kinds & {"LE", "UP"}
    return not of_annex or not one.piece.kinds().isdisjoint(("HEDGE", "HEARSAY", "BA"))


def _is_of_another_period(one: Said, claim: Said) -> bool:
    """Tell whether what is open is another report: 半年的忘了，全年的已经报了."""
    open_ones = {t.text for t in one.piece.tokens if t.kind == "PERIOD"}
    named = {t.text for t in claim.piece.tokens if t.kind in ("PERIOD", "THING")}
    is_this = "THIS" in claim.piece.kinds()
    return bool(open_ones) and (
        is_this or any("年" in text for text in named - open_ones)
    )


def _is_of_another_paper(one: Said, claim: Said) -> bool:
    """Tell whether what is open is no report of ours: 创文的材料没弄，这个已经报了."""
    kinds = one.piece.kinds()
    is_strange = bool(kinds & {"DE", "THIS"} and kinds & {"X", "MASK", "NOTE"})
    is_named = any(
        token.kind == "THING" and re.search("[年季月]", token.text)
        for token in claim.piece.tokens
    )
    return is_strange and (is_named or "THIS" in claim.piece.kinds())


def _unexplained(said: Sequence[Said]) -> list[Said]:
    """Leave out what the next claim explains: 今天补上了，已发邮箱."""
    return [
        one
        for one, after in zip_longest(said, said[1:])
        if not (after and after.sense is Sense.CLAIM and _is_done_somehow(one))
    ]


def _is_done_somehow(one: Said) -> bool:
    kinds = one.piece.kinds()
    if "MEND" in kinds and one.piece.tokens[-1].kind == "LE" and "PAST" in kinds:
        return kinds <= _DONE_SOMEHOW | {"X", "DE", "THING", "EXTRA", "FORM"}
    return kinds <= _DONE_SOMEHOW and not kinds.isdisjoint(("SEND", "MEND", "FINISH"))


_DONE_SOMEHOW = frozenset(
    "WE ME ALREADY ADV JUST GONE PAST ONTIME EITHER FILL UP LE DONE SEND MEND FINISH"
    " ACT".split()
)


def _has_turned(said: Sequence[Said]) -> bool:
    """Tell what was so at first from what is now: 早上没交，刚交完.

    还没 tells how it is now, so that nothing has turned since.
    """
    before, claim = said[:-1], said[-1].piece
    is_now = any(
        "NOTYET" in one.piece.kinds() and "EITHER" not in one.piece.kinds()
        for one in before
    )
    return not is_now and any(
        token.kind == "JUST" or token.text.startswith(_SINCE) for token in claim.tokens
    )


_SINCE = (
    "后来",
    "现在",
    "目前",
    "终于",
    "总算",
    "换了",
    "第二",
    "第三",
    "又一次",
    "重新",
    "又",
    "当场",
    "接着",
    "好在",
)


def _was_then(before: Sequence[Said]) -> bool:
    """Tell whether it was so at another time (之前没报), or is denied (没有啊)."""
    return any(
        one.piece.kinds() & _THEN or one.piece.kinds() <= _DENIAL for one in before
    )
