"""Commands: what Telegram's /words say in Chinese, and the menus that show them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Menu(StrEnum):
    """Where a command is shown."""

    PRIVATE = "all_private_chats"
    GROUP = "all_group_chats"
    ADMIN = "all_chat_administrators"


_REPORT = re.compile(r"[#＃]?\s*[Rr]?\s*(\d{1,9})(?!\w)")


def _by_code(rest: str) -> str:
    """Write the code of a report with which words begin as a nudge shows it: #R12."""
    return _REPORT.sub(r"#R\1", rest, count=1) if _REPORT.match(rest) else rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command; alone it says `alone`, with words behind it `says` and these.

    `reads` is how these words are understood.
    """

    name: str
    alone: str
    says: str = ""
    shown_as: str = ""
    menus: tuple[Menu, ...] = tuple(Menu)
    reads: Callable[[str], str] = str

    def words(self, rest: str) -> str:
        """Return what the person says by it."""
        return f"{self.says} {self.reads(rest)}".strip() if rest else self.alone


_OURS = (Menu.PRIVATE,)
_ADMINS = (Menu.ADMIN,)

COMMANDS: tuple[Command, ...] = (
    Command(name="start", alone="你好", says="绑定", menus=()),
    Command(name="tasks", alone="我们负责哪些任务", shown_as="查本单位负责的任务"),
    Command(name="due", alone="什么时候报送", shown_as="查报送时限"),
    Command(
        name="find", alone="一共多少项任务", shown_as="按词语查任务，如 /find 科技馆"
    ),
    Command(
        name="done",
        alone="已报",
        says="已报",
        shown_as="登记已报送，可带提醒里的编号，如 /done R12",
        reads=_by_code,
    ),
    Command(name="help", alone="帮助", says="帮助", shown_as="看能问什么"),
    Command(
        name="bind",
        alone="绑定",
        says="绑定",
        shown_as="用绑定码绑定本单位",
        menus=_OURS,
    ),
    Command(
        name="register",
        alone="登记本群",
        says="登记本群",
        shown_as="登记本群（办公室用）",
        menus=_ADMINS,
    ),
)

_BY_NAME = {command.name: command for command in COMMANDS}


def is_ours(name: str) -> bool:
    """Tell whether a command is one of ours, in any case of letters."""
    return name.lower() in _BY_NAME


def words_of_command(name: str, rest: str) -> str:
    """Return what a command says; one that we do not know says the words behind it."""
    rest = rest.strip()
    if is_ours(name):
        return _BY_NAME[name.lower()].words(rest)
    return rest or "帮助"


def decides_for_group(words: str) -> bool:
    """Tell whether *words*, said in a group, are only for those who administer it.

    /start with a payload and /register are: the bot is added, the group registered.
    """
    words = words.strip()
    return words.startswith(("登记", "注销", "绑定"))


def menus() -> list[dict[str, Any]]:
    """Return the parameters of the `setMyCommands` that show all of them."""
    return [
        {
            "scope": {"type": menu.value},
            "commands": [
                {"command": one.name, "description": one.shown_as}
                for one in COMMANDS
                if menu in one.menus
            ],
        }
        for menu in Menu
    ]
