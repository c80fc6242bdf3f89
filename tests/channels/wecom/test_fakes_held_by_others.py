"""Another client judges our fake REST API: wechatpy."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fake_qyapi import FakeQyapi
from foreign_wechatpy import WeChatClient, WeChatClientException
from platform_corp import (
    AGENT,
    CORP_ID,
    SECRET,
    App,
    Corp,
)
from qyapi_calls import Trouble

CARD = {
    "card_type": "button_interaction",
    "task_id": "notice-1",
    "main_title": {"title": "半年报"},
    "button_list": [{"text": "签收", "key": "ack 1"}, {"text": "延期", "key": "more"}],
}


class Foreign:
    """wechatpy's client on the fake, one call at a time, off the loop."""

    def __init__(self, qyapi: FakeQyapi, secret: str = SECRET) -> None:
        base = f"{qyapi.base_url}/cgi-bin/"

        class Client(WeChatClient):  # type: ignore[misc]
            API_BASE_URL = base

            def fetch_access_token(self) -> Any:
                query = {"corpid": self.corp_id, "corpsecret": self.secret}
                return self._fetch_access_token(f"{base}gettoken", query)

        self.client = Client(CORP_ID, secret, timeout=5)

    async def __call__(self, verb: Callable[..., Any], *args: Any, **more: Any) -> Any:
        return await asyncio.to_thread(verb, *args, **more)

    async def refused(self, verb: Callable[..., Any], *args: Any, **more: Any) -> int:
        """Return the errcode of a call that must be refused."""
        with pytest.raises(WeChatClientException) as refusal:
            await self(verb, *args, **more)
        return int(refusal.value.errcode)


@pytest.fixture
async def qyapi() -> AsyncIterator[FakeQyapi]:
    corp = Corp()
    corp.add("ZhangSan", "LiSi", "WangWu")
    corp.add("NoSeat", licensed=False)
    async with FakeQyapi(corp).running() as fake:
        yield fake


@pytest.fixture
async def foreign(qyapi: FakeQyapi) -> AsyncIterator[Foreign]:
    foreign = Foreign(qyapi)
    yield foreign
    foreign.client._http.close()


