"""Numbers of people oddly broken, or mistyped behind a word that names them."""

import re
import unicodedata

from bot.guard.numbers import (
    ODD_X,
    is_card,
    is_identity,
    looks_like_card,
    mask_card,
    mask_identity,
    mask_numbers,
)

_ANY = r"[\W_年月日]{0,3}+"
"""What may stand between the digits of a person's number: its day proves it."""

_STROKE = r"[^\w\n,，、;；.．。]{1,3}|_{1,3}"
"""What may stand between fours of a card; commas are those of a list of figures."""

_YEAR = rf"(?:[1１]{_ANY}[89８９]|[2２]{_ANY}[0０])"  # how a year of birth begins
_PERSON = re.compile(
    rf"(?<!\d)(?=(\d(?:{_ANY}\d){{5}}{_ANY}{_YEAR}(?:{_ANY}\d){{9}}"
    rf"{_ANY}[\d{ODD_X}])(?!\d))"
)
_FOURS = re.compile(
    rf"(?<!\d)\d{{4}}(?:(?:{_STROKE})\d{{4}}){{3}}(?:(?:{_STROKE})\d{{1,3}})?(?!\d)"
)
_NAMED = re.compile(
    r"(?:(?P<person>身份证|身份号|公民身份|证件号)"
    r"|银行卡|储蓄卡|信用卡|借记卡|工资卡|社保卡|卡号|[账帐][号户]|开户行)"
    r"(?P<between>[^\d\n]{0,10}?)(?P<said>\d(?:[^\w\n]{0,2}\d){12,24}"
    rf"(?:[^\w\n]?[{ODD_X}])?)(?!\d)(?![^\w\n]{{0,2}}(?:\d|[元万亿人次场份个件]))"
)
_OTHER_NAME = re.compile(
    "电话|手机|[编文单批]号|代码|编码|流水|日期|时间|金额|余额|经费"
)
_GROUPS = re.compile(r"\d+")
_OF_A_PERSON = {(6, 8, 4), (6, 4, 4, 4), (6, 6, 3), (6, 12), (14, 4), (6, 9)}


def mask_all(text: str) -> str:
    """Make the numbers of people in *text* illegible, also those oddly written.

    Behind 银行卡 or 身份证 a number need not be right: who mistypes one digit has still
    told the others.
    """
    shown = mask_numbers(text)
    shown = _without_persons(shown)
    shown = _FOURS.sub(_card, shown)
    return _NAMED.sub(_named, shown)


def _plain(said: str) -> str:
    """Return the digits alone; whatever is written for an X at their end is one."""
    digits = "".join(str(unicodedata.decimal(c)) for c in said if c.isdecimal())
    return digits if said[-1].isdecimal() else f"{digits}X"


def _without_persons(text: str) -> str:
    """Mask whole groups of digits that are the number of a person, whatever is between.

    They may begin with any group: a date may stand before them.
    """
    pieces, end = [], 0
    for found in _PERSON.finditer(text):
        digits = _plain(found[1])
        if found.start() >= end and is_identity(digits):
            pieces += [text[end : found.start()], mask_identity(digits)]
            end = found.end(1)
    return "".join(pieces) + text[end:]


def _card(found: re.Match[str]) -> str:
    digits = _plain(found.group())
    return mask_card(digits) if is_card(digits) else found.group()


def _named(found: re.Match[str]) -> str:
    said, digits = found["said"], _plain(found["said"])
    *groups, last = (len(group) for group in _GROUPS.findall(said))
    lengths = (*groups, last + (not said[-1].isdecimal()))  # an X is a digit
    is_number = len(lengths) == 1 or lengths in _OF_A_PERSON or looks_like_card(lengths)
    is_amount = "," in said and set(lengths[1:]) == {3}
    if not is_number or is_amount or _OTHER_NAME.search(found["between"]):
        return found.group()
    if found["person"] and len(digits) < 15:
        return found.group()
    mask = mask_identity if found["person"] else mask_card
    return found.group()[: -len(said)] + mask(digits)
