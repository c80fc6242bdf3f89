"""Files that a department sends: kept as evidence, for a report or only kept."""

import re
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from bot.errors import DocumentError
from bot.messages import Button, Incoming, Reply
from bot.model import Evidence, Person, Role, Submission
from bot.reports import submissions
from bot.reports.calendar import WorkCalendar
from bot.reports.filing import (
    files_of_letter,
    tie_as_the_others,
    tie_letter,
    tie_to_claim,
)
from bot.reports.replies import Label, understand
from bot.reports.submissions import CLAIMED, OWING, submissions_of
from handlers import submit_words as words_of
from handlers.act import Act, Doing
from handlers.albums import (
    asked_with,
    before_in_album,
    is_told,
    nothing_more,
    refused_with,
)
from handlers.decide import DECIDE
from handlers.hush import hush
from handlers.nudge_ends import ending_by
from handlers.offers import effective_words, offer
from handlers.one_report import said_by
from handlers.rights import NOT_FOR_SUPER, WITH_A_NOTE, is_at_least
from handlers.sent_files import enter_sent, why_refused
from handlers.submit import SUBMIT
from handlers.which_report import codes_in

IN_PRIVATE = "文件请私聊发送给我，群里不收文件。"
_BIND_FIRST = "文件没有保存：请先回复办公室发放的 8 位绑定码，绑定后重新发送。"
_ANSWER = re.compile(r"附件\s*(?P<file>\d{1,9})\s*(?P<what>报送|仅留存)(?P<rest>.*)")
_ONLY_KEEP = re.compile("(?:仅|只|先)?留存(?:就行|即可)?|不是|不用|不报|否")
_SPEAKS_FOR_ITSELF = frozenset(Label) - {Label.OTHER, Label.QUESTION, Label.RECEIVED}
_LISTED = 4  # reports that are offered


def _fits(doing: Doing) -> bool:
    return bool(doing.incoming.attachments) or _answer(doing) is not None


def _answer(doing: Doing) -> re.Match[str] | None:
    """Read what is to become of a file, as a button or a number says it."""
    words = effective_words(doing).strip()
    last = doing.choices[-1] if doing.choices else ""
    if _ONLY_KEEP.fullmatch(doing.folded) and _ANSWER.fullmatch(last):
        words = last
    return _ANSWER.fullmatch(words)


async def _hand_in(doing: Doing) -> Reply | None:
    answer = _answer(doing)
    if doing.in_group and doing.words.strip() and answer is None:
        return None
    before = await before_in_album(doing)
    if refused := _refusal(doing):
        return nothing_more(doing) if before else Reply(refused)
    person = doing.person
    if person is None or not is_at_least(person.role, Role.LIAISON):
        return None
    if answer:
        return await _settle(doing, person, answer)
    return await _take(doing, person, before)


def _refusal(doing: Doing) -> str:
    """Say why files are not taken here, or of this person; "" if they may be."""
    person, came = doing.person, bool(doing.incoming.attachments)
    if doing.in_group:
        return fate_in_group(doing)
    if person is None or not is_at_least(person.role, Role.LIAISON):
        return (why_refused(doing.incoming) or _BIND_FIRST) if came else ""
    if person.role is Role.SUPER:
        return why_refused(doing.incoming) or NOT_FOR_SUPER
    return ""


def fate_in_group(doing: Doing) -> str:
    """Say of files that came into a group why none is kept."""
    return why_refused(doing.incoming) or IN_PRIVATE


async def _take(
    doing: Doing, person: Person, before: Sequence[Incoming]
) -> Reply | None:
    """Enter the files of a letter, and ask what they are for unless it says so.

    Of an album that is asked once: what comes after *before* goes with its files.
    """
    if why := refused_with(before):
        return await _without_files(doing, person, before, why)
    beside = asked_with(before)
    try:
        files = await enter_sent(doing, person, beside=beside)
    except DocumentError as error:
        await _note(doing, person, "evidence.refused", why=str(error))
        return await _without_files(doing, person, before, error.reply)
    if beside:
        await tie_as_the_others(doing.session, beside)
    if is_at_least(person.role, Role.ADMIN):
        if DECIDE.fits(doing):
            return None
        said = Reply(f"已收{_named(files)}，已留存。{WITH_A_NOTE}")
        return nothing_more(doing) if beside else said
    if _says_what_it_is(doing, person):
        reply = await SUBMIT.do(doing)
        await tie_to_claim(doing.session, doing.letter, files_of=beside or doing.letter)
        if reply:
            return reply
    return nothing_more(doing) if beside else await _ask(doing, person, files)


