"""What leans on the task or the list spoken of last, though it names words of its own.

那要给谁回访, 这里头对学校有什么要求, 比武那个念给我听: read where nothing else fits.
"""

import re

from bot.chinese import fold
from bot.model import Task
from handlers.doing_asked import refuse_unsaid
from handlers.follow_up import names_other
from handlers.intent import Answer, Ask, Intent
from handlers.loose_words import ROLE, US
from handlers.quote import best_sentence
from handlers.sayings import pieces_of, quote_saying, said_in
from handlers.signs import ASKS_AMOUNT, ASKS_WHEN
from handlers.tell_task import owners, told

_POINTS = re.compile("[这那](?:一?[条项个])?里[头面]?|[这那]一?[条项]|它")
_LEANS = re.compile(f"^[那这]|{_POINTS.pattern}")
_LEANING = 16  # characters of a question that may lean without such a word
_OUR_PART = re.compile("一家|角色|算(?:啥|什么)|要[做干管搞](?:吗|么|不)|有份")
_FACTS = (*ASKS_WHEN, *ASKS_AMOUNT)


def _leans(ask: Ask) -> bool:
    said = ask.question.folded
    return len(said) <= _LEANING or bool(_LEANS.search(said))


def _asks_our_part(ask: Ask) -> bool:
    """Tell whether it is asked what is ours of the task: 光我们一家, 算牵头还是配合."""
    said = ask.question.folded
    part = _OUR_PART.search(said) or len(ROLE.findall(said)) > 1
    return bool(part and US.search(said))


def _pieces_in(ask: Ask, task: Task) -> int:
    text = fold(task.title + task.body)
    return sum(piece in text for piece in pieces_of(ask.question.topic))


def _one_shown(ask: Ask) -> Task | None:
    """Return the one task of the list just shown that the question names, else None."""
    tasks = [task for one in ask.talk.shown if (task := ask.task(one))]
    titled = [
        task
        for task in tasks
        if any(piece in fold(task.title) for piece in pieces_of(ask.question.topic))
    ]
    return titled[0] if len(titled) == 1 else None


def _meant(ask: Ask) -> Task | None:
    """Return the task spoken of last that a question is still about, else None."""
    question, last = ask.question, ask.last
    if not _leans(ask) or question.departments or question.strangers:
        return None
    if last is None:
        return _one_shown(ask) if question.topic else None
    if _asks_our_part(ask):
        return last
    said = _pieces_in(ask, last)
    if _POINTS.search(question.folded):
        return last if said else None
    asks = question.folded.startswith("那") and question.has(*_FACTS)
    return last if (said or asks) and not names_other(ask, last) else None


def _answer(ask: Ask) -> Answer:
    """Tell what is asked of the task, or quote the sentence that says the words."""
    task = _meant(ask)
    assert task is not None, "the intent fits only where a task is meant"
    refused = refuse_unsaid(ask, [task])
    if refused:
        return refused
    if _asks_our_part(ask):
        return owners(ask, task)
    pieces, title = pieces_of(ask.question.topic), fold(task.title)
    by_name = ask.last is None or any(piece in title for piece in pieces)
    if by_name or ask.question.has(*_FACTS):
        return told(ask, task)
    text = best_sentence(ask.question.topic, task.body or task.title)
    return quote_saying(ask, said_in(ask, task, text))


ABOUT_LAST = Intent(
    name="about_last",
    example="",
    fits=lambda ask: _meant(ask) is not None,
    answer=_answer,
)
