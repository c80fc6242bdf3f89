"""Text as numbers: characters and fuzzy sounds, and the terms that they form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bot.chinese import fold, fuzzy, syllable

Codes = npt.NDArray[np.uint16]
Keys = npt.NDArray[np.uint32]

BREAK = 0  # a comma, or the end of a field: no term reaches across
STOP = 1  # the end of a sentence
DROPPED = 0xFFFF  # quotation marks and brackets: words go on across them
_SEPARATOR = "\ufdd0"  # a code point that Unicode keeps out of texts
_SEPARATED = 0xFDD0
_UNFOLDABLE = re.compile("[\ud800-\udfff\ufdd0]")
_STOPS = "。；！？;!?"
_TRANSPARENT = "“”‘’\"'《》〈〉「」『』()（）[]【】{}·•—─-~_+"
_HANZI = range(0x4E00, 0xA000)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_FIRST_LETTER = 400  # above the sounds of all syllables, of which there are 300
_SYLLABLE = re.compile(r"[bpmfdtnlgkhjqxzcsryw]?h?[iuvaoe][iuvaoengr]*")
_WIDE, _WIDE_ROOM = 0xE000, 6400


@dataclass(frozen=True, slots=True)
class Sounds:
    """What each character sounds like: numbers of fuzzy syllables, first letters.

    `of_char` and `initial` are looked up by character code, 0 where there is no
    sound; `of_syllable` by the spelling of a syllable without its tone.
    """

    of_char: npt.NDArray[np.uint16]
    initial: npt.NDArray[np.uint8]
    of_syllable: dict[str, int]


@cache
def sounds() -> Sounds:
    """Return the table of sounds, made at the first call (about 40 ms)."""
    spelled = [syllable(chr(code)) for code in _HANZI]
    proper = sorted({one for one in spelled if _SYLLABLE.fullmatch(one)})
    numbers = {one: at for at, one in enumerate(sorted({*map(fuzzy, proper)}), 1)}
    of_syllable = {one: numbers[fuzzy(one)] for one in proper}
    of_char = np.zeros(1 << 16, np.uint16)
    initial = np.zeros(1 << 16, np.uint8)
    block = slice(_HANZI.start, _HANZI.stop)
    of_char[block] = [of_syllable.get(one, 0) for one in spelled]
    initial[block] = [ord(one[0]) if one in of_syllable else 0 for one in spelled]
    for at, letter in enumerate(_LETTERS):
        of_char[ord(letter)] = _FIRST_LETTER + at
    return Sounds(of_char, initial, of_syllable)


@cache
def _canon() -> Codes:
    """Return what each code point stands for: itself, a break, a stop or nothing."""
    canon = np.array(
        [code if chr(code).isalnum() else BREAK for code in range(1 << 16)], np.uint16
    )
    canon[[ord(mark) for mark in _STOPS]] = STOP
    canon[[ord(mark) for mark in _TRANSPARENT]] = DROPPED
    canon[_WIDE : _WIDE + _WIDE_ROOM] = np.arange(_WIDE, _WIDE + _WIDE_ROOM)
    canon[_SEPARATED] = _SEPARATED
    return canon


def codes_of(folded: str) -> Codes:
    """Return what each character of a folded text is: itself, BREAK, STOP, DROPPED."""
    points = np.frombuffer(folded.encode("utf-32-le", "replace"), np.uint32)
    rare = points > 0xFFFF
    if rare.any():  # characters beyond the first plane share a small room
        points = np.where(rare, _WIDE + points % _WIDE_ROOM, points)
    codes: Codes = _canon()[points]
    return codes


def _encode(folded: str) -> Codes:
    codes = codes_of(folded)
    kept: Codes = codes[codes != DROPPED]
    return kept


def foldable(text: str) -> str:
    """Drop our separator, and half characters, which no converter of scripts takes."""
    return _UNFOLDABLE.sub("", text)


def text_of(codes: Codes) -> str:
    """Return codes as a text, to look words up in; places stay the same."""
    return codes.tobytes().decode("utf-16-le")


def encode(text: str) -> Codes:
    """Fold *text* and return its characters; punctuation is BREAK or STOP."""
    return _encode(fold(foldable(text)))


def encode_all(texts: Sequence[str]) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Fold many texts at once into one array, a BREAK after each.

    Returns the array and the place where each text starts, with the end added.
    """
    clean = [foldable(text) for text in texts]
    codes = _encode(fold(_SEPARATOR.join([*clean, ""])))
    ends = np.flatnonzero(codes == _SEPARATED)
    codes[ends] = BREAK
    return codes, np.concatenate((np.zeros(1, np.int64), ends + 1))


def pair_keys(codes: Codes) -> Keys:
    """Return the key of each two neighbours, 0 where one of them is no character."""
    left, right = codes[:-1].astype(np.uint32), codes[1:].astype(np.uint32)
    return np.where((left > STOP) & (right > STOP), left << 16 | right, 0).astype(
        np.uint32
    )


def sound_keys(heard: Codes) -> Keys:
    """Return the key of each two neighbouring sounds, 0 where one is silent."""
    left, right = heard[:-1].astype(np.uint32), heard[1:].astype(np.uint32)
    return np.where((left > 0) & (right > 0), left << 9 | right, 0).astype(np.uint32)


def pair_key(left: int, right: int) -> int:
    """Return the key of two neighbours, as `pair_keys` does."""
    return left << 16 | right if left > STOP and right > STOP else 0


def sound_key(left: int, right: int) -> int:
    """Return the key of two neighbouring sounds, as `sound_keys` does."""
    return left << 9 | right if left and right else 0


def initial_key(first: int, second: int, third: int) -> int:
    """Return the key of three neighbouring letters, as `initial_keys` does."""
    return first << 16 | second << 8 | third if first and second and third else 0


def initial_keys(letters: npt.NDArray[np.uint8]) -> Keys:
    """Return the key of each three neighbouring first letters, 0 where one lacks."""
    wide = letters.astype(np.uint32)
    first, second, third = wide[:-2], wide[1:-1], wide[2:]
    whole = (first > 0) & (second > 0) & (third > 0)
    return np.where(whole, first << 16 | second << 8 | third, 0).astype(np.uint32)
