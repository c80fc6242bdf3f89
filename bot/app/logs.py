"""The logs of the processes that stay up: one JSON object a line, on stderr."""

import logging
import re
import sys

from pythonjsonlogger.json import JsonFormatter

# Passwords in URLs, and what looks like a bot's token, whoever writes them.
_SECRETS = re.compile(r"(?<=://)[^\s/@]*:[^\s@]*(?=@)|\d{6,12}:[A-Za-z0-9_-]{30,}")
_OURS = ("bot", "handlers")


class _Formatter(JsonFormatter):
    """Hides what looks like a secret, in tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as a line of JSON."""
        return _SECRETS.sub("***", super().format(record))


def log_as_json() -> None:
    """Let every logger write JSON: ours from INFO on, libraries from WARNING on.

    What is logged at INFO names people and messages by their ids, and quotes nobody.
    """
    handler = logging.StreamHandler(sys.stderr)
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
