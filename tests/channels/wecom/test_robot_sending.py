"""What the robot sends: answers, pushes, cards, cards in place of others, files."""

import asyncio
from pathlib import Path

import pytest
from openws_faults import lose_ack, refuse
from robot_office import GROUP, RobotOffice, robot_office

from bot.channels.wecom.robot_call import Call
from bot.errors import NotSent, Refused
from bot.messages import Attachment, Button, Incoming, Reply

BUTTONS = (Button("签收", "签收 12"), Button("约定日期", "约定"))


async def _asked(office: RobotOffice, *, chat: str = "") -> Incoming:
    """Have somebody say something, so that the chat is known and may be answered."""
    await office.openws.say("ZhangSan", office.openws.at("在吗"), chat=chat)
    return await office.took(len(office.taken) + 1)


@pytest.mark.parametrize("chat", ["", GROUP])
async def test_an_answer_goes_by_the_request_of_its_message(chat: str) -> None:
    async with robot_office() as office:
        asked = await _asked(office, chat=chat)

        await office.send(asked.conversation, Reply("在的。", ticket=asked.ticket))

        (frame,) = office.openws.of("aibot_respond_msg")
        assert frame.req_id in asked.ticket
        assert office.openws.texts_in(chat or "ZhangSan") == ["在的。"]


async def test_a_long_answer_goes_in_parts_in_their_order() -> None:
    text = "\n".join(f"第{number}条 " + "科学素质" * 60 for number in range(60))
    async with robot_office() as office:
        asked = await _asked(office)

        await office.send("zhangsan", Reply(text, ticket=asked.ticket))

        parts = office.openws.texts_in("ZhangSan")
        assert len(parts) == 3
        assert "\n".join(parts) == text


@pytest.mark.parametrize("code", [846605, 846608, 600039])
async def test_what_can_no_longer_be_answered_is_said_unasked(code: int) -> None:
    async with robot_office() as office:
        asked = await _asked(office)
        office.openws.expect("aibot_respond_msg", refuse(code))

        await office.send("zhangsan", Reply("在的。", ticket=asked.ticket))

        assert office.openws.texts_in("ZhangSan") == ["在的。"]


async def test_a_request_whose_answer_was_not_acknowledged_is_not_used_again() -> None:
    async with robot_office() as office:
        asked = await _asked(office)
        office.openws.expect("aibot_respond_msg", lose_ack())
        with pytest.raises(Exception, match="did not answer"):
            await office.send("zhangsan", Reply("一", ticket=asked.ticket))
        await office.openws.heard("ping", times=len(office.openws.of("ping")) + 2)

        await office.send("zhangsan", Reply("二", ticket=asked.ticket))

        assert office.openws.texts_in("ZhangSan") == ["一", "二"]
        assert len(office.openws.of("aibot_respond_msg")) == 1


@pytest.mark.parametrize(
    ("who", "chat", "kind"), [("ZhangSan", "", 1), ("LiSi", GROUP, 2)]
)
async def test_what_nobody_asked_for_is_pushed(who: str, chat: str, kind: int) -> None:
    async with robot_office() as office:
        await office.openws.say(who, office.openws.at("在吗"), chat=chat)
        asked = await office.took()

        await office.send(asked.conversation, Reply("提示：今日截止。"))

        (frame,) = office.openws.of("aibot_send_msg")
        assert frame.body["chat_type"] == kind
        assert office.openws.texts_in(chat or who) == ["提示：今日截止。"]


async def test_where_nobody_knows_whose_an_address_is_wecom_finds_out() -> None:
    async with robot_office() as office:
        office.openws.board.people["zhangsan"] = "ZhangSan"

        await office.send("zhangsan", Reply("提示"))

        assert "chat_type" not in office.openws.of("aibot_send_msg")[0].body
        assert office.openws.texts_in("ZhangSan") == ["提示"]


async def test_a_group_that_takes_no_push_is_answered_on_its_last_request() -> None:
    async with robot_office() as office:
        office.openws.board.is_pushing_to_groups = False
        await _asked(office, chat=GROUP)

        await office.send(GROUP, Reply("提示"))

        assert office.openws.texts_in(GROUP) == ["提示"]


@pytest.mark.parametrize("code", [600039, 93006])
async def test_a_group_that_takes_nothing_is_refused_so_that_another_way_is_taken(
    code: int,
) -> None:
    async with robot_office() as office:
        office.openws.expect("aibot_send_msg", refuse(code))

        with pytest.raises(Refused, match=str(code)):
            await office.send(GROUP, Reply("提示"))


async def test_too_often_concerns_one_chat_alone() -> None:
    async with robot_office() as office:
        await _asked(office)
        office.openws.expect("aibot_send_msg", refuse(45009))

        with pytest.raises(NotSent) as failure:
            await office.send("zhangsan", Reply("提示"))

        assert failure.value.retry_after == 60
        assert not failure.value.everywhere


async def test_a_card_has_an_id_of_its_own_each_time_and_tells_its_words() -> None:
    async with robot_office() as office:
        await _asked(office)
        (request,) = office.robot.write("zhangsan", Reply("签收？", BUTTONS))

        first = await office.robot.send("zhangsan", request)
        second = await office.robot.send("zhangsan", request)
        key = office.openws.board.cards[first]["button_list"][0]["key"]
        await office.openws.click("ZhangSan", key, task_id=first)
        press = await office.took(2)

        assert first != second
        assert press.about == first
        assert press.address == "zhangsan"
        assert (press.text or Call.words_of_button(request, press.button)) == "签收 12"


