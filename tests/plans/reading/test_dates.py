"""What phrases of time mean: the 54 phrasings of the genre and their like."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.facts import DoubtKind, Due, DueKind
from bot.plans.reading.dates import DueReading, find_dues

D = DueKind
ISSUED = date(2022, 3, 1)


def read(text: str) -> DueReading:
    return find_dues(text, year=2022, issued=ISSUED)


def only(text: str) -> Due:
    dues = read(text).dues
    assert len(dues) == 1, dues
    return dues[0]


DEADLINES = [
    ("2020年底前", "2020-12-31"),
    ("2021年6月底前", "2021-06-30"),
    ("2018年12月31日前", "2018-12-31"),
    ("2020年12月底前", "2020-12-31"),
    ("2021年12月", "2021-12-31"),
    ("2026年6月", "2026-06-30"),
    ("6月底完成", "2022-06-30"),
    ("12月底前", "2022-12-31"),
    ("11月30日完成设备到货安装调试", "2022-11-30"),
    ("2021年9月31日", "2021-09-30"),
    ("集中整治（2024年底前）", "2024-12-31"),
    ("“十四五”末", "2025-12-31"),
    ("于2月10日前", "2023-02-10"),
    ("年底前", "2022-12-31"),
    ("年内", "2022-12-31"),
    ("年度内", "2022-12-31"),
    ("2024年2月底前", "2024-02-29"),
    ("2023年2月底前", "2023-02-28"),
    ("二〇二五年六月底前", "2025-06-30"),
    ("二Ｏ二五年六月三十日前", "2025-06-30"),
    ("２０２５年６月３０日前", "2025-06-30"),
    ("2025 年 6 月 30 日前", "2025-06-30"),
    ("2025年6\n月底前", "2025-06-30"),
    ("2022年二季度末前", "2022-06-30"),
    ("2022年第三季度前", "2022-09-30"),
    ("今年年底前", "2022-12-31"),
    ("明年3月底前", "2023-03-31"),
    ("11月中旬前", "2022-11-20"),
    ("2023-06-30", "2023-06-30"),
    ("2023/6/30前", "2023-06-30"),
    ("2023.6", "2023-06-30"),
    ("完成时限：2022年12月", "2022-12-31"),
    ("完成时间:2023年", "2023-12-31"),
    ("2023年完成", "2023-12-31"),
    ("22年底前", "2022-12-31"),
    ("到2025年底前建成", "2025-12-31"),
    ("到6月底全部完成", "2022-06-30"),
    ("“十四五”规划期末", "2025-12-31"),
    ("12月31日之前", "2022-12-31"),
]


@pytest.mark.parametrize(("text", "day"), DEADLINES)
def test_a_deadline_is_a_day(text: str, day: str) -> None:
    due = only(text)
    assert (due.kind, due.day) == (D.DEADLINE, date.fromisoformat(day))


RANGES = [
    ("2021年11月-12月", "2021-11-01", "2021-12-31"),
    ("2022年7月至2022年12月", "2022-07-01", "2022-12-31"),
    ("十四五期间", "2021-01-01", "2025-12-31"),
    ("“十三五”期间", "2016-01-01", "2020-12-31"),
    ("“十五五”时期", "2026-01-01", "2030-12-31"),
    ("2012年起5年内", "2012-01-01", "2016-12-31"),
    ("第二季度", "2022-04-01", "2022-06-30"),
    ("二季度", "2022-04-01", "2022-06-30"),
    ("第三季度", "2022-07-01", "2022-09-30"),
    ("上半年", "2022-01-01", "2022-06-30"),
    ("下半年", "2022-07-01", "2022-12-31"),
    ("2022年9月至2023年3月", "2022-09-01", "2023-03-31"),
    ("2022年11月至次年3月", "2022-11-01", "2023-03-31"),
    ("9月1日—30日", "2022-09-01", "2022-09-30"),
    ("3—5月", "2022-03-01", "2022-05-31"),
    ("2022年6月上旬", "2022-06-01", "2022-06-10"),
    ("2023—2025年", "2023-01-01", "2025-12-31"),
    ("即日起至2022年12月31日", "2022-03-01", "2022-12-31"),
    ("2022年全年", "2022-01-01", "2022-12-31"),
]


@pytest.mark.parametrize(("text", "first", "last"), RANGES)
def test_a_range_is_due_on_its_last_day(text: str, first: str, last: str) -> None:
    due = only(text)
    days = (due.first, due.day)
    assert due.kind is D.RANGE
    assert days == (date.fromisoformat(first), date.fromisoformat(last))


RHYTHMS = [
    ("每年6月30日前和12月30日前", ["yearly 06-30", "yearly 12-30"]),
    ("每年 6 月 30 日前将半年情况和 12 月 30 日前", ["yearly 06-30", "yearly 12-30"]),
    ("每年2月底前", ["yearly 02-28"]),
    ("每年底前", ["yearly 12-31"]),
    ("每年年底前和次年6月底前", ["yearly 12-31", "yearly 06-30"]),
    ("每年上半年", ["yearly 06-30"]),
    ("每年", ["yearly"]),
    ("每年组织一次", ["yearly"]),
    ("每年不少于1次", ["yearly"]),
    ("每半年考评一次", ["every 6 months"]),
    ("半年", ["every 6 months"]),
    ("每两年", ["every 2 years"]),
    ("每两年进行一次", ["every 2 years"]),
    ("每3～5年", ["every 3-5 years"]),
    ("每季度", ["quarterly"]),
    ("每季组织召开", ["quarterly"]),
    ("每季度至少1次", ["quarterly"]),
    ("每季度末", ["quarterly last"]),
    ("每季度末月25日前", ["quarterly 25"]),
    ("每季度首月10日前", ["quarterly next 10"]),
    ("每月25日前", ["monthly 25"]),
    ("每月4日前", ["monthly 4"]),
    ("每月5日前", ["monthly 5"]),
    ("每月10日前、25日前", ["monthly 10", "monthly 25"]),
    ("每月底前", ["monthly last"]),
    ("月调度、月通报", ["monthly", "monthly"]),
    ("每月报送", ["monthly"]),
    ("按月报送", ["monthly"]),
    ("每周报送", ["weekly"]),
    ("周报", ["weekly"]),
    ("每周一调度", ["weekly"]),
    ("每周五前", ["weekly 5"]),
    ("每日", ["daily"]),
    ("每学期", ["every term"]),
    ("每两个月一次", ["every 2 months"]),
    ("每隔一周", ["every 2 weeks"]),
    ("一年两次", ["yearly"]),
    ("两年一次", ["every 2 years"]),
    ("半年一通报", ["every 6 months"]),
    ("一季度一调度", ["quarterly"]),
]


@pytest.mark.parametrize(("text", "rhythms"), RHYTHMS)
def test_what_returns_has_a_rhythm(text: str, rhythms: list[str]) -> None:
    dues = read(text).dues
    assert [due.rhythm for due in dues] == rhythms
    assert {due.kind for due in dues} == {D.RECURRING}


@pytest.mark.parametrize(
    ("text", "rhythm", "time"),
    [
        ("每月12日17:00前", "monthly 12", "17:00"),
        ("每周四下班前", "weekly 4", "下班前"),
        ("每日上午10时前", "daily", "10:00"),
        ("每日下午5点半前", "daily", "17:30"),
        ("于2月19日（星期五）15:30前", "", "15:30"),
        ("于2月25日下午5时前", "", "17:00"),
    ],
)
def test_a_time_of_day_is_kept(text: str, rhythm: str, time: str) -> None:
    due = only(text)
    assert (due.rhythm, due.time) == (rhythm, time)


RELATIVE = [
    ("5年内", "2027-03-01"),
    ("3年内", "2025-03-01"),
    ("三年内", "2025-03-01"),
    ("半年内完成", "2022-09-01"),
    ("过渡期内", None),
    ("本意见印发之日起30日内", "2022-03-31"),
    ("于本文印发后3个月内", "2022-06-01"),
    ("自印发之日起30个工作日内", None),
    ("自收到申请之日起7个工作日内", None),
    ("情形发生之日起10个工作日内", None),
    ("收到通知后3个工作日内", None),
    ("公示结束后5个工作日内", None),
    ("系统上线后1个月内", None),
    ("自通知下发之日起一个月内", "2022-04-01"),
    ("合同签订后3年内", None),
]


@pytest.mark.parametrize(("text", "day"), RELATIVE)
def test_a_period_counts_from_the_issue_or_has_no_day(
    text: str, day: str | None
) -> None:
    due = only(text)
    assert due.kind is D.RELATIVE
    assert due.day == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("持续推进", D.ONGOING),
        ("持续优化", D.ONGOING),
        ("按进度推进", D.ONGOING),
        ("长期坚持", D.ONGOING),
        ("长期持续推进", D.ONGOING),
        ("迎峰度夏前", D.EVENT),
        ("迎峰度冬期间", D.EVENT),
        ("汛期前", D.EVENT),
        ("供暖季前", D.EVENT),
        ("全国两会召开前", D.EVENT),
        ("至全国两会结束", D.EVENT),
        ("全国两会期间", D.EVENT),
        ("春节前", D.EVENT),
        ("全国科普日期间", D.EVENT),
        ("科技活动周", D.EVENT),
        ("防灾减灾日", D.EVENT),
        ("“世界急救日”宣传活动", D.EVENT),
        ("秋季学期开学前", D.EVENT),
        ("根据全省统一安排确定", D.OPEN),
        ("另行通知", D.OPEN),
        ("适时", D.OPEN),
        ("及时", D.OPEN),
        ("近期", D.OPEN),
        ("尽快", D.OPEN),
        ("定期", D.OPEN),
        ("不定期", D.OPEN),
        ("逐年提高", D.OPEN),
    ],
)
def test_words_without_a_date_keep_their_kind(text: str, kind: DueKind) -> None:
    due = only(text)
    assert (due.kind, due.day, due.rhythm) == (kind, None, "")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("从2019年1月1日起", "2019-01-01"),
        ("2018年10月1日起", "2018-10-01"),
        ("自2024年起", "2024-01-01"),
        ("自2022年9月起", "2022-09-01"),
    ],
)
def test_a_start_is_its_first_day(text: str, day: str) -> None:
    due = only(text)
    assert (due.kind, due.day) == (D.START, date.fromisoformat(day))


@pytest.mark.parametrize(
    "text", ["5月底取得阶段性成效并持续推进", "5月底取得明显成效并持续推进"]
)
def test_a_milestone_may_be_followed_by_ongoing_work(text: str) -> None:
    milestone, ongoing = read(text).dues
    assert (milestone.kind, milestone.day) == (D.MILESTONE, date(2022, 5, 31))
    assert ongoing == Due(text="持续推进", kind=D.ONGOING)


def test_a_month_of_results_is_a_milestone_on_its_last_day() -> None:
    due = only("12月取得明显成效")
    assert (due.kind, due.day) == (D.MILESTONE, date(2022, 12, 31))


def test_a_stage_is_a_phase_and_named() -> None:
    due = only("第一阶段（2022年7月至12月）")
    assert due.kind is D.PHASE
    assert due.text == "第一阶段（2022年7月至12月）"
    assert (due.first, due.day) == (date(2022, 7, 1), date(2022, 12, 31))


def test_each_of_several_deadlines_takes_the_year_before_it() -> None:
    text = "原则上于2019年6月底前完成；较难的9月底前完成；其余2020年12月底前完成"
    days = [due.day for due in read(text).dues]
    assert days == [date(2019, 6, 30), date(2019, 9, 30), date(2020, 12, 31)]


def test_a_yearly_date_may_have_a_start() -> None:
    yearly, start = read("每年2月底前（从2019年起）").dues
    assert yearly.rhythm == "yearly 02-28"
    assert (start.kind, start.day) == (D.START, date(2019, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        "到2025年",
        "到2025年末",
        "到2025年，比例达到20%",
        "到2022年底，覆盖率达到90%",
        "力争2025年比例达到20%",
        "2035年达到25%",
        "2019年1月1日至12月31日",
        "缩短至3周以内",
        "48小时内放行",
        "自2025年8月1日起施行，有效期至2030年7月31日",
        "较上一年增加",
        "《行动规划纲要（2021—2035年）》",
        "全民科学素质行动实施方案（2021-2025年）",
        "（国发〔2021〕9号）",
        "国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要",
        "青少年科普教育330工程",
        "《健康素养66条》",
        "2021年6月25日印发的方案",
        "近三年内无违规",
        "毕业2年内高校毕业生",
        "截至2021年底",
        "持续推进科普信息化",
        "弘扬青年内在精神",
        "前三季度",
        "下一步",
        "年度考核",
        "第15周",
    ],
)
def test_what_only_looks_like_a_due_is_none(text: str) -> None:
    assert read(text).dues == ()


def test_an_impossible_day_is_a_doubt_and_the_last_of_its_month() -> None:
    reading = read("2021年9月31日")
    assert reading.dues[0].day == date(2021, 9, 30)
    assert [doubt.kind for doubt in reading.doubts] == [DoubtKind.IMPOSSIBLE_DATE]
    assert "9月没有31日" in reading.doubts[0].advice


@pytest.mark.parametrize("text", ["2022年13月底前", "2022年0月1日前"])
def test_an_impossible_month_is_a_due_without_a_day(text: str) -> None:
    reading = read(text)
    assert reading.dues[0].day is None
    assert reading.doubts[0].kind is DoubtKind.IMPOSSIBLE_DATE


def test_a_weekday_that_does_not_fit_its_date_is_a_doubt() -> None:
    right = find_dues("2月19日（星期五）前", year=2021, issued=None)
    wrong = find_dues("2月19日（星期四）前", year=2021, issued=None)
    assert DoubtKind.IMPOSSIBLE_DATE not in {doubt.kind for doubt in right.doubts}
    assert DoubtKind.IMPOSSIBLE_DATE in {doubt.kind for doubt in wrong.doubts}


def test_a_missing_year_is_the_documents_and_a_doubt() -> None:
    reading = read("6月底前")
    assert reading.dues[0].assumed
    assert [doubt.kind for doubt in reading.doubts] == [DoubtKind.ASSUMED_YEAR]
    assert reading.doubts[0].about == "6月底前"


def test_a_written_year_is_not_assumed() -> None:
    assert not only("2022年6月底前").assumed


def test_a_day_before_the_issue_belongs_to_the_next_year() -> None:
    assert find_dues("1月10日前", year=2022, issued=date(2022, 6, 28)).dues[0].day == (
        date(2023, 1, 10)
    )


def test_without_year_and_issue_a_date_has_no_day() -> None:
    due = find_dues("6月底前", year=None, issued=None).dues[0]
    assert (due.day, due.assumed) == (None, True)


def test_phrases_come_in_the_order_of_the_text() -> None:
    text = "适时开展评估，每季度调度，2023年6月底前完成，全国科普日期间集中宣传"
    kinds = [due.kind for due in read(text).dues]
    assert kinds == [D.OPEN, D.RECURRING, D.DEADLINE, D.EVENT]


def test_a_phrase_is_quoted_with_its_blanks() -> None:
    assert only("于 6 月 30 日前完成").text == "6 月 30 日前"


WORDS = (
    "2022年 6月 季度 星期五 印发之日起 工作日 十四五 上半年 阶段（ "
    "二〇二五年 31日 29日 99 下午5时 完成 次年"
)
SIGNS = "0123456789年月日前底末每到至起内（）“”《》〔〕-—:：，。；%个半两三十百 \n"
PIECES = st.sampled_from([*SIGNS, *WORDS.split()])


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60))
@example("9999年12月31日起99年内")
@example("²月①日前")
def test_no_text_crashes_and_every_phrase_is_a_run_of_it(text: str) -> None:
    reading = find_dues(text, year=2022, issued=date(2022, 2, 28))
    bare = re.sub(r"\s", "", text)
    for due in reading.dues:
        assert due.text
        assert re.sub(r"\s", "", due.text) in bare


@pytest.mark.parametrize("text", ["第二季度印发方案", "二季度印发方案"])
def test_a_quarter_in_which_something_is_issued_is_a_range(text: str) -> None:
    (due,) = find_dues(text, year=2024, issued=None).dues

    assert (due.kind, due.day) == (DueKind.RANGE, date(2024, 6, 30))


@pytest.mark.parametrize("text", ["6月印发的《通知》", "2021年6月3日印发《纲要》"])
def test_what_was_issued_then_is_history(text: str) -> None:
    assert find_dues(text, year=2024, issued=None).dues == ()
