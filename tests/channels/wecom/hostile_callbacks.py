"""What a hostile caller may put on a callback: of an application, or of a robot."""

import base64
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from platform_callbacks import AppLine, Line
from platform_envelope import Envelope
from platform_vectors import V2

OTHER_KEY = "Z8otherKeyOfTheTests0123456789abcdefghijklE"
SECRET_WORDS = "机密原文"


@dataclass(frozen=True)
class Attack:
    """A body and its query."""

    body: bytes
    query: dict[str, str]


Make = Callable[[Any], Attack]


def message(line: Any, **changes: Any) -> dict[str, Any]:
    """Make a genuine message, with some fields changed (None: left out)."""
    if isinstance(line, AppLine):
        fields = line.message("ZhangSan", "text", Content=SECRET_WORDS)
    else:
        fields = line.sayings.text("ZhangSan", SECRET_WORDS)
    fields |= changes
    return {name: value for name, value in fields.items() if value is not None}


def genuine(line: Line) -> Attack:
    return sealed(line, line.write(message(line)))


def sealed(
    line: Line, text: str, *, by: Envelope | None = None, at: int | None = None
) -> Attack:
    """Seal a text as the platform does, or as somebody else; sign it with our token."""
    return signed(line, (by or line.envelope).seal(text), at=at)


def signed(line: Line, encrypted: str, *, at: int | None = None) -> Attack:
    return Attack(line.wrap(encrypted), line.signed(encrypted, at=at))


def asked(line: Line, **changes: str | None) -> Attack:
    """Post a genuine body with another query (None: left out)."""
    attack = genuine(line)
    query = attack.query | changes
    return Attack(attack.body, {k: v for k, v in query.items() if v is not None})


def posted(line: Line, change: Callable[[bytes], bytes]) -> Attack:
    """Post another body with a genuine query."""
    attack = genuine(line)
    return replace(attack, body=change(attack.body))


def raw(line: Line, content: bytes) -> Attack:
    """Sign whatever bytes, encrypted as if they were a message."""
    return signed(line, line.envelope.seal_raw(content))


def inner(line: Line, body: bytes, *, length: int | None = None) -> bytes:
    """Put bytes where a message stands; *length* may lie."""
    size = len(body) if length is None else length
    receiver = line.envelope.receiver.encode()
    return bytes(16) + struct.pack(">I", size) + body + receiver


def _unpadded(line: Line, last: int) -> str:
    """Encrypt content whose last byte promises another padding than there is."""
    content = bytes(31) + bytes([last])
    sealed_twice = line.envelope.seal_raw(content)  # one block more: cut it off
    return base64.b64encode(base64.b64decode(sealed_twice)[:32]).decode()


def _late(line: Line, seconds: int) -> Attack:
    return sealed(line, line.write(message(line)), at=line.clock.seconds + seconds)


def _stranger(line: Line, **changes: str) -> Attack:
    """Seal with other keys; signed with our token all the same."""
    other = replace(line.envelope, **changes)
    return sealed(line, line.write(message(line)), by=other)


def _signed_by_another(line: Line) -> Attack:
    """Seal with our key, but sign with another token."""
    attack, encrypted = genuine(line), line.envelope.seal(line.write(message(line)))
    at, nonce = attack.query["timestamp"], attack.query["nonce"]
    other = replace(line.envelope, token="AnotherToken")
    signature = other.sign(timestamp=at, nonce=nonce, encrypted=encrypted)
    query = {"msg_signature": signature, "timestamp": at, "nonce": nonce}
    return Attack(line.wrap(encrypted), query)


NOT_GENUINE: dict[str, Make] = {
    "no query": lambda line: Attack(genuine(line).body, {}),
    "no signature": lambda line: asked(line, msg_signature=None),
    "empty signature": lambda line: asked(line, msg_signature=""),
    "wrong signature": lambda line: asked(line, msg_signature="0" * 40),
    "signature of no letters": lambda line: asked(line, msg_signature="签名" * 20),
    "another nonce": lambda line: asked(line, nonce="7"),
    "another time": lambda line: asked(line, timestamp=str(line.clock.seconds - 1)),
    "another body": lambda line: Attack(genuine(line).body, genuine(line).query),
    "another token": lambda line: _signed_by_another(line),
    "replayed after an hour": lambda line: _late(line, -3600),
    "replayed after six minutes": lambda line: _late(line, -361),
    "from the future": lambda line: _late(line, 3600),
    "from before 1970": lambda line: _late(line, -line.clock.seconds - 5),
    "another receiver": lambda line: _stranger(line, receiver="wwOtherCorp"),
    "a receiver that is longer": lambda line: _stranger(
        line, receiver=line.envelope.receiver + "x"
    ),
    "another key": lambda line: _stranger(line, key=OTHER_KEY),
    "the public example": lambda line: signed(line, V2.post.encrypted),
    "no base64": lambda line: signed(line, "这不是base64!"),
    "base64 with a gap": lambda line: signed(line, "AAAA AAAA"),
    "a single letter": lambda line: signed(line, "A"),
    "a block too short": lambda line: signed(line, "QUJD"),
    "half a block": lambda line: signed(line, base64.b64encode(bytes(16)).decode()),
    "a block of zeros": lambda line: signed(line, base64.b64encode(bytes(32)).decode()),
    "padding of 0": lambda line: signed(line, _unpadded(line, 0)),
    "padding of 33": lambda line: signed(line, _unpadded(line, 33)),
    "padding that is not": lambda line: signed(line, _unpadded(line, 9)),
    "sealed nothing": lambda line: raw(line, b""),
    "sealed 15 bytes": lambda line: raw(line, bytes(15)),
    "a length that lies": lambda line: raw(line, inner(line, b"<xml/>", length=9999)),
    "a length of 4 GB": lambda line: raw(
        line, inner(line, b"<xml/>", length=2**32 - 1)
    ),
    "letters that are none": lambda line: raw(
        line, inner(line, b"<xml>\xff\xfe</xml>")
    ),
}

TOO_LARGE: dict[str, Make] = {
    "10 MB of zeros": lambda line: posted(line, lambda body: bytes(10 * 1024 * 1024)),
    "10 MB behind a message": lambda line: posted(
        line, lambda body: body + b" " * 10 * 1024 * 1024
    ),
    "64 KB and one": lambda line: posted(
        line, lambda body: body + b" " * (64 * 1024 + 1 - len(body))
    ),
}


def changed(line: Line, **changes: Any) -> Attack:
    return sealed(line, line.write(message(line, **changes)))
