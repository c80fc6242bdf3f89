"""Files that a robot uploads in pieces over the long connection."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from openws_faults import Frame
from platform_clock import PlatformClock
from platform_rates import HOUR, MINUTE, Windows
from platform_refusal import Refusal, field_of
from qyapi_media import MEDIA_LASTS, MediaFile

MEDIA_KINDS = ("file", "image", "voice", "video")
MOST_CHUNKS, LARGEST_CHUNK = 100, 512 * 1024
SESSION_LASTS = timedelta(minutes=30)


@dataclass
class _Session:
    kind: str
    name: str
    size: int
    chunks: int
    md5: str
    at: datetime
    parts: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """Upload sessions, and the files that came out of them."""

    def __init__(self, clock: PlatformClock) -> None:
        self.clock = clock
        self.files: dict[str, MediaFile] = {}
        self.rate = Windows((30, MINUTE), (1000, HOUR))
        self._sessions: dict[str, _Session] = {}
        self._numbers = count(1)
        self.commands: dict[str, Callable[[Frame], dict[str, Any]]] = {
            "aibot_upload_media_init": self.begin,
            "aibot_upload_media_chunk": self.add_chunk,
            "aibot_upload_media_finish": self.finish,
        }

    def begin(self, frame: Frame) -> dict[str, Any]:
        body = frame.body
        if body.get("type") not in MEDIA_KINDS:
            raise Refusal(40004)
        size, chunks = (
            field_of(body, "total_size", int),
            field_of(body, "total_chunks", int),
        )
        if not 1 <= chunks <= MOST_CHUNKS or not 5 < size <= chunks * LARGEST_CHUNK:
            raise Refusal(40006)
        if not self.rate.take("upload", now=self.clock()):
            raise Refusal(45009)
        number = f"upload-{next(self._numbers):08}"
        name, md5 = field_of(body, "filename"), str(body.get("md5") or "")
        self._sessions[number] = _Session(
            body["type"], name, size, chunks, md5, self.clock()
        )
        return {"upload_id": number}

    def add_chunk(self, frame: Frame) -> dict[str, Any]:
        session = self._session(frame)
        index = field_of(frame.body, "chunk_index", int)
        try:
            part = base64.b64decode(field_of(frame.body, "base64_data"), validate=True)
        except binascii.Error as error:
            raise Refusal(40058, "base64_data") from error
        if not 0 <= index < session.chunks or not 0 < len(part) <= LARGEST_CHUNK:
            raise Refusal(40058, "chunk")
        session.parts[index] = part
        return {}

    def finish(self, frame: Frame) -> dict[str, Any]:
        session = self._session(frame)
        if len(session.parts) < session.chunks:
            raise Refusal(40058, "chunks are missing")
        content = b"".join(session.parts[one] for one in range(session.chunks))
        is_whole = len(content) == session.size
        if session.md5 and hashlib.md5(content).hexdigest() != session.md5:
            is_whole = False
        if not is_whole:
            raise Refusal(40006, "size or md5 differs")
        del self._sessions[frame.body["upload_id"]]
        media_id = f"botmedia-{next(self._numbers):08}"
        self.files[media_id] = MediaFile(
            session.kind, session.name, content, self.clock()
        )
        created = self.clock.seconds
        return {"type": session.kind, "media_id": media_id, "created_at": created}

    def find(self, media_id: str, *, kind: str) -> MediaFile:
        file = self.files.get(media_id)
        if file is None or file.kind != kind:
            raise Refusal(40007)
        if self.clock() - file.at > MEDIA_LASTS:
            raise Refusal(40007, "expired")
        return file

    def _session(self, frame: Frame) -> _Session:
        session = self._sessions.get(field_of(frame.body, "upload_id"))
        if session is None or self.clock() - session.at > SESSION_LASTS:
            raise Refusal(40058, "upload_id")
        return session
