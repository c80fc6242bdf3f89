"""`bot rehearse`: a year of nudges on a simulated clock, to be read and signed."""

from datetime import date, datetime
from pathlib import Path

import click

from bot import audit
from bot.app import App
from bot.commands.columns import aligned
from bot.commands.door import FILE, complain, in_office, misused, office_options
from bot.commands.help_text import ChineseCommand
from bot.database import Database
from bot.driver_errors import system_reason
from bot.reports.rehearsal import COUNT_HEADS, HEADS, Rehearsal
from bot.reports.rehearsal_sheet import write_sheet
from handlers.rehearse import rehearse

_STAGE = "sqlite+aiosqlite:///:memory:"
_NOTHING = (
    "这段时间没有到期的报送，没有消息。报送要求要先由办公室确认（bot duties），"
    "方案期限已过的要写明继续到哪一天。"
)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("rehearse", cls=ChineseCommand)
@click.option(
    "--from", "first", type=_DAY, required=True, metavar="年-月-日", help="从哪一天起。"
)
@click.option(
    "--to", "last", type=_DAY, required=True, metavar="年-月-日", help="到哪一天为止。"
)
@click.option(
    "--seed",
    type=int,
    metavar="数字",
    help="按这个种子模拟各单位回应；不写即都不回应，条数最多。",
)
@click.option("--xlsx", type=FILE, metavar="FILE", help="另存为表格文件。")
@click.option("--name", default="", metavar="姓名", help="由谁审核签字，记入日志。")
@office_options
def rehearse_nudges(
    first: datetime,
    last: datetime,
    seed: int | None,
    xlsx: Path | None,
    name: str,
    config: Path,
    database: str,
) -> None:
    """演练催报：按模拟时钟列出每条消息的时间、接收人和每人条数，什么都不发送。"""
    start, end = first.date(), last.date()
    if end < start:
        misused("起止日期不对：--to 早于 --from。")

    async def work(app: App) -> int:
        found = await _rehearsed(app, first=start, last=end, seed=seed)
        _print(found)
        if xlsx:
            try:
                write_sheet(found, xlsx)
            except OSError as error:
                complain(f"{xlsx} 写不进去：{system_reason(error)}。")
                return 1
        if name.strip():
            await _sign(app, found, by=name.strip())
        return 0

    in_office(work, config=config, database=database)


async def _rehearsed(
    app: App, *, first: date, last: date, seed: int | None
) -> Rehearsal:
    stage = await Database.open(_STAGE)
    try:
        async with app.database.reading() as source, stage.writing() as session:
            return await rehearse(
                source,
                session,
                policy=app.policy,
                departments=app.departments,
                first=first,
                last=last,
                seed=seed,
            )
    finally:
        await stage.close()


def _print(found: Rehearsal) -> None:
    print("\n".join(found.heading()))
    if not found.messages:
        print(_NOTHING)
        return
    print()
    print("\n".join(aligned([HEADS, *(one.row for one in found.messages)])))
    print()
    rows = [COUNT_HEADS, *(one.row for one in found.counts())]
    print("\n".join(aligned(rows, right=(2, 3))))
    print()
    print("\n".join(found.closing()))


async def _sign(app: App, found: Rehearsal, *, by: str) -> None:
    async with app.database.writing() as session:
        await audit.record(
            session,
            actor=by,
            event="clock.rehearsed",
            about=f"rehearsal:{found.fingerprint}",
            at=app.now(),
            first=found.first,
            last=found.last,
            seed=found.seed,
            messages=len(found.messages),
        )
    print(f"已记入日志：{by}审核了校验码为 {found.fingerprint} 的演练清单。")
