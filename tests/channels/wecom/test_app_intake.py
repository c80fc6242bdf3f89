"""What a member says to the app, or does with it, as the house hears it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from platform_callbacks import AppLine
from platform_vectors import V1, V2, Vector
from taken_in import TakenIn

from bot.channels.wecom.intake_app import read_message
from bot.channels.wecom.xml import Unreadable, each, read_fields
from bot.messages import Attachment, Event, Incoming, Place

NOW = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("vector", "agent"), [(V1, 218), (V2, 1000002)], ids=["V1", "V2"]
)
def test_the_messages_of_the_documentation_are_read(vector: Vector, agent: int) -> None:
    fields = read_fields(vector.envelope.open(vector.post.encrypted))

    message = read_message(
        fields,
        channel="wecom_app",
        corp_id=vector.envelope.receiver,
        agent_id=agent,
        now=NOW,
    )

    says = vector.says
    assert message == Incoming(
        channel="wecom_app",
        address=says["FromUserName"].lower(),
        text=says["Content"],
        at=datetime.fromtimestamp(int(says["CreateTime"]), UTC),
        product_id=f"app:{says['MsgId']}",
    )


@pytest.mark.parametrize(
    ("kind", "fields", "attachments"),
    [
        ("image", {"PicUrl": "http://x/y", "MediaId": "m1"}, [("图片.jpg", True)]),
        ("voice", {"MediaId": "m1", "Format": "amr"}, [("语音.amr", False)]),
        ("video", {"MediaId": "m1", "ThumbMediaId": "t"}, [("视频.mp4", False)]),
        ("file", {"MediaId": "m1", "FileName": "总结.docx"}, [("总结.docx", False)]),
        ("file", {"MediaId": "m1", "Title": "总结.docx"}, [("总结.docx", False)]),
        ("image", {"PicUrl": "http://x/y"}, []),
        ("location", {"Location_X": "23.1", "Label": "县政府"}, []),
        ("link", {"Title": "某网页", "Description": "x", "Url": "http://x"}, []),
    ],
)
async def test_what_is_no_text_comes_as_a_file_or_without_words(
    line: AppLine,
    taken_in: TakenIn,
    kind: str,
    fields: dict[str, Any],
    attachments: list[tuple[str, bool]],
) -> None:
    await line.post(line.message("ZhangSan", kind, **fields))

    (letter,) = taken_in.letters
    assert (letter.text, letter.place) == ("", Place.DIRECT)
    assert letter.attachments == tuple(
        Attachment(name=name, at="m1", is_picture=is_picture)
        for name, is_picture in attachments
    )


async def test_kinds_that_nobody_knows_are_taken_and_forgotten(
    line: AppLine, taken_in: TakenIn
) -> None:
    sending = await line.post(line.message("ZhangSan", "hologram", MediaId="m1"))

    assert sending.statuses == [200]
    assert not taken_in.letters


@pytest.mark.parametrize(
    ("event", "fields", "expected"),
    [
        ("subscribe", {}, {"event": Event.OPENED, "text": ""}),
        ("enter_agent", {"EventKey": ""}, {"event": Event.OPENED, "text": ""}),
        ("unsubscribe", {}, {"event": Event.CLOSED, "text": ""}),
        ("click", {"EventKey": "我的任务"}, {"text": "我的任务"}),
    ],
)
async def test_events_are_heard(
    line: AppLine,
    taken_in: TakenIn,
    event: str,
    fields: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    await line.post(line.event("ZhangSan", event, **fields))

    (letter,) = taken_in.letters
    assert letter.address == "zhangsan"
    assert {name: getattr(letter, name) for name in expected} == expected


async def test_a_press_says_what_its_button_says(
    line: AppLine, taken_in: TakenIn
) -> None:
    await line.post(line.click("ZhangSan", "1=已报送", task_id="card-7", code="c1"))

    (letter,) = taken_in.letters
    assert (letter.text, letter.button) == ("已报送", "")
    assert (letter.about, letter.press) == ("card-7", "c1")


async def test_a_press_whose_words_stay_with_us_brings_their_key(
    line: AppLine, taken_in: TakenIn
) -> None:
    await line.post(line.click("ZhangSan", "~2", task_id="card-7", code="c1"))

    (letter,) = taken_in.letters
    assert (letter.text, letter.button) == ("", "~2")


@pytest.mark.parametrize(
    "chosen", [{"choice": ["7=第7个"]}, {"choice": ["7=第7个"], "other": ["1=别的"]}]
)
async def test_an_option_of_a_list_says_what_it_says_however_many_there_are(
    line: AppLine, taken_in: TakenIn, chosen: dict[str, list[str]]
) -> None:
    click = line.click("A", "0=", task_id="card-7", code="c1", chosen=chosen)

    await line.post(click)

    assert taken_in.letters[0].text == "第7个"


async def test_presses_of_one_second_are_told_apart(
    line: AppLine, taken_in: TakenIn
) -> None:
    for key in ("1=是", "2=不是"):
        await line.post(line.click("A", key, task_id="card-7", code=f"c{key}"))
    for task in ("card-8", "card-9"):
        await line.post(line.click("A", "1=是", task_id=task, code=f"c{task}"))

    assert len({letter.product_id for letter in taken_in.letters}) == 4


async def test_the_keys_of_letters_stay_short(line: AppLine, taken_in: TakenIn) -> None:
    for end in "ab":
        key = "1=" + "长" * 300 + end
        await line.post(line.click("A", key, task_id="card-7", code="c1"))

    one, other = (letter.product_id for letter in taken_in.letters)
    assert one != other
    assert len(one) <= 200


@pytest.mark.parametrize("time", ["", "soon", "9" * 30, "-1"])
def test_a_time_that_is_none_counts_as_now_or_is_what_it_says(time: str) -> None:
    fields = {
        "ToUserName": "ww",
        "FromUserName": "A",
        "CreateTime": time,
        "MsgType": "text",
        "Content": "x",
        "MsgId": "1",
        "AgentID": "7",
    }

    message = read_message(fields, channel="a", corp_id="ww", agent_id=7, now=NOW)

    assert isinstance(message, Incoming)
    assert message.at.tzinfo is not None


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<xml><a><b>1</b></a></xml>", ["1"]),
        ("<xml><a><b>1</b><b>2</b></a></xml>", ["1", "2"]),
        ("<xml><a/></xml>", []),
        ("<xml><a>1</a></xml>", []),
        ("<xml><c/></xml>", []),
    ],
)
def test_a_list_is_a_list_however_many_are_in_it(xml: str, expected: list[str]) -> None:
    assert each(read_fields(xml), "a", "b") == expected


@pytest.mark.parametrize(
    "xml", ["", "x", "<xml>", "<xml/>", "<a>1</a>", "<xml>&lt;&nope;</xml>", "\x00"]
)
def test_what_is_no_xml_of_wecoms_is_told_in_one_way(xml: str) -> None:
    with pytest.raises(Unreadable):
        read_fields(xml)
