"""What is said to a person around a question goes; no word of the question does."""

import json
import tomllib
from pathlib import Path

import pytest
from conversation import Talker
from report_office import ReportOffice, at

from bot.chinese import fold
from handlers.courtesy import is_courtesy, without_courtesies
from handlers.submit import only_asks

ROOT = Path(__file__).parents[2]
GREETED = {
    "领导好 我们单位牵涉到哪些任务": "我们单位牵涉到哪些任务",
    "请问我们妇联牵头哪几项呢": "我们妇联牵头哪几项呢",
    "请问青少年科技节由谁牵头": "青少年科技节由谁牵头",
    "请问我局在方案里承担哪几项工作呢": "我局在方案里承担哪几项工作呢",
    "请问报送全年情况有时间要求吗": "报送全年情况有时间要求吗",
    "团委牵头哪些 我是团区委的": "团委牵头哪些",
    "帮我查一下快递": "快递",
    "你好": "您好",
    "早上好": "您好",
    "在吗": "您好",
    "您好，打扰一下": "您好",
    "谢谢啊": "谢谢",
    "辛苦了": "谢谢",
    "好的收到，多谢": "谢谢",
}


def questions() -> list[str]:
    files = (ROOT / "tests" / "questions" / f"{name}.jsonl" for name in ("dev", "held"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line)["question"] for line in lines]


def test_no_question_of_the_sets_loses_a_word_but_its_courtesies() -> None:
    asked = questions()

    cut = {one: without_courtesies(one, is_known=True) for one in asked}

    assert len(asked) > 700
    assert {one: left for one, left in cut.items() if left != one} == GREETED


@pytest.mark.parametrize("question", ["我们负责哪些任务", "5", "下一页", "那谁牵头"])
@pytest.mark.parametrize(
    "words",
    [
        "李科您好！{}谢谢",
        "李科长，{}",
        "领导好{}",
        "对了{}",
        "王敏主任您好，打扰一下，{}",
        "各位领导好：\n{}\n谢谢！",
        "收到，另外{}",
        "通知收到，{}",
        "好的，明白了。对了，{}",
        "{}，急",
        "{}，在线等，挺急的！！",
        "你好，我是新来的，{}",
        "您好，我是县科协的小王，{}",
        "你好{}",
        "您好，请问{}",
        "不好意思又来麻烦您，{}[抱拳][玫瑰]",
        "{}🙏🙏",
        "謝謝，{}",
        "@小助手 {}",
        "【急】{}【急】",
        "{}\n\n——小刘",
        "{}\n联络员：李建国",
        "{}，谢谢李科长，祝工作顺利",
        "“{}”",
        "hi, {}, thanks",
    ],
)
def test_courtesies_around_a_question_are_cut(words: str, question: str) -> None:
    assert without_courtesies(words.format(question), is_known=True) == question


def test_a_question_keeps_its_mark() -> None:
    assert (
        without_courtesies("李科好，科学课谁管？谢谢！", is_known=True)
        == "科学课谁管？"
    )
    assert without_courtesies("您好！（一）3原文，谢谢", is_known=True) == "（一）3原文"


@pytest.mark.parametrize(
    "words",
    [
        "急救 培训谁负责",
        "急救，谁来教",
        "应急科普",
        "收到通知后怎么办",
        "机器人 产业 谁牵头",
        "老师 培训 谁负责",
        "信息员 待遇",
        "对了解需求有什么要求",
        "老师好人好事谁评",
        "领导好班子怎么建",
        "李沧区有哪些任务",
        "李沧区，哪些任务",
        "好人评选谁负责",
        "主任医师带教谁管",
        "老师培训谁负责",
        "老师、家长谁来教",
        "感谢信写给谁",
        "请教体局牵头的有哪些",
        "想请教体局来讲",
        "另外的任务呢",
        "另外几项呢",
        "对了吗",
        "那个局负责",
        "额度是多少",
        "哈尔滨有任务吗",
        "还有呢",
        "还有材料，交给谁",
        "好的",
        "是的",
        "是",
        "祝家庄街道，有哪些任务",
        "施工，谁监管",
        "任务组长，是谁",
        "“应急科普”归谁",
        "《实施方案》谁牵头",
        "科学课谁管、麻烦",
        "1、3、5",
        "材料收到了？",
        "收到了？谁来核",
        "帮助",
        "?",
        "",
        "  ",
    ],
)
def test_no_word_of_a_question_is_cut(words: str) -> None:
    assert without_courtesies(words, is_known=True) == words


