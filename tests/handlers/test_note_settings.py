"""Settings that changed since the last start stand in the audit, by digest."""

from pathlib import Path

from front_door import NINE
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from handlers.note_settings import digests_of, note_settings


async def test_each_file_that_changed_is_entered_once(
    session: AsyncSession, tmp_path: Path
) -> None:
    files = {"bot.toml": tmp_path / "bot.toml", "nudges.toml": tmp_path / "n.toml"}
    files["bot.toml"].write_text("a = 1", encoding="utf-8")
    first = await note_settings(session, digests_of(files), at=NINE)
    again = await note_settings(session, digests_of(files), at=NINE)
    before = digests_of(files)["bot.toml"]
    files["bot.toml"].write_text("a = 2", encoding="utf-8")
    changed = await note_settings(session, digests_of(files), at=NINE)

    assert (first, again, changed) == (["bot.toml"], [], ["bot.toml"])
    (latest,) = await audit.entries(session, limit=1)
    assert latest.event == "config.changed"
    assert latest.detail == {
        "before": before,
        "after": digests_of(files)["bot.toml"],
    }


async def test_a_file_that_is_taken_away_is_entered(
    session: AsyncSession, tmp_path: Path
) -> None:
    file = tmp_path / "bot.toml"
    file.write_text("a = 1", encoding="utf-8")
    await note_settings(session, digests_of({"bot.toml": file}), at=NINE)
    file.unlink()

    assert await note_settings(session, digests_of({"bot.toml": file}), at=NINE)
