"""The robot (智能机器人) as a channel of the house: one bot, on its long connection."""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime

import msgspec

from bot.channels.wecom.errors import Finding
from bot.channels.wecom.fetching import fetch_media
from bot.channels.wecom.heard import Heard
from bot.channels.wecom.intake_robot import kind_of, read_body
from bot.channels.wecom.keeping import Keeper, KeepUnreadable, log_unreadable
from bot.channels.wecom.link import Frame, Rhythm, req_id_of
from bot.channels.wecom.robot_checkup import check_robot
from bot.channels.wecom.sending_robot import Sender
from bot.channels.wecom.socket import URL, Socket
from bot.channels.wecom.strange import Strange
from bot.channels.wecom.write_robot import write_reply
from bot.errors import SettingsError
from bot.messages import Attachment, Limit, Manners, Reply, Take

log = logging.getLogger(__name__)

_CALLBACKS = frozenset({"aibot_msg_callback", "aibot_event_callback"})
_SETTLING = 1.0  # seconds for the store to take the last of what was heard

_OF_A_CHAT = (Limit(30, 60.0, reserve=6), Limit(1000, 3600.0, reserve=100))


def _limits_of(address: str) -> tuple[Limit, ...]:
    return _OF_A_CHAT


MANNERS = Manners(limits_of=_limits_of, in_flight=8, answers_in_flight=24)
"""30 a minute and 1000 an hour to a chat, answers and all the rest together."""


class WecomBot:
    """One robot: hears and sends over one connection, of which there is one only.

    channel = WecomBot(bot_id=bot_id, secret=secret, bot_name="助手", clock=clock)
    await channel.start(take)        # returns at once and listens from then on
    for request in channel.write(chat, reply):
        await channel.send(chat, request)
    await channel.stop()
    """

    name = "wecom_bot"

    def __init__(
        self,
        *,
        bot_id: str,
        secret: str,
        clock: Callable[[], datetime],
        bot_name: str = "",
        url: str = URL,
        proxy: str | None = None,
        unreadable: KeepUnreadable = log_unreadable,
        manners: Manners = MANNERS,
        rhythm: Rhythm | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Prepare to be the robot *bot_id*, which people call *bot_name*.

        *unreadable* keeps what cannot be read. Raises SettingsError.
        """
        if not bot_id.strip() or not secret.strip():
            raise SettingsError(
                "the robot's id or secret is missing",
                reply="请配置 wecom.bot_id 和环境变量 BOT_WECOM_BOT_SECRET。",
            )
        self.manners = manners
        self.bot_name = bot_name.strip()
        self._clock = clock
        self._unreadable = unreadable
        self._proxy = proxy
        self._heard = Heard()
        self._strange = Strange(self.name)
        self._socket = Socket(
            self._hear,
            bot_id=bot_id.strip(),
            secret=secret.strip(),
            clock=clock,
            url=url,
            proxy=proxy,
            rhythm=rhythm,
            chance=chance,
        )
        self._sender = Sender(self._socket, self._heard)
        self._keeper: Keeper | None = None
        self._listening: asyncio.Task[None] | None = None

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Put *reply* into messages, in their order."""
        return write_reply(reply, instead_of=instead_of)

    async def start(self, take: Take) -> None:
        """Begin to listen, and call *take* once for each message that arrives.

        Returns at once. While WeCom cannot be reached, it is tried again, for ever.
        """
        if self._listening is None:
            self._keeper = Keeper(take, self._unreadable, channel=self.name)
            self._listening = asyncio.create_task(self._socket.run())

    async def send(self, address: str, request: str) -> str:
        """Make the request of *request* in a chat; returns the id of a card.

        Raises NotSent, Refused or Unanswered; NotSent while it does not listen.
        """
        return await self._sender.send(address, request)

    async def rest(self) -> None:
        """Stop listening, until `start` is called again; safe to call twice."""
        listening, self._listening = self._listening, None
        if listening:
            listening.cancel()
            await asyncio.wait([listening])

    async def stop(self) -> None:
        """Stop listening and free everything; safe to call twice."""
        await self.rest()
        if self._keeper:
            await self._keeper.settle(within=_SETTLING)

    async def fetch(self, attachment: Attachment) -> bytes:
        """Return the content of a file that came in, within five minutes.

        Raises Refused if WeCom does not give it any more, NotSent if it may later.
        """
        return await fetch_media(attachment, proxy=self._proxy)

    def check(self) -> list[Finding]:
        """Tell how the robot is; asks nobody: another connection would end this."""
        listens = self._listening is not None
        return check_robot(
            bot_name=self.bot_name, trouble=self.trouble, listens=listens
        )

    @property
    def can_send(self) -> bool:
        """Tell whether it is subscribed here, so that what waits may go out."""
        return self._socket.is_open

    @property
    def polls(self) -> bool:
        """Tell that one process at a time may listen."""
        return True

    @property
    def heard_at(self) -> datetime | None:
        """Return when WeCom last said anything, be it that it heard a ping."""
        return self._socket.heard_at

    @property
    def trouble(self) -> str:
        """Say in a word what is wrong with listening; "" if nothing is known."""
        keeping = self._keeper.trouble if self._keeper else ""
        return self._socket.trouble or keeping

    async def _hear(self, frame: Frame) -> None:
        """Have kept what people said and did."""
        keeper = self._keeper
        if keeper is None or frame.get("cmd") not in _CALLBACKS:
            return
        try:
            incoming = read_body(
                frame.get("body"),
                channel=self.name,
                bot_name=self.bot_name,
                req_id=req_id_of(frame),
                now=self._clock(),
            )
        except ValueError as error:
            raw = msgspec.json.encode(frame.get("body")).decode()
            return await keeper.put_unreadable(raw, error)
        if incoming:
            self._heard.note(incoming)
            await keeper.put(incoming)
        else:
            self._strange.note(*kind_of(frame.get("body")))
