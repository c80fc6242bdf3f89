"""Which paragraphs are headings and which are tasks; ids, titles, parents, gaps."""

import pytest
from plan_texts import parse

from bot.facts import DoubtKind, PlanDraft
from bot.plans.reading.titles import Chapter, chapter_of


def ids(text: str) -> list[str]:
    return [task.id for task in parse(text).tasks]


def titles(text: str) -> list[str]:
    return [task.title for task in parse(text).tasks]


def gaps(plan: PlanDraft) -> list[tuple[str, str]]:
    kind = DoubtKind.MISSING_NUMBER
    return [(doubt.where, doubt.about) for doubt in plan.doubts if doubt.kind is kind]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["一、重点任务", "（一）活动", "1.宣传。（县科协负责）"], ["一（一）1"]),
        (
            ["一、重点任务", "1.宣传。（县科协负责）", "2.培训。（县科协负责）"],
            ["一1", "一2"],
        ),
        (["（一）活动", "4.宣传。（县科协负责）"], ["（一）4"]),
        (["1.宣传。（县科协负责）", "2.培训。（县科协负责）"], ["1", "2"]),
        (["一、宣传。（县科协负责）", "二、培训。（县科协负责）"], ["一", "二"]),
        (["一、重点任务", "（一）宣传。（县科协负责）"], ["一（一）"]),
        (
            ["一、重点任务", "──宣传。（县科协负责）", "--培训。（县科协负责）"],
            ["一1", "一2"],
        ),
        (
            [
                "一、任务",
                "（一）活动",
                "1.宣传",
                "（1）教师。（县科协负责）",
                "（2）农民。（县科协负责）",
            ],
            ["一（一）1（1）", "一（一）1（2）"],
        ),
        (
            [
                "第一章 任务",
                "第一条 宣传。（县科协负责）",
                "第二条 培训。（县科协负责）",
            ],
            ["第一章第一条", "第一章第二条"],
        ),
        (["任务一：活动", "1.宣传。（县科协负责）"], ["任务一1"]),
        (["2.重点任务", "2.1 宣传。（责任单位：县科协）"], ["2.1"]),
        (["重点任务", "1.宣传。（县科协负责）", "保障措施", "加强领导。"], ["一1"]),
    ],
)
def test_ids_are_chapter_section_and_ordinal(
    items: list[str], expected: list[str]
) -> None:
    assert ids("\n".join(items)) == expected


@pytest.mark.parametrize("mark", ["1.", "1．", "1﹒", "1、", "11。", "⒈"])
def test_every_form_of_number_marks_a_task(mark: str) -> None:
    assert titles(f"一、重点任务\n{mark}开展宣传。多宣传。（县科协负责）") == [
        "开展宣传"
    ]


def test_ordinals_are_ours_where_the_document_has_none() -> None:
    plan = parse(
        "一、重点任务\n──宣传。（县科协负责）\n二、工程\n1.建馆。（县科协负责）"
    )

    assert [(task.id, task.numbered_by_us) for task in plan.tasks] == [
        ("一1", True),
        ("二1", False),
    ]


def test_numbers_may_run_on_through_chapters() -> None:
    plan = parse(
        "一、提升行动\n1.甲事。（县科协负责）\n2.乙事。（县科协负责）\n"
        "二、重点工程\n3.丙事。（县科协负责）\n4.丁事。（县科协负责）"
    )

    assert [task.id for task in plan.tasks] == ["一1", "一2", "二3", "二4"]
    assert gaps(plan) == []


def test_a_lost_number_is_doubted_and_the_others_are_kept() -> None:
    plan = parse(
        "一、提升行动\n1.甲事。（县科协负责）\n2.乙事。（县科协负责）\n5.丙事。（县科协负责）"
    )

    assert [task.id for task in plan.tasks] == ["一1", "一2", "一5"]
    assert gaps(plan) == [("一5", "3、4")]


def test_a_repeated_number_gives_ids_of_their_own() -> None:
    plan = parse("一、重点任务\n1.甲事。（县科协负责）\n1.乙事。（县科协负责）")

    assert len({task.id for task in plan.tasks}) == 2
    assert gaps(plan) == [("一1", "1")]


@pytest.mark.parametrize("wrong", ["（1） ", "(1)", "（1）"])
def test_a_section_in_the_wrong_script_is_put_right(wrong: str) -> None:
    text = (
        f"三、提升行动\n{wrong}青少年行动。\n──甲事。（县科协负责）\n"
        "（二）农民行动。\n──乙事。（县科协负责）"
    )

    assert ids(text) == ["三（一）1", "三（二）1"]


def test_points_of_one_task_are_no_sections() -> None:
    text = (
        "一、任务\n（一）活动。\n1.宣传。（1）标语；（2）海报。（县科协负责）\n"
        "（二）建设。（县科协负责）"
    )

    assert ids(text) == ["一（一）1", "一（二）"]


