"""One label of all that the pieces of a reply say; what binds least goes first."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, zip_longest

from bot.reports.replies.days import Today
from bot.reports.replies.meaning import Label, Understood
from bot.reports.replies.open_replies import (
    are_parts,
    asked_for_time,
    by_its_day,
    is_first_part,
    is_still_open,
    not_yet_at_all,
    open_reply,
    partial,
    unsure,
)
from bot.reports.replies.patterns import Sense
from bot.reports.replies.senses import Said
from bot.reports.replies.vouching import claimed, is_as_good_as_claimed

_FIRST = (
    (Sense.WITHDRAW, Label.WITHDRAW),
    (Sense.HANDOVER, Label.HANDOVER),
    (Sense.DISPUTE, Label.DISPUTE),
)
"""What goes before all else in a reply, in this order."""


def weigh(said: Sequence[Said], *, today: Today) -> Understood:
    """Make one label, with its day, of what the pieces of a reply say."""
    found = _weighed(said, today)
    return by_its_day(found, said, today) if found.label is Label.PROMISE else found


def _weighed(said: Sequence[Said], today: Today) -> Understood:
    said = _without_corrected(_without_premises(said))
    senses = {one.sense for one in said}
    if Sense.DISPUTE in senses and any(map(_blames, said)):
        return Understood(label=Label.DISPUTE)
    senses -= {*_idle(said, senses)}
    for sense, label in _FIRST:
        if sense in senses:
            return Understood(label=label)
    if senses & {Sense.EXTENSION, Sense.ASKED_DAY}:
        return asked_for_time(said, today)
    if Sense.JOKE in senses:
        return Understood(label=Label.NOT_YET) if _is_denied(said) else unsure()
    if any(map(_asks_of_it, said)) and _is_denied(said):
        return Understood(label=Label.NOT_YET)
    return _of_the_work(said, senses)


def _idle(said: Sequence[Said], senses: Collection[Sense]) -> Iterator[Sense]:
    """Name what is only told beside the matter, and makes no label."""
    if _is_in_work_elsewhere(said):
        yield Sense.HANDOVER
    if Sense.QUESTION in senses and _is_merely_new(said):
        yield Sense.HANDOVER
    if any("MASK" in one.piece.kinds() for one in said) and all(
        map(_only_tells_apart, said)
    ):
        yield Sense.DISPUTE
    if Sense.CLAIM in senses and all(map(_only_names_us, said)):
        yield Sense.DISPUTE
    if Sense.NIL in senses and _only_lacks_matter(said):
        yield Sense.DISPUTE
    if Sense.EXTENSION in senses and _only_names_a_reform(said):
        yield Sense.DISPUTE


def _only_tells_apart(one: Said) -> bool:
    """Tell whether only two papers are told apart: 交的是党费，跟这个没关系."""
    is_refused = one.sense is Sense.DISPUTE
    return not is_refused or one.piece.kinds() <= {
        "PREP",
        "THIS",
        "NOTUS",
        "FILL",
        "LE",
    }


def _only_names_us(one: Said) -> bool:
    """Tell whether it is only said who has not handed in: 没交的是民政，不是我们."""
    is_refused = one.sense is Sense.DISPUTE
    return not is_refused or [token.kind for token in one.piece.tokens] == ["NOT", "WE"]


def _of_the_work(said: Sequence[Said], senses: set[Sense]) -> Understood:
    """Make a label of a reply that tells how far its writer is."""
    if _comes_in_parts(said):
        return partial(said)
    if Sense.PARTIAL in senses and not _is_made_whole(said):
        return not_yet_at_all(said) or partial(said)
    if Sense.NIL in senses and not _has_matter_after_all(said):
        return Understood(label=Label.NIL)
    if any("IFNOT" in one.piece.kinds() for one in said) and not _is_well_again(said):
        return Understood(label=Label.NOT_YET)
    if Sense.CLAIM in senses:
        return claimed(said)
    if is_as_good_as_claimed(said):
        return Understood(label=Label.CLAIMED)
    if any(map(is_first_part, said)) and any(map(is_still_open, said)):
        return partial(said)
    if are_parts(said):
        return partial(said)
    return open_reply(said)


def _comes_in_parts(said: Sequence[Said]) -> bool:
    """Tell whether of some quarters one is open: 前三季度的报了，四季度的还没."""
    done = [one for one in said if one.sense in _DONE_OF_PART and _of_part(one)]
    is_open = [one for one in said if one.sense in _OPEN_OF_PART and _of_part(one)]
    return bool(done) and bool(is_open)


def _is_well_again(said: Sequence[Said]) -> bool:
    """Tell whether it came after all: 要不是系统崩了昨天就报了，好在今早补传成功."""
    last = said[-1] if said[-1].sense is Sense.CLAIM else said[-2:][0]
    return last.sense is Sense.CLAIM and last.piece.first() == "BUT"


def _is_made_whole(said: Sequence[Said]) -> bool:
    """Tell whether the rest came since: 之前只报了一半，今天把剩下的也报了."""
    claims = [at for at, one in enumerate(said) if one.sense is Sense.CLAIM]
    parts = [at for at, one in enumerate(said) if one.sense is Sense.PARTIAL]
    if not claims or claims[-1] < parts[-1]:
        return False
    tokens = said[claims[-1]].piece.tokens
    return any(one.text.startswith(_THE_REST) or one.text in _ALL for one in tokens)


_THE_REST = (
    "剩",
    "其余",
    "余下",
    "后来",
    "另一半",
    "另外一半",
    "后半",
    "缺的",
    "差的",
    "欠的",
)
_ALL = ("全部", "全都", "都", "全", "齐", "补齐", "补全", "齐全", "全套")
_DONE_OF_PART = frozenset((Sense.CLAIM, Sense.DOUBT, Sense.THEIRS))
_OPEN_OF_PART = frozenset((Sense.NOT_YET, Sense.PROMISE))


def _of_part(one: Said) -> bool:
    periods = [token.text for token in one.piece.tokens if token.kind == "PERIOD"]
    return any("季" in period or "月" in period for period in periods)


def _has_matter_after_all(said: Sequence[Said]) -> bool:
    """Tell whether something is handed in: 没有新增事项，材料25号报; 但总结已报."""
    nils = [place for place, one in enumerate(said) if one.sense is Sense.NIL]
    if nils[-1] == len(said) - 1 and _reports_none(said[-1]):
        return False
    buts = [place for place, one in enumerate(said) if "BUT" in one.piece.kinds()]
    if buts and any(one.sense is Sense.CLAIM for one in said[buts[0] :]):
        return True
    return any(
        one.sense is Sense.PROMISE
        and "NIL" not in one.piece.kinds()
        and one.piece.kinds() >= {"HAND"}
        and not one.piece.kinds().isdisjoint(("DAY", "EITHER"))
        for one in said
    )


def _reports_none(one: Said) -> bool:
    """Tell a nil report from its mere reason: 没别的了，按零报告吧."""
    return any(token.kind == "NIL" and "零" in token.text for token in one.piece.tokens)


def _without_premises(said: Sequence[Said]) -> Sequence[Said]:
    """Leave out what is only asked about in the same breath: 不牵头也要报吗."""
    idle = [_asks_on(*pair) or _denies_a_way(*pair) for pair in pairwise(said)]
    return [one for one, is_idle in zip_longest(said, idle) if not is_idle]


def _without_corrected(said: Sequence[Said]) -> Sequence[Said]:
    """Leave out a slip that is put right in the same reply: 说错了，是29号报.

    What is taken back in earnest (撤回) stays, but where it was handed in anew.
    """
    kept = []
    for place, one in enumerate(said):
        others = [*said[:place], *said[place + 1 :]]
        is_slip = one.sense is Sense.WITHDRAW and (
            _is_put_right(one, others)
            or _is_done_anew(one, said[place + 1 :])
            or _is_told_anew(one, said[place + 1 :])
        )
        if not is_slip:
            kept.append(one)
    return kept


def _is_put_right(one: Said, others: Sequence[Said]) -> bool:
    kinds = one.piece.kinds()
    texts = {token.text for token in one.piece.tokens}
    if texts & {"取消"} and kinds.isdisjoint(("JUST", "HAND", "SEND", "THIS", "ME")):
        return any(other.sense is Sense.NIL for other in others)
    is_slip = "MISTAKE" in kinds or bool(texts & {*_COUNTS_NOW})
    if (
        "MISTAKE" in kinds
        and kinds.isdisjoint(_OF_HIS_WORDS | {"HELLO"})
        and texts & {*_ANYBODY_ERRS}
    ):
        if any(other.sense in (Sense.HANDOVER, Sense.DISPUTE) for other in others):
            return True
    names_days = [
        other
        for other in others
        if other.sense is Sense.PROMISE
        and not other.piece.kinds().isdisjoint(("DAY", "EITHER"))
    ]
    return is_slip and bool(names_days)


_ANYBODY_ERRS = ("错了", "弄错", "搞错", "写错", "搞混")
_COUNTS_NOW = ("以这个为准", "以此为准", "以这条为准", "更正", "纠正", "改口", "不对")


def _is_done_anew(one: Said, after: Sequence[Said]) -> bool:
    """Tell whether another paper came for one taken back: 撤回了，又重发了一份."""
    kinds = one.piece.kinds()
    is_over = one.piece.last() == "LE" or kinds >= {"PAST", "MISTAKE", "LE"}
    return is_over and any(
        other.sense is Sense.CLAIM
        and any(token.text in ("又", "重新", "再次") for token in other.piece.tokens)
        for other in after
    )


def _is_told_anew(one: Said, after: Sequence[Said]) -> bool:
    """Tell whether wrong words are said right: 刚回的打错了，22号就报给你们了."""
    texts = {token.text for token in one.piece.tokens}
    of_words = "HEARSAY" in one.piece.kinds() or bool(texts & {"回", "□", "打错"})
    is_slip = not {"MISTAKE", "WRONG"}.isdisjoint(one.piece.kinds())
    return is_slip and of_words and any(map(_tells_how_it_is, after))


def _tells_how_it_is(one: Said) -> bool:
    """Tell whether a piece says what came, and to whom or how much of it."""
    is_given = not {"YOU", "GIVEN"}.isdisjoint(one.piece.kinds())
    return one.sense is Sense.PARTIAL or (one.sense is Sense.CLAIM and is_given)


def _denies_a_way(one: Said, after: Said) -> bool:
    """Tell by what way it was not handed in, before it is said by which it was."""
    kinds = one.piece.kinds()
    begins = {token.kind for token in one.piece.tokens[:1]}
    is_denied = bool(begins & {"NO", "NOT"}) and kinds <= _WAY_DENIED
    tells_how = bool(after.piece.kinds() & (_WAYS | {"DE"}))
    return is_denied and bool(kinds & _WAYS) and tells_how and _claims(after)


def _claims(one: Said) -> bool:
    return one.sense is Sense.CLAIM


_WAYS = frozenset(("DEST", "FORM"))
_WAY_DENIED = _WAYS | frozenset("NO NOT AT SEND HAND PREP FILL DE".split())


def _asks_on(one: Said, after: Said) -> bool:
    is_one_breath = (
        one.piece.written == after.piece.written or "COND" in one.piece.kinds()
    )
    if one.sense is Sense.DISPUTE and after.sense is Sense.CLAIM:
        return after.piece.first() == "BUT"
    if "THOUGH" in one.piece.kinds() and after.piece.first() in _YET:
        return True
    is_premise = one.sense in _PREMISES or _is_supposed(one, after)
    return is_one_breath and is_premise and after.sense is Sense.QUESTION


_YET = ("BUT", "FILL", "WE", "THING")


def _is_supposed(one: Said, after: Said) -> bool:
    """Tell whether a claim is only a case: 报了材料还要报佐证吗."""
    asks_more = {token.kind for token in after.piece.tokens[:2]} & {"MUST", "CAN"}
    is_bare = one.piece.kinds() <= {"HAND", "SEND", "LE", "THING", "FORM", "DEST"}
    return one.sense is Sense.CLAIM and is_bare and bool(asks_more)


_PREMISES = frozenset((Sense.DISPUTE, Sense.HANDOVER, Sense.NIL))


def _blames(one: Said) -> bool:
    """Tell a mistake of the office from the speaker's own: 都发错，没这项任务."""
    kinds = one.piece.kinds()
    texts = {token.text for token in one.piece.tokens}
    is_told_so = kinds >= {"MISTAKE", "BA"} or (
        kinds.isdisjoint(_OF_HIS_WORDS)
        and ("PLEASE" in kinds or not texts.isdisjoint(_OFFICE_ERRS))
    )
    return one.sense is Sense.WITHDRAW and is_told_so


