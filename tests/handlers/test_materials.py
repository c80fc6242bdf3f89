"""An admin has the files of a report sent back, in private alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from front_door import GROUP, OTHER, OWN
from report_office import NUDGING, ReportOffice, at
from sqlalchemy import select

from bot.messages import Reply
from bot.model import AuditEntry, Evidence, Role
from bot.reports import submissions
from bot.reports.evidence import keep_content, place_of
from bot.reports.filing import EXPIRED
from bot.reports.submissions import Said

CHIEF, SUPER, HERS = "1", "3", "7"
CODE = "#R1"


@pytest.fixture
async def asked(office: ReportOffice, tmp_path: Path) -> ReportOffice:
    """Give an office that two departments owe a report, and where files are kept."""
    office.door.nudging = replace(NUDGING, evidence=tmp_path)
    office.door.now = at(12, 22)
    await office.duty(OWN, OTHER)
    await office.admin(CHIEF)
    await office.door.bound(SUPER, "管机", "县科协", Role.SUPER)
    await office.liaison(HERS)
    return office


def content_of(path: str) -> bytes:
    return Path(path).read_bytes()


def folder(office: ReportOffice) -> Path:
    assert office.door.nudging
    assert office.door.nudging.evidence
    return office.door.nudging.evidence


async def sent(
    office: ReportOffice, name: str, department: str = OWN, **changes: str
) -> Evidence:
    """Let a file have come with what a department reported."""
    one = await office.submission(department)
    await submissions.claim(office.door.session, one, Said(by="王敏", at=at(12, 21)))
    digest = keep_content(folder(office), name.encode()).digest
    file = Evidence(
        submission_id=one.id,
        department=department,
        name=name,
        size=len(name.encode()),
        at=at(12, 21),
        **{"digest": digest, "refusal": "", **changes},
    )
    office.door.session.add(file)
    await office.door.session.flush()
    return file


async def asks(office: ReportOffice, words: str, who: str = CHIEF) -> Reply:
    return await office.door.hear(office.door.letter(who, words)) or Reply("")


@pytest.mark.parametrize(
    "words",
    [
        f"材料 {CODE}",
        "材料",
        "材料 县应急局",
        "附件 县应急局 全年",
        "看看县应急局的材料",
        "县应急局报送的附件",
        f"县应急局全年总结的材料 {CODE}",
    ],
)
async def test_what_came_with_a_report_is_sent_back(
    asked: ReportOffice, words: str
) -> None:
    file = await sent(asked, "2026年总结.docx")

    reply = await asks(asked, words)

    assert f"{OWN}2026年全年落实情况 {CODE}，材料 1 个" in reply.text
    (got,) = reply.attachments
    assert (got.name, got.size) == (file.name, file.size)
    assert content_of(got.at) == "2026年总结.docx".encode()


async def test_who_had_it_sent_is_kept(asked: ReportOffice) -> None:
    file = await sent(asked, "2026年总结.docx")
    await asks(asked, "材料 县应急局")

    query = select(AuditEntry).where(AuditEntry.event == "evidence.shown")
    entry = (await asked.door.session.scalars(query)).one()
    assert (entry.actor, entry.channel, entry.department) == (
        *("李主任", "telegram"),
        OWN,
    )
    assert entry.detail["files"] == [file.id]


async def test_of_several_departments_it_is_asked_which(asked: ReportOffice) -> None:
    await sent(asked, "总结.docx")
    await sent(asked, "情况.docx", OTHER)

    reply = await asks(asked, f"材料 {CODE}")
    chosen = await asks(asked, reply.buttons[1].says)

    assert not reply.attachments
    assert [button.label for button in reply.buttons] == [OWN, OTHER]
    assert [one.name for one in chosen.attachments] == ["情况.docx"]


async def test_what_cannot_be_sent_is_told_with_its_reason(
    asked: ReportOffice,
) -> None:
    await sent(asked, "旧.docx", refusal=EXPIRED)
    await sent(asked, "新.docx", digest="")
    gone = await sent(asked, "丢.docx")
    place_of(folder(asked), gone.digest).unlink()

    reply = await asks(asked, "材料 县应急局")

    assert not reply.attachments
    for words in (
        f"《旧.docx》{EXPIRED}",
        "《新.docx》还在接收",
        "《丢.docx》在服务器",
    ):
        assert words in reply.text


async def test_many_files_come_five_at_a_time(asked: ReportOffice) -> None:
    for number in range(7):
        await sent(asked, f"照片{number}.jpg")

    reply = await asks(asked, "材料 县应急局")

    assert [one.name for one in reply.attachments] == [
        f"照片{number}.jpg" for number in range(2, 7)
    ]
    assert all(one.is_picture for one in reply.attachments)
    assert "其余 2 个" in reply.text


async def test_without_files_it_says_so(asked: ReportOffice) -> None:
    assert "没有查到" in (await asks(asked, "材料 县教育局")).text


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("材料 县财政局", "县财政局没有应报的事项"),
        ("县财政局的附件", "县财政局没有应报的事项"),
        ("材料 火星局", "没有查到“火星局”，不能调阅"),
        ("火星局的附件", "没有查到“火星局”，不能调阅"),
    ],
)
async def test_who_owes_nothing_or_is_unknown_is_told_so(
    asked: ReportOffice, words: str, answer: str
) -> None:
    assert answer in await asked.door.says(CHIEF, words)


async def test_where_nothing_is_open_it_says_so_too(office: ReportOffice) -> None:
    await office.admin(CHIEF)

    assert "没有应报的事项" in await office.door.says(CHIEF, "材料 县应急局")


@pytest.mark.parametrize(
    "words", ["需要报送什么材料", "县应急局的材料有什么要求", "申报材料怎么写"]
)
async def test_a_question_about_papers_is_none_about_files(
    asked: ReportOffice, words: str
) -> None:
    await sent(asked, "总结.docx")

    reply = await asks(asked, words)

    assert not reply.attachments
    assert "材料 1 个" not in reply.text


async def test_only_admins_get_them_and_only_in_private(asked: ReportOffice) -> None:
    await sent(asked, "总结.docx")

    group = asked.door.letter(CHIEF, f"材料 {CODE}", chat=GROUP)
    answers = [await asked.door.hear(group)]
    answers += [await asks(asked, f"材料 {CODE}", who) for who in (HERS, SUPER)]

    assert not any(answer and answer.attachments for answer in answers)
    assert "请私聊" in (answers[0] or Reply("")).text


@pytest.mark.parametrize(
    "words", [f"材料 {CODE}", "材料 县应急局", "看看材料 县教育局"]
)
async def test_a_liaison_who_orders_them_is_refused(
    asked: ReportOffice, words: str
) -> None:
    assert "权限" in (await asks(asked, words, HERS)).text


async def test_a_liaison_who_speaks_of_papers_orders_nothing(
    asked: ReportOffice,
) -> None:
    assert "权限" not in (await asks(asked, "材料 已交县科协", HERS)).text


async def test_the_list_of_what_waits_tells_of_files(asked: ReportOffice) -> None:
    await sent(asked, "总结.docx")

    told = (await asks(asked, "待核")).text

    assert f"{OWN}2026年全年落实情况（已报待核，材料 1 个）" in told
    assert "看材料请回复“材料 单位”" in told
