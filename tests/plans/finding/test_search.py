"""The index: what is found by words, sounds and initials, and how it changes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.plans.finding import search
from bot.plans.finding.search import MAYBE, SURE, Entry, Found, TaskIndex
from bot.plans.finding.thesaurus import Thesaurus, load_thesaurus

SHIPPED = Path(__file__).parents[3] / "config" / "thesaurus.toml"


def entry(number: int, title: str, body: str = "", *, counted: bool = False) -> Entry:
    return Entry(
        id=number, title=title, body=body, section="提升行动", has_number=counted
    )


RIVERS = [
    entry(1, "整治城区黑臭水体", "疏通排水管网，清理河道淤泥，恢复水生植物。"),
    entry(2, "推广垃圾分类", "在小区设置分类箱，聘请督导员上门讲解。"),
    entry(3, "保护古树名木", "给百年以上的树木挂牌建档，设置围栏。"),
    entry(4, "改造老旧供水管线", "更换锈蚀管道，加装智能水表。"),
    entry(5, "开展智慧助餐服务", "为独居的长者送餐上门，设置爱心食堂。"),
]
ROADS = [
    entry(11, "修缮农村公路", "硬化通村道路，补种行道树。"),
    entry(12, "推广垃圾分类", "沿路设置收集点，每周清运两次。", counted=True),
    entry(13, "培训驾驶员", "举办安全行车课堂。"),
]


@pytest.fixture
def index() -> TaskIndex:
    index = TaskIndex(Thesaurus())
    index.put_plan(1, RIVERS)
    index.put_plan(2, ROADS)
    return index


def ids(found: Sequence[Found]) -> list[int]:
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("整治城区黑臭水体", 1),
        ("黑臭水体谁负责？", 1),
        ("清理河道的淤泥是哪个单位牵头", 1),
        ("古树保护", 3),
        ("古树名目怎么保护", 3),
        ("保护古数名木", 3),
        ("老旧工水管线", 4),
        ("垃圾份类督导员", 2),
        ("老舊供水管線", 4),
        ("zhihuizhucan", 5),
        ("zhihui zhucan shui fuze", 5),
        ("智慧zhucan", 5),
        ("zhzcfw", 5),
    ],
)
def test_a_task_is_found(index: TaskIndex, question: str, answer: int) -> None:
    assert index.search(question, plan_ids=[1])[0].id == answer


@pytest.mark.parametrize(
    ("question", "or_else"),
    [
        ("爱心食堂", "为独居的长者送餐上门"),
        ("为独居的长者送餐上门", "爱心食堂"),
        ("为独居的长者送餐上门", ""),
        ("今天天气", "为独居的长者送餐上门"),
    ],
)
def test_of_two_wordings_the_one_that_finds_better_counts(
    index: TaskIndex, question: str, or_else: str
) -> None:
    alone = [index.search(words) for words in (question, or_else) if words]
    found = index.search(question, or_else=or_else)

    assert found == max(alone, key=lambda hits: hits[0].confidence if hits else -1)


@pytest.mark.parametrize(
    ("question", "or_else", "times"),
    [
        ("整治城区黑臭水体", "古树名木", 1),  # the first is certain
        ("河道", "古树名木", 2),
        ("周老师河道", "周老师好，河道谁管？", 2),
        ("周河道", "周老师好，河道谁管？", 1),  # both say the same
    ],
)
def test_another_wording_is_looked_for_where_it_may_add_something(
    index: TaskIndex,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    or_else: str,
    times: int,
) -> None:
    looked = []
    find = TaskIndex._best

    def count(self: TaskIndex, *given: Any) -> list[Found]:
        looked.append(given)
        return find(self, *given)

    monkeypatch.setattr(TaskIndex, "_best", count)

    index.search(question, or_else=or_else)
    assert len(looked) == times


def test_of_two_wordings_of_one_topic_the_pauses_of_the_second_count(
    index: TaskIndex,
) -> None:
    typed = "周老师好，河道谁管？"

    assert index.search("周河道", or_else=typed) == index.search(typed)
    assert index.search("周河道", or_else=typed) != index.search("周河道")


def test_the_best_comes_first_with_falling_scores(index: TaskIndex) -> None:
    scores = [one.score for one in index.search("设置围栏和分类箱")]

    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)


def test_a_search_stays_inside_its_plans(index: TaskIndex) -> None:
    assert ids(index.search("垃圾分类", plan_ids=[1])) == [2]
    assert ids(index.search("垃圾分类", plan_ids=[2])) == [12]
    assert set(ids(index.search("垃圾分类", plan_ids=[1, 2]))) == {2, 12}
    assert set(ids(index.search("垃圾分类"))) == {2, 12}
    assert index.search("垃圾分类", plan_ids=[]) == []
    assert index.search("垃圾分类", plan_ids=[9]) == []


def test_plans_that_lie_apart_are_searched_without_those_between() -> None:
    index = TaskIndex(Thesaurus())
    for plan in range(5):
        index.put_plan(plan, [entry(plan, "推广垃圾分类")])

    assert set(ids(index.search("垃圾分类", plan_ids=[0, 3]))) == {0, 3}


def test_a_question_how_many_prefers_a_task_with_a_figure(index: TaskIndex) -> None:
    assert index.search("推广垃圾分类清运几次")[0].id == 12
    assert ids(index.search("推广垃圾分类要几场"))[0] == 12


def test_no_more_than_the_limit_are_returned(index: TaskIndex) -> None:
    assert len(index.search("设置", limit=2)) == 2


@pytest.mark.parametrize("question", ["", "  ", "？！", "谁负责", "\n", "。"])
def test_a_question_without_a_topic_finds_nothing(
    index: TaskIndex, question: str
) -> None:
    assert index.search(question) == []


@pytest.mark.parametrize(
    "question", ["今天天气好吗", "帮我订一张机票", "jintian chi shenme", "股票涨了没"]
)
def test_nothing_in_common_is_below_the_offer(index: TaskIndex, question: str) -> None:
    assert all(one.confidence < MAYBE for one in index.search(question))


def test_a_full_title_is_sure(index: TaskIndex) -> None:
    assert index.search("改造老旧供水管线")[0].confidence >= SURE


def test_an_empty_index_finds_nothing() -> None:
    assert TaskIndex(Thesaurus()).search("黑臭水体") == []


def test_a_plan_of_one_task_is_found() -> None:
    index = TaskIndex(Thesaurus())
    index.put_plan(1, [entry(7, "整治黑臭水体")])

    assert index.search("黑臭水体")[0].id == 7
    assert index.search("黑臭水体")[0].confidence >= MAYBE


def test_an_entry_without_words_does_no_harm() -> None:
    index = TaskIndex(Thesaurus())
    index.put_plan(1, [Entry(id=1, title="", body="", section="", has_number=False)])

    assert index.search("黑臭水体") == []


def test_a_replaced_plan_is_found_by_its_new_words_only(index: TaskIndex) -> None:
    index.search("垃圾分类")
    index.put_plan(2, [entry(21, "建设充电桩")])

    assert ids(index.search("充电桩")) == [21]
    assert ids(index.search("修缮农村公路", plan_ids=[2])) == []
    assert index.search("古树名木")[0].id == 3


def test_a_dropped_plan_is_gone(index: TaskIndex) -> None:
    index.search("垃圾分类")
    index.drop_plan(1)
    index.drop_plan(99)

    assert ids(index.search("垃圾分类")) == [12]
    index.drop_plan(2)
    assert index.search("垃圾分类") == []


def test_an_emptied_plan_is_gone(index: TaskIndex) -> None:
    index.put_plan(1, [])

    assert ids(index.search("垃圾分类")) == [12]


def test_a_plain_word_finds_the_word_of_the_plan() -> None:
    question = "怎么给老人送饭"
    plain, helped = TaskIndex(Thesaurus()), TaskIndex(load_thesaurus(SHIPPED))
    tasks = [*RIVERS, entry(6, "关爱老年人", "为老年人提供膳食。")]
    for index in (plain, helped):
        index.put_plan(1, tasks)

    assert helped.search(question)[0].id == 6
    assert helped.search(question)[0].confidence > max(
        [one.confidence for one in plain.search(question)], default=0
    )


ANY_TEXT = st.text(st.characters(codec=None), max_size=30)


@settings(max_examples=150, deadline=None)
@given(title=ANY_TEXT, body=ANY_TEXT, question=ANY_TEXT)
def test_any_text_can_be_indexed_and_asked(
    title: str, body: str, question: str
) -> None:
    index = TaskIndex(Thesaurus())
    index.put_plan(1, [entry(1, title, body), *RIVERS[1:]])

    for asked in (question, title, body):
        assert all(0 <= one.confidence <= 1 for one in index.search(asked))
    assert index.search("古树名木")[0].id == 3


TITLES = st.text("科普青少年农民培训应急管理示范基地", min_size=1, max_size=8)
CHANGES = st.lists(
    st.tuples(st.integers(0, 5), st.lists(TITLES, max_size=4), st.booleans()),
    max_size=12,
)


def plan_of(number: int, titles: Sequence[str]) -> list[Entry]:
    return [entry(10 * number + at, text, text[::-1]) for at, text in enumerate(titles)]


def comparable(found: Sequence[Found]) -> list[tuple[float, float, int]]:
    return sorted((round(f.score, 3), round(f.confidence, 3), f.id) for f in found)


@settings(max_examples=60, deadline=None)
@given(changes=CHANGES, question=TITLES, some=st.sets(st.integers(0, 5)))
def test_an_index_that_changed_answers_like_one_built_anew(
    changes: list[tuple[int, list[str], bool]], question: str, some: set[int]
) -> None:
    changed, kept = TaskIndex(Thesaurus()), dict[int, list[Entry]]()
    for plan, titles, settles in changes:
        kept[plan] = plan_of(plan, titles)
        changed.put_plan(plan, kept[plan])
        if settles:  # a search makes a segment of what waits, and merges
            changed.search("科普")
    fresh = TaskIndex(Thesaurus())
    for plan, entries in kept.items():
        fresh.put_plan(plan, entries)

    for plans in (None, some):
        assert comparable(
            changed.search(question, plan_ids=plans, limit=99)
        ) == comparable(fresh.search(question, plan_ids=plans, limit=99))


def test_a_common_word_counts_even_if_it_is_looked_up_last(
    monkeypatch: pytest.MonkeyPatch, index: TaskIndex
) -> None:
    full = comparable(index.search("推广垃圾分类设置围栏"))
    monkeypatch.setattr("bot.plans.finding.ranking._CHEAP", 1)

    assert comparable(index.search("推广垃圾分类设置围栏")) == full


def test_a_plan_larger_than_a_segment_is_found_and_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for bound in ("MOST_ENTRIES", "_FULL", "_FULL_LIVE"):
        monkeypatch.setattr(search, bound, 3)
    index = TaskIndex(Thesaurus())
    index.put_plan(1, [entry(at, f"修缮第{at}号桥梁") for at in range(8)])

    assert len(index.search("修缮桥梁", plan_ids=[1])) == 8
    index.drop_plan(1)
    assert index.search("修缮桥梁") == []
