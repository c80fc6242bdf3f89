"""What a department says about one report, done: 已报, 下周一交, 能缓到…吗, 零报告."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.guard import inert
from bot.messages import Reply
from bot.model import Person, Submission
from bot.reports import submissions
from bot.reports.calendar import WorkCalendar
from bot.reports.replies import Label, Understood
from bot.reports.submissions import Said
from handlers import submit_words as words_of
from handlers.act import Doing
from handlers.hush import hush
from handlers.offers import offer
from handlers.tell_office import tell_admins

COMMAND = re.compile(
    r"(?P<what>约定日期|约定|提交延期|申请延期|本期无事项|确认零报告|再想想)\s*"
    r"[#＃]R(?P<code>\d{1,9})\s*(?P<day>\d{4}-\d{2}-\d{2})?\s*(?P<reason>.*)",
    re.DOTALL,
)
_SHORT = 10  # characters of a word that takes what was offered
_LONGEST = timedelta(days=180)  # of an extension: then the next report is due
_FOR_ALL_TO_HEAR = frozenset({Label.CLAIMED, Label.RECEIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What somebody of a department says, and all that it takes to serve it."""

    doing: Doing
    person: Person
    words: str
    heard: Understood
    calendar: WorkCalendar
    submission: Submission

    @property
    def said(self) -> Said:
        """Tell who says it, for the record."""
        return said_by(self.doing, self.person, self.words)

    @property
    def today(self) -> date:
        """Return the office's day."""
        return self.doing.at.date()


def said_by(doing: Doing, person: Person, words: str) -> Said:
    """Tell who says something, when, through what and in which words.

    Where *words* stand for a number or 是, it is kept that this was said.
    """
    if words != doing.words and len(doing.words) < _SHORT:
        words = f"{doing.words}（{words}）"
    return Said(
        by=person.name,
        at=doing.at,
        person_id=person.id,
        channel=doing.account.channel,
        letter=doing.letter,
        words=words[:500],
    )


async def serve(speech: Speech) -> Reply | None:
    """Do what is said about one report."""
    doing, heard = speech.doing, speech.heard
    command = COMMAND.match(speech.words)
    if command:
        return await _obey(speech, command)
    await _record(
        speech,
        "reply.classified",
        label=heard.label,
        sure=heard.sure,
        score=heard.score,
    )
    transition = _TRANSITIONS.get(heard.label)
    if transition is None or not heard.sure:  # of this report it may sound otherwise
        return ask_back(speech)
    is_before_all = doing.in_group and not (doing.chat and doing.chat.department)
    if is_before_all and heard.label not in _FOR_ALL_TO_HEAR:
        return Reply(words_of.IN_PRIVATE)
    return await transition(speech)


def ask_back(speech: Speech) -> Reply:
    """Ask what was meant, so that a plain 是 is an answer; before others in private."""
    if speech.doing.in_group:
        return Reply(words_of.IN_PRIVATE)
    is_nil = speech.heard.label is Label.NIL
    ask = words_of.ask_nil if is_nil else words_of.ask_claimed
    return offer(speech.doing, ask(speech.submission), asks_yes=True)


async def _obey(speech: Speech, command: re.Match[str]) -> Reply:
    """Do what a button says; it may also be typed."""
    submission = speech.submission
    day = _day(command["day"] or "")
    match command["what"]:
        case "约定" | "约定日期" if day is None:
            asked = words_of.ask_day(
                submission, today=speech.today, calendar=speech.calendar
            )
            return offer(speech.doing, asked)
        case "约定" | "约定日期":
            return await _promise_or_ask(speech, day, reason="")
        case "提交延期" if day:
            reason = inert(command["reason"].strip())
            return await _ask_office(speech, day, reason=reason)
        case "申请延期" | "提交延期":
            return words_of.ask_extension_day(submission)
        case "确认零报告":
            return await _claim(speech, nil=True)
        case "本期无事项":
            return offer(speech.doing, words_of.ask_nil(submission), asks_yes=True)
    return Reply("好的，状态不变。报送后请回复“已报”。")


