"""A question made ready for the index: what was typed, cut into terms."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.chinese import fold
from bot.plans.finding.asking import (
    wants_number,
    without_asking,
    without_spelled_asking,
)
from bot.plans.finding.segments import INITIAL, PAIR, SOUND
from bot.plans.finding.terms import (
    BREAK,
    DROPPED,
    STOP,
    Codes,
    Keys,
    codes_of,
    encode,
    foldable,
    initial_keys,
    pair_keys,
    sound_keys,
    sounds,
)
from bot.plans.finding.thesaurus import Hint, Thesaurus

LONGEST = 48  # characters of a question that are looked at
_GAINS = {PAIR: 1.0, SOUND: 0.55, INITIAL: 0.8}
_MOST_TYPED = 500  # characters of a message that are read at all
_SKIP_COST = 3  # a letter that fits no syllable costs as much as three syllables
_LONGEST_SYLLABLE = 6
TYPED = 2  # stands for a character of which only the sound was typed
_FILLER_WEIGHT = 0.25

_FILLERS = frozenset("的了着过吗呢吧啊呀嘛么我你您他它们这那哪些个是有在和与及就都也还"
                     "要想得给让跟对到去来说看做办搞弄咋啥谁几什怎样把被"
                     "也很又再从并塞俺咱不没别")  # fmt: skip
# Words without a topic of their own: whether a task says them matters little.
_LIGHT = re.compile(
    "[这那][种类样些]事?|的事|里[面头边]|一(?:起|块儿?|下|点|些|年|场|回|趟|直)|每年|全年"
    "|有人|有没有|没有|不够|能不能|可以|应该|需要|多[久长快少]|东西|事情|时候|老是|总是"
    "|经常|大概|到底|究竟|比如|或者|还是|就是|[变改做弄]成|当成|成为|[搞弄来整塞讲]点|(?<!教)学点|怎么"
    "|哪些|哪里|这里|那里|自己|别人|有关|相关|关于|还有|只有|都有|也能|也[得要]|行不行"
    "|[起出下上进过回][来去]|怎么样|这么|那么|[这那]样|[早快好赶]点|好好|赶紧|赶快|尽快|随时"
    "|以后|以前|现在|目前|今后|今年|明年|[想打准][请算备]|希望|愿意|得不得|[要用]不[要用]"
    "|觉得|认为|听说|其实|然后|因为|所以|如果|要是|但是|不过|其他|另外|任何|所有|好多|许多"
    "|(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])年?"
    "|很多|不少|一些|有些|某些|各[种类]|一[种个套批堆次遍]|好像|差不多|左右|什么的|等等|之类"
)
_LATIN_GAP = re.compile(r"(?<=[A-Za-zü])[\s']+(?=[A-Za-zü])")
_LATIN_RUN = re.compile(r"[a-z][a-z']*")


class _Place(NamedTuple):
    """One place of a question; `origin` is where it stands in the folded text."""

    char: int
    heard: int
    letter: int
    weight: float
    origin: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the index sees it; the first four run side by side.

    `chars` and `heard` hold what each place says and sounds like, BREAK where
    nothing; `letters` first letters where initials may be meant; `weights` how much
    a place counts. `kinds`, `keys` and `gains` are the terms. `hints` are words of
    the plans with the places they stand for.
    """

    chars: Codes
    heard: Codes
    letters: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.float32]
    kinds: npt.NDArray[np.uint8]
    keys: npt.NDArray[np.uint32]
    gains: npt.NDArray[np.float32]
    hints: tuple[tuple[Hint, Codes, npt.NDArray[np.bool_]], ...]
    wants_number: bool


def read_question(text: str, thesaurus: Thesaurus) -> list[Question]:
    """Fold *text*, drop its asking words, and cut the rest into weighted terms.

    Returns one question, or two where pinyin can be cut in two ways (xi'an, xian).
    """
    folded = _folded(text)
    asked = without_asking(folded)
    first = list(_places(asked, early=False))[:LONGEST]
    ways = [first]
    if _LATIN_RUN.search(asked):
        second = list(_places(asked, early=True))[:LONGEST]
        ways += [second] if second != first else []
    numbered = wants_number(folded)
    return [_question(places, asked, thesaurus, numbered) for places in ways]


