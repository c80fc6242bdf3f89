"""From the words of a reply to what they mean."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.chinese import fold
from bot.reports.calendar import WorkCalendar
from bot.reports.replies.clauses import Apart, Clause, take_apart
from bot.reports.replies.days import Today
from bot.reports.replies.deciding import decide
from bot.reports.replies.details import with_details
from bot.reports.replies.meaning import Label, Understood
from bot.reports.replies.pieces import pieces_of
from bot.reports.replies.senses import Said, Scene, senses_of
from bot.reports.replies.signatures import signed

_TOO_LONG = "内容较长，未作登记。已报送请回复“已报”，未报送可告知预计日期。"


def understand(
    words: str,
    *,
    now: datetime,
    calendar: WorkCalendar,
    due_on: date | None,
    report: str = "",
    in_reply_to_nudge: bool = False,
    own: Collection[str] = (),
) -> Understood:
    """Say what a reply means; it never raises and never guesses a claim.

    Args:
        words: as typed, with quotes and codes.
        now: in the office's zone: its date is today.
        due_on: the due date of the report that is spoken of, if one is.
        report: what that report is called: 2026年全年落实情况.
        in_reply_to_nudge: then a bare 弄完了 or 发了 is a claim, 好了 is asked back.
        own: names of the speaker's own department, so that 应急局已报 is his claim.
    """
    apart = take_apart(words)
    if apart.is_too_long:
        return _unread(apart)
    today = Today(now.date(), calendar, due_on)
    scene = Scene(today, fold(report), in_reply_to_nudge)
    said = read(apart.clauses, scene, own=own)
    found = with_details(decide(said, scene), said, report=report)
    return replace(found, code=apart.code)


def read(
    clauses: Sequence[Clause], scene: Scene, *, own: Collection[str] = ()
) -> list[Said]:
    """Cut clauses into pieces, and say what each says by itself."""
    names = tuple(map(fold, own))
    pieces = pieces_of(clauses, today=scene.today, report=scene.report, own=names)
    if not own:
        pieces = signed(pieces, in_reply=scene.in_reply)
    return senses_of(pieces, scene)


def _unread(apart: Apart) -> Understood:
    return Understood(label=Label.OTHER, code=apart.code, sure=False, ask=_TOO_LONG)
