"""One process on one SQLite file."""

import os
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

    assert f"bot run 使用（进程 {os.getpid()}）" in caught.value.reply
    assert "bot web" in caught.value.reply


def test_it_is_told_what_kind_of_process_has_the_file(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    with (
        only_one_on(file, kind="bot restore"),
        pytest.raises(StoreError) as caught,
        only_one_on(file, kind="bot migrate"),
    ):
        pass

    assert f"bot restore 使用（进程 {os.getpid()}）" in caught.value.reply
    assert "bot web" not in caught.value.reply


def test_a_lock_without_words_is_a_lock_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    with only_one_on(file):
        file.with_name("bot.sqlite3.lock").write_text("")
        with pytest.raises(StoreError) as caught, only_one_on(file):
            pass

    assert caught.value.reply.startswith("这个数据库正由另一个程序使用，请先停止它")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_lock_of_root_is_given_to_the_owner_of_the_folder(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    with only_one_on(tmp_path / "bot.sqlite3"):
        pass

    lock = (tmp_path / "bot.sqlite3.lock").stat()
    assert (lock.st_uid, lock.st_gid) == (65534, 65534)


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
