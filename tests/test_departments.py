"""Departments: spellings of plans and of questions, and what is no department."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chinese import fold
from bot.departments import Certainty, Departments, has_department_shape
from bot.departments.table import Collective, Kind
from bot.errors import SettingsError

ROOT = Path(__file__).parent.parent
DEPARTMENTS = Departments.load(ROOT / "data" / "departments.toml")
COUNTY = """
各镇街道 县委宣传部 县委组织部 县教体局 团县委 县科技事业发展中心 县科协
县文化和旅游局 县卫生健康局 县应急局 县农业农村局 县人力资源社会保障局
县工业和信息化局 县发展改革局 县融媒体中心
""".split()
DISTRICT = """
各街道办事处 各成员单位 区教体局 区科协 团区委 区委政法委 区科技局 区文旅局 区卫健局
区委宣传部 区妇联 区人社局 区总工会 区委组织部 区发改局 区应急局
""".split()
OTHERS = """
县市场监管局 县住建局 县自然资源和规划局 市生态环境局平阴分局 县行政审批服务局
县大数据局 县财政局 县公安局 县民政局 县司法局 县交通运输局 县水务局 县商务局 县医保局
县城管局 县统计局 县审计局 县信访局 县税务局 县气象局 县林业局 县委网信办 县残联
县退役军人事务局 县国动办 县供销社 县委党校 县委统战部
""".split()
EXACT = {
    "COUNTY": """
县教体局: 县教体局有哪些任务 教体局负责什么 教育局有什么任务 体育局呢 教育和体育局
    教育体育局 教育部门要做什么 平阴县教育和体育局的任务 平阴教体局 我县教体局
    教体有哪些任务 縣教體局有哪些任務 区教体局 教委 问下县教体局 教体局
县卫生健康局: 卫健委有几项 卫健局有几项 县卫健委 卫生健康局 卫生健康委员会
    卫计局的任务 卫计委 卫生局负责哪些 计生委 卫健部门的活 卫健有哪些任务 衛健委
县文化和旅游局: 文旅局 文旅部门 文旅有啥任务 文化旅游局 旅游局要干什么 文化局 文广新局
    文体局 县文旅局牵头哪些 文化和旅游部门
县人力资源社会保障局: 人社局 人社部门 人力资源和社会保障局 劳动局 人事局
    人社有什么任务
团县委: 团委有哪些任务 团县委 共青团平阴县委 共青团县委负责哪些 县团委 团平阴县委
县科协: 科协和我们 县科协牵头哪些 科学技术协会 平阴县科协的任务 科协负责什么
县应急局: 应急管理局 应急局呢 安监局 应急办负责什么 应急部门 应急管理部门有几项
县委宣传部: 宣传部要干嘛 县委宣传部 宣传部门的任务 平阴县委宣传部
县委组织部: 组织部呢 县委组织部有几项
县农业农村局: 农业局 农委 扶贫办 乡村振兴局 农业农村部门 畜牧局 农业农村委
县工业和信息化局: 工信局 工业信息化局 经信局 经信委 工信部门 工信有什么任务
县发展改革局: 发改委 发改局 发展和改革委员会 发改部门
县融媒体中心: 融媒体中心 融媒中心 电视台要做什么 广播电视台
县科技事业发展中心: 科技中心 科技事业发展中心 科技发展中心
各镇街道: 各镇街道有哪些任务 街道要做什么 镇街负责哪些 各乡镇要干什么 各街道办
""",
    "DISTRICT": """
区科技局: 科技局的任务 区科技局 科委
区总工会: 总工会 工会负责哪些 区工会
各街道办事处: 街道要做啥 各街道办有哪些任务 各街道的任务
各成员单位: 成员单位要做什么
区委政法委: 政法委
区妇联: 妇联有哪些
团区委: 团委的任务
区卫健局: 区卫健委
区教体局: 济南市历下区教体局
""",
    "OTHERS": """
