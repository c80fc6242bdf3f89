"""Files that go with a broadcast: sent by an admin, or lying on the server."""

from pathlib import Path

from bot import audit
from bot.documents.opening import opening_of
from bot.errors import DocumentError
from bot.guard import ADVICE, bears_mark, is_secret_name
from bot.model import Evidence
from bot.reports.evidence import (
    MOST,
    check_file,
    check_name,
    clean_name,
    keep_content,
)
from bot.reports.filing import NewFile, enter_files
from handlers.act import Doing
from handlers.broadcasting import Hand

_TOO_LARGE = "文件超过 20MB，没有保存，请压缩图片或分次发送。"
_OFFICE = "办公室"


async def enter_sent(doing: Doing) -> list[Evidence]:
    """Enter the files of a letter, to be fetched; raises DocumentError."""
    person = doing.person
    assert person, "the role is that of a person"
    for one in doing.incoming.attachments:
        check_name(one.name)
        if one.size > MOST:
            raise DocumentError("too large", reply=_TOO_LARGE)
    files = await enter_files(
        doing.session,
        [
            NewFile(
                name=clean_name(one.name),
                size=one.size,
                channel=doing.incoming.channel,
                reference=one.at,
            )
            for one in doing.incoming.attachments
        ],
        person_id=person.id,
        department=person.department,
        letter=doing.letter,
        at=doing.at,
    )
    await audit.record(
        doing.session,
        actor=person.name,
        event="evidence.received",
        about=f"letter:{doing.letter}",
        at=doing.at,
        channel=doing.account.channel,
        department=person.department,
        files=[one.id for one in files],
    )
    return files


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
