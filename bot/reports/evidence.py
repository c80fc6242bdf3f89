"""Files that are handed in: looked at before they are kept, kept by their digest."""

import os
import re
import unicodedata
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile, ZipFile, ZipInfo

from bot.errors import DocumentError

MOST = 20 * 1024 * 1024
"""Bytes of one file."""

_OFFICE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_TYPES = "[Content_Types].xml"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_BEGINS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "doc": (_OLD_OFFICE,),
    "xls": (_OLD_OFFICE,),
    "ppt": (_OLD_OFFICE,),
    "wps": (_OLD_OFFICE, b"PK\x03\x04"),
    "et": (_OLD_OFFICE, b"PK\x03\x04"),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "txt": (),
    "csv": (),
    **{ending: (b"PK\x03\x04",) for ending in ("docx", "xlsx", "pptx", "zip", "ofd")},
}
_PRONE = frozenset(
    "exe com scr pif bat cmd ps1 vbs vbe js jse wsf wsh hta msi msp jar lnk iso img vhd"
    " dll sys cpl reg inf apk app sh py docm dotm xlsm xltm xlam pptm potm ppam sldm"
    " html htm xhtml svg mht mhtml chm rar 7z gz tar msc scf url desktop"
    " py php asp aspx".split()
)
_VIDEOS = frozenset("mp4 mov m4v avi 3gp mkv wmv webm flv mpg mpeg".split())
_SPOKEN = frozenset("amr ogg oga opus silk spx mp3 m4a aac wav wma flac".split())
_MACROS = re.compile(
    r"vbaproject|vbadata|activex|/embeddings/[^/]*\.(?:bin|exe)", re.IGNORECASE
)
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_KINDS = "Word、Excel、PPT、PDF、WPS、OFD、图片、txt 或 zip"
_NO_MACROS = "文件带有宏或嵌入程序，没有保存。请另存为不含宏的文件后发送。"
_BROKEN = "文件已损坏，请重新保存后发送。"
_NO_TEXT = (b"MZ", b"%PDF-", b"\x7fELF", b"PK\x03\x04", b"{\\rtf", b"Rar!", b"\x1f\x8b")
_LOCKED, _UTF8 = 0x1, 0x800  # bits of a zip entry
_FILES = 500  # of one archive
_JUST_KEPT = 3600  # seconds
_LONGEST_NAME, _LONGEST_ENDING = 100, 8


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it is kept: its digest, SHA-256 in hex, and its size in bytes."""

    digest: str
    size: int


def clean_name(name: str) -> str:
    """Return a file's name without a path, and without what nobody sees in it."""
    last = re.split(r"[\\/]", name)[-1]
    bare = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = bare.rpartition(".")
    if dot and len(ending) <= _LONGEST_ENDING:
        return f"{stem[: _LONGEST_NAME - len(ending)]}.{ending}"
    return bare[:_LONGEST_NAME] or "文件"


def check_name(name: str) -> None:
    """Refuse by its name what may not be kept; a name without an ending passes.

    Raises DocumentError with the words for the person.
    """
    if "." in name.strip(". "):
        _ending(name)


def check_size(size: int) -> None:
    """Refuse what is larger than we keep; raises DocumentError."""
    if size > MOST:
        words = "文件超过 20MB，没有保存，请压缩图片或分次发送。"
        raise _refused("too large", words)


def with_ending(name: str, content: bytes) -> str:
    """Give a name that has no ending, as some products send it, that of its content."""
    if "." in name.strip(". "):
        return name
    if content.startswith(b"PK\x03\x04"):
        found = _ending_of_package(content)
    else:
        found = next(
            (end for end, begins in _BEGINS.items() if content.startswith(begins)), ""
        )
    return f"{name}.{found}" if found else name


def _ending_of_package(content: bytes) -> str:
    with _opened(content) as package:
        names = package.namelist()
    for folder, ending in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(name.startswith(folder) for name in names):
            return ending
    return "zip"


def check_file(name: str, content: bytes, *, is_inside: bool = False) -> None:
    """Refuse what may not be kept; raises DocumentError with the words for the person.

    The content has to be what the ending says. Endings that can run something, macros,
    embedded programs, archives that are locked or stand in others (*is_inside*) are
    refused, also behind another ending.
    """
    if not content:
        raise _refused("empty", "文件是空的，请重新发送。")
    check_size(len(content))
    ending = _ending(name)
    if ending == "zip" and is_inside:
        raise _refused("nested", "压缩包里还有压缩包，没有保存，请解开后发送。")
    begins = _BEGINS[ending]
    if begins and not content.startswith(begins):
        words = f"文件内容与后缀“.{ending}”不符，没有保存，请用原文件重新发送。"
        if ending in _OFFICE and content.startswith(_OLD_OFFICE):
            words = "文件设有打开密码，没有保存，请取消密码后发送。"
        raise _refused("another kind", words)
    if not begins and (b"\0" in content or content.startswith(_NO_TEXT)):
        raise _refused("binary", "这不是文本文件，没有保存。")
    if content.startswith(b"PK\x03\x04"):
        _check_package(ending, content)
    elif content.startswith(_OLD_OFFICE) and _has_macros(content):
        raise _refused("macros", _NO_MACROS)


