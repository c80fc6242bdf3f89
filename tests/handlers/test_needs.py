"""Patterns tried only on texts that have a character they cannot do without."""

import re

import pytest

from handlers import INTENTS
from handlers.needs import Phrase
from handlers.phrases import PHRASES

TEXTS = [
    *(intent.example for intent in INTENTS),
    "县教体局牵头哪些任务",
    "\0的电话是多少",
    "请问半年报什么时候交给谁",
    "这个方案是哪年印发的，有效期到几时",
    "一共涉及多少个单位",
    "跟我们一起负责的有哪几家",
    "不归我们管的任务",
    "科普大篷车一年办几场",
    "women fuze naxie",
    "",
]


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("电话", "电"),
        ("(?:座机|热线)(?:号码)?", "座热"),
        ("(?:一共)?(?:多少|几)项", "项"),
        ("[项个]任?", "项个"),
        ("(?:县|区)+里", "里"),
        ("报(?=送)", "报"),
        (r"\d+", ""),
        ("[^的]", ""),
        ("谁|.", ""),
        ("(?:谁)?", ""),
    ],
)
def test_a_pattern_needs_one_of_a_few_characters(pattern: str, needs: str) -> None:
    assert Phrase(pattern).needs == frozenset(needs)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_ruled_out_could_not_have_been_found(text: str) -> None:
    for _, phrase in PHRASES:
        found = re.finditer(phrase.pattern, text)
        assert phrase.spans(text) == [one.span() for one in found if one.group()]


def test_every_phrase_of_asking_can_be_ruled_out() -> None:
    assert [phrase.pattern for _, phrase in PHRASES if not phrase.needs] == []
