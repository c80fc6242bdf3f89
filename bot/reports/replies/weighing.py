"""One label of all that the pieces of a reply say; what binds least goes first."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise, zip_longest

from bot.reports.replies.claims import is_bare
from bot.reports.replies.days import Today, later
from bot.reports.replies.meaning import Label, Understood
from bot.reports.replies.patterns import Sense
from bot.reports.replies.pieces import EVENTS
from bot.reports.replies.senses import Said

_FIRST = (
    (Sense.WITHDRAW, Label.WITHDRAW),
    (Sense.HANDOVER, Label.HANDOVER),
    (Sense.DISPUTE, Label.DISPUTE),
)
"""What goes before all else in a reply, in this order."""

_HANDING = frozenset("HAND SEND GIVEN MEND FINISH".split())
_OF_MORE = _HANDING | {"EXTRA", "FORM", "THING", "HALF"}
_SHORT = frozenset("LACK MISSING FAIL CANT".split())
_PARTS = frozenset("THING EXTRA FORM DEST HALF LACK".split())
_UNDONE = frozenset("NO NOTYET CANT FAIL PROG INHAND FORGOT LACK WAIT".split())
_DENIAL = frozenset("NO FILL LE BA WE ME".split())
_THEN = frozenset("PAST GONE BOSS FAIL SHOWN".split())


def weigh(said: Sequence[Said], *, today: Today) -> Understood:
    """Make one label, with its day, of what the pieces of a reply say."""
    said = _without_premises(said)
    senses = {one.sense for one in said}
    if Sense.DISPUTE in senses and any(map(_blames, said)):
        return Understood(label=Label.DISPUTE)
    if _is_in_work_elsewhere(said):
        senses.remove(Sense.HANDOVER)
    for sense, label in _FIRST:
        if sense in senses:
            return Understood(label=label)
    if senses & {Sense.EXTENSION, Sense.ASKED_DAY}:
        return _asked_for_time(said, today)
    if Sense.JOKE in senses:
        return _unsure()
    if Sense.PARTIAL in senses:
        return _not_yet_at_all(said) or _partial(said)
    if Sense.NIL in senses:
        return Understood(label=Label.NIL)
    if Sense.CLAIM in senses:
        return _claimed(said)
    return _open(said)


def _without_premises(said: Sequence[Said]) -> Sequence[Said]:
    """Leave out what is only asked about in the same breath: 不牵头也要报吗."""
    asked = [_asks_on(*pair) for pair in pairwise(said)]
    return [one for one, is_asked in zip_longest(said, asked) if not is_asked]


def _asks_on(one: Said, after: Said) -> bool:
    is_one_breath = one.piece.written == after.piece.written
    return is_one_breath and one.sense in _PREMISES and after.sense is Sense.QUESTION


_PREMISES = frozenset((Sense.DISPUTE, Sense.HANDOVER, Sense.NIL))


def _blames(one: Said) -> bool:
    """Tell a mistake of the office from the speaker's own: 搞错了吧，不归我们."""
    return one.sense is Sense.WITHDRAW and one.piece.kinds() >= {"MISTAKE", "BA"}


def _is_in_work_elsewhere(said: Sequence[Said]) -> bool:
    """Tell a handover from a task given on: 交给小李弄了，他还没弄完."""
    senses = [one.sense for one in said]
    if Sense.HANDOVER not in senses:
        return False
    later_on = said[senses.index(Sense.HANDOVER) + 1 :]
    return any(
        one.sense is Sense.NOT_YET and "THEY" in one.piece.kinds() for one in later_on
    )


def _unsure() -> Understood:
    return Understood(label=Label.OTHER, sure=False)


def _asked_for_time(said: Sequence[Said], today: Today) -> Understood:
    """Tell an extension from the question whether a day within the time would do."""
    asks = any(one.sense is Sense.EXTENSION for one in said)
    day = _day_named(said, Sense.EXTENSION, Sense.ASKED_DAY, Sense.PROMISE)
    if day is None:
        return Understood(label=Label.EXTENSION, day=_span_after_due(said, today))
    if not asks and today.due_on and day <= today.due_on:
        return Understood(label=Label.PROMISE, day=day)
    return Understood(label=Label.EXTENSION, day=day)


def _span_after_due(said: Sequence[Said], today: Today) -> date | None:
    """Return the day asked for by a span (宽限两天), from the due date or today on."""
    start = max(today.due_on or today.day, today.day)
    spans = [
        token.text
        for one in said
        if one.sense in (Sense.EXTENSION, Sense.ASKED_DAY)
        for token in one.piece.tokens
        if token.kind == "SPAN"
    ]
    return later(start, spans[0], calendar=today.calendar) if spans else None


def _partial(said: Sequence[Said]) -> Understood:
    day = _day_named(said, Sense.PARTIAL, Sense.PROMISE)
    return Understood(label=Label.PARTIAL, day=day)


def _not_yet_at_all(said: Sequence[Said]) -> Understood | None:
    """Tell what lacks before it is handed in from a part: 材料不全，还没报."""
    parts = [one for one in said if one.sense is Sense.PARTIAL]
    if any(one.piece.kinds() & _HANDING for one in parts):
        return None
    whole = any(
        _is_undone(one) and one.piece.kinds().isdisjoint(_PARTS) for one in said
    )
    is_claimed = any(one.sense is Sense.CLAIM for one in said)
    return Understood(label=Label.NOT_YET) if whole and not is_claimed else None


