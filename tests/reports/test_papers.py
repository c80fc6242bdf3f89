"""Files that go out lie under their content, for a month."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.reports.papers import Papers

NOW = datetime(2026, 12, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_same_content_lies_in_the_same_file(tmp_path: Path) -> None:
    papers = Papers(tmp_path / "out")

    once, again = (papers.lay(b"x", "png", at=NOW) for _ in range(2))

    assert once == again
    assert once.read_bytes() == b"x"
    assert papers.lay(b"y", "png", at=NOW) != once


def test_a_file_goes_a_month_after_it_was_last_wanted(tmp_path: Path) -> None:
    papers = Papers(tmp_path / "out")
    papers.lay(b"old", "png", at=NOW)
    kept = papers.lay(b"kept", "png", at=NOW)
    papers.lay(b"kept", "png", at=NOW + timedelta(days=20))

    assert papers.clear(now=NOW + timedelta(days=31)) == 1
    assert list(papers.folder.iterdir()) == [kept]


def test_a_folder_that_is_not_there_is_clear(tmp_path: Path) -> None:
    assert Papers(tmp_path / "nothing").clear(now=NOW) == 0
