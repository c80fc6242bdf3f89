"""Replies as people say them: who speaks, what is denied, and what only seems said."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.reports.calendar import WorkCalendar
from bot.reports.replies import Label, Understood, understand

NOW = datetime(2026, 12, 22, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
CALENDAR = WorkCalendar()


def heard(words: str) -> Understood:
    return understand(
        words,
        now=NOW,
        calendar=CALENDAR,
        due_on=date(2026, 12, 30),
        report="2026年全年落实情况",
        in_reply_to_nudge=True,
    )


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("县残联收到", Label.RECEIVED),
        ("文旅局收到，按时报送", Label.RECEIVED),
        ("妇联能缓到1月5号吗", Label.EXTENSION),
        ("司法局周四上午交", Label.PROMISE),
        ("气象局零报告，请登记", Label.NIL),
        ("卫健局材料已发邮箱，请查收", Label.CLAIMED),
        ("我们应急局已报，邮箱发的", Label.CLAIMED),
        ("我们科技局今年没搞活动", Label.NIL),
    ],
)
def test_a_department_may_name_itself(words: str, label: Label) -> None:
    assert heard(words).label is label


@pytest.mark.parametrize(
    "words",
    [
        "教育局已报",
        "教育局零报告",
        "教育局延期了",
        "人家司法局周四交",
        "教育局：我局已报，请查收",
        "听说残联收到通知了",
    ],
)
def test_what_may_be_said_of_another_department_is_asked_back(words: str) -> None:
    assert heard(words).label is Label.OTHER


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("不是一半，全部都报了", Label.CLAIMED),
        ("不是一半，还没报呢", Label.NOT_YET),
        ("并不是只报附件，正文也报了", Label.CLAIMED),
        ("没走OA，寄的快递", Label.CLAIMED),
        ("不是邮箱发的，是系统报的", Label.CLAIMED),
        ("不走系统了，明天发邮箱", Label.PROMISE),
        ("差点忘了，已经报了", Label.CLAIMED),
        ("差点忘了，明天交", Label.PROMISE),
        ("差点就报了", Label.NOT_YET),
        ("已经弄好了，就差点发送了", Label.NOT_YET),
        ("发了，没发出去，附件太大", Label.NOT_YET),
        ("我点了提交，一直转圈", Label.NOT_YET),
    ],
)
def test_what_is_denied_is_only_what_it_says(words: str, label: Label) -> None:
    assert heard(words).label is label


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("我以为报了，一查没有", Label.NOT_YET),
        ("要是报了我还能不告诉你吗，没报呢", Label.NOT_YET),
        ("半年的那次忘了，全年的这次已经报了", Label.CLAIMED),
        ("全年的没报，半年的已经报了", Label.NOT_YET),
        ("报了前三季度的，四季度的还没", Label.PARTIAL),
        ("没有新增事项，材料25号报", Label.PROMISE),
        ("领导昨天签完字我就报了", Label.CLAIMED),
        ("领导明天签完字我就报", Label.PROMISE),
    ],
)
def test_the_later_words_tell_how_it_stands(words: str, label: Label) -> None:
    assert heard(words).label is label


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("这项工作应由科协报", Label.DISPUTE),
        ("我们只是配合单位，牵头的报就行", Label.DISPUTE),
        ("谁牵头谁报", Label.DISPUTE),
        ("这怎么成我们的活了，明明是民政局的", Label.DISPUTE),
        ("我们找教育局要的数据还没来", Label.NOT_YET),
        ("机构改革人手紧，能缓到1月5日吗", Label.EXTENSION),
        ("职能划给教育局了，能缓几天核实吗", Label.DISPUTE),
        ("我替他报，明天交", Label.PROMISE),
        ("小李代我报了", Label.CLAIMED),
        ("帮教育局报了", Label.OTHER),
    ],
)
def test_whose_turn_it_is_is_told(words: str, label: Label) -> None:
    assert heard(words).label is label


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("30号是周几", Label.QUESTION),
        ("字数有要求没", Label.QUESTION),
        ("我先问问领导", Label.OTHER),
        ("25号的会我参加不了", Label.OTHER),
        ("平政字〔2022〕21号文件收到", Label.RECEIVED),
        ("收到，12月30日前报送，明白", Label.RECEIVED),
        ("知道了，12月30日前报送", Label.PROMISE),
        ("收到1", Label.RECEIVED),
        ("已安排专人负责报送工作", Label.RECEIVED),
        ("已安排人送过去了", Label.CLAIMED),
        ("还莫得报，等哈嘛", Label.NOT_YET),
        ("联洛员换了，是小田", Label.HANDOVER),
    ],
)
def test_what_only_seems_to_tell_of_the_report(words: str, label: Label) -> None:
    assert heard(words).label is label


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("说实话已经报了", Label.CLAIMED),
        ("全部五项都报了", Label.CLAIMED),
        ("昨晚发的，没退信", Label.CLAIMED),
        ("无活动，但总结已报", Label.CLAIMED),
        ("报送成功请回复", Label.OTHER),
        ("报了材料还要报佐证吗", Label.QUESTION),
        ("往年都是12月底报的", Label.OTHER),
        ("请各单位于12月30日前报送", Label.OTHER),
        ("想零报告但领导不同意", Label.OTHER),
        ("我们没零报告过", Label.OTHER),
        ("活动没搞几场", Label.OTHER),
        ("已报送和已核收有什么区别", Label.QUESTION),
        ("零报告行吗", Label.QUESTION),
        ("我单位数据已由教育局统一报送", Label.OTHER),
    ],
)
def test_a_wish_a_habit_or_an_instruction_is_no_report(
    words: str, label: Label
) -> None:
    assert heard(words).label is label


@pytest.mark.parametrize("words", ["下周交", "下个星期报送", "冬至后交"])
def test_a_named_week_is_a_promise_without_a_day(words: str) -> None:
    found = heard(words)

    assert (found.label, found.day) == (Label.PROMISE, None)


def test_the_way_is_that_of_the_claim_and_not_the_denied_one() -> None:
    assert heard("没走OA，寄的快递").via == "邮寄"
    assert heard("不是邮箱发的，是系统报的").via == "系统"
