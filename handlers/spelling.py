"""Questions typed in pinyin, and asking words typed by their sound, respelled."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from bot.chinese import syllable
from handlers.dictated import write_as_usual

# What people ask with; the names of things are found by their sound anyway.
_ASKING = tuple(
    """
    我们 我单位 咱们 咱局 任务 哪些 有哪些 那些 什么 负责 谁负责 谁管 谁牵头 牵头
    配合 参与 哪个单位 哪个部门 哪家 几项 多少 多少项 一共 半年报 全年报 年报 半年
    全年 上半年 总结 报告 材料 报给谁 交给谁 什么时候 啥时候 几号 截止 时间 期限
    电话 联系电话 联系方式 原文 详细 具体 内容 指标 数字 目标 比例 请问 你好 您好
    落实情况 报送 上报 提交 年底 年终 年中 年度 发给谁 送给谁 交到哪 哪里 哪儿 材料
    文号 印发 比例 素质 怎么联系 咨询 号码
    帮助 下一页 第一个 第二个 第三个 一起 共同 列一下 清单 要求 怎么
    """.split()
)
_SMALL = "的 交 报 啥 有 是 呢 吗 和 那 谁 做 干".split()
_MIXED_UP = tuple(
    "牵头 负责 任务 配合 截止 电话 原文 报送 总结 材料 情况 比例 指标 联系 方式 半年"
    " 期限 年报".split()
)
_WORDS = frozenset(
    "人物 服务 认为 前头 练习 联席 保送 放式 质标".split()
)  # mean themselves
_LOOK_ALIKES = {"比列": "比例", "联糸": "联系", "情祝": "情况", "时侯": "时候"}
_TURNED = re.compile("牵(?:了)?(哪些|哪几个|几个|多少个?|什么|啥)头")  # 牵哪些头
_HOW_OFTEN = re.compile("多[旧九就玖灸酒](?=[^,。?]{0,6}[一1][次回趟遍刺词])")
_ONCE = re.compile("(?<=多久)(.{0,6}[一1])[刺词](?=[呢啊呀?。]*$)")
_LATIN = re.compile("[A-Za-z]")
_LETTERS = 4  # fewer latin letters than this are an abbreviation


def _spell(word: str) -> tuple[str, ...]:
    return tuple(syllable(char) for char in word)


@cache
def _by_sound() -> dict[tuple[str, ...], str]:
    return {_spell(word): word for word in reversed(_ASKING)}


@cache
def _sounds_of_mixed_up() -> dict[tuple[str, ...], str]:
    return {_spell(word): word for word in _MIXED_UP}


def respell(folded: str) -> str:
    """Write the asking words of *folded* as they should be; leave all else alone.

    jiaotiju负责naxie stays jiaotiju负责哪些; 教体局千头的任务 is 教体局牵头的任务.
    """
    for typed, meant in _LOOK_ALIKES.items():
        folded = folded.replace(typed, meant)
    folded = write_as_usual(folded)
    folded = _TURNED.sub(r"牵头\1任务", folded)
    folded = _ONCE.sub(r"\1次", _HOW_OFTEN.sub("多久", folded))
    if _is_latin(folded):
        return _respell_latin(folded)
    chars = list(folded)
    mixed_up = _sounds_of_mixed_up()
    for start, heard in enumerate(pairwise(map(syllable, folded))):
        if heard in mixed_up and folded[start : start + 2] not in _WORDS:
            chars[start : start + 2] = mixed_up[heard]
    return "".join(chars)


def _is_latin(text: str) -> bool:
    letters = len(_LATIN.findall(text))
    return letters >= _LETTERS and letters >= 0.8 * len(text)


def _respell_latin(text: str) -> str:
    """Write known asking words; a small word only beside one that was known."""
    # With numpy behind it: loaded for the few questions that are typed in pinyin.
    from bot.plans.finding.question import cut_pinyin

    heard = cut_pinyin("".join(char for char in text if char.isalpha()))
    parts = list(_known_words(heard))
    if not any(known for _, known in parts):
        return text
    small = {_spell(word)[0]: word for word in reversed(_SMALL)}
    for at, (part, known) in enumerate(parts):
        beside = parts[max(at - 1, 0) : at] + parts[at + 1 : at + 2]
        if not known and part in small and any(is_word for _, is_word in beside):
            parts[at] = (small[part], True)
    return "".join(part for part, _ in parts)


def _known_words(heard: list[str]) -> Iterator[tuple[str, bool]]:
    at = 0
    while at < len(heard):
        for length in range(min(4, len(heard) - at), 1, -1):
            word = _by_sound().get(tuple(heard[at : at + length]))
            if word:
                yield word, True
                at += length
                break
        else:
            yield heard[at], False
            at += 1
