"""Who did what and why: append only, each entry chained to the one before."""

from bot.audit.chain import Fault, Verdict, head, verify
from bot.audit.trail import between, count_since, entries, page, record

__all__ = [
    "Fault",
    "Verdict",
    "between",
    "count_since",
    "entries",
    "head",
    "page",
    "record",
    "verify",
]
