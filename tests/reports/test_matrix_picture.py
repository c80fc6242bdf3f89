"""The pictures of the table: narrow enough for a phone, split where it is long."""

from io import BytesIO

import pytest
from made_matrix import STATE, matrix, matrix_of_names, report, standing
from PIL import Image, ImageColor

from bot.reports.matrix_picture import _FILLS, _font, _lines, draw_matrix


@pytest.mark.parametrize(
    ("names", "reports", "pictures"), [(1, 1, 1), (24, 3, 1), (25, 1, 2), (30, 4, 4)]
)
def test_a_long_table_is_dealt_out_to_pictures(
    names: int, reports: int, pictures: int
) -> None:
    table = matrix_of_names(*(f"第{n}局" for n in range(names)), reports=reports)

    drawn = [Image.open(BytesIO(one)) for one in draw_matrix(table)]

    assert len(drawn) == pictures
    assert all(one.format == "PNG" and one.width <= 1280 for one in drawn)
    assert all(one.height < 3500 for one in drawn)


def test_the_colour_of_a_light_is_in_the_cell() -> None:
    (drawn,) = draw_matrix(matrix((report(1), [standing("甲局", STATE.DISPUTED)])))
    (other,) = draw_matrix(matrix((report(1), [standing("甲局", STATE.CLAIMED)])))

    place = (560, -40)
    for png, light in ((drawn, "#DADADA"), (other, "#B5D8F7")):
        image = Image.open(BytesIO(png)).convert("RGB")
        colour = image.getpixel((place[0], image.height + place[1]))
        assert colour == ImageColor.getrgb(light)
        assert light in _FILLS.values()


def test_the_same_table_makes_the_same_picture() -> None:
    table = matrix_of_names("甲局", "乙局")

    assert draw_matrix(table) == draw_matrix(table)


def test_a_name_that_is_too_long_is_cut_off_in_its_second_line() -> None:
    name = "国家统计局平阴调查队和县统计局联合科学素质监测工作领导小组办公室"

    lines = _lines(name, 32, 376, most=2)

    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(_font(32).getlength(line) <= 376 for line in lines)


@pytest.mark.parametrize("words", ["", "\u202e\x00", "a" * 200, "，" * 50])
def test_lines_of_any_words_fit(words: str) -> None:
    lines = _lines(words, 32, 100, most=2)

    assert len(lines) <= 2
    assert all(_font(32).getlength(line) <= 110 for line in lines)


def test_the_letters_are_the_simplified_ones() -> None:
    assert _font(32).getname()[0] == "Noto Sans CJK SC"


def test_an_empty_table_is_a_picture_as_well() -> None:
    assert len(draw_matrix(matrix())) == 1
