"""A checkup of the office: what is wrong, and the remedy, in Chinese."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.lock import is_taken
from bot.database import (
    Database,
    SchemaState,
    is_postgres,
    schema_state,
    sqlite_file,
)
from bot.departments import Departments
from bot.errors import BotError, StoreError
from bot.mail.alarms import alarms
from bot.mail.beats import is_late, last_beats
from bot.mail.depth import lane_depths, letter_counts
from bot.model import AuditEntry, Beat, DeliveryStatus, Letter, LetterStatus
from bot.plans.finding.thesaurus import load_thesaurus
from bot.settings import Settings

_SKEW = timedelta(seconds=2)  # more than this between two clocks is told
_QUIET = timedelta(seconds=30)  # without a beat: on PostgreSQL then nobody runs
_LEAST_FREE = 200_000_000  # bytes; below this the disk counts as full


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what is to be said of it."""

    label: str
    words: str = "正常"
    is_fault: bool = False


def clock_in(zone: ZoneInfo) -> Callable[[], datetime]:
    """Return what tells this moment in a zone."""
    return lambda: datetime.now(zone)


async def examine(
    settings: Settings, *, clock: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    """Look at everything and tell it as it is found; changes nothing, never raises."""
    zone = settings.timezone.key
    yield Finding("配置", f"正常（时区 {zone}，现在是 {clock():%Y-%m-%d %H:%M:%S}）")
    yield _loaded("单位名录", lambda: Departments.load(settings.departments))
    yield _loaded("同义词表", lambda: load_thesaurus(settings.thesaurus))
    url = settings.database_url
    try:
        database = await Database.open(url)
    except StoreError as error:
        if _has_gone(url):
            yield Finding("数据库", _GONE, is_fault=True)
            return
        yield Finding("数据库", error.reply, is_fault=not await _is_empty(url))
        return
    try:
        for look in (_store, _queue, _office):
            try:
                async for finding in look(database, url, clock):
                    yield finding
            except BotError as error:
                yield Finding("数据库", error.reply, is_fault=True)
    finally:
        await database.close()


def _loaded(label: str, load: Callable[[], object]) -> Finding:
    try:
        load()
    except BotError as error:
        return Finding(label, f"有误，请改正：{error}", is_fault=True)
    return Finding(label)


async def _is_empty(url: str) -> bool:
    """Tell whether nothing is wrong but that the tables are not laid yet."""
    try:
        return await schema_state(url) is SchemaState.EMPTY
    except StoreError:
        return False


_GONE = (
    "数据库文件不见了（被删除或改名），而 bot run 还在运行，之后写下的都会丢失。"
    "请先不要停止它，马上找人把文件找回来；找不回来的，停下它，再从备份恢复。"
)


def _has_gone(url: str) -> bool:
    """Tell whether somebody runs on a SQLite file that has no name any more."""
    try:
        file = sqlite_file(url)
    except StoreError:
        return False
    return file is not None and not file.exists() and is_taken(file)


async def _store(
    database: Database, url: str, clock: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    """Look at the database itself: does it take a row, is there room, is it safe."""
    async with database.writing() as session:  # undone: it only shows that one may
        await session.execute(insert(Beat).values(name="check", last_at=clock()))
        mode = await _journal_mode(session)
        await session.rollback()
    yield Finding("数据库", "正常，可读写，结构是最新的")
    if mode not in ("", "wal"):
        yield Finding("日志方式", _NO_WAL.format(mode), is_fault=True)
    file = sqlite_file(url)
    if file:
        free = shutil.disk_usage(file.absolute().parent).free
        yield disk_finding(free=free, size=file.stat().st_size)
    async with database.reading() as session:
        yield clock_finding(*await _clocks(session, clock))


_NO_WAL = (
    "没有用上预写日志（WAL），现在是 {}；数据库文件可能放在网络盘上，"
    "请移到本机磁盘，再改 database.url。"
)


async def _journal_mode(session: AsyncSession) -> str:
    if session.get_bind().dialect.name != "sqlite":
        return ""
    return str(await session.scalar(text("PRAGMA journal_mode")))


def disk_finding(*, free: int, size: int) -> Finding:
    """Judge the room on the disk of a SQLite file; both figures are in bytes."""
    left = f"剩余 {free / 1e6:,.0f} MB，数据库 {size / 1e6:,.0f} MB"
    if free < _LEAST_FREE:
        return Finding("磁盘", f"{left}，快满了，请尽快清理。", is_fault=True)
    if free < size:
        words = f"{left}，不够再放一份备份，请清理，或把备份写到别的磁盘。"
        return Finding("磁盘", words, is_fault=True)
    return Finding("磁盘", f"正常（{left}）")


async def _clocks(
    session: AsyncSession, clock: Callable[[], datetime]
) -> tuple[timedelta, bool]:
    """Return how far this host's clock is ahead, and whether the store has its own.

    A SQLite office has none: it is held against the newest thing that it remembers,
    which can only show that the host's clock is behind.
    """
    if session.get_bind().dialect.name == "postgresql":
        before = clock()
        there = (await session.execute(select(func.clock_timestamp()))).scalar_one()
        return before + (clock() - before) / 2 - there, True
    columns = (AuditEntry.at, Beat.last_at, Letter.received_at)
    known = [await session.scalar(select(func.max(column))) for column in columns]
    newest = max((at for at in known if at), default=None)
    behind = newest - clock() if newest else timedelta(0)
    return -max(behind, timedelta(0)), False


def clock_finding(ahead: timedelta, has_own: bool) -> Finding:
    """Judge this host's clock by how far it is ahead of the store's."""
    seconds = ahead.total_seconds()
    if abs(ahead) <= _SKEW:
        return Finding("时钟")
    if not has_own:
        words = (
            f"本机时钟比库里最新的记录还早 {-seconds:,.0f} 秒，请校准本机时钟（NTP）。"
        )
        return Finding("时钟", words, is_fault=True)
    side = "快" if seconds > 0 else "慢"
    words = (
        f"本机时钟比数据库服务器{side} {abs(seconds):,.1f} 秒，请校准两边时钟（NTP）。"
    )
    return Finding("时钟", words, is_fault=True)


async def _queue(
    database: Database, url: str, clock: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    """Look at the tables of the queue engine, which only PostgreSQL needs."""
    if not is_postgres(url):
        return
    from bot.mail.queue_tables import QueueState, queue_state

    state = await queue_state(url)
    if state is QueueState.CURRENT:
        yield Finding("消息队列")
    else:
        words = "还没有建立" if state is QueueState.MISSING else "还是旧版结构"
        yield Finding("消息队列", f"{words}，请运行 bot migrate。", is_fault=True)


async def _office(
    database: Database, url: str, clock: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    """Look at what the office does: beats, alarms, what it could not deliver."""
    async with database.reading() as session:
        beats = await last_beats(session)
        up = await alarms(session)
        lanes = list((await lane_depths(session)).values())
        letters = await letter_counts(session)
    file = sqlite_file(url)
    yield _beats_finding(
        {name: clock() - beat.last_at for name, beat in beats.items()},
        errors={name: beat.error for name, beat in beats.items() if beat.error},
        runs=is_taken(file) if file else None,
    )
    for alarm in up:
        yield Finding("告警", alarm.words, is_fault=True)
    for label, count, advice in (
        ("结果不明", _total(lanes, DeliveryStatus.UNKNOWN), "逐条重发或放弃"),
        ("发送失败", _total(lanes, DeliveryStatus.FAILED), "重发或打电话"),
        ("没能处理的来信", letters.get(LetterStatus.DEAD, 0), "查看或重新处理"),
    ):
        words = f"{count} 条，请用 bot mail {advice}。" if count else "没有"
        yield Finding(label, words, is_fault=count > 0)


def _total(
    lanes: Iterable[Mapping[DeliveryStatus, int]], status: DeliveryStatus
) -> int:
    return sum(depth.get(status, 0) for depth in lanes)


def _beats_finding(
    ages: Mapping[str, timedelta], *, errors: Mapping[str, str], runs: bool | None
) -> Finding:
    """Judge the clock's beats; *runs* is None where only they can tell who runs."""
    newest = min(ages.values(), default=None)
    if runs is None:
        runs = newest is not None and newest < _QUIET
    if not runs:
        last = f"，最近一次心跳在 {newest.total_seconds():,.0f} 秒前" if newest else ""
        return Finding("运行", f"没有在运行{last}；启动：bot run（或 bot worker）")
    late = [name for name, age in ages.items() if is_late(name, age)]
    if not ages or late:
        words = f"正在运行，但心跳停了（{'、'.join(late) or '全部'}），请重启。"
        return Finding("运行", words, is_fault=True)
    if errors:
        told = "；".join(f"{name}：{error}" for name, error in errors.items())
        words = f"正在运行，但有心跳出错（{told}），请把日志交给管理员。"
        return Finding("运行", words, is_fault=True)
    return Finding("运行", "正在运行，心跳正常")
