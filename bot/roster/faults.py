"""What is wrong, or worth a look, in a roster file: where it stands, and the remedy."""

from dataclasses import dataclass, field

_SHOWN = 30  # characters of a value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One cell, row or sheet of a file: `advice` says what is wrong and what to do.

    `row` is 0 where the whole sheet is meant, `column` "" where the whole row is.
    """

    sheet: str
    row: int = 0
    column: str = ""
    value: str = ""
    advice: str

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row else ""
        column = f"“{self.column}”" if self.column else ""
        shown = " ".join(self.value.split())
        value = f"（{shown[:_SHOWN]}）" if shown else ""
        return f"“{self.sheet}”{row}{column}{value}：{self.advice}"


@dataclass(slots=True)
class Findings:
    """One sheet while it is read: what must be mended, and what only should be."""

    sheet: str
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def wrong(self, row: int, column: str, advice: str, *, value: str = "") -> None:
        """Note what keeps the whole file from being taken over."""
        self.faults.append(
            Fault(sheet=self.sheet, row=row, column=column, value=value, advice=advice)
        )

    def note(self, row: int, column: str, advice: str, *, value: str = "") -> None:
        """Note what does not, but somebody should look at."""
        self.notes.append(
            Fault(sheet=self.sheet, row=row, column=column, value=value, advice=advice)
        )
