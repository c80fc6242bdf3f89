"""How many towns, streets or villages there are, where the plan says so."""

import re

from msgspec.structs import replace

from bot.messages import Reply
from handlers.intent import Answer, Ask, Intent
from handlers.not_held import refuse
from handlers.open_plans import Sentence
from handlers.quote import cite

_ASKED = re.compile(
    r"^(?:请问|想问|全|我们|咱们?|本|[县区市]|一共|总共|合计|总计|共|里|这个?|方案|文件|中|的|,)*"
    r"(?:有|是|包括|辖|下辖|涉及)*(?:多少|几)个?"
    r"(?P<what>乡镇街道|镇街道?|乡镇|[镇乡村]|街道(?:办事处)?|行政村|社区)"
    r"(?:(?:和|与|、)?(?:多少|几)个街道)?[呢啊呀吗?。!]*$"
)
_NUMBER = "(?:[0-9]+|[一二三四五六七八九十百两]+)个"
_WHOLE = rf"(?:全[县区市]|辖|共)[^,;。]{{0,10}}?(?:{_NUMBER}[^,;。]{{1,10}})?{_NUMBER}"


def _asked(ask: Ask) -> str:
    found = _ASKED.search(ask.question.folded)
    return found["what"] if found else ""


def _told(ask: Ask) -> Sentence | None:
    """Find the sentence that counts them all: 全县9个镇, and not 先在3个镇试点."""
    what = _asked(ask)
    name = "[乡镇]" if what[0] in "乡镇" else what.removesuffix("办事处")
    counts = re.compile(f"{_WHOLE}{name}")
    return next((one for one in ask.sentences if counts.search(one.plain)), None)


def _answer(ask: Ask) -> Answer:
    """Quote the sentence that counts them, or say that none does."""
    told = ask.once(_told)
    if told is None:
        return refuse(ask, f"{_asked(ask)}的数量")
    source = f"依据：{cite(told.plan)}{told.where}。"
    talk = replace(ask.talk, offered="")
    return Answer(Reply(f"文件写明：“{told.text}”\n{source}"), talk)


PLACES = Intent(
    name="places",
    example="",
    fits=lambda ask: bool(_asked(ask)),
    answer=_answer,
)
