"""The directory of departments with what the office keeps in the store added."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.departments import Departments, has_department_shape
from bot.departments.table import Collective, Kind
from bot.model import Department

_UNTIL = re.compile(r"(?P<name>.+?)[（(](?P<until>[^（）()]*\d[^（）()]*)[）)]")


def with_kept(departments: Departments, kept: Iterable[Department]) -> Departments:
    """Return *departments* with the names, members and former names of *kept* added.

    A department that is listed gets further names; its prefix (平阴县, 区) is left
    aside, as in data/departments.toml. 县卫生局（2019年3月前） is a former name with
    the time until which it was used.
    """
    for row in kept:
        if row.collective:
            names = (row.name, *row.short_names)
            group = Collective(names=names, members=row.members)
            departments = departments.merged(collectives=[group])
        else:
            departments = _with_department(departments, row)
    return departments


def _with_department(departments: Departments, row: Department) -> Departments:
    stem = departments.split(row.name)[1]
    known = [kind for kind in departments.kinds if stem in kind.names]
    kind = known[0] if known else Kind(names=(stem,))
    fuller = _with_names(kind, departments, row)
    if not known:
        return (
            departments
            if departments.is_listed(row.name) and fuller == kind
            else departments.merged(kinds=[fuller])
        )
    kinds = tuple(fuller if one is kind else one for one in departments.kinds)
    return replace(departments, kinds=kinds)


def _with_names(kind: Kind, departments: Departments, row: Department) -> Kind:
    shorts = [departments.split(name)[1] for name in row.short_names]
    halves = [name for name in shorts if not has_department_shape(name)]
    former, until = list(kind.former), list(kind.until)
    for text in row.former_names:
        dated = _UNTIL.fullmatch(text)
        name = departments.split(dated["name"] if dated else text)[1]
        if not any(name in group for group in former):
            former.append((name,))
            until.append(dated["until"] if dated else "")
    return replace(
        kind,
        names=tuple(dict.fromkeys([*kind.names, *shorts])),
        spoken=tuple(dict.fromkeys([*kind.spoken, *halves])),
        former=tuple(former),
        until=tuple(until),
    )