县市场监管局: 市监局 工商局 质监局 食药监局 市场监督管理局
县住建局: 住房和城乡建设局 住建委 建设局
县自然资源和规划局: 自规局 国土局 规划局
县行政审批服务局: 审批局
县大数据局: 大数据中心
县财政局: 财政局 财政部门
县公安局: 公安机关
县民政局: 民政部门
县司法局: 法制办
县交通运输局: 交通局
县水务局: 水利局
县商务局: 商务部门
县医保局: 医疗保障局
县城管局: 综合行政执法局 城市管理局
县统计局: 统计部门
县审计局: 审计局
县信访局: 信访办
县税务局: 国税局 地税局
县气象局: 气象部门
县林业局: 林草局
县委网信办: 网信部门
县残联: 残疾人联合会
县退役军人事务局: 退役军人局
县国动办: 人防办
县供销社: 供销合作社
县委党校: 县党校
县委统战部: 统战部门
""",
}
UNSURE = [
    (COUNTY, "卫建委的任务", "县卫生健康局", Certainty.SOUND),
    (COUNTY, "人设局有哪些", "县人力资源社会保障局", Certainty.SOUND),
    (COUNTY, "文驴局", "县文化和旅游局", Certainty.SOUND),
    (COUNTY, "交体局的任务", "县教体局", Certainty.SOUND),
    (COUNTY, "荣媒体中心", "县融媒体中心", Certainty.SOUND),
    (COUNTY, "科鞋的任务", "县科协", Certainty.SOUND),
    (COUNTY, "kexie de renwu", "县科协", Certainty.SOUND),
    (COUNTY, "jiaotiju", "县教体局", Certainty.SOUND),
    (COUNTY, "wenlvju", "县文化和旅游局", Certainty.SOUND),
    (COUNTY, "wenluju 负责啥", "县文化和旅游局", Certainty.SOUND),
    (COUNTY, "wei jian ju", "县卫生健康局", Certainty.SOUND),
    (COUNTY, "yingjiju de renwu", "县应急局", Certainty.SOUND),
    (COUNTY, "JTJ的任务", "县教体局", Certainty.SOUND),
    (COUNTY, "yjj", "县应急局", Certainty.SOUND),
    (COUNTY, "教休局的任务", "县教体局", Certainty.TYPO),
    (COUNTY, "旅文局", "县文化和旅游局", Certainty.TYPO),
    (COUNTY, "卫生健局", "县卫生健康局", Certainty.TYPO),
    (COUNTY, "科技事业发中心", "县科技事业发展中心", Certainty.TYPO),
    (OTHERS, "市场监督局", "县市场监管局", Certainty.TYPO),
]

NO_MENTION = """
科学教育怎么搞 健康科普有哪些活动 科技工作者有哪些任务 宣传活动有几场
科普宣传不到位怎么办 怎么组织不同的活动 青少年科技创新大赛谁负责 文旅融合怎么做
体育锻炼 农业技术推广 应急科普谁管 应急管理人员培训 应急办法有哪些 发展改革的要求
卫生健康知识 教育培训怎么做 文化旅游活动 融媒体建设 科普大格局 服务发展大局
科技馆建设归谁管 街道科普活动 社区科协做什么 老科协的任务 企业科协建设 中国科协
市教体局有哪些任务 市科协 省科协 教育部要求 科技部署 宣传部署会 组织部分学校参加
学校团委书记 人工智能 产学研科协同 数字化 老年大学 老人大学生 健康教育基地 妇女儿童
科学素质大赛 农村科普 镇街科普宣传 乡镇企业 人才发展 历下区教体局有哪些任务 高校科协
科技小院 职业技能竞赛 新闻宣传 电视节目 团队建设 青年志愿者 app推广 ppt怎么写
有没有vip 体育活动几场 工业和信息化建设 人力资源市场 农业农村现代化 科技事业发展
科协作机制 有关部门 干部培训 改革办法 实施方案的局部调整 布置工作 体系建设 县财政局
文物局 省教育厅 基层组织部署 教育局域网
""".split()


def cases() -> list[tuple[list[str], str, str]]:
    """Read EXACT: whose departments, the department, and a question that names it."""
    lists = {"COUNTY": COUNTY, "DISTRICT": DISTRICT, "OTHERS": OTHERS}
    read: list[tuple[list[str], str, str]] = []
    for key, table in EXACT.items():
        for part in re.split(r"\n(?=\S)", table.strip()):
            department, questions = part.split(":")
            read += [(lists[key], department, q) for q in questions.split()]
    return read


@pytest.mark.parametrize(("among", "department", "question"), cases())
def test_a_name_in_any_usual_form_is_found(
    among: list[str], department: str, question: str
) -> None:
    found = DEPARTMENTS.find(question, among=among)

    assert [(m.department, m.certainty) for m in found] == [
        (department, Certainty.EXACT)
    ]


def test_more_than_a_hundred_forms_are_tried() -> None:
    assert len({question for _, _, question in cases()}) > 100
    assert len(NO_MENTION) > 60


@pytest.mark.parametrize(("among", "question", "department", "certainty"), UNSURE)
def test_slips_and_sounds_are_found_as_such(
    among: list[str], question: str, department: str, certainty: Certainty
) -> None:
    found = DEPARTMENTS.find(question, among=among)

    assert [(m.department, m.certainty) for m in found] == [(department, certainty)]


@pytest.mark.parametrize("question", NO_MENTION)
def test_ordinary_words_and_other_levels_are_no_mention(question: str) -> None:
    assert DEPARTMENTS.find(question, among=COUNTY) == ()


def test_places_are_those_of_the_folded_question() -> None:
    question = "請問 平阴县教体局，和卫建委有哪些任务？"

    found = DEPARTMENTS.find(question, among=COUNTY)

    folded = fold(question)
    assert [folded[m.start : m.end] for m in found] == ["平阴县教体局", "卫建委"]
    assert [m.written for m in found] == ["平阴县教体局", "卫建委"]


def test_bodies_that_fit_alike_are_all_told() -> None:
    found = DEPARTMENTS.find("科协的任务", among=["省科协", "市科协"])

    assert [(m.department, m.start, m.end) for m in found] == [
        ("省科协", 0, 2),
        ("市科协", 0, 2),
    ]


@pytest.mark.parametrize(
    ("question", "among", "department"),
    [
        ("市科协的任务", ["省科协", "市科协"], "市科协"),
        ("科技厅", ["省科技厅", "市科技局"], "省科技厅"),
        ("体育局", ["县教体局", "县体育局"], "县体育局"),
        ("黄河河务局", ["县黄河河务局"], "县黄河河务局"),
        ("知识产权局", ["县市场监管局", "县知识产权局"], "县知识产权局"),
        (
            "省市场监管局",
            ["省市场监管局（省知识产权局）"],
            "省市场监管局（省知识产权局）",
        ),
    ],
)
def test_the_best_fitting_body_is_taken(
    question: str, among: list[str], department: str
) -> None:
    found = DEPARTMENTS.find(question, among=among)

    assert [m.department for m in found] == [department]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("县财政局有什么任务", ("县财政局",)),
        ("公安局负责哪些", ("公安局",)),
        ("交通局和县林草局呢", ("交通局", "县林草局")),
        ("蔬菜局的任务", ("蔬菜局",)),
        ("请问黄河河务局要做什么", ("黄河河务局",)),
        ("教育局和财政局", ("财政局",)),
        ("市教育局", ("市教育局",)),
        ("科技局有任务吗", ("科技局",)),
        ("老科协", ("老科协",)),
        ("卫建委", ()),
        ("政府有什么补贴", ()),
        ("服务发展大局", ()),
        ("科普新格局怎么构建", ()),
        ("科技馆建设归谁管", ()),
        ("邮局几点开门", ()),
        ("有哪些任务", ()),
        ("老年人行动有哪些任务", ()),
        ("建设县科技馆详细要求", ()),
    ],
)
def test_departments_that_the_plan_does_not_name_are_told(
    question: str, names: tuple[str, ...]
) -> None:
    assert DEPARTMENTS.names(question, among=COUNTY) == names


SAME = """
县教体局=教体局 县教体局=县教育和体育局 县教体局=教育局 县教体局=平阴县教育和体育局
县教体局=体育局 县卫生健康局=卫健局 县卫生健康局=卫健委 县卫生健康局=区卫健委
县卫生健康局=卫计局 卫生局=卫健局 团县委=共青团县委 团县委=共青团平阴县委 团县委=团委
团县委=县团委 省住建厅=省住房城乡建设厅 市文旅局=市文旅广电局 县委宣传部=宣传部
县委宣传部=中共平阴县委宣传部 县科协=县科学技术协会 县税务局=国家税务总局平阴县税务局
省工业和信息化厅=省工信厅 济南市历下区教体局=历下区教体局 縣科協=县科协
县应急局=安监局 扶贫办=乡村振兴局 省市场监管局（省知识产权局）=省市场监管局
""".split()
DIFFERENT = """
县教体局=市教体局 县科协=县科技局 教育局=体育局 旅游局=文化局 省教育厅=市教育局
团县委=团市委 平阴县科协=历下区科协 工商局=质监局 国土局=规划局 县委宣传部=县委组织部
省科协=中国科协 县科技局=县科技事业发展中心 县妇联=县残联 县法院=县检察院
县科协=老科协
""".split()


@pytest.mark.parametrize("pair", SAME)
def test_spellings_of_one_body_are_the_same(pair: str) -> None:
    one, other = pair.split("=")

    assert DEPARTMENTS.same(one, other)
    assert DEPARTMENTS.same(other, one)


@pytest.mark.parametrize("pair", DIFFERENT)
def test_different_bodies_are_not_the_same(pair: str) -> None:
    one, other = pair.split("=")

    assert not DEPARTMENTS.same(one, other)
    assert not DEPARTMENTS.same(other, one)


@pytest.mark.parametrize(
    "name",
    "县蔬菜办 平阴一中学校 榆山街道 玫瑰镇 某某集团 国网供电公司 县人民法院"
    " 济南海关 县党校 高新区管委会 区残联 县第二实验小学 各区、县级市".split(),
)
def test_names_of_plain_shape_look_like_departments(name: str) -> None:
    assert has_department_shape(name)
    assert DEPARTMENTS.looks_like_department(name)


@pytest.mark.parametrize("text", ["", "张三丰", "加强建设的部", "大格局", "干部", "。"])
def test_other_words_do_not_look_like_departments(text: str) -> None:
    assert not DEPARTMENTS.looks_like_department(text)


@pytest.mark.parametrize(
    "name",
    "各镇街道 各成员单位 有关部门 各市、州、县人民政府 县直各部门 试点城市政府".split(),
)
def test_groups_are_collectives(name: str) -> None:
    assert DEPARTMENTS.is_collective(name)
    assert DEPARTMENTS.is_known(name)


@pytest.mark.parametrize("name", "县教体局 大明湖街道办事处 玫瑰镇".split())
def test_single_bodies_are_no_collectives(name: str) -> None:
    assert not DEPARTMENTS.is_collective(name)


def test_a_roster_may_add_departments_and_members() -> None:
    added = DEPARTMENTS.merged(
        [Kind(names=("蔬菜产业局", "菜办"))],
        [Collective(names=("各镇（街道）",), members=("玫瑰镇", "榆山街道"))],
    )

    assert added.same("县蔬菜产业局", "菜办")
    assert added.members("各镇街道") == ("玫瑰镇", "榆山街道")
    assert DEPARTMENTS.members("各镇街道") == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[department]]\nname = '教育局'\nshrot = []", "shrot"),
        ("[[department]]\nshort = ['教育局']", "name"),
        ("[[department]]\nname = ''", "name"),
        ("[[department]]\nname = '教育局'\nshort = '教委'", "short"),
        ("[[department]]\nname = '教育局'\nparty = 'yes'", "party"),
        ("[[department]]\nname = '教育局'\nformer = ['教委']", "former"),
        (
            "[[department]]\nname = '甲局'\n[[department.former]]\nnames = ['乙局']",
            "until",
        ),
        ("[[collective]]\nmembers = []", "names"),
        ("[[collective]]\nnames = [1]", "names"),
        ("departments = []", "departments"),
        ("places = '平阴县'", "places"),
        ("places = [", "departments.toml"),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "departments.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match=named):
        Departments.load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"departments\.toml"):
        Departments.load(tmp_path / "departments.toml")


def test_the_directory_is_large() -> None:
    assert len(DEPARTMENTS.kinds) >= 100
    assert len(DEPARTMENTS.collectives) >= 10


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"县市区局的和教体卫健 a\0?", "科协", "jtj", "wenlv", "街道"]),
        max_size=20,
    ).map("".join)
    | st.text(max_size=40)
)
def test_any_question_is_survived(question: str) -> None:
    folded = fold(question)
    names = DEPARTMENTS.names(question, among=COUNTY)
    for mention in DEPARTMENTS.find(question, among=COUNTY):
        assert folded[mention.start : mention.end] == mention.written != ""
        assert mention.department in COUNTY
    assert all(name in folded for name in names)
