"""Keeps the bot's token out of errors and logs."""

import logging
import re

_TOKEN = re.compile(r"\d+(?::|%3[aA])[A-Za-z0-9_-]{30,}")
_STARS = "***"
_SHORTEST = 20  # characters of a secret that no other word is like


def hide(text: str) -> str:
    """Replace whatever looks like a token."""
    return _TOKEN.sub(_STARS, text)


def hide_in_bytes(body: bytes, token: str) -> bytes:
    """Replace *token* in what a server sent: error pages like to quote the address."""
    secret = token.rpartition(":")[2]
    secret = secret if len(secret) >= _SHORTEST else token
    found = secret.encode()
    return body.replace(found, _STARS.encode()) if found in body else body


class Silence(logging.Filter):
    """Drops what a logger has to say below WARNING, and hides tokens in the rest.

    python-telegram-bot logs addresses and whole messages at DEBUG.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record may be written; it is cleaned on the way."""
        if record.levelno < logging.WARNING:
            return False
        record.msg, record.args = hide(record.getMessage()), None
        return True


_SILENCE = Silence()


def silence(*names: str) -> None:
    """Put a silence on loggers; doing it again changes nothing."""
    for name in names:
        logging.getLogger(name).addFilter(_SILENCE)
