"""The robot's name is taken out of what is said to it, wherever people put it."""

import pytest

from bot.channels.wecom.robot_words import words_for


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@助手 谁负责", "谁负责"),
        ("@助手  谁负责", "谁负责"),
        ("@助手\u2005谁负责", "谁负责"),
        ("@助手\u00a0谁负责", "谁负责"),
        ("谁负责 @助手", "谁负责"),
        ("谁负责@助手 ", "谁负责"),
        ("＠助手 谁负责", "谁负责"),
        ("谁负责 ＠助手", "谁负责"),
        ("@助手，谁负责", "谁负责"),
        ("@助手：谁负责？", "谁负责？"),
        ("@助手谁负责", "谁负责"),
        ("@助手 @助手 谁负责", "谁负责"),
        ("请问 @助手 谁负责", "请问 谁负责"),
        ("@张三 @助手 谁负责", "@张三 谁负责"),
        ("@助手 请@张三 看", "请@张三 看"),
        ("@助手", ""),
        ("@助手 ", ""),
        (" \n@助手\n第一行\n第二行", "第一行\n第二行"),
        ("@助手二号 @助手 在吗", "@助手二号 在吗"),
    ],
)
def test_the_name_is_taken_out_of_a_text(text: str, words: str) -> None:
    assert words_for(text, bot_name="助手", in_group=True) == words


@pytest.mark.parametrize(
    "text",
    [
        "@Plan Bot  hello robot",
        "hello robot @plan  bot",
        "＠PLAN BOT hello robot",
        "@Plan Bot：hello robot",
    ],
)
def test_a_name_may_have_spaces_and_be_written_small(text: str) -> None:
    assert words_for(text, bot_name="Plan Bot", in_group=True) == "hello robot"


@pytest.mark.parametrize("name", ["", "旧名称"])
@pytest.mark.parametrize(
    "text", ["@新名称 谁负责", "谁负责 @新名称", "＠新名称  谁负责"]
)
def test_a_name_that_is_not_known_is_taken_off_the_ends(name: str, text: str) -> None:
    assert words_for(text, bot_name=name, in_group=True) == "谁负责"


def test_a_renamed_robot_that_is_only_called_hears_nothing() -> None:
    assert words_for("@新名称", bot_name="旧名称", in_group=True) == ""


@pytest.mark.parametrize("text", ["谁负责 a@b.cn", "@张三 在吗", "谁负责"])
def test_in_a_chat_of_two_only_its_own_name_is_taken_out(text: str) -> None:
    assert words_for(text, bot_name="助手", in_group=False) == text
    assert words_for(f"@助手 {text}", bot_name="助手", in_group=False) == text
