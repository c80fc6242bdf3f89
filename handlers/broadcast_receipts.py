"""Those whom a broadcast reached and who did not acknowledge it are nudged."""

from collections.abc import Collection, Sequence

from bot.mail.outbox import issue_notice
from bot.mail.receipts import receipt_key
from bot.messages import Reply
from bot.model import Broadcast, BroadcastState, Notice, Priority
from bot.reports.holidays import calendar_kept
from bot.roster.hearers import Hearer, hearers_of
from handlers.broadcast_draft import RECEIPT, beginning, moment
from handlers.broadcast_outcome import Row, outcome_of
from handlers.broadcasting import Hand
from handlers.nudging import addressed

_LISTED = 10  # people whom one message names


async def nudge_receipts(hand: Hand, broadcast: Broadcast) -> Reply:
    """Nudge who has not acknowledged it, within the hours of nudges, once a day."""
    number = f"第{broadcast.id}号群发"
    if broadcast.notice_id is None or not broadcast.wants_receipt:
        return Reply(f"{number}没有发出，或不要求回执。")
    if broadcast.state is BroadcastState.RECALLED:
        return Reply(f"{number}已撤回，不再催回执。")
    notice = await hand.session.get_one(Notice, broadcast.notice_id)
    outcome = await outcome_of(hand.session, broadcast, at=hand.at)
    rows = outcome.without_receipt
    if not rows:
        return Reply(f"{number}已送达的都已签收。")
    hearers = await _hearers(hand, rows)
    if not hearers:
        return Reply(f"{number}未签收的现在都联系不上，请电话联系：{names(rows)}。")
    due_at = hand.nudging.policy.next_opening(
        hand.at, await calendar_kept(hand.session)
    )
    words = (
        f"请签收：{moment(notice.issued_at, hand.at)}的通知“"
        f"{beginning(broadcast.text)}”。点“签收”或回复“收到”即可。"
    )
    issued = await issue_notice(
        hand.session,
        key=receipt_key(notice.id, day=hand.at.date()),
        kind="nudge",
        body=Reply(words, (RECEIPT,)),
        audience=addressed(hearers),
        by=hand.by,
        at=hand.at,
        write=hand.nudging.write,
        priority=Priority.NUDGE,
        due_at=due_at,
    )
    if issued is None:
        return Reply(f"{number}今天已催过回执，一天最多一次。")
    await hand.record("broadcast.nudged", broadcast, people=issued.audience)
    return Reply(
        f"{number}已安排催回执 {issued.audience} 人，"
        f"{moment(due_at, hand.at)}起发出：{names(rows)}。"
    )


async def _hearers(hand: Hand, rows: Sequence[Row]) -> list[Hearer]:
    """Look up through what they are told now; who has left is not among them."""
    waited_for = {row.person_id for row in rows}
    departments: Collection[str] = {row.department for row in rows}
    found = await hearers_of(hand.session, departments, lanes=hand.nudging.lanes)
    return [one for one in found if one.person_id in waited_for and one.lane]


def names(rows: Sequence[Row]) -> str:
    """Name people, the first of many."""
    shown = "、".join(f"{row.department}{row.name}" for row in rows[:_LISTED])
    return shown + (f"等 {len(rows)} 人" if len(rows) > _LISTED else "")
