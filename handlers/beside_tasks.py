"""Matters that plans settle outside their tasks: who asks 要不要留痕 gets the passage.

People name these matters in words of their own, so that no search by words finds what
is said of them; but there are few, and each plan settles them in few words.
"""

import re
from dataclasses import dataclass
from re import Pattern

from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.quote import covered
from handlers.sayings import Saying, as_saying, quote_saying
from handlers.screen import Screen

_PERSON = "(?:联络员|联系人|经办人|分管(?:领导|负责人|同志))"
_PAPER = "(?:材料|总结|汇报|报告|情况)"


@dataclass(frozen=True)
class Matter:
    """A matter: `asks` finds it in a question, `tells` in a sentence of a plan."""

    asks: str
    tells: Pattern[str]


def _matter(asks: str, tells: str) -> Matter:
    return Matter(asks, re.compile(tells))


_RANKING = _matter(
    "排名|[排晒][^,。?]{0,3}名次|排(?:个|一下)?(?:座次|位|尾巴)|垫底", "排名|名次|排位"
)
_MATTERS = (
    _matter(
        f"{_PERSON}[^,。?]{{0,6}}(?:换|变|调[走动整])|(?:换|变更|调整)[了个掉一下]*{_PERSON}",
        "(?:人员|联络员|联系人)[^,。]{0,4}(?:变动|变更|调整|更换)",
    ),
    _RANKING,
    _matter("留痕|打卡|拍照|摆拍|做样子|走形式", "留痕|打卡|形式主义"),
    _matter(
        "(?:再|单独|另外|另行|自己)[^,。?]{0,6}(?:发|出|印|制)[^,。?]{0,5}(?:文(?!件里)|方案|通知)",
        "制发|另行[^,。]{0,4}(?:发文|制定)|单独(?:发文|印发|制定)",
    ),
    _matter(
        "(?:的钱|经费|资金|专款)[^。?]{0,8}(?:买|购|花|用[在到于来去]|拿来|拿去|开支|投)"
        "|(?:买|购置|发放)[^,。?]{1,8}(?:从|用)[^,。?]{0,6}(?:经费|资金|钱)",
        "(?:经费|资金)[^。]*(?:保障|用于)",
    ),
    _matter(
        "应付|糊弄|敷衍|作假|造假|注水|掺水|走过场|摆烂",
        "敷衍|弄虚作假|造假|走过场",
    ),
    _matter(
        "(?:重复|反复|多头|来回|同样的?|同一个?)[^,。?]{0,6}(?:要|报|填|索|交|数)",
        "重复(?:索|报|要|填|统)|多头",
    ),
    _matter(
        "扯皮|推诿|踢皮球|推来推去|职责(?:交叉|不清)|(?:说|分|扯)不清[^,。?]{0,4}(?:谁|哪个)",
        "职责(?:交叉|不清)|意见不一致|协商解决",
    ),
    _matter(
        "(?:几|多少)个(?:镇|乡|街道)[^。?]{0,4}(?:几|多少)个(?:镇|乡|街道)",
        "个(?:镇|乡)[^。]{0,6}个街道",
    ),
    _matter("摊派|评比|乱收费", "摊派|评比"),
    _matter("捐[款资物赠]|赞助", "捐[款资物赠]|赞助|社会资本"),
    _matter("外包|第三方|购买服务|请(?:个|家)?公司", "购买服务|第三方"),
    _matter("审计|查账", "审计"),
    _matter("层层加码|加码|增加负担|加重负担", "加码|(?:增加|减轻)[^,。]{0,4}负担"),
    _matter(
        "(?:搞砸|失败|出错|没搞好|不成功)[^?]{0,12}(?:怪|批|骂|算账|追究|责任)",
        "先行先试|容错|少指责",
    ),
    _matter(
        f"{_PAPER}[^。?]{{0,6}}(?:页|字数|篇幅|写多长|太长)",
        "报送[^。]*[页字]|篇幅",
    ),
    _matter(f"{_PAPER}[^。?]{{0,4}}(?:写|报)[^。?]{{1,8}}还是", "报送内容|内容以"),
)
_SCREEN = Screen([matter.asks for matter in _MATTERS])
_STATE = re.compile(
    "第[一二三四五六七八九十几]|谁|哪[个家]?(?:镇|单位|部门|局)|多少|去年|上[个次年届]"
)
"""Who asks so for a ranking wants to know how it came out, which no plan tells."""


def _told(ask: Ask) -> Saying | None:
    folded = ask.question.folded
    for number, way in _SCREEN.which_may_stand_in(folded):
        if not way.search(folded):
            continue
        counts = ask.question.has(Sign.COUNT)  # 两家各几条，我排个座次
        if _MATTERS[number] is _RANKING and (counts or _STATE.search(folded)):
            continue
        told = _saying(ask, _MATTERS[number])
        if told:
            return told
    return None


def _saying(ask: Ask, matter: Matter) -> Saying | None:
    """Find the sentence outside the tasks that settles a matter."""
    told = [
        one
        for one in ask.sentences
        if one.task is None and matter.tells.search(one.plain)
    ]
    if not told:
        return None
    words = ask.question.folded
    return as_saying(max(told, key=lambda one: covered(words, one.text)))


def _fits(ask: Ask) -> bool:
    question = ask.question
    if question.clause or question.ordinal is not None or question.strangers:
        return False
    if question.has(Sign.RECEIVER, Sign.CONTACT) and not question.topic:
        return False
    return ask.once(_told) is not None


def _answer(ask: Ask) -> Answer:
    saying = ask.once(_told)
    assert saying is not None, "the intent fits only where a sentence tells it"
    return quote_saying(ask, saying)


BESIDE_TASKS = Intent(name="beside_tasks", example="", fits=_fits, answer=_answer)
