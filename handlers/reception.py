"""The reception: whether a letter is an event, an act or a question; who serves it."""

import logging
import re
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.chinese import fold
from bot.codes import masked
from bot.departments import Departments
from bot.errors import BotError
from bot.mail import told
from bot.messages import Event, Incoming, Place, Reply
from bot.model import Account, Chat, Plan, Role, Talk
from handlers import ACTS
from handlers.acknowledge import ONLY_OURS
from handlers.act import Act, Doing, is_ordered, places_of
from handlers.bind import BIND, UNBIND, revoke_heard
from handlers.desk import Desk
from handlers.enter_answered import note_answered
from handlers.greet import welcome
from handlers.guarding import refusal_of
from handlers.hand_in import fate_in_group
from handlers.intent import IN_PRIVATE, Asker
from handlers.nudging import Nudging
from handlers.presence import note_event, seen_in
from handlers.rate import answered_by, note_unanswered, with_choices
from handlers.rights import refusal

log = logging.getLogger(__name__)

ButtonWords = Callable[[str, str, str], str]
"""(channel, text of a request, key) -> what the button with the key says, or ""."""

NAMELESS = (
    "您以群的名义发言，我看不到是谁。请在群的管理员设置里关闭“匿名”后重试，"
    "其他事项请私聊我。"
)
TERMINAL = "console"
STALE = "这个按钮已失效，请重新提问。"
OLD_LIST = "这个清单已过期，请重新提问，再按新的清单选。"
_OF_A_LIST = re.compile("第?[0-9０-９一二三四五六七八九十]{1,3}[个项条]?|[上下]一?页")


def _no_words(channel: str, request: str, key: str) -> str:
    return ""


async def receive(
    session: AsyncSession,
    incoming: Incoming,
    account: Account | None,
    *,
    desk: Desk,
    departments: Departments,
    at: datetime,
    button_words: ButtonWords = _no_words,
    nudging: Nudging | None = None,
    plans: tuple[Plan, ...] = (),
) -> Reply | None:
    """Serve one letter, in the transaction in which it is settled; it is guarded.

    *account* is None only where nobody in particular speaks. What was talked about is
    kept with the account, in a group with the group. None if there is nothing to say.
    *at* is this moment in the office's zone; *nudging* is how others are told.
    Questions are answered out of *plans*, or of all that concern the asker.
    """
    if incoming.edited:
        return None
    if incoming.event is not Event.SAID:
        said = await note_event(session, incoming, account, at=at, nudging=nudging)
        return said or _welcomed(incoming, account)
    in_group = incoming.place is Place.GROUP
    chat = await seen_in(session, incoming) if in_group else None
    if refused := await refusal_of(session, incoming, account, at=at):
        return refused
    if account is None:
        await revoke_heard(session, incoming, at=at)
        return Reply(NAMELESS)
    if account.closed_at and incoming.place is Place.DIRECT:
        account.closed_at = None
    words = incoming.text or await _words_of_button(
        session, incoming, chat, button_words
    )
    if incoming.press and not words:
        return Reply("", press=incoming.press, aside=STALE)
    offered = _take_offer(account)
    doing = Doing(
        session=session,
        incoming=incoming,
        words=words,
        folded=fold(words),
        account=account,
        asker=_asker(incoming, account, chat),
        chat=chat,
        departments=departments,
        plans=plans or desk.shelf.plans,
        at=at,
        nudging=nudging,
        choices=offered.choices,
        asks_yes=offered.asks_yes,
    )
    reply = await _serve(doing, desk, plans)
    return replace(reply, press=incoming.press) if incoming.press else reply


async def _serve(doing: Doing, desk: Desk, plans: tuple[Plan, ...]) -> Reply:
    """Do what is wanted, else answer; but point at no place of a list that is gone."""
    reply = await _act(doing)
    if doing.in_group and await revoke_heard(
        doing.session, doing.incoming, at=doing.at
    ):
        reply = Reply(BIND.elsewhere)
    await _mask_codes(doing.session, doing.incoming)
    if reply is None and await _is_about_an_old_list(doing):
        return Reply("" if doing.incoming.press else OLD_LIST, aside=OLD_LIST)
    return _with_fate_of_files(doing, reply or await _answer(doing, desk, plans))


def _with_fate_of_files(doing: Doing, reply: Reply) -> Reply:
    """Say of files that came into a group, whatever else is said, that none stays."""
    if not (doing.in_group and doing.incoming.attachments and doing.words.strip()):
        return reply
    fate = fate_in_group(doing)
    if fate in reply.text:
        return reply
    return replace(reply, text=f"{reply.text}\n{fate}".strip())


def _welcomed(incoming: Incoming, account: Account | None) -> Reply | None:
    """Welcome who came to talk to us, of a product that asks for a word; else None."""
    came = incoming.event is Event.OPENED and bool(incoming.ticket)
    if account is None or incoming.place is not Place.DIRECT or not came:
        return None
    return Reply(welcome(_asker(incoming, account, None)))


def _take_offer(account: Account) -> Talk:
    """Return what was offered in the answer before; it is not offered any longer."""
    talk = account.talk
    if talk.choices:
        account.talk = replace(talk, choices=(), asks_yes=False)
    return talk


