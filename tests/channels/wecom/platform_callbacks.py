"""The sending side of callbacks: seals, signs, posts, and repeats what fails.

    line = AppLine(http, "http://bot/wecom/app", corp, clock=clock)
    await line.verify()
    sending = await line.say("ZhangSan", "我的任务")
    assert sending.statuses == [200]

*http* is an httpx.AsyncClient: over the network, or over ASGITransport.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpx
from aibot_said import BOT_ID, Sayings
from platform_clock import PlatformClock
from platform_corp import AGENT, CALLBACK_KEY, CALLBACK_TOKEN, Corp
from platform_envelope import Envelope
from qyapi_responses import Responses

ATTEMPTS = 3
ECHO = "1616140317555161061"


@dataclass
class Sending:
    """One callback: the answers to its attempts, and what the last one said inside.

    `statuses` has 0 for an attempt that was not answered in time or at all.
    """

    fields: dict[str, Any]
    statuses: list[int] = field(default_factory=list)
    answer: str = ""

    @property
    def is_taken(self) -> bool:
        return self.statuses[-1] == 200


class Line:
    """One callback URL, as the platform calls it."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        envelope: Envelope,
        *,
        clock: PlatformClock,
        patience: float = 5.0,
    ) -> None:
        self.http, self.url, self.envelope = http, url, envelope
        self.clock, self.patience = clock, patience
        self.sendings: list[Sending] = []

    def signed(self, encrypted: str, *, at: int | None = None) -> dict[str, str]:
        """Give the query of a signed call."""
        timestamp = str(self.clock.seconds if at is None else at)
        nonce = str(uuid4().int % 10**10)
        signature = self.envelope.sign(
            timestamp=timestamp, nonce=nonce, encrypted=encrypted
        )
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}

    async def verify(self, echo: str = ECHO) -> httpx.Response:
        """Call as when the URL is saved; the answer must be *echo* and nothing else."""
        encrypted = self.envelope.seal(echo)
        query = {**self.signed(encrypted), "echostr": encrypted}
        return await self.http.get(self.url, params=query, timeout=self.patience)

    async def post(self, fields: Mapping[str, Any]) -> Sending:
        """Send a callback, up to three times until it is answered 200 in time."""
        sending = Sending(dict(fields))
        self.sendings.append(sending)
        for _ in range(ATTEMPTS):
            status = await self._attempt(sending)
            sending.statuses.append(status)
            if status == 200:
                break
        return sending

    async def repeat(self, sending: Sending) -> Sending:
        """Send the same message anew, as the platform does when an answer got lost."""
        return await self.post(sending.fields)

    async def post_raw(
        self, body: bytes, query: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Post any bytes once; for hostile callers."""
        return await self.http.post(self.url, params=query, content=body)

    async def _attempt(self, sending: Sending) -> int:
        encrypted = self.envelope.seal(self.write(sending.fields))
        query = self.signed(encrypted)
        try:
            answer = await self.http.post(
                self.url,
                params=query,
                content=self.wrap(encrypted),
                timeout=self.patience,
            )
        except httpx.TransportError:
            return 0
        if answer.status_code == 200 and answer.content:
            sending.answer = self.unwrap(answer.content, query)
        return answer.status_code

    def write(self, fields: Mapping[str, Any]) -> str:
        raise NotImplementedError

    def wrap(self, encrypted: str) -> bytes:
        raise NotImplementedError

    def unwrap(self, content: bytes, query: Mapping[str, str]) -> str:
        raise NotImplementedError

    def _open(self, encrypted: str, *, signature: str, at: str, nonce: str) -> str:
        """Open an answer; ValueError if it is not signed as it must be."""
        right = self.envelope.sign(timestamp=at, nonce=nonce, encrypted=encrypted)
        if signature != right:
            raise ValueError("the answer is not signed")
        return self.envelope.open(encrypted)


class AppLine(Line):
    """Callbacks of a self-built application: encrypted XML."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        corp: Corp,
        *,
        clock: PlatformClock,
        agentid: int = AGENT,
        patience: float = 5.0,
    ) -> None:
        envelope = corp.envelope(agentid)
        super().__init__(http, url, envelope, clock=clock, patience=patience)
        self.corp, self.agentid = corp, agentid
        self._numbers = count(4561255354251345929)

    def message(self, who: str, kind: str, **fields: Any) -> dict[str, Any]:
        """Make a message of a member to the application."""
        number = next(self._numbers)
        return {**self._head(who, kind), **fields, "MsgId": number, **self._tail()}

    def event(self, who: str, kind: str, **fields: Any) -> dict[str, Any]:
        """Make an event: it has no MsgId."""
        return {**self._head(who, "event"), "Event": kind, **fields, **self._tail()}

    def click(
        self,
        who: str,
        key: str,
        *,
        task_id: str,
        code: str,
        chosen: Mapping[str, list[str]] | None = None,
    ) -> dict[str, Any]:
        """Make the event of a pressed card; *code* is its new response_code."""
        items = [
            {"QuestionKey": question, "OptionIds": {"OptionId": options}}
            for question, options in (chosen or {}).items()
        ]
        selected = {"SelectedItems": {"SelectedItem": items}} if items else {}
        return self.event(
            who,
            "template_card_event",
            EventKey=key,
            TaskId=task_id,
            CardType="button_interaction",
            ResponseCode=code,
            **selected,
        )

    async def say(self, who: str, words: str) -> Sending:
        return await self.post(self.message(who, "text", Content=words))

    def write(self, fields: Mapping[str, Any]) -> str:
        return f"<xml>{_xml(fields)}</xml>"

    def wrap(self, encrypted: str) -> bytes:
        outer = {
            "ToUserName": self.corp.corpid,
            "AgentID": str(self.agentid),
            "Encrypt": encrypted,
        }
        return f"<xml>{_xml(outer)}</xml>".encode()

    def unwrap(self, content: bytes, query: Mapping[str, str]) -> str:
        parts = {one.tag: one.text or "" for one in ElementTree.fromstring(content)}
        return self._open(
            parts["Encrypt"],
            signature=parts["MsgSignature"],
            at=parts["TimeStamp"],
            nonce=parts["Nonce"],
        )

    def _head(self, who: str, kind: str) -> dict[str, Any]:
        return {
            "ToUserName": self.corp.corpid,
            "FromUserName": who,
            "CreateTime": self.clock.seconds,
            "MsgType": kind,
        }

    def _tail(self) -> dict[str, Any]:
        return {"AgentID": self.agentid}


