"""`bot invite` and `bot groups` as the office types them."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from office import Office
from sqlalchemy import select

from bot import codes, roster
from bot.database import Database
from bot.messages import Incoming
from bot.model import Account, AuditEntry, BindingCode, Chat, Person
from handlers.presence import seen_in

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PEOPLE = (
    "姓名,单位,角色,电话\n王敏,县应急局,联络员,\n"
    "赵静,县应急局,联络员,\n赵静,县科协,管理员,\n"
)


@pytest.fixture
def with_people(office: Office, tmp_path: Path) -> Office:
    """Give an office with three people, two of a name."""
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    assert office.run("departments", "--import", str(file)).exit_code == 0
    return office


def rows(office: Office, table: type[Any]) -> list[Any]:
    async def read() -> list[Any]:
        database = await Database.open(office.url)
        async with database.reading() as session:
            found = list(await session.scalars(select(table)))
        await database.close()
        return found

    return asyncio.run(read())


@pytest.mark.parametrize(
    "words", [("王敏",), ("王敏", "--department", "县应急局"), ("县应急局王敏",)]
)
def test_a_code_is_printed_and_only_its_digest_kept(
    with_people: Office, words: tuple[str, ...]
) -> None:
    done = with_people.run("invite", *words)

    assert done.exit_code == 0
    assert done.output.startswith("县应急局 王敏（联络员）的绑定码：")
    [code] = re.findall("：([0-9A-Z]{8})\n", done.output)
    [row] = rows(with_people, BindingCode)
    assert row.code_digest == codes.digest(code)
    entries = rows(with_people, AuditEntry)
    assert [one.event for one in entries][-1] == "bind.issued"
    assert code not in str([one.detail for one in entries])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("赵静",), "同名人员"),
        (("钱多",), "没有这个人"),
        (("王敏", "--department", "县科协"), "没有这个人"),
    ],
)
def test_a_code_for_nobody_in_particular_is_refused(
    with_people: Office, words: tuple[str, ...], told: str
) -> None:
    done = with_people.run("invite", *words)

    assert done.exit_code == 1
    assert told in done.stderr
    assert rows(with_people, BindingCode) == []


def test_a_code_is_taken_back_once(with_people: Office) -> None:
    with_people.run("invite", "王敏")

    first = with_people.run("invite", "王敏", "--revoke", "--name", "李主任")
    again = with_people.run("invite", "王敏", "--revoke")

    assert (first.exit_code, again.exit_code) == (0, 1)
    assert "已作废" in first.output
    assert "没有未用的绑定码" in again.stderr
    last = rows(with_people, AuditEntry)[-1]
    assert (last.event, last.actor) == ("bind.revoked", "李主任")


def test_an_office_without_groups_is_told_how_to_get_one(office: Office) -> None:
    office.run("migrate")

    done = office.run("groups")

    assert done.exit_code == 0
    assert "登记群" in done.output


async def _meet(office: Office) -> None:
    """Let the bot be in three groups, and a person block it."""
    database = await Database.open(office.url)
    async with database.writing() as session:
        for address, title in (("-1", "应急群"), ("-2", ""), ("-3", "旧群")):
            seen = Incoming(
                channel="telegram",
                address="",
                text="",
                at=NOON,
                chat=address,
                title=title,
            )
            await seen_in(session, seen)
        first, _, third = list(await session.scalars(select(Chat).order_by(Chat.id)))
        first.registered_at, first.department = NOON, "县应急局"
        third.closed_at = NOON
        account = await roster.account_for(session, channel="telegram", address="7")
        person = (await session.scalars(select(Person).limit(1))).one()
        await roster.bind_account(session, account, person)
        await roster.close_addresses(
            session, channel="telegram", addresses=["7"], at=NOON
        )
    await database.close()


def test_groups_are_listed_with_what_to_do(with_people: Office) -> None:
    asyncio.run(_meet(with_people))

    lines = with_people.run("groups").output.splitlines()

    assert lines[0].split() == ["渠道", "群", "范围", "状态", "该做什么"]
    assert lines[1].split() == [
        "Telegram",
        "应急群（-1）",
        "县应急局的单位群",
        "正常",
    ]
    assert "只答公开内容" in lines[2]
    assert "登记群" in lines[2]
    assert "不能发送" in lines[3]
    assert "县应急局 王敏的 Telegram 账号收不到消息" in lines[4]
    assert rows(with_people, Account)
