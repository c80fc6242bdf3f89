"""appchat: groups that the app itself has made; it pushes there, and hears nothing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.channels.wecom.api import BASE_URL, Api
from bot.channels.wecom.app_checkup import check_root
from bot.channels.wecom.errors import ApiError, Finding, delivery_error, remedy
from bot.channels.wecom.pushing import Push, read_push, write_pushes
from bot.channels.wecom.sending_app import hand_over
from bot.channels.wecom.tokens import TokenStore
from bot.errors import BotError, Refused
from bot.messages import Limit, Manners, Reply, Take

FOOT = "（本群只推送，听不到回复；办理请私聊本应用。）"
"""What stands below every text: who replies in the group is heard by nobody."""

MANNERS = Manners(limits=(Limit(200, 60.0), Limit(10_000, 86_400.0)))
"""Beyond 200 a minute and 10,000 a day to a member, who may be in every group, WeCom
drops messages without a word. Of 20,000 people a minute in all it tells, by 45009.
Source: developer documentation, path 90248."""

_CREATE, _GET = "/cgi-bin/appchat/create", "/cgi-bin/appchat/get"
_UPDATE = "/cgi-bin/appchat/update"
_SEND = "/cgi-bin/appchat/send"
_EXISTS = 86215
_MOST_NAME = 50  # characters; WeCom cuts off the rest and says nothing
_USER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}")
_PICTURES = (".jpg", ".jpeg", ".png")
_AGAIN = "请再运行一次同样的命令，不会重复建群。"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeGroup:
    """A group of the app's as WeCom has it; `is_new` unless it was there before.

    Then `added` are those of its members who were not in it.
    """

    address: str
    name: str
    owner: str
    members: tuple[str, ...]
    is_new: bool
    added: tuple[str, ...] = ()


class WecomAppchat:
    """The groups of one app; an address is the chatid that we gave to one.

    group = await channel.create("科协工作群", owner="ZhangSan", members=["LiSi"])
    for request in channel.write(group.address, reply):
        await channel.send(group.address, request)
    """

    name = "wecom_appchat"

    def __init__(
        self,
        *,
        corp_id: str,
        agent_id: int,
        secret: str,
        clock: Callable[[], datetime],
        base_url: str = BASE_URL,
        store: TokenStore | None = None,
        manners: Manners = MANNERS,
    ) -> None:
        """Prepare to speak as an app; by *store* it has the token that others have."""
        self.manners = manners
        self._agent_id = agent_id
        self._api = Api(
            corp_id=corp_id,
            secret=secret,
            name=str(agent_id),
            clock=clock,
            base_url=base_url,
            store=store,
        )

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Put *reply* into texts and files; choices are left out: nobody hears them."""
        return write_pushes(reply, foot=FOOT)

    async def start(self, take: Take) -> None:
        """Do nothing: nothing is heard from these groups."""

    async def send(self, address: str, request: str) -> str:
        """Push a request into a group; returns "", as WeCom names no message.

        Raises NotSent, Refused or Unanswered. WeCom does not drop copies here.
        """
        try:
            body = await self._body(read_push(request))
            await self._api.post(_SEND, {"chatid": address, **body, "safe": 0})
        except Exception as error:
            failure = delivery_error(error)
        else:
            return ""
        raise failure  # here, so that it drags no context along

    async def stop(self) -> None:
        """Close all connections; safe to call twice."""
        await self._api.close()

    async def check(self) -> list[Finding]:
        """Tell whether the app sees the root department: else it has no groups."""
        return [await check_root(self._api, agent_id=self._agent_id)]

    async def missing(self, address: str, people: Sequence[str]) -> list[str]:
        """List those of *people* who are not in a group; raises DeliveryError."""
        try:
            return _not_among(_members(await self._get(address)), people)
        except Exception as error:
            failure = delivery_error(error)
        raise failure  # here, so that it drags no context along

    async def create(
        self, name: str, *, owner: str, members: Sequence[str]
    ) -> MadeGroup:
        """Make a group; the owner is one of the members, named among them or not.

        Its id comes from its name. So whoever asks twice gets the group that is there,
        to which those who are not in it are added. Raises BotError, with the remedy.
        """
        people = list({one.casefold(): one for one in (owner, *members)}.values())
        _refuse_unfit(name, people)
        body = {
            "chatid": self._address_of(name),
            "name": name,
            "owner": owner,
            "userlist": people,
        }
        try:
            return await self._create(body)
        except Exception as error:
            failure = delivery_error(error)
        words = remedy(str(failure))
        if not isinstance(failure, Refused):
            words += _AGAIN
        raise BotError(str(failure), reply=words)

    async def _create(self, body: dict[str, Any]) -> MadeGroup:
        try:
            await self._api.post(_CREATE, body)
        except ApiError as error:
            if error.code != _EXISTS:
                raise
            return await self._complete(body)
        return MadeGroup(
            address=body["chatid"],
            name=body["name"],
            owner=body["owner"],
            members=tuple(body["userlist"]),
            is_new=True,
        )

    async def _complete(self, body: dict[str, Any]) -> MadeGroup:
        """Add to a group that is there whoever of *body* is not in it."""
        known = await self._get(body["chatid"])
        there = _members(known)
        added = _not_among(there, body["userlist"])
        if added:
            change = {"chatid": body["chatid"], "add_user_list": added}
            await self._api.post(_UPDATE, change)
        return MadeGroup(
            address=body["chatid"],
            name=str(known.get("name") or body["name"]),
            owner=str(known.get("owner") or body["owner"]),
            members=(*there, *added),
            is_new=False,
            added=tuple(added),
        )

    async def _get(self, address: str) -> dict[str, Any]:
        info = (await self._api.get(_GET, chatid=address)).get("chat_info")
        return info if isinstance(info, dict) else {}

    def _address_of(self, name: str) -> str:
        """Give a name its chatid, which is one of 32 letters and digits in the corp."""
        return sha256(f"{self._agent_id} {name}".encode()).hexdigest()[:32]

    async def _body(self, call: Push) -> dict[str, Any]:
        if not call.file:
            return call.body
        is_picture = call.is_picture and call.file_name.lower().endswith(_PICTURES)
        kind, media = await hand_over(
            self._api,
            call.file,
            kind="image" if is_picture else "file",
            name=call.file_name,
        )
        return {"msgtype": kind, kind: {"media_id": media}}


def _members(info: dict[str, Any]) -> list[str]:
    return [str(one) for one in info.get("userlist") or ()]


def _not_among(members: Sequence[str], people: Sequence[str]) -> list[str]:
    there = {one.casefold() for one in members}
    return [one for one in people if one.casefold() not in there]


def _refuse_unfit(name: str, people: Sequence[str]) -> None:
    """Raise BotError, with the remedy, for what WeCom cannot take or would cut."""
    strange = [one for one in people if not _USER.fullmatch(one)]
    words = ""
    if not 0 < len(name) <= _MOST_NAME or not name.isprintable():
        words = f"群名应为 1–{_MOST_NAME} 个字，且在一行内。"
    elif strange:
        words = (
            f"“{strange[0]}”不是企业微信账号：请填管理后台通讯录里的“账号”，不是姓名。"
        )
    elif len(people) < 2:
        words = "群成员至少 2 人（含群主）：请在 --members 里写上其他人，用逗号分开。"
    if words:
        raise BotError("no group can be made so", reply=words)
