"""The whole year's loop at the terminal, from the plan to the table, on a set clock."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App
from bot.app.terminal import Terminal
from bot.model import Account, Person, Role, SubmissionEntry
from bot.plans import register
from bot.reports.policy import SHANGHAI
from bot.settings import Settings
from handlers.duties import confirm, proposed

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "samples" / "sample-plan.txt"
OWN, OTHER = "县应急管理局", "县总工会"
TITLE = "2026年上半年工作落实情况"
Talk = Callable[..., Awaitable[str]]


class Office:
    """An office whose clock is set by hand."""

    def __init__(self) -> None:
        self.now = self.at(6, 1)

    def at(self, month: int, day: int) -> datetime:
        self.now = datetime(2026, month, day, 9, 30, tzinfo=SHANGHAI)
        return self.now


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
async def app(database_url: str, office: Office) -> AsyncIterator[App]:
    """Give an office with the sample plan in force and one of its duties confirmed."""
    settings = Settings.load(ROOT / "config" / "bot.toml", {}, database=database_url)
    async with App.open(settings) as app:
        app.clock = lambda: office.now
        proposal = await app.propose(app.read_plan(SAMPLE), actor="李主任")
        await app.sign(proposal.plan, signed_by="李主任")
        async with app.database.writing() as session:
            duties = await proposed(
                session,
                plans=await register.plans_in_force(session),
                departments=app.departments,
                today=office.now.date(),
            )
            await confirm(
                session,
                duties[0],
                departments=app.departments,
                by="李主任",
                at=app.now(),
                who=(OWN, OTHER),
            )
        yield app


@pytest.fixture
def talk(
    app: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Talk:
    """Give what sits down as somebody, types lines, and returns what is printed."""

    async def typed(who: str, *lines: str) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([*lines, "退出", ""])))
        async with app.database.writing() as session:
            while await app.nudge(session):
                pass
        terminal = Terminal(app)
        await terminal.speak_as(who)
        await terminal.talk()
        return capsys.readouterr().out

    return typed


async def test_before_the_first_step_nobody_is_nudged(talk: Talk) -> None:
    assert "提示" not in await talk("县应急局")


async def test_what_is_nudged_is_reported_accepted_and_shown(
    talk: Talk, office: Office
) -> None:
    office.at(6, 26)

    reported = await talk("县应急局", "昨天发你们邮箱了")
    again = await talk("县应急局")
    accepted = await talk("办公室", "待核", "核收 县应急局", "谁没交")

    assert f"请于7月10日（周五）前报送{TITLE}，尚余 10 个工作日" in reported
    assert f"已记：{OWN}{TITLE}6月25日报送（邮箱），待办公室核收" in reported
    assert "提示" not in again
    assert "待核 1 项" in accepted
    assert f"已核收：{OWN}{TITLE}。" in accepted
    assert "应报 2，已核收 1，待核 0，未报 1" in accepted
    assert f"未到期：{OTHER}。" in accepted


async def test_a_number_presses_the_button_of_a_nudge(
    talk: Talk, office: Office
) -> None:
    office.at(6, 26)

    said = await talk("县应急局", "1", "撤销")

    assert "已记" in said
    assert "现为“未报”" in said


async def test_a_later_day_is_asked_for_and_agreed_to(
    talk: Talk, office: Office
) -> None:
    office.at(7, 8)

    asked = await talk("县应急局", "领导出差没签，能缓到7月15号吗", "1")
    agreed = await talk("办公室", "1")
    after = await talk("县应急局")

    assert "7月15日晚于文件规定的 7月10日，需办公室同意" in asked
    assert "待办公室同意" in asked
    assert f"{OWN}申请将{TITLE}延至 7月15日（周三）" in agreed
    assert f"已同意：{OWN}{TITLE}延至 7月15日（周三）" in agreed
    assert "文件时限7月10日，办公室已同意延期" in after


async def test_nothing_done_is_confirmed_before_it_counts(
    talk: Talk, office: Office
) -> None:
    office.at(7, 8)

    said = await talk("县应急局", "本期无事项", "1")
    accepted = await talk("办公室", "核收 县应急局")

    assert "是否按“本期无开展事项”报送" in said
    assert "（零报告）报送，待办公室核收" in said
    assert f"已核收：{OWN}{TITLE}（零报告）。" in accepted


async def test_what_the_office_gives_back_waits_with_its_reason(
    talk: Talk, office: Office
) -> None:
    office.at(7, 8)
    await talk("县应急局", "已报")

    await talk("办公室", "退回 县应急局：缺活动场次")
    seen = await talk("县应急局", "已报")

    assert f"办公室反馈{TITLE}：缺活动场次〔四（三）〕" in seen
    assert "已记" in seen


async def test_a_dispute_waits_for_the_office(talk: Talk, office: Office) -> None:
    office.at(7, 8)

    await talk("县应急局", "机构改革后这项不归我们了")
    decided = await talk("办公室", "1")

    assert f"{OWN}对{TITLE}提出异议" in decided
    assert "免报，不再提醒" in decided


async def test_the_liaison_of_the_roster_speaks_and_no_account_stays(
    app: App, talk: Talk, office: Office
) -> None:
    async with app.database.writing() as session:
        session.add(Person(name="王敏", department=OWN, role=Role.LIAISON))
    office.at(7, 8)

    await talk("县应急局", "已报", "能不能下午再提醒")

    async with app.database.reading() as session:
        entry = (await session.scalars(select(SubmissionEntry))).one()
        person = (await session.scalars(select(Person))).one()
        assert (entry.by, entry.channel, entry.person_id) == (
            "王敏",
            "console",
            person.id,
        )
        assert person.hours == "afternoon"
        assert (await session.scalars(select(Account))).all() == []


async def test_a_stand_in_stays_out_of_the_roster(
    app: App, talk: Talk, office: Office
) -> None:
    office.at(7, 8)

    await talk("县应急局", "已报")

    async with app.database.reading() as session:
        assert (await session.scalars(select(SubmissionEntry))).one().by == "终端"
        assert (await session.scalars(select(Person))).all() == []


async def test_whoever_changes_the_department_hears_of_its_nudges(
    talk: Talk, office: Office
) -> None:
    office.at(7, 8)

    said = await talk("", "我们交了", "我是县总工会的", "交了")

    assert "请先回复“我是某某局的”" in said
    assert f"好的，以下按{OTHER}联络员答复" in said
    assert f"报送{TITLE}" in said
    assert f"已记：{OTHER}{TITLE}" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("登记群", "终端里没有群可登记"),
        ("发绑定码 王敏", "bot invite"),
        ("绑定", "终端里不用绑定"),
        ("我是谁", "您现在的身份：办公室管理员"),
        ("谁没交", "应报 2"),
    ],
)
async def test_the_office_does_there_what_needs_no_product(
    talk: Talk, words: str, told: str
) -> None:
    assert told in await talk("办公室", words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("我是县教育局的", "以下按县教育局联络员答复"),
        ("我是教育局", "联络员答复"),
        ("我是澄川高新技术产业园区的", "以下按澄川高新技术产业园区联络员答复"),
        ("我是办公室", "以下按"),
        ("我是县外星局的", "没有查到“县外星局”，身份没有变"),
        ("我是外星大学的", "没有查到“外星大学”，身份没有变"),
        ("我是猫", "与实施方案无关"),
    ],
)
async def test_only_a_department_that_is_known_is_spoken_for(
    talk: Talk, words: str, told: str
) -> None:
    assert told in await talk("县应急局", words)


async def test_a_duty_that_the_office_has_not_confirmed_is_told_of(talk: Talk) -> None:
    told = await talk("县教育局", "已报")

    assert "没有待报送的事项。方案里的报送要求还没有经办公室确认" in told
