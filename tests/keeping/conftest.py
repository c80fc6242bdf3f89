"""A SQLite office on a file."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def office(tmp_path: Path, sqlite_template: Path) -> Path:
    """Give the file of an office without rows."""
    folder = tmp_path / "office"
    folder.mkdir()
    return Path(shutil.copy(sqlite_template, folder / "bot.sqlite3"))
