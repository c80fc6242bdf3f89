"""A department says something about a report: 已报, 下周一交, 能缓到…吗, 撤销."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import audit
from bot.messages import Reply
from bot.model import Person, Role, Submission
from bot.reports import submissions
from bot.reports.calendar import WorkCalendar
from bot.reports.holidays import calendar_kept
from bot.reports.replies import Label, Understood, understand
from bot.reports.submissions import Said
from handlers import submit_words as words_of
from handlers.acknowledge import ONLY_OURS
from handlers.act import Act, Doing
from handlers.hush import hush
from handlers.rights import is_at_least
from handlers.tell_office import tell_admins
from handlers.which_report import CODE, Meant, codes_in, in_place, meant_by

_YES = re.compile("(?:是|是的|对|对的|好|好的|可以|行|确认|提交|ok|嗯|同意)[。!~]*")
_NUMBER = re.compile("第?([1-9一二三四五])[个项条]?[。]?")
_CHINESE = "一二三四五"
_COMMAND = re.compile(
    r"(?P<what>约定日期|约定|提交延期|申请延期|本期无事项|确认零报告|再想想)\s*"
    r"[#＃]R(?P<code>\d{1,9})\s*(?P<day>\d{4}-\d{2}-\d{2})?\s*(?P<reason>.*)",
    re.DOTALL,
)
_SPEAKS_OF_IT = frozenset(Label) - {Label.OTHER, Label.QUESTION}
_FOR_ALL_TO_HEAR = frozenset({Label.CLAIMED, Label.RECEIVED})
_ABOUT_REPORTING = re.compile("报|交|送|发.{0,4}了")
_MOST = 8  # reports of which it is tried whether words make sense


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speech:
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
    """Tell who says something, when, through what and in which words."""
    return Said(
        by=person.name,
        at=doing.at,
        person_id=person.id,
        channel=doing.account.channel,
        letter=doing.letter,
        words=words[:500],
    )


def effective_words(doing: Doing) -> str:
    """Return what is meant: a number, or 是, stands for what was offered before."""
    choices = doing.choices
    if not choices or doing.in_group:
        return doing.words
    number = _NUMBER.fullmatch(doing.folded)
    if number:
        said = number[1]
        place = _CHINESE.index(said) if said in _CHINESE else int(said) - 1
        return choices[place] if place < len(choices) else doing.words
    return choices[0] if _YES.fullmatch(doing.folded) else doing.words


def _fits(doing: Doing) -> bool:
    words = effective_words(doing)
    if words is not doing.words or CODE.search(words) or doing.incoming.about:
        return True
    if codes_in(doing.incoming.quote):
        return True
    if _ABOUT_REPORTING.search(words):
        return True
    if doing.person is None:
        return False
    heard = understand(words, now=doing.at, calendar=WorkCalendar(), due_on=None)
    return heard.label in _SPEAKS_OF_IT


async def _submit(doing: Doing) -> Reply | None:
    """Find out what is meant and enter it; None if it is none of our business."""
    words = effective_words(doing)
    calendar = await calendar_kept(doing.session)
    heard = _understood(doing, words, calendar)
    person = doing.person
    if person is None or not is_at_least(person.role, Role.LIAISON):
        return _to_stranger(doing, heard)
    if heard.label is Label.WITHDRAW:
        return await _withdraw(doing, person, words)
    meant = await meant_by(doing, words, departments=[person.department])
    if not meant.is_nudge and doing.incoming.about:
        return None  # it replies to something else of ours
    if heard.label not in _SPEAKS_OF_IT and not _COMMAND.match(words):
        heard, meant = _heard_of_one(doing, words, calendar, heard, meant)
    if heard.label not in _SPEAKS_OF_IT and not _COMMAND.match(words):
        return _unclear(doing, heard, meant)
    if _is_in_the_group_of_others(doing):
        return Reply("", aside=ONLY_OURS)
    if heard.label is Label.HANDOVER:
        return await _hand_over(doing, person, heard, words)
    return await _about_reports(doing, person, words, calendar, heard, meant)


async def _about_reports(
    doing: Doing,
    person: Person,
    words: str,
    calendar: WorkCalendar,
    heard: Understood,
    meant: Meant,
) -> Reply | None:
    """Serve what is said about one report; ask which, if there are several."""
    some = _candidates(heard, meant)
    if not some:
        return _nothing_owed(doing, heard, meant)
    if len(some) > 1:
        return _ask_which(doing, some, words)
    speech = _Speech(
        doing=doing,
        person=person,
        words=words,
        heard=_understood(doing, words, calendar, about=some[0]),
        calendar=calendar,
        submission=some[0],
    )
    return await _serve(speech)


def _understood(
    doing: Doing,
    words: str,
    calendar: WorkCalendar,
    *,
    about: Submission | None = None,
) -> Understood:
    own = (doing.person.department,) if doing.person else ()
    return understand(
        words,
        now=doing.at,
        calendar=calendar,
        due_on=words_of.limit_of(about) if about else None,
        report=about.report.title if about else "",
        in_reply_to_nudge=bool(
            doing.incoming.about or codes_in(doing.incoming.quote) or CODE.search(words)
        ),
        own=own,
    )


def _heard_of_one(
    doing: Doing, words: str, calendar: WorkCalendar, heard: Understood, meant: Meant
) -> tuple[Understood, Meant]:
    """Read words that make sense of one report alone, such as 全年的已报."""
    some = [*meant.owing, *meant.done][:_MOST]
    read = [(one, _understood(doing, words, calendar, about=one)) for one in some]
    fit = [(one, u) for one, u in read if u.sure and u.label in _SPEAKS_OF_IT]
    if not fit:
        return heard, meant
    kept = [one for one, _ in fit]
    owing = [one for one in meant.owing if one in kept]
    done = [one for one in meant.done if one in kept]
    return fit[0][1], Meant(owing, done, is_nudge=meant.is_nudge)


def _to_stranger(doing: Doing, heard: Understood) -> Reply | None:
    if not (heard.label in _SPEAKS_OF_IT and heard.sure):
        return None
    if heard.label in {Label.RECEIVED, Label.WITHDRAW, Label.HANDOVER}:
        return None
    if doing.incoming.press and doing.in_group:
        return Reply("", aside=ONLY_OURS)
    return Reply(words_of.IN_PRIVATE if doing.in_group else words_of.BIND_FIRST)


def _unclear(doing: Doing, heard: Understood, meant: Meant) -> Reply | None:
    """Ask back where a nudge is answered in words that nobody understands."""
    if heard.label is Label.QUESTION or not meant.is_nudge or not meant.owing:
        return None
    if doing.incoming.press or doing.in_group:
        return None
    return Reply(heard.ask) if heard.ask else None


def _is_in_the_group_of_others(doing: Doing) -> bool:
    """Tell whether somebody speaks in the group of a department that is not his."""
    chat = doing.chat
    if chat is None or not (chat.registered_at and chat.department):
        return False
    own = doing.person.department if doing.person else ""
    return own != chat.department and not doing.departments.same(own, chat.department)


def _candidates(heard: Understood, meant: Meant) -> Sequence[Submission]:
    """List what may be meant: what was reported counts only if nothing is owed."""
    if heard.label in {Label.CLAIMED, Label.NIL} and not meant.owing:
        return meant.done[-1:]
    return meant.owing


def _nothing_owed(doing: Doing, heard: Understood, meant: Meant) -> Reply | None:
    if heard.label is Label.RECEIVED or not heard.sure:
        return None
    if meant.done:
        one = meant.done[-1]
        state = words_of.state_words(one.state)
        return Reply(f"{one.report.title}的状态为“{state}”，无需再办。")
    return Reply(words_of.IN_PRIVATE if doing.in_group else words_of.NOTHING_OWED)


def _ask_which(doing: Doing, some: Sequence[Submission], words: str) -> Reply:
    """Ask which of several is meant; before others, in private only."""
    if doing.in_group:
        return Reply(words_of.IN_PRIVATE)
    bare = CODE.sub("", words).strip()
    return _offer(doing, words_of.which(some, bare))


def _offer(doing: Doing, reply: Reply) -> Reply:
    """Remember what the buttons say, for those who answer by number or 是."""
    if not doing.in_group and reply.buttons:
        choices = tuple(button.says for button in reply.buttons)
        doing.account.talk = replace(doing.account.talk, choices=choices)
    return reply


async def _serve(speech: _Speech) -> Reply | None:
    """Do what is said about one report."""
    doing, heard = speech.doing, speech.heard
    command = _COMMAND.match(speech.words)
    if command:
        return await _obey(speech, command)
    if not heard.sure:
        return Reply(words_of.IN_PRIVATE if doing.in_group else heard.ask)
    is_before_all = doing.in_group and not (doing.chat and doing.chat.department)
    if is_before_all and heard.label not in _FOR_ALL_TO_HEAR:
        return Reply(words_of.IN_PRIVATE)
    return await _TRANSITIONS[heard.label](speech)


async def _obey(speech: _Speech, command: re.Match[str]) -> Reply:
    """Do what a button says; it may also be typed."""
    submission = speech.submission
    day = date.fromisoformat(command["day"]) if command["day"] else None
    match command["what"]:
        case "约定" | "约定日期" if day is None:
            asked = words_of.ask_day(
                submission, today=speech.today, calendar=speech.calendar
            )
            return _offer(speech.doing, asked)
        case "约定" | "约定日期":
            return await _promise_or_ask(speech, day, reason="")
        case "提交延期" if day:
            return await _ask_office(speech, day, reason=command["reason"].strip())
        case "申请延期" | "提交延期":
            return words_of.ask_extension_day(submission)
        case "确认零报告":
            return await _claim(speech, nil=True)
        case "本期无事项":
            return _offer(speech.doing, words_of.ask_nil(submission))
    return Reply("好的，状态不变。报送后请回复“已报”。")


async def _on_received(speech: _Speech) -> Reply:
    submission = speech.submission
    await submissions.acknowledge(speech.doing.session, submission, speech.said)
    await _record(speech, "ack.read")
    return words_of.received([submission])


async def _on_claimed(speech: _Speech) -> Reply:
    return await _claim(speech, nil=False)


async def _claim(speech: _Speech, *, nil: bool) -> Reply:
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


async def _on_not_yet(speech: _Speech) -> Reply:
    speech.submission.reacted_at = speech.doing.at
    return words_of.not_yet(speech.submission)


async def _on_partial(speech: _Speech) -> Reply:
    speech.submission.reacted_at = speech.doing.at
    return words_of.partial(speech.submission)


async def _on_promise(speech: _Speech) -> Reply:
    return await _promise_or_ask(speech, speech.heard.day, reason=speech.heard.reason)


async def _promise_or_ask(speech: _Speech, day: date | None, *, reason: str) -> Reply:
    """Note a promised day, or ask for one, or offer to ask the office for a later."""
    doing, submission = speech.doing, speech.submission
    if day is None or day < speech.today:
        submission.reacted_at = doing.at
        asked = words_of.ask_day(
            submission, today=speech.today, calendar=speech.calendar
        )
        return _offer(doing, asked)
    if day > words_of.limit_of(submission):
        submission.reacted_at = doing.at
        offer = words_of.offer_extension(submission, day=day, reason=reason)
        return _offer(doing, offer)
    await submissions.promise(doing.session, submission, speech.said, day=day)
    await hush(doing.session, submission, at=doing.at)
    await _record(speech, "ack.promised", day=day)
    return words_of.promised(submission, day)


async def _on_extension(speech: _Speech) -> Reply:
    heard, submission = speech.heard, speech.submission
    if heard.day is None or heard.day < speech.today:
        submission.reacted_at = speech.doing.at
        return words_of.ask_extension_day(submission)
    return await _promise_or_ask(speech, heard.day, reason=heard.reason)


async def _ask_office(speech: _Speech, day: date, *, reason: str) -> Reply:
    doing, submission = speech.doing, speech.submission
    if day <= words_of.limit_of(submission):
        return await _promise_or_ask(speech, day, reason="")
    await submissions.ask_extension(
        doing.session, submission, speech.said, day=day, reason=reason
    )
    await _record(speech, "extension.asked", day=day)
    await tell_admins(doing, "extension", submission)
    return words_of.extension_asked(submission, day)


async def _on_nil(speech: _Speech) -> Reply:
    return _offer(speech.doing, words_of.ask_nil(speech.submission))


async def _on_dispute(speech: _Speech) -> Reply:
    doing, submission = speech.doing, speech.submission
    reason = speech.heard.reason or speech.words[:200]
    if await submissions.dispute(doing.session, submission, speech.said, reason=reason):
        await hush(doing.session, submission, at=doing.at)
        await _record(speech, "dispute.raised")
        await tell_admins(doing, "dispute", submission)
    return words_of.disputed(submission)


_TRANSITIONS: dict[Label, Callable[[_Speech], Awaitable[Reply]]] = {
    Label.RECEIVED: _on_received,
    Label.CLAIMED: _on_claimed,
    Label.NOT_YET: _on_not_yet,
    Label.PROMISE: _on_promise,
    Label.EXTENSION: _on_extension,
    Label.NIL: _on_nil,
    Label.DISPUTE: _on_dispute,
    Label.PARTIAL: _on_partial,
}


async def _withdraw(doing: Doing, person: Person, words: str) -> Reply | None:
    """Undo the newest word of the department, or that about the report meant."""
    ids = codes_in(words) or codes_in(doing.incoming.quote)
    newest = await submissions.newest_of(doing.session, person.department, reports=ids)
    last = await submissions.last_word(doing.session, newest) if newest else None
    if newest is None or last is None:
        return Reply(words_of.NOTHING_TO_UNDO) if not doing.in_group else None
    said = said_by(doing, person, words)
    undone = await submissions.undo(doing.session, newest, said)
    if undone is None:
        return Reply(words_of.DECIDED)
    await _note(doing, person, newest, "reply.corrected", undone=undone.what)
    return words_of.undone(newest)


async def _hand_over(
    doing: Doing, person: Person, heard: Understood, words: str
) -> Reply:
    if doing.in_group:
        return Reply(words_of.IN_PRIVATE)
    owing = await submissions.submissions_of(doing.session, [person.department])
    await audit.record(
        doing.session,
        actor=person.name,
        event="handover.requested",
        about=f"person:{person.id}",
        at=doing.at,
        department=person.department,
        successor=heard.name,
    )
    await tell_admins(doing, "handover", None, successor=heard.name)
    return words_of.handed_over(len(owing), heard.name)


async def _record(speech: _Speech, event: str, **detail: object) -> None:
    await _note(speech.doing, speech.person, speech.submission, event, **detail)


async def _note(
    doing: Doing, person: Person, submission: Submission, event: str, **detail: object
) -> None:
    await audit.record(
        doing.session,
        actor=person.name,
        event=event,
        about=f"submission:{submission.id}",
        at=doing.at,
        channel=doing.account.channel,
        department=submission.department,
        state=submission.state,
        **detail,
    )


SUBMIT = Act(
    name="submit",
    example="已报",
    role=Role.STRANGER,
    in_groups=True,
    fits=_fits,
    do=in_place(_submit),
)
