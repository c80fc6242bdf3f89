"""media/upload and media/get: files that the platform keeps for three days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import quote

from aiohttp import web
from platform_clock import PlatformClock
from platform_corp import App
from platform_refusal import Refusal
from qyapi_calls import Call

MEGABYTE = 1024 * 1024
MEDIA_LASTS = timedelta(days=3)
_LARGEST = {"image": 10, "voice": 2, "video": 10, "file": 20}


@dataclass
class MediaFile:
    """A file on the platform; `owner` is the only one that may use it, "" for all."""

    kind: str
    name: str
    content: bytes
    at: datetime
    owner: str = ""


class Media:
    """The store of temporary files."""

    def __init__(self, clock: PlatformClock) -> None:
        self.clock = clock
        self.files: dict[str, MediaFile] = {}
        self._numbers = count(1)
        self.routes: dict[str, Any] = {
            "media/upload": self.upload,
            "media/get": self.get,
        }

    async def upload(self, call: Call, app: App) -> dict[str, Any]:
        return self.keep(call)

    async def get(self, call: Call, app: App) -> web.Response:
        file = self.find(call.query.get("media_id", ""))
        name = quote(file.name)
        disposition = f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
        return web.Response(
            body=file.content, headers={"Content-Disposition": disposition}
        )

    def keep(self, call: Call, *, owner: str = "") -> dict[str, Any]:
        """Keep the file of an upload; returns the answer."""
        kind = call.query.get("type", "")
        if kind not in _LARGEST:
            raise Refusal(40004)
        if "media" not in call.files:
            raise Refusal(41005, "media data missing")
        name, content = call.files["media"]
        if not 5 < len(content) <= _LARGEST[kind] * MEGABYTE:
            raise Refusal(40006)
        media_id = self.add(MediaFile(kind, name, content, self.clock(), owner))
        created = str(self.clock.seconds)
        return {"type": kind, "media_id": media_id, "created_at": created}

    def add(self, file: MediaFile) -> str:
        media_id = f"media-{next(self._numbers):08}"
        self.files[media_id] = file
        return media_id

    def find(self, media_id: str, *, owner: str = "") -> MediaFile:
        """Return a file that is there, not older than three days, and *owner*'s."""
        file = self.files.get(media_id)
        if file is None or file.owner != owner:
            raise Refusal(40007)
        if self.clock() - file.at > MEDIA_LASTS:
            raise Refusal(40007, "expired")
        return file
