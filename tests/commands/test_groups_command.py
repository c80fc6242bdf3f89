"""`bot groups --create` as the office types it wrong, or where it is not set up."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from office import Office

from bot.__main__ import cli

MAKE = ("--create", "科协群", "--owner", "LiSi", "--members", "ZhangSan")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (MAKE, 2, "写明由谁办理"),
        ((*MAKE, "--name", "李主任"), 1, "没有开通应用群"),
        ((*MAKE, "--name", "李主任", "--department", "火星局"), 1, "没有这个单位"),
        (("--create", "科协群", "--name", "李主任"), 2, "要写明 --owner"),
        (("--owner", "LiSi", "--name", "李主任"), 2, "只和 --create 一起用"),
        (("--members", "LiSi"), 2, "只和 --create 一起用"),
        ((*MAKE, "--unregister", "x", "--name", "李主任"), 2, "一次用一个"),
        (("--unregister", "火星群", "--name", "李主任"), 1, "没有这个群"),
        (("--unregister", "火星群"), 2, "写明由谁办理"),
        (("--hook", "科协群"), 2, "写明由谁办理"),
        (("--hook", "科协群", "--name", "李主任"), 1, "没有这个名称的群机器人"),
        (("--department", "县科协"), 2, "和 --create 或 --hook 一起用"),
        (("--hook", "科协群", "--owner", "LiSi"), 2, "只和 --create 一起用"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_remedy(
    office: Office, words: tuple[str, ...], status: int, told: str
) -> None:
    office.run("migrate")

    done = office.run("groups", *words)

    assert (done.exit_code, told in done.stderr) == (status, True)


def test_a_secret_that_is_missing_is_named_with_the_file(
    office: Office, tmp_path: Path
) -> None:
    office.run("migrate")
    config = tmp_path / "ours.toml"
    config.write_text(
        '[office]\nname = "某县"\ntimezone = "Asia/Shanghai"\n'
        'channels = ["wecom_app", "wecom_appchat"]\n[wecom]\n'
        'corp_id = "ww0123456789abcdef"\nagent_id = 1000002\n'
        'app_callback = "https://bot.example.cn/wecom/app"\n',
        encoding="utf-8",
    )
    where = ("--config", str(config), "--database", office.url)

    done = CliRunner().invoke(cli, ["groups", *MAKE, "--name", "李主任", *where])

    assert done.exit_code == 1
    assert "BOT_WECOM_APP_SECRET" in done.stderr
    assert "ours.toml" in done.stderr
