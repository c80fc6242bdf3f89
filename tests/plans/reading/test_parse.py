"""Documents -> drafts: owners with their rules, tables, dates, duties, doubts."""

from datetime import date

import pytest
from plan_texts import DEPARTMENTS, parse

from bot.facts import DoubtKind, OwnerRole, PlanDraft, TaskDraft
from bot.plans.reading.parse import parse_plan
from bot.source import Block, Line, Table

LEAD, JOINT, HELPER = OwnerRole.LEAD, OwnerRole.JOINT, OwnerRole.HELPER
GUIDE, COLLECTIVE = OwnerRole.GUIDE, OwnerRole.COLLECTIVE
Rows = tuple[tuple[str, ...], ...]


def owners(task: TaskDraft) -> list[tuple[str, OwnerRole]]:
    return [(owner.department, owner.role) for owner in task.owners]


def about(plan: PlanDraft, kind: DoubtKind) -> list[tuple[str, str]]:
    return [(doubt.where, doubt.about) for doubt in plan.doubts if doubt.kind is kind]


def with_tables(*items: str | Rows) -> PlanDraft:
    blocks: list[Block] = []
    for place, item in enumerate(items, start=1):
        blocks.append(
            Line(item, place) if isinstance(item, str) else Table(item, place)
        )
    return parse_plan(blocks, departments=DEPARTMENTS)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("（县科协负责）", [("县科协", LEAD)]),
        ("（县科协、县教体局负责）", [("县科协", JOINT), ("县教体局", JOINT)]),
        ("（县科协牵头，县教体局配合）", [("县科协", LEAD), ("县教体局", HELPER)]),
        (
            "(责任单位:县科协牵头，各有关部门分工负责)",
            [("县科协", LEAD), ("各有关部门", COLLECTIVE)],
        ),
        ("〔县科协、县教体局具体负责〕", [("县科协", JOINT), ("县教体局", JOINT)]),
        (
            "（牵头单位：县科协；责任单位：县教体局，各镇街道）",
            [("县科协", LEAD), ("县教体局", JOINT), ("各镇街道", COLLECTIVE)],
        ),
        (
            "（牵头单位：县科协）（责任单位：县教体局）",
            [("县科协", LEAD), ("县教体局", JOINT)],
        ),
        ("（县科协指导，县教体局参与）", [("县科协", GUIDE), ("县教体局", HELPER)]),
    ],
)
def test_the_owners_of_a_task_are_those_of_its_annotation(
    annotation: str, expected: list[tuple[str, OwnerRole]]
) -> None:
    (task,) = parse(f"一、任务\n1.宣传（所、站）。多宣传（协会）。{annotation}").tasks

    assert owners(task) == expected
    assert task.annotation == annotation
    assert task.body == "多宣传（协会）。"


def test_a_rule_said_once_holds_for_all_later_tasks() -> None:
    plan = parse(
        "一、任务\n1.甲事。（县财政局、县科协负责，排在第一位的部门为牵头部门，下同）\n"
        "2.乙事。（县科协、县教体局负责）"
    )

    assert owners(plan.tasks[1]) == [("县科协", LEAD), ("县教体局", JOINT)]


def test_a_collective_may_be_added_to_all_later_tasks() -> None:
    plan = parse(
        "一、任务\n1.甲事。（县科协指导，试点城市政府负责落实。"
        "以下均需试点城市政府落实，不再列出）\n2.乙事。（县财政局指导）"
    )

    assert ("试点城市政府", COLLECTIVE) in owners(plan.tasks[1])


def test_several_annotations_share_out_the_text_of_a_task() -> None:
    (task,) = parse(
        "一、任务\n1.促消费。鼓励换新（县商务局负责）。发放补贴（县财政局牵头，县商务局配合）。"
    ).tasks

    assert [(o.department, o.role, o.passage) for o in task.owners] == [
        ("县商务局", LEAD, "鼓励换新"),
        ("县财政局", LEAD, "发放补贴"),
        ("县商务局", HELPER, "发放补贴"),
    ]
    assert task.body == "鼓励换新（县商务局负责）。发放补贴"
    assert task.annotation == "（县财政局牵头，县商务局配合）"


