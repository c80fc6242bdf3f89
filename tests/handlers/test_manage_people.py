"""The office unbinds, lets leave, brings back, and erases, in its direct chat."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from front_door import LANE, NINE, OTHER, OWN, FrontDoor
from openpyxl import load_workbook
from report_office import NUDGING, ReportOffice, at
from sqlalchemy import select

from bot import roster
from bot.mail import outbox
from bot.mail.overview import call_list
from bot.messages import Attachment
from bot.model import (
    Account,
    AuditEntry,
    Delivery,
    DeliveryStatus,
    Evidence,
    Letter,
    LetterStatus,
    Person,
    Priority,
    Request,
    Role,
    SubmissionEntry,
)
from bot.reports.papers import Papers
from bot.sheets import write_workbook

ADMIN, WANG = "1", "7"


@pytest.fixture
async def full(office: ReportOffice) -> ReportOffice:
    """Give an office with an admin, a liaison with a telephone, and a nudge to him."""
    await office.admin(ADMIN)
    wang = await office.liaison(WANG)
    wang.phone = "13800000000"
    await office.duty()
    await office.round(at(12, 16))
    return office


async def wang(door: FrontDoor) -> Person:
    query = select(Person).where(Person.department == OWN, Person.role == Role.LIAISON)
    return (await door.session.scalars(query)).one()


async def statuses(office: ReportOffice) -> list[DeliveryStatus]:
    found = [one for one in await office.deliveries() if one.person_id]
    for one in found:
        await office.door.session.refresh(one)
    return [one.status for one in found]


@pytest.mark.parametrize(
    "words", ["解绑 王敏", "解绑王敏", f"解绑：王敏 {OWN}", "解绑 县应急局王敏"]
)
async def test_an_account_is_unbound_and_what_waits_is_cancelled(
    full: ReportOffice, words: str
) -> None:
    told = await full.door.says(ADMIN, words)

    assert told.startswith(f"已解绑：{OWN} 王敏（联络员），1 个账号。")
    assert f"{OWN}现在没有已绑定的联络员。" in told
    assert await full.door.whose(WANG) == ""
    assert await statuses(full) == [DeliveryStatus.CANCELLED]
    assert (await full.door.events())[-1] == "person.unbound"


async def test_who_left_hears_nothing_and_gets_no_code(full: ReportOffice) -> None:
    door = full.door
    issued = await door.code_for(await wang(door))

    told = await door.says(ADMIN, "离岗 王敏")

    assert told.startswith(f"已登记离岗：{OWN} 王敏（联络员）。")
    assert await statuses(full) == [DeliveryStatus.CANCELLED]
    assert "无效" in await door.says("8", issued.code)
    assert "已离岗" in await door.says(ADMIN, "发绑定码 王敏")
    await full.round(at(12, 23))
    assert await statuses(full) == [DeliveryStatus.CANCELLED]


async def test_nobody_is_to_telephone_who_has_left(full: ReportOffice) -> None:
    (nudge,) = await full.deliveries(to=WANG)
    nudge.status = DeliveryStatus.FAILED
    await full.door.session.flush()
    assert [one.name for one in await call_list(full.door.session)] == ["王敏"]

    await full.door.says(ADMIN, "离岗 王敏")

    assert await call_list(full.door.session) == []


async def test_who_comes_back_is_bound_anew(full: ReportOffice) -> None:
    door = full.door
    await door.says(ADMIN, "离岗 王敏")

    assert (await door.says(ADMIN, "返岗 王敏")).startswith("已恢复在岗")
    told = await door.says(ADMIN, "发绑定码 王敏")
    [code] = re.findall("[0-9A-Z]{8}", told)
    assert (await door.says(WANG, code)).startswith("已绑定")
    assert "没有离岗" in await door.says(ADMIN, "返岗 王敏")


@pytest.mark.parametrize("verb", ["解绑", "离岗", "返岗", "删除个人信息"])
async def test_only_an_admin_manages_people_and_in_private(
    full: ReportOffice, verb: str
) -> None:
    await full.door.person("李强", OTHER)

    assert "暂无此项权限" in await full.door.says(WANG, f"{verb} 李强")
    assert "私聊" in await full.door.says_in_group(ADMIN, f"{verb} 李强")
    assert await full.door.whose(WANG) == "王敏"


@pytest.mark.parametrize("verb", ["解绑", "离岗", "删除个人信息"])
async def test_nobody_above_oneself_and_not_oneself(
    full: ReportOffice, verb: str
) -> None:
    await full.door.person("周总", "县科协", Role.SUPER)

    assert "权限高于自己" in await full.door.says(ADMIN, f"{verb} 周总")
    assert "另一位管理员" in await full.door.says(ADMIN, f"{verb} 李主任")


async def test_what_sounds_alike_is_still_a_question(full: ReportOffice) -> None:
    assert "权限" not in await full.door.says(WANG, "离岗创业有什么政策")


async def _is_erased(full: ReportOffice) -> str:
    told = await full.door.says(ADMIN, "删除个人信息 王敏")
    [number] = re.findall("确认 ([0-9]{4})", told)
    return await full.door.says(ADMIN, f"确认 {number}")


async def test_erasing_asks_for_a_number_first(full: ReportOffice) -> None:
    told = await full.door.says(ADMIN, "删除个人信息 王敏")

    assert told.startswith(f"将删除{OWN} 王敏（联络员）的个人信息")
    assert (await wang(full.door)).erased_at is None
    assert "报送记录、附件和操作日志保留" in told
    assert await full.door.whose(WANG) == "王敏"


async def _left_much_behind(door: FrontDoor) -> int:
    """Let 王敏 write, send a file and be answered; returns his id."""
    session = door.session
    letter = door.letter(
        WANG, "昨天发你们邮箱了", attachments=(Attachment(name="总结.docx", at="f1"),)
    )
    session.add(
        Letter(
            channel=LANE,
            product_id=letter.product_id,
            chat=WANG,
            incoming=letter,
            status=LetterStatus.WAITING,
            received_at=NINE,
            due_at=NINE,
        )
    )
    await door.hear(letter)
    id_ = (await wang(door)).id
    session.add(
        Evidence(person_id=id_, department=OWN, name="总结.docx", size=1, at=door.now)
    )
    to = outbox.Addressee(recipient=f"chat:{LANE}:{WANG}", lane=LANE, address=WANG)
    await outbox.post(
        session,
        key="letter:1",
        to=to,
        requests=["您已绑定：王敏"],
        priority=Priority.ANSWER,
        due_at=door.now,
    )
    return id_


async def test_what_is_erased_is_gone(full: ReportOffice) -> None:
    session = full.door.session
    id_ = await _left_much_behind(full.door)

    told = await _is_erased(full)

    assert told.startswith(
        f"个人信息已删除：{OWN} 已删除人员（联络员），清除来信 1 条。"
    )
    session.expire_all()
    kept = await session.get_one(Person, id_)
    assert (kept.name, kept.phone, kept.department) == ("已删除人员", "", OWN)
    assert kept.erased_at
    accounts = await session.scalars(select(Account))
    assert [one.address for one in accounts] == [ADMIN]
    letter = (await session.scalars(select(Letter))).one()
    assert letter.incoming
    assert (letter.chat, letter.incoming.text) == (f"erased:person:{id_}", "")
    assert letter.incoming.attachments == ()
    deliveries = await session.scalars(select(Delivery))
    assert WANG not in {one.address for one in deliveries}
    requests = await session.scalars(select(Request))
    assert "王敏" not in str([one.text for one in requests])


async def test_what_the_department_did_stays(full: ReportOffice) -> None:
    session = full.door.session
    await _left_much_behind(full.door)
    before = len(await full.door.events())

    await _is_erased(full)

    entries = (await session.scalars(select(SubmissionEntry))).all()
    assert {(one.by, one.words) for one in entries} == {("已删除人员", "")}
    files = (await session.scalars(select(Evidence))).all()
    assert {(one.department, one.name) for one in files} == {(OWN, "总结.docx")}
    assert (await full.state()).value == "claimed"
    assert (await full.door.events())[before:] == ["person.erased"]


async def test_what_the_office_was_told_of_him_names_him_no_more(
    full: ReportOffice,
) -> None:
    await full.door.says(WANG, "我调走了，换小王")
    assert "王敏" in (await full.told(to=ADMIN))[-1].text

    await _is_erased(full)

    told = (await full.told(to=ADMIN))[-1].text
    assert told.startswith(f"{OWN} 已删除人员提出人员调整")


async def test_no_conversation_speaks_of_him_any_more(full: ReportOffice) -> None:
    await full.door.says(ADMIN, "王敏负责什么")
    account = await roster.account_for(full.door.session, channel=LANE, address=ADMIN)
    assert "王敏" in str(account.talk)

    await _is_erased(full)

    await full.door.session.refresh(account)
    assert "王敏" not in str(account.talk)


async def test_tables_that_name_him_are_deleted(
    full: ReportOffice, tmp_path: Path
) -> None:
    papers = Papers(tmp_path / "out")
    full.door.nudging = replace(NUDGING, papers=papers)
    for name in ("王敏", "赵静"):
        table = write_workbook({"结果": [("单位", "姓名"), (OWN, name)]})
        papers.lay(table, "xlsx", at=NINE)

    await _is_erased(full)

    [left] = (tmp_path / "out").iterdir()
    assert "赵静" in str([*load_workbook(left).worksheets[0].values])


async def test_the_audit_keeps_what_was_done(full: ReportOffice) -> None:
    door = full.door
    count = len((await door.session.scalars(select(AuditEntry))).all())

    await _is_erased(full)

    entries = (await door.session.scalars(select(AuditEntry))).all()
    assert len(entries) == count + 1
    assert "王敏" not in str(entries[-1].detail)


async def test_nobody_is_erased_twice_by_one_number(full: ReportOffice) -> None:
    told = await full.door.says(ADMIN, "删除个人信息 王敏")
    [number] = re.findall("确认 ([0-9]{4})", told)
    await full.door.says(ADMIN, f"确认 {number}")

    assert "没有等待确认" in await full.door.says(ADMIN, f"确认 {number}")
    assert "没有这个人" in await full.door.says(ADMIN, "删除个人信息 王敏")


async def test_a_number_is_of_no_use_once_he_has_changed(full: ReportOffice) -> None:
    told = await full.door.says(ADMIN, "删除个人信息 王敏")
    [number] = re.findall("确认 ([0-9]{4})", told)
    (await wang(full.door)).department = OTHER
    await full.door.session.flush()

    again = await full.door.says(ADMIN, f"确认 {number}")

    assert again.startswith(f"将删除{OTHER} 王敏")


async def test_an_old_address_is_a_stranger_afterwards(full: ReportOffice) -> None:
    await _is_erased(full)

    assert await full.door.whose(WANG) == ""


async def test_an_import_brings_back_nobody_who_was_erased(
    full: ReportOffice,
) -> None:
    await _is_erased(full)
    row = roster.PersonRow(name="王敏", department=OWN, role=Role.LIAISON)
    rows = roster.Roster(people=(row,))

    compared = await roster.compare_roster(full.door.session, rows)
    done = await roster.import_roster(full.door.session, rows, by="李主任")

    assert compared.erased == (row,)
    assert done.people_added == 0
