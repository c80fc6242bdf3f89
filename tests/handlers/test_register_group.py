"""Groups are registered by an office admin who administers them too."""

from datetime import timedelta

import pytest
from front_door import GROUP, LANE, OWN, FrontDoor
from report_office import NUDGING
from sqlalchemy import select

from bot import roster
from bot.messages import Event, Place, Reply
from bot.model import Chat, Delivery, DeliveryStatus, Notice, Role
from handlers.presence import WELCOME
from handlers.reception import NAMELESS

ADMIN = "1"
NEW = "-1002"


@pytest.fixture
async def office(door: FrontDoor) -> FrontDoor:
    """Give an office with an admin and a liaison who is none."""
    await door.bound(ADMIN, "李强", "县科学技术协会", Role.ADMIN)
    await door.bound("7", "王敏")
    return door


async def link(office: FrontDoor, words: str = "登记群") -> str:
    reply = await office.hear(office.letter(ADMIN, words))
    assert reply
    [button] = reply.buttons
    assert button.for_group
    return button.payload


async def registered(office: FrontDoor, words: str = "登记群") -> str:
    payload = await link(office, words)
    return await office.says_in_group(ADMIN, f"绑定 {payload}", is_admin=True)


@pytest.mark.parametrize(
    ("words", "department", "told"),
    [
        ("登记群", "", "本群已登记为全体群，今后只发时限、依据和已报总数，不点名。"),
        ("登记本群", "", "本群已登记为全体群"),
        (f"登记群 {OWN}", OWN, f"本群已登记为{OWN}的单位群，今后发送该单位的通知"),
        ("登记群 县应急局", OWN, f"本群已登记为{OWN}的单位群"),
    ],
)
async def test_a_group_is_registered_by_a_link(
    office: FrontDoor, words: str, department: str, told: str
) -> None:
    assert (await registered(office, words)).startswith(told)

    chat = await office.chat()
    assert chat
    assert (chat.department, chat.registered_at) == (department, office.now)
    assert await office.events() == ["chat.invited", "chat.registered"]


@pytest.mark.parametrize("is_admin", [False, None])
async def test_who_does_not_administer_the_group_cannot(
    office: FrontDoor, is_admin: bool | None
) -> None:
    payload = await link(office)
    told = await office.says_in_group(ADMIN, f"绑定 {payload}", is_admin=is_admin)

    assert "须由本群的管理员操作" in told
    again = await office.says_in_group(ADMIN, f"绑定 {payload}", is_admin=True)
    assert "已登记" in again


async def test_the_link_is_only_for_him_who_asked_for_it(office: FrontDoor) -> None:
    await office.bound("2", "陈主任", role=Role.ADMIN)
    payload = await link(office)

    told = await office.says_in_group("2", f"绑定 {payload}", is_admin=True)

    assert "无效或已过期" in told
    assert payload not in told


@pytest.mark.parametrize("who", ["7", "99"])
async def test_who_is_no_office_admin_cannot(office: FrontDoor, who: str) -> None:
    payload = await link(office)

    not_here = await office.says_in_group(who, f"绑定 {payload}", is_admin=True)
    assert not_here.startswith("绑定码请私聊我发送")
    for words in ("登记本群", "注销本群"):
        told = await office.says_in_group(who, words, is_admin=True)
        assert told == "您暂无此项权限，需要请联系办公室。此项由办公室管理员办理。"
    chat = await office.chat()
    assert chat
    assert chat.registered_at is None


async def test_a_link_that_is_used_is_used(office: FrontDoor) -> None:
    payload = await link(office)
    first = await office.says_in_group(ADMIN, f"绑定 {payload}", is_admin=True)
    again = await office.says_in_group(ADMIN, f"绑定 {payload}", is_admin=True)
    elsewhere = await office.says_in_group(
        ADMIN, f"绑定 {payload}", is_admin=True, chat=NEW
    )

    assert first == again
    assert "无效或已过期" in elsewhere
    assert (await office.events()).count("chat.registered") == 1


async def test_a_link_lasts_for_a_day(office: FrontDoor) -> None:
    payload = await link(office)
    office.now += timedelta(hours=24)

    told = await office.says_in_group(ADMIN, f"绑定 {payload}", is_admin=True)

    assert "无效或已过期" in told


