"""`bot progress`: how each department stands, on the terminal or as a file."""

from pathlib import Path

import click

from bot.app import App
from bot.commands.columns import aligned
from bot.commands.door import FILE, in_office, office_options, save
from bot.commands.help_text import ChineseCommand
from bot.reports.matrix import Matrix
from handlers.export import matrix_of, reports_named

_NOTHING = "没有这样的报送事项。报送要求要先由办公室确认（bot duties）。"


@click.command("progress", cls=ChineseCommand)
@click.option(
    "--report",
    default="",
    metavar="名",
    help="只看哪一项：编号（#R12）或名称的一部分；不写即近一年各项。",
)
@click.option("--xlsx", type=FILE, metavar="FILE", help="另存为表格文件。")
@click.option(
    "--picture", type=FILE, metavar="FILE", help="另存为 png 图片；多张时加序号。"
)
@office_options
def show_progress(
    report: str, xlsx: Path | None, picture: Path | None, config: Path, database: str
) -> None:
    """列出各单位报送情况：单位 × 报送事项，颜色和文字，并可存为表格和图片。"""

    async def work(app: App) -> int:
        today = app.now().date()
        async with app.database.reading() as session:
            found = await reports_named(session, report.strip(), today=today)
            office = app.settings.office
            matrix = await matrix_of(session, found, office=office, today=today)
        if not matrix.columns:
            print(_NOTHING)
            return 0
        _print(matrix)
        if xlsx:
            from bot.reports.matrix_sheet import write_matrix

            save(xlsx, write_matrix(matrix))
        if picture:
            _save_pictures(matrix, picture)
        return 0

    in_office(work, config=config, database=database)


def _print(matrix: Matrix) -> None:
    print(f"{matrix.title}（{matrix.dated}）")
    for column in matrix.columns:
        print(f"{column.title} {column.code}（{column.due_words}）：{column.summary}")
        print(f"  依据：{column.basis}")
    print()
    heads = ("单位", *(column.title for column in matrix.columns))
    rows = [(row.department, *(one.words for one in row.cells)) for row in matrix.rows]
    print("\n".join(aligned([heads, *rows])))


def _save_pictures(matrix: Matrix, file: Path) -> None:
    from bot.reports.matrix_picture import draw_matrix

    pages = draw_matrix(matrix)
    for number, content in enumerate(pages, start=1):
        place = f"-{number}" if len(pages) > 1 else ""
        save(file.with_stem(file.stem + place), content)
