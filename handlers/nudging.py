"""What it takes to tell people something unasked: the rules, and the lanes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.mail.outbox import Addressee, Write
from bot.messages import Recalling, Shown
from bot.reports.papers import Papers
from bot.reports.policy import NudgePolicy
from bot.roster.hearers import Hearer


def _unknown(request: str) -> Shown:
    return Shown("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudging:
    """The rules of nudging, and the lanes through which people hear us.

    `papers` is where files are laid that go with a message; None: none go. `hooks` are
    the names of the webhooks that may stand in for a group's own lane. `evidence` is
    where files that came in are kept, `recalling` the lanes that can take back.
    `shown` reads what a request shows people.
    """

    policy: NudgePolicy
    lanes: Collection[str]
    write: Write
    papers: Papers | None = None
    hooks: Collection[str] = ()
    evidence: Path | None = None
    recalling: Mapping[str, Recalling] = field(default_factory=dict)
    shown: Callable[[str], Shown] = _unknown


def addressed(people: Iterable[Hearer]) -> list[Addressee]:
    """Address those of *people* whom something reaches."""
    return [
        Addressee(
            recipient=one.recipient,
            lane=one.lane,
            address=one.address,
            person_id=one.person_id,
        )
        for one in people
        if one.lane
    ]
