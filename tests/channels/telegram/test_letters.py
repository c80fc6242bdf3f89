"""What Telegram counts, and where a long text is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.letters import MOST_UNITS, split, units
from bot.channels.texts import sound


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("科普", 2), ("😀", 2), ("𠮷a", 3)]
)
def test_units_are_those_of_utf16(text: str, count: int) -> None:
    assert units(text) == count == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("甲\ud83d乙", "甲\ufffd乙"),
        ("a\x00b", "ab"),
        ("x\u202ey", "xy"),
        ("a\n\tb", "a\n\tb"),
    ],
)
def test_what_telegram_does_not_take_is_left_out(raw: str, clean: str) -> None:
    assert sound(raw) == clean


def test_a_short_text_is_one_part() -> None:
    assert split("一\n\n二") == ["一\n\n二"]
    assert split(" \n ") == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("一二三\n\n四五六七", ["一二三", "四五六七"]),
        ("一二三\n四五六七", ["一二三", "四五六七"]),
        ("一二三。四五六", ["一二三。", "四五六"]),
        ("一二三，四五六", ["一二三，", "四五六"]),
        ("一二三四五六七", ["一二三四五", "六七"]),
    ],
)
def test_a_text_is_cut_at_the_best_place(text: str, parts: list[str]) -> None:
    assert split(text, most=5) == parts


@pytest.mark.parametrize("whole", ["👨‍👩‍👧", "e\u0301\u0302", "👍🏽"])
def test_a_character_is_not_parted_from_its_marks(whole: str) -> None:
    most = units(whole) + 8
    parts = split("字" * 9 + whole + "字" * 9, most=most)

    assert any(whole in part for part in parts)


def test_the_limit_itself_is_one_part() -> None:
    assert [units(part) for part in split("😀" * (MOST_UNITS // 2))] == [MOST_UNITS]
    assert len(split("字" * (MOST_UNITS + 1))) == 2


@given(st.text(alphabet="字a 。\n😀\u0301\u200d", max_size=400), st.integers(4, 40))
def test_no_part_is_too_long_and_nothing_is_lost(text: str, most: int) -> None:
    parts = split(text, most=most)

    assert all(0 < units(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
