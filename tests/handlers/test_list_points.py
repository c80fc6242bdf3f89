"""The points of a question's pieces: what sounds like a wish for a list of tasks."""

import pytest
from conversation import Talker

from bench.teach_lists import HEAD, teach
from bot.errors import SettingsError
from handlers.list_points import TABLE, pieces_of, read_table
from handlers.phrases import GAP

OURS = ["二（三）3", "二（五）2", "三（二）3", "三（四）1"]


def test_every_row_of_the_table_is_read() -> None:
    lines = TABLE.read_text("utf-8").splitlines()
    rows = [line for line in lines if line[0] != "#"]

    assert len(read_table(lines)) == len(rows) > 1000
    assert lines[: len(HEAD)] == list(HEAD)


@pytest.mark.parametrize("row", ["哪几样", "哪几样\t很多"])
def test_a_row_without_points_is_refused(row: str) -> None:
    with pytest.raises(SettingsError):
        read_table([row])


def test_a_name_is_one_piece_however_long() -> None:
    short, long = (pieces_of(f"{GAP * count}有 哪些") for count in (2, 9))

    assert short == long
    assert {"^□", "有哪些", "些$"} <= short


def test_the_same_questions_teach_the_same_points() -> None:
    said = {"要啥": True, "都要啥": True, "谁管啥": False, "谁来": False}
    lessons = [
        (frozenset(pieces_of(words)), is_list) for words, is_list in said.items()
    ]

    first, again = (teach(lessons, kept=5) for _ in range(2))

    assert first == again
    assert first["要啥"] > 0 > first["^谁"]
    assert len(first) <= 5


@pytest.mark.parametrize(
    "question",
    [
        "怎么又写了我们，直说到底是哪几条",
        "我们局这回又得忙活哪几样",
        "应急局被点名的地方全给我抄下来",
    ],
)
def test_a_wish_that_no_list_of_words_knows_is_heard(
    talk_as: Talker, question: str
) -> None:
    reply = talk_as("县应急管理局").says(question)

    assert [task.id for task in reply.tasks] == OURS


@pytest.mark.parametrize(
    "question",
    [
        "我们局的公章谁管",
        "我们局长叫什么名字",
        "我们局今年忙不过来了",
        "你们把我们局的名字写错了",
        "应急局的人刚走，门没锁",
        "我们局食堂中午吃什么",
    ],
)
def test_who_only_speaks_of_a_department_gets_no_list(
    talk_as: Talker, question: str
) -> None:
    assert not talk_as("县应急管理局").says(question).tasks
