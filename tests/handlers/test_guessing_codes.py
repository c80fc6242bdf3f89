"""Who guesses codes learns nothing: the same words, the same work, and a lock."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from front_door import FrontDoor
from sqlalchemy import event, select

from bot.model import Account, BindingCode
from handlers.bind import WRONG

GUESS = "A2B3C4D5"


@contextmanager
def statements(door: FrontDoor) -> Iterator[list[str]]:
    """Collect what the database is asked, without the values."""
    told: list[str] = []

    def listen(_: object, __: object, statement: str, *more: object) -> None:
        told.append(re.sub(r"sa_savepoint_\d+", "sa_savepoint", statement))

    engine = door.session.get_bind()
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", listen)


async def _asked(door: FrontDoor, who: str, code: str) -> list[str]:
    with statements(door) as told:
        assert await door.says(who, code) == WRONG
    return told


async def _codes(door: FrontDoor) -> dict[str, str]:
    """Return a code of each kind that is not good."""
    used = await door.code_for(await door.person("王敏"))
    await door.says("99", used.code)
    expired = await door.code_for(await door.person("李强"))
    gone = await door.person("赵静")
    left = await door.code_for(gone)
    gone.left_at = door.now
    rows = (await door.session.scalars(select(BindingCode))).all()
    rows[1].expires_at = door.now - timedelta(hours=1)
    await door.session.flush()
    return {
        "wrong": GUESS,
        "link": "x" * 32,
        "used": used.code,
        "expired": expired.code,
        "left": left.code,
    }


async def test_whatever_is_wrong_the_same_is_asked_of_the_database(
    door: FrontDoor,
) -> None:
    codes = await _codes(door)
    good = await door.code_for(await door.person("孙悦"))
    asked = {}
    for number, (kind, code) in enumerate(codes.items()):
        await door.says(f"{number}", "您好")  # the account is known by now
        asked[kind] = await _asked(door, f"{number}", code)
    for _ in range(5):
        await door.says("7", GUESS)
    asked["locked"] = await _asked(door, "7", GUESS)
    asked["locked and right"] = await _asked(door, "7", good.code)

    assert {
        kind: told == asked["wrong"] for kind, told in asked.items()
    } == dict.fromkeys(asked, True)
    assert len(asked["wrong"]) > 3


async def test_after_a_thousand_guesses_a_right_one_is_of_no_use(
    door: FrontDoor,
) -> None:
    told = {await door.says("7", f"A2B3{number:04X}") for number in range(1000)}
    account = (await door.session.scalars(select(Account))).one()
    good = await door.code_for(await door.person("王敏"))

    told.add(await door.says("7", good.code))

    assert told == {WRONG}
    assert (await door.whose("7"), account.guesses) == ("", 5)
    assert (await door.events()).count("bind.many_failed") == 1


async def test_guessing_on_does_not_lock_for_longer(door: FrontDoor) -> None:
    good = await door.code_for(await door.person("王敏"))
    for _ in range(5):
        await door.says("7", GUESS)
    door.now += timedelta(minutes=59)
    assert await door.says("7", GUESS) == WRONG

    door.now += timedelta(minutes=1)

    assert (await door.says("7", good.code)).startswith("已绑定")


@pytest.mark.parametrize("words", [f"绑定 {GUESS}", GUESS, GUESS.lower()])
async def test_a_locked_account_hears_what_all_hear(
    door: FrontDoor, words: str
) -> None:
    told = {await door.says("7", words) for _ in range(8)}

    assert told == {WRONG}
