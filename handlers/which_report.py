"""Which report is meant: by the nudge that is replied to, its code, or its name."""

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from bot.mail import told
from bot.messages import Reply
from bot.model import Delivery, Submission, SubmissionState
from bot.reports import due
from bot.reports.submissions import CLAIMED, OWING, SETTLED, submissions_of
from handlers.act import Doing

CODE = re.compile(r"[#＃]\s*[Rr]\s*([0-9]{1,9})")
NOTED = ("已记", "已提交", "已转", "已撤销")
_PERIODS = ("上半年", "下半年", "半年", "全年", "年度", "季度", "月度", "中期", "年报")
_PENDING = OWING | {SubmissionState.DISPUTED}


@dataclass(frozen=True, slots=True)
class Meant:
    """What a letter may be about.

    `owing` is what the department still has to report of it, `done` what it has
    reported. `is_nudge` tells that the letter replies to a nudge or quotes its code,
    `is_named` that it replies to something else of ours that speaks of a report.
    """

    owing: Sequence[Submission]
    done: Sequence[Submission]
    is_nudge: bool
    is_named: bool = False


def codes_in(text: str) -> list[int]:
    """List the numbers of the reports whose codes stand in a text."""
    return [int(number) for number in dict.fromkeys(CODE.findall(text))]


async def meant_by(doing: Doing, words: str, *, departments: Collection[str]) -> Meant:
    """Find the submissions that a department may speak of."""
    ids = codes_in(words) or codes_in(doing.incoming.quote)
    if not ids:
        ids = await _told_by(doing)
    is_nudge = bool(ids)
    ids = ids or await _named_by(doing, departments)
    owing = await submissions_of(
        doing.session, departments, states=_PENDING, reports=ids
    )
    done = await submissions_of(doing.session, departments, states=CLAIMED, reports=ids)
    if not done and ids:
        done = await submissions_of(
            doing.session, departments, states=SETTLED, reports=ids
        )
    if not ids:
        owing, done = of_period(owing, words), of_period(done, words)
    return Meant(owing, done, is_nudge=is_nudge, is_named=bool(ids) and not is_nudge)


def in_place(
    do: Callable[[Doing], Awaitable[Reply | None]],
) -> Callable[[Doing], Awaitable[Reply | None]]:
    """Let what is noted by a pressed button stand where the button was.

    A message that speaks of several reports stays, and so does one that we ask about.
    """

    async def done(doing: Doing) -> Reply | None:
        reply = await do(doing)
        incoming = doing.incoming
        if not (reply and reply.text and incoming.press and incoming.about):
            return reply
        if not reply.text.startswith(NOTED) or len(await _told_by(doing)) > 1:
            return reply
        return replace(reply, instead_of=incoming.about)

    return done


async def replies_to_notice(doing: Doing) -> bool:
    """Tell whether it replies to what the office told, not to an answer of ours."""
    delivery = await _delivery_told(doing)
    return delivery is not None and delivery.notice_id is not None


async def _delivery_told(doing: Doing) -> Delivery | None:
    """Return the delivery of the message to which a letter replies, None if of none."""
    incoming = doing.incoming
    if not incoming.about:
        return None
    return await told.delivery_at(
        doing.session,
        lane=incoming.channel,
        addresses=doing.places,
        remote_id=incoming.about,
    )


async def _told_by(doing: Doing) -> list[int]:
    """List the reports of the nudge to which a letter replies."""
    delivery = await _delivery_told(doing)
    if delivery is None or delivery.notice_id is None:
        return []
    return list(await due.reports_told_by(doing.session, [delivery.notice_id]))


async def _named_by(doing: Doing, departments: Collection[str]) -> list[int]:
    """List the reports that a message speaks of to which a letter replies.

    So we ask for a day, and send a report back: by its code, else by its name.
    """
    incoming = doing.incoming
    if not incoming.about:
        return []
    requests = await told.requests_at(
        doing.session,
        lane=incoming.channel,
        addresses=doing.places,
        remote_id=incoming.about,
    )
    shown = requests[0] if requests else ""
    if not shown or codes_in(shown):
        return codes_in(shown)
    own = await submissions_of(
        doing.session, departments, states=frozenset(SubmissionState)
    )
    return [one.report_id for one in own if one.report.title in shown]


def of_period(found: Sequence[Submission], words: str) -> Sequence[Submission]:
    """Keep what a word such as 半年 means, where it tells anything apart."""
    for period in _PERIODS:
        if period in words:
            some = [one for one in found if period in one.report.title]
            return some or found
    return found
