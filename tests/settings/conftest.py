"""A form, written where the office keeps it."""

from pathlib import Path

import pytest
from form import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give a function that writes config/bot.toml and returns its path."""

    def write_form(form: str, *, encoding: str = "utf-8") -> Path:
        file = tmp_path / "config" / "bot.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(form, encoding=encoding)
        return file

    return write_form
