"""The notice of holidays, as the office pastes it."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from bot.errors import DocumentError
from bot.reports.calendar import Certainty, WorkCalendar
from bot.reports.holiday_notice import NoticeDay, missing_festivals, parse_notice

NOTICES = {
    2026: """国务院办公厅关于2026年部分节假日安排的通知
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。\
2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2025年11月4日""",
    2025: """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。\
1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。\
9月28日（周日）、10月11日（周六）上班。""",
    2024: """一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。\
鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2023: """一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、\
10月8日（星期日）上班。""",
    2019: """一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。\
2018年12月29日（星期六）上班。
二、春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月5日放假，与周末连休。
四、劳动节：5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
五、端午节：6月7日放假，与周末连休。
六、中秋节：9月13日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2017: """一、元旦：1月1日放假，1月2日（星期一）补休。
二、春节：1月27日至2月2日放假调休，共7天。1月22日（星期日）、2月4日（星期六）上班。
三、清明节：4月2日至4日放假调休，共3天。4月1日（星期六）上班。
四、劳动节：5月1日放假，与周末连休。
五、端午节：5月28日至30日放假调休，共3天。5月27日（星期六）上班。
六、中秋节、国庆节：10月1日至8日放假调休，共8天。9月30日（星期六）上班。""",
}


@pytest.mark.parametrize("year", NOTICES)
def test_each_notice_gives_the_working_days_of_its_year(year: int) -> None:
    days = parse_notice(NOTICES[year], year=year)
    calendar = WorkCalendar({day.day: day.is_working for day in days})

    assert missing_festivals(days) == []
    assert [day.day for day in days] == sorted({day.day for day in days})
    assert calendar.certainty_of(year) is Certainty.OFFICE
    for further in range(366):
        day = date(year, 1, 1) + timedelta(days=further)
        rule = day.weekday() < 5
        told = {day.day: day.is_working for day in days}.get(day, rule)
        assert day.year != year or told == chinese_calendar.is_workday(day), day


def test_one_item_alone_is_read() -> None:
    text = "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"

    days = parse_notice(text, year=2026)

    assert days == [
        NoticeDay(date(2026, 1, 1), False, "元旦"),
        NoticeDay(date(2026, 1, 2), False, "元旦"),
        NoticeDay(date(2026, 1, 3), False, "元旦"),
        NoticeDay(date(2026, 1, 4), True, "元旦"),
    ]
    assert missing_festivals(days) == ["春节", "清明", "劳动", "端午", "中秋", "国庆"]


@pytest.mark.parametrize(
    "text",
    [
        "元旦：１月１日至３日放假调休，共３天。１月４日上班。",
        "1. 元旦: 1 月 1 日 (周四) - 3 日 放假调休, 共 3 天; 1月4日(星期天)照常上班。",
        "一、元旦：2026年1月1日起放假3天。1月4日（周日）正常上班",
        "一、元旦：1月1日、1月2日和1月3日放假，共3天。1月4日上班。",
    ],
)
def test_other_ways_of_writing_are_read_alike(text: str) -> None:
    days = parse_notice(text, year=2026)
    assert [(day.day.day, day.is_working) for day in days] == [
        (1, False),
        (2, False),
        (3, False),
        (4, True),
    ]


def test_a_december_of_new_year_is_the_one_before() -> None:
    text = "一、元旦：12月31日至1月2日放假调休，共3天。12月28日（周六）上班。"
    days = parse_notice(text, year=2025)
    assert days[0] == NoticeDay(date(2024, 12, 28), True, "元旦")
    assert [day.day.isoformat() for day in days[1:]] == [
        "2024-12-31",
        "2025-01-01",
        "2025-01-02",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "没有看到放假安排"),
        ("今天天气不错", "没有看到放假安排"),
        ("现将2025年元旦、春节放假安排通知如下。一、元旦：1月1日放假。", "2025年"),
        ("一、元旦：1月1日（周五）放假。", "是周四"),
        ("一、元旦：1月1日放假。1月5日上班。", "不是周末"),
        ("一、元旦：1月1日至3日放假，共4天。", "算出来是3天"),
        ("一、元旦：1月1日至3日放假2天。", "算出来是3天"),
        ("一、元旦：13月1日放假。", "没有这一天"),
        ("一、元旦：1月32日放假。", "没有这一天"),
        ("一、元旦：1月3日至1日放假。", "起止日期"),
        ("一、元旦：与周末连休。", "没有看到哪天放假"),
        ("一、元旦：1月4日上班。", "没有看到哪天放假"),
        ("一、元旦：1月1日前后放假。", "看不懂"),
        ("一、元旦：1月1日放假。1月4日不上班。", "看不懂"),
        ("一、元旦：1月3日放假。1月3日上班。", "既放假又上班"),
    ],
)
def test_what_is_not_right_is_said_and_quoted(text: str, why: str) -> None:
    with pytest.raises(DocumentError) as refused:
        parse_notice(text, year=2026)
    assert why in refused.value.reply
