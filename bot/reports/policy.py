"""How departments are nudged: steps, hours and caps, as config/nudges.toml has them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.reports.calendar import WorkCalendar
from bot.reports.policy_form import (
    Form,
    clock_time,
    read_form,
    refusal,
    whole_number,
    words_among,
    yes_or_no,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
_MOST_DAYS = 250  # working days of a year
_MINUTE = timedelta(minutes=1)


class Hearer(StrEnum):
    """Who hears a step; there is no word for a head: the head only gets a draft."""

    LIAISON = "liaison"
    DEPUTY = "deputy"
    OWN_GROUP = "own_group"
    ALL_GROUP = "all_group"
    ADMIN_PHONE_LIST = "admin_phone_list"
    ADMIN_DIGEST = "admin_digest"
    HEAD_DRAFT = "head_draft"


class Hours(StrEnum):
    """Which half of a working day somebody wants to be nudged in."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a ladder; *left* in working days before the date, -3: three after."""

    left: int
    hear: frozenset[Hearer]
    if_silent: frozenset[Hearer] = frozenset()
    at: time | None = None
    skip_if_acknowledged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours of a working day in which may be sent; *end* is no part of them."""

    start: time
    end: time

    def holds(self, moment: time) -> bool:
        """Tell whether a time of day lies in the window."""
        return self.start <= moment < self.end

    @property
    def length(self) -> timedelta:
        """How long the window is open."""
        start, end = (
            timedelta(hours=moment.hour, minutes=moment.minute)
            for moment in (self.start, self.end)
        )
        return end - start


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NudgePolicy:
    """All rules of nudging; steps are in the order in which they come.

    `before` and `after` are the most messages that one person hears about one report up
    to its due date and after it, `group_posts` those in an all-hands group.
    """

    morning: Window
    afternoon: Window
    offset: timedelta
    spread: timedelta
    before: int
    after: int
    group_posts: int
    promise_at: time
    digest_at: time
    steps: tuple[Step, ...]
    agreed_steps: tuple[Step, ...]
    office_steps: tuple[Step, ...]
    zone: ZoneInfo = SHANGHAI

    def is_open(self, now: datetime, calendar: WorkCalendar) -> bool:
        """Tell whether anything may be sent at a moment."""
        local = now.astimezone(self.zone)
        return calendar.is_working(local.date()) and self._window(local) is not None

    def next_opening(self, after: datetime, calendar: WorkCalendar) -> datetime:
        """Return the first moment, not before *after*, at which may be sent."""
        local = after.astimezone(self.zone)
        if self.is_open(local, calendar):
            return local
        today = local.date()
        if calendar.is_working(today):
            for window in (self.morning, self.afternoon):
                if local.time() < window.start:
                    return self.moment(today, window.start)
        tomorrow = calendar.on(today + timedelta(days=1), 0)
        return self.moment(tomorrow, self.morning.start)

    def moment(self, day: date, at: time | None = None) -> datetime:
        """Return a time of a day in the office's zone; when mornings begin, if None."""
        return datetime.combine(day, at or self.morning.start, tzinfo=self.zone)

    def send_at(self, at: datetime, recipient: str, *, hours: str = "") -> datetime:
        """Return when *recipient* is told what is due at *at*: later on the same day.

        Recipients are spread by a hash: the same one always comes in the same minute of
        a step, off the full and half hours. Who wants the afternoon (*hours*) hears
        then what is due in the morning; nothing is put off to another day.
        """
        return spread_over(*self.room_for(at, hours=hours))(recipient)

    def room_for(self, at: datetime, *, hours: str = "") -> tuple[datetime, timedelta]:
        """Return from when on, and for how long, is sent what is due at *at*."""
        local = at.astimezone(self.zone)
        if hours == Hours.AFTERNOON:
            local = max(local, self.moment(local.date(), self.afternoon.start))
        window = self._window(local)
        if window is None:
            return local, timedelta(0)
        room = self.moment(local.date(), window.end) - local
        offset = self.offset if room >= self.offset + self.spread else timedelta(0)
        return local + offset, min(self.spread, room)

    def _window(self, local: datetime) -> Window | None:
        moment = local.time()
        windows = (self.morning, self.afternoon)
        return next((window for window in windows if window.holds(moment)), None)


def spread_over(first: datetime, room: timedelta) -> Callable[[str], datetime]:
    """Make what tells the second of a span that is a recipient's own.

    They are off the half hours.
    """
    moments = _seconds(first, room)
    count = len(moments)
    return lambda recipient: moments[int(count * _share(recipient))]


@lru_cache(maxsize=16)
def _seconds(first: datetime, room: timedelta) -> tuple[datetime, ...]:
    """List the seconds of a span; those of a half hour are a minute later."""
    if not room:
        return (first,)
    seconds = range(max(1, int(room.total_seconds())))
    moments = (first + timedelta(seconds=second) for second in seconds)
    return tuple(at + _MINUTE if at.minute % 30 == 0 else at for at in moments)


