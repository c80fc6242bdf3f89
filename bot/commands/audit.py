"""`bot audit`: the latest entries, the chain held to account, a period as a file."""

import re
from datetime import datetime, time, timedelta
from pathlib import Path

import click

from bot import audit
from bot.app import App
from bot.commands.columns import aligned
from bot.commands.door import FILE, complain, in_office, named, office_options, save
from bot.commands.help_text import ChineseCommand, ChineseGroup
from bot.sheets import write_csv, write_workbook
from handlers.export_audit import audit_tables, row_of

_HEAD = ("序号", "时间", "操作人", "渠道", "单位", "事项", "对象")
_DIGEST = re.compile("[0-9a-fA-F]{8,64}")
_NO_DIGEST = "校验值是 8 到 64 位的十六进制字符，请照周报或上次核验给出的填写。"
_NO_PERIOD = "起止日期不对：--to 早于 --from。"
_NO_FILE = "请写明保存到哪个文件：--xlsx 文件 或 --csv 文件。"


class _LogGroup(ChineseGroup):
    """The commands of the audit; alone it lists, so it has options as well."""

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the commands and the options under Chinese headings."""
        ChineseGroup.format_options(self, ctx, formatter)
        ChineseCommand.format_options(self, ctx, formatter)


@click.group("audit", cls=_LogGroup, invoke_without_command=True)
@click.option(
    "--limit",
    type=click.IntRange(min=1, max=10_000),
    default=20,
    metavar="条数",
    help="列出最近多少条。",
)
@office_options
@click.pass_context
def audit_log(context: click.Context, limit: int, config: Path, database: str) -> None:
    """操作日志：列出最近的；verify 核验是否被改动，export 导出一段时间的。"""
    if context.invoked_subcommand:
        given = {"config": config, "database": database}
        context.default_map = {context.invoked_subcommand: given}
        return

    async def work(app: App) -> int:
        async with app.database.reading() as session:
            found = await audit.entries(session, limit=limit)
        zone = app.now().tzinfo
        rows = [row_of(entry, zone)[: len(_HEAD)] for entry in found]
        print("\n".join(aligned([_HEAD, *rows])) if rows else "还没有操作日志。")
        return 0

    in_office(work, config=config, database=database)


@audit_log.command("verify", cls=ChineseCommand)
@click.option(
    "--against",
    default="",
    metavar="校验值",
    help="以前的末条校验值（或其前 8 位以上）：末尾被删时凭它发现。",
)
@office_options
def verify(against: str, config: Path, database: str) -> None:
    """核验操作日志：逐条重算校验值，有一条被改、删、插、换都能发现。"""

    async def work(app: App) -> int:
        said = against.strip()
        if said and not _DIGEST.fullmatch(said):
            complain(_NO_DIGEST)
            return 1
        async with app.database.reading() as session:
            found = await audit.verify(session, against=said)
        if found.fault is None:
            print(
                f"操作日志完好：共 {found.count} 条。末条校验值：{found.head or '无'}"
            )
            return 0
        complain(_told(found))
        return 1

    in_office(work, config=config, database=database)


def _told(found: audit.Verdict) -> str:
    if found.fault is audit.Fault.CUT:
        return (
            f"操作日志核验没有通过：{found.fault}。"
            f"现有 {found.count} 条前后相接，末条校验值 {found.head[:12] or '无'}。"
            "也可能是校验值抄错了，或抄在恢复备份之前：请先核对；"
            "核对无误的，请保留数据库原样，与备份比对。"
        )
    where = f"第 {found.link} 条" if found.link else f"编号 {found.id} 的记录"
    return (
        f"操作日志核验没有通过：{where}{found.fault}。"
        f"此前 {found.count} 条完好，校验值到 {found.head[:12] or '无'} 为止。"
        "请保留数据库原样，与备份比对。"
    )


@audit_log.command("export", cls=ChineseCommand)
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="年-月-日",
    help="从哪一天起（含）。",
)
@click.option(
    "--to",
    "last",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="年-月-日",
    help="到哪一天止（含）。",
)
@click.option(
    "--xlsx", type=FILE, metavar="FILE", help="存为表格，另附送达和来信两张表。"
)
@click.option("--csv", type=FILE, metavar="FILE", help="存为 CSV，只有操作日志。")
@click.option("--name", "by", default="", metavar="姓名", help="由谁导出，记入日志。")
@office_options
def export(
    first: datetime,
    last: datetime,
    xlsx: Path | None,
    csv: Path | None,
    by: str,
    config: Path,
    database: str,
) -> None:
    """导出一段时间的操作日志；不含消息正文和电话。"""

    async def work(app: App) -> int:
        if last < first:
            complain(_NO_PERIOD)
            return 1
        if not (xlsx or csv):
            complain(_NO_FILE)
            return 1
        at = app.now()
        async with app.database.writing() as session:
            tables = await audit_tables(
                session,
                first=datetime.combine(first.date(), time.min, at.tzinfo),
                until=datetime.combine(
                    last.date() + timedelta(days=1), time.min, at.tzinfo
                ),
                by=named(by),
                at=at,
                beside=xlsx is not None,
            )
        entries = next(iter(tables.values()))
        if xlsx:
            save(xlsx, write_workbook(tables))
        if csv:
            save(csv, write_csv(entries))
        print(f"已导出操作日志 {len(entries) - 1} 条。")
        return 0

    in_office(work, config=config, database=database)
