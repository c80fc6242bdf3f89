"""The first name leads: rules of a document, heads of its tables, bare lists."""

import pytest
from plan_texts import DEPARTMENTS, parse

from bot.facts import OwnerRole, TaskDraft
from bot.plans.reading.owners import OwnerRules, read_annotation
from bot.plans.reading.parse import parse_plan
from bot.source import Line, Table

RULED = (
    "一、任务\n1.甲。做。（县科协、县教体局负责，列第一位的为牵头单位，{}）\n"
    "2.乙。做。{}"
)


def roles(task: TaskDraft) -> list[tuple[str, str]]:
    return [(owner.department, owner.role.value) for owner in task.owners]


@pytest.mark.parametrize("words", ["下同", "以下同", "以下均同"])
def test_a_rule_holds_for_a_bare_list_of_names(words: str) -> None:
    plan = parse(RULED.format(words, "（县科技局、县财政局，各镇政府）"))

    assert roles(plan.tasks[1]) == [
        ("县科技局", "lead"),
        ("县财政局", "joint"),
        ("各镇政府", "collective"),
    ]


def test_a_bare_list_without_a_rule_is_text() -> None:
    (task,) = parse("一、任务\n1.甲。建专班（县科技局、县财政局）。").tasks

    assert task.owners == ()


def test_a_role_behind_a_name_makes_a_list_an_annotation() -> None:
    (task,) = parse("一、任务\n1.甲。做。（县科技局（牵头）、县财政局）").tasks

    assert roles(task) == [("县科技局", "lead"), ("县财政局", "joint")]


@pytest.mark.parametrize(
    "rule",
    ["注：责任单位中排第一位的为牵头单位。", "各项任务列首位的为牵头单位。"],
)
def test_a_rule_may_stand_outside_brackets(rule: str) -> None:
    plan = parse(f"青山县方案\n{rule}\n一、任务\n1.甲。做。（县科协、县教体局负责）")

    assert roles(plan.tasks[0]) == [("县科协", "lead"), ("县教体局", "joint")]


@pytest.mark.parametrize(
    ("head", "first"),
    [
        ("责任单位（列第一位的为牵头单位）", "lead"),
        ("责任单位（首位为牵头单位）", "lead"),
        ("牵头及配合单位", "lead"),
        ("责任单位及责任人", "joint"),
        ("责任单位/责任人", "joint"),
        ("责任处室", "joint"),
    ],
)
def test_heads_of_owner_columns(head: str, first: str) -> None:
    table = Table((("工作任务", head), ("建馆2座。", "县科协、县教体局")), 2)
    plan = parse_plan([Line("青山县分解表", 1), table], departments=DEPARTMENTS)

    assert [role for _, role in roles(plan.tasks[0])] == [first, "joint"]


@pytest.mark.parametrize("cell", ["1.县科协2.县教体局", "1、县科协2、县教体局"])
def test_numbers_in_a_cell_part_its_names(cell: str) -> None:
    table = Table((("工作任务", "责任单位"), ("建馆2座。", cell)), 1)
    plan = parse_plan([table], departments=DEPARTMENTS)

    assert [name for name, _ in roles(plan.tasks[0])] == ["县科协", "县教体局"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("（市直有关部门和单位负责）", ["市直有关部门和单位"]),
        ("（县科协等省有关部门和单位负责）", ["县科协", "省有关部门和单位"]),
        (
            "（区教育局、生态环境分局、自然资源分局负责）",
            ["区教育局", "区生态环境分局", "区自然资源分局"],
        ),
        ("（縣教體局、科技局、團委負責）", ["縣教體局", "縣科技局", "團縣委"]),
        ("（县科协牵头，县财政局支持)", ["县科协", "县财政局"]),
    ],
)
def test_names_are_whole_and_in_the_documents_script(
    text: str, names: list[str]
) -> None:
    reading = read_annotation(text, departments=DEPARTMENTS, rules=OwnerRules())

    assert [owner.department for owner in reading.owners] == names


def test_a_body_that_supports_helps() -> None:
    text = "（县科协牵头，县财政局支持)"
    reading = read_annotation(text, departments=DEPARTMENTS, rules=OwnerRules())

    assert [owner.role for owner in reading.owners] == [
        OwnerRole.LEAD,
        OwnerRole.HELPER,
    ]
