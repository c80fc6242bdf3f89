"""Which tasks are due by a day: 哪些任务今年底前要完成."""

import re
from datetime import date
from functools import lru_cache

from bot.facts import DueKind
from bot.messages import Reply
from handlers.choose import Pairs, chosen
from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.show import show_list, where

_HARD = (DueKind.DEADLINE, DueKind.MILESTONE, DueKind.RANGE)
_ABOUT_TIME = re.compile(
    r"\d{4}年|今年|明年|本年|年底|年内|\d+月(?:份|底|\d+日)?|上半年|[一二三四]季度"
    "|之?前|以前|完成|要|需要?|必须|完|的|在|底|内|得|该|做|办|任务"
)
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
    pairs = _due_by(ask, day)
    until = f"{day.year}年{day.month}月{day.day}日"
    if not pairs:
        text = f"{where(ask)}没有写明在{until}及以前完成的任务。"
        return Answer(Reply(text), ask.talk)
    head = f"{where(ask)}中写明在{until}及以前完成的任务共 {len(pairs)} 项："
    return show_list(ask, head, pairs)


DUE_TASKS = Intent(
    name="due_tasks", example="哪些任务年底前要完成", fits=_fits, answer=answer
)
