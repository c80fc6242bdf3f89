"""A public aibot SDK judges our fake long connection: what it takes and refuses."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aibot_said import BOT_ID, image_item, quoted_text, text_item
from fake_openws import BOT_SECRET, FakeOpenws
from openws_faults import Fault, abort_line, close_line, lose_ack, lose_frame, refuse
from wecom_aibot_sdk import WSClient
from wecom_aibot_sdk.types import TemplateCard, WSClientOptions
from wecom_aibot_sdk.types.message import CardButton, CardTitle

# The SDK asks a closed connection for its code in a way that will go.
pytestmark = pytest.mark.filterwarnings("ignore:ConnectionClosed.code")

GROUP = "wrOkSFCgAAtGroup"
CARD = TemplateCard(
    card_type="button_interaction",
    main_title=CardTitle(title="半年报"),
    button_list=[CardButton(text="签收", key="ack 1")],
    task_id="notice-1",
)


class Quiet:
    """A logger that says nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args: None


class Foreign:
    """The SDK's client, and every frame that its handlers were given."""

    def __init__(
        self, url: str, *, secret: str = BOT_SECRET, heartbeat: int = 60_000
    ) -> None:
        options = WSClientOptions(
            bot_id=BOT_ID,
            secret=secret,
            ws_url=url,
            reconnect_interval=1,
            heartbeat_interval=heartbeat,
            logger=Quiet(),
        )
        self.client = WSClient(options)
        self.frames: list[Any] = []
        self.news = asyncio.Event()
        for event in ("message", "event"):
            self.client.on(event, self._take)

    async def _take(self, frame: Any) -> None:
        self.frames.append(frame)
        self.news.set()


@pytest.fixture
async def openws() -> AsyncIterator[FakeOpenws]:
    async with FakeOpenws().running() as fake:
        yield fake


@pytest.fixture
async def make(openws: FakeOpenws) -> AsyncIterator[Callable[..., Awaitable[Foreign]]]:
    """Give a maker of SDK clients, connected."""
    made: list[Foreign] = []

    async def connected(**more: Any) -> Foreign:
        made.append(Foreign(openws.url, **more))
        await made[-1].client.connect_async()
        return made[-1]

    yield connected
    for foreign in made:
        await foreign.client.disconnect()


@pytest.fixture
async def foreign(make: Any, openws: FakeOpenws) -> Foreign:
    foreign = await make()
    await openws.subscribed()
    return foreign


async def heard(foreign: Foreign, times: int = 1) -> Any:
    """Wait until the SDK has handed on so many frames; returns the last."""
    async with asyncio.timeout(3):
        while len(foreign.frames) < times:
            foreign.news.clear()
            await foreign.news.wait()
    return foreign.frames[times - 1]


async def refused(doing: Awaitable[Any]) -> int:
    """Return the errcode with which something was refused."""
    with pytest.raises(RuntimeError, match="errcode") as refusal:
        await doing
    found = re.search(r"errcode=(-?\d+)", str(refusal.value))
    assert found
    return int(found[1])


def markdown(words: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": words}}


async def test_the_sdk_subscribes_and_its_pings_are_answered(
    make: Any, openws: FakeOpenws
) -> None:
    foreign = await make(heartbeat=50)
    await openws.heard("ping", times=3)
    assert foreign.client.is_authenticated
    assert foreign.client._ws_manager._missed_pong_count <= 1


async def test_a_wrong_secret_is_853000(make: Any, openws: FakeOpenws) -> None:
    foreign = await make(secret="wrong")
    frame = await openws.heard("aibot_subscribe")
    assert frame.errcode == 853000
    assert not foreign.client.is_authenticated
    assert openws.live is None
    assert await refused(foreign.client.send_message("LiSi", markdown("在"))) == 846609


async def test_the_sdk_hears_what_names_it_and_answers_in_a_stream(
    foreign: Foreign, openws: FakeOpenws
) -> None:
    assert await openws.say("LiSi", "已报送", chat=GROUP) is None
    quote = quoted_text("催报 #R1024")
    await openws.say("LiSi", openws.at("已报送"), chat=GROUP, quote=quote)
    frame = await heard(foreign)
    for words in ("正在", "正在登记"):
        await foreign.client.reply_stream(frame, "s1", words)
    await foreign.client.reply_stream(frame, "s1", "已登记", finish=True)

    assert frame.body["text"] == {"content": openws.at("已报送")}
    assert (frame.body["chatid"], frame.body["chattype"]) == (GROUP, "group")
    assert frame.body["quote"]["text"]["content"] == "催报 #R1024"
    assert openws.texts_in(GROUP) == ["已登记"]
    stream = foreign.client.reply_stream(frame, "s1", "又", finish=True)
    assert await refused(stream) == 846608


async def test_the_sdk_reads_mixed_words_and_decrypts_files(
    foreign: Foreign, openws: FakeOpenws
) -> None:
    scan = openws.media.add("扫描件".encode(), name="半年报.pdf")
    image = image_item(scan["url"], scan["aeskey"])
    said = (text_item(openws.at("请看")), image)
    await openws.tell(openws.sayings.mixed("LiSi", *said, chat=GROUP))
    await openws.tell(openws.sayings.media("LiSi", "file", scan))
    mixed, file = await heard(foreign), await heard(foreign, 2)

    assert mixed.body["mixed"]["msg_item"][1] == image
    inside = file.body["file"]
    got = await foreign.client.download_file(inside["url"], inside["aeskey"])
    assert got == ("扫描件".encode(), "半年报.pdf")
    await openws.clock.advance(301)
    with pytest.raises(Exception, match="403"):
        await foreign.client.download_file(inside["url"], inside["aeskey"])


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"msgtype": "text", "text": {"content": "在"}}, 40008),
        ({"msgtype": "stream_text_with_card"}, 40008),
        (markdown(" "), 44004),
        (markdown("好" * 6827), 40058),
        ({"msgtype": "file", "file": {"media_id": "nowhere"}}, 40007),
        ({"msgtype": "template_card", "template_card": {}}, 40058),
    ],
)
async def test_the_sdk_is_refused_what_is_no_answer(
    foreign: Foreign, openws: FakeOpenws, body: dict[str, Any], errcode: int
) -> None:
    await openws.say("LiSi", "在")
    frame = await heard(foreign)
    assert await refused(foreign.client.reply(frame, body)) == errcode
    assert await refused(foreign.client.send_message("LiSi", body)) == errcode


