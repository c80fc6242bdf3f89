"""A recall is a request like any other, so that the outbox can keep it."""

import pytest
from fake_qyapi import FakeQyapi

from bot.channels.wecom.app import WecomApp
from bot.errors import Refused
from bot.messages import Button, Recalling, Reply

TEXT, CARD = Reply("错的"), Reply("错的", (Button("签收", "签收"),))


def test_it_says_that_it_can(app: WecomApp) -> None:
    assert isinstance(app, Recalling)


@pytest.mark.parametrize("reply", [TEXT, CARD])
async def test_what_one_call_told_many_is_taken_back_by_one(
    app: WecomApp, qyapi: FakeQyapi, reply: Reply
) -> None:
    (request,) = app.write("", reply)
    told = await app.send_many(["lisi", "wangwu"], request)
    (message,) = {str(one) for one in told.values()}

    assert await app.send("lisi", app.write_recall(message)) == ""

    assert qyapi.posts_to("lisi") == qyapi.posts_to("wangwu") == []


async def test_what_nobody_knows_is_refused(app: WecomApp) -> None:
    with pytest.raises(Refused):
        await app.send("lisi", app.write_recall("msgid-0"))


async def test_several_recalls_of_one_message_may_go_together(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    (request,) = app.write("", TEXT)
    message = await app.send("lisi", request)

    told = await app.send_many(["lisi", "wangwu"], app.write_recall(message))

    assert told == {"lisi": "", "wangwu": ""}
    assert qyapi.posts_to("lisi") == []
