"""A full disk: what cannot be kept is not confirmed, and nothing is half written."""

import sqlite3
from contextlib import closing
from pathlib import Path

from harness.scene import BOUND, MakeScene
from sqlalchemy import make_url

pytest_plugins = ["harness.fixtures"]

LETTERS = 60


def pages_of(file: str) -> int:
    with closing(sqlite3.connect(file)) as connection:
        found: int = connection.execute("PRAGMA page_count").fetchone()[0]
        return found


async def test_a_full_disk_loses_and_doubles_nothing(make_scene: MakeScene) -> None:
    async with await make_scene("sqlite") as scene:
        file = make_url(scene.url).database or ""
        await scene.notice(40)
        full = await scene.start("the only one", max_pages=pages_of(file))
        for number in range(LETTERS):
            await scene.say("telegram", (f"chat-{number}", "question " * 100))

        async def is_refused() -> bool:
            return (
                "SQLITE_FULL" in full.log.read_text()
                or "is full" in full.log.read_text()
            )

        await scene.until(is_refused, within=15, what="refused by a full disk")
        assert (await scene.record())["telegram"]["unconfirmed"]  # and so told again
        await scene.kill("the only one")

        await scene.start("the only one")
        await scene.drained()
        most = dict.fromkeys(("telegram", "telegram-2"), BOUND)
        assert (await scene.verdict()).complaints(unknown_at_most=most) == []
    with closing(sqlite3.connect(Path(file))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
