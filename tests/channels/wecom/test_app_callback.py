"""The callback of the app: everything hostile is refused, everything else is kept."""

import pytest
from platform_callbacks import ECHO, AppLine
from taken_in import TakenIn

from bot.channels.wecom.app import WecomApp
from bot.errors import StoreError

pytestmark = pytest.mark.usefixtures("qyapi")


async def test_the_address_is_verified_with_the_bare_echo(line: AppLine) -> None:
    answer = await line.verify()

    assert (answer.status_code, answer.text) == (200, ECHO)


async def test_an_echo_whose_plus_signs_came_unquoted_is_verified(
    line: AppLine,
) -> None:
    sealed = next(s for s in iter(lambda: line.envelope.seal(ECHO), "") if "+" in s)
    query = "&".join(f"{key}={value}" for key, value in line.signed(sealed).items())

    answer = await line.http.get(f"{line.url}?{query}&echostr={sealed}")

    assert answer.text == ECHO


async def test_a_message_is_kept_and_then_answered_with_nothing(
    line: AppLine, taken_in: TakenIn
) -> None:
    sending = await line.say("ZhangSan", "我的任务 ]]> & <b>")

    assert sending.statuses == [200]
    assert sending.answer == ""
    (letter,) = taken_in.letters
    assert (letter.channel, letter.address) == ("wecom_app", "zhangsan")
    assert letter.text == "我的任务 ]]> & <b>"


async def test_a_message_that_comes_again_has_the_same_id(
    line: AppLine, taken_in: TakenIn
) -> None:
    first = await line.say("ZhangSan", "我的任务")
    await line.repeat(first)

    one, again = taken_in.letters
    assert one.product_id == again.product_id


async def test_what_is_not_kept_comes_again(line: AppLine, taken_in: TakenIn) -> None:
    taken_in.fails = StoreError("the disk is full")

    sending = await line.say("ZhangSan", "我的任务")

    assert sending.statuses == [503, 503, 503]


async def test_nothing_is_taken_before_anybody_listens_nor_after(
    line: AppLine, app: WecomApp
) -> None:
    await app.rest()

    assert (await line.say("ZhangSan", "我的任务")).statuses == [503, 503, 503]


@pytest.mark.parametrize(
    "event", ["inactive_alert", "close_inactive_agent", "reopen_inactive_agent"]
)
async def test_an_app_that_is_switched_off_rings_the_alarm(
    line: AppLine, taken_in: TakenIn, event: str
) -> None:
    at = line.clock.seconds + 86400

    sending = await line.post(line.event("sys", event, EffectTime=at))

    assert sending.statuses == [200]
    (alert,) = taken_in.alerts
    assert (alert.kind, int(alert.at.timestamp())) == (event, at)
    assert not taken_in.letters


@pytest.mark.parametrize(
    "event", ["view", "LOCATION", "batch_job_result", "no_such_event", "change_contact"]
)
async def test_events_that_mean_nothing_to_us_are_taken_and_forgotten(
    line: AppLine, taken_in: TakenIn, event: str
) -> None:
    assert (await line.post(line.event("ZhangSan", event))).statuses == [200]
    assert not taken_in.letters
