"""The best dozen looked at closely: how much of a question their texts really say."""

from dataclasses import dataclass

import numpy as np

from bot.plans.finding.matching import (
    EVERY_LOOK,
    Alike,
    Floats,
    Look,
    Pool,
    Ways,
    cover_sentences,
    worths_of,
)
from bot.plans.finding.question import Question

_HEARD = 0.85  # a run that sounds alike and is written alike in part, or is long
_TYPED_PAIR = 0.8  # two syllables typed in pinyin; three count in full
_FAINT = 0.5  # two characters of which not one is written alike
_GAPPED = 0.6  # two places right, with one wrong between them
_SWAPPED = 0.7
_HINTED = 0.75  # said in the words of the thesaurus


@dataclass(frozen=True, slots=True)
class Shares:
    """What each entry of a pool shares with a question, as shares of its weight.

    `whole` is said anywhere in the entry, `title` in its title, `sentence` in the
    one sentence that says most.
    """

    whole: Floats
    title: Floats
    sentence: Floats


def measure(question: Question, pool: Pool, alike: Alike, weights: Floats) -> Shares:
    """Compare a question, its places weighted, with each entry of the pool."""
    cover = cover_sentences(question, pool, alike, _WORTHS)
    for _, stands, said in alike.hinted:
        cover[stands] = np.maximum(cover[stands], said * np.float32(_HINTED))
    weights = weights / max(float(weights.sum()), 1e-9)
    fields = np.maximum.reduceat(cover, pool.turns, axis=1)
    titles, rest = fields[:, ::2], fields[:, 1::2]
    return Shares(
        whole=weights @ np.maximum(titles, rest),
        title=weights @ titles,
        sentence=np.maximum.reduceat(weights @ cover, pool.heads),
    )


def _ways(look: Look) -> Ways:
    """Return what a hit may be worth: much, even if it is by chance now and then."""
    pair, typed = look.next, look.typed
    triple = pair & look.after
    partly = look.same | look.next_same
    return [
        (pair & ~typed, _FAINT, (0, 1)),
        (look.after, _GAPPED, (0, 2)),
        (look.swapped, _SWAPPED, (0, 1)),
        (pair & typed, _TYPED_PAIR, (0, 1)),
        (pair & partly, _HEARD, (0, 1)),
        (triple & ~typed, _HEARD, (0, 1, 2)),
        (triple & typed, 1.0, (0, 1, 2)),
        (look.same & look.next_same, 1.0, (0, 1)),
    ]


_WORTHS = worths_of(_ways(EVERY_LOOK))
