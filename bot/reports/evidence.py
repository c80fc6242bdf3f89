"""Files that are handed in: looked at before they are kept, kept by their digest."""

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile, ZipFile

from bot.errors import DocumentError

MOST = 20 * 1024 * 1024
"""Bytes of one file."""

_ZIPPED = frozenset({"docx", "xlsx", "pptx", "wps", "et", "zip", "ofd"})
_BEGINS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "doc": (b"\xd0\xcf\x11\xe0",),
    "xls": (b"\xd0\xcf\x11\xe0",),
    "ppt": (b"\xd0\xcf\x11\xe0",),
    "wps": (b"\xd0\xcf\x11\xe0", b"PK\x03\x04"),
    "et": (b"\xd0\xcf\x11\xe0", b"PK\x03\x04"),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "txt": (),
    **{ending: (b"PK\x03\x04",) for ending in ("docx", "xlsx", "pptx", "zip", "ofd")},
}
_PRONE = frozenset(
    "exe com scr pif bat cmd ps1 vbs vbe js jse wsf wsh hta msi msp jar lnk iso img vhd"
    " dll sys cpl reg inf apk app sh py docm dotm xlsm xltm xlam pptm potm ppam sldm"
    " html htm svg mht chm rar 7z gz tar".split()
)
_MACROS = re.compile("vbaproject|vbadata|/embeddings/|activex", re.IGNORECASE)
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_KINDS = "Word、Excel、PPT、PDF、WPS、OFD、图片、txt 或 zip"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it is kept: its digest, SHA-256 in hex, and its size in bytes."""

    digest: str
    size: int


def check_file(name: str, content: bytes) -> None:
    """Refuse what may not be kept; raises DocumentError with the words for the person.

    The content has to be what the ending says; endings that can run something, macros
    and embedded objects are refused, also inside a zip or behind another ending.
    """
    if not content:
        raise _refused("empty", "文件是空的，请重新发送。")
    if len(content) > MOST:
        raise _refused("too large", "文件超过 20MB，请压缩图片或分次发送。")
    ending = _ending(name)
    begins = _BEGINS[ending]
    if begins and not content.startswith(begins):
        words = f"文件内容与后缀“.{ending}”不符，没有保存，请用原文件重新发送。"
        raise _refused("another kind", words)
    if ending == "txt" and b"\0" in content:
        raise _refused("binary", "这不是文本文件，没有保存。")
    if content.startswith(b"PK\x03\x04"):
        _check_zip(ending, content)
    elif content.startswith(b"\xd0\xcf\x11\xe0") and _has_macros(content):
        raise _refused("macros", "文件带有宏，没有保存。请另存为不含宏的文件。")


def _ending(name: str) -> str:
    """Return the ending; raises DocumentError if it, or one before it, is not ours."""
    bare = name.strip().rstrip(". ").lower()
    if _TURNED.search(name):
        raise _refused("turned name", "文件名含有不可见字符，没有保存，请改名后重发。")
    endings = bare.split(".")[1:]
    if any(part.strip() in _PRONE for part in endings):
        raise _refused("prone ending", f"这类文件不能接收，请发送 {_KINDS}。")
    if not endings or endings[-1] not in _BEGINS:
        raise _refused("unknown ending", f"只接收 {_KINDS}。")
    return endings[-1]


def _check_zip(ending: str, content: bytes) -> None:
    from io import BytesIO

    try:
        with ZipFile(BytesIO(content)) as package:
            inside = package.infolist()
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise _refused("broken zip", "文件已损坏，请重新保存后发送。") from error
    if sum(one.file_size for one in inside) > 20 * MOST:
        raise _refused("bomb", "文件解开后过大，没有保存。")
    names = [one.filename for one in inside]
    if any(_MACROS.search(name) for name in names):
        raise _refused(
            "macros", "文件带有宏或嵌入对象，没有保存。请另存为不含宏的文件。"
        )
    if ending == "zip":
        for name in names:
            if not name.endswith("/"):
                _ending(name)
    elif (
        ending in _ZIPPED - {"ofd", "wps", "et"} and "[Content_Types].xml" not in names
    ):
        raise _refused("no office file", f"文件内容与后缀“.{ending}”不符，没有保存。")


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
    return KeptFile(digest=digest, size=len(content))


def place_of(folder: Path, digest: str) -> Path:
    """Return where the content of a digest lies."""
    return folder / digest[:2] / digest


def is_whole(folder: Path, digest: str) -> bool:
    """Tell whether what lies there is still what was kept."""
    place = place_of(folder, digest)
    if not place.exists():
        return False
    with place.open("rb") as file:
        return sha256(file.read()).hexdigest() == digest
