"""The members whom an app may see, as the corporation's address book has them.

Source: WeCom's pages on departments and members (90208, 90201). Nothing is taken over
but names, departments and user ids: telephone numbers are no concern of a bot.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.wecom.api import Api

_AT_ONCE = 8  # departments that are asked for
_GONE = frozenset({2, 5})  # disabled, and who has left


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody of the corporation; `departments` are his own and those above it."""

    userid: str
    name: str
    departments: tuple[str, ...]


async def read_members(api: Api) -> list[Member]:
    """List the members, each once, by the order of their departments.

    Each department is asked for by itself. Raises as `Api.get`.
    """
    answer = await api.get("/cgi-bin/department/list")
    known = {one["id"]: one for one in _objects(answer, "department") if "id" in one}
    turn = asyncio.Semaphore(_AT_ONCE)

    async def people_of(number: int) -> list[dict[str, Any]]:
        async with turn:
            found = await api.get("/cgi-bin/user/list", department_id=str(number))
        return _objects(found, "userlist")

    listed = await asyncio.gather(*map(people_of, known))
    members: dict[str, Member] = {}
    for number, people in zip(known, listed, strict=True):
        for one in people:
            userid = str(one.get("userid") or "")
            if userid and one.get("status") not in _GONE:
                place = one.get("main_department") or number
                members.setdefault(
                    userid.casefold(),
                    Member(
                        userid=userid,
                        name=str(one.get("name") or ""),
                        departments=tuple(_upwards(place, known)),
                    ),
                )
    return list(members.values())


def _upwards(number: Any, known: Mapping[Any, Mapping[str, Any]]) -> Iterator[str]:
    """Name a department and those above it, the nearest first."""
    passed = set()
    while number in known and number not in passed:
        passed.add(number)
        yield str(known[number].get("name") or "")
        number = known[number].get("parentid")


def _objects(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = answer.get(name)
    rows = found if isinstance(found, list) else []
    return [one for one in rows if isinstance(one, dict)]