async def test_an_admin_registers_before_he_is_bound_in_vain(door: FrontDoor) -> None:
    person = await door.person("李强", role=Role.ADMIN)
    assert "权限" in await door.says_in_group(ADMIN, "登记本群", is_admin=True)

    await door.says(ADMIN, (await door.code_for(person)).code)

    assert "已登记" in await door.says_in_group(ADMIN, "登记本群", is_admin=True)


async def test_a_link_for_a_group_binds_nobody(office: FrontDoor) -> None:
    payload = await link(office)

    assert "绑定码无效" in await office.says("99", f"绑定 {payload}")
    assert "已登记" in await office.says_in_group(
        ADMIN, f"绑定 {payload}", is_admin=True
    )


async def test_the_scope_is_changed_by_the_admin_in_the_group(
    office: FrontDoor,
) -> None:
    await registered(office)

    assert "本群是全体群" in await office.says_in_group(
        ADMIN, "登记本群", is_admin=True
    )
    told = await office.says_in_group(ADMIN, f"登记本群 {OWN}", is_admin=True)

    assert told.startswith(f"本群已登记为{OWN}的单位群")
    unknown = await office.says_in_group(ADMIN, "登记本群 火星局", is_admin=True)
    assert "没有这个单位" in unknown
    assert "火星" not in unknown
    back = await office.says_in_group(ADMIN, "登记本群 全体", is_admin=True)
    assert back.startswith("本群已登记为全体群")


async def test_a_group_is_taken_from_the_list(office: FrontDoor) -> None:
    await registered(office)

    assert "已注销" in await office.says_in_group(ADMIN, "注销本群", is_admin=True)
    assert "没有登记" in await office.says_in_group(ADMIN, "注销本群", is_admin=True)
    chat = await office.chat()
    assert chat
    assert (chat.registered_at, chat.department) == (None, "")
    assert (await office.events())[-1] == "chat.unregistered"


async def test_an_anonymous_admin_is_told_what_to_do(office: FrontDoor) -> None:
    assert await office.says_in_group("", "登记本群", is_admin=None) == NAMELESS


async def test_a_new_group_is_greeted_and_a_registered_one_is_not(
    office: FrontDoor,
) -> None:
    assert await office.happens(Event.OPENED, who=ADMIN, chat=GROUP) == Reply(WELCOME)
    await registered(office)
    assert await office.happens(Event.CLOSED, chat=GROUP) is None
    assert await office.happens(Event.OPENED, who="99", chat=GROUP) is None

    chat = await office.chat()
    assert chat
    assert chat.registered_at
    assert chat.closed_at is None


async def test_a_group_that_is_about_to_be_registered_is_not_greeted(
    office: FrontDoor,
) -> None:
    await link(office)

    assert await office.happens(Event.OPENED, who=ADMIN, chat=GROUP) is None
    assert await office.happens(Event.OPENED, who="7", chat=NEW) == Reply(WELCOME)


async def test_a_group_that_is_closed_opens_with_the_next_word(
    office: FrontDoor,
) -> None:
    await registered(office)
    await office.happens(Event.CLOSED, chat=GROUP)
    await office.happens(Event.CLOSED, chat=GROUP)
    chat = await office.chat()
    assert chat
    assert chat.closed_at

    await office.says_in_group("7", "你好")

    assert chat.closed_at is None
    assert (await office.events())[-2:] == ["chat.closed", "chat.opened"]


async def test_an_unknown_group_that_is_closed_stays_unknown(
    office: FrontDoor,
) -> None:
    await office.happens(Event.CLOSED, chat=GROUP)

    assert await office.chat() is None


async def test_a_topic_is_the_group_that_it_is_in(office: FrontDoor) -> None:
    told = await office.says_in_group(
        ADMIN, "登记本群", is_admin=True, chat=f"{GROUP}/42"
    )

    assert "已登记" in told
    assert await office.chat()
    assert await office.chat(f"{GROUP}/42") is None


async def test_notices_go_to_the_topic_in_which_a_group_was_last_registered(
    office: FrontDoor,
) -> None:
    chat = None
    for where in (f"{GROUP}/42", f"{GROUP}/43", GROUP):
        told = await office.says_in_group(
            ADMIN, "登记本群 全体", is_admin=True, chat=where
        )
        chat = await office.chat()
        assert chat
        assert chat.told_at == where
        assert told.endswith("发在本话题里。") is ("/" in where)


