"""Chinese text made comparable: width, script and case folded; sounds read off."""

import os
import re
import unicodedata
from functools import cache, lru_cache

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 90 ms of start-up saved

from opencc import OpenCC
from pypinyin.constants import PINYIN_DICT

_TONES = str.maketrans("āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeooooiiiiuuuuvvvvvnnnm")
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_FUZZY_ENDINGS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_BLANKS = re.compile(r"\s+")
_SHORT = 300  # characters of a text that is kept folded: a letter, a name, a line


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def fold(text: str) -> str:
    """Fold *text* for matching: NFKC, simplified script, lower case, no blanks.

    The result is for comparing only; what people read is quoted from the source.
    """
    return _fold_kept(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text)
    return _BLANKS.sub("", str(_converter().convert(wide))).lower()


# A letter is folded by each of those who look at it.
_fold_kept = lru_cache(maxsize=4096)(_fold)


@cache
def _fold_char(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char


def fold_in_place(text: str) -> str:
    """Fold each character of *text* that folds to one: places stay the same."""
    return "".join(map(_fold_char, text))


@cache
def syllable(char: str) -> str:
    """Read one Chinese character without its tone (u umlaut as v); "" if it is none."""
    readings = PINYIN_DICT.get(ord(char), "")
    return str(readings).split(",")[0].translate(_TONES).replace("ê", "e")


@cache
def fuzzy(sound: str) -> str:
    """Fold the sounds that people mix up: zh=z, ch=c, sh=s, n=l, ang=an and so on."""
    for hard, soft in _FUZZY:
        if sound.startswith(hard):
            sound = soft + sound[2:]
    if sound.startswith("n") and len(sound) > 1:
        sound = "l" + sound[1:]
    for long, short in _FUZZY_ENDINGS:
        if sound.endswith(long):
            sound = sound[: -len(long)] + short
    return sound


def sounds(text: str) -> list[str]:
    """Read each character as a fuzzy syllable; what is no 汉字 stays as it is."""
    return [*map(_sound, text)]


@cache
def _sound(char: str) -> str:
    return fuzzy(syllable(char)) or char