def test_no_name_of_a_department_is_a_courtesy() -> None:
    listed = tomllib.loads((ROOT / "data" / "departments.toml").read_text("utf-8"))
    names = [
        name
        for one in listed["department"]
        for name in (one["name"], *one.get("short", ()), *one.get("spoken", ()))
    ] + [name for one in listed["collective"] for name in one["names"]]

    assert len(names) > 100
    assert [name for name in names if is_courtesy(name)] == []


def test_a_stranger_asks_for_those_whom_he_names() -> None:
    words = "您好，我是应急局的，我们有哪些任务"

    assert without_courtesies(words, is_known=True) == "我们有哪些任务"
    assert without_courtesies(words, is_known=False) == words.removeprefix("您好，")


def test_a_question_among_courtesies_is_answered_as_alone(talk_as: Talker) -> None:
    alone, polite = talk_as("县教育局"), talk_as("县教育局")

    for question in ("我们负责哪些任务", "下一页", "第2个详细说说", "那谁牵头", "帮助"):
        said = polite.says(f"李科您好！{question}，谢谢")
        assert said == alone.says(question)


def test_thanks_and_greetings_alone_are_answered_as_such(talk_as: Talker) -> None:
    person = talk_as("县教育局")

    assert person.says("李科，收到了，谢谢您！").text.startswith("不客气")
    assert person.says("李科您好！").text == person.says("你好").text


def test_what_the_plans_know_nothing_of_is_passed_over(talk_as: Talker) -> None:
    alone, chatty = talk_as("县教育局"), talk_as("县教育局")

    said = chatty.says("我在外面开车，等红灯呢，我们负责哪些任务，改天请您喝茶")

    assert said == alone.says("我们负责哪些任务")


def test_a_question_is_not_answered_without_what_it_is_about(talk_as: Talker) -> None:
    person = talk_as("县教育局")

    assert not person.says("县公安局禁毒，谁负责").tasks
    assert not person.says("我家老人不会用手机，买什么股票").tasks


@pytest.mark.parametrize(
    "words",
    ["王科长早上好，{}", "{}在线等，挺急的", "早！{}", "还得麻烦您，{}", "{}，急"],
)
async def test_a_polite_question_is_no_reply_to_a_nudge(
    office: ReportOffice, words: str
) -> None:
    await office.liaison()
    await office.duty()
    await office.round(at(12, 16))
    await office.goes_out()

    alone = await office.door.says("7", "应急科普谁牵头")

    assert await office.door.says("7", words.format("应急科普谁牵头")) == alone
    assert "牵头" in alone


def test_no_reply_of_the_dev_set_is_taken_for_a_polite_question() -> None:
    lines = (ROOT / "tests" / "replies" / "dev.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    tells = [row["text"] for row in rows if row["label"] not in ("other", "question")]

    assert len(tells) > 5000
    assert [words for words in tells if only_asks(words, fold(words))] == []


@pytest.mark.parametrize("asked", ["我们还有哪些没报", "我是谁"])
async def test_what_is_asked_of_oneself_is_answered_among_courtesies(
    office: ReportOffice, asked: str
) -> None:
    await office.liaison()
    await office.duty()

    alone = await office.door.says("7", asked)

    assert await office.door.says("7", f"李科您好，{asked}谢谢") == alone
    assert "县应急管理局" in alone or "待报送 1 项" in alone
