"""What a restored office may not send again: it may have gone out since the backup."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
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
_LETTERS = """
INSERT INTO main.letter (id, channel, product_id, chat, incoming, raw, status,
       received_at, due_at, tries, error, settled_at)
SELECT CASE WHEN EXISTS (SELECT 1 FROM main.letter AS m WHERE m.id = o.id)
            THEN NULL ELSE o.id END,
       o.channel, o.product_id, o.chat, o.incoming, o.raw, o.status,
       o.received_at, o.due_at, o.tries, o.error, o.settled_at
  FROM old.letter AS o
 WHERE NOT EXISTS (SELECT 1 FROM main.letter AS m WHERE m.channel = o.channel
                   AND m.product_id = o.product_id) ORDER BY o.id
"""
_CODES = """
UPDATE main.binding_code SET expires_at = :now
 WHERE used_at IS NULL AND expires_at > :now
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

# What was issued since the backup keeps its numbers, for keys are made of them; where
# a number is another's by now, the notice alone is kept, so that it is not issued anew.
_NOTICES = """
INSERT INTO main.notice (id, key, kind, body, audience, issued_by, issued_at)
SELECT CASE WHEN EXISTS (SELECT 1 FROM main.notice AS m WHERE m.id = o.id)
            THEN NULL ELSE o.id END,
       o.key, o.kind, o.body, o.audience, o.issued_by, o.issued_at
  FROM old.notice AS o
 WHERE o.key NOT IN (SELECT key FROM main.notice) ORDER BY o.id
"""
_CARRIED = """
  FROM old.delivery AS o JOIN old.notice AS n ON n.id = o.notice_id
  JOIN main.notice AS kept ON kept.key = n.key AND kept.id = n.id
 WHERE o.key NOT IN (SELECT key FROM main.delivery)
"""
_REQUESTS = f"""
INSERT INTO main.request (digest, text)
SELECT DISTINCT r.digest, r.text FROM old.request AS r
 WHERE r.digest NOT IN (SELECT digest FROM main.request)
   AND r.id IN (SELECT o.request_id {_CARRIED})
"""
_SAME_PERSON = """(SELECT m.id FROM main.person AS m JOIN old.person AS p ON p.id = m.id
                   AND p.name = m.name WHERE m.id = {}.person_id)"""
_DELIVERIES = f"""
INSERT INTO main.delivery (id, key, notice_id, person_id, recipient, lane, address,
       request_id, priority, status, wanted_at, due_at, expires_at, epoch, tries,
       handed_at, unsure_since, settled_at, remote_id, error, called_by)
SELECT CASE WHEN EXISTS (SELECT 1 FROM main.delivery AS m WHERE m.id = o.id)
            THEN NULL ELSE o.id END,
       o.key, o.notice_id, {_SAME_PERSON.format("o")}, o.recipient, o.lane, o.address,
       (SELECT m.id FROM main.request AS m JOIN old.request AS r ON r.digest = m.digest
         WHERE r.id = o.request_id),
       o.priority,
       CASE o.status WHEN 'claimed' THEN 'waiting' WHEN 'sending' THEN 'unknown'
            ELSE o.status END,
       o.wanted_at, o.due_at, o.expires_at, 0, o.tries, o.handed_at, o.unsure_since,
       CASE o.status WHEN 'sending' THEN :now ELSE o.settled_at END,
       o.remote_id, o.error, o.called_by
{_CARRIED} ORDER BY o.id
"""
_LINKED = """
UPDATE main.delivery AS d SET {0} =
    (SELECT m.id FROM old.delivery AS o JOIN old.delivery AS there ON there.id = o.{0}
       JOIN main.delivery AS m ON m.key = there.key WHERE o.key = d.key)
 WHERE d.{0} IS NULL AND d.notice_id IS NOT NULL AND EXISTS (SELECT 1
       FROM old.delivery AS o WHERE o.key = d.key AND o.{0} IS NOT NULL)
"""
_ACKNOWLEDGED = f"""
INSERT INTO main.acknowledgement (notice_id, person_id, at)
SELECT a.notice_id, a.person_id, a.at FROM old.acknowledgement AS a
  JOIN old.notice AS n ON n.id = a.notice_id
  JOIN main.notice AS kept ON kept.key = n.key AND kept.id = n.id
 WHERE {_SAME_PERSON.format("a")} IS NOT NULL AND NOT EXISTS (SELECT 1
       FROM main.acknowledgement AS m
       WHERE m.notice_id = a.notice_id AND m.person_id = a.person_id)
"""
_NUDGES = """
INSERT INTO main.nudge (recipient, "on", notice_id)
SELECT o.recipient, o."on", kept.id FROM old.nudge AS o
  JOIN old.notice AS n ON n.id = o.notice_id
  JOIN main.notice AS kept ON kept.key = n.key AND kept.id = n.id
 WHERE NOT EXISTS (SELECT 1 FROM main.nudge AS m
                   WHERE m.recipient = o.recipient AND m."on" = o."on")
"""
_NUDGED_ABOUT = """
INSERT INTO main.nudge_item (notice_id, report_id, step)
SELECT kept.id, r.id, o.step FROM old.nudge_item AS o
  JOIN old.notice AS n ON n.id = o.notice_id
  JOIN main.notice AS kept ON kept.key = n.key AND kept.id = n.id
  JOIN old.report AS was ON was.id = o.report_id
  JOIN main.report AS r ON r.id = was.id AND r.due_on = was.due_on
 WHERE NOT EXISTS (SELECT 1 FROM main.nudge_item AS m
                   WHERE m.notice_id = kept.id AND m.report_id = r.id)
"""

