"""Stays subscribed: connects again after every kind of end, slower each time."""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime
from math import inf

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake

from bot.channels.wecom.errors import A_MINUTE, ApiError, Kind
from bot.channels.wecom.link import End, Hear, Link, Rhythm
from bot.errors import NotSent, SettingsError

log = logging.getLogger(__name__)

URL = "wss://openws.work.weixin.qq.com"

SOON = 1.0
"""Seconds until one may try again to send, for then we may be subscribed again."""

_MOST_TRIES = 5  # with a secret that is refused; then slowly
_MOST_BYTES = 4 * 1024 * 1024  # of one frame
_FAREWELL = 1.0  # seconds that the other side gets to say good-bye

# At DEBUG it would write down whole frames, with the secret and what people say.
_wire = logging.getLogger(f"{__name__}.wire")
_wire.setLevel(logging.WARNING)


class Socket:
    """The one connection of a robot, again and again, for as long as `run` runs.

    A new subscription ends the one before, wherever that is: whoever runs this holds
    the right to listen. What is wrong is in `trouble`, "" while we are subscribed.
    """

    def __init__(
        self,
        hear: Hear,
        *,
        bot_id: str,
        secret: str,
        clock: Callable[[], datetime],
        url: str = URL,
        proxy: str | None = None,
        rhythm: Rhythm | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Prepare to subscribe as *bot_id*; raises SettingsError for what is no URL."""
        if not url.startswith(("ws://", "wss://")):
            raise SettingsError("the robot's address must begin with wss://")
        self._hear = hear
        self._bot_id = bot_id
        self._secret = secret
        self._clock = clock
        self._url = url
        self._proxy = proxy
        self._rhythm = rhythm or Rhythm()
        self._chance = chance
        self._link: Link | None = None
        self._failures = self._refusals = self._kicks = 0
        self._subscribed_at = inf
        self.trouble = ""
        self.heard_at: datetime | None = None

    @property
    def link(self) -> Link:
        """Return the connection to send through. Raises NotSent while there is none."""
        if self._link is None or not self._link.is_open:
            why = self.trouble or "not connected"
            words = f"the robot is not subscribed: {why}"
            raise NotSent(words, retry_after=SOON, everywhere=True)
        return self._link

    @property
    def is_open(self) -> bool:
        """Tell whether one may send now."""
        return self._link is not None and self._link.is_open

    async def run(self) -> None:
        """Be subscribed until cancelled; one try a pause."""
        self._failures = self._refusals = self._kicks = 0
        while True:
            self._subscribed_at = inf
            pause = await self._live_once()
            await asyncio.sleep(pause)

    async def _live_once(self) -> float:
        """Subscribe and hear; returns how long to wait then."""
        try:
            end = await self._live()
        except ApiError as error:
            return self._after_refusal(error)
        except Exception as error:  # whatever it was, we go on listening
            self._tell(error)
            return self._back_off()
        finally:
            self._link = None
        lasted = asyncio.get_running_loop().time() - self._subscribed_at
        self.trouble = "" if end is End.QUIET else str(end)
        log.info("robot: %s, after %d s", end, lasted)
        if lasted > self._rhythm.longest:
            self._failures = 0
        if lasted > self._rhythm.refused:
            self._kicks = 0
        return self._after_kick() if end is End.KICKED else self._back_off()

    async def _live(self) -> End:
        connection = await connect(
            self._url,
            proxy=self._proxy,
            open_timeout=2 * self._rhythm.answer,
            ping_interval=None,  # WeCom has pings of its own
            close_timeout=_FAREWELL,
            max_size=_MOST_BYTES,
            logger=_wire,
        )
        self._link = Link(
            connection, self._hear, rhythm=self._rhythm, sign=self._note_sign
        )
        return await self._link.live(
            bot_id=self._bot_id, secret=self._secret, subscribed=self._note_subscribed
        )

    def _note_subscribed(self) -> None:
        log.info("robot: subscribed")
        self.trouble = ""
        self._refusals = 0
        self._subscribed_at = asyncio.get_running_loop().time()

    def _note_sign(self) -> None:
        self.heard_at = self._clock()

    def _after_refusal(self, error: ApiError) -> float:
        """Try a bad secret five times, then hardly ever: somebody has to mend it."""
        self.trouble = f"ApiError: {error}"
        log.error("robot: the subscription was refused: %s", error)
        if error.kind is Kind.TOO_OFTEN:
            return A_MINUTE
        if error.kind not in (Kind.STOPPED, Kind.TOKEN):
            return self._back_off()
        self._refusals += 1
        if self._refusals >= _MOST_TRIES:
            return self._rhythm.refused
        return self._rhythm.first * 2.0**self._refusals

    def _tell(self, error: Exception) -> None:
        is_far = isinstance(error, OSError | InvalidHandshake)
        kind = "NotReached" if is_far else "NoAnswer"
        self.trouble = f"{kind}: {type(error).__name__}"
        log.warning("robot: %s", self.trouble)

    def _after_kick(self) -> float:
        """Leave the place to who took it, for a while that grows."""
        log.error("robot: another program subscribed with our bot id")
        self._kicks += 1
        pause = self._rhythm.kicked * 2.0 ** min(self._kicks - 1, 10)
        return min(pause, self._rhythm.refused)

    def _back_off(self) -> float:
        """Return a pause, at random below a bound that doubles up to the longest."""
        bound = self._rhythm.first * 2.0 ** min(self._failures, 10)
        self._failures += 1
        return min(bound, self._rhythm.longest) * self._chance()