def _share(recipient: str) -> float:
    """Return a number from 0 to 1, 1 excluded, that is always the recipient's own."""
    digest = hashlib.blake2s(recipient.encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32


def load_policy(path: Path, *, zone: ZoneInfo = SHANGHAI) -> NudgePolicy:
    """Read the rules of nudging from a file, complete or not at all.

    Raises SettingsError, whose reply names every key that is missing, unknown or wrong.
    """
    form = read_form(path)
    hours, sending = form.table("hours"), form.table("sending")
    caps, promise, digest = (form.table(key) for key in ("caps", "promise", "digest"))
    policy = NudgePolicy(
        morning=_window(hours, "morning"),
        afternoon=_window(hours, "afternoon"),
        offset=timedelta(minutes=_number(sending, "offset_minutes", high=29)),
        spread=timedelta(minutes=_number(sending, "spread_minutes", high=120)),
        before=_number(caps, "before", high=30),
        after=_number(caps, "after", high=30),
        group_posts=_number(caps, "group_posts", high=30),
        promise_at=_time(promise, "at"),
        digest_at=_time(digest, "at"),
        steps=_steps(form, "step"),
        agreed_steps=_steps(form, "agreed_step"),
        office_steps=_steps(form, "office_step"),
        zone=zone,
    )
    for part in (form, hours, sending, caps, promise, digest):
        part.refuse_the_rest()
    if not form.faults:
        _check(policy, form)
    if form.faults:
        raise refusal(path, form.faults)
    return policy


def _window(form: Form, key: str) -> Window:
    return form.take(
        key,
        _start_and_end,
        meaning='起止时间，例如 ["09:00", "11:30"]',
        otherwise=Window(start=time(), end=time()),
    )


def _start_and_end(value: Any) -> Window:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError
    window = Window(start=clock_time(value[0]), end=clock_time(value[1]))
    if window.start >= window.end:
        raise ValueError("；开始应早于结束")
    return window


def _number(form: Form, key: str, *, low: int = 0, high: int) -> int:
    meaning = f"{low} 到 {high} 的整数"
    return form.take(key, whole_number(low, high), meaning=meaning, otherwise=low)


def _time(form: Form, key: str) -> time:
    meaning = '时间，例如 "14:30"'
    return form.take(key, clock_time, meaning=meaning, otherwise=time())


def _steps(form: Form, key: str) -> tuple[Step, ...]:
    """Read the steps of a ladder, the earliest first."""
    steps: dict[int, Step] = {}
    for table in form.tables(key):
        step = _step(table)
        table.refuse_the_rest()
        if step.left in steps:
            table.fault("left" if step.left >= 0 else "late", "与另一级重复")
        steps[step.left] = step
    return tuple(steps[left] for left in sorted(steps, reverse=True))


def _step(form: Form) -> Step:
    has_left, has_late = form.has("left"), form.has("late")
    if has_left and has_late:
        form.fault("left", "left 和 late 只能写一项")
    left = -_number(form, "late", low=1, high=_MOST_DAYS) if has_late else 0
    if not has_late:
        left = _number(form, "left", high=_MOST_DAYS)
    return Step(
        left=left,
        hear=_hearers(form, "hear"),
        if_silent=_hearers(form, "if_silent") if form.has("if_silent") else frozenset(),
        at=_time(form, "at") if form.has("at") else None,
        skip_if_acknowledged=form.has("skip_if_acknowledged")
        and form.take(
            "skip_if_acknowledged", yes_or_no, meaning="true 或 false", otherwise=False
        ),
    )


def _hearers(form: Form, key: str) -> frozenset[Hearer]:
    return form.take(
        key,
        words_among(Hearer),
        meaning='列表，例如 ["liaison"]',
        otherwise=frozenset[Hearer](),
    )


def _check(policy: NudgePolicy, form: Form) -> None:
    """Note what cannot be true together, though each key is right by itself."""
    if policy.morning.end > policy.afternoon.start:
        form.fault("hours.afternoon", "应在上午的一段结束以后开始")
    for name, window in (("morning", policy.morning), ("afternoon", policy.afternoon)):
        if window.length < policy.offset + policy.spread:
            form.fault(f"hours.{name}", "太短，容不下 [sending] 的错开时间")
    times = {"promise.at": policy.promise_at, "digest.at": policy.digest_at}
    for key in ("steps", "agreed_steps", "office_steps"):
        steps: tuple[Step, ...] = getattr(policy, key)
        name = key.removesuffix("s")
        times |= {f"{name}(left={s.left}).at": s.at for s in steps if s.at}
    for key, at in times.items():
        if not (policy.morning.holds(at) or policy.afternoon.holds(at)):
            form.fault(key, "应落在 [hours] 的两段时间里")
    for step in policy.agreed_steps:
        if step.left < 0:
            form.fault("agreed_step", "只写 left，超期以后的各级与 step 相同")
