"""A restore puts a backup in the office's place, and loses neither."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from made_offices import NOON, deliveries, fill_file
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import REVISIONS
from bot.errors import StoreError
from bot.keeping.backup import digest_file, write_backup
from bot.keeping.restore import is_given_away, put_in_place, stage
from bot.keeping.snapshot import look_into
from bot.keeping.unsettled import BY_HAND, Settled, settle_since
from bot.mail import outbox
from bot.model import Delivery, DeliveryStatus, Priority

STEPS = 12  # changes of the file system, each of which may be the last one
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

# Dies at the n-th call of the file system that changes something.
KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.database import REVISIONS
from bot.keeping.restore import put_in_place, stage

left = int(sys.argv[3])

def dying(change):
    def step(*args, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
        return change(*args, **options)
    return step

backup, office = Path(sys.argv[1]), Path(sys.argv[2])
os.link, os.fsync = dying(os.link), dying(os.fsync)
Path.replace, Path.unlink = dying(Path.replace), dying(Path.unlink)
staged = stage(backup, office, revisions=REVISIONS)
put_in_place(staged.file, office, at=datetime(2026, 11, 24, tzinfo=UTC))
"""


@pytest.fixture
def backup(office: Path, tmp_path: Path) -> Path:
    """Give a backup with three deliveries of an office that then got a fourth."""
    fill_file(office, deliveries(3))
    target = tmp_path / "b.db"
    write_backup(office, target, revisions=REVISIONS)
    write(office, "INSERT INTO request VALUES (2, 'later', 'x')")
    return target


