"""Files that came with a letter are entered, to be fetched afterwards."""

from bot.model import Evidence, Person
from bot.reports.evidence import check_name, check_size, clean_name
from bot.reports.filing import NewFile, enter_files
from handlers.act import Doing


async def enter_sent(doing: Doing, person: Person) -> list[Evidence]:
    """Enter the files of a letter, none if one is refused; raises DocumentError."""
    sent = doing.incoming.attachments
    for one in sent:
        check_name(one.name)
        check_size(one.size)
    files = await enter_files(
        doing.session,
        [
            NewFile(
                name=clean_name(one.name),
                size=one.size,
                channel=doing.incoming.channel,
                reference=one.at,
            )
            for one in sent
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
