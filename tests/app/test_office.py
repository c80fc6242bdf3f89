"""A letter is answered in the name of whoever its account is bound to."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.messages import Incoming, Place
from bot.model import Account, Letter, LetterStatus, Person, Role
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
