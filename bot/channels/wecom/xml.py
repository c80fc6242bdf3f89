"""What a callback says, as plain values: XML read so that it can do no harm.

xmltodict refuses entities by itself. What is left are a DOCTYPE without any, and that
a list of one looks like no list: both are seen to here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError

Fields = Mapping[str, Any]

# With the root at the head there is no DOCTYPE, and without one no entity. To look
# further would refuse who writes "<!DOCTYPE" to the bot.
_ROOT_FIRST = re.compile(r"\s*(<\?xml[^<>]*\?>\s*)?<xml[\s/>]")

# XML has no place for these; words copied from an office document may have them.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Unreadable(ValueError):
    """It is no XML of WeCom's; says why in a word, and nothing of its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What stands around the encrypted part; only `encrypt` is signed."""

    to: str
    agent: str
    encrypt: str


def read_cover(body: bytes) -> Cover:
    """Read a posted body; raises Unreadable."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("encoding") from None
    fields = read_fields(text)
    encrypt = word(fields, "Encrypt")
    if not encrypt:
        raise Unreadable("no Encrypt")
    return Cover(
        to=word(fields, "ToUserName"), agent=word(fields, "AgentID"), encrypt=encrypt
    )


def read_fields(text: str) -> Fields:
    """Read what stands in <xml>; raises Unreadable, and nothing else."""
    import xmltodict

    if not _ROOT_FIRST.match(text):
        raise Unreadable("no <xml> at the head")
    try:
        text = _CONTROLS.sub(" ", text)
        found = xmltodict.parse(text, disable_entities=True)["xml"]
    except (ExpatError, ValueError, KeyError, TypeError, RecursionError) as error:
        kind = type(error).__name__
    else:
        if isinstance(found, dict):
            return found
        kind = "no fields"
    raise Unreadable(kind)


def word(fields: Fields, name: str) -> str:
    """Return a field that is a text, "" for one that is missing or is none."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def each(holder: object, *names: str) -> list[Any]:
    """Follow *names* inwards; returns the last as a list, however many there are."""
    for name in names:
        holder = holder.get(name) if isinstance(holder, Mapping) else None
    if holder is None:
        return []
    return holder if isinstance(holder, list) else [holder]
