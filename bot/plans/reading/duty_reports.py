"""Duties to report, read off a sentence: who hands in what, by when, to whom."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from bot.facts import DueKind, Duty, DutyKind
from bot.plans.reading import report_words as forms
from bot.plans.reading.bodies import (
    HIDDEN,
    bodies_at_end,
    bodies_at_start,
    ends_with_body,
    subject,
)
from bot.plans.reading.dates_rule import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence in compact form, and word for word in `quote`.

    `hits` are its phrases of time; their places are those of `text`.
    """

    text: str
    quote: str
    where: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verb:
    """A word of reporting with its receiver and object, in a masked sentence.

    `since` is where the words before it begin, `until` where those after it end.
    """

    word: str
    since: int
    start: int
    until: int
    to: str
    what: str
    dues: tuple[Hit, ...]


def find_reports(sentence: Sentence) -> tuple[Duty, ...]:
    """Read the duties to report of one sentence, in its order; two dates are two."""
    hits = tuple(hit for hit in sentence.hits if not _describes(sentence.text, hit))
    masked = _mask(sentence.text, hits)
    duties: list[Duty] = []
    for verb in _verbs(masked, hits):
        last = duties[-1] if duties else None
        duties.extend(_duties(sentence, masked, verb, last))
    return tuple(duties)


def _describes(text: str, hit: Hit) -> bool:
    """Tell whether a phrase names what is reported (上半年总结), not when."""
    after = text[hit.end : hit.end + 4]
    words = text[hit.start : hit.end]
    if hit.kind is DueKind.RECURRING:
        named = words.endswith(("半年", "季度", "全年")) and "每" not in words
    else:
        named = hit.kind in (DueKind.RANGE, DueKind.EVENT, DueKind.ONGOING)
    return named and not re.match(r"[，、；将把向报上抄内前后结结束]|$", after)


def _mask(text: str, hits: tuple[Hit, ...]) -> str:
    chars = list(text)
    for hit in hits:
        stop = hit.core or hit.end
        if text[hit.start : stop][-1:] == "报":
            continue
        chars[hit.start : stop] = HIDDEN * (stop - hit.start)
    return "".join(chars)


def _verbs(masked: str, hits: tuple[Hit, ...]) -> Iterator[_Verb]:
    since = 0
    titled = forms.TITLED.sub(lambda found: HIDDEN * len(found[0]), masked)
    for found in forms.VERB.finditer(titled):
        if found.start() < since or _is_other_word(masked, found):
            continue
        begin = max(since, found.start() - forms.REACH)
        verb = _read_verb(masked, found, begin, hits)
        if _is_report(masked, verb):
            yield verb
            since = verb.until


def _is_other_word(masked: str, found: re.Match[str]) -> bool:
    before = masked[max(0, found.start() - 4) : found.start()]
    after = masked[found.end() : found.end() + 4]
    if forms.NOUN_AFTER.match(after) and not _is_sent_to(masked, found):
        return True
    if found[0] == "报":
        return bool(forms.BEFORE_WORD.search(before) or forms.AFTER_WORD.match(after))
    if found[0] == "报告" and forms.REPORT_AS_NOUN.match(after):
        return True
    return before.endswith(("未", "不", "拒", "申", "填", "迟"))


def _is_sent_to(masked: str, found: re.Match[str]) -> bool:
    """Tell whether a receiver stands right before the verb: 向县科协报送情况."""
    to = forms.TO.search(masked, max(0, found.start() - 40), found.start())
    return to is not None and ends_with_body(to["name"])


def _read_verb(
    masked: str, found: re.Match[str], since: int, hits: tuple[Hit, ...]
) -> _Verb:
    limit = min(found.end() + forms.REACH, len(masked))
    stop = forms.CLAUSE_STOP.search(masked, found.end(), limit)
    until = stop.start() if stop else limit
    to, what = _after_verb(masked[found.end() : until])
    before = _strip_manner(masked[since : found.start()][-120:])
    receiver = forms.TO.search(before)
    if receiver and ends_with_body(receiver["name"]):
        to, what = receiver["name"], what or to
    first = bisect_left(hits, since, key=lambda hit: hit.start)
    last = bisect_left(hits, until, key=lambda hit: hit.start)
    dues = tuple(hit for hit in hits[first:last] if _is_dated(hit, masked))
    return _Verb(
        word=found[0],
        since=since,
        start=found.start(),
        until=until,
        to=to,
        what=what,
        dues=dues,
    )


