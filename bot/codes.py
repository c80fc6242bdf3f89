"""One-time codes: made, read out of what a person says, kept as digests, masked."""

import re
import secrets
import unicodedata
from hashlib import sha256

LENGTH = 8
"""Characters of a code that a person types."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that is taken for something else: no 0 and O, no 1, I and L."""

MASK = "****"

_LINK_BYTES = 24  # 32 characters
_LINK = r"(?<![\w-])[A-Za-z0-9_-]{32}(?![\w-])"
_SOLID = rf"[{ALPHABET}{ALPHABET.lower()}]"
_LOOSE = rf"{_SOLID}{{4}}[ -]?{_SOLID}{{4}}"
# Ours have a digit and a letter, which no word and no date has.
_MIXED = r"(?=[A-Za-z -]{0,8}\d)(?=[\d -]{0,8}[A-Za-z])"
_OURS = rf"(?<![A-Za-z0-9]){_MIXED}{_LOOSE}(?![A-Za-z0-9])"
_WITHIN = re.compile(f"{_LINK}|{_OURS}")
_ALONE = re.compile(r"(?=[A-Za-z]*\d)[A-Za-z0-9]{8}")
_SPREAD = re.compile(
    rf"(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z]){_SOLID}(?:[ -]?{_SOLID}){{7}}"
)
_NAMED = re.compile(
    r"(?:我的|这是)?(?:绑定码|绑定|验证码|/bind|/start)(?:是|为)?[\s:,]*"
    r"(?P<said>[A-Za-z0-9_-][A-Za-z0-9 _-]*)[.。!]?"
)


def new_code() -> str:
    """Make a code that nobody can guess: 8 characters, a digit and a letter in it."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not code.isdecimal() and not code.isalpha():
            return code


def new_link() -> str:
    """Make what a link carries: 32 of A-Z, a-z, 0-9, _ and -."""
    return secrets.token_urlsafe(_LINK_BYTES)


def is_link(said: str) -> bool:
    """Tell whether *said* has the form of what a link carries."""
    return re.fullmatch(_LINK, said) is not None


def could_be_ours(said: str) -> bool:
    """Tell whether *said* has the form of a code or link that we made."""
    return _WITHIN.fullmatch(said) is not None


def digest(said: str) -> str:
    """Return what is kept of a code or link, however it is typed."""
    if not is_link(said):
        said = re.sub("[ -]", "", said).upper()
    return sha256(said.encode()).hexdigest()


def code_in(words: str) -> str:
    """Return the code that a person says, right or wrong; "" if he says none.

    A code stands alone, is called one (绑定 ...), or looks like one of ours wherever it
    stands, even in a link.
    """
    plain = unicodedata.normalize("NFKC", words).strip()
    if named := _NAMED.fullmatch(plain):
        return named["said"].strip()
    if _ALONE.fullmatch(plain) or _SPREAD.fullmatch(plain):
        return plain
    found = _WITHIN.search(plain)
    return found.group() if found else ""


def covered(words: str) -> str:
    """Return *words* with whatever looks like a code of ours made illegible."""
    return _WITHIN.sub(MASK, words)


def masked(words: str) -> str:
    """Return *words* without any code in them."""
    said = code_in(words)
    if not said:
        return words
    plain = unicodedata.normalize("NFKC", words)
    return _WITHIN.sub(MASK, plain.replace(said, MASK))
