"""What the clock asks for: the auditor's round, and keeping house."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, feedback
from bot.mail import retention
from bot.mail.alarms import alarms, clear_alarm, raise_alarm
from bot.model import DeliveryStatus, LetterStatus
from bot.reports import filing
from bot.roster import forgetting
from bot.settings import Retention
from handlers.health import Health, LaneHealth
from handlers.lane_words import lane_words

_BRIEF = timedelta(minutes=1)  # of a limit that passes before anybody reads of it
_LETTER_PATIENCE = timedelta(minutes=2)
DEFAULT = Retention()
_CARDS_KEPT = timedelta(hours=72)  # as long as they can be changed
_MOST = 1000  # rows that one transaction deletes

_GUESSING = (
    "一小时内有二十次以上错误的绑定码，可能有人在试；请看操作日志，"
    "必要时用 bot invite 姓名 --revoke 作废没用的绑定码。"
)
_BEATS = {
    "ring": "派发",
    "recover": "善后",
    "expire": "过期清理",
    "audit": "巡检",
    "nudge": "催报",
    "fetch": "收取附件",
    "housekeep": "夜间整理",
}


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of the auditor changed: the keys of alarms."""

    raised: tuple[str, ...]
    cleared: tuple[str, ...]


async def audit_round(session: AsyncSession, health: Health, *, now: datetime) -> Round:
    """Raise an alarm for whatever is due and not done; clear those that are over."""
    found = dict(_faults(health, now=now))
    since = now - timedelta(hours=1)
    if await audit.count_since(session, "bind.many_failed", since=since):
        found["codes"] = _GUESSING
    raised = [
        key
        for key, words in found.items()
        if await raise_alarm(session, key, words, at=now)
    ]
    over = [alarm.key for alarm in await alarms(session) if alarm.key not in found]
    cleared = [
        key
        for key in over
        if key.partition(":")[0] in _OURS and await clear_alarm(session, key, at=now)
    ]
    return Round(tuple(raised), tuple(cleared))


_OURS = frozenset({"codes", "lane", "letters", "beat", "unknown", "dead", "listen"})
"""The first words of the keys of our alarms; others belong to whoever raises them."""


def _faults(health: Health, *, now: datetime) -> Mapping[str, str]:
    """Tell what is wrong, by the key of its alarm, with the remedy."""
    faults = _deafness(health)
    for name, lane in health.lanes.items():
        if words := _lane_fault(name, lane, now=now):
            faults[f"lane:{name}"] = words
    for name, beat in health.beats.items():
        if beat.late and name in _BEATS:
            faults[f"beat:{name}"] = (
                f"定时任务“{_BEATS[name]}”没有按时运行，"
                "请检查 bot run 或 bot worker 是否在运行。"
            )
        elif beat.error and name in _BEATS:
            faults[f"beat:{name}"] = f"定时任务“{_BEATS[name]}”上次出错，请查看日志。"
    if health.oldest_letter > _LETTER_PATIENCE:
        waiting = health.letters[LetterStatus.WAITING]
        faults["letters"] = f"有 {waiting} 条来信超过两分钟没有答复，请查看日志。"
    unknown = _count(health, DeliveryStatus.UNKNOWN)
    if unknown:
        faults["unknown"] = (
            f"有 {unknown} 条消息不知是否送达，请在 bot mail 里逐条决定重发或不再发。"
        )
    dead = health.letters.get(LetterStatus.DEAD, 0)
    if dead:
        faults["dead"] = f"有 {dead} 条来信处理不了，请在 bot mail 里查看。"
    return faults


def _lane_fault(name: str, lane: LaneHealth, *, now: datetime) -> str:
    """Tell what is wrong with a lane; "" if nothing is."""
    if limit := _limit_words(name, lane, now=now):
        return limit
    if lane.stuck:
        return (
            f"渠道 {name} 有消息到点五分钟还没有发出，"
            "请检查网络、密钥和日志；待发情况：bot mail。"
        )
    left = 0 if lane.served else lane.depth.get(DeliveryStatus.WAITING, 0)
    if left:
        return (
            f"渠道 {name} 已不在配置里，还有 {left} 条消息没有发出，不会再发："
            "要发的，把渠道加回 config/bot.toml 并重启；不发的，请另行告知。"
        )
    return ""


