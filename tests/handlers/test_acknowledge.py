"""A notice is acknowledged by him to whom it was told, once."""

from datetime import timedelta

import pytest
from front_door import GROUP, LANE, NINE, OTHER, OWN, FrontDoor
from sqlalchemy import select

from bot import roster
from bot.messages import Incoming, Reply
from bot.model import Acknowledgement, Delivery, DeliveryStatus, Role
from handlers.acknowledge import ONLY_OURS

TEXT = "请按时报送"


@pytest.fixture
async def office(door: FrontDoor) -> FrontDoor:
    """Give an office with liaisons of two departments and an admin."""
    await door.bound("1", "李强", "县科学技术协会", Role.ADMIN)
    await door.bound("7", "王敏")
    await door.bound("8", "赵静", OTHER)
    return door


async def acknowledged(office: FrontDoor) -> list[int]:
    query = select(Acknowledgement.person_id).order_by(Acknowledgement.id)
    return list(await office.session.scalars(query))


async def person_of(office: FrontDoor, who: str) -> int:
    account = await roster.account_for(office.session, channel=LANE, address=who)
    assert account.person_id
    return account.person_id


async def told_to(office: FrontDoor, who: str, **more: str) -> None:
    account = await roster.account_for(office.session, channel=LANE, address=who)
    await office.tell(who, to=account.person, **more)


async def group_of(office: FrontDoor, department: str, *, topic: str = "") -> None:
    chat = await roster.chat_for(office.session, channel=LANE, address=GROUP)
    chat.department, chat.registered_at, chat.topic = department, NINE, topic


def press(
    office: FrontDoor, who: str, *, chat: str = "", about: str = "77"
) -> Incoming:
    return office.letter(who, "收到", chat=chat, about=about, press="p1")


@pytest.mark.parametrize(
    "words",
    [
        "收到",
        "收到。",
        "签收",
        "已阅",
        "知悉",
        "好的收到",
        "好的，收到！",
        "已收到，谢谢",
        "我单位已知悉",
        "收到了",
        "确认收到",
    ],
)
async def test_a_reply_to_a_notice_acknowledges_it(
    office: FrontDoor, words: str
) -> None:
    await told_to(office, "7")

    reply = await office.hear(office.letter("7", words, about="77"))

    assert reply == Reply(f"{TEXT}\n已签收 11-23 09:00", instead_of="77")
    assert await acknowledged(office) == [await person_of(office, "7")]
    assert await office.events() == ["ack.read"]


@pytest.mark.parametrize(
    "words", ["没收到", "还没收到", "收到了吗", "未收到", "签收了多少", "收到材料后报"]
)
async def test_what_only_sounds_like_it_does_not(office: FrontDoor, words: str) -> None:
    await told_to(office, "7")
    await office.says("7", words, about="77")

    assert await acknowledged(office) == []


async def test_a_press_acknowledges_and_is_answered(office: FrontDoor) -> None:
    await told_to(office, "7")

    reply = await office.hear(press(office, "7"))

    assert reply == Reply(f"{TEXT}\n已签收 11-23 09:00", instead_of="77", press="p1")


async def test_a_second_press_keeps_the_first_time(office: FrontDoor) -> None:
    await told_to(office, "7")
    first = await office.hear(press(office, "7"))
    office.now += timedelta(hours=2)

    assert await office.hear(press(office, "7")) == first
    assert (await office.events()) == ["ack.read"]


async def test_a_word_alone_acknowledges_the_newest_that_is_open(
    office: FrontDoor,
) -> None:
    await told_to(office, "7", key="old", remote_id="70", text="第一件")
    await told_to(office, "7", key="new", text="第二件\n请看附件")

    told = [await office.says("7", "收到") for _ in range(3)]

    assert told[0] == (
        "已签收 11-23 09:00：第二件\n签收不等于报送，材料请按时限另行报送。"
    )
    assert "第一件" in told[1]
    assert "签收" not in told[2]
    assert len(await acknowledged(office)) == 2


@pytest.mark.parametrize("who", ["7", "99"])
async def test_a_word_about_nothing_is_a_plain_word(
    office: FrontDoor, who: str
) -> None:
    assert "不客气" in await office.says(who, "收到")
    assert "不客气" in await office.says(who, "收到", about="12345")
    assert await acknowledged(office) == []


