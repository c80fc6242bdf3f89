"""Every key of the form: what it means, how its value is read, what it is if unsaid."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

KNOWN_CHANNELS = (
    "console",
    "telegram",
    "wecom_app",
    "wecom_bot",
    "wecom_hook",
    "wecom_appchat",
)
"""The names of `bot.channels.CHANNELS`, which a neighbour's room may not import."""

DATABASE_VARIABLE = "BOT_DATABASE_URL"
TOKEN_VARIABLE = "BOT_TELEGRAM_TOKEN"
SECRET_VARIABLE = "BOT_TELEGRAM_WEBHOOK_SECRET"
PROXY_VARIABLE = "BOT_TELEGRAM_PROXY"
VARIABLES = (DATABASE_VARIABLE, TOKEN_VARIABLE, SECRET_VARIABLE, PROXY_VARIABLE)

OUTSIDE = {
    "telegram.token": TOKEN_VARIABLE,
    "telegram.webhook_secret": SECRET_VARIABLE,
    "telegram.secret": SECRET_VARIABLE,
}
"""What people may write into the file that belongs into the environment alone."""

_SCHEMES = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


def nearest(
    name: str, known: Mapping[str, Any] | set[str] | list[str], *, shape: str = "{}"
) -> str:
    """Return a question that names the nearest known name, else all of them."""
    bare = name.rpartition(".")[2]
    same = [other for other in known if other.rpartition(".")[2] == bare]
    near = same or get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"，您是不是想写 {shape.format(near[0])}？"
    return f"，可用的是 {'、'.join(shape.format(other) for other in sorted(known))}"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def _zone(value: Any) -> ZoneInfo:
    name = _text(value)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"，您是不是想写 {near[0]}？" if near else ""
        raise ValueError(hint) from None


