"""The documents: whatever may be typed, set or read in a log stands in one of them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click import Command, Group
from sqlalchemy.ext.asyncio import AsyncSession
from test_house import FLOORS

from bot.__main__ import COMMANDS
from bot.audit.events import EVENTS
from bot.chinese import fold
from bot.departments import Departments
from bot.messages import Incoming
from bot.model import Account, Person, Role, Talk
from bot.settings import KEYS, VARIABLES
from handlers import ACTS
from handlers.act import Act, Doing
from handlers.broadcast import _VERBS
from handlers.decide import _DECISIONS
from handlers.people import _DONE
from handlers.rights import Asker, refusal

ROOT = Path(__file__).parents[1]
README, HANDBOOK = ROOT / "README.md", ROOT / "docs" / "handbook.md"
OF_ALL = {"--config", "--database", "--help"}
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
NOT_SAID = {"hand_in", "ask_what"}  # a file is sent, a nudge is quoted


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def chapter(page: Path, head: str) -> str:
    """Return what stands under a heading, up to the next of its level or above."""
    level = head.split(" ")[0]
    _, _, rest = text_of(page).partition(f"\n{head}\n")
    assert rest, f"{page.name} has no {head}"
    return re.split(rf"\n#{{2,{len(level)}}} ", rest)[0]


def rows(text: str) -> Iterator[list[str]]:
    """Give the cells of each row of the tables of a text, their heads left out."""
    lines = [*text.splitlines(), ""]
    rules = {n for n, line in enumerate(lines) if re.match(r"\|[\s:]*-", line)}
    for n, line in enumerate(lines):
        if line.startswith("|") and not {n, n + 1} & rules:
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def options_of(command: Command) -> Iterator[str]:
    """Give the options of a command, and of those below it, but those of all."""
    for parameter in command.params:
        for option in (*parameter.opts, *parameter.secondary_opts):
            if option.startswith("--") and option not in OF_ALL:
                yield option
    if isinstance(command, Group):
        for name, below in command.commands.items():
            yield name
            yield from options_of(below)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_each_option_stands_in_the_rows_of_its_command(command: Command) -> None:
    named = re.compile(rf"`bot {command.name}[ `]")
    cells = [row[0] for row in rows(chapter(README, "## 命令")) if named.search(row[0])]
    words = set(re.findall(r"--?[a-z-]+|[a-z]+", " ".join(cells)))

    assert cells
    assert set(options_of(command)) - words == set()


def test_what_all_commands_take_is_told_once() -> None:
    words = chapter(README, "## 命令")

    assert [
        option for option in ("--config", "--database") if option not in words
    ] == []


def keys_of(file: str) -> set[str]:
    """List the keys of a file of settings as section.name."""
    form = tomllib.loads(text_of(ROOT / "config" / file))
    return {f"{section}.{key}" for section, table in form.items() for key in table}


@pytest.mark.parametrize("key", sorted(keys_of("bot.toml") | KEYS.keys()))
def test_each_setting_is_told(key: str) -> None:
    cells = [row[0] for row in rows(chapter(README, "## 配置"))]

    assert any(f"`{key}`" in cell for cell in cells)


@pytest.mark.parametrize("key", sorted(key for key in KEYS if "retention." in key))
def test_each_kind_that_is_kept_is_told_with_its_days(key: str) -> None:
    told = {row[0]: row[1] for row in rows(chapter(HANDBOOK, "## 留存与归档"))}

    assert told[f"`{key.removeprefix('retention.')}`"] == str(KEYS[key].default)


def names_in_environment() -> set[str]:
    lines = text_of(ROOT / "config" / "env.example").splitlines()
    found = [re.match(r"[A-Z][A-Z_]+(?==)", line) for line in lines]
    return {name[0] for name in found if name}


@pytest.mark.parametrize("name", sorted(names_in_environment() | set(VARIABLES)))
def test_each_name_of_the_environment_is_told(name: str) -> None:
    cells = [row[0] for row in rows(chapter(README, "## 配置"))]

    assert any(f"`{name}`" in cell for cell in cells)
    assert name in names_in_environment()


def words_of_nudging() -> Iterator[str]:
    """Give the tables of nudges.toml, their keys, and who may hear."""
    form: dict[str, Any] = tomllib.loads(text_of(ROOT / "config" / "nudges.toml"))
    for name, table in form.items():
        yield f"[{name}]" if isinstance(table, dict) else f"[[{name}]]"
        for entries in [table] if isinstance(table, dict) else table:
            yield from entries
            yield from entries.get("hear", ())


@pytest.mark.parametrize("word", sorted(set(words_of_nudging())))
def test_each_setting_of_nudging_is_told(word: str) -> None:
    assert f"`{word}`" in chapter(HANDBOOK, "## 报送的一年")


def sayings(head: str) -> list[str]:
    """List what one may say, by the first column of the tables under a heading."""
    cells = [row[0] for row in rows(chapter(HANDBOOK, head))]
    return [said for cell in cells for said in cell.split("；")]


BY_ADMINS, BY_LIAISONS = sayings("### 办公室管理员"), sayings("### 联络员")


def saying(words: str, role: Role) -> Doing:
    person = Person(id=1, name="李主任", department="县应急管理局", role=role)
    return Doing(
        session=AsyncSession(),
        incoming=Incoming(channel="telegram", address="7", text=words, at=NOW),
        words=words,
        folded=fold(words),
        account=Account(channel="telegram", address="7", person=person, talk=Talk()),
        asker=Asker(department=person.department, role=role, may_act=True),
        chat=None,
        departments=Departments([]),
        plans=(),
        at=NOW,
    )


def act_that_fits(words: str, role: Role) -> Act | None:
    doing = saying(words, role)
    return next((act for act in ACTS if act.fits(doing)), None)


def test_each_act_can_be_reached_by_what_the_handbook_says() -> None:
    told = {act_that_fits(words, Role.ADMIN) for words in BY_ADMINS}
    told |= {act_that_fits(words, Role.LIAISON) for words in BY_LIAISONS}

    assert {act.name for act in ACTS} - {act.name for act in told if act} == NOT_SAID


@pytest.mark.parametrize("words", BY_ADMINS)
def test_what_the_handbook_lets_admins_say_is_an_act_of_theirs(words: str) -> None:
    act = act_that_fits(words, Role.ADMIN)

    assert act or words == "帮助"
    if act:
        assert act.name != "submit"
        assert not refusal(act, saying(words, Role.ADMIN).asker)


@pytest.mark.parametrize("act", [act for act in ACTS if act.example])
def test_the_example_of_each_act_is_in_the_handbook(act: Act) -> None:
    assert act.example in BY_ADMINS + BY_LIAISONS


def test_each_event_of_the_audit_is_told() -> None:
    told = [row[1] for row in rows(chapter(HANDBOOK, "## 操作日志"))]

    assert sorted("、".join(told).split("、")) == sorted(EVENTS.values())


def anchors(page: Path) -> set[str]:
    """List the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def links(page: Path) -> list[str]:
    """List the links of a page that stay in the house."""
    found = re.findall(r"\]\(([^)\s]+)\)", text_of(page))
    return [link for link in found if not link.startswith("http")]


