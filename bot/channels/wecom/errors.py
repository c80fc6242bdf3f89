"""What WeCom's errcodes mean for a delivery, and what is to be done; pure."""

import logging
import re
from dataclasses import dataclass
from enum import Enum

from bot.channels.wecom.secrecy import hide
from bot.errors import DeliveryError, NotSent, Refused, Unanswered

log = logging.getLogger(__name__)

A_MINUTE, AN_HOUR = 60.0, 3600.0
"""Seconds that WeCom punishes for; those of a day last until midnight."""

STOPPED = 600.0
"""Seconds before what only an administrator can mend is tried again."""

_LONGEST = 200  # characters of an errmsg, as it may quote a message


class Kind(Enum):
    """What an errcode is about, and so who can mend it."""

    BUSY = "busy"  # by itself, soon
    TOKEN = "token"  # another token
    STOPPED = "stopped"  # the administrator; until then nothing goes out
    PERSON = "person"  # the person is not to be reached
    RIGHTS = "rights"  # we may not, or not from there
    SHAPE = "shape"  # we, in the program: the request is wrong
    CARD = "card"  # another task_id
    CODE = "code"  # nobody: the card was updated, or is too old
    TOO_OFTEN = "too often"  # time
    PLACE = "place"  # the group, or its robot, is gone
    SOCKET = "socket"  # another connection
    UNKNOWN = "unknown"


_CODES: dict[Kind, tuple[int, ...]] = {
    Kind.BUSY: (-1, 6000, 45033, 846601, 846602),
    Kind.TOKEN: (40001, 40014, 42001),
    Kind.STOPPED: (
        *(40013, 40056, 41001, 41011, 48002, 50003, 301002, 60020),
        *(93019, 853000, 853006),
    ),
    Kind.PERSON: (40003, 60111, 46004, 60021, 81013),
    Kind.RIGHTS: (60011, 92000, 92002),
    Kind.SHAPE: (
        *(40004, 40005, 40006, 40007, 40008, 40009, 40011, 40035, 40058, 40063),
        *(41016, 41048, 44001, 44004, 45001, 45002, 45004, 47001),
        *(600039, 846605, 846608),
    ),
    Kind.CARD: (*range(42014, 42021), *range(42021, 42050)),
    Kind.TOO_OFTEN: (45009,),
    Kind.PLACE: (
        *(40050, 86001, 86003, 86006, 86007, 86008, 86215, 86216),
        *(93000, 93004, 93006, 93008),
    ),
    Kind.SOCKET: (846609,),
}
_KINDS = {code: kind for kind, codes in _CODES.items() for code in codes}

_REMEDIES = {
    40001: "应用的 Secret 不对，或令牌被换掉了：请在企业微信管理后台“应用管理”里核对，"
    "改好环境变量 BOT_WECOM_APP_SECRET 后重新启动。",
    40013: "企业 ID 不对：请在管理后台“我的企业”最下方核对 wecom.corp_id。",
    40056: "应用的 AgentId 不对：请在管理后台“应用管理”里核对 wecom.agent_id。",
    41011: "缺少 AgentId：请核对 wecom.agent_id。",
    48002: "应用没有调用这个接口的权限：请在管理后台给应用开通。",
    50003: "应用被停用了：请在管理后台“应用管理”里重新启用。",
    301002: "AgentId 与 Secret 不是同一个应用的：请核对 wecom.agent_id 和"
    " BOT_WECOM_APP_SECRET。",
    853000: "机器人的 ID 或 Secret 不对：请核对 wecom.bot_id 和"
    " BOT_WECOM_BOT_SECRET（要用“长连接”方式的 Secret）。",
    853006: "本企业没有开通这个功能：请联系企业微信管理员。",
    93019: "机器人的 ID 不对：请核对 wecom.bot_id。",
    93000: "群机器人的地址无效或已被移出：请在群里重新添加，更新 BOT_WECOM_HOOKS。",
    93004: "群机器人被停用了：请群主在群里重新启用。",
    93008: "群机器人不在这个群里：请在群里重新添加，更新 BOT_WECOM_HOOKS。",
    60011: "应用没有权限看这些人员：请在管理后台调整应用的可见范围"
    "（往应用建的群里推送，要选整个企业）。",
    86003: "群不存在或已解散：请换一个名称，用 bot groups --create 重新建群。",
    86006: "群成员人数不对：至少 2 人，至多 2000 人，"
    "且不超过管理后台设的“群成员人数上限”。",
    86007: "群成员里有企业微信不认识的账号：请核对通讯录里的“账号”。",
    86008: "这个群不是本应用建的：请换一个名称，用 bot groups --create 重新建群。",
    86216: "群成员里有企业微信不认识的账号：请核对通讯录里的“账号”。",
}
_BY_KIND = {
    Kind.BUSY: "企业微信一时繁忙，程序会自动重试。",
    Kind.TOKEN: "访问令牌失效，程序会自动换新；一直如此请核对 BOT_WECOM_APP_SECRET。",
    Kind.STOPPED: "企业微信不许这个应用使用：请联系企业微信管理员。",
    Kind.PERSON: "成员不存在，或不在应用的可见范围内：请核对通讯录的“企业微信账号”，"
    "或在管理后台调整可见范围。",
    Kind.RIGHTS: "没有权限：请在管理后台调整应用的可见范围。",
    Kind.TOO_OFTEN: "调用过于频繁，程序会按企业微信的规定等待。",
    Kind.PLACE: "群不存在或机器人已不在群里：请重新添加并登记。",
    Kind.SOCKET: "长连接的订阅失效，程序会自动重连。",
}
_STRANGE = "企业微信返回了没见过的错误：请把日志交给管理员。"
_UNTRUSTED = (
    "本机出口 IP{} 不在应用的“企业可信IP”里：请在管理后台的应用详情页添加"
    "（先要设好接收消息的服务器），约一分钟后生效。"
)
_IP = re.compile(r"(?i)(?:from\s+ip|ip)\s*[:：]?\s*(?P<ip>[0-9a-f]*[.:][0-9a-f.:]+)")


