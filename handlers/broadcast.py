"""For the office: 群发, from the draft to the last receipt, in the admin's own chat."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.mail.broadcasts import broadcast_of, newest
from bot.messages import Reply
from bot.model import Broadcast, BroadcastState, Role
from handlers.act import Act, Doing
from handlers.broadcast_draft import (
    ask_to_send,
    attach,
    attachment_of,
    body_of,
    change,
    draft,
    draft_words,
    preview,
    told_how_to_change,
)
from handlers.broadcast_going import (
    ask_to_recall,
    cancel,
    pause,
    recall,
    resume,
    send,
)
from handlers.broadcast_receipts import nudge_receipts
from handlers.broadcast_report import list_words, report, status_words
from handlers.broadcast_words import (
    everyone_at,
    is_at_once,
    moment_to_send,
    read_wish,
    wants_broadcast,
    wants_receipt_in,
)
from handlers.broadcasting import Hand, hand_of
from handlers.confirm import Confirmed, forget
from handlers.rights import Group
from handlers.sent_files import enter_sent

_Verb = Callable[[Hand, Broadcast], Awaitable[Reply]]

_FRESH = timedelta(days=1)
"""How long a draft is what 确认发送 or 时间：明天9点 means, without its number."""

_FILES_FOR = timedelta(hours=1)  # so long a file that comes goes with the draft
_LIST = re.compile(r"(?:查看)?群发(?:的?(?:记录|列表|清单|情况|进度))?[。]?")
_SHOW = re.compile(
    r"(?:查看)?群发\s*(?:第)?\s*(?P<id>\d{1,9})\s*(?:号)?(?:的?(?:进度|情况))?"
)


async def _test(hand: Hand, broadcast: Broadcast) -> Reply:
    return await body_of(hand, broadcast)


async def _how_to_change(hand: Hand, broadcast: Broadcast) -> Reply:
    return told_how_to_change(broadcast)


async def _cancel(hand: Hand, broadcast: Broadcast) -> Reply:
    if broadcast.state is BroadcastState.DRAFT:
        await forget(hand.session, hand.holder)
    return await cancel(hand, broadcast)


_VERBS: Mapping[str, _Verb] = {
    "试发给自己": _test,
    "试发": _test,
    "预览": preview,
    "修改": _how_to_change,
    "确认发送": ask_to_send,
    "取消": _cancel,
    "暂停": pause,
    "继续": resume,
    "恢复": resume,
    "撤回": ask_to_recall,
    "催回执": nudge_receipts,
    "报告": report,
    "结果": report,
}
_OF_A_DRAFT = frozenset({"试发给自己", "试发", "预览", "修改", "确认发送", "取消"})
_VERB = f"(?P<verb>{'|'.join(_VERBS)})"
_NUMBERED = re.compile(rf"{_VERB}\s*第\s*(?P<id>\d{{1,9}})\s*号(?:群发)?")
_SHORT = re.compile(
    rf"(?:群发)?{_VERB}(?:群发)?[\s#]*(?P<id>\d{{1,9}})\s*(?:号)?|"
    r"群发\s*(?P<id2>\d{1,9})\s*(?:号)?的?(?P<verb2>报告|结果)"
)
_BARE = re.compile(rf"{_VERB}(?:草稿|群发)?[。]?")
_CHANGES = re.compile(
    r"(?:修改|改|更改)?(?P<what>内容|正文|范围|对象|发送对象|时间|发送时间)(?:改为|改成|为)?"
    r"[:：]\s*(?P<words>.*)",
    re.DOTALL,
)
_ORDER = re.compile(
    r"(?:请|帮我|麻烦)?(?:(?:群发|广播)(?:通知|消息)?(?:给|到|至)?"
    r"|(?:发个?)?通知(?:一下)?(?:给|到|至)?(?![\s:：]|$))"
)
_MOVES = re.compile(
    r"(?:发送)?(?:时间)?(?:还是)?(?:改|换|调|推迟|延|提前)(?:成|为|到|至|在)?[\s:：]*(?P<when>.+?)"
    r"(?:再|准时)?(?:发送|发出|发)?[。]?"
)
_NO_FILES = re.compile("(?:去掉|不要|删除|删掉)(?:全部|所有)?附件[。]?")


def _fits(doing: Doing) -> bool:
    words = doing.words.strip()
    if _NUMBERED.fullmatch(words):  # a button: whoever else presses it is refused
        return True
    role = doing.person.role if doing.person else Role.STRANGER
    if role is Role.SUPER:
        return words.startswith("群发")
    if role is not Role.ADMIN:
        return False
    if doing.incoming.attachments and not doing.in_group:
        return True
    return _is_said(words) or _wants_new(doing, words)


def _is_said(words: str) -> bool:
    forms = _LIST, _SHOW, _SHORT, _BARE, _CHANGES, _NO_FILES
    return any(form.fullmatch(words) for form in forms) or _is_option(words)


def _is_option(words: str) -> bool:
    if wants_receipt_in(words) is not None or is_at_once(words):
        return True
    return bool(_new_moment(words))


def _new_moment(words: str) -> str:
    """Return when it goes out by 明天9点发 or 改成下周三; "" if that is not said."""
    moved = _MOVES.fullmatch(words)
    return moment_to_send(f"{moved['when']}发" if moved else words)


def _wants_new(doing: Doing, words: str) -> bool:
    if not wants_broadcast(words):
        return False
    if doing.in_group and not words.startswith("群发"):
        return bool(everyone_at(words.removeprefix("通知")))
    return True


async def _do(doing: Doing) -> Reply | None:
    hand, words = hand_of(doing), doing.words.strip()
    if doing.incoming.attachments:
        return await _take_files(doing, hand, words)
    if _LIST.fullmatch(words):
        return await list_words(hand)
    if shown := _SHOW.fullmatch(words):
        return await status_words(hand, await _numbered(hand, shown["id"]))
    if said := _NUMBERED.fullmatch(words):
        return await _VERBS[said["verb"]](hand, await _numbered(hand, said["id"]))
    if said := _SHORT.fullmatch(words):
        verb, number = said["verb"] or said["verb2"], said["id"] or said["id2"]
        return await _VERBS[verb](hand, await _numbered(hand, number))
    if _is_said(words):
        return await _about_the_draft(hand, words)
    wish = read_wish(words)
    new = await draft(hand, wish) if wish else None
    return await draft_words(hand, new) if new else None


async def _numbered(hand: Hand, number: str) -> Broadcast:
    return await broadcast_of(hand.session, int(number))


async def _draft(hand: Hand, *, within: timedelta = _FRESH) -> Broadcast | None:
    """Return one's own draft that was made last, ours until the transaction ends."""
    found = await newest(
        hand.session,
        state=BroadcastState.DRAFT,
        drafter_id=hand.person_id,
        since=hand.at - within,
    )
    return await broadcast_of(hand.session, found.id) if found else None


