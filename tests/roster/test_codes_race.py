"""Two processes that say the same codes at the same moment."""

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
CODES = 12

# Says all codes in their order, each in a transaction of its own, once it is told to.
GUEST = """
import asyncio, sys
from datetime import datetime
from bot import roster
from bot.database import Database

async def main(url, who, at, *codes):
    database = await Database.open(url)
    print("ready", flush=True)
    sys.stdin.readline()
    won = 0
    for code in codes:
        async with database.writing() as session:
            account = await roster.account_for(session, channel="telegram", address=who)
            person = await roster.use_person_code(
                session, code, account=account, at=datetime.fromisoformat(at)
            )
            won += person is not None
    await database.close()
    print(won, flush=True)

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
        NOON.isoformat(),
        *codes,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def test_each_code_is_used_once_by_one_of_two_processes(
    database: Database, database_url: str
) -> None:
    codes = await _issue(database)
    guests = [await _guest(database_url, who, codes) for who in "78"]
    for guest in guests:
        assert guest.stdout
        assert await guest.stdout.readline() == b"ready\n"

    told = await asyncio.gather(*(guest.communicate(b"go\n") for guest in guests))

    assert sum(int(out) for out, _ in told) == CODES
    async with database.reading() as session:
        used = select(func.count()).where(BindingCode.used_at.is_not(None))
        assert await session.scalar(used) == CODES
