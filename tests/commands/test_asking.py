"""`bot ask` and `bot chat`."""

import json
from pathlib import Path

import pytest
from docx import Document
from office import SAMPLE, Office

NUMBER = "澄政字〔2026〕18号"


def _lines(office: Office, *rows: object) -> list[dict[str, object]]:
    typed = "\n".join(
        row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)
        for row in rows
    )
    result = office.run("ask", "--jsonl", typed=typed)
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_question_is_answered(open_office: Office) -> None:
    result = open_office.run("ask", "我们负责哪些任务", "--as", "县应急管理局")

    assert result.exit_code == 0
    assert NUMBER in result.stdout
    assert "〔二（三）3〕" in result.stdout


@pytest.mark.parametrize("words", [NUMBER, "澄政字[2026]18号", "sample-plan"])
def test_a_plan_is_known_by_number_and_by_file(open_office: Office, words: str) -> None:
    result = open_office.run("ask", "文号是多少", "--plan", words)

    assert NUMBER in result.stdout


HEAD = (
    "澄政字〔2026〕33号",
    "澄川县人民政府关于印发澄川县防灾减灾实施方案的通知",
    "澄川县人民政府",
    "2026年3月16日",
    "（联系电话：5550126）",
    "（此件公开发布）",
    "澄川县防灾减灾实施方案",
    "一、重点任务",
)
ROWS = (
    ("重点任务", "牵头单位", "配合单位"),
    ("开展应急演练。每年演练2次。", "各镇街道", "县应急管理局"),
    ("建设避难场所。改造10处。", "县应急管理局、各镇街道", "县教育局"),
)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("应急演练谁牵头", "牵头单位：各镇街道；配合：县应急管理局。"),
        ("避难场所谁牵头", "牵头单位：县应急管理局、各镇街道；配合：县教育局。"),
        ("各镇街道牵头的任务", "共 2 项"),
        ("县应急管理局配合的任务", "开展应急演练"),
        ("避难场所改造几处", "“改造10处”"),
        ("联系电话是多少", "联系电话：5550126。"),
        ("王敏的电话", "文件所列联系电话：5550126。"),
    ],
)
def test_a_table_tells_who_leads_as_its_columns_do(
    office: Office, tmp_path: Path, question: str, words: str
) -> None:
    document = Document()
    for line in HEAD:
        document.add_paragraph(line)
    table = document.add_table(rows=len(ROWS), cols=len(ROWS[0]))
    for at, row in enumerate(ROWS):
        for cell, text in zip(table.rows[at].cells, row, strict=True):
            cell.text = text
    document.save(str(tmp_path / "plan.docx"))
    office.run("import", str(tmp_path / "plan.docx"), "--sign", "李主任")

    assert words in office.run("ask", question).stdout


def test_an_unknown_plan_is_told_with_those_there_are(open_office: Office) -> None:
    result = open_office.run("ask", "你好", "--plan", "无此文号")

    assert result.exit_code == 1
    assert NUMBER in result.stderr


def test_no_question_is_a_matter_of_usage(open_office: Office) -> None:
    assert open_office.run("ask").exit_code == 2


def test_lines_are_answered_in_their_order(open_office: Office) -> None:
    answers = _lines(
        open_office,
        {"id": "a", "doc": NUMBER, "question": "手机课堂谁来办"},
        {"id": 7, "doc": "sample-plan", "question": "今天天气"},
    )

    assert [answer["id"] for answer in answers] == ["a", 7]
    assert answers[0]["tasks"] == [
        {"doc": NUMBER, "id": "二（四）1", "title": "帮助老年人用好智能设备"}
    ]
    assert answers[1]["tasks"] == []


def test_earlier_questions_give_the_context(open_office: Office) -> None:
    asked = {
        "id": 1,
        "doc": NUMBER,
        "asker_department": "县应急管理局",
        "context": ["我们负责哪些任务"],
        "question": "第二个详细说说",
    }

    tasks = _lines(open_office, asked)[0]["tasks"]

    assert tasks == [
        {"doc": NUMBER, "id": "二（五）2", "title": "提高科学决策和应急处置能力"}
    ]


def test_a_broken_line_stops_nobody(open_office: Office) -> None:
    answers = _lines(open_office, "{不是", "", {"id": 2, "question": "文号"}, "[]")

    assert "第 1 行" in str(answers[0]["error"])
    assert NUMBER in str(answers[1]["text"])
    assert "error" in answers[2]


def test_an_office_without_a_plan_says_what_to_do(office: Office) -> None:
    office.run("migrate")

    assert "先导入" in office.run("ask", "你好").stdout


def test_a_talk_about_the_sample_imports_it_once(new_office: Office) -> None:
    first = new_office.run("chat", "--plan", str(SAMPLE), typed="我们负责哪些任务\n3\n")
    again = new_office.run("chat", "--plan", str(SAMPLE), typed="文号\n")

    assert "健全科学辟谣联动机制" in first.stdout
    assert "原文：“对食品、健康" in first.stdout
    assert again.exit_code == 0
    assert new_office.run("plans").stdout.count("第 1 版") == 1


def test_whoever_sits_at_the_terminal_may_change_the_department(
    open_office: Office,
) -> None:
    result = open_office.run("chat", typed="我是县总工会的\n我们牵头哪些\n")

    assert "擦亮“澄川工匠”品牌" in result.stdout
