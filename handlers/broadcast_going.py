"""Broadcasts on their way: sent, paused, cancelled, recalled, watched to their end."""

from dataclasses import replace

from bot.mail import pausing, recalls
from bot.mail.broadcasts import broadcast_of
from bot.mail.receipts import nudges_for
from bot.messages import Button, Reply
from bot.model import Broadcast, BroadcastState
from handlers.broadcast_changes import everyone_in
from handlers.broadcast_draft import (
    ask_to_send,
    beginning,
    digest_of_sending,
    moment,
)
from handlers.broadcast_scope import audience_of
from handlers.broadcasting import Hand
from handlers.confirm import Confirmed, ask_number, digest_of

RECALL = "broadcast.recall"
_CHANGED = "发送范围、内容或时间有变化，没有发送，请核对：\n"
STATES = {
    BroadcastState.DRAFT: "草稿",
    BroadcastState.SCHEDULED: "待发送",
    BroadcastState.SENDING: "发送中",
    BroadcastState.PAUSED: "已暂停",
    BroadcastState.DONE: "已发完",
    BroadcastState.CANCELLED: "已取消",
    BroadcastState.RECALLED: "已撤回",
}


def about(confirmed: Confirmed) -> int:
    """Return the number of the broadcast that is confirmed."""
    return int(confirmed.about.partition(":")[2])


async def send(hand: Hand, confirmed: Confirmed) -> Reply:
    """Have a draft sent at its time; told anew if it is no longer what was confirmed.

    Of two who confirm it at once the second hears that it was done.
    """
    broadcast = await broadcast_of(hand.session, about(confirmed))
    if broadcast.state is not BroadcastState.DRAFT:
        return Reply(_done_before(broadcast))
    audience = await audience_of(hand, broadcast.scope)
    if digest_of_sending(broadcast, audience) != confirmed.digest:
        return await ask_to_send(hand, broadcast, lead=_CHANGED)
    broadcast.state = BroadcastState.SCHEDULED
    broadcast.confirmed_by, broadcast.confirmed_at = hand.by, hand.at
    broadcast.scope = replace(broadcast.scope, confirmed=everyone_in(audience))
    await hand.session.flush()
    await hand.record(
        "broadcast.confirmed",
        broadcast,
        audience=audience.size,
        missing=len(audience.missing),
        digest=confirmed.digest,
    )
    at = broadcast.send_at
    when = f"将于 {moment(at, hand.at)} 发出" if at else "即将发出"
    return Reply(
        f"第{broadcast.id}号群发已确认，{when}，共 {len(audience.reached)} 个接收方。"
        f"回复“群发 {broadcast.id}”看进度，发完会告诉您。",
        buttons(broadcast),
    )


def _done_before(broadcast: Broadcast) -> str:
    id_, state = broadcast.id, STATES[broadcast.state]
    by = f"，由{broadcast.confirmed_by}确认" if broadcast.confirmed_by else ""
    return f"第{id_}号群发现为“{state}”{by}，没有重复办理。"


def buttons(broadcast: Broadcast) -> tuple[Button, ...]:
    """Offer what may be done with a broadcast as it stands."""
    number = f"第{broadcast.id}号群发"
    verbs = {
        BroadcastState.SCHEDULED: ("暂停", "取消"),
        BroadcastState.SENDING: ("暂停", "取消", "撤回"),
        BroadcastState.PAUSED: ("继续", "取消", "撤回"),
        BroadcastState.DONE: ("催回执", "撤回", "报告"),
        BroadcastState.CANCELLED: ("撤回", "报告"),
        BroadcastState.RECALLED: ("报告",),
    }
    return tuple(Button(one, one + number) for one in verbs.get(broadcast.state, ()))


async def pause(hand: Hand, broadcast: Broadcast) -> Reply:
    """Let nothing more go out until it is resumed; what is being sent now is."""
    if broadcast.state not in (BroadcastState.SCHEDULED, BroadcastState.SENDING):
        return Reply(_done_before(broadcast))
    broadcast.state = BroadcastState.PAUSED
    held = 0
    if broadcast.notice_id:
        held = await pausing.hold(hand.session, broadcast.notice_id)
    await hand.session.flush()
    await hand.record("broadcast.paused", broadcast, held=held)
    rest = f"余下 {held} 条暂不发送" if broadcast.notice_id else "到时也不发送"
    return Reply(f"第{broadcast.id}号群发已暂停，{rest}。", buttons(broadcast))


