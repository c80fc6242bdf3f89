"""Nobody sees or changes what is another department's, whatever he says or presses."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from front_door import OTHER, OWN, FrontDoor
from msgspec.structs import replace
from report_office import NUDGING, ReportOffice, at
from said_of_others import OF_OTHERS, SECRETS, STATES, TABLES, THEIR_NAMES
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.messages import Attachment, Incoming, Place, Reply
from bot.model import (
    Broadcast,
    BroadcastState,
    DraftState,
    Evidence,
    Handover,
    HandoverState,
    LeaderDraft,
    Role,
    Scope,
)
from handlers import ACTS, INTENTS
from handlers.desk import Desk

ASKER, SUPER, ADMIN, THEIRS, NOBODY = "7", "3", "1", "8", "99"
OWN_GROUP, ALL_HANDS, UNKNOWN = "-10", "-20", "-30"


ROLES = [
    (None, ""),
    (Role.LIAISON, ""),
    (Role.HEAD, ""),
    (Role.LIAISON, OWN_GROUP),
    (Role.HEAD, ALL_HANDS),
    (Role.LIAISON, UNKNOWN),
]
on_one = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_both = pytest.mark.parametrize(
    ("database_url", "every"),
    [("sqlite", 1), ("postgres", 4)],
    indirect=["database_url"],
)
"""PostgreSQL takes four times as long: there each role tries other words of them."""


@pytest.fixture
async def office(session: AsyncSession, desk: Desk) -> ReportOffice:
    """Give an office in which another department has everything that may be hidden."""
    door = FrontDoor(session, desk, nudging=NUDGING)
    door.button_words = lambda channel, request, key: key
    office = ReportOffice(door)
    await office.admin(ADMIN)
    await door.bound(SUPER, "周总", "县科协", Role.SUPER)
    theirs = await office.liaison(THEIRS, "钱静", OTHER)
    theirs.phone = "13800001111"
    await office.group(OWN_GROUP, OWN)
    await office.group(ALL_HANDS, "")
    await office.duty(OTHER, what="专项整改报告")
    await office.duty(OWN, OTHER)
    await office.round(at(12, 22, 10))
    await office.goes_out()
    await door.says(THEIRS, "全年能缓到1月15号吗，局长出差")
    await door.says(THEIRS, "专项整改能缓到1月8号吗，局长出差")
    await _lay_the_rest(office, theirs.id)
    return office


async def _lay_the_rest(office: ReportOffice, person_id: int) -> None:
    submission = await office.submission(OTHER)
    office.door.session.add_all(
        [
            _evidence(submission.id, person_id),
            LeaderDraft(
                submission_id=submission.id,
                text="致乙方负责人",
                state=DraftState.DRAFT,
                drafted_at=_NOW,
            ),
            Handover(
                person_id=person_id,
                department=OTHER,
                successor="孙小满",
                words="我调走了，换孙小满",
                asked_at=_NOW,
                state=HandoverState.ASKED,
            ),
            Broadcast(
                text="只给乙方的通知",
                attachments=(),
                scope=Scope(departments=(OTHER,)),
                wants_receipt=True,
                state=BroadcastState.DRAFT,
                drafted_by="李主任",
                drafted_at=_NOW,
            ),
        ]
    )
    await office.door.session.flush()


_NOW: datetime = at(12, 21)


def _evidence(submission_id: int, person_id: int) -> Evidence:
    return Evidence(
        submission_id=submission_id,
        person_id=person_id,
        department=OTHER,
        letter="telegram:77",
        name="乙方总结.docx",
        size=10,
        channel="telegram",
        reference="x",
        at=_NOW,
    )


def sayings(reports: int) -> Iterator[str]:
    """List what may be said: each card's own example, and all that names others."""
    yield from (card.example for card in (*ACTS, *INTENTS) if card.example)
    for saying in OF_OTHERS:
        for report in range(1, reports + 1) if "{r}" in saying else (1,):
            yield saying.format(b=THEIR_NAMES[report % 2], r=report)


async def state_of_others(session: AsyncSession) -> dict[str, list[Any]]:
    found = {}
    for table, condition in TABLES.items():
        given = {"b": OTHER} if ":b" in condition else {}
        query = text(f"SELECT * FROM {table} WHERE {condition} ORDER BY id")
        found[table] = [tuple(row) for row in await session.execute(query, given)]
    return found


def words_of(reply: Reply | None) -> str:
    if reply is None:
        return ""
    pressed = (f"{button.label} {button.says}" for button in reply.buttons)
    files = (one.name for one in reply.attachments)
    return "\n".join([reply.text, reply.aside, *pressed, *files])


def leaks(told: str, said: str) -> list[str]:
    """List what of another department comes back that was not said in the letter."""
    found = [secret for secret in SECRETS if secret in told and secret not in said]
    for line in told.splitlines():
        if any(name in line for name in THEIR_NAMES):
            found += [
                f"{word}: {line}"
                for word in STATES
                if word in line and word not in said
            ]
    return found


