"""Text as numbers: folding, breaks, keys, and pinyin cut into syllables."""

import pytest

from bot.chinese import fold
from bot.plans.finding.asking import wants_number, without_asking
from bot.plans.finding.question import cut_pinyin, read_question
from bot.plans.finding.terms import (
    BREAK,
    STOP,
    encode,
    encode_all,
    initial_keys,
    pair_keys,
    sound_keys,
    sounds,
)
from bot.plans.finding.thesaurus import Thesaurus


def keys_by_sound(text: str) -> list[int]:
    return sound_keys(sounds().of_char[encode(text)]).tolist()


def test_width_script_and_case_are_one() -> None:
    assert encode("ＡＰＰ科學").tolist() == encode("app科学").tolist()


def test_quotation_marks_vanish_and_commas_break() -> None:
    assert encode("“益民”进").tolist() == encode("益民进").tolist()
    assert encode("甲，乙。").tolist() == [ord("甲"), BREAK, ord("乙"), STOP]


def test_no_pair_reaches_across_a_break() -> None:
    assert [bool(key) for key in pair_keys(encode("甲乙，丙丁"))] == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("轻少年", "青少年"), ("助牢", "助老"), ("制慧", "智慧"), ("南到", "兰到")],
)
def test_homophones_have_the_same_sound_keys(written: str, meant: str) -> None:
    assert keys_by_sound(written) == keys_by_sound(meant)


def test_initials_are_first_letters() -> None:
    letters = sounds().initial[encode("青少年科学")]

    assert bytes(letters) == b"qsnkx"
    assert len(set(initial_keys(letters).tolist()) - {0}) == 3


def test_many_texts_are_encoded_as_each_alone() -> None:
    texts = ["青少年。", "", "5G（科普）", "𠮷野家", "含\ufdd0有分隔符"]

    codes, starts = encode_all(texts)

    assert len(starts) == len(texts) + 1
    for text, first, last in zip(texts, starts, starts[1:], strict=False):
        assert codes[first:last].tolist() == [*encode(text).tolist(), BREAK]


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("zhihuizhulao", ["zhi", "hui", "zhu", "lao"]),
        ("kexuesuzhi", ["ke", "xue", "su", "zhi"]),
        ("nvxing", ["nv", "xing"]),
        ("", []),
    ],
)
def test_pinyin_is_cut_into_syllables(typed: str, cut: list[str]) -> None:
    assert cut_pinyin(typed) == cut


def test_pinyin_with_two_cuts_gives_two_questions() -> None:
    assert cut_pinyin("fangan") != cut_pinyin("fangan", early=True)
    assert len(read_question("fangan", Thesaurus())) == 2
    assert len(read_question("方案", Thesaurus())) == 1


@pytest.mark.parametrize(
    "typed", ["jiàoshī péixùn", "jiaoshi peixun", "JIAOSHI'PEIXUN"]
)
def test_pinyin_may_have_tones_blanks_and_capitals(typed: str) -> None:
    heard = read_question(typed, Thesaurus())[0].heard.tolist()

    assert heard == sounds().of_char[encode("教师培训")].tolist()


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("应急演练谁负责", "应急演练"),
        ("请问河道清淤是哪个单位牵头的呀？", "河道清淤"),
        ("养老助餐由哪几个部门负责", "养老助餐"),
        ("区块链归谁管", "区块链"),
        ("垃圾分类具体有什么要求", "垃圾分类"),
        ("心理咨询", "心理咨询"),
    ],
)
def test_asking_words_are_dropped(question: str, topic: str) -> None:
    assert without_asking(fold(question)).replace(" ", "") == topic


def test_asking_words_are_dropped_from_pinyin() -> None:
    plain = read_question("hedaoqingyu", Thesaurus())[0]
    asked = read_question("hedaoqingyu shui fuze", Thesaurus())[0]

    assert asked.heard.tolist() == plain.heard.tolist()


@pytest.mark.parametrize(
    ("question", "answer"),
    [("一年办几场", True), ("培训多少人次", True), ("多少钱", False), ("谁", False)],
)
def test_how_many_is_heard(question: str, answer: bool) -> None:
    assert wants_number(question) is answer
