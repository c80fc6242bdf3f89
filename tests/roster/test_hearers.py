"""Who hears for a department is found by few steps, however many people there are."""

import json
from typing import Any

import pytest
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, Person, Role, Talk
from bot.roster import hearers
from bot.roster.hearers import hearers_in, hearers_of
from bot.statements import _ready

LANES = ("telegram", "wecom_app")
MANY = 2000


@pytest.fixture
async def crowd(session: AsyncSession) -> None:
    """Enter many liaisons at once, as an import does: there are no statistics then."""
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite's plan does not depend on statistics that it lacks")
    people = [
        {
            "id": number,
            "name": "某",
            "department": f"第{number}局",
            "role": Role.LIAISON,
        }
        for number in range(1, MANY + 1)
    ]
    accounts = [
        {"channel": "telegram", "address": str(n), "person_id": n, "talk": Talk()}
        for n in range(1, MANY + 1)
    ]
    await session.execute(insert(Person), people)
    await session.execute(insert(Account), accounts)


def steps(plan: dict[str, Any]) -> float:
    """Count the rows and the entries of an index that a plan went through."""
    below = sum(steps(one) for one in plan.get("Plans", ()))
    passed = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    return float(below + passed * plan["Actual Loops"])


@pytest.mark.parametrize("by_role", [True, False])
async def test_very_many_hearers_are_found_before_there_are_statistics(
    session: AsyncSession, crowd: None, by_role: bool
) -> None:
    said: list[tuple[str, Any]] = []
    connection = await session.connection()
    event.listen(
        connection.sync_connection,
        "before_cursor_execute",
        lambda line, cursor, statement, given, *_: said.append((statement, given)),
    )
    if by_role:
        found = await hearers_in(session, [Role.LIAISON], lanes=LANES)
    else:
        names = [f"第{number}局" for number in range(1, MANY + 1)]
        found = await hearers_of(session, names, lanes=LANES)
        ready = _ready(hearers._OF_DEPARTMENTS, connection.dialect)
        given = {"departments": names, "lanes": list(LANES)}
        said.append((ready.sql, ready.values(given)))
    statement, given = said[-1]
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    told = (await connection.exec_driver_sql(explain, given)).scalar_one()
    [explained] = told if isinstance(told, list) else json.loads(told)

    assert len(found) == MANY
    assert steps(explained["Plan"]) < 10 * MANY
