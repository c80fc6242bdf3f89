"""What WeCom needs: a self-built app, a robot, webhooks; keys, variables and values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.settings.keys import Key, like, or_empty

CHANNELS = ("wecom_app", "wecom_bot", "wecom_hook", "wecom_appchat")

_API, _SOCKET = "https://qyapi.weixin.qq.com", "wss://openws.work.weixin.qq.com"
_RESERVED = ("/healthz", "/metrics")


@dataclass(frozen=True, slots=True, kw_only=True)
class WecomAppSettings:
    """A self-built app; `callback` is the address that WeCom posts to."""

    corp_id: str
    agent_id: int
    callback: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WecomBotSettings:
    """A robot; with a `callback` WeCom posts to it, "" stands for the WebSocket."""

    bot_id: str
    name: str
    callback: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WecomSettings:
    """The parts of WeCom that the office uses, and where WeCom is.

    `hooks` are the keys of the groups' webhooks by their names; with `appchat` the app
    has groups of its own.
    """

    api_url: str
    socket_url: str
    app: WecomAppSettings | None = None
    bot: WecomBotSettings | None = None
    appchat: bool = False
    hooks: Mapping[str, str] = field(default_factory=dict, repr=False)


def _url(*schemes: str) -> Any:
    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError
        if parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("；只写到服务器为止，不要带密钥和口令")
        return text.rstrip("/").removesuffix("/cgi-bin")

    return read


def _callback(text: str) -> str:
    """Give back the address of a callback, which has a place of its own."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", parts.path) or text != (
        f"{parts.scheme}://{parts.netloc}{parts.path}"
    ):
        raise ValueError("；要有路径，且只含字母、数字和 . _ ~ -")
    if parts.path in _RESERVED:
        raise ValueError("；这个路径已有他用")
    return text


def _number(value: Any) -> int:
    """Give back an AgentId, 0 for none; WeCom shows it as a number."""
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"\d{0,12}", text):
        raise ValueError
    return int(text or 0)


def _hooks(text: str) -> dict[str, str]:
    """Read "name=key;name=key"; a whole address of a webhook stands for its key."""
    found: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in re.split("[;；\n]", text))):
        name, _, key = part.partition("=")
        name, key = name.strip(), key.rpartition("key=")[2].strip()
        if not name or not re.fullmatch(r"[A-Za-z0-9-]{8,64}", key):
            raise ValueError
        if name in found:
            raise ValueError("；有重复的名称")
        found[name] = key
    return found


KEYS: dict[str, Key] = {
    "wecom.api_url": Key(
        meaning="企业微信接口的地址",
        example=f'api_url = "{_API}"',
        read=or_empty(_url("http", "https")),
        default=_API,
        secret=True,
    ),
    "wecom.socket_url": Key(
        meaning="企业微信长连接的地址",
        example=f'socket_url = "{_SOCKET}"',
        read=or_empty(_url("ws", "wss")),
        default=_SOCKET,
        secret=True,
    ),
    "wecom.corp_id": Key(
        meaning="企业 ID",
        example='corp_id = "ww0123456789abcdef"',
        read=like(r"[A-Za-z0-9_-]{1,64}"),
        default="",
    ),
    "wecom.agent_id": Key(
        meaning="应用的 AgentId",
        example="agent_id = 1000002",
        read=_number,
        default="",
    ),
    "wecom.app_callback": Key(
        meaning="应用接收消息的网址",
        example='app_callback = "https://bot.example.gov.cn/wecom/app"',
        read=or_empty(_callback),
        default="",
    ),
    "wecom.bot_id": Key(
        meaning="机器人的 ID",
        example='bot_id = "aib0123456789"',
        read=like(r"[A-Za-z0-9_-]{1,128}"),
        default="",
    ),
    "wecom.bot_name": Key(
        meaning="机器人在群里显示的名称",
        example='bot_name = "方案助手"',
        read=or_empty(str),
        default="",
    ),
    "wecom.bot_callback": Key(
        meaning="机器人接收消息的网址，留空即长连接",
        example='bot_callback = "https://bot.example.gov.cn/wecom/bot"',
        read=or_empty(_callback),
        default="",
    ),
}

_SECRET = Key(
    meaning="管理后台显示的 Secret（8–128 位字母、数字、“-”或“_”）",
    example="AbCd1234-EfGh5678",
    read=like(r"[A-Za-z0-9_-]{8,128}"),
    secret=True,
)
_TOKEN = Key(
    meaning="管理后台“随机获取”的 Token（1–32 位字母或数字）",
    example="AbCd1234",
    read=like("[A-Za-z0-9]{1,32}"),
    secret=True,
)
_AES_KEY = Key(
    meaning="管理后台“随机获取”的 EncodingAESKey（43 位字母或数字）",
    example="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    read=like("[A-Za-z0-9+/]{43}"),
    secret=True,
)
_HOOKS = Key(
    meaning="“名称=key”，多个用分号隔开",
    example="科协工作群=01234567-89ab-cdef-0123-456789abcdef",
    read=lambda value: _hooks(value) if isinstance(value, str) else {},
    secret=True,
)

