"""Numbers of identity cards and bank cards in a text: found, and made illegible."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

BETWEEN = r"[\s\-‐-―－_·.．\u200b-\u200f\u2060\ufeff]"
"""What may stand between the digits of a number."""

MANY_DIGITS = r"\d(?:[\W_年月日]{0,3}+\d){12}"
"""So many digits has the shortest number that is masked, whatever stands between."""

ODD_X = "xXｘＸⅹⅩ×✕хХ"
"""What people write for the X of a check digit."""

_RUN = re.compile(rf"\d(?:{BETWEEN}{{0,3}}\d){{12,}}(?:{BETWEEN}{{0,3}}[{ODD_X}])?")
_GROUP = re.compile(r"\d+")
_MASKED = re.compile(r"\*{5,}\d{1,3}[\dX]")
_ABOUT_CARD = re.compile("卡|账号|帐号|账户|帐户|银行")
_NEAR = 12  # characters before a number that tell what it is

_PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]|91"
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_NEW = re.compile(rf"(?=((?:{_PROVINCES})[0-9]{{4}}(?:18|19|20)..{_DAY}...[0-9X]))")
_OLD = re.compile(rf"(?:{_PROVINCES})[0-9]{{6}}{_DAY}[0-9]{{3}}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PARTS = frozenset({6, 10, 12, 14})  # where people break the number of a person
_MOBILE = re.compile("1[3-9][0-9]{9}")
_DIGITS_OF_MOBILE = 11
_CARDS = re.compile(
    "(?:62|60|6[4578]|9[45]58|50|5[678]|35(?:2[89]|[3-8])|81)[0-9]{12,17}"
    "|4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"
    "|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
    "|5[1-5][0-9]{17}|3[47][0-9]{13}|3(?:0[0-5]|[689][0-9])[0-9]{11}"
)
_MAY_BE_CARD = frozenset("2345689")
_UNEVEN = {(6, 13), (6, 12), (6, 10), (4, 6, 5), (4, 6, 4), (4, 4, 4, 7), (4, 4, 4, 6)}
_OLD_GROUPS = {(15,), (6, 6, 3), (6, 9)}
_OLD_BEGINS = frozenset(groups[0] for groups in _OLD_GROUPS)
_SMALLEST_CARD, _LARGEST_CARD = 13, 19


def mask_numbers(text: str) -> str:
    """Make the numbers of people in *text* illegible."""
    return _RUN.sub(lambda run: _without_numbers(run, text), text)


def is_masked(text: str) -> bool:
    """Tell whether something was masked in *text*."""
    return "*****" in text and _MASKED.search(text) is not None


def _without_numbers(run: re.Match[str], text: str) -> str:
    """Mask what is a number of a person in a run of digits and what stands between."""
    said = run.group()
    about_card = bool(_ABOUT_CARD.search(text[: run.start()][-_NEAR:]))
    pieces, end = [], 0
    for start, stop, shown in _numbers(_run(said), about_card=about_card):
        pieces += [said[end:start], shown]
        end = stop
    return "".join(pieces) + said[end:]


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of digits in groups: `plain` are these alone, an X at the end among them.

    `spans` are the places of the groups in what was said, `starts` those among the
    digits, and where these end.
    """

    said: str
    plain: str
    spans: list[tuple[int, int]]
    starts: list[int]

    def place(self, digit: int) -> int:
        """Return where a digit stands in what was said."""
        group = bisect_right(self.starts, digit, hi=len(self.spans)) - 1
        return self.spans[group][0] + digit - self.starts[group]

    def stop(self, end: int) -> int:
        """Return where what was said of the digits before *end* ends."""
        return len(self.said) if end == len(self.plain) else self.place(end - 1) + 1

    def is_new_line(self, group: int) -> bool:
        """Tell whether a group begins on a new line: a column of numbers is no card."""
        return "\n" in self.said[self.spans[group - 1][1] : self.spans[group][0]]

    def breaks(self, start: int, end: int) -> list[int]:
        """List where a new group begins among some digits, counted from the first."""
        first = bisect_right(self.starts, start)
        found = []
        while first < len(self.spans) and self.starts[first] < end:
            found.append(self.starts[first] - start)
            first += 1
        return found


def _run(said: str) -> _Run:
    spans = [found.span() for found in _GROUP.finditer(said)]
    starts = [0]
    for start, stop in spans:
        starts.append(starts[-1] + stop - start)
    plain = "".join(str(unicodedata.decimal(c)) for c in said if c.isdecimal())
    return _Run(said, plain if said[-1].isdecimal() else f"{plain}X", spans, starts)


def _numbers(run: _Run, *, about_card: bool) -> Iterator[tuple[int, int, str]]:
    """Yield the numbers of people in a run: where each stands, and its mask."""
    sure = [*_identities(run)]
    found = sure + [
        one
        for one in _aligned(run, about_card=about_card)
        if all(one[1] <= start or end <= one[0] for start, end, _ in sure)
    ]
    for start, end, shown in sorted(found):
        yield run.place(start), run.stop(end), shown