def _asker(incoming: Incoming, account: Account, chat: Chat | None) -> Asker:
    """Tell for whom an answer is: in a group for all who are there."""
    own = roster.department_of(account)
    at_terminal = incoming.channel == TERMINAL
    if chat:
        own = chat.department if chat.registered_at else ""
    return Asker(
        department=own,
        role=account.person.role if account.person else Role.STRANGER,
        place=incoming.place,
        may_act=not at_terminal or account.person is not None,
        at_terminal=at_terminal,
    )


async def _words_of_button(
    session: AsyncSession,
    incoming: Incoming,
    chat: Chat | None,
    button_words: ButtonWords,
) -> str:
    """Look up what a pressed button says in the request that made its message."""
    if not (incoming.button and incoming.about):
        return ""
    requests = await told.requests_at(
        session,
        lane=incoming.channel,
        addresses=places_of(incoming, chat),
        remote_id=incoming.about,
    )
    said = (button_words(incoming.channel, one, incoming.button) for one in requests)
    return next(filter(None, said), "")


async def _act(doing: Doing) -> Reply | None:
    """Do what is wanted; None if it is none of our acts. Our errors become words."""
    for act in ACTS if doing.asker.may_act else ():
        is_meant = act.fits(doing)
        if not (is_meant or (act.order and is_ordered(act.order, doing))):
            continue
        if doing.asker.at_terminal and act.is_of_accounts:
            return None  # an intent says how it is done instead
        if words := refusal(act, doing.asker):
            return _refused(doing, words)
        reply = await _do(act, doing) if is_meant else None
        if reply:
            _forget_offer(doing, act)
            return reply
    return None


async def _do(act: Act, doing: Doing) -> Reply | None:
    """Do it, or nothing at all: an error of ours becomes words and undoes the rest."""
    if act.never_fails:
        return await act.do(doing)
    try:
        async with doing.session.begin_nested():
            return await act.do(doing)
    except BotError as error:
        log.info("%s: %s", act.name, error)
        if doing.account in doing.session:  # at the terminal it is kept nowhere
            await doing.session.refresh(doing.account)
        return Reply(error.reply)


def _forget_offer(doing: Doing, act: Act) -> None:
    """Take no later word for a yes to what was asked before this was done."""
    talk = doing.account.talk
    if act is not UNBIND and talk.offered:
        doing.account.talk = replace(talk, offered="")


def _refused(doing: Doing, words: str) -> Reply:
    """Say no: to one who pressed a button under the eyes of others, to him alone."""
    if doing.incoming.press and doing.in_group:
        return Reply("", aside=words)
    return Reply(words)


async def _is_about_an_old_list(doing: Doing) -> bool:
    """Tell whether a place of a list is meant that is not the one we would look at."""
    talk = (doing.chat or doing.account).talk
    incoming = doing.incoming
    if not (incoming.about and _OF_A_LIST.fullmatch(doing.words.strip())):
        return False
    shown_in = await told.letter_answered_by(
        doing.session,
        lane=incoming.channel,
        addresses=doing.places,
        remote_id=incoming.about,
    )
    return shown_in is not None and shown_in != talk.shown_in


async def _answer(doing: Doing, desk: Desk, plans: tuple[Plan, ...]) -> Reply:
    """Answer a question; the members of a group share what is being talked about.

    Who says nothing and quotes something asks what is quoted.
    """
    if _presses_for_others(doing):
        return _refused(doing, ONLY_OURS)
    holder = doing.chat or doing.account
    before = holder.talk
    words = doing.words or doing.incoming.quote
    answer = desk.answer(
        words, asker=doing.asker, talk=before, at=doing.at, plans=plans
    )
    if answer.is_refused:
        return _refused(doing, answer.reply.text)
    reply, talk = answer.reply, answer.talk
    is_new_list = bool(talk.shown) and talk.shown != before.shown
    if (talk.shown, talk.page, talk.asked) != (before.shown, before.page, before.asked):
        talk = replace(talk, shown_in=doing.incoming.product_id)
    if not answer.is_found:
        await note_unanswered(doing, words)
    elif answer.by:  # no help text
        await note_answered(doing, answer.reply)
    if not doing.in_group:
        said = answered_by(answer, words, letter=doing.incoming.product_id)
        talk = replace(talk, answered=said)
        reply = with_choices(answer, is_new_list=is_new_list, role=doing.asker.role)
    if talk != before:
        holder.talk = talk
    if doing.in_group and not doing.asker.department and len(reply.tasks) > 1:
        reply = replace(reply, text=reply.text + IN_PRIVATE)
    if doing.incoming.press and _is_next_page(before, answer.talk):
        reply = replace(reply, instead_of=doing.incoming.about)
    return reply


def _presses_for_others(doing: Doing) -> bool:
    """Tell whether somebody in a department's own group presses what says we, of it."""
    ours, person = doing.asker.department, doing.person
    if not (doing.incoming.press and doing.in_group and ours):
        return False
    return doing.folded.startswith("我们") and (
        person is None or person.department != ours
    )


def _is_next_page(before: Talk, after: Talk) -> bool:
    """Tell whether nothing but a page was turned."""
    turned = replace(after, page=before.page, text_page=before.text_page)
    return after != before and turned == before


async def _mask_codes(session: AsyncSession, incoming: Incoming) -> None:
    """Keep no code in the letter that brought it; it has had its effect."""
    hidden = masked(incoming.text)
    if hidden != incoming.text and incoming.product_id:
        await told.reword_letter(session, replace(incoming, text=hidden))