async def resume(hand: Hand, broadcast: Broadcast) -> Reply:
    """Let it go on where it stopped."""
    if broadcast.state is not BroadcastState.PAUSED:
        return Reply(_done_before(broadcast))
    freed = 0
    broadcast.state = BroadcastState.SCHEDULED
    if broadcast.notice_id:
        broadcast.state = BroadcastState.SENDING
        freed = await pausing.let_go(hand.session, broadcast.notice_id, at=hand.at)
    await hand.session.flush()
    await hand.record("broadcast.resumed", broadcast, freed=freed)
    rest = f"余下 {freed} 条" if broadcast.notice_id else "到时发送"
    return Reply(f"第{broadcast.id}号群发已继续，{rest}。", buttons(broadcast))


async def cancel(hand: Hand, broadcast: Broadcast) -> Reply:
    """Send nothing more of it; what has arrived stays unless it is recalled."""
    if broadcast.state in (BroadcastState.CANCELLED, BroadcastState.RECALLED):
        return Reply(_done_before(broadcast))
    if broadcast.state is BroadcastState.DONE:
        words = "已经发完，不能取消；需要时可以撤回。"
        return Reply(f"第{broadcast.id}号群发{words}", buttons(broadcast))
    was_issued = broadcast.notice_id is not None
    broadcast.state = BroadcastState.CANCELLED
    count = 0
    if broadcast.notice_id:
        count = await pausing.call_off(hand.session, broadcast.notice_id, at=hand.at)
    else:
        broadcast.ended_at = hand.at
    await hand.session.flush()
    await hand.record("broadcast.cancelled", broadcast, unsent=count)
    rest = (
        f"，{count} 条未发的不再发送；已送达的不会收回，可以撤回" if was_issued else ""
    )
    return Reply(
        f"第{broadcast.id}号群发已取消{rest}。",
        buttons(broadcast) if was_issued else (),
    )


async def ask_to_recall(hand: Hand, broadcast: Broadcast) -> Reply:
    """Tell the number by which what has arrived is taken back."""
    if broadcast.notice_id is None:
        words = "还没有发出，取消即可。"
        number = f"第{broadcast.id}号群发"
        return Reply(f"{number}{words}", (Button("取消", f"取消{number}"),))
    if broadcast.state is BroadcastState.RECALLED:
        return Reply(_done_before(broadcast))
    number = await ask_number(
        hand.session,
        Confirmed(
            what=RECALL,
            about=f"broadcast:{broadcast.id}",
            digest=digest_of(["recall", broadcast.id, broadcast.text]),
        ),
        holder=hand.holder,
        at=hand.at,
    )
    return Reply(
        f"将撤回第{broadcast.id}号群发（{beginning(broadcast.text)}）：未发的不再发，"
        "已送达的从对方设备上收回。Telegram 限 48 小时内，企业微信应用限 24 小时内；"
        "群机器人推送的和已超时的不能收回。"
        f"回复“确认 {number}”撤回，10 分钟内有效。"
    )


async def recall(hand: Hand, confirmed: Confirmed) -> Reply:
    """Take back what can be, and send nothing more."""
    broadcast = await broadcast_of(hand.session, about(confirmed))
    notice_id = broadcast.notice_id
    if notice_id is None or broadcast.state is BroadcastState.RECALLED:
        return Reply(_done_before(broadcast))
    unsent = await pausing.call_off(hand.session, notice_id, at=hand.at)
    for nudge in await nudges_for(hand.session, notice_id):
        await pausing.call_off(hand.session, nudge, at=hand.at)
    calls = await recalls.recall(
        hand.session, notice_id, ways=hand.nudging.recalling, at=hand.at
    )
    broadcast.state, broadcast.ended_at = BroadcastState.RECALLED, None
    await hand.session.flush()
    found = await recalls.recalled(hand.session, notice_id, ways=hand.nudging.recalling)
    await hand.record(
        "broadcast.recalled",
        broadcast,
        unsent=unsent,
        calls=calls,
        impossible=found.failed,
    )
    if not hand.nudging.recalling:  # the command line: who sends also takes back
        words = f"开始撤回：{unsent} 条未发的已取消，已送达的由正在运行的服务收回。"
        return Reply(f"第{broadcast.id}号群发{words}")
    cannot = (
        f"，{found.failed} 个不能收回（已超时或渠道不支持）" if found.failed else ""
    )
    return Reply(
        f"第{broadcast.id}号群发开始撤回：{unsent} 条未发的已取消，"
        f"正从 {found.under_way} 个接收方收回{cannot}。完成后告诉您。",
        buttons(broadcast),
    )