@pytest.mark.parametrize(
    "title",
    [
        "指导思想",
        "基本原则",
        "总体要求",
        "工作目标",
        "发展目标",
        "总体思路",
        "主要目标",
    ],
)
def test_chapters_of_goals_hold_no_tasks(title: str) -> None:
    goals = f"一、{title}\n1.坚持原则。要坚持。\n──达到目标。要达到。\n"
    text = goals + "二、任务\n1.宣传。（县科协负责）"

    assert ids(text) == ["二1"]


@pytest.mark.parametrize(
    "title", ["保障措施", "组织实施", "工作要求", "实施步骤", "组织保障"]
)
def test_chapters_of_support_hold_only_annotated_tasks(title: str) -> None:
    text = (
        f"一、重点任务\n（一）宣传。（县科协负责）\n二、{title}\n"
        "（一）加强领导。要重视。\n（二）加大投入。安排经费。（县财政局负责）"
    )
    plan = parse(text)

    assert [task.id for task in plan.tasks] == ["一（一）", "二（二）"]
    assert any(passage.where == "二（一）" for passage in plan.passages)


@pytest.mark.parametrize(
    ("title", "chapter"),
    [
        ("总体要求", Chapter.GOALS),
        ("（三）工作目标", Chapter.GOALS),
        ("目标任务", Chapter.TASKS),
        ("主要目标和重点任务", Chapter.TASKS),
        ("保障措施", Chapter.SUPPORT),
        ("组织实施和保障措施", Chapter.SUPPORT),
        ("重点工程", Chapter.TASKS),
        ("強化組織領導", Chapter.SUPPORT),
        ("夯实基础", Chapter.OTHER),
    ],
)
def test_what_a_chapter_is_for(title: str, chapter: Chapter) -> None:
    assert chapter_of(title) is chapter


def test_paragraphs_without_number_are_tasks_too() -> None:
    text = (
        "二、任务\n（一）完善网络。建设科普站点，完善服务。（县科协、县教体局负责）\n"
        "推进社区科普。完善社区服务。（县民政局负责）\n"
        "（二）加强队伍。\n建立队伍。\n发展志愿者。（县科协负责）\n加强培训。（县教体局负责）"
    )
    plan = parse(text)

    assert [(task.id, task.title, task.body) for task in plan.tasks] == [
        ("二（一）1", "建设科普站点，完善服务", ""),
        ("二（一）2", "推进社区科普", "完善社区服务。"),
        ("二（二）1", "建立队伍", "发展志愿者。"),
        ("二（二）2", "加强培训", ""),
    ]
    assert all(task.numbered_by_us for task in plan.tasks)


def test_paragraphs_without_any_heading_are_tasks() -> None:
    text = (
        "为做好科普，安排如下。\n组织科普日。（县科协牵头）\n开展讲座。（县教体局负责）"
    )

    assert ids(text) == ["1", "2"]


def test_an_item_and_its_measures_are_tasks_and_know_each_other() -> None:
    text = (
        "（一）取消审批。深化改革，减少环节。（县审批局牵头，县发展改革局配合）\n"
        "具体措施：\n1．梳理清单。（县审批局负责）\n2．压减时限。（县发展改革局负责）\n"
        "（二）推进通办。（县大数据局负责）"
    )
    plan = parse(text)

    assert [(task.id, task.parent) for task in plan.tasks] == [
        ("（一）", ""),
        ("（一）1", "（一）"),
        ("（一）2", "（一）"),
        ("（二）", ""),
    ]


def test_measures_may_be_numbered_like_their_items() -> None:
    text = (
        "二、任务\n1.取消审批。深化改革。（县审批局牵头）\n具体措施：\n"
        "1．梳理清单。（县审批局负责）\n2．压减时限。（县发展改革局负责）\n"
        "2.推进通办。（县大数据局牵头）\n具体措施：\n1．建平台。（县大数据局负责）"
    )

    assert ids(text) == ["二1", "二1（1）", "二1（2）", "二2", "二2（1）"]


def test_measures_glued_to_their_item_are_found() -> None:
    text = (
        "（一）取消审批。深化改革。（县审批局牵头）具体措施：1．梳理清单。（县审批局负责）"
        "2．压减时限。（县发展改革局负责）（二）推进通办。（县大数据局负责）"
    )

    assert ids(text) == ["（一）", "（一）1", "（一）2", "（二）"]


def test_an_annotation_behind_the_last_point_is_that_of_the_whole_task() -> None:
    text = (
        "二、任务\n（一）青少年行动\n——弘扬精神。开展活动。\n——加强教育。推进教育。\n"
        "牵头单位：县教体局、县科协\n责任单位：团县委\n（二）农民行动\n——培训。\n"
        "——下乡。\n牵头单位：县农业农村局"
    )
    plan = parse(text)

    assert [task.id for task in plan.tasks] == ["二（一）", "二（二）"]
    assert "——加强教育。" in plan.tasks[0].body
    assert len(plan.tasks[0].owners) == 3


