"""The commands and their menus."""

import re

import pytest

from bot.channels.telegram.commands import COMMANDS, menus, words_of_command


def test_names_and_descriptions_are_such_as_telegram_takes() -> None:
    for command in COMMANDS:
        assert re.fullmatch("[a-z0-9_]{1,32}", command.name)
        assert len(command.shown_as) <= 256


def test_each_place_has_its_menu() -> None:
    shown = {
        menu["scope"]["type"]: [one["command"] for one in menu["commands"]]
        for menu in menus()
    }

    assert "bind" in shown["all_private_chats"]
    assert "register" in shown["all_chat_administrators"]
    assert not {"bind", "register"} & set(shown["all_group_chats"])
    assert all("start" not in names and "help" in names for names in shown.values())


@pytest.mark.parametrize(
    ("name", "rest", "words"),
    [
        ("start", "", "你好"),
        ("START", "Code_1", "绑定 Code_1"),
        ("bind", " 12345678 ", "绑定 12345678"),
        ("find", "科普", "科普"),
        ("done", "", "已报"),
        ("done", "#R12", "已报 #R12"),
        ("done", "＃r12", "已报 #R12"),
        ("DONE", " 12 ", "已报 #R12"),
        ("done", "R12 昨天发邮箱了", "已报 #R12 昨天发邮箱了"),
        ("done", "12月20日发的", "已报 12月20日发的"),
        ("done", "上半年的", "已报 上半年的"),
        ("nobody", "科普", "科普"),
        ("nobody", "", "帮助"),
    ],
)
def test_a_command_says_words(name: str, rest: str, words: str) -> None:
    assert words_of_command(name, rest) == words
