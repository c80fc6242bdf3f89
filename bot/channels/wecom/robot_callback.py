"""The robot behind a callback URL, where long connections are not allowed.

It is called, and answers each message once, within an hour, by an address that comes
with it. It cannot speak unasked, nor change a card later. Source: WeCom's pages on the
robot's callbacks (100719, 101027, 101033, 101138).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.texts import sound
from bot.channels.wecom.api import Client
from bot.channels.wecom.cards import card_of, fits
from bot.channels.wecom.crypto import Seal, check_keys
from bot.channels.wecom.door import Endpoint, Refusal, guarded, opened, posted, verified
from bot.channels.wecom.errors import Finding, delivery_error
from bot.channels.wecom.fetching import fetch_media
from bot.channels.wecom.intake_robot import kind_of, read_body
from bot.channels.wecom.plain_json import read_object
from bot.channels.wecom.robot_call import (
    MOST_BYTES,
    Call,
    markdown,
    with_task_id,
)
from bot.channels.wecom.robot_checkup import check_name
from bot.channels.wecom.splitting import Dialect, cut_bytes, escape
from bot.channels.wecom.strange import Strange
from bot.channels.wecom.tickets import Press, Ticket, TicketKind
from bot.errors import DeliveryError, Refused, SettingsError, StoreError
from bot.messages import Attachment, Limit, Manners, Reply, Take

_OF_A_CHAT = (Limit(30, 60.0), Limit(1000, 3600.0))


def _limits_of(address: str) -> tuple[Limit, ...]:
    return _OF_A_CHAT


MANNERS = Manners(limits_of=_limits_of, answers_in_flight=24)


class WecomBotCallback:
    """One robot that WeCom posts to; give it the same name as the connected one.

    channel = WecomBotCallback(bot_id=..., token=..., aes_key=..., clock=clock)
    await channel.start(take)        # from now on `endpoint` keeps what it is brought
    """

    name = "wecom_bot"

    def __init__(
        self,
        *,
        bot_id: str,
        token: str,
        aes_key: str,
        clock: Callable[[], datetime],
        bot_name: str = "",
        proxy: str | None = None,
        manners: Manners = MANNERS,
    ) -> None:
        """Prepare to be called as *bot_id*, which people call *bot_name*.

        Raises SettingsError, without the keys, if they have a wrong form or are
        public samples.
        """
        if not bot_id.strip():
            raise SettingsError(
                "the robot's id is missing", reply="请配置 wecom.bot_id。"
            )
        check_keys(token=token, aes_key=aes_key)
        self.manners = manners
        self.bot_name = bot_name.strip()
        self._bot_id = bot_id.strip()
        self._clock = clock
        self._proxy = proxy
        self._seal = Seal(token=token, aes_key=aes_key, receiver="")
        self._client = Client("")
        self._take: Take | None = None
        self._heard_at: datetime | None = None
        self._strange = Strange(self.name)

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Put *reply* into the one message that may answer."""
        return write_answer(reply)

    async def start(self, take: Take) -> None:
        """Begin to listen: from now on `endpoint` keeps what it is brought."""
        self._take = take

    async def send(self, address: str, request: str) -> str:
        """Answer by the address that came with it; returns the id of a card, else "".

        Raises NotSent, Unanswered, or Refused: also for what answers nothing.
        """
        call = Call.decode(request)
        ticket = Ticket.read(call.ticket)
        if ticket is None or ticket.kind is not TicketKind.URL:
            raise Refused("behind a callback the robot can only answer")
        try:
            url = httpx.URL(ticket.id)
            where, params = str(url.copy_with(query=None)), dict(url.params)
            body, task_id = with_task_id(call.body)
            await self._client.ask("POST", where, params=params, body=body)
        except httpx.InvalidURL:
            failure: DeliveryError = Refused("the address for the answer is none")
        except Exception as error:
            failure = delivery_error(error)
        else:
            return task_id
        raise failure

    async def rest(self) -> None:
        """Keep nothing any more, until `start` is called again; safe to call twice."""
        self._take = None

    async def stop(self) -> None:
        """Keep nothing any more and close all connections; safe to call twice."""
        await self.rest()
        await self._client.close()

    async def fetch(self, attachment: Attachment) -> bytes:
        """Return the content of a file that came in, within five minutes.

        Raises Refused if WeCom does not give it any more, NotSent if it may later.
        """
        return await fetch_media(attachment, proxy=self._proxy)

    def check(self) -> list[Finding]:
        """Tell what the robot can do behind a callback, and whether it has a name."""
        limits = "只能在一小时内答复一次，不能主动发消息；群通知请配置群机器人。"
        return [Finding(True, f"回调方式：{limits}"), *check_name(self.bot_name)]

    @property
    def endpoint(self) -> Endpoint:
        """Return the Starlette handler of the callback; GET and POST.

        It raises nothing: 4xx to what is not genuine or cannot be read, 503 to what
        was not kept; each with one line in the log that quotes nothing.
        """
        return guarded(self._receive)

    @property
    def polls(self) -> bool:
        """Tell that it waits to be called: so every process may listen."""
        return False

    @property
    def heard_at(self) -> datetime | None:
        """Return when WeCom last brought something that we kept."""
        return self._heard_at

    @property
    def trouble(self) -> str:
        """Say nothing: who is only called does not know whether he could be."""
        return ""

    async def _receive(self, request: Request) -> Response:
        now = self._clock()
        if request.method != "POST":
            return verified(request, self._seal, now=now)
        cover = _object(await posted(request))
        text = opened(request, str(cover.get("encrypt", "")), self._seal, now=now)
        body = _object(text)
        if body.get("aibotid") not in (None, "", self._bot_id):
            raise Refusal(403, "another robot")
        if body.get("msgtype") == "stream":
            return self._finished(request, body, now=now)
        await self._keep(body, now=now)
        return Response()

    async def _keep(self, body: dict[str, Any], *, now: datetime) -> None:
        if self._take is None:
            raise StoreError("nobody listens yet, so it must come again")
        try:
            incoming = read_body(
                body, channel=self.name, bot_name=self.bot_name, req_id="", now=now
            )
        except ValueError:
            raise Refusal(400, "the body cannot be read") from None
        if incoming:
            await self._take(incoming)
        else:
            self._strange.note(*kind_of(body))
        self._heard_at = now

    def _finished(
        self, request: Request, body: dict[str, Any], *, now: datetime
    ) -> Response:
        """Answer who asks for more of a stream: there is none, we write no streams."""
        stream = body.get("stream")
        number = stream.get("id") if isinstance(stream, dict) else ""
        end = {"id": str(number or ""), "finish": True, "content": ""}
        answer = {"msgtype": "stream", "stream": end}
        seconds = int(now.timestamp())
        sealed = self._seal.seal(
            msgspec.json.encode(answer).decode(),
            nonce=request.query_params.get("nonce", ""),
            timestamp=str(seconds),
        )
        cover = {
            "encrypt": sealed.encrypt,
            "msgsignature": sealed.signature,
            "timestamp": seconds,
            "nonce": sealed.nonce,
        }
        return Response(msgspec.json.encode(cover), media_type="application/json")


def write_answer(reply: Reply) -> tuple[str, ...]:
    """Put a reply into one message: a card if it fits, else markdown, cut if need be.

    Choices for which there is no card are named, as they may be typed.
    """
    text = sound(reply.text).strip()
    press = Press.read(reply.press)
    if not text and not reply.buttons and press and not press.in_group:
        text = sound(reply.aside).strip()
    if reply.buttons and fits(text, reply.buttons):
        card, words = card_of(text, reply.buttons, is_told=False)
        body = {"msgtype": "template_card", "template_card": card}
        return (Call(body=body, ticket=reply.ticket, words=words).encode(),)
    if reply.buttons:
        says = "、".join(button.says for button in reply.buttons)
        text = f"{text}\n（可回复：{sound(says)}）".strip()
    if not text:
        return ()
    words_of_all = cut_bytes(escape(text, Dialect.SECOND), MOST_BYTES)
    return (Call(body=markdown(words_of_all), ticket=reply.ticket).encode(),)


def _object(text: str | bytes) -> dict[str, Any]:
    """Read a JSON object. Raises Refusal if it is none."""
    found = read_object(text)
    if found is None:
        raise Refusal(400, "no JSON object")
    return found
