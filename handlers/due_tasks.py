"""Which tasks are due by a day: 哪些任务今年底前要完成."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from bot.chinese import fold
from bot.facts import DueKind
from bot.guard import inert
from bot.messages import Reply
from bot.model import Task
from bot.plans.finding.found import SURE
from handlers.choose import IN_ROLE, Pairs, all_tasks, asked_departments, chosen
from handlers.intent import Answer, Ask, Intent
from handlers.loose_words import COUNT, TELL, US, WHAT, left_beside, roles_in
from handlers.loosely import names_topic
from handlers.not_held import refuse
from handlers.parts_meant import parts_meant
from handlers.phrases import EMPTY, GAP, Sign
from handlers.quote import PAGE, clause_of, refs
from handlers.show import show_list, where

_HARD = (DueKind.DEADLINE, DueKind.MILESTONE, DueKind.RANGE)
_ABOUT_TIME = re.compile(
    r"\d{4}年|今年|明年|本年|年底|年内|\d+月(?:份|底|\d+日)?|上半年|[一二三四]季度"
    "|之?前|以前|完成|要|需要?|必须|完|的|在|底|内|得|该|做|办|任务"
)
_ENDS = re.compile(
    "完成?|弄好|办好|办成|交差|交账|交卷|到期|截止|见成[果效]|见效|见分晓|收官|落地|办结|达标"
    "|见底|见着?结果|为止|年份"
)
_ON = re.compile("到期|截止|才|节点")
_BY = re.compile("前|为止|以内|之内|年内")
_FIGURES = re.compile("指标|数字|目标值")
_YEAR = re.compile(r"(\d{4})年")
_SAID_OF_TIME = re.compile(
    rf"{_ENDS.pattern}|{_FIGURES.pattern}|(?:\d{{4}}|今|明)年[底内末]?|[\d一二三四五六七八九十]+月(?:份|底|\d+日)?|年[底内末]|之?前|以前|必须|要|得|才|硬"
)
_THING = f"[^{GAP}{re.escape(''.join(sorted(EMPTY)))}][^{GAP}的有是,。?!]+"
_DUE_THING = re.compile(f"{GAP}的({_THING})")
_BEFORE_WHAT = re.compile(f"({_THING})[有是]?$")
_UNITS = ("个", "条", "项", "件", "样", "桩")
_AFTER_WHAT = re.compile(f"({_THING})")
_TIMES = ("年底", "年内", "月底", "月前", "日前", "年前", "月份", "季度", "上半年")


def _day_asked(ask: Ask) -> date | None:
    """Read the day that a question names, None if it names none."""
    words = ask.question.folded
    if not any(word in words for word in _TIMES):
        return None
    return _day_named(words, ask.at.year + ("明年" in words))


@lru_cache(maxsize=256)
def _day_named(words: str, year: int) -> date | None:
    # The patterns of dates take a tenth of a second to load; few questions need them.
    from bot.plans.reading.dates import find_dues

    dues = find_dues(words, year=year, issued=None).dues
    return next((due.day for due in dues if due.day), None)


def _fits(ask: Ask) -> bool:
    question = ask.question
    asks = question.has(Sign.LIST, Sign.COUNT) and not question.has(Sign.REPORT)
    if len(_ABOUT_TIME.sub("", question.topic)) > 1:
        return False
    return asks and "完" in question.folded and ask.once(_day_asked) is not None


def _due_by(ask: Ask, day: date) -> Pairs:
    return [
        (plan, task)
        for plan, task in chosen(ask)
        if any(due.kind in _HARD and due.day and due.day <= day for due in task.due)
    ]


def answer(ask: Ask) -> Answer:
    """List the tasks whose written deadline is not after the day asked about."""
    day = ask.once(_day_asked)
    assert day is not None, "the intent fits only where a day is named"
    return _listed(ask, _due_by(ask, day), f"{_in_words(day)}及以前")


def _listed(ask: Ask, pairs: Pairs, when: str) -> Answer:
    whose = subject(ask)
    if not pairs:
        text = f"{whose}{where(ask)}没有写明在{when}完成的任务。"
        return Answer(Reply(text), ask.talk)
    head = f"{whose}{where(ask)}中写明在{when}完成的任务共 {len(pairs)} 项："
    return with_dates(show_list(ask, head, pairs), pairs)


def subject(ask: Ask) -> str:
    """Say whose tasks are listed; "" if they are not of somebody in particular."""
    named = asked_departments(ask)
    if not named:
        return ""
    roles = {Sign.LEAD: "（只列牵头的）", Sign.NOT_LEADING: "（只列不牵头的）"}
    told = [
        words
        for role, words in roles.items()
        if ask.question.signs & {*IN_ROLE} == {role}
    ]
    return f"{'、'.join(named)}{''.join(told)}在"


def with_dates(listed: Answer, pairs: Pairs) -> Answer:
    """Quote under a list the dates that its first page is about."""
    quoted = [
        f"“{text}”{clause_of(task)}"
        for _, task in pairs[:PAGE]
        for _, text in ends_of(task)
    ]
    text = f"{listed.reply.text}\n写明的时限：{'；'.join(quoted)}。"
    return replace(listed, reply=replace(listed.reply, text=text))


def _day_meant(ask: Ask) -> date | None:
    """Read the day, or the year, that a question names in any way."""
    year = _YEAR.search(ask.question.folded)
    last = date(int(year[1]), 12, 31) if year else None
    if not last and "今年" in ask.question.folded:
        last = date(ask.at.year, 12, 31)
    return ask.once(_day_asked) or last


def _fits_loosely(ask: Ask) -> bool:
    said = ask.question.folded
    whose = ask.question.departments or US.search(said)
    asks = whose or any(way.search(said) for way in (WHAT, COUNT, TELL))
    if not (asks and _ENDS.search(said)) or ask.question.has(Sign.REPORT):
        return False
    if _day_meant(ask) is None:
        return False
    return bool(_things_named(ask)) or not names_topic(ask, ask.once(left_of_time)[1])


def left_of_time(ask: Ask) -> tuple[str, str]:
    """Blank what is said of time; then, place by place, all words of asking too."""
    said = ask.once(parts_meant).beside
    text = _SAID_OF_TIME.sub(lambda time: GAP * len(time[0]), said)
    return text, left_beside(text)


def _things_named(ask: Ask) -> list[str]:
    return things_in(*ask.once(left_of_time))


def things_in(text: str, left: str) -> list[str]:
    """List what is to be due if it is no task: 到期的食品, 哪些合同.

    *left* is what all words of asking leave of *text*, place by place.
    """
    found = list(_DUE_THING.finditer(left))
    for what in WHAT.finditer(text):
        found += _BEFORE_WHAT.finditer(left[: what.start()])
        start = what.end() + (text[what.end() : what.end() + 1] in _UNITS)
        after = _AFTER_WHAT.match(left, start)
        found += [after] if after else []
    return [one[1] for one in found]


def _speaking_of(ask: Ask, things: Sequence[str], pairs: Pairs) -> Pairs:
    """Keep the tasks that say each of *things*, or are surely found by it."""
    for thing in things:
        found = ask.shelf.search(thing, ask.plans)
        sure = {one.id for one in found if one.confidence >= SURE}
        pairs = [
            (plan, task)
            for plan, task in pairs
            if task.id in sure or thing in fold(task.title + task.body)
        ]
    return pairs


def of_whom(ask: Ask) -> Ask:
    """Ask for the tasks of whoever is named, in the role spoken of; or for all."""
    text, question = ask.question.nameless, ask.question
    ours = {Sign.US} if US.search(text) and not question.departments else set()
    roles = roles_in(text) if ours or question.departments else set()
    parts = ask.once(parts_meant)
    found = replace(question, signs=frozenset(roles | ours | {Sign.LIST}))
    return ask.about(replace(found, sections=parts.wanted, apart=parts.out))


def _answer_loosely(ask: Ask) -> Answer:
    """List what is due by a day, on that very day or in a year; or a year's figures."""
    span = span_named(ask)
    assert span is not None, "the intent fits only where a day is meant"
    if _FIGURES.search(ask.question.folded):
        return _figures_of(ask, span.last.year)
    things = _things_named(ask)
    theirs = of_whom(ask)
    every = _speaking_of(ask, things, chosen(theirs))
    pairs = [
        (plan, task)
        for plan, task in every
        if any(span.first <= end <= span.last for end, _ in ends_of(task))
    ]
    if things and not pairs:
        return refuse(ask, f"到期的“{inert(things[0])}”")
    return _listed(theirs, pairs, span.told)


