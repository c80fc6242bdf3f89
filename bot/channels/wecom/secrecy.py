"""Keeps WeCom's secrets out of errors and logs."""

import logging
import re

from bot.channels.silence import Silence

# How secrets stand in addresses and bodies; what a person wrote looks otherwise.
_SECRET = re.compile(
    r"(?i)(?P<name>(?:access_token|corpsecret|secret|key|aeskey|msg_signature"
    r"|response_code)[\"']?\s*(?:=|%3D|:)\s*[\"']?)(?P<value>[^&\s\"'<>,;]{4,})"
)
_LOUD = ("httpx", "httpcore", "urllib3", "requests", "websockets")


def hide(text: str) -> str:
    """Replace what stands where a secret stands."""
    return _SECRET.sub(r"\g<name>***", text)


# httpx logs the whole address of each call at INFO, which holds the token.
_SILENCE = Silence(hide)


def silence() -> None:
    """Quieten the loggers of whatever speaks HTTP; doing it again changes nothing."""
    known = [name for name in logging.Logger.manager.loggerDict if _is_loud(name)]
    for name in {*_LOUD, *known, "httpcore.connection", "httpcore.http11"}:
        logging.getLogger(name).addFilter(_SILENCE)


def _is_loud(name: str) -> bool:
    return name.partition(".")[0] in _LOUD
