"""The command `bot` as a process: begun from nothing, or born of the nursery."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from bot.__main__ import main

ROOT = Path(__file__).parents[1]


class Born:
    """A process of its own, begun where all has been imported before.

    It is spoken to as a Popen is; only its parent is another: the nursery.
    """

    def __init__(
        self, place: str, words: list[str], *, errors: IO[Any], env: dict[str, str]
    ) -> None:
        self._nursery = socket.socket(socket.AF_UNIX)
        self._nursery.connect(place)
        self._news = self._nursery.makefile("r", encoding="utf-8")
        ours, theirs = os.pipe()
        self.stdout = os.fdopen(ours, encoding="utf-8")
        config = {"words": words, "env": env}
        order = json.dumps({"call": f"{__name__}:live", "config": config})
        outlets = [theirs, errors.fileno()]
        socket.send_fds(self._nursery, [f"{order}\n".encode()], outlets)
        os.close(theirs)
        self.pid: int = json.loads(self._news.readline())["pid"]
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; returns the exit status, negative for a signal."""
        if self.returncode is None:
            self._nursery.settimeout(timeout)
            self.returncode = code = int(json.loads(self._news.readline())["code"])
            self._news.close()
            self._nursery.close()
            return code
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still lives."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power failure would."""
        self.send_signal(signal.SIGKILL)


Process = subprocess.Popen[str] | Born


def begin(
    words: list[str], *, nursery: str, errors: IO[Any], **secrets: str
) -> Process:
    """Begin `bot WORDS`, which writes its log to *errors*, by the nursery.

    Without one it is begun as an engineer does, from nothing: that takes a second.
    """
    env = {**os.environ, **secrets, "PYTHONUNBUFFERED": "1"}
    if nursery:
        return Born(nursery, words, errors=errors, env=env)
    command = [sys.executable, "-m", "bot", *words]
    out = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=out, stderr=errors, text=True
    )


def live(config: dict[str, Any], _: Callable[[Any], None]) -> None:
    """Be the command, in the process that was born for it."""
    os.environ.clear()
    os.environ.update(config["env"])
    os.chdir(ROOT)
    sys.argv[1:] = config["words"]
    sys.stdout.reconfigure(write_through=True)  # type: ignore[union-attr]
    main()
