"""Who wants the document itself hears what can be had instead."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    "words",
    [
        *("能不能把文件发我", "把方案发给我", "文件发我一份", "方案全文能发我吗"),
        *("请发我一份方案", "在哪下载方案", "有方案的电子版吗", "给我发一下文件"),
        *("可以把原文件发给我吗", "方案的pdf发我", "我要文件"),
    ],
)
def test_it_is_told_what_can_be_had(talk_as: Talker, words: str) -> None:
    told = talk_as("").says(words).text

    assert told.startswith("我不发送文件，可以逐条给出原文。")
    assert "回复条款如“二（一）1”看原文" in told


@pytest.mark.parametrize(
    "words",
    [
        "总结材料发给谁",
        "文件发到哪个邮箱",
        "方案什么时候印发",
        "方案是谁发的",
        "发文件的单位",
    ],
)
def test_other_questions_are_not_taken_for_it(talk_as: Talker, words: str) -> None:
    assert "我不发送文件" not in talk_as("").says(words).text
