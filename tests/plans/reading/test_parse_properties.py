"""What holds for every document, however broken."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from plan_texts import DEPARTMENTS, lines_of, squeezed

from bot.facts import PlanDraft
from bot.plans.reading.parse import parse_plan
from bot.source import Block, Line, Table

MARKS = st.sampled_from(
    [
        *[
            "一、",
            "二、",
            "三、",
            "（一）",
            "（二）",
            "(三)",
            "（1）",
            "（2）",
            "1.",
            "2.",
            "3．",
        ],
        *["4、", "11。", "──", "——", "--", "第一章 ", "①", "", "", "任务一：", "2."],
    ]
)
TITLES = st.sampled_from(
    [
        *[
            "总体要求",
            "重点任务",
            "保障措施",
            "开展科普活动。",
            "加强队伍建设：",
            "工作目标",
        ],
        *["县教体局：", "建设“科普e站”，扩大覆盖", "到2025年，比例达到20%。", ""],
    ]
)
BODIES = st.sampled_from(
    [
        "组织专家（所、站）进校园，每年10场。",
        "提升能力、完善机制，推动 GDP growth 目标落实；",
        "具体措施：",
        "坚持（协会、联盟",
        "各部门要高度重视，每季度报送县科协。",
        "“科普中国“资源｝0./。建设2000个",
        "",
    ]
)
OWNERS = st.sampled_from(
    [
        "（县科协负责）",
        "（县教体局、县科协按职责分工负责）",
        "(责任单位:县文化和旅游局牵头，各有关部门分工负责)",
        "（县科协牵头，县教体局配合，下同",
        "责任单位：县科协 配合单位：县教体局",
        "（0.5分）（6月底完成，牵头考核单位：县财政局）",
        "",
    ]
)
ITEMS = st.builds(lambda *parts: "".join(parts), MARKS, TITLES, BODIES, OWNERS)
DOCUMENTS = st.builds(
    lambda items, joint: joint.join(items),
    st.lists(ITEMS, max_size=14),
    st.sampled_from(["\n", "\n\n", "", " ", "　　"]),
)
WRAPPED = st.builds(
    lambda text, width: "\n".join(
        text[start : start + width] for start in range(0, len(text), width)
    ),
    DOCUMENTS,
    st.integers(min_value=12, max_value=40),
)
CHARACTERS = st.text(
    alphabet="一二十、（）()1.。，；：—─ \n　《》〔〕“”|#*年月日号附件专栏"
    "县科协局负责牵头单位",
    max_size=120,
)


def assert_faithful(plan: PlanDraft, source: str) -> None:
    printed = squeezed(source)
    ids = [task.id for task in plan.tasks]
    assert len(ids) == len(set(ids))
    for task in plan.tasks:
        assert squeezed(task.body) in printed
        assert squeezed(task.title) in printed
        assert squeezed(task.annotation) in printed
        for owner in task.owners:
            assert squeezed(owner.written) in printed
            assert squeezed(owner.passage) in squeezed(task.body)
    for passage in plan.passages:
        assert passage.text.strip()


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_texts_of_a_document_are_runs_of_its_source(text: str) -> None:
    plan = parse_plan(lines_of(text), departments=DEPARTMENTS)

    assert_faithful(plan, text)


@settings(max_examples=150, deadline=None)
@given(WRAPPED)
def test_texts_of_a_wrapped_document_are_runs_of_its_source(text: str) -> None:
    # A line that wrapping left with digits alone cannot be told from a page number.
    assume(not any(line.strip().isdecimal() for line in text.split("\n")))
    plan = parse_plan(lines_of(text), departments=DEPARTMENTS)

    assert_faithful(plan, text)


@settings(max_examples=200, deadline=None)
@given(CHARACTERS)
def test_no_run_of_characters_breaks_the_parser(text: str) -> None:
    first = parse_plan(lines_of(text), departments=DEPARTMENTS)

    assert first == parse_plan(lines_of(text), departments=DEPARTMENTS)


CELLS = st.one_of(
    TITLES, OWNERS, BODIES, st.sampled_from(["序号", "责任单位", "1", "/"])
)
TABLES = st.integers(min_value=1, max_value=4).flatmap(
    lambda width: st.lists(
        st.lists(CELLS, min_size=width, max_size=width).map(tuple), max_size=5
    ).map(lambda rows: Table(tuple(rows), 1))
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(TABLES, ITEMS.map(lambda text: Line(text, 2))), max_size=6))
def test_no_table_breaks_the_parser(blocks: list[Block]) -> None:
    plan = parse_plan(blocks, departments=DEPARTMENTS)

    cells = [c for b in blocks if isinstance(b, Table) for row in b.rows for c in row]
    lines = [b.text for b in blocks if isinstance(b, Line)]
    printed = squeezed("".join([*cells, *lines]))
    for owner in (owner for task in plan.tasks for owner in task.owners):
        assert squeezed(owner.written) in printed
