"""The screen passes over patterns, and never one that stands in a text."""

import re

import pytest

from handlers.screen import Screen

PATTERNS = (
    "谁(?:管|负责)",
    "[一二]个?",
    r"\d+天",
    "(?:啥|什么)?时候",
    "^(?:好|行)$",
    ".{2}",
)


def tried(text: str) -> list[str]:
    return [PATTERNS[at] for at, _ in Screen(PATTERNS).which_may_stand_in(text)]


def test_a_pattern_is_passed_over_where_a_character_is_missing_that_it_needs() -> None:
    assert tried("归谁") == ["谁(?:管|负责)", ".{2}"]
    assert tried("3天") == [r"\d+天", ".{2}"]


@pytest.mark.parametrize(
    "text", ["谁管", "第二个", "10天", "什么时候", "时候", "行", "是谁负责", "二", ""]
)
def test_whatever_stands_in_a_text_is_tried_in_order(text: str) -> None:
    found = [one for one in PATTERNS if re.search(one, text)]

    passed = tried(text)

    assert [one for one in passed if one in found] == found
    assert passed == sorted(passed, key=PATTERNS.index)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?<=甲)乙?", "甲"),
        ("(?=丙)", "丙"),
        ("(?!丁)", "戊"),
        ("[^己]", "庚"),
        ("(?:辛|壬?)", ""),
        ("(?>癸)", "癸"),
        ("[0-9a-z]", "q"),
        ("(子)\\1|丑", "丑"),
        ("寅*卯{0,2}", ""),
        ("\0的", "\0的"),
    ],
)
def test_every_form_of_pattern_that_is_found_is_tried(pattern: str, text: str) -> None:
    assert re.search(pattern, text)
    assert list(Screen([pattern], present="\0").which_may_stand_in(text))


def test_characters_that_stand_in_any_text_let_nothing_pass() -> None:
    screen = Screen(["\0人", "\0"], present="\0")

    assert [at for at, _ in screen.which_may_stand_in("无")] == [1]
