"""The robot behind a callback: verified, heard, answered once; the rest refused."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from aibot_said import BOT_ID, BOT_NAME, quoted_text
from fake_qyapi import FakeQyapi
from platform_callbacks import ATTEMPTS, ECHO, BotLine
from platform_corp import CALLBACK_KEY, CALLBACK_TOKEN
from qyapi_calls import Trouble
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.wecom.robot_callback import WecomBotCallback, write_answer
from bot.errors import NotSent, Refused, SettingsError, StoreError, Unanswered
from bot.messages import Button, Incoming, Reply

GROUP = "wrGroupABC"


@dataclass
class CalledOffice:
    """The platform, a robot that it calls, and what that took in."""

    qyapi: FakeQyapi
    robot: WecomBotCallback
    line: BotLine
    taken: list[Incoming] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    async def take(self, incoming: Incoming) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.taken.append(incoming)

    async def send(self, reply: Reply) -> None:
        for request in self.robot.write("x", reply):
            await self.robot.send("x", request)


@asynccontextmanager
async def called_office(*, starts: bool = True) -> AsyncIterator[CalledOffice]:
    async with FakeQyapi().running() as qyapi:
        robot = WecomBotCallback(
            bot_id=BOT_ID,
            token=CALLBACK_TOKEN,
            aes_key=CALLBACK_KEY,
            bot_name=BOT_NAME,
            clock=qyapi.clock,
        )
        routes = [Route("/bot", robot.endpoint, methods=["GET", "POST"])]
        transport = httpx.ASGITransport(app=Starlette(routes=routes))
        async with httpx.AsyncClient(transport=transport) as http:
            line = BotLine(
                http, "http://bot/bot", clock=qyapi.clock, responses=qyapi.responses
            )
            office = CalledOffice(qyapi, robot, line)
            if starts:
                await robot.start(office.take)
            yield office
            await robot.stop()


async def test_the_address_is_verified_by_the_bare_echo() -> None:
    async with called_office() as office:
        answer = await office.line.verify()

        assert answer.text == ECHO


async def test_what_is_said_is_kept_and_answered_empty() -> None:
    async with called_office() as office:
        sending = await office.line.say("ZhangSan", f"@{BOT_NAME} 在吗", chat=GROUP)

        (incoming,) = office.taken
        assert (sending.statuses, sending.answer) == ([200], "")
        assert (incoming.address, incoming.chat) == ("zhangsan", GROUP)
        assert (incoming.text, incoming.channel) == ("在吗", "wecom_bot")


async def test_a_quote_comes_along() -> None:
    async with called_office() as office:
        quote = quoted_text("全年落实情况 #R1024")
        body = office.line.sayings.text("LiSi", "收到", quote=quote)
        await office.line.post_body(body)

        assert office.taken[0].quote == "全年落实情况 #R1024"


async def test_a_message_is_answered_by_its_address_once() -> None:
    async with called_office() as office:
        await office.line.say("ZhangSan", "在吗")
        reply = Reply("在的。", ticket=office.taken[0].ticket)

        await office.send(reply)
        with pytest.raises(Refused):
            await office.send(reply)

        assert [post.text for post in office.qyapi.responses.posts] == ["在的。"]


async def test_after_an_hour_nothing_can_be_answered() -> None:
    async with called_office() as office:
        await office.line.say("ZhangSan", "在吗")
        await office.qyapi.clock.advance(3601)

        with pytest.raises(Refused):
            await office.send(Reply("在的。", ticket=office.taken[0].ticket))


async def test_what_nobody_asked_for_is_refused() -> None:
    async with called_office() as office:
        with pytest.raises(Refused, match="only answer"):
            await office.send(Reply("提示"))


async def test_an_answer_with_choices_is_one_card_or_names_them() -> None:
    buttons = (Button("签收", "签收 12"), Button("延期", "申请延期"))
    async with called_office() as office:
        for text in ("签收？", "很长的一段话。" * 60):
            await office.line.say("ZhangSan", "在吗")
            await office.send(Reply(text, buttons, ticket=office.taken[-1].ticket))

        card, words = office.qyapi.responses.posts
        assert (card.msgtype, words.msgtype) == ("template_card", "markdown")
        assert "可回复：签收 12、申请延期" in words.text


async def test_a_press_is_answered_by_its_address() -> None:
    async with called_office() as office:
        body = office.line.sayings.click("LiSi", "1=签收 12", task_id="c1")
        await office.line.post_body(body)
        (press,) = office.taken
        reply = Reply("", press=press.press, aside="您已签收", ticket=press.ticket)

        await office.send(reply)

        assert press.text == "签收 12"
        assert [post.text for post in office.qyapi.responses.posts] == ["您已签收"]


def test_an_answer_that_is_too_long_is_cut_to_what_one_message_holds() -> None:
    (request,) = write_answer(Reply("科" * 10_000))

    content = json.loads(request)["body"]["markdown"]["content"]
    assert len(content.encode()) <= 20480
    assert content.endswith("…")


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble(status=502, raw=b"busy"), Unanswered),
        (Trouble(cut=True), Unanswered),
        (Trouble(errcode=6000), NotSent),
        (Trouble(errcode=45009), NotSent),
    ],
)
async def test_what_goes_wrong_on_the_way_is_told_by_its_kind(
    trouble: Trouble, error: type[Exception]
) -> None:
    async with called_office() as office:
        await office.line.say("ZhangSan", "在吗")
        office.qyapi.expect("aibot/response", trouble)

        with pytest.raises(error):
            await office.send(Reply("在的。", ticket=office.taken[0].ticket))


async def test_who_asks_for_more_of_a_stream_hears_that_it_is_finished() -> None:
    async with called_office() as office:
        sending = await office.line.say("ZhangSan", "在吗")

        poll = await office.line.poll(sending, "stream-1")

        told = json.loads(poll.answer)
        assert told["stream"]["id"] == "stream-1"
        assert told["stream"]["finish"] is True
        assert len(office.taken) == 1


async def test_what_the_store_does_not_take_comes_again() -> None:
    async with called_office() as office:
        office.fails = [StoreError("away"), StoreError("away")]

        sending = await office.line.say("ZhangSan", "在吗")

        assert sending.statuses == [503, 503, 200]
        assert len(office.taken) == 1


async def test_before_anybody_listens_nothing_is_confirmed() -> None:
    async with called_office(starts=False) as office:
        sending = await office.line.say("ZhangSan", "在吗")

        assert sending.statuses == [503] * ATTEMPTS


@pytest.mark.parametrize(
    ("token", "key"),
    [
        ("QDG6eK", CALLBACK_KEY),
        (CALLBACK_TOKEN, "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"),
        ("", CALLBACK_KEY),
        (CALLBACK_TOKEN, "short"),
    ],
)
def test_public_and_malformed_keys_are_refused_at_once(token: str, key: str) -> None:
    with pytest.raises(SettingsError) as failure:
        WecomBotCallback(
            bot_id=BOT_ID, token=token, aes_key=key, clock=FakeQyapi().clock
        )

    assert key not in str(failure.value)