async def test_wechatpy_sends_text_and_hears_who_is_invalid(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    send = foreign.client.message.send_text
    answer = await foreign(send, AGENT, ["zhangsan", "Nobody", "NoSeat"], "好" * 900)

    assert (answer["invaliduser"], answer["unlicenseduser"]) == ("nobody", "noseat")
    assert qyapi.texts_to("ZhangSan") == ["好" * 682]
    assert qyapi.texts_to("NoSeat") == []
    assert await foreign.refused(send, AGENT, ["Nobody"], "在") == 81013
    assert await foreign.refused(send, 7, ["LiSi"], "在") == 301002
    assert await foreign.refused(send, AGENT, ["LiSi"], " ") == 44004


async def test_wechatpy_fetches_one_token_and_a_new_one_when_it_is_revoked(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    send = foreign.client.message.send_text
    for words in ("一", "二"):
        await foreign(send, AGENT, "LiSi", words)
    assert qyapi.tokens.fetched == 1
    qyapi.tokens.revoke()
    await foreign(send, AGENT, "LiSi", "三")
    await qyapi.clock.advance(7200)
    await foreign(send, AGENT, "LiSi", "四")

    assert qyapi.texts_to("LiSi") == ["一", "二", "三", "四"]
    assert qyapi.tokens.fetched == 3
    codes = [call.errcode for call in qyapi.of("message/send")]
    assert codes == [0, 0, 40014, 0, 42001, 0]


async def test_wechatpy_is_told_what_is_wrong_with_a_secret_and_an_address(
    qyapi: FakeQyapi, foreign: Foreign
) -> None:
    other = Foreign(qyapi, secret="wrong")
    ips = foreign.client.misc.get_wechat_ips
    assert await foreign(ips)
    assert await foreign.refused(other.client.misc.get_wechat_ips) == 40001
    other.client._http.close()
    qyapi.corp.app(AGENT).trusted_ips = {"203.0.113.1"}
    with pytest.raises(WeChatClientException, match=r"from ip: 127\.0\.0\.1,") as no:
        await foreign(ips)
    assert no.value.errcode == 60020


async def test_wechatpy_sends_a_card_and_changes_it_once_within_72_hours(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    client = foreign.client
    msg = {"msgtype": "template_card", "template_card": CARD}
    sent = await foreign(client.message.send, AGENT, ["LiSi"], msg=msg)
    change = {
        "userids": ["LiSi"],
        "agentid": AGENT,
        "response_code": sent["response_code"],
        "button": {"replace_name": "已签收"},
    }
    url = "message/update_template_card"

    assert (await foreign(client.post, url, data=change))["invaliduser"] == []
    assert qyapi.messages.cards[AGENT, "notice-1"].replaced_name == {"lisi": "已签收"}
    assert await foreign.refused(client.post, url, data=change) == 40058
    assert await foreign.refused(client.message.send, AGENT, "LiSi", msg=msg) == 42014
    late = change | {"response_code": qyapi.messages.new_code(AGENT, "notice-1")}
    await qyapi.clock.advance(72 * 3600 + 1)
    assert await foreign.refused(client.post, url, data=late) == 40058


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"task_id": "第一号"}, 42014),
        ({"task_id": "x" * 129}, 42014),
        ({"button_list": []}, 40058),
        ({"button_list": [{"text": "好", "key": str(n)} for n in range(7)]}, 40058),
        ({"button_list": [{"text": "", "key": "k"}]}, 42020),
        ({"button_list": [{"text": "好"}]}, 42019),
        ({"button_list": [{"text": "好", "key": "k" * 1025}]}, 42018),
        ({"button_list": [{"text": "好", "key": "k"}] * 2}, 42018),
        ({"card_type": "vote_interaction", "submit_button": {"text": "交"}}, 40058),
        ({"horizontal_content_list": [{"keyname": "责任"}] * 7}, 40058),
    ],
)
async def test_wechatpy_is_refused_a_card_that_is_wrong(
    foreign: Foreign, change: dict[str, Any], errcode: int
) -> None:
    msg = {"msgtype": "template_card", "template_card": CARD | change}
    send = foreign.client.message.send
    assert await foreign.refused(send, AGENT, "LiSi", msg=msg) == errcode


