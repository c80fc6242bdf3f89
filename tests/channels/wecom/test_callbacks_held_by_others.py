"""Others judge the callbacks of our fake platform: wechatpy, and public examples."""

import json
from typing import Any

import httpx
import pytest
from foreign_wechatpy import InvalidSignatureException, WeChatCrypto, parse_message
from platform_callbacks import ECHO, AppLine, BotLine
from platform_clock import PlatformClock
from platform_corp import AGENT, CALLBACK_KEY, CALLBACK_TOKEN, CORP_ID, Corp
from platform_envelope import Envelope
from platform_vectors import V1, V2, Signed, Vector


@pytest.mark.parametrize("vector", [V1, V2], ids=["V1", "V2"])
def test_the_public_examples_open(vector: Vector) -> None:
    for signed in (vector.get, vector.post):
        assert _sign(vector.envelope, signed) == signed.signature
    message = parse_message(vector.envelope.open(vector.post.encrypted))

    assert vector.envelope.open(vector.get.encrypted) == vector.echo
    assert vector.says.items() <= dict(message._data).items()


def _sign(envelope: Envelope, signed: Signed) -> str:
    return envelope.sign(
        timestamp=signed.timestamp, nonce=signed.nonce, encrypted=signed.encrypted
    )


@pytest.mark.parametrize("receiver", [CORP_ID, ""])
@pytest.mark.parametrize("text", ["<xml/>", "好" * 700, "x" * 27, '{"msgid": "1"}'])
def test_wechatpy_opens_what_the_fake_seals_and_the_other_way(
    text: str, receiver: str
) -> None:
    ours = Envelope(token=CALLBACK_TOKEN, key=CALLBACK_KEY, receiver=receiver)
    theirs = WeChatCrypto(CALLBACK_TOKEN, CALLBACK_KEY, receiver)
    sealed = ours.seal(text)
    signature = ours.sign(timestamp="1", nonce="n", encrypted=sealed)
    back = parse_envelope(theirs.encrypt_message(text, "n", "1"))

    opened = theirs.decrypt_message({"Encrypt": sealed}, signature, "1", "n")
    assert opened == text
    assert ours.open(back["Encrypt"]) == text
    assert back["MsgSignature"] == ours.sign(
        timestamp="1", nonce="n", encrypted=back["Encrypt"]
    )
    with pytest.raises(InvalidSignatureException):
        theirs.decrypt_message({"Encrypt": sealed}, signature, "2", "n")


def parse_envelope(xml: str) -> dict[str, str]:
    import xmltodict

    return dict(xmltodict.parse(xml)["xml"])


def _wechatpy_office(crypto: Any, taken: list[Any], *, failures: int) -> Any:
    """Answer callbacks as a program on wechatpy does; fail the first ones."""
    left = [failures]

    def answer(request: httpx.Request) -> httpx.Response:
        asked = dict(request.url.params)
        signed = [asked[one] for one in ("msg_signature", "timestamp", "nonce")]
        if request.method == "GET":
            echo = crypto.check_signature(*signed, asked["echostr"])
            return httpx.Response(200, text=echo)
        text = crypto.decrypt_message(request.content, *signed)
        taken.append(parse_message(text))
        if left[0]:
            left[0] -= 1
            return httpx.Response(500)
        return httpx.Response(200, text=crypto.encrypt_message(text, asked["nonce"]))

    return httpx.MockTransport(answer)


async def _line(taken: list[Any], *, failures: int = 0) -> AppLine:
    crypto = WeChatCrypto(CALLBACK_TOKEN, CALLBACK_KEY, CORP_ID)
    transport = _wechatpy_office(crypto, taken, failures=failures)
    http = httpx.AsyncClient(transport=transport)
    return AppLine(http, "http://bot.test/wecom", Corp(), clock=PlatformClock())


async def test_wechatpy_verifies_reads_and_answers_the_callbacks() -> None:
    taken: list[Any] = []
    line = await _line(taken)

    assert (await line.verify()).text == ECHO
    said = await line.say("ZhangSan", "我的任务 ]]> & <b>")
    await line.post(line.event("LiSi", "enter_agent"))
    assert (taken[0].type, taken[0].source, taken[0].agent) == (
        "text",
        "ZhangSan",
        AGENT,
    )
    assert taken[0].content == "我的任务 ]]> & <b>"
    assert taken[0].time == line.clock.seconds
    assert parse_message(said.answer).id == taken[0].id
    assert taken[1].event == "enter_agent"


async def test_wechatpy_sees_a_pressed_card() -> None:
    taken: list[Any] = []
    line = await _line(taken)
    one = line.click("LiSi", "ack", task_id="t-1", code="c-1", chosen={"q": ["a"]})

    await line.post(one)
    data = taken[0]._data
    assert (data["EventKey"], data["TaskId"], data["ResponseCode"]) == (
        "ack",
        "t-1",
        "c-1",
    )
    item = data["SelectedItems"]["SelectedItem"]
    assert (item["QuestionKey"], item["OptionIds"]["OptionId"]) == ("q", "a")


@pytest.mark.parametrize(
    ("failures", "statuses"),
    [(0, [200]), (2, [500, 500, 200]), (5, [500, 500, 500])],
)
async def test_a_callback_is_sent_three_times_at_most(
    failures: int, statuses: list[int]
) -> None:
    taken: list[Any] = []
    line = await _line(taken, failures=failures)

    sending = await line.say("ZhangSan", "在")
    assert sending.statuses == statuses
    assert len({message.id for message in taken}) == 1


async def test_wechatpy_reads_and_answers_the_json_mode() -> None:
    crypto = WeChatCrypto(CALLBACK_TOKEN, CALLBACK_KEY, "")
    taken: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked = dict(request.url.params)
        signed = [asked[one] for one in ("msg_signature", "timestamp", "nonce")]
        sealed = {"Encrypt": json.loads(request.content)["encrypt"]}
        taken.append(json.loads(crypto.decrypt_message(sealed, *signed)))
        reply = {"msgtype": "stream", "stream": {"id": "s1", "finish": False}}
        back = parse_envelope(crypto.encrypt_message(json.dumps(reply), signed[2], "7"))
        words = {
            "encrypt": back["Encrypt"],
            "msgsignature": back["MsgSignature"],
            "timestamp": 7,
            "nonce": signed[2],
        }
        return httpx.Response(200, json=words)

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    line = BotLine(http, "http://bot.test/aibot", clock=PlatformClock())
    said = await line.say("ZhangSan", "@实施方案助手 我的任务", chat="wrGroup")
    await line.poll(said, "s1")

    assert json.loads(said.answer)["stream"]["id"] == "s1"
    assert (taken[0]["chatid"], taken[0]["chattype"]) == ("wrGroup", "group")
    assert (taken[1]["msgtype"], taken[1]["stream"]) == ("stream", {"id": "s1"})
