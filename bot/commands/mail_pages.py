"""Pages of `bot mail`, in Chinese: addresses are masked, and no message is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.commands.columns import aligned
from bot.mail.overview import LaneSummary
from bot.model import Delivery, DeliveryStatus, Letter, LetterStatus
from handlers.explained import explained
from handlers.undelivered import MailReport

_STATES = {
    DeliveryStatus.WAITING: "待发",
    DeliveryStatus.CLAIMED: "待发（已取出）",
    DeliveryStatus.SENDING: "发送中",
    DeliveryStatus.SENT: "已送达",
    DeliveryStatus.FAILED: "发送失败",
    DeliveryStatus.UNKNOWN: "结果不明",
    DeliveryStatus.EXPIRED: "已过期",
    DeliveryStatus.CANCELLED: "已取消",
}
_LETTER_STATES = {
    LetterStatus.WAITING: "待处理",
    LetterStatus.ANSWERED: "已答复",
    LetterStatus.IGNORED: "不处理",
    LetterStatus.DEAD: "未处理成功",
}
_UNKNOWN_ADVICE = (
    "请核实后决定：重发 --resend 号，不再发 --drop 号，都要加 --name 姓名。"
)
_FAILED_ADVICE = (
    "改好原因后重发：--resend 号；已另行告知：--called 号；都要加 --name 姓名。"
)
_CALL_ADVICE = "打过电话后：--called 号 --name 姓名。"
_DEAD_ADVICE = (
    "看内容：--show L号；重新处理：--revive L号；不再处理：--drop L号；"
    "后两样要加 --name 姓名。"
)


def report_page(seen: MailReport, *, now: datetime, limit: int) -> str:
    """Tell what waits, failed or is unknown; at most *limit* rows of each kind."""
    blocks = [
        _block("告警", len(seen.alarms), _alarm_rows(seen, now), "查原因：bot check"),
        _block("通道", len(seen.lanes), _lane_rows(seen, now), ""),
        _block(
            "结果不明（不知道对方收到没有，没有自动重发）",
            seen.unknown_count,
            _delivery_rows(seen.unknown, seen, now),
            _UNKNOWN_ADVICE,
        ),
        _block(
            "发送失败",
            seen.failed_count,
            _delivery_rows(seen.failed, seen, now),
            _FAILED_ADVICE,
        ),
        _block(
            "需要打电话", len(seen.call_list), _call_rows(seen, limit), _CALL_ADVICE
        ),
        _block(
            "没能处理的来信", seen.dead_count, _letter_rows(seen, now), _DEAD_ADVICE
        ),
    ]
    return "\n\n".join(filter(None, blocks)) or "没有待发、失败或结果不明的消息。"


def _block(title: str, count: int, rows: Sequence[Sequence[str]], advice: str) -> str:
    """Lay out one kind of rows under its title, "" if there is none."""
    shown = len(rows) - 1
    if shown < 1:
        return ""
    lines = [f"{title}：{count}", *(f"  {line}" for line in aligned(rows))]
    if count > shown:
        lines.append(f"  …… 只列了最早的 {shown} 行，加 --limit 行数可看更多。")
    return "\n".join([*lines, *([f"  {advice}"] if advice else [])])


def _alarm_rows(seen: MailReport, now: datetime) -> list[tuple[str, ...]]:
    rows = [(_moment(one.raised_at, now), one.words) for one in seen.alarms]
    return [("时间", "内容"), *rows]


def _lane_rows(seen: MailReport, now: datetime) -> list[tuple[str, ...]]:
    head = ("名称", "待发", "在途", "失败", "不明", "最早一条已等")
    return [
        head,
        *(
            (
                lane.lane,
                f"{lane.waiting:,}",
                f"{lane.in_hand:,}",
                f"{lane.failed:,}",
                f"{lane.unknown:,}",
                _waited(lane, now),
            )
            for lane in seen.lanes
        ),
    ]


def _waited(lane: LaneSummary, now: datetime) -> str:
    if lane.oldest_due_at:
        return _age(now - lane.oldest_due_at)
    return "还没到时间" if lane.waiting else ""


def _delivery_rows(
    deliveries: Sequence[Delivery], seen: MailReport, now: datetime
) -> list[tuple[str, ...]]:
    head = ("号", "时间", "通道", "收件人", "地址", "说明")
    return [
        head,
        *(
            (
                str(one.id),
                _moment(one.settled_at or one.due_at, now),
                one.lane,
                seen.named.get(one.id) or _recipient(one.recipient),
                masked(one.address),
                _short(explained(one.error)),
            )
            for one in deliveries
        ),
    ]


def _call_rows(seen: MailReport, limit: int) -> list[tuple[str, ...]]:
    head = ("号", "单位", "姓名", "电话", "通知", "说明")
    return [
        head,
        *(
            (
                str(one.delivery_id),
                one.department,
                one.name or _recipient(one.recipient),
                one.phone or "（无）",
                f"第{one.notice_id}号",
                _short(explained(one.error)),
            )
            for one in seen.call_list[:limit]
        ),
    ]


def _letter_rows(seen: MailReport, now: datetime) -> list[tuple[str, ...]]:
    head = ("号", "时间", "渠道", "会话", "说明")
    return [
        head,
        *(
            (
                f"L{one.id}",
                _moment(one.received_at, now),
                one.channel,
                masked(one.chat),
                _short(explained(one.error))
                or ("" if one.incoming else "内容无法读出"),
            )
            for one in seen.dead
        ),
    ]


def delivery_page(one: Delivery, words: str, *, name: str, now: datetime) -> str:
    """Tell all of one delivery, with the exact words of its request.

    *name* is whom it is for, "" if the office knows nobody there.
    """

    def moment(at: datetime | None) -> str:
        return _moment(at, now) if at else "—"

    lines = [
        f"第{one.id}号发送：{_STATES[one.status]}",
        f"通道 {one.lane}，收件人 {name or _recipient(one.recipient)}，"
        f"地址 {masked(one.address)}",
        f"应发 {moment(one.wanted_at)}，交出 {moment(one.handed_at)}，"
        f"了结 {moment(one.settled_at)}，试了 {one.tries} 次",
    ]
    lines += [f"属第{one.notice_id}号通知"] if one.notice_id else []
    lines += [f"已由第{one.replaced_by}号代替"] if one.replaced_by else []
    lines += [f"已由{one.called_by}电话通知"] if one.called_by else []
    lines += [f"说明：{explained(one.error)}"] if one.error else []
    return "\n".join([*lines, "内容：", words])


def letter_page(one: Letter, *, now: datetime) -> str:
    """Tell all of one letter, with its words."""

    told = [
        f"来信L{one.id}：{_LETTER_STATES[one.status]}",
        f"渠道 {one.channel}，会话 {masked(one.chat)}，"
        f"收到 {_moment(one.received_at, now)}，试了 {one.tries} 次",
    ]
    told += [f"说明：{explained(one.error)}"] if one.error else []
    words = one.incoming.text if one.incoming else one.raw
    return "\n".join([*told, "内容：", words])


def masked(address: str) -> str:
    """Hide an address but for its ends, by which those who know it know it again."""
    if len(address) <= 4:
        return "*" * len(address)
    kept = 1 if len(address) < 8 else 2
    return f"{address[:kept]}{'*' * 4}{address[-kept:]}"


def _recipient(recipient: str) -> str:
    """Say who is meant, without the address that stands in a chat's name."""
    kind, _, rest = recipient.partition(":")
    if kind == "person":
        return f"人员{rest}"
    lane, _, address = rest.partition(":")
    return f"{lane} {masked(address)}" if kind == "chat" else masked(recipient)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _moment(at: datetime, now: datetime) -> str:
    return f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M:%S}"


def _age(age: timedelta) -> str:
    """Say how long, in the largest unit that has passed."""
    seconds = max(int(age.total_seconds()), 0)
    units: tuple[tuple[int, str], ...] = ((86400, "天"), (3600, "小时"), (60, "分钟"))
    for size, unit in units:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"
