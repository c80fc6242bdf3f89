"""Files that came with a letter are entered, to be fetched afterwards."""

from bot.errors import DocumentError
from bot.model import Evidence, Person
from bot.reports.evidence import check_name, check_size, clean_name
from bot.reports.filing import NewFile, enter_files
from handlers.act import Doing


def why_refused(doing: Doing) -> str:
    """Say why the files of a letter are none that we keep; "" if they may be."""
    try:
        _check(doing)
    except DocumentError as error:
        return error.reply
    return ""


def _check(doing: Doing) -> None:
    for one in doing.incoming.attachments:
        check_name(one.name)
        check_size(one.size)


async def enter_sent(doing: Doing, person: Person) -> list[Evidence]:
    """Enter the files of a letter, none if one is refused; raises DocumentError."""
    _check(doing)
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
    await doing.record(
        "evidence.received",
        f"letter:{doing.letter}",
        by=person,
        files=[one.id for one in files],
    )
    return files