def _limit_words(name: str, lane: LaneHealth, *, now: datetime) -> str:
    """Say that the product limits us, and until when; "" if not, or soon no more."""
    until = lane.limited_until
    if not lane.served or until is None or until - now < _BRIEF:
        return ""
    bulk = _clock_words(until, now)
    answers = "个人提问照常答复"
    if lane.silent_until:
        answers = f"提问也要等到 {_clock_words(lane.silent_until, now)} 才能答复"
    return (
        f"{lane_words(name)} 限制发送：要求群发和催报等到 {bulk}，{answers}。"
        "这是平台限流，不是网络或密钥的问题；到时自动接着发，不漏不重，不必重启。"
    )


def _clock_words(at: datetime, now: datetime) -> str:
    at = at.astimezone(now.tzinfo)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


_RIVALS = ("Kicked", "Conflict")
"""How a trouble begins where another program listens in our place.

That is no matter of patience: what people say goes there, and nobody answers them.
"""


def _deafness(health: Health) -> dict[str, str]:
    faults = {}
    for name, hearing in health.hearing.items():
        if hearing.trouble.startswith(_RIVALS):
            faults[f"listen:{name}"] = (
                f"渠道 {name} 另有程序在用同一个机器人收消息，本程序被挤下线："
                "请停掉那个程序，测试和正式环境各用各的机器人。"
            )
        elif hearing.is_deaf and hearing.trouble.startswith("Flooded"):
            faults[f"listen:{name}"] = (
                f"渠道 {name} 收不到消息：平台限制了请求，程序正按它的要求等待；"
                "不是网络或密钥的问题，不必重启，期间的消息到时补收。"
            )
        elif hearing.is_deaf:
            why = f"（{hearing.trouble}）" if hearing.trouble else ""
            faults[f"listen:{name}"] = (
                f"渠道 {name} 超过两分钟收不到消息{why}，"
                "请检查网络、代理和密钥；原因和办法：bot check。"
            )
    return faults


def _count(health: Health, status: DeliveryStatus) -> int:
    return sum(lane.depth.get(status, 0) for lane in health.lanes.values())


async def housekeep(
    session: AsyncSession, *, now: datetime, kept: Retention = DEFAULT
) -> int:
    """Delete some of what is kept no longer; returns how many rows, 0 when all is done.

    What is open, or waits for somebody to decide, is never deleted; the audit is not:
    it is told how many rows of which kind went.
    """
    gone = {}
    for kind, forget in _FORGET.items():
        before = kept.before(kind, now)
        if before:
            gone[kind] = await forget(session, before=before, limit=_MOST)
    cards = now - _CARDS_KEPT
    gone["cards"] = await retention.forget_cards(session, before=cards, limit=_MOST)
    count = sum(gone.values())
    if count:
        await audit.record(
            session,
            actor="system",
            event="retention.applied",
            about="",
            at=now,
            rows={kind: rows for kind, rows in gone.items() if rows},
        )
    return count


class Forget(Protocol):
    """Deletes at most *limit* rows of a kind that were over *before*."""

    async def __call__(
        self, session: AsyncSession, *, before: datetime, limit: int
    ) -> int:
        """Return how many rows are gone."""


_FORGET: Mapping[str, Forget] = {
    "letters": retention.forget_letters,
    "notices": retention.forget_notices,
    "alarms": retention.forget_alarms,
    "evidence": filing.expire_files,
    "feedback": feedback.forget,
    "codes": forgetting.forget_codes,
    "accounts": forgetting.forget_accounts,
    "people": forgetting.blank_phones,
}
