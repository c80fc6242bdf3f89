"""Reports that stand behind tasks or as headings; who hands in what, and when."""

from datetime import date

import pytest
from plan_texts import parse

from bot.facts import Duty
from bot.plans.reading.duties import find_duties

TASK = "青山县科普方案\n一、任务\n（一）办展。办好。（县科协牵头）\n"
ISSUED = date(2024, 3, 5)


def duties(text: str) -> tuple[Duty, ...]:
    return find_duties(text, where="二", issued=ISSUED)


@pytest.mark.parametrize(
    "text",
    [
        f"{TASK}各成员单位每季度末向县科协报送情况。",
        "一、任务\n1.办展。办好。\n责任单位：县科协\n完成时限：6月底\n"
        "各成员单位每季度末向县科协报送情况。",
        f"{TASK}二、要求\n（一）各成员单位每季度末向县科协报送情况。",
    ],
)
def test_a_report_behind_the_tasks_or_as_a_heading_is_kept(text: str) -> None:
    (duty,) = parse(text).duties

    assert (duty.who, duty.to) == (("各成员单位",), "县科协")
    assert duty.rhythm == "quarterly last"


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("各县（市、区）科协", ("各县（市、区）科协",)),
        ("各区（县、市）人民政府", ("各区（县、市）人民政府",)),
        ("各县（市、区）、各有关部门", ("各县（市、区）", "各有关部门")),
        ("各市、县（区）", ("各市、县（区）",)),
        ("各街道辦事處", ("各街道辦事處",)),
    ],
)
def test_brackets_inside_a_name_do_not_cut_it(words: str, who: tuple[str, ...]) -> None:
    (duty,) = duties(f"{words}每年6月底前将情况报市科协。")

    assert duty.who == who


@pytest.mark.parametrize(
    ("title", "day", "month"),
    [("青山县方案（2022年）", date(2022, 9, 20), None), ("青山县方案", None, 9)],
)
def test_a_day_without_a_year_is_kept(
    title: str, day: date | None, month: int | None
) -> None:
    text = "\n一、任务\n1.办展。（县科协牵头）\n二、要求\n各镇9月20日前将总结报县科协。"
    (duty,) = parse(title + text).duties

    assert (duty.day, duty.month) == (day, month)


def test_two_dates_and_two_periods_pair() -> None:
    found = duties("各镇于6月20日前和12月10日前分别将半年、全年总结报县科协。")

    assert [(duty.what, duty.day) for duty in found] == [
        ("半年总结", date(2024, 6, 20)),
        ("全年总结", date(2024, 12, 10)),
    ]


def test_a_person_named_is_what_is_reported() -> None:
    (duty,) = duties("请各单位明确1名联络员，于3月15日前报县科协办公室。")

    assert (duty.who, duty.what, duty.to) == (("各单位",), "联络员", "县科协办公室")


def test_days_count_from_the_issue() -> None:
    (duty,) = duties("各单位要在本方案印发之日起15日内制定具体措施，报县科协备案。")

    assert (duty.who, duty.day) == (("各单位",), date(2024, 3, 20))
