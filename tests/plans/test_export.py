"""A plan as JSON: the keys and forms that the office relies on."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from plan_strategies import a_plan, any_text, drafts, owner, task

from bot.facts import Duty, DutyKind, Measure, OwnerRole, PlanDraft
from bot.plans.export import export_plan

REPORT = DutyKind.REPORT


def test_a_plan_exports_its_head() -> None:
    plan = export_plan(a_plan())
    assert list(plan)[:12] == [
        "doc_no",
        "title",
        "plan_title",
        "issuer",
        "issue_date",
        "contact",
        "validity",
        "deadlines",
        "targets",
        "duties",
        "tasks",
        "doubts",
    ]
    assert plan["doc_no"] == "云政字〔2022〕21号"
    assert plan["issue_date"] == "2022-11-07"
    assert plan["contact"] == {"department": "县科协", "phone": "12345678"}


def test_what_the_document_does_not_say_stays_empty() -> None:
    plan = export_plan(PlanDraft())
    assert (plan["issue_date"], plan["contact"], plan["validity"]) == ("", None, None)
    assert all(plan[key] == [] for key in ("deadlines", "targets", "tasks", "doubts"))


def test_a_yearly_report_is_a_deadline_without_a_date() -> None:
    (deadline,) = export_plan(a_plan())["deadlines"]
    assert deadline == {
        "month": 6,
        "day": 30,
        "date": None,
        "recurring": True,
        "what": "半年落实情况",
        "to": "县科协",
        "by": ["各镇街道", "云水经济开发区"],
        "where": "四（三）",
        "text": "每年6月30日前将半年落实情况报县科协。",
        "rhythm": "yearly 06-30",
    }


def test_a_single_report_is_a_deadline_with_its_date() -> None:
    duty = Duty(kind=REPORT, day=date(2023, 12, 31))
    (deadline,) = export_plan(a_plan(duties=(duty,)))["deadlines"]
    assert (deadline["month"], deadline["day"]) == (12, 31)
    assert (deadline["date"], deadline["recurring"]) == ("2023-12-31", False)


@pytest.mark.parametrize(
    "duty",
    [
        Duty(kind=REPORT, what="及时报送"),
        Duty(kind=DutyKind.STANDING, month=6, day_of_month=30),
        Duty(kind=REPORT, rhythm="every 2 years"),
    ],
)
def test_no_deadline_is_made_up(duty: Duty) -> None:
    plan = export_plan(a_plan(duties=(duty,)))
    assert plan["deadlines"] == []
    assert len(plan["duties"]) == 1


@pytest.mark.parametrize(
    ("role", "word"),
    [
        (OwnerRole.LEAD, "lead"),
        (OwnerRole.JOINT, "joint"),
        (OwnerRole.HELPER, "joint"),
        (OwnerRole.GUIDE, "joint"),
        (OwnerRole.COLLECTIVE, "collective"),
    ],
)
def test_an_owner_has_one_of_three_roles(role: OwnerRole, word: str) -> None:
    plan = a_plan(tasks=(task("一1", "甲", owners=(owner("县科协", role),)),))
    (exported,) = export_plan(plan)["tasks"][0]["owners"]
    assert exported["role"] == word
    assert exported["relation"] in ("牵头", "负责")


@pytest.mark.parametrize(("number", "shown"), [(5.0, "5"), (18.5, "18.5")])
def test_a_whole_number_has_no_point(number: float, shown: str) -> None:
    target = Measure(text="达到", number=number, unit="%")
    plan = export_plan(a_plan(targets=(target,)))
    assert json.dumps(plan["targets"][0]["number"]) == shown


@settings(max_examples=40, deadline=None)
@given(draft=drafts(any_text))
def test_any_plan_exports_to_json_with_all_its_tasks(draft: PlanDraft) -> None:
    plan = json.loads(json.dumps(export_plan(draft), allow_nan=False))
    assert [one["id"] for one in plan["tasks"]] == [one.id for one in draft.tasks]
    assert [one["body"] for one in plan["tasks"]] == [one.body for one in draft.tasks]
