"""A call without a word is about what it quotes; who comes in is greeted."""

import pytest
from front_door import LANE, FrontDoor
from report_office import ReportOffice, at

from bot.messages import Event, Place
from bot.model import SubmissionState as State


@pytest.fixture
async def nudged(office: ReportOffice) -> ReportOffice:
    """Give an office in which the liaison 7 owes a report."""
    await office.liaison()
    await office.duty()
    office.door.now = at(12, 1)
    return office


async def test_a_nudge_quoted_without_a_word_is_asked_about(
    nudged: ReportOffice,
) -> None:
    code = (await nudged.submission()).report.code

    asked = await nudged.door.says("7", "", quote=f"提示：…… 编号 {code}")
    assert f"“已报 {code}”" in asked
    assert await nudged.state() is State.OPEN

    await nudged.door.says("7", f"已报 {code}")
    assert await nudged.state() is State.CLAIMED


@pytest.mark.parametrize(("chat", "told"), [("", "还没有绑定"), ("-1001", "私聊我")])
async def test_a_stranger_who_quotes_a_nudge_is_told_how_to_be_known(
    nudged: ReportOffice, chat: str, told: str
) -> None:
    code = (await nudged.submission()).report.code

    assert told in await nudged.door.says("99", "", quote=f"编号 {code}", chat=chat)


async def test_the_code_in_the_words_counts_before_that_of_the_quote(
    nudged: ReportOffice,
) -> None:
    second = await nudged.duty(what="科普日材料", month=12, day_of_month=31)
    code = (await nudged.submission()).report.code

    answer = await nudged.door.says("7", f"已报 {second.code}", quote=f"编号 {code}")

    assert second.title in answer


async def test_who_quotes_a_question_asks_it(door: FrontDoor) -> None:
    asked = await door.says("99", "", quote="科技馆谁负责", chat="-1001")

    assert "县科协" in asked


async def test_what_is_quoted_is_done_by_nobody(nudged: ReportOffice) -> None:
    await nudged.door.says("7", "", quote="已报")

    assert await nudged.state() is State.OPEN


@pytest.mark.parametrize(
    ("who", "told"), [("99", "8 位绑定码"), ("7", "您是县应急管理局的联络员")]
)
async def test_who_enters_is_greeted_where_the_product_waits_for_it(
    nudged: ReportOffice, who: str, told: str
) -> None:
    door = nudged.door
    entered = door.letter(who, "", event=Event.OPENED, ticket="welcome:1")
    reply = await door.hear(entered)
    assert reply
    assert told in reply.text

    unblocked = door.letter(who, "", event=Event.OPENED, place=Place.DIRECT)
    assert (unblocked.channel, await door.hear(unblocked)) == (LANE, None)
