"""What an office entered before there was a chain is in it after the migration."""

import pytest
from older_tables import lay_tables_of

from bot import audit
from bot.database import Database, migrate

ENTRIES = """
INSERT INTO audit_entry (at, actor, event, about, detail) VALUES
 ('2026-11-22 01:00:00.5', '王丽', 'plan.imported', '澄政字〔2026〕18号', '{}'),
 ('2026-11-22 01:00:00', 'system', 'nudge.planned', '', '{"乙": [1.50, null], "a": 1}'),
 ('2026-11-23 01:00:00', '终端', 'office.backed_up', 'a.sqlite3', '{"n": 1e3}')
"""


@pytest.mark.parametrize(("words", "count"), [(ENTRIES, 3), ("", 0)])
async def test_entries_of_before_are_chained_by_the_migration(
    empty_url: str, words: str, count: int
) -> None:
    await lay_tables_of(empty_url, "0004", words)

    await migrate(empty_url)

    database = await Database.open(empty_url)
    async with database.reading() as session:
        found = await audit.verify(session)
        latest = await audit.entries(session, limit=9)
    await database.close()
    assert (found.count, found.fault) == (count, None)
    assert sorted(entry.link or 0 for entry in latest) == list(range(1, count + 1))
