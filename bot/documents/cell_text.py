"""Numbers and dates of a spreadsheet as text, the way people see them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lxml import etree

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# The formats that a file names by number only, as a Chinese Excel shows them.
_KNOWN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    14: "yyyy/m/d", 15: "yyyy/m/d", 16: "m/d", 17: "yyyy/m", 18: "h:mm", 19: "h:mm:ss",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: 'yyyy"年"m"月"', 56: 'm"月"d"日"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip
_PIECE = re.compile(
    r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|AM/PM|A/P|上午/下午|General|y+|m+|d+|h+|s+|a+|.',
    re.I | re.S,
)
_UNFIT = re.compile(r"General|@|/|E[+-]", re.I)  # shown as a plain number instead
_LAST_DAY = 2_958_465  # 9999-12-31
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?")


@dataclass(frozen=True, slots=True)
class Format:
    """A number format, such as 0.0% or yyyy"年"m"月"."""

    code: str


def read_formats(styles: etree._Element | None) -> list[Format]:
    """Return the number format of each cell style, in their order."""
    if styles is None:
        return []
    named = {
        item.get("numFmtId", ""): item.get("formatCode", "General")
        for item in styles.iterfind(f"{S}numFmts/{S}numFmt")
    }
    formats = []
    for style in styles.iterfind(f"{S}cellXfs/{S}xf"):
        number = style.get("numFmtId", "0")
        known = _KNOWN.get(int(number), "General") if number.isdecimal() else "General"
        formats.append(Format(named.get(number, known)))
    return formats


def shown(value: str, form: Format, *, is_1904: bool = False) -> str:
    """Write a stored number in its format; what is no number is returned as it is."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number) >= Decimal(10) ** 30:
        return value
    pieces = [found[0] for found in _PIECE.finditer(_section(form.code, number))]
    if any(piece[0] in "yYdDhHsS" for piece in pieces):
        return _date(number, pieces, is_1904=is_1904)
    if any(piece in {"m", "mm", "mmm", "mmmm"} for piece in pieces):
        return _date(number, pieces, is_1904=is_1904)
    return _number(number, pieces, has_sign=form.code.count(";") == 0)


def _section(code: str, number: Decimal) -> str:
    """Return the part of a format that is for this number: positive;negative;zero."""
    parts = re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+', code) or ["General"]
    if number < 0 and len(parts) > 1:
        return str(parts[1])
    if number == 0 and len(parts) > 2:
        return str(parts[2])
    return str(parts[0])


def _date(number: Decimal, pieces: list[str], *, is_1904: bool) -> str:
    days = number + 1462 if is_1904 else number
    if not 0 <= days <= _LAST_DAY:
        return _general(number)
    first = datetime(1899, 12, 30 if days >= 60 else 31)  # noqa: DTZ001 (no time zone)
    moment = first + timedelta(seconds=round(float(days) * 86400))
    texts = []
    last = ""
    for at, piece in enumerate(pieces):
        if _is_minute(pieces, at, last):
            texts.append(f"{moment.minute:0{len(piece)}d}")
        else:
            texts.append(_date_piece(piece, moment, float(days)))
        if piece[0].lower() in "ymdhs[":
            last = piece.lower()
    return "".join(texts).strip()


def _is_minute(pieces: list[str], at: int, last: str) -> bool:
    """Tell whether m stands for minutes: after hours, or before seconds."""
    if pieces[at].lower() not in {"m", "mm"}:
        return False
    following = (p.lower() for p in pieces[at + 1 :] if p[0].lower() in "ymdhs")
    return last.startswith(("h", "[h")) or next(following, "").startswith("s")


def _date_piece(piece: str, moment: datetime, days: float) -> str:
    low = piece.lower()
    if low[0] in "ymdhs":
        return _date_field(low, moment)
    if low in {"[h]", "[hh]"}:
        return str(int(days * 24))
    if low in {"am/pm", "a/p", "上午/下午"}:
        return "上午" if moment.hour < 12 else "下午"
    if low in {"aaa", "aaaa"}:
        day = "一二三四五六日"[moment.weekday()]
        return day if low == "aaa" else f"星期{day}"
    return _literal(piece)


def _date_field(low: str, moment: datetime) -> str:
    kind, width = low[0], len(low)
    if kind == "y":
        return f"{moment.year:04d}" if width > 2 else f"{moment.year % 100:02d}"
    if kind == "d" and width > 2:
        return "星期" + "一二三四五六日"[moment.weekday()]
    if kind == "m" and width > 2:
        return f"{moment.month}月"
    value = {
        "m": moment.month,
        "d": moment.day,
        "h": moment.hour,
        "s": moment.second,
    }[kind]
    return f"{value:0{min(width, 2)}d}"


def _number(number: Decimal, pieces: list[str], *, has_sign: bool) -> str:
    literal = [_literal(piece) for piece in pieces]
    pattern = "".join("" if piece[0] in '"\\[_*' else piece for piece in pieces)
    found = _DIGITS.search(pattern)
    if pattern == "" or _UNFIT.search(pattern):
        return _general(number)
    if found is None:
        return "".join(literal)
    percent = pattern.count("%")
    scaled = abs(number) * 100**percent
    text = _rounded(scaled, found[0])
    sign = "-" if number < 0 and has_sign else ""
    return sign + _around(literal, text)


def _rounded(number: Decimal, pattern: str) -> str:
    """Write a number with the places of a pattern such as #,##0.0#."""
    whole, _, part = pattern.partition(".")
    number /= 1000 ** (len(whole) - len(whole.rstrip(",")))
    places = Decimal(1).scaleb(-len(part))
    text = f"{number.quantize(places, rounding=ROUND_HALF_UP):f}"
    digits, _, decimals = text.partition(".")
    if "," in whole.rstrip(","):
        digits = f"{int(digits):,}"
    digits = digits.zfill(whole.count("0"))
    least = part.count("0")
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    return f"{digits}.{decimals}" if decimals else digits


def _around(literal: list[str], number: str) -> str:
    """Put the number where the first digits of the format stand."""
    text = "".join(literal)
    return _DIGITS.sub(lambda _: number, text, count=1)


def _literal(piece: str) -> str:
    """Return what a piece of a format prints as it is."""
    if piece[0] == '"':
        return piece[1:-1]
    if piece[0] == "\\":
        return piece[1:]
    if piece[0] == "[":
        money = re.match(r"\[\$([^-\]]+)", piece)
        return money[1] if money else ""
    return "" if piece[0] in "_*" and len(piece) == 2 else piece


def _general(number: Decimal) -> str:
    """Write a number without a format: as many digits as a cell shows."""
    if number == number.to_integral_value():
        return f"{int(number)}"
    text = f"{number:.11g}"
    text = f"{Decimal(text):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
