"""A large file in answer to somebody is announced by a message that grows."""

from pathlib import Path

import pytest
from openws_faults import Fault, lose_ack, refuse
from robot_office import RobotOffice, robot_office

from bot.errors import NotSent
from bot.messages import Attachment, Reply

LARGE = 600 * 1024


async def answer(office: RobotOffice, tmp_path: Path, *, size: int = LARGE) -> None:
    """Answer somebody with a file."""
    path = tmp_path / "附件.docx"
    path.write_bytes(b"x" * size)
    await office.openws.say("ZhangSan", "原文件")
    asked = await office.took(len(office.taken) + 1)
    file = Attachment(name="附件_1.docx", at=str(path))
    reply = Reply("", attachments=(file,), ticket=asked.ticket)
    await office.send("zhangsan", reply)


def kinds(office: RobotOffice) -> list[str]:
    return [post.msgtype for post in office.openws.posts_in("ZhangSan")]


async def test_one_message_says_that_it_is_under_way_and_then_there(
    tmp_path: Path,
) -> None:
    async with robot_office() as office:
        await answer(office, tmp_path)

        first, last, file = office.openws.of("aibot_respond_msg")
        assert first.body["stream"]["finish"] is False
        assert "正在上传" in first.body["stream"]["content"]
        assert first.req_id == last.req_id == file.req_id
        assert kinds(office) == ["stream", "file"]
        (words, _) = office.openws.posts_in("ZhangSan")
        assert words.content["finish"] is True
        assert words.text == "《附件\\_1.docx》已传好，见下条。"


async def test_a_small_file_is_not_announced(tmp_path: Path) -> None:
    async with robot_office() as office:
        await answer(office, tmp_path, size=5000)

        assert kinds(office) == ["file"]


@pytest.mark.parametrize("code", [600039, 45009, 846605])
async def test_the_file_goes_out_where_the_words_do_not(
    tmp_path: Path, code: int
) -> None:
    async with robot_office() as office:
        office.openws.expect("aibot_respond_msg", refuse(code), refuse(code))
        await answer(office, tmp_path)

        assert kinds(office) == ["file"]


async def test_the_words_may_be_too_late_to_end(tmp_path: Path) -> None:
    async with robot_office() as office:
        office.openws.expect("aibot_respond_msg", Fault(), refuse(846608))
        await answer(office, tmp_path)

        assert kinds(office) == ["stream", "file"]


async def test_words_of_which_no_acknowledgement_came_do_not_hold_up_the_file(
    tmp_path: Path,
) -> None:
    async with robot_office() as office:
        office.openws.expect("aibot_respond_msg", lose_ack())
        await answer(office, tmp_path)

        assert kinds(office) == ["stream", "file"]
        assert office.openws.of("aibot_send_msg")


async def test_a_file_that_was_not_uploaded_leaves_no_words_open(
    tmp_path: Path,
) -> None:
    async with robot_office() as office:
        office.openws.expect("aibot_upload_media_chunk", refuse(-1))

        with pytest.raises(NotSent):
            await answer(office, tmp_path)

        (words,) = office.openws.posts_in("ZhangSan")
        assert words.content["finish"] is True
        assert "稍后再试" in words.text
