"""Who is who: codes, groups that are registered, notices received, chats that died."""

import re
from typing import Any

import said
from fake_api import Call, FakeTelegram
from sqlalchemy import select
from test_office_dialogues import SPOKEN, labels
from test_office_troubles import ask, person, texts_to
from whole_office import WholeOffice, until

from bot import roster
from bot.messages import Button, Reply
from bot.model import (
    Account,
    Acknowledgement,
    BindingCode,
    Chat,
    DeliveryStatus,
    Person,
    Purpose,
    Request,
    Role,
)
from handlers.invite import forget_told

TASKS = "我们负责哪些任务"
NOTICE = Reply("请于12月30日前报送全年落实情况。", (Button("收到", "收到"),))
OF_ALL = {"id": -100_7, "type": "supergroup", "title": "全体群"}
OURS = {"id": -100_8, "type": "supergroup", "title": "县科协"}
LI, WANG, CHIEF = 4711, 4712, 4700
HERE, BLOCKED = {"status": "member"}, {"status": "kicked", "until_date": 0}


async def invite(
    office: WholeOffice, department: str = "县科协", role: Role = Role.LIAISON
) -> roster.Issued:
    """Enter a person whom no account is bound to, and make a code for him."""
    async with office.app.database.writing() as session:
        person = Person(name="王五", department=department, role=role)
        session.add(person)
        await session.flush()
        return await roster.issue_code(
            session,
            person,
            purpose=Purpose.PERSON,
            department=department,
            by="李主任",
            at=office.app.now(),
        )


async def account(office: WholeOffice, address: int) -> Account:
    async with office.app.database.reading() as session:
        query = select(Account).where(Account.address == str(address))
        return (await session.scalars(query)).one()


async def open_group(
    office: WholeOffice, chat: dict[str, Any], department: str
) -> None:
    """Let a group be registered, "" for one of all departments."""
    async with office.app.database.writing() as session:
        session.add(
            Chat(
                channel="telegram",
                address=str(chat["id"]),
                department=department,
                registered_at=office.app.now(),
            )
        )


def asides(telegram: FakeTelegram) -> list[str]:
    return [str(call.parameters.get("text", "")) for call in presses(telegram)]


def presses(telegram: FakeTelegram) -> list[Call]:
    return telegram.of("answerCallbackQuery")


async def told_of(office: WholeOffice, telegram: FakeTelegram) -> int:
    """Return the number of the newest message, once the office rests."""
    await office.rest()
    return list(telegram.messages)[-1][1]


def shown_in(telegram: FakeTelegram, chat: int) -> list[str]:
    return [text for (where, _), text in telegram.messages.items() if where == chat]


# Codes


