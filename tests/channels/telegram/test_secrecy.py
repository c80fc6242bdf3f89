"""The token appears in no log and no exception, whatever goes wrong."""

import logging
import traceback
from collections.abc import Callable

import pytest
from fake_api import TOKEN, FakeTelegram, Trouble, flood
from taking import Taken, until

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.secrecy import hide
from bot.errors import DeliveryError, SettingsError
from bot.messages import Attachment, Reply

SECRET = TOKEN.partition(":")[2]
ECHO = f"no such page: /bot{TOKEN}/sendMessage".encode()


def everything_about(error: BaseException | None) -> str:
    """Put an error into words with all that hangs on it, hidden or not."""
    words = ""
    while error:
        words += "".join(traceback.format_exception(error)) + repr(error)
        words += repr(getattr(error, "args", ""))
        error = error.__cause__ or error.__context__
    return words


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(404, raw=ECHO),
        Trouble(502, raw=ECHO),
        Trouble(200, raw=ECHO),
        Trouble(400, raw=ECHO),
        Trouble(418, raw=ECHO),
        Trouble(400, ECHO.decode()),
        Trouble(403, ECHO.decode()),
        Trouble(401, ECHO.decode()),
        Trouble(409, ECHO.decode()),
        Trouble(301, raw=ECHO),
        Trouble(cut=True),
        flood(2),
    ],
    ids=lambda trouble: f"{trouble.status}-{trouble.raw is None}",
)
async def test_no_answer_brings_the_token_out(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    taken: Taken,
    caplog: pytest.LogCaptureFixture,
    trouble: Trouble,
) -> None:
    caplog.set_level(logging.DEBUG)
    for method in ("getMe", "deleteWebhook", "getUpdates", "sendMessage", "getFile"):
        telegram.expect(method, trouble)
    errors: list[BaseException] = []
    (request,) = channel.write("4711", Reply("通知"))
    for call in (
        channel.send("4711", request),
        channel.fetch(Attachment(name="a", at="x")),
        channel.is_admin("-1001", "4711"),
    ):
        with pytest.raises(DeliveryError) as caught:
            await call
        errors.append(caught.value)
    await channel.start(taken.take)
    await until(lambda: channel.trouble)

    assert SECRET not in "".join(map(everything_about, errors))
    assert SECRET not in caplog.text + channel.trouble + repr(channel)
    assert SECRET not in repr(channel.__dict__)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:1/bot",
        "http://no-such-host.invalid/bot",
        "https://127.0.0.1:1/bot",
        "http://[::bad/bot",
        "nonsense://x/bot",
        "/bot",
    ],
)
async def test_no_address_that_leads_nowhere_brings_it_out(
    make_channel: Callable[..., TelegramChannel],
    caplog: pytest.LogCaptureFixture,
    base_url: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    channel = make_channel(base_url=base_url)
    (request,) = channel.write("4711", Reply("通知"))

    with pytest.raises(DeliveryError) as caught:
        await channel.send("4711", request)

    findings = await channel.check(("-1001",))
    assert not findings[0].is_well
    assert SECRET not in everything_about(caught.value) + caplog.text + repr(findings)


async def test_the_usual_way_says_nothing_of_it_either(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    taken: Taken,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await channel.start(taken.take)
    await until(lambda: telegram.of("getUpdates"))
    await channel.stop()

    assert SECRET not in caplog.text


@pytest.mark.parametrize("token", ["", "abc", "7", "7:", f"{TOKEN} ", f"{TOKEN}\n"])
def test_what_is_no_token_is_not_quoted(
    make_channel: Callable[..., TelegramChannel], token: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        make_channel(token=token)
    assert SECRET not in everything_about(caught.value)


def test_a_proxy_of_another_kind_is_refused_without_its_password(
    make_channel: Callable[..., TelegramChannel],
) -> None:
    password = "h1" * 4
    with pytest.raises(SettingsError) as caught:
        make_channel(proxy=f"socks5://user:{password}@127.0.0.1:1080")
    assert password not in everything_about(caught.value)


@pytest.mark.parametrize(
    "text", [f"/bot{TOKEN}/x", TOKEN.replace(":", "%3A"), "bot123456:" + "A" * 35]
)
def test_whatever_looks_like_a_token_is_hidden(text: str) -> None:
    hidden = hide(text)

    assert SECRET not in hidden
    assert "A" * 35 not in hidden
