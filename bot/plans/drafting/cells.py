"""Cells of the correction workbook: how a value is shown, and read back."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Shown = str | int | float | None

CELL_CHARACTERS = 32_000  # Excel holds 32,767 in a cell
_CUT = "……（余下略，见源文件）"
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNPRINTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17)
    )
    + "]"
)
_BREAKS = re.compile(r"\r\n?")
NOT_OURS = "原文不能在此修改，请改源文件后重新导入"


class Mode(StrEnum):
    """What the office may do with a column."""

    EDIT = "edit"
    LOCKED = "locked"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Source:
    """What the document says, for holding corrections against it."""

    text: str
    paths: Mapping[str, tuple[str, ...]]

    def has(self, words: str) -> bool:
        """Tell whether *words* are a run of the document, layout left aside."""
        return without_blanks(words) in self.text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of cell: `show` a value; `read` a non-empty text, or raise ValueError.

    The error's words are Chinese and for the person. `blank` is what an empty cell
    means; `words` are the choices where there are only some.
    """

    show: Callable[[Any], Shown]
    read: Callable[[str, Source], Any]
    blank: Any = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a sheet, or a line of the first one: its head and field."""

    head: str
    name: str
    kind: Kind
    width: int = 12
    mode: Mode = Mode.EDIT
    required: bool = False

    @property
    def label(self) -> str:
        """The head as it stands in the sheet."""
        return self.head + ("（不得改动）" if self.mode is Mode.LOCKED else "")


@dataclass(slots=True)
class Faults:
    """What is wrong in a workbook, sheet by sheet and row by row."""

    found: list[str] = field(default_factory=list)

    def add(self, sheet: str, row: int, words: str) -> None:
        """Note what is wrong in *row* (from 1, as the program shows it)."""
        self.found.append(f"工作表“{sheet}”第{row}行：{words}")


def visible(text: str) -> str:
    """Show *text* in a cell: control characters as signs, cut at 32,000 characters."""
    clean = _UNPRINTED.sub(_visible_char, _BREAKS.sub("\n", text))
    if _size(clean) <= CELL_CHARACTERS:
        return clean
    cut = clean[:CELL_CHARACTERS]
    if _size(cut) > CELL_CHARACTERS:
        cut = clean[: CELL_CHARACTERS // 2]
    return cut + _CUT


def _size(text: str) -> int:
    """Count as Excel does: in UTF-16, codes written out."""
    return len(escaped(text).encode("utf-16-le")) // 2


def _visible_char(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def escaped(text: str) -> str:
    """Write an underscore code out, so that Excel does not take it for a character."""
    return _ESCAPE.sub("_x005F_", text)


def text_of(value: object) -> str:
    """Return what a cell says as text; a whole number without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    plain = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), str(value))
    return _BREAKS.sub("\n", plain)


def without_blanks(text: str) -> str:
    """Leave out all blanks and line breaks."""
    return "".join(text.split())


def is_shown(column: Column, text: str, value: Any) -> bool:
    """Tell whether *text* is what the cell of *value* showed, so nobody changed it.

    Blanks do not count where nobody may change the words.
    """
    if column.kind is NUMBER:
        return _is_near(text, value)
    shown = text_of(written(column.kind.show(value)))
    if column.mode is Mode.LOCKED or column.kind is QUOTE:
        return without_blanks(text) == without_blanks(shown)
    return text.strip() == shown.strip()


def _is_near(text: str, value: float) -> bool:
    """Compare as far as Excel keeps a number: 15 digits."""
    try:
        return math.isclose(float(text), value, rel_tol=1e-14)
    except ValueError:
        return False


def written(shown: Shown) -> Shown:
    """Turn what a cell shows into what its file holds."""
    return escaped(shown) if isinstance(shown, str) else shown


def read_cell(column: Column, text: str, source: Source) -> Any:
    """Read what a person wrote; raises ValueError with Chinese words for them."""
    text = text.strip()
    if not text:
        if column.required:
            raise ValueError(f"缺少“{column.head}”")
        return column.kind.blank
    try:
        return column.kind.read(text, source)
    except ValueError as error:
        raise ValueError(f"“{column.head}”{error}") from None


def _read_text(text: str, source: Source) -> str:
    return text


def _read_quote(text: str, source: Source) -> str:
    if not source.has(text):
        raise ValueError(f"不是文件里的原文；{NOT_OURS}")
    return text


def _read_clause(text: str, source: Source) -> str:
    return without_blanks(text).replace("(", "（").replace(")", "）")


def _read_lines(text: str, source: Source) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(r"[\n；;]", text))
    return tuple(part for part in parts if part)


def _read_path(text: str, source: Source) -> tuple[str, ...]:
    path = source.paths.get(without_blanks(text))
    if path is None:
        raise ValueError(f"“{text[:40]}”不是本方案的章节")
    return path


def _read_number(text: str, source: Source) -> float:
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    if not _NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        raise ValueError(f"“{text[:20]}”不是数字")
    return float(plain)


def _read_whole(text: str, source: Source) -> int:
    number = _read_number(text, source)
    if not number.is_integer() or abs(number) > 9999:
        raise ValueError(f"“{text[:20]}”不是整数")
    return int(number)


def _read_day(text: str, source: Source) -> date:
    plain = unicodedata.normalize("NFKC", without_blanks(text))
    found = _DAY.fullmatch(plain)
    if not found:
        raise ValueError(f"“{text[:20]}”不是日期，请写成 2022-11-07")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise ValueError(f"“{text[:20]}”这一天不存在") from None


def _read_flag(text: str, source: Source) -> bool:
    if text not in ("是", "否"):
        raise ValueError(f"“{text[:20]}”请填“是”或留空")
    return text == "是"


def _show_number(value: float) -> Shown:
    """Show a number as one, or as text where Excel would round it away."""
    if value and not 1e-9 < abs(value) < 1e15:
        return repr(value)
    return int(value) if value.is_integer() else value


def _show_lines(value: tuple[str, ...]) -> str:
    return visible("\n".join(value))


def show_path(value: tuple[str, ...]) -> str:
    """Show the headings above a task in one line."""
    return visible(" / ".join(value))


def choice(words: Mapping[Any, str]) -> Kind:
    """Make a kind of cell that holds one of a few words."""
    meant = {word: value for value, word in words.items()}

    def read(text: str, source: Source) -> Any:
        if text not in meant:
            allowed = "、".join(meant)
            raise ValueError(f"“{text[:20]}”不认识，只能填：{allowed}")
        return meant[text]

    return Kind(words.__getitem__, read, words=tuple(meant))


TEXT = Kind(visible, _read_text)
QUOTE = Kind(visible, _read_quote)
CLAUSE = Kind(visible, _read_clause)
LINES = Kind(_show_lines, _read_lines, blank=())
PATH = Kind(show_path, _read_path, blank=())
NUMBER = Kind(_show_number, _read_number)
WHOLE = Kind(lambda value: value, _read_whole, blank=None)
DAY = Kind(lambda value: value and value.isoformat(), _read_day, blank=None)
FLAG = Kind(lambda value: "是" if value else "", _read_flag, blank=False, words=("是",))
