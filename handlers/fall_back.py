"""What a channel refused for good goes through the next one of a person or group."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.mail import outbox
from bot.mail.failed import addresses_of, failed_of_notices, lanes_tried
from bot.messages import Reply
from bot.model import Delivery


async def fall_back(
    session: AsyncSession,
    ids: Sequence[int],
    *,
    gone: Collection[int] = (),
    lanes: Collection[str],
    write: outbox.Write,
    at: datetime,
) -> set[str]:
    """Write anew those of FAILED deliveries that tell a notice.

    Each goes through the person's first account in *lanes* that this notice was not
    tried through yet; whoever has none is on the office's call list. That of a group
    goes to what the office chose in its stead. The addresses of
    those that are *gone* are closed until there is a sign of life. Returns the lanes in
    which something is due now.
    """
    await _close(session, gone, at=at)
    rung = set()
    for delivery, notice in await failed_of_notices(session, ids):
        tried = await lanes_tried(session, delivery)
        for lane, address in await _other_ways(session, delivery):
            if lane in tried or lane not in lanes:
                continue
            to = outbox.Addressee(
                recipient=delivery.recipient,
                lane=lane,
                address=address,
                person_id=delivery.person_id,
            )
            words = write(lane, address, _said_in(lane, notice.body, delivery.lane))
            if await outbox.second_channel(
                session, delivery, to=to, requests=words, at=at
            ):
                rung.add(lane)
            break
    return rung


async def _other_ways(
    session: AsyncSession, delivery: Delivery
) -> list[tuple[str, str]]:
    """List the lanes and addresses of a person, or the one in a group's stead."""
    if delivery.person_id is not None:
        accounts = await roster.accounts_of(session, delivery.person_id)
        return [(account.channel, account.address) for account in accounts]
    group = delivery.address.partition("/")[0]
    chat = await roster.chat_at(session, channel=delivery.lane, address=group)
    if chat is None or chat.registered_at is None:
        return []
    lane, _, address = chat.fallback.partition(":")
    return [(lane, address)] if address else []


def _said_in(lane: str, body: Reply, first: str) -> Reply:
    """Call nobody through a product that does not know them by these addresses."""
    is_same = roster.knowing_alike(lane) == roster.knowing_alike(first)
    return body if is_same else replace(body, mentions=())


async def _close(session: AsyncSession, gone: Collection[int], *, at: datetime) -> None:
    for channel, addresses in (await addresses_of(session, gone)).items():
        await roster.close_addresses(
            session, channel=channel, addresses=addresses, at=at
        )
