"""Keeps WeCom's secrets out of errors and logs."""

import logging
import re

# How secrets stand in addresses and bodies; what a person wrote looks otherwise.
_SECRET = re.compile(
    r"(?i)(?P<name>(?:access_token|corpsecret|secret|key|aeskey|msg_signature"
    r"|response_code)[\"']?\s*(?:=|%3D|:)\s*[\"']?)(?P<value>[^&\s\"'<>,;]{4,})"
)
_LOUD = ("httpx", "httpcore", "urllib3", "requests", "websockets")


def hide(text: str) -> str:
    """Replace what stands where a secret stands."""
    return _SECRET.sub(r"\g<name>***", text)


class Silence(logging.Filter):
    """Drops what a logger has to say below WARNING, and hides secrets in the rest.

    httpx logs the whole address of each call at INFO, which holds the token.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record may be written; it is cleaned on the way."""
        if record.levelno < logging.WARNING:
            return False
        record.msg, record.args = hide(record.getMessage()), None
        return True


_SILENCE = Silence()


def silence() -> None:
    """Quieten the loggers of whatever speaks HTTP; doing it again changes nothing."""
    known = [name for name in logging.Logger.manager.loggerDict if _is_loud(name)]
    for name in {*_LOUD, *known, "httpcore.connection", "httpcore.http11"}:
        logging.getLogger(name).addFilter(_SILENCE)


def _is_loud(name: str) -> bool:
    return name.partition(".")[0] in _LOUD
