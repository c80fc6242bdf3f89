"""Keeps the bot's token out of errors and logs."""

import logging
import re

from bot.channels.silence import Silence

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


# python-telegram-bot logs addresses and whole messages at DEBUG.
_SILENCE = Silence(hide)


def silence(*names: str) -> None:
    """Put a silence on loggers; doing it again changes nothing."""
    for name in names:
        logging.getLogger(name).addFilter(_SILENCE)
