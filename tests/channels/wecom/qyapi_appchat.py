"""appchat: groups that an application made, and what it puts there."""

import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from platform_clock import PlatformClock
from platform_corp import App, Corp
from platform_rates import DAY, HOUR, MINUTE, Penalties, Windows
from platform_refusal import Refusal, byte_length, cut, field_of
from qyapi_calls import Call, Post
from qyapi_media import Media

_CHATID = re.compile(r"[0-9A-Za-z]{1,32}")
_MEDIA = ("image", "voice", "video", "file")


@dataclass
class AppChat:
    chatid: str
    agentid: int
    name: str
    owner: str
    members: list[str]


class AppChats:
    """The groups of all applications."""

    def __init__(self, corp: Corp, clock: PlatformClock, media: Media) -> None:
        self.corp, self.clock, self.media = corp, clock, media
        self.chats: dict[str, AppChat] = {}
        self.posts: list[Post] = []
        self.dropped: list[Post] = []
        self.create_rate = Penalties((1000, DAY))
        self.change_rate = Penalties((1000, HOUR))
        self.send_rate = Windows((20_000, MINUTE), (150_000, HOUR))
        self.member_rate = Windows((200, MINUTE), (10_000, DAY))
        self._numbers = count(1)
        self.routes = {
            "appchat/create": self.create,
            "appchat/update": self.update,
            "appchat/get": self.get,
            "appchat/send": self.send,
        }

    async def create(self, call: Call, app: App) -> dict[str, Any]:
        body = call.body
        _check_root(app)
        self._check_rate(self.create_rate)
        chatid = body.get("chatid") or f"made{next(self._numbers):08}"
        if not isinstance(chatid, str) or not _CHATID.fullmatch(chatid):
            raise Refusal(86001, "invalid chatid")
        if chatid in self.chats:
            raise Refusal(86215)
        members = self._members(field_of(body, "userlist", list))
        owner = str(body.get("owner") or members[0])
        if owner.lower() not in [one.lower() for one in members]:
            raise Refusal(86005, "owner is not in userlist")
        name = str(body.get("name") or "")[:50]
        self.chats[chatid] = AppChat(chatid, app.agentid, name, owner, members)
        return {"chatid": chatid}

    async def update(self, call: Call, app: App) -> dict[str, Any]:
        body = call.body
        self._check_rate(self.change_rate)
        chat = self._chat(body.get("chatid"), app)
        gone = {one.lower() for one in body.get("del_user_list") or []}
        stay = [one for one in chat.members if one.lower() not in gone]
        chat.members = self._members(stay + list(body.get("add_user_list") or []))
        chat.name = str(body.get("name") or chat.name)[:50]
        chat.owner = str(body.get("owner") or chat.owner)
        return {}

    async def get(self, call: Call, app: App) -> dict[str, Any]:
        _check_root(app)
        chat = self._chat(call.query.get("chatid"), app)
        info = {
            "chatid": chat.chatid,
            "name": chat.name,
            "owner": chat.owner,
            "userlist": chat.members,
            "chat_type": 0,
        }
        return {"chat_info": info}

    async def send(self, call: Call, app: App) -> dict[str, Any]:
        body = call.body
        _check_root(app)
        chat = self._chat(body.get("chatid"), app)
        content = self._content(body)
        people = len(chat.members)  # a message to a hundred counts a hundred times
        corp = self.corp.corpid
        if not self.send_rate.take(corp, now=self.clock(), times=people):
            raise Refusal(45009)
        post = Post(
            app.agentid, chat.chatid, body["msgtype"], content, "", self.clock()
        )
        self.posts.append(post)
        for userid in chat.members:
            key = (chat.chatid, userid.lower())
            if not self.member_rate.take(key, now=self.clock()):
                self.dropped.append(post)
        return {}  # no msgid is documented

    def dissolve(self, chatid: str) -> None:
        """Let the owner end a group."""
        del self.chats[chatid]

    def _content(self, body: dict[str, Any]) -> dict[str, Any]:
        kind = body.get("msgtype")
        if kind not in ("text", "markdown", "textcard", "news", "mpnews", *_MEDIA):
            raise Refusal(40008)
        content = dict(field_of(body, kind, dict))
        if kind in _MEDIA:
            self.media.find(field_of(content, "media_id"))
        if kind in ("text", "markdown") and not field_of(content, "content").strip():
            raise Refusal(44004)
        if kind == "text":
            field_of({"mentioned_list": [], **content}, "mentioned_list", list)
            content["content"] = cut(content["content"], 2048)
        elif kind == "markdown" and byte_length(content["content"]) > 2048:
            raise Refusal(45002)
        return content

    def _members(self, userids: list[Any]) -> list[str]:
        if not 2 <= len(userids) <= 2000:
            raise Refusal(86006)
        for userid in userids:
            if not isinstance(userid, str) or not self.corp.member(userid):
                raise Refusal(86007, str(userid))
        return [str(one) for one in userids]

    def _chat(self, chatid: Any, app: App) -> AppChat:
        chat = self.chats.get(chatid)
        if chat is None:
            raise Refusal(86003)
        if chat.agentid != app.agentid:
            raise Refusal(86008)
        return chat

    def _check_rate(self, rate: Penalties) -> None:
        if not rate.allow(self.corp.corpid, now=self.clock()):
            raise Refusal(45009)


def _check_root(app: App) -> None:
    if not app.sees_root:
        raise Refusal(60011, "the visible range must be the root department")
