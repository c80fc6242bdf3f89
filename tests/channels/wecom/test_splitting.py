"""Texts are counted in bytes, cut at lines, and never inside what belongs together."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.splitting import Dialect, cut_bytes, escape, size, split_bytes

LINES = st.lists(st.text("科学素质a1 ，。\n", max_size=40), max_size=30).map("\n".join)


@given(LINES, st.integers(12, 200))
def test_nothing_but_white_space_is_lost_and_no_part_is_too_long(
    text: str, limit: int
) -> None:
    parts = split_bytes(text, limit)

    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)
    assert all(part.strip() and size(part) <= limit for part in parts)


@given(st.lists(st.text("科学素质", min_size=1, max_size=9), max_size=30))
def test_lines_that_fit_are_never_cut(lines: list[str]) -> None:
    parts = split_bytes("\n".join(lines), 30)

    assert [line for part in parts for line in part.split("\n")] == lines


@pytest.mark.parametrize(
    "whole",
    [
        "[点这里看原文](https://example.gov.cn/a_b)",
        "https://example.gov.cn/plans/2022/21?page=4",
        "<@ZhangSan>",
        "`县科协 工作台账 编号`",
        "```\n代码\n\n代码\n```",
        '<a href="https://example.gov.cn">县政府 网站</a>',
        '<font color="warning">今日 截止</font>',
        "$userName=ZhangSan$",
        "👨‍👩‍👧‍👦",
        "e\u0301",
    ],
)
@pytest.mark.parametrize("before", range(0, 36, 5))
def test_what_belongs_together_stays_together(whole: str, before: int) -> None:
    text = "字" * before + whole + "字" * 40

    assert any(whole in part for part in split_bytes(text, 100))


def test_a_long_line_is_cut_at_the_end_of_a_sentence() -> None:
    text = "一" * 30 + "。" + "二" * 30

    assert split_bytes(text, 120) == ["一" * 30 + "。", "二" * 30]


def test_what_is_longer_than_a_part_is_cut_between_characters() -> None:
    parts = split_bytes("`" + "字" * 100 + "`", 50)

    assert "".join(parts) == "`" + "字" * 100 + "`"
    assert all(size(part) <= 50 for part in parts)


@pytest.mark.parametrize(("text", "parts"), [("", []), (" \n ", []), (" a ", ["a"])])
def test_an_empty_text_has_no_parts(text: str, parts: list[str]) -> None:
    assert split_bytes(text, 10) == parts


def test_half_characters_and_what_cannot_be_seen_do_not_go_out() -> None:
    assert split_bytes("a\ud800b\x00c\u202ed", 100) == ["a\ufffdbcd"]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("a*b_c`d[e", "a＊b＿c｀d［e", r"a\*b\_c\`d\[e"),
        ("[看](http://x.cn)", "［看］(http://x.cn)", r"\[看](http://x.cn)"),
        ("<@all> 请看", "＜@all＞ 请看", "＜@all> 请看"),
        ("不足<10%", "不足＜10%", "不足<10%"),
        ("http://a.cn/b_c*d", "http://a.cn/b_c*d", "http://a.cn/b_c*d"),
        ("# 一\n> 二\n---", "# 一\n＞ 二\n---", "\\# 一\n\\> 二\n\\---"),
        ("#R1024 号", "#R1024 号", "#R1024 号"),
        ("平政字〔2022〕21号 四（三）", *["平政字〔2022〕21号 四（三）"] * 2),
    ],
)
def test_a_plain_text_is_kept_from_being_read_as_marks(
    text: str, first: str, second: str
) -> None:
    assert escape(text, Dialect.FIRST) == first
    assert escape(text, Dialect.SECOND) == second


@pytest.mark.parametrize("text", ["<@all>", "<a href='x'>", "</a>", "<font color=x>"])
@pytest.mark.parametrize("dialect", Dialect)
def test_no_tag_and_no_call_survives(text: str, dialect: Dialect) -> None:
    assert "<" not in escape(text, dialect)


def test_an_escaped_character_is_not_parted_from_its_stroke() -> None:
    parts = split_bytes(escape("*" * 40, Dialect.SECOND), 11)

    assert all(part == r"\*" * (len(part) // 2) for part in parts)


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [("科协", 6, "科协"), ("科协组", 8, "科…"), ("abcdef", 5, "ab…")],
)
def test_what_is_cut_says_so(text: str, limit: int, short: str) -> None:
    assert cut_bytes(text, limit) == short
    assert size(short) <= limit
