"""Files of the server that go with a broadcast."""

from pathlib import Path

from bot.documents.opening import opening_of
from bot.errors import DocumentError
from bot.guard import ADVICE, bears_mark, is_secret_name
from bot.model import Evidence
from bot.reports.evidence import check_file, clean_name, keep_content
from handlers.broadcasting import Hand

_OFFICE = "办公室"


async def keep_own(hand: Hand, file: Path, content: bytes) -> Evidence:
    """Keep a file of the server; raises DocumentError with what is wrong with it."""
    name = clean_name(file.name)
    check_file(name, content)
    opening = opening_of(name.rpartition(".")[2], content)
    if is_secret_name(name) or bears_mark(opening):
        raise DocumentError("guard.refused", reply=ADVICE)
    folder = hand.nudging.evidence
    assert folder, "the office has a folder for files"
    kept = keep_content(folder, content)
    row = Evidence(
        person_id=hand.person_id,
        department=_OFFICE,
        name=name,
        size=kept.size,
        digest=kept.digest,
        at=hand.at,
        channel=hand.channel,
        fetched_at=hand.at,
    )
    hand.session.add(row)
    await hand.session.flush()
    return row