BY_HAND = (
    "UPDATE delivery SET status = 'unknown', settled_at = now(),"
    " unsure_since = coalesce(unsure_since, now()), error = '恢复自备份'"
    " WHERE status IN ('waiting', 'claimed', 'sending') AND due_at <= now()"
)
"""The same on PostgreSQL, for whoever restores it with its own tools."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a restored office was kept from saying things twice.

    *doubtful* deliveries became UNKNOWN. *notices* with their *deliveries* were carried
    over from the old office; *is_known* is False if that could not be read.
    """

    doubtful: int = 0
    notices: int = 0
    deliveries: int = 0
    is_known: bool = True


def settle_since(staged: Path, old: Path | None, *, now: datetime) -> Settled:
    """Keep a restored office from saying twice what was said since its backup.

    What the *old* office knows to be settled is taken over from it; what it never
    touched stays as it is. Notices that it issued since the backup are carried over
    with their deliveries as they stand: or they would be issued anew. So are letters:
    they would be lost, or answered again. Binding codes expire. Whatever else was
    due by *now* becomes UNKNOWN, for a person to decide: so does everything due if
    *old* cannot be read or is None.

    Raises StoreError.
    """
    with explained(staged), closing(connect(staged, mode="rw")) as connection:
        if old is not None and _attach(connection, old):
            try:
                return _settle(connection, now=now, beside_old=True)
            except sqlite3.DatabaseError:  # the old office is damaged somewhere
                connection.rollback()
        return _settle(connection, now=now, beside_old=False)


def _settle(
    connection: sqlite3.Connection, *, now: datetime, beside_old: bool
) -> Settled:
    query = _DOUBTFUL
    moment = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    notices = deliveries = 0
    connection.execute("BEGIN IMMEDIATE")
    if beside_old:
        connection.execute(_AS_IT_WENT)
        connection.execute(_AS_ANSWERED)
        connection.execute(_LETTERS)
        notices, deliveries = _carry_over(connection, moment)
        query += _UNTOUCHED
    values = {"now": moment, "error": _NOBODY_KNOWS}
    doubtful = connection.execute(query, values).rowcount
    # Since the backup they may have been used, or revoked.
    connection.execute(_CODES, values)
    connection.execute("COMMIT")
    return Settled(
        doubtful=doubtful, notices=notices, deliveries=deliveries, is_known=beside_old
    )


def _carry_over(connection: sqlite3.Connection, moment: str) -> tuple[int, int]:
    """Bring over what was issued since; returns how many notices and deliveries."""
    notices = connection.execute(_NOTICES).rowcount
    connection.execute(_REQUESTS)
    deliveries = connection.execute(_DELIVERIES, {"now": moment}).rowcount
    for link in ("follows", "replaced_by", "batch"):
        connection.execute(_LINKED.format(link))
    connection.execute(_ACKNOWLEDGED)
    connection.execute(_NUDGES)  # or who was nudged today would be once more
    connection.execute(_NUDGED_ABOUT)
    return notices, deliveries


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
