"""What becomes of a delivery, for everything that Telegram may answer."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web
from fake_api import TOKEN, FakeTelegram, Trouble, flood
from msgspec.structs import replace
from taking import Taken, until

from bot.channels.telegram import MANNERS, TelegramChannel
from bot.errors import DeliveryError, NotSent, Refused, Unanswered
from bot.messages import Attachment, Button, Event, Reply

ASK = Reply("收到吗？", (Button("收到", "收到"),))


async def send(channel: TelegramChannel, reply: Reply, to: str = "4711") -> list[str]:
    return [await channel.send(to, one) for one in channel.write(to, reply)]


async def failure(channel: TelegramChannel, to: str = "4711") -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await send(channel, ASK, to)
    return caught.value


async def test_a_message_is_sent_and_its_number_comes_back(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    (number,) = await send(channel, ASK)

    (call,) = telegram.calls
    assert call.parameters["chat_id"] == 4711
    assert telegram.messages == {(4711, int(number)): "收到吗？"}


async def test_an_answer_goes_into_its_topic(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    await send(channel, ASK, "-1002/42")

    (call,) = telegram.calls
    assert call.parameters["chat_id"] == -1002
    assert call.parameters["message_thread_id"] == 42


async def test_a_message_is_replaced_in_place(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    (number,) = await send(channel, ASK)

    assert await send(channel, Reply("已记。", instead_of=number)) == [number]
    assert telegram.messages == {(4711, int(number)): "已记。"}


async def test_replacing_a_message_by_itself_is_well(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    (number,) = await send(channel, Reply("已记。"))

    assert await send(channel, Reply("已记。", instead_of=number)) == [number]


async def test_a_message_that_is_gone_is_sent_anew(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    (number,) = await send(channel, Reply("已记。", instead_of="999"))

    assert telegram.messages == {(4711, int(number)): "已记。"}


async def test_what_an_answer_ends_loses_its_buttons_after_the_answer(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    (nudge,) = await send(channel, ASK, "-1002/42")
    done = Reply("已记：甲 < 乙。\n如有误请回复“撤销”。", ASK.buttons, ends=nudge)
    said = await send(channel, done, "-1002/42")

    answer, edit = telegram.calls[1:]
    assert (answer.method, edit.method) == ("sendMessage", "editMessageText")
    assert said[1] == nudge
    assert telegram.messages[-1002, int(nudge)] == "已记：甲 < 乙。"
    assert "reply_markup" not in edit.parameters
    assert "message_thread_id" not in edit.parameters


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(400, "Bad Request: message to edit not found"),
        Trouble(400, "Bad Request: message can't be edited"),
        Trouble(400, "Bad Request: message is not modified"),
        Trouble(400, "Bad Request: chat not found"),
        Trouble(403, "Forbidden: bot was blocked by the user"),
        Trouble(502, "Bad Gateway"),
    ],
    ids=lambda trouble: trouble.description,
)
async def test_what_cannot_be_ended_is_left_as_it_is(
    channel: TelegramChannel, telegram: FakeTelegram, trouble: Trouble
) -> None:
    telegram.expect("editMessageText", trouble)

    (_, ended) = await send(channel, Reply("已记。", ends="7"))

    assert ended == ""
    assert [call.method for call in telegram.calls] == [
        "sendMessage",
        "editMessageText",
    ]


async def test_what_is_to_be_ended_waits_as_long_as_all_else(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.expect("editMessageText", flood(7))
    _, edit = channel.write("4711", Reply("已记。", ends="7"))

    with pytest.raises(NotSent) as caught:
        await channel.send("4711", edit)
    assert caught.value.retry_after == 7


@pytest.mark.parametrize(
    "words", ["can't parse entities: byte offset 3", "message is too long"]
)
async def test_marks_that_telegram_cannot_read_are_left_out(
    channel: TelegramChannel, telegram: FakeTelegram, words: str
) -> None:
    telegram.expect("sendMessage", Trouble(400, f"Bad Request: {words}"))

    await send(channel, Reply("甲 < 乙 & 丙"))

    assert list(telegram.messages.values()) == ["甲 < 乙 & 丙"]
    assert "parse_mode" not in telegram.calls[-1].parameters


@pytest.mark.parametrize(
    "words", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"]
)
async def test_a_topic_that_is_gone_leaves_the_group_and_the_house_is_told(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken, words: str
) -> None:
    telegram.expect("sendMessage", Trouble(400, f"Bad Request: {words}"))

    (number,) = await send(channel, replace(ASK, ticket="7"), "-1002/42")

    first, second = telegram.of("sendMessage")
    assert first.parameters["message_thread_id"] == 42
    assert not {"message_thread_id", "reply_parameters"} & set(second.parameters)
    (letter,) = taken.letters
    assert (letter.event, letter.chat, letter.text) == (
        Event.MOVED,
        "-1002/42",
        "-1002",
    )
    assert letter.about == number


async def test_what_was_said_in_general_is_said_though_the_house_cannot_be_told(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    telegram.expect("sendMessage", Trouble(400, "Bad Request: TOPIC_CLOSED"))
    taken.fails.append(RuntimeError("no store"))

    assert await send(channel, ASK, "-1002/42") == ["1000"]


async def test_a_closed_topic_changes_no_message_in_it_and_says_it_nowhere_else(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    telegram.expect("editMessageText", Trouble(400, "Bad Request: TOPIC_CLOSED"))

    with pytest.raises(Refused):
        await send(channel, replace(ASK, instead_of="9"), "-1002/42")

    assert telegram.of("sendMessage") == taken.letters == []


async def test_a_group_is_followed_where_it_has_moved_and_the_house_is_told(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    telegram.moved[-55] = -1001

    numbers = [*await send(channel, ASK, "-55"), *await send(channel, ASK, "-55")]

    chats = [call.parameters["chat_id"] for call in telegram.of("sendMessage")]
    assert chats == [-55, -1001, -1001]
    assert [one.about for one in taken.letters] == numbers
    assert {(one.event, one.chat, one.text) for one in taken.letters} == {
        (Event.MOVED, "-55", "-1001")
    }


async def test_a_group_that_moved_is_told_though_nothing_could_be_sent_there(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    telegram.moved[-55] = -1001
    telegram.expect_in(-1001, flood(3))

    assert isinstance(await failure(channel, "-55"), NotSent)

    (letter,) = taken.letters
    assert (letter.chat, letter.text, letter.about) == ("-55", "-1001", "")


async def test_a_group_that_moves_again_is_refused_and_not_given_up(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.moved |= {-55: -1001, -1001: -1002}

    error = await failure(channel, "-55")

    assert isinstance(error, Refused)
    assert not error.gone


async def test_where_a_group_has_gone_no_message_is_that_of_the_old_number(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.moved[-55] = -1001
    telegram.messages[-1001, 12] = "另一条"

    for _ in range(2):
        await send(channel, replace(ASK, instead_of="12"), "-55")
        await send(channel, replace(ASK, ticket="12"), "-55")

    shown = list(telegram.messages.values())
    assert shown == ["另一条", *[ASK.text] * 4]
    there = [one for one in telegram.of("sendMessage") if one.chat == -1001]
    assert not any("reply_parameters" in one.parameters for one in there)


async def test_groups_that_move_in_a_circle_end(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.moved |= {-55: -56, -56: -55}

    assert isinstance(await failure(channel, "-55"), Refused)


@pytest.mark.parametrize(
    ("status", "words", "gone"),
    [
        (403, "Forbidden: bot was blocked by the user", True),
        (403, "Forbidden: user is deactivated", True),
        (403, "Forbidden: bot can't initiate conversation with a user", True),
        (400, "Bad Request: chat not found", True),
        (400, "Bad Request: not enough rights to send text messages", True),
        (400, "Bad Request: user is deactivated", True),
        (400, "Bad Request: INPUT_USER_DEACTIVATED", True),
        (400, "Bad Request: CHAT_RESTRICTED", True),
        (400, "Bad Request: have no rights to send a message", True),
        (400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", True),
        (403, "Forbidden: not enough rights to send messages to the chat", True),
        (400, "Bad Request: not enough rights to send documents to the chat", False),
        (400, "Bad Request: not enough rights to send media messages", False),
        (400, "Bad Request: CHAT_SEND_DOCS_FORBIDDEN", False),
        (403, "Forbidden: CHAT_SEND_DOCS_FORBIDDEN", False),
        (403, "Forbidden: not enough rights to send photos to the chat", False),
        (400, "Bad Request: TOPIC_CLOSED", False),  # other topics are open
        (400, "Bad Request: BUTTON_DATA_INVALID", False),
        (413, "Request Entity Too Large", False),
        (413, "", False),  # as its web server says it, in no form
    ],
)
async def test_a_refusal_is_for_good(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    status: int,
    words: str,
    gone: bool,
) -> None:
    raw = None if words else b"<html>"
    telegram.expect("sendMessage", Trouble(status, words, raw=raw))

    error = await failure(channel)

    assert isinstance(error, Refused)
    assert error.gone is gone
    assert len(telegram.calls) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 407, 409, 451])
@pytest.mark.parametrize("raw", [b"<html>nginx</html>", b'{"error": "denied"}', b""])
async def test_what_another_server_refuses_closes_no_chat(
    channel: TelegramChannel, telegram: FakeTelegram, status: int, raw: bytes
) -> None:
    telegram.expect("sendMessage", Trouble(status, raw=raw))

    error = await failure(channel)

    assert isinstance(error, NotSent)
    assert error.everywhere


@pytest.mark.parametrize("seconds", [3, 344, None, 0])
async def test_a_flood_tells_how_long_to_wait(
    channel: TelegramChannel, telegram: FakeTelegram, seconds: int | None
) -> None:
    telegram.expect("sendMessage", flood(seconds))

    error = await failure(channel)

    assert isinstance(error, NotSent)
    assert error.retry_after == seconds or error.retry_after
    assert not error.everywhere
    assert len(telegram.calls) == 1


async def test_floods_in_two_chats_stop_bulk_and_one_more_in_private_stops_all(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.expect("sendMessage", *[flood(3)] * 5)

    told = []
    for to in ("-1001", "-1001", "-1002", "-1003", "4711"):
        error = await failure(channel, to)
        assert isinstance(error, NotSent)
        told.append((error.flooded, error.everywhere))

    no, bulk, all_ = (False, False), (True, False), (True, True)
    assert told[:3] == [no, no, bulk]
    assert told[3] == bulk  # a group may have a limit of its own
    assert told[4] == all_


async def test_a_flood_of_presses_says_nothing_of_messages(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.expect("answerCallbackQuery", flood(3))
    telegram.expect("sendMessage", flood(3))
    popping = Reply("", aside="已签收", press="77")
    (request,) = channel.write("-1001", popping)
    with pytest.raises(NotSent) as caught:
        await channel.send(MANNERS.answers_at("-1001", popping), request)
    error = await failure(channel, "4711")

    assert caught.value.retry_after == 3
    assert isinstance(error, NotSent)
    assert (caught.value.flooded, error.flooded) == (False, False)


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(500, "Internal Server Error"),
        Trouble(502, raw=b"<html>Bad Gateway</html>"),
        Trouble(504, takes=True, raw=b""),
        Trouble(200, takes=True, raw=b"no json"),
        Trouble(200, takes=True, raw=b'{"ok": true}'),
        Trouble(200, takes=True, raw=b"[]"),
        Trouble(200, takes=True, raw=b'{"ok": true, "result": true}'),
        Trouble(302, raw=b""),
        Trouble(takes=True, cut=True),
        Trouble(cut=True),
    ],
    ids=str,
)
async def test_what_nobody_can_know_is_unanswered_and_not_repeated(
    channel: TelegramChannel, telegram: FakeTelegram, trouble: Trouble
) -> None:
    telegram.expect("sendMessage", trouble)

    assert isinstance(await failure(channel), Unanswered)
    assert len(telegram.calls) == 1


async def test_no_answer_in_time_after_delivery_is_unanswered(
    channel: TelegramChannel, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.transport.WRITE", 0.1)
    channel._api._calls._read_timeout = 0.1
    telegram.expect("sendMessage", Trouble(takes=True, hangs=True))

    assert isinstance(await failure(channel), Unanswered)
    assert len(telegram.messages) == 1


async def test_a_server_that_is_not_there_got_nothing(
    make_channel: Callable[..., TelegramChannel],
) -> None:
    channel = make_channel(base_url="http://127.0.0.1:1/bot")

    error = await failure(channel)

    assert isinstance(error, NotSent)
    assert error.everywhere


async def test_a_proxy_that_is_not_there_let_nothing_through(
    make_channel: Callable[..., TelegramChannel], telegram: FakeTelegram
) -> None:
    channel = make_channel(proxy="http://user:secret@127.0.0.1:1")

    error = await failure(channel)

    assert isinstance(error, NotSent)
    assert "secret" not in str(error)
    assert telegram.calls == []


async def test_a_token_that_telegram_does_not_know_stops_the_whole_lane(
    make_channel: Callable[..., TelegramChannel],
) -> None:
    error = await failure(make_channel(token=TOKEN[:-1] + "x"))

    assert isinstance(error, NotSent)
    assert error.everywhere
    assert error.retry_after == 60


@pytest.mark.parametrize("address", ["", "li", "@li", "47 11", "-", "-1001/x", "0"])
async def test_a_strange_address_is_refused(
    channel: TelegramChannel, telegram: FakeTelegram, address: str
) -> None:
    assert isinstance(await failure(channel, address), Refused)
    assert telegram.calls == []


@pytest.mark.parametrize("request_", ["", "{}", "[]", "null", '{"method": 3}'])
async def test_a_strange_request_is_refused(
    channel: TelegramChannel, request_: str
) -> None:
    with pytest.raises(Refused):
        await channel.send("4711", request_)


async def test_a_document_and_a_picture_go_out(
    channel: TelegramChannel, telegram: FakeTelegram, tmp_path: Path
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"\x00\xff content")
    reply = Reply(
        "",
        attachments=(
            Attachment(name="年报.docx", at=str(file)),
            Attachment(name="图.png", at=str(file), is_picture=True),
        ),
    )

    await send(channel, reply)

    document, picture = telegram.calls
    assert (document.method, picture.method) == ("sendDocument", "sendPhoto")
    assert list(document.files.values()) == [("年报.docx", b"\x00\xff content")]
    assert list(picture.files.values()) == [("图.png", b"\x00\xff content")]


async def test_a_picture_of_a_shape_that_telegram_does_not_show_is_a_document(
    channel: TelegramChannel, telegram: FakeTelegram, tmp_path: Path
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"a table that is too long")
    picture = Attachment(name="表.png", at=str(file), is_picture=True)

    assert await send(channel, Reply("", attachments=(picture,))) == ["1000"]

    (call,) = telegram.of("sendDocument")
    assert list(call.files.values()) == [("表.png", file.read_bytes())]


@pytest.mark.parametrize(("more", "method"), [(0, "sendPhoto"), (1, "sendDocument")])
async def test_a_picture_of_more_than_ten_megabytes_is_a_document(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    tmp_path: Path,
    more: int,
    method: str,
) -> None:
    with (tmp_path / "a").open("wb") as file:
        file.truncate(10 * 1024 * 1024 + more)
    picture = Attachment(name="图.png", at=str(tmp_path / "a"), is_picture=True)

    await send(channel, Reply("", attachments=(picture,)))

    assert [call.method for call in telegram.calls] == [method]


async def test_a_server_that_sends_us_elsewhere_is_not_followed(
    make_channel: Callable[..., TelegramChannel], telegram: FakeTelegram
) -> None:
    async def elsewhere(request: web.Request) -> web.Response:
        there = telegram.base_url + request.path.removeprefix("/bot")
        return web.Response(status=307, headers={"Location": there})

    app = web.Application()
    app.router.add_post("/{path:.+}", elsewhere)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        channel = make_channel(base_url=f"http://{host}:{port}/bot")
        assert isinstance(await failure(channel), Unanswered)
    finally:
        await runner.cleanup()

    assert telegram.calls == []


async def test_a_file_that_is_gone_or_too_large_is_refused(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.telegram.sending.MOST_OUT", 3)
    (tmp_path / "large").write_bytes(b"1234")
    for name in ("gone", "large"):
        file = Attachment(name=name, at=str(tmp_path / name))
        with pytest.raises(Refused):
            await send(channel, Reply("", attachments=(file,)))
    assert telegram.calls == []


async def test_a_file_that_came_in_is_fetched(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.files["D1"] = b"content"

    assert await channel.fetch(Attachment(name="a", at="D1")) == b"content"
    with pytest.raises(Refused):
        await channel.fetch(Attachment(name="a", at="D2"))
    with pytest.raises(Refused):
        await channel.fetch(Attachment(name="a", at="D1", size=21 * 1024 * 1024))


async def test_a_reply_answers_the_press_in_its_own_words_once(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    reply = Reply("已记。", press="99", aside="好的")

    await send(channel, reply)
    await send(channel, reply)
    await until(lambda: telegram.answered)

    (call,) = telegram.of("answerCallbackQuery")
    assert call.text == "好的"


async def test_an_aside_alone_pops_up_and_sends_no_message(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    assert await send(channel, Reply("", press="99", aside="仅限本单位")) == [""]

    (call,) = telegram.calls
    assert call.parameters["show_alert"] is True


async def test_a_press_that_is_too_old_to_be_answered_is_no_failure(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.answered.append("99")

    assert await send(channel, Reply("", press="99", aside="仅限本单位")) == [""]


async def test_many_calls_share_the_lines(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.delay = 0.05
    await asyncio.gather(*(send(channel, ASK, str(n)) for n in range(1, 101)))

    assert len(telegram.messages) == 100
