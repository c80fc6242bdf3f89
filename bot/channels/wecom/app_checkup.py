"""What `bot check` tells of the app: token, trusted IP, agent, callback."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from bot.channels.wecom.api import Api
from bot.channels.wecom.crypto import Seal
from bot.channels.wecom.errors import Finding, delivery_error, remedy

_SOON = 5.0  # seconds that our own address gets to answer
_ECHO, _NONCE = "6180339887498948482", "bot0check0"
_UNREACHED = (
    "回调地址 {url} 访问不通（{why}）：请检查域名、反向代理和防火墙，"
    "并确认 bot run（或 bot web）在运行。"
    "内网机器访问不到自己的公网地址时，请从外网再试。"
)
_ROOT = 1  # the number of the department that is above all
_NOT_ROOT = (
    "应用的可见范围不是根部门，建不了群、推送不了：请在管理后台“应用管理”里把可见范围"
    "改为整个企业，或从 office.channels 里去掉 wecom_appchat。"
)
_NOT_OURS = (
    "回调地址 {url} 有应答，但不是本程序的（{why}）：请核对反向代理是否把这个路径"
    "转到 web.listen，以及 Token、EncodingAESKey 是否与管理后台一致。"
)


async def check_app(
    api: Api,
    *,
    agent_id: int,
    callback: str,
    seal: Seal,
    clock: Callable[[], datetime],
) -> list[Finding]:
    """Look at an app; never raises: what WeCom does not say is a finding too."""
    called = _agent(api, agent_id)
    if not callback:
        return await called
    own, reached = await asyncio.gather(called, _callback(callback, seal, clock()))
    return [*own, reached]


async def check_root(api: Api, *, agent_id: int) -> Finding:
    """Tell whether an app sees the root department; never raises."""
    try:
        agent = await api.get("/cgi-bin/agent/get", agentid=str(agent_id))
    except Exception as error:
        return Finding(False, remedy(str(delivery_error(error))))
    if _ROOT not in _within(agent, "allow_partys", "partyid"):
        return Finding(False, _NOT_ROOT)
    return Finding(True, "可见范围是根部门，可以建群、推送")


async def _agent(api: Api, agent_id: int) -> list[Finding]:
    try:
        await api.tokens.get()
    except Exception as error:
        return [Finding(False, remedy(str(delivery_error(error))))]
    found = [Finding(True, "访问令牌正常")]
    try:
        agent = await api.get("/cgi-bin/agent/get", agentid=str(agent_id))
    except Exception as error:
        return [*found, Finding(False, remedy(str(delivery_error(error))))]
    found.append(Finding(True, "可信 IP 正常"))
    name = str(agent.get("name") or "")
    if agent.get("close"):
        words = f"应用“{name}”被停用了：请在管理后台“应用管理”里重新启用。"
        return [*found, Finding(False, words)]
    return [*found, Finding(True, f"应用“{name}”（{agent_id}）可用"), _scope(agent)]


def _scope(agent: dict[str, Any]) -> Finding:
    """Tell who may be reached: nobody else gets anything from this app."""
    people = len(_within(agent, "allow_userinfos", "user"))
    parties = len(_within(agent, "allow_partys", "partyid"))
    tags = len(_within(agent, "allow_tags", "tagid"))
    if not (people or parties or tags):
        words = "应用的可见范围是空的，发不出消息：请在管理后台设置可见范围。"
        return Finding(False, words)
    return Finding(True, f"可见范围：{parties} 个部门、{people} 名成员、{tags} 个标签")


def _within(agent: dict[str, Any], *names: str) -> list[Any]:
    value: Any = agent
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


async def _callback(url: str, seal: Seal, now: datetime) -> Finding:
    """Call our own address as WeCom does when it is saved."""
    sealed = seal.seal(_ECHO, nonce=_NONCE, timestamp=str(int(now.timestamp())))
    query = {
        "msg_signature": sealed.signature,
        "timestamp": sealed.timestamp,
        "nonce": sealed.nonce,
        "echostr": sealed.encrypt,
    }
    try:
        async with httpx.AsyncClient(timeout=_SOON, trust_env=False) as http:
            answer = await http.get(url, params=query)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        why = type(error).__name__
        return Finding(False, _UNREACHED.format(url=url, why=why))
    if answer.status_code != 200 or answer.text != _ECHO:
        why = f"HTTP {answer.status_code}"
        return Finding(False, _NOT_OURS.format(url=url, why=why))
    return Finding(True, f"回调地址 {url} 可以访问")
