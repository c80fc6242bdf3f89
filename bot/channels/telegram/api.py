"""The Bot API: raw calls through python-telegram-bot's Bot."""

from typing import Any

from telegram import Bot

from bot.channels.telegram.secrecy import silence
from bot.channels.telegram.transport import Transport

BASE_URL = "https://api.telegram.org/bot"

_LONG_POLL = 10.0  # seconds more than a long poll itself may last


class Api(Bot):
    """Calls methods by their names, with raw values both ways.

    python-telegram-bot's own methods would read every object of an answer (half a
    millisecond of it for one message), fail for a whole batch of updates because of
    one, and know no parameter that is younger than they are.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str = BASE_URL,
        base_file_url: str = "",
        proxy: str | None = None,
    ) -> None:
        """Prepare to call; the token is put behind both addresses.

        Files lie at *base_file_url*; "" stands for the usual place beside *base_url*.
        """
        silence("telegram.Bot", "telegram.request.BaseRequest", "telegram.request")
        self._calls = Transport(token=token, proxy=proxy)
        self._polls = Transport(token=token, proxy=proxy, connections=2)
        super().__init__(
            token,
            base_url=base_url,
            base_file_url=base_file_url or _beside(base_url),
            request=self._calls,
            get_updates_request=self._polls,
        )

    def __repr__(self) -> str:
        """Say what it is, without the token."""
        return "Api()"

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method of the Bot API; None leaves a parameter out.

        Returns what is in `result`. Raises errors of python-telegram-bot alone, and
        ValueError if the answer has no result.
        """
        try:
            return await self._post(method, parameters)
        except KeyError:
            pass
        raise ValueError("the server's answer has no result")

    async def poll(
        self, *, offset: int | None, seconds: int, kinds: tuple[str, ...]
    ) -> list[Any]:
        """Wait at most *seconds* for updates from *offset* on, raw and 100 at most."""
        parameters = {
            "offset": offset,
            "timeout": seconds,
            "limit": 100,
            "allowed_updates": kinds,
        }
        result = await self._post(
            "getUpdates", parameters, read_timeout=seconds + _LONG_POLL
        )
        if not isinstance(result, list):
            raise ValueError("getUpdates has brought no list")
        return result

    async def download(self, path: str) -> bytes:
        """Return the content of a file that `getFile` told the *path* of."""
        return await self._calls.retrieve(f"{self._base_file_url}/{path}")

    async def renew_polling(self) -> None:
        """Give up the connection of long polls, and open another."""
        await self._polls.shutdown()
        await self._polls.initialize()

    async def open(self) -> None:
        """Open all connections."""
        await self._calls.initialize()
        await self._polls.initialize()

    async def close_connections(self) -> None:
        """Close all connections; safe to call twice."""
        await self._calls.shutdown()
        await self._polls.shutdown()


def _beside(base_url: str) -> str:
    start, found, end = base_url.rpartition("/bot")
    return f"{start}/file/bot{end}" if found else base_url
