"""A liaison goes: asked, decided by the office, done when the successor is bound."""

import re

import pytest
from front_door import OTHER, OWN, FrontDoor
from report_office import ReportOffice, at
from sqlalchemy import select

from bot.messages import Reply
from bot.model import Delivery, DeliveryStatus, Handover, HandoverState, Person, Role
from bot.roster import PersonRow, Roster
from handlers.keep_roster import bring_in
from handlers.leave import erase

ADMIN, WANG, NEW = "1", "7", "8"


@pytest.fixture
async def nudged(office: ReportOffice) -> ReportOffice:
    """Give an office with an admin and a liaison who owes a report."""
    await office.admin(ADMIN)
    await office.liaison(WANG)
    await office.duty()
    office.door.now = at(12, 16)
    return office


async def reply_to(office: ReportOffice, who: str, words: str) -> Reply:
    reply = await office.door.hear(office.door.letter(who, words))
    assert reply
    return reply


async def person(door: FrontDoor, name: str) -> Person:
    return (await door.session.scalars(select(Person).filter_by(name=name))).one()


async def state(door: FrontDoor) -> HandoverState:
    handover = (await door.session.scalars(select(Handover))).one()
    return handover.state


def code_in(words: str) -> str:
    [code] = re.findall("[0-9A-Z]{8}", words)
    return code


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("我调走了，换小王", "小王"),
        ("申请移交 王建国", "王建国"),
        ("申请移交给王建国", "王建国"),
        ("工作移交给王建国", "王建国"),
        ("新联络员是王建国", "王建国"),
    ],
)
async def test_what_a_liaison_asks_is_registered_and_put_before_the_office(
    nudged: ReportOffice, words: str, name: str
) -> None:
    answer = await nudged.door.says(WANG, words)

    assert answer == (
        f"已登记人员调整申请（接任：{name}），待办公室核对名册。\n"
        "新联络员绑定前仍由您接收，共 1 项未办结。"
    )
    (told,) = await nudged.told(to=ADMIN)
    assert told.text.startswith(f"{OWN} 王敏提出人员调整（接任：{name}）。")
    assert [one.says for one in told.buttons] == ["同意移交 1", "不同意移交 1"]
    assert await nudged.door.events() == ["handover.asked"]


async def test_who_asks_twice_has_one_request(nudged: ReportOffice) -> None:
    await nudged.door.says(WANG, "我调走了")
    await nudged.door.says(WANG, "申请移交 王建国")

    (asked,) = (await nudged.door.session.scalars(select(Handover))).all()
    assert (asked.successor, asked.state) == ("王建国", HandoverState.ASKED)


async def test_the_office_sees_what_waits(nudged: ReportOffice) -> None:
    assert await nudged.door.says(ADMIN, "移交") == "没有待定的人员调整。"
    await nudged.door.says(WANG, "我调走了，换小王")

    told = await reply_to(nudged, ADMIN, "移交")

    assert "1. 县应急管理局 王敏提出人员调整（接任：小王），12月16日提出" in told.text
    assert [one.says for one in told.buttons] == ["同意移交 1", "不同意移交 1"]
    assert len(told.text.splitlines()) <= 6


async def test_a_successor_takes_over_when_he_is_bound(nudged: ReportOffice) -> None:
    door = nudged.door
    await door.says(WANG, "下周一交")
    await door.says(WANG, "申请移交 王建国")
    told = await door.says(ADMIN, "同意移交 1")
    assert told.startswith(f"{OWN} 王建国（联络员）的绑定码：")
    assert told.endswith("其绑定后王敏的账号自动解除，此前仍由其接收。")
    assert await door.whose(WANG) == "王敏"

    card = await door.says(NEW, code_in(told))

    assert card.splitlines() == [
        f"已绑定：{OWN} 王建国（联络员）。",
        "您接任王敏，贵单位未办结 1 项：",
        "2026年全年落实情况：12月30日（周三）前，未报（已约定日期） #R1",
        "上次答复（12月16日）：“下周一交”。",
        "可直接回复“已报”“下周一交”“本期无事项”；回复“待报”看全部，“交接清单”再看本条。",
    ]
    assert (await door.whose(NEW), await door.whose(WANG)) == ("王建国", "")
    assert (await person(door, "王敏")).left_at
    assert await state(door) is HandoverState.DONE
    assert (await nudged.told(to=ADMIN))[-1].text == (
        f"移交已办结：{OWN} 王敏 → 王建国已绑定，原账号已解除。"
    )
    events = [one for one in await door.events() if one.startswith("handover")]
    assert events == ["handover.asked", "handover.approved", "handover.done"]


