"""When the office starts with other settings than before, the audit says so."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit


def digests_of(files: Mapping[str, Path]) -> dict[str, str]:
    """Return the SHA-256 of each file, by its name; "" if it is not there."""
    return {
        name: hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
        for name, file in files.items()
    }


async def note_settings(
    session: AsyncSession, digests: Mapping[str, str], *, at: datetime
) -> list[str]:
    """Enter which settings differ from those of the last start; returns their names.

    *digests* are those of all files, by name; nothing of what stands in them is kept.
    """
    changed = []
    for name, digest in digests.items():
        latest = await audit.entries(session, about=f"config:{name}", limit=1)
        before = latest[0].detail.get("after", "") if latest else ""
        if digest != before:
            changed.append(name)
            await audit.record(
                session,
                actor="system",
                event="config.changed",
                about=f"config:{name}",
                at=at,
                before=before,
                after=digest,
            )
    return changed
