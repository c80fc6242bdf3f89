"""The office lets somebody go: unbound, left, back again, or erased at his wish."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.errors import NotFound
from bot.mail import outbox
from bot.mail.erasing import (
    addresses_told,
    call_off,
    erase_mail,
    forget_calls,
    forget_in_letters,
    forget_mentions,
)
from bot.model import Person, Purpose
from bot.reports.papers import Papers
from bot.reports.spoken import forget_words
from bot.roster import leaving
from bot.roster.handovers import forget_names
from bot.roster.leaving import ERASED, Address
from handlers.enter_answered import enter_answered


async def unbind(
    session: AsyncSession, person: Person, *, by: str, at: datetime
) -> int:
    """Let no account speak for a person; returns how many did."""
    addresses = await leaving.unbind_person(session, person)
    await _silence(session, person, at=at)
    await _record(session, "person.unbound", person, addresses, by=by, at=at)
    return len(addresses)


async def let_leave(
    session: AsyncSession, person: Person, *, by: str, at: datetime
) -> int:
    """Let a person have left: he hears nothing more; returns how many accounts he had.

    What waits for him in the outbox is cancelled, his code is of no use any more.
    """
    addresses = await leaving.leave(session, person, at=at)
    await _silence(session, person, at=at)
    await call_off(session, person.id, by=by)
    await _record(session, "person.left", person, addresses, by=by, at=at)
    return len(addresses)


async def let_return(
    session: AsyncSession, person: Person, *, by: str, at: datetime
) -> None:
    """Let a person who has left be there again; he is bound anew."""
    person.left_at = None
    await _record(session, "person.returned", person, (), by=by, at=at)


async def allow_again(
    session: AsyncSession, name: str, *, department: str, by: str, at: datetime
) -> None:
    """Let an import take somebody who was erased as a new person; raises NotFound."""
    found = await leaving.find_erased(session, name, department=department)
    if found is None:
        words = f"没有已离岗或已删除的{department[:40]}{name[:20]}。"
        raise NotFound("nobody was erased under this name", reply=words)
    found.erased_as = ""
    await _record(session, "person.returned", found, (), by=by, at=at)


async def erase(
    session: AsyncSession,
    person: Person,
    *,
    by: str,
    at: datetime,
    papers: Papers | None,
) -> int:
    """Erase what is kept of a person; returns how many letters were blanked.

    What the department reported, its files, and the audit stay. Of *papers*, the tables
    that went out, those that name him are deleted.
    """
    while await enter_answered(session, since=None):
        pass  # what is noted with his letters would go with them
    told = await addresses_told(session, person.id)
    addresses = await leaving.addresses_known(session, person, told)
    await leaving.leave(session, person, at=at)
    await _silence(session, person, at=at)
    letters = await erase_mail(session, person.id, addresses, by=ERASED, at=at)
    mentions = [word for word in (person.name, person.phone) if word]
    await forget_mentions(session, mentions, of=person.department, by=ERASED)
    await forget_calls(session, {address for _, address in addresses})
    if len(await roster.people_named(session, person.name, also_left=True)) == 1:
        await forget_in_letters(session, [person.name], by=ERASED)
        await leaving.forget_in_talks(session, person.name, by=ERASED)
    await forget_words(session, person.id, by=ERASED)
    await forget_names(session, person, by=ERASED)
    if papers:
        papers.forget(person.name, person.phone)
    await leaving.erase_person(session, person, addresses, at=at)
    await _record(session, "person.erased", person, addresses, by=by, at=at)
    return letters


async def _silence(session: AsyncSession, person: Person, *, at: datetime) -> None:
    await outbox.cancel(session, recipient=f"person:{person.id}", at=at)
    await roster.revoke_codes(session, person, purpose=Purpose.PERSON, at=at)


async def _record(
    session: AsyncSession,
    event: str,
    person: Person,
    addresses: Sequence[Address],
    *,
    by: str,
    at: datetime,
) -> None:
    await session.flush()
    await audit.record(
        session,
        actor=by,
        event=event,
        about=f"person:{person.id}",
        at=at,
        department=person.department,
        accounts=len(addresses),
    )