def test_scores_and_dates_before_an_annotation_are_no_body() -> None:
    plan = parse(
        "青山县2023年科普工作要点\n二、任务\n"
        "1.优化流程。压减环节。（0.5分）（6月底完成，牵头考核单位：县财政局、县科协）"
    )
    (task,) = plan.tasks

    assert task.body == "压减环节。"
    assert owners(task) == [("县财政局", LEAD), ("县科协", LEAD)]
    assert [due.day for due in task.due] == [date(2023, 6, 30)]
    assert about(plan, DoubtKind.ASSUMED_YEAR) == [("二1", task.due[0].text)]


@pytest.mark.parametrize("joint", ["\n", " ", ""])
def test_labels_without_brackets_are_annotations(joint: str) -> None:
    labels = [
        "责任单位：县科协、县教体局",
        "配合单位：县文旅局",
        "完成时限：2022年6月底",
    ]
    plan = parse(
        f"一、重点工作\n1、宣传。多宣传。{joint}{joint.join(labels)}{joint}"
        "2、培训。责任单位：县应急局"
    )

    assert owners(plan.tasks[0]) == [
        ("县科协", JOINT),
        ("县教体局", JOINT),
        ("县文旅局", HELPER),
    ]
    assert plan.tasks[0].body == "多宣传。"
    assert [due.day for due in plan.tasks[0].due] == [date(2022, 6, 30)]
    assert owners(plan.tasks[1]) == [("县应急局", LEAD)]


def test_a_heading_that_is_a_department_owns_what_follows() -> None:
    plan = parse(
        "三、职责分工\n（一）县教体局：负责校园科普；组织培训。\n"
        "（二）县科协、县科技局：牵头科普日；组织活动。"
    )

    assert [(task.id, owners(task)) for task in plan.tasks] == [
        ("三（一）", [("县教体局", LEAD)]),
        ("三（二）", [("县科协", JOINT), ("县科技局", JOINT)]),
    ]
    assert plan.tasks[0].body == "负责校园科普；组织培训。"


def test_the_lead_of_a_heading_is_inherited_by_tasks_that_name_none() -> None:
    plan = parse(
        "二、工程\n（一）阅读行动（牵头单位：县文化和旅游局）\n1.建书屋。每村一个。\n"
        "2.办读书会。（责任单位：县教体局、县科协）\n3.办展览。（县科协牵头）\n"
        "（二）健身行动。\n1.建步道。（县教体局负责）"
    )
    first, second, third, other = plan.tasks

    assert owners(first) == [("县文化和旅游局", LEAD)]
    assert owners(second)[0] == ("县文化和旅游局", LEAD)
    assert owners(third) == [("县科协", LEAD)]
    assert owners(other) == [("县教体局", LEAD)]


def test_one_annotation_behind_a_chapters_opening_serves_all_its_tasks() -> None:
    plan = parse(
        "二、夯实基础。要加强投入，夯实基础。（县科协牵头，县财政局配合）\n"
        "（一）建馆。建3个。\n（二）建站。建5个。"
    )

    assert [owners(task) for task in plan.tasks] == [
        [("县科协", LEAD), ("县财政局", HELPER)]
    ] * 2


def test_no_owner_is_invented_but_may_be_suggested() -> None:
    plan = parse("一、任务\n1.宣传。请县教体局会同有关部门组织活动。\n2.培训。多培训。")

    assert [task.owners for task in plan.tasks] == [(), ()]
    assert about(plan, DoubtKind.NO_OWNER) == [("一1", ""), ("一2", "")]
    assert ("一1", "县教体局") in about(plan, DoubtKind.SUGGESTED_OWNER)


TASK_TABLE: Rows = (
    ("序号", "工作任务", "工作内容", "牵头单位", "配合单位", "完成时限"),
    *(("一、提升行动",) * 6,),
    ("1", "进校园", "组织科学家进校园。", "县教体局", "县科协、团县委", "2021年12月"),
    ("2", "培训教师", "每年培训30人次。", "县教体局", "/", "持续推进"),
    *(("二、重点工程",) * 6,),
    ("3", "建馆", "面积500平方米。", "县科协", "县财政局\n县科协", "2022年6月底"),
)


