"""For the office: the audit of a period, with what was sent and asked, as tables."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.audit.events import about_words, event_words
from bot.model import AuditEntry, Delivery, DeliveryStatus, Letter, LetterStatus
from handlers.lane_words import lane_words

_HEAD = ("序号", "时间", "操作人", "渠道", "单位", "事项", "对象", "校验值")
_SENT = ("编号", "通知", "接收", "渠道", "状态", "应发时间", "办结时间", "次数")
_ASKED = ("编号", "渠道", "收到时间", "办结时间", "状态")
_STATES = {
    DeliveryStatus.WAITING: "待发送",
    DeliveryStatus.CLAIMED: "发送中",
    DeliveryStatus.SENDING: "发送中",
    DeliveryStatus.SENT: "已送达",
    DeliveryStatus.FAILED: "发送失败",
    DeliveryStatus.UNKNOWN: "结果不明",
    DeliveryStatus.EXPIRED: "已过期",
    DeliveryStatus.CANCELLED: "已取消",
}
_LETTERS = {
    LetterStatus.WAITING: "待答复",
    LetterStatus.ANSWERED: "已答复",
    LetterStatus.IGNORED: "不需答复",
    LetterStatus.DEAD: "未能处理",
}
Table = list[Sequence[str]]


def moment_of(at: datetime | None, zone: tzinfo | None) -> str:
    """Write a moment as a clock in the office shows it; "" if there is none."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""


def row_of(entry: AuditEntry, zone: tzinfo | None) -> tuple[str, ...]:
    """Write an entry as a row: its place, when, who, where, whose, what, about what."""
    return (
        str(entry.link or ""),
        moment_of(entry.at, zone),
        "系统" if entry.actor == "system" else entry.actor,
        lane_words(entry.channel),
        entry.department,
        event_words(entry.event),
        about_words(entry.about),
        entry.digest,
    )


async def audit_tables(
    session: AsyncSession,
    *,
    first: datetime,
    until: datetime,
    by: str,
    at: datetime,
    beside: bool,
) -> Mapping[str, Table]:
    """Make the tables of a period, and enter that *by* had them made.

    They are named as the sheets are. With *beside* there are also what was sent and
    what was asked: by number, without any words.
    """
    zone = at.tzinfo
    entries = await audit.between(session, first=first, until=until)
    tables: dict[str, Table] = {
        "操作日志": [_HEAD, *(row_of(entry, zone) for entry in entries)]
    }
    if beside:
        tables["送达"] = [_SENT, *await _sent(session, first, until, zone)]
        tables["来信"] = [_ASKED, *await _asked(session, first, until, zone)]
    await audit.record(
        session,
        actor=by,
        event="export.made",
        about="audit",
        at=at,
        first=first,
        until=until,
        entries=len(entries),
    )
    return tables


async def _sent(
    session: AsyncSession, first: datetime, until: datetime, zone: tzinfo | None
) -> Iterator[Sequence[str]]:
    query = select(
        Delivery.id,
        Delivery.notice_id,
        Delivery.recipient,
        Delivery.lane,
        Delivery.status,
        Delivery.wanted_at,
        Delivery.settled_at,
        Delivery.tries,
    ).where(Delivery.wanted_at >= first, Delivery.wanted_at < until)
    rows = await session.execute(query.order_by(Delivery.id))
    return (
        (
            str(row.id),
            str(row.notice_id or "答复"),
            _recipient(row.recipient),
            lane_words(row.lane),
            _STATES[row.status],
            moment_of(row.wanted_at, zone),
            moment_of(row.settled_at, zone),
            str(row.tries),
        )
        for row in rows
    )


def _recipient(recipient: str) -> str:
    """Name who was meant by number; the address of a group is nobody's business."""
    return about_words(recipient) if recipient.startswith("person:") else "群"


async def _asked(
    session: AsyncSession, first: datetime, until: datetime, zone: tzinfo | None
) -> Iterator[Sequence[str]]:
    query = select(
        Letter.id, Letter.channel, Letter.received_at, Letter.settled_at, Letter.status
    ).where(Letter.received_at >= first, Letter.received_at < until)
    rows = await session.execute(query.order_by(Letter.id))
    return (
        (
            str(row.id),
            lane_words(row.channel),
            moment_of(row.received_at, zone),
            moment_of(row.settled_at, zone),
            _LETTERS[row.status],
        )
        for row in rows
    )
