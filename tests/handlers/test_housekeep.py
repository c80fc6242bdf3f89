"""What is over goes after its time; what is open or undecided never does."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from front_door import NINE, OWN
from report_office import ReportOffice
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, feedback
from bot.feedback import Said
from bot.mail import outbox
from bot.messages import Reply
from bot.model import (
    Account,
    Acknowledgement,
    AuditEntry,
    BindingCode,
    Broadcast,
    BroadcastState,
    Delivery,
    DeliveryStatus,
    Evidence,
    Feedback,
    FeedbackKind,
    FeedbackState,
    Notice,
    Nudge,
    NudgeItem,
    Person,
    Purpose,
    Role,
    Scope,
    SubmissionState,
)
from bot.reports import evidence, filing
from bot.settings import Retention
from handlers.rounds import housekeep

DAY = timedelta(days=1)


async def keep_house(session: AsyncSession, *, after: int, **kept: int) -> None:
    """Do all that is due so many days after nine o'clock."""
    while await housekeep(session, now=NINE + after * DAY, kept=Retention(**kept)):
        pass
    session.expire_all()


async def count(session: AsyncSession, table: Any) -> int:
    return await session.scalar(select(func.count()).select_from(table)) or 0


async def told(
    session: AsyncSession, status: DeliveryStatus, **more: Any
) -> tuple[Notice, Person]:
    """Issue a notice to two, of whom one has it; the other's delivery is as told."""
    people = [Person(name=one, department=OWN, role=Role.LIAISON) for one in "甲乙"]
    session.add_all(people)
    await session.flush()
    notice = await outbox.issue_notice(
        session,
        key="n",
        kind="nudge",
        body=Reply("请报送"),
        audience=[
            outbox.Addressee(
                recipient=f"person:{one.id}",
                lane="telegram",
                address=str(one.id),
                person_id=one.id,
            )
            for one in people
        ],
        by="李主任",
        at=NINE,
        write=lambda lane, address, reply: (reply.text, "第二段"),
    )
    assert notice
    for one in await session.scalars(select(Delivery)):
        mine = one.person_id == people[1].id
        one.status = status if mine else DeliveryStatus.SENT
        for name, value in (more if mine else {}).items():
            setattr(one, name, value)
    session.add(Acknowledgement(notice_id=notice.id, person_id=people[0].id, at=NINE))
    session.add(Nudge(recipient="person:1", on=NINE.date(), notice_id=notice.id))
    await session.flush()
    return notice, people[1]


async def test_a_notice_goes_with_all_that_it_had(office: ReportOffice) -> None:
    session = office.door.session
    report = await office.duty()
    notice, _ = await told(session, DeliveryStatus.SENT)
    session.add(NudgeItem(notice_id=notice.id, report_id=report.id, step=5))
    broadcast = Broadcast(
        text="请报送",
        attachments=(),
        scope=Scope(everyone=True),
        wants_receipt=False,
        state=BroadcastState.DONE,
        drafted_by="李主任",
        drafted_at=NINE,
        notice_id=notice.id,
    )
    session.add(broadcast)
    await session.flush()

    await keep_house(session, after=1094)
    assert await count(session, Delivery) == 4

    await keep_house(session, after=1096)
    for table in (Notice, Delivery, Acknowledgement, Nudge, NudgeItem):
        assert await count(session, table) == 0
    assert (await session.scalars(select(Broadcast.notice_id))).all() == [None]


@pytest.mark.parametrize(
    ("status", "more", "stays"),
    [
        (DeliveryStatus.WAITING, {}, True),
        (DeliveryStatus.UNKNOWN, {}, True),
        (DeliveryStatus.FAILED, {}, True),
        (DeliveryStatus.FAILED, {"called_by": "李主任"}, False),
        (DeliveryStatus.CANCELLED, {}, False),
    ],
)
async def test_a_notice_of_which_something_is_to_be_decided_stays(
    session: AsyncSession, status: DeliveryStatus, more: Mapping[str, Any], stays: bool
) -> None:
    await told(session, status, **more)

    await keep_house(session, after=5000)

    assert await count(session, Notice) == stays


async def test_what_is_kept_for_good_stays(session: AsyncSession) -> None:
    await told(session, DeliveryStatus.SENT)

    await keep_house(session, after=9000, notices=0)

    assert await count(session, Notice) == 1


async def file(session: AsyncSession, folder: Path, **more: Any) -> str:
    kept = evidence.keep_content(folder, b"%PDF-" + repr(more).encode())
    row = Evidence(
        department=OWN, name="总结.pdf", size=kept.size, digest=kept.digest, at=NINE
    )
    for name, value in more.items():
        setattr(row, name, value)
    session.add(row)
    await session.flush()
    return kept.digest


async def destroyed(session: AsyncSession, folder: Path, now: datetime) -> int:
    digests = await filing.to_destroy(session)
    return evidence.destroy(folder, digests, now=now)


@pytest.mark.parametrize(
    ("state", "days", "goes"),
    [
        (SubmissionState.ACCEPTED, 1095, False),
        (SubmissionState.ACCEPTED, 1095 + 40, True),
        (SubmissionState.OPEN, 1095 + 40, True),
        (SubmissionState.CLAIMED, 5000, False),
        (SubmissionState.DISPUTED, 5000, False),
    ],
)
async def test_a_file_goes_years_after_its_report_was_due(
    office: ReportOffice, tmp_path: Path, state: SubmissionState, days: int, goes: bool
) -> None:
    session = office.door.session
    await office.duty()
    submission = await office.submission()
    submission.state = state
    digest = await file(session, tmp_path, submission_id=submission.id)

    await keep_house(session, after=days)

    assert await destroyed(session, tmp_path, NINE + 9999 * DAY) == goes
    assert evidence.is_whole(tmp_path, digest) is not goes
    row = (await session.scalars(select(Evidence))).one()
    assert (row.digest, row.refusal) == (digest, filing.EXPIRED if goes else "")


