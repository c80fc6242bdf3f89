"""What the clock asks of broadcasts: issued at their time, and watched to the end."""

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncSession

from bot.departments import Departments
from bot.mail import outbox, pausing, recalls
from bot.mail.broadcasts import next_due, under_way
from bot.messages import Reply
from bot.model import Broadcast, BroadcastState, Role
from bot.roster.hearers import hearers_in
from handlers.broadcast_changes import changes_words
from handlers.broadcast_draft import body_of
from handlers.broadcast_report import report
from handlers.broadcast_scope import Audience, audience_of
from handlers.broadcasting import Hand, Unclear
from handlers.nudging import Nudging, addressed

SYSTEM = "system"


async def broadcast_round(
    session: AsyncSession,
    nudging: Nudging,
    departments: Departments,
    *,
    now: datetime,
) -> int:
    """Issue one broadcast of which the time has come, or else look after the others.

    Returns how many were issued: call it until that is 0. A second round at the same
    moment does nothing more.
    """
    hand = Hand(
        session=session,
        nudging=nudging,
        departments=departments,
        plans=(),
        by=SYSTEM,
        holder="",
        at=now,
    )
    due = await next_due(session, now=now)
    if due:
        await _issue(hand, due)
        return 1
    for one in await under_way(session):
        await _look_after(hand, one)
    return 0


async def _issue(hand: Hand, broadcast: Broadcast) -> None:
    """Freeze the audience, and put what it is told into the outbox."""
    try:
        body = await body_of(hand, broadcast)
        audience = await audience_of(hand, broadcast.scope)
    except Unclear as error:  # what was confirmed cannot be done any more
        broadcast.state = BroadcastState.DRAFT
        await hand.record("broadcast.unsent", broadcast, why=str(error))
        words = f"第{broadcast.id}号群发没有发出，已退回草稿：{error.reply}"
        await _tell(hand, broadcast, Reply(words), key=f"unsent:{hand.at.isoformat()}")
        return
    notice = await outbox.issue_notice(
        hand.session,
        key=f"broadcast:{broadcast.id}",
        kind="broadcast",
        body=body,
        audience=audience.reached,
        by=broadcast.confirmed_by,
        at=hand.at,
        write=hand.nudging.write,
    )
    assert notice, "its row is ours, and it was not issued before"
    broadcast.notice_id, broadcast.missing = notice.id, audience.missing
    broadcast.state = BroadcastState.SENDING
    await hand.session.flush()
    wanted = broadcast.send_at or broadcast.confirmed_at or hand.at
    await hand.record(
        "broadcast.sent",
        broadcast,
        audience=audience.size,
        missing=len(audience.missing),
        late_seconds=int((hand.at - wanted).total_seconds()),
    )
    await _tell_changes(hand, broadcast, audience)


async def _tell_changes(hand: Hand, broadcast: Broadcast, audience: Audience) -> None:
    """Tell who came and who went since it was confirmed."""
    before = broadcast.scope.confirmed
    changes = await changes_words(hand, before=before, audience=audience)
    if before and changes:
        words = f"第{broadcast.id}号群发开始发送，名单与确认时不同：{changes}。"
        await _tell(hand, broadcast, Reply(words), key="changed")


async def _look_after(hand: Hand, broadcast: Broadcast) -> None:
    """Hold and cancel what comes back to be tried again, and see whether it is over."""
    session, notice_id = hand.session, broadcast.notice_id
    assert notice_id
    if broadcast.state is BroadcastState.PAUSED:
        await pausing.hold(session, notice_id)
    elif broadcast.state in (BroadcastState.CANCELLED, BroadcastState.RECALLED):
        await pausing.call_off(session, notice_id, at=hand.at)
    if broadcast.state is BroadcastState.RECALLED:
        ways = hand.nudging.recalling
        await recalls.recall(session, notice_id, ways=ways, at=hand.at)
        found = await recalls.recalled(session, notice_id, ways=ways)
        if found.under_way:
            return
    if await pausing.is_over(session, notice_id):
        await _end(hand, broadcast)


async def _end(hand: Hand, broadcast: Broadcast) -> None:
    if broadcast.state in (BroadcastState.SENDING, BroadcastState.PAUSED):
        broadcast.state = BroadcastState.DONE
    broadcast.ended_at = hand.at
    await hand.session.flush()
    words = await report(hand, broadcast)
    await _tell(hand, broadcast, words, key=f"{broadcast.state}:{hand.at.isoformat()}")


async def _tell(hand: Hand, broadcast: Broadcast, body: Reply, *, key: str) -> None:
    """Tell who drafted it, or all admins where he is not reached."""
    lanes = hand.nudging.lanes
    admins = await hearers_in(hand.session, [Role.ADMIN], lanes=lanes)
    reached = [one for one in admins if one.lane]
    drafter = [one for one in reached if one.person_id == broadcast.drafter_id]
    audience = addressed(drafter or reached)
    if audience:
        await outbox.issue_notice(
            hand.session,
            key=f"broadcast:{broadcast.id}:{key}",
            kind="report",
            body=replace(body, buttons=()),
            audience=audience,
            by=SYSTEM,
            at=hand.at,
            write=hand.nudging.write,
        )
