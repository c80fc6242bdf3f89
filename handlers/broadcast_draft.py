"""Drafts of broadcasts: made, changed, shown, previewed, and asked to be confirmed."""

from collections.abc import Sequence
from datetime import datetime

from bot.guard import ADVICE, is_secret, is_secret_name, masked
from bot.messages import Attachment, Button, Reply
from bot.model import Broadcast, BroadcastState, Evidence, Missing, Person, Scope
from bot.reports.evidence import place_of
from handlers.broadcast_forms import forms
from handlers.broadcast_scope import (
    Audience,
    audience_of,
    leading_scope,
    read_scope,
)
from handlers.broadcast_words import Wish, is_at_once, moment_in
from handlers.broadcasting import Hand, Unclear
from handlers.confirm import Confirmed, ask_number, digest_of
from handlers.nudge_words import day_words

MOST_TEXT = 4000
"""Characters of a broadcast; what is longer goes as a file."""

SEND = "broadcast.send"
RECEIPT = Button("签收", "签收")
_LISTED = 5  # people whom one message names
_BEGINNING = 60  # characters of a text that a short answer quotes
_PICTURES = ("png", "jpg", "jpeg")
_PAST = "发送时间 {} 已经过去，{}。请写明以后的时间，如“时间：明天9点”。"
_WHEN_UNCLEAR = "没有看懂发送时间“{}”。请这样写：“时间：明天9点”或“时间：周五14:30”。"


async def draft(
    hand: Hand, wish: Wish, attachments: Sequence[Attachment] = ()
) -> Broadcast | None:
    """Keep what an admin wants told; None if his words want nothing told after all.

    Raises Unclear with what is missing or not understood.
    """
    text = wish.text
    if wish.scope is not None:
        scope = await read_scope(hand, wish.scope)
    else:
        leading = await leading_scope(hand, text)
        if leading is None and wish.asks:
            return None
        scope = leading or Scope(everyone=True)
        if leading and wish.asks and not text.startswith("请"):
            text = f"请{text}"
    _check_text(text, attachments)
    await audience_of(hand, scope)
    broadcast = Broadcast(
        text=masked(text),
        attachments=tuple(attachments),
        scope=scope,
        wants_receipt=wish.wants_receipt is not False,
        send_at=read_time(hand, wish.when, undone="没有起草"),
        state=BroadcastState.DRAFT,
        drafter_id=hand.person_id,
        drafted_by=hand.by,
        drafted_at=hand.at,
        missing=(),
    )
    hand.session.add(broadcast)
    await hand.session.flush()
    await hand.record("broadcast.drafted", broadcast, characters=len(text))
    return broadcast


def _check_text(text: str, attachments: Sequence[Attachment]) -> None:
    names = "\n".join(one.name for one in attachments)
    if is_secret(text) or is_secret_name(names):
        raise Unclear("guarded words", reply=ADVICE)
    if not text.strip() and not attachments:
        words = "请写明要发的内容，如“群发 全部单位：请于周五前报送科普日活动”。"
        raise Unclear("no text", reply=words)
    if len(text) > MOST_TEXT:
        words = (
            f"正文 {len(text)} 字，超过 {MOST_TEXT} 字，没有保存；长文请作为附件发送。"
        )
        raise Unclear("a long text", reply=words)


def read_time(hand: Hand, words: str, *, undone: str) -> datetime | None:
    """Read when to send, None for at once; raises Unclear, with what was not done."""
    if not words.strip() or is_at_once(words):
        return None
    at = moment_in(words, now=hand.at)
    if at is None:
        raise Unclear("no moment", reply=_WHEN_UNCLEAR.format(words[:40]))
    if at <= hand.at:
        told = _PAST.format(moment(at, hand.at), undone)
        raise Unclear("a moment that passed", reply=told)
    return at


async def change(
    hand: Hand,
    broadcast: Broadcast,
    *,
    text: str | None = None,
    scope: str | None = None,
    when: str | None = None,
    receipt: bool | None = None,
    no_files: bool = False,
) -> None:
    """Change a draft; a number that was told for it before confirms nothing any more.

    Raises Unclear: what is wrong, or that it is no draft any longer.
    """
    check_is_draft(broadcast)
    if text is not None:
        _check_text(text, broadcast.attachments)
        broadcast.text = masked(text.strip())
    if scope is not None:
        new = await read_scope(hand, scope)
        await audience_of(hand, new)
        broadcast.scope = new
    if when is not None:
        broadcast.send_at = read_time(hand, when, undone="没有改动")
    if receipt is not None:
        broadcast.wants_receipt = receipt
    if no_files:
        _check_text(broadcast.text, ())
        broadcast.attachments = ()
    await hand.session.flush()


