"""What the measurements feed to the product is what it takes, and they can be run."""

import importlib
from pathlib import Path

import pytest

from bench.startup import LONG, SAMPLE, _long_plan
from bot.app import App
from bot.settings import Settings

BENCH = Path(__file__).parents[1] / "bench"
_OTHER_ENGINES = {"search_speed"}  # they are installed for `make bench` alone


@pytest.mark.parametrize(
    "name", sorted({file.stem for file in BENCH.glob("*.py")} - _OTHER_ENGINES)
)
def test_a_measurement_finds_what_it_imports(name: str) -> None:
    assert importlib.import_module(f"bench.{name}").__doc__


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_long_plan_is_taken(database_url: str, tmp_path: Path) -> None:
    long = tmp_path / "long.md"
    long.write_text(_long_plan(SAMPLE.read_text("utf-8")), "utf-8")
    settings = Settings.load(
        BENCH.parent / "config" / "bot.toml", {}, database=database_url
    )

    async with App.open(settings) as app:
        proposal = await app.propose(app.read_plan(long), actor="王主任")

    assert len(long.read_text("utf-8")) >= LONG
    assert len(proposal.plan.tasks) > 100
