"""What Telegram tells, as messages of the house."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
import said
from said import ANONYMOUS, BOT, FORUM, GROUP, LI, OLD_GROUP, OTHER_BOT, WANG
from taking import NOON

from bot.channels.telegram.objects import Me
from bot.channels.telegram.updates import read_update
from bot.messages import Event, Incoming, Place

ME = Me(id=7, username="plan_test_bot")


def read(update: object) -> Incoming | None:
    return read_update(update, me=ME, channel="telegram", now=NOON)


def test_a_private_message_is_said_by_its_numeric_sender() -> None:
    update = said.said("我们负责哪些任务", sender=WANG)

    incoming = read(update)

    assert incoming == Incoming(
        channel="telegram",
        address="4712",
        text="我们负责哪些任务",
        at=datetime.fromtimestamp(said.DATE, UTC),
        product_id=str(update["update_id"]),
        mark=f"7:{said.DATE}",
    )
    assert incoming.conversation == "4712"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/tasks", "我们负责哪些任务"),
        ("/tasks@plan_test_bot", "我们负责哪些任务"),
        ("/TASKS@Plan_Test_Bot", "我们负责哪些任务"),
        ("/find@plan_test_bot 科普 志愿", "科普 志愿"),
        ("/unknown@plan_test_bot 应急局的任务", "应急局的任务"),
        ("/unknown@plan_test_bot", "帮助"),
        ("@plan_test_bot 青少年行动有哪些任务", "青少年行动有哪些任务"),
        ("@Plan_Test_Bot，我们交了", "我们交了"),
        ("青少年行动有哪些任务 @plan_test_bot", "青少年行动有哪些任务"),
        ("请 @plan_test_bot 说说", "请 说说"),
        ("@plan_test_bot /tasks", "我们负责哪些任务"),
        ("/start@plan_test_bot Ab-c_9", "绑定 Ab-c_9"),
        ("@plan_test_bot", ""),
    ],
)
def test_what_a_group_says_to_the_bot_is_heard_without_its_name(
    text: str, words: str
) -> None:
    incoming = read(said.said(text, chat=GROUP))

    assert incoming
    assert (incoming.text, incoming.place) == (words, Place.GROUP)
    assert (incoming.address, incoming.conversation) == ("4711", "-1001")


@pytest.mark.parametrize(
    "text",
    [
        "大家好",
        "/tasks@other_bot",
        "/whatever",
        "@plan_test_bot_2 你好",
        "邮箱 a@plan_test_bot",
        "https://t.me/@plan_test_bot",
        "/tasks/更多",
    ],
)
def test_what_a_group_says_to_others_is_nothing(text: str) -> None:
    assert read(said.said(text, chat=GROUP)) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/start", "你好"),
        ("/start AbC-9_z", "绑定 AbC-9_z"),
        ("/help", "帮助"),
        ("a/b", "a/b"),
        ("😀 /tasks", "😀 /tasks"),
    ],
)
def test_private_commands_are_words(text: str, words: str) -> None:
    incoming = read(said.said(text))

    assert incoming
    assert incoming.text == words


def test_a_name_without_username_is_taken_out_by_its_utf16_place() -> None:
    update = said.said("😀助手 我们交了", chat=GROUP)
    mark = {"type": "text_mention", "offset": 2, "length": 2, "user": BOT}
    update["message"]["entities"] = [mark]

    incoming = read(update)

    assert incoming
    assert incoming.text == "😀 我们交了"


def test_a_reply_to_the_bot_tells_to_which_message() -> None:
    incoming = read(said.answer_to_bot("已报", chat=GROUP, about=321))

    assert incoming
    assert (incoming.text, incoming.about) == ("已报", "321")


def test_in_a_topic_the_message_that_opened_it_is_not_replied_to() -> None:
    assert read(said.said("已报", chat=FORUM, thread=42)) is None
    opened_by_bot = said.said("已报", chat=FORUM, thread=42)
    opened_by_bot["message"]["reply_to_message"]["from"] = BOT
    assert read(opened_by_bot) is None
    del opened_by_bot["message"]["reply_to_message"]["forum_topic_created"]
    assert read(opened_by_bot) is None


def test_what_is_said_in_a_topic_is_answered_there() -> None:
    incoming = read(said.said("/tasks@plan_test_bot", chat=FORUM, thread=42))

    assert incoming
    assert incoming.conversation == "-1002/42"


def test_general_is_no_topic_though_it_has_a_number() -> None:
    incoming = read(said.said("/tasks@plan_test_bot", chat=FORUM, thread=1))

    assert incoming
    assert incoming.conversation == "-1002"


def test_a_thread_that_is_no_topic_is_none() -> None:
    update = said.said("/tasks@plan_test_bot", chat=GROUP, message_thread_id=42)

    incoming = read(update)

    assert incoming
    assert incoming.conversation == "-1001"


@pytest.mark.parametrize("chat", [GROUP, None])
def test_an_edited_message_says_so(chat: dict[str, Any] | None) -> None:
    incoming = read(said.edited("@plan_test_bot 已报", chat=chat))

    assert incoming
    assert incoming.edited
    assert incoming.at == datetime.fromtimestamp(said.DATE + 9, UTC)


@pytest.mark.parametrize(
    "update",
    [
        said.said("/tasks@plan_test_bot", chat=GROUP, sender=OTHER_BOT),
        said.said("@plan_test_bot 1", chat=GROUP, sender=ANONYMOUS, sender_chat=GROUP),
        said.said(
            "@plan_test_bot 1", chat=GROUP, sender_chat={"id": -9, "type": "channel"}
        ),
        said.said("你好", chat=said.private(WANG)),
        said.said("你好", chat={"id": -9, "type": "channel"}),
        said.said(chat=GROUP, new_chat_title="新名"),
        said.said(),
        said.update(poll={"id": "1"}),
        said.update(),
    ],
    ids=str,
)
def test_nobody_in_particular_says_nothing(update: dict[str, Any]) -> None:
    assert read(update) is None


def test_a_press_says_what_its_button_says() -> None:
    incoming = read(said.pressed("=第5个", chat=GROUP, about=77, press="99"))

    assert incoming
    assert incoming.text == "第5个"
    assert (incoming.about, incoming.press) == ("77", "99")
    assert (incoming.address, incoming.conversation) == ("4711", "-1001")
    assert incoming.at == NOON


def test_a_press_on_a_message_too_old_to_be_told_is_heard() -> None:
    update = said.pressed("=是")
    message = update["callback_query"]["message"]
    update["callback_query"]["message"] = {
        "chat": message["chat"],
        "message_id": 3,
        "date": 0,
    }

    incoming = read(update)

    assert incoming
    assert (incoming.text, incoming.about) == ("是", "3")


def test_somebody_elses_press_in_a_private_chat_is_nothing() -> None:
    assert read(said.pressed("=是", sender=WANG, chat=said.private(LI))) is None


def test_both_messages_of_a_move_say_the_same() -> None:
    first, second = map(read, said.migration(OLD_GROUP, GROUP))

    assert first
    assert second
    assert first.event is Event.MOVED
    assert (first.chat, first.text, first.address) == ("-55", "-1001", "")
    assert (second.chat, second.text, second.event) == ("-55", "-1001", Event.MOVED)


HERE, AWAY = {"status": "member"}, {"status": "left"}
KICKED = {"status": "kicked", "until_date": 0}
ADMIN = {"status": "administrator"}
MUTE = {"status": "restricted", "is_member": True, "can_send_messages": False}


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        (AWAY, HERE, Event.OPENED),
        (AWAY, ADMIN, Event.OPENED),
        (MUTE, HERE, Event.OPENED),
        (HERE, KICKED, Event.CLOSED),
        (ADMIN, AWAY, Event.CLOSED),
        (HERE, MUTE, Event.CLOSED),
    ],
)
def test_being_added_and_removed_is_an_event(
    before: dict[str, Any], after: dict[str, Any], event: Event
) -> None:
    incoming = read(said.membership(before, after, chat=GROUP))

    assert incoming
    assert (incoming.event, incoming.chat) == (event, "-1001")
    assert incoming.address == "4711"


def test_new_rights_are_no_event() -> None:
    assert read(said.membership(HERE, ADMIN, chat=GROUP)) is None


def test_blocking_and_letting_in_again_concern_the_persons_own_chat() -> None:
    chat = said.private(LI)
    blocked = read(said.membership(HERE, KICKED, chat=chat))
    back = read(said.membership(KICKED, HERE, chat=chat))

    assert blocked
    assert back
    assert (blocked.event, blocked.conversation) == (Event.CLOSED, "4711")
    assert (back.event, back.conversation) == (Event.OPENED, "4711")


def test_files_come_with_their_names_and_sizes() -> None:
    file = {
        "file_id": "D1",
        "file_unique_id": "u",
        "file_name": "年报.docx",
        "file_size": 12,
    }
    sizes = [
        {"file_id": f"P{n}", "file_unique_id": "u", "width": n, "height": n}
        | {"file_size": n}
        for n in (1, 3, 2)
    ]
    document = read(said.said(document=file, caption="已报"))
    picture = read(said.said(photo=sizes))

    assert document
    assert picture
    assert document.text == "已报"
    (first,), (second,) = document.attachments, picture.attachments
    assert (first.name, first.at, first.size) == ("年报.docx", "D1", 12)
    assert (second.at, second.is_picture) == ("P3", True)


def test_a_file_in_a_group_is_only_taken_where_it_is_for_the_bot() -> None:
    file = {"file_id": "D1", "file_unique_id": "u"}

    assert read(said.said(document=file, chat=GROUP)) is None
    assert read(said.answer_to_bot("", document=file, chat=GROUP)) is not None


@pytest.mark.parametrize(
    ("kind", "more", "name"),
    [
        ("video", {}, "视频.mp4"),
        ("video", {"file_name": "活动.mov"}, "活动.mov"),
        ("video_note", {}, "视频.mp4"),
        ("voice", {}, "语音.ogg"),
        ("audio", {}, "音频.mp3"),
    ],
)
def test_what_is_filmed_or_spoken_is_a_file(
    kind: str, more: dict[str, str], name: str
) -> None:
    sent = {"file_id": "V1", "file_unique_id": "u", "file_size": 7, **more}
    incoming = read(said.said(caption="已报", **{kind: sent}))
    bare = read(said.said(**{kind: sent}))

    assert incoming
    assert bare
    (file,) = bare.attachments
    assert (file.name, file.at, file.size) == (name, "V1", 7)
    assert incoming.text == "已报"
    assert bool(incoming.attachments) is (kind != "voice")


@pytest.mark.parametrize("kind", ["poll", "dice", "checklist", "story", "contact"])
def test_what_cannot_be_read_is_an_empty_message_in_private_alone(kind: str) -> None:
    incoming = read(said.said(**{kind: {"id": "1"}}))

    assert incoming
    assert (incoming.text, incoming.attachments) == ("", ())
    assert read(said.answer_to_bot("", chat=GROUP, **{kind: {"id": "1"}})) is None


def test_a_sticker_sent_in_private_is_an_empty_message() -> None:
    incoming = read(said.said(sticker={"file_id": "S"}))

    assert incoming
    assert incoming.text == ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("update_id",), None),
        (("update_id",), "abc"),
        (("message",), "text"),
        (("message", "chat"), None),
        (("message", "from", "id"), "4711"),
        (("message", "date"), 10**18),
        (("message", "text"), 5),
    ],
)
def test_what_is_no_update_is_unreadable(path: tuple[str, ...], value: object) -> None:
    update = copy.deepcopy(said.said("你好"))
    place = update
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value

    with pytest.raises(ValueError, match=r"."):
        read(update)


def test_what_telegram_adds_some_day_spoils_nothing() -> None:
    update = said.said("你好", brand_new={"x": [1]}, chat_boost={"n": None})

    assert read(update | {"another": 3}) is not None


def test_in_a_group_it_is_known_which_message_is_to_be_answered() -> None:
    asked = said.said("/tasks@plan_test_bot", chat=GROUP)

    incoming = read(asked)

    assert incoming
    assert incoming.ticket == str(asked["message"]["message_id"])


def test_in_a_direct_chat_and_under_a_button_nothing_is_quoted() -> None:
    direct, pressed = read(said.said("你好")), read(said.pressed("=1", chat=GROUP))

    assert direct
    assert pressed
    assert (direct.ticket, pressed.ticket) == ("", "")