LINKS = [(page, link) for page in (README, HANDBOOK) for link in links(page)]


@pytest.mark.parametrize(
    ("page", "link"), LINKS, ids=[f"{page.name}:{link}" for page, link in LINKS]
)
def test_each_link_leads_somewhere(page: Path, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page

    assert target.is_file()
    assert not anchor or anchor in anchors(target)


def test_the_readme_leads_to_the_handbook_at_its_top() -> None:
    assert "](docs/handbook.md)" in text_of(README).partition("\n## ")[0]


def ways(verbs: Mapping[str, object]) -> list[list[str]]:
    """Sort verbs by what they do: some have two, of which one is enough to know."""
    found: dict[object, list[str]] = {}
    for verb, do in verbs.items():
        found.setdefault(do, []).append(verb)
    return list(found.values())


OFFICE_VERBS = [*ways(_DECISIONS), *ways(_DONE), *ways(_VERBS)]


@pytest.mark.parametrize("verbs", OFFICE_VERBS, ids=lambda verbs: str(verbs[0]))
def test_each_verb_of_the_office_is_in_the_handbook(verbs: list[str]) -> None:
    told = chapter(HANDBOOK, "## 日常说法") + chapter(HANDBOOK, "## 群发")

    assert any(re.search(rf"[|；“\[]\s*{verb}", told) for verb in verbs)


@pytest.mark.parametrize("room", sorted(set().union(*FLOORS)))
def test_each_room_of_the_house_is_told(room: str) -> None:
    name = room.rpartition(".")[2]

    assert re.search(rf"[`/]{name}(/|\.py|`)", chapter(README, "## 给工程师"))
