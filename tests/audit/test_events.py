"""Every event that is entered anywhere has words in which the office reads it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from walked_events import unwalked

from bot.audit.events import EVENTS, about_words, event_words

ROOT = Path(__file__).parents[2]
EVENT = re.compile(r"[a-z]+\.[a-z_]+")
KINDS = {event.partition(".")[0] for event in EVENTS}
PLACES = ("handlers", "bot/app", "bot/commands")
NOT_EVENTS = {
    *("broadcast.send", "broadcast.recall", "duty.confirm", "person.erase"),
    "thesaurus.toml",
}
"""What is to be confirmed by a number, and columns."""


def words_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def recorded() -> set[str]:
    """List what looks like an event wherever somebody may enter one."""
    files = [file for place in PLACES for file in (ROOT / place).rglob("*.py")]
    words = {word for file in files for word in words_in(file)}
    named = {word for word in words if EVENT.fullmatch(word)} - NOT_EVENTS
    return {word for word in named if word.partition(".")[0] in KINDS}


def entered_by_name(tree: ast.AST) -> Iterator[str]:
    """List the events that are handed to `audit.record` itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
            for keyword in node.keywords:
                if keyword.arg == "event":
                    yield from (
                        one.value
                        for one in ast.walk(keyword.value)
                        if isinstance(one, ast.Constant)
                    )


def test_each_event_has_words() -> None:
    assert recorded() - EVENTS.keys() == set()


def test_what_is_recorded_by_its_name_has_words() -> None:
    files = [*(ROOT / "handlers").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    named = {event for tree in trees for event in entered_by_name(tree)}

    assert len(named) > 20
    assert named - EVENTS.keys() == set()


def test_an_event_that_no_test_walks_is_told() -> None:
    """A whole run of the tests asks this of all that was entered in it."""
    assert unwalked(EVENTS.keys() - {"row.signed"}) == ["row.signed"]


def test_words_are_chinese_and_no_two_events_share_them() -> None:
    assert len(set(EVENTS.values())) == len(EVENTS)
    assert all(re.search("[\u4e00-\u9fff]", words) for words in EVENTS.values())


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("submission:12", "报送 12"),
        ("澄政字〔2026〕18号", "澄政字〔2026〕18号"),
        ("letter:telegram:77", "来信 telegram:77"),
        ("http://x", "http://x"),
        ("", ""),
    ],
)
def test_what_an_entry_is_about_is_told_in_chinese(about: str, words: str) -> None:
    assert about_words(about) == words


def test_an_event_of_another_version_is_told_as_it_is() -> None:
    assert event_words("x.y") == "x.y"
