"""The audit in chat: one's own, one's department's, or all; a page at a time."""

import pytest
from front_door import OTHER, OWN, FrontDoor

from bot import audit
from bot.model import Role

MANY = 8


@pytest.fixture
async def busy(door: FrontDoor) -> FrontDoor:
    """Give an office in which two departments and the office did something."""
    for name, department in (("王敏", OWN), ("赵静", OWN), ("王敏", OTHER)):
        await note(door, name, department, "ack.claimed", "submission:1")
    await note(door, "李主任", OTHER, "ack.returned", "submission:2")
    await note(door, "system", "", "nudge.planned", "day:2026-11-23")
    return door


async def note(
    door: FrontDoor, actor: str, department: str, event: str, about: str
) -> None:
    await audit.record(
        door.session,
        actor=actor,
        event=event,
        about=about,
        at=door.now,
        department=department,
        words="不出现的内容",
    )


@pytest.mark.parametrize(
    ("role", "words", "lines"),
    [
        (Role.LIAISON, "操作日志", 1),
        (Role.LIAISON, "我的记录", 1),
        (Role.HEAD, "操作日志", 2),
        (Role.HEAD, "我的记录", 1),
        (Role.ADMIN, "操作日志", 5),
        (Role.SUPER, "查看操作日志", 5),
    ],
)
async def test_everybody_reads_what_he_may(
    busy: FrontDoor, role: Role, words: str, lines: int
) -> None:
    await busy.bound("7", "王敏", OWN, role)

    told = (await busy.says("7", words)).splitlines()[1:]

    assert len(told) == lines
    assert "不出现的内容" not in str(told)
    assert role in (Role.ADMIN, Role.SUPER) or OTHER not in str(told)


async def test_an_entry_about_nobody_names_nobody(door: FrontDoor) -> None:
    await door.bound("7", "王敏")
    await note(door, "王敏", OWN, "handover.done", "person:None")

    (line,) = (await door.says("7", "操作日志")).splitlines()[1:]

    assert "None" not in line
    assert not line.endswith("）")


async def test_answers_to_questions_hide_nothing_else(door: FrontDoor) -> None:
    await door.bound("7", "王敏")
    await note(door, "王敏", OWN, "ack.claimed", "submission:1")
    for letter in range(MANY):
        await note(door, "王敏", OWN, "query.answered", f"letter:{letter}")

    assert "报送 1" in await door.says("7", "我的记录")


async def test_a_stranger_reads_nothing(busy: FrontDoor) -> None:
    assert "权限" in await busy.says("99", "操作日志")


async def test_nobody_reads_it_in_a_group(busy: FrontDoor) -> None:
    await busy.bound("1", "李主任", "县科协", Role.ADMIN)

    assert await busy.says_in_group("1", "操作日志") == "这件事请私聊我办理。"


async def test_pages_follow_each_other_to_the_end(door: FrontDoor) -> None:
    for number in range(MANY):
        await note(door, "王敏", OWN, "ack.claimed", f"submission:{number}")
    await door.bound("7", "王敏", OWN)

    first = await door.hear(door.letter("7", "我的记录"))
    assert first
    (more,) = first.buttons
    second = await door.hear(door.letter("7", more.says))

    assert second
    assert "报送 7" in first.text.splitlines()[1]
    assert [line[-4:-1] for line in second.text.splitlines()[1:]] == [
        *("送 2", "送 1", "送 0"),
    ]
    assert second.buttons == ()
    assert "没有更早的" in await door.says("7", "我的记录 1 之前")
