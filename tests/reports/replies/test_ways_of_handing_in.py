"""Claims beside what only tells how they came about, and what looks like one."""

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
    "words",
    [
        "昨天下午骑车给你们送过去的，是王主任接的",
        "我昨晚加完班就用微信传给你们小刘了",
        "在你们报送平台填好提交了，状态显示待审核",
        "材料都在你们邮箱里躺三天了",
        "我们不是上周就交了吗，怎么还催",
        "谁说我们没交？你们昨天给的回执截图在这儿呢",
        "先别通报，我们刚刚给你们交了",
        "延期没用上，昨天已经报给你们了",
        "第一遍发被退信，第二遍发成功了",
        "刚才回的“还没报”是打错了，我们21号就报给你们了",
        "零报告说的不是我们，总结已经报给你们了",
    ],
)
def test_a_claim_may_tell_how_it_came_about(words: str) -> None:
    assert heard(words).label is Label.CLAIMED


@pytest.mark.parametrize(
    "words",
    [
        "街道今天把表报给我们了",
        "下属单位昨天都发给我了",
        "教育局不是上周就交了吗，怎么还催我们",
        "我们上周不是没交吗，怎么还催",
        "不是上周才说要交吗，怎么又催",
        "谁说我们没交？回执在教育局那儿",
        "打错了，已报给你们的是半年报",
        "收到，已交办公室小李跟进",
        "骑车给你们送过去的路上摔了",
        "先别通报，我们正要给你们交",
        "换个浏览器就传上了吗",
        "我们昨天把宣传册发你们了",
        "2025年全年落实情况已报送",
        "我们2024年的报告已经发你们邮箱了",
        "统计年报已报",
        "全年的统计报表已报",
    ],
)
def test_what_only_looks_like_one_is_no_claim(words: str) -> None:
    assert heard(words).label is not Label.CLAIMED


@pytest.mark.parametrize(
    "words",
    [
        "贵办提醒已收到",
        "通知和申报表格已收到",
        "收到，已报局领导阅知",
        "收到，已呈分管领导阅示",
        "收到你们昨天发来的邮件和模板了",
    ],
)
def test_a_notice_that_goes_on_within_the_department_is_received(words: str) -> None:
    assert heard(words).label is Label.RECEIVED


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("别催啦，29号一定到你们手里", date(2026, 12, 29)),
        ("不变，还是25号", date(2026, 12, 25)),
        ("这周最后一个工作日报", date(2026, 12, 25)),
        ("下周第一个工作日给你们", date(2026, 12, 28)),
        ("这周交，放心", None),
    ],
)
def test_a_promise_may_name_its_day_in_passing(words: str, day: date | None) -> None:
    found = heard(words)

    assert (found.label, found.day) == (Label.PROMISE, day)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("以前是归我们，三定方案改了以后不归了", Label.DISPUTE),
        ("昨天交的是党费，跟这个没关系", Label.OTHER),
        ("你们上次发的通报里把我们单位名字写错了", Label.OTHER),
        ("往后请改在下午提醒我", Label.OTHER),
    ],
)
def test_past_duties_and_other_papers_are_told_apart(words: str, label: Label) -> None:
    assert heard(words).label is label