async def test_the_same_bytes_are_delivered_once_within_the_interval(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    msg = {
        "msgtype": "text",
        "text": {"content": "催报"},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 3600,
    }
    for _ in range(2):
        await foreign(foreign.client.message.send, AGENT, "LiSi", msg=msg)
    assert qyapi.texts_to("LiSi") == ["催报"]
    await qyapi.clock.advance(3600)
    await foreign(foreign.client.message.send, AGENT, "LiSi", msg=msg)
    assert qyapi.texts_to("LiSi") == ["催报"] * 2


async def test_a_member_is_told_30_times_a_minute_and_the_rest_is_dropped_in_silence(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    for number in range(32):
        await foreign(foreign.client.message.send_text, AGENT, "LiSi", str(number))
    await foreign(foreign.client.message.send_text, AGENT, "WangWu", "在")
    assert len(qyapi.texts_to("LiSi")) == 30
    assert [post.text for post in qyapi.dropped] == ["30", "31"]
    assert qyapi.texts_to("WangWu") == ["在"]


async def test_wechatpy_recalls_within_a_day(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    client = foreign.client
    for words in ("一", "二"):
        sent = await foreign(client.message.send_text, AGENT, "@all", words)
    await foreign(client.post, "message/recall", data={"msgid": sent["msgid"]})
    assert qyapi.texts_to("LiSi") == ["一"]
    await qyapi.clock.advance(24 * 3600 + 1)
    recall = {"data": {"msgid": sent["msgid"]}}
    assert await foreign.refused(client.post, "message/recall", **recall) == 40058


async def test_wechatpy_uploads_sends_and_downloads_a_file(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    client, content = foreign.client, "半年报".encode() * 9
    file = ("半年报.txt", content)
    kept = await foreign(client.media.upload, "file", file)
    media_id = kept["media_id"]
    await foreign(client.message.send_file, AGENT, "LiSi", media_id)
    got = await foreign(client.get, "media/get", params={"media_id": media_id})

    assert (kept["type"], got.content) == ("file", content)
    assert qyapi.posts_to("LiSi")[0].content == {"media_id": media_id}
    assert await foreign.refused(client.media.upload, "file", ("a", b"12345")) == 40006
    await qyapi.clock.advance(3 * 24 * 3600 + 1)
    send = client.message.send_file
    assert await foreign.refused(send, AGENT, "LiSi", media_id) == 40007


async def test_wechatpy_reads_the_address_book_and_the_application(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    client = foreign.client
    listed = await foreign(client.user.list, 1, fetch_child=True, simple=True)
    assert [one["userid"] for one in listed][:2] == ["ZhangSan", "LiSi"]
    assert (await foreign(client.user.get, "lisi"))["userid"] == "LiSi"
    assert (await foreign(client.agent.get, AGENT))["close"] == 0
    assert await foreign.refused(client.user.get, "nobody") == 60111


async def test_wechatpy_makes_a_group_and_speaks_there(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    chats = foreign.client.appchat
    await foreign(chats.create, "office1", "专班", "ZhangSan", ["ZhangSan", "LiSi"])
    await foreign(chats.send_text, "office1", "请报送")
    info = await foreign(chats.get, "office1")

    assert (info["name"], info["userlist"]) == ("专班", ["ZhangSan", "LiSi"])
    assert qyapi.texts_to("office1") == ["请报送"]
    for args, errcode in [
        (("office1", "", "LiSi", ["LiSi", "ZhangSan"]), 86215),
        (("o2", "", "LiSi", ["LiSi"]), 86006),
        (("o2", "", "LiSi", ["LiSi", "Nobody"]), 86007),
        (("o-2", "", "LiSi", ["LiSi", "ZhangSan"]), 86001),
    ]:
        assert await foreign.refused(chats.create, *args) == errcode
    assert await foreign.refused(chats.send_text, "other", "在") == 86003
    qyapi.corp.apps[0] = App(visible={"lisi"})
    assert await foreign.refused(chats.send_text, "office1", "在") == 60011


async def test_wechatpy_is_told_of_too_many_people_but_not_of_what_a_member_misses(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    chats, fake = foreign.client.appchat, qyapi.appchats
    await foreign(chats.create, "office1", "专班", "ZhangSan", ["ZhangSan", "LiSi"])
    for _ in range(200):
        assert fake.member_rate.take(("office1", "lisi"), now=qyapi.clock())
    await foreign(chats.send, "office1", "markdown", content="**请报送**")
    assert len(qyapi.dropped) == 1

    assert fake.send_rate.take(CORP_ID, now=qyapi.clock(), times=20_000 - 2)
    assert await foreign.refused(chats.send_text, "office1", "在") == 45009
    fake.dissolve("office1")
    assert await foreign.refused(chats.get, "office1") == 86003


async def test_a_call_may_take_effect_although_its_answer_is_lost(
    foreign: Foreign, qyapi: FakeQyapi
) -> None:
    import requests

    await foreign(foreign.client.misc.get_wechat_ips)
    qyapi.expect("message/send", Trouble(cut=True, takes=True), Trouble(cut=True))
    for words in ("一", "二"):
        with pytest.raises(requests.ConnectionError):
            await foreign(foreign.client.message.send_text, AGENT, "LiSi", words)
    assert qyapi.texts_to("LiSi") == ["一"]
