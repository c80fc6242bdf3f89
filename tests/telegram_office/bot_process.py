"""`bot run` as an engineer starts it: a process, a configuration, an environment."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

from whole_office import ROOT, secrets_of, write_form


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


class BotProcess:
    """The command `bot`, running; whatever it says is kept in `said` and `log`."""

    def __init__(
        self, folder: Path, *, url: str, base_url: str, has_webhook: bool = False
    ) -> None:
        self.port = free_port()
        self.door = f"http://127.0.0.1:{self.port}"
        webhook = f"{self.door}/telegram" if has_webhook else ""
        self._form = write_form(
            folder / "bot.toml", url=url, base_url=base_url, webhook=webhook
        )
        self._secrets = secrets_of(has_webhook=has_webhook)
        self._log = folder / "log.jsonl"
        self._process: asyncio.subprocess.Process | None = None
        self.said = ""

    async def start(self) -> "BotProcess":
        """Start it, and wait until it says that it runs."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--config", str(self._form)),
                *("--listen", f"127.0.0.1:{self.port}"),
                cwd=ROOT,
                env={**os.environ, **self._secrets, "PYTHONUNBUFFERED": "1"},
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout
        async with asyncio.timeout(90):
            while "已启动" not in self.said:
                line = await self._process.stdout.readline()
                assert line, f"it ended: {self.log}"
                self.said += line.decode()
        return self

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    async def stop(self) -> int:
        """Stop it in order; returns the exit status."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        out, _ = await asyncio.wait_for(self._process.communicate(), 15)
        self.said += out.decode()
        return await self._process.wait()

    async def kill(self) -> None:
        """End it as a power failure would; safe to call twice."""
        if self._process and self._process.returncode is None:
            self._process.kill()
        if self._process:
            await self._process.communicate()
