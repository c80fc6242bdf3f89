"""Reports: when, to whom and by whom, asked as people ask."""

from datetime import UTC, datetime

import pytest
from conversation import Talker

HALF, FULL = "7月10日", "1月10日"


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("年报能拖到1月15号么", FULL),
        ("去年全年的情况要在几号前报", FULL),
        ("年底要交的东西啥时候截止", FULL),
        ("半年抱几号交", HALF),
        ("7月份要报什么", HALF),
        ("半年材料可以晚几天吗", HALF),
        ("niandi zongjie shenme shihou jiao", FULL),
        ("离交材料还有几天", HALF),
        ("一年报几回", HALF),
        ("落实情况报送日程", HALF),
    ],
)
def test_the_day_of_a_report_is_told(talk_as: Talker, question: str, day: str) -> None:
    assert day in talk_as("县科技局").says(question).text


@pytest.mark.parametrize(
    "question",
    [
        "写完交谁",
        "情况交到哪",
        "年底总结发哪个办公室",
        "材料是报给科协还是宣传部",
        "上报单位是哪个",
        "报到县里哪个部门",
        "联络员换人了告诉谁",
    ],
)
def test_the_receiver_of_a_report_is_told(talk_as: Talker, question: str) -> None:
    assert "领导小组办公室" in talk_as("县科技局").says(question).text


def test_a_plan_that_has_run_out_has_no_next_date(talk_as: Talker) -> None:
    talk = talk_as("县科技局")
    after = datetime(2031, 2, 1, tzinfo=UTC)
    words = "半年报什么时候交"

    answer = talk.desk.answer(words, asker=talk.asker, talk=talk.talk, at=after)

    assert HALF in answer.reply.text
    assert "下一次" not in answer.reply.text
    assert "方案期限（至2030年12月31日）已过" in answer.reply.text


@pytest.mark.parametrize("question", ["高新区要不要交", "哪些单位要报落实情况"])
def test_who_has_to_report_is_told(talk_as: Talker, question: str) -> None:
    assert "澄川高新技术产业园区" in talk_as("县科技局").says(question).text


def test_how_often_is_answered_by_the_rhythm_that_is_asked_about(
    talk_as: Talker,
) -> None:
    assert "每两年" in talk_as("县科协").says("我们多久做一次总结").text


def test_the_time_of_a_task_is_not_taken_for_that_of_a_report(
    talk_as: Talker,
) -> None:
    reply = talk_as("县科协").says("科学节啥月份")

    assert "每年5月" in reply.text
    assert HALF not in reply.text


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("应急演练多久办一次", "每季度"),
        ("企业应急演练多旧一次", "每季度"),
        ("校园科学节多久办一次", "每年5月举办校园科学节"),
        ("手机课堂多九开一刺", "每月至少开课1次"),
        ("讲师团多久宣讲一次", "每年开展公益宣讲"),
        ("几年总结一次", "每两年"),
    ],
)
def test_how_often_is_told_of_the_thing_that_is_asked_about(
    talk_as: Talker, question: str, says: str
) -> None:
    assert says in talk_as("县科协").says(question).text


@pytest.mark.parametrize("question", ["多久一次", "多旧一次", "多九一刺", "频率"])
def test_how_often_of_nothing_is_asked_back(talk_as: Talker, question: str) -> None:
    told = talk_as("县科协").says(question).text

    assert told.startswith("请写明是哪件事多久一次")
    assert len(told.split("\n")) <= 6


@pytest.mark.parametrize(
    "question",
    ["网格员多久回访一次", "科普话动多旧一次", "体检多久一次", "值班多久一次"],
)
def test_no_clause_about_another_thing_is_told_for_it(
    talk_as: Talker, question: str
) -> None:
    told = talk_as("县科协").says(question).text

    assert "文件写明" not in told
    assert "未" in told


@pytest.mark.parametrize(
    "question",
    [
        "上半年那个材料我记得是7月15号交，到底几号交 交给谁",
        "上次我六月三十号报晚了，今年上半年的材料还是六月底交吗",
    ],
)
def test_the_day_of_a_report_is_told_to_who_believes_another(
    talk_as: Talker, question: str
) -> None:
    assert "7月10日" in talk_as("县科协").says(question).text


def test_a_bonus_is_no_report(talk_as: Talker) -> None:
    assert "1月10日" not in talk_as("县科协").says("年终奖几号报").text


@pytest.mark.parametrize(
    "question",
    [
        *("材料费哪天交", "会费什么时候交", "水费交给谁", "钱交到哪", "材料费是多少"),
        *("向谁感谢", "向谁道歉", "给谁送礼", "向谁借钱", "押金交给谁", "礼物送给谁"),
        *("述职报告什么时候交", "入党材料哪天交", "申报材料什么时候交"),
    ],
)
def test_what_is_no_report_has_neither_day_nor_receiver(
    talk_as: Talker, question: str
) -> None:
    text = talk_as("县科技局").says(question).text

    assert HALF not in text
    assert "领导小组办公室" not in text


@pytest.mark.parametrize(
    "question", ["给谁", "交给谁啊", "向谁报告", "材料报给谁谢谢", "总结给谁看"]
)
def test_in_few_words_the_receiver_is_told_too(talk_as: Talker, question: str) -> None:
    assert "报送给：" in talk_as("县科技局").says(question).text
