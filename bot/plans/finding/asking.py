"""The words that only make a question of a topic: they are dropped before a search.

Whole phrases only: a single character may be part of a word (块 in 区块链).
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import product

from bot.chinese import fuzzy, syllable

_OF = ("由", "归", "该", "是", "找", "让", "请", "要", "")
_WHO = """
谁 哪个单位 哪些单位 哪几个单位 哪家单位 哪几家单位 什么单位 啥单位 那个单位 那些单位
哪个部门 哪些部门 哪几个部门 什么部门 啥部门 那个部门 那些部门 哪个局 哪些局 那个局
哪个科室 哪个机构 哪个镇 哪些镇 哪家 哪几家 哪位
""".split()
_GOES = ("来", "在", "去", "给", "")
_CARRIES = """
负责 牵头 牵头抓 管 管理 主管 分管 配合 参与 做 办 干 抓 组织 承担 承办 落实 实施 牵的头
的活 的事 的
""".split()
_OTHERS = """
请问一下 请问 想问一下 想问下 想问问 想问 问一下 问下 问问 了解一下 想了解 想知道
知道一下 帮我查一下 帮我查下 帮我查 帮忙查一下 帮忙查 帮查一下 帮我看看 帮我看 帮我找
帮我 帮忙 查一下 查下 查查 查询一下 看一下 看看 想看看 想看 找一下 找找 说一下 说说
讲讲 讲一下 介绍一下 介绍下 麻烦问一下 麻烦 告诉我 你好 您好 老师好 领导好 谢谢
我想 劳驾 咨询一下 咨询下
牵头单位 责任单位 配合单位 主管部门 负责单位 牵头部门 责任部门 参与单位
主管单位 牵头 负责人 负责 归口哪里 归口哪 归口 归哪 归谁 找谁 是谁 有谁 都有谁 谁
怎么办 怎么做 怎么弄 怎么搞 怎么干 怎么开展 怎么推进 怎么落实 怎么安排 怎么规定
怎么要求 怎么写的 怎么说的 怎么写 怎么说 怎么样 怎么 怎样 如何开展 如何推进 如何落实
如何做 如何 咋办 咋弄 咋做 咋搞 咋整 咋样 咋说 咋写 咋 有什么要求 有啥要求 有哪些要求
什么要求 啥要求 哪些要求 具体要求 有什么规定 有啥规定 有什么内容 有啥内容 有哪些内容
具体内容 主要内容 内容有哪些 内容是什么 什么内容 啥内容 详细内容 详细 原文 有什么安排
有啥安排 有哪些安排 具体安排 有什么措施 有哪些措施 具体措施 有什么任务 有哪些任务
具体任务 任务是什么 有什么 有哪些 有啥 包括哪些 包括什么 包含哪些 都包括 是什么意思
什么意思 是什么 是哪些 是哪个 是啥 指的是 是指 要做什么 要做哪些 做什么 做啥 干什么
干啥 都有哪些 都有什么 都有啥 具体是 具体怎么 具体 说了啥 说了什么 说的啥 说的什么
写了啥 写了什么 写的啥 写的什么 讲了啥 讲了什么 讲的啥 讲的什么 什么时候 啥时候
几月份 什么时间 哪一年 多少场 多少次 多少人 多少个 几场 几次 几个人 要几 办几 多少
几个 几项 哪一条 在哪一条 在哪条 归哪条 哪条 哪一项 哪项 哪个任务 哪些任务 哪里有
在哪里 哪里 哪些工作 什么工作 哪些活动 什么活动 哪些方面 哪方面 哪块 这块 那块 这一块
这方面 有没有提到 有没有说 有没有写 有没有规定 有没有要求 有没有 是不是 能不能
可不可以 要不要 看不看 方案里面 方案里 方案中 方案上 文件里面 文件里 文件中 文件上
这项工作 那项工作 这项任务 那项任务 这个任务 那个任务 这个工作 这件事 那件事 这个事
这事儿 这事 这个活 这活 的事情 的事儿 的事 的活 相关工作 相关任务 有关的任务
有关的内容 有关的 的工作 的任务 的内容 的规定 的要求 这项 那项 关于 对于 我们 咱们
你们
""".split()
_CLEAR_WHEN_SPELLED = ("请问", "怎么", "如何", "负责", "牵头", "多少", "谁管", "谁做")
_LONGEST_SPELLED = 7  # syllables


def _any_of(words: Sequence[str]) -> str:
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, longest_first)) + ")"


_ASKING = re.compile(
    f"{_any_of(_OF)}?{_any_of(_WHO)}{_any_of(_GOES)}?{_any_of(_CARRIES)}|"
    f"{_any_of(_OF)}?{_any_of(_WHO[1:])}|{_any_of(_OTHERS)}"
)
_TAIL = re.compile(r"(?:[的了]?[吗呢吧啊呀嘛么哈呗][?!。.]*|[?!。.,~]+)$")
_HOW_MANY = re.compile(
    r"几[场次个人名期家处项批轮天届所支]|多少(?!钱)|多大|百分之|比例|数量|人数|次数|场次"
)


def without_asking(folded: str) -> str:
    """Return a folded question with each asking phrase replaced by one blank."""
    return _ASKING.sub(" ", _TAIL.sub("", folded))


def wants_number(folded: str) -> bool:
    """Tell whether a folded question asks how many (几场, 多少人), money apart."""
    return bool(_HOW_MANY.search(folded))


def without_spelled_asking(syllables: list[str]) -> list[str]:
    """Drop the asking phrases from a question that was typed in pinyin."""
    heard = [*map(fuzzy, syllables)]
    kept, at = [], 0
    while at < len(syllables):
        length = _spelled_at(heard, at)
        if not length:
            kept.append(syllables[at])
        at += length or 1
    return kept


def _spelled_at(heard: list[str], at: int) -> int:
    """Return how many syllables from *at* on are an asking phrase, 0 if none."""
    for length in range(min(_LONGEST_SPELLED, len(heard) - at), 1, -1):
        if " ".join(heard[at : at + length]) in _spelled():
            return length
    return 0


@cache
def _spelled() -> frozenset[str]:
    """Return how the phrases sound, without short ones that sound like other words."""
    usual = (("由", "归", "是", ""), _WHO, ("来", ""), _CARRIES)
    combined = ("".join(parts) for parts in product(*usual))
    return frozenset(
        " ".join(fuzzy(syllable(char)) for char in phrase)
        for phrase in (*combined, *_WHO, *_OTHERS)
        if len(phrase) > 2 or phrase in _CLEAR_WHEN_SPELLED
    )