async def try_all(
    office: ReportOffice, letters: list[tuple[str, Incoming]]
) -> list[str]:
    """Say each letter, undo it, and tell what came out or was changed."""
    session = office.door.session
    before = await state_of_others(session)
    wrong = []
    for said, incoming in letters:
        undone = await session.begin_nested()
        told = words_of(await office.door.hear(incoming))
        wrong += [f"{said!r}: {leak}" for leak in leaks(told, said)]
        after = await state_of_others(session)
        wrong += [f"{said!r}: {t} changed" for t in TABLES if after[t] != before[t]]
        await undone.rollback()
        session.expire_all()
    return wrong


async def messages_to_others(office: ReportOffice) -> list[str]:
    return [one.remote_id for one in await office.deliveries(to=THEIRS)]


def letters_of(
    office: ReportOffice, words: list[str], *, chat: str = "", **more: Any
) -> list[tuple[str, Incoming]]:
    where = {"chat": chat, "place": Place.GROUP} if chat else {}
    return [(said, office.door.letter(ASKER, said, **where, **more)) for said in words]


@on_both
@pytest.mark.parametrize(("role", "chat"), ROLES)
async def test_no_words_bring_out_or_change_what_is_others(
    office: ReportOffice, role: Role | None, chat: str, every: int
) -> None:
    if role:
        await office.door.bound(ASKER, "王敏", OWN, role)
    words = list(sayings(2))[ROLES.index((role, chat)) % every :: every]

    assert await try_all(office, letters_of(office, words, chat=chat)) == []


@on_one
async def test_the_same_words_bring_it_out_for_the_office(office: ReportOffice) -> None:
    told = [await office.door.says(ADMIN, "谁没交 #R1")]
    office.door.now = at(12, 31)  # a draft is of what is late
    told += [await office.door.says(ADMIN, "草稿")]

    assert any(leaks(words, "") for words in told[:1])
    assert "致乙方负责人" in told[1]


@on_one
async def test_and_change_it_for_those_whose_matter_it_is(office: ReportOffice) -> None:
    before = await state_of_others(office.door.session)

    await office.door.says(THEIRS, "已报 #R1")

    assert await state_of_others(office.door.session) != before


@on_both
@pytest.mark.parametrize(
    ("role", "channel"),
    [
        (None, "telegram"),
        (Role.LIAISON, "telegram"),
        (Role.HEAD, "wecom_app"),
    ],
)
async def test_no_button_and_no_callback_made_by_hand_does_either(
    office: ReportOffice, role: Role | None, channel: str, every: int
) -> None:
    person = None
    if role:
        person = await office.door.bound(ASKER, "王敏", OWN, role)
    account = await roster.account_for(
        office.door.session, channel=channel, address=ASKER
    )
    await roster.bind_account(office.door.session, account, person)
    words = [said for said in sayings(2) if "#R" in said or said[-1:].isdigit()]
    letters = []
    for message in (await messages_to_others(office))[:1]:
        pressed = {"about": message, "press": "p"}
        letters += letters_of(office, words, **pressed)
        letters += [
            (said, replace(letter, text="", button=said))
            for said, letter in letters_of(office, words, **pressed)
        ]
    made = [(said, replace(letter, channel=channel)) for said, letter in letters]
    made = made[::every]

    assert await try_all(office, made) == []


@pytest.mark.parametrize("chat", ["", OWN_GROUP, ALL_HANDS])
async def test_no_reply_to_and_no_quote_of_what_others_were_told_does(
    office: ReportOffice, chat: str
) -> None:
    await office.door.bound(ASKER, "王敏", OWN)
    words = ["收到", "已报", "下周一交", "撤销", "没有开展", "这项不归我们", ""]
    letters = []
    for message in await messages_to_others(office):
        letters += letters_of(office, words, chat=chat, about=message)
    for report in (1, 2):
        letters += letters_of(office, words, chat=chat, quote=f"请报送 #R{report}")

    # What is one's own as well may be reported by a quote of its code.
    own = f"#R{(await office.submission(OWN)).report_id}"
    assert await try_all(office, letters) == []
    assert own in {"#R1", "#R2"}


async def test_no_file_goes_to_what_others_report(office: ReportOffice) -> None:
    await office.door.bound(ASKER, "王敏", OWN)
    file = Attachment(name="甲.docx", at="y", size=5)
    words = ["已报 #R1", "附件1 报送 #R1", "代报 县教体局 #R1：x", ""]

    assert await try_all(office, letters_of(office, words, attachments=(file,))) == []


@on_one
async def test_the_super_admin_decides_nothing_for_a_department(
    office: ReportOffice,
) -> None:
    session = office.door.session
    before = await state_of_others(session)
    for said in sayings(2):
        if said.startswith(("撤回", "解绑", "离岗", "返岗", "删除", "发绑", "给钱")):
            continue  # the roster is his
        await office.door.says(SUPER, said)

    assert await state_of_others(session) == before
