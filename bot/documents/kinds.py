"""What kind of file it really is, and the advice for one that we cannot read."""

import re
from io import BytesIO
from typing import NoReturn
from zipfile import BadZipFile, ZipFile

from bot.documents.encoding import has_byte_order_mark
from bot.errors import DocumentError

_WPS = "请用 WPS 打开，另存为"
_OLD_WORD = "请用 WPS 或 Word 打开，另存为 docx 或 pdf 后再导入。"
_OLD_SHEET = "请用 WPS 或 Excel 打开，另存为 xlsx 后再导入。"
_PICTURE = "是图片，没有文字层。请导入方案的 docx、txt，或先做文字识别（OCR）。"
_ARCHIVE = "是压缩包。请先解压，再逐个导入里面的方案文件。"
_PROGRAM = "是程序文件，不是文档。请导入方案的 docx、pdf 或 txt 文件。"
_ANY = "请换成 docx、pdf、txt、html、md、xlsx 或 csv 再导入。"

ADVICE: dict[str, str] = {
    ".doc": f"旧版 Word（.doc）文件暂不能读。{_OLD_WORD}",
    ".dot": f"旧版 Word 模板（.dot）暂不能读。{_OLD_WORD}",
    ".rtf": f"RTF 文件暂不能读。{_OLD_WORD}",
    ".wps": f"WPS 文字（.wps）文件暂不能读。{_WPS} docx 或 pdf 后再导入。",
    ".et": f"WPS 表格（.et）文件暂不能读。{_WPS} xlsx 后再导入。",
    ".xls": f"旧版 Excel（.xls）文件暂不能读。{_OLD_SHEET}",
    ".ppt": f"演示文稿（.ppt）暂不能读。{_WPS} pdf 后再导入。",
    ".pptx": f"演示文稿（.pptx）暂不能读。{_WPS} pdf 后再导入。",
    ".odt": f"ODT 文件暂不能读。{_OLD_WORD}",
    ".ofd": "版式文件（.ofd）暂不能读。请用 WPS 或 OFD 阅读器打开，"
    "另存为 docx 或 pdf 后再导入。",
    **dict.fromkeys(
        (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz"), f"这{_ARCHIVE}"
    ),
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic"),
        f"这{_PICTURE}",
    ),
    **dict.fromkeys(
        (".exe", ".dll", ".msi", ".bat", ".com", ".apk", ".sh", ".app"), f"这{_PROGRAM}"
    ),
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", ".rtf"),
    (b"Rar!\x1a\x07", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"\x1f\x8b\x08", ".gz"),
    (b"\xfd7zXZ\x00", ".xz"),
    (b"BZh91AY", ".bz2"),
    (b"\x89PNG\r\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"\x7fELF", ".exe"),
)
_IN_ZIP: tuple[tuple[str, str], ...] = (
    ("word/", ".docx"),
    ("xl/", ".xlsx"),
    ("ppt/", ".pptx"),
    ("OFD.xml", ".ofd"),
    ("content.xml", ".odt"),
)
_IN_OLE: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("EncryptionInfo", "encrypted"),
    ("WordDocument", ".doc"),
    ("Workbook", ".xls"),
    ("PowerPoint Document", ".ppt"),
)
_PAGE_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(!doctype\s+)?html\b", re.I | re.S
)

_CONTAINERS = {".docx", ".xlsx", ".pdf"}


def kind_of(ending: str, content: bytes) -> str:
    """Return the ending under which *content* is to be read.

    Raises:
        DocumentError: the content is of a kind that no reader takes.
    """
    found = magic_kind(content)
    if found in _CONTAINERS:
        return found
    if found == "encrypted":
        raise DocumentError(
            "an OLE container with an encrypted package",
            reply="文件加了打开密码。请打开文件、取消密码保护，另存后再导入。",
        )
    if found:
        _refuse_disguised(ending, found)
    if ending in _CONTAINERS:
        _refuse_damaged(ending, content)
    if ending in {".txt", ".text"} and _PAGE_START.match(content[:4096]):
        return ".html"
    return ending


def refuse_ending(ending: str, content: bytes) -> NoReturn:
    """Tell a person what to do with a file whose ending we do not read.

    Raises:
        DocumentError: always.
    """
    found = magic_kind(content)
    log = f"unknown ending {ending!r}, content {found!r}"
    if found in _CONTAINERS:
        named = f"这个文件其实是 {found[1:]}，请把文件名的结尾改为 {found} 再导入。"
        raise DocumentError(log, reply=named)
    if ending in ADVICE:
        raise DocumentError(log, reply=ADVICE[ending])
    name = f"结尾为“{ending[:12]}”的文件" if ending else "没有结尾（后缀）的文件"
    raise DocumentError(log, reply=f"{name}不能读。{_ANY}")


def magic_kind(content: bytes) -> str:
    """Tell by its first bytes what *content* is, as an ending; "" if it may be text."""
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _zip_kind(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(content)
    if b"%PDF-" in content[:1024] and not has_byte_order_mark(content):
        return ".pdf"
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith((b"MZ", b"BM")) and b"\x00" in content[:1024]:
        return ".exe" if content.startswith(b"MZ") else ".bmp"
    return ""


def _zip_kind(content: bytes) -> str:
    """Tell what a zip holds; a torn one is judged by the names left in it."""
    try:
        with ZipFile(BytesIO(content)) as package:
            names = package.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        names = [mark for mark, _ in _IN_ZIP if mark.encode() in content]
    for mark, kind in _IN_ZIP:
        if any(name.startswith(mark) for name in names):
            return kind
    return ".zip"


def _ole_kind(content: bytes) -> str:
    """Tell what an OLE container holds, by the names of its streams."""
    for stream, kind in _IN_OLE:
        if stream.encode("utf-16-le") in content:
            return kind
    return ".doc"


def _refuse_disguised(ending: str, found: str) -> NoReturn:
    raise DocumentError(
        f"named {ending}, but its content is {found}",
        reply=f"文件名的结尾是 {ending}，内容却不是。{ADVICE[found]}",
    )


def _refuse_damaged(ending: str, content: bytes) -> NoReturn:
    name = ending[1:]
    if _PAGE_START.match(content[:4096]):
        hint = "内容其实是网页，请把文件名的结尾改为 .html 再导入。"
    else:
        hint = f"文件可能已损坏，或只是改了名字。请重新下载，或另存为 {name} 后再导入。"
    raise DocumentError(
        f"named {ending}, but the content is none",
        reply=f"这不是有效的 {name} 文件：{hint}",
    )
