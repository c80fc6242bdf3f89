"""What it takes to tell people something unasked: the rules, and the lanes."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.mail.outbox import Write
from bot.reports.papers import Papers
from bot.reports.policy import NudgePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudging:
    """The rules of nudging, and the lanes through which people hear us.

    `papers` is where files are laid that go with a message; None: none go. `hooks` are
    the names of the webhooks that may stand in for a group's own lane.
    """

    policy: NudgePolicy
    lanes: Collection[str]
    write: Write
    papers: Papers | None = None
    hooks: Collection[str] = ()
