"""The tasks of a section asked for in a roundabout way: 工人那块打包发我."""

import re

from msgspec.structs import replace

from handlers.intent import Answer, Ask, Intent
from handlers.loose_words import (
    ITEMS,
    NO_LIST,
    US,
    WHAT,
    asks_else,
    left_beside,
    wishes_some,
)
from handlers.loosely import OF_SECTION, left_out, names_topic, sections_in
from handlers.parts_meant import (
    LACKS_US,
    OWNERS,
    leaves_part_out,
    parts_meant,
    says_little,
)
from handlers.phrases import GAP, Sign
from handlers.question import Question, topic_left
from handlers.section_tasks import answer_counts, answer_section, with_owners

_OVER = 8  # characters beside the words of asking for a section's tasks
_GIVES = re.compile("给我|报|一份|列|条目|题目|标题|名[称字]|照样|要")
_EACH = re.compile("各(?:自|占|有|是|列|安排)*(?:了)?(?:几|多少|好多)[项条件个]")


def _wish(ask: Ask) -> Question | None:
    """Read of which section the tasks are wished for, and without whom."""
    question = ask.question
    without = left_out(ask, question.nameless)
    if LACKS_US.search(question.nameless) and ask.asker.department:
        without = tuple(dict.fromkeys((*without, ask.asker.department)))
    if set(question.departments) - {*without} or question.strangers:
        return None
    parts = ask.once(parts_meant)
    if parts.out and not parts.wanted:
        return None
    found = (_marked(ask) if parts.wanted else None) or _unmarked(ask)
    if not found:
        return None
    return replace(found, departments=(), apart=parts.out, without=without, topic="")


def _marked(ask: Ask) -> Question | None:
    """Read a wish that names its section plainly: it may say little beside it."""
    parts = ask.once(parts_meant)
    ways, beside = (WHAT, _GIVES, OWNERS), parts.beside
    if NO_LIST.search(beside) or US.search(LACKS_US.sub(GAP, beside)):
        return None
    if not (
        wishes_some(beside) or any(way.search(ask.question.nameless) for way in ways)
    ):
        return None
    left = left_beside(_GIVES.sub(GAP, beside))
    if not says_little(left) or names_topic(ask, left):
        return None
    signs = frozenset({Sign.LIST})
    return replace(ask.question, signs=signs, sections=parts.wanted)


def _unmarked(ask: Ask) -> Question | None:
    """Read a wish for so many tasks of what may be a section: 产业工人的几条任务."""
    question, text = ask.question, ask.question.nameless
    if not wishes_some(text):
        return None
    is_part = OF_SECTION.search(text) is not None
    if not (is_part or (ITEMS.search(text) and not asks_else(text))):
        return None
    left, sections = left_beside(question.topic), question.sections
    if not sections and is_part:
        _, sections = sections_in(ask, left_beside(text), text)
        left = ""
    says_much = not is_part and len(topic_left(left)) > _OVER
    if not sections or says_much or names_topic(ask, left):
        return None
    return replace(question, signs=frozenset({Sign.LIST}), sections=sections)


def _answer(ask: Ask) -> Answer:
    question = ask.once(_wish)
    assert question is not None, "the intent fits only where a section is meant"
    if len(question.sections) > 1 and _EACH.search(question.folded):
        return answer_counts(ask, question.sections)
    answer = answer_section(ask.about(question))
    return with_owners(ask, answer) if OWNERS.search(question.nameless) else answer


PART_LEFT_OUT = Intent(
    name="part_left_out",
    example="",
    fits=lambda ask: leaves_part_out(ask) and ask.once(_wish) is not None,
    answer=_answer,
)
LOOSE_SECTION = Intent(
    name="loose_section",
    example="",
    fits=lambda ask: ask.once(_wish) is not None,
    answer=_answer,
)
