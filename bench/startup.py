"""How long a person waits: a question asked cold, a long plan, a hundred plans.

python -m bench.startup
"""

import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.app import App
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "samples" / "sample-plan.md"
RUNS = 7
_HAN = ("二", *"三四五六七八九十", *(f"十{one}" for one in "一二三四五六七八九"))
_TITLE = re.compile(r"^(?:[0-9]+\.|──)[^。]+", re.M)
LONG = 60_000  # characters
PLANS = 100


def _bot(*words: str, database: Path) -> float:
    """Run the product once and return the seconds that it took from start to end."""
    url = f"sqlite+aiosqlite:///{database}"
    command = [sys.executable, "-m", "bot", *words, "--database", url]
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return seconds


def _told(what: str, seconds: list[float]) -> None:
    print(
        f"{what:<46}{statistics.median(seconds):8.2f} s"
        f"   ({min(seconds):.2f} to {max(seconds):.2f}, {len(seconds)} runs)"
    )


def _numbered(text: str, number: int) -> str:
    return text.replace("〔2026〕18号", f"〔2026〕{number}号")


def _long_plan(text: str) -> str:
    """Repeat the chapters of tasks, renamed, until the plan is long enough.

    A plan that repeats its tasks word for word is refused.
    """
    first, second = text.index("## 二、"), text.index("## 三、")
    head, chapter, tail = text[:first], text[first:second], text[second:]
    parts = [head]
    while sum(map(len, parts)) + len(tail) < LONG:
        number = _HAN[len(parts) - 1]
        renamed = chapter.replace("二、提升行动", f"{number}、提升行动之{number}")
        parts.append(_TITLE.sub(rf"\g<0>（之{number}）", renamed))
    return "".join([*parts, tail])


async def _import_inside(file: Path, folder: Path) -> float:
    """Return the seconds of an import without the start of the process."""
    url = f"sqlite+aiosqlite:///{folder / 'inside.db'}"
    settings = Settings.load(ROOT / "config" / "bot.toml", {}, database=url)
    async with App.open(settings) as app:
        await app.propose(
            app.read_plan(SAMPLE), actor="测速"
        )  # loads what is loaded once
        start = time.perf_counter()
        proposal = await app.propose(app.read_plan(file), actor="测速")
        await app.sign(proposal.plan, signed_by="测速")
        return time.perf_counter() - start


def main() -> None:
    """Print medians; nothing is asserted, machines differ."""
    text = SAMPLE.read_text(encoding="utf-8")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = folder / "office.sqlite3"
        _bot("import", str(SAMPLE), "--sign", "测速", database=office)
        question = ("ask", "我们负责哪些任务", "--as", "县应急管理局")
        _bot(*question, database=office)
        cold = [_bot(*question, database=office) for _ in range(RUNS)]
        _told("ask, process start to answer", cold)
        search = ("ask", "手机课堂谁来办", "--as", "县科协")
        _told(
            "ask by topic, with the index built",
            [_bot(*search, database=office) for _ in range(RUNS)],
        )
        long = folder / "long.md"
        long.write_text(_long_plan(_numbered(text, 99)), encoding="utf-8")
        size = len(long.read_text(encoding="utf-8"))
        _told(
            f"import of one plan of {size:,} characters",
            [
                _bot(
                    "import",
                    str(long),
                    "--sign",
                    "测速",
                    database=folder / f"l{run}.db",
                )
                for run in range(3)
            ],
        )
        inside = [asyncio.run(_import_inside(long, folder)) for _ in range(1)]
        _told("the same inside a running process", inside)
        files = []
        for number in range(PLANS):
            file = folder / f"plan-{number}.md"
            file.write_text(_numbered(text, 200 + number), encoding="utf-8")
            files.append(str(file))
        many = folder / "many.sqlite3"
        seconds = _bot("import", *files, "--sign", "测速", database=many)
        _told(f"import of {PLANS} plans", [seconds])
        _told(
            f"ask cold, {PLANS} plans in force",
            [_bot(*question, database=many) for _ in range(3)],
        )


if __name__ == "__main__":
    main()
