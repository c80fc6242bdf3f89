"""Where a title ends and the text begins; which headings hold tasks."""

import re
from enum import Enum

from bot.plans.reading.script import simplified

TITLE_LIMIT = 42
_OPEN = {"（": "）", "(": ")", "《": "》", "“": "”", "〔": "〕", "【": "】"}
_CLAUSE_LIMIT = 30
_HAN_POINT = re.compile(r"[\u4e00-\u9fff”》）][.．](?=[\u4e00-\u9fff“《（(\s]|$)")
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff”）》])[ \u3000]+(?=[\u4e00-\u9fff“《（])")


class Chapter(Enum):
    """What a chapter is good for, by its heading."""

    GOALS = "goals"
    SUPPORT = "support"
    TASKS = "tasks"
    OTHER = "other"


_DOING = (
    r"夯实|强化|优化|健全|完善|落实|加强|推进|推动|建立|构建|提升|实现|围绕|改善|筑牢"
    r"|打牢|拓展"
)
_GOAL = (
    r"(?:指导思想|(?:基本|工作|总体|实施|主要)?原则|总体(?:要求|思路|目的|考虑|部署)"
    r"|(?:基本|工作|总体|发展|主要)思路|(?:任务)?目标(?:要求|任务|定位)?"
    r"|(?:面临的?|发展|当前)?形势(?:分析)?|背景|(?:重要|重大|目的|现实)?意义|目的意义"
    r"|基本情况|现状|存在的?(?:主要|突出)?问题|适用范围|(?:编制|制定|政策|工作)?依据|总则|前言|引言"
    r"|指标(?:体系)?|名词解释|(?:工作|发展)基础)"
)
_GOALS = re.compile(
    rf"(?!{_DOING})[^、]{{0,10}}?{_GOAL}(?:[、和与及]+.{{0,4}}?{_GOAL})*"
)
_SUPPORT = re.compile(
    r"保障措施|(?:组织|工作|综合)保障|保障机制$|组织实施|组织领导|组织机构|领导机构"
    r"|工作要求|有关要求|相关要求|实施步骤|工作步骤|方法步骤|实施阶段|进度安排|时间安排|步骤安排"
    r"|时间步骤|推进机制|工作机制|实施机制|附则|督导考核|考核评价|考核办法|其他事项|有关事项"
    r"|报送要求|资金安排|职责分工|成员单位|^(?:几点|具体|纪律)?要求$"
)
_LOOSE = re.compile(r"保障|监督|督导|考核|机制|领导")
_TASKS = re.compile(
    r"任务|举措|措施|行动|工程|工作内容|重点工作|主要工作|活动内容|主要内容|项目|分工"
)

_KNOWN = re.compile(
    r"(?:指导思想|基本原则|总体(?:要求|思路|目标)|(?:工作|发展|主要|总体)?目标|(?:工作)?背景"
    r"|(?:重点|主要|工作)(?:任务|举措|措施|工作|内容)|(?:实施|进度|工作)(?:步骤|安排)"
    r"|(?:保障|组织)措施|组织(?:实施|领导|保障)|(?:工作|有关)要求|任务分工|目标任务)"
)


def is_known_heading(text: str) -> bool:
    """Say whether a line is a heading that needs no number: 重点任务."""
    return _KNOWN.fullmatch(simplified(text.strip())) is not None


def chapter_of(title: str) -> Chapter:
    """Tell by its heading whether a chapter holds goals, tasks or arrangements.

    Goals are told by the whole heading: 夯实工作基础 is work to be done.
    """
    bare = re.sub(r"\s+", "", simplified(title))
    bare = re.sub(r"[（(][^（）()]*[）)]$", "", bare)
    tasks = _TASKS.search(re.sub(r"保障措施|组织措施|任务目标", "", bare))
    if _GOALS.fullmatch(bare) and not tasks:
        return Chapter.GOALS
    if _SUPPORT.search(bare) and not (tasks and "任务" in bare):
        return Chapter.SUPPORT
    return Chapter.TASKS if tasks else Chapter.OTHER


def may_be_support(title: str) -> bool:
    """Say whether a heading speaks of arrangements, if it is one of the last."""
    return _LOOSE.search(simplified(title)) is not None


def title_end(text: str) -> tuple[int, int]:
    """Return where the heading sentence of *text* ends and where its body begins.

    (0, 0) if there is no heading sentence: no stop in its first characters. A line
    break ends a heading too, if the line is short and has no stop.
    """
    blank = _heading_blank(text)
    closing: list[str] = []
    for at, char in enumerate(text[: TITLE_LIMIT + 1]):
        if at == blank:
            return at, at + 1
        if closing and char == closing[-1]:
            closing.pop()
        elif char in _OPEN and _OPEN[char] in text[at : at + 60]:
            closing.append(_OPEN[char])
        elif closing:
            continue
        elif char in "。：" or (char == ":" and not text[at - 1 : at].isdigit()):
            return at, at + 1
        elif char in ".．" and _HAN_POINT.match(text, max(at - 1, 0)):
            return at, at + 1
        elif char == "\n":
            return at, at + 1
    if len(text) <= TITLE_LIMIT:
        return len(text), len(text)
    return 0, 0


def _heading_blank(text: str) -> int:
    """Find the one blank that stands for a lost line break behind a heading, or -1."""
    blanks = [found.start() for found in _BLANK.finditer(text[: TITLE_LIMIT + 1])]
    if len(blanks) != 1 or blanks[0] < 4 or len(text) < blanks[0] + 10:
        return -1
    return -1 if re.search(r"[，。；：:]", text[: blanks[0]]) else blanks[0]


def first_clause(text: str) -> str:
    """Cut a title out of text that starts at once: its first clause of some length."""
    closing: list[str] = []
    best = 0
    for at, char in enumerate(text[: TITLE_LIMIT + 1]):
        if closing and char == closing[-1]:
            closing.pop()
        elif char in _OPEN and _OPEN[char] in text[at : at + 60]:
            closing.append(_OPEN[char])
        elif closing:
            continue
        elif char in "，；,;。\n" and at >= 6:
            return text[:at]
        elif char == "、" and at >= 6 and at <= _CLAUSE_LIMIT:
            best = at
    return text[: best or _CLAUSE_LIMIT].rstrip("，；、,; \n")
