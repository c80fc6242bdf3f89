"""Which quantities a text states, how they are quoted, and what only looks like one."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.facts import Measure
from bot.plans.reading.measures import find_measures, find_targets

PLANS = Path(__file__).parents[4] / "shared" / "plans"


def only(text: str) -> Measure:
    measures = find_measures(text)
    assert len(measures) == 1, measures
    return measures[0]


def plan(name: str) -> str:
    path = PLANS / name
    if not path.is_file():
        pytest.skip("the real plans are not part of the repository")
    return re.sub(r"\s*\n\s*", "", path.read_text(encoding="utf-8"))


FORMS = [
    ("公民具备科学素质的比例达到18.5％", 18.5, "%", "达到"),
    ("覆盖率20%以上", 20, "%", "以上"),
    ("占比不低于30%", 30, "%", "不低于"),
    ("比例超过25%", 25, "%", "超过"),
    ("配备不少于10名专职人员", 10, "名", "不少于"),
    ("培育至少1家龙头企业", 1, "家", "至少"),
    ("给予最高3000万元补助", 3000, "万元", "最高"),
    ("补助最高不超过15万元", 15, "万元", "最高不超过"),
    ("建设站点100个左右", 100, "个", "左右"),
    ("新建1—2家科普馆", 1, "家", ""),
    ("建成2到3个示范点", 2, "个", ""),
    ("按1∶1比例配套", 1, "∶1", ""),
    ("比例调整为4:3:2:1", 4, ":3:2:1", ""),
    ("提供7×24小时服务", 7, "×24小时", ""),
    ("培训百万人次", 100, "万人次", ""),
    ("每年培养100名以上", 100, "名", "以上"),
    ("每万人配备4名", 4, "名", ""),
    ("每季度至少1次", 1, "次", "至少"),
    ("办理建议提案56件", 56, "件", ""),
    ("培训科技辅导员 30 余人次", 30, "人次", "余"),
    ("开展志愿服务活动 20 次以上", 20, "次", "以上"),
    ("参加人员3万余人次", 3, "万人次", "余"),
    ("重点人群知晓率达到百分之三十", 30, "%", "达到"),
    ("三成以上的村有科普广场", 3, "成", "以上"),
    ("力争培育企业5家", 5, "家", "力争"),
    ("审批时限压缩至3个工作日以内", 3, "个工作日", "以内"),
    ("缩短至3周以内", 3, "周", "以内"),
    ("48小时内放行", 48, "小时", "内"),
    ("服务期不少于3年", 3, "年", "不少于"),
    ("提升2个百分点", 2, "个百分点", "提升"),
    ("空气中细颗粒物下降到45微克/立方米", 45, "微克/立方米", "下降到"),
    ("建成高标准农田5.6万亩", 5.6, "万亩", ""),
    ("投入资金１,２００万元", 1200, "万元", ""),
    ("近100家企业参与", 100, "家", "近"),
    ("登记失业率控制在4.5%以内", 4.5, "%", "以内"),
    ("人均预期寿命达到80岁", 80, "岁", "达到"),
    ("群众满意度达到95分以上", 95, "分", "以上"),
    ("增加一倍", 1, "倍", "增加"),
    ("65岁以上老年人健康管理率达到72%", 72, "%", "达到"),
    ("引进投资500万元以上的项目10个", 10, "个", ""),
    ("举办两场科普讲座", 2, "场", ""),
    ("举办大讲堂十二期", 12, "期", ""),
    ("开展不少于两次专题培训", 2, "次", "不少于"),
    ("每年两次", 2, "次", ""),
    ("一年两次", 2, "次", ""),
    ("每年组织一次科普活动", 1, "次", ""),
    ("每个镇街至少建成一个科普示范点", 1, "个", "至少"),
    ("每个社区至少建立一支科普队伍", 1, "支", "至少"),
    ("办好10件民生实事", 10, "件", ""),
    ("由5家增加到10家", 10, "家", "增加到"),
    ("比2020年提高3个百分点", 3, "个百分点", "提高"),
    ("推进5G基站建设100个", 100, "个", ""),
    ("每月5日前开展宣传1次", 1, "次", ""),
]


@pytest.mark.parametrize(("text", "number", "unit", "qualifier"), FORMS)
def test_a_quantity_has_number_unit_and_qualifier(
    text: str, number: float, unit: str, qualifier: str
) -> None:
    measure = only(text)
    assert (measure.number, measure.unit) == (number, unit)
    assert measure.qualifier == qualifier


@pytest.mark.parametrize(
    "text",
    [
        "落实国发〔2021〕9号文件",
        "按照X府办[2016]12号要求",
        "实施三年行动计划",
        "完成24项任务",
        "实施 5 项提升行动",
        "稳步推进 4 项重点工程",
        "聚焦3个方面、5大领域",
        "推进5G网络建设",
        "拨打12345热线",
        "24小时热线12396",
        "联系电话：0531-87883287",
        "青少年科普教育 330 工程",
        "以《健康素养66条》普及为主",
        "以健康素养66条普及为主",
        "聚焦“四个面向”",
        "落实四个面向",
        "开展“五进”活动",
        "“十四五”时期全民科学素质建设",
        "国民经济和社会发展第十四个五年规划和二Ｏ三五年远景目标",
        "选派第一书记",
        "发布一批优惠政策，建设一支队伍，推出一系列活动，打造一个品牌",
        "坚持一校一策，发放一次性补贴",
        "产值翻一番",
        "深入开展“三下乡”活动",
        "落实八项规定",
        "党的二十届三中全会",
        "目前已建成5家",
        "截至2021年底，比例达到12%",
        "实施“百场讲座进社区”行动",
        "推进“1+3+N”体系建设",
        "打造15分钟生活圈",
        "对1000人以上的企业开展检查",
        "统一场馆标识",
        "每两年进行一次总结",
        "每半年考评一次",
        "开馆时间9:00—17:00",
        "建设5A级景区",
        "2021—2025年",
        "第3届科技节第2场活动",
        "会同12个部门",
    ],
)
def test_a_number_that_is_no_quantity_is_left_out(text: str) -> None:
    assert find_measures(text) == ()


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "引进100名高层次人才，选拔100名领军人才、200名骨干人才",
            ["引进100名高层次人才", "选拔100名领军人才", "200名骨干人才"],
        ),
        (
            "扎实推进专项培训工作，每年培训科技辅导员 30 余人次。（县教体局负责）",
            ["每年培训科技辅导员 30 余人次"],
        ),
        (
            "到 2025 年，重点人群知晓率达到90％以上。",
            ["到 2025 年，重点人群知晓率达到90％以上"],
        ),
        (
            "每年围绕重点人群，组织专题培训5场以上，发放资料1万份",
            ["每年围绕重点人群，组织专题培训5场以上", "发放资料1万份"],
        ),
        ("举办讲座（每年不少于10次）。", ["每年不少于10次"]),
        ("开展培训2期100人次", ["开展培训2期", "开展培训2期100人次"]),
        ("新建幼儿园12所和小学3所", ["新建幼儿园12所", "小学3所"]),
    ],
)
def test_a_quantity_is_quoted_with_its_clause(text: str, clauses: list[str]) -> None:
    assert [measure.text for measure in find_measures(text)] == clauses


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("每年开展活动5场", ["每年"]),
        ("每季度至少1次", ["每季度"]),
        ("到2025年，比例达到30%", ["到2025年"]),
        ("5年内培育企业20家", ["5年内"]),
        ("十四五期间，培训农民5万人次", ["十四五期间"]),
        ("研发投入年均增长10%以上", ["年均"]),
        ("每年开展2次；新建基地3个", ["每年", ""]),
        ("到2025年，每年培训1000人次", ["每年"]),
        ("每年至少开展2次，每次不少于2小时", ["每年", "每次"]),
    ],
)
def test_the_nearest_word_of_time_is_the_period(text: str, periods: list[str]) -> None:
    assert [measure.period for measure in find_measures(text)] == periods


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("到2025年，比例达到30%，覆盖率达到90%", [2025, 2025]),
        ("力争2035年达到25%", [2035]),
        ("到2023年达到15%，到2025年达到18.5%", [2023, 2025]),
        ("到2025年、2035年分别达到18%、25%", [2025, 2035]),
        ("由2020年的10.5%提高到2025年的18%", [2025]),
        ("到“十四五”末，建成10个", [2025]),
        ("到二〇二五年达到30%", [2025]),
        ("2022年培训500人，2023年培训800人", [2022, 2023]),
        ("截至2021年底达到12%，到2025年达到18%", [2025]),
        ("自2021年以来开展活动5场", [None]),
        ("每年开展5场", [None]),
    ],
)
def test_the_year_of_a_target_governs_its_sentence(
    text: str, years: list[int | None]
) -> None:
    assert [measure.year for measure in find_measures(text)] == years


def test_in_a_goal_chapter_a_year_governs_until_the_next() -> None:
    text = "到2025年，比例达到15%。覆盖率达到90%。到2035年，比例达到25%。"
    assert [target.year for target in find_targets(text)] == [2025, 2025, 2035]
    assert [measure.year for measure in find_measures(text)] == [2025, None, 2035]


def test_blanks_and_line_breaks_inside_do_not_hide_a_quantity() -> None:
    measure = only("每年开展健康教育活动 10\n\n场。")
    assert (measure.number, measure.unit, measure.period) == (10, "场", "每年")
    assert "\n" not in measure.text


def test_the_plan_of_pingyin_states_eight_quantities() -> None:
    text = plan("pingyin-2022-21.txt")
    found = [(item.number, item.unit, item.qualifier) for item in find_measures(text)]
    assert found == [
        (18.5, "%", "达到"),
        (5, "场", ""),
        (30, "人次", "余"),
        (20, "次", "以上"),
        (1, "场", ""),
        (90, "%", "以上"),
        (30, "%", "达到"),
        (10, "场", ""),
    ]


def test_the_targets_of_pingyin_have_their_period_and_year() -> None:
    measures = find_measures(plan("pingyin-2022-21.txt"))
    to_2025 = [item.number for item in measures if item.year == 2025]
    every_year = [item.number for item in measures if item.period == "每年"]
    assert (to_2025, every_year) == ([18.5, 90, 30], [5, 30, 20, 1, 10])


def test_the_plan_of_lixia_states_one_quantity() -> None:
    measures = find_targets(plan("lixia-2022-3.txt"))
    assert [(item.number, item.unit, item.year) for item in measures] == [
        (20, "%", 2025)
    ]
    assert measures[0].qualifier == "超过"


WORDS = (
    "人次 达到 以上 至少 每年 到2025年 分之 提高到 工程 分别 、2035年 小时内 目前 培训"
)
SIGNS = (
    "0123456789.,，。；、：:%％×/-—（）“”《》〔〕"
    "一二两三十百千万亿余多第每场个项由次 \n"
)
PIECES = st.sampled_from([*SIGNS, *WORDS.split()])


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60))
@example("一分之零以上2/0以上")
@example("九" * 30 + "场")
def test_no_text_crashes_and_every_clause_is_a_run_of_it(text: str) -> None:
    bare = re.sub(r"\s", "", text)
    for measure in (*find_measures(text), *find_targets(text)):
        assert measure.text
        assert re.sub(r"\s", "", measure.text) in bare


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("产量不低于46亿斤", 46, "亿斤"),
        ("放流8000万尾", 8000, "万尾"),
        ("节水3亿方", 3, "亿方"),
        ("服务时长200小时", 200, "小时"),
        ("面积5000m²", 5000, "m²"),
        ("下降3个以上百分点", 3, "个百分点"),
    ],
)
def test_units_of_fields_and_waters(text: str, number: float, unit: str) -> None:
    (measure,) = find_measures(text)

    assert (measure.number, measure.unit) == (number, unit)


@pytest.mark.parametrize(
    "text", ["每月最后一个星期五活动", "服务24小时热线", "5亿方向"]
)
def test_words_that_only_look_like_quantities(text: str) -> None:
    assert find_measures(text) == ()
