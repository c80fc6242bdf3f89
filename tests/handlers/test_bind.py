"""An account is bound by a code, once, and nothing is told about codes."""

import asyncio
from datetime import timedelta

import pytest
from front_door import LANE, NINE, OTHER, OWN, FrontDoor
from sqlalchemy import func, select

from bot import roster
from bot.database import Database
from bot.messages import Incoming
from bot.model import (
    Account,
    AuditEntry,
    BindingCode,
    Letter,
    LetterStatus,
    Person,
    Role,
)
from bot.roster.codes import MOST_GUESSES
from handlers import reception
from handlers.bind import WRONG
from handlers.desk import Desk
from handlers.invite import invite


@pytest.mark.parametrize(
    "form",
    ["绑定 {code}", "{code}", "{lower}", "绑定码是{code}。", "绑定 {link}", "{link}"],
)
async def test_a_code_binds_however_it_is_said(door: FrontDoor, form: str) -> None:
    issued = await door.code_for(await door.person("王敏"))
    words = form.format(code=issued.code, lower=issued.code.lower(), link=issued.link)

    told = await door.says("7", words)

    assert told.startswith(f"已绑定：{OWN} 王敏（联络员）。")
    assert await door.whose("7") == "王敏"
    assert await door.events() == ["bind.issued", "bind.used"]


async def test_a_code_is_good_once(door: FrontDoor) -> None:
    issued = await door.code_for(await door.person("王敏"))
    await door.says("7", issued.code)

    assert await door.says("8", issued.code) == WRONG
    assert await door.says("8", issued.link) == WRONG
    assert await door.whose("8") == ""


async def test_the_same_code_from_the_same_account_says_who_he_is(
    door: FrontDoor,
) -> None:
    issued = await door.code_for(await door.person("王敏"))
    await door.says("7", issued.link)

    again = await door.says("7", issued.link)

    assert again.startswith(f"您已绑定：{OWN} 王敏（联络员）。")
    assert (await door.events()).count("bind.used") == 1
    assert "bind.failed" not in await door.events()


async def test_a_code_lasts_for_a_day(door: FrontDoor) -> None:
    issued = await door.code_for(await door.person("王敏"))
    door.now += timedelta(hours=24)

    assert await door.says("7", issued.code) == WRONG


async def test_a_code_is_for_the_department_that_it_was_issued_for(
    door: FrontDoor,
) -> None:
    person = await door.person("王敏")
    issued = await door.code_for(person)
    person.department = OTHER

    assert await door.says("7", issued.code) == WRONG


async def test_a_new_code_makes_the_one_before_worthless(door: FrontDoor) -> None:
    person = await door.person("王敏")
    first, second = await door.code_for(person), await door.code_for(person)

    assert await door.says("7", first.code) == WRONG
    assert (await door.says("7", second.code)).startswith("已绑定")
    events = await door.events()
    assert events[:3] == ["bind.issued", "bind.revoked", "bind.issued"]


@pytest.mark.parametrize("form", ["绑定 {}", "{}", "登记本群 {}"])
@pytest.mark.parametrize("who", ["7", "8", "1", ""])
@pytest.mark.parametrize("kind", ["code", "link"])
async def test_what_is_said_in_a_group_is_of_no_use_to_anybody(
    door: FrontDoor, kind: str, who: str, form: str
) -> None:
    await door.bound("1", "李强", role=Role.ADMIN)
    await door.bound("8", "赵静", OTHER)
    issued = await door.code_for(await door.person("王敏"))
    said = form.format(getattr(issued, kind))

    told = await door.says_in_group(who, said, is_admin=who == "1")

    assert told.startswith("绑定码请私聊我发送" if who else "您以群的名义发言")
    assert issued.link not in told
    for code in (issued.code, issued.link):
        assert await door.says("9", f"绑定 {code}") == WRONG
    assert "bind.revoked" in await door.events()


@pytest.mark.parametrize("words", ["12345678", "绑定 A2B3C4D5", "绑定 " + "x" * 32])
async def test_a_wrong_code_gets_the_answer_of_the_guide(
    door: FrontDoor, words: str
) -> None:
    assert await door.says("7", words) == (
        "绑定码无效或已过期（24 小时，限 5 次）。请向办公室重新索取。"
    )
    assert await door.events() == ["bind.failed"]


