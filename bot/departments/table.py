"""The entries of data/departments.toml: kinds of departments and collectives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import SettingsError

_SWAPS = (
    ("局", "厅"),
    ("局", "部"),
    ("委员会", "委"),
    ("委", "委员会"),
    ("办公室", "办"),
    ("和", ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One sort of department, whatever the county: 教育和体育局.

    `names` are the present names, the full one first; `spoken` are short words that
    mean it only where nothing else can be meant (文旅, 科协). Each group of `former`
    holds the names of one body that became this one or a part of it, and `until`
    says when it did. A `party` body stands behind 县委, a `central` one bears no
    prefix of the county. The names of a `common` one are ordinary words (医院): in a
    question they only count behind 县 and its like, or where they stand alone.
    """

    names: tuple[str, ...]
    spoken: tuple[str, ...] = ()
    former: tuple[tuple[str, ...], ...] = ()
    until: tuple[str, ...] = ()
    party: bool = False
    central: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Collective:
    """A group such as 各镇街道: its spellings, its members if the office wrote them.

    `parts` are smaller groups in it that a question may mean by it (各街道).
    """

    names: tuple[str, ...]
    parts: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


Table = tuple[
    tuple[Kind, ...], tuple[Collective, ...], tuple[str, ...], tuple[str, ...]
]


def read_table(table: Mapping[str, Any], *, source: str) -> Table:
    """Read kinds, collectives, places and words; *source* is named in errors.

    Raises:
        SettingsError: a key is unknown, missing or of the wrong type.
    """
    _refuse_unknown(table, {"department", "collective", "places", "words"}, source)
    return (
        tuple(
            _read_kind(entry, at) for entry, at in _each(table, "department", source)
        ),
        tuple(
            _read_group(entry, at) for entry, at in _each(table, "collective", source)
        ),
        _strings(table, "places", source),
        _strings(table, "words", source),
    )


def forms(name: str, *, party: bool) -> set[str]:
    """Derive the customary forms of a bare *name*: 局 and 厅, 委 and 委员会, no 和."""
    found = {name}
    for old, new in _SWAPS:
        for form in list(found):
            if old == "和" and old in form:
                found.add(form.replace(old, new))
            elif form.endswith(old) and len(form) > len(old) + 1:
                found.add(form.removesuffix(old) + new)
    core = name[:-1] if name.endswith(("局", "厅", "委")) else ""
    if len(core) > 1:
        found.add(f"{core}部门")
    if party:
        found |= {f"委{form}" for form in found}
    return {form for form in found if len(form) > 1}


def _read_kind(entry: Mapping[str, Any], where: str) -> Kind:
    known = {"name", "short", "spoken", "former", "party", "central", "common"}
    _refuse_unknown(entry, known, where)
    former = list(_each(entry, "former", where))
    for group, at in former:
        _refuse_unknown(group, {"names", "until"}, at)
    return Kind(
        names=(_string(entry, "name", where), *_strings(entry, "short", where)),
        spoken=_strings(entry, "spoken", where),
        former=tuple(_strings(group, "names", at) for group, at in former),
        until=tuple(_string(group, "until", at) for group, at in former),
        party=_flag(entry, "party", where),
        central=_flag(entry, "central", where),
        common=_flag(entry, "common", where),
    )


def _read_group(entry: Mapping[str, Any], where: str) -> Collective:
    _refuse_unknown(entry, {"names", "parts", "members"}, where)
    names = _strings(entry, "names", where)
    if not names:
        raise SettingsError(f"{where}: names is missing")
    return Collective(
        names=names,
        parts=_strings(entry, "parts", where),
        members=_strings(entry, "members", where),
    )


def _refuse_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(table) - known):
        raise SettingsError(f"{where}: unknown key {unknown[0]}")


def _each(
    table: Mapping[str, Any], key: str, where: str
) -> Iterator[tuple[Mapping[str, Any], str]]:
    entries = table.get(key, [])
    if not isinstance(entries, list):
        raise SettingsError(f"{where}: {key} must be a list of tables")
    for number, entry in enumerate(entries, start=1):
        at = f"{where}: {key}[{number}]"
        if not isinstance(entry, dict):
            raise SettingsError(f"{at} must be a table")
        yield entry, f"{at} {entry['name']}" if "name" in entry else at


def _string(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{where}: {key} must be a text that is not empty")
    return value.strip()


def _strings(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise SettingsError(f"{where}: {key} must be a list of texts")
    if not all(isinstance(text, str) and text.strip() for text in value):
        raise SettingsError(f"{where}: {key} holds what is no text, or an empty one")
    return tuple(text.strip() for text in value)


def _flag(table: Mapping[str, Any], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise SettingsError(f"{where}: {key} must be true or false")
    return value
