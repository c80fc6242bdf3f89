"""Office packages (docx, xlsx): zip and XML, opened without trust."""

import posixpath
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from lxml import etree

from bot.errors import DocumentError

LARGEST_PART = 32 * 1024 * 1024
LARGEST_PACKAGE = 512 * 1024 * 1024
MOST_PARTS = 10_000
STEEPEST = 250  # times that a very large part may grow; text rarely grows 30-fold

_STRICT = b"http://purl.oclc.org/ooxml/"
_RELATION_KINDS = "/relationships/"
_BOMB = (
    "文件解压后异常地大，已停止读取。请只保留方案正文和任务表，另存为新文件后再导入。"
)
_DAMAGED = "文件不完整或已损坏。请重新下载，或打开后另存一份再导入。"
_UNSAFE = "文件里有不安全的 XML 定义（DOCTYPE），已停止读取。请另存为新的文件再导入。"


class Package:
    """An office package: its parts as XML trees, each read within bounds."""

    def __init__(self, content: bytes) -> None:
        """Open a package and check its directory.

        Raises:
            DocumentError: the zip is torn, encrypted, or grows beyond all bounds.
        """
        try:
            self._zip = ZipFile(BytesIO(content))
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise DocumentError(f"torn zip: {error!r}", reply=_DAMAGED) from error
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS or any(_is_bomb(part) for part in parts):
            raise DocumentError("a part grows too much", reply=_BOMB)
        if sum(part.file_size for part in parts) > LARGEST_PACKAGE:
            raise DocumentError("the parts are too large together", reply=_BOMB)
        self._names = {part.filename.lower(): part.filename for part in parts}

    def part(self, name: str) -> etree._Element | None:
        """Parse the part *name*; None if the package has none.

        Raises:
            DocumentError: the part is torn, too large, unsafe or no XML.
        """
        stored = self._names.get(name.lower().lstrip("/"))
        return None if stored is None else parse_xml(self._inflate(stored))

    def main_part(self, fallback: str) -> str:
        """Return the name of the part that holds the document itself."""
        for kind, target in self._relations("_rels/.rels", folder=""):
            if kind == "officeDocument" and target.lower() in self._names:
                return target
        return fallback

    def related(self, name: str) -> dict[str, str]:
        """Return the parts that *name* points to: id of the relation -> part name."""
        root = self.part(_relations_of(name))
        folder = posixpath.dirname(name)
        targets = {} if root is None else root.iterchildren("{*}Relationship")
        return {
            relation.get("Id", ""): _resolve(folder, relation.get("Target", ""))
            for relation in targets
        }

    def related_part(self, name: str, *, kind: str) -> etree._Element | None:
        """Parse the part of a *kind* (styles, numbering) that *name* points to."""
        folder = posixpath.dirname(name)
        for found, target in self._relations(_relations_of(name), folder=folder):
            if found == kind:
                return self.part(target)
        return None

    def _relations(self, name: str, *, folder: str) -> Iterator[tuple[str, str]]:
        root = self.part(name)
        if root is None:
            return
        for relation in root.iterchildren("{*}Relationship"):
            kind = relation.get("Type", "").rpartition(_RELATION_KINDS)[2]
            yield kind, _resolve(folder, relation.get("Target", ""))

    def _inflate(self, name: str) -> bytes:
        """Inflate one part; its real size counts, whatever the directory says."""
        try:
            with self._zip.open(name) as part:
                content = part.read(LARGEST_PART + 1)
        except (
            BadZipFile,
            ZlibError,
            OSError,
            EOFError,
            RuntimeError,
            ValueError,
            NotImplementedError,
        ) as error:
            raise DocumentError(f"{name}: {error!r}", reply=_DAMAGED) from error
        if len(content) > LARGEST_PART:
            raise DocumentError(f"{name} inflates without end", reply=_BOMB)
        return content


def parse_xml(content: bytes) -> etree._Element:
    """Parse XML without entities, network or document types.

    Raises:
        DocumentError: the content is torn, or declares a document type.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_transitional(content), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!DOCTYPE" in content[:4096]:
            raise DocumentError(f"DOCTYPE: {error}", reply=_UNSAFE) from error
        raise DocumentError(f"torn XML: {error}", reply=_DAMAGED) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError("the XML declares a document type", reply=_UNSAFE)
    return root


def _is_bomb(part: ZipInfo) -> bool:
    steep = part.file_size > STEEPEST * max(part.compress_size, 1)
    return part.file_size > LARGEST_PART and steep


def _relations_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _resolve(folder: str, target: str) -> str:
    """Return the part that *target* names, seen from *folder*."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def _transitional(content: bytes) -> bytes:
    """Give the strict dialect the names of the common one."""
    if _STRICT not in content[:4096]:
        return content
    names = {
        b"officeDocument/relationships": b"officeDocument/2006/relationships",
        b"wordprocessingml/main": b"wordprocessingml/2006/main",
        b"spreadsheetml/main": b"spreadsheetml/2006/main",
    }
    for strict, common in names.items():
        content = content.replace(
            _STRICT + strict, b"http://schemas.openxmlformats.org/" + common
        )
    return content