def test_an_annotation_may_be_a_paragraph_of_its_own() -> None:
    text = (
        "青山县方案\n一、重点任务\n（一）开展进校园活动\n组织科学家进校园，每年10场。\n"
        "（责任单位：县教体局）\n（二）开展乡村行动\n组织科技下乡。\n"
        "（责任单位：县农业农村局）\n二、保障措施\n（一）加强领导\n各部门要重视。"
    )

    assert [(task.title, task.body) for task in parse(text).tasks] == [
        ("开展进校园活动", "组织科学家进校园，每年10场。"),
        ("开展乡村行动", "组织科技下乡。"),
    ]


def test_boxes_and_figures_are_no_tasks() -> None:
    text = (
        "二、任务\n1.建设场馆。（县科协负责）\n专栏1 场馆工程\n1.主馆。面积大。\n"
        "2.分馆。建设3个。\n2.开展活动。（县教体局负责）\n三、保障措施\n（一）领导。要重视。"
    )
    plan = parse(text)

    assert [task.title for task in plan.tasks] == ["建设场馆", "开展活动"]
    assert any(passage.title.startswith("专栏1") for passage in plan.passages)


def test_lists_of_officials_and_forms_in_annexes_are_no_tasks() -> None:
    text = (
        "一、任务\n1.宣传。（县科协负责）\n附件：1.领导小组名单\n2.活动统计表\n"
        "青山县人民政府\n2022年5月1日\n附件1\n领导小组名单\n组　长：张三　副县长\n"
        "附件2\n活动统计表\n填报单位：（盖章）\n1.活动名称\n2.参与人数"
    )

    assert ids(text) == ["一1"]


def test_two_plans_in_one_notice_keep_their_ids_apart() -> None:
    text = (
        "关于印发两个方案的通知\n各镇：\n现将《科普方案》《健康方案》印发给你们。\n"
        "附件：1.科普方案\n2.健康方案\n青山县人民政府\n2022年5月1日\n"
        "附件1\n青山县科普方案\n一、任务\n1.宣传。（县科协负责）\n二、保障措施\n要重视。\n"
        "附件2\n青山县健康方案\n一、任务\n1.义诊。（县卫生健康局负责）\n二、保障措施\n要重视。"
    )

    assert ids(text) == ["一1", "附件2·一1"]


def test_a_second_plan_without_a_label_is_seen_by_its_title() -> None:
    text = (
        "青山县科普方案\n一、任务\n1.宣传。（县科协负责）\n二、保障措施\n要重视。\n"
        "青山县健康行动方案\n一、任务\n1.义诊。（县卫生健康局负责）"
    )

    assert ids(text) == ["一1", "方案2·一1"]


def test_text_between_an_annotation_and_the_next_number_belongs_to_nobody() -> None:
    text = (
        "一、任务\n1.宣传。多宣传。（县科协负责）\n为推进工程，特作安排如下。\n"
        "二、工程\n2.建馆。建三个。（县科协负责）后续再行研究。"
    )
    plan = parse(text)

    assert [task.body for task in plan.tasks] == ["多宣传。", "建三个。"]
    assert {"为推进工程，特作安排如下。", "后续再行研究。"} <= {
        p.text for p in plan.passages
    }


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("开展宣传。多宣传。", "开展宣传", "多宣传。"),
        ("开展宣传：多宣传。", "开展宣传", "多宣传。"),
        ("开展宣传。", "开展宣传", ""),
        ("开展宣传", "开展宣传", ""),
        ("实施“一校：一馆”工程。多建设。", "实施“一校：一馆”工程", "多建设。"),
        ("建站（含村。社区）点。多建设。", "建站（含村。社区）点", "多建设。"),
    ],
)
def test_the_title_ends_at_the_first_stop(text: str, title: str, body: str) -> None:
    (task,) = parse(f"一、任务\n1.{text}（县科协负责）").tasks

    assert (task.title, task.body) == (title, body)


def test_a_text_that_starts_at_once_keeps_its_first_clause_in_the_body() -> None:
    text = (
        "大力开展多种形式的职业培训，健全以就业技能培训、岗位技能培训和" * 2 + "创业。"
    )
    (task,) = parse(f"一、任务\n1.{text}（县科协负责）").tasks

    assert (task.title, task.body) == ("大力开展多种形式的职业培训", text)


def test_sections_have_paths_and_introductions() -> None:
    plan = parse(
        "三、重点工程\n要实施工程。\n（一）资源工程。建立机制。\n1.宣传。（县科协负责）"
    )

    assert [(s.id, s.path, s.intro) for s in plan.sections] == [
        ("三", ("重点工程",), "要实施工程。"),
        ("三（一）", ("重点工程", "资源工程"), "建立机制。"),
    ]
    assert plan.tasks[0].section_path == ("重点工程", "资源工程")
