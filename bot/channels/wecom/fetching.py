"""Fetches what people send to the robot: encrypted, for five minutes, by an address."""

import base64
import binascii

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.wecom.secrecy import silence
from bot.errors import NotSent, Refused
from bot.messages import Attachment

MOST_IN = 20 * 1024 * 1024
"""Bytes of a file that we take."""

_PATIENCE = 30.0
_BLOCK = 32


async def fetch_media(attachment: Attachment, *, proxy: str | None = None) -> bytes:
    """Return the content of a file.

    Raises Refused if it is not given any more or cannot be read, NotSent if it may
    be had later.
    """
    silence()  # the address is a secret, too
    key, _, url = attachment.at.partition(" ")
    try:
        async with httpx.AsyncClient(
            proxy=proxy, timeout=_PATIENCE, trust_env=False
        ) as client:
            sealed = await _download(client, url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        failure = NotSent(f"the file was not fetched: {type(error).__name__}")
    else:
        return open_media(sealed, key) if key else sealed
    raise failure


async def _download(client: httpx.AsyncClient, url: str) -> bytes:
    async with client.stream("GET", url) as answer:
        if answer.status_code != 200:
            kind = NotSent if answer.status_code >= 500 else Refused
            raise kind(f"the file is not given: HTTP {answer.status_code}")
        content = bytearray()
        async for piece in answer.aiter_bytes():
            content += piece
            if len(content) > MOST_IN + _BLOCK:
                raise Refused("the file is larger than 20 MB")
    return bytes(content)


def open_media(sealed: bytes, aeskey: str) -> bytes:
    """Decrypt a file: AES-256-CBC, padded to 32 bytes. Raises Refused if it is none."""
    try:
        key = base64.b64decode(aeskey + "=" * (-len(aeskey) % 4))
        cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        decryptor = cipher.decryptor()
        padded = decryptor.update(sealed) + decryptor.finalize()
        return _without_padding(padded)
    except (ValueError, binascii.Error):
        pass
    raise Refused("the file cannot be decrypted")


def _without_padding(padded: bytes) -> bytes:
    """Take the padding off; raises ValueError if it is none."""
    count = padded[-1] if padded else 0
    if not 1 <= count <= _BLOCK or padded[-count:] != bytes([count]) * count:
        raise ValueError("wrong padding")
    return padded[:-count]
