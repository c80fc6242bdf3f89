"""A doing that somebody is asked for: 那谁请客, of which the task may say nothing."""

import re
from collections.abc import Sequence

from bot.chinese import fold
from bot.guard import inert
from bot.model import Task
from handlers.intent import Answer, Ask
from handlers.loose_words import left_beside
from handlers.not_held import refuse
from handlers.phrases import EMPTY, GAP
from handlers.sayings import pieces_of
from handlers.signs import ASKED, WORK

_FOR = "(?:给|帮|替|为)(?:我|咱|俺|你|他|她|大家|人家|忙)们?"
_BEFORE = f"(?:{_FOR}|来|去|会|能|要|该|可以|可|肯|愿意|愿|先|再|还|在|也|都)*"
_DONE_BY = re.compile(f"{ASKED}{_BEFORE}(?P<after>[^,。?{GAP}]+)")
_IS_BY = re.compile(f"(?:^那?么?|[,。?])(?P<before>[^,。?{GAP}]+?)的(?:都)?是{ASKED}")
# What is done with any task, whatever it is about.
_WITH_ANY = re.compile(
    "负责|牵头|主[管抓办责持]|分管|承[担办接]|实施|组织|落实|推[进动]|出[面马力人]|统筹|协调"
    "|跟进|操[心办持]|张罗|打理|料理|执行|完成|对接|开展|动手|[经接上]手|挂帅|兜底|配合|参[与加]"
    "|协[助办]|[挑打带领]头|最?后?拍板|说了算|做主"
)
_POINTS = re.compile("[这那它]")
_ONE_WORD = re.compile("[做干弄搞管办抓整扛挑顶接包盯跑跟揽搭出上来去领带主]")


def refuse_unsaid(ask: Ask, tasks: Sequence[Task]) -> Answer | None:
    """Refuse to say who does what none of *tasks* speaks of; None if one does."""
    unsaid = [doing_unsaid(ask, task) for task in tasks]
    if not unsaid or not all(unsaid):
        return None
    return refuse(ask, f"谁{inert(unsaid[0])}")


def doing_unsaid(ask: Ask, task: Task) -> str:
    """Return the doing for which a question asks somebody, "" if the task speaks of it.

    Of 谁给我修手机 a task that only says 手机 does not speak.
    """
    said = ask.question.folded
    asked = _DONE_BY.search(said) or _IS_BY.search(said)
    doing = _content(asked[asked.lastindex or 0]) if asked else ""
    text = fold(f"{task.title}{task.body}{task.annotation}")
    if len(doing) < 2 or doing in text:
        return ""
    if not _ONE_WORD.match(doing):
        return "" if doing[0] in text and _any_said(doing, text) else doing
    thing = doing[1:]
    is_told = _POINTS.match(thing) or thing in text or _any_said(thing, text)
    return "" if is_told else doing


def _any_said(words: str, text: str) -> bool:
    return any(piece in text for piece in pieces_of(words))


def _content(words: str) -> str:
    """Return what is said of a doing beside roles, work in general and small words."""
    words = _WITH_ANY.sub(GAP, words)
    words = re.sub(WORK, GAP, left_beside(words))
    first = next((one for one in words.split(GAP) if one), "")
    return first.strip("".join(EMPTY - set("请让给办做干来去对管")))