@pytest.mark.parametrize("code", [42014, 42018, 40058, 600039])
async def test_a_card_that_is_not_taken_is_said_in_words(code: int) -> None:
    async with robot_office() as office:
        asked = await _asked(office)
        troubles = refuse(code), refuse(code)
        office.openws.expect("aibot_respond_msg", *troubles[: code != 600039 or 2])
        office.openws.expect("aibot_send_msg", *troubles[: code == 600039])

        await office.send("zhangsan", Reply("签收？", BUTTONS, ticket=asked.ticket))

        (post,) = office.openws.posts_in("ZhangSan")
        assert post.text == "签收？\n（可回复：签收、约定日期）"


async def _pressed(office: RobotOffice, *, chat: str = "") -> Incoming:
    asked = await _asked(office, chat=chat)
    (task_id,) = await office.send(asked.conversation, Reply("签收？", BUTTONS))
    await office.openws.click("LiSi", "1=签收 12", task_id=task_id, chat=chat)
    return await office.took(2)


@pytest.mark.parametrize("chat", ["", GROUP])
async def test_a_card_that_was_pressed_is_replaced(chat: str) -> None:
    async with robot_office() as office:
        press = await _pressed(office, chat=chat)
        reply = Reply("签收？\n已签收", press=press.press, instead_of=press.about)

        (task_id,) = await office.send(press.conversation, reply)

        (update,) = office.openws.board.updates
        assert update.task_id == task_id == press.about
        assert "已签收" in str(update.card)
        assert update.users == ()
        assert len(office.openws.posts) == 1


@pytest.mark.parametrize("buttons", [(), BUTTONS])
async def test_a_card_that_cannot_be_replaced_any_more_is_followed_by_a_message(
    buttons: tuple[Button, ...],
) -> None:
    async with robot_office() as office:
        press = await _pressed(office)
        office.openws.expect("aibot_respond_update_msg", refuse(846605))
        reply = Reply("签收？\n已签收", buttons, press=press.press, instead_of="x")

        (message,) = await office.send("zhangsan", reply)

        assert len(office.openws.posts) == 2
        assert message != press.about


async def test_a_press_of_another_process_or_of_long_ago_is_not_even_tried() -> None:
    async with robot_office() as office, robot_office() as other:
        press = await _pressed(office)
        await _asked(other)
        reply = Reply("已签收", press=press.press, instead_of=press.about)

        await other.send("zhangsan", reply)

        assert other.openws.of("aibot_respond_update_msg") == []
        assert other.openws.texts_in("ZhangSan") == ["已签收"]


async def test_an_aside_is_seen_by_him_alone_who_pressed() -> None:
    async with robot_office() as office:
        press = await _pressed(office, chat=GROUP)

        await office.send(GROUP, Reply("", press=press.press, aside="仅限本单位"))

        (update,) = office.openws.board.updates
        assert update.users == ("LiSi",)
        assert "仅限本单位" in str(update.card)
        assert update.card["button_list"]
        assert len(office.openws.posts) == 1


async def test_who_enters_is_greeted_in_time_and_else_spoken_to() -> None:
    async with robot_office() as office:
        await office.openws.enter("ZhangSan")
        opened = await office.took()
        office.openws.expect("aibot_respond_welcome_msg", refuse(846605))

        await office.send("zhangsan", Reply("您好。", ticket=opened.ticket))
        await office.send("zhangsan", Reply("请问。", ticket=opened.ticket))

        posts = office.openws.posts_in("ZhangSan")
        assert [(post.msgtype, post.text) for post in posts] == [
            ("markdown", "您好。"),
            ("text", "请问。"),
        ]


async def test_a_file_goes_up_in_pieces_and_then_out(tmp_path: Path) -> None:
    path = tmp_path / "附件.docx"
    path.write_bytes(bytes(range(256)) * 4200)  # more than a megabyte
    async with robot_office() as office:
        asked = await _asked(office)
        file = Attachment(name="附件.docx", at=str(path))

        await office.send("zhangsan", Reply("", (), attachments=(file,)))

        (post,) = office.openws.posts_in("ZhangSan")
        kept = office.openws.uploads.files[post.content["media_id"]]
        assert kept.content == path.read_bytes()
        assert kept.name == "附件.docx"
        assert asked
        assert len(office.openws.of("aibot_upload_media_chunk")) == 3


async def test_a_file_that_was_not_uploaded_may_be_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("0123456789")
    async with robot_office() as office:
        office.openws.expect("aibot_upload_media_chunk", lose_ack())
        file = Attachment(name="a.txt", at=str(path))

        with pytest.raises(NotSent):
            await office.send("zhangsan", Reply("", attachments=(file,)))


async def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    async with robot_office() as office:
        file = Attachment(name="a.txt", at=str(tmp_path / "none"))

        with pytest.raises(Refused):
            await office.send("zhangsan", Reply("", attachments=(file,)))


async def test_a_file_that_came_in_is_fetched_and_opened() -> None:
    async with robot_office() as office:
        media = office.openws.media.add("报送材料".encode() * 100, name="材料.docx")
        said = office.openws.sayings.media("ZhangSan", "file", media)
        await office.openws.tell(said)
        (attachment,) = (await office.took()).attachments

        assert await office.robot.fetch(attachment) == "报送材料".encode() * 100

        await office.openws.clock.advance(301)
        with pytest.raises(Refused):
            await office.robot.fetch(attachment)


async def test_what_is_said_to_many_chats_at_once_is_told_apart() -> None:
    async with robot_office() as office:
        people = [f"P{number}" for number in range(40)]
        for one in people:
            await office.openws.say(one, "在")
        await office.took(40)

        await asyncio.gather(
            *(office.send(one.lower(), Reply(f"给{one}")) for one in people)
        )

        assert all(office.openws.texts_in(one) == [f"给{one}"] for one in people)
