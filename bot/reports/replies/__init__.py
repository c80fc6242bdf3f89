"""Understanding replies: what a department says about a report, by rules."""

from bot.reports.replies.meaning import Label, Understood
from bot.reports.replies.understanding import understand

__all__ = ["Label", "Understood", "understand"]
