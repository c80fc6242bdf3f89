"""Tasks that have to do with a group, a place or a matter: 跟山区学校有关的有哪些."""

import re

from bot.guard import inert
from bot.plans.finding.found import SURE
from handlers.choose import Pairs, chosen
from handlers.due_tasks import of_whom, subject
from handlers.intent import IN_PRIVATE, Answer, Ask, Intent
from handlers.loose_words import COUNT, NO_LIST, TELL, WHAT, WORK
from handlers.phrases import GAP
from handlers.question import topic_left
from handlers.show import numbering, show_list, where
from handlers.signs import ASKS_WHO

_THEME = re.compile(
    f"(?:跟|和|与|同|涉及)([^{GAP},。?!我咱俺]{{2,14}}?)(?:有关|相关|沾边|打交道|挂钩)的?"
    "(?:[^,。?!]{0,3}(?:任务|条目|工作|事项|事情))?"
)
_MANY = 2


def _found(ask: Ask) -> Pairs:
    """List the tasks that the theme surely finds, of whoever is spoken of."""
    text = ask.question.nameless
    theme = _THEME.search(text)
    if not theme:
        return []
    wishes = any(way.search(text) for way in (WHAT, COUNT, TELL, WORK))
    words = topic_left(theme[1])
    asks_else = NO_LIST.search(text) or ask.question.has(*ASKS_WHO)
    if not (wishes and words) or asks_else or ask.question.strangers:
        return []
    every = len(ask.opened.tasks)
    found = ask.shelf.search(words, ask.plans, limit=every)
    sure = [one.id for one in found if one.confidence >= SURE]
    theirs = {task.id: (plan, task) for plan, task in chosen(of_whom(ask))}
    return [theirs[one] for one in sure if one in theirs]


def _answer(ask: Ask) -> Answer:
    """List them, the nearest first, and say by which words they were found."""
    pairs, theme = ask.once(_found), _THEME.search(ask.question.nameless)
    assert theme is not None, "the intent fits only where a theme is named"
    head = (
        f"{subject(of_whom(ask))}{where(ask)}中，按“{inert(theme[1])}”"
        f"找到的任务 {len(pairs)} 项{numbering(pairs)}："
    )
    return show_list(ask, head, pairs)


THEMED = Intent(
    name="themed",
    example="",
    in_groups=False,
    elsewhere=IN_PRIVATE,
    fits=lambda ask: len(ask.once(_found)) >= _MANY,
    answer=_answer,
)