_OFFICE_ERRS = ("发错", "搞错", "弄错")
_OF_HIS_WORDS = frozenset("ME JUST PAST HEARSAY HAND SEND".split())


def _only_lacks_matter(said: Sequence[Said]) -> bool:
    """Tell a refusal from a nil report with its reason: 不涉及新增，报零."""
    refused = [one.piece.kinds() for one in said if one.sense is Sense.DISPUTE]
    is_nil = any(
        "零" in token.text
        for one in said
        for token in one.piece.tokens
        if token.kind == "NIL"
    )
    return is_nil and all(kinds.isdisjoint(_ELSEWHERE) for kinds in refused)


_ELSEWHERE = frozenset(("OURS", "MOVED", "THEY"))


def _only_names_a_reform(said: Sequence[Said]) -> bool:
    """Tell whether 机构改革 is only why it takes longer: 机构改革人手紧，能缓几天吗."""
    refused = [one.piece for one in said if one.sense is Sense.DISPUTE]
    return all(
        piece.kinds().isdisjoint(("OURS", "NOTUS", "THEY", "NOT", "BELONG"))
        and any(token.text in _REFORMS for token in piece.tokens)
        for piece in refused
    )


_REFORMS = ("机构改革", "职能调整", "职责调整")


def _is_in_work_elsewhere(said: Sequence[Said]) -> bool:
    """Tell a handover from a task given on: 交给小李弄了，他还没弄完."""
    senses = [one.sense for one in said]
    if Sense.HANDOVER not in senses:
        return False
    later_on = said[senses.index(Sense.HANDOVER) + 1 :]
    return any(
        one.sense is Sense.NOT_YET and "THEY" in one.piece.kinds() for one in later_on
    )


