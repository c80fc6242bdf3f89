"""The judge itself: each kind of wrong is seen, and a clean run is left alone."""

from types import SimpleNamespace
from typing import Any

import pytest
from harness.judge import Evidence, judge

from bot.model import DeliveryStatus, LetterStatus

SENT = DeliveryStatus.SENT


def row(number: int, **changes: Any) -> SimpleNamespace:
    values = {
        "id": number,
        "key": f"notice:a:{number}:1",
        "lane": "telegram",
        "address": f"chat-{number}",
        "status": SENT,
        "follows": None,
        "notice_id": 1,
        "recipient": f"person:{number}",
        "text": "hello",
    }
    return SimpleNamespace(**(values | changes))


def evidence(*rows: SimpleNamespace, arrived: list[tuple[str, str]]) -> Evidence:
    told = [[address, text, at, at] for at, (address, text) in enumerate(arrived)]
    record = {"telegram": {"delivered": told, "dropped": []}}
    audience = len({one.recipient for one in rows if one.notice_id})
    return Evidence(rows, [], {1: audience}, record)


def test_a_clean_run_is_left_alone() -> None:
    clean = evidence(row(1), row(2), arrived=[("chat-1", "hello"), ("chat-2", "hello")])
    assert judge(clean).complaints(unknown_at_most={}) == []


@pytest.mark.parametrize(
    ("rows", "arrived", "complaint"),
    [
        ([row(1)], [("chat-1", "hello")] * 2, "delivered twice"),
        ([row(1)], [], "marked sent, not delivered"),
        ([row(1, status=DeliveryStatus.WAITING)], [], "lost"),
        ([row(1, status=DeliveryStatus.CLAIMED)], [], "lost"),
        ([row(1, status=DeliveryStatus.UNKNOWN)], [], "unknown on telegram"),
        ([row(1, status=DeliveryStatus.FAILED)], [("chat-1", "hello")], "counts"),
        ([row(1)], [("chat-1", "hello"), ("chat-2", "?")], "delivered, never written"),
        (
            [row(1), row(2, address="chat-1", text="part 2", follows=1)],
            [("chat-1", "part 2"), ("chat-1", "hello")],
            "out of order",
        ),
    ],
)
def test_what_is_wrong_is_seen(
    rows: list[SimpleNamespace], arrived: list[tuple[str, str]], complaint: str
) -> None:
    complaints = judge(evidence(*rows, arrived=arrived)).complaints(unknown_at_most={})
    assert complaint in complaints[0]


def test_a_recipient_who_was_forgotten_is_seen() -> None:
    forgotten = evidence(row(1), arrived=[("chat-1", "hello")])
    forgotten.audiences = {1: 2}
    assert "counts" in judge(forgotten).complaints(unknown_at_most={})[0]


def test_a_letter_answered_twice_is_seen() -> None:
    answers = [row(n, key=f"letter:7:{n}", text=f"{n}", notice_id=None) for n in (1, 2)]
    said = evidence(*answers, arrived=[("chat-1", "1"), ("chat-2", "2")])
    letter = SimpleNamespace(
        id=7, channel="telegram", chat="c", product_id="1", status=LetterStatus.ANSWERED
    )
    said.letters, said.audiences = [letter], {}
    assert "letters" in judge(said, letters_said=1).complaints(unknown_at_most={})[0]
