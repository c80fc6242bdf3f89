"""How sure we are that an entry is what a question asks for."""

import numpy as np

from bot.plans.finding.matching import (
    EVERY_LOOK,
    Alike,
    Bools,
    Floats,
    Look,
    Pool,
    Ways,
    cover_sentences,
    worths_of,
)
from bot.plans.finding.question import Question
from bot.plans.finding.ranking import Telling

# Stricter than for the order: what is like a word by chance must not speak for it.
_GAPPED = 0.7  # two written alike with one wrong between them, and a third beside
_SWAPPED = 0.7  # two characters, both written alike
_TYPED_PAIR = 0.7
_HEARD = 0.8  # two that sound alike, one of them written alike
_HEARD_RUN = 0.85
_HINTED = 0.8  # in the words of the thesaurus
_LONE = 0.4  # a single character unsaid is seldom what the question is about
_ENOUGH_SAID = 6.0  # characters found that leave no doubt that the topic is ours
_LONG_UNSAID = 2.0  # pairs of characters in one run
_OFTEN_ABROAD = 2.0  # pairs that other plans say; one alone may be there by chance
_DIGITS = range(ord("0"), ord("9") + 1)
# A logistic regression on 294 questions that a plan answers, 86 that it does not, 206
# off-topic ones made to share words with the plans (a third of the weight), and 112
# asked in a plan that lacks what another plan has; all of these a second time, with .6
# of the weight, as an index of one plan sees them, where nothing is abroad. Then
# rounded. What is missing, or stands abroad, speaks against an entry.
_CONSTANT = -6.3
_WEIGHTS = np.array([2.6, 2.7, 5.4, -1.4, -3.1], np.float32)
_MISSED = 0.4  # of what a part of a question lacks, against what is found in it
# A regression as above, of how sure a part of a long message makes us: on 520 questions
# of which half stand among what people tell around them, and on 300 that no plan at
# hand answers. The constant is so low that not one of these is answered.
_CONSTANT_OF_PART = -7.8
_WEIGHTS_OF_PART = np.array([2.6, 0.6, -2.0], np.float32)
_OWNER_ASKED = 3.0
EQUAL_PARTS = 0.9  # of what is told for the best: as much is told for these


def confidence(
    question: Question, pool: Pool, alike: Alike, telling: Telling
) -> list[float]:
    """Say from 0 to 1 how sure we are of each entry: a logistic curve of `evidence`."""
    found = evidence(question, pool, alike, telling)
    height = _CONSTANT + _WEIGHTS @ found
    sure: list[float] = (1 / (1 + np.exp(-height))).tolist()
    return sure


def evidence(question: Question, pool: Pool, alike: Alike, telling: Telling) -> Floats:
    """Return five rows, a column for each entry, all from 0 to 1.

    They are: the share said anywhere; the share that the title and one sentence say,
    each place weighed by the rarity of what was found or is missing; how many
    characters were found; the longest run of content that is missing; and how much of
    what is missing stands in other plans, so that it is the name of something there.
    """
    weights = question.weights
    cover = cover_sentences(question, pool, alike, _WORTHS)
    hinted, worth = _hinted(question, pool, alike, telling)
    shares = _share(
        _with_titles(cover, pool),
        _with_titles(hinted, pool) if alike.hinted else hinted,
        _with_titles(worth, pool) if alike.hinted else worth,
        weights=weights,
        pairs=telling.pairs,
    )
    share = np.maximum.reduceat(shares, pool.heads)
    said = np.maximum.reduceat(np.maximum(cover, hinted), pool.heads, axis=1)
    chars = weights @ said
    whole = chars / max(float(weights.sum()), 1e-9)
    amount = np.minimum(chars, _ENOUGH_SAID) / _ENOUGH_SAID
    missing = (said == 0) & (weights > 0)[:, None]
    unsaid = _longest(missing, weights, telling) / _LONG_UNSAID
    heard = np.maximum.reduceat(cover, pool.heads, axis=1) > 0
    abroad = _count_abroad(heard, question, pool, alike, telling) / _OFTEN_ABROAD
    rows = (whole, share, amount, np.minimum(unsaid, 1), np.minimum(abroad, 1) ** 2)
    return np.stack(rows).astype(np.float32)


def confidence_of_part(
    question: Question,
    pool: Pool,
    alike: Alike,
    telling: Telling,
    *,
    asks_for_owner: bool,
) -> tuple[list[float], list[float]]:
    """Say what the best part of a question tells for each entry, and how sure that is.

    A part may be any run of the question: what people tell around it counts for
    nothing. What is told is counted in pairs never seen. Who *asks_for_owner* (谁牵头)
    asks for what every task has, so that less makes us sure.
    """
    found = evidence_of_part(question, pool, alike, telling)
    height = _CONSTANT_OF_PART + _WEIGHTS_OF_PART @ found
    if asks_for_owner:
        height += _OWNER_ASKED
    sure: list[float] = (1 / (1 + np.exp(-height))).tolist()
    return found[0].tolist(), sure


