"""A hundred who say the same codes at the same moment, from several processes."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bot import roster
from bot.database import Database
from bot.model import BindingCode, Person, Purpose, Role

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CODES, PROCESSES, IN_EACH = 1, 4, 25

# Has many say the codes, all at once, each in a transaction of its own, when told to.
GUEST = """
import asyncio, sys
from datetime import datetime
from bot import roster
from bot.database import Database

gate = asyncio.Semaphore(10)  # a server has so many connections, and no more

async def says(database, who, code, at):
    async with gate, database.writing() as session:
        account = await roster.account_for(session, channel="telegram", address=who)
        person = await roster.use_person_code(
            session, code, account=account, at=datetime.fromisoformat(at)
        )
        return person is not None

async def main(url, who, many, at, *codes):
    database = await Database.open(url)
    print("ready", flush=True)
    sys.stdin.readline()
    guests = [f"{who}-{number}" for number in range(int(many))]
    for code in codes:
        won = await asyncio.gather(*(says(database, one, code, at) for one in guests))
        print(sum(won), flush=True)
    await database.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def _issue(database: Database) -> list[str]:
    codes = []
    async with database.writing() as session:
        for number in range(CODES):
            person = Person(
                name=f"第{number}人", department="县科协", role=Role.LIAISON
            )
            session.add(person)
            await session.flush()
            issued = await roster.issue_code(
                session,
                person,
                purpose=Purpose.PERSON,
                department=person.department,
                by="李主任",
                at=NOON,
            )
            codes.append(issued.code)
    return codes


async def _guest(url: str, who: str, codes: list[str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        GUEST,
        url,
        who,
        str(IN_EACH),
        NOON.isoformat(),
        *codes,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def test_of_a_hundred_in_several_processes_one_uses_a_code(
    database: Database, database_url: str
) -> None:
    codes = await _issue(database)
    guests = [await _guest(database_url, f"{n}", codes) for n in range(PROCESSES)]
    for guest in guests:
        assert guest.stdout
        assert await guest.stdout.readline() == b"ready\n"

    told = await asyncio.gather(*(guest.communicate(b"go\n") for guest in guests))

    won = [list(map(int, out.split())) for out, _ in told]
    assert [sum(one) for one in zip(*won, strict=True)] == [1] * CODES
    async with database.reading() as session:
        used = select(func.count()).where(BindingCode.used_at.is_not(None))
        assert await session.scalar(used) == CODES