async def _about_the_draft(hand: Hand, words: str) -> Reply | None:
    """Do something with one's draft; None if there is none: it means something else."""
    found = await _draft(hand)
    if found is None:
        return None
    bare = _BARE.fullmatch(words)
    if bare:
        is_of_draft = bare["verb"] in _OF_A_DRAFT
        return await _VERBS[bare["verb"]](hand, found) if is_of_draft else None
    changes = _CHANGES.fullmatch(words)
    if changes and changes["what"] in ("内容", "正文"):
        await change(hand, found, text=changes["words"])
    elif changes and changes["what"].endswith("时间"):
        said = changes["words"]
        await change(hand, found, when=moment_to_send(said) or said)
    elif changes:
        await change(hand, found, scope=changes["words"])
    elif _NO_FILES.fullmatch(words):
        await change(hand, found, no_files=True)
    elif (wants := wants_receipt_in(words)) is not None:
        await change(hand, found, receipt=wants)
    else:
        await change(hand, found, when=_new_moment(words))
    return await draft_words(hand, found)


async def _take_files(doing: Doing, hand: Hand, words: str) -> Reply | None:
    """Let files go with a new broadcast, or with the draft of the last hour.

    None if there is neither: then they are handed in like anybody's.
    """
    wish = read_wish(words) if wants_broadcast(words) else None
    found = None if wish else await _draft(hand, within=_FILES_FOR)
    if wish is None and found is None:
        return None
    assert doing.person, "the role is that of a person"
    files = await enter_sent(doing, doing.person)
    if wish:
        found = await draft(hand, wish, [attachment_of(one) for one in files])
    elif found:
        attach(found, files)
        await hand.session.flush()
    return await draft_words(hand, found) if found else None


async def send_confirmed(doing: Doing, confirmed: Confirmed) -> Reply:
    """Send what the number stands for."""
    return await send(hand_of(doing), confirmed)


async def recall_confirmed(doing: Doing, confirmed: Confirmed) -> Reply:
    """Take back what the number stands for."""
    return await recall(hand_of(doing), confirmed)


BROADCAST = Act(
    name="broadcast",
    example="通知各单位周五前报科普日活动",
    group=Group.BROADCASTS,
    role=Role.ADMIN,
    in_groups=False,
    not_for_super=True,
    fits=_fits,
    do=_do,
    order=_ORDER,
)