def _channels(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError
    names = tuple(_text(name) for name in value)
    for name in names:
        if name not in KNOWN_CHANNELS:
            raise ValueError(f"；没有渠道 {name}{nearest(name, list(KNOWN_CHANNELS))}")
    if len(set(names)) < len(names):
        raise ValueError("；有重复")
    return names


def _database_url(value: Any) -> str:
    """Give back the URL with the driver that we use."""
    scheme, mark, rest = _text(value).partition("://")
    if not mark or scheme not in _SCHEMES:
        raise ValueError
    return f"{_SCHEMES[scheme]}://{rest}"


def _address(value: Any) -> str:
    """Give back "host:port"; an IPv6 host stands in brackets, port 0 is any free."""
    host, _, port = _text(value).rpartition(":")
    is_port = port.isascii() and port.isdigit() and int(port) < 65536
    is_host = bool(host) and (":" not in host or (host[0], host[-1]) == ("[", "]"))
    if not is_host or not is_port:
        raise ValueError
    return f"{host}:{int(port)}"


def or_empty(read: Callable[[str], str]) -> Callable[[Any], str]:
    """Make a reader that also takes "", for what may be left out."""

    def read_or_empty(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError
        return read(value.strip()) if value.strip() else ""

    return read_or_empty


def like(pattern: str) -> Callable[[Any], str]:
    """Make a reader of what has the form of *pattern*, or is "" if left out."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError
        return text

    return or_empty(read)


def _server(text: str) -> str:
    """Give back the address of a Bot API server, with the /bot before the token."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError
    if parts.query or parts.fragment or "@" in parts.netloc or ":" in parts.path:
        raise ValueError("；只写到服务器为止，不要带令牌和口令")
    text = text.rstrip("/")
    return text if text.endswith("/bot") else f"{text}/bot"


def _web_proxy(text: str) -> str:
    if text.startswith("socks"):
        raise ValueError("；不支持 socks，代理软件一般同时提供 http 端口，请用那个端口")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError
    return text


def _proxy_without_password(text: str) -> str:
    if "@" in text:
        raise ValueError(f"；带口令的代理不写在文件里，请放进环境变量 {PROXY_VARIABLE}")
    return _web_proxy(text)


def _webhook(text: str) -> str:
    """Give back the address of a webhook: one that Telegram takes, at a place of ours.

    Without TLS it may only be on this machine, for tests.
    """
    parts = urlsplit(text)
    port = parts.port  # raises ValueError if it is none
    if not text.startswith(("https://", "http://127.0.0.1:", "http://[::1]:")):
        raise ValueError("；Telegram 只认 https 地址")
    if parts.scheme == "https" and port not in (None, 443, 80, 88, 8443):
        raise ValueError("；Telegram 只向 443、80、88、8443 端口投递")
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", parts.path) or text != (
        f"{parts.scheme}://{parts.netloc}{parts.path}"
    ):
        raise ValueError("；要有路径，且只含字母、数字和 . _ ~ -")
    if parts.path in ("/healthz", "/metrics"):
        raise ValueError("；这个路径已有他用")
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the file; one without a default has to be filled in."""

    meaning: str
    example: str
    read: Callable[[Any], Any] = _text
    default: Any = None
    secret: bool = False


KEYS = {
    "office.name": Key(meaning="单位名称", example='name = "某某县人民政府办公室"'),
    "office.timezone": Key(
        meaning="时区名", example='timezone = "Asia/Shanghai"', read=_zone
    ),
    "office.channels": Key(
        meaning="渠道名的列表", example='channels = ["console"]', read=_channels
    ),
    "database.url": Key(
        meaning="数据库地址",
        example='url = "sqlite+aiosqlite:///data/run/bot.sqlite3" 或'
        ' "postgresql://用户:密码@主机/库名"',
        read=_database_url,
        default="sqlite+aiosqlite:///data/run/bot.sqlite3",
        secret=True,
    ),
    "files.departments": Key(
        meaning="部门名录文件的路径",
        example='departments = "data/departments.toml"',
        default="data/departments.toml",
    ),
    "files.thesaurus": Key(
        meaning="近义词文件的路径",
        example='thesaurus = "config/thesaurus.toml"',
        default="config/thesaurus.toml",
    ),
    "files.nudges": Key(
        meaning="催报规则文件的路径",
        example='nudges = "config/nudges.toml"',
        default="config/nudges.toml",
    ),
    "files.evidence": Key(
        meaning="存放报送附件的文件夹",
        example='evidence = "data/run/evidence"',
        default="data/run/evidence",
    ),
    "web.listen": Key(
        meaning="“地址:端口”",
        example='listen = "127.0.0.1:8700"',
        read=_address,
        default="127.0.0.1:8700",
    ),
    "telegram.base_url": Key(
        meaning="Bot API 服务器的地址",
        example='base_url = "https://api.telegram.org"',
        read=lambda value: _server(_text(value)),
        default="https://api.telegram.org",
        secret=True,
    ),
    "telegram.base_file_url": Key(
        meaning="下载文件的地址，留空即在 base_url 旁边",
        example='base_file_url = "https://api.telegram.org/file/bot"',
        read=or_empty(_server),
        default="",
        secret=True,
    ),
    "telegram.proxy": Key(
        meaning="http 代理的地址，留空即不用代理",
        example='proxy = "http://127.0.0.1:7890"',
        read=or_empty(_proxy_without_password),
        default="",
        secret=True,
    ),
    "telegram.webhook": Key(
        meaning="公网可达的 https 地址，留空即轮询",
        example='webhook = "https://bot.example.gov.cn/telegram/一段随机字母"',
        read=or_empty(_webhook),
        default="",
    ),
}

TOKEN = Key(
    meaning="BotFather 给出的令牌（数字:字母和数字）",
    example="123456789:AAE…",
    read=like(r"\d+:[A-Za-z0-9_-]+"),
    secret=True,
)
SECRET = Key(
    meaning="1–256 位字母、数字、_ 或 -",
    example="openssl rand -hex 32 的输出",
    read=like("[A-Za-z0-9_-]{1,256}"),
    secret=True,
)
PROXY = Key(
    meaning="http 代理的地址",
    example="http://用户:口令@主机:端口",
    read=or_empty(_web_proxy),
    secret=True,
)
MISSING = {
    TOKEN_VARIABLE: "没有设置，而 office.channels 里有 telegram。"
    "请在 Telegram 里找 @BotFather，用 /newbot 建机器人（已有的用 /token），"
    "把它给的令牌写进这个环境变量",
    SECRET_VARIABLE: "没有设置，而 telegram.webhook 填了地址。没有密钥谁都能冒充"
    " Telegram；请用 openssl rand -hex 32 生成一个，写进这个环境变量",
}
