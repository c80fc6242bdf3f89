"""The question sets: their form, and that what they expect exists."""

import json
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from bench.accuracy import (
    ELSEWHERE,
    FACTS,
    LISTS,
    PLANS,
    RANKED,
    SETS,
    Case,
    Outcome,
    ask,
    read_cases,
    read_courtesies,
    right_alone,
    within,
)
from bot.departments import Departments
from bot.documents import read_blocks
from bot.plans.reading.parse import parse_plan

ROOT = Path(__file__).parent.parent
OTHERS = {"measure", "follow_up", "help", "greeting", "off_topic", "near_domain"}
KINDS = {*RANKED, *LISTS, *FACTS, *ELSEWHERE, *OTHERS, "definition"}
NAMES = ("dev", "held")
WRITERS = {"dev": "d", "held": "h", "wild": "xywvutn", "wild_held": "zsm"}
SAMPLE = PLANS["澄政字〔2026〕18号"]


def rows(name: str) -> list[dict[str, Any]]:
    file = ROOT / "tests" / "questions" / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def every_row() -> list[dict[str, Any]]:
    return [row for name in SETS for row in rows(name)]


def test_every_question_has_an_id_of_its_own() -> None:
    ids = Counter(row["id"] for row in every_row())

    assert max(ids.values()) == 1
    for name, writers in WRITERS.items():
        assert {row["id"][0] for row in rows(name)} == {*writers}


@pytest.mark.parametrize("name", SETS)
def test_every_question_is_of_a_known_form(name: str) -> None:
    for row in rows(name):
        expect = row["expect"]
        assert row["kind"] in KINDS, row["id"]
        assert row["doc"] in PLANS, row["id"]
        assert row["question"].strip(), row["id"]
        assert set(expect) == {"tasks", "match", "says", "never"}, row["id"]
        assert expect["match"] in {"set", "first", "none", "any"}, row["id"]


@pytest.mark.parametrize("name", SETS)
def test_tasks_are_expected_where_tasks_are_judged(name: str) -> None:
    for row in rows(name):
        expect = row["expect"]
        judged = expect["match"] in {"set", "first"}
        assert bool(expect["tasks"]) == judged, row["id"]
        assert row["kind"] not in RANKED or expect["match"] == "first", row["id"]


def test_no_question_stands_in_two_sets() -> None:
    def keys(name: str) -> set[str]:
        parts = ("doc", "asker_department", "context", "question")
        return {json.dumps([row[part] for part in parts]) for row in rows(name)}

    for one, other in combinations(SETS, 2):
        assert keys(one).isdisjoint(keys(other))


def test_the_sets_are_large_and_alike() -> None:
    dev, held = (Counter(row["kind"] for row in rows(name)) for name in NAMES)

    assert dev.keys() == held.keys() == KINDS
    assert dev.total() + held.total() >= 420
    assert all(abs(dev[kind] - held[kind]) <= 3 for kind in KINDS)


@pytest.mark.parametrize("doc", PLANS)
def test_expected_tasks_exist_in_the_plan(doc: str) -> None:
    file = PLANS[doc]
    if not file.exists():
        pytest.skip(f"{doc} is the office's own file and not beside the repository")
    names = Departments.load(ROOT / "data" / "departments.toml")
    plan = parse_plan(read_blocks(file), departments=names)

    ids = {task.id for task in plan.tasks}
    for row in every_row():
        assert row["doc"] != doc or ids >= set(row["expect"]["tasks"]), row["id"]


def case(match: str, *tasks: str) -> Case:
    return Case(
        id="x",
        doc="文",
        asker_department="",
        context=(),
        question="?",
        kind="topic",
        hard=False,
        match=match,
        tasks=tasks,
        says=("甲|乙",),
        never=("丙",),
    )


@pytest.mark.parametrize(
    ("match", "given", "text", "right"),
    [
        ("first", ["一", "二"], "甲", True),
        ("first", ["三", "一"], "甲", False),
        ("set", ["二", "一"], "乙", True),
        ("set", ["一"], "乙", False),
        ("set", ["一", "二", "三"], "乙", False),
        ("none", [], "乙", True),
        ("none", ["一"], "乙", False),
        ("any", ["三"], "乙", True),
        ("any", [], "丁", False),
        ("any", [], "甲丙", False),
    ],
)
def test_an_answer_is_judged(
    match: str, given: list[str], text: str, right: bool
) -> None:
    asked = case(match, "一", "二")

    outcome = Outcome(asked, text, tuple((asked.doc, task) for task in given))

    assert (not outcome.faults) == right


def test_a_task_of_another_plan_is_never_right() -> None:
    outcome = Outcome(case("any"), "甲", (("别的文件", "一"),))

    assert outcome.strays
    assert outcome.faults == ["tasks"]


@pytest.fixture(scope="module")
def asked_alone() -> list[Outcome]:
    cases = [one for one in read_cases(NAMES) if PLANS[one.doc] == SAMPLE]
    return ask(cases, plans=[SAMPLE], config="")


@pytest.mark.parametrize(
    ("name", "least"), [("courtesies", 0.95), ("courtesies_held", 0.9)]
)
def test_a_question_is_answered_among_courtesies_as_alone(
    asked_alone: list[Outcome], name: str, least: float
) -> None:
    wordings = read_courtesies(name)
    few = right_alone(asked_alone, count=10)

    among = ask(within(few, wordings), plans=[SAMPLE], config="")

    assert len(wordings) >= 100
    assert sum(not one.faults for one in among) >= least * len(among)


@pytest.mark.parametrize("name", ["wild", "wild_held"])
def test_of_wild_questions_most_are_understood_and_nothing_is_invented(
    name: str,
) -> None:
    cases = [one for one in read_cases([name]) if PLANS[one.doc] == SAMPLE]
    absent = {"off_topic", "near_domain", *ELSEWHERE}

    outcomes = ask(cases, plans=[SAMPLE], config="")

    wrong = [one for one in outcomes if one.faults]
    foreign = [one for one in outcomes if one.case.kind in absent]
    assert len(wrong) <= 0.3 * len(outcomes)
    assert sum(not one.is_empty for one in foreign) <= 0.1 * len(foreign)
    assert not any(one.strays for one in outcomes)