def attach(broadcast: Broadcast, files: Sequence[Evidence]) -> None:
    """Add files that came in to a draft."""
    check_is_draft(broadcast)
    broadcast.attachments = (*broadcast.attachments, *map(attachment_of, files))


def attachment_of(file: Evidence) -> Attachment:
    """Name a file that was entered, whether it has been fetched yet or not."""
    return Attachment(name=file.name, at=f"evidence:{file.id}", size=file.size)


def check_is_draft(broadcast: Broadcast) -> None:
    """Raise Unclear if it is confirmed, or cancelled."""
    if broadcast.state is not BroadcastState.DRAFT:
        id_ = broadcast.id
        words = f"第{id_}号群发已不是草稿，不能再改；回复“群发 {id_}”查看。"
        raise Unclear("no draft any more", reply=words)


async def body_of(hand: Hand, broadcast: Broadcast) -> Reply:
    """Return what is told, with the files in it; raises Unclear if one is missing."""
    files = [await _on_disk(hand, one) for one in broadcast.attachments]
    buttons = (RECEIPT,) if broadcast.wants_receipt else ()
    return Reply(broadcast.text, buttons, attachments=tuple(files))


async def _on_disk(hand: Hand, attachment: Attachment) -> Attachment:
    kind, _, number = attachment.at.partition(":")
    file = await hand.session.get(Evidence, int(number)) if kind == "evidence" else None
    if file and file.fetch_at is not None:
        words = f"附件《{file.name}》还在接收，请稍等片刻再操作。"
        raise Unclear("a file is not here yet", reply=words)
    folder = hand.nudging.evidence
    if not file or not file.digest or folder is None:
        why = file.refusal if file and file.refusal else "取不到了。"
        words = f"附件《{attachment.name}》不能发送：{why}请回复“去掉附件”或重新发送。"
        raise Unclear("a file was not kept", reply=words)
    ending = file.name.rpartition(".")[2].lower()
    return Attachment(
        name=file.name,
        at=str(place_of(folder, file.digest).absolute()),
        size=file.size,
        is_picture=ending in _PICTURES,
    )


async def draft_words(hand: Hand, broadcast: Broadcast) -> Reply:
    """Show what was understood, and what may be done next."""
    audience = await audience_of(hand, broadcast.scope)
    number = f"第{broadcast.id}号群发"
    files = "、".join(f"《{one.name}》" for one in broadcast.attachments)
    lines = [
        f"{number}草稿（未发送）：{beginning(broadcast.text)}",
        f"范围：{await scope_words(hand, broadcast.scope, audience)}",
        f"附件：{files}" if files else "",
        f"要求回执：{'是' if broadcast.wants_receipt else '否'}；"
        f"发送时间：{time_words(broadcast.send_at, hand.at)}",
    ]
    buttons = (
        Button("预览", f"预览{number}"),
        Button("试发给自己", f"试发{number}"),
        Button("修改", f"修改{number}"),
        Button("确认发送", f"确认发送{number}"),
        Button("取消", f"取消{number}"),
    )
    return Reply("\n".join(filter(None, lines)), buttons)


async def scope_words(hand: Hand, scope: Scope, audience: Audience) -> str:
    """Say whom a scope means, with how many and who is not reached."""
    if scope.everyone:
        names = "全部"
    elif scope.task_id is not None:
        names = "任务责任单位"
    elif scope.report_id is not None:
        names = "未报单位"
    else:
        names = "、".join(scope.departments[:3])
        names += "等" if len(scope.departments) > 3 else ""
    counts = counts_words(audience)
    missing = ""
    if audience.missing:
        missing = (
            f"；需电话 {len(audience.missing)}：{await named(hand, audience.missing)}"
        )
    return f"{names} {counts}{missing}".strip()


def counts_words(audience: Audience) -> str:
    """Say how many departments, people and groups are meant."""
    parts = []
    if audience.departments:
        parts.append(f"{len(audience.departments)} 家 {audience.people} 人")
    if audience.chats:
        parts.append(f"{audience.chats} 个群")
    return "、".join(parts) or "0 家"


