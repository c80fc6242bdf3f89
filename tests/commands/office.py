"""The command line, run in this process against an office of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from bot.__main__ import cli

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "samples" / "sample-plan.txt"


@dataclass(frozen=True)
class Office:
    """One database, and the commands that work on it."""

    url: str

    def run(self, *words: str, typed: str | None = None) -> Result:
        options: Sequence[str] = ("--database", self.url)
        config = ("--config", str(ROOT / "config" / "bot.toml"))
        return CliRunner().invoke(cli, [*words, *config, *options], input=typed)
