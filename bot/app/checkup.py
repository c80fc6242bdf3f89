"""A checkup of the office: what is wrong, and the remedy, in Chinese."""

import shutil
from collections.abc import (
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.app.finding import Finding
from bot.app.lock import is_taken
from bot.app.telegram_checkup import look_at_telegram
from bot.app.wecom_checkup import Known, known_of, look_at_wecom
from bot.database import (
    Database,
    SchemaState,
    is_postgres,
    schema_state,
    sqlite_file,
)
from bot.departments import Departments
from bot.errors import BotError, StoreError
from bot.keeping.restore import staging_place
from bot.mail.alarms import alarms
from bot.mail.beats import PERIODS, is_late, last_beats
from bot.mail.depth import lane_depths, letter_counts
from bot.mail.hearing import last_hearing
from bot.model import AuditEntry, Beat, Chat, DeliveryStatus, Letter, LetterStatus
from bot.plans.finding.thesaurus import load_thesaurus
from bot.roster import Gap
from bot.settings import Settings
from handlers.gaps import CALL_THE_LOST, gaps_of_obligors, lost_first, name_of

_SKEW = timedelta(seconds=2)  # more than this between two clocks is told
_QUIET = timedelta(seconds=30)  # without a beat: on PostgreSQL then nobody runs
_NAMED = 10  # of whom we cannot reach
_HEARD = ("telegram", "wecom_app", "wecom_bot")
_ENTRIES = 10_000  # of the audit's end that are computed anew
_LEAST_FREE = 200_000_000  # bytes; below this the disk counts as full


def clock_in(zone: ZoneInfo) -> Callable[[], datetime]:
    """Return what tells this moment in a zone."""
    return lambda: datetime.now(zone)


async def examine(
    settings: Settings, *, clock: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    """Look at everything and tell it as it is found; changes nothing, never raises."""
    kept = _Kept()
    async for finding in _in_house(settings, clock, kept):
        yield finding
    if settings.telegram:
        for finding in await look_at_telegram(
            settings.telegram,
            clock=clock,
            chats=kept.groups,
            heard=kept.heard.get("telegram"),
            runs=kept.runs,
        ):
            yield finding
    if settings.wecom:
        for finding in await look_at_wecom(
            settings.wecom,
            clock=clock,
            heard=kept.heard,
            runs=kept.runs,
            known=kept.wecom,
        ):
            yield finding


@dataclass
class _Kept:
    """What the store tells of the products; nothing, as long as it was not asked."""

    groups: Sequence[Chat] = ()
    heard: Mapping[str, Beat] = field(default_factory=dict)
    runs: bool = False
    wecom: Known = field(default_factory=Known)


async def _in_house(
    settings: Settings, clock: Callable[[], datetime], kept: _Kept
) -> AsyncIterator[Finding]:
    """Look at what is ours, and fill *kept*."""
    zone = settings.timezone.key
    yield Finding("配置", f"正常（时区 {zone}，现在是 {clock():%Y-%m-%d %H:%M:%S}）")
    yield _loaded("单位名录", lambda: Departments.load(settings.departments))
    yield _loaded("同义词表", lambda: load_thesaurus(settings.thesaurus))
    url = settings.database_url
    for left in _half_restored(url):
        yield left
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
        with suppress(BotError):  # told above
            await _fill(kept, database, url, clock)
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


_HALF = (
    "有一次恢复没有做完，留下 {}，数据库仍是恢复前的。没有别的 bot restore 正在进行的，"
    "请先停下 bot run，重新运行 bot restore；不再恢复的，删除这个文件。"
)


def _half_restored(url: str) -> Iterator[Finding]:
    """Tell of what a restore left behind when it was killed."""
    with suppress(StoreError):
        file = sqlite_file(url)
        if file and staging_place(file).exists():
            yield Finding("恢复", _HALF.format(staging_place(file)), is_fault=True)


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
        lost = await _lost(session)
        chain = await audit.verify(session, latest=_ENTRIES)
        gaps = await gaps_of_obligors(session, today=clock().date())
        unbound = await roster.gaps_among(
            session, await roster.departments_of_people(session)
        )
    ages = {name: clock() - beats[name].last_at for name in PERIODS if name in beats}
    yield _beats_finding(
        ages,
        errors={name: beats[name].error for name in PERIODS if name in beats},
        runs=_is_running(url, ages.values()),
    )
    for alarm in up:
        yield Finding("告警", alarm.words, is_fault=True)
    for label, count, advice in (
        ("结果不明", _total(lanes, DeliveryStatus.UNKNOWN), "逐条重发或放弃"),
        ("发送失败", _total(lanes, DeliveryStatus.FAILED), "重发或打电话"),
        ("没能处理的来信", letters.get(LetterStatus.DEAD, 0), "查看、重新处理或放弃"),
    ):
        words = f"{count} 条，请用 bot mail {advice}。" if count else "没有"
        yield Finding(label, words, is_fault=count > 0)
    yield _lost_finding(lost)
    owing = {gap.department for gap, _ in gaps}
    others = [one.department for one in unbound if one.unbound and not one.lost]
    yield gaps_finding(
        [gap for gap, _ in gaps],
        others=[name for name in others if name not in owing],
    )
    yield chain_finding(chain)


def gaps_finding(gaps: Sequence[Gap], *, others: Sequence[str] = ()) -> Finding:
    """Tell which departments owe a report and have nobody who hears for them.

    Of *others*, who owe nothing yet, it is no fault.
    """
    names = [name_of(gap) for gap in gaps]
    if not names and others:
        words = (
            f"待报送的单位不缺联络员；名册里另有 {len(others)} 家的联络员还没有绑定："
        )
        more = f"等 {len(others)} 家" if len(others) > _NAMED else ""
        return Finding("联络员", f"{words}{'、'.join(others[:_NAMED])}{more}")
    if not names:
        return Finding("联络员", "待报送的单位都有已绑定的联络员")
    more = f"等 {len(names)} 家" if len(names) > _NAMED else ""
    words = f"{'、'.join(names[:_NAMED])}{more}有报送任务而收不到提醒"
    lost, unbound = lost_first(gaps)
    if unbound:
        words += "；没有绑定的请核对名册（bot people），用 bot invite 发放绑定码"
    if lost:
        words += f"；联系不上的{CALL_THE_LOST.rstrip('。')}"
    return Finding("联络员", f"{words}。", is_fault=True)


def chain_finding(found: audit.Verdict) -> Finding:
    """Judge the end of the audit's chain."""
    if found.fault is None:
        head = f"，末条校验值 {found.head[:12]}" if found.head else ""
        return Finding("操作日志", f"正常（核验最近 {found.count} 条{head}）")
    words = "校验没有通过，可能被改动；请运行 bot audit verify，并把结果交给管理员。"
    return Finding("操作日志", words, is_fault=True)


async def _lost(session: AsyncSession) -> list[str]:
    """Name whoever takes nothing from us any more: registered groups, people."""
    chats = await roster.chats(session)
    groups = [one for one in chats if one.registered_at and one.closed_at]
    return [f"群“{group.title or group.address}”" for group in groups] + [
        f"{person.department}{person.name}"
        for person in await roster.people_lost(session)
    ]


def _lost_finding(lost: Sequence[str]) -> Finding:
    """Tell who cannot be reached: one has left a group, blocked the bot, or gone."""
    if not lost:
        return Finding("联系不上", "没有")
    more = f"等 {len(lost)} 个" if len(lost) > _NAMED else ""
    words = (
        f"{'、'.join(lost[:_NAMED])}{more}。机器人被移出、拉黑或对方已注销，"
        "请打电话联系；对方再发一句话（群里重新拉进机器人）就恢复。"
    )
    return Finding("联系不上", words, is_fault=True)


def _total(
    lanes: Iterable[Mapping[DeliveryStatus, int]], status: DeliveryStatus
) -> int:
    return sum(depth.get(status, 0) for depth in lanes)


def _is_running(url: str, ages: Iterable[timedelta]) -> bool:
    """Tell whether somebody runs: by the lock of a file, else by how old beats are."""
    file = sqlite_file(url)
    return is_taken(file) if file else min(ages, default=_QUIET) < _QUIET


def _beats_finding(
    ages: Mapping[str, timedelta], *, errors: Mapping[str, str], runs: bool
) -> Finding:
    """Judge the clock's beats."""
    newest = min(ages.values(), default=None)
    if not runs:
        last = f"，最近一次心跳在 {newest.total_seconds():,.0f} 秒前" if newest else ""
        return Finding("运行", f"没有在运行{last}；启动：bot run（或 bot worker）")
    late = [name for name, age in ages.items() if is_late(name, age)]
    if not ages or late:
        words = f"正在运行，但心跳停了（{'、'.join(late) or '全部'}），请重启。"
        return Finding("运行", words, is_fault=True)
    told = "；".join(f"{name}：{error}" for name, error in errors.items() if error)
    if told:
        words = f"正在运行，但有心跳出错（{told}），请把日志交给管理员。"
        return Finding("运行", words, is_fault=True)
    return Finding("运行", "正在运行，心跳正常")


async def _fill(
    kept: _Kept, database: Database, url: str, clock: Callable[[], datetime]
) -> None:
    """Read what the store tells of the products."""
    async with database.reading() as session:
        chats = await roster.registered_chats(session)
        kept.heard = await last_hearing(session, _HEARD)
        beats = await last_beats(session)
        kept.wecom = await known_of(session, chats, now=clock())
    kept.groups = [chat for chat in chats if chat.channel == "telegram"]
    ages = (clock() - beats[name].last_at for name in PERIODS if name in beats)
    kept.runs = _is_running(url, ages)
