"""The logs of the processes that stay up: one JSON object a line, on stderr."""

import logging
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from pythonjsonlogger.json import JsonFormatter

# Passwords in URLs; tokens of Telegram's bots; what is called a secret, whoever writes
# it: in a query, or in words of JSON, whose quotes are escaped here.
_NAMES = r"[\w-]*(?:token|secret|password|passwd|pwd)"
_SECRETS = re.compile(
    r"(?<=://)[^\s/@]*:[^\s@]*(?=@)"
    r"|\d{6,12}(?::|%3A)[A-Za-z0-9_-]{30,}"
    r"|(?<=bot)\d+(?::|%3A)[A-Za-z0-9_-]+"
    rf"|(?P<name>(?:{_NAMES}|[\w-]*key)=|{_NAMES}\\?[\"']\s*:\s*\\?[\"'])"
    r"[^\s&\"'\\#,;)<>]+",
    re.IGNORECASE,
)
_OURS = ("bot", "handlers")
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}
_LONGEST = 600.0  # seconds between two lines about the same
_MOST = 1000  # complaints known before the old ones are forgotten


class _Formatter(JsonFormatter):
    """Hides what looks like a secret, in tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as a line of JSON."""
        return _SECRETS.sub(_masked, super().format(record))


def _masked(found: re.Match[str]) -> str:
    return f"{found['name'] or ''}***"


class Sparing(logging.Filter):
    """Lets the same complaint through at once, and then less and less often.

    So a store that is away for an hour is told of a dozen times and not ten thousand;
    `repeated` is how often it was held back. What has not come for twice as long as
    that is new again.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Take *now* for the seconds of a clock that never jumps."""
        super().__init__()
        self._now = now
        self._known: dict[tuple[str, ...], _Complaint] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to write a record."""
        if record.levelno < logging.WARNING:
            return True
        now, key = self._now(), _subject(record)
        known = self._known.get(key)
        if known is None or now > known.last + 2 * known.pause:
            self._forget_old(now)
            self._known[key] = _Complaint(told=now, last=now)
            return True
        known.last = now
        if now < known.told + known.pause:
            known.repeated += 1
            return False
        record.repeated = known.repeated
        known.told, known.repeated = now, 0
        known.pause = min(2 * known.pause, _LONGEST)
        return True

    def _forget_old(self, now: float) -> None:
        if len(self._known) >= _MOST:
            self._known = {
                key: one
                for key, one in self._known.items()
                if now <= one.last + 2 * one.pause
            }


@dataclass(slots=True)
class _Complaint:
    """When something was told and when it last came, and how long it is held back."""

    told: float
    last: float
    pause: float = 5.0
    repeated: int = 0


def _subject(record: logging.LogRecord) -> tuple[str, ...]:
    """Say what a record is about: its words and fields, and the error if it has one."""
    fields = {name: one for name, one in vars(record).items() if name not in _PLAIN}
    error = record.exc_info[1] if record.exc_info else None
    return record.name, record.getMessage(), repr(fields), repr(error)


def log_as_json() -> None:
    """Let every logger write JSON: ours from INFO on, libraries from WARNING on.

    The same complaint is written less and less often while it goes on.
    What is logged at INFO names people and messages by their ids, and quotes nobody.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Sparing())
    handler.setFormatter(
        _Formatter(
            "{levelname}{name}{message}",
            style="{",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            json_ensure_ascii=False,
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
