"""The departments of a plan made ready for finding them in questions."""

import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import pairwise
from typing import Protocol, TypeVar

from bot.chinese import fold, fuzzy, sounds, syllable
from bot.departments.boundaries import (
    follows_no_word,
    may_begin,
    may_end,
    precedes_no_word,
    stands_alone,
)
from bot.departments.mentions import Body, Form, Found
from bot.departments.names import place_of, prefix_before, rank_of

_LEAGUE = re.compile(
    r"(?:共青)?团((?:[\u4e00-\u9fff]{2,4})?[省市县区州旗])(?:委员会|委(?![员托]))"
)
_LEAGUE_STARTS = frozenset("共团")
_ORGANS = ("局", "委", "部", "办")
_SECOND_NAME = re.compile(r"\(([^()]{3,})\)$")
_NO_HALF = frozenset("政府 人民政府 机关 社会".split())
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_Key = TypeVar("_Key", bound=Hashable)
_Thing = TypeVar("_Thing")


class Directory(Protocol):
    """What a finder needs to know of the directory."""

    def split(self, name: str) -> tuple[str, str]:
        """Cut a name into prefix and bare name."""

    def ways_to_say(self, stem: str) -> Iterator[Form]:
        """List the forms of a bare name."""

    def all_forms(self) -> Mapping[str, bool]:
        """Map each form of the directory to whether it is a half name."""

    @property
    def lengths(self) -> Mapping[str, Sequence[int]]:
        """Map how forms begin, by two characters, to their lengths, longest first."""

    @property
    def spoken(self) -> Collection[str]:
        """List the half names that people say: 文旅, 卫健."""

    @property
    def halves(self) -> Iterable[str]:
        """List the half names, and the names of the directory without their 局."""

    def forms_near(self, window: str) -> Sequence[str]:
        """List the whole names that differ in one of three characters."""

    def place_before(self, text: str, end: int) -> tuple[int, str]:
        """Find a known place that ends at *end*: where it starts, its full name."""

    def is_collective(self, text: str) -> bool:
        """Tell whether a name is that of a group."""

    def same(self, one: str, other: str) -> bool:
        """Tell whether two names mean one body."""


