"""Departments that the office keeps: proposed by a plan, confirmed by a person."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.model import Department
from bot.roster.rows import insert_once

NAME = 200  # characters of `Department.name`


async def propose_departments(session: AsyncSession, names: Iterable[str]) -> list[str]:
    """Note departments for a person to confirm; return those that are new here.

    Each once, in their order. What is blank, longer than 200 characters or holds a
    NUL is no name and is left out.
    """
    wanted = dict.fromkeys(name.strip() for name in names)
    return [name for name in wanted if await _propose(session, name)]


async def _propose(session: AsyncSession, name: str) -> bool:
    if not 0 < len(name) <= NAME or "\0" in name:
        return False
    values = {
        "name": name,
        "short_names": (),
        "former_names": (),
        "members": (),
        "collective": False,
        "proposed": True,
        "confirmed_by": "",
    }
    return await insert_once(session, Department, values)


async def confirm_department(
    session: AsyncSession, name: str, *, by: str
) -> Department:
    """Confirm a proposed department; one that was confirmed before stays as it is.

    Raises NotFound if nobody proposed it.
    """
    name = name.strip()
    found = await department_named(session, name)
    if found is None:
        words = f"没有待确认的单位“{name[:40]}”。"
        raise NotFound(f"department {name!r}", reply=words)
    if found.proposed:
        found.proposed, found.confirmed_by = False, by
        await session.flush()
    return found


async def departments_kept(session: AsyncSession) -> list[Department]:
    """List the confirmed departments, in the order in which they came."""
    query = select(Department).where(Department.proposed.is_(False))
    return list(await session.scalars(query.order_by(Department.id)))


async def departments_proposed(session: AsyncSession) -> list[Department]:
    """List the departments that wait for a person, in the order in which they came."""
    query = select(Department).where(Department.proposed.is_(True))
    return list(await session.scalars(query.order_by(Department.id)))


async def department_named(session: AsyncSession, name: str) -> Department | None:
    """Return the kept or proposed department of just this name."""
    query = select(Department).where(Department.name == name)
    return (await session.scalars(query)).one_or_none()
