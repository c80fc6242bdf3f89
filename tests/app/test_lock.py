"""One process on one SQLite file."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.app.lock import only_one_on
from bot.errors import StoreError

HOLD = """
import sys
from pathlib import Path
from bot.app.lock import only_one_on
with only_one_on(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_refused_with_the_number_of_the_first(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "bot.sqlite3"
    with only_one_on(file), pytest.raises(StoreError) as caught, only_one_on(file):
        pass

    number = file.with_name("bot.sqlite3.lock").read_text().strip()
    assert number in caught.value.reply
    assert "bot web" in caught.value.reply


def test_the_file_is_free_again_afterwards_and_others_always_were(
    tmp_path: Path,
) -> None:
    with only_one_on(tmp_path / "a"), only_one_on(tmp_path / "b"):
        pass
    with only_one_on(tmp_path / "a"):
        pass


def test_whoever_is_killed_leaves_the_file_free(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    assert holder.stdin
    assert holder.stdout.readline() == b"locked\n"
    with pytest.raises(StoreError), only_one_on(file):
        pass

    holder.kill()
    holder.communicate()

    with only_one_on(file):
        pass


def test_a_place_where_nothing_may_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "no folder").write_text("")

    with (
        pytest.raises(StoreError) as caught,
        only_one_on(tmp_path / "no folder" / "bot.sqlite3"),
    ):
        pass

    assert "权限" in caught.value.reply
