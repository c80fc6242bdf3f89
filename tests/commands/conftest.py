"""An office on a SQLite file, with and without the sample plan in force."""

from pathlib import Path

import pytest
from office import SAMPLE, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(f"sqlite+aiosqlite:///{tmp_path / 'office.sqlite3'}")


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Give an office in which the sample plan is in force."""
    file = tmp_path_factory.mktemp("office") / "office.sqlite3"
    office = Office(f"sqlite+aiosqlite:///{file}")
    assert office.run("import", str(SAMPLE), "--sign", "李主任").exit_code == 0
    return office