@pytest.mark.parametrize("words", ["登记本群", "绑定", "绑定本群"])
async def test_a_group_moves_to_another_topic_by_the_plain_word_and_keeps_its_scope(
    office: FrontDoor, words: str
) -> None:
    await office.says_in_group(
        ADMIN, f"登记本群 {OWN}", is_admin=True, chat=f"{GROUP}/42"
    )
    for where in (f"{GROUP}/43", GROUP):
        told = await office.says_in_group(ADMIN, words, is_admin=True, chat=where)
        chat = await office.chat()
        assert chat
        assert (chat.told_at, chat.department) == (where, OWN)
        assert told.startswith(f"本群已登记为{OWN}的单位群")

    same = await office.says_in_group(ADMIN, words, is_admin=True)
    assert same.startswith(f"本群是{OWN}的单位群。")


async def test_a_group_that_is_registered_no_more_has_no_topic(
    office: FrontDoor,
) -> None:
    for words in ("登记本群", "注销本群"):
        await office.says_in_group(ADMIN, words, is_admin=True, chat=f"{GROUP}/42")

    chat = await office.chat()
    assert chat
    assert chat.told_at == GROUP


@pytest.fixture
async def in_topic(office: FrontDoor) -> FrontDoor:
    """Give an office of which the group is told notices in topic 42."""
    office.nudging = NUDGING
    await office.says_in_group(ADMIN, "登记本群", is_admin=True, chat=f"{GROUP}/42")
    return office


async def test_the_office_hears_once_that_a_topic_is_gone_and_all_goes_to_general(
    in_topic: FrontDoor,
) -> None:
    waits, said, other = (f"{GROUP}/{topic}" for topic in (42, 42, 43))
    for key, address in (("waits", waits), ("said", said), ("other", other)):
        await in_topic.tell(address, key=key, remote_id=key)
    first = select(Delivery).order_by(Delivery.id).limit(1)
    (await in_topic.session.scalars(first)).one().status = DeliveryStatus.WAITING
    for _ in range(2):
        await in_topic.happens(Event.MOVED, chat=waits, text=GROUP, about="said")

    chat = await in_topic.chat()
    assert chat
    assert chat.told_at == GROUP
    in_topic.session.expire_all()
    rows = await in_topic.session.execute(
        select(Delivery.address, Notice.kind)
        .join(Notice, Notice.id == Delivery.notice_id)
        .order_by(Delivery.id)
    )
    expected = [(GROUP, "nudge"), (GROUP, "nudge"), (other, "nudge")]
    assert [tuple(row) for row in rows] == [*expected, (ADMIN, "office")]
    assert (await in_topic.events()).count("chat.topic_lost") == 1


async def test_that_another_topic_is_gone_is_no_news(in_topic: FrontDoor) -> None:
    await in_topic.happens(Event.MOVED, chat=f"{GROUP}/43", text=GROUP, about="9")

    chat = await in_topic.chat()
    assert chat
    assert chat.told_at == f"{GROUP}/42"
    assert "chat.topic_lost" not in await in_topic.events()


async def test_an_account_is_closed_and_opened(office: FrontDoor) -> None:
    async def is_closed() -> bool:
        account = await roster.account_for(office.session, channel=LANE, address="7")
        return account.closed_at is not None

    await office.happens(Event.CLOSED, who="7")
    assert await is_closed()
    await office.happens(Event.OPENED, who="7")
    assert not await is_closed()
    await office.happens(Event.CLOSED, who="7")
    await office.says("7", "你好")
    assert not await is_closed()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("is_seen_there", [False, True])
async def test_a_group_that_moves_takes_its_registration_along(
    office: FrontDoor, times: int, is_seen_there: bool
) -> None:
    await registered(office, f"登记群 {OWN}")
    if is_seen_there:
        await office.happens(Event.CLOSED, chat=GROUP)
        await office.happens(Event.OPENED, chat=NEW)

    for _ in range(times):
        assert await office.happens(Event.MOVED, chat=GROUP, text=NEW) is None

    chat = await office.chat(NEW)
    assert chat
    assert (chat.department, chat.closed_at) == (OWN, None)
    assert chat.registered_at
    assert await office.chat() is None
    assert (await office.events()).count("chat.moved") == 1


