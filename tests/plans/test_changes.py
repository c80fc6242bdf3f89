"""What a new version changes, told task by task."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from plan_strategies import a_plan, drafts, owner, task

from bot.facts import Due, DueKind, OwnerRole, PlanDraft
from bot.plans.changes import ChangeKind, align_tasks, changes

TITLES = ["办好科普讲堂", "建设流动科技馆", "培训农村科技人员", "开展科普日活动"]
BODIES = [
    "面向全县中小学生每月举办一场讲堂。",
    "购置展车，巡展到镇村。",
    "依托党校和农广校举办技术培训。",
    "组织各部门在九月联合开展活动。",
]


def numbered(pairs: list[tuple[str, str]]) -> PlanDraft:
    tasks = [
        task(f"二（一）{at}", title, body=body)
        for at, (title, body) in enumerate(pairs, start=1)
    ]
    return a_plan(tasks=tuple(tasks), doubts=())


OLD = numbered(list(zip(TITLES, BODIES, strict=True)))


def kinds(new: PlanDraft, old: PlanDraft = OLD) -> list[tuple[ChangeKind, str]]:
    return [(change.kind, change.where) for change in changes(old, new)]


def one_changed(**values: object) -> PlanDraft:
    first, *rest = OLD.tasks
    return replace(OLD, tasks=(replace(first, **values), *rest))


@settings(max_examples=40, deadline=None)
@given(draft=drafts())
def test_a_plan_does_not_differ_from_itself(draft: PlanDraft) -> None:
    assert changes(draft, draft) == []


@settings(max_examples=40, deadline=None)
@given(old=drafts(), new=drafts())
def test_every_task_is_paired_once_added_or_removed(
    old: PlanDraft, new: PlanDraft
) -> None:
    pairs = align_tasks(old.tasks, new.tasks)
    assert len(set(pairs.values())) == len(pairs)
    told = [change.kind for change in changes(old, new) if change.text[2:4] == "任务"]
    assert told.count(ChangeKind.ADDED) == len(new.tasks) - len(pairs)
    assert told.count(ChangeKind.REMOVED) == len(old.tasks) - len(pairs)


def test_a_new_task_in_front_only_moves_the_others() -> None:
    pairs = list(zip(TITLES, BODIES, strict=True))
    new = numbered([("新建科普广场", "在县城建设科普主题广场。"), *pairs])
    assert kinds(new) == [
        (ChangeKind.ADDED, "二（一）1"),
        *((ChangeKind.MOVED, f"二（一）{at}") for at in (2, 3, 4, 5)),
    ]
    assert "由 二（一）1 改为 二（一）2" in changes(OLD, new)[1].text


def test_a_removed_task_is_named_by_its_old_clause() -> None:
    new = replace(OLD, tasks=OLD.tasks[:3])
    (change,) = changes(OLD, new)
    assert (change.kind, change.where) == (ChangeKind.REMOVED, "二（一）4")
    assert change.text == "删去任务〔二（一）4〕开展科普日活动"


def test_a_reworded_task_that_also_moved_is_the_same_task() -> None:
    pairs = list(zip(TITLES, BODIES, strict=True))
    pairs[1] = ("建设县流动科技馆", "购置展车两台，巡展到镇村和学校。")
    new = numbered([pairs[1], pairs[0], *pairs[2:]])
    told = {change.where: change for change in changes(OLD, new)}
    assert told["二（一）1"].what == ("title", "body")
    assert told["二（一）2"].kind is ChangeKind.MOVED


def test_another_task_in_its_place_is_not_taken_for_it() -> None:
    pairs = list(zip(TITLES, BODIES, strict=True))
    pairs[2] = ("加强应急避险宣传", "防灾减灾日前后开展演练。")
    found = kinds(numbered(pairs))
    assert found == [(ChangeKind.ADDED, "二（一）3"), (ChangeKind.REMOVED, "二（一）3")]


def test_other_owners_are_told_by_role() -> None:
    new = one_changed(owners=(owner("县教体局", OwnerRole.LEAD), owner("县科协")))
    (change,) = changes(OLD, new)
    assert change.what == ("owners",)
    assert "责任由“责任：县科协”改为“牵头：县教体局；责任：县科协”" in change.text


def test_another_spelling_of_an_owner_is_told() -> None:
    new = one_changed(owners=(replace(owner("县科协"), written="科协"),))
    (change,) = changes(OLD, new)
    assert "责任的细节有改动" in change.text


def test_a_new_deadline_is_told() -> None:
    due = Due(text="2024年底前", kind=DueKind.DEADLINE, day=date(2024, 12, 31))
    (change,) = changes(OLD, one_changed(due=(due,)))
    assert change.what == ("due",)
    assert "由“无”改为“2024年底前（截止 2024-12-31）”" in change.text


def test_a_changed_body_alone_is_told() -> None:
    (change,) = changes(OLD, one_changed(body="面向全县中小学生每周举办一场讲堂。"))
    assert change.what == ("body",)


def test_the_head_targets_duties_and_passages_are_compared() -> None:
    new = replace(OLD, issuer="云水县科协", targets=(), duties=(), passages=())
    told = changes(OLD, new)
    assert told[0].where == "印发单位"
    assert "由“云水县人民政府”改为“云水县科协”" in told[0].text
    assert [change.where for change in told[1:]] == ["目标", "职责", "职责", "段落"]


def test_source_lines_and_doubts_are_no_changes() -> None:
    assert changes(a_plan(), a_plan(doubts=())) == []
    assert changes(OLD, one_changed(places=(900, 901))) == []


def test_each_change_is_one_line() -> None:
    told = changes(OLD, one_changed(title="第一行\n第二行", body="别的"))
    assert all("\n" not in change.text for change in told)
