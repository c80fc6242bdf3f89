"""The index of plans in memory: a question -> the best tasks, with confidence."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from bot.plans.finding.confidence import (
    EQUAL_PARTS,
    confidence,
    confidence_of_part,
)
from bot.plans.finding.found import MAYBE, SURE, Found
from bot.plans.finding.matching import find_alike, gather
from bot.plans.finding.question import (
    LONGEST_TOLD,
    Question,
    are_one_topic,
    read_question,
)
from bot.plans.finding.ranking import (
    Candidate,
    Telling,
    best_candidates,
    cut_scope,
    place_weights,
    what_tells,
)
from bot.plans.finding.rerank import measure
from bot.plans.finding.segments import (
    MOST_ENTRIES,
    Entry,
    Segment,
    build_segment,
    merge_segments,
    without_plan,
)
from bot.plans.finding.thesaurus import Thesaurus

_BATCH = 4096  # entries that wait before they are indexed together
_FULL = 40_000  # the largest segment: a plan is dropped from it in well under 0.1 s
_FULL_LIVE = 8192  # the largest that a single new plan may cause to be merged anew
_CLOSE_UP = 12  # entries that are compared with the question word by word
_NUMBER_BONUS = 0.1  # for a task with a figure when the question asks how many
_BEYOND_DOUBT = 0.8
_CERTAIN = 0.98  # of MOST: another wording is hardly surer

_LATIN = re.compile("[A-Za-z]+")

__all__ = ["MAYBE", "SURE", "Entry", "Found", "TaskIndex"]


class TaskIndex:
    """Tasks of many plans, searchable by words, sounds and initials."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self._thesaurus = thesaurus
        self._segments: list[Segment] = []
        self._waiting: dict[int, tuple[Entry, ...]] = {}

    def learn(self, thesaurus: Thesaurus) -> None:
        """Read questions by another thesaurus from now on."""
        self._thesaurus = thesaurus

    def put_plan(self, plan_id: int, entries: Sequence[Entry]) -> None:
        """Add a plan, or replace it; only a small part of the index is rebuilt."""
        self.drop_plan(plan_id)
        if entries:
            self._waiting[plan_id] = tuple(entries)
        if sum(map(len, self._waiting.values())) >= _BATCH:
            self._settle()

    def drop_plan(self, plan_id: int) -> None:
        """Forget a plan; a plan that is not here is no error."""
        self._waiting.pop(plan_id, None)
        self._segments = [
            rest
            for segment in self._segments
            if (rest := without_plan(segment, plan_id)) is not None
        ]

    def _settle(self) -> None:
        """Index the plans that wait; merge segments until each is half its neighbour.

        So a plan is merged a few times only however many follow it. What is loaded in
        bulk may become one large segment; one new plan must not keep people waiting.
        """
        waiting = sum(map(len, self._waiting.values()))
        if not waiting:
            return
        full = _FULL if waiting >= _BATCH else _FULL_LIVE
        for some in _split(self._waiting):
            self._segments.append(build_segment(some))
        self._waiting = {}
        self._segments.sort(key=len, reverse=True)
        while len(self._segments) > 1:
            before, last = map(len, self._segments[-2:])
            if before + last > full or 2 * last < before:
                return
            self._segments[-2:] = [merge_segments(self._segments[-2:])]

    def search(
        self,
        question: str,
        *,
        or_else: str = "",
        plan_ids: Collection[int] | None = None,
        limit: int = 12,
    ) -> list[Found]:
        """Return the entries that answer *question* best, the best first.

        Args:
            question: as typed; it is folded here.
            or_else: the question in other words, "" for none; what the better wording
                finds is returned: that of whose best entry we are surer. It alone is
                searched for where both say the same, and *question* alone where that
                finds an entry beyond any doubt.
            plan_ids: the plans to look in; None for all.
            limit: how many to return at most.
        """
        self._settle()
        if or_else and are_one_topic(question, or_else):
            question, or_else = or_else, ""  # it has the pauses of what was typed
        asked = read_question(question, self._thesaurus)
        found = self._best(asked, plan_ids, limit)
        is_certain = bool(found) and found[0].confidence >= _CERTAIN
        if is_certain or not or_else:
            return found
        other = read_question(or_else, self._thesaurus)
        again = self._best(other, plan_ids, limit)
        return max(found, again, key=lambda hits: hits[0].confidence if hits else -1.0)

    def search_part(
        self, message: str, *, plan_ids: Collection[int], asks_for_owner: bool
    ) -> list[Found]:
        """Find the entries of *plan_ids* that some part of a long *message* is about.

        Only those of which as much is told as of the best, which stands first; `score`
        says how much. What else is told may be anything, so that it takes much to be
        sure, and less where the message *asks_for_owner* of a task.
        """
        self._settle()
        words = _LATIN.sub(" ", message)  # two letters are there by chance
        asked = read_question(words, self._thesaurus, longest=LONGEST_TOLD)[0]
        if not self._segments or not len(asked.keys):
            return []
        scope = cut_scope(asked, self._segments, plan_ids)
        best = best_candidates(asked, scope, many=_CLOSE_UP)
        telling = what_tells(asked, scope)
        if not best or not place_weights(asked, telling).any():
            return []
        pool = gather([(c.segment, c.number) for c in best])
        alike = find_alike(asked, pool)
        told, sure = confidence_of_part(
            asked, pool, alike, telling, asks_for_owner=asks_for_owner
        )
        least = EQUAL_PARTS * max(told)
        found = [
            Found(int(one.segment.ids[one.number]), *rest)
            for one, *rest in zip(best, told, sure, strict=True)
        ]
        equals = [one for one in found if one.score >= least]
        return sorted(equals, key=lambda one: -one.score)

    def _best(
        self, ways: Sequence[Question], plan_ids: Collection[int] | None, limit: int
    ) -> list[Found]:
        """Search for a question that may be read in several ways."""
        best: list[Found] = []
        for asked in ways:
            found = self._find(asked, plan_ids, limit)
            if found and (not best or found[0].score > best[0].score):
                best = found
            if best and best[0].confidence >= _BEYOND_DOUBT:
                break  # no need to read pinyin in another way
        return best

    def _find(
        self, asked: Question, plan_ids: Collection[int] | None, limit: int
    ) -> list[Found]:
        if not self._segments or not len(asked.keys):
            return []
        scope = cut_scope(asked, self._segments, plan_ids)
        best = best_candidates(asked, scope, many=max(limit, _CLOSE_UP))
        if not best:
            return []
        return _look_closely(asked, best, what_tells(asked, scope))[:limit]


