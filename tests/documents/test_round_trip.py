"""The real plans, written in each format and read back: no character is lost."""

from collections.abc import Callable
from html import escape
from io import BytesIO
from pathlib import Path

import docx
import pytest
from made_documents import ReadFile, everything, pdf_file

from bot.departments import Departments
from bot.documents import read_blocks
from bot.plans.reading.parse import parse_plan
from bot.plans.register import without_layout

ROOT = Path(__file__).parents[2]
PLANS = ROOT.parent / "shared" / "plans"
WIDTH, HEIGHT = 28, 22

FILES = sorted(PLANS.glob("*.txt"))
if not FILES:
    pytest.skip("the real plans (../shared/plans) are absent", allow_module_level=True)


def as_word(lines: list[str]) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def as_pdf(lines: list[str]) -> bytes:
    printed = [
        line[at : at + WIDTH] for line in lines for at in range(0, len(line), WIDTH)
    ]
    starts = range(0, len(printed), HEIGHT)
    return pdf_file(
        [
            [*printed[at : at + HEIGHT], f"— {number} —"]
            for number, at in enumerate(starts, start=1)
        ]
    )


def as_page(lines: list[str]) -> bytes:
    body = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    page = f'<html><head><meta charset="gbk"></head><body>{body}</body></html>'
    return page.encode("gb18030")


def as_text(lines: list[str]) -> bytes:
    return "\r\n".join(lines).encode("gb18030")


def as_markdown(lines: list[str]) -> bytes:
    return "\n\n".join(lines).encode()


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.txt", as_text),
        ("a.docx", as_word),
        ("a.pdf", as_pdf),
        ("a.html", as_page),
        ("a.md", as_markdown),
    ],
)
def test_a_real_plan_comes_back_whole(
    read_file: ReadFile, file: Path, name: str, write: Callable[[list[str]], bytes]
) -> None:
    text = file.read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert everything(read_file(name, write(lines))) == "".join(text.split())


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.docx", as_word),
        ("a.pdf", as_pdf),
        ("a.html", as_page),
        ("a.md", as_markdown),
    ],
)
def test_the_register_is_the_same_in_each_format(
    read_file: ReadFile, file: Path, name: str, write: Callable[[list[str]], bytes]
) -> None:
    departments = Departments.load(ROOT / "data" / "departments.toml")
    text = file.read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip()]

    first = parse_plan(read_blocks(file), departments=departments)
    again = parse_plan(read_file(name, write(lines)), departments=departments)

    wanted, got = without_layout(first), without_layout(again)
    assert got.tasks == wanted.tasks
    assert (got.duties, got.targets) == (wanted.duties, wanted.targets)
    assert (got.number, got.title, got.issue_date, got.contact) == (
        wanted.number,
        wanted.title,
        wanted.issue_date,
        wanted.contact,
    )
