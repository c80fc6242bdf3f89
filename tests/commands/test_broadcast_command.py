"""`bot broadcast` as the office types it."""

import asyncio
import re
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from office import ROOT, Office
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.__main__ import cli
from bot.channels.written import write_for
from bot.database import Database
from bot.departments import Departments
from bot.model import Delivery, DeliveryStatus, Notice, Request
from bot.reports.policy import load_policy
from handlers.broadcast_round import broadcast_round
from handlers.nudging import Nudging

PEOPLE = (
    "姓名,单位,角色,电话\n王敏,县应急局,联络员,\n赵静,县科协,联络员,\n"
    "李主任,办公室,管理员,\n王主任,办公室,管理员,\n"
)
BY = ("--name", "李主任")


@pytest.fixture
def with_people(office: Office, tmp_path: Path) -> Office:
    """Give an office with two liaisons and an admin whom nothing reaches yet."""
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
    """Bind 王敏 and 李主任 on Telegram, of which the command line has no token."""
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
        for address, name in (("7", "王敏"), ("1", "李主任")):
            (person,) = await roster.people_named(session, name)
            account = await roster.account_for(
                session, channel="telegram", address=address
            )
            await roster.bind_account(session, account, person)
    await database.close()


def test_it_is_confirmed_by_the_number_of_the_same_name(
    with_people: Office, tmp_path: Path
) -> None:
    run = with_telegram(with_people, tmp_path)
    run("draft", "开会", *BY)
    told = run("confirm", "1", *BY)
    [number] = re.findall(r"：(\d{4})，", told.output)

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
    [number] = re.findall(r"：(\d{4})，", run("confirm", "1", *BY).output)
    wrong = f"{(int(number) + 1) % 10_000:04}"

    told = [run("confirm", "1", "--number", wrong, *BY).output for _ in range(3)]

    assert "还可再试 2 次" in told[0]
    assert "已作废" in told[2]
    assert run("confirm", "1", "--number", number, *BY).exit_code == 1


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06"
    b"\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x00\x00\x01\x01"
    b"\x00\x05\x18\xd8N\x00\x00\x00\x00IEND\xaeB`\x82"
)


