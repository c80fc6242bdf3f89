"""What a word of the plan means: 什么叫五进. Quoted, never explained by us."""

import re
from collections.abc import Iterator

from bot.chinese import fold
from handlers.fact_kinds import EXPLANATION
from handlers.intent import Answer, Ask, Intent
from handlers.not_held import refuse
from handlers.phrases import Sign
from handlers.plan_facts import collective_asked
from handlers.question import number_of
from handlers.sayings import Saying, as_saying, quote_saying
from handlers.screen import Screen
from handlers.tell_task import detail

_IS = "(?:是指|指的?是|指|是|代表|(?:的)?意思是)"
_WHAT = (
    "(?:个)?(?:什么|啥|哪些|干(?:什么|啥|嘛)|做(?:什么|啥)|哪(?:个|份|种|类))"
    "(?:的|意思|含义|东西|活动|玩意儿?|概念|工程|行动|项目|组织|文件|平台|机制)*"
)
_END = "(?:呀|呢|啊|来着|哦)*[?。]*$"
_THE = "^(?:请问|那么?|所谓的?|文件里?的?|方案里?的?|这个)?"
_WORD = "[“\"《']?(?P<word>[^,。?!]{2,20}?)[”\"》']?"
_WAYS = Screen(
    (
        f"{_THE}(?:什么|啥)(?:叫做?|是){_WORD}{_END}",
        f"{_THE}{_WORD}(?:这个词)?(?:到底|具体|究竟|主要)?{_IS}{_WHAT}{_END}",
        f"{_THE}{_WORD}(?:是)?(?:什么|啥)(?:意思|含义|概念|东西){_END}",
        f"{_THE}(?:怎么|如何|咋)(?:理解|解释){_WORD}{_END}",
        f"{_THE}{_WORD}(?:怎么|如何|咋|该怎么)(?:理解|解释){_END}",
        f"{_THE}{_WORD}(?:是|指|包括)哪(?:几|[一二三四五六七八九十])(?:个|有|进|下|化|样|点)?{_END}",
        f"{_THE}解释(?:一?下)?{_WORD}{_END}",
        f"{_THE}{_WORD}的?(?:定义|含义)(?:是什么|是啥)?{_END}",
    )
)
_NO_TERM = re.compile(
    "任务|目标|指标|电话|要求|内容|时限|期限|原文|单位|部门|职责|牵头|措施|我们|咱|你|您"
    "|第.{0,3}[条项个]|重点$|方式|时间|地点|地址|流程|条件|为$|工作$|规定|办法$|^它|^这|^那"
)
_ASIDE = re.compile("(?:标准|行动|工程|活动|机制|平台|制度)$")
_MEANING = re.compile("(?:什么|啥)意思|什么叫|啥叫|何谓|怎么理解|含义|定义")
_ABBREVIATION = re.compile("([一二三四五六七八九十]|\\d)([^\\d一二三四五六七八九十])")


def _word_asked(ask: Ask) -> str:
    """Return the word whose meaning is asked for, "" if it is no such question."""
    words = ask.question.folded
    ways = _WAYS.which_may_stand_in(words)
    found = next((one for _, way in ways if (one := way.search(words))), None)
    word = found["word"].strip("的“”\"'") if found else ""
    if len(word) < 2 or _NO_TERM.search(word):
        return ""
    return word


def _with_word(ask: Ask, word: str) -> Iterator[Saying]:
    return (as_saying(one) for one in ask.sentences if word in one.plain)


def _spelled_out(ask: Ask, word: str) -> Saying | None:
    """Find the sentence that lists what 五进 counts: 进企业、进农村、进社区、……"""
    found = _ABBREVIATION.fullmatch(word)
    count = number_of(found[1]) if found else 0
    if not found or count < 2:
        return None
    part = re.compile(f"(?<=[、(,“]){found[2]}|{found[2]}(?=[^、,]{{1,6}}、)")
    for one in ask.sentences:
        if len(part.findall(one.plain)) >= count:
            return as_saying(one)
    return None


def _explained(word: str, saying: Saying) -> bool:
    term = re.escape(word)
    cue = (
        f"{term}[”》]?(?:标准)?[”]?(?:[(](?!责任)|是指|指|,?包括|即|:)"
        f"|以下简称[《“]?{term}"
        f"|(?:^|成立)[^,。]{{0,12}}{term},?(?:负责|承担|统筹推进)"
    )
    return bool(re.search(cue, fold(saying.text)))


def _answer(ask: Ask) -> Answer:
    """Quote what the plan says of the word, and say so if it does not explain it."""
    word = ask.once(_word_asked)
    if not _is_said(ask, word):
        return refuse(ask, EXPLANATION)
    said = list(_with_word(ask, word)) or list(_with_word(ask, _ASIDE.sub("", word)))
    explained = next((one for one in said if _explained(word, one)), None)
    spelled = _spelled_out(ask, _ASIDE.sub("", word))
    if explained or spelled:
        return quote_saying(ask, explained or spelled or said[0])
    for plan in ask.plans:
        for task in plan.tasks:
            if word in fold(task.title):
                return detail(ask, plan, task)
    return quote_saying(ask, said[0], before=f"文件未专门解释“{word}”，原文提到：")


def _fits(ask: Ask) -> bool:
    question = ask.question
    if question.departments or question.clause or question.ordinal is not None:
        return False
    if question.has(Sign.TARGET, Sign.CONTACT, Sign.DEADLINE) or collective_asked(ask):
        return False
    if question.sections and not question.topic:
        return False
    word = ask.once(_word_asked)
    if not word:
        return False
    return _is_said(ask, word) or bool(_MEANING.search(question.folded))


def _is_said(ask: Ask, word: str) -> bool:
    bare = _ASIDE.sub("", word)
    return any(
        word in one.plain or (len(bare) > 1 and bare in one.plain)
        for one in ask.sentences
    )


DEFINITION = Intent(
    name="definition", example="五有标准是什么意思", fits=_fits, answer=_answer
)
