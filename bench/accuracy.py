"""Asks the product the question sets through its own door, and prints the accuracy.

python -m bench.accuracy [--set dev|held|both|wild|wild_held] [--failures]
                         [--courtesies]
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "tests" / "questions"
PLANS = {
    "平政字〔2022〕21号": ROOT.parent / "shared" / "plans" / "pingyin-2022-21.txt",
    "历下政办发〔2022〕3号": ROOT.parent / "shared" / "plans" / "lixia-2022-3.txt",
    "澄政字〔2026〕18号": ROOT / "data" / "samples" / "sample-plan.txt",
}
SETS = ("dev", "held", "wild", "wild_held")
"""Clean questions, and wild ones, written for us in the manner of people who type and
dictate; of both kinds, some to develop by and some only to measure by."""

RANKED = {"topic", "who", "detail"}
LISTS = {"our_tasks", "department_tasks", "joint", "section"}
FACTS = {"deadline", "report_to", "contact", "target", "count"}
ELSEWHERE = {"other_plan", "absent_department"}
COURTESIES = ("courtesies", "courtesies_held")
SAMPLE = 100  # questions that are asked within each wording
SENT = ("id", "doc", "asker_department", "context", "question")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question of the sets; `match` any means that its tasks are not judged."""

    id: str
    doc: str
    asker_department: str
    context: tuple[str, ...]
    question: str
    kind: str
    hard: bool
    match: str
    tasks: tuple[str, ...]
    says: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what the product answered: text and (document, task id) in order."""

    case: Case
    text: str
    given: tuple[tuple[str, str], ...]

    @property
    def is_empty(self) -> bool:
        """Whether no task came."""
        return not self.given

    @property
    def strays(self) -> bool:
        """Whether a task of another plan came."""
        return any(doc != self.case.doc for doc, _ in self.given)

    def in_first(self, count: int) -> bool:
        """Whether one of the expected tasks is among the first *count* given."""
        wanted = {(self.case.doc, task) for task in self.case.tasks}
        return not wanted.isdisjoint(self.given[:count])

    @property
    def tasks_fit(self) -> bool:
        """Whether the tasks are those expected, in the way that `match` asks for."""
        wanted = {(self.case.doc, task) for task in self.case.tasks}
        ways: Mapping[str, Callable[[], bool]] = {
            "first": lambda: self.in_first(1),
            "set": lambda: len(self.given) == len(wanted) and set(self.given) == wanted,
            "none": lambda: self.is_empty,
            "any": lambda: not self.strays,
        }
        return ways[self.case.match]()

    @property
    def faults(self) -> list[str]:
        """Say in words what is wrong; empty if the answer is right."""
        faults = [] if self.tasks_fit else ["tasks"]
        faults += [f"does not say {x}" for x in self.case.says if not self._says(x)]
        faults += [f"says {x}" for x in self.case.never if x in self.text]
        return faults

    def _says(self, alternatives: str) -> bool:
        return any(one in self.text for one in alternatives.split("|"))


def read_cases(names: Iterable[str]) -> list[Case]:
    """Read the sets called *names* (of `SETS`) in the order of their files."""
    return [case for name in names for case in cases_in(QUESTIONS / f"{name}.jsonl")]


def cases_in(file: Path) -> list[Case]:
    """Read the questions of a file in their order."""
    return [_case(json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def _case(row: Mapping[str, Any]) -> Case:
    expect = row["expect"]
    return Case(
        **{name: row[name] for name in SENT if name != "context"},
        context=tuple(row["context"]),
        kind=row["kind"],
        hard=row.get("hard", False),
        match=expect["match"],
        tasks=tuple(expect["tasks"]),
        says=tuple(expect["says"]),
        never=tuple(expect["never"]),
    )


def read_courtesies(name: str) -> list[str]:
    """Read wordings as to a person, each with {} where the question stands."""
    lines = (QUESTIONS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if line.strip()]


def within(cases: Iterable[Case], courtesies: Iterable[str]) -> list[Case]:
    """Put each of *cases* in the words of each of *courtesies*."""
    kept = list(cases)
    return [
        replace(case, id=f"{case.id}#{n}", question=words.replace("{}", case.question))
        for n, words in enumerate(courtesies)
        for case in kept
    ]


def right_alone(outcomes: Iterable[Outcome], *, count: int) -> list[Case]:
    """Choose the same *count* of the cases that were answered rightly each time."""
    right = [one.case for one in outcomes if not one.faults]
    return random.Random(7).sample(right, min(count, len(right)))


def _run(*words: str, stdin: str = "") -> str:
    """Call the command line of the product; its complaints go to our stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        input=stdin,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
        check=True,
    )
    return done.stdout


def ask(cases: Sequence[Case], *, plans: Iterable[Path], config: str) -> list[Outcome]:
    """Import *plans* into a database of their own and put *cases* to the product.

    Raises subprocess.CalledProcessError if the product fails, KeyError if it leaves
    a question without an answer.
    """
    options = ["--config", config] if config else []
    with tempfile.TemporaryDirectory() as folder:
        options += ["--database", f"sqlite+aiosqlite:///{folder}/bench.db"]
        for plan in plans:
            _run("import", str(plan), "--sign", "bench", *options)
        asked = "".join(_line(case) for case in cases)
        out = _run("ask", "--jsonl", *options, stdin=asked)
    answers = {row["id"]: row for row in map(json.loads, out.splitlines())}
    return [_outcome(case, answers[case.id]) for case in cases]


