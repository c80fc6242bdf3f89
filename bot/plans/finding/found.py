"""What a search gives back, and from which confidence on it is believed.

Apart from the index, so that a question that needs no search loads none of it.
"""

from dataclasses import dataclass

SURE = 0.5  # from here on: answer
MOST = 0.988  # with no more confidence is anything found, but by a part of a message
MAYBE = 0.2  # from here on: ask 您是不是想问……; below it nothing was found


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that a search found: its id, a score to compare, how sure we are."""

    id: int
    score: float
    confidence: float
