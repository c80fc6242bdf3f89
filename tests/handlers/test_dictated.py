"""Dictated numbers and words of dialect, written as usual."""

import pytest

from handlers.dictated import write_as_usual


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("二零三零年要达到百分之十八点五", "2030年要达到18.5%"),
        ("二〇二八年", "2028年"),
        ("二五年和三零年", "2025年和2030年"),
        ("百分之二十", "20%"),
        ("百分之五", "5%"),
        ("百分之六十五", "65%"),
        ("一年好多场", "一年多少场"),
        ("要建几多个", "要建多少"),
        ("占百分之好多", "占百分之多少"),
        ("材料好久交", "材料什么时候交"),
        ("三个钟头", "三个小时"),
        ("要有二十家", "要有20家"),
        ("三十多人", "30多人"),
        ("十二场", "12场"),
    ],
)
def test_it_is_written_as_usual(said: str, written: str) -> None:
    assert write_as_usual(said) == written


@pytest.mark.parametrize(
    "said",
    [
        "二三年",
        "十二五年",
        "第二五年",
        "百分之百",
        "百分之二十几",
        "百分之几",
        "好多单位",
    ],
)
def test_what_may_mean_something_else_stays(said: str) -> None:
    assert write_as_usual(said) == said
