"""The whole office against an emulator that others wrote, by polling and webhook."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import said
from fake_api import TOKEN, Call
from outside_telegram import OutsideTelegram
from test_office_people import invite
from whole_office import Open, WholeOffice, until

from bot.channels.telegram import TelegramChannel

TASKS = "我们负责哪些任务"
SECTION = "青少年行动有哪些任务"


@pytest.fixture(params=["polling", "webhook"])
async def listening(
    request: pytest.FixtureRequest,
    open_office: Open,
    office_url: str,
    outside: OutsideTelegram,
) -> WholeOffice:
    """Give an office that hears in both ways, and where 4711 is of the 县科协."""
    has_webhook = request.param == "webhook"
    office = await open_office(office_url, outside.base_url, has_webhook=has_webhook)
    await office.know(4711)
    await until(lambda: len(outside.of("setMyCommands")) == 3)
    return office


async def say(
    office: WholeOffice, outside: OutsideTelegram, *updates: dict[str, Any]
) -> list[Call]:
    """Say something; returns what the bot said to it."""
    before = len(outside.calls)
    await outside.tell(*updates)
    await until(lambda: not outside.pending)
    await office.rest()
    return outside.calls[before:]


async def test_a_private_question_is_answered_with_number_and_clause(
    listening: WholeOffice, outside: OutsideTelegram
) -> None:
    (answer,) = await say(listening, outside, said.said(TASKS))

    assert "澄政字〔2026〕18号" in answer.text
    assert "〔二（一）2〕" in answer.text


async def test_a_page_is_turned_in_place_and_the_press_answered_once(
    listening: WholeOffice, outside: OutsideTelegram
) -> None:
    listening.channel._presses._patience = 0.2  # then it is answered without a reply
    (first,) = await say(listening, outside, said.said(TASKS))
    rows = first.parameters["reply_markup"]["inline_keyboard"]
    data = next(key for row in rows for key in row if key["text"] == "下一页")
    press = said.pressed(data["callback_data"], about=1, keys=rows, press="77")
    await say(listening, outside, press)
    await until(lambda: outside.of("answerCallbackQuery"))
    await asyncio.sleep(0.4)

    (edit,) = outside.of("editMessageText")
    assert "第 2/3 页" in edit.text
    assert edit.parameters["message_id"] == 1
    (told,) = outside.of("answerCallbackQuery")
    assert told.parameters["callback_query_id"] == "77"
    outside.must_be_content("answerCallbackQuery", "editMessageText")


async def test_a_link_with_a_code_binds_an_account_once(
    listening: WholeOffice, outside: OutsideTelegram
) -> None:
    start = f"/start {(await invite(listening, '县应急管理局')).link}"
    people = said.WANG, {"id": 5, "is_bot": False, "first_name": "孙"}
    answers = []
    for words in (start, TASKS):
        for one in people:
            answers += await say(listening, outside, said.said(words, sender=one))

    bound, refused, own, nobodys = [answer.text for answer in answers]
    assert "已绑定：县应急管理局" in bound
    assert "绑定码无效或已过期" in refused
    assert "县应急管理局在" in own
    assert "县应急管理局在" not in nobodys


@pytest.mark.parametrize(
    "update",
    [
        lambda: said.said("/find@plan_test_bot 科学课程", chat=said.GROUP),
        lambda: said.answer_to_bot(SECTION, chat=said.GROUP),
        lambda: said.said(f"@plan_test_bot {SECTION}", chat=said.GROUP),
    ],
    ids=["command", "reply", "mention"],
)
async def test_a_group_is_answered_where_it_speaks_to_the_bot(
    listening: WholeOffice,
    outside: OutsideTelegram,
    update: Callable[[], dict[str, Any]],
) -> None:
    chat = said.said("大家早", chat=said.GROUP)
    (answer,) = await say(listening, outside, chat, update())

    assert answer.chat == -1001
    assert "开齐开足科学课程" in answer.text


async def test_a_document_is_taken_in_and_answered(
    listening: WholeOffice, outside: OutsideTelegram
) -> None:
    file = {"file_id": "D1", "file_unique_id": "u", "file_name": "总结 <1>.docx"}
    (answer,) = await say(listening, outside, said.said(document=file))

    assert answer.method == "sendMessage"
    (letter,) = await listening.letters()
    assert letter.incoming
    assert letter.incoming.attachments[0].name == "总结 <1>.docx"


async def test_what_is_told_again_is_not_answered_again(
    listening: WholeOffice, outside: OutsideTelegram
) -> None:
    press = said.pressed("=帮助", press="78")
    await say(listening, outside, said.said(TASKS), said.said("谢谢"), press)
    before = list(outside.texts)
    await outside.tell_again()
    await until(lambda: not outside.pending)
    await listening.rest()

    assert outside.texts == before
    assert len(await listening.letters()) == 3


async def test_a_stop_and_a_start_lose_nothing(
    listening: WholeOffice, outside: OutsideTelegram
) -> None:
    people = [{"id": 100 + n, "is_bot": False, "first_name": "某"} for n in range(6)]
    await say(listening, outside, said.said("帮助", sender=people[0]))
    await listening.close()
    await outside.tell(*[said.said("帮助", sender=one) for one in people[1:]])
    assert outside.pending == 5
    await listening.open()
    await outside.deliver()
    await until(lambda: not outside.pending)
    await listening.rest()

    chats = [call.chat for call in outside.of("sendMessage")]
    assert sorted(chats) == [one["id"] for one in people]


async def test_a_second_poller_is_told_and_the_first_goes_on(
    open_office: Open,
    office_url: str,
    outside: OutsideTelegram,
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = await open_office(office_url, outside.base_url)
    await until(lambda: outside._queue.polling)
    other = TelegramChannel(
        token=TOKEN, clock=office.app.now, base_url=outside.base_url
    )
    letters: list[object] = []

    async def take(letter: object) -> None:
        letters.append(letter)

    await other.start(take)
    await until(lambda: "Conflict" in other.trouble)
    await other.stop()
    (answer,) = await say(office, outside, said.said("谢谢"))

    assert answer.chat == 4711
    assert letters == []
    assert "another process asks with our token" in caplog.text
