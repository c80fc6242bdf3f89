"""What a reply comes to: the scorecard names a label, a claim takes a second key."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reports.replies.days import Today
from bot.reports.replies.meaning import Label, Understood
from bot.reports.replies.named_days import day_of, start_of_promised_time
from bot.reports.replies.patterns import Sense
from bot.reports.replies.scorecard import Scorecard, scorecard
from bot.reports.replies.senses import Said, Scene
from bot.reports.replies.signs import signs_of
from bot.reports.replies.vouching import is_vouched_for

_SURE = 10
"""A smaller lead is asked back, whatever the label."""

_SECOND_KEY = {
    Label.NIL: (Sense.NIL, 10, 40),
    Label.WITHDRAW: (Sense.WITHDRAW, 50, 100),
}
"""How much must lead what is said in plain words, and what is not."""


def decide(
    said: Sequence[Said], scene: Scene, card: Scorecard | None = None
) -> Understood:
    """Make one label, with its day, of what the pieces of a reply say.

    A claim needs two keys: the points of *card*, and words that vouch for it; without
    the second it is asked back, and so is a label that leads by little.
    """
    card = card or scorecard()
    verdict = card.judge(signs_of(said, scene))
    found = Understood(
        label=verdict.label, score=verdict.margin, sure=verdict.margin >= _SURE
    )
    if verdict.label is Label.CLAIMED:
        if is_vouched_for(said, card, lead=verdict.margin):
            return replace(found, sure=True)
        return replace(found, label=Label.OTHER, sure=False)
    if verdict.label in _SECOND_KEY:
        sense, plain, other = _SECOND_KEY[verdict.label]
        is_plain = any(one.sense is sense for one in said)
        return replace(found, sure=verdict.margin >= (plain if is_plain else other))
    return _with_day(found, said, scene.today)


def _with_day(found: Understood, said: Sequence[Said], today: Today) -> Understood:
    """Add the day that is named; a promise for a day after T asks for a delay."""
    day = day_of(found.label, said, today)
    if found.label is Label.PROMISE:
        start = day or start_of_promised_time(said, today)
        if start and today.due_on and start > today.due_on:
            found = replace(found, label=Label.EXTENSION)
    return replace(found, day=day)
