"""The platform's own crypto for callbacks, on AES directly: no library of clients."""

import base64
import hashlib
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


@dataclass(frozen=True)
class Envelope:
    """Seals and opens what travels between the platform and one receiver."""

    token: str
    key: str
    receiver: str

    def sign(self, *, timestamp: str, nonce: str, encrypted: str) -> str:
        parts = sorted([self.token, timestamp, nonce, encrypted])
        return hashlib.sha1("".join(parts).encode()).hexdigest()

    def seal(self, text: str) -> str:
        """Encrypt *text* as the platform does: 16 random bytes, length, text, id."""
        body = text.encode()
        head = os.urandom(16) + struct.pack(">I", len(body))
        return self.seal_raw(head + body + self.receiver.encode())

    def seal_raw(self, content: bytes) -> str:
        """Encrypt any bytes, padded; for what is signed and yet odd."""
        return seal_bytes(content, self._secret)

    def open(self, encrypted: str) -> str:
        """Decrypt; ValueError if it was not sealed for this receiver."""
        content = open_bytes(base64.b64decode(encrypted, validate=True), self._secret)
        (length,) = struct.unpack(">I", content[16:20])
        text, receiver = content[20 : 20 + length], content[20 + length :]
        if receiver.decode() != self.receiver:
            raise ValueError(f"sealed for {receiver!r}")
        return text.decode()

    @property
    def _secret(self) -> bytes:
        return base64.b64decode(self.key + "=")


def seal_bytes(content: bytes, secret: bytes) -> str:
    """Encrypt with AES-256-CBC, PKCS#7 to 32 bytes; returns base64."""
    return base64.b64encode(cipher_bytes(content, secret)).decode()


def cipher_bytes(content: bytes, secret: bytes) -> bytes:
    fill = _BLOCK - len(content) % _BLOCK
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    padded = content + bytes([fill]) * fill
    return encryptor.update(padded) + encryptor.finalize()


def open_bytes(content: bytes, secret: bytes) -> bytes:
    """Decrypt, and check each byte of the padding."""
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
    padded = decryptor.update(content) + decryptor.finalize()
    fill = padded[-1] if padded else 0
    if not 1 <= fill <= _BLOCK or padded[-fill:] != bytes([fill]) * fill:
        raise ValueError("bad padding")
    return padded[:-fill]
