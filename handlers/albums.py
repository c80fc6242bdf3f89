"""What is sent as one thing, but comes as several messages, is asked about once."""

from collections.abc import Sequence
from datetime import timedelta

from bot.guard import ADVICE, ADVICE_ON
from bot.mail import told
from bot.messages import Incoming, Reply
from handlers.act import Doing, letter_of
from handlers.offers import keep_offer
from handlers.sent_files import why_refused

_TOGETHER = timedelta(hours=1)  # in which all of an album comes, after an outage too


async def before_in_album(doing: Doing) -> Sequence[Incoming]:
    """List what came before of the album that a letter is part of; () if nothing."""
    incoming = doing.incoming
    if not (incoming.album and incoming.attachments):
        return ()
    since = doing.at - _TOGETHER
    return await told.answered_of_album(doing.session, incoming, since=since)


def asked_with(before: Sequence[Incoming]) -> str:
    """Name the letter whose files were asked about, "" if none of an album were."""
    return next((letter_of(one) for one in before if not why_refused(one)), "")


def refused_with(before: Sequence[Incoming]) -> str:
    """Say why nothing of an album is kept if the guard refused a part; "" if not."""
    return ADVICE if any(one.text in ADVICE_ON for one in before) else ""


def is_told(before: Sequence[Incoming], why: str) -> bool:
    """Tell whether it was said of a part of the album before why it is not kept."""
    return why == refused_with(before) or any(why == why_refused(one) for one in before)


def nothing_more(doing: Doing) -> Reply:
    """Say nothing, and let what was asked of the album be answered still."""
    keep_offer(doing)
    return Reply("")
