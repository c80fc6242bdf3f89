"""A package is written whole or not at all; what was changed in it is found."""

import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.errors import StoreError
from bot.keeping.package import MANIFEST, open_package, write_package

FILES = [("b.txt", "乙".encode()), ("a.jsonl", b"1\n2\n")]
ABOUT = {"kind": "test"}


def faults(file: Path) -> list[str]:
    with open_package(file) as package:
        return list(package.faults())


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Give a package of three files, one of which lies on the disk."""
    kept = tmp_path / "kept"
    kept.write_bytes(b"x" * 100)
    file = tmp_path / "year.zip"
    write_package(file, [*FILES, ("evidence/1", kept)], ABOUT)
    return file


def test_a_package_tells_what_it_holds(package: Path) -> None:
    with open_package(package) as opened:
        assert opened.manifest.about == ABOUT
        assert [one.path for one in opened.manifest.files] == [
            "a.jsonl",
            "b.txt",
            "evidence/1",
        ]
        assert list(opened.lines("a.jsonl")) == [b"1\n", b"2\n"]
    assert faults(package) == []


def test_equal_files_make_equal_packages(tmp_path: Path) -> None:
    one = write_package(tmp_path / "1.zip", FILES, ABOUT)
    two = write_package(tmp_path / "2.zip", FILES[::-1], ABOUT)

    assert one == two
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_nobody_else_may_read_it(package: Path) -> None:
    assert package.stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_over(package: Path) -> None:
    before = package.read_bytes()

    with pytest.raises(StoreError) as refused:
        write_package(package, FILES, ABOUT)

    assert "已经存在，没有覆盖" in refused.value.reply
    assert package.read_bytes() == before


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        write_package(tmp_path / "no" / "a.zip", FILES, ABOUT)

    assert "没有" in refused.value.reply


def test_a_file_that_vanishes_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        write_package(tmp_path / "a.zip", [("x", tmp_path / "gone")], ABOUT)

    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk() -> object:
    """Let no file of this process grow beyond 64 KB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        write_package(tmp_path / "a.zip", [("x", os.urandom(200_000))], ABOUT)

    assert refused.value.reply
    assert list(tmp_path.iterdir()) == []


def rewritten(change: Callable[[dict[str, bytes]], None]) -> Callable[[Path], None]:
    def rewrite(file: Path) -> None:
        with ZipFile(file) as package:
            files = {name: package.read(name) for name in package.namelist()}
        change(files)
        with ZipFile(file, "w") as package:
            for name, content in files.items():
                package.writestr(name, content)

    return rewrite


def add_again(file: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), ZipFile(file, "a") as package:
        package.writestr("b.txt", "丙")


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[content.index(b"x" * 50)] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (
            rewritten(lambda files: files.update({"b.txt": "丙".encode()})),
            "b.txt：内容",
        ),
        (rewritten(lambda files: files.pop("b.txt") and None), "b.txt：缺失"),
        (rewritten(lambda files: files.update({"c": b""})), "c：清单里没有"),
        (add_again, "b.txt：在包里有两份"),
        (flip, "evidence/1：内容"),
    ],
)
def test_what_was_tampered_with_is_named(
    package: Path, tamper: Callable[[Path], None], told: str
) -> None:
    tamper(package)

    assert any(told in fault for fault in faults(package))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b"no zip"),
        lambda file: file.write_bytes(file.read_bytes()[:-40]),
        rewritten(lambda files: files.pop(MANIFEST) and None),
        rewritten(lambda files: files.update({MANIFEST: b"{"})),
        lambda file: file.unlink(),
        lambda file: shutil.move(file, file.with_name("x")),
    ],
)
def test_what_is_no_package_is_refused(
    package: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(package)

    with pytest.raises(StoreError) as refused:
        faults(package)
    assert refused.value.reply
