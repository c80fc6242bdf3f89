"""Which duties a plan lays down outside its tasks: reports and standing duties."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.facts import Duty, DutyKind
from bot.plans.reading.duties import find_duties

PLANS = Path(__file__).parents[4] / "shared" / "plans"
ISSUED = date(2022, 11, 7)


def read(text: str) -> tuple[Duty, ...]:
    return find_duties(text, where="四（三）", issued=ISSUED)


def only(text: str) -> Duty:
    duties = read(text)
    assert len(duties) == 1, duties
    return duties[0]


def plan(name: str) -> str:
    path = PLANS / name
    if not path.is_file():
        pytest.skip("the real plans are not part of the repository")
    return path.read_text(encoding="utf-8")


REPORTS = [
    # who, what, to, rhythm or day
    (
        "各区县于2018年12月31日前报送市发展改革委。",
        (("各区县",), "", "市发展改革委", "2018-12-31"),
    ),
    (
        "各市每年底前将工作情况报省政府。",
        (("各市",), "工作情况", "省政府", "yearly 12-31"),
    ),
    ("有关方案报省教育厅备案。", ((), "有关方案", "省教育厅", "")),
    (
        "同时报送市委组织部、市人社局及市财政局。",
        ((), "", "市委组织部、市人社局及市财政局", ""),
    ),
    ("各镇街及时报送领导小组办公室。", (("各镇街",), "", "领导小组办公室", "")),
    (
        "各镇街每季度末月25日前向县科协反馈进展情况。",
        (("各镇街",), "进展情况", "县科协", "quarterly 25"),
    ),
    (
        "请各单位于2月19日15:30前将联络员名单报送至县科协。",
        (("各单位",), "联络员名单", "县科协", "2023-02-19"),
    ),
    (
        "编制月度计划，每月25日前倒排下一月度计划，报县政府办公室。",
        ((), "下一月度计划", "县政府办公室", "monthly 25"),
    ),
    (
        "各部门要制定年度计划，于每年2月底前报领导小组办公室备案。",
        (("各部门",), "年度计划", "领导小组办公室", "yearly 02-28"),
    ),
    (
        "县科协负责汇总，每半年向市科协报告一次工作情况。",
        (("县科协",), "工作情况", "市科协", "every 6 months"),
    ),
    (
        "年度工作总结于12月10日前报送县科协。",
        ((), "年度工作总结", "县科协", "2022-12-10"),
    ),
    (
        "2023年1月15日前，各单位将年度工作总结（加盖公章）报送县科协。",
        (("各单位",), "年度工作总结（加盖公章）", "县科协", "2023-01-15"),
    ),
    ("由县科协汇总后报县政府。", (("县科协",), "", "县政府", "")),
    (
        "《纲要》实施情况每年底前报市政府。",
        ((), "《纲要》实施情况", "市政府", "yearly 12-31"),
    ),
    (
        "各地将贯彻落实情况于每年12月15日前书面报告省领导小组办公室。",
        (("各地",), "贯彻落实情况", "省领导小组办公室", "yearly 12-15"),
    ),
    ("每周四下班前报送工作周报。", ((), "工作周报", "", "weekly 4")),
    ("突发情况随时上报。", ((), "突发情况", "", "")),
    (
        "县科协要加强督促，重要情况及时报告领导小组。",
        (("县科协",), "重要情况", "领导小组", ""),
    ),
    (
        "各级各部门要将科普工作纳入考核，每年12月底前将总结报送县科协。",
        (("各级各部门",), "总结", "县科协", "yearly 12-31"),
    ),
    (
        "县文化和旅游局、县工业和信息化局按月将进展情况报县政府。",
        (("县文化和旅游局", "县工业和信息化局"), "进展情况", "县政府", "monthly"),
    ),
    (
        "领导小组办公室每年底前将实施情况向县政府作专题报告。",
        (("领导小组办公室",), "实施情况", "县政府", "yearly 12-31"),
    ),
    (
        "县财政局将资金安排情况报县人大常委会备案。",
        (("县财政局",), "资金安排情况", "县人大常委会", ""),
    ),
    (
        "各镇街要在每年1月底前形成上年度报告，报送领导小组办公室。",
        (("各镇街",), "上年度报告", "领导小组办公室", "yearly 01-31"),
    ),
    ("年度评估报告及时报送县政府。", ((), "年度评估报告", "县政府", "")),
    (
        "请各单位于2022年12月10日前反馈至县科协。",
        (("各单位",), "", "县科协", "2022-12-10"),
    ),
    ("将评估结果上报县政府。", ((), "评估结果", "县政府", "")),
]


@pytest.mark.parametrize(("text", "expected"), REPORTS)
def test_a_report_has_obligors_content_receiver_and_date(
    text: str, expected: tuple[tuple[str, ...], str, str, str]
) -> None:
    duty = only(text)
    when = duty.rhythm or (duty.day.isoformat() if duty.day else "")
    assert duty.kind is DutyKind.REPORT
    assert (duty.who, duty.what, duty.to, when) == expected


@pytest.mark.parametrize(
    "text",
    [
        "积极申报项目。",
        "组织报名。",
        "动员报考。",
        "老旧车辆报废。",
        "认真填报。",
        "通报批评。",
        "利用报刊宣传。",
        "推进年报改革。",
        "鼓励举报。",
        "举办科普报告会。",
        "开展科普报告、学术报告。",
        "组建老科学家科普报告团。",
        "加强情报研究。",
        "制作海报。",
        "发布公报。",
        "组织汇报演出。",
        "加强新闻报道。",
        "加强信息报送工作。",
        "实行零报告制度。",
        "建立信息反馈机制，强化跟踪反馈。",
        "将典型做法通报全县。",
        "未按时报送的单位，予以批评。",
        "制定实施方案，报县政府批准后实施。",
        "报送内容以数据为主。",
        "精忠报国。",
        "落实《重大事项报告制度》。",
    ],
)
def test_a_word_with_bao_is_not_always_a_report(text: str) -> None:
    assert read(text) == ()


def test_two_reports_in_one_sentence_are_two_duties() -> None:
    text = (
        "各乡（街道）、高新区，各责任部门分别于每年 6 月 30\n日前将半年情况"
        "和 12 月 30 日前将全年情况报送县领导小组办公室。"
    )
    half, whole = read(text)
    assert half.who == whole.who == ("各乡（街道）", "高新区", "各责任部门")
    assert (half.what, half.month, half.day_of_month) == ("半年情况", 6, 30)
    assert (whole.what, whole.month, whole.day_of_month) == ("全年情况", 12, 30)
    assert {duty.to for duty in (half, whole)} == {"县领导小组办公室"}
    assert "\n" not in half.text


def test_a_half_year_named_in_the_content_is_no_date() -> None:
    text = "各镇于每年7月10日前将上半年情况、次年1月10日前将全年情况报送县科协。"
    found = [(duty.what, duty.rhythm) for duty in read(text)]
    assert found == [("上半年情况", "yearly 07-10"), ("全年情况", "yearly 01-10")]


def test_each_date_may_have_its_own_obligors() -> None:
    text = "各镇于每月25日前、各部门于每月28日前将进展情况报送县科协。"
    found = [(duty.who, duty.rhythm) for duty in read(text)]
    assert found == [(("各镇",), "monthly 25"), (("各部门",), "monthly 28")]


def test_one_content_with_two_dates_is_two_duties() -> None:
    text = "各镇分别于每年6月20日、12月20日前将工作总结报送县科协。"
    assert [duty.rhythm for duty in read(text)] == ["yearly 06-20", "yearly 12-20"]


def test_a_copy_goes_to_a_second_receiver() -> None:
    first, copy = read("各镇每月25日前将进展情况报送县科协，抄送县委督查室。")
    assert (first.to, copy.to) == ("县科协", "县委督查室")
    assert (copy.who, copy.what) == (first.who, first.what)
    assert copy.rhythm == "monthly 25"


def test_a_chain_of_reports_names_each_obligor() -> None:
    text = "各镇每月5日前将情况报县专班，县专班汇总后于每月10日前报县政府。"
    found = [(duty.who, duty.to) for duty in read(text)]
    assert found == [(("各镇",), "县专班"), (("县专班",), "县政府")]


def test_a_report_carries_its_clause_and_its_sentence() -> None:
    duty = only("（三）统筹推进。各镇按月报送县科协。定期评估。")
    assert (duty.where, duty.text) == ("四（三）", "各镇按月报送县科协。")


STANDING = [
    ("区科协牵头实施本方案，做好沟通联络。", ("区科协",)),
    ("县全民科学素质工作领导小组要加强指导。", ("县全民科学素质工作领导小组",)),
    ("各有关部门、单位要按照部署抓好落实。", ("各有关部门、单位",)),
    ("各有关部门（单位）要统筹考虑经费。", ("各有关部门（单位）",)),
    ("各镇政府、街道办事处按规定安排经费。", ("各镇政府", "街道办事处")),
    ("区政府负责实施工作。", ("区政府",)),
    ("各镇（街道）、开发区科协要发挥作用。", ("各镇（街道）", "开发区科协")),
    ("县领导小组办公室设在县科协，负责综合协调。", ("县领导小组办公室",)),
    ("各级财政要加大投入。", ("各级财政",)),
    ("各级党委要加强领导。", ("各级党委",)),
    ("县财政局、县审计局和县教体局要加强监管。", ("县财政局", "县审计局", "县教体局")),
    (
        "县文化和旅游局、县工业和信息化局要各司其职。",
        ("县文化和旅游局", "县工业和信息化局"),
    ),
    (
        "区科技、教体、文旅等部门要加强协作。",
        ("区科技、教体、文旅等部门",),
    ),
    ("由县科协牵头，建立联席会议制度。", ("县科协",)),
    ("一是各级各部门要高度重视。", ("各级各部门",)),
    ("县应急局会同有关部门开展演练。", ("县应急局",)),
    ("学校要开齐开足科学课。", ("学校",)),
]


@pytest.mark.parametrize(("text", "who"), STANDING)
def test_a_sentence_with_a_doer_is_a_standing_duty(
    text: str, who: tuple[str, ...]
) -> None:
    duty = only(text)
    assert (duty.kind, duty.who, duty.text) == (DutyKind.STANDING, who, text)


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("对方案实施情况每两年进行一次总结，给予表扬。", "every 2 years"),
        ("每年对先进集体进行表彰。", "yearly"),
        ("工作进展实行月调度。", "monthly"),
        ("领导小组每半年听取一次汇报。", "every 6 months"),
    ],
)
def test_a_rhythm_makes_a_duty(text: str, rhythm: str) -> None:
    duty = only(text)
    assert (duty.kind, duty.rhythm) == (DutyKind.STANDING, rhythm)


@pytest.mark.parametrize(
    "text",
    [
        "成立县全民科学素质工作领导小组，负责指导实施工作。",
        "要将科学素质建设摆上重要议事日程。",
        "适时开展监测评估。",
        "定期发布统计数据。",
        "鼓励社会力量参与科普。",
        "落实国家、省、市有关政策，完善制度。",
        "按照有关规定，逐步增加经费投入。",
        "加强部门协作，形成工作合力。",
        "广泛吸纳社会各界、个人的资金。",
        "本方案自印发之日起施行。",
        "",
    ],
)
def test_without_doer_and_rhythm_there_is_no_duty(text: str) -> None:
    assert read(text) == ()


def test_two_doers_between_semicolons_are_two_duties() -> None:
    text = "各镇政府安排经费，专款专用；各部门要落实本系统经费。"
    assert [duty.who for duty in read(text)] == [("各镇政府",), ("各部门",)]


def test_a_part_without_a_doer_stays_with_its_sentence() -> None:
    text = "县科协要加强指导；完善工作制度。"
    assert only(text).text == text


def test_the_plan_of_pingyin_asks_for_two_reports() -> None:
    text = plan("pingyin-2022-21.txt")
    text = text[text.index("（三）统筹协调") :]
    reports = [duty for duty in read(text) if duty.kind is DutyKind.REPORT]
    who = ("各镇（街道）", "经济开发区", "各相关职责部门")
    to = "县全民科学素质工作领导小组办公室"
    assert [(duty.who, duty.what, duty.to) for duty in reports] == [
        (who, "半年工作落实情况", to),
        (who, "全年工作落实情况", to),
    ]
    assert [duty.rhythm for duty in reports] == ["yearly 06-30", "yearly 12-30"]


def test_the_tasks_of_pingyin_hold_no_report() -> None:
    text = plan("pingyin-2022-21.txt").split("四、保障措施")[0]
    assert [duty for duty in read(text) if duty.kind is DutyKind.REPORT] == []


def test_the_plan_of_lixia_asks_for_no_report_but_a_summary() -> None:
    duties = [
        duty for line in plan("lixia-2022-3.txt").splitlines() for duty in read(line)
    ]
    assert {duty.kind for duty in duties} == {DutyKind.STANDING}
    assert ("区科协",) in {duty.who for duty in duties}
    assert [duty.rhythm for duty in duties if "进行一次" in duty.text] == [
        "every 2 years"
    ]


WORDS = (
    "各镇 县科协 各部门 报送 抄送 报告 反馈 备案 情况 每年6月30日前 "
    "12月30日前 每月 总结 上半年 及时 领导小组"
)
SIGNS = "将把向于由报，。；、：和（）《》“”的要每后并 \n"
PIECES = st.sampled_from([*SIGNS, *WORDS.split()])


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60))
@example("将报县科协")
@example("向报" * 20)
def test_no_text_crashes_and_every_duty_is_a_run_of_it(text: str) -> None:
    bare = re.sub(r"\s", "", text)
    for duty in read(text):
        assert re.sub(r"\s", "", duty.text) in bare
        assert duty.kind in DutyKind
