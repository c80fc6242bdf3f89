"""A submission changes by what is said about it, and each change can be told."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Basis, Report, Submission, SubmissionEntry, SubmissionState
from bot.reports import submissions
from bot.reports.duties import Terms, confirm_duty, open_reports
from bot.reports.submissions import Said

State = SubmissionState
NINE = datetime(2026, 12, 16, 1, 0, tzinfo=UTC)
SAID = Said(by="王敏", at=NINE, channel="telegram", letter="telegram:7", words="已报")
Change = Callable[[AsyncSession, Submission], Awaitable[object]]


async def a_submission(session: AsyncSession) -> Submission:
    terms = Terms(
        key="k", basis=Basis.OFFICE, what="年报", month=12, day_of_month=30, who=("甲",)
    )
    today = date(2026, 12, 1)
    duty = await confirm_duty(session, terms, first=today, by="李主任", at=NINE)
    await open_reports(session, [duty], lambda _: ["甲"], today=today, at=NINE)
    return (await session.scalars(select(Submission))).one()


def claim(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.claim(session, one, SAID)


def nil(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.claim(session, one, SAID, nil=True)


def acknowledge(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.acknowledge(session, one, SAID)


def promise(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.promise(session, one, SAID, day=date(2026, 12, 28))


def ask(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.ask_extension(session, one, SAID, day=date(2027, 1, 5))


def agree(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.decide_extension(session, one, SAID, agreed=True)


def refuse(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.decide_extension(session, one, SAID, agreed=False)


def dispute(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.dispute(session, one, SAID, reason="改革")


def stays(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.decide_dispute(session, one, SAID, stays=True)


def upheld(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.decide_dispute(session, one, SAID, stays=False)


def accept(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.accept(session, one, SAID)


def give_back(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.return_(session, one, SAID, reason="缺场次")


def undo(session: AsyncSession, one: Submission) -> Awaitable[object]:
    return submissions.undo(session, one, SAID)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ([claim], State.CLAIMED),
        ([nil], State.NIL_CLAIMED),
        ([acknowledge], State.ACKNOWLEDGED),
        ([promise], State.PROMISED),
        ([promise, acknowledge], State.PROMISED),
        ([ask], State.OPEN),
        ([ask, agree], State.EXTENDED),
        ([ask, refuse], State.OPEN),
        ([agree], State.OPEN),
        ([dispute], State.DISPUTED),
        ([dispute, claim], State.CLAIMED),
        ([acknowledge, dispute, stays], State.ACKNOWLEDGED),
        ([dispute, upheld], State.EXEMPT),
        ([claim, accept], State.ACCEPTED),
        ([nil, accept], State.NIL),
        ([accept], State.OPEN),
        ([claim, accept, give_back], State.RETURNED),
        ([claim, give_back, claim], State.CLAIMED),
        ([claim, accept, promise], State.ACCEPTED),
        ([claim, undo], State.OPEN),
        ([promise, claim, undo], State.PROMISED),
        ([promise, claim, undo, undo], State.OPEN),
        ([promise, claim, undo, undo, undo], State.OPEN),
        ([claim, accept, undo], State.ACCEPTED),
        ([nil, claim], State.CLAIMED),
    ],
)
async def test_a_submission_stands_where_the_last_word_put_it(
    session: AsyncSession, changes: list[Change], state: State
) -> None:
    one = await a_submission(session)

    for change in changes:
        await change(session, one)

    assert one.state is one.standing.state is state
    assert (one.next_at is None) is (state not in submissions.OWING)


@pytest.mark.parametrize("change", [claim, nil, acknowledge, promise, ask, dispute])
async def test_the_same_word_twice_is_entered_once(
    session: AsyncSession, change: Change
) -> None:
    one = await a_submission(session)

    assert await change(session, one)
    assert not await change(session, one)

    query = select(func.count()).select_from(SubmissionEntry)
    assert await session.scalar(query) == 1


async def test_a_change_tells_by_whom_when_where_and_in_which_words(
    session: AsyncSession,
) -> None:
    one = await a_submission(session)
    await claim(session, one)

    entry = (await session.scalars(select(SubmissionEntry))).one()

    assert (entry.by, entry.at, entry.letter) == ("王敏", NINE, "telegram:7")
    assert (entry.before.state, entry.after.state) == (State.OPEN, State.CLAIMED)
    assert one.reacted_at == NINE


async def test_an_agreed_day_leaves_that_of_the_document(session: AsyncSession) -> None:
    one = await a_submission(session)
    await ask(session, one)
    await agree(session, one)

    report = (await session.scalars(select(Report))).one()

    assert report.due_on == date(2026, 12, 30)
    assert one.standing.agreed_on == date(2027, 1, 5)
