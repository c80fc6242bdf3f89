"""The message of a nudge, changed to one line once what it asks for is settled."""

from collections.abc import Collection

from msgspec.structs import replace

from bot import roster
from bot.mail import outbox, told
from bot.messages import Incoming, Place, Reply
from bot.model import Priority, Submission
from bot.reports import due
from handlers.act import Doing, places_of
from handlers.which_report import NOTED


async def ending(
    doing: Doing, reply: Reply, submission: Submission, *, about: str | None = None
) -> Reply:
    """Let what is noted of a report end the nudge of it, whatever led there from it.

    *about* is the message to which that was said, if not in this letter. A message
    that speaks of several reports stays, and so does one to many departments.
    """
    about = doing.incoming.about if about is None else about
    is_to_many = doing.in_group and not (doing.chat and doing.chat.department)
    if not (about and reply.text.startswith(NOTED)) or is_to_many:
        return reply
    nudge = await _nudge_of_one(
        doing,
        submission,
        lane=doing.incoming.channel,
        addresses=doing.places,
        about=about,
    )
    is_replaced = bool(doing.incoming.press) and nudge == doing.incoming.about
    return replace(reply, ends=nudge) if nudge and not is_replaced else reply


async def _nudge_of_one(
    doing: Doing,
    submission: Submission,
    *,
    lane: str,
    addresses: Collection[str],
    about: str,
) -> str:
    """Return the message of the nudge behind *about*, "" if it tells of more reports.

    Of *addresses* in *lane*.
    """
    found = await told.notice_behind(
        doing.session, lane=lane, addresses=addresses, remote_id=about
    )
    nudge, notice_id = found or ("", 0)
    reports = await due.reports_told_by(doing.session, [notice_id]) if found else ()
    return nudge if [*reports] == [submission.report_id] else ""


async def ending_by(
    doing: Doing, reply: Reply, submission: Submission, *, letter: str
) -> Reply:
    """Let what is noted end the nudge to which an earlier *letter* replied.

    Where that was in another chat, the nudge there is changed by a delivery of its own.
    """
    channel, _, product_id = letter.partition(":")
    said = await told.said_in(doing.session, channel=channel, product_id=product_id)
    if said is None or not said.about:
        return reply
    here = doing.incoming.channel, doing.incoming.conversation
    if here == (said.channel, said.conversation):
        return await ending(doing, reply, submission, about=said.about)
    if reply.text.startswith(NOTED) and not await _was_before_many(doing, said):
        await _end_there(doing, reply, submission, said)
    return reply


async def _was_before_many(doing: Doing, said: Incoming) -> bool:
    """Tell whether something was said before other departments too."""
    if said.place is not Place.GROUP:
        return False
    chat = await roster.chat_at(doing.session, channel=said.channel, address=said.group)
    return not (chat and chat.department)


async def _end_there(
    doing: Doing, reply: Reply, submission: Submission, said: Incoming
) -> None:
    """Post the change of the nudge that was replied to, where its product has one."""
    nudging, lane = doing.nudging, said.channel
    if nudging is None or lane not in nudging.lanes:
        return
    places = places_of(said, None)
    nudge = await _nudge_of_one(
        doing, submission, lane=lane, addresses=places, about=said.about
    )
    if not nudge:
        return
    sent = await told.delivery_at(
        doing.session, lane=lane, addresses=places, remote_id=nudge
    )
    if sent is None:
        return
    line = Reply(reply.text)
    said_alone = nudging.write(lane, sent.address, line)
    changes = nudging.write(lane, sent.address, replace(line, ends=nudge))
    if edit := changes[len(said_alone) :]:
        await outbox.post(
            doing.session,
            key=f"ended:{submission.id}:{doing.at.isoformat()}",
            to=outbox.Addressee(
                recipient=sent.recipient,
                lane=lane,
                address=sent.address,
                person_id=sent.person_id,
            ),
            requests=edit,
            priority=Priority.NUDGE,
            due_at=doing.at,
        )
