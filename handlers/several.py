"""Several questions in one message: each is answered, in their order."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from handlers.intent import Answer

_END = re.compile(r"(?<=[?？!！;；。\n])(?![?？!！;；。\s])")
_ASKS = re.compile(
    "[?？]|谁|哪|什么|啥|多少|几|怎么|咋|何时|多久|有没有|是否|是不是|[吗呢么]"
)
_GUESSES = re.compile(
    "(?:[0-9两二三四五六七八九十仨俩]+(?:[个条项天次家场]|个?小时)?[?？].*){2}",
    re.DOTALL,
)
_BELIEVES = re.compile(
    "我(?:们|俺)?(?:还|一直)?(?:记得|以为|寻思|印象)|印象[里中]|我?记得"
)
_QUOTES = re.compile('[“”"「」《》]')
_MOST = 4  # questions; more are rather a text that somebody has pasted
_LONGEST = 120  # characters
_SEVERAL = 2


def cut_questions(words: str) -> tuple[str, ...]:
    """Cut a message into its questions; one alone stays whole.

    What asks nothing belongs to the question after it, or before it at the end: 要建
    科技馆。谁负责？ So does a belief: 谁负责？我记得是文旅局？ A long message, or one
    that quotes, stays whole too, as does one that guesses at its answer: 5条？6条？
    """
    if len(words) > _LONGEST or _QUOTES.search(words) or _GUESSES.search(words):
        return (words,)
    cut: list[str] = []
    before = ""
    for part in _END.split(words):
        before += part
        if _ASKS.search(part) and not _BELIEVES.match(part):
            cut.append(before)
            before = ""
    if not _SEVERAL <= len(cut) <= _MOST:
        return (words,)
    return (*cut[:-1], cut[-1] + before)


def join_answers(questions: Sequence[str], answers: Sequence[Answer]) -> Answer | None:
    """Make one answer of those to *questions*; None if fewer than two are answered.

    Numbers said next mean the list shown last, whatever was told after it.
    """
    told = [one for one in answers if one.is_found and not one.is_small_talk]
    if len(told) < _SEVERAL:
        return None
    lists = [one for one in told if one.talk.shown]
    last = (lists or told)[-1]
    words = (
        answer.reply.text if answer in told else f"“{question}”：{answer.reply.text}"
        for question, answer in zip(map(str.strip, questions), answers, strict=True)
    )
    tasks = dict.fromkeys(task for one in told for task in one.reply.tasks)
    reply = replace(last.reply, text="\n\n".join(words), tasks=tuple(tasks))
    return replace(last, reply=reply)
