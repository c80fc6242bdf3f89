"""Files that go out with a message: laid down by their content, and cleared away."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile, ZipFile

_KEPT = timedelta(days=30)  # a message may go out late, or be sent anew by a person


@dataclass(frozen=True, slots=True)
class Papers:
    """The folder of such files, and the office that stands above each table.

    `made` is what was made for those who will ask for it again, by what they asked.
    """

    folder: Path
    office: str = ""
    made: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    def lay(self, content: bytes, ending: str, *, at: datetime) -> Path:
        """Lay a file down; the same content has the same path, and counts as new."""
        path = self.folder / f"{sha256(content).hexdigest()[:40]}.{ending}"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with NamedTemporaryFile(dir=self.folder, delete=False) as new:
                new.write(content)
            os.replace(new.name, path)
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path.absolute()

    def forget(self, name: str, phone: str) -> int:
        """Delete the tables that name somebody; returns how many.

        What stands in a table of ours stands there in one piece, and it can be made
        anew.
        """
        words = [word for word in (name, phone) if word]
        naming = [file for file in self.folder.glob("*") if _has(file, words)]
        for file in naming:
            file.unlink(missing_ok=True)
        self.made.clear()
        return len(naming)

    def clear(self, *, now: datetime) -> int:
        """Delete what was laid down a month ago; returns how many files."""
        oldest = (now - _KEPT).timestamp()
        old = [
            file
            for file in self.folder.glob("*")
            if file.is_file() and file.stat().st_mtime < oldest
        ]
        for file in old:
            file.unlink(missing_ok=True)
        return len(old)


def _has(file: Path, words: Sequence[str]) -> bool:
    """Look for words in the parts of an office document; no other file has words."""
    try:
        with ZipFile(file) as package:
            parts = [package.read(one) for one in package.namelist()]
    except (OSError, BadZipFile):
        return False
    texts = [unescape(part.decode("utf-8", "replace")) for part in parts]
    return any(word in text for word in words for text in texts)
