"""Within how long something is to be done: 谣言多久要辟谣, 48小时内."""

import re

from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.sayings import Saying, best_saying, quote_saying

HOW_LONG = re.compile("多久(?!.{0,5}一[次回趟遍])|多长时间|小时|几天|多少天")
SPAN = re.compile(r"\d+(?:个)?(?:小时|分钟|天|工作日|日)(?:之?内|以内)")
RHYTHM = re.compile(
    r"每(?:[0-9两二三四五半]个?)?(?:年|月|季度?|周|日|天|学[年期]|半年)|定期|适时|逐[年月]"
)
"""How often something is done, as plans say it."""

SO_OFTEN = re.compile(
    "多久|多长时间|几个?(?:年|月|季度|周|天)|[一1](?:次|回|趟|遍)|频[率次]"
)
"""How often something is done, as people ask for it."""

_NUMBER = re.compile(r"\d+")
_IN_PART = 0.3  # of a question's weight: spans are rare, a part of it tells which


def with_former(clause: str, sentence: str) -> str:
    """Return a clause of a sentence with the one before it, which may name the thing.

    开设手机课堂，城市社区每月至少开课1次。
    """
    place = max(sentence.find(clause), 0)
    former = re.split("[,，;；。]", sentence[:place].rstrip(",，"))[-1]
    return f"{former}，{clause}"


def _said(ask: Ask) -> Saying | None:
    words = _NUMBER.sub("", ask.question.content)  # 24？48？ only guesses at it
    return best_saying(ask, words, needs=SPAN, least=_IN_PART) if words else None


def _fits(ask: Ask) -> bool:
    question = ask.question
    if not question.has(Sign.DEADLINE) or question.departments or question.clause:
        return False
    return bool(HOW_LONG.search(question.folded)) and ask.once(_said) is not None


def _answer(ask: Ask) -> Answer:
    """Quote the sentence that tells within how long."""
    saying = ask.once(_said)
    assert saying is not None, "the intent fits only where a sentence tells it"
    return quote_saying(ask, saying)


TIME_SPAN = Intent(name="time_span", example="", fits=_fits, answer=_answer)
