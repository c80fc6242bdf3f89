"""What a file says before anybody has understood it: lines and tables, in order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line or a whole paragraph, as the file has it.

    `text` holds no line break; blanks inside it and at its start are kept, and an
    empty text is a blank line. `place` is the number of the line or paragraph in
    the file, from 1, for showing a person where a fact comes from.
    """

    text: str
    place: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table; a cell joined over rows or columns is repeated in each of them.

    `rows` are all of one length. The first row usually holds the column heads.
    A cell's text may hold line breaks.
    """

    rows: tuple[tuple[str, ...], ...]
    place: int


Block = Line | Table
