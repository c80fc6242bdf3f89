"""Text files: encodings decided by validity, every line kept."""

import pytest
from made_documents import ReadFile, texts

from bot.errors import DocumentError

PLAN = "平政字〔2022〕21号\n\n　　一、总体要求\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"]
)
def test_a_text_is_read_in_its_encoding(read_file: ReadFile, encoding: str) -> None:
    lines = texts(read_file("方案.txt", PLAN.encode(encoding)))
    assert lines == ["平政字〔2022〕21号", "", "　　一、总体要求"]


def test_big_endian_utf_16_is_read_by_its_mark(read_file: ReadFile) -> None:
    content = b"\xfe\xff" + PLAN.encode("utf-16-be")
    assert texts(read_file("方案.txt", content))[0] == "平政字〔2022〕21号"


@pytest.mark.parametrize("stop", ["\n", "\r\n", "\r", "\f", "\u2028"])
def test_lines_end_at_every_kind_of_break(read_file: ReadFile, stop: str) -> None:
    blocks = read_file("方案.txt", stop.join(["甲", "", "乙"]).encode())
    assert texts(blocks) == ["甲", "", "乙"]
    assert [block.place for block in blocks] == [1, 2, 3]


def test_a_word_that_looks_like_utf_8_is_read_as_gbk(read_file: ReadFile) -> None:
    assert texts(read_file("a.txt", "联通".encode("gbk"))) == ["联通"]


def test_damaged_utf_8_is_not_taken_for_gbk(read_file: ReadFile) -> None:
    content = ("全民科学素质行动规划纲要" * 40).encode() + b"\xe7\xa7"
    with pytest.raises(DocumentError) as caught:
        read_file("a.txt", content)
    assert "UTF-8" in caught.value.reply


def test_stray_control_characters_are_dropped(read_file: ReadFile) -> None:
    content = ("一、总体要求" * 20).encode() + b"\x07\x00\x1a"
    assert texts(read_file("a.txt", content)) == ["一、总体要求" * 20]
