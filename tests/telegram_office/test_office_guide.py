"""The rest of the dialogue guide on Telegram, with the words that it gives.

The rows are those of the guide in the product's specification that are neither in
`test_office_dialogues` nor in `test_office_reports`.
"""

import logging
import re
from pathlib import Path

import pytest
import said
from fake_api import FakeTelegram
from test_office_dialogues import labels
from test_office_reports import CHIEF, DONE, LI, OF_ALL, OURS, OWN, WANG, Year
from test_office_reports import year as year  # the fixture
from test_office_secrets import contents
from whole_office import until

from bot.model import Feedback
from bot.model import SubmissionState as State

PERSON, CARD = "11010519491231002X", "6222021234567890128"
ADVICE = "该内容不宜在此传送，未予保存，请按保密规定走正式渠道。"
NOBODY = 9999


async def test_row_2_a_task_is_shown_whole_and_may_be_rated(year: Year) -> None:
    await year.says("我们负责哪些任务")
    told = await year.says("第3个详细点")

    assert "原文：“" in told.text
    assert labels(told) == ["有用", "有误"]
    noted = await year.presses("有用", under="原文：“")
    assert noted.parameters["text"] == "已记下，谢谢您的反馈。"


async def test_row_9_what_was_claimed_by_mistake_is_taken_back_by_a_word(
    year: Year,
) -> None:
    told = await year.replies("昨天发你们邮箱了")
    assert told.text == (
        f"{DONE}12月15日报送（邮箱），待办公室核收。\n此后不再提醒。如有误请回复“撤销”。"
    )

    assert "已撤销" in (await year.says("撤销")).text
    assert await year.state() is State.OPEN


async def test_row_18_who_goes_names_who_comes_and_the_office_decides(
    year: Year,
) -> None:
    told = await year.says("我调走了，换小王")

    assert told.text == (
        "已登记人员调整申请（接任：小王），待办公室核对名册。\n"
        "新联络员绑定前仍由您接收，共 1 项未办结。"
    )
    assert year.shown(CHIEF, f"{OURS} 王敏提出人员调整（接任：小王）")
    asked = await year.presses("同意 1", who=CHIEF, under="人员调整")
    assert asked.text.endswith("请写接任人全名，如“同意移交 1：王建国”。")
    granted = await year.says("同意移交 1：王建国", who=CHIEF)
    (code,) = re.findall(r"绑定码：(\w{8})", granted.text)
    assert year.shown(LI, "其绑定前仍由您接收")

    assert f"已绑定：{OURS} 王建国" in (await year.says(code, who=NOBODY)).text
    assert "8 位绑定码" in (await year.says("已报")).text
    assert await year.state() is State.OPEN


async def test_row_19_afternoons_may_be_wished_for(year: Year) -> None:
    told = await year.says("能不能下午再提醒")

    assert told.text == "已设为工作日 14:30–17:30 提醒。截止前一天和当天照常提醒。"
    before = len(year.shown(LI, "提示"))
    for hour in (10, 11):
        year.comes(12, 23, hour)
        await year.nudges()
    assert len(year.shown(LI, "提示")) == before
    for hour in (15, 16, 17):
        year.comes(12, 23, hour)
        await year.nudges()
    assert len(year.shown(LI, "提示")) == before + 1


async def test_row_20_the_admin_hears_in_private_who_has_not_handed_in(
    year: Year,
) -> None:
    told = await year.says("谁没交", who=CHIEF)
    first, rest = told.text.split("\n", 1)
    assert "全年落实情况" in first
    assert first.endswith("应报 1，已核收 0，待核 0，未报 1。")
    assert OURS in rest
    assert labels(told) == ["催未报 1 家", "导出"]

    for chat in (OWN, OF_ALL):
        in_group = await year.says("@plan_test_bot 谁没交", who=CHIEF, chat=chat)
        assert in_group.text == "名单仅私聊可见，请私聊我查询。"
    assert "仅对本单位联络员和办公室开放" in (await year.says("谁没交", who=WANG)).text

    year.comes(12, 17, 10)
    pressed = await year.presses("催未报 1 家", who=CHIEF, under="应报 1")
    assert "已安排催报" in pressed.text
    await year.says("已报")
    assert "待核 1，未报 0" in (await year.says("谁没交", who=CHIEF)).text


