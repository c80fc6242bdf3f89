"""Documents for the tests of the parser, and ways to print them differently."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.departments import Departments
from bot.facts import PlanDraft
from bot.plans.reading.layout import Paragraph, read_paragraphs
from bot.plans.reading.parse import parse_plan
from bot.source import Block, Line

ROOT = Path(__file__).parents[3]
DEPARTMENTS = Departments.load(ROOT / "data" / "departments.toml")


def lines_of(text: str) -> list[Block]:
    return [Line(line, place) for place, line in enumerate(text.split("\n"), start=1)]


def parse(text: str) -> PlanDraft:
    """Parse a text whose lines are paragraphs or printed lines."""
    return parse_plan(lines_of(text.strip("\n")), departments=DEPARTMENTS)


def squeezed(text: str) -> str:
    return "".join(text.split())


def real_plan(name: str) -> str:
    """Read a real plan; it is the office's own file and stands beside the project."""
    file = ROOT.parent / "shared" / "plans" / f"{name}.txt"
    if not file.exists():
        pytest.skip(f"the real plan {name} is not part of the project: {file.parent}")
    return file.read_text(encoding="utf-8")


def paragraphs_of(text: str) -> list[str]:
    """Return the paragraphs of a printed document, each on one line."""
    items = read_paragraphs(lines_of(text))
    return [item.text for item in items if isinstance(item, Paragraph)]


def wrapped(paragraphs: Iterable[str], *, width: int, gap: bool) -> str:
    """Print paragraphs in lines of *width* characters."""
    lines = [
        paragraph[start : start + width]
        for paragraph in paragraphs
        for start in range(0, len(paragraph), width)
    ]
    return ("\n\n" if gap else "\n").join(lines)


def with_page_numbers(text: str, *, every: int, form: str) -> str:
    """Put a page number behind each *every* lines."""
    lines: list[str] = []
    for count, line in enumerate(text.split("\n"), start=1):
        lines.append(line)
        if count % every == 0:
            lines += ["", form.format(count // every), ""]
    return "\n".join(lines)