async def named(hand: Hand, missing: Sequence[Missing]) -> str:
    """Name those whom nothing reaches, and why: 县应急局王敏（未绑定）."""
    found = []
    for one in missing[:_LISTED]:
        person = (
            await hand.session.get(Person, one.person_id) if one.person_id else None
        )
        name = person.name if person else ""
        phone = f" {person.phone}" if person and person.phone else ""
        found.append(f"{one.department}{name}{phone}（{one.why}）")
    more = f"等 {len(missing)} 项" if len(missing) > _LISTED else ""
    return "、".join(found) + more


def beginning(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING]}……"


def time_words(at: datetime | None, now: datetime) -> str:
    """Write when it goes out."""
    return moment(at, now) if at else "立即"


def moment(at: datetime, now: datetime) -> str:
    """Write a moment as a clock in the office shows it: 11月27日（周五）14:30.

    Another year than the present one is told as well.
    """
    local = at.astimezone(now.tzinfo)
    year = "" if local.year == now.year else f"{local.year}年"
    return f"{year}{day_words(local.date())}{local:%H:%M}"


async def preview(hand: Hand, broadcast: Broadcast) -> Reply:
    """Show what goes out, and in which form through each channel."""
    audience = await audience_of(hand, broadcast.scope)
    body = await body_of(hand, broadcast)
    lines = [f"第{broadcast.id}号群发预览：{counts_words(audience)}"]
    lines += forms(hand.nudging, body, audience.reached)
    if audience.missing:
        lines.append(f"需电话：{await named(hand, audience.missing)}")
    lines += ["————", body.text]
    lines += [f"［附件］{one.name}" for one in body.attachments]
    if broadcast.wants_receipt:
        lines.append("［签收］（按钮）")
    number = f"第{broadcast.id}号群发"
    buttons = (
        Button("试发给自己", f"试发{number}"),
        Button("确认发送", f"确认发送{number}"),
    )
    return Reply("\n".join(lines), buttons)


async def ask_to_send(hand: Hand, broadcast: Broadcast, *, lead: str = "") -> Reply:
    """Tell the number by which a draft is sent, and to how many; raises Unclear."""
    check_is_draft(broadcast)
    if broadcast.send_at and broadcast.send_at <= hand.at:
        at = moment(broadcast.send_at, hand.at)
        raise Unclear("a moment that passed", reply=_PAST.format(at, "没有发送"))
    await body_of(hand, broadcast)
    audience = await audience_of(hand, broadcast.scope)
    if not audience.reached:
        words = f"范围内没有可以送达的人：{await named(hand, audience.missing)}"
        raise Unclear("nobody is reached", reply=f"{words.rstrip('：')}，没有发送。")
    number = await ask_number(
        hand.session,
        Confirmed(
            what=SEND,
            about=f"broadcast:{broadcast.id}",
            digest=digest_of_sending(broadcast, audience),
        ),
        holder=hand.holder,
        at=hand.at,
    )
    missing = ""
    if audience.missing:
        who = await named(hand, audience.missing)
        missing = f"，其中 {len(audience.missing)} 人（家）不能送达、需电话：{who}"
    when = f"于 {moment(broadcast.send_at, hand.at)} " if broadcast.send_at else ""
    counts = counts_words(audience)
    return Reply(
        f"{lead}第{broadcast.id}号群发将{when}向 {counts}发送{missing}。"
        f"回复“确认 {number}”发送，10 分钟内有效。"
    )


def digest_of_sending(broadcast: Broadcast, audience: Audience) -> str:
    """Return the digest of all that a number confirms: the words, when, and to whom."""
    files = [(one.name, one.at) for one in broadcast.attachments]
    at = broadcast.send_at.timestamp() if broadcast.send_at else None
    about = [broadcast.id, broadcast.text, files, broadcast.wants_receipt, at]
    return digest_of([*about, *audience.parts])


def told_how_to_change(broadcast: Broadcast) -> Reply:
    """Say how a draft is changed."""
    return Reply(
        f"修改第{broadcast.id}号群发，请回复其中一句：\n"
        "“内容：……”、“范围：县应急局、县教育局”、“时间：明天9点”或“现在发”\n"
        "“要回执”“不要回执”“去掉附件”；加附件直接把文件发给我。",
    )
