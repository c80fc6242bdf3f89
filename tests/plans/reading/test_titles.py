"""Which chapters hold tasks, by their whole heading; where a title ends."""

import pytest
from plan_texts import parse

from bot.facts import DoubtKind
from bot.plans.reading.titles import Chapter, chapter_of, title_end
from bot.plans.reading.wording import LONGEST


@pytest.mark.parametrize(
    "title",
    [
        "指导思想",
        "工作目标",
        "总体要求和基本原则",
        "“十五五”发展目标",
        "背景",
        "现状与形势",
    ],
)
def test_a_whole_heading_tells_a_chapter_of_goals(title: str) -> None:
    assert chapter_of(title) is Chapter.GOALS


@pytest.mark.parametrize("title", ["夯实工作基础", "强化目标管理", "完善政策背景"])
def test_a_word_inside_a_heading_does_not(title: str) -> None:
    assert chapter_of(title) is not Chapter.GOALS


@pytest.mark.parametrize(
    "chapter", ["夯实工作基础", "工作原则", "基本情况", "主要指标", "工作要求", "附则"]
)
@pytest.mark.parametrize(
    "item",
    [
        "（一）培训。办2期。（县科协牵头，县教体局配合）",
        "1.培训。办2期。\n责任单位：县科协、县教体局",
    ],
)
def test_an_annotated_item_is_a_task_in_any_chapter(chapter: str, item: str) -> None:
    plan = parse(f"青山县科普方案\n一、总体要求\n要重视。\n二、{chapter}\n{item}")

    assert [len(task.owners) for task in plan.tasks] == [2]


@pytest.mark.parametrize(
    ("text", "title"),
    [("做好宣传.营造氛围.", "做好宣传"), ("推广3.0版平台。办好。", "推广3.0版平台")],
)
def test_a_point_between_chinese_characters_ends_a_title(text: str, title: str) -> None:
    assert text[: title_end(text)[0]] == title


def test_sections_of_chapters_nest() -> None:
    plan = parse(
        "青山县科普规划\n第一章 总体要求\n要重视。\n第二章 重点任务\n第一节 甲行动\n"
        "一、办展。办好。（县科协牵头）\n第二节 乙行动\n一、办会。办好。（县科协牵头）"
    )

    assert [task.section_path for task in plan.tasks] == [
        ("重点任务", "甲行动"),
        ("重点任务", "乙行动"),
    ]


def test_text_in_another_language_holds_no_tasks() -> None:
    assert parse("1. The parties agree.\n2. Goods are delivered.").tasks == ()


def test_a_text_of_insane_length_is_plain_text_with_a_doubt() -> None:
    plan = parse("一、任务\n1.甲。" + "做好（县科协牵头）。" * (LONGEST // 8))

    assert [task.owners for task in plan.tasks] == [()]
    assert DoubtKind.NO_OWNER in {doubt.kind for doubt in plan.doubts}