def test_a_collective_in_the_column_of_leads_is_kept_as_lead() -> None:
    rows: Rows = (
        ("任务", "牵头单位", "责任单位"),
        ("办演练。每年办2次。", "各镇街道", "县应急管理局"),
    )
    (task,) = with_tables(rows).tasks

    assert [one.department for one in task.owners if one.leads] == ["各镇街道"]
    assert owners(task) == [("各镇街道", COLLECTIVE), ("县应急管理局", JOINT)]


def test_a_measure_of_a_row_is_quoted_without_its_title() -> None:
    rows: Rows = (("任务", "牵头单位"), ("建避难场所。改造10处。", "县应急管理局"))
    (task,) = with_tables(rows).tasks

    assert [measure.text for measure in task.measures] == ["改造10处"]


def test_each_row_of_a_table_is_a_task() -> None:
    plan = with_tables("青山县科普重点任务分工表", TASK_TABLE)

    assert [(task.id, task.title, task.body) for task in plan.tasks] == [
        ("一1", "进校园", "组织科学家进校园。"),
        ("一2", "培训教师", "每年培训30人次。"),
        ("二3", "建馆", "面积500平方米。"),
    ]
    assert owners(plan.tasks[0]) == [
        ("县教体局", LEAD),
        ("县科协", HELPER),
        ("团县委", HELPER),
    ]
    assert owners(plan.tasks[1]) == [("县教体局", LEAD)]
    assert plan.tasks[0].due[-1].day == date(2021, 12, 31)
    assert plan.tasks[2].section_path == ("重点工程",)
    assert plan.tasks[2].places == (2, 2)


def test_a_department_in_two_roles_is_kept_once_and_doubted() -> None:
    plan = with_tables("青山县科普重点任务分工表", TASK_TABLE)

    assert owners(plan.tasks[2]) == [("县科协", LEAD), ("县财政局", HELPER)]
    assert about(plan, DoubtKind.TWO_ROLES) == [("二3", "县科协")]


@pytest.mark.parametrize("nothing", ["/", "无", "—", "", "——", " "])
def test_an_empty_cell_names_nobody(nothing: str) -> None:
    table = (("任务", "责任单位", "配合单位"), ("宣传", "县科协", nothing))

    assert owners(with_tables("方案", table).tasks[0]) == [("县科协", LEAD)]


def test_joined_cells_count_for_each_row() -> None:
    table = (
        ("类别", "重点任务", "任务内容", "责任单位"),
        ("（一）青少年行动", "校园科普", "科学家进校园", "县教体局"),
        ("（一）青少年行动", "校园科普", "办科技节", "县教体局"),
        ("（二）农民行动", "培训", "培训农民100人", "县农业农村局、县科协"),
    )
    plan = with_tables("分工方案", table)

    assert [(task.id, task.title, task.section_path) for task in plan.tasks] == [
        ("（一）1", "科学家进校园", ("青少年行动", "校园科普")),
        ("（一）2", "办科技节", ("青少年行动", "校园科普")),
        ("（二）3", "培训", ("农民行动",)),
    ]
    assert owners(plan.tasks[1]) == [("县教体局", LEAD)]


def test_rows_with_one_number_are_parts_of_one_task() -> None:
    table = (
        ("序号", "任务", "工作内容", "责任单位"),
        ("3", "建馆", "面积500平方米", "县科协"),
        ("3", "建馆", "开放运行", "县文化和旅游局"),
    )
    plan = with_tables("分工方案", table)

    assert [(task.id, task.title) for task in plan.tasks] == [
        ("3（1）", "建馆"),
        ("3（2）", "建馆"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        (("指标", "单位", "2020年", "2025年"), ("科学素质比例", "%", "10", "15")),
        (("职务", "姓名", "工作单位"), ("组长", "张三", "县政府")),
        (("活动名称", "时间", "参与人数"), ("科普日", "9月", "100")),
        (),
    ],
)
def test_tables_of_figures_people_and_forms_hold_no_tasks(table: Rows) -> None:
    plan = with_tables("一、任务", "1.宣传。（县科协负责）", table)

    assert [task.id for task in plan.tasks] == ["一1"]


