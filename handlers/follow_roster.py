"""What is owed follows the roster: a department is called there as its people are."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.departments import Departments
from bot.reports.due import OFFICE
from bot.reports.renaming import rename_obligor
from bot.reports.submissions import all_obligors


async def follow_roster(
    session: AsyncSession, departments: Departments, *, by: str, at: datetime
) -> list[tuple[str, str]]:
    """Let what is owed under another name of a department reach its people.

    Returns the names, as they were and are now. Where the roster has two that may be
    meant, nothing changes.
    """
    among = dict.fromkeys(await roster.departments_of_people(session))
    renamed = []
    for name in await all_obligors(session):
        if name in among or name == OFFICE:
            continue
        same = [one for one in among if departments.same(one, name)]
        if len(same) != 1 or not await rename_obligor(
            session, name, same[0], by=by, at=at
        ):
            continue
        renamed.append((name, same[0]))
        await audit.record(
            session,
            actor=by,
            event="duty.renamed",
            about=f"department:{same[0]}",
            at=at,
            department=same[0],
            before=name,
        )
    return renamed
