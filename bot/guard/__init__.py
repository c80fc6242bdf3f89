"""The guard: numbers of people and marks of secrecy are found, before all else.

What is guarded once is guarded for good: guarding it again changes nothing.
"""

import re

from msgspec.structs import replace

from bot.guard.numbers import is_card, is_identity, is_masked
from bot.guard.odd_forms import mask_all
from bot.guard.secrecy import (
    UNSEEN,
    bears_mark,
    is_secret,
    is_secret_name,
    is_suspect,
)
from bot.messages import Incoming

__all__ = [
    "ADVICE",
    "ADVICE_ON",
    "REFUSED",
    "REFUSED_NUMBER",
    "bears_mark",
    "guarded",
    "guarded_raw",
    "inert",
    "is_card",
    "is_identity",
    "is_masked",
    "is_secret",
    "is_secret_name",
    "masked",
]

REFUSED = "［内容不宜在此传送，未予保存］"
"""What is kept of a message that was refused, in place of all that it said."""

REFUSED_NUMBER = "［有不宜在此传送的号码，未予保存］"
"""The same, where the number of an identity card or of a bank card was said."""

ADVICE = "该内容不宜在此传送，未予保存，请按保密规定走正式渠道。"
"""What is told to whoever sent what is refused."""

ADVICE_ON = {
    REFUSED: ADVICE,
    REFUSED_NUMBER: f"{ADVICE}\n其中有身份证号或银行卡号，去掉后可以重新发送。",
}
"""The same by what is kept of it."""


def masked(text: str) -> str:
    """Return *text* with the numbers of identity cards and bank cards made illegible.

    So much of each is left that its sender knows it again, too little to restore it.
    """
    return mask_all(text) if is_suspect(text) else text


def guarded(incoming: Incoming) -> Incoming:
    """Return a message as it may be kept, or with nothing of what it said.

    What it quotes of others is masked; of one that is refused stay who sent it, where,
    and the product's ids.
    """
    names = "\n".join(one.name for one in incoming.attachments)
    said = "\n".join((incoming.text, incoming.quote, names, incoming.title))
    if not is_suspect(said):
        return incoming
    if any(map(is_secret, (incoming.text, incoming.quote))) or is_secret_name(names):
        return _refused(incoming, REFUSED)
    if any(mask_all(said) != said for said in (incoming.text, names)):
        return _refused(incoming, REFUSED_NUMBER)
    return replace(
        incoming, quote=mask_all(incoming.quote), title=mask_all(incoming.title)
    )


def _refused(incoming: Incoming, kept: str) -> Incoming:
    title = mask_all(incoming.title)
    return replace(
        incoming, text=kept, quote="", button="", title=title, attachments=()
    )


_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def guarded_raw(raw: str) -> str:
    """Return an update that nobody could read as it may be kept."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw)
    if not is_suspect(plain):
        return raw
    if is_secret(plain):
        return REFUSED
    hidden = mask_all(plain)
    return raw if hidden == plain else hidden


_LINKS = (
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}):(?=\S)"), r"\1："),
    (re.compile(r"(?<=[\w-])\.(?=[A-Za-z]{2})|(?<=[^\W\d])\.(?=[^\W\d_]{2})"), "．"),
    (re.compile(r"(?<=\d)\.(?=\d{1,3}\.\d{1,3}\.\d)"), "．"),  # 10.0.0.1, no date
    (re.compile(r"@(?=\S)"), "＠"),
    (re.compile(r"(?<![\w/])/(?=[A-Za-z])"), "／"),
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MARKUP = str.maketrans("<>[]`", "＜＞［］｀")


def inert(words: str) -> str:
    """Return what somebody said as it may be shown to others, in any product.

    No link can be pressed in it, nobody is called, nothing is marked up or turned
    round; what it says can still be read.
    """
    shown = _CONTROL.sub("", UNSEEN.sub("", words)).translate(_MARKUP)
    for pattern, instead in _LINKS:
        shown = pattern.sub(instead, shown)
    return shown