async def test_rows_21_and_22_a_broadcast_is_drafted_and_confirmed_by_a_number(
    year: Year,
) -> None:
    await year.office.know(NOBODY, "县气象局", name="吴一")
    draft = await year.says("通知各单位周五前报科普日活动", who=CHIEF)
    assert draft.text.split("\n") == [
        "第1号群发草稿（未发送）：请各单位周五前报科普日活动",
        "范围：全部 3 家 3 人",
        "要求回执：是；发送时间：立即",
    ]
    assert {"预览", "确认发送", "取消"} <= set(labels(draft))
    later = await year.says("时间：今天14:30", who=CHIEF)
    assert "发送时间：12月16日（周三）14:30" in later.text

    here, blocked = {"status": "member"}, {"status": "kicked", "until_date": 0}
    gone = {"id": NOBODY, "is_bot": False, "first_name": "吴"}
    block = said.membership(here, blocked, chat=said.private(gone), by=gone)
    year.telegram.tell(block)
    await until(lambda: not year.telegram.unconfirmed)
    await year.office.rest()
    asked = await year.presses("确认发送", who=CHIEF, under="草稿")
    assert "将于 12月16日（周三）14:30 向 3 家 3 人发送" in asked.text
    assert (
        "其中 1 人（家）不能送达、需电话：县气象局吴一（已绑定，联系不上）"
        in asked.text
    )
    (number,) = re.findall(r"回复“确认 (\d{4})”发送", asked.text)
    told = await year.says(f"确认 {number}", who=CHIEF)
    assert "第1号群发" in told.text
    assert not year.shown(LI, "科普日")


async def test_row_23_a_draft_to_a_leader_is_seen_and_dropped(year: Year) -> None:
    for day in (4, 5, 6, 7):
        for hour in (10, 11):
            year.comes(1, day, hour, year=2027)
            await year.nudges()
    draft = await year.presses("查看", who=CHIEF, under="已拟致分管领导提示")
    assert "（未发送）" in draft.text

    dropped = await year.presses("不发", who=CHIEF, under="（未发送）")

    assert "不发，已记" in dropped.text


async def test_row_29_what_is_not_told_is_shown_whole_or_handed_to_the_office(
    year: Year,
) -> None:
    asked = await year.says("科普经费能报多少")
    assert "未写明" in asked.text
    assert "相近内容：三（一）3“" in asked.text
    assert labels(asked) == ["看原文", "转办公室"]

    handed = await year.presses("转办公室", under="相近内容")
    assert handed.method == "answerCallbackQuery"
    assert (
        handed.parameters["text"] == "已转办公室，请留意办公室的答复；急事请直接致电。"
    )
    (noted,) = await year.office.rows(Feedback)
    assert noted.question == "科普经费能报多少"
    whole = await year.presses("看原文", under="相近内容")
    assert "〔三（一）3" in whole.text
    assert "将科普讲座、科普作品" in whole.text


async def test_row_29_a_press_on_what_is_long_gone_is_no_question(year: Year) -> None:
    told = await year._hears(said.pressed("=转办公室"))

    assert told.parameters["text"] == "这个按钮已失效，请重新提问。"
    assert "请先提问" in (await year.says("转办公室", who=WANG)).text


@pytest.mark.parametrize(
    "words",
    [
        PERSON,
        f"王敏 {PERSON} 电话13800138000",
        f"已报，经手人身份证{PERSON}",
        f"银行卡{CARD}",
    ],
)
async def test_row_30_the_number_of_a_person_is_kept_and_repeated_nowhere(
    year: Year, tmp_path: Path, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        told = await year.says(words)
        in_group = await year.says(f"@plan_test_bot {words}", chat=OF_ALL)
        caption = await year.says("", photo=_photo(), caption=words)

    numbers = "其中有身份证号或银行卡号，去掉后可以重新发送。"
    assert told.text == in_group.text == caption.text == f"{ADVICE}\n{numbers}"
    assert await year.state() is State.OPEN
    files = contents(tmp_path)
    assert files
    for number in (PERSON, CARD):
        assert number not in caplog.text
        assert not any(number in call.text for call in year.telegram.calls)
        assert not any(number.encode() in content for content in files)


def _photo() -> list[dict[str, object]]:
    return [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]


@pytest.mark.parametrize("words", ["这是涉密文件的内容：略", "绝密★"])
async def test_row_30_what_bears_a_mark_of_secrecy_is_not_kept(
    year: Year, words: str
) -> None:
    assert (await year.says(words)).text == ADVICE
    assert ADVICE == (await year.sends("机密名单.docx")).text


async def test_row_30_a_file_that_is_named_by_a_number_is_not_taken(
    year: Year, telegram: FakeTelegram
) -> None:
    told = await year.sends(f"{PERSON}.docx")

    assert told.text.startswith(ADVICE)
    assert telegram.of("getFile") == []
