"""Files that came with a letter are entered, to be fetched afterwards."""

from bot.errors import DocumentError
from bot.messages import Incoming
from bot.model import Evidence, Person
from bot.reports.evidence import check_name, check_size, clean_name
from bot.reports.filing import NewFile, enter_files
from handlers.act import Doing


def why_refused(incoming: Incoming) -> str:
    """Say why the files of a letter are none that we keep; "" if they may be."""
    try:
        _check(incoming)
    except DocumentError as error:
        return error.reply
    return ""


def _check(incoming: Incoming) -> None:
    for one in incoming.attachments:
        check_name(one.name)
        check_size(one.size)


async def enter_sent(
    doing: Doing, person: Person, *, beside: str = ""
) -> list[Evidence]:
    """Enter the files of a letter, none if one is refused; raises DocumentError.

    With *beside* they are entered as having come with that letter.
    """
    _check(doing.incoming)
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
        letter=beside or doing.letter,
        at=doing.at,
    )
    await doing.record(
        "evidence.received",
        f"letter:{doing.letter}",
        by=person,
        files=[one.id for one in files],
    )
    return files