async def test_five_wrong_codes_lock_an_account_for_an_hour(door: FrontDoor) -> None:
    issued = await door.code_for(await door.person("王敏"))
    told = {await door.says("7", f"A2B3C4D{last}") for last in "23456"}

    told.add(await door.says("7", issued.code))

    assert told == {WRONG}
    assert await door.whose("7") == ""
    assert (await door.events()).count("bind.failed") == 6
    door.now += timedelta(hours=1)
    assert (await door.says("7", issued.code)).startswith("已绑定")


async def test_the_lock_of_one_account_is_no_other_ones(door: FrontDoor) -> None:
    issued = await door.code_for(await door.person("王敏"))
    for last in "234567":
        await door.says("7", f"A2B3C4D{last}")

    assert (await door.says("8", issued.code)).startswith("已绑定")


async def test_wrong_codes_of_long_ago_do_not_count(door: FrontDoor) -> None:
    for last in "2345":
        await door.says("7", f"A2B3C4D{last}")
    door.now += timedelta(hours=1)
    await door.says("7", "A2B3C4D6")
    issued = await door.code_for(await door.person("王敏"))

    assert (await door.says("7", issued.code)).startswith("已绑定")


async def test_many_wrong_codes_of_many_accounts_are_told_once(
    door: FrontDoor,
) -> None:
    for number in range(30):
        await door.says(f"{number}", "A2B3C4D5")

    assert (await door.events()).count("bind.many_failed") == 1


async def test_a_code_is_never_taken_in_a_group(door: FrontDoor) -> None:
    issued = await door.code_for(await door.person("王敏"))

    told = await door.says_in_group("7", f"绑定 {issued.code}")

    assert "私聊" in told
    assert await door.whose("7") == ""


async def test_a_code_said_before_others_is_of_no_use_any_more(door: FrontDoor) -> None:
    issued = await door.code_for(await door.person("王敏"))
    await door.says_in_group("7", f"绑定 {issued.code}")

    assert await door.says("8", issued.code) == WRONG
    assert await door.says("7", issued.link) == WRONG


async def test_a_code_is_for_the_role_that_its_person_had(door: FrontDoor) -> None:
    person = await door.person("王敏")
    issued = await door.code_for(person)
    person.role = Role.ADMIN
    await door.session.flush()

    assert await door.says("7", issued.code) == WRONG


@pytest.mark.parametrize("late", ["好的", "是", "嗯"])
async def test_a_late_yes_unbinds_nobody(door: FrontDoor, late: str) -> None:
    await door.bound("7", "王敏")
    await door.says("7", "解绑")

    await door.says("7", late)

    assert await door.whose("7") == "王敏"


async def test_a_new_code_of_another_department_rebinds(door: FrontDoor) -> None:
    await door.bound("7", "王敏")
    issued = await door.code_for(await door.person("赵静", OTHER))

    assert OTHER in await door.says("7", issued.code)
    assert await door.whose("7") == "赵静"


async def test_a_person_keeps_the_account_he_had(door: FrontDoor) -> None:
    person = await door.bound("7", "王敏")
    await door.says("8", (await door.code_for(person)).code)

    assert [await door.whose("7"), await door.whose("8")] == ["王敏", "王敏"]


async def test_an_admin_who_opens_the_link_stays_who_he_is(door: FrontDoor) -> None:
    await door.bound("1", "李主任", role=Role.ADMIN)
    issued = await door.code_for(await door.person("王敏"))

    assert "没有改绑" in await door.says("1", issued.link)
    assert await door.whose("1") == "李主任"
    assert (await door.says("7", issued.link)).startswith("已绑定")


@pytest.mark.parametrize("words", ["绑定", "怎么绑定？", "绑定县应急局", "我要绑定"])
async def test_who_is_not_bound_is_told_how(door: FrontDoor, words: str) -> None:
    assert "8 位绑定码" in await door.says("7", words)
    assert await door.events() == []


async def test_who_is_bound_is_told_who_he_is(door: FrontDoor) -> None:
    await door.bound("7", "王敏")

    told = await door.says("7", "绑定")

    assert told.startswith(f"您已绑定：{OWN} 王敏（联络员）。")


async def test_a_day_in_eight_digits_is_a_question_of_who_is_bound(
    door: FrontDoor,
) -> None:
    await door.bound("7", "王敏")

    assert await door.says("7", "20261122") != WRONG
    assert "bind.failed" not in await door.events()


async def test_an_edited_message_binds_nobody(door: FrontDoor) -> None:
    issued = await door.code_for(await door.person("王敏"))

    assert await door.hear(door.letter("7", issued.code, edited=True)) is None
    assert await door.whose("7") == ""