def _line(case: Case) -> str:
    row = {name: getattr(case, name) for name in SENT}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _outcome(case: Case, answer: Mapping[str, Any]) -> Outcome:
    given = tuple((task["doc"], task["id"]) for task in answer["tasks"])
    return Outcome(case, answer["text"], given)


def share(outcomes: Iterable[Outcome], holds: Callable[[Outcome], bool]) -> str:
    """Print the share of *outcomes* for which *holds* is true, with both counts."""
    results = [holds(outcome) for outcome in outcomes]
    if not results:
        return "   –"
    return f"{sum(results) / len(results):6.1%}  ({sum(results)}/{len(results)})"


def print_kinds(outcomes: Sequence[Outcome]) -> None:
    """Print, for each kind of question, the share of answers without a fault."""
    kinds = defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.case.kind].append(outcome)
    print("\nRight answers by kind (tasks, words that must and must not occur)")
    for kind in sorted(kinds):
        print(f"  {kind:<18}{share(kinds[kind], lambda one: not one.faults)}")
    print(f"  {'all':<18}{share(outcomes, lambda one: not one.faults)}")


def print_goals(outcomes: Sequence[Outcome]) -> None:
    """Print the figures beside the goals: what, measured, bar, stretch."""

    def some(*kinds: str) -> list[Outcome]:
        return [one for one in outcomes if one.case.kind in kinds]

    ranked = some(*RANKED)
    hard = [one for one in ranked if one.case.hard]
    lists = [one for one in some(*LISTS) if one.case.match == "set"]
    plain, near = some("off_topic"), some("near_domain")

    def right(one: Outcome) -> bool:
        return not one.faults

    def answered(one: Outcome) -> bool:
        return not one.is_empty

    rows = [
        ("top-1, ranked", share(ranked, lambda one: one.in_first(1)), ".93", ".96"),
        ("top-3, ranked", share(ranked, lambda one: one.in_first(3)), ".97", ".985"),
        ("top-1, hard", share(hard, lambda one: one.in_first(1)), ".85", ".92"),
        ("top-3, hard", share(hard, lambda one: one.in_first(3)), "", ""),
        ("false refusals", share(ranked, lambda one: one.is_empty), "≤ 5%", ""),
        ("false answers, plain", share(plain, answered), "≤ 5%", "≤ 2%"),
        ("false answers, near", share(near, answered), "≤ 20%", "≤ 10%"),
        ("not here, yet answered", share(some(*ELSEWHERE), answered), "0", "0"),
        ("task of another plan", share(outcomes, lambda one: one.strays), "0", "0"),
        ("lists, exact set", share(lists, lambda one: one.tasks_fit), ".97", "1"),
        ("lists, set and words", share(some(*LISTS), right), "", ""),
        ("facts", share(some(*FACTS), right), ".97", "1"),
        ("follow-ups", share(some("follow_up"), right), ".93", ".97"),
    ]
    print(f"\n{'':<25}{'measured':<20}{'bar':<8}stretch")
    for what, measured, bar, stretch in rows:
        print(f"{what:<25}{measured:<20}{bar:<8}{stretch}")


def print_failures(outcomes: Sequence[Outcome]) -> None:
    """Print each wrong answer: the question, what was wanted, what came."""
    for one in outcomes:
        if not one.faults:
            continue
        case = one.case
        given = "、".join(task for _, task in one.given[:6]) or "–"
        asked = " → ".join((*case.context, case.question))
        print(f"\n{case.id} {case.kind}{' hard' if case.hard else ''} {case.doc}")
        print(f"  {case.asker_department}：{asked}")
        print(f"  wanted {case.match}: {'、'.join(case.tasks) or '–'}")
        print(f"  came   {len(one.given)}: {given}; {'; '.join(one.faults)}")
        print(f"  “{' / '.join(one.text.splitlines())[:200]}”")


def print_courtesies(outcomes: Iterable[Outcome], plans: Sequence[Path]) -> None:
    """Print how many of the right answers stay right among courtesies."""
    sample = right_alone(outcomes, count=SAMPLE)
    print(f"\nRight alone and right among courtesies ({len(sample)} questions)")
    for name in COURTESIES:
        wrapped = within(sample, read_courtesies(name))
        asked = ask(wrapped, plans=plans, config="")
        print(f"  {name:<18}{share(asked, lambda one: not one.faults)}")


def main() -> None:
    """Ask the sets and print; no threshold is asserted."""
    parser = argparse.ArgumentParser(prog="bench.accuracy", description=__doc__)
    parser.add_argument("--set", choices=(*SETS, "both"), default="both")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--courtesies", action="store_true")
    parser.add_argument("--config", default="", help="passed on to the product")
    options = parser.parse_args()
    names = SETS[:2] if options.set == "both" else (options.set,)
    here = {doc: file for doc, file in PLANS.items() if file.exists()}
    for doc in PLANS.keys() - here.keys():
        print(f"{doc} is not beside the repository: its questions are left out")
    cases = [case for case in read_cases(names) if case.doc in here]
    outcomes = ask(cases, plans=here.values(), config=options.config)
    print(f"{len(cases)} questions on {len(here)} plans, sets: {', '.join(names)}")
    print_kinds(outcomes)
    print_goals(outcomes)
    if options.failures:
        print_failures(outcomes)
    if options.courtesies:
        print_courtesies(outcomes, tuple(here.values()))


if __name__ == "__main__":
    main()
