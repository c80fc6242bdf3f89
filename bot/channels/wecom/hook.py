"""Webhook robots (消息推送): each speaks in its group, and hears nothing."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from bot.channels.wecom.api import BASE_URL, Client, read_file
from bot.channels.wecom.errors import (
    A_MINUTE,
    ApiError,
    Finding,
    Kind,
    delivery_error,
)
from bot.channels.wecom.pushing import Push, read_push, write_pushes
from bot.errors import DeliveryError, NotSent, Refused, SettingsError, Unanswered
from bot.messages import Limit, Manners, Reply, Take

_MOST_PICTURE = 2 * 1024 * 1024  # bytes; larger ones go as files
_LEAST_FILE = 6
_SEND, _UPLOAD = "/cgi-bin/webhook/send", "/cgi-bin/webhook/upload_media"
_KEY = re.compile("[A-Za-z0-9-]{8,64}")

FOOT = "（群机器人听不到回复，办理请私聊应用或智能机器人。）"
"""What stands below a text that asks for something."""

_OF_A_HOOK = (Limit(20, 60.0),)


def _limits_of(address: str) -> tuple[Limit, ...]:
    return _OF_A_HOOK


MANNERS = Manners(limits_of=_limits_of)
"""20 a minute through one webhook."""


class WecomHook:
    """The webhooks of an office; an address is the name that the office gave to one.

    channel = WecomHook(hooks={"科协工作群": key})
    for request in channel.write("科协工作群", reply):
        await channel.send("科协工作群", request)
    """

    name = "wecom_hook"

    def __init__(
        self,
        *,
        hooks: Mapping[str, str],
        base_url: str = BASE_URL,
        manners: Manners = MANNERS,
    ) -> None:
        """Prepare; *hooks* are keys by names. Raises SettingsError, without a key."""
        for name, key in hooks.items():
            if not _KEY.fullmatch(key):
                words = f"群机器人“{name}”的 key 格式不对，请从机器人的地址里复制。"
                raise SettingsError("the key of a webhook has no form", reply=words)
        self.manners = manners
        self._hooks = dict(hooks)
        self._client = Client(base_url)

    def __repr__(self) -> str:
        """Say what it is, without the keys."""
        return f"WecomHook({', '.join(self._hooks)})"

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Put *reply* into texts and files; choices are left out: nobody hears them."""
        return write_hook(reply)

    async def start(self, take: Take) -> None:
        """Do nothing: a webhook hears nothing."""

    async def send(self, address: str, request: str) -> str:
        """Push a request into the group of the webhook called *address*; returns "".

        Raises NotSent, Refused or Unanswered; none of them tells a key.
        """
        call = read_push(request)
        key = self._hooks.get(address)
        if key is None:
            raise Refused(f"there is no webhook called {address!r}")
        try:
            body = await self._with_file(key, call) if call.file else call.body
            await self._client.ask("POST", _SEND, params={"key": key}, body=body)
        except Exception as error:
            failure = _failure(error)
        else:
            return ""
        raise failure

    async def stop(self) -> None:
        """Close all connections; safe to call twice."""
        await self._client.close()

    def check(self) -> list[Finding]:
        """Tell which groups have a webhook; asking would post something there."""
        names = "、".join(self._hooks)
        return [Finding(bool(names), f"群机器人：{names or '没有配置'}")]

    async def _with_file(self, key: str, call: Push) -> dict[str, Any]:
        content = await read_file(call.file)
        if call.is_picture and len(content) <= _MOST_PICTURE:
            return await asyncio.to_thread(_picture, content)
        if len(content) < _LEAST_FILE:
            raise Refused("the file is empty")
        media_id = await self._upload(key, call.file_name, content)
        return {"msgtype": "file", "file": {"media_id": media_id}}

    async def _upload(self, key: str, name: str, content: bytes) -> str:
        """Hand a file over; returns its id. Whatever fails, no message went out."""
        part = (name, content, "application/octet-stream")
        params = {"key": key, "type": "file"}
        try:
            answer = await self._client.ask(
                "POST", _UPLOAD, params=params, files={"media": part}
            )
        except Exception as error:
            failure = _failure(error)
        else:
            return str(answer.get("media_id") or "")
        if isinstance(failure, Unanswered):
            failure = NotSent(str(failure))
        raise failure


def write_hook(reply: Reply) -> tuple[str, ...]:
    """Put *reply* into pushes; what asks for an answer says where it is heard."""
    return write_pushes(reply, foot=FOOT if reply.buttons or reply.unheard else "")


def _picture(content: bytes) -> dict[str, Any]:
    image = {
        "base64": base64.b64encode(content).decode(),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }
    return {"msgtype": "image", "image": image}


def _failure(error: Exception) -> DeliveryError:
    """Tell what an error means here: a flood is one of this webhook alone."""
    if isinstance(error, ApiError) and error.kind is Kind.TOO_OFTEN:
        return NotSent(f"ApiError: {error}", retry_after=A_MINUTE)
    return delivery_error(error)
