"""What the app sends: once, to whom it is meant, and what becomes of it."""

import asyncio
from pathlib import Path

import pytest
from fake_qyapi import FakeQyapi
from platform_clock import PlatformClock
from platform_corp import AGENT, Corp
from qyapi_calls import Trouble
from taken_in import MakeApp

from bot.channels.wecom.app import MANNERS, WecomApp
from bot.errors import DeliveryError, NotSent, Refused, SettingsError, Unanswered
from bot.messages import Attachment, Batching, Button, Channel, Hearing, Reply

YES_NO = (Button("是", "是"), Button("不是", "不是"))


async def say(app: WecomApp, to: str, reply: Reply) -> list[str]:
    return [await app.send(to, one) for one in app.write(to, reply)]


def code_of(qyapi: FakeQyapi, task_id: str) -> str:
    """Press a button of a card: its event brings a new code."""
    return qyapi.messages.new_code(AGENT, task_id)


async def test_a_text_arrives(app: WecomApp, qyapi: FakeQyapi) -> None:
    (id_,) = await say(app, "zhangsan", Reply("您好"))

    (post,) = qyapi.posts_to("ZhangSan")
    assert (post.text, post.msgid) == ("您好", id_)


async def test_a_card_is_known_by_its_task_id(app: WecomApp, qyapi: FakeQyapi) -> None:
    (id_,) = await say(app, "zhangsan", Reply("确认？", YES_NO))

    assert (AGENT, id_) in qyapi.messages.cards


async def test_one_card_goes_to_many_one_by_one(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    (request,) = app.write("", Reply("确认？", YES_NO))

    ids = {await app.send(one, request) for one in ("zhangsan", "lisi", "wangwu")}

    assert len(ids) == 3
    assert len(qyapi.posts) == 3


@pytest.mark.parametrize("buttons", [(), YES_NO])
@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(takes=True, cut=True),
        Trouble(takes=True, status=502),
        Trouble(takes=True, raw=b"<html>"),
        Trouble(takes=True, raw=b'{"errcode":'),
        Trouble(takes=True, raw=b"[]"),
        Trouble(takes=True),
    ],
)
async def test_what_may_have_arrived_is_sent_again_and_arrives_once(
    app: WecomApp, qyapi: FakeQyapi, trouble: Trouble, buttons: tuple[Button, ...]
) -> None:
    (request,) = app.write("", Reply("您好", buttons, once="letter:1"))
    qyapi.expect("message/send", trouble)

    with pytest.raises((Unanswered, NotSent)):
        await app.send("lisi", request)
    assert await app.send("lisi", request)

    assert len(qyapi.posts_to("lisi")) == 1


async def test_what_may_have_arrived_is_known_again_by_another_process(
    make_app: MakeApp, qyapi: FakeQyapi
) -> None:
    first, second = make_app(), make_app()
    qyapi.expect("message/send", Trouble(takes=True, cut=True))
    with pytest.raises(Unanswered):
        await first.send("lisi", first.write("", Reply("您好"))[0])

    await second.send("lisi", second.write("", Reply("您好"))[0])

    assert len(qyapi.posts_to("lisi")) == 1


