"""The table department × report: rows, cells and counts."""

from made_matrix import STATE, matrix, report, standing

from bot.reports.matrix import NOT_ITS


def test_departments_keep_the_order_of_the_obligors() -> None:
    table = matrix(
        (report(1), [standing("乙局", STATE.ACCEPTED), standing("甲局")]),
        (report(2), [standing("丙局"), standing("甲局")]),
    )

    assert [row.department for row in table.rows] == ["乙局", "甲局", "丙局"]


def test_who_does_not_owe_a_report_has_a_grey_cell() -> None:
    table = matrix((report(1), [standing("甲局")]), (report(2), [standing("乙局")]))

    assert table.rows[0].cells[1] == NOT_ITS
    assert table.rows[1].cells[0].words == "灰·不适用"


def test_a_column_tells_date_ground_and_counts() -> None:
    some = [
        standing("甲局", STATE.ACCEPTED),
        standing("乙局", STATE.NIL_CLAIMED),
        standing("丙局"),
        standing("丁局", STATE.EXEMPT),
        standing("戊局", STATE.DISPUTED),
    ]

    (column,) = matrix((report(7), some)).columns

    assert column.summary == ("应报 4，已核收 1，待核 1，未报 1，异议 1，免报 1")
    assert (column.code, column.due_words) == ("#R7", "2026-12-30前")
    assert column.basis == "澄政字〔2026〕18号 四（三）"


def test_an_empty_table_has_a_title_and_a_day() -> None:
    table = matrix()

    assert (table.rows, table.columns) == ((), ())
    assert (table.title, table.dated) == ("澄江县科协报送情况", "截至 2026年12月24日")
