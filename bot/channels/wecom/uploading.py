"""Sends a file over the long connection, in pieces; returns by what it is called."""

import base64
import hashlib
from typing import Any

from bot.channels.wecom.link import Link
from bot.errors import NotSent, Refused, Unanswered

CHUNK = 512 * 1024
"""Bytes of one piece; there may be a hundred."""

_LEAST = 6  # bytes


async def upload(link: Link, content: bytes, *, name: str, kind: str) -> str:
    """Upload a file; returns its id, which is good for three days.

    Raises ApiError, NotSent or Refused: whatever happens, no message went out.
    """
    if len(content) < _LEAST:
        raise Refused("the file is empty")
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
