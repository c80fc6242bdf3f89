"""Connections at the door that never say what they want."""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

SLOWEST = 15.0
"""Seconds in which the head of a request must have come; a proxy has it at once."""


class Impatient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """Uvicorn's protocol; it ends a connection on which no whole head arrives.

    Uvicorn itself waits for ever, so that idle strangers might use up all connections.
    """

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait for the next head as soon as it begins, until it is whole."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait()
        else:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(SLOWEST, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
