"""Events, acts and questions: who may, where, and what is said to others."""

import pytest
from conversation import NOON
from front_door import GROUP, LANE, NINE, OTHER, OWN, FrontDoor
from msgspec.structs import replace
from sqlalchemy import select

from bot import roster
from bot.errors import NotAllowed
from bot.messages import Event, Reply
from bot.model import Account, Acknowledgement, Role, Talk
from handlers import ACTS, INTENTS
from handlers.greet import help_text
from handlers.reception import NAMELESS, STALE
from handlers.rights import Asker, Group, refusal


async def test_a_stranger_is_greeted_as_the_guide_says(door: FrontDoor) -> None:
    assert (await door.says("7", "你好")).startswith(
        "您好，我提供实施方案任务查询与报送提示。请回复办公室发放的 8 位绑定码。"
        "未绑定时可查公开文件内容。"
    )


async def test_a_stranger_hears_what_is_public_and_nothing_else(
    door: FrontDoor,
) -> None:
    assert "〔" in await door.says("7", "青少年行动有哪些任务")
    told = await door.says("7", "应急局交了吗")
    assert told == "报送情况仅对本单位联络员和办公室开放。需要请联系办公室。"


@pytest.mark.parametrize(
    ("role", "first", "doable"),
    [
        (None, "请先回复办公室发放的 8 位绑定码", ()),
        (Role.LIAISON, "您可以这样问：", ("收到", "申请移交 王建国", "解绑", "绑定")),
    ],
)
async def test_help_lists_what_this_person_may_do(
    door: FrontDoor, role: Role | None, first: str, doable: tuple[str, ...]
) -> None:
    if role:
        await door.bound("7", "王敏", role=role)

    lines = (await door.says("7", "帮助")).split("\n")

    assert lines[0].startswith(first)
    assert all(f"“{one}”" in lines[-1] for one in doable)
    assert ("还可以" in lines[-1]) is bool(doable)
    assert len(lines) <= 6


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPER])
async def test_help_shows_the_office_its_work_in_groups(
    door: FrontDoor, role: Role
) -> None:
    await door.bound("7", "王敏", role=role)

    lines = (await door.says("7", "帮助")).split("\n")

    assert max(map(len, lines)) <= 80
    assert len(lines) <= 6
    heads = ["您可以这样问", *Group] if role is Role.ADMIN else ["您可以这样问", "报送"]
    assert [line.partition("：")[0] for line in lines][: len(heads)] == heads
    mine = [act for act in ACTS if act.group and not refusal(act, Asker(role=role))]
    assert all(f"“{act.example}”" in "".join(lines) for act in mine if act.example)
    assert "已报" not in "".join(lines)


async def test_help_in_a_group_lists_what_a_group_may_hear(door: FrontDoor) -> None:
    await door.bound("7", "王敏")
    told = await door.says_in_group("7", "帮助")

    assert "群里只答公开文件的内容" in told
    assert "我们负责哪些任务" not in told
    assert "绑定码" not in told


def test_help_at_the_terminal_offers_no_acts() -> None:
    told = help_text(INTENTS, ACTS, Asker(department=OWN, role=Role.LIAISON))

    assert "绑定" not in told
    assert "我们负责哪些任务" in told


async def test_a_group_of_all_does_not_hear_the_tasks_of_one(door: FrontDoor) -> None:
    await door.bound("7", "王敏", "县教育和体育局")

    told = await door.says_in_group("7", "我们负责哪些任务")

    assert told == "各单位任务请私聊我查询。"


async def test_a_list_in_a_group_of_all_points_to_the_direct_chat(
    door: FrontDoor,
) -> None:
    told = await door.says_in_group("7", "青少年行动有哪些任务")

    assert told.endswith("各单位任务请私聊我查询。")


async def test_a_departments_own_group_hears_its_tasks(door: FrontDoor) -> None:
    await door.bound("7", "王敏", "县科学技术协会")
    chat = await roster.chat_for(door.session, channel=LANE, address=GROUP)
    chat.department, chat.registered_at = OTHER, NINE

    told = await door.says_in_group("7", "我们负责哪些任务")

    assert told == await door.says_in_group("99", "我们负责哪些任务")
    assert "县科学技术协会" not in told
    assert "私聊" not in told


async def test_the_button_under_a_nudge_tells_tasks_to_those_of_the_department_alone(
    door: FrontDoor,
) -> None:
    await door.bound("7", "王敏", "县科学技术协会")
    await door.bound("8", "李强", OTHER)
    chat = await roster.chat_for(door.session, channel=LANE, address=GROUP)
    chat.department, chat.registered_at = OTHER, NINE
    more = {"chat": GROUP, "about": "5", "press": "p1"}

    for who in ("7", "99"):
        refused = await door.hear(door.letter(who, "我们负责哪些任务", **more))
        assert refused == Reply("", press="p1", aside="仅限本单位联络员")
    told = await door.hear(door.letter("8", "我们负责哪些任务", **more))

    assert told
    assert told.text.startswith(OTHER)


