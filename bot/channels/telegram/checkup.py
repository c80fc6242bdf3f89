"""What `bot check` tells of a bot: token, privacy, webhook, rights in its groups."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from telegram.error import ChatMigrated

from bot.channels.telegram.addresses import read_address
from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import delivery_error
from bot.channels.telegram.objects import ALLOWED_UPDATES, Me, Member

_MANY = 100  # updates that wait; then nobody fetches them
_AT_ONCE = 8  # groups that are asked about
_HOUR = timedelta(hours=1)

_REMEDIES = {
    "Conflict": "另有程序在用同一个令牌收消息（409）：请停掉它，测试和正式环境各用各的"
    "机器人；不知道是谁，就到 BotFather 用 /revoke 换一个新令牌。",
    "InvalidToken": "令牌无效（401）：请到 BotFather 用 /token 查看，"
    "改好环境变量 BOT_TELEGRAM_TOKEN 后重新启动。",
    "EndPointNotFound": "服务器不认这个令牌或地址（404）："
    "请核对 BOT_TELEGRAM_TOKEN 和 telegram.base_url。",
    "Forbidden": "Telegram 不许这个机器人使用（403）：请到 BotFather 看它是否被停用。",
    "NotReached": "连不上 Telegram：请检查网络和 DNS；"
    "网络到不了的地方要配代理（telegram.proxy），并确认代理开着；"
    "经镜像（telegram.base_url）的，看镜像是否放行。",
    "TimedOut": "Telegram 没有按时答复：请检查网络和代理。",
    "Flooded": "Telegram 嫌请求太多（429），程序会按它的要求等待，过一会儿再看。",
    "StoreError": "消息收到了但存不进数据库：请检查数据库和磁盘。",
}
_NO_ANSWER = "Telegram 的答复读不懂或中途断了：请检查网络和代理。"


def remedy(trouble: str) -> str:
    """Say in Chinese what a trouble of listening or calling means, and what to do."""
    if "could not be kept" in trouble:
        return _REMEDIES["StoreError"]
    kind = trouble.partition(":")[0]
    return _REMEDIES.get(kind, _NO_ANSWER)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and what to do if not."""

    is_well: bool
    words: str


async def check_bot(
    api: Api,
    groups: Sequence[str],
    *,
    webhook: str,
    now: datetime,
    titles: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Look at a bot; *webhook* is the address that should be set, "" for polling.

    *titles* are what the groups are called. Never raises: what Telegram does not say is
    a finding too.
    """
    try:
        me = msgspec.convert(await api.call("getMe"), Me)
    except Exception as error:
        failure = delivery_error(error)
        return [Finding(False, remedy(str(failure)))]
    findings = [Finding(True, f"机器人 @{me.username}（{me.id}）可用"), _privacy(me)]
    if not me.can_join_groups:
        findings.append(
            Finding(False, "不能被加入群：请在 BotFather 用 /setjoingroups 打开。")
        )
    try:
        info = await api.call("getWebhookInfo")
        findings += _webhook(info, expected=webhook, now=now)
    except Exception as error:
        failure = delivery_error(error)
        findings.append(Finding(False, f"查不到 webhook 状态：{failure}"))
    turns = asyncio.Semaphore(_AT_ONCE)

    async def look(group: str) -> Finding:
        async with turns:
            return await _group(api, group, me, title=(titles or {}).get(group, ""))

    return findings + list(await asyncio.gather(*map(look, groups)))


def _privacy(me: Me) -> Finding:
    if me.can_read_all_group_messages:
        return Finding(
            True,
            "群隐私模式已关：群里每句话都会送来，只处理 @、命令、回复和按钮。"
            "建议在 BotFather 用 /setprivacy 打开，再把机器人移出群后重新加入。",
        )
    return Finding(True, "群隐私模式已开：群里请用 /tasks@、回复机器人或按钮。")


def _webhook(info: dict[str, Any], *, expected: str, now: datetime) -> list[Finding]:
    url = str(info.get("url") or "")
    waiting = int(info.get("pending_update_count") or 0)
    findings = []
    if url == expected:
        way = "webhook" if url else "轮询"
        findings.append(Finding(True, f"接收方式：{way}，待取更新 {waiting} 条"))
    elif expected:
        findings.append(
            Finding(False, "webhook 未设成配置的地址：请启动 bot run 或 bot web。")
        )
    else:
        findings.append(
            Finding(False, "别处设了 webhook，轮询收不到消息：启动 bot run 会清除它。")
        )
    if waiting > _MANY:
        findings.append(
            Finding(False, f"有 {waiting} 条更新没人取：请看服务是否在运行。")
        )
    if words := str(info.get("last_error_message") or ""):
        at = datetime.fromtimestamp(int(info.get("last_error_date") or 0), UTC)
        is_over = not url or (not waiting and now - at > _HOUR)
        said = f"Telegram 上次投递失败（{_ago(now - at)}）：{words[:100]}"
        findings.append(Finding(is_over, said))
    missing = set(ALLOWED_UPDATES) - set(info.get("allowed_updates") or ALLOWED_UPDATES)
    if missing:
        findings.append(
            Finding(False, f"没有订阅 {'、'.join(sorted(missing))}：重新启动服务即可。")
        )
    return findings


def _ago(age: timedelta) -> str:
    if age < _HOUR:
        return "不到一小时前"
    return f"{age.days} 天前" if age.days else f"{age // _HOUR} 小时前"


async def _group(api: Api, group: str, me: Me, *, title: str) -> Finding:
    name = f"群“{title}”（{group}）" if title else f"群 {group}"
    try:
        raw = await api.call(
            "getChatMember", chat_id=read_address(group).chat, user_id=me.id
        )
        member = msgspec.convert(raw, Member)
    except ChatMigrated as error:  # what is sent there follows it, and so do we
        return await _group(api, str(error.new_chat_id), me, title=title)
    except Exception as error:
        failure = delivery_error(error)
        return Finding(
            False,
            f"{name}：查不到，机器人可能已被移出（{failure}）；请重新拉它进群并登记。",
        )
    if not member.may_speak:
        return Finding(
            False,
            f"{name}：不能发言（{member.status}），请群主恢复，或重新拉它进群。",
        )
    rights = await _rights_of_all(api, group) if member.status == "member" else {}
    if not rights.get("can_send_messages", True):
        return Finding(
            False,
            f"{name}：群里只许管理员发言，请把机器人设为管理员，或放开成员发言。",
        )
    if not (rights.get("can_send_documents", True) and member.can_send_documents):
        return Finding(
            False,
            f"{name}：群里不许发文件，附件送不进去（正文照常）："
            "请把机器人设为管理员，或放开成员发文件。",
        )
    place = "管理员" if member.status in ("administrator", "creator") else "普通成员"
    return Finding(True, f"{name}：{place}，可以发言")


async def _rights_of_all(api: Api, group: str) -> dict[str, Any]:
    """Return what whoever is in a group may do there; {} if nobody knows."""
    try:
        chat = await api.call("getChat", chat_id=read_address(group).chat)
        return dict(chat["permissions"])
    except Exception:  # of a kind that tells of no permissions, or of none at all
        return {}
