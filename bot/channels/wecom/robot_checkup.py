"""What `bot check` tells of a robot; pure, for nobody may be asked beside it."""

from bot.channels.wecom.errors import Finding, remedy

_REMEDIES = {
    "Kicked": "另有程序用同一个机器人 ID 建立了长连接，本程序被挤下线，正在低频重试："
    "请停掉另一个程序，测试和正式环境各用各的机器人。",
    "Unsubscribed": "长连接还在，但订阅已失效，程序会自动重连；"
    "一直如此请把日志交给管理员。",
    "Deaf": "长连接没有应答，程序会自动重连；"
    "一直如此请检查网络和防火墙的空闲断线设置。",
    "Dropped": "长连接断开，程序会自动重连；一直如此请检查网络。",
    "StoreError": "消息收到了但存不进数据库：请检查数据库和磁盘。",
    "NotReached": "连不上企业微信的长连接：请检查网络和 DNS，内网出口要放行"
    " openws.work.weixin.qq.com 的 443 端口；私有部署请核对 wecom.socket_url。",
}
_NAMELESS = (
    "没有配置机器人的名称（wecom.bot_name）：群里的话以“@名称”开头，"
    "名称中有空格时去不干净，请照企业微信里显示的名称填写。"
)


def remedy_of_robot(trouble: str) -> str:
    """Say in Chinese what a trouble of listening means, and what to do; "" for none."""
    return _REMEDIES.get(trouble.partition(":")[0]) or remedy(trouble)


def check_robot(*, bot_name: str, trouble: str, listens: bool = True) -> list[Finding]:
    """Tell of the subscription and of the name.

    *trouble* is what the process that listens last told, *listens* whether there is
    one. A subscription of our own would end the one that is looked at.
    """
    return [_subscription(trouble, listens=listens), *check_name(bot_name)]


def check_name(bot_name: str) -> list[Finding]:
    """Tell if the robot has no name: then its calls are not known in all groups."""
    return [] if bot_name else [Finding(False, _NAMELESS)]


def _subscription(trouble: str, *, listens: bool) -> Finding:
    if trouble:
        return Finding(False, f"长连接：{remedy_of_robot(trouble)}")
    if not listens:
        return Finding(False, "长连接：没有程序在监听，请运行 bot run。")
    return Finding(True, "长连接：已订阅")
