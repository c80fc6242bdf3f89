"""How the machine is: beats, lanes, letters and alarms, without a word about people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.alarms import alarms
from bot.mail.beats import PERIODS, is_late, last_beats
from bot.mail.depth import (
    lane_depths,
    lane_holders,
    lane_pauses,
    letter_counts,
    oldest_due,
    oldest_letter,
)
from bot.mail.due import stuck_lanes
from bot.mail.hearing import DEAF_AFTER, is_mere_turn, last_hearing
from bot.mail.lanes import Pauses
from bot.model import DeliveryStatus, LetterStatus

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatHealth:
    """One beat of the clock: how long ago it came, and what went wrong in it."""

    age: timedelta
    late: bool
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneHealth:
    """One lane: who holds it, and how much of what stands in it.

    It is not `served` if its channel is no longer in the settings; then it never is
    `stuck`, for nobody is to move it. `depth` counts what is not ended, and what failed
    or nobody knows. `oldest` is how long the oldest has been wanted that should have
    gone by now. Until `limited_until` the product, of which we asked too much, lets
    only answers go, and until `silent_until` not even these; None where it does not
    limit us.
    """

    holder: str = ""
    depth: Mapping[DeliveryStatus, int] = field(default_factory=dict)
    oldest: timedelta = _NONE
    stuck: bool = False
    served: bool = True
    limited_until: datetime | None = None
    silent_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingHealth:
    """How well a channel is heard: how long ago it last was, and what is wrong."""

    age: timedelta
    trouble: str = ""

    @property
    def is_deaf(self) -> bool:
        """Tell whether nothing was heard for so long that it must be looked after."""
        return self.age > DEAF_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """All of it at one moment."""

    beats: Mapping[str, BeatHealth]
    lanes: Mapping[str, LaneHealth]
    letters: Mapping[LetterStatus, int]
    oldest_letter: timedelta
    alarms: tuple[str, ...]
    hearing: Mapping[str, HearingHealth] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Tell whether nothing stands still that should move."""
        late = any(beat.late for beat in self.beats.values())
        stuck = any(lane.stuck or lane.silent_until for lane in self.lanes.values())
        return not (late or stuck or any(one.is_deaf for one in self.hearing.values()))


async def look(
    session: AsyncSession,
    *,
    now: datetime,
    since: datetime,
    own: Mapping[str, timedelta] | None = None,
    channels: Collection[str] = (),
    lanes: Collection[str] | None = None,
) -> Health:
    """Look at everything; *channels* are those that tell how well they hear.

    *lanes* are those of the channels in the settings, None if that is not known.
    *own* are the ages of the asking process's beats: it is no good if its own clock
    stands still, though others beat. A beat that never came is as old as *since*, the
    start of the process.
    """
    depths = await lane_depths(session)
    due = await oldest_due(session, now=now)
    stuck = await stuck_lanes(session, now=now)
    pauses = await lane_pauses(session)
    first_letter = await oldest_letter(session)
    return Health(
        beats=await _beats(session, now=now, since=since, own=own or {}),
        lanes={
            lane: LaneHealth(
                holder=holder,
                depth=depths.get(lane, {}),
                oldest=max(now - due[lane], _NONE) if lane in due else _NONE,
                stuck=lane in stuck and (lanes is None or lane in lanes),
                served=lanes is None or lane in lanes,
                **_limits(pauses.get(lane, Pauses()), now=now),
            )
            for lane, holder in (await lane_holders(session, now=now)).items()
            if not is_mere_turn(lane)
        },
        letters=await letter_counts(session),
        oldest_letter=max(now - first_letter, _NONE) if first_letter else _NONE,
        alarms=tuple(alarm.key for alarm in await alarms(session)),
        hearing=await _hearing(session, channels, now=now, since=since),
    )


def _limits(pauses: Pauses, *, now: datetime) -> dict[str, datetime | None]:
    """Tell of what the product asked; a pause for another reason is none of it."""
    is_limited = pauses.stop_bulk(now)
    is_silent = is_limited and pauses.stop_all(now)
    return {
        "limited_until": pauses.bulk if is_limited else None,
        "silent_until": pauses.whole if is_silent else None,
    }


async def _hearing(
    session: AsyncSession, channels: Collection[str], *, now: datetime, since: datetime
) -> dict[str, HearingHealth]:
    """Tell how well channels are heard; they have until *since* for the first time."""
    last = await last_hearing(session, channels)
    told = {}
    for name in channels:
        beat = last.get(name)
        heard_at = max(beat.last_at, since) if beat else since
        told[name] = HearingHealth(
            age=max(now - heard_at, _NONE), trouble=beat.error if beat else ""
        )
    return told


async def _beats(
    session: AsyncSession,
    *,
    now: datetime,
    since: datetime,
    own: Mapping[str, timedelta],
) -> dict[str, BeatHealth]:
    last = await last_beats(session)
    told = {}
    for name in PERIODS:
        beat = last.get(name)
        kept = max(now - (beat.last_at if beat else since), _NONE)
        age = own.get(name, kept)
        told[name] = BeatHealth(
            age=age, late=is_late(name, age), error=beat.error if beat else ""
        )
    return told
