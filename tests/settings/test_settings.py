"""The settings are complete and right, or refused with the key named."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from form import GOOD, Write, refusal

from bot.errors import SettingsError
from bot.settings import Retention, Settings

ROOT = Path(__file__).parents[2]


def test_the_form_that_is_shipped_is_complete() -> None:
    settings = Settings.load(ROOT / "config" / "bot.toml", {})

    assert settings.timezone == ZoneInfo("Asia/Shanghai")
    assert settings.channels == ("console",)
    assert settings.departments == ROOT / "data" / "departments.toml"
    assert settings.database_url.endswith(f"{ROOT}/data/run/bot.sqlite3")


def test_what_the_form_leaves_out_has_a_default(write: Write, tmp_path: Path) -> None:
    settings = Settings.load(write(GOOD), {})

    file = tmp_path / "data" / "run" / "bot.sqlite3"
    assert settings.database_url == f"sqlite+aiosqlite:///{file}"


def test_a_file_of_the_office_goes_before_the_shipped_one(
    write: Write, tmp_path: Path
) -> None:
    ours = tmp_path / "data" / "departments.toml"
    shipped = ROOT / "data" / "departments.toml"
    assert Settings.load(write(GOOD), {}).departments == shipped

    ours.parent.mkdir()
    ours.touch()

    assert Settings.load(write(GOOD), {}).departments == ours


def test_a_path_that_is_written_down_is_never_replaced(
    write: Write, tmp_path: Path
) -> None:
    form = GOOD + '[files]\ndepartments = "data/departments.toml"'

    settings = Settings.load(write(form), {})

    assert settings.departments == tmp_path / "data" / "departments.toml"


def test_paths_start_at_the_file_where_it_lies_in_no_config_folder(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD + '[files]\nthesaurus = "words.toml"', encoding="utf-8")

    assert Settings.load(file, {}).thesaurus == tmp_path / "words.toml"


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql+asyncpg://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("sqlite:////tmp/a.db", "sqlite+aiosqlite:////tmp/a.db"),
        ("sqlite://", "sqlite+aiosqlite://"),
        ("sqlite:///:memory:", "sqlite+aiosqlite:///:memory:"),
    ],
)
def test_a_url_gets_the_driver_that_we_use(write: Write, url: str, meant: str) -> None:
    form = GOOD + f'[database]\nurl = "{url}"'

    assert Settings.load(write(form), {}).database_url == meant
    assert Settings.load(write(GOOD), {"BOT_DATABASE_URL": url}).database_url == meant
    assert Settings.load(write(GOOD), {}, database=url).database_url == meant


def test_the_command_line_goes_before_the_environment_before_the_file(
    write: Write,
) -> None:
    file = write(GOOD + '[database]\nurl = "sqlite:////file.db"')
    env = {"BOT_DATABASE_URL": "sqlite:////env.db"}

    assert Settings.load(file, env).database_url.endswith("env.db")
    line = Settings.load(file, env, database="sqlite:////line.db")
    assert line.database_url.endswith("line.db")


def test_an_empty_variable_counts_as_none(write: Write) -> None:
    settings = Settings.load(write(GOOD), {"BOT_DATABASE_URL": "", "HOME": "/root"})

    assert settings.database_url.endswith("bot.sqlite3")


def test_the_password_does_not_show(write: Write) -> None:
    env = {"BOT_DATABASE_URL": "postgresql://u:geheim@h/d"}

    assert "geheim" not in repr(Settings.load(write(GOOD), env))


@pytest.mark.parametrize(
    "listen", ["127.0.0.1:0", "0.0.0.0:8700", "[::1]:8700", "localhost:65535"]
)
def test_the_door_stands_where_the_command_line_or_the_form_says(
    write: Write, listen: str
) -> None:
    file = write(GOOD + f'[web]\nlisten = "{listen}"')

    assert Settings.load(file, {}).listen == listen
    assert Settings.load(write(GOOD), {}, listen=listen).listen == listen


def test_nobody_outside_the_machine_is_let_in_unasked(write: Write) -> None:
    assert Settings.load(write(GOOD), {}).listen.startswith("127.0.0.1:")


def test_a_wrong_door_on_the_command_line_is_named(write: Write) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load(write(GOOD), {}, listen="8700")

    assert "--listen" in caught.value.reply


def test_a_wrong_url_is_not_quoted(write: Write) -> None:
    reply = refusal(write(GOOD), BOT_DATABASE_URL="mysql://u:geheim@h/d")

    assert "BOT_DATABASE_URL" in reply
    assert "geheim" not in reply


@pytest.mark.parametrize(
    ("form", "key", "advice"),
    [
        (GOOD + '[database]\nulr = "x"', "database.ulr", "database.url"),
        (GOOD + 'url = "x"', "office.url", "database.url"),
        (GOOD + 'nmae = "x"', "office.nmae", "office.name"),
        (GOOD + "[databse]\nx = 1", "[databse]", "[database]"),
        (GOOD + "[databse]", "[databse]", "[database]"),
        (GOOD + "[zzz]", "[zzz]", "[telegram]、[web]"),
        ('name = "x"\n' + GOOD, "name", "office.name"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_one(
    write: Write, form: str, key: str, advice: str
) -> None:
    reply = refusal(write(form))

    (line,) = [line for line in reply.splitlines() if line.startswith(f"  {key}：")]
    assert advice in line


def test_an_unknown_variable_of_ours_is_named_with_the_nearest_one(
    write: Write,
) -> None:
    reply = refusal(write(GOOD), BOT_DATABSE_URL="postgresql://u:geheim@h/d")

    assert "BOT_DATABSE_URL" in reply
    assert "您是不是想写 BOT_DATABASE_URL" in reply
    assert "geheim" not in reply


@pytest.mark.parametrize("key", ["name", "timezone", "channels"])
def test_a_missing_key_is_named(write: Write, key: str) -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(key)]

    assert f"office.{key}：没有填写" in refusal(write("\n".join(lines)))


@pytest.mark.parametrize(
    ("key", "value", "advice"),
    [
        ("office.name", "8", "应为单位名称"),
        ("office.name", '" "', "应为单位名称"),
        ("office.timezone", '"Asia/Shanghia"', "Asia/Shanghai"),
        ("office.timezone", '"Asia"', "时区名"),
        ("office.timezone", '"../../etc/passwd"', "时区名"),
        ("office.timezone", "8", "时区名"),
        ("office.channels", '"console"', "渠道名的列表"),
        ("office.channels", "[]", "渠道名的列表"),
        ("office.channels", '["consol"]', "您是不是想写 console"),
        ("office.channels", '["console", "console"]', "有重复"),
        ("office.channels", "[1]", "渠道名的列表"),
        ("database.url", '"data/run/bot.sqlite3"', "数据库地址"),
        ("database.url", "5", "数据库地址"),
        ("files.departments", "[]", "路径"),
        ("files.thesaurus", "true", "路径"),
        ("telegram.base_url", '"api.telegram.org"', "https://api.telegram.org"),
        ("telegram.base_url", '""', "https://api.telegram.org"),
        ("telegram.base_url", '"https://h/bot7:AAkey"', "不要带令牌"),
        ("telegram.base_file_url", "5", "file/bot"),
        ("telegram.proxy", '"socks5://127.0.0.1:1080"', "http 端口"),
        ("telegram.proxy", '"http://u:geheim@127.0.0.1:1"', "BOT_TELEGRAM_PROXY"),
        ("telegram.proxy", '"127.0.0.1:7890"', "http://127.0.0.1:7890"),
        ("telegram.webhook", '"http://bot.example.cn/tg"', "https"),
        ("telegram.webhook", '"https://bot.example.cn"', "路径"),
        ("telegram.webhook", '"https://bot.example.cn/"', "路径"),
        ("telegram.webhook", '"https://bot.example.cn/a{b}"', "路径"),
        ("telegram.webhook", '"https://bot.example.cn/tg?a=b"', "路径"),
        ("telegram.webhook", '"https://bot.example.cn:8080/tg"', "8443"),
        ("telegram.webhook", '"https://bot.example.cn:x/tg"', "https"),
        ("telegram.webhook", '"https://bot.example.cn/healthz"', "他用"),
        ("web.listen", "8700", "127.0.0.1:8700"),
        ("web.listen", '"8700"', "127.0.0.1:8700"),
        ("web.listen", '"127.0.0.1"', "127.0.0.1:8700"),
        ("web.listen", '":8700"', "127.0.0.1:8700"),
        ("web.listen", '"127.0.0.1:65536"', "127.0.0.1:8700"),
        ("web.listen", '"127.0.0.1:-1"', "127.0.0.1:8700"),
        ("web.listen", '"127.0.0.1:８７"', "127.0.0.1:8700"),
        ("web.listen", '"::1:8700"', "127.0.0.1:8700"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(
    write: Write, key: str, value: str, advice: str
) -> None:
    section, name = key.split(".")
    lines = [line for line in GOOD.splitlines() if not line.startswith(name)]
    form = "\n".join(lines) + f"\n[{section}]\n{name} = {value}"
    if section == "office":
        form = "\n".join([*lines, f"{name} = {value}"])

    reply = refusal(write(form))

    assert f"{key}：应为" in reply
    assert advice in reply
    assert "geheim" not in reply


def test_all_faults_are_told_at_once(write: Write) -> None:
    reply = refusal(write('[office]\nname = 1\ntimezone = "x"\nnam = ""'))

    for key in ("office.name", "office.timezone", "office.channels", "office.nam"):
        assert f"{key}：" in reply


def test_a_byte_order_mark_does_no_harm(write: Write) -> None:
    assert Settings.load(write(GOOD, encoding="utf-8-sig"), {}).channels


@pytest.mark.parametrize(
    ("form", "encoding", "advice"),
    [("[office", "utf-8", "TOML"), (GOOD, "gb18030", "UTF-8")],
)
def test_a_file_that_is_no_form_is_refused(
    write: Write, form: str, encoding: str, advice: str
) -> None:
    assert advice in refusal(write(form, encoding=encoding))


def test_a_missing_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    assert "--config" in refusal(tmp_path / "nowhere.toml")


def test_what_is_kept_how_long_has_a_default_and_may_be_told(write: Write) -> None:
    settings = Settings.load(
        write(f"{GOOD}[retention]\nletters = 90\nevidence = 0"), {}
    )

    assert (settings.retention.letters, settings.retention.evidence) == (90, 0)
    assert settings.retention.notices == Retention().notices


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("letters = 29", "30 至 3650 的整数，0 为永久保留"),
        ("letters = 3651", "30 至 3650"),
        ('letters = "400"', "来信和答复保留的天数"),
        ("letters = true", "30 至 3650"),
        ("notices = 364", "365 至 7300"),
        ("evidence = -1", "报送的附件，从截止日起保留的天数"),
        ("audit = 400", "没有这一项"),
    ],
)
def test_days_out_of_bounds_are_refused(write: Write, line: str, why: str) -> None:
    words = refusal(write(f"{GOOD}[retention]\n{line}"))

    assert f"retention.{line.split()[0]}" in words
    assert why in words