def within(url: str, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        database = await Database.open(url)
        try:
            async with database.writing() as session:
                return await work(session)
        finally:
            await database.close()

    return asyncio.run(run())


def issue(url: str, *, status: DeliveryStatus = DeliveryStatus.SENT) -> None:
    """Let the running service send what is confirmed; all of it ends so."""
    policy = load_policy(ROOT / "config" / "nudges.toml")
    nudging = Nudging(policy=policy, lanes=("telegram",), write=write_for)
    now = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai"))

    async def work(session: AsyncSession) -> None:
        directory = Departments.load(ROOT / "data" / "departments.toml")
        assert await broadcast_round(session, nudging, directory, now=now)
        for one in await session.scalars(select(Delivery)):
            one.status, one.settled_at, one.remote_id = status, now, "m1"

    within(url, work)


def requests_of(url: str, kind: str) -> list[str]:
    """List what goes out for notices of a kind."""

    async def work(session: AsyncSession) -> list[str]:
        query = (
            select(Request.text)
            .join(Delivery, Delivery.request_id == Request.id)
            .join(Notice, Notice.id == Delivery.notice_id)
            .where(Notice.kind == kind)
        )
        return list(await session.scalars(query))

    found: list[str] = within(url, work)
    return found


def send(run: Callable[..., Result], office: Office, *words: str) -> None:
    """Draft, confirm and issue a broadcast."""
    assert run("draft", "开会", *words, *BY).exit_code == 0
    [number] = re.findall(r"：(\d{4})，", run("confirm", "1", *BY).output)
    assert run("confirm", "1", "--number", number, *BY).exit_code == 0
    issue(office.url)


def test_a_preview_tells_how_each_product_shows_it(
    with_people: Office, tmp_path: Path
) -> None:
    run = with_telegram(with_people, tmp_path)
    run("draft", "开会", *BY)

    told = run("preview", "1").output

    assert "Telegram私聊：1，每处 1 条消息" in told
    assert "需电话：县科协赵静（未绑定）" in told
    assert "————\n开会\n［签收］（按钮）" in told


def test_it_goes_out_at_its_time(with_people: Office, tmp_path: Path) -> None:
    run = with_telegram(with_people, tmp_path)

    drafted = run("draft", "开会", "--at", "2099-01-05 9:30", *BY)
    [number] = re.findall(r"：(\d{4})，", run("confirm", "1", *BY).output)
    done = run("confirm", "1", "--number", number, *BY)

    assert "发送时间：2099年1月5日（周一）09:30" in drafted.output
    assert "将于 2099年1月5日（周一）09:30 发出" in done.output
    assert "定于2099年1月5日" in run("list").output


@pytest.mark.parametrize(
    ("name", "content", "method"),
    [("安排.txt", "请按时参加".encode(), "sendDocument"), ("图.png", PNG, "sendPhoto")],
)
def test_a_file_or_a_picture_goes_with_it(
    with_people: Office, tmp_path: Path, name: str, content: bytes, method: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    run = with_telegram(with_people, tmp_path)

    drafted = run("draft", "见附件", "--file", str(file), *BY)
    assert f"附件：《{name}》" in drafted.output
    assert f"［附件］{name}" in run("preview", "1").output
    run("test", "1", *BY)
    assert any(method in one for one in requests_of(with_people.url, "report"))


def test_it_is_sent_to_oneself_first(with_people: Office, tmp_path: Path) -> None:
    run = with_telegram(with_people, tmp_path)
    run("draft", "周五开会", *BY)

    told = run("test", "1", *BY)

    assert (
        told.output == "第1号群发将试发给李主任（Telegram），由正在运行的服务发出。\n"
    )
    [request] = requests_of(with_people.url, "report")
    assert "周五开会" in request
    assert "草稿：周五开会" in run("list").output


def test_only_an_admin_whom_we_reach_tries_it(with_people: Office) -> None:
    with_people.run("broadcast", "draft", "开会", *BY)

    told = with_people.run("broadcast", "test", "1", *BY)

    assert (told.exit_code, told.output) == (
        1,
        "李主任还没有绑定聊天账号，没有试发。发绑定码：bot invite 李主任\n",
    )


@pytest.mark.parametrize("verb", ["draft", "confirm", "cancel", "pause", "test"])
def test_who_is_no_admin_of_the_office_does_nothing(
    with_people: Office, verb: str
) -> None:
    with_people.run("broadcast", "draft", "开会", *BY)

    told = with_people.run("broadcast", verb, "1", "--name", "王敏")

    assert told.exit_code == 1
    assert (
        "没有叫“王敏”的办公室管理员，没有办理。请写其中一位：李主任、王主任"
        in told.output
    )


def test_who_has_not_acknowledged_is_nudged(
    with_people: Office, tmp_path: Path
) -> None:
    run = with_telegram(with_people, tmp_path)
    send(run, with_people)

    told = run("nudge", "1", *BY)

    assert told.exit_code == 0, told.output
    assert "已安排催回执 1 人" in told.output
    assert any("请签收" in one for one in requests_of(with_people.url, "nudge"))
    assert "今天已催过" in run("nudge", "1", *BY).output


def test_it_is_recalled_by_a_number(with_people: Office, tmp_path: Path) -> None:
    run = with_telegram(with_people, tmp_path)
    send(run, with_people)
    asked = run("recall", "1", *BY)
    [number] = re.findall(r"：(\d{4})，", asked.output)

    assert "请写：bot broadcast recall 1 --number 数字 --name 李主任" in asked.output
    told = run("recall", "1", "--number", number, *BY)

    assert told.exit_code == 0
    assert "由正在运行的服务收回" in told.output
    assert "1. 已撤回：开会" in run("list").output


def test_the_outcome_is_saved_as_a_workbook(
    with_people: Office, tmp_path: Path
) -> None:
    run = with_telegram(with_people, tmp_path)
    send(run, with_people)
    file = tmp_path / "结果.xlsx"

    told = run("report", "1", "--xlsx", str(file))

    assert told.exit_code == 0
    assert "应发 2：已送达 1，需电话 1。" in told.output
    rows = list(load_workbook(file).active.iter_rows(values_only=True))
    assert rows[1][0] == "应发 2：已送达 1，需电话 1；已签收 0"
    assert [row[2] for row in rows[4:]] == ["王敏", "赵静"]


def test_nothing_that_is_typed_is_told_to_be_replied(
    with_people: Office, tmp_path: Path
) -> None:
    run = with_telegram(with_people, tmp_path)
    told = [run("list").output, run("draft", "开会", *BY).output]
    told += [
        run("draft", "", *BY).output,
        run("draft", "开会", "--at", "哪天", *BY).output,
    ]
    told += [run("draft", "开会", "--to", "某某群", *BY).output]
    told.append(asked := run("confirm", "1", *BY).output)
    [number] = re.findall(r"：(\d{4})，", asked)
    told.append(run("confirm", "1", "--number", number, *BY).output)
    told += [
        run(verb, "1", *BY).output for verb in ("confirm", "show", "pause", "resume")
    ]
    told += [run(verb, "9", *BY).output for verb in ("show", "test", "recall")]
    issue(with_people.url)
    told += [
        run(verb, "1", *BY).output for verb in ("show", "report", "recall", "list")
    ]

    assert not re.findall("回复|请说|告诉您|发给我", "".join(told))
