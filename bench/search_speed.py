"""Times our index beside other engines on invented plans, and compares what they find.

python -m bench.search_speed [--sizes 1000 10000 100000] [--engines ours tantivy ...]
                              [--cpu]

Every engine gets the same tasks and the same noisy questions, over the whole
collection. An engine that needs more than its share of time is asked fewer of them;
the column "asked" says how many. With --cpu the processor time of this process is
counted instead of the time that passed: for a machine that others use as well.
"""

import argparse
import ctypes
import gc
import multiprocessing
import resource
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bench.invented_plans import Asked, ask_about, invent_plans
from bot.plans.finding.search import Entry, TaskIndex
from bot.plans.finding.thesaurus import load_thesaurus

THESAURUS = Path(__file__).parent.parent / "config" / "thesaurus.toml"
QUESTIONS = 400
SECONDS = 20.0  # for asking one engine
Plans = list[tuple[int, list[Entry]]]
Clock = Callable[[], float]


class Engine(Protocol):
    """Something that finds a task."""

    def find(self, question: str) -> int | None:
        """Return the id of the best task."""


def text_of(entry: Entry) -> str:
    """Return what the other engines index of a task."""
    return f"{entry.title} {entry.body} {entry.section}"


def bigrams(text: str) -> list[str]:
    """Cut *text* into characters and pairs of neighbours."""
    return [*text, *(text[at : at + 2] for at in range(len(text) - 1))]


class Ours:
    """`bot.plans.finding.search.TaskIndex`."""

    def __init__(self, plans: Plans) -> None:
        self.index = TaskIndex(load_thesaurus(THESAURUS))
        for plan, entries in plans:
            self.index.put_plan(plan, entries)
        self.index.search("就绪")

    def find(self, question: str) -> int | None:
        found = self.index.search(question)
        return found[0].id if found else None


class WRatio:
    """rapidfuzz WRatio over title and body."""

    def __init__(self, plans: Plans) -> None:
        from rapidfuzz import fuzz, process

        self._texts = {e.id: text_of(e) for _, some in plans for e in some}
        self._extract = process.extractOne
        self._scorer = fuzz.WRatio

    def find(self, question: str) -> int | None:
        best = self._extract(question, self._texts, scorer=self._scorer)
        return int(best[2]) if best else None


class Fts5:
    """SQLite FTS5 with BM25 on texts cut into pairs of characters."""

    def __init__(self, plans: Plans) -> None:
        self._store = sqlite3.connect(":memory:")
        self._store.execute("CREATE VIRTUAL TABLE t USING fts5(words)")
        rows = ((e.id, self._cut(text_of(e))) for _, some in plans for e in some)
        self._store.executemany("INSERT INTO t(rowid, words) VALUES (?, ?)", rows)

    @staticmethod
    def _cut(text: str, joint: str = " ") -> str:
        pairs = (text[at : at + 2] for at in range(len(text) - 1))
        return joint.join(f'"{pair}"' if joint != " " else pair for pair in pairs)

    def find(self, question: str) -> int | None:
        sql = "SELECT rowid FROM t WHERE words MATCH ? ORDER BY bm25(t) LIMIT 12"
        row = self._store.execute(sql, (self._cut(question, " OR "),)).fetchone()
        return int(row[0]) if row else None


class JiebaBm25:
    """jieba's words and the BM25 of rank_bm25."""

    def __init__(self, plans: Plans) -> None:
        import jieba
        from rank_bm25 import BM25Okapi

        jieba.setLogLevel(60)
        entries = [entry for _, some in plans for entry in some]
        self._cut = jieba.lcut
        self._ids = [entry.id for entry in entries]
        self._bm25 = BM25Okapi([self._cut(text_of(entry)) for entry in entries])

    def find(self, question: str) -> int | None:
        scores = self._bm25.get_scores(self._cut(question))
        return self._ids[int(np.argmax(scores))]