async def test_a_link_binds_an_account_once_and_nobody_else(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    issued = await invite(office)
    start = f"/start {issued.link}"
    await ask(office, telegram, said.said(start), said.said(TASKS))
    await ask(office, telegram, said.said(start, sender=said.WANG))
    await ask(office, telegram, said.said(TASKS, sender=said.WANG))

    bound, tasks = texts_to(telegram, LI)
    assert "已绑定：县科协" in bound
    assert "共 12 项" in tasks
    refused, unbound = texts_to(telegram, WANG)
    assert "绑定码无效或已过期" in refused
    assert "共 12 项" not in unbound


async def test_a_code_may_be_typed_as_people_type(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    code = (await invite(office)).code
    await ask(office, telegram, said.said(f" {code[:4].lower()} {code[4:].lower()} "))

    assert "已绑定：县科协" in texts_to(telegram, LI)[0]


async def test_two_who_say_one_code_at_once_are_one_and_nobody(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    code = (await invite(office)).code
    await ask(office, telegram, *[said.said(code, sender=person(n)) for n in range(4)])

    answers = [texts_to(telegram, 100 + n)[0] for n in range(4)]
    assert sum("已绑定" in one for one in answers) == 1
    assert sum("绑定码无效或已过期" in one for one in answers) == 3


async def test_whoever_guesses_five_times_is_not_let_in_by_the_right_code(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    code = (await invite(office)).code
    for guess in range(5):
        await ask(office, telegram, said.said(f"ABCD234{guess + 2}"))
    await ask(office, telegram, said.said(code))
    await ask(office, telegram, said.said(code, sender=said.WANG))

    assert len(set(texts_to(telegram, LI))) == 1
    assert "已绑定" in texts_to(telegram, WANG)[0]


async def test_a_code_said_in_a_group_binds_nobody_and_is_not_echoed(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    issued = await invite(office)
    for words in (issued.code, f"绑定 {issued.code}"):
        to_us = f"@plan_test_bot {words}"
        await ask(office, telegram, said.said(to_us, chat=said.GROUP))

    for text in texts_to(telegram, -1001):
        assert "私聊" in text
        assert issued.code not in text
    assert (await account(office, LI)).person_id is None


async def test_a_code_told_in_chat_is_blotted_out_once_it_is_out(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(CHIEF, "县政府办公室", role=Role.ADMIN)
    await office.know(LI, name="王敏")
    chief = person(CHIEF - 100)
    await ask(office, telegram, said.said("发绑定码 王敏", sender=chief))
    await office.rest()
    call = telegram.of("sendMessage")[-1]
    code = re.search("绑定码：(?P<code>[A-Z0-9]{8})", call.parameters["text"])
    ((key,),) = call.parameters["reply_markup"]["inline_keyboard"]
    link = key["url"].partition("start=")[2]
    assert code
    assert link

    async with office.app.database.writing() as session:
        await forget_told(session)

    kept = [*await office.rows(Request), *await office.letters()]
    words = str([getattr(one, "text", "") or str(one.incoming) for one in kept])
    assert "绑定码：****" in words
    assert code["code"] not in words
    assert link not in words
    assert [one.told_in for one in await office.rows(BindingCode)] == [""]


# Groups


async def test_an_admin_registers_a_group_by_the_link_that_he_is_given(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(CHIEF, "县政府办公室", role=Role.ADMIN)
    chief = person(CHIEF - 100)
    telegram.members[CHIEF] = "administrator"
    await ask(office, telegram, said.said("登记群 县应急局", sender=chief))
    ((key,),) = telegram.of("sendMessage")[-1].parameters["reply_markup"][
        "inline_keyboard"
    ]
    found = re.fullmatch(
        r"https://t\.me/plan_test_bot\?startgroup=([\w-]{1,64})", key["url"]
    )
    assert found
    start = f"/start@plan_test_bot {found[1]}"
    await ask(
        office,
        telegram,
        said.membership({"status": "left"}, HERE, chat=said.GROUP, by=chief),
        said.said(start, chat=said.GROUP, sender=chief),
        said.said(f"@plan_test_bot {TASKS}", chat=said.GROUP, sender=said.WANG),
    )
    await ask(
        office, telegram, said.said(start, chat=OF_ALL, sender=chief)
    )  # a second group by the same link

    texts = texts_to(telegram, -1001)
    assert any("本群已登记为县应急管理局的单位群" in text for text in texts)
    assert "县应急管理局" in texts[-1]
    assert "无效或已过期" in texts_to(telegram, OF_ALL["id"])[-1]


async def test_nobody_but_an_admin_of_both_registers_a_group(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(CHIEF, "县政府办公室", role=Role.ADMIN)
    await office.know(LI)
    telegram.members |= {CHIEF: "member", LI: "creator"}
    command = "/register@plan_test_bot"
    chief = person(CHIEF - 100)
    group = {"chat": said.GROUP}
    await ask(office, telegram, said.said(command, sender=chief, **group))
    await ask(office, telegram, said.said(command, **group))
    await ask(office, telegram, said.said("登记群"))
    hidden = {"sender": said.ANONYMOUS, "sender_chat": said.GROUP}
    await ask(office, telegram, said.said(command, **hidden, **group))

    assert not any("已登记" in one for one in texts_to(telegram, -1001))
    assert "匿名" in texts_to(telegram, -1001)[-1]
    assert labels(telegram.of("sendMessage")[-2]) == []
    async with office.app.database.reading() as session:
        chats = (await session.scalars(select(Chat))).all()
    assert [one.registered_at for one in chats] == [None]


async def test_a_registered_group_stays_one_when_it_moves(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await open_group(office, said.OLD_GROUP, "县科协")
    old, new = said.OLD_GROUP["id"], said.GROUP["id"]
    telegram.moved[old] = new
    await office.notify(NOTICE, str(old))
    await office.rest()
    await ask(office, telegram, *said.migration(said.OLD_GROUP, said.GROUP))
    to_us = f"@plan_test_bot {TASKS}"
    await ask(office, telegram, said.said(to_us, chat=said.GROUP))

    assert shown_in(telegram, new)[0] == NOTICE.text
    assert "县科协" in shown_in(telegram, new)[1]
    async with office.app.database.reading() as session:
        (chat,) = (await session.scalars(select(Chat))).all()
    assert (chat.address, chat.department) == (str(new), "县科协")


async def test_a_notice_sent_while_its_group_moved_is_received_there(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(LI)
    await open_group(office, said.OLD_GROUP, "县科协")
    telegram.moved[said.OLD_GROUP["id"]] = said.GROUP["id"]
    await office.notify(NOTICE, str(said.OLD_GROUP["id"]))
    number = await told_of(office, telegram)
    await ask(office, telegram, *said.migration(said.OLD_GROUP, said.GROUP))
    here = {"about": number, "chat": said.GROUP}
    await ask(office, telegram, said.pressed("=收到", **here))
    await ask(office, telegram, said.answer_to_bot("收到", **here))

    assert "已签收" in shown_in(telegram, said.GROUP["id"])[0]
    assert len(await office.rows(Acknowledgement)) == 1


# Notices received


async def test_a_press_receives_a_notice_and_the_message_says_so(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    one = await office.know(LI)
    await office.notify(NOTICE, str(LI), person=one)
    number = await told_of(office, telegram)
    for _ in range(2):
        await ask(office, telegram, said.pressed("=收到", about=number))
    await until(lambda: len(presses(telegram)) == 2)

    (text,) = shown_in(telegram, LI)
    assert re.fullmatch(rf"{NOTICE.text}\n已签收 \d\d-\d\d \d\d:\d\d", text)
    edit = telegram.of("editMessageText")[-1]
    assert labels(edit) == []
    assert len(await office.rows(Acknowledgement)) == 1
    assert len(telegram.answered) == len(set(telegram.answered)) == 2


async def test_words_receive_a_notice_as_a_press_does(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    one, other = await office.know(LI), await office.know(WANG, "县教育局")
    await office.notify(NOTICE, str(LI), person=one, key="a")
    number = await told_of(office, telegram)
    await ask(office, telegram, said.answer_to_bot("收到，谢谢", about=number))
    await office.notify(NOTICE, str(WANG), person=other, key="b")
    await ask(office, telegram, said.said("好的收到", sender=said.WANG))
    await ask(office, telegram, said.said("收到", sender=said.WANG))

    assert "已签收" in shown_in(telegram, LI)[0]
    assert any("已签收" in one for one in shown_in(telegram, WANG))
    assert len(await office.rows(Acknowledgement)) == 2


async def test_an_edited_word_does_not_receive(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    one = await office.know(LI)
    await office.notify(NOTICE, str(LI), person=one)
    number = await told_of(office, telegram)
    reply = said.answer_to_bot("收到", about=number)
    await ask(office, telegram, said.update(edited_message=reply["message"]))

    assert await office.rows(Acknowledgement) == []


async def test_in_its_own_group_only_the_department_receives(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(LI)
    await office.know(WANG, "县教育局")
    await open_group(office, OURS, "县科协")
    await office.notify(NOTICE, str(OURS["id"]))
    number = await told_of(office, telegram)
    here = {"about": number, "chat": OURS}
    await ask(office, telegram, said.pressed("=收到", sender=said.WANG, **here))
    await ask(office, telegram, said.pressed("=收到", sender=person(1), **here))
    assert shown_in(telegram, OURS["id"]) == [NOTICE.text]
    await ask(office, telegram, said.pressed("=收到", **here))
    await until(lambda: len(presses(telegram)) == 3)

    assert asides(telegram)[:2] == ["仅限本单位联络员"] * 2
    assert all(call.parameters.get("show_alert") for call in presses(telegram)[:2])
    (text,) = shown_in(telegram, OURS["id"])
    assert text.startswith(f"{NOTICE.text}\n已签收")
    assert len(await office.rows(Acknowledgement)) == 1


async def test_in_the_group_of_all_each_receives_for_himself_and_nobody_sees_it(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(LI)
    await office.know(WANG, "县教育局", name="赵六")
    await open_group(office, OF_ALL, "")
    await office.notify(NOTICE, str(OF_ALL["id"]))
    number = await told_of(office, telegram)
    here = {"about": number, "chat": OF_ALL}
    for sender in (said.LI, said.WANG, person(1)):
        await ask(office, telegram, said.pressed("=收到", sender=sender, **here))
    await until(lambda: len(presses(telegram)) == 3)

    assert shown_in(telegram, OF_ALL["id"]) == [NOTICE.text]
    assert [one[:3] for one in asides(telegram)] == ["已签收", "已签收", "仅限本"]
    assert len(await office.rows(Acknowledgement)) == 2


async def test_a_press_of_what_the_button_had_no_room_for_says_it(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    long = f"县科协{'以及县教育局' * 8}负责哪些任务"
    await office.notify(Reply("您想问", (Button("是", long),)), str(LI))
    number = await told_of(office, telegram)
    (call,) = telegram.of("sendMessage")
    ((key,),) = call.parameters["reply_markup"]["inline_keyboard"]
    assert len(key["callback_data"].encode()) <= 64
    await ask(office, telegram, said.pressed(key["callback_data"], about=number))
    stale = said.pressed("~0000", about=number, press="9")
    await ask(office, telegram, stale)
    await until(lambda: len(presses(telegram)) == 2)

    spoken = [one for one in telegram.calls if one.method in SPOKEN]
    assert "县科协" in spoken[-1].text
    assert any("失效" in aside for aside in asides(telegram))


# Chats that died


async def test_an_account_that_blocked_the_bot_is_closed_until_it_speaks_again(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    one = await office.know(LI)
    telegram.blocked.add(LI)
    await office.notify(NOTICE, str(LI), person=one)
    await office.rest()
    assert (await office.deliveries())[0].status is DeliveryStatus.FAILED
    assert (await account(office, LI)).closed_at
    assert await unheard(office) == [str(LI)]
    telegram.blocked.clear()
    await ask(office, telegram, said.said("/start"))

    assert (await account(office, LI)).closed_at is None
    assert await unheard(office) == []
    assert len(shown_in(telegram, LI)) == 1


async def unheard(office: WholeOffice) -> list[str]:
    """List whom the office is told that it cannot reach."""
    async with office.app.database.reading() as session:
        return [one.address for one in await roster.closed_accounts(session)]


async def test_what_telegram_tells_of_a_block_is_known_before_anything_is_sent(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    one = await office.know(LI)
    private = said.private(said.LI)
    await ask(office, telegram, said.membership(HERE, BLOCKED, chat=private))
    assert (await account(office, LI)).closed_at
    async with office.app.database.reading() as session:
        assert await roster.accounts_of(session, one) == []
    await ask(office, telegram, said.membership(BLOCKED, HERE, chat=private))

    assert (await account(office, LI)).closed_at is None
    assert telegram.of("sendMessage") == []


async def test_a_group_that_put_the_bot_out_is_closed_and_opened_again(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await open_group(office, OURS, "县科协")
    await ask(office, telegram, said.membership(HERE, BLOCKED, chat=OURS))
    (chat,) = await office.rows(Chat)
    assert chat.closed_at
    await ask(office, telegram, said.membership(BLOCKED, HERE, chat=OURS))

    (chat,) = await office.rows(Chat)
    assert chat.closed_at is None
    assert chat.department == "县科协"