APP_SECRET, APP_TOKEN = "BOT_WECOM_APP_SECRET", "BOT_WECOM_TOKEN"
APP_KEY = "BOT_WECOM_AES_KEY"
BOT_SECRET, BOT_TOKEN = "BOT_WECOM_BOT_SECRET", "BOT_WECOM_BOT_TOKEN"
BOT_KEY, HOOKS = "BOT_WECOM_BOT_AES_KEY", "BOT_WECOM_HOOKS"

SECRETS: dict[str, Key] = {
    APP_SECRET: _SECRET,
    APP_TOKEN: _TOKEN,
    APP_KEY: _AES_KEY,
    BOT_SECRET: _SECRET,
    BOT_TOKEN: _TOKEN,
    BOT_KEY: _AES_KEY,
    HOOKS: _HOOKS,
}

OUTSIDE = {
    "wecom.secret": APP_SECRET,
    "wecom.app_secret": APP_SECRET,
    "wecom.token": APP_TOKEN,
    "wecom.aes_key": APP_KEY,
    "wecom.encoding_aes_key": APP_KEY,
    "wecom.bot_secret": BOT_SECRET,
    "wecom.bot_token": BOT_TOKEN,
    "wecom.bot_aes_key": BOT_KEY,
    "wecom.hooks": HOOKS,
}
"""What people may write into the file that belongs into the environment alone."""

NEEDED: dict[str, Mapping[str, str]] = {
    "wecom_app": {
        "wecom.corp_id": "管理后台“我的企业”最下方的企业 ID",
        "wecom.agent_id": "管理后台“应用管理”里本应用的 AgentId",
        "wecom.app_callback": "应用“接收消息”里填的网址，公网可达",
        APP_SECRET: "管理后台“应用管理”里本应用的 Secret",
        APP_TOKEN: "应用“接收消息”里的 Token，请点“随机获取”",
        APP_KEY: "应用“接收消息”里的 EncodingAESKey，请点“随机获取”",
    },
    "wecom_bot": {
        "wecom.bot_id": "智能机器人“API 模式”里的 Bot ID",
        "wecom.bot_name": "机器人在群里显示的名称，用来认出 @ 它的话",
    },
    "wecom_hook": {HOOKS: "群机器人的名称和 key，如 科协工作群=0123…"},
}
"""What each channel cannot do without, and where it is found."""

NEEDED_ON_SOCKET = {BOT_SECRET: "智能机器人“长连接”方式的 Secret"}
NEEDED_ON_CALLBACK = {
    BOT_TOKEN: "智能机器人“URL 回调”里的 Token",
    BOT_KEY: "智能机器人“URL 回调”里的 EncodingAESKey",
}


def needed_by(channels: tuple[str, ...], *, bot_callback: str) -> dict[str, str]:
    """List what may not be missing, with where to find it."""
    found: dict[str, str] = {}
    for name in channels:
        found |= NEEDED.get(name, {})
    if "wecom_bot" in channels:
        found |= NEEDED_ON_CALLBACK if bot_callback else NEEDED_ON_SOCKET
    return found


def make(
    channels: tuple[str, ...], values: Mapping[str, Any], secrets: Mapping[str, Any]
) -> WecomSettings | None:
    """Put the values together; None if the office does not use WeCom."""
    if not set(channels) & set(CHANNELS):
        return None
    app = bot = None
    if "wecom_app" in channels:
        app = WecomAppSettings(
            corp_id=values["wecom.corp_id"],
            agent_id=values["wecom.agent_id"],
            callback=values["wecom.app_callback"],
            secret=secrets[APP_SECRET],
            token=secrets[APP_TOKEN],
            aes_key=secrets[APP_KEY],
        )
    if "wecom_bot" in channels:
        bot = WecomBotSettings(
            bot_id=values["wecom.bot_id"],
            name=values["wecom.bot_name"],
            callback=values["wecom.bot_callback"],
            secret=secrets[BOT_SECRET],
            token=secrets[BOT_TOKEN],
            aes_key=secrets[BOT_KEY],
        )
    return WecomSettings(
        api_url=values["wecom.api_url"] or _API,
        socket_url=values["wecom.socket_url"] or _SOCKET,
        app=app,
        bot=bot,
        appchat="wecom_appchat" in channels,
        hooks=secrets[HOOKS] if "wecom_hook" in channels else {},
    )