class ApiError(Exception):
    """WeCom said no: `code` decides, `words` are only for people."""

    def __init__(self, code: int, words: str = "") -> None:
        self.code = code
        self.words = hide(words)[:_LONGEST]
        super().__init__(f"{code}: {self.words}" if words else str(code))

    @property
    def kind(self) -> Kind:
        """Return what it is about."""
        return kind_of(self.code)


class NotReached(Exception):
    """The server was never reached: the request certainly was not taken."""


class NoAnswer(Exception):
    """The request left us, and nothing came back that can be understood."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and what to do if not."""

    is_well: bool
    words: str


def kind_of(code: int) -> Kind:
    """Tell what an errcode is about."""
    return _KINDS.get(code, Kind.UNKNOWN)


def delivery_error(error: Exception) -> DeliveryError:
    """Tell what became of a delivery whose call ended in *error*.

    Whatever is not certain is Unanswered. No words of a stranger are quoted.
    """
    if isinstance(error, DeliveryError):
        return error
    if isinstance(error, ApiError):
        return _refusal(error)
    if isinstance(error, NotReached):
        return NotSent(f"NotReached: {error}", everywhere=True)
    if isinstance(error, NoAnswer):
        return Unanswered(f"NoAnswer: {error}")
    return Unanswered(type(error).__name__)


def _refusal(error: ApiError) -> DeliveryError:
    words, kind = f"ApiError: {error}", error.kind
    if kind in (Kind.BUSY, Kind.SOCKET):
        return NotSent(words)
    if kind is Kind.TOKEN or error.code == 60020:
        return NotSent(words, retry_after=A_MINUTE, everywhere=True)
    if kind is Kind.STOPPED:
        return NotSent(words, retry_after=STOPPED, everywhere=True)
    if kind is Kind.TOO_OFTEN:
        return NotSent(words, retry_after=A_MINUTE, everywhere=True)
    if kind is Kind.UNKNOWN:
        log.warning("WeCom says %d, which nobody knows", error.code)
    return Refused(words, gone=kind in (Kind.PERSON, Kind.PLACE))


def remedy(trouble: str) -> str:
    """Say in Chinese what a trouble means, and what to do; "" for none.

    *trouble* is the text of one of our errors, as a channel tells it.
    """
    if not trouble:
        return ""
    found = re.search(r"ApiError: (-?\d+)", trouble)
    if found is None:
        return _unreached(trouble)
    code = int(found[1])
    if code == 60020:
        ip = untrusted_ip(trouble)
        return _UNTRUSTED.format(f" {ip}" if ip else "")
    return _REMEDIES.get(code) or f"{_BY_KIND.get(kind_of(code), _STRANGE)}（{code}）"


def untrusted_ip(words: str) -> str:
    """Return the address of ours that an errmsg names, "" if it names none."""
    found = _IP.search(words)
    return found["ip"].strip(".:") if found else ""


def _unreached(trouble: str) -> str:
    if "NotReached" in trouble:
        return (
            "连不上企业微信：请检查网络和 DNS，内网出口要放行"
            " qyapi.weixin.qq.com 的 443 端口；私有部署请核对 wecom.api_url。"
        )
    if "NoAnswer" in trouble:
        return "企业微信没有按时答复，或答复读不懂：请检查网络，私有部署请核对地址。"
    return f"与企业微信通信出错：{trouble[:100]}"
