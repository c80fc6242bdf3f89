"""Owner annotations: found in a paragraph, read into owners, rules and doubts."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.departments import Departments
from bot.facts import DoubtKind, Owner, OwnerRole, Relation
from bot.plans.reading.owners import (
    Annotation,
    OwnerRules,
    Reading,
    find_annotations,
    read_annotation,
    read_cell,
    sole_owner_leads,
)
from bot.plans.reading.suggestions import suggest_owners

ROOT = Path(__file__).parents[3]
PLANS = ROOT.parent / "shared" / "plans"
DEPARTMENTS = Departments.load(ROOT / "data" / "departments.toml")
ROLES = {
    "领": OwnerRole.LEAD,
    "同": OwnerRole.JOINT,
    "助": OwnerRole.HELPER,
    "导": OwnerRole.GUIDE,
    "集": OwnerRole.COLLECTIVE,
}


def read(text: str, rules: OwnerRules | None = None) -> Reading:
    return read_annotation(text, departments=DEPARTMENTS, rules=rules or OwnerRules())


def wanted(words: str) -> list[tuple[str, OwnerRole, str]]:
    """Spell out 县教体局 领牵头, 各部门 集负责 as names, roles and relations."""
    pairs = (part.split(" ") for part in words.split(", ") if part)
    return [(name, ROLES[tie[0]], tie[1:]) for name, tie in pairs]


def told(owners: tuple[Owner, ...]) -> list[tuple[str, OwnerRole, str]]:
    return [(o.department, o.role, str(o.relation)) for o in owners]


ROWS = [
    ("1", "（县教体局、县科协按职责分工负责）", "县教体局 同负责, 县科协 同负责"),
    ("2", "（县应急局负责）", "县应急局 领负责"),
    ("3", "（县民政局、县妇联负责）", "县民政局 同负责, 县妇联 同负责"),
    (
        "4",
        "（教育部、科技部负责，排在第一位的部门为牵头部门，下同）",
        "教育部 领牵头, 科技部 同负责",
    ),
    (
        "5",
        "（教育部、科技部负责。列第一位者为牵头单位，下同）",
        "教育部 领牵头, 科技部 同负责",
    ),
    (
        "6",
        "（市教育局牵头，市科协、市妇联按职责分工负责）",
        "市教育局 领牵头, 市科协 同负责, 市妇联 同负责",
    ),
    (
        "7",
        "（教育部、科技部牵头，财政部、民政部等国务院相关部门及各地区按职责分工负责）",
        "教育部 领牵头, 科技部 领牵头, 财政部 同负责, 民政部 同负责, "
        "国务院相关部门 集负责, 各地区 集负责",
    ),
    (
        "8",
        "（商务部牵头，国务院相关部门及各地区按职责分工负责）",
        "商务部 领牵头, 国务院相关部门 集负责, 各地区 集负责",
    ),
    (
        "9",
        "（商务部牵头，各地区、各部门负责）",
        "商务部 领牵头, 各地区 集负责, 各部门 集负责",
    ),
    ("10", "（各地区、各部门负责）", "各地区 集负责, 各部门 集负责"),
    ("11", "（县科协牵头，县教体局配合）", "县科协 领牵头, 县教体局 助配合"),
    (
        "12",
        "（县科协牵头，县教体局、县妇联按职责分工配合）",
        "县科协 领牵头, 县教体局 助配合, 县妇联 助配合",
    ),
    (
        "13",
        "（市科协牵头，市教育局配合，市应急局负责；完成时限：2021年底前）",
        "市科协 领牵头, 市教育局 助配合, 市应急局 同负责",
    ),
    (
        "14",
        "（市科协负责，市教育局、市妇联等部门配合）",
        "市科协 领负责, 市教育局 助配合, 市妇联 助配合",
    ),
    (
        "15",
        "（市科协、市教育局等部门协同负责,市妇联配合）",
        "市科协 同负责, 市教育局 同负责, 市妇联 助配合",
    ),
    ("16", "（县科协牵头）", "县科协 领牵头"),
    ("16b", "（县科协牵头负责）", "县科协 领牵头"),
    (
        "17",
        "（县科协牵头，有关部门按职责分工负责）",
        "县科协 领牵头, 有关部门 集负责",
    ),
    (
        "18",
        "（县科协、县教体局分别牵头负责）",
        "县科协 领牵头, 县教体局 领牵头",
    ),
    ("19", "（县科协会同有关部门负责）", "县科协 领牵头, 有关部门 集配合"),
    (
        "19b",
        "（县科协、县教体局会同有关部门负责）",
        "县科协 领牵头, 县教体局 领牵头, 有关部门 集配合",
    ),
    (
        "20",
        "（教育部、财政部等和各有关省级人民政府负责）",
        "教育部 同负责, 财政部 同负责, 各有关省级人民政府 集负责",
    ),
    (
        "21",
        "（市教委、市科委和有关区县政府具体负责）",
        "市教委 同负责, 市科委 同负责, 有关区县政府 集负责",
    ),
    (
        "22",
        "〔市教委、市住房城乡建设委员会（简称市住建委）和有关区县政府具体负责〕",
        "市教委 同负责, 市住房城乡建设委员会 同负责, 有关区县政府 集负责",
    ),
    (
        "23",
        "（教育部、财政部，各省级人民政府按职责分工负责）",
        "教育部 同负责, 财政部 同负责, 各省级人民政府 集负责",
    ),
    ("24", "（责任单位：省教育厅、省科协）", "省教育厅 同责任, 省科协 同责任"),
    (
        "25",
        "（责任单位：省教育厅、省科协，各市人民政府）",
        "省教育厅 同责任, 省科协 同责任, 各市人民政府 集责任",
    ),
    (
        "26",
        "（责任单位：省教育厅、省科协，各市、州、县人民政府）",
        "省教育厅 同责任, 省科协 同责任, 各市、州、县人民政府 集责任",
    ),
    (
        "27",
        "（责任单位：市教育局、市科协等；各区政府）",
        "市教育局 同责任, 市科协 同责任, 各区政府 集责任",
    ),
    (
        "28",
        "(责任单位:省教育厅牵头，省财政厅、省科协等部门分工负责)",
        "省教育厅 领牵头, 省财政厅 同负责, 省科协 同负责",
    ),
    (
        "29",
        "（牵头部门：市教育局、市科协、市妇联）",
        "市教育局 领牵头, 市科协 领牵头, 市妇联 领牵头",
    ),
    (
        "30",
        "（牵头单位：市科协，配合单位：市教育局、市妇联，各区、县级市）",
        "市科协 领牵头, 市教育局 助配合, 市妇联 助配合, 各区、县级市 集配合",
    ),
    (
        "31",
        "（牵头单位：市科协；责任单位：市教育局、市妇联，各区县政府）",
        "市科协 领牵头, 市教育局 同责任, 市妇联 同责任, 各区县政府 集责任",
    ),
    (
        "32",
        "（6月底完成，牵头考核单位：县科协、县教体局）",
        "县科协 领牵头, 县教体局 领牵头",
    ),
    ("33", "（持续推进，牵头考核单位：县科协）", "县科协 领牵头"),
    (
        "34",
        "责任单位：县科协、县教体局 配合单位：县妇联 完成时限：2021年12月",
        "县科协 同责任, 县教体局 同责任, 县妇联 助配合",
    ),
    (
        "34b",
        "责任单位：县科协、县教体局配合单位：县妇联完成时限：长期坚持",
        "县科协 同责任, 县教体局 同责任, 县妇联 助配合",
    ),
    (
        "35",
        "牵头单位：县科协\n责任单位：县教体局、县妇联\n完成时限：6月底",
        "县科协 领牵头, 县教体局 同责任, 县妇联 同责任",
    ),
    ("38", "（牵头单位：省教育厅）", "省教育厅 领牵头"),
    ("41", "（市住建局、市应急局指导）", "市住建局 导指导, 市应急局 导指导"),
    (
        "42",
        "（市住建局指导，试点城市政府负责落实。以下均需试点城市政府落实，不再列出）",
        "市住建局 导指导, 试点城市政府 集负责",
    ),
    (
        "43",
        "（市科协牵头，市教育局、市妇联参与）",
        "市科协 领牵头, 市教育局 助参与, 市妇联 助参与",
    ),
    ("44", "（市科协指导，市妇联参与）", "市科协 导指导, 市妇联 助参与"),
]

TRAPS = [
    (
        "（省科技厅、工业和信息化厅、广电局，各市政府按职责分工负责）",
        "省科技厅 同负责, 省工业和信息化厅 同负责, 省广电局 同负责, 各市政府 集负责",
    ),
    ("（市住建局、审批服务局负责）", "市住建局 同负责, 市审批服务局 同负责"),
    (
        "（县委宣传部、组织部、教体局、团委负责）",
        "县委宣传部 同负责, 县委组织部 同负责, 县教体局 同负责, 团县委 同负责",
    ),
    (
        "（市公安局、人行济宁中心支行、济宁海关、广电局、各区负责）",
        "市公安局 同负责, 人行济宁中心支行 同负责, 济宁海关 同负责, 广电局 同负责, "
        "各区 集负责",
    ),
    (
        "（市教育局、公安局交警支队、团市委负责）",
        "市教育局 同负责, 公安局交警支队 同负责, 团市委 同负责",
    ),
    ("（省教育厅，财政厅负责）", "省教育厅 同负责, 财政厅 同负责"),
    (
        "（济南市科技局、教育局，历下区科协负责）",
        "济南市科技局 同负责, 济南市教育局 同负责, 历下区科协 同负责",
    ),
    (
        "（国家发展改革委、教育部、科技部负责）",
        "国家发展改革委 同负责, 教育部 同负责, 科技部 同负责",
    ),
    (
        "（省市场监管局（省知识产权局）、省科协负责）",
        "省市场监管局（省知识产权局） 同负责, 省科协 同负责",
    ),
    (
        "（县文化和旅游局和县工业和信息化局、县人力资源和社会保障局负责）",
        "县文化和旅游局 同负责, 县工业和信息化局 同负责, 县人力资源和社会保障局 同负责",
    ),
    (
        "（各镇政府、街道办事处、县住房和城乡建设局负责）",
        "各镇政府、街道办事处 集负责, 县住房和城乡建设局 同负责",
    ),
    (
        "（各县（市、区）人民政府、高新区管委会负责）",
        "各县（市、区）人民政府 集负责, 高新区管委会 同负责",
    ),
    (
        "（县科协、县教体局，以及县妇联负责）",
        "县科协 同负责, 县教体局 同负责, 县妇联 同负责",
    ),
    (
        "（县教体局、县卫生健\n康局、团 县 委按职责分\n工负责）",
        "县教体局 同负责, 县卫生健康局 同负责, 团县委 同负责",
    ),
    ("（縣教體局、縣科協按職責分工負責）", "縣教體局 同负责, 縣科協 同负责"),
    ("[县科协牵头,县教体局配合]", "县科协 领牵头, 县教体局 助配合"),
    ("【责任单位：县科协、县教体局】", "县科协 同责任, 县教体局 同责任"),
    ("（县科协牵头、县教体局配合）", "县科协 领牵头, 县教体局 助配合"),
    ("（县科协为牵头单位，县妇联为配合单位）", "县科协 领牵头, 县妇联 助配合"),
    ("（由县科协牵头，会同县妇联推进）", "县科协 领牵头, 县妇联 助配合"),
    ("（县科协（牵头）、县教体局负责）", "县科协 领牵头, 县教体局 同负责"),
    ("（责任单位：县科协　县教体局）", "县科协 同责任, 县教体局 同责任"),
    ("（责任单位：县科协，配合单位：无）", "县科协 领责任"),
    ("县教体局、县科协按职责分工负责）", "县教体局 同负责, 县科协 同负责"),
    ("（县教体局、县科协按职责分工负责", "县教体局 同负责, 县科协 同负责"),
    ("（责任领导：张三；责任单位：县科协；责任人：李四）", "县科协 领责任"),
    (
        "（区科协牵头，各街道办事处和各成员单位按职责分工负责）",
        "区科协 领牵头, 各街道办事处 集负责, 各成员单位 集负责",
    ),
    ("（2022年底前由县科协负责）", "县科协 领负责"),
    ("（县级层面由县科协负责，镇级由各镇街道负责）", "县科协 同负责, 各镇街道 集负责"),
]


@pytest.mark.parametrize(("row", "text", "owners"), ROWS)
def test_each_row_of_the_genre_is_read(row: str, text: str, owners: str) -> None:
    found = find_annotations(text)

    assert [annotation.text for annotation in found] == [text], row
    assert told(read(text).owners) == wanted(owners), row


@pytest.mark.parametrize(("text", "owners"), TRAPS)
def test_traps_with_names_are_read(text: str, owners: str) -> None:
    found = find_annotations(text)

    assert [annotation.text for annotation in found] == [text]
    assert told(read(text).owners) == wanted(owners)


@pytest.mark.parametrize(
    "text",
    [
        "（以下简称《纲要》）",
        "（含民办学校）",
        "（2021—2025年）",
        "（不少于5次）",
        "（所、站）",
        "（某政发〔2021〕25号）",
        "（0.5分）",
        "（协会、联盟、服务队）",
        "（谁主管、谁负责）",
        "（专人负责）",
        "（市、区）",
        "（联系电话：县科协，12345678）",
        "（此件公开发布）",
        "（校长负责）",
        "（学生参与）",
        "（社会力量参与）",
        "（党委领导、政府负责）",
        "（政府主导、社会参与）",
        "（校）",
        "",
        "（",
        "牵头负责",
    ],
)
def test_other_brackets_are_no_annotations(text: str) -> None:
    assert find_annotations(f"加强阵地{text}建设") == []


def test_several_annotations_of_a_paragraph_stand_in_order() -> None:
    text = "推进甲。（县科协负责）推进中心（所、站）。（县妇联牵头，县教体局配合）"

    found = find_annotations(text)

    assert [a.text for a in found] == [
        "（县科协负责）",
        "（县妇联牵头，县教体局配合）",
    ]
    assert all(text[a.start : a.end] == a.text for a in found)


def test_a_bracket_that_never_closes_ends_with_its_sentence() -> None:
    text = "推进甲。（县科协、县妇联负责。2.加强中心（所、站）建设。"

    assert find_annotations(text) == [Annotation(4, 14, "（县科协、县妇联负责")]


@pytest.mark.parametrize(
    ("text", "annotation"),
    [
        ("甲。责任单位：县科协 2.乙", "责任单位：县科协"),
        ("甲。责任单位：县科协（二）乙", "责任单位：县科协"),
        (
            "甲。牵头单位：县科协。配合单位：县妇联。乙",
            "牵头单位：县科协。配合单位：县妇联",
        ),
        (
            "完成时限：2021年11月-12月 责任单位：县科协",
            "完成时限：2021年11月-12月 责任单位：县科协",
        ),
        ("责任单位 县科协、县妇联", "责任单位 县科协、县妇联"),
    ],
)
def test_labels_end_where_the_next_number_starts(text: str, annotation: str) -> None:
    assert [a.text for a in find_annotations(text)] == [annotation]


def test_the_rule_of_the_first_name_holds_for_later_annotations() -> None:
    rules = read("（教育部、科技部负责，排在第一位的为牵头单位，下同）").rules

    later = read("（民政部、财政部负责）", rules)

    assert told(later.owners) == wanted("民政部 领牵头, 财政部 同负责")
    assert later.rules == rules == OwnerRules(first_leads=True)


def test_a_rule_of_its_own_is_found_and_names_nobody() -> None:
    text = "（排在首位的为牵头单位，下同）"

    assert [a.text for a in find_annotations(text)] == [text]
    assert read(text).owners == ()
    assert read(text).rules.first_leads


def test_the_rule_yields_to_a_lead_that_is_written() -> None:
    reading = read("（县科协、县妇联负责，县教体局牵头）", OwnerRules(first_leads=True))

    assert [o.department for o in reading.owners if o.role is OwnerRole.LEAD] == [
        "县教体局"
    ]


def test_an_owner_of_all_later_tasks_is_added_to_them() -> None:
    rules = read("（市住建局指导。以下均需试点城市政府落实，不再列出）").rules

    later = read("（市科协指导）", rules)

    assert told(later.owners) == wanted("市科协 导指导, 试点城市政府 集负责")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("（县科协负责；完成时限：2021年12月底前）", "2021年12月底前"),
        ("（6月底完成，牵头考核单位：县科协）", "6月底完成"),
        ("（县科协牵头，县妇联配合，持续推进）", "持续推进"),
        ("（2022年底前由县科协负责）", "2022年底前"),
        ("（县科协负责）", ""),
    ],
)
def test_the_phrase_of_time_is_kept(text: str, due: str) -> None:
    assert read(text).due_text == due


def test_written_stays_as_it_stands() -> None:
    owners = read("（省科技厅、广电局负责）").owners

    assert [(o.department, o.written) for o in owners] == [
        ("省科技厅", "省科技厅"),
        ("省广电局", "广电局"),
    ]


def test_two_roles_of_one_department_are_doubted_and_kept_once() -> None:
    reading = read("（县教体局牵头，县科协、县教体局配合）")

    assert told(reading.owners) == wanted("县教体局 领牵头, 县科协 助配合")
    assert [(d.kind, d.about) for d in reading.doubts] == [
        (DoubtKind.TWO_ROLES, "县教体局")
    ]


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("（县科协、张三丰负责）", ["张三丰"]),
        ("（县蔬菜产业发展中心、玫瑰镇、县第一中学、某某集团、国网供电公司负责）", []),
        ("（县法院、县委党校、县税务局、县残联、榆山街道、县消防救援大队负责）", []),
        ("（教体、卫健、科协等部门负责）", []),
    ],
)
def test_only_what_is_no_plain_name_is_doubted(text: str, doubted: list[str]) -> None:
    unknown = [d for d in read(text).doubts if d.kind is DoubtKind.UNKNOWN_DEPARTMENT]

    assert [doubt.about for doubt in unknown] == doubted


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("/", []),
        ("无", []),
        ("—", []),
        ("——", []),
        ("", []),
        ("县教体局", ["县教体局"]),
        ("县教体局\n县科协", ["县教体局", "县科协"]),
        ("县教体局/县科协", ["县教体局", "县科协"]),
        ("县委\n宣传部", ["县委宣传部"]),
        ("县人力资源\n社会保障局\n县科协", ["县人力资源社会保障局", "县科协"]),
        ("县卫生健康委\n员会", ["县卫生健康委员会"]),
        ("县公安局 交警大队", ["县公安局交警大队"]),
        ("1.县教体局\n2.县科协", ["县教体局", "县科协"]),
        ("各镇街道\n县直有关部门", ["各镇街道", "县直有关部门"]),
        ("省科技厅、教育厅", ["省科技厅", "省教育厅"]),
    ],
)
def test_cells_are_cut_into_names(cell: str, names: list[str]) -> None:
    owners = read_cell(
        cell,
        role=OwnerRole.JOINT,
        relation=Relation.ANSWERS,
        departments=DEPARTMENTS,
    )

    assert [owner.department for owner in owners] == names


def test_role_words_in_a_cell_win() -> None:
    owners = read_cell(
        "县科协（牵头）、县妇联、各镇街道",
        role=OwnerRole.JOINT,
        relation=Relation.ANSWERS,
        departments=DEPARTMENTS,
    )

    assert told(owners) == wanted("县科协 领牵头, 县妇联 同责任, 各镇街道 集责任")


def test_a_sole_carrier_leads_unless_another_does() -> None:
    sole = read_cell(
        "县科协",
        role=OwnerRole.JOINT,
        relation=Relation.ANSWERS,
        departments=DEPARTMENTS,
    )
    lead = read("（县妇联牵头）").owners

    assert [o.role for o in sole_owner_leads(sole)] == [OwnerRole.LEAD]
    assert [o.role for o in sole_owner_leads(lead + sole)][1] is OwnerRole.JOINT


@pytest.mark.parametrize(
    ("body", "owners"),
    [
        (
            "请省发展改革委会同有关部门制定办法。",
            "省发展改革委 领牵头, 有关部门 集配合",
        ),
        ("该项工作由县应急局牵头，县科协配合。", "县应急局 领牵头, 县科协 助配合"),
        ("县教体局要加强统筹，组织学校开展活动。", "县教体局 领负责"),
        ("市民政局、市财政局要按职责落实。", "市民政局 同负责, 市财政局 同负责"),
        ("平阴县应急局应组织演练。", "平阴县应急局 领负责"),
        ("加强科学教育，要充分利用资源。", ""),
        ("应急管理人员要提升能力。", ""),
        ("政府要加大投入。", ""),
        ("", ""),
    ],
)
def test_owners_inside_a_sentence_are_suggested(body: str, owners: str) -> None:
    assert told(suggest_owners(body, departments=DEPARTMENTS)) == wanted(owners)


PIECES = st.sampled_from(
    [
        *"（）()〔〕【】、，,；：。和及等 \n县市省局ab",
        *("县教体局", "各镇街道", "牵头", "负责", "按职责分工", "配合单位："),
        *("会同", "下同", "第一位", "以下均需", "完成时限：", "6月底"),
        *("縣科協", "团县委", "（简称A）"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
@example("）各镇街道（ 县教体局")
def test_no_text_breaks_the_reading_and_no_name_is_invented(text: str) -> None:
    compact = "".join(text.split())
    for annotation in find_annotations(text):
        assert text[annotation.start : annotation.end] == annotation.text
    reading = read(text)
    cell = read_cell(
        text, role=OwnerRole.JOINT, relation=Relation.CARRIES, departments=DEPARTMENTS
    )
    suggested = suggest_owners(text, departments=DEPARTMENTS)
    for owner in (*reading.owners, *cell, *suggested):
        assert owner.written
        assert owner.written in compact


@pytest.mark.parametrize(
    ("name", "count", "leads"),
    [("pingyin-2022-21.txt", 29, 0), ("lixia-2022-3.txt", 26, 22)],
)
def test_the_real_plans_hold_all_their_clauses(
    name: str, count: int, leads: int
) -> None:
    file = PLANS / name
    if not file.exists():
        pytest.skip(f"{name} is the office's own file and not beside the repository")
    text = re.sub(r"\s*\n\s*", "", file.read_text(encoding="utf-8"))

    readings = [read(annotation.text) for annotation in find_annotations(text)]

    owners = [owner for reading in readings for owner in reading.owners]
    by_lead = Counter(o.department for o in owners if o.role is OwnerRole.LEAD)
    assert len(readings) == count
    assert by_lead["区科协"] == leads
    assert not any(reading.doubts for reading in readings)
