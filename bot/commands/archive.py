"""`bot archive`: a year's package for the archives, made and checked."""

import asyncio
from pathlib import Path

import click

from bot.app import App
from bot.commands.door import (
    FILE,
    complain,
    in_office,
    misused,
    named,
    office_options,
    run,
    settings_of,
)
from bot.commands.help_text import ChineseCommand
from bot.database import Database, SchemaState, schema_state, sqlite_file
from bot.errors import BotError
from bot.keeping.package import write_package
from bot.keeping.snapshot import digest_of
from handlers.archive import Year, gather, note_made
from handlers.check_archive import Checked, check_archive, is_known


@click.command("archive", cls=ChineseCommand)
@click.argument("file", type=FILE, metavar="文件")
@click.option(
    "--year", type=click.IntRange(2000, 2200), metavar="年份", help="归档哪一年。"
)
@click.option(
    "--verify", "verifies", is_flag=True, help="核验一个档案包，不改动任何东西。"
)
@click.option("--name", "by", default="", metavar="姓名", help="由谁归档，记入日志。")
@office_options
def archive(
    file: Path,
    year: int | None,
    verifies: bool,
    by: str,
    config: Path,
    database: str,
) -> None:
    """把一年的方案、报送、附件、通知和操作日志归成一个档案包，或核验它。"""
    if verifies:
        run(lambda: _verify(file, config=config, database=database))
    if year is None:
        misused("请写明年份，例如：bot archive --year 2026 档案2026.zip")
    wanted: int = year

    async def work(app: App) -> int:
        return await _make(app, file, wanted, by=named(by))

    in_office(work, config=config, database=database)


async def _make(app: App, file: Path, number: int, *, by: str) -> int:
    settings = app.settings
    async with app.database.reading() as session:
        made = await gather(
            session,
            Year(number=number, zone=settings.timezone),
            office=settings.office,
            folder=settings.evidence,
        )
    packed = await asyncio.to_thread(
        write_package, file, made.files.items(), made.about
    )
    async with app.database.writing() as session:
        await note_made(session, number, digest=packed.digest, by=by, at=app.now())
    print(f"已归档 {number} 年：{file}，{packed.files} 个文件，{packed.size} 字节。")
    print(f"SHA-256：{packed.digest}（已记入操作日志，请另行抄存）")
    if app.now() < Year(number=number, zone=settings.timezone).end:
        print(f"{number} 年还没有结束：此后的内容不在包里，年后请再归档一次。")
    for name in made.missing:
        complain(f"缺附件：{name}")
    return 0


async def _verify(file: Path, *, config: Path, database: str) -> int:
    found = await asyncio.to_thread(check_archive, file)
    faults = list(found.faults)
    digest = await asyncio.to_thread(digest_of, file)
    known = await _known_here(found, digest, config=config, database=database)
    if known is False:
        faults.append("与本库操作日志里登记的档案包不是同一个")
    for fault in faults:
        print(f"✗ {fault}")
    print(
        f"{found.year} 年档案：{found.files} 个文件，操作日志 {found.entries} 条，"
        f"末条校验值 {found.head or '无'}。"
    )
    print(f"SHA-256：{digest}{'（操作日志里有登记）' if known else ''}")
    print("没有通过核验。" if faults else "核验通过。")
    return int(bool(faults))


async def _known_here(
    found: Checked, digest: str, *, config: Path, database: str
) -> bool | None:
    """Ask the audit of the office, where there is one, whether it knows the package."""
    try:
        url = settings_of(config, database).database_url
        store = sqlite_file(url)
        if store and not store.exists():
            return None
        if await schema_state(url) is not SchemaState.CURRENT:
            return None
        opened = await Database.open(url)
    except BotError:
        return None
    try:
        async with opened.reading() as session:
            return await is_known(session, found.year, digest)
    finally:
        await opened.close()
