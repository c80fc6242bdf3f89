"""What is said beside a question and tells nothing of it: 我在外面开车，等红灯呢."""

from bot.chinese import fold
from handlers.courtesy import cut_pieces, is_courtesy, without_courtesies
from handlers.open_plans import OpenPlans
from handlers.phrases import Sign
from handlers.question import Question, read_question
from handlers.sayings import pieces_of

_IDLE = frozenset(
    (
        Sign.POLITE,
        Sign.GREETING,
        Sign.THANKS,
        Sign.YES,
        Sign.NO,
        Sign.US,
        Sign.CARRY,
        Sign.DEADLINE,
    )
)
"""What signs of asking small talk may have: 前两天, 我这边."""
_BY_CHANCE = 1 / 3  # of the pieces of a word, that plans may have as well


def without_asides(words: str, opened: OpenPlans, *, ours: str) -> str:
    """Return *words* without what tells nothing before and behind the question.

    "" if there is nothing of that kind. It is for a question that was not answered
    whole: what is strange to the plans may yet be what is asked about.
    """
    said = without_courtesies(words, is_known=bool(ours))
    if read_question(said, opened, ours=ours).clause:
        return ""  # 二（一）1 is one name, though it is cut at its brackets
    pieces = cut_pieces(said)
    first, last = 0, len(pieces) - 1

    def is_idle(place: int) -> bool:
        start, end = pieces[place]
        return _tells_nothing(said[start:end], opened, ours)

    while first < last and is_idle(first):
        first += 1
    while first < last and is_idle(last):
        last -= 1
    if last - first + 1 == len(pieces):
        return ""
    return said[pieces[first][0] : pieces[last][1]]


def _tells_nothing(piece: str, opened: OpenPlans, ours: str) -> bool:
    if is_courtesy(piece, is_known=bool(ours)):
        return True
    if fold(piece) in opened.directory.spoken:
        return False  # 民政 城管 有任务没
    question = read_question(piece, opened, ours=ours)
    if question.signs - _IDLE or _names_something(question):
        return False
    parts = pieces_of(question.topic)
    known = sum(map(bool, map(opened.sentences_with, parts)))
    return known <= len(parts) * _BY_CHANCE


def _names_something(question: Question) -> bool:
    named = question.departments or question.strangers or question.sections
    return bool(named or question.clause or question.ordinal is not None)
