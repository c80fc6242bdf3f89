"""Keeping the office: `bot backup`, `restore`, `copy`."""

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import make_url

from bot.app.keeping import Restored, back_up, copy_to, restore
from bot.commands.columns import aligned
from bot.commands.door import FILE, complain, named, office_options, run, settings_of
from bot.commands.help_text import ChineseCommand
from bot.database import is_postgres
from bot.keeping.backup import digest_file
from bot.keeping.copying import CopiedTable
from bot.keeping.unsettled import BY_HAND

NAMES = {
    "plan": "方案",
    "task": "任务",
    "department": "单位",
    "person": "人员",
    "account": "账号",
    "chat": "群",
    "duty": "报送要求",
    "report": "报送事项",
    "submission": "各单位报送",
    "submission_entry": "报送经过",
    "evidence": "附件",
    "nudge": "催报",
    "nudge_item": "催报内容",
    "leader_draft": "负责人提醒",
    "broadcast": "群发",
    "notice": "通知",
    "delivery": "投递",
    "acknowledgement": "签收",
    "letter": "来信",
    "feedback": "反馈",
    "thesaurus_line": "近义",
    "golden_question": "金题",
    "calendar_day": "放假安排",
    "handover": "移交",
    "binding_code": "绑定码",
    "audit_entry": "操作日志",
    "alarm": "告警",
    "beat": "心跳",
    "confirmation": "待确认数字",
    "lane": "发送通道",
    "request": "发送内容",
    "wecom_card": "企业微信卡片",
    "wecom_token": "企业微信令牌",
}
# What only the machinery counts, and no reader of a backup.
_MACHINERY = ("beat", "confirmation", "lane", "request", "wecom_card", "wecom_token")

_DUMP = """PostgreSQL 请用它自带的工具备份（在线进行，不用停机；口令请放在 ~/.pgpass）：
  pg_dump --format=custom --file={file} --dbname={place}
  pg_restore --list {file}                # 检查备份读得出来
本命令只备份 SQLite，这次没有写出文件。"""
_FRESH = "planbot_restored"
_LOAD = """PostgreSQL 请用它自带的工具恢复（先停下 bot web 和 bot worker；\
口令请放在 ~/.pgpass）：
  createdb {server} --template=template0 {name}
  pg_restore --exit-on-error --no-owner --single-transaction \
--dbname={fresh} {file}
  再把 database.url 改到新库，运行 bot migrate，然后务必先做这一步：
  psql --dbname={fresh} --command="{settle}"
  （备份之后可能已经送出的转为“结果不明”，用 bot mail 逐条决定；不做则会再发一次。）
  最后运行 bot check，再启动；旧库留着，确认无误再删。
本命令只恢复 SQLite，这次没有改动任何数据。"""


@click.command(cls=ChineseCommand)
@click.argument("file", type=FILE, metavar="文件")
@click.option("--force", is_flag=True, help="文件已存在时覆盖它。")
@click.option("--name", default="", metavar="姓名", help="操作人，记入日志。")
@office_options
def backup(file: Path, force: bool, name: str, config: Path, database: str) -> None:
    """备份数据库到一个文件，运行中也可以；写完即检查。"""

    async def work() -> int:
        url = settings_of(config, database).database_url
        if is_postgres(url):
            complain(_DUMP.format(file=file, place=_place(url)))
            return 1
        with _interruptible():
            done = await back_up(url, file, force=force, by=named(name))
        print(f"已备份到 {done.file}，{_size(done.size)}，检查通过。")
        print(f"结构版本 {done.snapshot.revision}；{_counts(done.snapshot.counts)}。")
        print(f"SHA-256：{done.digest}（另存为 {digest_file(done.file)}，恢复时核对）")
        return 0

    run(work)


@click.command("restore", cls=ChineseCommand)
@click.argument("file", type=FILE, metavar="备份文件")
@click.option(
    "--moved",
    is_flag=True,
    help="备份之后本系统没有再运行过（例如搬到新机器），到期的照常发送。",
)
@click.option("--name", default="", metavar="姓名", help="操作人，记入日志。")
@office_options
def restore_backup(
    file: Path, moved: bool, name: str, config: Path, database: str
) -> None:
    """从备份恢复；原来的数据库改名保留，不删除。"""

    async def work() -> int:
        settings = settings_of(config, database)
        url = settings.database_url
        if is_postgres(url):
            fresh = _place(url, database=_FRESH)
            words = _LOAD.format(
                file=file,
                server=_server(url),
                fresh=fresh,
                name=_FRESH,
                settle=BY_HAND,
            )
            complain(words)
            return 1
        with _interruptible():
            done = await restore(
                url, file, moved=moved, by=named(name), zone=settings.timezone
            )
        for line in _told_of(done):
            print(line)
        return 0

    run(work)