class Tantivy:
    """tantivy in memory, on characters and pairs of characters."""

    def __init__(self, plans: Plans) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True)
        schema.add_text_field("words", tokenizer_name="whitespace")
        self._lib = tantivy
        self._index = tantivy.Index(schema.build())
        writer = self._index.writer(heap_size=200_000_000, num_threads=1)
        for _, some in plans:
            for entry in some:
                words = " ".join(bigrams(text_of(entry).replace(" ", "")))
                writer.add_document(tantivy.Document(id=entry.id, words=[words]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def find(self, question: str) -> int | None:
        query, term = self._lib.Query, self._lib.Query.term_query
        schema = self._index.schema
        parts = [
            (self._lib.Occur.Should, term(schema, "words", word))
            for word in bigrams(question)
        ]
        hits = self._searcher.search(query.boolean_query(parts), 12).hits
        return int(self._searcher.doc(hits[0][1])["id"][0]) if hits else None


ENGINES: dict[str, Callable[[Plans], Any]] = {
    "ours": Ours,
    "wratio": WRatio,
    "fts5": Fts5,
    "jieba": JiebaBm25,
    "tantivy": Tantivy,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What one engine took: seconds, megabytes, milliseconds, share of right hits."""

    name: str
    build: float
    memory: float
    asked: int
    middle: float
    slowest: float
    right: float


def resident() -> float:
    """Return the memory that this process holds in MB.

    What glibc's allocator merely keeps for later is given back first.
    """
    gc.collect()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def measure(
    name: str, plans: Plans, questions: Sequence[Asked], clock: Clock
) -> Measured:
    """Build an engine, ask it, and count what it takes."""
    before, began = resident(), clock()
    engine: Engine = ENGINES[name](plans)
    build = clock() - began
    memory = resident() - before
    taken, right = [], 0
    deadline = time.perf_counter() + SECONDS
    engine.find(questions[0].text)
    for asked in questions:
        began = clock()
        found = engine.find(asked.text)
        taken.append((clock() - began) * 1000)
        right += found == asked.answer
        if time.perf_counter() > deadline and len(taken) >= 5:
            break
    if isinstance(engine, Ours):
        change_plans(engine.index, plans, clock)
    middle, slowest = np.percentile(taken, [50, 99])
    share = right / len(taken)
    return Measured(name, build, memory, len(taken), middle, slowest, share)


def change_plans(index: TaskIndex, plans: Plans, clock: Clock) -> None:
    """Replace and drop one plan after another in the full index; print the times."""
    put, drop = [], []
    for plan, entries in plans[:: max(1, len(plans) // 20)]:
        began = clock()
        index.put_plan(plan, entries)
        index.search("就绪", plan_ids=[plan])
        put.append(clock() - began)
    for plan, _ in plans[:: max(1, len(plans) // 20)]:
        began = clock()
        index.drop_plan(plan)
        drop.append(clock() - began)
    for name, taken in (("replace a plan", put), ("drop a plan", drop)):
        middle, slowest = np.percentile(taken, [50, 100]) * 1000
        print(f"  ours: {name}: {middle:.1f} ms, at worst {slowest:.1f} ms")


def narrow(plans: Plans, questions: Sequence[Asked], clock: Clock) -> None:
    """Print what our index takes when it looks into one plan only."""
    engine, taken, right = Ours(plans), [], 0
    for asked in questions:
        began = clock()
        found = engine.index.search(asked.text, plan_ids=[asked.plan])
        taken.append((clock() - began) * 1000)
        right += bool(found) and found[0].id == asked.answer
    middle, slowest = np.percentile(taken, [50, 99])
    print(
        f"  ours, inside one plan: p50 {middle:.2f} ms, p99 {slowest:.2f} ms, "
        f"top-1 {right / len(taken):.3f}"
    )


def apart(work: Callable[[], Measured]) -> Measured:
    """Do *work* in a process of its own, so that memory is counted from nothing."""
    theirs, ours = multiprocessing.Pipe()
    with theirs, ours:
        child = multiprocessing.get_context("fork").Process(
            target=lambda: ours.send(work())
        )
        child.start()
        measured: Measured = theirs.recv()
        child.join()
    return measured


def main() -> None:
    """Run the comparison and print a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=[*ENGINES])
    parser.add_argument("--cpu", action="store_true")
    options = parser.parse_args()
    clock = time.process_time if options.cpu else time.perf_counter
    for size in options.sizes:
        plans = list(invent_plans(size))
        letters = sum(len(text_of(entry)) for _, some in plans for entry in some)
        print(f"{size} tasks, {letters / size:.0f} characters each")
        questions = ask_about(plans, many=QUESTIONS)
        results = [
            apart(partial(measure, name, plans, questions, clock))
            for name in options.engines
        ]
        narrow(plans, questions, clock)
        print("  engine    build s   MB  asked  p50 ms  p99 ms  x p99  top-1")
        for one in results:
            ratio = one.slowest / results[0].slowest
            print(
                f"  {one.name:8} {one.build:8.2f} {one.memory:5.0f} {one.asked:5} "
                f"{one.middle:8.2f} {one.slowest:7.2f} {ratio:6.1f} {one.right:6.3f}"
            )


if __name__ == "__main__":
    main()