def _strip_manner(words: str) -> str:
    """Take words of manner, which say neither what nor to whom, off the end."""
    while True:
        tails = [found for found in forms.MANNER.finditer(words[-24:])]
        if not tails or tails[-1].end() < len(words[-24:]):
            return words
        words = words[: len(words) - len(tails[-1][0])]


def _after_verb(words: str) -> tuple[str, str]:
    """Read receiver and object behind the verb: 报送县科协, 报送工作总结."""
    words = re.sub(r"^(?:至|给|到|送|往)", "", words)
    run, _ = bodies_at_start(words)
    rest = words[len(run) :]
    if run and forms.AFTER_RECEIVER.match(rest):
        return run, ""
    if run and not rest.startswith("的"):
        return run, _trim(rest)
    return "", _trim(words)


def _trim(words: str) -> str:
    words = re.sub("^(?:一次|[0-9一两]次)", "", words.replace(HIDDEN, ""))
    return words.strip(forms.EDGES)


def _is_dated(hit: Hit, masked: str) -> bool:
    shown = masked[hit.start] != HIDDEN  # 周报, 月报: what is handed in
    return not shown and bool(hit.day or hit.point or hit.rhythm)


def _is_report(masked: str, verb: _Verb) -> bool:
    before = masked[verb.since : verb.start]
    taking = re.search("[将把]", before[-80:]) is not None
    if forms.APPROVAL.search(masked[verb.start : verb.until]) and not verb.dues:
        return False
    if verb.word == "报":
        return bool(verb.to) or (taking and not verb.what)
    if verb.to and verb.word != "备案":
        return verb.word != "报告" or not verb.what or "向" in before[-60:]
    if verb.word == "备案":
        return bool(verb.to) and "向" in before[-60:]
    if forms.NOUN_BEFORE.search(before):
        return False
    hurried = before.endswith(HIDDEN)
    if verb.word in forms.STRONG:
        return taking or hurried or bool(verb.dues) or bool(verb.what)
    return taking or (verb.word in ("反馈", "提交", "报告") and hurried)


def _duties(
    sentence: Sentence, masked: str, verb: _Verb, last: Duty | None
) -> Iterator[Duty]:
    whats = _whats(masked, verb)
    who = _who(masked, verb, last)
    dues = _own_dues(verb)
    if verb.word in forms.COPY and last and not (whats[0][1] or dues):
        yield _copied(last, verb)
        return
    to = verb.to or (last.to if last else "")
    for what, due in _pair(whats, dues):
        names = _who_before(masked, verb, due) or who
        yield _duty(sentence, to=to, who=names, what=what, due=due)


def _copied(last: Duty, verb: _Verb) -> Duty:
    return Duty(
        kind=DutyKind.REPORT,
        who=last.who,
        what=last.what,
        to=verb.to,
        month=last.month,
        day_of_month=last.day_of_month,
        day=last.day,
        rhythm=last.rhythm,
        where=last.where,
        text=last.text,
    )


def _own_dues(verb: _Verb) -> list[Hit]:
    """List the dates of a report; a bare 每年 goes where a day of the year stands."""
    exact = [hit for hit in verb.dues if hit.rhythm != "yearly"]
    return exact or list(verb.dues)


def _whats(masked: str, verb: _Verb) -> list[tuple[int, str]]:
    """List what is reported, each with its place in the sentence; never empty."""
    marks = [
        found
        for found in forms.MARKS.finditer(masked, verb.since, verb.start)
        if found[0] != "向" or verb.to
    ]
    taken: list[tuple[int, str]] = []
    for index, mark in enumerate(marks):
        if mark[0] not in "将把":
            continue
        following = [other.start() for other in marks[index + 1 :]]
        stop = following[0] if following else verb.start
        words = _trim(_strip_manner(masked[mark.end() : stop]))
        is_last = not re.search("[将把]", masked[mark.end() : verb.start])
        if words and not forms.ELSEWHERE.search(words) and (is_last or index):
            taken.append((mark.start(), words))
    return taken or [(verb.start, verb.what or _named_before(masked, verb))]