class BotLine(Line):
    """Callbacks of a robot in URL mode: encrypted JSON, the receiver is empty."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        *,
        clock: PlatformClock,
        bot_id: str = BOT_ID,
        token: str = CALLBACK_TOKEN,
        key: str = CALLBACK_KEY,
        responses: Responses | None = None,
        patience: float = 5.0,
    ) -> None:
        envelope = Envelope(token=token, key=key, receiver="")
        super().__init__(http, url, envelope, clock=clock, patience=patience)
        self.sayings = Sayings(bot_id, clock)
        self.responses = responses

    async def say(self, who: str, words: str, *, chat: str = "") -> Sending:
        return await self.post_body(self.sayings.text(who, words, chat=chat))

    async def post_body(self, body: dict[str, Any]) -> Sending:
        """Send a message or event, with a response_url if there is who serves it."""
        if self.responses and "response_url" not in body:
            chat = body.get("chatid") or body["from"]["userid"].lower()
            url = self.responses.new_url(bot=self.sayings.bot_id, chat=chat)
            body = {**body, "response_url": url}
        return await self.post(body)

    async def poll(self, sending: Sending, stream_id: str) -> Sending:
        """Ask for more of a stream, as the platform does until it is finished."""
        kept = {key: sending.fields[key] for key in ("aibotid", "chattype", "from")}
        if "chatid" in sending.fields:
            kept["chatid"] = sending.fields["chatid"]
        msgid = self.sayings.new_msgid()
        body = {
            **kept,
            "msgid": msgid,
            "msgtype": "stream",
            "stream": {"id": stream_id},
        }
        return await self.post(body)

    def write(self, fields: Mapping[str, Any]) -> str:
        return json.dumps(fields, ensure_ascii=False)

    def wrap(self, encrypted: str) -> bytes:
        return json.dumps({"encrypt": encrypted}).encode()

    def unwrap(self, content: bytes, query: Mapping[str, str]) -> str:
        answer = json.loads(content)
        if answer["nonce"] != query["nonce"]:
            raise ValueError("the answer's nonce is not the URL's")
        if not isinstance(answer["timestamp"], int):
            raise ValueError("the answer's timestamp is no number")
        return self._open(
            answer["encrypt"],
            signature=answer["msgsignature"],
            at=str(answer["timestamp"]),
            nonce=answer["nonce"],
        )


def _xml(fields: Mapping[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_xml(value)}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    if "]]>" in value:
        return f"<{name}>{escape(value)}</{name}>"
    return f"<{name}><![CDATA[{value}]]></{name}>"
