"""A notice is acknowledged: by replying 收到 to it, or by its button."""

import re
from datetime import datetime

from bot.mail import outbox, receipts, told
from bot.messages import Reply
from bot.model import Chat, Delivery, Notice, Person, SubmissionState
from bot.reports import due
from bot.reports.submissions import OWING, acknowledge, submissions_of
from handlers.act import Act, Doing
from handlers.one_report import said_by
from handlers.submit_words import received, settled

ONLY_OURS = "仅限本单位联络员"
_DONE = "已签收"
_NOT_HANDED_IN = "签收不等于报送，材料请按时限另行报送。"
_RECEIVED = re.compile(
    "(?:好的?|嗯+|行|可以|ok)?[,。!、]*(?:(?:我们?|本单位|我局|我单位)?"
    "(?:已经?|都|确认)?(?:收到|签收|已阅|知悉|阅悉|收悉|阅知)(?:了|啦)?)"
    "[,。!、]*(?:谢谢(?:您|你)?|感谢|好的?|辛苦了?"
    "|(?:我们?)?(?:马上|立即|尽快|这就|抓紧)(?:去)?(?:办|落实|安排|报送|处理))?"
    "[。!~\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]*"
)


def _fits(doing: Doing) -> bool:
    return _RECEIVED.fullmatch(doing.folded) is not None


async def _acknowledge(doing: Doing) -> Reply | None:
    """Record it; None if it is about no notice, and so a mere word of thanks."""
    if doing.incoming.about:
        found = await _told_by(doing)
        return await _about(doing, *found) if found else None
    if doing.in_group or doing.person is None:
        return None
    notice = await told.newest_unacknowledged(doing.session, person_id=doing.person.id)
    if notice is None:
        return None
    first = await _record(doing, notice, doing.person)
    if reply := await _of_reports(doing, notice, doing.person):
        return reply
    return Reply(f"{_when(first, doing.at)}：{_beginning(notice)}\n{_NOT_HANDED_IN}")


async def _told_by(doing: Doing) -> tuple[Delivery, Notice] | None:
    """Find the notice that the message told to which this replies."""
    incoming = doing.incoming
    delivery = await told.delivery_at(
        doing.session,
        lane=incoming.channel,
        addresses=doing.places,
        remote_id=incoming.about,
    )
    if delivery is None:
        return None
    notice = await told.notice_of(doing.session, delivery)
    return (delivery, notice) if notice else None


async def _about(doing: Doing, delivery: Delivery, notice: Notice) -> Reply:
    person, chat = doing.person, doing.chat
    if person is None or not _is_meant(doing, person, delivery):
        return _only_ours(doing)
    first = await _record(doing, notice, person)
    reply = await _of_reports(doing, notice, person)
    when = _when(first, doing.at)
    if reply and not (chat and not chat.department):
        return reply  # and the nudge stays: with its buttons, or with what ended it
    if chat and not chat.department:
        return Reply("", aside=when)
    if await told.is_in_parts(doing.session, delivery):
        return Reply("" if doing.incoming.press else when, aside=when)
    at = await _first_of(doing, notice, person) if chat else first
    text = f"{notice.body.text}\n{_when(at, doing.at)}"
    return Reply(text, instead_of=doing.incoming.about)


def _is_meant(doing: Doing, person: Person, delivery: Delivery) -> bool:
    """Tell whether a notice was told to a person, or to a group that he belongs to."""
    chat = doing.chat
    if chat is None:
        return delivery.person_id == person.id
    if chat.registered_at is None:  # whose group it is, nobody knows any more
        return False
    return not chat.department or _is_of(doing, person, chat)


def _is_of(doing: Doing, person: Person, chat: Chat) -> bool:
    same = doing.departments.same(person.department, chat.department)
    return same or person.department == chat.department


def _only_ours(doing: Doing) -> Reply:
    """Tell him alone: in a group nothing is said, unless he pressed a button."""
    is_heard_by_him_alone = not doing.in_group and not doing.incoming.press
    return Reply(ONLY_OURS if is_heard_by_him_alone else "", aside=ONLY_OURS)


async def _first_of(doing: Doing, notice: Notice, person: Person) -> datetime:
    """Return when the first of a department said it, which stays in its group."""
    first = await told.first_acknowledged(
        doing.session, notice_id=notice.id, department=person.department
    )
    return first.at if first else doing.at


async def _record(doing: Doing, notice: Notice, person: Person) -> datetime:
    if asked := await receipts.asked_about(doing.session, notice):
        await outbox.acknowledge(
            doing.session, notice_id=notice.id, person_id=person.id, at=doing.at
        )
        notice = asked
    first = await outbox.acknowledge(
        doing.session, notice_id=notice.id, person_id=person.id, at=doing.at
    )
    if first == doing.at:
        await doing.record("ack.read", f"notice:{notice.id}", by=person)
    return first


async def _of_reports(doing: Doing, notice: Notice, person: Person) -> Reply | None:
    """Note 知悉 for what a nudge speaks of; None if it speaks of nothing.

    Where the department owes nothing of it any more, that is told and nothing noted.
    """
    told_of = await due.reports_told_by(doing.session, [notice.id])
    if not told_of:
        return None
    own = await submissions_of(
        doing.session,
        [person.department],
        states=frozenset(SubmissionState),
        reports=told_of,
    )
    owing = [one for one in own if one.state in OWING]
    said = said_by(doing, person, doing.words)
    for submission in owing:
        await acknowledge(doing.session, submission, said)
    if owing:
        return received(owing)
    return settled(own) if own else None


def _when(moment: datetime, at: datetime) -> str:
    """Write a moment as a clock in the office shows it, whose zone *at* bears."""
    return f"{_DONE} {moment.astimezone(at.tzinfo):%m-%d %H:%M}"


def _beginning(notice: Notice) -> str:
    line = notice.body.text.strip().split("\n")[0]
    return line if len(line) <= 40 else f"{line[:39]}……"


ACKNOWLEDGE = Act(
    name="acknowledge",
    example="收到",
    fits=_fits,
    do=_acknowledge,
    never_fails=True,
)
