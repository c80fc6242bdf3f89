"""An admin gets the table as pictures and a workbook, in private alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from front_door import GROUP, OTHER, OWN
from report_office import NUDGING, ReportOffice, at

from bot.errors import NotReady
from bot.reports.papers import Papers
from handlers.export import reports_named


@pytest.fixture
def busy(office: ReportOffice, tmp_path: Path) -> ReportOffice:
    """An office that may send files."""
    office.door.nudging = replace(NUDGING, papers=Papers(tmp_path / "out", "县科协"))
    office.door.now = at(12, 24)
    return office


def begin_of(path: str) -> bytes:
    return Path(path).read_bytes()[:4]


async def test_export_brings_a_picture_and_a_workbook(busy: ReportOffice) -> None:
    await busy.duty(OWN, OTHER)
    await busy.admin()

    reply = await busy.door.hear(busy.door.letter("1", "导出"))

    assert reply
    picture, book = reply.attachments
    assert (picture.name, picture.is_picture) == ("报送情况-20261224-1.png", True)
    assert book.name == "报送情况-20261224.xlsx"
    assert (begin_of(picture.at), begin_of(book.at)) == (b"\x89PNG", b"PK\x03\x04")
    assert "2026年全年落实情况" in reply.text
    assert "export.made" in await busy.door.events()


async def test_nothing_is_drawn_while_nobody_else_can_write(
    busy: ReportOffice,
) -> None:
    await busy.duty(OWN)
    await busy.admin()

    with pytest.raises(NotReady):
        await busy.door.hears_once(busy.door.letter("1", "导出"))

    assert busy.door.nudging
    assert busy.door.nudging.papers
    assert not busy.door.nudging.papers.folder.exists()
    assert "export.made" not in await busy.door.events()


async def test_the_same_wish_brings_the_same_files(busy: ReportOffice) -> None:
    await busy.duty(OWN)
    await busy.admin()

    once, again = [
        await busy.door.hear(busy.door.letter("1", words))
        for words in ("导出", "导出全年报送进度表。")
    ]

    assert once
    assert again
    assert once.attachments == again.attachments


async def test_the_answer_to_who_has_not_reported_offers_it(busy: ReportOffice) -> None:
    report = await busy.duty(OWN)
    await busy.admin()

    reply = await busy.door.hear(busy.door.letter("1", "谁没交"))

    assert reply
    assert f"导出 {report.code}" in [button.says for button in reply.buttons]


async def test_only_the_office_exports_and_only_in_private(busy: ReportOffice) -> None:
    await busy.duty(OWN)
    await busy.admin()
    await busy.liaison()

    assert "私聊" in await busy.door.says("1", "导出", chat=GROUP)
    liaison = await busy.door.hear(busy.door.letter("7", "导出"))
    assert liaison is None or not liaison.attachments


async def test_where_no_files_go_it_is_said_how_else(office: ReportOffice) -> None:
    await office.duty(OWN)
    await office.admin()

    assert "bot progress" in await office.door.says("1", "导出")


async def test_without_reports_there_is_nothing_to_export(busy: ReportOffice) -> None:
    await busy.admin()

    assert "没有可导出的" in await busy.door.says("1", "导出表格")


async def test_a_report_of_long_ago_is_found_by_its_code(busy: ReportOffice) -> None:
    report = await busy.duty(OWN)
    years_later = report.due_on.replace(year=report.due_on.year + 5)

    async def named(words: str) -> list[str]:
        session = busy.door.session
        found = await reports_named(session, words, today=years_later)
        return [one.code for one in found]

    assert await named("") == []
    assert await named(report.code) == [report.code]