async def test_what_waits_for_a_group_that_moves_goes_there(
    office: FrontDoor,
) -> None:
    await registered(office)
    await office.tell(GROUP, key="a", remote_id="70")
    await office.tell(GROUP, key="b")
    await office.tell(f"{GROUP}/42", key="c")
    await office.tell(f"{GROUP}1", key="d")
    deliveries = (
        await office.session.scalars(select(Delivery).order_by(Delivery.id))
    ).all()
    for one in deliveries[1:]:
        one.status = DeliveryStatus.WAITING
    await office.session.flush()

    await office.happens(Event.MOVED, chat=GROUP, text=NEW)
    await office.happens(Event.MOVED, chat=GROUP, text=NEW)

    office.session.expire_all()
    addresses = await office.session.scalars(
        select(Delivery.address).order_by(Delivery.id)
    )
    assert addresses.all() == [GROUP, NEW, f"{NEW}/42", f"{GROUP}1"]


@pytest.mark.parametrize("is_in_hand", [True, False])
async def test_what_arrived_where_a_group_has_gone_is_looked_for_there(
    office: FrontDoor, is_in_hand: bool
) -> None:
    await registered(office)
    await office.tell(GROUP, key="a", remote_id="70")
    await office.tell(GROUP, key="b", remote_id="" if is_in_hand else "1")
    if is_in_hand:
        query = select(Delivery).where(Delivery.remote_id == "")
        delivery = (await office.session.scalars(query)).one()
        delivery.status = DeliveryStatus.SENDING
        await office.session.flush()

    await office.happens(Event.MOVED, chat=GROUP, text=NEW)
    await office.happens(Event.MOVED, chat=GROUP, text=NEW, about="1")

    office.session.expire_all()
    addresses = await office.session.scalars(
        select(Delivery.address).order_by(Delivery.id)
    )
    assert addresses.all() == [GROUP, NEW]


async def test_a_private_account_never_moves(office: FrontDoor) -> None:
    await office.hear(office.letter("7", "8", event=Event.MOVED, place=Place.DIRECT))

    assert await office.whose("7") == "王敏"
    assert (await office.session.scalars(select(Chat))).all() == []


@pytest.mark.parametrize(
    ("words", "department"),
    [("绑定", ""), ("绑定本群", ""), ("绑定群 全体", ""), ("绑定 县应急局", OWN)],
)
async def test_to_bind_a_group_is_to_register_it(
    office: FrontDoor, words: str, department: str
) -> None:
    told = await office.says_in_group(ADMIN, words, is_admin=True)

    assert told.startswith("本群已登记为")
    chat = await office.chat()
    assert chat
    assert chat.department == department


@pytest.mark.parametrize(
    ("who", "words"), [("7", "绑定"), ("99", "绑定"), (ADMIN, "绑定 ABCD2345")]
)
async def test_who_would_bind_his_account_in_a_group_is_sent_to_his_own_chat(
    office: FrontDoor, who: str, words: str
) -> None:
    assert "私聊我" in await office.says_in_group(who, words, is_admin=True)
    chat = await office.chat()
    assert chat
    assert chat.registered_at is None


async def test_a_group_registered_without_a_word_for_whom_is_told_how_to_narrow_it(
    office: FrontDoor,
) -> None:
    told = await office.says_in_group(ADMIN, "登记本群", is_admin=True)
    assert told.endswith("如是某一单位的群，请再 @我 发“登记本群 单位名称”。")

    narrowed = await office.says_in_group(ADMIN, "登记本群 县应急局", is_admin=True)
    assert narrowed.startswith(f"本群已登记为{OWN}的单位群")
    assert "如是某一单位" not in narrowed


async def test_the_link_for_a_department_tells_the_words_for_it_too(
    office: FrontDoor,
) -> None:
    assert f"发“登记本群 {OWN}”" in await office.says(ADMIN, "登记群 县应急局")
    of_all = await office.says(ADMIN, "登记群")
    assert "发“登记本群 全体”" in of_all
    assert "请回复“登记群 单位名称”" in of_all
