"""The floors of the house: imports run downstairs only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS: list[set[str]] = [
    {
        "bot.errors",
        "bot.driver_errors",
        "bot.sqlite_driver",
        "bot.connections",
        "bot.sessions",
        "bot.statements",
        "bot.turns",
        "bot.places",
        "bot.source",
        "bot.facts",
        "bot.chinese",
        "bot.codes",
        "bot.guard",
        "bot.sheets",
        "bot.departments",
        "bot.model",
        "bot.messages",
    },
    {
        "bot.plans",
        "bot.reports",
        "bot.mail",
        "bot.keeping",
        "bot.documents",
        "bot.channels",
        "bot.roster",
        "bot.audit",
        "bot.feedback",
        "bot.settings",
        "bot.database",
        "bot.migrations",
    },
    {"handlers"},
    {"bot.web"},
    {"bot.app"},
    {"bot.commands"},
    {"bot.__main__"},
]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service", "base"}


def room_of(module: str) -> tuple[int, str] | None:
    """Return the floor, from 1, and the room of a module; None if it is not ours."""
    for floor, rooms in enumerate(FLOORS, start=1):
        for room in rooms:
            if module == room or module.startswith(f"{room}."):
                return floor, room
    return None


def imported_modules(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they lead"
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)


def wrong_imports(module: str, source: str) -> list[str]:
    """List the imports of *module* that lead upstairs or to a neighbour's room."""
    home = room_of(module)
    assert home, f"{module} stands on no floor: add it to FLOORS and to the README"
    floor, room = home
    wrong = []
    for name in imported_modules(source):
        there = room_of(name)
        if there is None or there[1] == room:
            continue
        if there[0] > floor or (there[0] == floor and floor > 1):
            wrong.append(f"{module} -> {name}")
    return wrong


def modules() -> list[tuple[str, Path]]:
    files = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py")]
    named = []
    for file in files:
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        named.append((name.removesuffix(".__init__"), file))
    return [(name, file) for name, file in named if name != "bot"]


@pytest.mark.parametrize(("module", "file"), modules())
def test_imports_run_downstairs_only(module: str, file: Path) -> None:
    assert wrong_imports(module, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.channels.console", "import handlers.desk"),
        ("bot.plans.reading.parse", "from bot.documents import read_blocks"),
        ("bot.plans.reading.parse", "from bot import roster"),
        ("bot.facts", "from bot.plans import parse"),
        ("handlers.desk", "from bot.app import App"),
    ],
)
def test_a_wrong_import_is_found(module: str, line: str) -> None:
    assert wrong_imports(module, line)


def test_no_circle_on_the_ground_floor() -> None:
    order = ["errors", "source", "chinese", "facts", "departments", "messages", "model"]
    for place, name in enumerate(order):
        room = [
            file
            for module, file in modules()
            if module == f"bot.{name}" or module.startswith(f"bot.{name}.")
        ]
        assert room, f"bot.{name} is gone"
        later = {f"bot.{other}" for other in order[place + 1 :]}
        for file in room:
            for module in imported_modules(file.read_text(encoding="utf-8")):
                assert module not in later, f"bot.{name} -> {module}"


def test_files_have_a_subject_and_a_human_size() -> None:
    for module, file in modules():
        assert file.stem not in FORBIDDEN_NAMES, module
        lines = file.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 450, f"{module}: {len(lines)} lines"
        assert not lines or lines[0].startswith('"""'), f"{module}: no docstring"


def test_nobody_below_the_roof_asks_the_clock() -> None:
    for module, file in modules():
        if room_of(module) == room_of("bot.app"):
            continue
        source = file.read_text(encoding="utf-8")
        for call in ("datetime.now(", "date.today(", "time.time(", "utcnow("):
            assert call not in source, f"{module} calls {call})"


def test_no_two_test_modules_have_one_name() -> None:
    names = [file.name for file in ROOT.glob("tests/**/*.py")]
    shared = {name for name in names if names.count(name) > 1}

    assert shared <= {"conftest.py", "__init__.py"}
