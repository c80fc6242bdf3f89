"""The dev set: what 联络员 type, half of them traps, and what they mean."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.reports.calendar import WorkCalendar
from bot.reports.replies import Label, Understood, understand

FILE = Path(__file__).parents[2] / "replies" / "dev.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
BAR = 0.97


@pytest.fixture(scope="module")
def understood() -> list[tuple[Mapping[str, Any], Understood]]:
    calendar = WorkCalendar()
    return [(row, _understand(row, calendar)) for row in ROWS]


def _understand(row: Mapping[str, Any], calendar: WorkCalendar) -> Understood:
    return understand(
        row["text"],
        now=datetime.fromisoformat(row["now"]),
        calendar=calendar,
        due_on=date.fromisoformat(row["due"]) if row["due"] else None,
        report=row["report"],
        in_reply_to_nudge=row["in_reply_to_nudge"],
    )


def test_the_set_is_large_and_knows_every_label() -> None:
    labels = Counter(row["label"] for row in ROWS)

    assert len(ROWS) >= 300
    assert labels.keys() == set(Label)
    assert min(labels.values()) >= 20
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_no_claim_is_booked_that_was_not_made(
    understood: list[tuple[Mapping[str, Any], Understood]],
) -> None:
    false = [
        row["text"]
        for row, found in understood
        if found.label is Label.CLAIMED and row["label"] != "claimed"
    ]

    assert false == []


def test_labels_are_right(
    understood: list[tuple[Mapping[str, Any], Understood]],
) -> None:
    wrong = [row["text"] for row, found in understood if found.label != row["label"]]

    assert len(wrong) <= (1 - BAR) * len(ROWS), wrong


def test_dates_are_right(
    understood: list[tuple[Mapping[str, Any], Understood]],
) -> None:
    dated = [(row, found) for row, found in understood if row["date"] or found.day]
    wrong = [row["text"] for row, found in dated if str(found.day) != row["date"]]

    assert len(wrong) <= (1 - BAR) * len(dated), wrong


POLITE = ("收到，{}", "{}，谢谢", "{}哈", "那个{}")


@pytest.mark.parametrize("place", range(len(POLITE)))
def test_polite_words_make_no_claim(place: int) -> None:
    polite = POLITE[place]
    calendar = WorkCalendar()
    others = [row for row in ROWS if row["label"] != "claimed"]
    others = others[place :: len(POLITE)]  # a share of them each, for speed
    dressed = [{**row, "text": polite.format(row["text"])} for row in others]

    false = [
        row["text"]
        for row in dressed
        if _understand(row, calendar).label is Label.CLAIMED
    ]

    assert false == []
