"""What may go wrong between the office and Telegram, and what then becomes of it."""

import asyncio

import pytest
import said
from fake_api import FakeTelegram, Trouble, flood
from whole_office import Open, WholeOffice, until

from bot.channels.telegram import listening
from bot.messages import Button, Reply
from bot.model import DeliveryStatus, LetterStatus, Role

TASKS = "我们负责哪些任务"
NOTICE = Reply("请于12月30日前报送全年落实情况。", (Button("收到", "收到"),))


def texts_to(telegram: FakeTelegram, chat: int) -> list[str]:
    """List what a chat was sent, with what went wrong."""
    return [call.text for call in telegram.of("sendMessage") if call.chat == chat]


async def ask(
    office: WholeOffice, telegram: FakeTelegram, *updates: dict[str, object]
) -> None:
    """Say something, and wait until the office has no more to do."""
    telegram.tell(*updates)
    await until(lambda: not telegram.unconfirmed)
    await office.rest()


async def test_a_question_is_answered_once_with_number_and_clause(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(4711)
    await ask(office, telegram, said.said(TASKS))

    (text,) = texts_to(telegram, 4711)
    assert "澄政字〔2026〕18号" in text
    assert "〔二（一）2〕" in text


async def test_one_flooded_chat_waits_as_long_as_told_and_the_others_go_on(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    telegram.expect_in(4711, flood(4))
    telegram.tell(said.said("帮助"))
    await until(lambda: texts_to(telegram, 4711))
    asked = asyncio.get_running_loop().time()
    telegram.tell(*[said.said("帮助", sender=person(n)) for n in range(5)])
    await until(lambda: all(texts_to(telegram, 100 + n) for n in range(5)))
    assert len(texts_to(telegram, 4711)) == 1
    await office.rest()

    assert len(texts_to(telegram, 4711)) == 2
    assert asyncio.get_running_loop().time() - asked > 3.9
    assert {one.status for one in await office.deliveries()} == {DeliveryStatus.SENT}


def person(number: int) -> dict[str, object]:
    return {"id": 100 + number, "is_bot": False, "first_name": f"某{number}"}


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(takes=True, cut=True),
        Trouble(504, takes=True, raw=b"<html>Gateway Timeout</html>"),
        Trouble(500, "Internal Server Error"),
    ],
    ids=["cut after it was taken", "time-out after it was taken", "5xx"],
)
async def test_what_may_have_arrived_is_unknown_and_never_sent_again_unasked(
    open_office: Open, office_url: str, telegram: FakeTelegram, trouble: Trouble
) -> None:
    first = await open_office(office_url, telegram.base_url)
    telegram.expect_in(4711, trouble)
    await ask(first, telegram, said.said("帮助"))
    (delivery,) = await first.deliveries()
    await first.close()
    second = await open_office(office_url, telegram.base_url)
    await ask(second, telegram, said.said("谢谢"))

    assert delivery.status is DeliveryStatus.UNKNOWN
    assert len([one for one in texts_to(telegram, 4711) if "这样问" in one]) == 1
    assert (await second.deliveries())[0].status is DeliveryStatus.UNKNOWN


