"""Files that people send to a robot: encrypted, behind an address for five minutes."""

import base64
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import quote

from platform_clock import PlatformClock
from platform_envelope import cipher_bytes
from websockets.datastructures import Headers
from websockets.http11 import Response

URL_LASTS = timedelta(minutes=5)


@dataclass
class _File:
    name: str
    sealed: bytes
    at: datetime


class MediaHost:
    """Serves what people sent, each file under a key of its own."""

    def __init__(self, clock: PlatformClock) -> None:
        self.clock = clock
        self.base_url = ""
        self._files: dict[str, _File] = {}
        self._numbers = count(1)

    def add(self, content: bytes, *, name: str) -> dict[str, str]:
        """Keep a file; returns the content of its message, the key without padding."""
        key = os.urandom(32)
        path = f"/media/{next(self._numbers):08}"
        self._files[path] = _File(name, cipher_bytes(content, key), self.clock())
        aeskey = base64.b64encode(key).decode().rstrip("=")
        return {"url": self.base_url + path, "aeskey": aeskey}

    def respond(self, path: str) -> Response:
        file = self._files.get(path)
        if file is None or self.clock() - file.at > URL_LASTS:
            return _response(403, "Forbidden", b"expired\n")
        name = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return _response(200, "OK", file.sealed, disposition=name)


def _response(
    status: int, reason: str, body: bytes, *, disposition: str = ""
) -> Response:
    headers = Headers()
    headers["Connection"] = "close"
    headers["Content-Length"] = str(len(body))
    headers["Content-Type"] = "application/octet-stream"
    if disposition:
        headers["Content-Disposition"] = disposition
    return Response(status, reason, headers, body)
