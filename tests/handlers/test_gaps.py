"""No department is without a contact unseen."""

from datetime import datetime

import pytest
from front_door import OTHER, OWN
from report_office import NUDGING, ReportOffice, at
from sqlalchemy import select

from bot.model import Account, Person, Role
from handlers.gaps import tell_office_of_gaps
from handlers.leave import let_leave

ADMIN, WANG = "1", "7"


async def told(office: ReportOffice, now: datetime) -> bool:
    office.door.now = now
    return await tell_office_of_gaps(office.door.session, NUDGING, now=now)


async def words(office: ReportOffice) -> list[str]:
    return [body.text for body in await office.told(to=ADMIN)]


async def liaison(office: ReportOffice) -> Person:
    query = select(Person).filter_by(name="王敏")
    return (await office.door.session.scalars(query)).one()


@pytest.fixture
async def owing(office: ReportOffice) -> ReportOffice:
    """Give an office with an admin, and two departments that owe a report."""
    await office.admin(ADMIN)
    await office.duty(OWN, OTHER)
    await office.liaison(WANG)
    await office.liaison("8", "李强", OTHER)
    return office


async def test_who_has_a_contact_is_not_told_of(owing: ReportOffice) -> None:
    assert not await told(owing, at(12, 16))
    assert await owing.door.says(ADMIN, "谁没绑定") == "各单位都有已绑定的联络员。"


async def test_a_department_that_lost_its_contact_is_told_once_after_a_working_day(
    owing: ReportOffice,
) -> None:
    wang = (
        await owing.door.session.scalars(select(Person).filter_by(name="王敏"))
    ).one()
    friday = at(12, 11, 10)
    await let_leave(owing.door.session, wang, by="李主任", at=friday)

    assert not await told(owing, at(12, 14, 9, 30))
    assert await told(owing, at(12, 14, 10, 0))
    assert not await told(owing, at(12, 14, 10, 1))
    assert not await told(owing, at(12, 15, 10))
    assert await words(owing) == [
        f"{OWN}（名册里没有联络员）有报送任务，但一个工作日以上没有已绑定的联络员，"
        "收不到提醒。\n请电话联系，核对名册并发放绑定码。"
    ]


async def test_at_night_and_on_rest_days_nothing_is_told(owing: ReportOffice) -> None:
    wang = (
        await owing.door.session.scalars(select(Person).filter_by(name="王敏"))
    ).one()
    await let_leave(owing.door.session, wang, by="李主任", at=at(12, 10))

    assert not await told(owing, at(12, 12, 10))
    assert not await told(owing, at(12, 14, 22))


async def test_a_second_loss_is_told_again(owing: ReportOffice) -> None:
    session = owing.door.session
    query = select(Account).where(Account.address == WANG)
    account = (await session.scalars(query)).one()
    account.closed_at = at(12, 7)
    assert await told(owing, at(12, 9))
    account.closed_at = None
    assert not await told(owing, at(12, 10))
    account.closed_at = at(12, 11)
    await session.flush()

    assert await told(owing, at(12, 16))
    assert len(await words(owing)) == 2


async def test_unbinding_himself_counts_as_a_loss(owing: ReportOffice) -> None:
    owing.door.now = at(12, 14, 9)
    await owing.door.says(WANG, "解绑")
    await owing.door.says(WANG, "确认解绑")

    assert not await told(owing, at(12, 14, 15))
    assert await told(owing, at(12, 15, 9, 30))
    assert "王敏未绑定" in (await words(owing))[-1]


async def test_several_are_told_together_with_whom_to_invite(
    office: ReportOffice,
) -> None:
    await office.admin(ADMIN)
    await office.duty(OWN, OTHER)
    await office.door.person("王敏")

    assert await told(office, at(12, 16))

    (body,) = await office.told(to=ADMIN)
    assert f"{OWN}（王敏未绑定）" in body.text
    assert f"{OTHER}（名册里没有联络员）" in body.text
    assert [one.says for one in body.buttons] == [f"发绑定码 王敏 {OWN}", "谁没绑定"]


