"""Reading a file that a test has just made."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.documents import read_blocks
from bot.source import Block


@pytest.fixture
def read_file(tmp_path: Path) -> Callable[[str, bytes], list[Block]]:
    """Save content under a name, and read it back."""

    def read(name: str, content: bytes) -> list[Block]:
        path = tmp_path / name
        path.write_bytes(content)
        return read_blocks(path)

    return read
