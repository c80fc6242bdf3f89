"""The settings of WeCom: what each channel needs, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, WecomSettings
from bot.settings.wecom import SECRETS

Load = Callable[..., Settings]

SECRET, TOKEN, KEY = "s-of-the-tests", "TokenOfTheTests", "K" * 43
APP = {
    "BOT_WECOM_APP_SECRET": SECRET,
    "BOT_WECOM_TOKEN": TOKEN,
    "BOT_WECOM_AES_KEY": KEY,
}
APP_FORM = """
corp_id = "ww0123456789abcdef"
agent_id = 1000002
app_callback = "https://bot.example.cn/wecom/app"
"""
BOT_FORM = """
bot_id = "aib0"
bot_name = "方案 助手"
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Give a function that reads a form of some channels."""

    def read(*channels: str, form: str = "", **env: str) -> Settings:
        file = tmp_path / "bot.toml"
        file.write_text(
            '[office]\nname = "某县"\ntimezone = "Asia/Shanghai"\n'
            f"channels = {list(channels)}\n[wecom]\n{form}",
            encoding="utf-8",
        )
        return Settings.load(file, env)

    return read


def refusal(load: Load, *channels: str, **more: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        load(*channels, **more)
    return caught.value.reply


def wecom(settings: Settings) -> WecomSettings:
    assert settings.wecom
    return settings.wecom


def test_a_key_of_another_form_is_told_by_its_form(load: Load) -> None:
    told = refusal(load, "wecom_app", form=APP_FORM, **APP | {"BOT_WECOM_AES_KEY": "K"})

    assert (
        "应为管理后台“随机获取”的 EncodingAESKey（43 位字母或数字），例如 abc" in told
    )


def test_who_does_not_use_wecom_needs_nothing(load: Load) -> None:
    assert load("console").wecom is None


def test_the_app_has_all_that_it_needs(load: Load) -> None:
    found = wecom(load("wecom_app", form=APP_FORM, **APP))

    assert found.app
    assert (found.app.agent_id, found.app.secret) == (1000002, SECRET)
    assert found.app.callback == "https://bot.example.cn/wecom/app"
    assert found.api_url == "https://qyapi.weixin.qq.com"
    assert (found.bot, dict(found.hooks)) == (None, {})


def test_groups_of_the_app_are_off_until_they_are_named_beside_the_app(
    load: Load,
) -> None:
    assert not wecom(load("wecom_app", form=APP_FORM, **APP)).appchat
    assert wecom(load("wecom_app", "wecom_appchat", form=APP_FORM, **APP)).appchat
    assert "要同时开 wecom_app" in refusal(load, "wecom_appchat", form=APP_FORM, **APP)


@pytest.mark.parametrize("agent", ["1000002", '"1000002"'])
def test_an_agent_id_is_a_number_however_it_is_written(load: Load, agent: str) -> None:
    form = APP_FORM.replace("1000002", agent)

    app = wecom(load("wecom_app", form=form, **APP)).app

    assert app
    assert app.agent_id == 1000002


@pytest.mark.parametrize("missing", ["corp_id", "agent_id", "app_callback", *APP])
def test_an_app_that_lacks_something_is_refused(load: Load, missing: str) -> None:
    lines = [one for one in APP_FORM.splitlines() if not one.startswith(missing)]
    env = {name: value for name, value in APP.items() if name != missing}

    assert missing in refusal(load, "wecom_app", form="\n".join(lines), **env)


def test_a_robot_needs_a_secret_on_the_socket_and_keys_behind_a_callback(
    load: Load,
) -> None:
    behind = BOT_FORM + 'bot_callback = "https://bot.example.cn/wecom/bot"'
    keys = {"BOT_WECOM_BOT_TOKEN": TOKEN, "BOT_WECOM_BOT_AES_KEY": KEY}

    assert "BOT_WECOM_BOT_SECRET" in refusal(load, "wecom_bot", form=BOT_FORM)
    assert "BOT_WECOM_BOT_TOKEN" in refusal(load, "wecom_bot", form=behind)
    assert wecom(load("wecom_bot", form=BOT_FORM, BOT_WECOM_BOT_SECRET=SECRET)).bot
    assert wecom(load("wecom_bot", form=behind, **keys)).bot


@pytest.mark.parametrize(
    "written",
    [
        "甲群=01234567-89ab;乙群=89abcdef-0123",
        " 甲群 = 01234567-89ab ；\n乙群=89abcdef-0123;",
        "甲群=https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=01234567-89ab;"
        "乙群=89abcdef-0123",
    ],
)
def test_webhooks_are_read_by_their_names(load: Load, written: str) -> None:
    found = wecom(load("wecom_hook", BOT_WECOM_HOOKS=written))

    assert found.hooks == {"甲群": "01234567-89ab", "乙群": "89abcdef-0123"}


@pytest.mark.parametrize(
    "written", ["甲群", "=0123456789", "甲群=x", "甲=01234567;甲=01234567"]
)
def test_webhooks_that_cannot_be_read_are_refused_and_not_shown(
    load: Load, written: str
) -> None:
    reply = refusal(load, "wecom_hook", BOT_WECOM_HOOKS=written)

    assert "BOT_WECOM_HOOKS" in reply
    assert "01234567;" not in reply


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("api_url", '"qyapi.weixin.qq.com"'),
        ("api_url", '"https://user:pass@host"'),
        ("socket_url", '"https://openws.work.weixin.qq.com"'),
        ("app_callback", '"bot.example.cn/wecom"'),
        ("app_callback", '"https://bot.example.cn"'),
        ("app_callback", '"https://bot.example.cn/healthz"'),
        ("app_callback", '"https://bot.example.cn/a?b=c"'),
        ("corp_id", '"w w"'),
        ("agent_id", '"abc"'),
        ("agent_id", "true"),
        ("bot_id", '"a/b"'),
    ],
)
def test_a_wrong_value_is_named(load: Load, key: str, value: str) -> None:
    assert f"wecom.{key}" in refusal(load, "console", form=f"{key} = {value}")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://wx.example.gov.cn/", "https://wx.example.gov.cn"),
        ("https://wx.example.gov.cn/cgi-bin", "https://wx.example.gov.cn"),
        ("http://10.0.0.8:8080/wecom", "http://10.0.0.8:8080/wecom"),
    ],
)
def test_the_hosts_are_settings(load: Load, written: str, meant: str) -> None:
    form = APP_FORM + f'api_url = "{written}"'

    assert wecom(load("wecom_app", form=form, **APP)).api_url == meant


def test_two_callbacks_need_two_places(load: Load) -> None:
    form = APP_FORM + BOT_FORM + 'bot_callback = "https://other.example.cn/wecom/app"'

    assert "wecom.bot_callback：路径与" in refusal(load, "console", form=form)


@pytest.mark.parametrize("name", ["secret", "token", "aes_key", "bot_secret", "hooks"])
def test_secrets_in_the_file_are_refused_with_their_variable(
    load: Load, name: str
) -> None:
    reply = refusal(load, "console", form=f'{name} = "geheim"')

    assert "不写在文件里，请放进环境变量 BOT_WECOM_" in reply
    assert "geheim" not in reply


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_do_not_show(load: Load, name: str) -> None:
    wrong = "ge heim"
    env = APP | {
        "BOT_WECOM_BOT_SECRET": SECRET,
        "BOT_WECOM_HOOKS": "甲群=01234567-89ab",
    }
    channels = ("wecom_app", "wecom_bot", "wecom_hook")
    shown = repr(load(*channels, form=APP_FORM + BOT_FORM, **env))

    assert not [one for one in (*APP.values(), SECRET, "01234567-89ab") if one in shown]
    assert wrong not in refusal(load, "console", **{name: wrong})