class Finder:
    """Finds the departments of one plan, or one set of plans, in questions."""

    def __init__(self, directory: Directory, among: Sequence[str]) -> None:
        self._directory = directory
        self.bodies = [self._body(name) for name in dict.fromkeys(among) if name]

    def _body(self, name: str) -> Body:
        if self._directory.is_collective(name):
            return Body(name, "", fold(name))
        return Body(name, *self._directory.split(name))

    @cached_property
    def forms(self) -> dict[str, list[Body]]:
        """Map each form to the bodies of the plan that may be meant by it."""
        forms: dict[str, dict[str, Body]] = {}
        for body in self.bodies:
            for form in self._directory.ways_to_say(body.stem):
                forms.setdefault(form.text, {})[body.name] = body
            forms.setdefault(fold(body.name), {})[body.name] = body
        for second, body in self._second_names():
            forms.setdefault(second, {body.name: body})
        return {form: list(bodies.values()) for form, bodies in forms.items()}

    def _second_names(self) -> Iterator[tuple[str, Body]]:
        """List the forms of a second name: 知识产权局 of 市监局(知识产权局)."""
        for body in self.bodies:
            if second := _SECOND_NAME.search(fold(body.name)):
                _, stem = self._directory.split(second[1])
                for form in self._directory.ways_to_say(stem):
                    yield form.text, body

    @cached_property
    def halves(self) -> dict[str, tuple[Body, ...]]:
        """Map names without their 局, and half names, to the one body meant by them.

        Those of bodies that are not the plan's are mapped to none.
        """
        meant: dict[str, dict[str, Body]] = {}
        for form, bodies in self.forms.items():
            half = form if form in self._directory.spoken else half_of(form)
            if half:
                meant.setdefault(half, {}).update({body.name: body for body in bodies})
        ours = {half: tuple(bodies.values()) for half, bodies in meant.items()}
        return {
            **dict.fromkeys(self._directory.halves, ()),
            **{half: bodies for half, bodies in ours.items() if self._all_same(bodies)},
        }

    def _all_same(self, bodies: Sequence[Body]) -> bool:
        return all(self.are_same(bodies[0], body) for body in bodies[1:])

    @cached_property
    def _half(self) -> dict[str, bool]:
        ours = {
            form.text: form.is_half
            for body in self.bodies
            for form in self._directory.ways_to_say(body.stem)
        }
        return {**dict.fromkeys(self.forms, False), **ours}

    @cached_property
    def by_sound(self) -> dict[tuple[str, ...], list[str]]:
        """Map fuzzy sounds to forms."""
        return _grouped((tuple(sounds(form)), form) for form in self._likely)

    @cached_property
    def by_spelling(self) -> dict[tuple[str, ...], list[str]]:
        """Map fuzzy sounds, as letters are typed, to forms."""
        return _grouped(
            (tuple(as_spelled(syllable(char)) for char in form), form)
            for form in self._likely
        )

    @cached_property
    def sound_lengths_of(self) -> dict[tuple[str, ...], list[int]]:
        """Map the first two fuzzy sounds of forms to their lengths, longest first."""
        lengths: dict[tuple[str, ...], set[int]] = {}
        for heard in self.by_sound:
            lengths.setdefault(heard[:2], set()).add(len(heard))
        return {head: sorted(found, reverse=True) for head, found in lengths.items()}

    @cached_property
    def _whole(self) -> list[str]:
        """The whole names, in the order of the plan."""
        return [form for form in self._likely if not self._half.get(form)]

    @cached_property
    def _by_place(self) -> dict[tuple[int, int, str], list[int]]:
        """Map length, place (0 or 1) and the character there to the whole names."""
        return _grouped(
            ((len(form), place, form[place]), number)
            for number, form in enumerate(self._whole)
            for place in (0, 1)
        )

    def nearly(self, window: str) -> list[str]:
        """List the whole names that may be one slip away from *window*.

        Such a name has the first or the second character of it, or begins with the two
        swapped, or with one more.
        """
        size, first, second = len(window), window[0], window[1]
        keys = (
            (size, 0, first),
            (size, 1, second),
            (size, 1, first),
            (size + 1, 0, first),
            (size + 1, 1, first),
        )
        found = {number for key in keys for number in self._by_place.get(key, ())}
        names = [self._whole[number] for number in sorted(found)]
        return sorted(names, key=len)

    @cached_property
    def by_initials(self) -> dict[str, list[Body]]:
        """Map initials of three letters and more to bodies."""
        bodies: dict[str, dict[str, Body]] = {}
        for form in self._likely:
            letters = "".join(syllable(char)[:1] for char in form)
            for body in self.forms[form] if len(letters) > 2 else ():
                bodies.setdefault(letters, {})[body.name] = body
        return {key: list(found.values()) for key, found in bodies.items()}

    @cached_property
    def _likely(self) -> list[str]:
        """The Chinese forms, which a slip or a sound may stand for."""
        return [form for form in self.forms if len(form) > 1 and _HAN.fullmatch(form)]

    @cached_property
    def sound_lengths(self) -> list[int]:
        """Lengths of forms, longest first."""
        return sorted({len(form) for form in self._likely}, reverse=True)

    @cached_property
    def slip_lengths(self) -> list[int]:
        """Lengths that a name with one slip may have, longest first."""
        whole = {len(form) for form in self._whole}
        lengths = {n - less for n in whole for less in (0, 1) if n > 2}
        return sorted((n for n in lengths if n > 2), reverse=True)

    def is_form(self, text: str) -> bool:
        """Tell whether *text* is a name in the directory or the plan."""
        return text in self.forms or text in self._directory.all_forms()

    def are_same(self, one: Body, other: Body) -> bool:
        """Tell whether two bodies of the plan are one, spelled in two ways."""
        return one == other or self._directory.same(one.name, other.name)

    def strangers_near(self, window: str) -> int:
        """Count names that are not the plan's and differ in one character."""
        near = self._directory.forms_near(window)
        return sum(form != window and form not in self.forms for form in near)

    @cached_property
    def _lengths(self) -> dict[str, Sequence[int]]:
        """Map how names begin, by two characters, to their lengths, longest first."""
        everyones = self._directory.lengths
        ours = {
            head: sorted({*lengths, *everyones.get(head, ())}, reverse=True)
            for head, lengths in lengths_by_head(self.forms).items()
        }
        return {**everyones, **ours}

    def scan(self, text: str) -> Iterator[Found]:
        """Run through the names of the directory and the plan in folded *text*.

        The longest name wins; names do not overlap. Names that fit no body of the
        plan come with an empty tuple.
        """
        lengths, end = self._lengths, -1
        for place, head in enumerate(map("".join, pairwise(text))):
            if place < end or not (head in lengths or head[0] in _LEAGUE_STARTS):
                continue
            if found := self._longest_at(text, place, after=end):
                yield found
                end = found.end

    def _longest_at(self, text: str, start: int, *, after: int) -> Found | None:
        everyones = self._directory.all_forms()
        if text[start] in _LEAGUE_STARTS and (league := _LEAGUE.match(text, start)):
            bodies = self._fitting("团委", prefix=league[1], whole=league[0])
            return Found(start, league.end(), "团委", bodies)
        for length in self._lengths.get(text[start : start + 2], ()):
            end = start + length
            form = text[start:end]
            if end > len(text) or (form not in everyones and form not in self.forms):
                continue
            is_half = self._half.get(form, everyones.get(form, False))
            begin, prefix = self._prefix(text, start)
            is_vague = is_half and not prefix
            in_row = is_vague and self._in_row(text, start, end, after=after)
            if not (in_row or self._is_name(text, start, end, is_vague)):
                continue
            bodies = self._fitting(form, prefix=prefix, whole=text[begin:end])
            return Found(begin, end, form, bodies, is_vague=is_vague and not in_row)
        return None

    def _is_name(self, text: str, start: int, end: int, is_half: bool) -> bool:
        if is_half:
            return stands_alone(text, start, end)
        return may_begin(text, start, end) and may_end(text, end)

    def _in_row(self, text: str, start: int, end: int, *, after: int) -> bool:
        """Tell whether half names stand in a row, like names: 民政城管有任务吗."""
        if text[start:end] not in self._directory.spoken:
            return False
        if start == after or (start == after + 1 and text[after] == "、"):
            return self._ends_row(text, end)
        return follows_no_word(text, start) and self._goes_on(text, end)

    def _ends_row(self, text: str, end: int) -> bool:
        return precedes_no_word(text, end) or self._goes_on(text, end)

    def _goes_on(self, text: str, end: int) -> bool:
        """Tell whether another name stands behind *end*, and others up to the last."""
        start = end + (text[end : end + 1] == "、")
        everyones = self._directory.all_forms()
        for length in self._lengths.get(text[start : start + 2], ()):
            form, last = text[start : start + length], start + length
            if form in self._directory.spoken and self._ends_row(text, last):
                return True
            is_half = self._half.get(form, everyones.get(form, True))
            if not is_half and may_end(text, last):
                return True
        return False

    def _prefix(self, text: str, start: int) -> tuple[int, str]:
        begin, prefix = prefix_before(text, start)
        if prefix:
            return begin, prefix
        return self._directory.place_before(text, start)

    def _fitting(self, form: str, *, prefix: str, whole: str) -> tuple[Body, ...]:
        bodies = self.forms.get(form, [])
        same = [body for body in bodies if fold(body.name) == whole]
        if same:
            return tuple(same)
        rank = rank_of(prefix) or _rank_of_ending(form)
        fits = [
            body
            for body in bodies
            if (not rank or not body.rank or rank == body.rank)
            and _same_place(prefix, body.prefix)
        ]
        best = [body for body in fits if body.stem in (form, f"{form}局")]
        best = best or [body for body in fits if rank and body.rank == rank]
        return tuple(best or fits)