def _identities(run: _Run) -> Iterator[tuple[int, int, str]]:
    """Yield numbers of 18 with a place, a day and a check digit, also glued to others.

    Such a number stands in one group, is a whole of groups, or is broken where people
    break it: by chance a longer one holds what looks like it.
    """
    after = 0
    bounds = frozenset(run.starts) | {len(run.plain)}
    for found in _NEW.finditer(run.plain):
        start, end = found.start(), found.start() + 18
        if start < after or not is_identity(found[1]):
            continue
        is_whole = start in bounds and end in bounds
        if is_whole or _PARTS.issuperset(run.breaks(start, end)):
            yield start, end, mask_identity(found[1])
            after = end


def _aligned(run: _Run, *, about_card: bool) -> Iterator[tuple[int, int, str]]:
    """Yield bank cards and old numbers of persons, each a whole of groups."""
    first = 0
    while first < len(run.spans):
        found = _longest_number(run, first, about_card=about_card)
        found = found or _beside_mobile(run, first, about_card=about_card)
        if found:
            yield found
        end = found[1] if found else run.starts[first + 1]
        while first < len(run.spans) and run.starts[first] < end:
            first += 1


def _longest_number(
    run: _Run, first: int, *, about_card: bool
) -> tuple[int, int, str] | None:
    """Return the longest number that begins with a group."""
    start = run.starts[first]
    may_be_card, found = run.plain[start] in _MAY_BE_CARD, None
    lengths: tuple[int, ...] = ()
    if not may_be_card and run.starts[first + 1] - start not in _OLD_BEGINS:
        return None
    for last in range(first, len(run.spans)):
        end = run.starts[last + 1]
        if end - start > _LARGEST_CARD or (last > first and run.is_new_line(last)):
            break
        lengths = (*lengths, end - run.starts[last])
        if end - start < _SMALLEST_CARD:
            continue
        digits = run.plain[start:end]
        if lengths in _OLD_GROUPS and is_identity(digits):
            found = start, end, mask_identity(digits)
        elif may_be_card and (about_card or looks_like_card(lengths)):
            found = (start, end, mask_card(digits)) if is_card(digits) else found
    return found


def _beside_mobile(
    run: _Run, group: int, *, about_card: bool
) -> tuple[int, int, str] | None:
    """Return the number to which the one of a telephone is glued in one group."""
    start, end = run.starts[group], run.starts[group + 1]
    halves = (
        (start + _DIGITS_OF_MOBILE, end, start),
        (start, end - _DIGITS_OF_MOBILE, end - _DIGITS_OF_MOBILE),
    )
    for here, there, mobile in halves:
        if not _SMALLEST_CARD <= there - here <= _LARGEST_CARD:
            continue
        digits = run.plain[here:there]
        if not _MOBILE.match(run.plain, mobile):
            continue
        if len(digits) == 15 and is_identity(digits):
            return here, there, mask_identity(digits)
        if is_card(digits) and (about_card or len(digits) >= 16):
            return here, there, mask_card(digits)
    return None


def is_identity(digits: str) -> bool:
    """Tell whether plain digits, or 17 and X, are the number of an identity card.

    One of 18 has a province, a day of birth and the right check digit; an old one of 15
    a province and a day.
    """
    if len(digits) == 15:
        return bool(_OLD.fullmatch(digits)) and _is_day(f"19{digits[6:12]}")
    if len(digits) != 18 or not (_NEW.match(digits) and digits[:17].isdecimal()):
        return False
    if not _is_day(digits[6:14]):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)
    )
    return _CHECKS[total % 11] == digits[17]


def _is_day(digits: str) -> bool:
    try:
        return bool(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    except ValueError:
        return False


def is_card(digits: str) -> bool:
    """Tell whether plain digits are the number of a bank card: issuer, length, Luhn."""
    if not _SMALLEST_CARD <= len(digits) <= _LARGEST_CARD:
        return False
    if not _CARDS.fullmatch(digits):
        return False
    odd = sum(int(digit) for digit in digits[-1::-2])
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10 == 0


def looks_like_card(lengths: tuple[int, ...]) -> bool:
    """Tell whether groups are those of a card: 62188888 62188889 are two telephones."""
    if len(lengths) == 1 or lengths in _UNEVEN:
        return True
    *others, last = lengths
    return len(set(others)) == 1 and others[0] <= 6 and last <= others[0]


def mask_identity(digits: str) -> str:
    """Leave the place and the end of the number of a person."""
    return f"{digits[:6]}{'*' * (len(digits) - 8)}{digits[-2:]}"


def mask_card(digits: str) -> str:
    """Leave both ends of the number of a card."""
    shown = 4 if len(digits) >= 16 else 0
    return f"{digits[:shown]}{'*' * (len(digits) - shown - 4)}{digits[-4:]}"
