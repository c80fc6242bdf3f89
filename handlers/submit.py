"""A department says something about its reports: what is meant, and of which."""

import re
from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from bot.chinese import fold
from bot.guard import inert
from bot.messages import Reply
from bot.model import Person, Role, Submission
from bot.reports import submissions
from bot.reports.calendar import WorkCalendar
from bot.reports.due import OFFICE
from bot.reports.holidays import calendar_kept
from bot.reports.replies import Label, Understood, understand
from handlers import submit_words as words_of
from handlers.acknowledge import ONLY_OURS
from handlers.act import Act, Doing
from handlers.courtesy import without_courtesies
from handlers.duties import unconfirmed
from handlers.hand_over import ask_to_hand_over
from handlers.list_points import points
from handlers.nudge_ends import ending, ending_by
from handlers.offers import (
    ask_which_again,
    effective_words,
    offer,
    says_yes_to_which,
)
from handlers.one_report import COMMAND, Speech, note, said_by, serve
from handlers.rights import is_at_least, office_words
from handlers.tasks_asked import ABOUT_REPORTING, asks_for_tasks
from handlers.which_report import (
    CODE,
    Meant,
    codes_in,
    in_place,
    meant_by,
    replies_to_notice,
)

_SPEAKS_OF_IT = frozenset(Label) - {Label.OTHER, Label.QUESTION}
_OF_A_REPORT = _SPEAKS_OF_IT - {Label.HANDOVER}
_SOUNDS_DONE = re.compile(
    r"[报交送发寄]\S{0,3}了|(?:^|[做弄办搞写都全已经,。])(?:好|完|完成|搞定|ok)了?[。!~]*$"
)
_ASKS = re.compile("谁|什么|哪(?!来的)|多少|啥")
_MAY_TELL = re.compile(
    "[没未不还凭催早给撤缓延宽推迟换调塞甩凑]|(?<!应)急"  # 没写完，急什么
    "|木有|哪天看|管过|我叫|过.天|头上|产假|接手|签收"
)
_POINTS_OR_GREETS = re.compile(
    "(?:(?:[\u4e00-\u9fff]{0,2}(?:老师|主任|科长|领导|同志)[您你]?|[您你])好[,。!~ ]*)*"
    "(?:第[0-9一二三四五六七八九十]{1,3}[个项条](?:的?详细)?(?:说说|讲讲|看看|原文)?)?[。!~]*"
)
_UNDO_AND_SAY = re.compile(r"(?P<undo>撤销\s*[#＃]R\d{1,9})：(?P<rest>.+)", re.DOTALL)
_BY_RULE = WorkCalendar()
_LONGEST_SAID = 200  # characters that are said again by a press
_OFTEN_OF_TASKS = {Label.DISPUTE, Label.HANDOVER, Label.PARTIAL, Label.NOT_YET}
_WISHES_LIST = 20  # points: of 15,000 replies that tell something 3 have as many, of
# those that answer no nudge and do not speak of reporting
_MOST = 8  # reports of which it is tried whether words make sense


def _fits(doing: Doing) -> bool:
    words = effective_words(doing)
    if words is not doing.words or CODE.search(words):
        return True
    if asks_for_tasks(words):
        return False
    if doing.incoming.about:
        return True
    if codes_in(doing.incoming.quote):
        return True
    if ABOUT_REPORTING.search(words) or says_yes_to_which(doing):
        return True
    if doing.person is None or only_asks(doing.words, doing.folded):
        return False
    if points(doing.folded) >= _WISHES_LIST:
        return False
    heard = understand(words, now=doing.at, calendar=_BY_RULE, due_on=None)
    return heard.label in _SPEAKS_OF_IT or _sounds_done(doing, heard)


def _sounds_done(doing: Doing, heard: Understood) -> bool:
    """Tell whether words that nobody is sure of may say that something is done."""
    is_unsure = heard.label is Label.OTHER and not heard.sure
    return is_unsure and _SOUNDS_DONE.search(doing.folded) is not None


def only_asks(words: str, folded: str) -> bool:
    """Tell whether words are a plain question, or one among courtesies."""
    if is_plain_question(folded):
        return True
    asked = fold(without_courtesies(words, is_known=True))
    return bool(_ASKS.search(asked)) and is_plain_question(asked)


def is_plain_question(folded: str) -> bool:
    """Tell whether words only ask, so that nothing in them can be told of a report.

    Most letters are such questions, greetings, or point at a place of a list: to read
    them as replies costs more than to answer.
    """
    if _POINTS_OR_GREETS.fullmatch(folded):
        return True
    return bool(_ASKS.search(folded)) and not (
        ABOUT_REPORTING.search(folded) or _MAY_TELL.search(folded)
    )


