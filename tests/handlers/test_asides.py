"""What tells nothing of a question is left out; what may be asked about stays."""

import pytest

from bot.model import Plan
from handlers.asides import without_asides
from handlers.desk import Desk
from handlers.open_plans import OpenPlans, Table

OURS = "县教育局"


@pytest.fixture(scope="module")
def opened(desk: Desk) -> OpenPlans:
    plans: tuple[Plan, ...] = tuple(desk.shelf.plans)
    return Table(desk.shelf, desk.departments).open(plans)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("等红灯呢，科学课谁负责", "科学课谁负责"),
        ("科学课谁负责，改天请您喝茶", "科学课谁负责"),
        ("等红灯呢，科学课谁负责，改天请您喝茶", "科学课谁负责"),
        ("前两天我这边搬家，科学课谁负责", "科学课谁负责"),
        ("科学课谁负责，科技馆呢", ""),
        ("公安局禁毒，谁负责", ""),
        ("二（一）1，谁负责", ""),
        ("第2个，谁负责", ""),
        ("哪些单位，科学课", ""),
        ("科学课谁负责", ""),
    ],
)
def test_what_tells_nothing_is_left_out(
    opened: OpenPlans, words: str, left: str
) -> None:
    assert without_asides(words, opened, ours=OURS) == left
