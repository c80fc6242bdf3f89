"""`bot check`, `migrate`, `departments`, and that every command is documented."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from office import ROOT, SAMPLE, Office

from bot.__main__ import COMMANDS, cli
from bot.commands.help_text import ChineseCommand


def test_check_tells_that_the_tables_are_missing_and_what_to_do(
    new_office: Office,
) -> None:
    assert "bot migrate" in new_office.run("check").stdout
    assert new_office.run("migrate").exit_code == 0
    assert "数据库：正常" in new_office.run("check").stdout


def test_a_wrong_setting_is_named_with_the_nearest_key(tmp_path: Path) -> None:
    text = (ROOT / "config" / "bot.toml").read_text(encoding="utf-8")
    file = tmp_path / "bot.toml"
    file.write_text(text.replace("timezone =", "timezne ="), encoding="utf-8")

    result = CliRunner().invoke(cli, ["check", "--config", str(file)])

    assert result.exit_code == 1
    assert "timezne" in result.stderr
    assert "timezone" in result.stderr


def test_a_roster_is_brought_in_and_shown(new_office: Office, tmp_path: Path) -> None:
    book = tmp_path / "名册.csv"
    book.write_text("单位名称,简称\n县大数据局,数据局\n", encoding="utf-8")

    told = new_office.run("departments", "--import", str(book), "--name", "李主任")

    assert "新增 1" in told.stdout
    assert "县大数据局，简称 数据局" in new_office.run("departments").stdout


def test_a_short_name_of_the_roster_is_understood(
    office: Office, tmp_path: Path
) -> None:
    book = tmp_path / "名册.csv"
    book.write_text("单位名称,简称\n县总工会,工人之家\n", encoding="utf-8")
    office.run("departments", "--import", str(book))
    office.run("import", str(SAMPLE), "--sign", "李主任")

    told = office.run("ask", "工人之家有哪些任务").stdout

    assert "擦亮“澄川工匠”品牌" in told


def test_an_empty_roster_is_written(tmp_path: Path) -> None:
    book = tmp_path / "名册.xlsx"

    CliRunner().invoke(cli, ["departments", "--template", str(book)])

    assert book.stat().st_size > 1000


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_every_command_has_help_in_chinese(command: object) -> None:
    result = CliRunner().invoke(cli, [getattr(command, "name", ""), "--help"])

    assert result.exit_code == 0
    assert any("一" <= char <= "鿿" for char in result.stdout)
    assert "x>=" not in result.stdout
    assert "<=x" not in result.stdout
    assert "[required]" not in result.stdout


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (click.IntRange(min=1), "（最小 1）"),
        (click.IntRange(max=9), "（最大 9）"),
        (click.IntRange(1, 9), "（最小 1，最大 9）"),
        (click.IntRange(1, 9, max_open=True), "（最小 1，最大 9）"),
        (click.IntRange(1, 2**63 - 1), "（最小 1）"),
        (click.INT, "行数。"),
    ],
)
def test_a_range_is_told_in_chinese(kind: click.ParamType[int], words: str) -> None:
    option = click.Option(["--limit"], type=kind, help="行数。")
    result = CliRunner().invoke(ChineseCommand("x", params=[option]), ["--help"])

    (line,) = [line for line in result.stdout.splitlines() if "--limit" in line]
    assert line.endswith(words)
