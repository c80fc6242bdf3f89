"""A request as the outbox keeps it: the shape that the calls of products share."""

from typing import Self

import msgspec

from bot.errors import Refused


class KeptCall(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One API call, without its address.

    `words` are what buttons say that have no room for it, by their keys.
    """

    words: dict[str, str] = {}

    def encode(self) -> str:
        """Write a call down; equal calls are equal texts."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decode(cls, request: str) -> Self:
        """Read what `encode` wrote; raises Refused if it is nothing of the kind."""
        try:
            return msgspec.json.decode(request, type=cls)
        except (msgspec.DecodeError, UnicodeError):
            pass
        raise Refused(f"this is no request of {cls.__module__.rpartition('.')[0]}")

    @classmethod
    def words_of_button(cls, request: str, key: str) -> str:
        """Return what the button with *key* says under the message of *request*.

        "" if that message has no such button. Raises Refused as `decode`.
        """
        return cls.decode(request).words.get(key, "")
