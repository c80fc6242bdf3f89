"""Heads of documents: number, titles, issuer, date, marks, contact, validity."""

from datetime import date

import pytest
from plan_texts import DEPARTMENTS, lines_of, parse

from bot.facts import PlanDraft
from bot.plans.reading.letterhead import (
    find_contact,
    find_draft_marks,
    find_number,
    find_open_mark,
    read_date,
)
from bot.plans.reading.parse import parse_plan
from bot.plans.reading.validity import find_validity
from bot.source import Block, Table

BODY = "\n一、重点任务\n1.开展活动。多开展。（县科协负责）\n"
NOTICE = """青政办发〔2023〕10号
青山县人民政府办公室
关于印发青山县科普行动方案的
通　　知
各镇人民政府，县政府各部门：
现将《青山县科普行动方案》印发给你们，请认真组织实施。
青山县人民政府办公室
2023年4月28日
（联系电话：县科协，87654321）
（此件公开发布）
青山县科普行动方案
为落实《关于科普的意见》（国发〔2021〕9号），制定本方案。"""


def with_line(old: str, new: str) -> PlanDraft:
    return parse(NOTICE.replace(old, new) + BODY)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("青发〔2019〕3号", "青发〔2019〕3号"),
        ("青府办[2016]12号", "青府办〔2016〕12号"),
        ("青政字〔2022〕21 号", "青政字〔2022〕21号"),
        ("青发„2021‟7号", "青发〔2021〕7号"),
        ("青明电[2020]的9号", "青明电〔2020〕9号"),
        ("（青政办秘〔2021〕12号）", "青政办秘〔2021〕12号"),
        ("青发改能源〔2022〕4号", "青发改能源〔2022〕4号"),
        ("青政办发〔2023〕10号　　　签发人：李四", "青政办发〔2023〕10号"),
        ("文　　号：青政办字〔2023〕10号", "青政办字〔2023〕10号"),
        ("青山县人民政府文件 青政发【2023】1号", "青政发〔2023〕1号"),
    ],
)
def test_numbers_of_every_form_are_normalised(line: str, number: str) -> None:
    assert find_number(line) == number
    assert with_line("青政办发〔2023〕10号", line).number == number


@pytest.mark.parametrize(
    "line",
    [
        "依据《关于科普的意见》（国发〔2021〕9号）",
        "根据国发〔2021〕9号文件精神，制定本方案。",
        "《办法》（青发〔2019〕3号，以下简称《办法》）",
        "共12号",
    ],
)
def test_cited_numbers_are_not_the_number_of_the_document(line: str) -> None:
    assert find_number(line) == ""


def test_a_document_without_number_has_none_and_says_so() -> None:
    plan = with_line("青政办发〔2023〕10号\n", "")

    assert plan.number == ""
    assert "文号" in {doubt.about for doubt in plan.doubts}


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2022年 11月 7日", date(2022, 11, 7)),
        ("2022年11月7日", date(2022, 11, 7)),
        ("二〇二一年十二月三十一日", date(2021, 12, 31)),
        ("二○二一年五月二十日", date(2021, 5, 20)),
        ("二零二一年十月十日", date(2021, 10, 10)),
        ("一二年一月十二日", date(2012, 1, 12)),
        ("二O二三年一月二日", date(2023, 1, 2)),
    ],
)
def test_dates_of_every_form_are_read(line: str, day: date) -> None:
    assert read_date(line) == day
    assert with_line("2023年4月28日", line).issue_date == day


def test_an_impossible_date_is_no_date() -> None:
    assert read_date("2022年2月30日") is None
    assert with_line("2023年4月28日", "2022年2月30日").issue_date is None


def test_a_whole_head_is_read() -> None:
    plan = parse(NOTICE + BODY)

    assert plan.title == "青山县人民政府办公室关于印发青山县科普行动方案的通知"
    assert plan.plan_title == "青山县科普行动方案"
    assert plan.issuer == "青山县人民政府办公室"
    assert plan.open_mark == "此件公开发布"
    assert plan.contact is not None
    assert (plan.contact.department, plan.contact.phone) == ("县科协", "87654321")
    assert [passage.title for passage in plan.passages] == ["通知", "前言"]


@pytest.mark.parametrize("joint", [" ", "", "　　"])
def test_a_head_in_one_line_is_read_the_same(joint: str) -> None:
    flat = parse(
        joint.join((NOTICE + BODY).replace("的\n通　　知", "的通知").split("\n"))
    )
    whole = parse(NOTICE + BODY)

    assert (flat.number, flat.title, flat.issuer) == (
        whole.number,
        whole.title,
        whole.issuer,
    )
    assert flat.issue_date == whole.issue_date
    assert [task.id for task in flat.tasks] == ["一1"]


@pytest.mark.parametrize(
    ("signature", "issuer"),
    [
        (
            "青山县科学技术协会　青山县教育和体育局",
            "青山县科学技术协会、青山县教育和体育局",
        ),
        ("青山县科学技术协会\n青山县教育局", "青山县科学技术协会、青山县教育局"),
        (
            "青山县全民科学素质工作领导小组办公室\n（青山县科协代章）",
            "青山县全民科学素质工作领导小组办公室",
        ),
        ("中共青山县委办公室", "中共青山县委办公室"),
    ],
)
def test_issuers_are_those_who_signed(signature: str, issuer: str) -> None:
    plan = with_line("青山县人民政府办公室\n2023", f"{signature}\n2023")

    assert plan.issuer == issuer
    assert plan.issue_date == date(2023, 4, 28)


