"""A broadcast to ten thousand, paused and killed on its way: the report is exact."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import pytest
from harness.broadcast_office import SECOND, now, nudging_of
from harness.scene import MakeScene, Scene
from openpyxl import load_workbook
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.departments import Departments
from bot.mail.broadcasts import broadcast_of
from bot.messages import Reply
from bot.model import (
    Account,
    Broadcast,
    BroadcastState,
    Chat,
    Person,
    Role,
    Scope,
    Talk,
)
from handlers.broadcast_draft import digest_of_sending
from handlers.broadcast_going import pause, resume, send
from handlers.broadcast_outcome import Outcome, Row, outcome_of
from handlers.broadcast_round import broadcast_round
from handlers.broadcast_scope import audience_of
from handlers.broadcast_sheet import lines_of, write_outcome
from handlers.broadcasting import Hand
from handlers.confirm import Confirmed

pytest_plugins = ["harness.fixtures"]

MOST, GROUPS, MOVING, UNBOUND = 9_800, 200, 40, 60
BLOCKED = range(0, MOST, 33)  # 3 %
BY_ANOTHER_WAY = {n for n in BLOCKED if n % 2 == 0}
IN_FLIGHT = 16
_OF_A_LANE = {"in_flight": IN_FLIGHT, "answers_in_flight": 4}
LANES: dict[str, dict[str, Any]] = {"one": _OF_A_LANE, "two": _OF_A_LANE}
RULES = {
    "latency": (0.0, 0.002),
    "retry_after": 0.2,
    "faults": {"busy": 0.02, "busy_all": 0.0005, "half_answer": 0.0005},
}
Verb = Callable[[Hand, Broadcast], Awaitable[Reply]]
TEXT = "请于周五前报送科普日活动"


async def fill(session: AsyncSession, people: int) -> None:
    """Enter liaisons by turns on both lanes, those who have blocked us, and groups."""
    await session.execute(
        insert(Person),
        [
            {
                "id": n,
                "name": f"某{n}",
                "department": f"第{n // 5}局",
                "role": Role.LIAISON,
            }
            for n in range(1, people + UNBOUND + 1)
        ],
    )
    accounts = [(n, lane_of(n), f"p{n}") for n in range(people)]
    accounts += [
        (n, lane_of(n + 1), f"q{n}") for n in sorted(BY_ANOTHER_WAY) if n < people
    ]
    await session.execute(
        insert(Account),
        [
            {"channel": lane, "address": to, "person_id": n + 1, "talk": Talk()}
            for n, lane, to in accounts
        ],
    )
    await session.execute(
        insert(Chat),
        [
            {
                "id": n + 1,
                "channel": lane_of(n),
                "address": f"moving-g{n}" if n < MOVING else f"g{n}",
                "title": f"群{n}",
                "registered_at": now(),
                "talk": Talk(),
            }
            for n in range(GROUPS)
        ],
    )


def lane_of(number: int) -> str:
    return ("one", "two")[number % 2]


def hand(session: AsyncSession) -> Hand:
    return Hand(
        session=session,
        nudging=nudging_of([*LANES]),
        departments=Departments(kinds=()),
        plans=(),
        by="李主任",
        holder="test",
        at=now(),
    )


async def confirmed(session: AsyncSession) -> int:
    """Draft, confirm and issue the broadcast as an admin does; returns its number."""
    mine = hand(session)
    broadcast = Broadcast(
        text=TEXT,
        attachments=(),
        scope=Scope(everyone=True, chats=tuple(range(1, GROUPS + 1))),
        wants_receipt=False,
        state=BroadcastState.DRAFT,
        drafted_by="李主任",
        drafted_at=now(),
        missing=(),
    )
    session.add(broadcast)
    await session.flush()
    digest = digest_of_sending(broadcast, await audience_of(mine, broadcast.scope))
    number = Confirmed(
        what="broadcast.send", about=f"broadcast:{broadcast.id}", digest=digest
    )
    await send(mine, number)
    done = await broadcast_round(session, mine.nudging, mine.departments, now=mine.at)
    assert done == 1
    return broadcast.id


async def does(scene: Scene, number: int, what: Verb) -> None:
    """Let the admin pause it, or let it go on, beside the process that sends."""
    async with scene.database.writing() as session:
        await what(hand(session), await broadcast_of(session, number))


async def stand_still(scene: Scene, number: int) -> None:
    """Pause it for a second, in which at most what was in hand arrives.

    Before that it is stopped and let go again, under the hands of who sends.
    """
    for _ in range(4):
        await does(scene, number, pause)
        await does(scene, number, resume)
    await does(scene, number, pause)
    await asyncio.sleep(0.5)
    before = await scene.delivered()
    await asyncio.sleep(0.5)
    assert await scene.delivered() <= before + 2 * IN_FLIGHT
    await does(scene, number, resume)


async def outcome(scene: Scene, broadcast_id: int) -> Outcome:
    async with scene.database.reading() as session:
        broadcast = await session.get_one(Broadcast, broadcast_id)
        return await outcome_of(session, broadcast, at=now())


async def is_done(scene: Scene, broadcast_id: int) -> bool:
    async with scene.database.reading() as session:
        broadcast = await session.get_one(Broadcast, broadcast_id)
    await asyncio.sleep(0.3)  # they need the processors more than we do
    return broadcast.state is BroadcastState.DONE


def arrivals(record: dict[str, Any]) -> Counter[tuple[str, str]]:
    """Count what arrived by (person or group, words), wherever it is now."""
    found: Counter[tuple[str, str]] = Counter()
    for lane in record.values():
        for address, words, *_ in lane["delivered"]:
            who = address.removeprefix("m-").replace("q", "p")
            found[who, words] += 1
    return found


def whose(row: Row) -> str:
    """Return the first address of one who was meant."""
    if row.person_id:
        return f"p{row.person_id - 1}"
    number = int(row.name.strip("群“”").removeprefix("moving-g").removeprefix("g"))
    return f"moving-g{number}" if number < MOVING else f"g{number}"


def complaints(result: Outcome, arrived: Counter[tuple[str, str]]) -> list[str]:
    """Hold each row of the report against what the platform delivered."""
    wrong = [f"{one} arrived {many} times" for one, many in arrived.items() if many > 1]
    for row in result.rows:
        if row.result == "需电话":
            continue
        parts = [TEXT] if row.person_id else [TEXT, f"{TEXT}{SECOND}"]
        many = sum(arrived[whose(row), words] for words in parts)
        expected = {
            "已送达": range(len(parts), len(parts) + 1),
            "失败": range(1),
            "结果不明": range(len(parts) + 1),
        }
        if many not in expected.get(row.result, ()):
            wrong.append(f"{row} arrived in {many} parts")
    return wrong


@pytest.mark.parametrize(("store", "people"), [("sqlite", MOST), ("postgres", 2_000)])
async def test_the_report_is_exact_to_the_last_after_a_pause_and_a_kill(
    make_scene: MakeScene, store: str, people: int
) -> None:
    blocked = {f"p{n}": ["refuse"] * 3 for n in BLOCKED}
    scene = await make_scene(store, lanes=LANES, rules={**RULES, "chats": blocked})
    scene.service = "harness.broadcast_office:run"
    scene.platform = "harness.broadcast_office:run_platform"
    async with scene:
        async with scene.database.writing() as session:
            await fill(session, people)
            number = await confirmed(session)
        await scene.start("the office")
        await scene.progress(people // 5, within=120)
        await stand_still(scene, number)
        await scene.progress(people // 5, within=120)
        await scene.kill("the office")
        await scene.start("the office")

        async def is_over() -> bool:
            return await is_done(scene, number)

        await scene.until(is_over, within=240, what="the broadcast done")
        result = await outcome(scene, number)
        arrived = arrivals(await scene.record())
        lost = sum((await scene.unclear()).values())

    counts = result.counts
    print(store, dict(counts), f"{lost} unclear answers")
    assert complaints(result, arrived) == []
    assert len(result.rows) == people + UNBOUND + GROUPS == counts.total()
    assert counts["需电话"] == UNBOUND
    assert counts["待发"] == 0
    unknown = counts["结果不明"]
    assert unknown <= 2 * IN_FLIGHT + lost
    gone = len([n for n in BLOCKED if n not in BY_ANOTHER_WAY and n < people])
    assert gone - unknown <= counts["失败"] <= gone
    sheet = load_workbook(BytesIO(write_outcome(lines_of(result, at=now())))).active
    assert sheet.max_row - 4 == len(result.rows)
    assert (
        Counter(sheet.cell(r, 5).value for r in range(5, sheet.max_row + 1)) == counts
    )