async def test_content_that_another_row_needs_stays(
    session: AsyncSession, tmp_path: Path
) -> None:
    digest = await file(session, tmp_path)
    later = Evidence(
        department=OWN, name="再报.pdf", size=1, digest=digest, at=NINE + 900 * DAY
    )
    session.add(later)

    await keep_house(session, after=1100)

    assert await destroyed(session, tmp_path, NINE + 9999 * DAY) == 0
    assert evidence.is_whole(tmp_path, digest)


async def test_content_that_came_again_just_now_stays(
    session: AsyncSession, tmp_path: Path
) -> None:
    digest = await file(session, tmp_path)
    await keep_house(session, after=1100)
    place = evidence.place_of(tmp_path, digest)
    kept_at = datetime.fromtimestamp(place.stat().st_mtime, tz=NINE.tzinfo)

    assert await destroyed(session, tmp_path, kept_at + timedelta(minutes=59)) == 0
    assert await destroyed(session, tmp_path, kept_at + timedelta(minutes=61)) == 1
    assert await destroyed(session, tmp_path, kept_at + timedelta(minutes=61)) == 0


def code(number: int, **more: Any) -> BindingCode:
    values: dict[str, Any] = {
        "code_digest": f"c{number}",
        "link_digest": f"l{number}",
        "purpose": Purpose.PERSON,
        "department": OWN,
        "role": Role.LIAISON,
        "issued_by": "李主任",
        "issued_at": NINE,
        "expires_at": NINE + DAY,
    }
    return BindingCode(**values | more)


async def test_codes_go_a_month_after_their_end(session: AsyncSession) -> None:
    session.add_all([code(1), code(2, used_at=NINE), code(3, told_in="telegram:9")])
    await session.flush()

    await keep_house(session, after=29)
    assert await count(session, BindingCode) == 3
    await keep_house(session, after=32)
    assert (await session.scalars(select(BindingCode.code_digest))).all() == ["c3"]


async def test_accounts_go_that_were_closed_long_ago(session: AsyncSession) -> None:
    session.add_all(
        [
            Account(channel="telegram", address="1", closed_at=NINE),
            Account(channel="telegram", address="2"),
        ]
    )
    await session.flush()

    await keep_house(session, after=401)

    assert (await session.scalars(select(Account.address))).all() == ["2"]


async def test_the_telephone_of_who_left_goes_and_no_other(
    session: AsyncSession,
) -> None:
    for name, left in (("甲", NINE), ("乙", None), ("丙", NINE + 300 * DAY)):
        session.add(
            Person(
                name=name,
                department=OWN,
                role=Role.LIAISON,
                phone="13800138000",
                left_at=left,
            )
        )
    await session.flush()

    await keep_house(session, after=366)

    rows = await session.execute(select(Person.name, Person.phone).order_by(Person.id))
    assert [(name, bool(phone)) for name, phone in rows] == [
        ("甲", False),
        ("乙", True),
        ("丙", True),
    ]


async def test_feedback_goes_when_it_was_settled_and_made_nothing(
    session: AsyncSession,
) -> None:
    numbers = [
        await feedback.note(session, Said(kind=kind, question=str(kind)), at=NINE)
        for kind in FeedbackKind
    ]
    made = Said(kind=FeedbackKind.WRONG, question="防骗")
    line = await feedback.note(session, made, at=NINE)
    dropped = Said(kind=FeedbackKind.WRONG, question="甲")
    gone = await feedback.note(session, dropped, at=NINE)
    for number, state in (
        (line, FeedbackState.THESAURUS),
        (gone, FeedbackState.DISMISSED),
    ):
        row = await feedback.feedback_at(session, number)
        assert row
        feedback.settle(row, state, by="李主任", at=NINE)
    await feedback.put_line(
        session, "防骗", ["诈骗"], by="李主任", at=NINE, feedback_id=line
    )

    await keep_house(session, after=401)

    kept = (await session.scalars(select(Feedback.id).order_by(Feedback.id))).all()
    useful = numbers[list(FeedbackKind).index(FeedbackKind.USEFUL)]
    assert kept == sorted({*numbers, line} - {useful})


async def test_the_audit_stays(session: AsyncSession) -> None:
    await audit.record(session, actor="甲", event="plan.imported", about="x", at=NINE)

    await keep_house(session, after=20_000)

    assert await count(session, AuditEntry) == 1


async def test_what_went_is_entered_in_the_audit_by_its_kind(
    office: ReportOffice,
) -> None:
    session = office.door.session
    for number in range(3):
        said = Said(kind=FeedbackKind.USEFUL, question=f"第{number}问")
        await feedback.note(session, said, at=NINE)

    await keep_house(session, after=401)
    await keep_house(session, after=402)

    [entry] = await audit.entries(session, limit=9)
    assert (entry.event, entry.actor) == ("retention.applied", "system")
    assert entry.detail == {"rows": {"feedback": 3}}


def test_the_shipped_days_are_the_defaults() -> None:
    assert Retention().before("letters", NINE) == NINE - 400 * DAY
    assert Retention(evidence=0).before("evidence", NINE) is None
