"""The sentence of a plan that says what a question is about, and how surely."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from re import Pattern

from msgspec.structs import replace

from bot.chinese import fold
from bot.messages import Reply
from bot.model import Plan, Task
from handlers.intent import Answer, Ask
from handlers.open_plans import OpenPlans, Sentence
from handlers.quote import doc_of, refs

_TITLE = 0.7  # of a piece's weight, where only the title of the task has it
_LINKS = frozenset("的了吗呢呀啊吧嘛么和与及给这那几")  # no piece of a word has them
_WEAK = frozenset(
    "是有在要也都还就些个该把对被让到又再很太用能会想请看查找说问我你他它们"
)
_ENDS = "在有是要该把对于?。,!、:;.\"'“”‘’()-—~ "
_NOWHERE = 0.35  # of the weight of a rare piece, for one that no sentence has


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A sentence of a plan to quote, or a part of one.

    `task` is None outside the tasks, `where` the clause, `text` word for word.
    """

    plan: Plan
    task: Task | None
    where: str
    text: str


def as_saying(sentence: Sentence) -> Saying:
    """Take a whole sentence of the plans at hand to quote."""
    plan, task, where, text, *_ = sentence
    return Saying(plan=plan, task=task, where=where, text=text)


def said_in(ask: Ask, task: Task, text: str) -> Saying:
    """Take *text* of a task to quote."""
    return Saying(plan=ask.plan_of(task), task=task, where=task.clause, text=text)


def bare(words: str) -> str:
    """Fold *words* and take what only links or ends a question from both ends."""
    return fold(words).strip("".join(_LINKS) + _ENDS)


def pieces_of(words: str) -> set[str]:
    """Cut *words* into the pieces of two characters that have any content."""
    plain = bare(words)
    cut = {plain[i : i + 2] for i in range(len(plain) - 1)} or {plain}
    return {
        piece
        for piece in cut
        if not _WEAK.issuperset(piece) and _LINKS.isdisjoint(piece)
    }


def weigh(pieces: Iterable[str], opened: OpenPlans) -> dict[str, float]:
    """Weigh pieces by how few sentences of the plans have them."""
    total = len(opened.sentences)
    found = {piece: len(opened.sentences_with(piece)) for piece in pieces}
    most = math.log(1 + total)
    return {
        piece: math.log(1 + total / count) if count else _NOWHERE * most
        for piece, count in found.items()
    }


def _said(weights: Mapping[str, float], opened: OpenPlans) -> list[float]:
    """Add up for each sentence the weight of what it, or its task's title, says."""
    said = [0.0] * len(opened.sentences)
    for piece, weight in weights.items():
        within = opened.sentences_with(piece)
        above = set(opened.sentences_with(piece, in_title=True)).difference(within)
        for number in within:
            said[number] += weight
        for number in above:
            said[number] += weight * _TITLE
    return said


def best_saying(
    ask: Ask, words: str, *, needs: Pattern[str] | None = None, least: float
) -> Saying | None:
    """Return the sentence that says most of *words* and has what *needs* looks for.

    None if none says at least the share *least* of them; of equals the first.
    """
    weights = weigh(pieces_of(words), ask.opened)
    total = sum(weights.values())
    if not total:
        return None
    said = _said(weights, ask.opened)
    fit = (
        number
        for number, one in enumerate(ask.sentences)
        if not needs or needs.search(one.plain)
    )
    best = max(fit, key=lambda number: said[number], default=None)
    if best is None or said[best] / total < least:
        return None
    return as_saying(ask.sentences[best])


def quote_saying(ask: Ask, saying: Saying, *, before: str = "文件写明：") -> Answer:
    """Quote a sentence with its source, and speak of its task from now on."""
    lines = [
        f"{before}“{saying.text}”",
        f"依据：{doc_of(saying.plan)} {saying.where}。",
    ]
    task = saying.task
    tasks = refs([(saying.plan, task)]) if task else ()
    talk = replace(ask.talk, task_id=task.id if task else ask.talk.task_id, offered="")
    return Answer(Reply("\n".join(lines), (), tasks), talk)
