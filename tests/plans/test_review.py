"""A draft before a person: rows, counts, what stands in the way, what is unknown."""

import pytest
from hypothesis import given, settings
from plan_strategies import a_plan, drafts, owner, task

from bot.facts import Contact, Doubt, DoubtKind, Duty, DutyKind, OwnerRole, PlanDraft
from bot.plans.review import (
    RowKind,
    openness_refusal,
    review_rows,
    summary,
    unknown_departments,
)


def test_doubts_come_first_with_their_source_lines() -> None:
    first = review_rows(a_plan())[0]
    assert (first.kind, first.where) == (RowKind.DOUBT, "二（一）3")
    assert first.text == "未写明责任单位"
    assert first.advice == "请核对是否有责任单位"
    assert first.places == (18, 19)


def test_rows_go_from_head_to_duties_and_doubtful_tasks_lead() -> None:
    rows = review_rows(a_plan())
    kinds = list(dict.fromkeys(row.kind for row in rows))
    assert kinds == list(RowKind)
    tasks = [row.where for row in rows if row.kind is RowKind.TASK]
    assert tasks == ["二（一）3", "二（一）1", "二（一）2"]


def test_a_task_row_says_who_how_much_and_by_when() -> None:
    rows = {row.where: row.text for row in review_rows(a_plan())}
    assert "牵头：县科协；责任：县教体局；配合：县应急局" in rows["二（一）1"]
    assert "集合单位：各镇街道" in rows["二（一）1"]
    assert "5场" in rows["二（一）1"]
    assert "2023年底前（截止）" in rows["二（一）1"]
    assert "（系统编序）" in rows["二（一）2"]


def test_what_the_head_lacks_is_said() -> None:
    rows = [row for row in review_rows(PlanDraft()) if row.kind is RowKind.HEAD]
    assert len(rows) == 9
    assert {row.text for row in rows} == {"（文件未写明）"}


def test_a_duty_row_says_when_and_to_whom() -> None:
    texts = [row.text for row in review_rows(a_plan()) if row.kind is RowKind.DUTY]
    assert texts[0] == (
        "报送：各镇街道、云水经济开发区 每年6月30日 半年落实情况，报 县科协"
    )


def test_the_summary_counts() -> None:
    counts = summary(a_plan())
    assert (counts.tasks, counts.generated, counts.without_owner) == (3, 1, 0)
    assert dict(counts.owners)[OwnerRole.JOINT] == 3
    assert counts.departments == 3
    assert (counts.measures, counts.targets, counts.dated) == (1, 1, 1)
    assert (counts.duties, counts.reports, counts.doubts) == (2, 1, 1)
    assert "任务 3 项" in counts.text


@settings(max_examples=40, deadline=None)
@given(draft=drafts())
def test_every_fact_of_any_plan_has_a_row(draft: PlanDraft) -> None:
    kinds = [row.kind for row in review_rows(draft)]
    counts = summary(draft)
    assert kinds.count(RowKind.TASK) == counts.tasks == len(draft.tasks)
    assert kinds.count(RowKind.DOUBT) == len(draft.doubts)
    assert kinds.count(RowKind.DUTY) == len(draft.duties)
    assert kinds.count(RowKind.TARGET) == len(draft.targets)


@pytest.mark.parametrize(
    "mark", ["此件公开发布", "（此件公开发布）", "此件主动公开", "公开方式：主动公开"]
)
def test_an_open_document_may_be_used(mark: str) -> None:
    assert openness_refusal(a_plan(open_mark=mark)) == ""


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        (a_plan(open_mark=""), "没有"),
        (a_plan(open_mark="此件依申请公开"), "依申请公开"),
        (a_plan(open_mark="此件不予公开"), "不予公开"),
        (a_plan(open_mark="内部资料"), "内部资料"),
        (a_plan(draft_marks=("送审稿",)), "送审稿"),
    ],
)
def test_what_is_not_open_is_refused_with_the_reason(
    draft: PlanDraft, word: str
) -> None:
    assert word in openness_refusal(draft)


def test_unknown_departments_are_proposed_once_and_collectives_are_not() -> None:
    draft = a_plan(
        tasks=(
            task("一1", "甲", owners=(owner("县科协"), owner("县新局"))),
            task(
                "一2",
                "乙",
                owners=(owner("县新局"), owner("各镇街道", OwnerRole.COLLECTIVE)),
            ),
        ),
        duties=(Duty(kind=DutyKind.REPORT, who=("各成员单位", "云水经济开发区")),),
        contact=Contact(department="县科普办", phone=""),
    )
    found = unknown_departments(draft, {"县科协"}.__contains__)
    assert found == ["县新局", "云水经济开发区", "县科普办"]


def test_a_doubt_of_the_whole_document_has_no_lines() -> None:
    doubt = Doubt(kind=DoubtKind.MISSING_HEAD, where="", about="文号", advice="请核对")
    row = review_rows(a_plan(doubts=(doubt,)))[0]
    assert (row.text, row.places) == ("文件要素缺失：文号", (0, 0))
