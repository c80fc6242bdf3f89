"""A question made ready for the index: what was typed, cut into terms."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from string import punctuation
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.chinese import fold
from bot.plans.finding.asking import (
    wants_number,
    without_asking,
    without_spelled_asking,
)
from bot.plans.finding.segments import INITIAL, KINDS, PAIR, SOUND
from bot.plans.finding.terms import (
    BREAK,
    DROPPED,
    STOP,
    Codes,
    codes_of,
    encode,
    foldable,
    initial_key,
    pair_key,
    pair_keys,
    sound_key,
    sounds,
    text_of,
)
from bot.plans.finding.thesaurus import Hint, Thesaurus

LONGEST = 48  # characters of a question that are looked at
LONGEST_TOLD = 160  # the same, of a message in which only a part is the question
_GAINS = {PAIR: 1.0, SOUND: 0.55, INITIAL: 0.8}
_MOST_TYPED = 500  # characters of a message that are read at all
_SKIP_COST = 3  # a letter that fits no syllable costs as much as three syllables
_LONGEST_SYLLABLE = 6
TYPED = 2  # stands for a character of which only the sound was typed
_FILLER_WEIGHT = 0.25
_MARKS = f"{punctuation} 。、“”‘’《》"  # say nothing at either end

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
class HintWord:
    """A word of the thesaurus as the index sees it: `keys` are its pairs."""

    text: str
    keys: tuple[int, ...]


@lru_cache(maxsize=4096)
def _hint_word(word: str) -> HintWord:
    """Encode a word of the thesaurus, which is of the office's making and finite."""
    codes = encode(word)
    return HintWord(text_of(codes), tuple(pair_keys(codes).tolist()))


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the index sees it; the first four run side by side.

    `chars` and `heard` hold what each place says and sounds like, BREAK where
    nothing; `letters` first letters where initials may be meant; `weights` how much
    a place counts. `kinds`, `keys` and `gains` are the terms, kind by kind: those of
    kind k stand at `cuts[k]` to `cuts[k + 1]`. `hints` are words of the plans with the
    places they stand for.
    """

    chars: Codes
    heard: Codes
    letters: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.float32]
    kinds: npt.NDArray[np.uint8]
    keys: npt.NDArray[np.uint32]
    gains: npt.NDArray[np.float32]
    cuts: tuple[int, ...]
    hints: tuple[tuple[HintWord, slice], ...]
    wants_number: bool
    has_letters: bool


def read_question(
    text: str, thesaurus: Thesaurus, *, longest: int = LONGEST
) -> Sequence[Question]:
    """Fold *text*, drop its asking words, and cut the rest into weighted terms.

    Returns one question, or two where pinyin can be cut in two ways (xi'an, xian).
    Wordings that differ in no more than asking words are read once, as one object.
    Of what is left *longest* characters are looked at.
    """
    return _read(*_topic(text), longest, thesaurus)


def are_one_topic(text: str, other: str) -> bool:
    """Tell whether two wordings differ in no more than asking words and punctuation."""
    said, again = (filter(str.isalnum, _topic(one)[0]) for one in (text, other))
    return [*said] == [*again]


@lru_cache(maxsize=256)
def _topic(text: str) -> tuple[str, bool]:
    """Fold *text* without its asking words; and whether it asks how many."""
    folded = _folded(text)
    topic = without_asking(folded)
    if len(topic) <= LONGEST:  # longer ones are cut off at a place of theirs
        topic = topic.strip(_MARKS)
    return topic, wants_number(folded)


@lru_cache(maxsize=256)
def _read(
    asked: str, numbered: bool, longest: int, thesaurus: Thesaurus
) -> Sequence[Question]:
    """Read what is left of a folded question without its asking words."""
    first = list(islice(_places(asked, early=False), longest))
    ways = [first]
    if _LATIN_RUN.search(asked):
        second = list(islice(_places(asked, early=True), longest))
        ways += [second] if second != first else []
    hints = [(_hint_word(hint.word), hint) for hint in thesaurus.hints(asked)]
    return tuple(_question(places, hints, numbered) for places in ways)


def _question(
    places: Sequence[_Place], hints: Sequence[tuple[HintWord, Hint]], numbered: bool
) -> Question:
    chars, heard, letters, weights, origins = _columns(places)
    terms = _terms(chars, heard, letters, hints)
    kinds = [kind for kind, _ in terms]
    words = tuple((word, _stands(hint, origins)) for word, hint in hints)
    return Question(
        chars=np.array(chars, np.uint16),
        heard=np.array(heard, np.uint16),
        letters=np.array(letters, np.uint8),
        weights=np.array(weights, np.float32),
        kinds=np.array(kinds, np.uint8),
        keys=np.array([key for _, key in terms], np.uint32),
        gains=np.array([*terms.values()], np.float32),
        cuts=tuple(bisect_left(kinds, kind) for kind in (*KINDS, len(KINDS))),
        hints=words,
        wants_number=numbered,
        has_letters=any(letters),
    )


def _columns(places: Sequence[_Place]) -> Iterable[tuple[Any, ...]]:
    return zip(*places, strict=True) if places else ((),) * len(_Place._fields)


def _stands(hint: Hint, origins: Sequence[int]) -> slice:
    """Find the places for which a hint stands; *origins* rise."""
    return slice(bisect_left(origins, hint.start), bisect_left(origins, hint.stop))


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
    best: list[tuple[int, int]] = [(0, 0)]  # the cost up to here, and the last cut
    for stop in range(1, len(letters) + 1):
        ways = [(best[stop - 1][0] + _SKIP_COST, stop)]
        ways += [
            (best[start][0] + 1, start)
            for start in range(max(0, stop - _LONGEST_SYLLABLE), stop)
            if letters[start:stop] in known
        ]
        if early:
            ways.reverse()
        best.append(min(ways, key=lambda way: way[0]))
    found, stop = [], len(letters)
    while stop:
        start = best[stop][1]
        if start < stop:
            found.append(letters[start:stop])
        stop = min(start, stop - 1)
    return found[::-1]


def _terms(
    chars: Sequence[int],
    heard: Sequence[int],
    letters: Sequence[int],
    hints: Sequence[tuple[HintWord, Hint]],
) -> dict[tuple[int, int], float]:
    """Return the gain of each term, which is its kind and its key, kind by kind."""
    found: dict[tuple[int, int], float] = {}
    for word, hint in hints:
        gain = hint.weight * min(1.0, 2 / max(len(word.keys), 1))
        found.update(((PAIR, key), gain) for key in word.keys)
    written = [BREAK if char == TYPED else char for char in chars]
    own = (
        (PAIR, map(pair_key, written, written[1:])),
        (SOUND, map(sound_key, heard, heard[1:])),
        (INITIAL, map(initial_key, letters, letters[1:], letters[2:])),
    )
    for kind, keys in own:
        found.update(((kind, key), _GAINS[kind]) for key in keys)
        found.pop((kind, 0), None)
    return found
