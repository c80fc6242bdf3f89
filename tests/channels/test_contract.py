"""Every channel fits the one protocol that the house speaks."""

import inspect
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.channels import (
    CHANNELS,
    load_console,
    load_telegram,
    load_wecom_app,
    load_wecom_appchat,
    load_wecom_bot,
    load_wecom_hook,
)
from bot.channels.written import write_for
from bot.errors import NotSent
from bot.messages import Button, Channel, Reply
from bot.settings import KNOWN_CHANNELS

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:1/bot"

MAKERS: dict[str, Callable[[], Channel]] = {
    "console": lambda: load_console()("someone", lambda: NOON),
    "telegram": lambda: load_telegram()(
        token="7:AAtoken", clock=lambda: NOON, base_url=NOWHERE
    ),
    "wecom_app": lambda: load_wecom_app()(
        corp_id="ww0",
        agent_id=7,
        secret="secret-of-nobody",
        token="TokenOfNobody",
        aes_key="K" * 43,
        clock=lambda: NOON,
        base_url=NOWHERE,
    ),
    "wecom_bot": lambda: load_wecom_bot()(
        bot_id="aib0", secret="secret-of-nobody", clock=lambda: NOON, url="ws://[::1]:1"
    ),
    "wecom_hook": lambda: load_wecom_hook()(
        hooks={"4711": "01234567-89ab"}, base_url=NOWHERE
    ),
    "wecom_appchat": lambda: load_wecom_appchat()(
        corp_id="ww0",
        agent_id=7,
        secret="secret-of-nobody",
        clock=lambda: NOON,
        base_url=NOWHERE,
    ),
}


def test_the_settings_know_exactly_the_channels_that_there_are() -> None:
    assert tuple(CHANNELS) == KNOWN_CHANNELS
    assert CHANNELS.keys() == MAKERS.keys()


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_has_the_verbs_of_the_protocol(name: str) -> None:
    channel = MAKERS[name]()

    assert isinstance(channel, CHANNELS[name]())
    assert channel.name == name
    for verb in ("start", "send", "stop"):
        assert inspect.iscoroutinefunction(getattr(channel, verb))


@pytest.mark.parametrize("name", CHANNELS)
async def test_stopping_twice_is_harmless_and_one_may_still_speak(name: str) -> None:
    channel = MAKERS[name]()

    await channel.stop()
    await channel.stop()

    (request,) = channel.write("4711", Reply("还能说话"))
    if name == "console":
        assert await channel.send("4711", request) == ""
    else:
        with pytest.raises(NotSent):  # only because nobody is there
            await channel.send("4711", request)
    await channel.stop()


@pytest.mark.parametrize("name", CHANNELS)
def test_equal_replies_are_equal_requests(name: str) -> None:
    first, second = MAKERS[name](), MAKERS[name]()

    assert first.write("a", Reply("通知")) == second.write("b", Reply("通知"))
    assert first.write("a", Reply("通知")) != first.write("a", Reply("另一通知"))


@pytest.mark.parametrize("module", ["bot.channels", "bot.app", "bot.commands.running"])
def test_who_does_not_speak_to_telegram_does_not_load_it(module: str) -> None:
    code = f"import sys, {module}; print({{'telegram', 'aiohttp'}} & set(sys.modules))"
    run = [sys.executable, "-c", code]

    assert subprocess.check_output(run, text=True).strip() == "set()"


@pytest.mark.parametrize("call", ["load_telegram()", "write_for('telegram', '', '')"])
def test_a_product_that_is_not_installed_is_told_with_the_remedy(call: str) -> None:
    code = (
        "import sys; sys.modules['telegram'] = None\n"
        "from bot.channels import load_telegram\n"
        "from bot.channels.written import write_for\n"
        "from bot.errors import SettingsError\n"
        f"try: {call}\n"
        "except SettingsError as error: print(error.reply)\n"
    )
    run = [sys.executable, "-c", code]

    assert "pip install 'plan-bot[telegram]'" in subprocess.check_output(run, text=True)


@pytest.mark.parametrize("name", [name for name in CHANNELS if name != "console"])
def test_what_is_written_without_a_channel_is_what_it_would_write(name: str) -> None:
    reply = Reply("《通知》：周五前报送。" * 200, buttons=(Button("签收", "签收 1"),))

    assert write_for(name, "a", reply) == MAKERS[name]().write("a", reply)