@pytest.mark.parametrize(
    "said",
    [
        "谁没绑定",
        "谁没绑定？",
        "没有联络员的单位",
        "还有谁没绑定",
        "哪些单位没有联络员",
    ],
)
async def test_the_office_may_ask_who_is_not_bound(
    office: ReportOffice, said: str
) -> None:
    await office.admin(ADMIN)
    await office.duty(OWN)
    await office.door.person("王敏")
    await office.door.person("李强", OTHER)

    reply = await office.door.hear(office.door.letter(ADMIN, said))

    assert reply
    assert reply.text.splitlines()[:3] == [
        "没有已绑定联络员的单位 2 家：",
        f"有报送任务：{OWN}（王敏未绑定）。",
        f"其他：{OTHER}（李强未绑定）。",
    ]
    assert reply.buttons[0].says == f"发绑定码 王敏 {OWN}"


async def lose(office: ReportOffice, address: str = WANG) -> None:
    """Let one block us: his product has just said so."""
    session = office.door.session
    query = select(Account).where(Account.address == address)
    (await session.scalars(query)).one().closed_at = at(12, 7)
    await session.flush()


@pytest.mark.parametrize("said", ["谁没绑定", "绑定情况", "绑定情况怎么样？"])
async def test_who_is_bound_and_not_to_be_reached_is_not_called_unbound(
    owing: ReportOffice, said: str
) -> None:
    await lose(owing)

    reply = await owing.door.hear(owing.door.letter(ADMIN, said))

    assert reply
    assert reply.text.splitlines() == [
        f"已绑定但联系不上 1 家：{OWN}（王敏已绑定，联系不上）。",
        "可能屏蔽了机器人或注销了账号：请打电话请本人解除屏蔽，再给机器人发一句话。",
    ]
    assert reply.buttons == ()


async def test_those_who_need_a_code_stand_apart_from_those_who_blocked_us(
    owing: ReportOffice,
) -> None:
    await lose(owing)
    await owing.door.person("李四", OWN)
    await owing.door.person("吴一", "县气象局")

    reply = await owing.door.hear(owing.door.letter(ADMIN, "谁没绑定"))

    assert reply
    assert reply.text.splitlines() == [
        "没有已绑定联络员的单位 1 家：",
        "其他：县气象局（吴一未绑定）。",
        f"已绑定但联系不上 1 家：{OWN}（王敏已绑定，联系不上；李四未绑定）。",
        "可能屏蔽了机器人或注销了账号：请打电话请本人解除屏蔽，再给机器人发一句话。",
        "发放绑定码请回复“发绑定码 姓名”；全部名单用 bot people 查看。",
    ]
    assert [one.says for one in reply.buttons] == [
        f"发绑定码 李四 {OWN}",
        "发绑定码 吴一 县气象局",
    ]


async def test_the_office_is_told_to_have_itself_unblocked(owing: ReportOffice) -> None:
    await lose(owing)

    assert await told(owing, at(12, 16))

    (body,) = await owing.told(to=ADMIN)
    assert body.text == (
        f"{OWN}（王敏已绑定，联系不上）有报送任务，但一个工作日以上没有联系得上的"
        "联络员，收不到提醒。\n"
        "可能屏蔽了机器人或注销了账号：请打电话请本人解除屏蔽，再给机器人发一句话。"
    )
    assert [one.says for one in body.buttons] == ["谁没绑定"]


async def test_nobody_else_and_no_group_hears_it(owing: ReportOffice) -> None:
    assert "未绑定" not in await owing.door.says(WANG, "谁没绑定")
    assert "未绑定" not in await owing.door.says_in_group(ADMIN, "谁没绑定")


async def test_a_deputy_is_a_contact(office: ReportOffice) -> None:
    await office.admin(ADMIN)
    await office.duty(OWN)
    deputy = await office.door.bound(WANG, "李强", OWN, Role.LIAISON)
    deputy.is_deputy = True

    assert not await told(office, at(12, 16))


async def test_who_is_on_no_roster_must_be_entered_first(office: ReportOffice) -> None:
    await office.admin(ADMIN)
    await office.duty(OWN)

    told = await office.door.says(ADMIN, "谁没绑定")

    assert told.endswith(
        "名册里没有的，请在名册表里补上，到服务器上导入（bot departments --import）。"
    )
    assert "发绑定码" not in told
