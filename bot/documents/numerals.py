"""Numbers as Word writes them before paragraphs: 一 甲 ① iv."""

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
LARGEST = 9999


def numeral(number: int, kind: str) -> str:
    """Write *number* in the numbering format *kind* of Word (w:numFmt).

    A kind that is unknown, and a number that a kind cannot write, comes as digits.
    """
    if kind == "none":
        return ""
    write = _WRITERS.get(kind)
    if write is None or not 0 <= number <= LARGEST:
        return str(number)
    return write(number) or str(number)


def chinese_number(number: int) -> str:
    """Write *number*, 0 to 9999, in words: 十二, 一百零三."""
    return _in_words(number, digits="零" + _DIGITS[1:], units=("", "十", "百", "千"))


def _legal(number: int) -> str:
    words = _in_words(number, digits=_LEGAL_DIGITS, units=("", "拾", "佰", "仟"))
    return "壹" + words if words.startswith("拾") else words


def _in_words(number: int, *, digits: str, units: tuple[str, str, str, str]) -> str:
    if number == 0:
        return digits[0]
    words = ""
    for place, digit in enumerate(map(int, reversed(str(number)))):
        words = (digits[digit] + units[place] if digit else digits[0]) + words
    while digits[0] * 2 in words:
        words = words.replace(digits[0] * 2, digits[0])
    words = words.rstrip(digits[0])
    ten = digits[1] + units[1]
    return words[1:] if words.startswith(ten) else words


def _counted(number: int) -> str:
    """Write up to 99 in words and from 100 on digit by digit (chineseCounting)."""
    return chinese_number(number) if number < 100 else _digit_by_digit(number)


def _digit_by_digit(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _full_width(number: int) -> str:
    return "".join(chr(0xFF10 + int(digit)) for digit in str(number))


def _of(letters: str) -> Callable[[int], str]:
    """Return a writer that takes the nth of *letters*, "" beyond them."""
    return lambda number: letters[number - 1] if 0 < number <= len(letters) else ""


def _letter(number: int) -> str:
    """Write a, b ... z, aa, bb as Word does."""
    if number == 0:
        return ""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _run(*, first: str, count: int) -> str:
    return "".join(chr(ord(first) + step) for step in range(count))


_CIRCLED = "".join(
    (_run(first="①", count=20), _run(first="㉑", count=15), _run(first="㊱", count=15))
)
_WRITERS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _of(_CIRCLED),
    "decimalEnclosedCircleChinese": _of(_CIRCLED),
    "decimalEnclosedParen": _of(_run(first="⑴", count=20)),
    "decimalEnclosedFullstop": _of(_run(first="⒈", count=20)),
    "ideographEnclosedCircle": _of(_run(first="㊀", count=10)),
    "chineseCounting": _counted,
    "taiwaneseCounting": _counted,
    "japaneseCounting": chinese_number,
    "koreanCounting": chinese_number,
    "chineseCountingThousand": chinese_number,
    "taiwaneseCountingThousand": chinese_number,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "numberInDash": lambda number: f"- {number} -",
}