@pytest.mark.parametrize("words", ["同意移交 1", "同意移交 1：已删除人员"])
async def test_who_was_erased_since_follows_nobody(
    nudged: ReportOffice, words: str
) -> None:
    door = nudged.door
    named = Person(name="王建国", department=OWN, role=Role.LIAISON)
    door.session.add(named)
    await door.says(WANG, "申请移交 王建国")
    await erase(door.session, named, by="李主任", at=door.now, papers=None)

    told = await door.says(ADMIN, words)

    assert told == "请写接任人全名，如“同意移交 1：王建国”。"
    (asked,) = (await door.session.scalars(select(Handover))).all()
    assert (asked.successor, asked.words) == ("已删除人员", "")
    people = (await door.session.scalars(select(Person.name))).all()
    assert people.count("已删除人员") == 1


@pytest.mark.parametrize("is_early", [True, False])
async def test_a_role_of_the_office_is_never_handed_on(
    nudged: ReportOffice, is_early: bool
) -> None:
    door = nudged.door
    await door.says(WANG, "申请移交 王建国")
    if is_early:
        (await person(door, "王敏")).role = Role.ADMIN
    told = await door.says(ADMIN, "同意移交 1")
    (await person(door, "王敏")).role = Role.ADMIN
    await door.session.flush()

    await door.says(NEW, code_in(told))

    assert (await person(door, "王建国")).role is Role.LIAISON
    assert (await person(door, "王敏")).left_at is None


async def test_the_card_can_be_read_again(nudged: ReportOffice) -> None:
    door = nudged.door
    await door.says(WANG, "申请移交 王建国")
    await door.says(NEW, code_in(await door.says(ADMIN, "同意移交 1")))

    assert (await door.says(NEW, "交接清单")).startswith("您接任王敏")
    await door.bound("9", "赵静", OTHER)
    assert "没有移交给您的事项" in await door.says("9", "交接清单")


async def test_until_the_successor_is_bound_the_one_before_hears(
    nudged: ReportOffice,
) -> None:
    door = nudged.door
    await door.says(WANG, "申请移交 王建国")
    told = await door.says(ADMIN, "同意移交 1")
    await nudged.round(at(12, 16, 9, 30))
    nudge = (await nudged.deliveries(to=WANG))[-1]
    assert nudge.status is DeliveryStatus.WAITING

    await door.says(NEW, code_in(told))

    await door.session.refresh(nudge)
    assert nudge.status is DeliveryStatus.CANCELLED
    await nudged.round(at(12, 23))
    assert (await nudged.deliveries())[-1].address == NEW


async def test_a_family_name_is_looked_up_on_the_roster(nudged: ReportOffice) -> None:
    door = nudged.door
    await door.person("王建国")
    await door.person("王建国", OTHER)
    await door.says(WANG, "我调走了，换小王")

    assert (await door.says(ADMIN, "同意移交 1")).startswith(f"{OWN} 王建国（联络员）")


@pytest.mark.parametrize("words", ["我调走了，换小赵", "我调走了"])
async def test_who_is_not_named_in_full_is_asked_for(
    nudged: ReportOffice, words: str
) -> None:
    door = nudged.door
    await door.says(WANG, words)

    assert "请写接任人全名，如“同意移交 1：王建国”" in await door.says(
        ADMIN, "同意移交 1"
    )
    assert await state(door) is HandoverState.ASKED
    told = await door.says(ADMIN, "同意移交 1：赵静")
    assert told.startswith(f"{OWN} 赵静（联络员）的绑定码：")


async def test_who_is_bound_already_takes_over_at_once(nudged: ReportOffice) -> None:
    door = nudged.door
    deputy = await door.bound(NEW, "李强")
    deputy.is_deputy = True
    await door.says(WANG, "申请移交 李强")

    told = await door.says(ADMIN, "同意移交 1")

    assert told.endswith("李强已绑定，即时生效。")
    assert not deputy.is_deputy
    assert await door.whose(WANG) == ""
    assert (await nudged.told(to=NEW))[-1].text.startswith("您接任王敏")


async def test_a_refusal_is_told_with_its_reason(nudged: ReportOffice) -> None:
    door = nudged.door
    await door.says(WANG, "我调走了，换小王")

    told = await door.says(ADMIN, "不同意移交 1：请先交接材料")

    assert told == "已记：不同意第 1 号人员调整。将告知申请人。"
    assert (await nudged.told(to=WANG))[-1].text == (
        "办公室未同意您的人员调整申请。原因：请先交接材料。"
        "仍由您接收，有疑问请联系办公室。"
    )
    assert await state(door) is HandoverState.REFUSED
    assert "可能已经办过" in await door.says(ADMIN, "同意移交 1")


@pytest.mark.parametrize(
    "words", ["备用联络员 李强", "备用联络员改为李强", "请增加备用联络员：李强"]
)
async def test_a_deputy_is_named_and_the_office_agrees(
    nudged: ReportOffice, words: str
) -> None:
    door = nudged.door
    assert (await door.says(WANG, words)).startswith(
        f"已登记：申请李强为{OWN}备用联络员"
    )

    told = await door.says(ADMIN, "同意移交 1")

    assert told.startswith(f"{OWN} 李强（联络员）的绑定码：")
    assert "自动解除" not in told
    assert (await person(door, "李强")).is_deputy
    await door.says(NEW, code_in(told))
    assert (await door.whose(NEW), await door.whose(WANG)) == ("李强", "王敏")
    assert await state(door) is HandoverState.DONE