async def _without_files(
    doing: Doing, person: Person, before: Sequence[Incoming], why: str
) -> Reply:
    """Serve what is said beside files that are not kept, and say so of these."""
    is_liaison = not is_at_least(person.role, Role.ADMIN)
    heard = is_liaison and _says_what_it_is(doing, person)
    reply = await SUBMIT.do(doing) if heard else None
    if reply:
        return replace(reply, text=f"{reply.text}\n{why}")
    return nothing_more(doing) if is_told(before, why) else Reply(why)


def _says_what_it_is(doing: Doing, person: Person) -> bool:
    heard = understand(
        doing.words,
        now=doing.at,
        calendar=WorkCalendar(),
        due_on=None,
        own=(person.department,),
    )
    return (
        bool(doing.words.strip()) and heard.sure and heard.label in _SPEAKS_FOR_ITSELF
    )


async def _ask(doing: Doing, person: Person, files: Sequence[Evidence]) -> Reply:
    """Ask for which report the files are; those of the one claimed just go with it."""
    names, number = _named(files), files[0].id
    names += "等一组文件" if doing.incoming.album else ""
    owing = await submissions_of(doing.session, [person.department], states=OWING)
    if not owing:
        return await _beside_a_claim(doing, person, names)
    keep = Button("仅留存", f"附件{number} 仅留存")
    if len(owing) == 1:
        (one,) = owing
        yes = Button("是", f"附件{number} 报送 {one.report.code}")
        text = f"已收{names}。是否作为{one.report.title}报送？"
        return offer(doing, Reply(text, (yes, keep)), asks_yes=True)
    some = owing[:_LISTED]
    lines = [f"已收{names}。作为哪一项报送？回复序号即可。"]
    lines += [f"{n}. {one.report.title}" for n, one in enumerate(some, start=1)]
    lines.append(f"{len(some) + 1}. 仅留存")
    buttons = tuple(
        Button(one.report.title, f"附件{number} 报送 {one.report.code}") for one in some
    )
    return offer(doing, Reply("\n".join(lines), (*buttons, keep)))


async def _beside_a_claim(doing: Doing, person: Person, names: str) -> Reply:
    claimed = await submissions_of(doing.session, [person.department], states=CLAIMED)
    if len(claimed) != 1:
        return Reply(f"已收{names}，已留存。贵单位目前没有待报送的事项。")
    (one,) = claimed
    await tie_letter(doing.session, doing.letter, one)
    await _note(doing, person, "evidence.filed", submission=one.id)
    return Reply(f"已收{names}，已附在{one.report.title}（已报待核）之后。")


async def _settle(doing: Doing, person: Person, answer: re.Match[str]) -> Reply:
    """Report by the files of a letter, or only keep them."""
    files = await files_of_letter(
        doing.session, int(answer["file"]), department=person.department
    )
    kept = [one for one in files if not one.refusal]
    if not kept:
        why = files[0].refusal if files else "没有这个文件，请重新发送。"
        return Reply(why)
    names = _named(kept)
    if is_at_least(person.role, Role.ADMIN):
        return Reply(WITH_A_NOTE)
    if answer["what"] == "仅留存":
        return Reply(f"{names}已留存，报送状态不变。")
    found = await submissions_of(
        doing.session,
        [person.department],
        states=OWING | CLAIMED,
        reports=codes_in(answer["rest"]) or [0],
    )
    if not found:
        return Reply(f"{names}已留存。{words_of.NOTHING_OWED}")
    return await _report_by(doing, person, kept, found[0])


async def _report_by(
    doing: Doing, person: Person, files: Sequence[Evidence], submission: Submission
) -> Reply:
    names = _named(files)
    for one in files:
        one.submission_id = submission.id
    said = said_by(doing, person, f"以附件报送：{names}")
    is_new = submission.state not in CLAIMED and await submissions.claim(
        doing.session, submission, said
    )
    if is_new:
        await hush(doing.session, submission, at=doing.at)
        await _note(doing, person, "ack.claimed", submission=submission.id)
    await _note(doing, person, "evidence.filed", submission=submission.id)
    if not is_new:
        return Reply(f"{names}已附在{submission.report.title}之后，待办公室核收。")
    reply = words_of.claimed(
        submission, day=doing.at.date(), via="附件", nil=False, again=False
    )
    return await ending_by(doing, reply, submission, letter=files[0].letter)


def _named(files: Sequence[Evidence]) -> str:
    more = f"等 {len(files)} 个文件" if len(files) > 1 else ""
    return f"《{files[0].name}》{more}"


async def _note(doing: Doing, person: Person, event: str, **detail: Any) -> None:
    await doing.record(event, f"letter:{doing.letter}", by=person, **detail)


HAND_IN = Act(
    name="hand_in",
    example="",
    role=Role.STRANGER,
    in_groups=True,
    fits=_fits,
    do=_hand_in,
)
