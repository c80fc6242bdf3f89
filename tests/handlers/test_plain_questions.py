"""Questions that cannot tell anything of a report are not read as replies."""

import json
from pathlib import Path

import pytest
from report_office import ReportOffice, at

from bot.chinese import fold
from bot.model import SubmissionState
from handlers.submit import is_plain_question
from handlers.tasks_asked import asks_for_tasks

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
    assert [words for words in tells if asks_for_tasks(words)] == []


@pytest.mark.parametrize("is_reply", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        "我们应急局牵头了几项",
        "我们跟农业农村局共同牵头的",
        "喂喂，不是我们牵头的有哪些，单列出来",
        "种香菇的老乡想学直播卖货，这方案管不管，归谁管",
        "我部牵头任务列一下",
    ],
)
async def test_who_asks_for_tasks_disputes_no_report(
    office: ReportOffice, words: str, *, is_reply: bool
) -> None:
    await office.liaison()
    await office.duty()
    await office.round(at(12, 16))
    await office.goes_out()
    about = await office.last_message(to="7") if is_reply else ""

    answer = await office.door.says("7", words, about=about)

    assert await office.state() is SubmissionState.OPEN
    assert "核实" not in answer
    assert "是否已经报送" not in answer


@pytest.mark.parametrize(
    "words",
    ["这项任务不归我们", "我们没有这项任务", "这是教育局牵头的，不是我们的任务"],
)
async def test_who_denies_a_task_disputes_the_report(
    office: ReportOffice, words: str
) -> None:
    await office.liaison()
    await office.duty()
    await office.round(at(12, 16))
    await office.goes_out()

    await office.door.says("7", words, about=await office.last_message(to="7"))

    assert await office.state() is SubmissionState.DISPUTED
