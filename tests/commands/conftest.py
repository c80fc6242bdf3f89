"""An office on a SQLite file: new, empty, and with the sample plan in force."""

import shutil
from pathlib import Path

import pytest
from office import SAMPLE, Office


@pytest.fixture
def new_office(tmp_path: Path) -> Office:
    """Give an office that has no store yet."""
    return Office(f"sqlite+aiosqlite:///{tmp_path / 'office.sqlite3'}")


@pytest.fixture
def office(tmp_path: Path, sqlite_template: Path) -> Office:
    """Give an office whose tables are laid: to lay them takes longer than a test."""
    return _copied(sqlite_template, tmp_path)


@pytest.fixture(scope="session")
def sample_in_force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store, laid and filled by commands, to be copied."""
    file = tmp_path_factory.mktemp("office") / "office.sqlite3"
    office = Office(f"sqlite+aiosqlite:///{file}")
    assert office.run("import", str(SAMPLE), "--sign", "李主任").exit_code == 0
    return file


@pytest.fixture(scope="module")
def open_office(
    sample_in_force: Path, tmp_path_factory: pytest.TempPathFactory
) -> Office:
    """Give an office in which the sample plan is in force, to be looked at."""
    return _copied(sample_in_force, tmp_path_factory.mktemp("office"))


@pytest.fixture
def busy_office(sample_in_force: Path, tmp_path: Path) -> Office:
    """Give one's own office in which the sample plan is in force."""
    return _copied(sample_in_force, tmp_path)


def _copied(store: Path, folder: Path) -> Office:
    file = shutil.copy(store, folder / "office.sqlite3")
    return Office(f"sqlite+aiosqlite:///{file}")
