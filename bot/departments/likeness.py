"""Names in questions that sound like a department, or are one slip away from it."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from pypinyin.constants import PINYIN_DICT
from rapidfuzz.distance import OSA

from bot.chinese import sounds, syllable
from bot.departments.boundaries import may_begin, may_end, stands_alone
from bot.departments.finder import Finder, as_spelled
from bot.departments.mentions import Body, Certainty

Span = tuple[int, int]
Hit = tuple[int, int, tuple[Body, ...], Certainty]

_LATIN = re.compile(r"[a-zü:]{2,60}")
_TAILS = ("局", "委", "办", "厅", "部", "中心", "会", "院", "队", "协", "联")
_LAST = frozenset(tail[-1] for tail in _TAILS)
_SHORT_TAILS = ("局", "委", "办", "厅")
_NO_SLIP = re.compile(r"[的了和是跟与及归由给让县市区省我咱各那这哪在有要\0,?。、新大]")
_NO_INITIALS = frozenset(
    "app vip ppt gdp pdf doc xls wps html http www vr ai it qq ip url api usb ktv dna"
    " ceo nba sos etc bgm faq rmb mba cpu gps wifi led ok hr pk ios".split()
)


def sound_alikes(finder: Finder, text: str) -> Iterator[Hit]:
    """Find names written with characters of the same sound: 卫建委, 人设局, 科鞋."""
    heard = sounds(text)
    by_sound = finder.by_sound
    for start, head in enumerate(pairwise(heard)):
        for length in finder.sound_lengths_of.get(head, ()):
            end = start + length
            if end > len(text) or finder.is_form(text[start:end]):
                continue
            bodies: dict[str, Body] = {}
            for form in by_sound.get(tuple(heard[start:end]), ()):
                if _sounds_right(text, start, end, form):
                    bodies.update({b.name: b for b in finder.forms[form]})
            if bodies:
                yield start, end, tuple(bodies.values()), Certainty.SOUND
                break


def _sounds_right(text: str, start: int, end: int, form: str) -> bool:
    written = text[start:end]
    shared = sum(a == b for a, b in zip(written, form, strict=True))
    if len(form) > 2 and form.endswith(_TAILS):
        return (
            form[-1] == written[-1]
            and may_begin(text, start, end)
            and may_end(text, end)
        )
    return shared == len(form) - 1 and _reads_alike(text, start, end, form)


def _reads_alike(text: str, start: int, end: int, form: str) -> bool:
    written = text[start:end]
    alike = [syllable(a) == syllable(b) for a, b in zip(written, form, strict=True)]
    return all(alike) and stands_alone(text, start, end)


def slips(finder: Finder, text: str, taken: list[Span]) -> Iterator[Hit]:
    """Find names with one wrong, missing or swapped character: 教休局, 旅文局."""
    for end in range(3, len(text) + 1):
        if text[end - 1] not in _LAST or not text.endswith(_TAILS, 0, end):
            continue
        if not may_end(text, end):
            continue
        for length in finder.slip_lengths:
            start = end - length
            window = text[max(start, 0) : end]
            if start < 0 or finder.is_form(window) or finder.is_form(window[1:]):
                continue
            if any(start < last and first < end for first, last in taken):
                continue
            bodies = _one_slip(finder, window)
            if bodies and (len(window) > 3 or not _is_common(finder, window)):
                yield start, end, bodies, Certainty.TYPO
                break


def _one_slip(finder: Finder, window: str) -> tuple[Body, ...]:
    """Find the one body whose name is a slip away from *window*; () if not just one."""
    found: dict[str, Body] = {}
    for form in finder.nearly(window):
        if form[-1] == window[-1] and _is_slip(form, window):
            found.update({body.name: body for body in finder.forms[form]})
    bodies = tuple(found.values())
    same = all(finder.are_same(bodies[0], body) for body in bodies[1:])
    return bodies if bodies and same else ()


def _is_slip(form: str, window: str) -> bool:
    if len(form) < (3 if form.endswith(_SHORT_TAILS) else 5):
        return _begins_alike(form, window)
    if len(form) == len(window):
        if sorted(form) == sorted(window):
            return OSA.distance(form, window, score_cutoff=1) == 1
        wrong = [b for a, b in zip(form, window, strict=True) if a != b]
        return len(wrong) == 1 and not _NO_SLIP.match(wrong[0])
    return len(form) > 4 and OSA.distance(form, window, score_cutoff=1) == 1


def _begins_alike(form: str, window: str) -> bool:
    """Tell whether 纵织部 is 组织部: the one wrong character begins with its sound.

    So many words end in 部 that any other slip may be one of them: 组干部.
    """
    if len(form) != len(window) or not form.endswith("部"):
        return False
    wrong = [(a, b) for a, b in zip(form, window, strict=True) if a != b]
    return len(wrong) == 1 and len({syllable(char)[:1] for char in wrong[0]}) == 1


def _is_common(finder: Finder, window: str) -> bool:
    """Tell whether many departments are a slip away from a name of three: X务局."""
    return finder.strangers_near(window) > 1


def latin_names(finder: Finder, text: str) -> Iterator[Hit]:
    """Find names in letters: jiaotiju, wenlvju de renwu, or their initials jtj."""
    for run in _LATIN.finditer(text):
        hits = list(_spelled(finder, run[0], run.start()))
        yield from hits or _initials(finder, run[0], run.start())


def _spelled(finder: Finder, run: str, offset: int) -> Iterator[Hit]:
    cut = cut_syllables(run)
    heard = [as_spelled(run[a:b]) for a, b in cut]
    place = 0
    while place < len(cut):
        for length in finder.sound_lengths:
            end = place + length
            forms = finder.by_spelling.get(tuple(heard[place:end]), ())
            named = {b.name: b for form in forms for b in finder.forms[form]}
            if forms and end <= len(cut):
                span = offset + cut[place][0], offset + cut[end - 1][1]
                yield *span, tuple(named.values()), Certainty.SOUND
                place = end - 1
                break
        place += 1


def _initials(finder: Finder, run: str, offset: int) -> Iterator[Hit]:
    for length in range(min(len(run), 10), 2, -1):
        head, rest = run[:length], run[length:]
        if head in _NO_INITIALS or (rest and not cut_syllables(rest)):
            continue
        bodies = finder.by_initials.get(head, ())
        if bodies and all(finder.are_same(bodies[0], body) for body in bodies[1:]):
            yield offset, offset + length, tuple(bodies), Certainty.SOUND
            return


@cache
def _all_syllables() -> frozenset[str]:
    """Read off the dictionary which syllables there are, without their tones."""
    found = {syllable(chr(code)) for code in PINYIN_DICT if 0x4E00 <= code < 0x9FA6}
    plain = {sound for sound in found if sound.isascii() and sound.isalpha()}
    spoken = {sound.replace("v", "u") for sound in plain}
    return frozenset(plain | spoken | {"lyu", "nyu", "lü", "nü"}) - {"m", "n", "ng"}


def cut_syllables(run: str) -> list[Span]:
    """Cut letters into syllables, long ones first; [] if that cannot be done."""
    known = _all_syllables()
    ends: dict[int, list[Span]] = {len(run): []}
    for start in range(len(run) - 1, -1, -1):
        for length in range(min(6, len(run) - start), 0, -1):
            rest = ends.get(start + length)
            if rest is not None and run[start : start + length] in known:
                ends[start] = [(start, start + length), *rest]
                break
    return ends.get(0, [])
