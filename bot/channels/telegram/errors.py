"""What an error of a call means for a delivery; pure."""

import re
from collections import deque
from dataclasses import dataclass
from enum import Enum
from math import inf

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


class Reach(Enum):
    """Whom "too many requests" concerns, beside the chat in which we were told."""

    CHAT = "nobody else"
    BULK = "all that is no answer"
    ALL = "everybody"


@dataclass(frozen=True, slots=True)
class _Told:
    at: float
    chat: int
    was_careful: bool


class Floods:
    """Tells whom "too many requests" is meant for: a chat, what is sent unasked, all.

    A group has limits of its own. Two chats at one time say that we send too much, and
    all that is no answer is to wait. Whoever is told so even then, when only answers go
    and slowly, says that the bot may send nothing at all; a group alone says no more
    than before.
    """

    def __init__(self) -> None:
        """Begin without having been told anything."""
        self._told: deque[_Told] = deque(maxlen=100)
        self._careful_since = self._careful_until = -inf

    def reach(self, chat: int, *, began: float, now: float, seconds: float) -> Reach:
        """Note that *chat* is to wait so many *seconds*, by a call that *began* then.

        All moments are monotonic seconds.
        """
        told = _Told(now, chat, self._careful_since <= began and self._is_careful(now))
        others = [one for one in self._told if self._is_other(one, told)]
        self._told.append(told)
        reach = Reach.BULK if others else Reach.CHAT
        if told.was_careful and (chat > 0 or any(one.was_careful for one in others)):
            reach = Reach.ALL
        if reach is not Reach.CHAT:
            if not self._is_careful(now):
                self._careful_since = now
            self._careful_until = max(self._careful_until, now + seconds)
        return reach

    def _is_careful(self, now: float) -> bool:
        return now < self._careful_until

    def _is_other(self, one: _Told, told: _Told) -> bool:
        return one.chat != told.chat and one.at >= told.at - _TWO_CHATS_WITHIN


def delivery_error(error: Exception, *, reach: Reach = Reach.CHAT) -> DeliveryError:
    """Tell what became of a delivery whose call ended in *error*.

    *reach* says whom a flood concerns. Whatever is not certain is Unanswered.
    """
    words = hide(f"{type(error).__name__}: {error}")[:_LONGEST]
    if isinstance(error, DeliveryError):
        return error
    if isinstance(error, Flooded):
        return NotSent(
            words,
            retry_after=error.seconds,
            everywhere=reach is Reach.ALL,
            flooded=reach is not Reach.CHAT,
        )
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
