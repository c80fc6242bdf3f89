"""What a reply says that makes no claim: the rest to come, a delay, or no news."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.reports.replies.days import Today
from bot.reports.replies.meaning import Label, Understood
from bot.reports.replies.named_days import (
    day_named,
    day_of_its_condition,
    day_put_off,
    is_until,
    span_after_due,
    start_of_promised_time,
)
from bot.reports.replies.patterns import Sense
from bot.reports.replies.senses import Said
from bot.reports.replies.tokens import Token

HANDING = frozenset("HAND SEND GIVEN MEND FINISH".split())


_GIVING = frozenset("HAND SEND GIVEN MEND".split())


_OF_MORE = HANDING | {"EXTRA", "FORM", "THING", "HALF"}


PARTS = frozenset("THING EXTRA FORM DEST HALF LACK BELOW".split())


def unsure() -> Understood:
    """Answer that nothing sure was understood: the office asks back."""
    return Understood(label=Label.OTHER, sure=False)


def partial(said: Sequence[Said]) -> Understood:
    """Answer that a part came, with the day of the rest."""
    parts = [at for at, one in enumerate(said) if one.sense is Sense.PARTIAL]
    after = said[parts[-1] + 1 :] if parts else said
    day = day_named(after, Sense.PROMISE)
    day = day or day_named(said, Sense.PARTIAL, Sense.PROMISE)
    return Understood(label=Label.PARTIAL, day=day)


_NAMED_PARTS = frozenset("EXTRA FORM HALF THING NUM".split())
_NOT_AT_ALL = frozenset("NOTYET FILL LE WE ME".split())


def not_yet_at_all(said: Sequence[Said]) -> Understood | None:
    """Tell what lacks before it is handed in from a part: 材料不全，还没报."""
    parts = [one for one in said if one.sense is Sense.PARTIAL]
    if any(one.piece.kinds() & _GIVING or _came_short(one) for one in parts):
        return None
    are_vague = all(one.piece.kinds().isdisjoint(_NAMED_PARTS) for one in parts)
    if are_vague and any(one.sense is Sense.NOT_YET for one in said):
        return Understood(label=Label.NOT_YET)
    whole = any(
        (is_undone(one) and one.piece.kinds().isdisjoint(PARTS))
        or "NOTYET" in one.piece.kinds() <= _NOT_AT_ALL
        for one in said
    )
    is_claimed = any(one.sense is Sense.CLAIM for one in said)
    return Understood(label=Label.NOT_YET) if whole and not is_claimed else None


def _came_short(one: Said) -> bool:
    """Tell whether something came, only not all of it: 是没交全."""
    texts = [token.text for token in one.piece.tokens if token.kind == "MISSING"]
    return any(text.startswith(("没", "未", "不算")) and "全" in text for text in texts)


def open_reply(said: Sequence[Said]) -> Understood:
    """Weigh a reply without any claim: a named day first, a greeting last."""
    senses = {one.sense for one in said}
    day = day_named(said, Sense.PROMISE) or day_of_its_condition(said)
    if day:
        return Understood(label=Label.PROMISE, day=day)
    if senses & {Sense.QUESTION, Sense.STATUS}:
        return Understood(label=Label.QUESTION)
    if Sense.NOT_YET in senses and not (
        _promises_at_once(said) or any(map(_names_its_week, said))
    ):
        return Understood(label=Label.NOT_YET)
    if Sense.PROMISE in senses:
        is_vague = Sense.RECEIVED in senses and not any(map(promises_more, said))
        return Understood(label=Label.RECEIVED if is_vague else Label.PROMISE)
    if senses & {Sense.DOUBT, Sense.THEIRS, Sense.RHETORIC}:
        return unsure()
    if Sense.DRAFTED in senses and not _went_to_the_head(said):
        return Understood(label=Label.NOT_YET)
    label = Label.RECEIVED if Sense.RECEIVED in senses else Label.OTHER
    return Understood(label=label)


def _went_to_the_head(said: Sequence[Said]) -> bool:
    """Tell whether what was received went on: 收到，已呈分管领导阅示."""
    drafted = [one for one in said if one.sense is Sense.DRAFTED]
    return said[0].sense is Sense.RECEIVED and all(
        one.piece.kinds() <= {"ALREADY", "PROCESS", "PLEASE", "WRITE"}
        and one.piece.first() == "ALREADY"
        and any(text in one.piece.written for text in ("阅示", "批示", "阅批"))
        for one in drafted
    )


def by_its_day(found: Understood, said: Sequence[Said], today: Today) -> Understood:
    """Tell what a promise comes to: 马上报 is none, after T it asks for a delay."""
    due_on = today.due_on
    if found.day and found.day == due_on and _only_repeats(said):
        return Understood(label=Label.RECEIVED)
    if found.day:
        late = due_on is not None and found.day > due_on
        return replace(found, label=Label.EXTENSION) if late else found
    start = start_of_promised_time(said, today)
    if start is None:
        label = Label.RECEIVED if any(map(_says_it_came, said)) else Label.NOT_YET
        return replace(found, label=label)
    late = due_on is not None and start > due_on
    return replace(found, label=Label.EXTENSION) if late else found


def _says_it_came(one: Said) -> bool:
    """Tell 收到，一定按时报送, which tells no more than 收到, from 好的，马上报."""
    texts = (token.text for token in one.piece.tokens)
    return one.sense is Sense.RECEIVED and any(text.startswith(_CAME) for text in texts)


_CAME = ("收到", "收悉", "已收", "已阅", "明白")


def _only_repeats(said: Sequence[Said]) -> bool:
    """Tell whether the due date is only said back: 收到，12月30日前报送，明白."""
    heard = [one for one in said if one.sense is Sense.RECEIVED]
    told = [one for one in said if one.sense is Sense.PROMISE]
    return (
        len(told) == 1
        and len(told) + len(heard) == len(said)
        and told[0].piece.kinds() <= {"DAY", "HAND", "FILL", "THING"}
        and said[-1] in heard
        and any(map(_is_noted, said[-1].piece.tokens))
    )


def _is_noted(token: Token) -> bool:
    return token.kind == "SEEN" or token.text in _NOTED


_NOTED = ("知道了", "清楚", "清楚了", "记下了", "记住", "知悉", "已悉", "晓得了")


def _names_its_week(one: Said) -> bool:
    """Tell whether it is said in which week or month: 下周交，数据还没对完."""
    texts = (token.text for token in one.piece.tokens if token.kind == "SOON")
    return promises_more(one) and any(text.startswith("下") for text in texts)


def _promises_at_once(said: Sequence[Said]) -> bool:
    """Tell whether what is not done is promised in the next breath: 忘了，马上报."""
    return said[-1].sense is Sense.PROMISE


def is_undone(one: Said) -> bool:
    """Tell whether a piece says that nothing was handed in."""
    undone = HANDING | {"FAIL", "CANT"}
    return one.sense is Sense.NOT_YET and bool(one.piece.kinds() & undone)


def promises_more(one: Said) -> bool:
    """Tell whether something is promised to be handed in."""
    return one.sense is Sense.PROMISE and bool(one.piece.kinds() & _OF_MORE)


def asked_for_time(said: Sequence[Said], today: Today) -> Understood:
    """Tell an extension from the question whether a day within the time would do."""
    asks = any(one.sense is Sense.EXTENSION and not _only_moves(one) for one in said)
    day = day_put_off(said, today) or _day_asked_for(said)
    if day is None:
        return Understood(label=Label.EXTENSION, day=span_after_due(said, today))
    if not asks and today.due_on and day <= today.due_on:
        return Understood(label=Label.PROMISE, day=day)
    return Understood(label=Label.EXTENSION, day=day)


_MOVED = ("推到", "推迟到", "挪到", "推至", "拖到", "给我", "给咱", "往后挪", "往后推")


def _only_moves(one: Said) -> bool:
    """Tell a day that is told anew from one that is asked for: 现在推到29号交."""
    moved = any(token.text.startswith(_MOVED) for token in one.piece.tokens)
    asking = {"CAN", "MAY", "Q", "YN", "OKQ", "TAG", "PLEASE"}
    return moved and one.piece.kinds().isdisjoint(asking)


def _day_asked_for(said: Sequence[Said]) -> date | None:
    """Return the day behind the wish, else the one within it: 能延期吗，4号."""
    asked = [one.sense in _WISHES for one in said]
    after = said[len(asked) - asked[::-1].index(True) :]
    until = [one for one in after if is_until(one)]
    return (
        day_named(until, Sense.NOTHING, Sense.PROMISE)
        or day_named(said, *_WISHES, Sense.PROMISE)
        or day_named([one for one in said if is_until(one)], Sense.NOTHING)
    )


_WISHES = (Sense.EXTENSION, Sense.ASKED_DAY)


def is_first_part(one: Said) -> bool:
    """Tell whether a part was handed in ahead: 先把文字材料报上."""
    kinds = one.piece.kinds()
    is_said = one.sense in (Sense.NOTHING, Sense.DOUBT)
    is_done = "ONLY" in kinds and kinds.isdisjoint(("NO", "NOT", "NEEDNOT"))
    return is_said and is_done and not kinds.isdisjoint(HANDING)


def are_parts(said: Sequence[Said]) -> bool:
    """Tell whether of two things that are named one came: 照片发了，文字还没写."""
    came = [one for one in said if one.sense is Sense.DOUBT and _is_named(one)]
    came = [one for one in came if one.piece.kinds().isdisjoint(_UNSURE)]
    if any("THIS" in one.piece.kinds() for one in said):
        return False
    to_come = [
        one
        for one in said
        if one.sense in (Sense.PROMISE, Sense.NOT_YET) and _is_named(one)
    ]
    return bool(came) and bool(to_come) and said.index(came[0]) < said.index(to_come[0])


def _is_named(one: Said) -> bool:
    """Tell whether a piece opens with the thing that it speaks of."""
    return one.piece.first() in _THINGS and bool(one.piece.kinds() & _GIVEN_OR_NOT)


_THINGS = frozenset("X EXTRA FORM THING ACT NUM".split())
_GIVEN_OR_NOT = _GIVING | {"WRITE", "INHAND", "PROG", "WAIT", "NOTYET"}
_UNSURE = frozenset("HEDGE HEARSAY BA COND THEY SURELY Q QW MASK PROCESS BOSS".split())


def is_still_open(one: Said) -> bool:
    """Tell whether something is yet to come, or not done."""
    is_of_a_part = one.sense is Sense.NOT_YET and one.piece.kinds() & {"EXTRA", "FORM"}
    return promises_more(one) or is_undone(one) or bool(is_of_a_part)
