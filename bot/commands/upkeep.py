"""Upkeep: `bot migrate`, `check`."""

from pathlib import Path

import click

from bot.app.checkup import clock_in, examine
from bot.app.keeping import migrate_office
from bot.commands.door import office_options, run, settings_of
from bot.commands.help_text import ChineseCommand


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
