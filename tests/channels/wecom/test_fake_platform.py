"""What no client holds of our fake platform: webhooks, late answers, penalties."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fake_qyapi import FakeQyapi
from platform_clock import PlatformClock
from platform_corp import CORP_ID, SECRET, Corp
from platform_rates import HOUR, MINUTE, Penalties

KEY, GROUP = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa", "wrGroup"
NOTICE = {
    "card_type": "text_notice",
    "main_title": {"title": "催报"},
    "card_action": {"type": 1, "url": "https://office.example"},
}


@pytest.fixture
async def qyapi() -> AsyncIterator[FakeQyapi]:
    corp = Corp()
    corp.add("ZhangSan")
    corp.add_webhook(KEY, chat=GROUP)
    async with FakeQyapi(corp).running() as fake:
        yield fake


@pytest.fixture
async def http(qyapi: FakeQyapi) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{qyapi.base_url}/cgi-bin/") as http:
        yield http


async def hook(http: httpx.AsyncClient, key: str = KEY, **body: Any) -> int:
    answer = await http.post("webhook/send", params={"key": key}, json=body)
    assert answer.status_code == 200
    return int(answer.json()["errcode"])


def words(text: str, kind: str = "text") -> dict[str, Any]:
    return {"msgtype": kind, kind: {"content": text}}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (words("催报"), 0),
        (words("好" * 682), 0),
        (words("好" * 683), 40058),
        (words("好" * 1365, "markdown"), 0),
        (words("好" * 1366, "markdown"), 40058),
        (words("x" * 4097, "markdown_v2"), 40058),
        (words(""), 44004),
        (words("催报", "textcard"), 40008),
        ({"msgtype": "template_card", "template_card": NOTICE}, 0),
        (
            {
                "msgtype": "template_card",
                "template_card": NOTICE | {"card_type": "button_interaction"},
            },
            40058,
        ),
        ({"msgtype": "file", "file": {"media_id": "x"}}, 40007),
    ],
)
async def test_a_webhook_rejects_what_is_too_long_or_of_a_wrong_kind(
    qyapi: FakeQyapi, http: httpx.AsyncClient, body: dict[str, Any], errcode: int
) -> None:
    assert await hook(http, **body) == errcode
    assert len(qyapi.posts_to(GROUP)) == (errcode == 0)


async def test_a_webhook_takes_an_image_with_its_sum(http: httpx.AsyncClient) -> None:
    content = b"\x89PNG and more"
    image = {
        "base64": base64.b64encode(content).decode(),
        "md5": hashlib.md5(content).hexdigest(),
    }
    assert await hook(http, msgtype="image", image=image) == 0
    assert await hook(http, msgtype="image", image=image | {"md5": "0"}) == 40058


async def test_a_webhook_speaks_20_times_a_minute_and_pays_for_more(
    qyapi: FakeQyapi, http: httpx.AsyncClient
) -> None:
    codes = [await hook(http, **words(str(number))) for number in range(21)]
    assert codes == [0] * 20 + [45009]
    await qyapi.clock.advance(59)
    assert await hook(http, **words("在")) == 45009
    await qyapi.clock.advance(1)
    assert await hook(http, **words("在")) == 0


@pytest.mark.parametrize("state", [93000, 93004, 93008])
async def test_a_webhook_may_be_gone(
    qyapi: FakeQyapi, http: httpx.AsyncClient, state: int
) -> None:
    qyapi.corp.webhooks[KEY].state = state
    assert await hook(http, **words("在")) == state
    assert await hook(http, key="other", **words("在")) == 93000


async def test_a_file_of_one_webhook_is_no_file_of_another(
    qyapi: FakeQyapi, http: httpx.AsyncClient
) -> None:
    qyapi.corp.add_webhook("second", chat="wrOther")
    files = {"media": ("a.txt", b"123456")}
    query = {"key": KEY, "type": "file"}
    kept = await http.post("webhook/upload_media", params=query, files=files)
    file = {"media_id": kept.json()["media_id"]}
    assert await hook(http, msgtype="file", file=file) == 0
    assert await hook(http, "second", msgtype="file", file=file) == 40007


async def test_a_response_url_takes_one_answer_within_an_hour(
    qyapi: FakeQyapi, http: httpx.AsyncClient
) -> None:
    urls = [qyapi.responses.new_url(bot="aib", chat=GROUP) for _ in range(2)]
    answer = words("已登记", "markdown")
    codes = [(await http.post(urls[0], json=answer)).json()["errcode"] for _ in "12"]
    await qyapi.clock.advance(3601)
    late = (await http.post(urls[1], json=answer)).json()["errcode"]
    assert [*codes, late] == [0, 40058, 40058]
    assert qyapi.texts_to(GROUP) == ["已登记"]


async def test_too_many_failed_tokens_shut_the_door_for_an_hour(
    qyapi: FakeQyapi, http: httpx.AsyncClient
) -> None:
    qyapi.tokens.failures = Penalties((3, HOUR))
    wrong = {"corpid": CORP_ID, "corpsecret": "wrong"}
    codes = [
        (await http.get("gettoken", params=wrong)).json()["errcode"] for _ in range(4)
    ]
    assert codes == [40001] * 3 + [45009]
    await qyapi.clock.advance(3600)
    answer = await http.get("gettoken", params=wrong)
    assert answer.json()["errcode"] == 40001


async def test_a_token_stays_the_same_until_it_expires_or_is_revoked(
    qyapi: FakeQyapi, http: httpx.AsyncClient
) -> None:
    async def fetch() -> tuple[str, int]:
        query = {"corpid": CORP_ID, "corpsecret": SECRET}
        got = (await http.get("gettoken", params=query)).json()
        return got["access_token"], got["expires_in"]

    first, again = await fetch(), await fetch()
    await qyapi.clock.advance(7000)
    assert first == again == (first[0], 7200)
    assert await fetch() == (first[0], 200)
    qyapi.tokens.revoke()
    second = await fetch()
    await qyapi.clock.advance(7200)
    assert len({first[0], second[0], (await fetch())[0]}) == 3


def test_who_asks_too_often_waits_as_long_as_the_window() -> None:
    clock, rate = PlatformClock(), Penalties((2, MINUTE))
    allowed = []
    for seconds in (0, 50, 55, 65, 114, 116):
        now = clock.now + timedelta(seconds=seconds)
        allowed.append(rate.allow("gettoken", now=now))
    assert allowed == [True, True, False, False, False, True]


async def test_json_that_is_none_is_47001(http: httpx.AsyncClient) -> None:
    query = {"corpid": CORP_ID, "corpsecret": SECRET}
    token = (await http.get("gettoken", params=query)).json()["access_token"]
    for content in (b"{", b"[]", json.dumps("x").encode(), b"\xff"):
        query = {"access_token": token}
        answer = await http.post("message/send", params=query, content=content)
        assert answer.json()["errcode"] == 47001


async def test_the_clock_wakes_its_sleepers_in_order() -> None:
    clock, woken = PlatformClock(), []

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((seconds, clock.seconds - start))

    start = clock.seconds
    tasks = [asyncio.create_task(sleep(one)) for one in (30, 10, 3600)]
    await clock.advance(60)
    assert woken == [(10, 10), (30, 30)]
    await clock.advance(3600)
    assert woken[2:] == [(3600, 3600)]
    assert clock.seconds == start + 3660
    assert all(task.done() for task in tasks)
