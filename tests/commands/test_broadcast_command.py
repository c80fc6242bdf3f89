"""`bot broadcast` as the office types it."""

import asyncio
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from office import ROOT, Office

from bot import roster
from bot.__main__ import cli
from bot.database import Database

PEOPLE = "姓名,单位,角色,电话\n王敏,县应急局,联络员,\n赵静,县科协,联络员,\n"
BY = ("--name", "李主任")


@pytest.fixture
def with_people(office: Office, tmp_path: Path) -> Office:
    """Give an office with two liaisons whom nothing reaches yet."""
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    assert office.run("departments", "--import", str(file)).exit_code == 0
    return office


def test_a_draft_is_told_and_listed(with_people: Office) -> None:
    words = ("draft", "周五前报活动", "--to", "县科协", "--receipt", "不要", *BY)
    done = with_people.run("broadcast", *words)

    assert done.exit_code == 0
    assert (
        "第1号群发草稿（未发送）：周五前报活动\n范围：县科协 1 家 1 人" in done.output
    )
    assert "要求回执：否" in done.output
    assert "1. 草稿：周五前报活动（李主任起草）" in with_people.run("broadcast").output
    assert "第1号群发草稿" in with_people.run("broadcast", "show", "1").output


def test_nobody_who_is_reached_gets_no_number(with_people: Office) -> None:
    with_people.run("broadcast", "draft", "开会", *BY)

    done = with_people.run("broadcast", "confirm", "1", *BY)

    assert done.exit_code == 1
    assert "没有可以送达的人" in done.output


def test_a_cancelled_one_is_listed_as_such(with_people: Office) -> None:
    with_people.run("broadcast", "draft", "开会", *BY)

    assert "已取消" in with_people.run("broadcast", "cancel", "1", *BY).output
    assert "1. 已取消：开会" in with_people.run("broadcast").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("draft", "开会"), "请用 --name 写明由谁办理"),
        (("pause", "1"), "请用 --name 写明由谁办理"),
        (("show",), "请写明是第几号群发"),
        (("show", "九"), "请写明是第几号群发"),
    ],
)
def test_what_is_missing_is_told(
    with_people: Office, words: tuple[str, ...], told: str
) -> None:
    done = with_people.run("broadcast", *words)

    assert done.exit_code == 2
    assert told in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "7"), "没有第7号群发"),
        (("draft", "", *BY), "请写明要发的内容"),
        (("draft", "开会", "--to", "县外星局", *BY), "没有查到“县外星局”"),
        (("draft", "开会", "--at", "哪天", *BY), "没有看懂发送时间“哪天”"),
        (
            ("draft", "开会", "--at", "2020-01-01", *BY),
            "2020年1月1日（周三）09:00 已经过去，没有起草",
        ),
        (("draft", "开会", "--file", "no.docx", *BY), "no.docx 读不出来：没有这个文件"),
        (("draft", "开会", "--file", str(ROOT / "Makefile"), *BY), "只接收"),
    ],
)
def test_what_cannot_be_done_is_told(
    with_people: Office, words: tuple[str, ...], told: str
) -> None:
    done = with_people.run("broadcast", *words)

    assert done.exit_code == 1
    assert told in done.output
    assert "还没有群发" in with_people.run("broadcast").output


def with_telegram(office: Office, folder: Path) -> Callable[..., Result]:
    """Bind 王敏 on Telegram, of which the command line has no token."""
    shutil.copytree(ROOT / "config", folder / "config")
    (folder / "data").symlink_to(ROOT / "data")
    config = folder / "config" / "bot.toml"
    settings = config.read_text(encoding="utf-8")
    settings = settings.replace('channels = ["console"]', 'channels = ["telegram"]')
    config.write_text(settings, encoding="utf-8")
    asyncio.run(_bind(office.url))

    def run(*words: str) -> Result:
        where = ("--database", office.url, "--config", str(config))
        return CliRunner().invoke(cli, ["broadcast", *words, *where])

    return run


async def _bind(url: str) -> None:
    database = await Database.open(url)
    async with database.writing() as session:
        (person,) = await roster.people_named(session, "王敏", department="县应急局")
        account = await roster.account_for(session, channel="telegram", address="7")
        await roster.bind_account(session, account, person)
    await database.close()


def test_it_is_confirmed_by_the_number_of_the_same_name(
    with_people: Office, tmp_path: Path
) -> None:
    run = with_telegram(with_people, tmp_path)
    run("draft", "开会", *BY)
    told = run("confirm", "1", *BY)
    [number] = re.findall(r"确认 (\d{4})", told.output)

    other = run("confirm", "1", "--number", number, "--name", "王主任")
    assert (other.exit_code, other.output) == (
        1,
        "没有等待确认的事项，请重新操作。\n",
    )
    done = run("confirm", "1", "--number", number, *BY)
    assert done.exit_code == 0
    assert "第1号群发已确认，即将发出，共 1 个接收方" in done.output
    assert "第1号群发（待发送）" in run("show", "1").output
    assert "已暂停，到时也不发送" in run("pause", "1", *BY).output
    assert "已继续，到时发送" in run("resume", "1", *BY).output


def test_wrong_numbers_are_counted(with_people: Office, tmp_path: Path) -> None:
    run = with_telegram(with_people, tmp_path)
    run("draft", "开会", *BY)
    [number] = re.findall(r"确认 (\d{4})", run("confirm", "1", *BY).output)
    wrong = f"{(int(number) + 1) % 10_000:04}"

    told = [run("confirm", "1", "--number", wrong, *BY).output for _ in range(3)]

    assert "还可再试 2 次" in told[0]
    assert "已作废" in told[2]
    assert run("confirm", "1", "--number", number, *BY).exit_code == 1