def test_tasks_told_twice_are_merged_by_title() -> None:
    table = (("重点任务", "责任单位"), ("开展进校园活动", "县教体局（牵头）、县科协"))
    text = ["二、重点任务", "（一）开展进校园活动。组织进校园。", "三、保障措施"]
    plan = with_tables(*text, "要重视。", "附件", "任务分工表", table)

    (task,) = plan.tasks
    assert (task.id, task.body) == ("二（一）", "组织进校园。")
    assert owners(task) == [("县教体局", LEAD), ("县科协", JOINT)]
    assert about(plan, DoubtKind.NO_OWNER) == []


def test_goals_give_targets_and_measures_stay_with_their_task() -> None:
    plan = parse(
        "一、工作目标\n到2025年，具备科学素质的比例达到15%。\n"
        "二、任务\n1.宣传。每年开展讲座10场。（县科协负责）"
    )

    assert [(target.number, target.unit) for target in plan.targets] == [(15, "%")]
    assert [measure.number for measure in plan.tasks[0].measures] == [10]


def test_duties_come_from_the_text_outside_the_tasks() -> None:
    plan = parse(
        "一、任务\n1.宣传。及时报送信息。（县科协负责）\n二、保障措施\n"
        "（一）强化督导。各镇于每年6月30日前将落实情况报送县科协。"
    )

    assert [(d.where, d.month, d.day_of_month, d.to) for d in plan.duties] == [
        ("二（一）", 6, 30, "县科协")
    ]


def test_an_impossible_date_is_doubted_at_its_task() -> None:
    plan = parse("一、任务\n1.宣传。多宣传。责任单位：县科协 完成时限：2021年9月31日")

    assert about(plan, DoubtKind.IMPOSSIBLE_DATE) == [("一1", "2021年9月31日")]
    assert plan.tasks[0].due[0].day == date(2021, 9, 30)


def test_a_deadline_in_a_headings_bracket_serves_what_stands_under_it() -> None:
    plan = parse(
        "一、重点任务\n（一）集中整治（2024年底前）\n1.排查。（县科协负责）\n"
        "2.整改。2024年6月底前完成。（县科协负责）"
    )

    assert [task.due[0].day for task in plan.tasks] == [
        date(2024, 12, 31),
        date(2024, 6, 30),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "覆盖率达到2000以上",
        "达到}0./.以上",
        "建设2O个基地",
        '推进“科普中国"建设',
        "做好防汛杭旱",
        "到二Ｏ三五年",
    ],
)
def test_what_looks_misread_is_doubted(text: str) -> None:
    plan = parse(f"一、任务\n1.宣传。{text}。（县科协负责）")

    assert [where for where, _ in about(plan, DoubtKind.SUSPECT_CHARACTER)] == ["一1"]


@pytest.mark.parametrize(
    "text", ["培训2000人", "“互联网+科普”", "覆盖率达到20%", "5G和APP"]
)
def test_what_is_well_read_is_not_doubted(text: str) -> None:
    plan = parse(f"一、任务\n1.宣传。{text}。（县科协负责）")

    assert about(plan, DoubtKind.SUSPECT_CHARACTER) == []


def test_an_unknown_department_is_doubted_once() -> None:
    plan = parse("一、任务\n1.甲事。（县飞碟局负责）\n2.乙事。（县飞碟局负责）")

    assert about(plan, DoubtKind.UNKNOWN_DEPARTMENT) == [("一1", "县飞碟局")]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "今天天气很好。", "一、总体要求\n坚持原则。"]
)
def test_a_document_without_tasks_says_so(text: str) -> None:
    plan = parse(text)

    assert plan.tasks == ()
    assert len(about(plan, DoubtKind.NO_TASKS)) == 1


def test_passages_keep_what_no_task_holds() -> None:
    plan = parse(
        "青山县科普方案\n为推进科普，制定本方案。\n一、总体要求\n坚持政府推动。\n"
        "二、任务\n1.宣传。（县科协负责）\n三、保障措施\n（一）加强领导。要高度重视。"
    )

    assert [(p.where, p.title, p.text) for p in plan.passages] == [
        ("", "前言", "为推进科普，制定本方案。"),
        ("一", "总体要求", "坚持政府推动。"),
        ("三（一）", "加强领导", "要高度重视。"),
    ]