def _day(written: str) -> date | None:
    """Read a day; None if it is none, such as 2026-02-30."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


async def _on_received(speech: Speech) -> Reply:
    submission = speech.submission
    await submissions.acknowledge(speech.doing.session, submission, speech.said)
    await _record(speech, "ack.read")
    return words_of.received([submission])


async def _on_claimed(speech: Speech) -> Reply:
    return await _claim(speech, nil=False)


async def _claim(speech: Speech, *, nil: bool) -> Reply:
    doing, submission = speech.doing, speech.submission
    is_new = await submissions.claim(doing.session, submission, speech.said, nil=nil)
    if is_new:
        await hush(doing.session, submission, at=doing.at)
        await _record(speech, "ack.zero" if nil else "ack.claimed")
    if is_new and doing.in_group and not (doing.chat and doing.chat.department):
        return words_of.claimed_before_all(submission)
    return words_of.claimed(
        submission,
        day=speech.heard.handed_in_on or speech.today,
        via=speech.heard.via,
        nil=nil,
        again=not is_new,
    )


async def _on_not_yet(speech: Speech) -> Reply:
    speech.submission.reacted_at = speech.doing.at
    return words_of.not_yet(speech.submission)


async def _on_partial(speech: Speech) -> Reply:
    speech.submission.reacted_at = speech.doing.at
    return words_of.partial(speech.submission)


async def _on_promise(speech: Speech) -> Reply:
    reason = inert(speech.heard.reason)
    return await _promise_or_ask(speech, speech.heard.day, reason=reason)


async def _promise_or_ask(speech: Speech, day: date | None, *, reason: str) -> Reply:
    """Note a promised day, or ask for one, or offer to ask the office for a later."""
    doing, submission = speech.doing, speech.submission
    if day is None or day < speech.today:
        submission.reacted_at = doing.at
        asked = words_of.ask_day(
            submission, today=speech.today, calendar=speech.calendar
        )
        return offer(doing, asked)
    if day > words_of.limit_of(submission):
        submission.reacted_at = doing.at
        if _is_too_late(submission, day):
            return words_of.too_late(submission, day)
        later = words_of.offer_extension(submission, day=day, reason=reason)
        return offer(doing, later, asks_yes=True)
    await submissions.promise(doing.session, submission, speech.said, day=day)
    await hush(doing.session, submission, at=doing.at)
    await _record(speech, "ack.promised", day=day)
    return words_of.promised(submission, day)


async def _on_extension(speech: Speech) -> Reply:
    heard, submission = speech.heard, speech.submission
    if heard.day is None or heard.day < speech.today:
        submission.reacted_at = speech.doing.at
        return words_of.ask_extension_day(submission)
    return await _promise_or_ask(speech, heard.day, reason=inert(heard.reason))


async def _ask_office(speech: Speech, day: date, *, reason: str) -> Reply:
    doing, submission = speech.doing, speech.submission
    if day <= words_of.limit_of(submission):
        return await _promise_or_ask(speech, day, reason="")
    if _is_too_late(submission, day):
        return words_of.too_late(submission, day)
    await submissions.ask_extension(
        doing.session, submission, speech.said, day=day, reason=reason
    )
    await _record(speech, "extension.asked", day=day)
    await tell_admins(doing, "extension", submission)
    return words_of.extension_asked(submission, day)


def _is_too_late(submission: Submission, day: date) -> bool:
    return day > words_of.limit_of(submission) + _LONGEST


async def _on_nil(speech: Speech) -> Reply:
    return offer(speech.doing, words_of.ask_nil(speech.submission), asks_yes=True)


async def _on_dispute(speech: Speech) -> Reply:
    doing, submission = speech.doing, speech.submission
    reason = inert(speech.heard.reason or speech.words[:200])
    if await submissions.dispute(doing.session, submission, speech.said, reason=reason):
        await hush(doing.session, submission, at=doing.at)
        await _record(speech, "dispute.raised")
        await tell_admins(doing, "dispute", submission)
    return words_of.disputed(submission)


_TRANSITIONS: dict[Label, Callable[[Speech], Awaitable[Reply]]] = {
    Label.RECEIVED: _on_received,
    Label.CLAIMED: _on_claimed,
    Label.NOT_YET: _on_not_yet,
    Label.PROMISE: _on_promise,
    Label.EXTENSION: _on_extension,
    Label.NIL: _on_nil,
    Label.DISPUTE: _on_dispute,
    Label.PARTIAL: _on_partial,
}


async def _record(speech: Speech, event: str, **detail: object) -> None:
    await note(speech.doing, speech.person, speech.submission, event, **detail)


async def note(
    doing: Doing, person: Person, submission: Submission, event: str, **detail: object
) -> None:
    await doing.record(
        event,
        f"submission:{submission.id}",
        by=person,
        department=submission.department,
        state=submission.state,
        **detail,
    )
