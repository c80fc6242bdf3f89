"""文号 in any spelling: 平政字〔2022〕21号, 平政字[2022] 21 号, 2022年21号, 21号."""

import re
import unicodedata
from dataclasses import dataclass

from bot.chinese import fold

_NOISE = re.compile(r"[\W_]+")
_WHOLE = re.compile(
    r"^(?P<code>.*?)(?P<year>(?:19|20)\d\d)年?[第的]?(?P<serial>\d+)号?$"
)
_LAST = re.compile(r"^(?P<code>\D*?)第?(?P<serial>\d+)号$")


@dataclass(frozen=True, slots=True)
class NumberParts:
    """The parts of a 文号: the issuer's code, the year, the serial; "" if not given."""

    code: str
    year: str
    serial: str

    def fits(self, whole: "NumberParts") -> bool:
        """Tell whether these parts, as far as given, are those of *whole*."""
        return (
            whole.code.endswith(self.code)
            and self.year in ("", whole.year)
            and self.serial == whole.serial
        )


def squeeze(words: str) -> str:
    """Fold *words* and leave out blanks, brackets, quotes and other marks."""
    return _NOISE.sub("", fold(words))


def number_parts(words: str) -> NumberParts | None:
    """Read *words* as a 文号 or the end of one; None if they are none."""
    found = _split(squeeze(words))
    if found is None:
        return None
    parts = found.groupdict()
    serial = parts["serial"].lstrip("0") or "0"
    return NumberParts(parts["code"], parts.get("year") or "", serial)


def canonical_number(number: str) -> str:
    """Spell a 文号 in the one way of the official style; "" stays ""."""
    bare = _NOISE.sub("", unicodedata.normalize("NFKC", number))
    found = _WHOLE.match(bare)
    if not found:
        return bare
    return f"{found['code']}〔{found['year']}〕{found['serial']}号"


def _split(bare: str) -> re.Match[str] | None:
    return _WHOLE.match(bare) or _LAST.match(bare)
