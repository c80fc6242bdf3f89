"""The rules: which order of words says what, a file for each label.

A row is what it says, the order of kinds of words (patterns.py), and an example. Rows
are tried from the top down, and the files in the order of TABLES.
"""

from bot.reports.replies.patterns import Rule, Table
from bot.reports.replies.rules import (
    condition,
    dispute,
    extension,
    handover,
    nil,
    not_yet,
    partial,
    promise,
    question,
    rest,
    withdraw,
)

TABLES = (
    withdraw.ROWS,
    handover.ROWS,
    dispute.ROWS,
    nil.ROWS,
    extension.ROWS,
    partial.ROWS,
    question.ROWS,
    condition.ROWS,
    promise.ROWS,
    not_yet.ROWS,
)
"""What a piece may say that is no claim, in the order in which it is tried."""

NO_CLAIM = Table(Rule(*row) for table in TABLES for row in table)
_REST = (rest.SAID_TO_BE_DONE, rest.LAST)
AFTER_CLAIMS = Table(Rule(*row) for table in _REST for row in table)
"""What is tried where nothing of NO_CLAIM fits, and what is no plain claim either."""
