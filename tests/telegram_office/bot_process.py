"""`bot run` as an engineer starts it: a process, a configuration, an environment."""

import asyncio
import signal
import socket
from pathlib import Path

import bot_command
from whole_office import secrets_of, write_form


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


class BotProcess:
    """The command `bot`, running; whatever it says is kept in `said` and `log`."""

    def __init__(
        self,
        folder: Path,
        *,
        url: str,
        base_url: str,
        has_webhook: bool = False,
        nursery: str,
    ) -> None:
        self.port = free_port()
        self.door = f"http://127.0.0.1:{self.port}"
        webhook = f"{self.door}/telegram" if has_webhook else ""
        self._form = write_form(
            folder / "bot.toml", url=url, base_url=base_url, webhook=webhook
        )
        self._secrets = secrets_of(has_webhook=has_webhook)
        self._log = folder / "log.jsonl"
        self._nursery = nursery
        self._process: bot_command.Process | None = None
        self.said = ""

    async def start(self) -> "BotProcess":
        """Start it, and wait until it says that it runs."""
        words = ["run", "--config", str(self._form)]
        words += ["--listen", f"127.0.0.1:{self.port}"]
        with self._log.open("ab") as log:
            self._process = bot_command.begin(
                words, nursery=self._nursery, errors=log, **self._secrets
            )
        await self.hear("已启动")
        return self

    async def hear(self, words: str) -> None:
        """Wait until it has said *words*."""
        assert self._process
        assert self._process.stdout
        async with asyncio.timeout(90):
            while words not in self.said:
                line = await asyncio.to_thread(self._process.stdout.readline)
                assert line, f"it ended: {self.log}"
                self.said += line

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    async def stop(self) -> int:
        """Stop it in order; returns the exit status."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        return await self._ended(self._process, within=15)

    async def kill(self) -> None:
        """End it as a power failure would; safe to call twice."""
        if self._process:
            self._process.kill()
            await self._ended(self._process)
            self._process = None

    async def _ended(self, process: bot_command.Process, within: float = 60) -> int:
        assert process.stdout
        status = await asyncio.to_thread(process.wait, within)
        if not process.stdout.closed:
            self.said += await asyncio.to_thread(process.stdout.read)
            process.stdout.close()
        return status
