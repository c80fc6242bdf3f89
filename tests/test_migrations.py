"""The schema grows without losing anything, on both databases."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from made_rows import (
    A_MESSAGE,
    A_REPLY,
    A_STANDING,
    NOON,
    a_notice,
    a_plan,
    a_row_of_each_table,
    a_submission,
    a_task,
    what_the_office_did,
    what_was_reported,
    what_was_sent,
)
from older_tables import lay_tables_of
from sqlalchemy import Connection, Constraint, func, inspect, select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.database import HEAD, REVISIONS, Database, migrate
from bot.errors import StoreError
from bot.migrations.__main__ import write_revision
from bot.model import (
    Account,
    Base,
    Basis,
    Broadcast,
    Chat,
    Delivery,
    DeliveryStatus,
    Feedback,
    Handover,
    HandoverState,
    Letter,
    LetterStatus,
    Notice,
    Plan,
    PlanStatus,
    Request,
    Role,
    Scope,
    Standing,
    Submission,
    SubmissionEntry,
    Talk,
)
from bot.model.columns import is_checked_by

SCRIPTS = Path(__file__).parent.parent / "bot" / "migrations"
Inspect = Callable[[Connection], object]
"""Something that Alembic or the inspector does on a plain connection."""


async def fill(url: str) -> None:
    database = await Database.open(url)
    async with database.writing() as session:
        session.add_all(a_row_of_each_table())
    async with database.writing() as session:
        session.add_all([a_notice(), Request(digest="0" * 64, text="请按时报送")])
        session.add(a_submission())
        await session.flush()
        session.add_all([*what_was_sent(), *what_was_reported()])
        session.add_all(what_the_office_did())
    await database.close()


async def look(url: str, inspection: Inspect) -> object:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        result = await connection.run_sync(inspection)
    await engine.dispose()
    return result


def counts(connection: Connection) -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    query = select(func.count())
    return {t.name: connection.scalar(query.select_from(t)) or 0 for t in tables}


def next_step(folder: Path, upgrade: str) -> str:
    """Copy our revisions, add one that does *upgrade*, and return their folder."""
    scripts = folder / "scripts"
    shutil.copytree(SCRIPTS, scripts)
    (scripts / "versions" / "0099_next.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f"revision, down_revision = '0099', {HEAD!r}\n"
        f"def upgrade():\n{upgrade}",
        encoding="utf-8",
    )
    return str(scripts)


ALTER = """
    with op.batch_alter_table("plan") as batch:
        batch.add_column(sa.Column("more", sa.Text(), server_default=""))
        batch.alter_column("title", new_column_name="heading")
    with op.batch_alter_table("person") as batch:
        batch.alter_column("phone", existing_type=sa.Text(), nullable=True)
"""
FAIL = """
    op.add_column("plan", sa.Column("more", sa.Text()))
    op.execute("UPDATE plan SET more = 'lost'")
    op.execute("no such command")
"""
ORPHAN = """
    op.execute("DELETE FROM plan")
