"""The crypto of callbacks: wechatpy's, behind a door that checks what it does not.

wechatpy compares signatures with !=, never looks at the time, takes any padding and a
length that lies, and fails in seven ways. Here is one way: NotGenuine. Both of its
versions serve: 1.8.18 calls the module `enterprise`, 2.0.0a26 `work`.
"""

import base64
import hmac
import re
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.errors import SettingsError

WINDOW = timedelta(minutes=5)
"""How far the time of a callback may be from ours, before or after."""

_BLOCK = 32  # bytes that the padding fills up to
_HEAD = 20  # bytes: 16 of chance, 4 of the length
_TOKEN = re.compile(r"[A-Za-z0-9]{1,32}")
_KEY = re.compile(r"[A-Za-z0-9+/]{43}")

# Both stand in WeCom's own documentation and in its samples: everybody has them.
_PUBLIC = frozenset(
    {
        "QDG6eK",
        "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
        "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo",
        "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt",
    }
)


class NotGenuine(ValueError):
    """What came is not from WeCom, not for us, or too old; says which in a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What goes back: encrypted, and signed with its time and nonce."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


def check_keys(*, token: str, aes_key: str) -> None:
    """Raise SettingsError unless both have their form and are not public samples."""
    for name, value, form in (
        ("Token", token, _TOKEN),
        ("EncodingAESKey", aes_key, _KEY),
    ):
        if not form.fullmatch(value):
            words = f"企业微信回调的 {name} 没有填或格式不对，请从管理后台复制。"
            raise SettingsError(f"the {name} of a callback has no form", reply=words)
        if value in _PUBLIC:
            words = (
                f"企业微信回调的 {name} 是公开文档里的示例，谁都知道，不能用。"
                "请在管理后台点“随机获取”，换成自己的。"
            )
            raise SettingsError(f"the {name} is a public sample", reply=words)


class Seal:
    """Opens what WeCom encrypted for one receiver, and seals what it is to read.

    The receiver is the corporation's id; for a robot it is "".
    """

    def __init__(self, *, token: str, aes_key: str, receiver: str) -> None:
        """Prepare; raises SettingsError if the keys have a wrong form."""
        if not (_TOKEN.fullmatch(token) and _KEY.fullmatch(aes_key)):
            raise SettingsError("the token or the key of a callback has a wrong form")
        crypto, signer, cipher = _wechatpy()
        self._crypto = crypto(token, aes_key, receiver)
        self._new_signer, self._new_cipher = signer, cipher
        self._token, self._receiver = token, receiver
        self._secret = base64.b64decode(f"{aes_key}=")

    def __repr__(self) -> str:
        """Say what it is, without its keys."""
        return "Seal()"

    def open(
        self,
        encrypt: str,
        *,
        signature: str,
        timestamp: str,
        nonce: str,
        now: datetime,
    ) -> str:
        """Return what was encrypted for us; raises NotGenuine, and nothing else."""
        expected = self._sign(timestamp, nonce, encrypt)
        if not hmac.compare_digest(expected.encode(), _bytes(signature)):
            raise NotGenuine("signature")
        if not _is_fresh(timestamp, now):
            raise NotGenuine("timestamp")
        try:
            self._check(encrypt)
            given = {"Encrypt": encrypt}
            text = self._crypto.decrypt_message(given, signature, timestamp, nonce)
        except NotGenuine:
            raise
        except Exception as error:  # of seven kinds; none may tell what was inside
            kind = type(error).__name__
        else:
            return str(text)
        raise NotGenuine(kind)

    def seal(self, text: str, *, nonce: str, timestamp: str) -> Sealed:
        """Encrypt and sign an answer."""
        cipher = self._new_cipher(self._secret)
        encrypt = cipher.encrypt(text, self._receiver).decode()
        return Sealed(
            encrypt=encrypt,
            signature=self._sign(timestamp, nonce, encrypt),
            timestamp=timestamp,
            nonce=nonce,
        )

    def _sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        signer = self._new_signer()
        signer.add_data(*map(_bytes, (self._token, timestamp, nonce, encrypt)))
        return str(signer.signature)

    def _check(self, encrypt: str) -> None:
        """Look at what wechatpy trusts: alphabet, padding, length, receiver."""
        secret = base64.b64decode(encrypt, validate=True)
        if not secret or len(secret) % _BLOCK:
            raise NotGenuine("length")
        content = self._new_cipher(self._secret).cipher.decrypt(secret)
        fill = content[-1]
        if not 1 <= fill <= _BLOCK or content[-fill:] != bytes([fill]) * fill:
            raise NotGenuine("padding")
        content = content[:-fill]
        (length,) = struct.unpack(">I", content[16:_HEAD])
        receiver = content[_HEAD + length :]
        if len(content) < _HEAD + length:
            raise NotGenuine("length")
        if not hmac.compare_digest(receiver, self._receiver.encode()):
            raise NotGenuine("receiver")


def _wechatpy() -> tuple[Any, Any, Any]:
    """Load what we use of wechatpy: crypto, signer, cipher; 0.3 s for the first."""
    from wechatpy.utils import WeChatSigner

    try:
        from wechatpy.work import crypto
    except ModuleNotFoundError:
        from wechatpy.enterprise import crypto
    return crypto.WeChatCrypto, WeChatSigner, crypto.PrpCrypto


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
