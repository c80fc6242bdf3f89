"""Telegram as a channel of the house: one bot token."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.channels.telegram.addresses import (
    chat_of,
    is_group,
    is_press,
    press_at,
    read_address,
)
from bot.channels.telegram.api import BASE_URL, Api
from bot.channels.telegram.checkup import Finding, check_bot
from bot.channels.telegram.errors import delivery_error
from bot.channels.telegram.intake import KeepUnreadable, log_unreadable
from bot.channels.telegram.listening import Listener
from bot.channels.telegram.presses import PATIENCE, Presses
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.updates import moved
from bot.channels.telegram.webhook import Webhook, WebhookDoor
from bot.channels.telegram.write import pops_up, write_recall, write_reply
from bot.errors import NotSent, Refused, SettingsError
from bot.messages import Attachment, Incoming, Limit, Manners, Reply, Take

log = logging.getLogger(__name__)

MOST_IN = 20 * 1024 * 1024
"""Bytes of a file that Telegram gives to bots."""

_PAYLOAD = re.compile("[A-Za-z0-9_-]{1,64}")
_SECOND, _MINUTE = Limit(1, 1.0), Limit(20, 60.0)


def _limits_of(address: str) -> tuple[Limit, ...]:
    return (_SECOND, _MINUTE) if is_group(address) else (_SECOND,)


def _shares(address: str) -> str:
    return address if is_press(address) else chat_of(address)


def _answers_at(address: str, reply: Reply) -> str:
    return press_at(address, reply.press) if pops_up(reply) else address


MANNERS = Manners(
    limits=(Limit(30, 1.0, reserve=1),),
    limits_of=_limits_of,
    shares=_shares,
    is_uncounted=is_press,
    answers_at=_answers_at,
    answers_in_flight=56,
)
"""30 a second in all, of which 29 in bulk; one a second to a chat, 20 a minute to a
group. Source: Telegram's bot FAQ; the limits that hold are not told and move. They are
of messages: what pops up for the one who pressed is none, and goes at once. 64 sends
may be under way if they are answers: behind a proxy one may take two seconds."""


class TelegramChannel:
    """One bot: listens by polling, or behind a webhook, and makes calls.

    channel = TelegramChannel(token=token, clock=clock)
    await channel.start(take)        # returns at once and listens from then on
    for request in channel.write(address, reply):
        await channel.send(address, request)
    await channel.stop()
    """

    name = "telegram"
    recalls_for = timedelta(hours=48)
    recalls_for_all = False

    def __init__(
        self,
        *,
        token: str,
        clock: Callable[[], datetime],
        base_url: str = BASE_URL,
        base_file_url: str = "",
        proxy: str | None = None,
        webhook: Webhook | None = None,
        unreadable: KeepUnreadable = log_unreadable,
        tell: Take | None = None,
        manners: Manners = MANNERS,
        answer_presses_after: float | None = PATIENCE,
        poll_seconds: int = 30,
    ) -> None:
        """Prepare to speak as the bot of *token*; nothing is opened yet.

        With a *webhook* Telegram posts to `endpoint`, else we poll. *unreadable* keeps
        updates that cannot be read. *tell* hears what is found out in sending: that a
        group, or a topic, is no more. A press that no reply has answered is answered
        after *answer_presses_after* seconds, None for never: so a process that only
        listens leaves presses to the one that replies.

        Raises SettingsError, without the token, if that or the proxy is none.
        """
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
            raise SettingsError("the Telegram token is missing or has a wrong form")
        try:
            self._api = Api(
                token, base_url=base_url, base_file_url=base_file_url, proxy=proxy
            )
        except ValueError as error:
            raise SettingsError(f"Telegram: {error}") from None
        self.manners = manners
        self._clock = clock
        self._tell = tell
        self._webhook = webhook
        self._presses = Presses(self._answer_press, patience=answer_presses_after)
        self._sender = Sender(self._api, self._presses, tell=self._found_out)
        self._listener = Listener(
            self._api,
            self._presses,
            channel=self.name,
            clock=clock,
            unreadable=unreadable,
            webhook=webhook,
            poll_seconds=poll_seconds,
            is_admin=self.is_admin,
        )
        self._listening: asyncio.Task[None] | None = None

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Put *reply* into calls of the Bot API, in their order."""
        return write_reply(reply, instead_of=instead_of)

    def write_recall(self, remote_id: str) -> str:
        """Put the deletion of a message into a call."""
        return write_recall(remote_id)

    async def start(self, take: Take) -> None:
        """Begin to listen, and call *take* for each message that is for the bot.

        Returns at once. While Telegram cannot be reached, it is tried again, for ever.
        """
        if self._listening is None:
            self._listening = asyncio.create_task(self._listener.run(take))

    async def send(self, address: str, request: str) -> str:
        """Make the call of *request* to a chat; returns the number of the message.

        Raises NotSent, Refused or Unanswered. It is made again only where Telegram has
        refused it for its shape: the group has moved, its marks cannot be read.
        """
        return await self._sender.send(address, request)

    async def rest(self) -> None:
        """Stop listening, until `start` is called again; safe to call twice."""
        listening, self._listening = self._listening, None
        if listening:
            listening.cancel()
            await asyncio.wait([listening])

    async def stop(self) -> None:
        """Stop listening and close all connections; safe to call twice."""
        self._presses.stop()
        await self.rest()
        await self._api.close_connections()

    @property
    def endpoint(self) -> WebhookDoor:
        """Return the ASGI application of the webhook; POST alone.

        Raises SettingsError if the channel has none.
        """
        if self._webhook is None:
            raise SettingsError("this channel polls: it has no webhook")
        return WebhookDoor(self._listener.accept_body, secret=self._webhook.secret)

    async def fetch(self, attachment: Attachment) -> bytes:
        """Return the content of a file that came in, of at most 20 MB.

        Raises Refused if Telegram does not give it, NotSent if it may later.
        """
        if attachment.size > MOST_IN:
            raise Refused("the file is larger than 20 MB")
        try:
            file = await self._api.call("getFile", file_id=attachment.at)
            return await self._api.download(str(file["file_path"]))
        except Exception as error:
            failure = delivery_error(error)
        raise failure if isinstance(failure, Refused) else NotSent(str(failure))

    async def is_admin(self, group: str, person: str) -> bool:
        """Tell whether somebody is an administrator of a group, as it is now.

        Raises DeliveryError if Telegram does not say.
        """
        try:
            member = await self._api.call(
                "getChatMember", chat_id=read_address(group).chat, user_id=int(person)
            )
            return member["status"] in ("creator", "administrator")
        except Exception as error:
            failure = delivery_error(error)
        raise failure

    async def deep_link(self, payload: str) -> str:
        """Return a link that opens the bot and says a payload.

        Raises DeliveryError if Telegram does not tell what the bot is called, and
        ValueError unless *payload* is 1 to 64 of A-Z, a-z, 0-9, _ and -.
        """
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError("a deep link carries 1 to 64 of A-Z, a-z, 0-9, _ and -")
        try:
            me = await self._api.call("getMe")
            return f"https://t.me/{me['username']}?start={payload}"
        except Exception as error:
            failure = delivery_error(error)
        raise failure

    async def check(
        self, groups: Sequence[str] = (), *, titles: Mapping[str, str] | None = None
    ) -> list[Finding]:
        """Tell the truth about the bot: token, privacy, webhook, rights in groups.

        *titles* are what the groups are called, by their addresses.
        """
        url = self._webhook.url if self._webhook else ""
        return await check_bot(
            self._api, groups, webhook=url, now=self._clock(), titles=titles
        )

    @property
    def username(self) -> str:
        """Return the name of the bot; "" until it listens and Telegram has told it."""
        return self._listener.username

    @property
    def polls(self) -> bool:
        """Tell whether it asks for updates, instead of having them posted to it."""
        return self._webhook is None

    @property
    def heard_at(self) -> datetime | None:
        """Return when Telegram last answered a poll, or posted what we kept."""
        return self._listener.heard_at

    @property
    def trouble(self) -> str:
        """Say in a word what is wrong with listening; "" if nothing is known."""
        return self._listener.trouble

    async def _answer_press(self, press: str, aside: str) -> None:
        words = {"text": aside, "show_alert": True} if aside else {}
        await self._api.call("answerCallbackQuery", callback_query_id=press, **words)

    async def _found_out(self, old: str, new: str, message: str) -> None:
        """Tell the house that what goes to *old* went to *new*, in *message* if any."""
        log.warning("what was for %s goes to %s", old, new)
        values = moved(old=old, new=new, at=self._clock())
        incoming = Incoming(
            channel=self.name,
            product_id=f"moved:{old}:{message or new}",
            about=message,
            **values,
        )
        try:
            if self._tell:
                await self._tell(incoming)
        except Exception:  # it went out; and the next message finds out again
            log.exception("%s is not kept", incoming.product_id)
