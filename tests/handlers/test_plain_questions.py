"""Questions that cannot tell anything of a report are not read as replies."""

import json
from pathlib import Path

import pytest

from bot.chinese import fold
from handlers.submit import is_plain_question

REPLIES = Path(__file__).parents[1] / "replies" / "dev.jsonl"


@pytest.mark.parametrize(
    "words",
    [
        "我们负责哪些任务",
        "科学课归谁管",
        "到2030年公民具备科学素质的比例是多少",
        "应急科普谁负责",
        "应急局科技特派员谁负责",
        "你好",
        "王老师好,第2个详细说说",
    ],
)
def test_a_question_about_a_plan_is_plain(words: str) -> None:
    assert is_plain_question(words)


@pytest.mark.parametrize(
    "words",
    [
        "没写完嘛，急什么",
        "应急局的材料急什么",
        "凭什么找我们",
        "谁说没报",
        "哪有那么快，还没写呢",
        "下周一",
        "好",
        "6号",
    ],
)
def test_a_question_that_tells_something_is_not(words: str) -> None:
    assert not is_plain_question(words)


def test_no_reply_of_the_dev_set_is_taken_for_one() -> None:
    rows = map(json.loads, REPLIES.read_text("utf-8").splitlines())
    tells = [row["text"] for row in rows if row["label"] not in ("other", "question")]

    assert len(tells) > 5000
    assert [words for words in tells if is_plain_question(fold(words))] == []
