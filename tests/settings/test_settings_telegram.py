"""The settings of Telegram: its token, its webhook, its proxy and servers."""

import pytest
from form import GOOD, Write, refusal

from bot.errors import SettingsError
from bot.settings import Settings

TELEGRAM = GOOD.replace('["console"]', '["telegram"]')
TOKEN = "7:AAgeheim_token_0123456789_0123456789"


def test_telegram_needs_no_more_than_its_token(write: Write) -> None:
    telegram = Settings.load(write(TELEGRAM), {"BOT_TELEGRAM_TOKEN": TOKEN}).telegram

    assert telegram
    assert telegram.token == TOKEN
    assert telegram.base_url == "https://api.telegram.org/bot"
    assert (telegram.webhook, telegram.proxy, telegram.base_file_url) == ("", "", "")


def test_a_telegram_without_its_token_is_refused_with_what_to_do(write: Write) -> None:
    reply = refusal(write(TELEGRAM), BOT_TELEGRAM_TOKEN="")

    assert "BOT_TELEGRAM_TOKEN：没有设置" in reply
    assert "@BotFather" in reply


def test_a_token_in_the_file_is_refused_and_not_quoted(write: Write) -> None:
    reply = refusal(write(TELEGRAM + f'[telegram]\ntoken = "{TOKEN}"'))

    assert "telegram.token：不写在文件里，请放进环境变量 BOT_TELEGRAM_TOKEN" in reply
    assert "geheim" not in reply


def test_who_does_not_list_telegram_needs_no_token(write: Write) -> None:
    assert Settings.load(write(GOOD + "[telegram]"), {}).telegram is None


def test_a_webhook_without_a_secret_is_refused(write: Write) -> None:
    form = TELEGRAM + '[telegram]\nwebhook = "https://bot.example.cn/tg"'

    reply = refusal(write(form), BOT_TELEGRAM_TOKEN=TOKEN)

    assert "BOT_TELEGRAM_WEBHOOK_SECRET：没有设置" in reply
    assert "openssl" in reply


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TELEGRAM_TOKEN", "geheim"),
        ("BOT_TELEGRAM_TOKEN", f"bot{TOKEN}"),
        ("BOT_TELEGRAM_WEBHOOK_SECRET", "geheim mit Leerzeichen"),
        ("BOT_TELEGRAM_WEBHOOK_SECRET", "geheim" * 50),
        ("BOT_TELEGRAM_PROXY", "geheim"),
        ("BOT_TELEGRAM_PROXY", "socks5://geheim@127.0.0.1:1"),
    ],
)
def test_a_wrong_secret_is_named_and_not_quoted(
    write: Write, name: str, value: str
) -> None:
    env = {"BOT_TELEGRAM_TOKEN": TOKEN, name: value}

    reply = refusal(write(TELEGRAM), **env)

    assert f"{name}：应为" in reply
    assert "geheim" not in reply


def test_secrets_of_telegram_do_not_show(write: Write) -> None:
    form = TELEGRAM + '[telegram]\nwebhook = "https://bot.example.cn/tg/x1"'
    env = {
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_TELEGRAM_WEBHOOK_SECRET": "geheim",
        "BOT_TELEGRAM_PROXY": "http://u:geheim@127.0.0.1:7890",
    }

    settings = Settings.load(write(form), env)

    assert settings.telegram
    assert settings.telegram.proxy == env["BOT_TELEGRAM_PROXY"]
    assert "geheim" not in repr(settings)


def test_a_proxy_of_the_environment_goes_before_that_of_the_form(write: Write) -> None:
    file = write(TELEGRAM + '[telegram]\nproxy = "http://127.0.0.1:7890"')
    env = {"BOT_TELEGRAM_TOKEN": TOKEN}
    inside = Settings.load(file, env).telegram
    outside = Settings.load(file, env | {"BOT_TELEGRAM_PROXY": "http://p:1"}).telegram

    assert inside
    assert outside
    assert (inside.proxy, outside.proxy) == ("http://127.0.0.1:7890", "http://p:1")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081/bot"),
        ("http://127.0.0.1:8081/", "http://127.0.0.1:8081/bot"),
        ("https://tg.example.cn/bot", "https://tg.example.cn/bot"),
        ("https://example.cn/tg/bot/", "https://example.cn/tg/bot"),
    ],
)
def test_a_server_is_named_with_or_without_what_stands_before_the_token(
    write: Write, written: str, meant: str
) -> None:
    file = write(TELEGRAM + f'[telegram]\nbase_url = "{written}"')

    telegram = Settings.load(file, {"BOT_TELEGRAM_TOKEN": TOKEN}).telegram

    assert telegram
    assert telegram.base_url == meant


def test_who_speaks_to_no_product_needs_no_secret(write: Write) -> None:
    form = GOOD.replace('["console"]', '["console", "telegram"]')
    file = write(form)

    assert Settings.load(file, {}, speaks=False).telegram is None
    assert "BOT_TELEGRAM_TOKEN" in refusal(file)
    known = {"BOT_TELEGRAM_TOKEN": "7:abc"}
    assert Settings.load(file, known, speaks=False).telegram is not None


def test_a_secret_of_a_wrong_form_is_told_to_everybody(write: Write) -> None:
    file = write(GOOD.replace('["console"]', '["console", "telegram"]'))

    with pytest.raises(SettingsError, match="BOT_TELEGRAM_TOKEN"):
        Settings.load(file, {"BOT_TELEGRAM_TOKEN": "no token"}, speaks=False)
