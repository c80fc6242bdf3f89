"""What the processes of an office share of WeCom's app, by way of the database."""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select, update

from bot.channels.wecom.sending_app import SentCard
from bot.channels.wecom.tokens import Token
from bot.database import Database
from bot.errors import StoreError
from bot.mail.bulk import digest_of
from bot.mail.lanes import LaneHold, open_lane, release_lane, take_lane
from bot.mail.together import Together
from bot.model import Delivery, Request, WecomCard, WecomToken
from bot.model.new_rows import insert_new

log = logging.getLogger(__name__)

_TURN = "turn:wecom_token"  # the lane of whoever fetches one
_LEASE = timedelta(seconds=30)  # longer than a call of WeCom's may last
_LOOK = 0.1  # seconds between two looks whether another has ended
_MOST_KEPT = 100  # cards written at a time


class SharedTokens:
    """A TokenStore in the database, sealed by the secret of the app.

    One process fetches at a time; it is known by a lane, whose lease ends if it dies.
    """

    def __init__(
        self, database: Database, *, secret: str, clock: Callable[[], datetime]
    ) -> None:
        """Keep tokens so that nobody reads them who has not the *secret*."""
        self._database, self._clock = database, clock
        key = sha256(f"wecom token {secret}".encode()).digest()
        self._seal = Fernet(base64.urlsafe_b64encode(key))
        self._owner = token_hex(8)

    async def load(self, key: str) -> Token | None:
        """Return what was kept last; None if it cannot be read."""
        async with self._database.reading() as session:
            kept = await session.get(WecomToken, key)
        if kept is None:
            return None
        try:
            value = self._seal.decrypt(kept.sealed.encode()).decode()
        except InvalidToken:  # the secret was changed
            return None
        return Token(value=value, expires_at=kept.expires_at)

    async def save(self, key: str, token: Token) -> None:
        """Keep a token in place of the one before."""
        sealed = self._seal.encrypt(token.value.encode()).decode()
        row = WecomToken(key=key, sealed=sealed, expires_at=token.expires_at)
        async with self._database.writing() as session:
            await session.merge(row)

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Wait until no other process fetches, and let none begin inside."""
        # Whoever has it is another process: it cannot wake us.
        while (hold := await self._take()) is None:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK)
        try:
            yield
        finally:
            await self._release(hold)

    async def _take(self) -> LaneHold | None:
        async with self._database.writing() as session:
            await open_lane(session, _TURN)
            return await take_lane(
                session, _TURN, owner=self._owner, now=self._clock(), lease=_LEASE
            )

    async def _release(self, hold: LaneHold) -> None:
        try:
            async with self._database.writing() as session:
                await release_lane(session, hold)
        except StoreError as error:  # its lease ends by itself
            log.warning("the turn to fetch a token is not handed on: %s", error)


class SharedCards:
    """A CardStore in the database; whoever starts anew finds the cards of before."""

    def __init__(self, database: Database, *, lane: str) -> None:
        """Keep the cards of the channel that sends through *lane*."""
        self._database, self._lane = database, lane
        self._keeping = Together(self._keep_all, most=_MOST_KEPT)

    async def keep(self, card: SentCard) -> None:
        """Keep a card that was sent; one that is kept stays as it is."""
        await self._keeping.ask(card)

    async def find(self, task_id: str) -> SentCard | None:
        """Return a card, None if it is not known."""
        async with self._database.reading() as session:
            kept = await session.get(WecomCard, task_id)
        if kept is None:
            return None
        return SentCard(
            task_id=kept.task_id,
            message_id=kept.message_id,
            response_code=kept.response_code,
            addresses=kept.addresses,
            sent_at=kept.sent_at,
        )

    async def spend(self, task_id: str) -> None:
        """Note that the code of a card is used up."""
        spent = update(WecomCard).where(WecomCard.task_id == task_id)
        async with self._database.writing() as session:
            await session.execute(spent.values(response_code=""))

    async def was_tried(self, address: str, request: str) -> bool:
        """Tell whether a try before the one under way may have been taken.

        The outbox knows: that is how one who starts anew tells an update that was made
        by a process that died from one that cannot be made any more.
        """
        query = (
            select(Delivery.id)
            .join(Request, Request.id == Delivery.request_id)
            .where(
                Request.digest == digest_of(request),
                Delivery.lane == self._lane,
                Delivery.address == address,
                Delivery.unsure_since < Delivery.handed_at,
            )
            .limit(1)
        )
        async with self._database.reading() as session:
            return await session.scalar(query) is not None

    async def _keep_all(self, cards: Sequence[SentCard]) -> Sequence[None]:
        async with self._database.writing() as session:
            new = insert_new(session, WecomCard)
            await session.execute(new, [asdict(card) for card in cards])
        return [None] * len(cards)
