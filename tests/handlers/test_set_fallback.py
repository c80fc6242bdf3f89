"""What a group's own lane refuses goes through the webhook that an admin chose."""

from dataclasses import replace

import pytest
from front_door import GROUP, LANE, OWN, FrontDoor, write_words
from report_office import NUDGING
from sqlalchemy import select

from bot import roster
from bot.mail import outbox
from bot.messages import Reply
from bot.model import Chat, Delivery, DeliveryStatus, Role
from bot.roster.hearers import own_chats
from handlers.fall_back import fall_back

ADMIN, LANES = "1", (LANE, "wecom_hook")


@pytest.fixture
async def office(door: FrontDoor) -> FrontDoor:
    """Give an office with a registered group and one webhook."""
    door.nudging = replace(NUDGING, hooks=("科协工作群",))
    await door.bound(ADMIN, "李强", "县科学技术协会", Role.ADMIN)
    await door.bound("7", "王敏")
    await door.says_in_group(ADMIN, f"登记本群 {OWN}", is_admin=True)
    return door


async def chosen(office: FrontDoor) -> str:
    chat = await office.chat()
    assert chat
    return chat.fallback


@pytest.mark.parametrize("words", ["备用推送 科协工作群", "本群备用推送：科协工作群。"])
async def test_an_admin_names_the_webhook_in_the_group(
    office: FrontDoor, words: str
) -> None:
    assert "“科协工作群”" in await office.says_in_group(ADMIN, words)
    assert await chosen(office) == "wecom_hook:科协工作群"

    assert "没有备用推送" in await office.says_in_group(ADMIN, "备用推送 取消")
    assert await chosen(office) == ""
    assert (await office.events()).count("chat.fallback") == 2


async def test_a_group_that_is_taken_from_the_list_comes_back_without_it(
    office: FrontDoor,
) -> None:
    await office.says_in_group(ADMIN, "备用推送 科协工作群")
    for words in ("注销本群", "登记本群"):
        await office.says_in_group(ADMIN, words, is_admin=True)

    assert await chosen(office) == ""
    assert "没有备用推送" in await office.says_in_group(ADMIN, "备用推送")


@pytest.mark.parametrize(
    ("who", "words", "told"),
    [
        ("7", "备用推送 科协工作群", "您暂无此项权限"),
        ("99", "备用推送 科协工作群", "您暂无此项权限"),
        (ADMIN, "备用推送 火星群", "没有这个名称的群机器人"),
        (ADMIN, "备用推送", "没有备用推送"),
    ],
)
async def test_nothing_else_changes_it(
    office: FrontDoor, who: str, words: str, told: str
) -> None:
    answer = await office.says_in_group(who, words)

    assert told in answer
    assert "火星" not in answer
    assert await chosen(office) == ""


async def test_in_a_direct_chat_it_is_told_where_to_say_it(office: FrontDoor) -> None:
    assert "在该群里" in await office.says(ADMIN, "备用推送 科协工作群")


async def test_a_group_that_is_not_registered_is_registered_first(
    office: FrontDoor,
) -> None:
    told = await office.says_in_group(ADMIN, "备用推送 科协工作群", chat="-1002")

    assert "登记本群" in told


async def refused(office: FrontDoor, *, key: str = "n") -> Delivery:
    """Let a notice to the group be refused; returns what was refused."""
    notice = await office.tell(GROUP, key=key)
    query = select(Delivery).where(Delivery.notice_id == notice.id)
    delivery = (await office.session.scalars(query)).one()
    delivery.status, delivery.settled_at = DeliveryStatus.FAILED, office.now
    await office.session.flush()
    return delivery


async def goes_on(office: FrontDoor, delivery: Delivery, **more: object) -> set[str]:
    options = {"lanes": LANES, "write": write_words, "at": office.now} | more
    return await fall_back(office.session, [delivery.id], **options)  # type: ignore[arg-type]


async def test_what_the_group_refused_goes_through_the_webhook_once(
    office: FrontDoor,
) -> None:
    await office.says_in_group(ADMIN, "备用推送 科协工作群")
    first = await refused(office)

    assert await goes_on(office, first) == {"wecom_hook"}

    query = select(Delivery).filter_by(lane="wecom_hook")
    second = (await office.session.scalars(query)).one()
    await office.session.refresh(first)
    assert second.address == "科协工作群"
    assert (second.recipient, first.replaced_by) == (first.recipient, second.id)
    second.status, second.settled_at = DeliveryStatus.FAILED, office.now
    await office.session.flush()
    assert await goes_on(office, second) == set()


async def test_without_a_choice_or_its_lane_nothing_goes_on(office: FrontDoor) -> None:
    assert await goes_on(office, await refused(office)) == set()

    await office.says_in_group(ADMIN, "备用推送 科协工作群")
    second = await refused(office, key="m")
    assert await goes_on(office, second, lanes=(LANE,)) == set()


async def test_a_group_that_we_were_put_out_of_is_still_told(
    office: FrontDoor,
) -> None:
    await office.says_in_group(ADMIN, "备用推送 科协工作群")
    first = await refused(office)
    await goes_on(office, first, gone=[first.id])

    [chat] = await own_chats(office.session, {OWN}, lanes=LANES)
    assert chat.closed_at
    assert [one.id for one in await roster.registered_chats(office.session)] == [
        chat.id
    ]


async def test_an_answer_does_not_go_through_the_webhook(office: FrontDoor) -> None:
    await office.says_in_group(ADMIN, "备用推送 科协工作群")
    (chat,) = (await office.session.scalars(select(Chat))).all()
    to = outbox.Addressee(
        recipient=f"chat:{LANE}:{GROUP}", lane=LANE, address=chat.address
    )
    [id_] = await outbox.post(
        office.session,
        key="letter:1",
        to=to,
        requests=write_words(LANE, GROUP, Reply("答")),
        priority=outbox.Priority.ANSWER,
        due_at=office.now,
    )
    answer = await office.session.get_one(Delivery, id_)
    answer.status, answer.settled_at = DeliveryStatus.FAILED, office.now
    await office.session.flush()

    assert await goes_on(office, answer) == set()
