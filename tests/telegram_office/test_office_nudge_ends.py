"""A nudge whose report is settled by words stands without buttons, and says so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
import said
from fake_api import Call, FakeTelegram, Trouble
from test_office_dialogues import labels
from test_office_reports import DONE, LI, NUDGE, OF_ALL, OURS, OWN, Year, _terms
from whole_office import ROOT, Open, publish

from bot.model import DeliveryStatus, Report
from bot.model import SubmissionState as State
from bot.reports.duties import confirm_duty, open_reports

SAMPLE = ROOT / "data" / "samples" / "sample-plan.txt"
REPORTED = f"{DONE}12月16日报送，待办公室核收。"
OPEN_AGAIN = f"已撤销。{OURS}2026年全年落实情况现为“未报”。"


@pytest.fixture
async def year(open_office: Open, database_url: str, telegram: FakeTelegram) -> Year:
    """Give an office on either store that has nudged on 16 December."""
    await publish(SAMPLE, database_url)
    year = Year(telegram)
    await year.open(
        await open_office(database_url, telegram.base_url, clock=year.clock)
    )
    for hour in (10, 11):
        year.comes(12, 16, hour)
        await year.nudges()
    return year


def edits(year: Year) -> Sequence[Call]:
    return year.telegram.of("editMessageText")


@pytest.mark.parametrize("where", [{}, {"chat": OWN}], ids=["direct", "group"])
async def test_words_in_reply_end_the_nudge_after_the_answer(
    year: Year, where: dict[str, object]
) -> None:
    chat = OWN["id"] if where else LI
    assert isinstance(chat, int)
    nudge = year.number(chat, NUDGE)
    answer = await year.replies("已报", **where)

    assert (answer.method, labels(answer)) == ("sendMessage", ["撤销"])
    (edit,) = edits(year)
    assert (edit.chat, edit.parameters["message_id"]) == (chat, nudge)
    assert (edit.text, labels(edit)) == (REPORTED, [])
    calls = year.telegram.calls
    assert calls.index(answer) < calls.index(edit)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("下周一交", "已记：预计 12月21日（周一）报送2026年全年落实情况。"),
        ("机构改革后这项不归我们了", "已转办公室核实2026年全年落实情况〔四（三）〕，"),
    ],
)
async def test_a_promise_and_a_dispute_end_it_as_well(
    year: Year, words: str, line: str
) -> None:
    await year.replies(words)

    (edit,) = edits(year)
    assert edit.text.startswith(line)
    assert "\n" not in edit.text


async def test_what_is_asked_back_ends_it_when_it_is_answered(year: Year) -> None:
    nudge = year.number(LI, NUDGE)
    await year.replies("零报告")
    assert edits(year) == []

    await year.presses("确认", under="是否按“本期无开展事项”")
    assert await year.state() is State.NIL_CLAIMED
    _, last = edits(year)
    assert last.parameters["message_id"] == nudge
    assert last.text.startswith(f"{DONE}按“本期无开展事项”（零报告）报送")

    await year.presses("撤销", under=DONE)
    assert year.telegram.messages[LI, nudge] == OPEN_AGAIN


@pytest.mark.parametrize("words", ["收到", "还没报，快了", "这项报给谁", "撤销"])
async def test_what_settles_nothing_leaves_the_buttons(year: Year, words: str) -> None:
    await year.replies(words)

    assert edits(year) == []


async def test_what_replies_to_nothing_changes_no_message(year: Year) -> None:
    await year.says("已报")
    await year.says("撤销")

    assert await year.state() is State.OPEN
    assert edits(year) == []


async def test_the_code_of_another_report_leaves_the_nudge(year: Year) -> None:
    today = date(2026, 12, 16)
    async with year.office.app.database.writing() as session:
        terms = replace(_terms(), key="半年", month=12, day_of_month=28)
        duty = await confirm_duty(
            session, terms, first=today, by="李强", at=year.clock()
        )
        await open_reports(
            session, [duty], lambda _: (OURS,), today=today, at=year.clock()
        )
    _, other = await year.office.rows(Report)
    answer = await year.replies(f"已报 {other.code}")

    assert answer.text.startswith("已记")
    assert edits(year) == []


async def test_said_twice_it_ends_once(year: Year) -> None:
    number = year.number(LI, NUDGE)
    reply = said.answer_to_bot(
        "已报", about=number, sender={"id": LI, "is_bot": False, "first_name": "甲"}
    )
    await year._hears(reply)
    year.telegram.tell(dict(reply))
    again = said.answer_to_bot("已报", about=number, sender=reply["message"]["from"])
    answer = await year._hears(again)

    assert answer.text.startswith("此前已记")
    assert len(edits(year)) == 1


@pytest.mark.parametrize("how", ["pressed", "typed", "replied"])
async def test_taken_back_it_says_so_too(year: Year, how: str) -> None:
    nudge = year.number(LI, NUDGE)
    await year.replies("已报")
    if how == "pressed":
        await year.presses("撤销", under="如有误请回复")
    elif how == "typed":
        await year.says("撤销")
    else:
        await year.replies("撤销")

    assert await year.state() is State.OPEN
    assert year.telegram.messages[LI, nudge] == OPEN_AGAIN


async def test_taken_back_in_another_chat_it_says_so_where_it_stands(
    year: Year,
) -> None:
    nudge = year.number(LI, NUDGE)
    await year.replies("已报")
    answer = await year.says("@plan_test_bot 撤销", chat=OWN)

    assert await year.state() is State.OPEN
    assert answer.chat == OWN["id"]
    assert year.telegram.messages[LI, nudge] == OPEN_AGAIN
    assert [edit.chat for edit in edits(year)] == [LI, LI]


async def test_taken_back_alone_it_says_so_before_the_group(year: Year) -> None:
    number = OWN["id"]
    assert isinstance(number, int)
    nudge = year.number(number, NUDGE)
    await year.replies("已报", chat=OWN)
    await year.says("撤销")

    assert await year.state() is State.OPEN
    assert year.telegram.messages[number, nudge] == OPEN_AGAIN


@pytest.mark.parametrize("how", ["pressed", "typed"])
async def test_a_file_in_reply_ends_it_once_it_is_said_to_report(
    year: Year, how: str
) -> None:
    nudge = year.number(LI, NUDGE)
    await year.sends("总结.docx", about=nudge)
    assert edits(year) == []
    if how == "pressed":
        await year.presses("是", under="是否作为")
    else:
        await year.says("是")

    assert await year.state() is State.CLAIMED
    (edit,) = edits(year)
    assert edit.parameters["message_id"] == nudge
    assert edit.text.startswith(DONE)
    assert labels(edit) == []


async def test_the_message_to_a_group_of_all_stays(year: Year) -> None:
    number = year.number(OF_ALL["id"], "已报 0/1")
    person = {"id": LI, "is_bot": False, "first_name": "甲"}
    reply = said.answer_to_bot("已报", about=number, sender=person, chat=OF_ALL)

    assert (await year._hears(reply)).text == f"{DONE}已报送，待办公室核收。"
    assert edits(year) == []


async def test_where_it_cannot_be_changed_nobody_hears_of_it(year: Year) -> None:
    year.telegram.expect(
        "editMessageText", Trouble(400, "Bad Request: message can't be edited")
    )
    told = len(year.telegram.of("sendMessage"))
    await year.replies("已报")

    assert len(edits(year)) == 1
    assert len(year.telegram.of("sendMessage")) == told + 1
    ended = {one.status for one in await year.office.deliveries()}
    assert ended == {DeliveryStatus.SENT}


@pytest.mark.parametrize("where", [{}, {"chat": OWN}], ids=["direct", "group"])
async def test_received_said_afterwards_leaves_what_ended_it(
    year: Year, where: dict[str, object]
) -> None:
    chat = OWN["id"] if where else LI
    assert isinstance(chat, int)
    nudge = year.number(chat, NUDGE)
    await year.replies("已报", **where)
    sender = {"id": LI, "is_bot": False, "first_name": "甲"}
    received = said.answer_to_bot("收到", about=nudge, sender=sender, **where)
    answer = await year._hears(received)

    assert answer.method == "sendMessage"
    assert answer.text == "2026年全年落实情况的状态为“已报待核”，无需再回复。"
    assert year.telegram.messages[chat, nudge] == REPORTED
    assert await year.state() is State.CLAIMED


async def test_received_said_alone_asks_for_no_report_that_is_in(year: Year) -> None:
    await year.says("已报")

    assert "状态为“已报待核”" in (await year.says("收到")).text
