"""Accounts of addresses: asked for with every letter, so with few detours."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import JSON, Table, Text, bindparam, select, true, update
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstanceState, class_mapper
from sqlalchemy.orm.attributes import (
    instance_state,
    manager_of_class,
    set_committed_value,
)
from sqlalchemy.sql.dml import Insert

from bot.model import Account, Person, Talk
from bot.model.lists import among_given, as_rows, unfolded
from bot.model.new_rows import insert_new_on
from bot.statements import execute_many, fetch

Address = tuple[str, str]
"""A channel, and an address there."""

_Row = TypeVar("_Row", Account, Person)

_ACCOUNT = cast(Table, Account.__table__)
_PERSON = cast(Table, Person.__table__)
_COLUMNS = [column.name for column in _ACCOUNT.c]
_PERSONAL = [column.name for column in _PERSON.c]


async def account_for(session: AsyncSession, *, channel: str, address: str) -> Account:
    """Return the account of an address, made if it is new; two at once make one."""
    (account,) = (await accounts_for(session, {(channel, address)})).values()
    return account


async def accounts_for(
    session: AsyncSession, addresses: Collection[Address]
) -> dict[Address, Account]:
    """Return the accounts of addresses, made where they are new."""
    if session.new:
        await session.flush()
    found = await _accounts(session, addresses)
    if new := set(addresses) - found.keys():
        found |= await _new_accounts(session, new)
    if late := set(addresses) - found.keys():  # another transaction made them
        found |= await _accounts(session, late)
    return found


async def keep_talks(session: AsyncSession, accounts: Collection[Account]) -> None:
    """Write what was talked about, of accounts in which nothing else has changed.

    Of the others the session writes it, with the rest.
    """
    changed = [one for one in accounts if {*_state(one).committed_state} == {"talk"}]
    if not changed:
        return
    # In one order everywhere: else two transactions may wait for each other.
    rows = [{"of": one.id, "said": one.talk} for one in changed]
    rows.sort(key=lambda row: cast(int, row["of"]))
    await execute_many(session, _KEEP_TALK, rows)
    for one in changed:
        state = _state(one)
        state._commit_all(state.dict, session.identity_map)


async def _accounts(
    session: AsyncSession, addresses: Collection[Address]
) -> dict[Address, Account]:
    found: dict[Address, Account] = {}
    for channel in {channel for channel, _ in addresses}:
        listed = [address for one, address in addresses if one == channel]
        for row in await fetch(session, _MINE, {"in": channel, "listed": listed}):
            account = _as_read(session, row)
            found[channel, account.address] = account
    return found


async def _new_accounts(
    session: AsyncSession, addresses: Collection[Address]
) -> dict[Address, Account]:
    talk = msgspec.json.encode(Talk()).decode()
    rows = [(*address, talk) for address in sorted(addresses)]
    dialect = session.get_bind().dialect.name
    made = await fetch(session, _new(dialect), as_rows(dialect, _NEW, rows))
    nobody = [None] * len(_PERSONAL)
    accounts = [_as_read(session, (*row, *nobody)) for row in made]
    return {(one.channel, one.address): one for one in accounts}


def _as_read(session: AsyncSession, row: tuple[Any, ...]) -> Account:
    """Have an account and its person in the session, as if it had read them."""
    values = dict(zip(_COLUMNS, row, strict=False))
    personal = dict(zip(_PERSONAL, row[len(_COLUMNS) :], strict=True))
    person = _held(session, Person, personal) if personal["id"] else None
    account = _held(session, Account, values)
    if "person" in _state(account).unloaded:
        set_committed_value(account, "person", person)
    return account


def _held(session: AsyncSession, kind: type[_Row], values: Mapping[str, Any]) -> _Row:
    """Return what the session holds under an id; else it holds what was read."""
    key = class_mapper(kind).identity_key_from_primary_key((values["id"],))
    known: _Row | None = session.identity_map.get(key)
    if known is None:
        made: _Row = manager_of_class(kind).new_instance()
        made.__dict__.update(values)
        state = _state(made)  # attached as SQLAlchemy attaches what it loads
        state.key, state.session_id = key, session.sync_session.hash_key
        session.identity_map.add(state)
        return made
    for name in _state(known).unloaded & values.keys():
        set_committed_value(known, name, values[name])
    return known


def _state(row: Account | Person) -> InstanceState[Any]:
    return instance_state(row)


# Built once: that takes as long as the query itself.
_MINE = (
    select(*_ACCOUNT.c, *_PERSON.c)
    .select_from(_ACCOUNT.outerjoin(_PERSON))
    .where(Account.channel == bindparam("in"), among_given(Account.address, "listed"))
)

_KEEP_TALK = (
    update(_ACCOUNT)
    .where(_ACCOUNT.c.id == bindparam("of"))
    .values(talk=bindparam("said", type_=_ACCOUNT.c.talk.type))
)


_NEW = dict.fromkeys(("channel", "address", "talk"), Text())


@lru_cache
def _new(dialect: str) -> Insert:
    one = unfolded(dialect, _NEW).subquery()
    talk: Any = as_type(one.c.talk, JSON) if dialect == "postgresql" else one.c.talk
    # SQLite needs the WHERE to tell ON CONFLICT from a join.
    listed = select(one.c.channel, one.c.address, talk).where(true())
    new = insert_new_on(dialect, Account).from_select([*_NEW], listed)
    return new.returning(*_ACCOUNT.c)
