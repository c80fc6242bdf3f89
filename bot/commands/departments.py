"""`bot departments`: the office's own departments and people, as a file holds them."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot import roster
from bot.app import App
from bot.commands.address_book import Row, people_to_enter
from bot.commands.door import (
    FILE,
    in_office,
    misused,
    named,
    office_options,
    run,
    signed,
)
from bot.commands.help_text import ChineseCommand
from bot.errors import DocumentError
from bot.model import Department
from handlers import keep_roster

_YES = frozenset({"是", "确认", "y", "yes"})


@click.command(cls=ChineseCommand)
@click.option(
    "--import", "file", type=FILE, help="从 xlsx/csv 名册导入单位和人员，先列出变化。"
)
@click.option("--check", "only_checks", is_flag=True, help="只核对文件，不导入。")
@click.option("--template", type=FILE, help="写出一份空白名册。")
@click.option(
    "--wecom",
    "from_wecom",
    is_flag=True,
    help="和 --template 一起用：填好企业微信通讯录里还不在名册的人，角色由办公室填。",
)
@click.option("--confirm", default="", metavar="单位", help="确认导入时发现的单位。")
@click.option("--name", default="", metavar="姓名", help="操作人，记入日志。")
@office_options
def departments(
    file: Path | None,
    only_checks: bool,
    template: Path | None,
    from_wecom: bool,
    confirm: str,
    name: str,
    config: Path,
    database: str,
) -> None:
    """查看、导入或确认办公室自己的单位名册。"""
    if confirm:
        signed(name)
    if from_wecom and not template:
        misused("--wecom 和 --template 一起用。")
    if template and not from_wecom:
        run(lambda: _write_template(template))

    async def work(app: App) -> int:
        if template:
            people = await people_to_enter(app, config=config)
            if people:
                return await _write_template(template, people)
            print("应用看得到的人都已在名册里，没有写文件。")
            return 0
        if file:
            rows = roster.read_roster(file)
            changes = await _show_changes(app, rows)
            if only_checks or not (changes and _is_wanted()):
                print("没有导入。" if changes else "没有要导入的变化。")
                return 0
            await _import(app, rows, by=named(name), source=file.name)
        if confirm:
            async with app.database.writing() as session:
                await keep_roster.confirm(
                    session, confirm, by=name.strip(), at=app.now()
                )
            print(f"已确认：{confirm}")
        await _list(app)
        return 0

    in_office(work, config=config, database=database, begins=bool(file))


async def _show_changes(app: App, rows: roster.Roster) -> bool:
    """Show what is doubtful and what would change; False if that is nothing."""
    async with app.database.reading() as session:
        compared = await roster.compare_roster(session, rows)
        doubts = await keep_roster.doubts_of(session, rows, departments=app.departments)
    if doubts:
        print(f"请核对（{len(doubts)} 处，不影响导入）：")
        _print(doubts)
    if told := keep_roster.changes_told(compared):
        print("导入后的变化：")
        _print(told)
    return not compared.is_nothing


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        print(f"  {line}")


def _is_wanted() -> bool:
    """Ask whoever sits at the terminal; a script has decided already."""
    if not sys.stdin.isatty():
        return True
    try:
        return input("导入以上变化吗（是/否）：").strip().lower() in _YES
    except EOFError:
        return False


async def _import(app: App, rows: roster.Roster, *, by: str, source: str) -> None:
    async with app.database.writing() as session:
        brought = await keep_roster.bring_in(
            session,
            rows,
            departments=app.departments,
            by=by,
            source=source,
            at=app.now(),
        )
    done = brought.imported
    print(
        f"单位：新增 {done.departments_added}，"
        f"更改 {done.departments_changed}；"
        f"人员：新增 {done.people_added}，更改 {done.people_changed}。"
    )
    if done.accounts_bound:
        print(f"企业微信账号：绑定 {done.accounts_bound} 个，不用绑定码。")
    for before, name in brought.renamed:
        print(f"报送单位“{before}”与名册里的“{name}”是同一单位，已改用名册名称。")
    for person in brought.successors:
        print(f"移交已办结：{person.department} {person.name}已绑定，原账号已解除。")


async def _list(app: App) -> None:
    async with app.database.reading() as session:
        for kept in await roster.departments_kept(session):
            print(_department_line("已确认", kept))
        for kept in await roster.departments_proposed(session):
            print(_department_line("待确认", kept))


async def _write_template(path: Path, people: Sequence[Row] = ()) -> int:
    if await asyncio.to_thread(path.exists):
        words = f"{path} 已存在，没有覆盖。请换一个文件名，或先移走它。"
        raise DocumentError(f"{path} is there", reply=words)
    roster.write_template(path, people)
    if people:
        print(
            f"名册已写入 {path}，有 {len(people)} 人：请核对单位，填上角色，"
            "删去不用的行，再用 --import 导入。"
        )
    else:
        print(f"空白名册已写入 {path}。示例和各列的填法在“示例”表里。")
    return 0


def _department_line(state: str, kept: Department) -> str:
    short = f"，简称 {'、'.join(kept.short_names)}" if kept.short_names else ""
    return f"{state}  {kept.name}{short}"
