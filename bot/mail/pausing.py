"""A notice stopped on its way, let go on, and known to be over."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import case, exists, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.commits import TRIES, is_clash
from bot.mail.outbox import cancel
from bot.mail.parts import may_go
from bot.mail.rows import IN_HAND, NEVER, status_is
from bot.model import Delivery, DeliveryStatus, Lane

_UNSENT = status_is(DeliveryStatus.WAITING, DeliveryStatus.CLAIMED)
_SENDING = status_is(DeliveryStatus.SENDING)
_PLAIN = {"synchronize_session": False}


async def hold(session: AsyncSession, notice_id: int) -> int:
    """Let nothing of a notice go that is not being sent; returns how many it holds.

    What a postman has claimed he will not send any more. What he is sending may still
    arrive; if it fails for now, or goes another way, it waits like the rest.
    """
    held = (
        update(Delivery)
        .where(Delivery.notice_id == notice_id, Delivery.due_at < NEVER)
        .where(_UNSENT | _SENDING)
        .values(
            status=case((_UNSENT, DeliveryStatus.WAITING), else_=Delivery.status),
            due_at=NEVER,
        )
        .returning(Delivery.status)
        .execution_options(**_PLAIN)
    )

    async def do() -> int:
        found = list(await session.scalars(held))
        return found.count(DeliveryStatus.WAITING)

    return await _between_postmen(session, notice_id, do)


async def call_off(session: AsyncSession, notice_id: int, *, at: datetime) -> int:
    """Cancel what of a notice is not being sent, held or not; returns how many.

    What is being sent may still arrive, but is not tried again.
    """
    no_more = (
        update(Delivery)
        .where(Delivery.notice_id == notice_id, _SENDING)
        .values(expires_at=at)
        .execution_options(**_PLAIN)
    )

    async def do() -> int:
        await session.execute(no_more)
        return await cancel(session, notice_id=notice_id, at=at)

    return await _between_postmen(session, notice_id, do)


async def _between_postmen(
    session: AsyncSession, notice_id: int, do: Callable[[], Awaitable[int]]
) -> int:
    """Change many deliveries at once while no postman changes some of them.

    He begins each transaction with his lane; we take all lanes first. Where one of his
    serves two lanes he may still stand in our way, and we in his: then once more.
    """
    mine = select(Delivery.lane).where(Delivery.notice_id == notice_id)
    lanes = select(Lane.name).where(Lane.name.in_(mine)).order_by(Lane.name)
    for is_last in (*[False] * (TRIES - 1), True):
        try:
            async with session.begin_nested():
                await session.execute(lanes.with_for_update())
                return await do()
        except DBAPIError as error:
            if is_last or not is_clash(error):
                raise
    raise AssertionError("the last try returns or raises")


async def let_go(session: AsyncSession, notice_id: int, *, at: datetime) -> int:
    """Let what is held of a notice go from *at* on; returns how many."""
    freed = (
        update(Delivery)
        .where(Delivery.notice_id == notice_id, Delivery.due_at == NEVER)
        .where(status_is(DeliveryStatus.WAITING) | _SENDING)
        .values(due_at=at, wanted_at=at)  # the day that a try may last begins anew
        .returning(Delivery.status)
        .execution_options(**_PLAIN)
    )

    async def do() -> int:
        return list(await session.scalars(freed)).count(DeliveryStatus.WAITING)

    return await _between_postmen(session, notice_id, do)


async def is_over(session: AsyncSession, notice_id: int) -> bool:
    """Tell whether nothing of a notice is under way any more.

    A part that waits for what the office does with an unknown one is not.
    """
    mine = Delivery.notice_id == notice_id
    waits = status_is(DeliveryStatus.WAITING) & may_go()
    under_way = exists().where(mine, IN_HAND) | exists().where(mine, waits)
    return not await session.scalar(select(under_way))
