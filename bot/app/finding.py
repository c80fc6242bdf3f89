"""What a checkup has to say of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what is to be said of it."""

    label: str
    words: str = "正常"
    is_fault: bool = False