async def test_a_chat_is_known_from_its_first_word_on_and_by_its_exact_id(
    foreign: Foreign, openws: FakeOpenws
) -> None:
    send = foreign.client.send_message
    assert await refused(send(GROUP, markdown("在"))) == 93006
    await openws.say("LiSi", openws.at("绑定"), chat=GROUP)
    await send(GROUP, markdown("已绑定"))
    assert await refused(send(GROUP.lower(), markdown("在"))) == 93006
    assert await refused(send("lisi", markdown("在"))) == 93006
    await openws.say("LiSi", "在")
    await send("lisi", markdown("在"))
    assert (openws.texts_in(GROUP), openws.texts_in("LiSi")) == (["已绑定"], ["在"])
    openws.board.is_pushing_to_groups = False
    assert await refused(send(GROUP, markdown("在"))) == 600039


async def test_an_answer_may_be_a_day_late_and_a_stream_six_minutes(
    foreign: Foreign, openws: FakeOpenws
) -> None:
    await openws.say("LiSi", "在")
    frame = await heard(foreign)
    reply, clock = foreign.client.reply, openws.clock
    await foreign.client.reply_stream(frame, "s1", "正在")
    await clock.advance(361)
    assert (
        await refused(foreign.client.reply_stream(frame, "s1", "好", finish=True))
        == 846608
    )
    await clock.advance(23 * 3600)
    await reply(frame, markdown("晚了"))
    await clock.advance(3600)
    assert await refused(reply(frame, markdown("太晚"))) == 846605
    assert openws.texts_in("LiSi") == ["正在", "晚了"]


async def test_a_pressed_card_is_changed_within_five_seconds_and_once(
    foreign: Foreign, openws: FakeOpenws
) -> None:
    await openws.say("LiSi", "在")
    await foreign.client.reply_template_card(await heard(foreign), CARD)
    for _ in range(2):
        await openws.click("LiSi", "ack 1", task_id="notice-1", chat=GROUP)
    pressed, again = await heard(foreign, 2), await heard(foreign, 3)
    event = pressed.body["event"]
    assert event["template_card_event"]["event_key"] == "ack 1"
    update = foreign.client.update_template_card

    await update(pressed, CARD, ["LiSi"])
    assert openws.board.updates[0].users == ("LiSi",)
    assert await refused(update(pressed, CARD)) == 846605
    assert await refused(foreign.client.reply(again, markdown("在"))) == 846605
    other = TemplateCard(**{**vars(CARD), "task_id": "notice-2"})
    assert await refused(update(again, other)) == 42016
    await openws.clock.advance(5.1)
    assert await refused(update(again, CARD)) == 846605


async def test_who_enters_is_welcomed_within_five_seconds(
    foreign: Foreign, openws: FakeOpenws
) -> None:
    for _ in range(2):
        await openws.enter("LiSi")
    first, second = await heard(foreign), await heard(foreign, 2)
    welcome = {"msgtype": "text", "text": {"content": "您好"}}
    await foreign.client.reply_welcome(first, welcome)
    assert await refused(foreign.client.reply_welcome(second, markdown("好"))) == 40008
    await openws.clock.advance(5.1)
    assert await refused(foreign.client.reply_welcome(second, welcome)) == 846605
    assert openws.texts_in("LiSi") == ["您好"]


