"""What answers quoted: noted as they are given, entered in the audit by the clock.

An entry is chained to the one before it, which costs an answer three statements and
makes all of them wait for one another. So the answers' own transaction only notes the
clauses with their letters, in one statement; the auditor's beat enters them within a
minute, with the moment of the answer. What was noted is on the disk with the answer: a
kill delays the entry and loses none.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.mail.quoted import Quoted, note_quoted, take_quoted
from bot.messages import Reply
from handlers.act import Doing

ANSWERED = "query.answered"
_MOST = 200  # entries of one transaction
_MOST_CLAUSES = 50  # of a list
_CLAUSE = re.compile(  # but no example of what may be asked: 回复条款如“二（一）1”
    "(?<!如“)[一二三四五六七八九十]{1,3}（[一二三四五六七八九十]{1,3}）(?:[0-9]{1,2})?"
)


async def note_answered(doing: Doing, reply: Reply) -> None:
    """Note which clauses an answer quotes; nothing where it quotes none.

    At the terminal, where no letter is kept, it is entered at once.
    """
    clauses = tuple(dict.fromkeys(_clauses(reply)))[:_MOST_CLAUSES]
    if not clauses:
        return
    person = doing.person
    actor = person.name if person else f"account:{doing.account.id}"
    department = person.department if person else ""
    doc = reply.tasks[0].doc if reply.tasks else ""
    if doing.asker.at_terminal:
        await audit.record(
            doing.session,
            actor=actor,
            event=ANSWERED,
            about=doc,
            at=doing.at,
            channel=doing.account.channel,
            department=department,
            doc=doc,
            clauses=clauses,
        )
        return
    what = Quoted(actor=actor, department=department, doc=doc, clauses=clauses)
    note_quoted(doing.session, doing.incoming, what)


def _clauses(reply: Reply) -> Iterator[str]:
    """List the clauses of the tasks of an answer, else those that its words name."""
    if reply.tasks:
        return (task.id for task in reply.tasks)
    return (found.group() for found in _CLAUSE.finditer(reply.text))


async def enter_answered(session: AsyncSession, *, since: datetime | None) -> int:
    """Enter some of what was noted in the audit; returns how many, 0 when all is.

    Of letters that came in after *since*, or of all.
    """
    taken = await take_quoted(session, since=since, limit=_MOST)
    for one in taken:
        await audit.record(
            session,
            actor=one.quoted.actor,
            event=ANSWERED,
            about=f"letter:{one.letter_id}",
            at=one.at,
            channel=one.channel,
            department=one.quoted.department,
            doc=one.quoted.doc,
            clauses=one.quoted.clauses,
        )
    return len(taken)
