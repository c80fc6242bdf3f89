"""Keeps libraries from logging what they are told: addresses, bodies, secrets."""

import logging
from collections.abc import Callable


class Silence(logging.Filter):
    """Drops what a logger has to say below WARNING, and hides secrets in the rest."""

    def __init__(self, hide: Callable[[str], str]) -> None:
        super().__init__()
        self._hide = hide

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record may be written; it is cleaned on the way."""
        if record.levelno < logging.WARNING:
            return False
        record.msg, record.args = self._hide(record.getMessage()), None
        return True
