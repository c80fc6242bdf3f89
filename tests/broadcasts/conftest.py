"""Fixtures: the platforms to be broadcast on."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
for room in ("telegram_office", "wecom_office"):
    sys.path.insert(1, str(TESTS / room))
for product in ("telegram", "wecom"):
    sys.path.insert(1, str(TESTS / "channels" / product))

from wild_products import WildProducts  # noqa: E402  it lies on what others built


@pytest.fixture
async def products() -> AsyncIterator[WildProducts]:
    """Give a Telegram and a WeCom on which much goes wrong."""
    async with WildProducts().running() as products:
        yield products
