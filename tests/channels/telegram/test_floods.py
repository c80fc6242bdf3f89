"""Whom "too many requests" concerns: a chat, what is sent unasked, or all."""

import pytest

from bot.channels.telegram.errors import Floods, Reach

CHAT, BULK, ALL = Reach.CHAT, Reach.BULK, Reach.ALL
LI, WANG, ONE, TWO, THREE, FOUR = 4711, 4712, -1001, -1002, -1003, -1004


def reaches(*told: tuple[float, int], seconds: float = 60.0) -> list[Reach]:
    """Tell of floods at such moments in such chats, each by a call of a moment ago."""
    floods = Floods()
    return [
        floods.reach(chat, began=now - 0.01, now=now, seconds=seconds)
        for now, chat in told
    ]


@pytest.mark.parametrize(
    ("told", "reach"),
    [
        ([(0.0, LI)], [CHAT]),
        ([(0.0, LI), (1.0, LI)], [CHAT, CHAT]),
        ([(0.0, LI), (5.0, WANG)], [CHAT, BULK]),
        ([(0.0, LI), (5.1, WANG)], [CHAT, CHAT]),
        ([(0.0, LI), (4.0, LI), (8.0, WANG)], [CHAT, CHAT, BULK]),
        ([(0.0, ONE), (1.0, TWO), (9.0, LI)], [CHAT, BULK, ALL]),
        ([(0.0, ONE), (1.0, TWO), (60.9, LI)], [CHAT, BULK, ALL]),
        ([(0.0, ONE), (1.0, TWO), (61.1, LI)], [CHAT, BULK, CHAT]),
        ([(0.0, ONE), (1.0, TWO), (9.0, THREE)], [CHAT, BULK, CHAT]),
        ([(0.0, ONE), (1.0, TWO), (2.0, THREE)], [CHAT, BULK, BULK]),
        ([(0.0, ONE), (1.0, TWO), (9.0, THREE), (12.0, FOUR)], [CHAT, BULK, CHAT, ALL]),
    ],
)
def test_whom_a_flood_concerns(
    told: list[tuple[float, int]], reach: list[Reach]
) -> None:
    assert reaches(*told) == reach


def test_calls_that_were_under_way_before_say_no_more_than_the_first_two() -> None:
    floods = Floods()
    told = [
        floods.reach(chat, began=0.0, now=1.0 + 0.1 * place, seconds=60.0)
        for place, chat in enumerate((ONE, TWO, LI, WANG))
    ]

    assert told == [CHAT, BULK, BULK, BULK]
