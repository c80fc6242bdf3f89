"""What every command has in common: settings, and an office that is there."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from office import SAMPLE, Office

from bot.__main__ import cli
from bot.places import sqlite_file

FORM = """
[office]
name = "澄川县人民政府办公室"
timezone = "Asia/Shanghai"
channels = ["console", "telegram"]
"""


def file_of(office: Office) -> Path:
    file = sqlite_file(office.url)
    assert file
    return file


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "我们负责哪些任务"),
        ("plans",),
        ("departments",),
        ("groups",),
        ("mail",),
        ("invite", "王敏"),
        ("sign", "1", "--name", "李主任"),
        ("export", "1"),
    ],
    ids=lambda words: words[0],
)
def test_where_no_database_is_none_is_made_and_that_is_told(
    new_office: Office, words: tuple[str, ...]
) -> None:
    done = new_office.run(*words)

    assert done.exit_code == 1
    assert f"还没有数据库：{file_of(new_office)} 不存在" in done.stderr
    assert "bot import" in done.stderr
    assert not file_of(new_office).exists()


@pytest.mark.parametrize(
    "words", [("import", str(SAMPLE)), ("chat",), ("migrate",)], ids=lambda w: w[0]
)
def test_an_office_begins_with_these(
    new_office: Office, words: tuple[str, ...]
) -> None:
    done = new_office.run(*words, typed="退出\n")

    assert done.exit_code == 0
    assert file_of(new_office).exists()


@pytest.fixture
def without_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Give the options of an office that is on Telegram, and has no token at hand."""
    monkeypatch.delenv("BOT_TELEGRAM_TOKEN", raising=False)
    file = tmp_path / "bot.toml"
    file.write_text(FORM, encoding="utf-8")
    url = f"sqlite+aiosqlite:///{tmp_path / 'office.sqlite3'}"
    return ("--config", str(file), "--database", url)


def test_what_speaks_to_no_product_needs_no_token(
    without_token: tuple[str, ...], tmp_path: Path
) -> None:
    for words in (("migrate",), ("plans",), ("backup", str(tmp_path / "b.sqlite3"))):
        done = CliRunner().invoke(cli, [*words, *without_token])

        assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize("command", ["check", "run"])
def test_what_speaks_to_the_products_misses_a_token(
    without_token: tuple[str, ...], command: str
) -> None:
    done = CliRunner().invoke(cli, [command, *without_token])

    assert done.exit_code == 1
    assert "BOT_TELEGRAM_TOKEN" in done.stderr
