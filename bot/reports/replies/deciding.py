"""What a reply comes to: the scorecard names a label, a claim takes a second key."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reports.replies.day_meant import day_of
from bot.reports.replies.days import Today
from bot.reports.replies.meaning import Label, Understood
from bot.reports.replies.named_days import start_of_promised_time
from bot.reports.replies.patterns import Sense
from bot.reports.replies.scorecard import Scorecard, scorecard
from bot.reports.replies.second_key import is_vouched_for
from bot.reports.replies.senses import Said, Scene
from bot.reports.replies.signs import signs_of
from bot.reports.replies.weighing import weigh

_SURE = 10
"""A smaller lead is asked back, whatever the label."""

_SECOND_KEY = {Label.NIL: 80, Label.WITHDRAW: 100}
"""How much must lead what the rules do not read."""


def decide(
    said: Sequence[Said], scene: Scene, card: Scorecard | None = None
) -> Understood:
    """Make one label, with its day, of what the pieces of a reply say.

    The points of *card* name it; what the rules read gets some points more. A claim
    needs two keys: the points, and the rules or words that vouch for it; without the
    second it is asked back, and so is a label that leads by little.
    """
    card = card or scorecard()
    ruled = weigh(said, today=scene.today)
    verdict = card.judge(signs_of(said, scene), ruled=ruled.label)
    lead = verdict.margin
    found = Understood(label=verdict.label, score=lead, sure=lead >= _SURE)
    if said and all(one.sense is Sense.THEIRS for one in said):
        return replace(found, label=Label.OTHER, sure=ruled.sure)
    is_ruled = ruled.label is Label.CLAIMED
    is_plain = is_ruled and len(said) == 1  # every word of it is known to the rules
    if verdict.label is Label.OTHER and is_plain:
        found, lead = replace(found, label=Label.CLAIMED), 0
    if found.label is Label.CLAIMED:
        if is_vouched_for(said, card, lead=lead, is_ruled=is_ruled):
            return replace(found, sure=True)
        return replace(found, label=Label.OTHER, sure=False)
    if verdict.label is Label.OTHER:
        return replace(found, sure=found.sure and ruled.sure)
    if verdict.label in _SECOND_KEY and ruled.label is not verdict.label:
        return replace(found, sure=lead >= _SECOND_KEY[verdict.label])
    return _with_day(found, said, scene.today)


def _with_day(found: Understood, said: Sequence[Said], today: Today) -> Understood:
    """Add the day that is named; a promise for a day after T asks for a delay."""
    day = day_of(found.label, said, today)
    if found.label is Label.PROMISE:
        start = day or start_of_promised_time(said, today)
        if start and today.due_on and start > today.due_on:
            found = replace(found, label=Label.EXTENSION)
    return replace(found, day=day)