async def _submit(doing: Doing) -> Reply | None:
    """Find out what is meant and enter it; None if it is none of our business."""
    words, person = effective_words(doing), doing.person
    if person is None or not is_at_least(person.role, Role.LIAISON):
        return _to_stranger(doing, words, _understood(doing, words, _BY_RULE))
    if says_yes_to_which(doing):
        return ask_which_again(doing)
    calendar = await calendar_kept(doing.session)
    heard = _understood(doing, words, calendar)
    if not is_at_least(person.role, Role.ADMIN):
        return await _of_one(doing, person, person.department, words, calendar, heard)
    if await _is_about_its_own(doing, person, heard, words):
        return await _of_one(doing, person, OFFICE, words, calendar, heard)
    return _to_office(doing, person, heard, words)


async def _is_about_its_own(
    doing: Doing, person: Person, heard: Understood, words: str
) -> bool:
    """Tell whether an admin speaks of what the office owes itself: by its nudge.

    So he takes back as well what was said for it, by the nudge or without.
    """
    if doing.in_group or person.role is not Role.ADMIN:
        return False
    if heard.label is Label.HANDOVER:
        return False
    own = await meant_by(doing, words, departments=[OFFICE])
    is_named = own.is_nudge or (heard.label is Label.WITHDRAW and heard.sure)
    return is_named and bool(own.owing or own.done)


async def _of_one(
    doing: Doing,
    person: Person,
    department: str,
    words: str,
    calendar: WorkCalendar,
    heard: Understood,
) -> Reply | None:
    """Serve what is said for a department, which the office is for its own reports."""
    if both := _UNDO_AND_SAY.fullmatch(words):
        return await _undo_and_say(doing, person, department, both, calendar)
    if heard.label is Label.WITHDRAW and heard.sure:
        return await _withdraw(doing, person, department, words)
    meant = await meant_by(doing, words, departments=[department])
    if doing.incoming.about and not (meant.is_nudge or meant.is_named):
        return await _beside_the_nudge(doing, person, department, words, calendar)
    if heard.label not in _SPEAKS_OF_IT and not COMMAND.match(words):
        heard, meant = _heard_of_one(doing, words, calendar, heard, meant)
    if heard.label not in _SPEAKS_OF_IT and not COMMAND.match(words):
        return _unclear(doing, heard, meant)
    if _is_in_the_group_of_others(doing):
        return Reply("", aside=ONLY_OURS)
    if heard.label is Label.HANDOVER:
        return await ask_to_hand_over(doing, person, heard.name, words)
    return await _about_reports(doing, person, words, calendar, heard, meant)


async def _beside_the_nudge(
    doing: Doing, person: Person, department: str, words: str, calendar: WorkCalendar
) -> Reply | None:
    """Serve what replies to something else of ours as if it replied to nothing.

    A notice may ask for something else, so which report is meant is asked back; 收到
    is said of what it replies to.
    """
    alone = replace(doing, incoming=structs.replace(doing.incoming, about=""))
    heard = _understood(alone, words, calendar)
    if doing.incoming.press or heard.label is Label.RECEIVED or not _fits(alone):
        return None
    meant = await meant_by(alone, words, departments=[department])
    is_told = heard.label in _OF_A_REPORT and heard.sure
    if is_told and meant.owing and await replies_to_notice(doing):
        return _ask_whether(alone, heard, meant.owing, words)
    return await _of_one(alone, person, department, words, calendar, heard)


def _ask_whether(
    doing: Doing, heard: Understood, owing: Sequence[Submission], words: str
) -> Reply:
    """Ask whether a report that is owed is meant at all, or which of them."""
    if _is_in_the_group_of_others(doing):
        return Reply("", aside=ONLY_OURS)
    if doing.in_group or len(owing) > 1 or heard.label is not Label.CLAIMED:
        return _ask_which(doing, owing, words)
    return offer(doing, words_of.ask_claimed(owing[0]), asks_yes=True)


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
        return await _nothing_owed(doing, person, words, heard, meant)
    if len(some) > 1:
        return _ask_which(doing, some, words)
    speech = Speech(
        doing=doing,
        person=person,
        words=words,
        heard=_understood(doing, words, calendar, about=some[0]),
        calendar=calendar,
        submission=some[0],
    )
    reply = await serve(speech)
    return await ending(doing, reply, some[0]) if reply else None


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
    return fit[0][1], replace(meant, owing=owing, done=done)


def _to_stranger(doing: Doing, words: str, heard: Understood) -> Reply | None:
    if _is_pressed_in_group(doing) and (
        heard.label is Label.WITHDRAW or COMMAND.match(words)
    ):
        return Reply("", aside=ONLY_OURS)
    if not (heard.label in _SPEAKS_OF_IT and heard.sure):
        return None
    if heard.label in {Label.RECEIVED, Label.WITHDRAW, Label.HANDOVER}:
        return None
    if _is_pressed_in_group(doing):
        return Reply("", aside=ONLY_OURS)
    return Reply(words_of.IN_PRIVATE if doing.in_group else words_of.BIND_FIRST)