def _told_of(done: Restored) -> Iterator[str]:
    """Say what a restore did, and what the person has to look after."""
    settled = done.settled
    yield f"已恢复：{_counts(done.snapshot.counts)}。"
    if done.aside:
        yield f"原来的数据库保留为 {done.aside}，确认无误后可自行删除。"
    if not done.is_ours:
        yield "新的数据库没能改成原来的主人（没有权限），请用 chown 改好再启动。"
    if done.aside and not settled.is_known:
        yield (
            "原来的数据库读不了（损坏或版本不同），备份之后发过哪些通知无从知道："
            "到时候的通知可能会再发一次，请留意。"
        )
    if settled.notices:
        yield (
            f"备份之后发出的 {settled.notices} 份通知、{settled.deliveries} 条投递"
            "（连同结果）已从原来的数据库带过来，不会再发一遍。"
        )
    if settled.doubtful:
        yield (
            f"有 {settled.doubtful} 条到期的投递，备份之后可能已经送出，"
            "已转为“结果不明”，没有自动重发；请用 bot mail 查看并逐条决定。"
        )
    yield "还没有用的绑定码已全部作废，请重新发放。"
    yield "备份之后签认的方案、改动的名册不在其中。下一步：bot check"


@click.command("copy", cls=ChineseCommand)
@click.option("--to", "target", required=True, metavar="URL", help="空的目标数据库。")
@office_options
def copy_database(target: str, config: Path, database: str) -> None:
    """把整个数据库复制到另一个空库（SQLite 与 PostgreSQL 之间），逐表核对。"""

    async def work() -> int:
        url = settings_of(config, database).database_url
        to = settings_of(config, target).database_url
        copied = await copy_to(url, to, told=_tell_progress)
        _clear_progress()
        for line in _table(copied):
            print(line)
        total = sum(table.count for table in copied)
        print(f"已复制 {len(copied)} 张表 {total:,} 行，两边行数和校验值逐表一致。")
        print(
            "下一步：把 database.url（或 BOT_DATABASE_URL）改到新库，再运行 bot check；"
            "旧库留作存档，不要再用它运行，否则同一条消息会发两次。"
        )
        return 0

    run(work)


def _table(copied: list[CopiedTable]) -> list[str]:
    rows = [("表", "", "行数", "校验值（SHA-256，两边相同）")]
    rows += [
        (NAMES.get(table.name, ""), table.name, f"{table.count:,}", table.digest)
        for table in copied
    ]
    return aligned(rows, right={2})


def _tell_progress(table: str, count: int) -> None:
    """Say how far a long copy is, where somebody is watching."""
    if sys.stderr.isatty():
        name = NAMES.get(table, table)
        print(f"\r\x1b[K正在复制{name} {count:,} 行", end="", file=sys.stderr)


def _clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end what blocks the event loop, which else keeps it for itself."""
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, kept)


def _counts(counts: Mapping[str, int]) -> str:
    """Tell what is there, in the order of `NAMES`; nothing of what is not."""
    known = [one for one in NAMES if one not in _MACHINERY]
    told = [f"{NAMES[one]} {counts[one]:,}" for one in known if counts.get(one)]
    return "，".join(told) or "还没有内容"


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB（{size:,} 字节）"


def _place(url: str, *, database: str | None = None) -> str:
    """Write a PostgreSQL URL as its own tools take it, without the password."""
    place = make_url(url).set(drivername="postgresql")
    place = place.set(database=database or place.database)
    ssl = place.query.get("ssl")  # asyncpg's name for it
    bare = place._replace(password=None).difference_update_query(["ssl", "password"])
    if ssl:
        bare = bare.update_query_dict({"sslmode": ssl})
    return f"'{bare.render_as_string(hide_password=False)}'"


def _server(url: str) -> str:
    place = make_url(url)
    parts = (("host", place.host), ("port", place.port), ("username", place.username))
    return " ".join(f"--{name}={value}" for name, value in parts if value)
