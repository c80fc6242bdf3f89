"""A period of the audit as tables: by numbers, without words, and itself entered."""

from datetime import timedelta

from front_door import GROUP, LANE, OWN
from report_office import ReportOffice, at

from bot import audit
from bot.messages import Incoming
from bot.model import Letter, LetterStatus
from handlers.export_audit import audit_tables

NOON = at(12, 22, 12)


async def tables_of(office: ReportOffice, **given: bool) -> dict[str, list[list[str]]]:
    tables = await audit_tables(
        office.door.session,
        first=at(12, 22, 0),
        until=at(12, 23, 0),
        by="李主任",
        at=NOON,
        beside=given.get("beside", True),
    )
    return {name: [list(row) for row in rows] for name, rows in tables.items()}


async def test_a_period_has_its_entries_deliveries_and_letters(
    office: ReportOffice,
) -> None:
    person = await office.liaison()
    await office.group(GROUP, OWN)
    await office.duty(OWN)
    await office.round(at(12, 22, 10))
    incoming = Incoming(channel=LANE, address="7", text="机密的话", at=NOON)
    office.door.session.add(
        Letter(
            channel=LANE,
            product_id="1",
            chat="7",
            incoming=incoming,
            status=LetterStatus.ANSWERED,
            received_at=NOON,
            due_at=NOON,
            settled_at=NOON,
        )
    )
    await office.door.says("7", "已报")

    tables = await tables_of(office)

    assert list(tables) == ["操作日志", "送达", "来信"]
    assert {"安排提醒", "登记已报"} <= {row[5] for row in tables["操作日志"]}
    assert {row[2] for row in tables["送达"][1:]} == {f"人员 {person.id}", "群"}
    assert tables["来信"][1][1:] == [
        "Telegram",
        "2026-12-22 12:00:00",
        "2026-12-22 12:00:00",
        "已答复",
    ]
    assert "机密" not in str(tables)
    assert GROUP not in str(tables["送达"])


async def test_the_end_of_a_period_is_not_in_it(office: ReportOffice) -> None:
    session = office.door.session
    for hours, about in ((0, "早"), (24, "晚"), (-1, "前")):
        moment = at(12, 22, 0) + timedelta(hours=hours)
        await audit.record(
            session, actor="system", event="ack.read", about=about, at=moment
        )

    (_, row) = (await tables_of(office, beside=False))["操作日志"]

    assert (row[2], row[6]) == ("系统", "早")
    (latest,) = await audit.entries(session, limit=1)
    assert (latest.actor, latest.event) == ("李主任", "export.made")
