"""Upkeep: `bot migrate`, `check`, `departments`."""

from pathlib import Path

import click

from bot import roster
from bot.app import App
from bot.app.checkup import clock_in, examine
from bot.app.keeping import migrate_office
from bot.commands.door import FILE, in_office, office_options, run, settings_of
from bot.commands.help_text import ChineseCommand
from bot.model import Department
from handlers import keep_roster


@click.command("migrate", cls=ChineseCommand)
@office_options
def migrate_schema(config: Path, database: str) -> None:
    """建立数据库的表，或升级到本版本。"""

    async def work() -> int:
        await migrate_office(settings_of(config, database).database_url)
        print("数据库已是最新结构。")
        return 0

    run(work)


@click.command(cls=ChineseCommand)
@office_options
def check(config: Path, database: str) -> None:
    """检查配置、数据库、时钟、队列和投递情况，有问题的说明怎么办。"""

    async def work() -> int:
        settings = settings_of(config, database, speaks=True)
        faults = 0
        async for found in examine(settings, clock=clock_in(settings.timezone)):
            print(f"{'✗ ' if found.is_fault else ''}{found.label}：{found.words}")
            faults += found.is_fault
        if faults:
            print(f"共 {faults} 处需要处理。")
        return int(faults > 0)

    run(work)


@click.command(cls=ChineseCommand)
@click.option("--import", "file", type=FILE, help="从 xlsx/csv 名册导入单位和人员。")
@click.option("--template", type=FILE, help="写出一份空白名册。")
@click.option("--confirm", default="", metavar="单位", help="确认导入时发现的单位。")
@click.option("--name", default="终端", metavar="姓名", help="操作人，记入日志。")
@office_options
def departments(
    file: Path | None,
    template: Path | None,
    confirm: str,
    name: str,
    config: Path,
    database: str,
) -> None:
    """查看、导入或确认办公室自己的单位名册。"""
    if template:
        run(lambda: _write_template(template))

    async def work(app: App) -> int:
        rows = roster.read_roster(file) if file else None
        async with app.database.writing() as session:
            if rows and file:
                done = await keep_roster.bring_in(
                    session, rows, by=name, source=file.name, at=app.now()
                )
                print(
                    f"单位：新增 {done.departments_added}，"
                    f"更改 {done.departments_changed}；"
                    f"人员：新增 {done.people_added}，更改 {done.people_changed}。"
                )
                if done.accounts_bound:
                    print(f"企业微信账号：绑定 {done.accounts_bound} 个，不用绑定码。")
            if confirm:
                await keep_roster.confirm(session, confirm, by=name, at=app.now())
                print(f"已确认：{confirm}")
        async with app.database.reading() as session:
            for kept in await roster.departments_kept(session):
                print(_department_line("已确认", kept))
            for kept in await roster.departments_proposed(session):
                print(_department_line("待确认", kept))
        return 0

    in_office(work, config=config, database=database, begins=bool(file))


async def _write_template(path: Path) -> int:
    roster.write_template(path)
    print(f"空白名册已写入 {path}。")
    return 0


def _department_line(state: str, kept: Department) -> str:
    short = f"，简称 {'、'.join(kept.short_names)}" if kept.short_names else ""
    return f"{state}  {kept.name}{short}"