"""


def test_the_newest_revision_is_the_one_that_the_database_expects() -> None:
    config = Config()
    config.set_main_option("script_location", "bot:migrations")
    scripts = ScriptDirectory.from_config(config)

    assert scripts.get_heads() == [HEAD]
    known = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(known)) == REVISIONS


async def test_models_and_migrations_agree(database_url: str) -> None:
    def compare(connection: Connection) -> object:
        dialect = connection.dialect.name

        def is_ours(item: object, *_: object) -> bool:
            return not isinstance(item, Constraint) or is_checked_by(dialect, item)

        options = {"include_object": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, Base.metadata)

    assert await look(database_url, compare) == []


async def test_the_models_say_which_foreign_keys_one_database_alone_checks(
    database_url: str,
) -> None:
    def keys(connection: Connection) -> set[str]:
        inspector = inspect(connection)
        tables = inspector.get_table_names()
        found = (key for table in tables for key in inspector.get_foreign_keys(table))
        return {str(key["name"]) for key in found}

    is_shared = database_url.startswith("postgresql")
    held = {
        "fk_delivery_notice_id_notice",
        "fk_delivery_person_id_person",
        "fk_delivery_request_id_request",
        "fk_nudge_notice_id_notice",
    }
    found = await look(database_url, keys)
    assert isinstance(found, set)
    assert held & found == (set() if is_shared else held)


async def test_every_constraint_has_a_name(database_url: str) -> None:
    def nameless(connection: Connection) -> list[str]:
        inspector = inspect(connection)
        return [
            table
            for table in inspector.get_table_names()
            for found in (
                inspector.get_pk_constraint(table),
                *inspector.get_foreign_keys(table),
                *inspector.get_unique_constraints(table),
            )
            if not found["name"]
        ]

    assert await look(database_url, nameless) == []


async def test_every_table_keeps_what_it_was_given(database_url: str) -> None:
    await fill(database_url)
    database = await Database.open(database_url)

    async with database.reading() as session:
        plan = (await session.scalars(select(Plan))).one()
        account = (await session.scalars(select(Account))).one()

    expected = a_plan()
    for name in ("status", "contact", "validity", "sections", "duties", "targets"):
        assert getattr(plan, name) == getattr(expected, name)
    assert plan.imported_at == NOON
    assert plan.status is PlanStatus.IN_FORCE
    assert plan.tasks[0].owners == a_task().owners
    assert plan.tasks[0].due == a_task().due
    assert account.person
    assert account.person.role is Role.LIAISON
    assert account.talk == Talk(asked="我们负责哪些任务", shown=(1, 2))
    await database.close()


async def test_the_mail_keeps_what_it_was_given(database_url: str) -> None:
    await fill(database_url)
    database = await Database.open(database_url)

    async with database.reading() as session:
        letter = (await session.scalars(select(Letter))).one()
        notice = (await session.scalars(select(Notice))).one()
        delivery = (await session.scalars(select(Delivery))).one()

    assert letter.incoming == A_MESSAGE
    assert letter.status is LetterStatus.ANSWERED
    assert notice.body == A_REPLY
    assert delivery.status is DeliveryStatus.SENT
    assert delivery.unsure_since == NOON
    await database.close()


async def test_the_reports_keep_what_they_were_given(database_url: str) -> None:
    await fill(database_url)
    database = await Database.open(database_url)

    async with database.reading() as session:
        submission = (await session.scalars(select(Submission))).one()
        entry = (await session.scalars(select(SubmissionEntry))).one()

    assert submission.standing == A_STANDING
    assert submission.report.duty.basis is Basis.DOCUMENT
    assert (submission.next_at, submission.nudged_before) == (NOON, 0)
    assert (entry.before, entry.after) == (Standing(), A_STANDING)
    await database.close()


async def test_what_the_office_did_is_kept(database_url: str) -> None:
    await fill(database_url)
    database = await Database.open(database_url)

    async with database.reading() as session:
        broadcast = (await session.scalars(select(Broadcast))).one()
        handover = (await session.scalars(select(Handover))).one()
        feedback = (await session.scalars(select(Feedback))).one()

    assert broadcast.scope == Scope(departments=("县科协",), chats=(1,))
    assert broadcast.attachments[0].name == "安排.docx"
    assert (handover.state, handover.successor_id) == (HandoverState.ASKED, None)
    assert (feedback.clauses, feedback.times) == (("四（二）",), 1)
    await database.close()


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    await fill(database_url)
    before = await look(database_url, counts)

    await migrate(database_url)

    assert await look(database_url, counts) == before


A_SENT_DELIVERY = """
INSERT INTO delivery (key, recipient, lane, address, request_id, priority, status,
 wanted_at, due_at, epoch, tries, remote_id, error, called_by)
VALUES ('k', 'chat:telegram:-7', 'telegram', '-7', 1, 20, 'sent',
 '2026-11-22 01:00:00', '2026-11-22 01:00:00', 1, 1, '42', '', '')
