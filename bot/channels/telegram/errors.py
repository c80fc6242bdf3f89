"""What an error of a call means for a delivery; pure."""

import re
from collections import deque

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
)

from bot.channels.telegram.secrecy import hide
from bot.channels.telegram.transport import Flooded, NotReached
from bot.errors import DeliveryError, NotSent, Refused, Unanswered

REST = 60.0
"""Seconds before a token that Telegram does not know is tried again."""

_LONGEST = 200  # characters of what Telegram says, as it may quote a message
_TWO_CHATS_WITHIN = 5.0  # seconds; then it is not the chat that has had too many

# 400 where the chat takes nothing any more, as 403 would say it.
_GONE = re.compile(
    "chat not found|peer_id_invalid|user not found|group chat was|chat_write_forbidden"
    "|(not enough|have no|need administrator) rights|bot is not a member"
    "|chat_restricted|chat_send_plain_forbidden|no write access"
    "|input_user_deactivated|user is deactivated",
    re.IGNORECASE,
)
# Where the chat takes words all the same.
_NO_FILES = re.compile(
    r"rights to send (?!a message|(text )?messages?\b)"
    r"|chat_send_(?!plain)\w+_forbidden",
    re.IGNORECASE,
)


class Floods:
    """Tells whether "too many requests" is meant for one chat or for the bot."""

    def __init__(self) -> None:
        """Begin without having been told anything."""
        self._told: deque[tuple[float, int]] = deque(maxlen=100)

    def is_everywhere(self, chat: int, *, now: float) -> bool:
        """Note that *chat* has had too many; True if another had, 5 s ago at most."""
        self._told.append((now, chat))
        since = now - _TWO_CHATS_WITHIN
        return any(at >= since and other != chat for at, other in self._told)


def delivery_error(error: Exception, *, everywhere: bool = False) -> DeliveryError:
    """Tell what became of a delivery whose call ended in *error*.

    *everywhere* says whom a flood concerns. Whatever is not certain is Unanswered.
    """
    words = hide(f"{type(error).__name__}: {error}")[:_LONGEST]
    if isinstance(error, DeliveryError):
        return error
    if isinstance(error, Flooded):
        return NotSent(words, retry_after=error.seconds, everywhere=everywhere)
    if isinstance(error, InvalidToken | EndPointNotFound):
        return NotSent(words, retry_after=REST, everywhere=True)
    if isinstance(error, NotReached):
        return NotSent(words, everywhere=True)
    if isinstance(error, ChatMigrated):
        return Refused(words, gone=True)
    if isinstance(error, Forbidden | BadRequest):
        is_gone = isinstance(error, Forbidden) or _GONE.search(str(error))
        return Refused(words, gone=bool(is_gone) and not _NO_FILES.search(str(error)))
    if isinstance(error, NetworkError | TimeoutError):
        return Unanswered(words)
    return Unanswered(type(error).__name__)  # a stranger might quote anything


def says(error: BadRequest, *words: str) -> bool:
    """Tell whether Telegram's words hold any of *words*, which are in small letters."""
    said = str(error).lower()
    return any(word in said for word in words)