async def test_a_head_is_no_ones_successor_as_liaison(nudged: ReportOffice) -> None:
    await nudged.door.person("赵局长", role=Role.HEAD)
    await nudged.door.says(WANG, "申请移交 赵局长")

    assert "不是联络员" in await nudged.door.says(ADMIN, "同意移交 1：赵局长")
    assert await state(nudged.door) is HandoverState.ASKED


@pytest.mark.parametrize("words", ["同意移交 1", "不同意移交 1"])
async def test_only_the_office_decides_and_in_private(
    nudged: ReportOffice, words: str
) -> None:
    door = nudged.door
    await door.says(WANG, "我调走了，换小王")

    assert "暂无此项权限" in await door.says(WANG, words)
    assert "私聊" in await door.says_in_group(ADMIN, words)
    assert await state(door) is HandoverState.ASKED


async def test_nobody_hands_over_before_others(nudged: ReportOffice) -> None:
    await nudged.group()

    said = await nudged.door.says_in_group(WANG, "申请移交 王建国")

    assert "私聊" in said
    assert (await nudged.door.session.scalars(select(Handover))).all() == []


async def test_nothing_waits_for_who_has_gone(nudged: ReportOffice) -> None:
    door = nudged.door
    await door.says(WANG, "申请移交 王建国")
    told = await door.says(ADMIN, "同意移交 1")
    await nudged.round(at(12, 16, 9, 30))
    await door.says(NEW, code_in(told))

    waiting = Delivery.status == DeliveryStatus.WAITING
    query = select(Delivery).where(waiting, Delivery.address == WANG)
    assert (await door.session.scalars(query)).all() == []


async def test_a_roster_that_binds_the_successor_finishes_the_handover(
    nudged: ReportOffice,
) -> None:
    door = nudged.door
    await door.says(WANG, "申请移交 王建国")
    await door.says(ADMIN, "同意移交 1")
    row = PersonRow(
        name="王建国", department=OWN, role=Role.LIAISON, wecom=("wangjianguo",)
    )

    done = await bring_in(
        door.session,
        Roster(people=(row,)),
        departments=door.desk.departments,
        by="李主任",
        source="名册",
        at=door.now,
    )

    assert [one.name for one in done.successors] == ["王建国"]
    assert await door.whose(WANG) == ""
    assert await state(door) is HandoverState.DONE


async def test_who_asks_after_the_office_agreed_is_told_so(
    nudged: ReportOffice,
) -> None:
    await nudged.door.says(WANG, "申请移交 王建国")
    await nudged.door.says(ADMIN, "同意移交 1")

    told = await nudged.door.says(WANG, "我调走了，换小李")

    assert told.startswith("办公室已同意由王建国接任，等其绑定。")


async def test_people_of_the_office_are_changed_in_the_roster(
    nudged: ReportOffice,
) -> None:
    assert "在名册里办理" in await nudged.door.says(ADMIN, "申请移交 王建国")


async def test_of_two_admins_the_first_decides(nudged: ReportOffice) -> None:
    door = nudged.door
    await door.bound("2", "赵主任", "县科协", Role.ADMIN)
    await door.says(WANG, "申请移交 王建国")
    await door.says(ADMIN, "同意移交 1")

    assert "可能已经办过" in await door.says("2", "不同意移交 1")
    assert await state(door) is HandoverState.APPROVED


async def test_a_super_admin_does_not_decide_for_departments(
    nudged: ReportOffice,
) -> None:
    await nudged.door.bound("3", "周总", "县科协", Role.SUPER)
    await nudged.door.says(WANG, "申请移交 王建国")

    assert "请由办公室管理员办理" in await nudged.door.says("3", "同意移交 1")
    assert "请由办公室管理员办理" in await nudged.door.says("3", "移交")


@pytest.mark.parametrize(
    "words", ["换成高新区", "申请移交 县教育局", "换成锦水街道", "换成县行政服务中心"]
)
async def test_a_place_or_a_department_follows_nobody(
    door: FrontDoor, words: str
) -> None:
    await door.bound("7", "王敏")

    told = await door.says("7", words)

    assert "handover.asked" not in await door.events()
    assert "接任：" not in told


async def test_whoever_names_a_place_for_a_person_is_told_so(
    door: FrontDoor,
) -> None:
    await door.bound("7", "王敏")

    told = await door.says("7", "换成高新区")

    assert told.startswith("“高新区”是单位，不是人。移交请写接任人的姓名")


@pytest.mark.parametrize("name", ["高新", "王园", "区建国", "李县生"])
async def test_a_name_that_looks_a_little_like_a_place_is_a_persons(
    door: FrontDoor, name: str
) -> None:
    await door.bound("7", "王敏")

    assert f"（接任：{name}）" in await door.says("7", f"申请移交 {name}")