async def test_unbinding_is_asked_for_and_confirmed(door: FrontDoor) -> None:
    await door.bound("7", "王敏")
    reply = await door.hear(door.letter("7", "解绑"))

    assert reply
    assert [button.says for button in reply.buttons] == ["确认解绑", "取消"]
    assert await door.whose("7") == "王敏"
    assert (await door.says("7", "确认解绑")).startswith("已解绑")
    assert await door.whose("7") == ""
    assert await door.events() == ["bind.undone"]


@pytest.mark.parametrize("no", ["取消", "不", "算了"])
async def test_unbinding_may_be_given_up(door: FrontDoor, no: str) -> None:
    await door.bound("7", "王敏")
    await door.says("7", "解绑")

    assert "没有解绑" in await door.says("7", no)
    assert "回复“确认解绑”" in await door.says("7", "确认解绑")
    assert await door.whose("7") == "王敏"


async def test_an_old_button_unbinds_nobody(door: FrontDoor) -> None:
    await door.bound("7", "王敏")

    assert "回复“确认解绑”" in await door.says("7", "确认解绑")
    assert await door.whose("7") == "王敏"


async def test_a_yes_in_a_group_confirms_nothing(door: FrontDoor) -> None:
    await door.bound("7", "王敏")
    await door.says("7", "解绑")

    assert "私聊" not in await door.says_in_group("7", "好的")
    assert await door.whose("7") == "王敏"


async def test_nobody_is_unbound_before_others(door: FrontDoor) -> None:
    await door.bound("7", "王敏")

    assert await door.says_in_group("7", "解绑") == "这件事请私聊我办理。"


async def test_no_code_stays_in_store_audit_or_letter(
    door: FrontDoor, caplog: pytest.LogCaptureFixture
) -> None:
    issued = await door.code_for(await door.person("王敏"))
    letter = door.letter("7", f"绑定 {issued.code}")
    door.session.add(
        Letter(
            channel=LANE,
            product_id=letter.product_id,
            chat="7",
            incoming=letter,
            status=LetterStatus.WAITING,
            received_at=NINE,
            due_at=NINE,
        )
    )
    await door.session.flush()

    assert await door.hear(letter)

    door.session.expire_all()
    kept = (await door.session.scalars(select(Letter))).one()
    assert kept.incoming
    assert kept.incoming.text == "绑定 ****"
    entries = (await door.session.scalars(select(AuditEntry))).all()
    rows = (await door.session.scalars(select(BindingCode))).all()
    books = [str(entry.detail) + entry.about for entry in entries]
    books += [row.code_digest + row.link_digest for row in rows]
    assert issued.code not in " ".join(books) + caplog.text
    assert issued.link not in " ".join(books) + caplog.text


async def test_a_wrong_code_is_not_said_back(door: FrontDoor) -> None:
    assert "A2B3C4D5" not in await door.says("7", "绑定 A2B3C4D5")
    assert "<b>" not in await door.says("7", "绑定 <b>x</b>")


async def _race(database: Database, desk: Desk, who: str, code: str) -> str:
    async with database.writing() as session:
        account = await roster.account_for(session, channel=LANE, address=who)
        await asyncio.sleep(0)
        incoming = Incoming(channel=LANE, address=who, text=code, at=NINE)
        reply = await reception.receive(
            session,
            incoming,
            account,
            desk=desk,
            departments=desk.departments,
            at=NINE,
        )
        assert reply
        return reply.text


async def _issue(database: Database) -> str:
    async with database.writing() as session:
        person = Person(name="王敏", department=OWN, role=Role.LIAISON)
        session.add(person)
        await session.flush()
        return (await invite(session, person, by="李主任", at=NINE)).code


async def test_of_a_hundred_who_say_a_code_at_once_one_is_bound(
    database: Database, desk: Desk
) -> None:
    code = await _issue(database)

    told = await asyncio.gather(
        *(_race(database, desk, f"{who}", code) for who in range(100))
    )

    assert sorted(words == WRONG for words in told) == [False] + [True] * 99
    async with database.reading() as session:
        bound = func.count(Account.person_id)
        assert await session.scalar(select(bound)) == 1


async def test_guesses_at_once_are_all_counted(database: Database, desk: Desk) -> None:
    await asyncio.gather(
        *(_race(database, desk, "7", f"A2B3C4D{last}") for last in "2345678")
    )

    async with database.reading() as session:
        account = (await session.scalars(select(Account))).one()
    assert account.guesses == MOST_GUESSES