def _ending(name: str) -> str:
    """Return the ending; raises DocumentError if it, or one before it, is not ours."""
    bare = name.strip().rstrip(". ").lower()
    if _TURNED.search(name):
        raise _refused("turned name", "文件名含有不可见字符，没有保存，请改名后重发。")
    endings = bare.split(".")[1:]
    if any(part.strip() in _PRONE for part in endings):
        raise _refused("prone ending", f"这类文件不能接收，请发送 {_KINDS}。")
    if not endings or endings[-1] not in _BEGINS:
        raise _refused("unknown ending", _why_not(endings[-1] if endings else ""))
    return endings[-1]


def _why_not(ending: str) -> str:
    """Say why files of an ending are not kept, and what to do instead."""
    if ending in _SPOKEN:
        return "语音和音频我听不了，没有保存，请打字发送。"
    told = "视频没有保存，" if ending in _VIDEOS else ""
    return f"{told}只接收 {_KINDS}。"


def _opened(content: bytes) -> ZipFile:
    try:
        return ZipFile(BytesIO(content))
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise _refused("broken zip", _BROKEN) from error


def _check_package(ending: str, content: bytes) -> None:
    """Look into an archive, or a document that is one."""
    with _opened(content) as package:
        inside = [one for one in package.infolist() if not one.is_dir()]
        if sum(one.file_size for one in inside) > 10 * MOST or len(inside) > _FILES:
            raise _refused("bomb", "文件解开后过大，没有保存。")
        if any(one.flag_bits & _LOCKED for one in inside):
            raise _refused("locked", "压缩包设有密码，没有保存，请取消密码后发送。")
        names = [one.filename for one in inside]
        if any(_MACROS.search(name) for name in names):
            raise _refused("macros", _NO_MACROS)
        if ending == "zip":
            for one in inside:  # all names first: they are quickly told
                _ending(_inner_name(one))
            for one in inside:
                check_file(_inner_name(one), _read(package, one), is_inside=True)
        elif ending in _OFFICE:
            _check_types(ending, package, names)


def _check_types(ending: str, package: ZipFile, names: list[str]) -> None:
    """Refuse an office document that is none, or that may hold macros."""
    if _TYPES not in names or not any(n.startswith(_OFFICE[ending]) for n in names):
        words = f"文件内容与后缀“.{ending}”不符，没有保存，请用原文件重新发送。"
        raise _refused("no office file", words)
    if b"macroEnabled" in _read(package, package.getinfo(_TYPES)):
        raise _refused("macros", _NO_MACROS)


def _inner_name(one: ZipInfo) -> str:
    """Return the name of a file in an archive, which old ones write in GBK."""
    name = one.filename
    if not one.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gbk")
    return name.rpartition("/")[2]


def _read(package: ZipFile, one: ZipInfo) -> bytes:
    """Read a file of an archive, of as many bytes as one may have, and one more."""
    try:
        with package.open(one) as file:
            return file.read(MOST + 1)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error) as e:
        raise _refused("broken zip", _BROKEN) from e


def _has_macros(content: bytes) -> bool:
    words = ("_VBA_PROJECT", "Macros")
    return any(word.encode("utf-16-le") in content for word in words)


def _refused(message: str, reply: str) -> DocumentError:
    return DocumentError(f"evidence refused: {message}", reply=reply)


def keep_content(folder: Path, content: bytes) -> KeptFile:
    """Keep a file's content once, under ab/abcdef…, readable by us alone."""
    digest = sha256(content).hexdigest()
    place = place_of(folder, digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=place.parent, delete=False) as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        os.replace(new.name, place)
    else:
        os.utime(place)  # it is needed anew: nobody takes it away now
    return KeptFile(digest=digest, size=len(content))


def place_of(folder: Path, digest: str) -> Path:
    """Return where the content of a digest lies."""
    return folder / digest[:2] / digest


def destroy(folder: Path, digests: Iterable[str], *, now: datetime) -> int:
    """Delete the content of *digests*, but none of the last hour; returns how many.

    What is gone already, or cannot be deleted now, is passed over.
    """
    count = 0
    for digest in digests:
        place = place_of(folder, digest)
        with suppress(OSError):
            if now.timestamp() - place.stat().st_mtime > _JUST_KEPT:
                place.unlink()
                count += 1
    return count


def is_whole(folder: Path, digest: str) -> bool:
    """Tell whether what lies there is still what was kept."""
    place = place_of(folder, digest)
    if not place.exists():
        return False
    with place.open("rb") as file:
        return sha256(file.read()).hexdigest() == digest
