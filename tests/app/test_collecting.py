"""Files are fetched outside any transaction, looked at, and kept or refused."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from bot.app.collecting import Collector
from bot.database import Database
from bot.errors import NotSent, Refused
from bot.messages import Attachment, Channel, Reply
from bot.model import Account, Evidence, Notice, Person, Role
from bot.reports.evidence import is_whole
from bot.reports.filing import GONE, NewFile, enter_files
from bot.reports.policy import load_policy
from handlers.nudging import Nudging

AT = datetime(2026, 12, 22, 1, 0, tzinfo=UTC)
POLICY = load_policy(Path(__file__).parents[2] / "config" / "nudges.toml")
PDF = b"%PDF-1.7\n"


@dataclass
class Shelf:
    """A product that gives what it has, fails for now, or says that it is gone."""

    has: dict[str, bytes | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, attachment: Attachment) -> bytes:
        self.asked.append(attachment.at)
        found = self.has[attachment.at]
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class Mailroom:
    """An office to which 王敏 sends files."""

    collector: Collector
    shelf: Shelf
    now: datetime = AT

    async def receives(self, name: str, content: bytes | Exception) -> None:
        self.shelf.has[name] = content
        new = NewFile(name=name, size=1, channel="telegram", reference=name)
        async with self.collector.database.writing() as session:
            await enter_files(
                session,
                [new],
                person_id=1,
                department="县应急局",
                letter="telegram:1",
                at=self.now,
            )

    async def row(self) -> Evidence:
        async with self.collector.database.reading() as session:
            return (await session.scalars(select(Evidence))).one()

    async def told(self) -> list[str]:
        async with self.collector.database.reading() as session:
            return [one.body.text for one in await session.scalars(select(Notice))]


def write(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    return (reply.text,)


@pytest.fixture
async def room(database: Database, tmp_path: Path) -> Mailroom:
    shelf = Shelf()
    nudging = Nudging(policy=POLICY, lanes=("telegram",), write=write)
    person = Person(name="王敏", department="县应急局", role=Role.LIAISON)
    async with database.writing() as session:
        session.add(Account(channel="telegram", address="7", person=person))
    made: Mailroom
    collector = Collector(
        database=database,
        channels={"telegram": cast(Channel, shelf)},
        folder=tmp_path / "evidence",
        nudging=nudging,
        now=lambda: made.now,
    )
    made = Mailroom(collector, shelf)
    return made


async def test_a_file_is_kept_once_by_its_digest(room: Mailroom) -> None:
    await room.receives("总结.pdf", PDF)

    assert [await room.collector.collect() for _ in range(2)] == [1, 0]

    row = await room.row()
    assert is_whole(room.collector.folder, row.digest)
    assert (row.size, row.fetched_at, row.fetch_at) == (len(PDF), AT, None)


async def test_a_file_without_an_ending_gets_one(room: Mailroom) -> None:
    await room.receives("文件", PDF)

    await room.collector.collect()

    assert (await room.row()).name == "文件.pdf"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("总结.docx", b"MZ\x90", "不符"),
        ("总结.pdf", Refused("gone"), GONE),
        ("文件", b"MZ\x90", "只接收"),
        ("总结.txt", "机密★10年\n总结".encode(), "按保密规定走正式渠道"),
        ("机密.txt", "总结".encode(), "按保密规定走正式渠道"),
    ],
)
async def test_what_cannot_be_kept_is_told_to_the_sender(
    room: Mailroom, name: str, content: Any, why: str
) -> None:
    await room.receives(name, content)

    await room.collector.collect()
    await room.collector.collect()

    row = await room.row()
    assert why in row.refusal
    assert (row.digest, row.fetch_at) == ("", None)
    assert await room.told() == [f"《{name}》：{row.refusal}"]


async def test_what_is_not_to_be_had_now_is_tried_again_ever_more_seldom(
    room: Mailroom,
) -> None:
    await room.receives("总结.pdf", NotSent("busy"))

    tries = []
    for minute in range(0, 121):
        room.now = AT + timedelta(minutes=minute)
        tries += [minute] * await room.collector.collect()

    assert tries[:3] == [0, 1, 2]
    assert len(tries) < 12
    assert await room.told() == []
    room.shelf.has["总结.pdf"] = PDF
    room.now += timedelta(hours=1)
    await room.collector.collect()
    assert (await room.row()).fetched_at


async def test_after_three_days_a_file_is_given_up(room: Mailroom) -> None:
    await room.receives("总结.pdf", NotSent("busy"))
    room.now = AT + timedelta(days=3, minutes=1)

    await room.collector.collect()

    assert (await room.row()).refusal == GONE
    assert len(await room.told()) == 1


async def test_a_channel_that_gives_no_files_is_waited_for(
    database: Database, room: Mailroom, tmp_path: Path
) -> None:
    await room.receives("总结.pdf", PDF)
    without = Collector(
        database=database,
        channels={},
        folder=tmp_path,
        nudging=room.collector.nudging,
        now=lambda: AT,
    )

    await without.collect()

    row = await room.row()
    assert (row.refusal, bool(row.fetch_at)) == ("", True)
