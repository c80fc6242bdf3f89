"""Whoever got an answer calls it useful or wrong; what was not found asks for help."""

import re
from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from bot import audit, feedback
from bot.feedback import Said
from bot.mail import told
from bot.messages import Button, Reply
from bot.model import Answered, FeedbackKind, Plan, Role
from handlers.act import Act, Doing
from handlers.intent import Answer
from handlers.quote import doc_of

USEFUL = Button("有用", "有用", is_spare=True)
WRONG = Button("有误", "有误", is_spare=True)
TO_OFFICE = Button("转办公室", "转办公室", is_spare=True)

_SAYS = re.compile(
    r"(?P<useful>有用|有帮助|有用的)|(?P<office>(?:请)?(?:帮我)?转(?:给|到|交)?办公室)"
    r"|(?:这(?:条|个)?(?:答复|回答|答案)?)?(?:有误|答错了?)(?:[\s,，:：;；]+(?P<why>.+))?"
    r"|(?P<fault>[^，,。？?]{0,8}(?:牵头|责任|负责|配合|参与|条款|文号|原文|序号)"
    r"[^，,。？?吗]{0,8}(?:错|不对|有误|不准确?)了?)",
    re.DOTALL,
)
_ENDS = " 。.!！~"
_MOST_CLAUSES = 5  # of a list that are kept
_THANKS = "已记下，谢谢您的反馈。"
_NOTED = "已记下，转办公室核对。请以文件原文为准。"
_WHY = "\n如方便，请回复“有误：原因”说明哪里不对。"
_OF_NOTHING = "没有可以说有误的答复。请先提问，看到答复后再回复“有误：原因”。"
_NOTHING_ASKED = "还没有可以转的问题。请先提问，没有查到的再回复“转办公室”。"
_GONE = "这个按钮已失效，请重新提问。"
_SENT = "已转办公室，请留意办公室的答复；急事请直接致电。"
_BIND = "转办公室要先绑定账号，请回复办公室发放的 8 位绑定码，或直接致电办公室。"


def with_choices(answer: Answer, *, is_new_list: bool, role: Role) -> Reply:
    """Put the buttons under an answer of a direct chat that are of use there.

    None under small talk and lists; what was not found may be handed to the office by
    those whom it knows.
    """
    reply = answer.reply
    if answer.is_small_talk:
        return reply
    more: tuple[Button, ...]
    if not answer.is_found:
        more = (TO_OFFICE,) if role is not Role.STRANGER else ()
    else:
        more = () if is_new_list or not reply.tasks else (USEFUL, WRONG)
    return structs.replace(reply, buttons=(*reply.buttons, *more)) if more else reply


def answered_by(answer: Answer, words: str, *, letter: str) -> Answered | None:
    """Tell what may be called useful or wrong from now on; None after small talk."""
    if answer.is_small_talk:
        return None
    tasks = answer.reply.tasks
    return Answered(
        question=words,
        letter=letter,
        doc=tasks[0].doc if tasks else "",
        clauses=tuple(task.id for task in tasks[:_MOST_CLAUSES]),
        is_found=answer.is_found,
    )


async def note_unanswered(doing: Doing, words: str) -> None:
    """Put a question into the office's queue that the plans did not answer."""
    said = Said(kind=FeedbackKind.UNANSWERED, question=words)
    number = await feedback.note(doing.session, said, at=doing.at)
    await _record(doing, "query.unanswered", number)


def _said(doing: Doing) -> re.Match[str] | None:
    return _SAYS.fullmatch(doing.words.strip().rstrip(_ENDS))


async def _rate(doing: Doing) -> Reply | None:
    """Count what was said of the last answer; None if there is nothing to say it of."""
    said = _said(doing)
    answered = await _meant(doing)
    if said is None:
        return None
    if answered is None and doing.incoming.press:
        return Reply("", aside=_GONE)
    if answered is None:
        of_nothing = _OF_NOTHING if said["why"] else _NOTHING_ASKED
        return Reply(of_nothing) if said["why"] or said["office"] else None
    if said["office"]:
        return await _hand_over(doing, answered)
    kind = FeedbackKind.USEFUL if said["useful"] else FeedbackKind.WRONG
    why = (said["why"] or said["fault"] or "").strip()
    await _note(doing, answered, kind, words=why)
    text = _THANKS if said["useful"] else _NOTED + ("" if why else _WHY)
    return _aside(doing, text)


async def _hand_over(doing: Doing, answered: Answered) -> Reply:
    if doing.person is None:
        return Reply(_BIND)
    await _note(doing, answered, FeedbackKind.UNANSWERED, words="转办公室")
    return _aside(doing, _SENT)


def _aside(doing: Doing, text: str) -> Reply:
    """Say a word to who pressed; only what was typed is worth a message."""
    if doing.incoming.press:
        return Reply("", aside=text.partition("\n")[0])
    return Reply(text)


async def _meant(doing: Doing) -> Answered | None:
    """Return the answer that is meant: the one whose button was pressed, or the last.

    What is said of a notice is not about an answer.
    """
    last = doing.account.talk.answered
    about = doing.incoming.about
    if not about:
        return last
    found = await told.letter_answered_by(
        doing.session,
        lane=doing.incoming.channel,
        addresses=doing.places,
        remote_id=about,
    )
    if found is None or (last and found == last.letter):
        return last if found else None
    said = await told.said_in(
        doing.session, channel=doing.incoming.channel, product_id=found
    )
    words = said.text if said else ""
    return Answered(question=words, letter=found) if words else None


async def _note(
    doing: Doing, answered: Answered, kind: FeedbackKind, *, words: str
) -> None:
    said = Said(
        kind=kind,
        question=answered.question,
        plan_key=plan_key_of(answered.doc, doing.plans),
        clauses=answered.clauses,
        words=words,
    )
    if kind is FeedbackKind.UNANSWERED:  # the queue has it by its question alone
        said = replace(said, plan_key="", clauses=())
    number = await feedback.note(doing.session, said, at=doing.at)
    await _record(doing, "query.feedback", number, kind=kind)


async def _record(doing: Doing, event: str, number: int, **detail: object) -> None:
    person = doing.person
    await audit.record(
        doing.session,
        actor=person.name if person else f"account:{doing.account.id}",
        event=event,
        about=about_of(number),
        at=doing.at,
        channel=doing.account.channel,
        department=person.department if person else "",
        **detail,
    )


def about_of(number: int) -> str:
    """Name a row of the queue as the audit does."""
    return f"feedback:{number}"


def plan_key_of(doc: str, plans: Sequence[Plan]) -> str:
    """Return the key of the plan that an answer names; "" if none in force is."""
    return next((plan.key for plan in plans if doc_of(plan) == doc), "")


RATE = Act(
    name="rate",
    example="",
    role=Role.STRANGER,
    in_groups=False,
    fits=lambda doing: _said(doing) is not None,
    do=_rate,
)