def _is_pressed_in_group(doing: Doing) -> bool:
    return bool(doing.incoming.press) and doing.in_group


def _to_office(
    doing: Doing, person: Person, heard: Understood, words: str
) -> Reply | None:
    """Tell the office how it reports for a department: with a note, or not at all."""
    is_sure = heard.label in _SPEAKS_OF_IT and heard.sure
    if heard.label is Label.RECEIVED or not (is_sure or COMMAND.match(words)):
        return None
    if doing.in_group:
        is_pressed = bool(doing.incoming.press)
        return Reply("" if is_pressed else words_of.IN_PRIVATE, aside=ONLY_OURS)
    return Reply(office_words(person.role))


def _unclear(doing: Doing, heard: Understood, meant: Meant) -> Reply | None:
    """Ask back where nobody is sure what a nudge is answered, or what is done."""
    if heard.label is Label.QUESTION or not heard.ask or not meant.owing:
        return None
    if doing.incoming.press or _is_in_the_group_of_others(doing):
        return None
    if not (meant.is_nudge or _sounds_done(doing, heard)):
        return None
    if doing.in_group:
        return Reply(words_of.IN_PRIVATE)
    if len(meant.owing) > 1:
        ask = words_of.WHICH_IS_CLAIMED
        return offer(doing, words_of.which(meant.owing, "已报", ask=ask))
    return offer(doing, words_of.ask_claimed(meant.owing[0]), asks_yes=True)


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


async def _nothing_owed(
    doing: Doing, person: Person, words: str, heard: Understood, meant: Meant
) -> Reply | None:
    """Say that nothing is owed; who speaks against what is noted may take it back."""
    if heard.label is Label.RECEIVED or not heard.sure:
        return None
    if heard.label in _OFTEN_OF_TASKS and not (
        doing.incoming.about or meant.done or ABOUT_REPORTING.search(words)
    ):
        return None
    if doing.in_group and not (meant.done and doing.chat and doing.chat.department):
        return Reply(words_of.IN_PRIVATE)
    if meant.done:
        one = meant.done[-1]
        await note(doing, person, one, "reply.classified", label=heard.label, sure=True)
        said = inert(CODE.sub("", words).strip()[:_LONGEST_SAID])
        return offer(doing, words_of.offer_undo(one, said))
    waits = await unconfirmed(
        doing.session,
        plans=doing.plans,
        departments=doing.departments,
        today=doing.at.date(),
    )
    return Reply(words_of.NOTHING_OWED + (words_of.UNCONFIRMED if waits else ""))


def _ask_which(doing: Doing, some: Sequence[Submission], words: str) -> Reply:
    """Ask which of several is meant; before others, in private only."""
    if doing.in_group:
        return Reply(words_of.IN_PRIVATE)
    bare = CODE.sub("", words).strip()
    return offer(doing, words_of.which(some, bare))


async def _withdraw(
    doing: Doing, person: Person, department: str, words: str
) -> Reply | None:
    """Undo the newest word of a department, or that about the report meant."""
    if _is_pressed_in_group(doing) and _is_in_the_group_of_others(doing):
        return Reply("", aside=ONLY_OURS)
    ids = codes_in(words) or codes_in(doing.incoming.quote)
    newest = await submissions.newest_of(doing.session, department, reports=ids)
    last = await submissions.last_word(doing.session, newest) if newest else None
    if newest is None or last is None:
        return Reply(words_of.NOTHING_TO_UNDO) if not doing.in_group else None
    said = said_by(doing, person, words)
    undone = await submissions.undo(doing.session, newest, said)
    if undone is None:
        return Reply(words_of.DECIDED)
    await note(doing, person, newest, "reply.corrected", undone=undone.what)
    undone_words = words_of.undone(newest)
    return await ending_by(doing, undone_words, newest, letter=last.letter)


async def _undo_and_say(
    doing: Doing,
    person: Person,
    department: str,
    both: re.Match[str],
    calendar: WorkCalendar,
) -> Reply | None:
    """Take back what is noted of a report, and then do what was said against it."""
    undone = await _withdraw(doing, person, department, both.group())
    if undone is None or not undone.text.startswith("已撤销"):
        return undone
    words = f"{both['rest']} {both['undo'].removeprefix('撤销').strip()}"
    heard = _understood(doing, words, calendar)
    said = await _of_one(doing, person, department, words, calendar, heard)
    return structs.replace(said, text=f"{undone.text}\n{said.text}") if said else undone


SUBMIT = Act(
    name="submit",
    example="已报",
    role=Role.STRANGER,
    in_groups=True,
    fits=_fits,
    do=in_place(_submit),
    never_fails=True,
)
