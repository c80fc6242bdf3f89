"""Bytes of a text file as text: which encoding it is, decided by validity."""

import codecs
import re
import unicodedata

from bot.errors import DocumentError

MOST_CHARACTERS = 2_000_000

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BREAKS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_LAYOUT = frozenset("\t\n\r\v\f\x1a\x85")
_CONTROLS = {code: None for code in range(0x20) if chr(code) not in "\t\n\r\v\f"}
_STRANGE = frozenset({"Cc", "Cn", "Co", "Cs"})

_JUNK = "这不是文本文件，里面是乱码或程序数据。请换成方案的 docx、pdf 或 txt 再导入。"
_LONG = "文字超过 200 万字，不像一份方案。请只保留方案正文或任务表后再导入。"
_BROKEN = "文件的文字编码已损坏或认不出。请用记事本打开，另存为 UTF-8 编码后再导入。"


def has_byte_order_mark(content: bytes) -> bool:
    """Tell whether *content* opens with the mark of a Unicode encoding."""
    return content.startswith(tuple(mark for mark, _ in _MARKS))


def decode(content: bytes, *, declared: str = "", most: int = MOST_CHARACTERS) -> str:
    """Decode *content* strictly: by its mark, as UTF-8, as *declared*, as GB18030.

    Raises:
        DocumentError: no encoding fits, what comes out is no text, or it has more
            than *most* characters.
    """
    text = _decode_marked(content)
    if text is None:
        text = _decode_by_validity(content, declared)
    if _is_junk(text):
        raise DocumentError("decoded, but full of control characters", reply=_JUNK)
    if len(text) > most:
        raise DocumentError(f"{len(text)} characters of text", reply=_LONG)
    return text.translate(_CONTROLS)


def split_lines(text: str) -> list[str]:
    """Split *text* at every kind of line break, form feeds included."""
    lines = _BREAKS.split(text)
    return lines if lines[-1] else lines[:-1]


def _decode_marked(content: bytes) -> str | None:
    """Decode by the byte order mark; None if there is none."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(name)
            except UnicodeDecodeError as error:
                raise DocumentError(f"{name}: {error}", reply=_BROKEN) from error
    return None


def _decode_by_validity(content: bytes, declared: str) -> str:
    """Take the first encoding that fits; damaged UTF-8 is not taken for GB18030."""
    for name in ("utf-8", declared):
        text = _attempt(content, name)
        if text is not None:
            return text
    if not _is_nearly_utf8(content):
        text = _attempt(content, "gb18030")
        if text is not None:
            return text
    reply = _JUNK if b"\x00" in content else _BROKEN
    raise DocumentError("neither UTF-8 nor GB18030", reply=reply)


def _attempt(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name) if name else None
    except (UnicodeDecodeError, LookupError):
        return None


def _is_nearly_utf8(content: bytes) -> bool:
    """Tell whether all but a few places are UTF-8: the file is damaged, not GBK."""
    text = content[:200_000].decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    chinese = sum("\u4e00" <= char <= "\u9fff" for char in text)
    return chinese > 20 * bad


def _is_junk(text: str) -> bool:
    """Tell whether *text* holds more than a trace of what nobody writes."""
    sample = text[:100_000].rstrip("\x00\x1a")
    return _count_strange(sample) * 20 > len(sample)


def _count_strange(sample: str) -> int:
    strange = {
        char
        for char in set(sample)
        if char not in _LAYOUT and unicodedata.category(char) in _STRANGE
    }
    return sum(sample.count(char) for char in strange)