def _is_denied(said: Sequence[Said]) -> bool:
    """Tell whether a joke or a question ends in a plain no: 报了？还没写完."""
    last = said[-1]
    kinds = last.piece.kinds()
    return (
        last.sense is Sense.NOT_YET
        and not kinds.isdisjoint(("NO", "NOTYET", "INHAND"))
        and kinds.isdisjoint(("BA", "Q", "TAG", "HEDGE", "THEY"))
    )


def _asks_of_it(one: Said) -> bool:
    """Tell whether it is asked if it was handed in: 问我报了没."""
    kinds = one.piece.kinds()
    asks_whether = any(kinds >= words for words in _HANDED_IN_OR_NOT)
    is_question = one.sense is Sense.QUESTION
    if kinds >= {"QW", "HEARSAY", "HAND"}:
        return True
    return one.sense is Sense.STATUS or (
        is_question and (asks_whether or kinds in ({"HAND", "Q"}, {"HAND", "QW"}))
    )


_HANDED_IN_OR_NOT = ({"HAND", "LE", "NO"}, {"HAND", "LE", "COND"})


def _is_merely_new(said: Sequence[Said]) -> bool:
    """Tell a newcomer who asks from one who takes over: 我是新来的，报到哪."""
    over = [one.piece for one in said if one.sense is Sense.HANDOVER]
    return all(
        "NEWONE" in piece.kinds()
        and piece.kinds().isdisjoint(("LEAVE", "SWITCH", "NAME"))
        and any(token.text in _NEWCOMER for token in piece.tokens)
        for piece in over
    )


_NEWCOMER = ("新来的", "新接手", "刚接手", "刚接", "新接", "新同事", "我接手")