def _question(
    places: Sequence[_Place], asked: str, thesaurus: Thesaurus, numbered: bool
) -> Question:
    origins = np.array([place.origin for place in places], np.int64)
    chars = np.array([place.char for place in places], np.uint16)
    heard = np.array([place.heard for place in places], np.uint16)
    letters = np.array([place.letter for place in places], np.uint8)
    hints = tuple(
        (hint, encode(hint.word), (origins >= hint.start) & (origins < hint.stop))
        for hint in thesaurus.hints(asked)
    )
    kinds, keys, gains = _terms(chars, heard, letters, [h[:2] for h in hints])
    return Question(
        chars=chars,
        heard=heard,
        letters=letters,
        weights=np.array([place.weight for place in places], np.float32),
        kinds=kinds,
        keys=keys,
        gains=gains,
        hints=hints,
        wants_number=numbered,
    )


def _folded(text: str) -> str:
    """Fold *text*, with an apostrophe where a blank stood between latin letters."""
    plain = unicodedata.normalize("NFKC", foldable(text[:_MOST_TYPED])).replace(
        "ü", "v"
    )
    bare = "".join(
        char
        for char in unicodedata.normalize("NFD", plain)
        if not unicodedata.combining(char)
    )
    return fold(_LATIN_GAP.sub("'", bare))


def _places(asked: str, *, early: bool) -> Iterator[_Place]:
    """Yield the places of a folded question without its asking words."""
    at = 0
    for run in _LATIN_RUN.finditer(asked):
        yield from _written(asked[at : run.start()], at)
        yield from _latin(run[0], run.start(), early=early)
        at = run.end()
    yield from _written(asked[at:], at)


def _written(text: str, origin: int) -> Iterator[_Place]:
    light = {at for word in _LIGHT.finditer(text) for at in range(*word.span())}
    for at, code in enumerate(codes_of(text).tolist()):
        if code <= STOP:
            yield _Place(BREAK, BREAK, 0, 0, origin + at)
        elif code != DROPPED:
            heard = int(sounds().of_char[code])
            faint = at in light or text[at] in _FILLERS
            weight = _FILLER_WEIGHT if faint else 1.0
            yield _Place(code, heard, 0, weight, origin + at)


def _latin(run: str, origin: int, *, early: bool) -> Iterator[_Place]:
    """Yield a latin run as the syllables that it spells, else letter by letter."""
    pieces = run.split("'")
    spelled = [one for piece in pieces for one in cut_pinyin(piece, early=early)]
    letters = run.replace("'", "")
    if len(spelled) > 1 and 4 * sum(map(len, spelled)) >= 3 * len(letters):
        for one in without_spelled_asking(spelled):
            yield _Place(TYPED, sounds().of_syllable[one], 0, 1.0, origin)
        return
    for at, letter in enumerate(letters):
        heard = int(sounds().of_char[ord(letter)])
        yield _Place(ord(letter), heard, ord(letter), 1.0, origin + at)


def cut_pinyin(letters: str, *, early: bool = False) -> list[str]:
    """Cut *letters* into the fewest syllables, skipping as few letters as can be.

    Where that leaves a choice, a syllable ends as late as it can, or as *early*.
    """
    known = sounds().of_syllable
    best: list[tuple[int, list[str]]] = [(0, [])]
    for stop in range(1, len(letters) + 1):
        cost, cut = best[stop - 1]
        ways = [(cost + _SKIP_COST, cut)]
        for start in range(max(0, stop - _LONGEST_SYLLABLE), stop):
            if (one := letters[start:stop]) in known:
                cost, cut = best[start]
                ways.append((cost + 1, [*cut, one]))
        if early:
            ways.reverse()
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def _terms(
    chars: Codes,
    heard: Codes,
    letters: npt.NDArray[np.uint8],
    hints: Sequence[tuple[Hint, Codes]],
) -> tuple[npt.NDArray[np.uint8], Keys, npt.NDArray[np.float32]]:
    """Return kinds, keys and gains of all terms, each once."""
    found: dict[tuple[int, int], float] = {}
    for hint, codes in hints:
        keys = pair_keys(codes).tolist()
        for key in keys:
            found[PAIR, key] = hint.weight * min(1.0, 2 / len(keys))
    own = (
        (PAIR, pair_keys(np.where(chars == TYPED, BREAK, chars))),
        (SOUND, sound_keys(heard)),
        (INITIAL, initial_keys(letters)),
    )
    for kind, real in own:
        found.update(dict.fromkeys(((kind, k) for k in real.tolist()), _GAINS[kind]))
    terms = [(*term, gain) for term, gain in found.items() if term[1]]
    kinds, keys, gains = zip(*terms, strict=True) if terms else ((), (), ())
    return (
        np.array(kinds, np.uint8),
        np.array(keys, np.uint32),
        np.array(gains, np.float32),
    )