def _named_before(masked: str, verb: _Verb) -> str:
    """Read what stands before the verb without 将: 年度总结于12月底前报送."""
    words = masked[verb.since : verb.start][-160:]
    if verb.to:
        words = re.sub(rf"(?:向|送|交){re.escape(verb.to)}$", "", words)
    words = forms.SIGNED.sub("", words)
    clause = _strip_manner(words)
    drawn = forms.DRAWN_UP.search(clause) or forms.NAMED.search(clause)
    if drawn:
        return drawn["what"].strip(forms.EDGES)
    is_apart = re.search("[，；,;]", words[len(clause) :]) is not None
    clause = re.split(rf"[，；：,;{HIDDEN}]", clause)[-1]
    clause = re.split("请[于在]", clause)[0]
    clause = re.sub("^(?:其中|对于|遇到|遇有|遇|发现|如有)", "", clause)
    if bodies_at_end(clause) or forms.NO_NAME_OF_A_REPORT.search(clause):
        return ""
    if is_apart and not forms.NAME_OF_A_REPORT.search(clause):
        return ""
    clause = clause.removeprefix(bodies_at_start(clause)[0])
    return clause.strip(forms.EDGES) if len(clause) <= 40 else ""


def _who(masked: str, verb: _Verb, last: Duty | None) -> tuple[str, ...]:
    before = masked[verb.since : verb.start]
    pieces = re.split(rf"[将把向]|{HIDDEN}+", before)
    for piece in pieces[:-1] or pieces:
        names = bodies_at_end(_strip_manner(piece))
        if names:
            return names
    names = _who_of_object(pieces[0], verb)
    if names or (last and last.who):
        return names or (last.who if last else ())
    return subject(masked)[1]


def _who_of_object(head: str, verb: _Verb) -> tuple[str, ...]:
    """Read the owner of what is reported: 各单位年度总结于12月底前报送."""
    clause = re.split("[，；：,;]", head)[-1]
    return () if verb.what else bodies_at_start(clause)[1]


def _who_before(masked: str, verb: _Verb, due: Hit | None) -> tuple[str, ...]:
    """Read the names right before a date: each of two dates may have its own."""
    if due is None or not verb.since <= due.start < verb.start:
        return ()
    since = max(verb.since, masked.rfind(HIDDEN, verb.since, due.start) + 1)
    return bodies_at_end(_strip_manner(masked[since : due.start]))


def _pair(
    whats: list[tuple[int, str]], dues: list[Hit]
) -> Iterator[tuple[str, Hit | None]]:
    several = _respective(whats[0][1]) if len(whats) == 1 < len(dues) else []
    if len(several) == len(dues) and several:
        yield from zip(several, dues, strict=True)
        return
    if len(whats) == 1:
        yield from ((whats[0][1], due) for due in dues)
        if not dues:
            yield whats[0][1], None
        return
    for place, what in whats:
        earlier = [due for due in dues if due.start < place]
        near = earlier[-1] if earlier else (dues[0] if dues else None)
        yield what, near


def _respective(what: str) -> list[str]:
    """Part reports of several periods: 半年、全年工作总结; [] if it is one."""
    found = forms.RESPECTIVE.fullmatch(what)
    if found is None:
        return []
    parts = re.split("以及|[、和及与]", found["parts"])
    return [part + found["rest"] for part in parts]


def _duty(
    sentence: Sentence, *, to: str, who: tuple[str, ...], what: str, due: Hit | None
) -> Duty:
    month, day_of_month = yearly_day(due.rhythm if due else "")
    if due and due.point:
        month, day_of_month = due.point
    return Duty(
        kind=DutyKind.REPORT,
        who=who,
        what=what,
        to=to,
        month=month,
        day_of_month=day_of_month,
        day=due.day if due else None,
        rhythm=due.rhythm if due else "",
        where=sentence.where,
        text=sentence.quote,
    )


def yearly_day(rhythm: str) -> tuple[int | None, int | None]:
    """Read month and day of a rhythm such as "yearly 06-30"; None without them."""
    found = re.fullmatch("yearly ([0-9]{2})-([0-9]{2})", rhythm)
    return (int(found[1]), int(found[2])) if found else (None, None)
