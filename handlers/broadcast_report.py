"""How a broadcast stands, in words and as a workbook."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.mail import recalls
from bot.mail.broadcasts import listed
from bot.messages import Attachment, Button, Reply
from bot.model import Broadcast, BroadcastState, DeliveryStatus, Notice
from handlers.broadcast_draft import beginning, draft_words, moment, time_words
from handlers.broadcast_going import STATES, buttons
from handlers.broadcast_outcome import (
    STATUS_WORDS,
    UNREACHED,
    Outcome,
    Row,
    outcome_of,
)
from handlers.broadcast_receipts import names
from handlers.broadcasting import Hand
from handlers.lane_words import lane_words
from handlers.making import made

LATE = timedelta(minutes=5)
"""How much later than confirmed a broadcast goes out without a word."""

_LISTED = 6  # broadcasts of the list, and names of a line
_TROUBLE = (
    STATUS_WORDS[DeliveryStatus.FAILED],
    STATUS_WORDS[DeliveryStatus.UNKNOWN],
    UNREACHED,
)


async def list_words(hand: Hand) -> Reply:
    """List the last broadcasts, newest first."""
    found = await listed(hand.session, _LISTED)
    if not found:
        return Reply(
            "还没有群发。起草请说“通知各单位周五前报科普日活动”，"
            "或“群发 县应急局、县教育局：内容”。"
        )
    lines = [
        f"{one.id}. {STATES[one.state]}：{beginning(one.text)[:24]}"
        f"（{_dated(one, hand.at)}）"
        for one in found
    ]
    choices = tuple(Button(f"第{one.id}号", f"群发 {one.id}") for one in found[:3])
    return Reply("\n".join(lines), choices)


def _dated(broadcast: Broadcast, now: datetime) -> str:
    if broadcast.state is BroadcastState.SCHEDULED and broadcast.send_at:
        return f"定于{moment(broadcast.send_at, now)}"
    return f"{broadcast.drafted_by}起草"


async def status_words(hand: Hand, broadcast: Broadcast) -> Reply:
    """Say how a broadcast stands: by status, by channel, and until when it takes."""
    if broadcast.state is BroadcastState.DRAFT:
        return await draft_words(hand, broadcast)
    if broadcast.notice_id is None:
        when = time_words(broadcast.send_at, hand.at)
        words = f"发送时间：{when}；{broadcast.confirmed_by or '未'}确认。"
        return Reply(f"{_head(broadcast)}\n{words}", buttons(broadcast))
    outcome = await outcome_of(hand.session, broadcast, at=hand.at)
    lines = [_head(broadcast), counts_line(outcome), _lanes_line(outcome)]
    lines += [_receipts_line(outcome), await _late_line(hand, broadcast)]
    lines.append(await _recalled_line(hand, broadcast))
    return Reply("\n".join(filter(None, lines)), buttons(broadcast))


def _head(broadcast: Broadcast) -> str:
    state = STATES[broadcast.state]
    return f"第{broadcast.id}号群发（{state}）：{beginning(broadcast.text)}"


def counts_line(outcome: Outcome) -> str:
    """Say how many were meant, and what became of them; it adds up."""
    counts = outcome.counts
    order = [*STATUS_WORDS.values(), UNREACHED]
    parts = [f"{word} {counts[word]}" for word in order if counts[word]]
    return f"应发 {len(outcome.rows)}：{'，'.join(parts)}。"


def _lanes_line(outcome: Outcome) -> str:
    parts = [
        f"{lane_words(lane)} {done}/{all_}"
        for lane, (done, all_) in sorted(outcome.lanes.items())
    ]
    line = f"渠道送达：{'，'.join(parts)}。" if parts else ""
    if outcome.broadcast.state is not BroadcastState.SENDING:
        return line
    left = outcome.seconds_left
    if left is None:
        return f"{line}预计用时：正在估算。"
    return f"{line}预计还需：{_span_words(left)}。" if left else line


def _span_words(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "不到 1 分钟"
    return f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时"


def _receipts_line(outcome: Outcome) -> str:
    if not outcome.broadcast.wants_receipt:
        return "不要求回执。"
    missing = outcome.without_receipt
    line = f"回执：已签收 {outcome.received}，未签收 {len(missing)}"
    if outcome.others_received:
        line += f"，另有群内签收 {outcome.others_received}"
    return f"{line}：{names(missing)}。" if 0 < len(missing) <= _LISTED else f"{line}。"


async def _late_line(hand: Hand, broadcast: Broadcast) -> str:
    """Say that it went out later than it should have, as after an outage."""
    wanted = broadcast.send_at or broadcast.confirmed_at
    notice = await hand.session.get(Notice, broadcast.notice_id)
    if notice is None or wanted is None or notice.issued_at - wanted < LATE:
        return ""
    return (
        f"原定 {moment(wanted, hand.at)}，因系统停机或暂停，"
        f"实际于 {moment(notice.issued_at, hand.at)} 发出。"
    )


async def _recalled_line(hand: Hand, broadcast: Broadcast) -> str:
    if broadcast.state is not BroadcastState.RECALLED or not broadcast.notice_id:
        return ""
    found = await recalls.recalled(
        hand.session, broadcast.notice_id, ways=hand.nudging.recalling
    )
    line = f"撤回：已收回 {found.done}"
    line += f"，正在收回 {found.under_way}" if found.under_way else ""
    line += f"，不能收回 {found.failed}" if found.failed else ""
    return f"{line}。"


async def report(hand: Hand, broadcast: Broadcast) -> Reply:
    """Report what became of a broadcast, with one row for each in a workbook."""
    if broadcast.notice_id is None:
        return Reply(f"{_head(broadcast)}\n还没有发出，没有结果。")
    outcome = await outcome_of(hand.session, broadcast, at=hand.at)
    lines = [_head(broadcast), counts_line(outcome), _receipts_line(outcome)]
    lines.append(_troubles(outcome.rows))
    lines.append(await _late_line(hand, broadcast))
    lines.append(await _recalled_line(hand, broadcast))
    file = _workbook(hand, outcome)
    await hand.record("broadcast.reported", broadcast, counts=dict(outcome.counts))
    return Reply("\n".join(filter(None, lines)), attachments=(file,) if file else ())


def _troubles(rows: Sequence[Row]) -> str:
    """Name whom it did not reach, and why; the workbook names all."""
    troubled = [row for row in rows if row.result in _TROUBLE]
    shown = "；".join(
        f"{row.department}{row.name}（{row.why or row.result}）"[:60]
        for row in troubled[:_LISTED]
    )
    more = f"等 {len(troubled)} 个，详见表格" if len(troubled) > _LISTED else ""
    return f"未送达：{shown}{more}。" if troubled else ""


def _workbook(hand: Hand, outcome: Outcome) -> Attachment | None:
    """Lay the workbook down, where files can go out; else None. Raises NotReady."""
    from handlers.broadcast_sheet import lines_of, write_outcome

    papers = hand.nudging.papers
    if papers is None:
        return None
    lines = lines_of(outcome, at=hand.at)
    name = f"群发{outcome.broadcast.id}结果-{hand.at:%Y%m%d}.xlsx"

    def lay() -> Attachment:
        content = write_outcome(lines)
        path = papers.lay(content, "xlsx", at=hand.at)
        return Attachment(name=name, at=str(path), size=len(content))

    return made(papers, f"{name}:{hand.letter}", lay)
