"""The directory: which names mean one department, and which groups there are."""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from bot.chinese import fold
from bot.departments.finder import Finder, half_of, lengths_by_head
from bot.departments.mentions import Form, Mention
from bot.departments.names import (
    has_department_shape,
    is_collective_name,
    place_of,
    rank_of,
    split_prefix,
)
from bot.departments.questions import find_mentions, find_strangers
from bot.departments.table import Collective, Kind, forms, read_table
from bot.errors import SettingsError

_CURRENT = 0
_FINDERS = 64
_LONGEST_NAME = 60
_SHORT = 3  # characters of a name that one slip may make another
_TITLES = ("中共", "国家税务总局", "中国共产党")
_ORGANS = ("委员会", "办公室", "局", "厅", "委", "办", "部", "中心")


@dataclass(frozen=True)
class Departments:
    """What is known of departments: kinds, collectives, places, words of function."""

    kinds: tuple[Kind, ...] = ()
    collectives: tuple[Collective, ...] = ()
    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read the directory from a TOML *file*.

        Raises:
            SettingsError: the file cannot be read, or a key is wrong or unknown.
        """
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{file.name}: {error}") from error
        return cls.from_table(table, source=file.name)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], *, source: str) -> Self:
        """Build the directory from a read TOML *table*; *source* is named in errors."""
        kinds, collectives, places, words = read_table(table, source=source)
        return cls(kinds=kinds, collectives=collectives, places=places, words=words)

    def merged(
        self, kinds: Iterable[Kind] = (), collectives: Iterable[Collective] = ()
    ) -> "Departments":
        """Return the directory with more *kinds* and *collectives*.

        A collective that is known already gets the new members.
        """
        groups = list(self.collectives)
        for new in collectives:
            known = [g for g in groups if set(g.names) & set(new.names)]
            if known:
                names = tuple(dict.fromkeys(known[0].names + new.names))
                place = groups.index(known[0])
                groups[place] = Collective(names=names, members=new.members)
            else:
                groups.append(new)
        return replace(self, kinds=(*self.kinds, *kinds), collectives=tuple(groups))

    @cached_property
    def _stems(self) -> dict[str, list[tuple[int, int]]]:
        """Map each bare name, folded, to its kinds and its groups in them."""
        stems: dict[str, list[tuple[int, int]]] = {}
        for place, kind in enumerate(self.kinds):
            for group, names in enumerate((kind.names, *kind.former)):
                for name in names:
                    for form in forms(fold(name), party=kind.party):
                        found = stems.setdefault(form, [])
                        if (place, group) not in found:
                            found.append((place, group))
        return stems

    @cached_property
    def _spoken(self) -> dict[str, list[int]]:
        """Map each half name that people say (文旅, 卫健) to its kinds."""
        spoken: dict[str, list[int]] = {}
        for place, kind in enumerate(self.kinds):
            for word in kind.spoken:
                spoken.setdefault(fold(word), []).append(place)
        return spoken

    @cached_property
    def _groups(self) -> dict[str, Collective]:
        return {fold(name): group for group in self.collectives for name in group.names}

    @cached_property
    def _finders(self) -> dict[tuple[str, ...], Finder]:
        return {}

    @cached_property
    def _forms(self) -> dict[str, bool]:
        whole = {
            stem: stem in self._spoken
            or all(self.kinds[kind].common for kind, _ in found)
            for stem, found in self._stems.items()
        }
        groups = {name: not name.startswith("各") for name in self._groups}
        return {**dict.fromkeys(self._spoken, True), **groups, **whole}

    def is_stem(self, name: str) -> bool:
        """Tell whether *name* is in the directory as it stands, without a prefix."""
        return fold(name) in self._stems

    def split(self, name: str) -> tuple[str, str]:
        """Cut *name*, folded, into its prefix of level and place and its bare name."""
        if len(name) > _LONGEST_NAME:
            return "", name
        folded = fold(name)
        for title in _TITLES:
            folded = folded.removeprefix(title) or folded
        if folded.endswith(")") and not self._is_stem_behind_prefix(folded):
            folded = folded[: folded.find("(")] or folded
        prefix, stem = split_prefix(folded, is_stem=self._stems.__contains__)
        if prefix or stem in self._stems:
            return prefix, stem
        for cut in range(2, min(len(folded) - 1, 6)):
            place = self._short_places.get(folded[:cut])
            if place and folded[cut:] in self._stems:
                return place, folded[cut:]
        return prefix, stem

    def _is_stem_behind_prefix(self, folded: str) -> bool:
        return split_prefix(folded, is_stem=self._stems.__contains__)[1] in self._stems

    @cached_property
    def _short_places(self) -> dict[str, str]:
        """Map a place without its level to its full name: 平阴 to 平阴县."""
        return {fold(place).rstrip("省市县区"): fold(place) for place in self.places}

    def is_listed(self, name: str) -> bool:
        """Tell whether *name*, apart from its prefix, is in the directory."""
        folded = fold(name)
        return folded in self._groups or self.split(folded)[1] in self._stems

    def is_known(self, name: str) -> bool:
        """Tell whether *name* is in the directory, or names a group of bodies."""
        return self.is_listed(name) or is_collective_name(name)

    def is_collective(self, text: str) -> bool:
        """Tell whether *text* names a group of bodies and no single one."""
        return fold(text) in self._groups or (
            is_collective_name(text) and not self.is_stem(text)
        )

    def members(self, collective: str) -> tuple[str, ...]:
        """List the members of *collective*, () where the office wrote none."""
        group = self._groups.get(fold(collective))
        return group.members if group else ()

    def looks_like_department(self, text: str) -> bool:
        """Tell whether *text* is a known department or is built like one."""
        return bool(text.strip()) and (
            self.is_known(text)
            or has_department_shape(text)
            or self.split(text)[1] in self._spoken
        )

    def bears_prefix(self, name: str) -> bool:
        """Tell whether bare *name* is one that 县, 市 or 省 is put before."""
        stem = fold(name)
        if stem in self._stems:
            return not any(self.kinds[kind].central for kind, _ in self._stems[stem])
        return self._is_made_of_words(stem)

    def is_party_body(self, name: str) -> bool:
        """Tell whether bare *name* is a body of the party committee: 宣传部."""
        return any(
            self.kinds[kind].party for kind, _ in self._stems.get(fold(name), ())
        )

    def _is_made_of_words(self, stem: str) -> bool:
        organ = next((o for o in _ORGANS if stem.endswith(o)), "")
        core = stem.removesuffix(organ) if organ else ""
        if not 2 <= len(core) <= 20:
            return False
        reached = {0}
        for start in range(len(core)):
            if start in reached:
                found = (w for w in self.words if core.startswith(w, start))
                reached.update(start + len(word) for word in found)
        return len(core) in reached

    def same(self, one: str, other: str) -> bool:
        """Tell whether two names mean one body; a missing level fits any level."""
        first, second = self.split(one), self.split(other)
        return (
            self.same_stem(first[1], second[1])
            and _fits(self.level_of(*first), self.level_of(*second))
            and _fits(place_of(first[0]), place_of(second[0]))
        )

    def same_stem(self, one: str, other: str) -> bool:
        """Tell whether two bare, folded names mean one kind of department."""
        if one == other:
            return True
        theirs = dict(self._stems.get(other, ()))
        return any(
            kind in theirs
            and (group == theirs[kind] or _CURRENT in (group, theirs[kind]))
            for kind, group in self._stems.get(one, ())
        )

    def is_former(self, name: str, department: str) -> bool:
        """Tell whether *name* is one of old, and says other things than the present.

        安监局 of an 应急管理局; 旅游局 is not told apart from 文化和旅游局.
        """
        stem, present = self.split(name)[1], self.split(department)[1]
        whole = stem if stem in self._stems else f"{stem}局"
        groups = dict(self._stems.get(whole, ()))
        kinds = [kind for kind, _ in self._stems.get(present, ()) if groups.get(kind)]
        half = set(whole[:-1])
        return whole != present and any(
            not half <= set(self.kinds[kind].names[0]) for kind in kinds
        )

    def level_of(self, prefix: str, stem: str) -> str:
        """Name the level of a body: that of its prefix, or of its ending 厅."""
        return rank_of(prefix) or ("省" if stem.endswith("厅") else "")

    def all_forms(self) -> Mapping[str, bool]:
        """Map each form in the directory to whether it must stand alone to count."""
        return self._forms

    @cached_property
    def lengths(self) -> dict[str, list[int]]:
        """Map how forms begin, by two characters, to their lengths, longest first."""
        return lengths_by_head(self._forms)

    @property
    def spoken(self) -> Collection[str]:
        """The half names that people say: 文旅, 卫健."""
        return self._spoken

    @cached_property
    def halves(self) -> tuple[str, ...]:
        """The half names, and the names of the directory without their 局."""
        whole = (form for form, is_half in self._forms.items() if not is_half)
        return (*self._spoken, *filter(None, map(half_of, whole)))

    def forms_near(self, window: str) -> list[str]:
        """List the whole names that differ in one of the three characters given."""
        gaps = _with_gaps(window) if len(window) == _SHORT else []
        return [form for gap in gaps for form in self._gapped.get(gap, ())]

    @cached_property
    def _gapped(self) -> dict[str, list[str]]:
        """Map the whole names of three characters with one left open to the names."""
        gapped: dict[str, list[str]] = {}
        for form, is_half in self._forms.items():
            if len(form) == _SHORT and not is_half:
                for gap in _with_gaps(form):
                    gapped.setdefault(gap, []).append(form)
        return gapped

    def ways_to_say(self, stem: str) -> Iterator[Form]:
        """List the ways to say a folded bare name or collective, itself included."""
        yield Form(stem, self._forms.get(stem, False))
        if group := self._groups.get(stem):
            for name in map(fold, (*group.names, *group.parts)):
                yield Form(name, not name.startswith("各"))
        for which in self._stems.get(stem, ()):
            if which not in self._said:
                self._said[which] = tuple(self._ways_of_kind(*which))
            yield from self._said[which]
        if stem not in self._stems and stem not in self._groups:
            yield from (Form(form, False) for form in forms(stem, party=False))

    @cached_property
    def _said(self) -> dict[tuple[int, int], tuple[Form, ...]]:
        """The ways to say a kind, or one of its former groups, as far as asked for."""
        return {}

    def _ways_of_kind(self, place: int, group: int) -> Iterator[Form]:
        kind = self.kinds[place]
        former = kind.former if group == _CURRENT else kind.former[group - 1 : group]
        for name in (name for names in (kind.names, *former) for name in names):
            for form in forms(fold(name), party=kind.party):
                yield Form(form, kind.common or form in self._spoken)
        yield from (Form(fold(word), True) for word in kind.spoken)

    def place_before(self, text: str, end: int) -> tuple[int, str]:
        """Find a place of the directory without its level that ends at *end*."""
        for length in range(min(4, end), 1, -1):
            if place := self._short_places.get(text[end - length : end]):
                return end - length, place
        return end, ""

    def find(self, text: str, *, among: Sequence[str]) -> tuple[Mention, ...]:
        """Find which of the departments *among* a colloquial question mentions.

        Places count in the folded question, `bot.chinese.fold(text)`. Names that fit
        exactly go before those that only sound alike or hold a slip; mentions stand
        in the question's order and overlap only where several departments fit one
        name equally well.
        """
        return find_mentions(self._finder(among), fold(text))

    def names(self, text: str, *, among: Sequence[str] = ()) -> tuple[str, ...]:
        """List departments that a question names and that are not *among* these.

        The names stand in the question's order, folded, each once.
        """
        return find_strangers(self._finder(among), fold(text))

    def _finder(self, among: Sequence[str]) -> Finder:
        key = tuple(among)
        finder = self._finders.pop(key, None) or Finder(self, key)
        self._finders[key] = finder  # the one used last stands last
        if len(self._finders) > _FINDERS:
            del self._finders[next(iter(self._finders))]
        return finder


def _with_gaps(name: str) -> list[str]:
    return [f"{name[:at]}\0{name[at + 1 :]}" for at in range(len(name))]


def _fits(one: str, other: str) -> bool:
    return not one or not other or one == other