async def test_what_waits_is_not_acknowledged_unread(office: FrontDoor) -> None:
    await told_to(office, "7")
    delivery = (await office.session.scalars(select(Delivery))).one()
    delivery.status = DeliveryStatus.WAITING

    assert "不客气" in await office.says("7", "收到")


@pytest.mark.parametrize("is_press", [True, False])
async def test_the_notice_of_another_person_is_not_acknowledged(
    office: FrontDoor, is_press: bool
) -> None:
    await told_to(office, "7")
    issued = await office.code_for(await office.person("钱多", OTHER))
    await office.says("7", issued.code)

    letter = press(office, "7") if is_press else office.letter("7", "收到", about="77")
    reply = await office.hear(letter)

    assert reply
    assert (reply.text, reply.aside) == ("" if is_press else ONLY_OURS, ONLY_OURS)
    assert await acknowledged(office) == []


@pytest.mark.parametrize("is_press", [True, False])
@pytest.mark.parametrize(
    ("who", "department", "text", "aside"),
    [
        ("7", OWN, f"{TEXT}\n已签收 11-23 09:00", ""),
        ("8", OWN, "", ONLY_OURS),
        ("1", OWN, "", ONLY_OURS),
        ("99", OWN, "", ONLY_OURS),
        ("7", "", "", "已签收 11-23 09:00"),
        ("8", "", "", "已签收 11-23 09:00"),
        ("99", "", "", ONLY_OURS),
    ],
)
async def test_who_may_acknowledge_in_which_group(
    office: FrontDoor,
    who: str,
    department: str,
    text: str,
    aside: str,
    is_press: bool,
) -> None:
    await group_of(office, department)
    await office.tell(GROUP)
    letter = press(office, who, chat=GROUP)
    if not is_press:
        letter = office.letter(who, "收到", chat=GROUP, about="77")

    reply = await office.hear(letter)

    assert reply == Reply(
        text,
        instead_of="77" if text else "",
        aside=aside,
        press="p1" if is_press else "",
    )
    expected = [] if aside == ONLY_OURS else [await person_of(office, who)]
    assert await acknowledged(office) == expected


async def test_the_first_of_a_department_stays_in_its_group(office: FrontDoor) -> None:
    await group_of(office, OWN)
    await office.bound("9", "孙亮")
    await office.tell(GROUP)
    await office.hear(press(office, "7", chat=GROUP))
    office.now += timedelta(hours=2)

    reply = await office.hear(press(office, "9", chat=GROUP))

    assert reply
    assert reply.text.endswith("已签收 11-23 09:00")
    assert len(await acknowledged(office)) == 2


async def test_in_a_topic_the_notice_of_the_group_is_found(office: FrontDoor) -> None:
    await group_of(office, OWN)
    await office.tell(GROUP)

    await office.hear(press(office, "7", chat=f"{GROUP}/42"))

    assert len(await acknowledged(office)) == 1


async def test_a_press_of_which_the_topic_is_not_told_finds_the_notice(
    office: FrontDoor,
) -> None:
    await group_of(office, OWN, topic="42")
    await office.tell(f"{GROUP}/42")

    await office.hear(press(office, "7", chat=GROUP))

    assert len(await acknowledged(office)) == 1


async def test_a_notice_in_parts_is_not_replaced(office: FrontDoor) -> None:
    await told_to(office, "7")
    first = (await office.session.scalars(select(Delivery))).one()
    values = {
        name: getattr(first, name)
        for name in (
            "notice_id person_id recipient lane address request_id priority status"
            " wanted_at due_at"
        ).split()
    }
    office.session.add(Delivery(key="2", follows=first.id, remote_id="78", **values))
    await office.session.flush()

    reply = await office.hear(office.letter("7", "收到", about="78"))

    assert reply == Reply("已签收 11-23 09:00", aside="已签收 11-23 09:00")


async def test_an_edited_message_acknowledges_nothing(office: FrontDoor) -> None:
    await told_to(office, "7")

    assert (
        await office.hear(office.letter("7", "收到", about="77", edited=True)) is None
    )
    assert await acknowledged(office) == []
