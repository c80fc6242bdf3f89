"""Keeping an office from the roof: back it up, restore it, copy it elsewhere."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.lock import only_one_on
from bot.database import (
    REVISIONS,
    Database,
    SchemaState,
    is_postgres,
    migrate,
    schema_state,
    sqlite_file,
)
from bot.errors import StoreError
from bot.keeping.backup import Backup, write_backup
from bot.keeping.copying import CopiedTable, Told, copy_office
from bot.keeping.restore import discard, is_given_away, put_in_place, stage
from bot.keeping.snapshot import Snapshot, digest_of
from bot.keeping.unsettled import Settled, settle_since
from bot.mail.beats import last_beats
from handlers.keep_office import record_backup, record_restore

_QUIET = timedelta(seconds=30)  # without a beat: then no worker runs
_NO_FILE = "内存数据库没有文件，不能备份或恢复；请在 config/bot.toml 里写明数据库文件。"
_RUNS = "办公室正在运行（{} 前还有心跳），请先停下所有 bot run、bot worker 和 bot web。"
_UNFIT = {
    SchemaState.EMPTY: "数据库还没有建立，没有可复制的。",
    SchemaState.OLDER: "数据库还是旧版结构，请先对它运行 bot migrate。",
    SchemaState.NEWER: "数据库由更新版本的程序建立，请先升级本程序。",
    SchemaState.FOREIGN: "数据库里是别的程序的表，不能使用。",
}
_SAME = "来源和目标是同一个数据库，没有复制。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A restore that is done.

    *aside* is where the old office went, None if there was none; *settled* what became
    of what may have been said since the backup. *is_ours* is False if the new office
    could not be given to the owner of the old one.
    """

    snapshot: Snapshot
    aside: Path | None
    settled: Settled
    is_ours: bool


async def migrate_office(url: str) -> None:
    """Do what `lay_tables` does, while nobody runs. Raises StoreError."""
    with _nobody_runs(url, kind="bot migrate"):
        await lay_tables(url)


async def lay_tables(url: str) -> None:
    """Lay our tables, or bring them to this version, and those of the queue."""
    await migrate(url)
    if is_postgres(url):
        from bot.mail.queue_tables import install  # only here is PgQueuer needed

        await install(url)


async def back_up(url: str, target: Path, *, force: bool, by: str) -> Backup:
    """Write a checked backup of a SQLite office, whoever else writes meanwhile.

    Raises StoreError; `target` then is as it was.
    """
    backup = write_backup(_office(url), target, revisions=REVISIONS, force=force)
    if await schema_state(url) is SchemaState.CURRENT:  # an older one has to be left
        try:
            await _tell_backup(url, backup, by=by)
        except StoreError as error:
            words = f"备份已写好（{target}），但没能记入操作日志：{error.reply}"
            raise StoreError(f"{error}", reply=words) from error
    return backup


async def _tell_backup(url: str, backup: Backup, *, by: str) -> None:
    async with _opened(url) as database, database.writing() as session:
        await record_backup(
            session,
            backup.file.name,
            digest=backup.digest,
            by=by,
            at=datetime.now(UTC),
        )


async def restore(
    url: str, backup: Path, *, moved: bool, by: str, zone: tzinfo
) -> Restored:
    """Put a backup in the place of the SQLite office, of which nothing is deleted.

    Everything is prepared beside it and only then renamed: a failure, or a kill,
    leaves the old office where it was. Unless it was only *moved* (nothing ran since
    the backup), what may have been sent since is not sent again. The old office is
    named after the day and hour in *zone*.

    Raises StoreError; also while `bot run` or another program uses the office.
    """
    office = _office(url)
    at = datetime.now(UTC)
    with only_one_on(office, kind="bot restore"):
        staged = stage(backup, office, revisions=REVISIONS)
        try:
            there = _url_of(staged.file, like=url)
            await migrate(there)
            old = office if office.exists() else None
            settled = Settled()
            if not moved:
                settled = settle_since(staged.file, old, now=at)
            async with _opened(there) as database, database.writing() as session:
                await record_restore(
                    session,
                    backup.name,
                    digest=digest_of(backup),
                    by=by,
                    at=at,
                    doubtful=settled.doubtful,
                    carried=settled.deliveries,
                )
            aside = put_in_place(staged.file, office, at=at.astimezone(zone))
        finally:
            discard(staged.file)
    return Restored(
        snapshot=staged.snapshot,
        aside=aside,
        settled=settled,
        is_ours=aside is None or is_given_away(office, aside=aside),
    )


def _url_of(file: Path, *, like: str) -> str:
    place = make_url(like).set(database=str(file))
    return place.render_as_string(hide_password=False)


def _office(url: str) -> Path:
    file = sqlite_file(url)
    if file is None:
        raise StoreError("no file", reply=_NO_FILE)
    return file


async def copy_to(url: str, target: str, *, told: Told) -> list[CopiedTable]:
    """Copy the office at *url* to an empty database at *target*, in one transaction.

    An empty target gets its tables first. Returns each table with its count and
    checksum, which are the same on both sides. Raises StoreError; the target then
    holds no row.
    """
    if _is_same(url, target):
        raise StoreError("the same database", reply=_SAME)
    await _refuse_schemas(url, target)
    with _nobody_runs(url, kind="bot copy"), _nobody_runs(target, kind="bot copy"):
        await lay_tables(target)
        async with _opened(url) as source, _opened(target) as goal:
            async with source.reading() as reading, goal.writing() as writing:
                await _refuse_beats(reading, now=datetime.now(UTC))
                return await copy_office(reading, writing, told=told)


def _is_same(url: str, target: str) -> bool:
    """Tell whether two URLs lead to one database, as far as they themselves tell."""
    files = sqlite_file(url), sqlite_file(target)
    if files[0] and files[1]:
        return files[0].resolve() == files[1].resolve()
    return make_url(url) == make_url(target)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def _nobody_runs(url: str, *, kind: str) -> Iterator[None]:
    """Keep `bot run` away from a SQLite file for a while; raises StoreError."""
    file = sqlite_file(url)
    with only_one_on(file, kind=kind) if file else nullcontext():
        yield


async def _refuse_beats(session: AsyncSession, *, now: datetime) -> None:
    """Refuse an office whose clock beat a moment ago: on PostgreSQL nothing is locked.

    Raises StoreError.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    for name, beat in (await last_beats(session)).items():
        age = now - beat.last_at
        if age < _QUIET:
            words = _RUNS.format(f"{max(age.total_seconds(), 0):.0f} 秒")
            raise StoreError(f"beat {name} came {age} ago", reply=words)


async def _refuse_schemas(url: str, target: str) -> None:
    """Refuse a source that is not of this version, a target that is of another."""
    state = await _state_of("来源", url)
    if state is not SchemaState.CURRENT:
        raise StoreError(f"the source is {state}", reply=f"来源{_UNFIT[state]}")
    state = await _state_of("目标（--to）", target)
    if state not in (SchemaState.EMPTY, SchemaState.CURRENT):
        raise StoreError(f"the target is {state}", reply=f"目标{_UNFIT[state]}")


async def _state_of(side: str, url: str) -> SchemaState:
    """Look into one side of a copy; raises StoreError that says which it is."""
    try:
        return await schema_state(url)
    except StoreError as error:
        raise StoreError(f"{error}", reply=f"{side}：{error.reply}") from error
