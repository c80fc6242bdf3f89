"""The terminal as a channel: a prompt, a history, buttons as numbers."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot.messages import Button, Incoming, Manners, Reply, Take

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

LEAVE = frozenset({"退出", "再见", "exit", "quit", "q"})
_STYLES = (("依据：", "cyan"), ("原文：", "green"), ("您是不是想问", "yellow"))


class Console:
    """One person at a terminal; what is typed is a message, a number a button."""

    name = "console"
    manners = Manners()

    def __init__(self, address: str, clock: Callable[[], datetime]) -> None:
        self._address = address
        self._clock = clock
        from rich.console import Console as Screen  # `bot ask` prints without it

        self._screen = Screen(highlight=False, soft_wrap=True)
        self._buttons: dict[str, Button] = {}
        self._open = False

    async def start(self, take: Take) -> None:
        """Listen until the person leaves or the input ends."""
        self._open = True
        read = self._reader()
        while self._open:
            line = await read()
            if line is None or line.strip().lower() in LEAVE:
                break
            if line.strip():
                await take(self._incoming(line.strip()))
        self._open = False

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Keep a reply whole: a terminal has no markup and no greatest length."""
        return (msgspec.json.encode(reply).decode(),)

    async def send(self, address: str, request: str) -> str:
        """Print a reply with its buttons; the terminal has no message ids."""
        reply = msgspec.json.decode(request, type=Reply)
        for line in reply.text.split("\n"):
            self._print(line, style=_style_of(line))
        for file in reply.attachments:
            self._print(f"文件：{file.at}", style="cyan")
        self._buttons = numbered(reply.buttons)
        extra = [
            f"[{key}] {button.label}"
            for key, button in self._buttons.items()
            if key != button.label
        ]
        extra += [f"[{one.label}]" for one in reply.buttons if one.is_spare]
        if extra:
            self._print("  ".join(extra), style="magenta")
        self._screen.print()
        return ""

    def _print(self, line: str, *, style: str) -> None:
        self._screen.print(line, style=style or None, markup=False)

    async def stop(self) -> None:
        """Stop listening after the line at hand; safe to call twice."""
        self._open = False

    def _incoming(self, line: str) -> Incoming:
        button = self._buttons.get(line)
        return Incoming(
            channel=self.name,
            address=self._address,
            text=button.says if button else line,
            at=self._clock(),
        )

    def _reader(self) -> Callable[[], "asyncio.Future[str | None]"]:
        loop = asyncio.get_running_loop()
        if sys.stdin.isatty():
            from prompt_toolkit import PromptSession  # slow, and `bot ask` has no use

            session: PromptSession[str] = PromptSession("您：")
            return lambda: asyncio.ensure_future(_typed(session))
        return lambda: loop.run_in_executor(None, _piped)


async def _typed(session: "PromptSession[str]") -> str | None:
    from prompt_toolkit.patch_stdout import patch_stdout

    try:
        with patch_stdout(raw=True):  # what is told meanwhile goes above the prompt
            return await session.prompt_async()
    except (EOFError, KeyboardInterrupt):
        return None


def _piped() -> str | None:
    line = sys.stdin.readline()
    if not line:
        return None
    print(f"您：{line.rstrip()}")
    return line


def _style_of(line: str) -> str:
    return next((style for start, style in _STYLES if line.startswith(start)), "")


def numbered(buttons: tuple[Button, ...]) -> dict[str, Button]:
    """Give each button the number that presses it.

    Buttons that are called by a number keep it: they are the items of a list. Beside
    them the others take 0, so that no number of a later page is taken from the list.
    Spare ones have none: what they say may be typed.
    """
    buttons = tuple(button for button in buttons if not button.is_spare)
    own = {button.label: button for button in buttons if button.label.isdecimal()}
    others = [button for button in buttons if not button.label.isdecimal()]
    first = 0 if own else 1
    return own | {str(key): button for key, button in enumerate(others, start=first)}
