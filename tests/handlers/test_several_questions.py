"""Several questions in one message: each gets its answer, in its order."""

import json
from pathlib import Path

import pytest
from conversation import Conversation, Talker

from handlers.several import cut_questions

QUESTIONS = Path(__file__).parents[1] / "questions"


@pytest.fixture
def person(talk_as: Talker) -> Conversation:
    return talk_as("县教育局")


@pytest.mark.parametrize(
    ("words", "questions"),
    [
        ("科学课谁负责？应急科普呢？", ["科学课谁负责？", "应急科普呢？"]),
        ("科学课谁管\n科技馆谁管", ["科学课谁管\n", "科技馆谁管"]),
        ("要建科技馆。谁负责？", ["要建科技馆。谁负责？"]),
        (
            "要建科技馆。谁负责？什么时候建成？急。",
            ["要建科技馆。谁负责？", "什么时候建成？急。"],
        ),
        ("科技馆谁管？我记得是文旅局？", ["科技馆谁管？我记得是文旅局？"]),
        ("我以为是我们？科技馆谁管？", ["我以为是我们？科技馆谁管？"]),
        ("应急3条？4条？准数是几条？", ["应急3条？4条？准数是几条？"]),
        ("辟谣多少小时内 24？48？", ["辟谣多少小时内 24？48？"]),
        ("我们负责哪些任务？？！", ["我们负责哪些任务？？！"]),
        ("谁？谁？谁？谁？谁？", ["谁？谁？谁？谁？谁？"]),  # too many
        ("“谁来干？怎么干？”是哪一条的", ["“谁来干？怎么干？”是哪一条的"]),
        ("科学课谁负责？" + "长" * 120 + "？", ["科学课谁负责？" + "长" * 120 + "？"]),
        ("", [""]),
    ],
)
def test_a_message_is_cut_into_its_questions(words: str, questions: list[str]) -> None:
    assert list(cut_questions(words)) == questions


def test_no_question_of_the_sets_is_cut_up() -> None:
    rows = [
        json.loads(line)
        for name in ("dev", "held")
        for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]

    assert len(rows) > 700
    assert all(len(cut_questions(row["question"])) == 1 for row in rows)


def test_two_questions_are_answered_as_if_they_were_asked_one_by_one(
    person: Conversation, talk_as: Talker
) -> None:
    alone = talk_as("县教育局")
    said = [alone.says(words) for words in ("我们负责哪些任务", "什么时候报")]

    both = person.says("我们负责哪些任务？什么时候报？")

    assert both.text == "\n\n".join(one.text for one in said)
    assert both.tasks == said[0].tasks
    assert "7月10日前" in said[1].text


def test_numbers_mean_the_list_whatever_was_told_after_it(person: Conversation) -> None:
    person.says("我们负责哪些任务？科学课谁负责？")

    assert "〔二（一）2〕" in person.says("第2个").text


def test_the_second_question_may_lean_on_the_first(person: Conversation) -> None:
    told = person.says("科技馆谁负责？什么时候建成？").text

    assert "牵头单位：县科协" in told
    assert "（即2028年10月31日）" in told


def test_what_is_not_found_among_others_is_told_with_its_words(
    person: Conversation,
) -> None:
    told = person.says("科学课谁负责？县法院有哪些任务？应急科普谁负责？").text

    assert "“县法院有哪些任务？”：" in told
    assert told.index("县教育局") < told.index("县法院") < told.index("县应急管理局")


@pytest.mark.parametrize(
    "words",
    ["你好！我们负责哪些任务？", "在吗？我们负责哪些任务？", "科技馆？谁负责？"],
)
def test_where_one_part_alone_is_a_question_it_is_answered_as_before(
    person: Conversation, words: str
) -> None:
    assert person.says(words).tasks


def test_small_talk_with_a_question_mark_is_no_question_of_its_own(
    person: Conversation, talk_as: Talker
) -> None:
    alone = talk_as("县教育局").says("我们负责哪些任务")

    assert person.says("在吗？我们负责哪些任务？") == alone


def test_when_something_is_to_be_handed_in_is_not_asked_of_the_task_spoken_of(
    person: Conversation,
) -> None:
    person.says("科学课谁负责")

    assert "7月10日前" in person.says("什么时候报").text


def test_a_task_told_of_twice_is_named_once(person: Conversation) -> None:
    ids = [task.id for task in person.says("科学课谁负责？科学课归谁管？").tasks]

    assert ids
    assert len(ids) == len(set(ids))
