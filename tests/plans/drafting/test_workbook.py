"""The correction workbook: out, corrected by a person, and back."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from openpyxl import Workbook, load_workbook
from plan_strategies import NASTY, a_plan, any_text, drafts, task

from bot.errors import DocumentError
from bot.facts import Contact, OwnerRole, PlanDraft
from bot.plans.drafting.workbook import is_draft_workbook, read_workbook, write_workbook

MIDNIGHT = datetime.fromisoformat("2022-12-01T00:00")  # cells have no time zone
Edit = Callable[[Workbook], None]


def corrected(tmp_path: Path, edit: Edit, draft: PlanDraft | None = None) -> PlanDraft:
    """Write a plan, let *edit* change the file as Excel would, read it back."""
    file = tmp_path / "draft.xlsx"
    write_workbook(draft or a_plan(), file)
    book = load_workbook(file)
    edit(book)
    book.save(file)
    return read_workbook(file)


def put(sheet: str, cell: str, value: object) -> Edit:
    def edit(book: Workbook) -> None:
        book[sheet][cell] = value

    return edit


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(draft=drafts(any_text))
@example(PlanDraft())
@example(a_plan())
@example(a_plan(tasks=tuple(task(f"一{at}", text) for at, text in enumerate(NASTY))))
@example(a_plan(issuer="_x000D_" * 5000, plan_title="😀" * 32_000))
def test_any_plan_comes_back_as_it_went(tmp_path: Path, draft: PlanDraft) -> None:
    file = tmp_path / "draft.xlsx"
    write_workbook(draft, file)
    assert read_workbook(file) == draft


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(draft=drafts(any_text))
def test_saving_it_in_another_program_changes_nothing(
    tmp_path: Path, draft: PlanDraft
) -> None:
    assert corrected(tmp_path, lambda book: None, draft) == draft


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "draft.xlsx"
    write_workbook(
        a_plan(tasks=tuple(task(f"一{n}", t) for n, t in enumerate(NASTY))), file
    )
    types = {
        cell.data_type
        for sheet in load_workbook(file).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    assert types == {"s"}


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (put("概况", "B2", "云政字〔2023〕1号"), {"number": "云政字〔2023〕1号"}),
        (put("概况", "B6", "2022年12月1日"), {"issue_date": date(2022, 12, 1)}),
        (put("概况", "B6", MIDNIGHT), {"issue_date": date(2022, 12, 1)}),
        (put("概况", "B6", None), {"issue_date": None}),
        (
            put("概况", "B10", 87654321),
            {"contact": Contact(department="县科协", phone="87654321")},
        ),
    ],
)
def test_the_head_can_be_corrected(
    tmp_path: Path, edit: Edit, wanted: dict[str, object]
) -> None:
    assert corrected(tmp_path, edit) == a_plan(**wanted)


def test_an_owner_can_be_corrected_added_and_removed(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        page = book["责任单位"]
        page["C3"] = "牵头"
        page.delete_rows(4)
        page.append(["二(一)3", "县科协", "配合", "配合", "县科协"])

    tasks = corrected(tmp_path, edit).tasks
    assert tasks[0].owners[1].role is OwnerRole.LEAD
    assert [o.department for o in tasks[0].owners] == ["县科协", "县教体局", "各镇街道"]
    assert tasks[2].owners[-1].department == "县科协"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["二(一)1", "县妇联", "配合", "配合", "县妇联"], "没有点名的单位不能添加"),
        (["二(一)1", "县财政局", "牵头", "牵头", "县科协"], "不是一家"),
        (["二(一)3", "县妇联", "牵头", "牵头", ""], "没有点名的单位不能添加"),
    ],
)
def test_nobody_is_put_into_the_mouth_of_the_document(
    tmp_path: Path, row: list[str], words: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        corrected(tmp_path, lambda book: book["责任单位"].append(row))
    assert words in caught.value.reply


def test_a_task_and_all_of_it_can_be_removed(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book["任务"].delete_rows(4)
        book["责任单位"].delete_rows(7)

    assert corrected(tmp_path, edit).tasks == a_plan().tasks[:2]


def test_a_missed_task_is_added_in_the_document_s_words(tmp_path: Path) -> None:
    row = ["二（一）4", "是", "", "二、任务 / （一）青少年", "经费", "保障科普经费。"]
    last = corrected(tmp_path, lambda book: book["任务"].append(row)).tasks[-1]
    assert (last.id, last.body, last.numbered_by_us) == (
        "二（一）4",
        "保障科普经费。",
        True,
    )
    assert last.section_path == ("二、任务", "（一）青少年")


def test_a_doubt_that_was_settled_is_deleted(tmp_path: Path) -> None:
    draft = corrected(tmp_path, lambda book: book["疑点"].delete_rows(2))
    assert draft == a_plan(doubts=())


def test_columns_may_change_places_and_rows_their_order(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        page = book["任务指标"]
        page.move_range("A1:H3", cols=1)
        page.insert_rows(2)

    assert corrected(tmp_path, edit) == a_plan()


def test_a_duty_can_be_corrected(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book["报送要求"]["B2"] = "各镇街道\n县直各部门"
        book["报送要求"]["F2"] = 29

    duty = corrected(tmp_path, edit).duties[0]
    assert duty.who == ("各镇街道", "县直各部门")
    assert duty.day_of_month == 29


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (put("责任单位", "C2", "主管"), "工作表“责任单位”第2行：“角色”“主管”不认识"),
        (put("责任单位", "A2", None), "工作表“责任单位”第2行：缺少“条款”"),
        (put("责任单位", "A2", "九（九）9"), "第2行：“任务”表中没有条款“九（九）9”"),
        (put("责任单位", "B2", " "), "第2行：缺少“单位”"),
        (
            put("任务", "A3", "二（一）1"),
            "工作表“任务”第3行：条款“二（一）1”与第2行重复",
        ),
        (put("任务", "A3", "二(一)1"), "与第2行重复"),
        (put("任务", "A3", None), "工作表“任务”第3行：缺少“条款”"),
        (put("任务", "C2", "三1"), "没有上级任务“三1”"),
        (put("任务", "D2", "五、其他"), "不是本方案的章节"),
        (put("任务", "F2", "改过的正文。"), "第2行：“正文”原文不能在此修改"),
        (put("任务", "F2", None), "第2行：“正文”原文不能在此修改"),
        (put("任务", "G2", "（县妇联负责）"), "第2行：“责任标注”原文不能在此修改"),
        (
            put("时限", "D2", "2023-02-30"),
            "工作表“时限”第2行：“日期”“2023-02-30”这一天不存在",
        ),
        (put("时限", "D2", "年底"), "不是日期"),
        (put("时限", "B2", "2024年底前"), "不是文件里的原文"),
        (put("任务指标", "C2", "五"), "工作表“任务指标”第2行：“数值”“五”不是数字"),
        (put("目标", "F2", "2025.5"), "不是整数"),
        (put("报送要求", "E2", 13), "没有13月"),
        (put("报送要求", "F2", 31), "6月没有31日"),
        (
            put("概况", "B6", "2022-11-31"),
            "工作表“概况”第6行：“印发日期”“2022-11-31”这一天不存在",
        ),
        (put("概况", "B7", "主动公开"), "“公开标识”原文不能在此修改"),
        (put("概况", "A2", "编号"), "缺少“文号”一行"),
        (put("疑点", "D2", "没有问题"), "原文不能在此修改"),
        (put("疑点", "A3", "年份系推定"), "只能删除行"),
        (put("任务", "E2", "=1+1"), "工作表“任务”第2行：不能使用公式"),
        (put("任务", "A1", "编号"), "缺少“条款”一列"),
        (lambda book: book.remove(book["时限"]), "工作表“时限”第1行：缺少这张工作表"),
    ],
)
def test_a_wrong_correction_is_told_with_sheet_and_row(
    tmp_path: Path, edit: Edit, words: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        corrected(tmp_path, edit)
    assert words in caught.value.reply


def test_a_new_task_may_not_be_made_up(tmp_path: Path) -> None:
    row = ["二（一）4", "", "", "", "编的任务", "文件里没有的话。"]
    with pytest.raises(DocumentError) as caught:
        corrected(tmp_path, lambda book: book["任务"].append(row))
    assert "第5行：“正文”不是文件里的原文" in caught.value.reply


def test_all_faults_are_told_at_once_and_twenty_at_most(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book["任务"]["F2"] = "改"
        book["概况"]["B6"] = "昨天"
        for _ in range(30):
            book["责任单位"].append(["无", "县妇联", "配合", "配合"])

    with pytest.raises(DocumentError) as caught:
        corrected(tmp_path, edit)
    lines = caught.value.reply.splitlines()
    assert len(lines) == 22
    assert "概况" in lines[1]
    assert lines[-1] == "……另有12处"


def test_a_fault_in_a_task_does_not_orphan_its_owners(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        corrected(tmp_path, put("任务", "F2", "改"))
    assert len(caught.value.reply.splitlines()) == 2


def test_the_hidden_draft_may_not_be_touched(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        corrected(tmp_path, put("_plan_draft", "A2", "0" * 64))
    assert "重新导出" in caught.value.reply
    with pytest.raises(DocumentError):
        corrected(tmp_path, put("_plan_draft", "A3", "!!"))


def test_what_may_be_edited_is_written_there(tmp_path: Path) -> None:
    file = tmp_path / "draft.xlsx"
    write_workbook(a_plan(), file)
    page = load_workbook(file)["任务"]
    assert page["F1"].value == "正文（不得改动）"
    assert page.freeze_panes == "B2"
    assert page["H4"].value == "疑点：未写明责任单位"
    assert page["H4"].fill.fgColor.rgb != page["H3"].fill.fgColor.rgb


def test_roles_are_offered_as_a_list(tmp_path: Path) -> None:
    file = tmp_path / "draft.xlsx"
    write_workbook(a_plan(), file)
    offers = load_workbook(file)["责任单位"].data_validations.dataValidation
    assert '"牵头,责任,配合,指导,集合单位"' in [offer.formula1 for offer in offers]


def test_a_workbook_of_ours_is_told_from_others(tmp_path: Path) -> None:
    ours, other, junk = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    write_workbook(a_plan(), ours)
    Workbook().save(other)
    junk.write_bytes(b"PK\x03\x04junk")
    found = [is_draft_workbook(file) for file in (ours, other, junk, tmp_path / "no")]
    assert found == [True, False, False, False]


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    for content in (b"", b"PK\x03\x04junk", "不是表格".encode()):
        file.write_bytes(content)
        with pytest.raises(DocumentError):
            read_workbook(file)
    Workbook().save(file)
    with pytest.raises(DocumentError):
        read_workbook(file)


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(4):
            archive.writestr(f"xl/{part}.xml", b"0" * 30_000_000)
    with pytest.raises(DocumentError) as caught:
        read_workbook(file)
    assert "过大" in caught.value.reply


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        write_workbook(a_plan(), tmp_path / "missing" / "draft.xlsx")
    assert "文件夹" in caught.value.reply
