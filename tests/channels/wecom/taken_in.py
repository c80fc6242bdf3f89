"""What the house was brought by an app."""

from collections.abc import Callable

from bot.channels.wecom.app import WecomApp
from bot.channels.wecom.intake_app import AppAlert
from bot.messages import Incoming

MakeApp = Callable[..., WecomApp]


class TakenIn:
    """Keeps letters and alerts; with `fails` it keeps nothing."""

    def __init__(self) -> None:
        self.letters: list[Incoming] = []
        self.alerts: list[AppAlert] = []
        self.fails: Exception | None = None

    async def take(self, incoming: Incoming) -> None:
        if self.fails:
            raise self.fails
        self.letters.append(incoming)

    async def alarm(self, alert: AppAlert) -> None:
        self.alerts.append(alert)
