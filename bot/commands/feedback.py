"""`bot feedback`: the queue of what people say of answers, and what is made of it."""

from pathlib import Path

import click

from bot import feedback
from bot.app import App
from bot.commands.columns import aligned
from bot.commands.door import (
    FILE,
    complain,
    in_office,
    misused,
    office_options,
    save,
    signed,
)
from bot.commands.help_text import ChineseCommand
from bot.errors import DocumentError
from bot.guard import inert
from bot.model import Feedback
from bot.plans import register
from bot.sheets import write_workbook
from handlers.settle_feedback import (
    KINDS,
    STATES,
    Settling,
    add_line,
    dismiss,
    make_golden,
)

_NONE = "没有待处理的反馈。"
_NO_GOLDEN = "还没有金题。设金题：bot feedback 编号 --golden 二（一）4"
_WIDTH = 30  # characters of a cell in the list
_HEADS = ("编号", "类别", "次数", "状态", "最近", "条款", "问题", "说明")


@click.command("feedback", cls=ChineseCommand)
@click.argument("number", type=click.IntRange(min=1), required=False, metavar="[编号]")
@click.option(
    "--synonym", default="", metavar="说法=用语", help="加一行近义；等号后留空即去掉。"
)
@click.option(
    "--golden",
    default="",
    metavar="条款",
    help="设为金题：应答的条款，可再写单位；写“取消”即去掉。",
)
@click.option("--dismiss", "dismisses", is_flag=True, help="不处理，以后不再列出。")
@click.option("--check", "checks", is_flag=True, help="把全部金题问一遍，核对答案。")
@click.option("--export", "file", type=FILE, metavar="XLSX", help="全部反馈写成表格。")
@click.option("--name", "by", default="", metavar="姓名", help="由谁处理，记入日志。")
@office_options
def feedback_queue(
    number: int | None,
    synonym: str,
    golden: str,
    dismisses: bool,
    checks: bool,
    file: Path | None,
    by: str,
    config: Path,
    database: str,
) -> None:
    """列出待处理的反馈和没查到的问题，加近义、设金题、核对金题。"""
    if (golden or dismisses) and number is None:
        misused("请写明是哪一条反馈，例如：bot feedback 3 --dismiss --name 李主任")
    actor = signed(by) if synonym or golden or dismisses else ""

    async def work(app: App) -> int:
        if checks:
            return await _check(app)
        if file:
            return await _export(app, file)
        async with app.database.writing() as session:
            settling = Settling(
                session=session,
                by=actor,
                at=app.now(),
                plans=await register.plans_in_force(session),
                departments=app.departments,
            )
            done = []
            if synonym:
                done.append(await add_line(settling, synonym, number=number or 0))
            if golden and number:
                done.append(await make_golden(settling, number, golden))
            if dismisses and number:
                done.append(await dismiss(settling, number))
            shown = [await settling.row(number)] if number and not done else []
        if done or shown:
            print("\n".join([*done, *(_told(one, app) for one in shown)]))
            return 0
        return await _list(app)

    in_office(work, config=config, database=database)


async def _list(app: App) -> int:
    async with app.database.reading() as session:
        rows = await feedback.open_feedback(session)
        lines = await feedback.thesaurus_lines(session)
    if rows:
        print("\n".join(aligned([_HEADS, *(_listed(one, app) for one in rows)])))
    else:
        print(_NONE)
    for said, means in lines.items():
        print(f"近义  {said} = {'、'.join(means)}")
    return 0


def _listed(row: Feedback, app: App) -> tuple[str, ...]:
    """Write one on a line; `bot feedback N` and the workbook tell all of it."""
    return tuple(map(_cut, _row(row, app)))


def _cut(words: str) -> str:
    return words if len(words) <= _WIDTH else f"{words[: _WIDTH - 1]}…"


def _row(row: Feedback, app: App) -> tuple[str, ...]:
    return (
        str(row.id),
        KINDS[row.kind],
        str(row.times),
        STATES[row.state],
        f"{row.last_at.astimezone(app.settings.timezone):%Y-%m-%d}",
        "、".join(row.clauses),
        inert(" ".join(row.question.split())),
        inert(" / ".join(row.words.split("\n"))),
    )


def _told(row: Feedback, app: App) -> str:
    pairs = zip(_HEADS, _row(row, app), strict=True)
    return "\n".join(f"{head}：{words}" for head, words in pairs if words)


async def _check(app: App) -> int:
    """Ask all golden questions; the exit status is 1 if one is answered wrong."""
    answers = await app.golden_answers()
    if not answers:
        print(_NO_GOLDEN)
        return 0
    wrong = [one for one in answers if not one.is_right]
    for one in wrong:
        print(f"✗ {one.text}")
    print(f"金题 {len(answers)} 条，答对 {len(answers) - len(wrong)} 条。")
    return int(bool(wrong))


async def _export(app: App, file: Path) -> int:
    _refuse_target(file)
    async with app.database.reading() as session:
        rows = await feedback.every_feedback(session)
    table = [_HEADS, *(_row(one, app) for one in rows)]
    save(file, write_workbook({"反馈": table}))
    complain(f"已写入 {file}：{len(rows)} 条。")
    return 0


def _refuse_target(file: Path) -> None:
    """Refuse a workbook's name that no office program would open."""
    if file.suffix.lower() != ".xlsx":
        raise DocumentError(f"{file}", reply="文件名要以 .xlsx 结尾。")
    if not file.absolute().parent.is_dir():
        words = f"没有“{file.parent}”这个文件夹，请先建好。"
        raise DocumentError(f"{file}", reply=words)
