"""The self-built app as a channel of the house: direct chats, cards, many at once."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.channels.wecom.address_book import Member, read_members
from bot.channels.wecom.api import BASE_URL, MOST_IN, Api
from bot.channels.wecom.app_checkup import check_app
from bot.channels.wecom.call import Call
from bot.channels.wecom.callback import callback_endpoint
from bot.channels.wecom.crypto import Seal, check_keys
from bot.channels.wecom.door import Endpoint
from bot.channels.wecom.errors import Finding, delivery_error
from bot.channels.wecom.intake_app import AppAlert, read_message
from bot.channels.wecom.sending_app import MOST_AT_ONCE, CardStore, Sender
from bot.channels.wecom.strange import Strange
from bot.channels.wecom.tokens import TokenStore
from bot.channels.wecom.write_app import SHORTEST, write_reply
from bot.channels.wecom.xml import Fields, word
from bot.errors import DeliveryError, NotSent, Refused, SettingsError, StoreError
from bot.messages import Attachment, Limit, Manners, Reply, Take

log = logging.getLogger(__name__)

_MEMBER = (Limit(30, 60.0, reserve=6), Limit(1000, 3600.0, reserve=100))


def _limits_of(address: str) -> tuple[Limit, ...]:
    return _MEMBER


MANNERS = Manners(
    limits=(Limit(10_000, 60.0, reserve=1000), Limit(150_000, 3600.0, reserve=5000)),
    limits_of=_limits_of,
    in_flight=16,
    answers_in_flight=16,
    drops_copies_for=timedelta(seconds=SHORTEST),
    longest_turn=0.01,  # WeCom counts how long its callbacks take
)
"""30 a minute and 1,000 an hour to a member: what is more is dropped without a word.
10,000 a minute and 150,000 an hour for the corporation. Source: developer
documentation, paths 90236 and 90454."""

Alarm = Callable[[AppAlert], Awaitable[None]]
"""Hears that WeCom will switch the app off, or has; may be told twice of one."""


async def log_alert(alert: AppAlert) -> None:
    """Only write it down: for a channel that stands alone."""
    log.error("WeCom says %s, from %s on", alert.kind, alert.at.isoformat())


class WecomApp:
    """One self-built app: WeCom posts to `endpoint`, and we call its interface.

    channel = WecomApp(corp_id=..., agent_id=..., secret=..., token=..., aes_key=...,
                       clock=clock)
    await channel.start(take)
    for request in channel.write(address, reply):
        await channel.send(address, request)
    await channel.stop()
    """

    name = "wecom_app"
    most_at_once = MOST_AT_ONCE
    recalls_for = timedelta(hours=24)
    recalls_for_all = True

    def __init__(
        self,
        *,
        corp_id: str,
        agent_id: int,
        secret: str,
        token: str,
        aes_key: str,
        clock: Callable[[], datetime],
        base_url: str = BASE_URL,
        callback: str = "",
        store: TokenStore | None = None,
        cards: CardStore | None = None,
        alarm: Alarm = log_alert,
        manners: Manners = MANNERS,
    ) -> None:
        """Prepare to speak as an app; nothing is opened yet.

        *callback* is the public address of `endpoint`, which `check` tries. *store*
        and *cards* are shared where several processes send; else they are in memory.

        Raises SettingsError, without the secrets, if one of them is missing, has a
        wrong form, or is a public sample.
        """
        if not (corp_id and agent_id and secret):
            raise SettingsError("the corporation, the agent or its secret is missing")
        check_keys(token=token, aes_key=aes_key)
        self.manners = manners
        self._corp_id, self._agent_id, self._clock = corp_id, agent_id, clock
        self._seal = Seal(token=token, aes_key=aes_key, receiver=corp_id)
        self._callback, self._alarm = callback, alarm
        self._api = Api(
            corp_id=corp_id,
            secret=secret,
            name=str(agent_id),
            clock=clock,
            base_url=base_url,
            store=store,
        )
        self._sender = Sender(self._api, agent_id=agent_id, clock=clock, cards=cards)
        self._take: Take | None = None
        self._strange = Strange(self.name)
        self._heard_at: datetime | None = None

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Put *reply* into calls, in their order."""
        return write_reply(reply, instead_of=instead_of)

    async def start(self, take: Take) -> None:
        """Begin to listen: from now on `endpoint` keeps what it is brought."""
        self._take = take

    async def send(self, address: str, request: str) -> str:
        """Make the call of *request* for a member; returns the id of the message.

        Of a card that is its task_id, by which a press names it. Raises NotSent,
        Refused or Unanswered. It is made again only where WeCom has refused it for its
        shape, or for a card that cannot be updated any more.
        """
        return await self._sender.send(address, request)

    async def send_many(
        self, addresses: Sequence[str], request: str
    ) -> Mapping[str, str | DeliveryError]:
        """Make one call for up to 1,000 members; tells of each what became of it."""
        return await self._sender.send_many(addresses, request)

    def write_recall(self, remote_id: str) -> str:
        """Put the taking back of a message into a call."""
        return Call(recall=remote_id).encode()

    async def recall(self, message: str) -> None:
        """Take back a message that `send` told the id of, within 24 hours.

        From WeCom's own clients alone. Raises Refused if it is too old or unknown.
        """
        await self._sender.recall(message)

    async def rest(self) -> None:
        """Keep nothing any more, until `start` is called again; safe to call twice."""
        self._take = None

    async def stop(self) -> None:
        """Keep nothing any more and close all connections; safe to call twice."""
        await self.rest()
        await self._api.close()

    async def fetch(self, attachment: Attachment) -> bytes:
        """Return the content of a file that came in, of at most 20 MB.

        Raises Refused if WeCom does not give it, NotSent if it may later.
        """
        if attachment.size > MOST_IN:
            raise Refused("the file is larger than 20 MB")
        try:
            return await self._api.download(attachment.at)
        except Exception as error:
            failure = delivery_error(error)
        raise failure if isinstance(failure, Refused) else NotSent(str(failure))

    async def members(self) -> list[Member]:
        """List whom this app sees in the address book; raises DeliveryError."""
        try:
            return await read_members(self._api)
        except Exception as error:
            failure = delivery_error(error)
        raise failure  # here, so that it drags no context along

    async def check(self) -> list[Finding]:
        """Tell the truth about the app: token, trusted IP, agent, callback."""
        return await check_app(
            self._api,
            agent_id=self._agent_id,
            callback=self._callback,
            seal=self._seal,
            clock=self._clock,
        )

    @property
    def endpoint(self) -> Endpoint:
        """Return the Starlette handler of the callback; GET and POST."""
        return callback_endpoint(self._accept, seal=self._seal, clock=self._clock)

    @property
    def polls(self) -> bool:
        """Tell that it waits to be called: so every process may listen."""
        return False

    @property
    def heard_at(self) -> datetime | None:
        """Return when WeCom last brought something that we kept."""
        return self._heard_at

    @property
    def trouble(self) -> str:
        """Say what keeps the app from working; "" if nothing is known."""
        return self._api.trouble

    async def _accept(self, fields: Fields) -> None:
        """Keep what a callback says; raises Unreadable, or if it is not kept."""
        take = self._take
        if take is None:
            raise StoreError("nobody listens yet, so it must come again")
        found = read_message(
            fields,
            channel=self.name,
            corp_id=self._corp_id,
            agent_id=self._agent_id,
            now=self._clock(),
        )
        if isinstance(found, AppAlert):
            await self._alarm(found)
        elif found:
            await take(found)
        else:
            self._strange.note(word(fields, "MsgType"), word(fields, "Event"))
        self._heard_at = self._clock()
