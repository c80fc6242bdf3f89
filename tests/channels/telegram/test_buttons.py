"""Buttons: 64 bytes, and what a press says."""

import msgspec
import pytest

from bot.channels.telegram.buttons import MOST_BYTES, keyboard, words_of_press
from bot.channels.telegram.objects import Keyboard
from bot.messages import Button

LONG = "县文化和旅游局牵头的任务里哪些要在年底之前完成并且报送"


def press(buttons: tuple[Button, ...], place: int = 0) -> tuple[str, str]:
    markup, _ = keyboard(buttons)
    keys = [key for row in markup["inline_keyboard"] for key in row]
    data = keys[place]["callback_data"]
    assert 1 <= len(data.encode()) <= MOST_BYTES
    return words_of_press(data, msgspec.convert(markup, Keyboard))


@pytest.mark.parametrize("says", ["是", "第12个", "a" * 63, "字" * 21, "😀" * 15, "="])
def test_a_short_saying_goes_along(says: str) -> None:
    assert press((Button("按", says),)) == (says, "")


def test_a_long_saying_that_is_the_label_is_read_off_the_message() -> None:
    buttons = (
        Button("不是", "不是"),
        Button(LONG, LONG),
        Button(LONG + "？", LONG + "？"),
    )

    assert press(buttons, 1) == (LONG, "")
    assert press(buttons, 2) == (LONG + "？", "")


def test_other_long_sayings_stay_with_us_by_a_key() -> None:
    buttons = (Button("是", LONG),)
    _, kept = keyboard(buttons)

    text, key = press(buttons)

    assert text == ""
    assert kept == {key: LONG}


@pytest.mark.parametrize("data", ["", "nonsense", "@0", "@9"])
def test_a_button_that_is_none_of_ours_says_nothing(data: str) -> None:
    assert words_of_press(data, None) == ("", "")


def test_rows_are_as_wide_as_a_telephone() -> None:
    labels = ["已报送", "约定日期", "申请延期", "本期无事项", "查看本单位任务"]
    markup, _ = keyboard([Button(label, label) for label in labels])

    rows = [[key["text"] for key in row] for row in markup["inline_keyboard"]]
    assert rows == [labels[:2], labels[2:4], labels[4:]]


def test_numbers_share_a_row_and_a_hundred_is_the_end() -> None:
    markup, _ = keyboard([Button(str(n), f"第{n}个") for n in range(1, 200)])
    rows = markup["inline_keyboard"]

    assert sum(map(len, rows)) == 100
    assert 5 <= len(rows[0]) <= 8


def test_a_label_is_never_empty_nor_endless() -> None:
    markup, _ = keyboard([Button("", "是"), Button("字" * 500, "是")])
    (first,), (second,) = markup["inline_keyboard"]

    assert first["text"] == "是"
    assert len(second["text"]) == 60