"""


async def test_an_office_of_the_second_revision_grows_with_its_rows(
    empty_url: str,
) -> None:
    await lay_tables_of(empty_url, "0002")
    engine = create_async_engine(empty_url)
    async with engine.begin() as connection:
        for words in (
            "INSERT INTO person (name, department, role, phone)"
            " VALUES ('王敏', '县科协', 'liaison', '')",
            "INSERT INTO account (channel, address, person_id, talk)"
            " VALUES ('telegram', '7', 1, '{}')",
            "INSERT INTO request (digest, text) VALUES ('d', '您好')",
            A_SENT_DELIVERY,
        ):
            await connection.exec_driver_sql(words)
    await engine.dispose()

    await migrate(empty_url)

    database = await Database.open(empty_url)
    async with database.reading() as session:
        account = (await session.scalars(select(Account))).one()
        delivery = (await session.scalars(select(Delivery))).one()
    await database.close()
    assert (account.guesses, account.closed_at, account.person_id) == (0, None, 1)
    assert account.person
    assert (account.person.is_deputy, account.person.hours) == (False, "")
    assert delivery.remote_id == "42"


async def test_a_group_that_was_registered_before_topics_is_told_in_the_whole_of_it(
    empty_url: str,
) -> None:
    words = (
        "INSERT INTO chat (channel, address, title, department, talk)"
        " VALUES ('telegram', '-7', '', '', '{}')"
    )
    await lay_tables_of(empty_url, "0007", words)

    await migrate(empty_url)

    database = await Database.open(empty_url)
    async with database.reading() as session:
        chat = (await session.scalars(select(Chat))).one()
    await database.close()
    assert (chat.topic, chat.told_at) == ("", "-7")


async def test_no_row_is_lost_when_tables_are_made_anew(
    database_url: str, tmp_path: Path
) -> None:
    await fill(database_url)
    before = await look(database_url, counts)
    assert isinstance(before, dict)
    assert set(before.values()) == {1}, "each table should have a row"

    await migrate(database_url, scripts=next_step(tmp_path, ALTER))

    assert await look(database_url, counts) == before
    columns = await look(database_url, lambda c: inspect(c).get_columns("plan"))
    assert isinstance(columns, list)
    assert {"heading", "more"} <= {column["name"] for column in columns}


async def test_a_migration_that_fails_leaves_nothing_behind(
    database_url: str, tmp_path: Path
) -> None:
    await fill(database_url)

    with pytest.raises(StoreError) as caught:
        await migrate(database_url, scripts=next_step(tmp_path, FAIL))

    assert "已全部撤销" in caught.value.reply
    database = await Database.open(database_url)
    async with database.reading() as session:
        assert (await session.scalars(select(Plan))).one()
    await database.close()
    columns = await look(database_url, lambda c: inspect(c).get_columns("plan"))
    assert isinstance(columns, list)
    assert "more" not in {column["name"] for column in columns}


async def test_a_first_migration_that_fails_leaves_no_table(
    empty_url: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError):
        await migrate(empty_url, scripts=next_step(tmp_path, FAIL))

    tables = await look(empty_url, lambda c: inspect(c).get_table_names())
    assert tables == []


async def test_a_migration_that_leaves_orphans_is_undone(
    tmp_path: Path, sqlite_template: Path
) -> None:
    file = shutil.copy(sqlite_template, tmp_path / "plans.sqlite3")
    url = f"sqlite+aiosqlite:///{file}"
    await fill(url)
    before = await look(url, counts)

    with pytest.raises(StoreError, match="without their parent"):
        await migrate(url, scripts=next_step(tmp_path, ORPHAN))

    assert await look(url, counts) == before


def test_the_next_revision_is_written_from_the_models(tmp_path: Path) -> None:
    scripts = Path(next_step(tmp_path, '    op.drop_table("task")\n'))

    file = write_revision("tasks again", scripts=scripts)

    written = file.read_text(encoding="utf-8")
    compile(written, str(file), "exec")
    assert file.name == f"{len(REVISIONS) + 2:04}_tasks_again.py"
    assert 'op.create_table("task"' in written.replace("'", '"')
    assert "bot.model" not in written
