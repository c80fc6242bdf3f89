"""Groups: what the bot hears there, where it answers, and how they move."""

from pathlib import Path

import pytest
import said
from fake_api import FakeTelegram, Trouble, flood
from test_office_people import open_group
from test_office_troubles import NOTICE, ask, person, texts_to
from whole_office import WholeOffice, until

from bot.messages import Attachment, Reply
from bot.model import Chat, DeliveryStatus, LetterStatus

SECTION = "青少年行动有哪些任务"


async def test_privacy_mode_lets_through_what_is_said_to_the_bot(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await ask(
        office,
        telegram,
        said.said("大家早", chat=said.GROUP),
        said.said(SECTION, chat=said.GROUP),
        said.said(f"@plan_test_bot {SECTION}", chat=said.GROUP),
        said.answer_to_bot(SECTION, chat=said.GROUP),
        said.said("/find@plan_test_bot 科技馆", chat=said.GROUP),
        said.said("/find@other_bot 科技馆", chat=said.GROUP),
    )

    texts = texts_to(telegram, -1001)
    assert len(texts) == 3
    assert all("科学素质提升行动" in text for text in texts[:2])
    assert "科技馆" in texts[2]


async def test_a_bot_that_sees_everything_still_answers_only_what_is_for_it(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    telegram.privacy = False
    await ask(
        office,
        telegram,
        said.said(SECTION, chat=said.GROUP),
        said.said("@plan_test_botany 好", chat=said.GROUP),
        said.said("写信到 a@plan_test_bot", chat=said.GROUP),
        said.said("@plan_test_bot", chat=said.GROUP),
    )

    assert len(texts_to(telegram, -1001)) == 1


async def test_an_answer_stays_in_its_topic(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    here = {"chat": said.FORUM, "thread": 42}
    await ask(office, telegram, said.said(f"@plan_test_bot {SECTION}", **here))
    await ask(office, telegram, said.said(f"@plan_test_bot {SECTION}", chat=said.FORUM))

    thread = {"chat": said.GROUP, "message_thread_id": 9}  # of replies: no topic
    await ask(office, telegram, said.said(f"@plan_test_bot {SECTION}", **thread))

    topic, general, replies = telegram.of("sendMessage")
    assert topic.parameters["message_thread_id"] == 42
    assert "message_thread_id" not in general.parameters
    assert "message_thread_id" not in replies.parameters


async def test_nobody_answers_bots_anonymous_admins_channels_and_edits(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    telegram.privacy = False
    to_us = "@plan_test_bot 帮助"
    channel = {"id": -100_9, "type": "channel", "title": "频道"}
    await ask(
        office,
        telegram,
        said.said(to_us, chat=said.GROUP, sender=said.OTHER_BOT),
        said.said(
            to_us, chat=said.GROUP, sender=said.ANONYMOUS, sender_chat=said.GROUP
        ),
        said.said(to_us, chat=said.GROUP, sender_chat=channel),
        said.edited(to_us, chat=said.GROUP),
        said.edited("帮助"),
        said.update(channel_post=said.body(to_us, chat=channel)),
        said.update(poll={"id": "1"}),
    )

    assert telegram.of("sendMessage") == []
    statuses = {one.status for one in await office.letters()}
    assert statuses <= {LetterStatus.IGNORED}


async def test_an_edited_question_is_not_answered_again(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    first = said.said("帮助")
    again = said.edited("帮助") | {}
    again["edited_message"]["message_id"] = first["message"]["message_id"]
    await ask(office, telegram, first, again)

    assert len(texts_to(telegram, 4711)) == 1


async def test_what_waits_for_a_group_arrives_once_where_it_has_moved(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    old, new = said.OLD_GROUP["id"], said.GROUP["id"]
    telegram.moved[old] = new
    await office.notify(Reply("一"), str(old), key="one")
    await office.notify(Reply("二"), str(old), key="two")
    await until(lambda: len(texts_to(telegram, new)) == 2)
    telegram.tell(*said.migration(said.OLD_GROUP, said.GROUP))
    await office.notify(Reply("三"), str(old), key="three")
    await office.rest()

    assert sorted(texts_to(telegram, new)) == sorted(["一", "二", "三"])
    arrived = [text for (chat, _), text in telegram.messages.items() if chat == new]
    assert sorted(arrived) == sorted(["一", "二", "三"])
    assert {one.status for one in await office.deliveries()} == {DeliveryStatus.SENT}


async def test_what_waits_is_taken_along_by_the_word_of_a_move_alone(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    old, new = said.OLD_GROUP["id"], said.GROUP["id"]
    telegram.expect_in(old, flood(1))
    await office.notify(Reply("一"), str(old))
    await until(lambda: texts_to(telegram, old))
    telegram.blocked.add(old)  # as Telegram may say from then on
    await ask(office, telegram, *reversed(said.migration(said.OLD_GROUP, said.GROUP)))

    assert telegram.messages == {(new, 1000): "一"}
    assert [one.status for one in await office.deliveries()] == [DeliveryStatus.SENT]


async def test_both_words_of_a_move_in_any_order_are_one_move(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    there, here = said.migration(said.OLD_GROUP, said.GROUP)
    await ask(office, telegram, here, there, here)
    to_us = f"@plan_test_bot {SECTION}"
    await ask(office, telegram, said.said(to_us, chat=said.GROUP, sender=person(1)))

    assert len(telegram.of("sendMessage")) == 1
    assert texts_to(telegram, said.GROUP["id"])


@pytest.mark.parametrize("status", [400, 403])
async def test_a_group_that_takes_no_files_is_told_the_words_and_stays_open(
    office: WholeOffice, telegram: FakeTelegram, tmp_path: Path, status: int
) -> None:
    await open_group(office, said.GROUP, "县科协")
    (tmp_path / "表.xlsx").write_bytes(b"x")
    file = Attachment(name="表.xlsx", at=str(tmp_path / "表.xlsx"))
    refusal = "Bad Request: not enough rights to send documents to the chat"
    telegram.expect("sendDocument", Trouble(status, refusal))
    await office.notify(Reply("请填表。", attachments=(file,)), "-1001", key="a")
    await office.rest()
    await office.notify(NOTICE, "-1001", key="b")
    await office.rest()

    assert texts_to(telegram, -1001) == ["请填表。", NOTICE.text]
    statuses = [one.status for one in await office.deliveries()]
    sent, failed = DeliveryStatus.SENT, DeliveryStatus.FAILED
    assert statuses == [sent, failed, sent]
    (chat,) = await office.rows(Chat)
    assert chat.closed_at is None


async def test_a_group_that_removed_the_bot_is_left_in_peace(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    telegram.blocked.add(-1001)
    await office.notify(NOTICE, "-1001")
    await office.rest()

    (delivery,) = await office.deliveries()
    assert delivery.status is DeliveryStatus.FAILED
    assert len(telegram.of("sendMessage")) == 1