def half_of(form: str) -> str:
    """Cut the 局 off a name: 教育 of 教育局; "" if that leaves no half name."""
    half = form[:-1] if form.endswith(_ORGANS) else ""
    return half if len(half) > 1 and half not in _NO_HALF else ""


def lengths_by_head(forms: Iterable[str]) -> dict[str, list[int]]:
    """Map the first two characters of forms to their lengths, longest first."""
    lengths: dict[str, set[int]] = {}
    for form in forms:
        lengths.setdefault(form[:2], set()).add(len(form))
    return {head: sorted(found, reverse=True) for head, found in lengths.items()}


def _rank_of_ending(form: str) -> str:
    if form.endswith("厅"):
        return "省"
    party = ("宣传部", "组织部", "统战部", "武装部", "工作部", "人武部")
    return "国" if form.endswith("部") and not form.endswith(party) else ""


def _same_place(one: str, other: str) -> bool:
    first, second = place_of(one), place_of(other)
    if first and second:
        return first == second
    if first and one[-1:] in "县区旗" and other[-1:] in "县区旗":
        return one[-1:] == other[-1:]  # 历下区教体局 is not the 县教体局 of a plan
    return True


@cache
def as_spelled(sound: str) -> str:
    """Fold a syllable as typed: lv, lü, lyu and lu are one."""
    typed = sound.replace("ü", "u").replace("v", "u")
    return fuzzy(typed.replace("lyu", "lu").replace("nyu", "nu"))


def _grouped(pairs: Iterable[tuple[_Key, _Thing]]) -> dict[_Key, list[_Thing]]:
    groups: dict[_Key, list[_Thing]] = {}
    for key, thing in pairs:
        groups.setdefault(key, []).append(thing)
    return groups