async def test_a_chat_takes_30_messages_a_minute(
    foreign: Foreign, openws: FakeOpenws
) -> None:
    await openws.say("LiSi", "在")
    await openws.say("WangWu", "在")
    for number in range(30):
        await foreign.client.send_message("LiSi", markdown(str(number)))
    assert await refused(foreign.client.send_message("LiSi", markdown("在"))) == 45009
    await foreign.client.send_message("WangWu", markdown("在"))
    await openws.clock.advance(60)
    await foreign.client.send_message("LiSi", markdown("31"))
    assert len(openws.posts_in("LiSi")) == 31


async def test_the_sdk_uploads_a_file_in_pieces(
    foreign: Foreign, openws: FakeOpenws, tmp_path: Path
) -> None:
    file = tmp_path / "半年报.docx"
    file.write_bytes(bytes(range(256)) * 4500)
    await openws.say("LiSi", "在")
    await foreign.client.send_media_message("LiSi", str(file))

    media_id = openws.posts_in("LiSi")[0].content["media_id"]
    assert openws.uploads.files[media_id].content == file.read_bytes()
    assert len(openws.of("aibot_upload_media_chunk")) == 3


@pytest.mark.parametrize("code", [1000, 1001, "abort", "mute"])
async def test_the_sdk_comes_back_after_the_line_has_ended(
    make: Any, openws: FakeOpenws, code: int | str
) -> None:
    await make(heartbeat=20 if code == "mute" else 60_000)
    await openws.subscribed()
    if code == "abort":
        openws.abort()
    elif code == "mute":
        openws.is_mute = True
    else:
        await openws.close(int(code))
    await openws.subscribed(times=2)
    assert len(openws.of("aibot_subscribe")) >= 2


async def test_the_second_subscriber_kicks_the_first(
    foreign: Foreign, make: Any, openws: FakeOpenws
) -> None:
    second = await make()
    await openws.subscribed(times=2)
    frame = await heard(foreign)
    await openws.say("LiSi", "在")

    assert frame.body["event"]["eventtype"] == "disconnected_event"
    assert (await heard(second)).body["text"] == {"content": "在"}
    assert len(foreign.frames) == 1
    assert not foreign.client.is_connected


async def test_a_forgotten_subscription_refuses_and_the_pings_go_on(
    make: Any, openws: FakeOpenws
) -> None:
    foreign = await make(heartbeat=50)
    await openws.subscribed()
    await openws.say("LiSi", "在")
    openws.forget_subscription()
    pings = len(openws.of("ping"))
    lost = await openws.say("LiSi", "还在吗")
    assert await refused(foreign.client.send_message("LiSi", markdown("在"))) == 846609
    await openws.heard("ping", times=pings + 3)
    assert lost is not None
    assert not lost.reached
    assert foreign.client.is_connected


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (lose_ack(), ["在"]),
        (lose_frame(), []),
        (Fault(delay=3), []),
        (close_line(1000, takes=True), ["在"]),
        (abort_line(takes=True), ["在"]),
        (abort_line(takes=False), []),
    ],
)
async def test_the_sdk_cannot_know_what_became_of_a_message(
    foreign: Foreign, openws: FakeOpenws, fault: Fault, shown: list[str]
) -> None:
    await openws.say("LiSi", "在")
    foreign.client._ws_manager._reply_ack_timeout = 0.1
    openws.expect("aibot_send_msg", fault)
    with pytest.raises((TimeoutError, RuntimeError)) as unknown:
        await foreign.client.send_message("LiSi", markdown("在"))
    assert "errcode" not in str(unknown.value)
    assert openws.texts_in("LiSi") == shown
    if fault.is_abort or fault.close:  # the SDK cannot stop while it comes back
        await openws.subscribed(times=2)
    if fault.delay:
        await openws.clock.advance(3)
        assert openws.texts_in("LiSi") == ["在"]


async def test_any_error_can_be_asked_for_and_a_bad_frame_can_be_sent(
    foreign: Foreign, openws: FakeOpenws
) -> None:
    await openws.say("LiSi", "在")
    foreign.client._ws_manager._reply_ack_timeout = 0.5
    openws.expect("aibot_send_msg", refuse(-1), refuse(45009), Fault(raw="not json"))
    send = foreign.client.send_message
    assert await refused(send("LiSi", markdown("一"))) == -1
    assert await refused(send("LiSi", markdown("二"))) == 45009
    with pytest.raises((TimeoutError, RuntimeError)):  # the SDK died of the frame
        await send("LiSi", markdown("三"))
    assert openws.texts_in("LiSi") == ["三"]


async def test_a_frozen_line_takes_nothing_and_does_not_close(
    foreign: Foreign, openws: FakeOpenws
) -> None:
    await openws.say("LiSi", "在")
    openws.freeze()
    said = await openws.say("LiSi", "还在吗")
    assert said is not None
    assert not said.reached
    foreign.client._ws_manager._reply_ack_timeout = 0.1
    with pytest.raises((TimeoutError, RuntimeError)):
        await foreign.client.send_message("LiSi", markdown("在"))
    assert openws.posts == []
    openws.abort()