def test_the_date_may_stand_before_the_signature() -> None:
    plan = parse(
        "青山县科普行动方案\n2022年6月1日\n青山县人民政府\n为推进科普，制定本方案。"
        + BODY
    )

    assert (plan.issuer, plan.issue_date) == ("青山县人民政府", date(2022, 6, 1))
    assert [passage.text for passage in plan.passages] == ["为推进科普，制定本方案。"]


def test_the_issue_date_wins_over_the_date_of_the_page() -> None:
    plan = parse("发布日期：2023年5月10日　来源：县政府办\n" + NOTICE + BODY)

    assert plan.issue_date == date(2023, 4, 28)


def test_a_table_of_the_page_gives_number_issuer_and_date() -> None:
    rows = (
        ("索引号", "11370124-2023", "发文字号", "青政办字〔2023〕8号"),
        ("发文机关", "青山县人民政府办公室", "成文日期", "2023-04-28"),
        ("发布日期", "2023-05-10", "有效性", "有效"),
    )
    blocks: list[Block] = [Table(rows, 1), *lines_of("青山县科普行动方案" + BODY)]

    plan = parse_plan(blocks, departments=DEPARTMENTS)

    assert plan.number == "青政办字〔2023〕8号"
    assert (plan.issuer, plan.issue_date) == ("青山县人民政府办公室", date(2023, 4, 28))
    assert len(plan.tasks) == 1


def test_the_title_of_a_plan_without_notice_may_be_broken_over_lines() -> None:
    plan = parse(
        "青山县全民科学素质行动\n规划纲要实施方案\n（2021—2025年）\n为落实，制定。"
        + BODY
    )

    assert (
        plan.title
        == plan.plan_title
        == "青山县全民科学素质行动规划纲要实施方案（2021—2025年）"
    )
    assert plan.validity is not None
    assert plan.validity.first == date(2021, 1, 1)


def test_a_notice_with_points_of_its_own_gives_no_tasks() -> None:
    points = (
        "\n一、提高认识。要重视。\n二、抓好落实。请于2023年6月30日前将总结报送县科协。"
    )
    plan = with_line("请认真组织实施。", "并提出以下要求：" + points)

    assert [task.id for task in plan.tasks] == ["一1"]
    assert [duty.day for duty in plan.duties] == [date(2023, 6, 30)]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("青山县科普方案（征求意见稿）", ("征求意见稿",)),
        ("青山县科普方案（送审稿）", ("送审稿",)),
        ("会签稿", ("会签稿",)),
        ("青山县科普方案", ()),
    ],
)
def test_draft_marks_are_seen(text: str, marks: tuple[str, ...]) -> None:
    assert find_draft_marks(text) == marks
    assert parse(text + BODY).draft_marks == marks


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("（此件公开发布）", "此件公开发布"),
        ("（此件主动公开）", "此件主动公开"),
        ("（此件有删减）", "此件有删减"),
        ("（此件依申请公开）", "此件依申请公开"),
        ("公开发布信息", ""),
    ],
)
def test_marks_of_openness(text: str, mark: str) -> None:
    assert find_open_mark(text) == mark


@pytest.mark.parametrize(
    ("text", "department", "phone"),
    [
        ("（联系电话：县科协，87883287）", "县科协", "87883287"),
        ("联系人：张三，联系电话：0531-87883287", "", "0531-87883287"),
        ("（联系单位：县科协；电话：（0531）87883287）", "县科协", "（0531）87883287"),
        ("县科协联系电话：13812345678", "县科协", "13812345678"),
        (
            "联系单位：青山县科学技术协会 电话：0531—87883287",
            "青山县科学技术协会",
            "0531—87883287",
        ),
    ],
)
def test_contacts(text: str, department: str, phone: str) -> None:
    contact = find_contact(text)

    assert contact is not None
    assert (contact.department, contact.phone) == (department, phone)


@pytest.mark.parametrize(
    "text", ["拨打12345热线", "联系群众20221107", "联系电话：", "87883287"]
)
def test_no_contact(text: str) -> None:
    assert find_contact(text) is None


@pytest.mark.parametrize(
    ("title", "text", "first", "last"),
    [
        ("方案（2021—2025年）", "", date(2021, 1, 1), date(2025, 12, 31)),
        ("方案（2021-2025年）", "", date(2021, 1, 1), date(2025, 12, 31)),
        ("三年行动计划（2023年—2025年）", "", date(2023, 1, 1), date(2025, 12, 31)),
        ("“十四五”方案", "", date(2021, 1, 1), date(2025, 12, 31)),
        ("十五五方案", "", date(2026, 1, 1), date(2030, 12, 31)),
        ("2024年工作要点", "", date(2024, 1, 1), date(2024, 12, 31)),
        (
            "若干措施",
            "自2025年8月1日起施行，有效期至2030年7月31日。",
            date(2025, 8, 1),
            date(2030, 7, 31),
        ),
    ],
)
def test_validity(title: str, text: str, first: date, last: date) -> None:
    validity = find_validity(title=title, text=text)

    assert validity is not None
    assert (validity.first, validity.last) == (first, last)
    assert validity.text in title + text


def test_a_title_without_years_gives_no_validity() -> None:
    assert find_validity(title="青山县科普方案", text="有效期内") is None


def test_traditional_script_is_read() -> None:
    plan = parse(
        "青山縣全民科學素質行動實施方案\n一、總體要求\n堅持原則。\n二、重點任務\n"
        "（一）開展活動。組織進校園。（縣教體局、縣科協按職責分工負責）\n"
        "三、保障措施\n（一）加強領導。要重視。"
    )

    assert plan.plan_title == "青山县全民科学素质行动实施方案"
    assert [(task.id, task.body) for task in plan.tasks] == [
        ("二（一）", "組織進校園。")
    ]
