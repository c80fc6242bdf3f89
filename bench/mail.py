"""Times the mail beside plain libraries, and holds it to what was asked for.

python -m bench.mail [--only speed ledger enqueue idle memory broadcast]

PostgreSQL runs with fsync on, SQLite with synchronous=FULL: every commit waits for
the disk. The platform is a process of its own on the same cores, as is PostgreSQL.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping

from bench.mail_broadcast import broadcast
from bench.mail_rig import Figure, Rig, rig
from bench.mail_speed import speed
from bench.mail_store import enqueue, idle_beat, ledger_speed, memory

PARTS: Mapping[str, Callable[[Rig], Awaitable[list[Figure]]]] = {
    "speed": speed,
    "ledger": ledger_speed,
    "enqueue": enqueue,
    "idle": idle_beat,
    "memory": memory,
    "broadcast": broadcast,
}
WIDTHS = (68, 16)


async def _run(rig: Rig, names: list[str]) -> None:
    for name in names:
        began = time.monotonic()
        figures = await PARTS[name](rig)
        print(f"{name} ({time.monotonic() - began:.0f} s)")
        for one in figures:
            print(f"  {one.what:<{WIDTHS[0]}}{one.asked:<{WIDTHS[1]}}{one.measured}")
        sys.stdout.flush()


def fsync_milliseconds() -> float:
    """Return how long a small write takes until it is on the disk."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(51):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return sorted(taken)[25] * 1000


def main() -> None:
    """Print what was asked for beside what was measured; nothing is asserted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=[*PARTS])
    options = parser.parse_args()
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}, one fsync {fsync_milliseconds():.2f} ms"
    )
    print(f"  {'':<{WIDTHS[0]}}{'asked':<{WIDTHS[1]}}measured")
    with rig() as ready:
        asyncio.run(_run(ready, options.only))


if __name__ == "__main__":
    main()
