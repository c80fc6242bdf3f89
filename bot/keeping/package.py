"""A package: a zip file of which a manifest tells every file by its SHA-256."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

import msgspec

from bot.errors import StoreError
from bot.keeping.backup import partial_file, sync
from bot.keeping.snapshot import digest_of, explained

MANIFEST = "manifest.json"

_CHUNK = 1 << 20
_DAY = (1980, 1, 1, 0, 0, 0)  # of every file in it: equal data, equal packages
_LEVEL = 6
_LARGEST_MANIFEST = 64 * 1024 * 1024
_READABLE = 0o600 << 16
_UNREADABLE = (BadZipFile, LargeZipFile, NotImplementedError, EOFError, ValueError)


class PackedFile(msgspec.Struct, frozen=True):
    """A file as the manifest tells it; `size` in bytes, `sha256` in hex."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a package holds: `about` is what its maker says of it."""

    about: dict[str, Any]
    files: tuple[PackedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A package that is written: its size in bytes, its own SHA-256, its files."""

    size: int
    digest: str
    files: int


def write_package(
    target: Path, files: Iterable[tuple[str, bytes | Path]], about: Mapping[str, Any]
) -> Packed:
    """Write *files*, by their paths in it, and the manifest; whole, or not at all.

    Equal files and an equal *about* make equal bytes. Raises StoreError if *target* is
    there already, or if anything goes wrong: then nothing is left behind.
    """
    with explained(target):
        _refuse_target(target)
    with explained(target), partial_file(target) as part:
        with ZipFile(part, "w") as package:
            packed = tuple(
                _put(package, name, content)
                for name, content in sorted(files, key=_path)
            )
            manifest = Manifest(about=dict(about), files=packed)
            _put(package, MANIFEST, _encoded(manifest))
        sync(part)
        done = Packed(
            size=part.stat().st_size, digest=digest_of(part), files=len(packed)
        )
        _put_in_place(part, target)
        sync(target.absolute().parent)
    return done


def _path(file: tuple[str, bytes | Path]) -> str:
    return file[0]


def _encoded(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"))


def _refuse_target(target: Path) -> None:
    words = ""
    if not target.absolute().parent.is_dir():
        words = f"没有“{target.parent}”这个文件夹，请先建好。"
    elif target.exists() or target.is_symlink():
        words = f"{target} 已经存在，没有覆盖；请换一个名字。"
    if words:
        raise StoreError(f"no package to {target}: {words}", reply=words)


def _put_in_place(part: Path, target: Path) -> None:
    """Name the file, unless somebody else has taken the name meanwhile."""
    try:
        os.link(part, target)
    except FileExistsError:
        _refuse_target(target)
        raise
    except OSError:  # a disk without links
        _refuse_target(target)
        part.replace(target)


def _put(package: ZipFile, name: str, content: bytes | Path) -> PackedFile:
    entry = ZipInfo(name, _DAY)
    entry.create_system, entry.external_attr = 3, _READABLE
    is_kept_file = isinstance(content, Path)
    entry.compress_type = ZIP_STORED if is_kept_file else ZIP_DEFLATED
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined]
    digest, size = hashlib.sha256(), 0
    with package.open(entry, "w", force_zip64=is_kept_file) as out:
        for chunk in _chunks(content):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return PackedFile(path=name, size=size, sha256=digest.hexdigest())


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is open to be read."""

    manifest: Manifest
    _zip: ZipFile

    def faults(self) -> Iterator[str]:
        """Say in Chinese of each file what is wrong with it."""
        names = [one.filename for one in self._zip.infolist()]
        told = {one.path: one for one in self.manifest.files}
        for name in sorted({one for one in names if names.count(one) > 1}):
            yield f"{name}：在包里有两份"
        for name in sorted(set(names) - told.keys() - {MANIFEST}):
            yield f"{name}：清单里没有，是后加的"
        for name, one in told.items():
            if name not in names:
                yield f"{name}：缺失"
            elif not self._is_whole(one):
                yield f"{name}：内容与清单的校验值不符，被改动或已损坏"

    def _is_whole(self, file: PackedFile) -> bool:
        digest, size = hashlib.sha256(), 0
        try:
            with self._zip.open(file.path) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    if size > file.size:
                        return False
        except (*_UNREADABLE, OSError, RuntimeError):
            return False
        return size == file.size and digest.hexdigest() == file.sha256

    def lines(self, path: str) -> Iterator[bytes]:
        """Read a file line by line."""
        with self._zip.open(path) as stream:
            yield from stream


@contextmanager
def open_package(file: Path) -> Iterator[Package]:
    """Open a package to be read; raises StoreError if it is none of ours."""
    with explained(file):
        try:
            package = ZipFile(file)
        except _UNREADABLE as error:
            words = f"{file} 不是档案包，或已损坏，打不开。"
            raise StoreError(f"{file}: {error}", reply=words) from error
        with package:
            yield Package(_manifest_of(package, file), package)


def _manifest_of(package: ZipFile, file: Path) -> Manifest:
    try:
        with package.open(MANIFEST) as stream:
            return msgspec.json.decode(_whole(stream), type=Manifest)
    except (KeyError, RuntimeError, msgspec.MsgspecError, *_UNREADABLE) as error:
        words = f"{file} 里没有合格的清单（{MANIFEST}），不是档案包，或被改动过。"
        raise StoreError(f"{file}: {error!r}", reply=words) from error


def _whole(stream: IO[bytes]) -> bytes:
    content = stream.read(_LARGEST_MANIFEST + 1)
    if len(content) > _LARGEST_MANIFEST:
        raise ValueError("the manifest is too large")
    return content