def _split(
    plans: Mapping[int, Sequence[Entry]],
) -> Iterator[dict[int, Sequence[Entry]]]:
    """Yield *plans* in parts that one segment can hold; a giant plan is cut up."""
    part: dict[int, Sequence[Entry]] = {}
    for plan, entries in plans.items():
        for first in range(0, len(entries), MOST_ENTRIES):
            piece = entries[first : first + MOST_ENTRIES]
            if sum(map(len, part.values())) + len(piece) > MOST_ENTRIES:
                yield part
                part = {}
            part[plan] = piece
    yield part


def _look_closely(
    asked: Question, best: Sequence[Candidate], telling: Telling
) -> list[Found]:
    """Order the candidates anew by what their texts really say of the question."""
    weights = place_weights(asked, telling)
    if not weights.any():
        return []
    pool = gather([(c.segment, c.number) for c in best])
    alike = find_alike(asked, pool)
    shares = measure(asked, pool, alike, weights)
    first = np.array([candidate.score for candidate in best], np.float32)
    numbered = np.array([c.segment.has_number[c.number] for c in best])
    scores = first + 0.7 * shares.whole + 0.3 * shares.title + 0.3 * shares.sentence
    scores += _NUMBER_BONUS * (numbered & asked.wants_number)
    sure = confidence(asked, pool, alike, telling)
    return [
        Found(int(best[at].segment.ids[best[at].number]), float(scores[at]), sure[at])
        for at in np.argsort(-scores, kind="stable").tolist()
    ]