def write(file: Path, query: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(query)
        connection.commit()


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def restore(backup: Path, office: Path) -> Path | None:
    staged = stage(backup, office, revisions=REVISIONS)
    return put_in_place(staged.file, office, at=AT)


def requests(file: Path) -> int:
    return look_into(file, revisions=REVISIONS).counts["request"]


def test_the_old_office_is_kept_under_a_dated_name(backup: Path, office: Path) -> None:
    aside = restore(backup, office)

    assert aside == office.with_name("bot.before-restore-20261124-093000.sqlite3")
    assert (requests(office), requests(aside)) == (1, 2)
    assert restore(backup, office) == office.with_name(f"{aside.stem}-2.sqlite3")


def test_what_stood_in_the_old_log_is_kept_and_not_played_into_the_new(
    backup: Path, office: Path
) -> None:
    script = f"""
import os, sqlite3
c = sqlite3.connect({str(office)!r}, isolation_level=None)
c.execute("PRAGMA journal_mode=WAL")
c.execute("INSERT INTO request VALUES (3, 'in the log', 'x')")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", script], check=True)
    assert office.with_name(f"{office.name}-wal").stat().st_size

    aside = restore(backup, office)

    assert aside
    assert (requests(office), requests(aside)) == (1, 3)


def test_an_office_on_a_new_machine_needs_no_old_one(
    backup: Path, tmp_path: Path
) -> None:
    office = tmp_path / "new" / "bot.sqlite3"

    assert restore(backup, office) is None
    assert requests(office) == 1


def test_an_office_that_somebody_has_open_is_left_alone(
    backup: Path, office: Path
) -> None:
    with closing(sqlite3.connect(office)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("SELECT * FROM request").fetchall()

        with pytest.raises(StoreError) as caught:
            restore(backup, office)

    assert "bot run" in caught.value.reply
    assert requests(office) == 2


def test_a_damaged_office_is_replaced_and_kept_as_it_is(
    backup: Path, office: Path
) -> None:
    office.write_bytes(b"no database at all")

    aside = restore(backup, office)

    assert aside
    assert aside.read_bytes() == b"no database at all"
    assert requests(office) == 1


@pytest.mark.parametrize("length", [0, 4096, -4096])
def test_a_damaged_backup_changes_nothing(
    backup: Path, office: Path, length: int
) -> None:
    backup.write_bytes(backup.read_bytes()[:length])

    with pytest.raises(StoreError):
        restore(backup, office)

    assert requests(office) == 2
    assert [file.name for file in office.parent.iterdir()] == ["bot.sqlite3"]


def test_a_byte_changed_within_a_page_is_noticed_by_the_checksum(
    backup: Path, office: Path
) -> None:
    old = "请于12月30日前报送".encode()
    changed = backup.read_bytes().replace(old, "请于12月31日前报送".encode())
    backup.write_bytes(changed)
    assert look_into(backup, revisions=REVISIONS), "no page is torn"

    with pytest.raises(StoreError) as caught:
        restore(backup, office)
    assert "b.db.sha256" in caught.value.reply
    assert requests(office) == 2

    digest_file(backup).unlink()
    restore(backup, office)
    assert requests(office) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("may", [True, False])
def test_the_new_office_belongs_to_the_owner_of_the_old_one_if_it_can(
    backup: Path, office: Path, monkeypatch: pytest.MonkeyPatch, may: bool
) -> None:
    os.chown(office, 65534, 65534)
    if not may:

        def refused(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr("bot.keeping.restore.os.chown", refused)

    aside = restore(backup, office)

    assert aside
    assert is_given_away(office, aside=aside) is may
    assert requests(office) == 1


def test_the_office_is_no_backup_of_itself(office: Path) -> None:
    with pytest.raises(StoreError) as caught:
        restore(office, office)

    assert "正在使用" in caught.value.reply


@pytest.mark.parametrize("step", range(STEPS + 1))
def test_whoever_is_killed_in_the_middle_loses_nothing(
    backup: Path, office: Path, step: int
) -> None:
    command = [sys.executable, "-c", KILLED, str(backup), str(office), str(step)]
    done = subprocess.run(command, check=False, cwd=Path(__file__).parents[2])

    asides = list(office.parent.glob("*.before-restore-*.sqlite3"))
    assert done.returncode == (0 if step == STEPS else -signal.SIGKILL)
    assert requests(backup) == 1
    if requests(office) == 1:  # it is the new one: then the old one is beside it
        assert [requests(aside) for aside in asides] == [2]
    restore(backup, office)
    assert requests(office) == 1
    assert not list(office.parent.glob("*.restoring*"))


def statuses(file: Path) -> list[object]:
    return [status for (status,) in rows(file, "SELECT status FROM delivery")]


def settled(backup: Path, office: Path) -> Settled:
    return settle_since(backup, office, now=NOON + timedelta(days=1))


def test_what_nobody_touched_since_the_backup_is_sent_as_before(
    backup: Path, office: Path
) -> None:
    assert settled(backup, office) == Settled()
    assert statuses(backup) == ["waiting"] * 3


def test_what_was_sent_since_the_backup_is_not_sent_again(
    backup: Path, office: Path
) -> None:
    write(office, "UPDATE delivery SET status = 'sent', remote_id = 'm1' WHERE id = 1")
    write(office, "UPDATE delivery SET status = 'sending', tries = 1 WHERE id = 2")

    assert settled(backup, office) == Settled(doubtful=1)
    assert statuses(backup) == ["sent", "unknown", "waiting"]
    assert rows(backup, "SELECT remote_id FROM delivery WHERE id = 1") == [("m1",)]


NOTICE = """
INSERT INTO notice (id, key, kind, body, audience, issued_by, issued_at)
VALUES ({0}, 'round:{0}', 'nudge', '{{}}', 1, '王丽', '2026-11-23 05:00:00')
"""
TOLD = """
INSERT INTO delivery (id, key, notice_id, person_id, recipient, lane, address,
 request_id, priority, status, wanted_at, due_at, epoch, tries, follows, replaced_by,
 remote_id, error, called_by)
VALUES ({id}, 'notice:9:{id}', 9, 1, 'person:1', 'telegram', '4711', 2, 20,
 '{status}', '2026-11-23 05:00:00', '2026-11-23 05:00:00', 3, 1, {follows},
 {replaced_by}, 'm{id}', '', '')
"""
PERSON = """
INSERT INTO person (id, name, department, role, phone)
VALUES (1, '王丽', '县科协', 'liaison', '')
"""


def issue(office: Path, *statuses: str) -> None:
    """Let the office issue a notice of as many parts, the last one sent again."""
    write(office, NOTICE.format(9))
    for number, status in enumerate(statuses, start=11):
        follows = number - 1 if number > 11 else "NULL"
        write(
            office,
            TOLD.format(id=number, status=status, follows=follows, replaced_by="NULL"),
        )
    write(office, "UPDATE delivery SET replaced_by = 1 WHERE id = 11")
    write(office, "UPDATE delivery SET batch = 12 WHERE id IN (12, 13)")


LETTER = """
INSERT INTO letter (id, channel, product_id, chat, incoming, raw, status, received_at,
 due_at, tries, error, settled_at)
VALUES ({id}, 'telegram', 'u{id}', '4711', NULL, 'x', '{status}',
 '2026-11-23 05:00:00', '2026-11-23 05:00:00', 0, '', NULL)
"""
CODE = """
INSERT INTO binding_code (code_digest, link_digest, purpose, department, role, told_in,
 issued_by, issued_at, expires_at)
VALUES ('c', 'l', 'person', '县科协', 'liaison', '', '李主任', '2026-11-23 05:00:00',
 '2030-01-01 00:00:00')
"""


def test_letters_since_the_backup_are_neither_lost_nor_answered_again(
    backup: Path, office: Path
) -> None:
    write(office, LETTER.format(id=71, status="waiting"))
    write(office, LETTER.format(id=72, status="answered"))

    settled(backup, office)

    found = rows(backup, "SELECT id, product_id, status FROM letter WHERE id > 70")
    assert found == [(71, "u71", "waiting"), (72, "u72", "answered")]


def test_a_binding_code_of_the_backup_is_of_no_use_any_more(
    backup: Path, office: Path
) -> None:
    write(backup, CODE)

    settled(backup, office)

    (until,) = rows(backup, "SELECT expires_at FROM binding_code")
    assert until < ("2027-01-01",)


def test_what_was_issued_since_the_backup_is_not_issued_again(
    backup: Path, office: Path
) -> None:
    issue(office, "sent", "failed", "unknown", "sending", "claimed", "waiting")

    assert settled(backup, office) == Settled(notices=1, deliveries=6)

    found = rows(backup, "SELECT id, status, follows, epoch FROM delivery WHERE id > 3")
    assert [status for _, status, _, _ in found] == [
        "sent",
        "failed",
        "unknown",
        "unknown",
        "waiting",
        "waiting",
    ]
    assert [(id_, follows) for id_, _, follows, _ in found] == [
        (11, None),
        (12, 11),
        (13, 12),
        (14, 13),
        (15, 14),
        (16, 15),
    ]
    assert rows(backup, "SELECT id, key FROM notice") == [(9, "round:9")]
    words = "SELECT text FROM request JOIN delivery ON request.id = request_id"
    assert rows(backup, f"{words} WHERE delivery.id = 11") == [("x",)]
    assert rows(backup, "SELECT replaced_by FROM delivery WHERE id = 11") == [(1,)]
    together = "SELECT id FROM delivery WHERE batch = 12 ORDER BY id"
    assert rows(backup, together) == [(12,), (13,)]
    assert look_into(backup, revisions=REVISIONS)
    assert settled(backup, office).deliveries == 0, "doing it twice changes nothing"


def test_a_person_is_carried_over_only_as_the_same_one(
    backup: Path, office: Path
) -> None:
    for file, name in ((office, "王丽"), (backup, "另一个人")):
        write(file, PERSON.replace("王丽", name))
    issue(office, "sent")
    write(office, "INSERT INTO acknowledgement VALUES (1, 9, 1, '2026-11-23 06:00:00')")

    settled(backup, office)

    found = rows(backup, "SELECT person_id, recipient FROM delivery WHERE id = 11")
    assert found == [(None, "person:1")]
    assert rows(backup, "SELECT count(*) FROM acknowledgement") == [(0,)]


def test_what_was_acknowledged_since_stays_so(backup: Path, office: Path) -> None:
    for file in (office, backup):
        write(file, PERSON)
    issue(office, "sent")
    write(office, "INSERT INTO acknowledgement VALUES (1, 9, 1, '2026-11-23 06:00:00')")

    settled(backup, office)

    found = rows(backup, "SELECT notice_id, person_id FROM acknowledgement")
    assert found == [(9, 1)]
    assert rows(backup, "SELECT person_id FROM delivery WHERE id = 11") == [(1,)]


def test_a_notice_whose_number_is_taken_is_not_issued_again_either(
    backup: Path, office: Path
) -> None:
    issue(office, "sent")
    write(backup, NOTICE.format(9).replace("round:9", "another"))

    assert settled(backup, office) == Settled(notices=1)
    assert rows(backup, "SELECT key FROM notice ORDER BY id") == [
        ("another",),
        ("round:9",),
    ]


@pytest.mark.parametrize("old", ["gone", "damaged"])
def test_without_the_old_office_nobody_knows_what_was_sent(
    backup: Path, office: Path, old: str
) -> None:
    write(backup, "UPDATE delivery SET due_at = '2099-01-01 00:00:00' WHERE id = 3")
    office.unlink() if old == "gone" else office.write_bytes(b"no database")

    assert settled(backup, office) == Settled(doubtful=2, is_known=False)
    assert statuses(backup) == ["unknown", "unknown", "waiting"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_on_postgres_what_was_due_is_made_unknown_by_hand(
    session: AsyncSession,
) -> None:
    for key, days in (("due", -1), ("later", +1)):
        await outbox.post(
            session,
            key=key,
            to=outbox.Addressee(recipient="chat:a:1", lane="a", address="1"),
            requests=["words"],
            priority=Priority.ANSWER,
            due_at=datetime.now(UTC) + timedelta(days=days),
        )

    await session.execute(text(BY_HAND))

    found = await session.scalars(select(Delivery.status).order_by(Delivery.id))
    assert found.all() == [DeliveryStatus.UNKNOWN, DeliveryStatus.WAITING]
