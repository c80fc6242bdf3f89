"""A file in a direct chat is kept, and reports only if its sender says so."""

from typing import Any

import pytest
from front_door import GROUP, OTHER, OWN
from report_office import NUDGING, ReportOffice, at
from sqlalchemy import select

from bot.messages import Attachment, Reply
from bot.model import Evidence, SubmissionState
from handlers.file_fate import refuse_file
from handlers.hand_in import IN_PRIVATE

STATE = SubmissionState


def file(name: str = "2026年总结.docx", **more: Any) -> Attachment:
    return Attachment(name=name, at=f"at:{name}", **{"size": 5, **more})


async def sends(
    office: ReportOffice,
    *files: Attachment,
    who: str = "7",
    text: str = "",
    **more: Any,
) -> Reply:
    letter = office.door.letter(who, text, attachments=files, **more)
    return await office.door.hear(letter) or Reply("")


async def kept(office: ReportOffice) -> list[Evidence]:
    query = select(Evidence).order_by(Evidence.id)
    return list(await office.door.session.scalars(query))


@pytest.fixture
async def owing(office: ReportOffice) -> ReportOffice:
    office.door.now = at(12, 22)
    await office.duty(OWN)
    await office.liaison()
    return office


async def test_the_only_report_is_offered_and_a_yes_reports(
    owing: ReportOffice,
) -> None:
    asked = await sends(owing, file())

    assert asked.text == ("已收《2026年总结.docx》。是否作为2026年全年落实情况报送？")
    assert [button.label for button in asked.buttons] == ["是", "仅留存"]
    assert await owing.state() is STATE.OPEN

    said = await owing.door.says("7", "是")

    assert "已记" in said
    assert await owing.state() is STATE.CLAIMED
    (row,) = await kept(owing)
    assert row.submission_id == (await owing.submission()).id
    assert row.fetch_at


@pytest.mark.parametrize("words", ["仅留存", "2", "不是"])
async def test_only_keeping_leaves_the_report_open(
    owing: ReportOffice, words: str
) -> None:
    await sends(owing, file())

    assert "留存" in await owing.door.says("7", words)
    assert await owing.state() is STATE.OPEN
    assert (await kept(owing))[0].submission_id is None


async def test_of_several_reports_it_is_asked_which(owing: ReportOffice) -> None:
    other = await owing.duty(OWN, what="科普经费报告", key="k2")

    asked = await sends(owing, file())
    await owing.door.says("7", "2")

    assert [one.label for one in asked.buttons][-1] == "仅留存"
    (row,) = await kept(owing)
    assert row.submission_id == (await owing.submission()).id
    assert (await owing.submission()).report_id == other.id
    assert (await owing.submission()).state is STATE.CLAIMED


async def test_words_that_claim_take_the_file_with_them(owing: ReportOffice) -> None:
    said = await sends(owing, file(), text="已报")

    assert "已记" in said.text
    assert (await kept(owing))[0].submission_id == (await owing.submission()).id


async def test_words_that_say_nothing_of_it_are_asked_back(
    owing: ReportOffice,
) -> None:
    assert "是否作为" in (await sends(owing, file(), text="您好")).text


async def test_several_files_of_a_letter_go_together(owing: ReportOffice) -> None:
    asked = await sends(owing, file(), file("照片.jpg"))
    await owing.door.says("7", asked.buttons[0].says)

    assert "2 个文件" in asked.text
    assert all(row.submission_id for row in await kept(owing))


async def test_what_follows_a_claim_goes_with_it(owing: ReportOffice) -> None:
    await owing.door.says("7", "已报")

    reply = await sends(owing, file())

    assert "已附在2026年全年落实情况" in reply.text
    assert (await kept(owing))[0].submission_id


async def test_without_an_open_report_it_is_only_kept(office: ReportOffice) -> None:
    await office.liaison()

    assert "已留存" in (await sends(office, file())).text
    assert len(await kept(office)) == 1


async def test_a_stranger_is_told_to_bind_and_nothing_is_kept(
    owing: ReportOffice,
) -> None:
    assert "绑定" in (await sends(owing, file(), who="99")).text
    assert await kept(owing) == []


@pytest.mark.parametrize("chat", ["-2002", GROUP], ids=["of all", "own"])
async def test_a_caption_in_a_group_is_heard_and_the_file_told_elsewhere(
    owing: ReportOffice, chat: str
) -> None:
    await owing.group("-2002", "")
    await owing.group(GROUP, OWN)

    done = await sends(owing, file(), chat=chat, text="已报")
    asked = await sends(owing, file(), chat=chat, text="什么时候报送")

    assert done.text.startswith("已记")
    assert done.text.endswith(f"\n{IN_PRIVATE}")
    assert asked.text.endswith(f"\n{IN_PRIVATE}")
    assert await owing.state() is STATE.CLAIMED
    assert await kept(owing) == []


async def test_in_a_group_nothing_is_taken(owing: ReportOffice) -> None:
    assert (await sends(owing, file(), chat=GROUP)).text == IN_PRIVATE
    assert await kept(owing) == []


@pytest.mark.parametrize(
    ("attachment", "words"),
    [
        (file("总结.docx.exe"), "不能接收"),
        (file("总结.docm"), "不能接收"),
        (file("视频.mp4"), "只接收"),
        (file(size=21 * 1024 * 1024), "20MB"),
    ],
)
async def test_what_may_not_be_kept_is_refused_at_once(
    owing: ReportOffice, attachment: Attachment, words: str
) -> None:
    assert words in (await sends(owing, attachment)).text
    assert await kept(owing) == []


@pytest.mark.parametrize("name", ["语音.ogg", "语音.amr", "音频.mp3"])
@pytest.mark.parametrize("who", ["7", "1", "99"])
@pytest.mark.parametrize("chat", ["", GROUP])
async def test_to_a_voice_nobody_listens(
    owing: ReportOffice, name: str, who: str, chat: str
) -> None:
    await owing.admin()

    told = await sends(owing, file(name), who=who, chat=chat)

    assert told.text == "语音和音频我听不了，没有保存，请打字发送。"


@pytest.mark.parametrize("chat", ["", GROUP])
async def test_what_is_written_under_a_video_is_heard_and_the_video_not_kept(
    owing: ReportOffice, chat: str
) -> None:
    await owing.group(GROUP, OWN)

    told = await sends(owing, file("视频.mp4"), text="已报", chat=chat)

    assert told.text.startswith("已记")
    assert "视频没有保存，只接收" in told.text.splitlines()[-1]
    assert await owing.state() is STATE.CLAIMED
    assert await kept(owing) == []


async def test_nobody_reports_by_the_file_of_another_department(
    owing: ReportOffice,
) -> None:
    report = await owing.duty(OTHER, what="别的报告", key="k3")
    await owing.liaison("8", "赵强", OTHER)
    await sends(owing, file())
    (row,) = await kept(owing)

    said = await owing.door.says("8", f"附件{row.id} 报送 {report.code}")

    assert "没有这个文件" in said
    assert row.submission_id is None


async def test_a_file_that_was_refused_later_is_told_to_its_sender_once(
    owing: ReportOffice,
) -> None:
    await sends(owing, file())
    (row,) = await kept(owing)

    for _ in range(2):
        await refuse_file(
            owing.door.session, row.id, NUDGING, why="文件带有宏。", at=at(12, 22, 20)
        )

    (told,) = await owing.told(to="7")
    assert told.text == "《2026年总结.docx》：文件带有宏。"
    said = await owing.door.says("7", "是")
    assert said == "文件带有宏。"
    assert await owing.state() is STATE.OPEN
