"""Departments as people call them among themselves: by half, by trade, by old names."""

import re
from pathlib import Path

import pytest

from bot.departments import Certainty, Departments

DEPARTMENTS = Departments.load(
    Path(__file__).parent.parent / "data" / "departments.toml"
)
COUNTY = (
    "县教育局 县科技局 县委宣传部 县委组织部 县卫生健康局 县农业农村局 县应急管理局"
    " 县人力资源和社会保障局 县文化和旅游局 县工业和信息化局 县总工会 团县委"
    " 县融媒体中心 县市场监督管理局（县知识产权局） 各镇街道"
).split()
SPOKEN = """
县教育局: 教育那边说还缺一份材料 教育口的活有几件 问问教育那口子领了啥 管教育的那个局
    跟教育那头碰过了
县委宣传部: 宣传那边的任务 宣传口都牵哪些头
县应急管理局: 应急那边催我了
县人力资源和社会保障局: 劳动人事那个局有几项 分管人事、劳动的那个部门 管劳动的那家单位
县农业农村局: 农业口的 管畜牧的那个局
县市场监督管理局（县知识产权局）: 管市场的那个,它有几条 知识产权那边
县文化和旅游局: 旅游那边要干啥 文化口上的任务
"""
USUAL = """
县应急管理局: 安监的任务 安监局 安监有哪些
县市场监督管理局（县知识产权局）: 工商的任务 质监有几条 县知产局 知识产权局
    食药监要做什么
县卫生健康局: 卫计的任务 写了卫健的 拉上卫健一起 方案里卫健要做什么
县人力资源和社会保障局: 人劳局 人劳那边 人社到底有几条
县文化和旅游局: 文广旅的任务 文广新要做什么
县工业和信息化局: 经信的任务 工信领头的
"""
SEVERAL = [
    ("宣传卫健镇街三家都写着的", ["县委宣传部", "县卫生健康局", "各镇街道"]),
    ("科技和教育两个单位的", ["县科技局", "县教育局"]),
    ("文化、农业、应急三家", ["县文化和旅游局", "县农业农村局", "县应急管理局"]),
    ("人社工信各几条", ["县人力资源和社会保障局", "县工业和信息化局"]),
    ("文旅团县委两家都有的", ["县文化和旅游局", "团县委"]),
    ("人社、融媒体中心各几项", ["县人力资源和社会保障局", "县融媒体中心"]),
    ("卫健科技局都写了的", ["县卫生健康局", "县科技局"]),
    ("组织部教育俩一共几条", ["县委组织部", "县教育局"]),
]
WRONG = [
    ("纵织部的任务", "县委组织部"),
    ("宣川部牵头哪些", "县委宣传部"),
    ("融煤体的任务", "县融媒体中心"),
    ("综工会有几条", "县总工会"),
]
NO_MENTION = """
人口老龄化怎么应对 文化口岸建设 宣传口径要统一 教育医疗两个方面 工商注册去哪办
孩子教育那边没人管 出口企业有哪些 组干部怎么培训 宣读部分条款 组装部件
管理教育的那个问题 教育那几家培训机构 科学教育三个环节 年轻人社会参与 工商户登记
科技三下乡 文化广场舞两个队 科普剧本谁写 应急广播那边坏了 负责宣传的哪个人
""".split()


def cases(table: str) -> list[tuple[str, str]]:
    read = []
    for part in re.split(r"\n(?=\S)", table.strip()):
        department, questions = part.split(":")
        read += [(department, question) for question in questions.split()]
    return read


@pytest.mark.parametrize(("department", "question"), cases(SPOKEN))
def test_words_of_everyday_name_a_department_where_it_is_told(
    department: str, question: str
) -> None:
    found = DEPARTMENTS.find(question, among=COUNTY)

    assert [(m.department, m.certainty) for m in found] == [
        (department, Certainty.SPOKEN)
    ]


@pytest.mark.parametrize(("department", "question"), cases(USUAL))
def test_halves_of_names_and_old_names_are_usual(
    department: str, question: str
) -> None:
    found = DEPARTMENTS.find(question, among=COUNTY)

    assert [(m.department, m.certainty) for m in found] == [
        (department, Certainty.EXACT)
    ]


@pytest.mark.parametrize(("question", "names"), SEVERAL)
def test_names_in_a_row_are_cut(question: str, names: list[str]) -> None:
    found = DEPARTMENTS.find(question, among=COUNTY)

    assert [m.department for m in found] == names


@pytest.mark.parametrize(("question", "department"), WRONG)
def test_wrong_characters_are_heard(question: str, department: str) -> None:
    found = DEPARTMENTS.find(question, among=COUNTY)

    assert [m.department for m in found] == [department]
    assert found[0].certainty is not Certainty.EXACT


@pytest.mark.parametrize("question", NO_MENTION)
def test_ordinary_words_stay_what_they_are(question: str) -> None:
    assert DEPARTMENTS.find(question, among=COUNTY) == ()


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("民政城管有活没", ("民政", "城管")),
        ("民政、城管有没有任务", ("民政", "城管")),
        ("住建那边有任务吗", ("住建",)),
        ("管统计的那个局有任务吗", ("管统计的那个局",)),
        ("水利设施有哪些要求", ()),
        ("医院那边怎么说", ()),
    ],
)
def test_halves_of_names_that_the_plan_lacks_are_told(
    question: str, names: tuple[str, ...]
) -> None:
    assert DEPARTMENTS.names(question, among=COUNTY) == names


def test_a_body_of_old_that_the_plan_names_is_itself() -> None:
    among = ["县应急管理局", "县安监局", "县市场监管局", "县知识产权局"]

    assert [m.department for m in DEPARTMENTS.find("安监的任务", among=among)] == [
        "县安监局"
    ]
    assert [m.department for m in DEPARTMENTS.find("知产局", among=among)] == [
        "县知识产权局"
    ]


@pytest.mark.parametrize(
    ("name", "department", "is_former"),
    [
        ("安监局", "县应急管理局", True),
        ("安监", "县应急局", True),
        ("县工商局", "县市场监督管理局（县知识产权局）", True),
        ("扶贫办", "县农业农村局", True),
        ("旅游局", "县文旅局", False),
        ("教育局", "县教体局", False),
        ("市监局", "县市场监督管理局", False),
        ("城管局", "县综合行政执法局", False),
        ("县安监局", "县安监局", False),
        ("应急那边", "县应急管理局", False),
    ],
)
def test_a_name_of_old_is_known_where_it_says_other_things(
    name: str, department: str, is_former: bool
) -> None:
    assert DEPARTMENTS.is_former(name, department) == is_former