def _claimed(said: Sequence[Said]) -> Understood:
    """Weigh a claim against the rest of a reply: a doubt, and it is none."""
    senses = [one.sense for one in said]
    first = senses.index(Sense.CLAIM)
    last = len(senses) - 1 - senses[::-1].index(Sense.CLAIM)
    if Sense.STATUS in senses or any(map(_asks_after_all, said)):
        return Understood(label=Label.QUESTION)
    after = said[last + 1 :]
    if any(map(_is_doubt, said)) or any(map(_takes_back, after)):
        return _unsure()
    if is_bare(said[last].piece.tokens) and not _stands_alone(said):
        return _open([one for one in said if one.sense is not Sense.CLAIM])
    failed = any(map(_is_undone, after))
    if failed and not _is_divided(said):
        return Understood(label=Label.NOT_YET)
    rest = any(map(_promises_the_rest, said[:first]))
    if rest or any(map(_lacks, after)) or any(map(_promises_more, after)):
        return _partial(said)
    if Sense.NOT_YET in senses[:first] and not _was_then(said[:first]):
        return _unsure()
    return Understood(label=Label.CLAIMED)


def _asks_after_all(one: Said) -> bool:
    """Tell whether a claim is only a question: 报了，是不是; 报了但没显示怎么回事."""
    if one.sense is Sense.QUESTION and "BUT" in one.piece.kinds():
        return True
    return "YN" in one.piece.kinds() <= {"YN", "FILL"}


def _takes_back(one: Said) -> bool:
    """Tell whether a claim is signed by others (教育局), or a but follows it."""
    kinds = one.piece.kinds()
    if one.sense is Sense.NOTHING and (kinds >= {"BUT", "NO"} or kinds & _SHORT):
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
    return any(one.piece.kinds() & _PARTS for one in said)


def _is_undone(one: Said) -> bool:
    undone = _HANDING | {"FAIL", "CANT"}
    return one.sense is Sense.NOT_YET and bool(one.piece.kinds() & undone)


def _lacks(one: Said) -> bool:
    return one.sense is Sense.NOT_YET and bool(one.piece.kinds() & _UNDONE)


def _promises_more(one: Said) -> bool:
    return one.sense is Sense.PROMISE and bool(one.piece.kinds() & _OF_MORE)


def _promises_the_rest(one: Said) -> bool:
    """Tell whether one of several things is promised: 纸质的下周一送."""
    names = one.piece.kinds() & {"EXTRA", "FORM", "HALF", "LACK", "THING"}
    return _promises_more(one) and bool(names)


def _is_doubt(one: Said) -> bool:
    """Tell a doubt from a 好了 that opens a claim."""
    return one.sense is Sense.DOUBT and not is_bare(one.piece.tokens)


def _was_then(before: Sequence[Said]) -> bool:
    """Tell whether it was so at another time (之前没报), or is denied (没有啊)."""
    return any(
        one.piece.kinds() & _THEN or one.piece.kinds() <= _DENIAL for one in before
    )


def _open(said: Sequence[Said]) -> Understood:
    """Weigh a reply without any claim: a named day first, a greeting last."""
    senses = {one.sense for one in said}
    day = _day_named(said, Sense.PROMISE) or _day_of_its_condition(said)
    if day:
        return Understood(label=Label.PROMISE, day=day)
    if senses & {Sense.QUESTION, Sense.STATUS}:
        return Understood(label=Label.QUESTION)
    if Sense.NOT_YET in senses and not _promises_at_once(said):
        return Understood(label=Label.NOT_YET)
    if Sense.PROMISE in senses:
        is_vague = Sense.RECEIVED in senses and not any(map(_promises_more, said))
        return Understood(label=Label.RECEIVED if is_vague else Label.PROMISE)
    if senses & {Sense.DOUBT, Sense.THEIRS, Sense.RHETORIC}:
        return _unsure()
    if Sense.DRAFTED in senses:
        return Understood(label=Label.NOT_YET)
    label = Label.RECEIVED if Sense.RECEIVED in senses else Label.OTHER
    return Understood(label=label)


def _promises_at_once(said: Sequence[Said]) -> bool:
    """Tell whether what is not done is promised in the next breath: 忘了，马上报."""
    return said[-1].sense is Sense.PROMISE


def _day_of_its_condition(said: Sequence[Said]) -> date | None:
    """Return the day of what must come first: 局长下周一回来，签了就报."""
    for before, after in pairwise(said):
        if after.sense is Sense.PROMISE and before.piece.kinds() & _MUST_COME_FIRST:
            days = _without_doubles(_days_in(before))
            if days:
                return days[-1]
    return None


_MUST_COME_FIRST = frozenset("BOSS WRITE PROCESS".split())


def _day_named(said: Sequence[Said], *senses: Sense) -> date | None:
    """Return the last day named with the first of some senses that names one."""
    for sense in senses:
        days = [day for one in said if one.sense is sense for day in _days_in(one)]
        known = _without_doubles(days)
        if known:
            return known[-1]
    return None


def _days_in(one: Said) -> list[tuple[date, bool]]:
    """List the days to come that a piece names, and whether it names a mere weekday."""
    return [
        (token.day.coming, token.text.startswith(_WEEKDAY))
        for token in one.piece.tokens
        if token.day and token.day.coming
    ]


_WEEKDAY = ("周", "星期", "礼拜")


def _without_doubles(days: Sequence[tuple[date, bool]]) -> list[date]:
    """Leave out a weekday that only repeats a date: 12月29日（周二）."""
    dated = {day.weekday() for day, is_weekday in days if not is_weekday}
    return [
        day for day, is_weekday in days if not is_weekday or day.weekday() not in dated
    ]