class Span(NamedTuple):
    """The days from `first` to `last`, and how they are told."""

    first: date
    last: date
    told: str


def span_named(ask: Ask) -> Span | None:
    """Read in which span something is due: by a day, on that day or in a year."""
    last, said = _day_meant(ask), ask.question.folded
    if last is None:
        return None
    whole_year = ask.once(_day_asked) is None
    if whole_year and not _BY.search(said):
        return Span(date(last.year, 1, 1), last, f"{last.year}年内")
    if not whole_year and _ON.search(said):
        return Span(last, last, _in_words(last))
    return Span(date.min, last, f"{_in_words(last)}及以前")


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def ends_of(task: Task) -> list[tuple[date, str]]:
    """List the days by which a task has to be done, or to reach a figure, in words."""
    dues = [(due.day, due.text) for due in task.due if due.kind in _HARD and due.day]
    goals = [
        (date(one.year, 12, 31), one.text)
        for one in task.measures
        if one.year and not any(text in one.text for _, text in dues)
    ]
    return dues + goals


def _figures_of(ask: Ask, year: int) -> Answer:
    """Quote the figures that the plans state for a year."""
    found = [
        (plan, task, measure)
        for plan, task in all_tasks(ask)
        for measure in task.measures
        if measure.year == year
    ]
    quoted = [f"“{one.text}”〔{task.clause}〕" for _, task, one in found]
    goals = [one for plan in ask.plans for one in plan.targets if one.year == year]
    quoted = [f"总体目标“{one.text}”" for one in goals] + quoted
    if not quoted:
        return Answer(Reply(f"{where(ask)}没有写明{year}年的数字指标。"), ask.talk)
    head = f"{where(ask)}写明{year}年的数字指标共 {len(quoted)} 个："
    text = f"{head}\n{'；'.join(quoted)}。"
    told = dict.fromkeys(task.id for _, task, _ in found)
    tasks = refs(ask.opened.tasks[one] for one in told)
    return Answer(Reply(text, (), tasks), ask.talk)


DUE_LOOSELY = Intent(
    name="due_loosely", example="", fits=_fits_loosely, answer=_answer_loosely
)
DUE_TASKS = Intent(
    name="due_tasks", example="哪些任务年底前要完成", fits=_fits, answer=answer
)
