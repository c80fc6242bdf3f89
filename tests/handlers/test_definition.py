"""What a word means: quoted from the plan, never explained by us."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("五有标准是什么", "有牌子、有场地"),
        ("五有是哪五有", "有牌子、有场地"),
        ("什么叫菜单式派课", "文件未专门解释“菜单式派课”，原文提到："),
        ("志愿时长兑换是啥意思", "推行志愿时长兑换"),
        ("领导小组是干什么的", "统筹推进本方案实施"),
        ("镇街道指哪些", "9个镇和3个街道"),
        ("什么叫传习点", "建强农村科普传习点"),
    ],
)
def test_the_sentence_with_the_word_is_quoted(
    talk_as: Talker, question: str, words: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert words in reply.text
    assert "澄政字〔2026〕18号" in reply.text


def test_a_word_that_the_plan_does_not_have_is_not_explained(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("什么叫元宇宙")

    assert "文件未解释" in reply.text
    assert reply.tasks == ()


def test_a_number_before_a_noun_is_no_place_in_a_list(talk_as: Talker) -> None:
    assert "请先让我列出清单" not in talk_as("县科协").says("三个走在前是什么").text
