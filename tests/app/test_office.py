"""A letter is answered in the name of whoever its account is bound to."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App
from bot.mail.letters import insert_letters
from bot.messages import Incoming, Place
from bot.model import Account, Evidence, Letter, LetterStatus, Person, Role
from bot.reports.evidence import keep_content, place_of
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "samples" / "sample-plan.txt"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[App]:
    """Give an office in which the sample plan is in force."""
    form = ROOT / "config" / "bot.toml"
    async with App.open(Settings.load(form, {}, database=database_url)) as app:
        proposal = await app.propose(app.read_plan(SAMPLE), actor="李主任")
        await app.sign(proposal.plan, signed_by="李主任")
        yield app


async def bind(app: App, address: str, department: str) -> None:
    async with app.database.writing() as session:
        person = Person(name="张三", department=department, role=Role.LIAISON)
        session.add(Account(channel="telegram", address=address, person=person))


async def ask(
    app: App, text: str, *, address: str = "4711", place: Place = Place.DIRECT
) -> str:
    incoming = Incoming(
        channel="telegram", address=address, text=text, at=NOW, place=place
    )
    letter = Letter(
        channel="telegram",
        product_id="1",
        chat=address,
        incoming=incoming,
        status=LetterStatus.WAITING,
        received_at=NOW,
        due_at=NOW,
    )
    async with app.database.writing() as session:
        (reply,) = await app.answer_letters(session, [letter])
    assert reply
    return reply.text


async def test_whoever_is_bound_is_answered_for_his_department(app: App) -> None:
    await bind(app, "4711", "县应急管理局")

    assert "县应急管理局" in await ask(app, "我们负责哪些任务")
    assert "县应急管理局" not in await ask(app, "我们负责哪些任务", address="4712")


async def test_what_answers_quote_is_noted_each_with_its_letter(app: App) -> None:
    words = {"1": "谁牵头抓科普志愿队伍", "2": "你好", "3": "应急科普谁负责"}
    rows = [
        {
            "channel": "telegram",
            "product_id": number,
            "chat": number,
            "status": LetterStatus.WAITING,
            "incoming": Incoming(
                channel="telegram", address=number, text=text, at=NOW, product_id=number
            ),
        }
        for number, text in words.items()
    ]
    async with app.database.writing() as session:
        await insert_letters(session, rows, at=NOW)
        letters = list(await session.scalars(select(Letter).order_by(Letter.id)))
        await app.answer_letters(session, letters)
    async with app.database.reading() as session:
        found = await session.execute(select(Letter.chat, Letter.raw))
        noted = {chat: raw for chat, raw in found}

    assert noted["2"] == ""
    assert "三（四）2" in noted["1"]
    assert noted["3"] not in ("", noted["1"])


async def test_what_was_spoken_of_is_kept_with_the_account(app: App) -> None:
    await bind(app, "4711", "县应急管理局")
    await ask(app, "我们负责哪些任务")

    third = await ask(app, "3")

    assert "健全科学辟谣联动机制" in third
    assert "健全科学辟谣联动机制" not in await ask(app, "3", address="4712")


async def test_what_another_process_published_is_known_at_once(
    app: App, database_url: str
) -> None:
    form = ROOT / "config" / "bot.toml"
    settings = Settings.load(form, {}, database=database_url)
    async with App.open(settings) as other:
        assert "县应急管理局" in await ask(other, "县应急管理局有哪些任务")


async def test_a_letter_that_could_not_be_read_has_no_answer(app: App) -> None:
    letter = Letter(
        channel="telegram",
        product_id="2",
        chat="1",
        raw="?",
        status=LetterStatus.DEAD,
        received_at=NOW,
        due_at=NOW,
    )
    async with app.database.writing() as session:
        assert await app.answer_letters(session, [letter]) == [None]


async def test_a_thesaurus_line_is_used_at_once_and_elsewhere_after_a_beat(
    app: App, database_url: str
) -> None:
    form = ROOT / "config" / "bot.toml"
    async with app.database.writing() as session:
        admin = Person(name="李主任", department="县科协", role=Role.ADMIN)
        session.add(Account(channel="telegram", address="1", person=admin))
    async with App.open(Settings.load(form, {}, database=database_url)) as other:
        asks = "乌卒卒班谁来办"
        before = [await ask(one, asks) for one in (app, other)]
        await ask(app, "近义 乌卒卒班=手机课堂", address="1")
        at_once = await ask(app, asks)
        async with other.database.writing() as session:
            await other.nudge(session)
        later = await ask(other, asks)

    assert all("二（四）1" not in one for one in before)
    assert "二（四）1" in at_once
    assert "二（四）1" in later


async def test_files_go_when_their_time_is_over(app: App, tmp_path: Path) -> None:
    app.settings = replace(app.settings, evidence=tmp_path)
    kept = keep_content(tmp_path, b"%PDF-")
    async with app.database.writing() as session:
        old = NOW - timedelta(days=1096)
        row = Evidence(
            department="县应急局", name="总结.pdf", size=5, digest=kept.digest, at=old
        )
        session.add(row)
    app.clock = lambda: NOW + timedelta(days=1)
    os.utime(place_of(tmp_path, kept.digest), (0, 0))

    counts = []
    for _ in range(2):
        async with app.database.writing() as session:
            counts.append(await app.housekeep(session))

    assert counts == [1, 0]
    assert not place_of(tmp_path, kept.digest).exists()
