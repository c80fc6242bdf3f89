"""Every way in which a long connection ends or lies is survived (wecom.md 4.2)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from fake_openws import FakeOpenws
from openws_faults import lose_ack, lose_frame, refuse
from robot_office import QUICK, robot_office, until

from bot.channels.wecom.link import Rhythm
from bot.channels.wecom.robot import WecomBot
from bot.errors import NotSent, Refused, Unanswered
from bot.mail.beats import PERIODS
from bot.messages import Reply

Befall = Callable[[FakeOpenws], Awaitable[None]]


async def _abort(openws: FakeOpenws) -> None:
    openws.abort()


async def _freeze(openws: FakeOpenws) -> None:
    openws.freeze()


async def _mute(openws: FakeOpenws) -> None:
    openws.is_mute = True
    await openws.subscribed(times=2)
    openws.is_mute = False


async def _bad_bytes(openws: FakeOpenws) -> None:
    live = openws.live
    assert live
    live.line.transport.write(b"\xff\xff\xff\xff")


async def _too_large(openws: FakeOpenws) -> None:
    await openws.send_raw('"' + "x" * 5_000_000 + '"')


ENDS: dict[str, Befall] = {
    "closed with 1000": lambda openws: openws.close(1000),
    "closed with 1001": lambda openws: openws.close(1001),
    "closed with 1011": lambda openws: openws.close(1011),
    "aborted": _abort,
    "half open": _freeze,
    "two pongs missed": _mute,
    "no frame of the protocol": _bad_bytes,
    "a frame that is too large": _too_large,
}


@pytest.mark.parametrize("befall", ENDS.values(), ids=ENDS.keys())
async def test_after_every_end_it_is_subscribed_again_and_hears(befall: Befall) -> None:
    async with robot_office() as office:
        await befall(office.openws)
        await office.openws.subscribed(times=2)
        await until(lambda: office.robot.can_send)

        await office.openws.say("ZhangSan", "还在吗")

        assert (await office.took()).text == "还在吗"
        assert office.robot.trouble == ""


@pytest.mark.parametrize("raw", ["[1, 2]", "null", "7", '"x"', "{", "", "{}", "[" * 9])
async def test_a_frame_that_is_no_object_harms_nobody(raw: str) -> None:
    async with robot_office() as office:
        await office.openws.send_raw(raw)
        await office.openws.say("ZhangSan", "还在吗")

        assert (await office.took()).text == "还在吗"
        assert len(office.openws.of("aibot_subscribe")) == 1


ODD = {
    "half a character": ('"content":"还在吗"', r'"content":"还在吗\ud83d"'),
    "nothing of what may be missing": (
        '"text":{',
        '"chatid":null,"quote":null,"image":null,"create_time":null,"event":null,'
        '"mixed":null,"response_url":null,"chattype":null,"text":{',
    ),
}


@pytest.mark.parametrize(("old", "new"), ODD.values(), ids=ODD)
async def test_a_frame_with_gaps_is_heard_all_the_same(old: str, new: str) -> None:
    async with robot_office() as office:
        body = office.openws.sayings.text("ZhangSan", "还在吗")
        body.pop("chattype", None)
        frame = {"cmd": "aibot_msg_callback", "headers": {"req_id": "r1"}, "body": body}
        raw = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
        assert old in raw
        await office.openws.send_raw(raw.replace(old, new, 1))

        incoming = await office.took()
        assert incoming.text.rstrip("\ufffd") == "还在吗"
        assert (incoming.address, incoming.chat) == ("zhangsan", "")


@pytest.mark.parametrize("code", [846609, 846601, 846602])
async def test_a_lost_subscription_is_made_anew_and_the_sending_repeated(
    code: int,
) -> None:
    async with robot_office() as office:
        await office.openws.say("ZhangSan", "在")
        office.openws.expect("aibot_send_msg", refuse(code))

        with pytest.raises(NotSent) as failure:
            await office.send("zhangsan", Reply("好"))
        await office.openws.subscribed(times=2)
        await until(lambda: office.robot.can_send)
        await office.send("zhangsan", Reply("好"))

        assert str(code) in str(failure.value)
        assert failure.value.everywhere
        assert office.openws.texts_in("ZhangSan") == ["好"]


async def test_a_ping_that_finds_us_not_subscribed_subscribes_again() -> None:
    async with robot_office() as office:
        office.openws.expect("ping", refuse(846609))

        await office.openws.subscribed(times=2)

        assert len(office.openws.of("aibot_subscribe")) == 2


async def test_a_line_that_only_answers_pings_is_renewed_in_time() -> None:
    async with robot_office(rhythm=replace(QUICK, quiet=0.2)) as office:
        office.openws.forget_subscription()

        await office.openws.subscribed(times=2)
        await until(lambda: office.robot.can_send)

        assert office.robot.trouble == ""


async def test_one_missed_pong_is_no_end() -> None:
    async with robot_office() as office:
        office.openws.expect("ping", lose_ack())

        await office.openws.heard("ping", times=4)

        assert len(office.openws.of("aibot_subscribe")) == 1


async def test_who_is_kicked_leaves_the_place_and_says_so() -> None:
    async with robot_office() as office:
        kicked = office.openws.live
        assert kicked
        await office.openws._kick(kicked)
        await until(lambda: office.robot.trouble.startswith("Kicked"))

        with pytest.raises(NotSent, match="Kicked"):
            await office.send("zhangsan", Reply("好"))
        await asyncio.sleep(QUICK.kicked / 2)

        assert len(office.openws.of("aibot_subscribe")) == 1
        await office.openws.subscribed(times=2)  # later, and only while it listens


def test_who_is_kicked_stays_away_until_the_office_has_looked() -> None:
    assert Rhythm().kicked >= 2 * PERIODS["audit"].total_seconds()


async def test_who_was_told_to_rest_does_not_come_back() -> None:
    async with robot_office() as office:
        await office.robot.rest()
        await until(lambda: office.openws.live is None)
        await asyncio.sleep(3 * QUICK.longest)

        assert len(office.openws.of("aibot_subscribe")) == 1
        with pytest.raises(NotSent):
            await office.send("zhangsan", Reply("好"))


async def test_a_bad_secret_is_tried_five_times_and_then_hardly_ever() -> None:
    slow = Rhythm(answer=0.15, first=0.001, longest=0.01, refused=60.0)
    async with robot_office(
        is_listening=False, secret="wrong-secret", rhythm=slow
    ) as office:
        await office.robot.start(office.take)
        await office.openws.heard("aibot_subscribe", times=5)
        await asyncio.sleep(0.1)

        assert len(office.openws.of("aibot_subscribe")) == 5
        assert "853000" in office.robot.trouble
        assert "wrong-secret" not in office.robot.trouble


async def test_a_place_that_refuses_handshakes_is_tried_again_for_ever() -> None:
    async with robot_office(is_listening=False) as office:
        office.openws.refuses_handshakes = True
        await office.robot.start(office.take)
        await until(lambda: office.robot.trouble.startswith("NotReached"))

        office.openws.refuses_handshakes = False
        await office.openws.subscribed()

        assert len(office.openws.of("aibot_subscribe")) == 1


async def test_a_subscription_that_nobody_answers_is_asked_for_again() -> None:
    async with robot_office(is_listening=False) as office:
        office.openws.expect("aibot_subscribe", lose_frame(), lose_frame())
        await office.robot.start(office.take)

        await office.openws.subscribed()

        assert len(office.openws.of("aibot_subscribe")) == 3


async def test_what_is_not_acknowledged_may_have_arrived() -> None:
    async with robot_office() as office:
        await office.openws.say("ZhangSan", "在")
        office.openws.expect("aibot_send_msg", lose_ack())

        with pytest.raises(Unanswered):
            await office.send("zhangsan", Reply("好"))

        assert office.openws.texts_in("ZhangSan") == ["好"]


async def test_while_a_pong_is_missing_nothing_is_sent() -> None:
    async with robot_office() as office:
        office.openws.is_mute = True
        await until(lambda: not office.robot.can_send)

        with pytest.raises(NotSent):
            await office.send("zhangsan", Reply("好"))

        assert office.openws.of("aibot_send_msg") == []


async def test_a_frame_of_one_kind_of_error_is_refused_for_good() -> None:
    async with robot_office() as office:
        await office.openws.say("ZhangSan", "在")
        office.openws.expect("aibot_send_msg", refuse(40058))

        with pytest.raises(Refused, match="40058"):
            await office.send("zhangsan", Reply("好"))


async def test_equal_messages_are_told_apart_only_by_their_ids() -> None:
    async with robot_office() as office:
        said = await office.openws.say("ZhangSan", "在", chat="")
        assert said
        await office.openws.repeat(said)
        await office.took(2)

        assert {one.product_id for one in office.taken} == {f"bot:{said.msgid}"}


def test_the_secret_stands_in_no_text_about_the_robot() -> None:
    robot = WecomBot(
        bot_id="aib1", secret="geheim-geheim", clock=lambda: FakeOpenws().clock()
    )

    assert "geheim" not in repr(robot) + repr(robot.__dict__)
