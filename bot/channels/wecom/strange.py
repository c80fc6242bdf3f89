"""Kinds of messages that mean nothing to us: each is told once, and ignored."""

import logging

log = logging.getLogger(__name__)

_MOST = 100  # kinds that are told of; their names come from outside
_LONGEST = 40  # characters of a name


class Strange:
    """Remembers which kinds were told of."""

    def __init__(self, channel: str) -> None:
        """Begin without knowing any of *channel*."""
        self._channel = channel
        self._known: set[str] = set()

    def note(self, *names: object) -> None:
        """Tell of a kind, known by its *names*, unless it was told of before."""
        kind = ":".join(one[:_LONGEST] for one in names if isinstance(one, str) and one)
        if kind in self._known or len(self._known) >= _MOST:
            return
        self._known.add(kind)
        log.info("%s: messages of the kind %r mean nothing to us", self._channel, kind)
