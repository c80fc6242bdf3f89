"""`bot import`, `sign`, `plans`, `withdraw`, `export`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from office import ROOT, SAMPLE, Office
from openpyxl import load_workbook

TEXT = SAMPLE.read_text(encoding="utf-8")
NUMBER = "澄政字〔2026〕18号"


def _file(folder: Path, text: str, name: str = "方案 一.txt") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_nothing_is_in_force_before_a_person_signs(new_office: Office) -> None:
    unsigned = new_office.run("import", str(SAMPLE))

    assert "草稿已保存" in unsigned.stdout
    assert "先导入" in new_office.run("ask", "你好").stdout
    assert new_office.run("sign", NUMBER, "--name", "李主任").exit_code == 0
    assert NUMBER in new_office.run("ask", "文号是多少").stdout


def test_what_was_understood_is_shown_with_its_lines(office: Office) -> None:
    shown = office.run("import", str(SAMPLE)).stdout

    assert "30" in shown
    assert "擦亮“澄川工匠”品牌" in shown
    assert "原文第" in shown


def test_the_same_document_again_changes_nothing(office: Office) -> None:
    office.run("import", str(SAMPLE), "--sign", "李主任")

    again = office.run("import", str(SAMPLE), "--sign", "李主任")

    assert "没有变化" in again.stdout
    assert "第 1 版" in office.run("plans").stdout


def test_a_changed_document_is_a_new_version_with_its_difference(
    office: Office, tmp_path: Path
) -> None:
    office.run("import", str(SAMPLE), "--sign", "李主任")
    changed = _file(tmp_path, TEXT.replace("每季度到服务村", "每月到服务村"))

    told = office.run("import", changed, "--sign", "王主任").stdout

    assert "1 处变化" in told
    assert "二（二）3" in told
    assert "第 2 版" in office.run("plans").stdout
    log = office.run("audit").stdout
    assert log.count("比对方案新旧版本") == 1
    assert log.count("签认导入的条目") == 2


@pytest.mark.parametrize(
    ("mark", "reason"),
    [("", "文件没有“此件公开发布”"), ("（征求意见稿）（此件公开发布）", "征求意见稿")],
)
def test_a_document_that_is_not_open_needs_a_declaration(
    office: Office, tmp_path: Path, mark: str, reason: str
) -> None:
    closed = _file(tmp_path, TEXT.replace("（此件公开发布）", mark))

    refused = office.run("import", closed, "--sign", "李主任")
    left = office.run("plans").stdout
    declared = office.run(
        "import", closed, "--sign", "李主任", "--declare", "县政府网站已公开"
    )

    assert refused.exit_code == 1
    assert reason in refused.stderr
    assert left.startswith("还没有方案")
    assert declared.exit_code == 0


@pytest.mark.parametrize("mark", ["机密★1年", "秘密★长期", "绝密\n特急", "密级：机密"])
def test_a_document_that_bears_a_mark_of_secrecy_is_never_taken_in(
    new_office: Office, tmp_path: Path, mark: str
) -> None:
    secret = _file(tmp_path, f"{mark}\n{TEXT}")

    refused = new_office.run(
        "import", secret, "--sign", "李主任", "--declare", "已解密"
    )

    assert refused.exit_code == 1
    assert "文件带有密级标志" in refused.stderr
    assert "按保密规定走正式渠道" in refused.stderr
    assert "还没有方案" in new_office.run("plans").stdout


def test_a_document_whose_name_bears_a_mark_is_never_taken_in(
    new_office: Office, tmp_path: Path
) -> None:
    refused = new_office.run(
        "import", _file(tmp_path, TEXT, "机密.txt"), "--sign", "李主任"
    )

    assert "文件带有密级标志" in refused.stderr


def test_a_document_may_speak_of_secrets(new_office: Office, tmp_path: Path) -> None:
    speaks = "推动保密宣传教育，讲授商业秘密保护，探索自然的秘密，做好国家秘密保护。"
    file = _file(tmp_path, TEXT.replace("一、总体要求\n", f"一、总体要求\n{speaks}\n"))

    assert new_office.run("import", file, "--sign", "李主任").exit_code == 0


@pytest.mark.parametrize("times", [2, 40])
def test_a_document_that_was_pasted_again_and_again_is_refused(
    office: Office, tmp_path: Path, times: int
) -> None:
    file = _file(tmp_path, SAMPLE.read_text("utf-8") * times)

    done = office.run("import", file, "--sign", "李主任")

    assert done.exit_code == 1
    assert f"重复了约 {times} 遍" in done.stderr
    assert "还没有方案" in office.run("plans").output


def test_a_bad_file_stops_no_other(office: Office, tmp_path: Path) -> None:
    empty = _file(tmp_path, "", "空.txt")

    result = office.run("import", empty, str(SAMPLE), "--sign", "李主任")

    assert result.exit_code == 1
    assert "空.txt" in result.stderr
    assert "成功 1 个，失败 1 个" in result.stdout


def test_a_draft_is_corrected_in_a_workbook_and_read_back(
    office: Office, tmp_path: Path
) -> None:
    book = tmp_path / "草稿.xlsx"

    office.run("import", str(SAMPLE), "--draft", str(book))
    _correct(book, sheet="任务", old="普及老年健康知识", new="普及老年人健康知识")
    result = office.run("import", str(book), "--sign", "李主任")
    told = json.loads(office.run("export", NUMBER, "--json").stdout)

    assert result.exit_code == 0
    assert len(told["tasks"]) == 30
    assert told["tasks"][13]["title"] == "普及老年人健康知识"


def _correct(book: Path, *, sheet: str, old: str, new: str) -> None:
    """Change one cell, as a person would."""
    opened = load_workbook(book)
    cells = [cell for row in opened[sheet].iter_rows() for cell in row]
    next(cell for cell in cells if cell.value == old).value = new
    opened.save(book)


def test_a_plan_is_exported_as_json(open_office: Office) -> None:
    told = json.loads(open_office.run("export", NUMBER, "--json").stdout)

    assert told["doc_no"] == NUMBER
    assert told["contact"] == {"department": "县科协", "phone": "5550126"}
    assert [(d["month"], d["day"]) for d in told["deadlines"]] == [(7, 10), (1, 10)]
    assert len(told["tasks"]) == 30
    assert told["tasks"][2]["owners"][1] == {
        "department": "县教育局",
        "role": "joint",
        "relation": "配合",
        "written": "县教育局",
        "passage": "",
    }


def test_whoever_reads_no_further_sees_no_fault(office: Office) -> None:
    read, written = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "bot", "import", str(SAMPLE), "--sign", "李主任"]
    told = subprocess.run(
        [*command, "--database", office.url],
        cwd=ROOT,
        stdout=written,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(written)

    assert told.returncode == 141
    assert told.stderr == ""
    assert office.run("plans").stdout.startswith("在用")


def test_a_withdrawn_plan_answers_no_more(office: Office) -> None:
    office.run("import", str(SAMPLE), "--sign", "李主任")

    gone = office.run("withdraw", NUMBER, "--name", "李主任", "--reason", "已废止")

    assert gone.exit_code == 0
    assert "先导入" in office.run("ask", "你好").stdout


def test_a_plan_in_force_is_not_signed_again_and_that_is_told(office: Office) -> None:
    office.run("import", str(SAMPLE), "--sign", "李主任")

    again = office.run("sign", NUMBER, "--name", "王工")

    assert again.exit_code == 1
    assert "第 1 版已由李主任签认，正在使用" in again.output
