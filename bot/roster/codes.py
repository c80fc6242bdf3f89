"""One-time binding codes: issued, used once, revoked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import codes
from bot.model import Account, BindingCode, Person, Purpose

GOOD_FOR = timedelta(hours=24)
NO_CODE = ""
"""What is looked up for an account that is locked, so that it is asked the same."""

MOST_GUESSES = 5
"""Wrong codes of one account, after which none is looked at for an hour."""

_LOCKED = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new code as it is told, once: `code` to be typed, `link` to be carried."""

    code: str
    link: str
    expires_at: datetime


async def issue_code(
    session: AsyncSession,
    person: Person,
    *,
    purpose: Purpose,
    department: str,
    by: str,
    at: datetime,
    told_in: str = "",
) -> Issued:
    """Make a code by which *person* is bound, or registers a group of *department*.

    *told_in* is the letter, as "channel:id", in the answer to which it is told.
    """
    issued = Issued(
        code=codes.new_code(), link=codes.new_link(), expires_at=at + GOOD_FOR
    )
    session.add(
        BindingCode(
            code_digest=codes.digest(issued.code),
            link_digest=codes.digest(issued.link),
            purpose=purpose,
            person_id=person.id,
            department=department,
            role=person.role,
            told_in=told_in,
            issued_by=by,
            issued_at=at,
            expires_at=issued.expires_at,
        )
    )
    await session.flush()
    return issued


async def revoke_codes(
    session: AsyncSession, person: Person, *, purpose: Purpose, at: datetime
) -> int:
    """Let the codes of a person that nobody used expire now; returns how many."""
    open_ones = (
        update(BindingCode)
        .where(BindingCode.person_id == person.id, BindingCode.purpose == purpose)
        .where(BindingCode.used_at.is_(None), BindingCode.expires_at > at)
        .values(expires_at=at)
        .returning(BindingCode.id)
        .execution_options(synchronize_session=False)
    )
    return len((await session.scalars(open_ones)).all())


async def revoke_said(
    session: AsyncSession, said: str, *, at: datetime
) -> BindingCode | None:
    """Let the code *said* expire now, and return it; None if it was not good.

    By one for a group nobody does anything but him who asked for it: it stays good.
    """
    over = (
        update(BindingCode)
        .where(_is(said), BindingCode.purpose == Purpose.PERSON)
        .where(BindingCode.used_at.is_(None), BindingCode.expires_at > at)
        .values(expires_at=at)
        .returning(BindingCode)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(over)).one_or_none()


async def codes_told(session: AsyncSession) -> list[BindingCode]:
    """List the codes that still stand in the answer by which they were told."""
    query = select(BindingCode).where(BindingCode.told_in != "")
    return list(await session.scalars(query))


async def use_person_code(
    session: AsyncSession, said: str, *, account: Account, at: datetime
) -> Person | None:
    """Use a code up, and return whom it is for; None if it is none that is good.

    It is none for somebody who has left, or whose department or role has changed
    meanwhile. Of two who say it at the same moment one is first.
    """
    still_there = select(Person.id).where(
        Person.department == BindingCode.department,
        Person.role == BindingCode.role,
        Person.left_at.is_(None),
    )
    use = (
        _using(said, Purpose.PERSON, account=account, at=at)
        .where(BindingCode.person_id.in_(still_there))
        .returning(BindingCode.person_id)
    )
    person_id = await session.scalar(use)
    if person_id is None:
        return None
    person = await session.get_one(
        Person, person_id, populate_existing=True, with_for_update=True
    )
    return person if person.left_at is None else None  # he may leave this moment


async def use_group_code(
    session: AsyncSession, said: str, *, account: Account, at: datetime
) -> str | None:
    """Use up a code that was issued to the account's person; returns its department.

    "" stands for all departments; None if it is no such code.
    """
    use = (
        _using(said, Purpose.GROUP, account=account, at=at)
        .where(BindingCode.person_id == account.person_id)
        .returning(BindingCode.department)
    )
    return await session.scalar(use)


def _using(said: str, purpose: Purpose, *, account: Account, at: datetime) -> Update:
    return (
        update(BindingCode)
        .where(_is(said), BindingCode.purpose == purpose)
        .where(BindingCode.used_at.is_(None), BindingCode.expires_at > at)
        .values(used_at=at, used_by_account=account.id)
        .execution_options(synchronize_session=False)
    )


def _is(said: str) -> ColumnElement[bool]:
    digest = codes.digest(said)
    return or_(BindingCode.code_digest == digest, BindingCode.link_digest == digest)


async def has_group_code(
    session: AsyncSession, person_id: int | None, *, at: datetime
) -> bool:
    """Tell whether a person has asked for a link by which he has yet to register."""
    query = (
        select(BindingCode.id)
        .where(BindingCode.person_id == person_id)
        .where(BindingCode.purpose == Purpose.GROUP, BindingCode.used_at.is_(None))
        .where(BindingCode.expires_at > at)
        .limit(1)
    )
    return await session.scalar(query) is not None


async def code_used_by(
    session: AsyncSession, said: str, *, account: Account
) -> BindingCode | None:
    """Return the code *said* if this very account used it up."""
    query = select(BindingCode).where(_is(said))
    query = query.where(BindingCode.used_by_account == account.id)
    return (await session.scalars(query)).one_or_none()


def is_locked(account: Account, *, at: datetime) -> bool:
    """Tell whether the account has guessed too often in the last hour."""
    if account.guesses < MOST_GUESSES or account.guessed_at is None:
        return False
    return at < account.guessed_at + _LOCKED


async def count_guess(session: AsyncSession, account: Account, *, at: datetime) -> None:
    """Count one more wrong code; an hour without one begins anew.

    A locked account is written as well, and as it is: the hour does not grow, and the
    store is asked the same for every guess.
    """
    guesses, guessed_at = account.guesses, account.guessed_at
    if not is_locked(account, at=at):
        is_anew = guessed_at is None or at >= guessed_at + _LOCKED
        guesses, guessed_at = (1 if is_anew else guesses + 1), at
    await session.execute(
        update(Account)
        .where(Account.id == account.id)
        .values(guesses=guesses, guessed_at=guessed_at)
    )