async def test_equal_answers_to_two_letters_both_arrive(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    for letter in ("letter:1", "letter:2"):
        await say(app, "lisi", Reply("帮助", once=letter))
        await say(app, "lisi", Reply("确认？", YES_NO, once=letter))

    assert len(qyapi.posts_to("lisi")) == 4


@pytest.mark.parametrize(
    ("trouble", "error", "everywhere"),
    [
        (Trouble(errcode=6000), NotSent, False),
        (Trouble(errcode=45033), NotSent, False),
        (Trouble(errcode=45009), NotSent, True),
        (Trouble(errcode=60020), NotSent, True),
        (Trouble(errcode=50003), NotSent, True),
        (Trouble(status=404), NotSent, True),
        (Trouble(status=503), Unanswered, None),
        (Trouble(cut=True), Unanswered, None),
        (Trouble(errcode=45002), Refused, None),
        (Trouble(errcode=987654), Refused, None),
        (Trouble(errcode=60111), Refused, None),
    ],
)
async def test_an_error_says_whether_to_try_again(
    app: WecomApp,
    qyapi: FakeQyapi,
    trouble: Trouble,
    error: type[DeliveryError],
    everywhere: bool | None,
) -> None:
    qyapi.expect("message/send", trouble)

    with pytest.raises(error) as caught:
        await say(app, "lisi", Reply("您好"))

    assert getattr(caught.value, "everywhere", None) is everywhere
    assert len(qyapi.of("message/send")) == 1


@pytest.mark.parametrize("who", ["nobody", "unseen", "unlicensed"])
async def test_who_cannot_be_reached_is_gone(
    app: WecomApp, qyapi: FakeQyapi, corp: Corp, who: str
) -> None:
    corp.add("Unseen")
    corp.add("Unlicensed", licensed=False)
    corp.app(AGENT).visible = {"zhangsan", "unlicensed"}

    with pytest.raises(Refused) as caught:
        await say(app, who, Reply("您好"))

    assert caught.value.gone


@pytest.mark.parametrize("address", ["", "@all", "a|b", "a b", "张三", "a" * 65])
async def test_an_address_that_is_no_member_is_never_sent_to(
    app: WecomApp, qyapi: FakeQyapi, address: str
) -> None:
    with pytest.raises(Refused):
        await say(app, address, Reply("您好"))

    assert not qyapi.of("message/send")


async def test_too_many_calls_rest_for_a_minute_and_then_for_an_hour(
    app: WecomApp, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    waits = []
    for _ in range(2):
        qyapi.expect("message/send", Trouble(errcode=45009))
        for _ in range(2):
            with pytest.raises(NotSent) as caught:
                await say(app, "lisi", Reply("您好"))
        waits.append(caught.value.retry_after)
        await clock.advance(61)

    assert waits == [60, 3600]
    assert len(qyapi.of("message/send")) == 2
    await clock.advance(3600)
    await say(app, "lisi", Reply("又可以了"))


async def test_a_card_that_is_not_taken_goes_as_text(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    qyapi.expect("message/send", Trouble(errcode=40058))

    await say(app, "lisi", Reply("确认？", YES_NO))

    assert qyapi.texts_to("lisi") == ["确认？\n（可回复：是、不是）"]


@pytest.mark.parametrize("errcode", [42014, 42018])
async def test_a_card_whose_id_is_not_taken_gets_another(
    app: WecomApp, qyapi: FakeQyapi, errcode: int
) -> None:
    qyapi.expect("message/send", Trouble(errcode=errcode))

    (id_,) = await say(app, "lisi", Reply("确认？", YES_NO))

    assert (AGENT, id_) in qyapi.messages.cards


async def test_a_pressed_card_is_updated(app: WecomApp, qyapi: FakeQyapi) -> None:
    (card,) = await say(app, "lisi", Reply("第1页", YES_NO))
    code = code_of(qyapi, card)

    (id_,) = await say(app, "lisi", Reply("第2页", YES_NO, press=code, instead_of=card))

    assert id_ == card
    shown = qyapi.messages.cards[AGENT, card].shown["lisi"]
    assert shown["main_title"]["title"] == "第2页"
    assert len(qyapi.posts_to("lisi")) == 1


@pytest.mark.parametrize("spoilt", ["used", "old"])
async def test_a_card_that_cannot_be_updated_any_more_is_sent_anew(
    app: WecomApp, qyapi: FakeQyapi, clock: PlatformClock, spoilt: str
) -> None:
    (card,) = await say(app, "lisi", Reply("第1页", YES_NO))
    code = code_of(qyapi, card)
    if spoilt == "used":
        await say(app, "lisi", Reply("别的", press=code, instead_of=card))
    else:
        await clock.advance(72 * 3600 + 1)

    await say(app, "lisi", Reply("第2页", YES_NO, press=code, instead_of=card))

    titles = [post.content["main_title"]["title"] for post in qyapi.posts_to("lisi")]
    assert titles == ["第1页", "第2页"]


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(takes=True, cut=True),
        Trouble(takes=True),
        Trouble(takes=True, status=502),
    ],
)
async def test_an_update_that_may_have_arrived_is_not_said_twice(
    app: WecomApp, qyapi: FakeQyapi, trouble: Trouble
) -> None:
    (card,) = await say(app, "lisi", Reply("第1页", YES_NO))
    code = code_of(qyapi, card)
    (request,) = app.write("", Reply("第2页", YES_NO, press=code, instead_of=card))
    qyapi.expect("message/update_template_card", trouble)

    with pytest.raises((Unanswered, NotSent)):
        await app.send("lisi", request)
    assert await app.send("lisi", request) == card

    assert len(qyapi.posts_to("lisi")) == 1


async def test_an_update_for_which_wecom_was_too_busy_is_made_again(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    (card,) = await say(app, "lisi", Reply("第1页", YES_NO))
    code = code_of(qyapi, card)
    (request,) = app.write("", Reply("第2页", YES_NO, press=code, instead_of=card))
    qyapi.expect("message/update_template_card", Trouble(errcode=6000))

    with pytest.raises(Unanswered):
        await app.send("lisi", request)
    assert await app.send("lisi", request) == card

    shown = qyapi.messages.cards[AGENT, card].shown["lisi"]
    assert shown["main_title"]["title"] == "第2页"


async def test_a_card_that_nobody_pressed_is_replaced_once_by_its_own_code(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    (card,) = await say(app, "lisi", Reply("请报送。", YES_NO, once="notice:1"))
    assert await say(app, "lisi", Reply("已报送。", instead_of=card)) == [card]
    assert "已报送" in str(qyapi.messages.cards[AGENT, card].shown["lisi"])
    assert len(qyapi.posts_to("lisi")) == 1

    await say(app, "lisi", Reply("已核收。", instead_of=card))
    assert qyapi.texts_to("lisi")[-1] == "已核收。"


async def test_a_mark_stands_where_the_buttons_were(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    (card,) = await say(app, "lisi", Reply("请签收", YES_NO))
    code = code_of(qyapi, card)

    await say(app, "lisi", Reply("", press=code, aside="已签收 06-16 09:31"))

    assert qyapi.messages.cards[AGENT, card].replaced_name == {
        "lisi": "已签收 06-16 09:31"
    }


@pytest.mark.parametrize("buttons", [(), YES_NO])
async def test_a_message_is_taken_back_within_a_day(
    app: WecomApp, qyapi: FakeQyapi, clock: PlatformClock, buttons: tuple[Button, ...]
) -> None:
    (id_,) = await say(app, "lisi", Reply("错的", buttons))
    (late,) = await say(app, "lisi", Reply("另一条", buttons))

    await app.recall(id_)

    assert len(qyapi.posts_to("lisi")) == 1
    await clock.advance(24 * 3600 + 1)
    with pytest.raises(Refused):
        await app.recall(late)


async def test_what_nobody_knows_cannot_be_taken_back(app: WecomApp) -> None:
    for message in ("card-unknown", "msgid-0"):
        with pytest.raises(Refused):
            await app.recall(message)


async def test_five_thousand_are_told_in_five_calls_and_each_has_an_outcome(
    app: WecomApp, qyapi: FakeQyapi, corp: Corp
) -> None:
    people = [f"user{n:04}" for n in range(4990)]
    corp.add(*(one.capitalize() for one in people))
    corp.add("NoSeat", licensed=False)
    audience = [*people, "noseat", *(f"gone{n}" for n in range(9))]
    (request,) = app.write("", Reply("各单位：请报送。"))

    told: dict[str, str | DeliveryError] = {}
    for start in range(0, len(audience), app.most_at_once):
        told |= await app.send_many(audience[start : start + 1000], request)

    assert len(qyapi.of("message/send")) == 5
    assert told.keys() == set(audience)
    failed = {one for one, outcome in told.items() if not isinstance(outcome, str)}
    assert failed == {"noseat", *(f"gone{n}" for n in range(9))}
    assert len(qyapi.posts) == 4990


async def test_invalid_people_are_found_whatever_the_case_of_their_ids(
    app: WecomApp,
) -> None:
    (request,) = app.write("", Reply("您好"))

    told = await app.send_many(["ZhangSan", "NoBody"], request)

    assert isinstance(told["ZhangSan"], str)
    assert isinstance(told["NoBody"], Refused)


async def test_nobody_at_all_is_refused_as_a_whole(app: WecomApp) -> None:
    with pytest.raises(Refused):
        await app.send_many(["gone1", "gone2"], app.write("", Reply("您好"))[0])


async def test_a_copy_for_many_arrives_once(app: WecomApp, qyapi: FakeQyapi) -> None:
    (request,) = app.write("", Reply("确认？", YES_NO))
    people = ["zhangsan", "lisi"]
    qyapi.expect("message/send", Trouble(takes=True, cut=True))

    with pytest.raises(Unanswered):
        await app.send_many(people, request)
    told = await app.send_many(people, request)

    assert len(qyapi.posts) == 2
    assert len(set(told.values())) == 1


async def test_more_than_a_thousand_at_once_are_refused(app: WecomApp) -> None:
    with pytest.raises(ValueError, match="1000"):
        await app.send_many([f"u{n}" for n in range(1001)], "{}")


async def test_a_file_is_handed_over_and_sent_once(
    app: WecomApp, qyapi: FakeQyapi, tmp_path: Path
) -> None:
    file = tmp_path / "表.docx"
    file.write_bytes(b"content of a form")
    reply = Reply("", attachments=(Attachment(name="填报稿.docx", at=str(file)),))
    (request,) = app.write("", reply)
    qyapi.expect("message/send", Trouble(takes=True, cut=True))

    with pytest.raises(Unanswered):
        await app.send("lisi", request)
    await app.send("lisi", request)

    (post,) = qyapi.posts_to("lisi")
    media = qyapi.media.files[post.content["media_id"]]
    assert (media.name, media.content) == ("填报稿.docx", b"content of a form")


@pytest.mark.parametrize("size", [None, 20 * 1024 * 1024 + 1, 3])
async def test_a_file_that_wecom_does_not_take_is_refused(
    app: WecomApp, tmp_path: Path, size: int | None
) -> None:
    file = tmp_path / "x.docx"
    if size is not None:
        file.write_bytes(b"x" * size)
    reply = Reply("", attachments=(Attachment(name="x.docx", at=str(file)),))

    with pytest.raises(Refused):
        await say(app, "lisi", reply)


async def test_a_file_that_came_in_is_fetched(app: WecomApp, qyapi: FakeQyapi) -> None:
    media = await app._api.upload(kind="file", name="a.docx", content=b"0123456789")

    assert await app.fetch(Attachment(name="a.docx", at=media)) == b"0123456789"
    with pytest.raises(Refused):
        await app.fetch(Attachment(name="a.docx", at="media-gone"))
    with pytest.raises(Refused):
        await app.fetch(Attachment(name="a.docx", at=media, size=21 * 1024 * 1024))


def test_it_is_a_channel_that_hears_and_tells_many(app: WecomApp) -> None:
    channel: Channel = app

    assert isinstance(channel, Hearing)
    assert isinstance(channel, Batching)
    assert (channel.polls, channel.trouble, channel.heard_at) == (False, "", None)


def test_the_limits_are_those_of_the_documentation() -> None:
    member = {(one.count, one.seconds) for one in MANNERS.limits_of("zhangsan")}

    assert member == {(30, 60.0), (1000, 3600.0)}
    assert {(one.count, one.seconds) for one in MANNERS.limits} == {
        (10_000, 60.0),
        (150_000, 3600.0),
    }
    assert MANNERS.drops_copies_for.total_seconds() == 1800


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "QDG6eK"},
        {"aes_key": "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"},
        {"corp_id": ""},
        {"agent_id": 0},
        {"secret": ""},
        {"aes_key": "short"},
    ],
)
async def test_an_app_without_keys_of_its_own_is_not_made(
    make_app: MakeApp, wrong: dict[str, object]
) -> None:
    with pytest.raises(SettingsError):
        make_app(**wrong)


async def test_a_stop_while_a_token_is_fetched_leaves_nothing_behind(
    make_app: MakeApp, qyapi: FakeQyapi
) -> None:
    app = make_app()
    qyapi.expect("gettoken", Trouble(hangs=True))
    sending = asyncio.create_task(app.send("lisi", app.write("", Reply("您好"))[0]))
    await asyncio.sleep(0.02)

    await app.stop()

    with pytest.raises(NotSent):
        await sending
