"""Heads with several issuers, odd dates, marks and secrecy."""

from datetime import date

import pytest
from plan_texts import parse

from bot.plans.reading.signature import organs_of

BODY = "\n一、任务\n（一）办展。办好。（县科协牵头）\n"
NOTICE = "关于印发《青山县科普方案》的通知\n青科联〔2024〕3号\n各镇：\n现印发给你们。\n"


@pytest.mark.parametrize(
    "line",
    [
        "青山县科学技术协会 青山县教育局",
        "青山县科学技术协会　青山县教育局",
        "青山县科学技术协会、青山县教育局",
        "青山县 科学技术协会 青山县 教育局",
    ],
)
def test_joint_issuers_on_one_line_are_two(line: str) -> None:
    assert organs_of(line) == ["青山县科学技术协会", "青山县教育局"]


@pytest.mark.parametrize("line", ["青山县 人民政府", "青 山 县 人 民 政 府"])
def test_a_blank_inside_a_name_parts_nothing(line: str) -> None:
    assert organs_of(line) == ["青山县人民政府"]


def test_the_title_keeps_issuers_that_stand_one_per_line() -> None:
    plan = parse("青山县科协\n青山县教育局\n" + NOTICE + "青山县科普方案" + BODY)

    assert plan.title == "青山县科协 青山县教育局关于印发《青山县科普方案》的通知"
    assert plan.issuer == "青山县科协、青山县教育局"


@pytest.mark.parametrize(
    "day", ["2O24年3月5日", "2024.3.5", "2024-03-05", "（2024/3/5）"]
)
def test_a_date_of_any_form_keeps_its_issuer(day: str) -> None:
    plan = parse(f"青山县科普方案{BODY}青山县科协\n{day}")

    assert (plan.issuer, plan.issue_date) == ("青山县科协", date(2024, 3, 5))
    assert plan.tasks[0].body == "办好。"


def test_who_forwards_a_plan_issues_it() -> None:
    plan = parse(
        "青山县政府办公室关于转发县科协青山县科普方案的通知\n青政办发〔2024〕3号\n"
        "各镇：\n现转发给你们。\n青山县政府办公室\n2024年3月5日\n"
        "青山县科普方案\n县科协 县教体局\n（2024年2月20日）" + BODY
    )

    assert plan.issuer == "青山县政府办公室"
    assert plan.issue_date == date(2024, 3, 5)


@pytest.mark.parametrize(
    "line", ["公开方式：主动公开", "信息公开选项：主动公开", "（公开发布）"]
)
def test_marks_of_openness_of_many_forms(line: str) -> None:
    plan = parse(f"青山县科普方案{BODY}青山县科协\n2024年3月5日\n{line}")

    assert plan.open_mark == line.strip("（）")


@pytest.mark.parametrize("before", ["机密★1年\n", "特急\n", "2."])
def test_secrecy_and_list_numbers_are_no_part_of_a_title(before: str) -> None:
    assert parse(f"{before}青山县科普方案{BODY}").plan_title == "青山县科普方案"


def test_a_draft_mark_may_share_its_line() -> None:
    plan = parse(f"青山县科普方案\n（征求意见稿）（此件公开发布）{BODY}")

    assert plan.plan_title == "青山县科普方案（征求意见稿）"
    assert (plan.draft_marks, plan.open_mark) == (("征求意见稿",), "此件公开发布")