async def test_marks_that_telegram_cannot_read_go_once_more_as_plain_text(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    telegram.expect_in(4711, Trouble(400, "Bad Request: can't parse entities: x"))
    await ask(office, telegram, said.said("帮助"))

    marked, plain = telegram.of("sendMessage")
    assert marked.parameters["parse_mode"] == "HTML"
    assert "parse_mode" not in plain.parameters
    assert list(telegram.messages.values()) == [plain.text]


@pytest.mark.parametrize(
    "words",
    [
        "甲 < 乙 & 丙 > 丁，第2项</b>",
        '<a href="tg://user?id=1">李</a><script>alert(1)</script>',
        "&lt;b&gt; &amp;amp; &#33;",
        "𠮷" * 4100 + "。",
        "2026-11-30 1. (三) [x](y) _z_ *w* `v`",
    ],
    ids=["signs", "tags", "entities", "wide characters", "markdown"],
)
async def test_words_arrive_as_they_were_written(
    office: WholeOffice, telegram: FakeTelegram, words: str
) -> None:
    await office.notify(Reply(words), "4711")
    await office.rest()

    assert "".join(telegram.messages.values()) == words
    assert {one.status for one in await office.deliveries()} == {DeliveryStatus.SENT}
    assert all("parse_mode" in one.parameters for one in telegram.of("sendMessage"))


async def test_a_press_that_is_too_old_to_be_answered_is_obeyed_all_the_same(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(4711)
    await ask(office, telegram, said.said(TASKS))
    too_old = Trouble(400, "Bad Request: query is too old and response timeout expired")
    telegram.expect("answerCallbackQuery", too_old)
    await ask(office, telegram, said.pressed("=下一页", about=1000))
    await until(lambda: telegram.of("answerCallbackQuery"))

    assert any("第 2/3 页" in text for text in telegram.messages.values())
    assert {one.status for one in await office.deliveries()} == {DeliveryStatus.SENT}


async def test_a_message_that_is_already_so_counts_as_changed(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    same = Trouble(400, "Bad Request: message is not modified: same content")
    telegram.expect("editMessageText", same)
    await office.notify(Reply("已记。", instead_of="5"), "4711")
    await office.rest()

    (delivery,) = await office.deliveries()
    assert (delivery.status, delivery.remote_id) == (DeliveryStatus.SENT, "5")


async def test_a_malformed_update_hurts_none_of_its_batch(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    broken = said.pressed("=是")
    del broken["callback_query"]["from"]
    wrong = said.update(message={"message_id": "none", "chat": 7, "date": "?"})
    mad = said.update(message=[[[]]])
    good = [said.said("帮助", sender=person(n)) for n in range(3)]
    await ask(office, telegram, good[0], broken, wrong, good[1], mad, good[2])

    assert [len(texts_to(telegram, 100 + n)) for n in range(3)] == [1, 1, 1]
    dead = [one for one in await office.letters() if one.status is LetterStatus.DEAD]
    numbers = [one["update_id"] for one in (broken, wrong, mad)]
    assert len(dead) == len(numbers)
    assert all(any(f'"update_id":{n},' in one.raw for one in dead) for n in numbers)


async def test_polls_that_fail_lose_and_double_nothing(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    gone = [Trouble(502, raw=b""), Trouble(cut=True), Trouble(200, raw=b"[]")]
    telegram.expect("getUpdates", *gone[:1])
    await ask(office, telegram, said.said("帮助"))
    telegram.expect("getUpdates", *gone[1:])
    await ask(office, telegram, said.said("谢谢"))

    assert len(texts_to(telegram, 4711)) == 2


async def test_updates_that_come_again_are_answered_once(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    update = said.said("帮助")
    for _ in range(3):
        await ask(office, telegram, update)

    assert len(texts_to(telegram, 4711)) == 1


async def test_a_stop_and_a_start_lose_nothing(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> None:
    first = await open_office(office_url, telegram.base_url)
    telegram.tell(*[said.said("帮助", sender=person(n)) for n in range(8)])
    await until(lambda: telegram.of("sendMessage"))
    await first.close()
    telegram.tell(*[said.said("帮助", sender=person(n)) for n in range(8, 12)])
    second = await open_office(office_url, telegram.base_url)
    await until(lambda: not telegram.unconfirmed)
    await second.rest()

    assert [len(texts_to(telegram, 100 + n)) for n in range(12)] == [1] * 12


async def test_another_process_with_our_token_is_told_and_does_not_end_us(
    office: WholeOffice, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    conflict = "Conflict: terminated by other getUpdates request"
    telegram.expect("getUpdates", Trouble(409, conflict))
    telegram.tell(said.said("帮助"))
    await until(lambda: "Conflict" in office.channel.trouble)
    await ask(office, telegram, said.said("谢谢"))

    assert "another process asks with our token" in caplog.text
    assert len(texts_to(telegram, 4711)) == 2
    assert office.channel.trouble == ""


async def test_a_file_that_comes_in_is_kept_by_name_and_answered(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(4711)
    file = {"file_id": "D1", "file_unique_id": "u", "file_name": "2026年总结.docx"}
    await ask(office, telegram, said.said(document=file))

    (letter,) = await office.letters()
    assert letter.incoming
    assert [one.name for one in letter.incoming.attachments] == ["2026年总结.docx"]
    assert len(texts_to(telegram, 4711)) == 1


async def test_a_press_under_an_old_list_takes_nothing_from_the_new_one(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(4711, "县应急管理局")
    await ask(office, telegram, said.said(TASKS))
    await ask(office, telegram, said.said("县教育局有哪些任务"))
    old, new = (number for _, number in telegram.messages)

    await ask(office, telegram, said.pressed("=第2个", about=old))
    await ask(office, telegram, said.pressed("=下一页", about=old))

    assert len(texts_to(telegram, 4711)) == 2
    asides = [one.parameters["text"] for one in telegram.of("answerCallbackQuery")]
    assert all("已过期" in one for one in asides)
    await ask(office, telegram, said.pressed("=第2个", about=new))
    assert "县教育局" in texts_to(telegram, 4711)[-1]


async def test_a_webhook_that_others_took_away_is_set_again(
    open_office: Open,
    office_url: str,
    telegram: FakeTelegram,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "LOOK_EVERY", 0.05)
    office = await open_office(office_url, telegram.base_url, has_webhook=True)
    url = telegram.webhook["url"]

    telegram.webhook = {"url": ""}

    await until(lambda: telegram.webhook["url"] == url)
    await office.close()


async def test_who_blocked_the_bot_is_told_apart_from_who_is_not_bound(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(4711)
    await office.know(4700, "县政府办公室", role=Role.ADMIN, name="李强")
    here, blocked = {"status": "member"}, {"status": "kicked", "until_date": 0}
    private = said.private(said.LI)
    await ask(office, telegram, said.membership(here, blocked, chat=private))
    admin = {"id": 4700, "is_bot": False, "first_name": "某"}
    await ask(office, telegram, said.said("谁没绑定", sender=admin))
    await ask(office, telegram, said.membership(blocked, here, chat=private))
    await ask(office, telegram, said.said("谁没绑定", sender=admin))

    lost, found = texts_to(telegram, 4700)
    assert "已绑定但联系不上 1 家：县科协（张三已绑定，联系不上）。" in lost
    assert "请本人解除屏蔽，再给机器人发一句话" in lost
    assert "未绑定" not in lost
    assert "联系不上" not in found