async def test_where_the_group_is_no_departments_any_more_the_presser_alone_hears_so(
    door: FrontDoor,
) -> None:
    await door.bound("7", "王敏", OTHER)

    letter = door.letter("7", "我们负责哪些任务", chat=GROUP, about="5", press="p1")

    aside = Reply("", press="p1", aside="各单位任务请私聊我查询。")
    assert await door.hear(letter) == aside


async def test_what_is_talked_about_alone_stays_there(door: FrontDoor) -> None:
    await door.bound("7", "王敏", OTHER)
    alone = await door.says("7", "我们负责哪些任务")

    in_group = await door.says_in_group("7", "下一页")

    assert in_group not in alone
    account = await roster.account_for(door.session, channel=LANE, address="7")
    assert account.talk.asked
    chat = await door.chat()
    assert chat
    assert chat.talk == Talk()


async def test_the_members_of_a_group_share_a_talk(door: FrontDoor) -> None:
    await door.says_in_group("7", "青少年行动有哪些任务")

    by_another = await door.says_in_group("8", "第1个详细点")

    assert "原文" in by_another


async def test_the_title_of_a_group_is_kept(door: FrontDoor) -> None:
    await door.says("7", "你好", chat=GROUP, title="应急联络群")
    chat = await door.chat()

    assert chat
    assert chat.title == "应急联络群"


async def test_a_press_is_answered_with_every_reply(door: FrontDoor) -> None:
    letter = door.letter("7", "青少年行动有哪些任务", about="5", press="p1")

    reply = await door.hear(letter)

    assert reply
    assert reply.press == "p1"


async def test_a_page_is_turned_in_place_by_a_button_alone(door: FrontDoor) -> None:
    await door.says("7", "一共多少项任务")
    typed = await door.hear(door.letter("7", "下一页"))
    pressed = await door.hear(door.letter("7", "下一页", about="5", press="p"))
    other = await door.hear(door.letter("7", "帮助", about="5", press="p"))

    assert typed
    assert pressed
    assert other
    assert [typed.instead_of, pressed.instead_of, other.instead_of] == ["", "5", ""]


async def test_a_button_with_a_key_says_what_its_request_tells(
    door: FrontDoor,
) -> None:
    await door.tell("7", text="甲")
    asked = []

    def words(channel: str, request: str, key: str) -> str:
        asked.append((channel, request, key))
        return "青少年行动有哪些任务"

    door.button_words = words
    reply = await door.hear(door.letter("7", "", button="~k", about="77", press="p"))

    assert asked == [(LANE, "telegram: 甲", "~k")]
    assert reply
    assert "〔" in reply.text


@pytest.mark.parametrize(("button", "about"), [("~k", "77"), ("~k", "9"), ("", "77")])
async def test_a_button_that_says_nothing_is_told_to_be_stale(
    door: FrontDoor, button: str, about: str
) -> None:
    await door.tell("7")
    letter = door.letter("7", "", button=button, about=about, press="p")

    assert await door.hear(letter) == Reply("", press="p", aside=STALE)


async def test_a_refusal_of_a_press_in_a_group_is_for_him_alone(
    door: FrontDoor,
) -> None:
    letter = door.letter("7", "注销本群", chat=GROUP, about="5", press="p")

    told = await door.hear(letter)

    assert told
    assert (told.text, told.press) == ("", "p")
    assert told.aside.startswith(NotAllowed.reply)


async def test_who_speaks_as_the_group_is_told_so(door: FrontDoor) -> None:
    assert await door.says_in_group("", "登记本群") == NAMELESS
    assert (await door.session.scalars(select(Account))).all() == []


@pytest.mark.parametrize("event", [Event.OPENED, Event.CLOSED, Event.MOVED])
async def test_an_event_in_a_direct_chat_says_nothing(
    door: FrontDoor, event: Event
) -> None:
    assert await door.happens(event, who="7", text="8") is None


async def test_a_letter_heard_twice_acts_once(door: FrontDoor) -> None:
    person = await door.bound("7", "王敏")
    await door.tell("7", to=person)
    letter = door.letter("7", "收到", about="77")

    first, again = await door.hear(letter), await door.hear(replace(letter, at=NOON))

    assert first == again
    kept = (await door.session.scalars(select(Acknowledgement))).all()
    assert len(kept) == 1
    assert await door.events() == ["ack.read"]