def evidence_of_part(
    question: Question, pool: Pool, alike: Alike, telling: Telling
) -> Floats:
    """Return three rows, a column for each entry.

    They are: what the title and one sentence say of the run of the question of which
    they say most, less what they lack of it; how much more that is than for any other
    entry, its equals apart; and how much of the question is the name of something in
    other plans.
    """
    cover = cover_sentences(question, pool, alike, _WORTHS)
    hinted, worth = _hinted(question, pool, alike, telling)
    said, missed = told_and_missed(
        *(_with_titles(one, pool) for one in (cover, hinted, worth)),
        pairs=telling.pairs,
    )
    gains = question.weights[:, None] * (said - _MISSED * missed)
    runs = np.vstack((np.zeros(pool.count, np.float32), gains.cumsum(axis=0)))
    best = (runs - np.minimum.accumulate(runs, axis=0)).max(axis=0)
    told = np.maximum.reduceat(best, pool.heads) / telling.most
    less = np.where(told < EQUAL_PARTS * told[:, None], told, 0).max(axis=1)
    heard = np.maximum.reduceat(cover, pool.heads, axis=1) > 0
    abroad = _count_abroad(heard, question, pool, alike, telling) / _OFTEN_ABROAD
    rows = (told, told - less, np.minimum(abroad, 1))
    return np.stack(rows).astype(np.float32)


def _ways(look: Look) -> Ways:
    """Return what a hit is worth as evidence."""
    pair, typed, same = look.next, look.typed, look.same
    gapped = look.after & ~pair & look.beside & same & look.after_same
    swapped = same & look.swapped_same
    partly = same | look.next_same
    return [
        (gapped, _GAPPED, (0, 2)),
        (swapped, _SWAPPED, (0, 1)),
        (pair & typed, _TYPED_PAIR, (0, 1)),
        (pair & ~typed & partly, _HEARD, (0, 1)),
        (pair & look.after & ~typed, _HEARD_RUN, (0, 1, 2)),
        (pair & look.after & typed, 1.0, (0, 1, 2)),
        (same & look.next_same, 1.0, (0, 1)),
    ]


_WORTHS = worths_of(_ways(EVERY_LOOK))


def _hinted(
    question: Question, pool: Pool, alike: Alike, telling: Telling
) -> tuple[Floats, Floats]:
    """Return which places each sentence says in other words, and how rare those are."""
    shape = (len(question.chars), pool.count)
    hinted, worth = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for number, stands, said in alike.hinted:
        hinted[stands, said] = _HINTED
        rarity = telling.hints[number]
        worth[stands, said] = np.maximum(worth[stands, said], rarity)
    return hinted, worth


def _with_titles(said: Floats, pool: Pool) -> Floats:
    """Let each sentence say what the title of its entry says too."""
    titles = np.maximum.reduceat(said, pool.turns, axis=1)[:, ::2]
    both: Floats = np.maximum(said, titles.repeat(pool.sizes, axis=1))
    return both


def _around(pairs: Floats) -> Floats:
    """Return, for each place, the higher value of the pairs to which it belongs.

    Row i of *pairs* is the pair that begins at place i.
    """
    around = pairs.astype(np.float32)
    around[1:] = np.maximum(around[1:], pairs[:-1])
    return around


def _together(places: Bools) -> Bools:
    """Say for each place whether it and the next are among *places*."""
    both = np.zeros_like(places)
    both[:-1] = places[:-1] & places[1:]
    return both


def told_and_missed(
    cover: Floats, hinted: Floats, worth: Floats, *, pairs: Floats
) -> tuple[Floats, Floats]:
    """Return how much each sentence says at each place, and how much it lacks there.

    What is found counts by the pairs found, what is missing by the pairs missing: so
    the rare pair that a common word and a missing one form counts for neither.
    """
    rarest = _around(pairs)[:, None]
    heard, plain = cover > 0, hinted > cover
    gap = ~heard & ~plain
    together = _around(_together(heard) * pairs[:, None])
    found = np.where(heard & (together == 0), rarest / 2, together)
    apart = _around(_together(gap) * pairs[:, None])
    lost = np.where(gap & (apart == 0), _LONE * rarest, apart)
    lost = np.where(gap, lost, np.where(plain, rarest, found))
    said = np.where(plain, hinted * worth, cover * found)
    return said, (1 - np.maximum(cover, hinted)) * lost


def _share(
    cover: Floats, hinted: Floats, worth: Floats, *, weights: Floats, pairs: Floats
) -> Floats:
    """Return the share of each sentence, by the rarity of what it says or lacks."""
    said, unsaid = told_and_missed(cover, hinted, worth, pairs=pairs)
    told, open_ = weights @ said, weights @ unsaid
    share = told / np.maximum(told + open_, np.float32(1e-9))
    return share.astype(np.float32, copy=False)


def _longest(missing: Bools, weights: Floats, telling: Telling) -> Floats:
    """Return how long the longest run of missing content is, in pairs never seen."""
    heavy = missing & (weights == 1)[:, None]
    pairs = _together(heavy) * (telling.pairs / telling.most)[:, None]
    length = np.zeros(missing.shape, np.float32)
    length[1:] = np.cumsum(pairs[:-1], axis=0)
    before = np.maximum.accumulate(np.where(missing, 0, length), axis=0)
    longest: Floats = (length - before).max(axis=0)
    return longest


def _count_abroad(
    heard: Bools, question: Question, pool: Pool, alike: Alike, telling: Telling
) -> Floats:
    """Count the pairs that only other plans say and an entry not even in part.

    What an entry says in the words of the thesaurus is no name of something abroad. A
    number is never there by chance: its pairs count twice.
    """
    named = telling.abroad & _together(question.weights == 1)
    if not named.any():
        return np.zeros(len(pool.heads), np.float32)
    foreign = named[:, None] & ~_together(heard)
    for _, stands, said in alike.hinted:
        entries = np.logical_or.reduceat(said, pool.heads)
        foreign[stands.start : max(stands.stop - 1, stands.start), entries] = False
    digit = (question.chars >= _DIGITS[0]) & (question.chars <= _DIGITS[-1])
    worth = 1 + _together(digit).astype(np.float32)
    count: Floats = worth @ foreign
    return count
