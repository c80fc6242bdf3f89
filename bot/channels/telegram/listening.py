"""Listens: learns who the bot is, shows its menus, then polls or waits to be called."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from bot.channels.telegram.api import Api
from bot.channels.telegram.commands import menus
from bot.channels.telegram.errors import delivery_error
from bot.channels.telegram.intake import Intake, IsAdmin, KeepUnreadable
from bot.channels.telegram.objects import ALLOWED_UPDATES, Me
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.webhook import Webhook
from bot.errors import DeliveryError, NotSent, StoreError
from bot.messages import Take

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_EVERY = 30.0
"""Seconds between two looks whether the webhook is still ours."""

MENUS_AGAIN = 600.0
"""Seconds before menus that could not be shown are tried again."""

_PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)  # seconds until Telegram is asked again


class Listener:
    """Hears what people say to one bot, by whichever way is configured."""

    def __init__(
        self,
        api: Api,
        presses: Presses,
        *,
        channel: str,
        clock: Callable[[], datetime],
        unreadable: KeepUnreadable,
        webhook: Webhook | None,
        poll_seconds: int,
        is_admin: IsAdmin,
    ) -> None:
        """Prepare to listen; with a *webhook* Telegram calls us, else we poll."""
        self._api = api
        self._presses = presses
        self._channel = channel
        self._clock = clock
        self._unreadable = unreadable
        self._webhook = webhook
        self._poll_seconds = poll_seconds
        self._is_admin = is_admin
        self._intake: Intake | None = None
        self._poller: Poller | None = None
        self._trouble = ""
        self.username = ""
        self.is_ready = False
        self.heard_at: datetime | None = None

    @property
    def trouble(self) -> str:
        """Say what is wrong; "" if nothing is known."""
        return self._trouble or (self._poller.trouble if self._poller else "")

    async def run(self, take: Take) -> None:
        """Listen until cancelled."""
        me = await self._patiently(self._ask_who_we_are)
        self.username = me.username
        self._intake = Intake(
            channel=self._channel,
            me=me,
            take=take,
            unreadable=self._unreadable,
            presses=self._presses,
            clock=self._clock,
            is_admin=self._is_admin,
        )
        await self._patiently(self._choose_way)
        are_shown = await self._show_menus()
        self.is_ready = True
        async with asyncio.TaskGroup() as both:
            if not are_shown:
                both.create_task(self._show_menus_later())
            await self._listen(self._intake)

    async def _listen(self, intake: Intake) -> None:
        if self._webhook is None:
            self._poller = Poller(
                self._fetch,
                intake.accept,
                renew=self._api.renew_polling,
                heard=self._note_heard,
            )
            await self._poller.run()
        else:
            await self._look_after(self._webhook.url)

    async def _look_after(self, url: str) -> None:
        """Set the webhook again if somebody took it away; else we would be deaf."""
        pause = LOOK_EVERY
        while True:
            await asyncio.sleep(pause)
            pause = LOOK_EVERY
            try:
                info = await self._api.call("getWebhookInfo")
                if info.get("url") != url:
                    log.warning("the webhook was changed by others, and is set again")
                    await self._choose_way()
                self._trouble = ""
            except Exception as error:
                failure = delivery_error(error)
                self._trouble = str(failure)
                pause = max(pause, _asked_to_wait(failure))

    async def accept_body(self, body: bytes) -> None:
        """Keep what was posted; raises if it is not kept."""
        if self._intake is None:
            raise StoreError("we do not know yet who we are, so it must come again")
        await self._intake.accept_body(body)
        self._note_heard()

    async def _ask_who_we_are(self) -> Me:
        return msgspec.convert(await self._api.call("getMe"), Me)

    async def _choose_way(self) -> None:
        """Set the webhook, or take away one that would keep us from polling."""
        if self._webhook is None:
            await self._api.call("deleteWebhook")
            return
        await self._api.call(
            "setWebhook",
            url=self._webhook.url,
            secret_token=self._webhook.secret,
            max_connections=self._webhook.connections,
            allowed_updates=ALLOWED_UPDATES,
        )

    async def _show_menus(self) -> bool:
        """Have the commands shown; a bot without its menus still answers."""
        try:
            for menu in menus():
                await self._api.call("setMyCommands", **menu)
        except Exception as error:
            failure = delivery_error(error)
            log.warning("the menus are not shown: %s", failure)
            return False
        return True

    async def _show_menus_later(self) -> None:
        are_shown = False
        while not are_shown:
            await asyncio.sleep(MENUS_AGAIN)
            are_shown = await self._show_menus()

    async def _fetch(self, offset: int | None) -> list[Any]:
        return await self._api.poll(
            offset=offset, seconds=self._poll_seconds, kinds=ALLOWED_UPDATES
        )

    def _note_heard(self) -> None:
        self.heard_at = self._clock()

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask until there is an answer: Telegram may be far away when we begin."""
        tries = 0
        while True:
            try:
                answer = await ask()
            except Exception as error:
                failure = delivery_error(error)
                self._trouble = str(failure)
                log.warning("Telegram: %s", failure)
            else:
                self._trouble = ""
                return answer
            pause = _PAUSES[min(tries, len(_PAUSES) - 1)]
            await asyncio.sleep(max(pause, _asked_to_wait(failure)))
            tries += 1


def _asked_to_wait(failure: DeliveryError) -> float:
    """Return how many seconds Telegram wants to be left alone, 0 if it does not say."""
    return (failure.retry_after or 0.0) if isinstance(failure, NotSent) else 0.0
