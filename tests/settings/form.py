"""The least that a form has to say, and how a wrong one is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings

GOOD = """
[office]
name = "澄川县人民政府办公室"
timezone = "Asia/Shanghai"
channels = ["console"]
"""
Write = Callable[..., Path]


def refusal(file: Path, **env: str) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.load(file, env)
    return caught.value.reply
