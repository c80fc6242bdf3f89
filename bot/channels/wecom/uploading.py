"""Sends a file over the long connection, in pieces; returns by what it is called."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from bot.channels.wecom.link import Link
from bot.errors import NotSent, Refused, Unanswered

CHUNK = 512 * 1024
"""Bytes of one piece; there may be a hundred."""

_MOST = 100 * CHUNK
_LEAST = 6  # bytes


def read_file(file: Path) -> bytes:
    """Read a file that is to go out. Raises Refused if it is gone, too large, empty."""
    try:
        if not _LEAST <= file.stat().st_size <= _MOST:
            raise Refused("the file is empty, or larger than 50 MB")
        return file.read_bytes()
    except OSError as error:
        why = type(error).__name__
    raise Refused(f"the file cannot be read: {why}")


async def upload(link: Link, content: bytes, *, name: str, kind: str) -> str:
    """Upload a file; returns its id, which is good for three days.

    Raises ApiError, or NotSent: whatever happens, no message went out.
    """
    pieces = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
    init: dict[str, Any] = {
        "type": kind,
        "filename": name,
        "total_size": len(content),
        "total_chunks": len(pieces),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }
    try:
        upload_id = _of(await link.ask("aibot_upload_media_init", init), "upload_id")
        for index, piece in enumerate(pieces):
            body = {
                "upload_id": upload_id,
                "chunk_index": index,
                "base64_data": base64.b64encode(piece).decode(),
            }
            await link.ask("aibot_upload_media_chunk", body)
        end = await link.ask("aibot_upload_media_finish", {"upload_id": upload_id})
        return _of(end, "media_id")
    except Unanswered as error:
        why = str(error)
    raise NotSent(f"the file was not uploaded: {why}")


def _of(answer: dict[str, Any], name: str) -> str:
    """Return a field of an answer. Raises NotSent if it is not there."""
    body = answer.get("body")
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str) or not value:
        raise NotSent(f"the file was not uploaded: no {name}")
    return value
