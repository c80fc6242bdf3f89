"""What a person's channel refused for good goes through the next one he has."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.mail import outbox
from bot.mail.failed import addresses_of, failed_of_notices, lanes_tried


async def fall_back(
    session: AsyncSession,
    ids: Sequence[int],
    *,
    gone: Collection[int] = (),
    lanes: Collection[str],
    write: outbox.Write,
    at: datetime,
) -> set[str]:
    """Write anew those of FAILED deliveries that tell a notice to a person.

    Each goes through the person's first account in *lanes* that this notice was not
    tried through yet; whoever has none is on the office's call list. The addresses of
    those that are *gone* are closed until there is a sign of life. Returns the lanes in
    which something is due now.
    """
    await _close(session, gone, at=at)
    rung = set()
    for delivery, notice in await failed_of_notices(session, ids):
        tried = await lanes_tried(session, delivery)
        for account in await roster.accounts_of(session, delivery.person_id):
            lane = account.channel
            if lane in tried or lane not in lanes:
                continue
            to = outbox.Addressee(
                recipient=delivery.recipient,
                lane=lane,
                address=account.address,
                person_id=delivery.person_id,
            )
            words = write(lane, account.address, notice.body)
            if await outbox.second_channel(
                session, delivery, to=to, requests=words, at=at
            ):
                rung.add(lane)
            break
    return rung


async def _close(session: AsyncSession, gone: Collection[int], *, at: datetime) -> None:
    for channel, addresses in (await addresses_of(session, gone)).items():
        await roster.close_addresses(
            session, channel=channel, addresses=addresses, at=at
        )
