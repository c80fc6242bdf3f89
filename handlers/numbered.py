"""The year of a figure that a question quotes: 5000人次培训什么时候完成."""

import re

from handlers.choose import all_tasks
from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.quote import covered
from handlers.sayings import Saying, bare, quote_saying, said_in

_NUMBER = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?!\d|\.\d|[年月日号])")
_TIME = re.compile(r"\d{4}\s*年|\d+\s*月|每[年月季周]")


def _quoted(ask: Ask) -> Saying | None:
    """Find the measure with the very number that is quoted; of several the likest."""
    words = ask.question.folded
    numbers = {float(number) for number in _NUMBER.findall(words)}
    topic = bare(_NUMBER.sub("", ask.question.topic)) or words
    found = [
        (
            covered(topic, f"{task.title}{measure.text}"),
            said_in(ask, task, measure.text),
        )
        for _, task in all_tasks(ask)
        for measure in task.measures
        if measure.number in numbers and _TIME.search(measure.text)
    ]
    share, best = max(found, key=lambda one: one[0], default=(0.0, None))
    return best if share > 0 else None


def _fits(ask: Ask) -> bool:
    question = ask.question
    if not question.has(Sign.DEADLINE) or question.has(Sign.REPORT, Sign.ABOUT):
        return False
    return bool(_NUMBER.search(question.folded)) and ask.once(_quoted) is not None


def _answer(ask: Ask) -> Answer:
    """Quote the clause of the figure: the year stands in it."""
    saying = ask.once(_quoted)
    assert saying is not None, "the intent fits only where a figure is found"
    return quote_saying(ask, saying)


NUMBERED = Intent(name="numbered", example="", fits=_fits, answer=_answer)
