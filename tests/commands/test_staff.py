"""`bot people` as the office types it."""

import asyncio
from pathlib import Path

import pytest
from office import Office
from sqlalchemy import select

from bot import roster
from bot.database import Database
from bot.model import AuditEntry, Person

PEOPLE = (
    "姓名,单位,角色,电话\n王敏,县应急局,联络员,13800000000\n"
    "赵静,县应急局,备用,\n赵静,县科协,管理员,\n"
)


@pytest.fixture
def full(office: Office, tmp_path: Path) -> Office:
    """Give an office with three people, of whom one is bound."""
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    assert office.run("departments", "--import", str(file)).exit_code == 0
    asyncio.run(_bind(office))
    return office


async def _bind(office: Office) -> None:
    database = await Database.open(office.url)
    async with database.writing() as session:
        account = await roster.account_for(session, channel="telegram", address="7")
        person = (await session.scalars(select(Person).filter_by(name="王敏"))).one()
        await roster.bind_account(session, account, person)
    await database.close()


def events(office: Office) -> list[tuple[str, str]]:
    async def read() -> list[tuple[str, str]]:
        database = await Database.open(office.url)
        async with database.reading() as session:
            found = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            told = [(one.event, one.actor) for one in found]
        await database.close()
        return told

    return asyncio.run(read())


def lines(office: Office, *words: str) -> list[list[str]]:
    return [line.split() for line in office.run("people", *words).output.splitlines()]


def test_people_are_listed_with_accounts_and_state(full: Office) -> None:
    assert lines(full) == [
        ["单位", "姓名", "角色", "电话", "账号", "状态"],
        ["县应急局", "王敏", "联络员", "13800000000", "Telegram", "在岗"],
        ["县应急局", "赵静", "备用联络员", "未绑定", "在岗"],
        ["县科协", "赵静", "办公室管理员", "未绑定", "在岗"],
    ]
    assert len(lines(full, "赵静")) == 3
    assert len(lines(full, "--department", "县应急管理局")) == 3
    assert full.run("people", "钱多").exit_code == 1


def test_somebody_is_unbound(full: Office) -> None:
    done = full.run("people", "王敏", "--unbind", "--name", "李主任")

    assert done.output.splitlines() == [
        "已解绑：县应急局 王敏（联络员），1 个账号。",
        "县应急局现在没有已绑定的联络员。",
    ]
    assert events(full)[-1] == ("person.unbound", "李主任")


def test_somebody_leaves_and_comes_back(full: Office) -> None:
    assert full.run("people", "王敏", "--leave", "--name", "李主任").exit_code == 0
    assert lines(full, "王敏")[1][-1] == "离岗"
    assert "已离岗" in full.run("invite", "王敏").stderr

    assert (
        "已恢复在岗"
        in full.run("people", "王敏", "--return", "--name", "李主任").output
    )
    assert lines(full, "王敏")[1][-2:] == ["未绑定", "在岗"]


def test_who_is_erased_is_asked_for_by_his_name_first(full: Office) -> None:
    done = full.run("people", "王敏", "--erase", "--name", "李主任", typed="算了\n")

    assert done.exit_code == 1
    assert "没有删除" in done.stderr
    assert lines(full, "王敏")[1][-1] == "在岗"


def test_who_is_erased_does_not_come_back_by_an_import(
    full: Office, tmp_path: Path
) -> None:
    assert (
        full.run(
            "people", "王敏", "--erase", "--name", "李主任", typed="王敏\n"
        ).exit_code
        == 0
    )
    assert full.run("people", "王敏").exit_code == 1
    assert lines(full, "已删除人员")[1][-1] == "删除个人信息"

    again = full.run("departments", "--import", str(tmp_path / "people.csv"))

    assert "曾删除个人信息：县应急局 王敏，没有读入" in again.output
    assert full.run("people", "王敏").exit_code == 1


def test_who_was_erased_may_be_registered_again_on_purpose(
    full: Office, tmp_path: Path
) -> None:
    full.run("people", "王敏", "--erase", "--name", "李主任", typed="王敏\n")

    allowed = full.run(
        "people", "王敏", "--department", "县应急局", "--return", "--name", "李主任"
    )
    again = full.run("departments", "--import", str(tmp_path / "people.csv"))

    assert "可以重新登记" in allowed.output
    assert "人员：新增 1" in again.output
    assert [one[0] for one in events(full)][1:] == [
        "person.erased",
        "person.returned",
        "roster.changed",
    ]


def test_who_left_is_not_brought_back_by_an_import(
    full: Office, tmp_path: Path
) -> None:
    full.run("people", "王敏", "--leave", "--name", "李主任")

    again = full.run("departments", "--import", str(tmp_path / "people.csv"))

    assert "已离岗：县应急局 王敏，没有恢复" in again.output
    assert lines(full, "王敏")[1][-1] == "离岗"


@pytest.mark.parametrize(
    "words",
    [("--leave",), ("王敏", "--leave", "--erase"), ("王敏", "--unbind", "--return")],
)
def test_one_thing_for_one_person_at_a_time(
    full: Office, words: tuple[str, ...]
) -> None:
    done = full.run("people", *words)

    assert done.exit_code == 2
    assert "一次写一个" in done.stderr


@pytest.mark.parametrize("what", ["--unbind", "--leave", "--return", "--erase"])
def test_nobody_is_changed_without_a_name(full: Office, what: str) -> None:
    done = full.run("people", "王敏", what)

    assert done.exit_code == 2
    assert "--name" in done.stderr
