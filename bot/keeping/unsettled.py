"""What a restored office may not send again: it may have gone out since the backup."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.keeping.snapshot import connect, explained

_NOBODY_KNOWS = "恢复自备份：备份之后可能已经送出"

_SAME_REVISION = """
SELECT (SELECT version_num FROM main.alembic_version)
     = (SELECT version_num FROM old.alembic_version)
"""
_AS_IT_WENT = """
UPDATE main.delivery AS d
   SET (status, tries, handed_at, unsure_since, settled_at, remote_id, error) =
    (SELECT o.status, o.tries, o.handed_at, o.unsure_since, o.settled_at, o.remote_id,
            o.error FROM old.delivery AS o WHERE o.key = d.key)
 WHERE d.status IN ('waiting', 'claimed', 'sending')
   AND EXISTS (SELECT 1 FROM old.delivery AS o WHERE o.key = d.key AND o.status
               IN ('sent', 'failed', 'unknown', 'expired', 'cancelled'))
"""
_AS_ANSWERED = """
UPDATE main.letter AS l SET (status, settled_at, error) =
    (SELECT o.status, o.settled_at, o.error FROM old.letter AS o
      WHERE o.channel = l.channel AND o.product_id = l.product_id)
 WHERE l.status = 'waiting'
   AND EXISTS (SELECT 1 FROM old.letter AS o WHERE o.channel = l.channel
               AND o.product_id = l.product_id AND o.status <> 'waiting')
"""
_UNTOUCHED = """
   AND NOT EXISTS (SELECT 1 FROM old.delivery AS o WHERE o.key = delivery.key
                   AND o.status IN ('waiting', 'claimed') AND o.tries = delivery.tries)
"""
_DOUBTFUL = """
UPDATE main.delivery SET status = 'unknown', settled_at = :now, error = :error,
       unsure_since = coalesce(unsure_since, :now)
 WHERE status IN ('waiting', 'claimed', 'sending') AND due_at <= :now
"""

BY_HAND = (
    "UPDATE delivery SET status = 'unknown', settled_at = now(),"
    " unsure_since = coalesce(unsure_since, now()), error = '恢复自备份'"
    " WHERE status IN ('waiting', 'claimed', 'sending') AND due_at <= now()"
)
"""The same on PostgreSQL, for whoever restores it with its own tools."""


def settle_since(staged: Path, old: Path | None, *, now: datetime) -> int:
    """Keep a restored office from saying twice what was said since its backup.

    What the *old* office knows to be settled is taken over from it; what it never
    touched stays as it is. Whatever else was due by *now* becomes UNKNOWN, for a
    person to decide: so does everything due if *old* cannot be read or is None.

    Returns how many became UNKNOWN. Raises StoreError.
    """
    with explained(staged), closing(connect(staged, mode="rw")) as connection:
        if old is not None and _attach(connection, old):
            try:
                return _settle(connection, now=now, beside_old=True)
            except sqlite3.DatabaseError:  # the old office is damaged somewhere
                connection.rollback()
        return _settle(connection, now=now, beside_old=False)


def _settle(connection: sqlite3.Connection, *, now: datetime, beside_old: bool) -> int:
    query = _DOUBTFUL
    connection.execute("BEGIN IMMEDIATE")
    if beside_old:
        connection.execute(_AS_IT_WENT)
        connection.execute(_AS_ANSWERED)
        query += _UNTOUCHED
    moment = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    values = {"now": moment, "error": _NOBODY_KNOWS}
    count = connection.execute(query, values).rowcount
    connection.execute("COMMIT")
    return count


def _attach(connection: sqlite3.Connection, old: Path) -> bool:
    """Join the old office to a connection; False if it cannot be understood."""
    if not old.exists():
        return False
    try:
        connection.execute("ATTACH ? AS old", (str(old.absolute()),))
        if connection.execute(_SAME_REVISION).fetchone() != (1,):
            return False
        connection.execute("SELECT count(*) FROM old.delivery").fetchone()
        connection.execute("SELECT count(*) FROM old.letter").fetchone()
    except sqlite3.Error:
        return False
    return True
