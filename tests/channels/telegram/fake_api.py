"""A Bot API server with a script: for what no emulator does."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import ClientSession, web
from html_marks import without_marks
from said import BOT, DATE

TOKEN = "7:AAfake_token_of_the_tests_0123456789abc"


@dataclass
class Trouble:
    """What goes wrong with one call.

    `takes` says that the call has its effect all the same; then, instead of an answer,
    it `hangs`, or the line is `cut`, or the server says `status` and `raw`.
    """

    status: int = 500
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    takes: bool = False
    hangs: bool = False
    cut: bool = False
    raw: bytes | None = None


def flood(seconds: int | None) -> Trouble:
    """Too many requests."""
    waits = {} if seconds is None else {"retry_after": seconds}
    return Trouble(429, f"Too Many Requests: retry after {seconds}", waits)


@dataclass
class Call:
    """One call that reached the server."""

    method: str
    parameters: dict[str, Any]
    files: dict[str, tuple[str, bytes]]

    @property
    def text(self) -> str:
        return str(self.parameters.get("text", ""))

    @property
    def chat(self) -> int:
        return int(self.parameters.get("chat_id", 0))


class Refusal(Exception):
    """What Telegram says no to."""

    def __init__(self, description: str, status: int = 400, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.parameters = status, parameters


class FakeTelegram:
    """One bot's Telegram: groups, blocks, moves, privacy, and troubles to come."""

    def __init__(
        self, *, privacy: bool = True, username: bool = True, token: str = TOKEN
    ) -> None:
        self.me = BOT if username else {k: v for k, v in BOT.items() if k != "username"}
        self.me = self.me | {"id": int(token.partition(":")[0])}
        self._token = token
        self.privacy = privacy
        self.calls: list[Call] = []
        self.messages: dict[tuple[int, int], str] = {}
        self.shown_files: set[tuple[int, int]] = set()
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}
        self.closed_topics: set[int] = set()
        self.permissions = {"can_send_messages": True}
        self.members: dict[int, str] = {}
        self.answered: list[str] = []
        self.files: dict[str, bytes] = {}
        self.webhook: dict[str, Any] = {"url": ""}
        self.webhook_error: dict[str, Any] = {}
        self.base_url = ""
        self.delay = 0.0
        self._pending: list[dict[str, Any]] = []
        self._troubles: dict[str | int, deque[Trouble]] = defaultdict(deque)
        self._numbers = count(1000)
        self._news = asyncio.Event()
        self._polls = 0

    def expect(self, method: str, *troubles: Trouble) -> None:
        """Let the next calls of a method go wrong."""
        self._troubles[method].extend(troubles)

    def expect_in(self, chat: int, *troubles: Trouble) -> None:
        """Let the next calls that concern a chat go wrong."""
        self._troubles[chat].extend(troubles)

    def tell(self, *updates: dict[str, Any]) -> None:
        """Let things happen that the bot is told, if Telegram tells them to bots."""
        self._pending += [one for one in updates if self._is_told(one)]
        self._news.set()

    @property
    def unconfirmed(self) -> list[int]:
        return [one["update_id"] for one in self._pending]

    def of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def _is_told(self, update: dict[str, Any]) -> bool:
        """Filter as privacy mode does: groups, messages of bots."""
        message = update.get("message") or update.get("edited_message")
        chat = message.get("chat") if isinstance(message, dict) else None
        kind = chat.get("type", "private") if isinstance(chat, dict) else "private"
        if not message or kind == "private" or not self.privacy:
            return True
        if message.get("from", {}).get("is_bot") and not message.get("sender_chat"):
            return False
        text = message.get("text") or message.get("caption") or ""
        is_service = not text and "document" not in message
        to = message.get("reply_to_message", {}).get("from", {})
        names_us = f"@{BOT['username']}" in text
        return is_service or names_us or to.get("id") == BOT["id"]

    def app(self) -> web.Application:
        app = web.Application(client_max_size=80 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        return app

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakeTelegram"]:
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/bot"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def deliver(self) -> list[int]:
        """Post what is pending to the webhook; returns the statuses it answered."""
        statuses = []
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        async with ClientSession(headers=headers) as session:
            for one in list(self._pending):
                async with session.post(self.webhook["url"], json=one) as answer:
                    statuses.append(answer.status)
                if answer.status == 200:
                    self._pending.remove(one)
        return statuses

    async def _download(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        if path not in self.files:
            raise web.HTTPNotFound
        return web.Response(body=self.files[path])

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        call = await _read(request, method)
        self.calls.append(call)
        if self.delay:
            await asyncio.sleep(self.delay)
        waiting = self._troubles[call.chat] or self._troubles[method]
        trouble = waiting.popleft() if waiting else None
        if trouble and not trouble.takes:
            return await _fail(request, trouble)
        if request.match_info["token"] != self._token:
            return _refuse(Refusal("Unauthorized", 401))
        action = getattr(self, f"_{method}", None)
        try:
            if action is None:
                raise Refusal("Not Found: method not found", 404)
            result = await action(call)
        except Refusal as refusal:
            return _refuse(refusal)
        if trouble:
            return await _fail(request, trouble)
        return web.json_response({"ok": True, "result": result})

    async def _getMe(self, call: Call) -> Any:
        seen = not self.privacy
        return {"can_join_groups": True, "can_read_all_group_messages": seen} | self.me

    async def _getUpdates(self, call: Call) -> Any:
        if self.webhook["url"]:
            raise Refusal("Conflict: can't use getUpdates while webhook is active", 409)
        offset = int(call.parameters.get("offset", 0))
        self._pending = [one for one in self._pending if one["update_id"] >= offset]
        self._polls += 1
        ours = self._polls
        self._news.set()  # the poll before is over
        try:
            async with asyncio.timeout(float(call.parameters.get("timeout", 0))):
                while not self._pending and ours == self._polls:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pass
        if ours != self._polls:
            raise Refusal("Conflict: terminated by other getUpdates request", 409)
        wanted = call.parameters["allowed_updates"]
        told = [one for one in self._pending if set(one) & {"update_id", *wanted}]
        return told[: int(call.parameters.get("limit", 100))]

    async def _sendMessage(self, call: Call) -> Any:
        chat = self._chat(call)
        text = _parsed(call)
        number = next(self._numbers)
        self.messages[chat["id"], number] = text
        return _message(call, chat=chat, number=number) | {"text": text}

    async def _editMessageText(self, call: Call) -> Any:
        chat = self._chat(call)
        number = int(call.parameters["message_id"])
        if (chat["id"], number) not in self.messages:
            raise Refusal("Bad Request: message to edit not found")
        text = _parsed(call)
        if self.messages[chat["id"], number] == text:
            raise Refusal("Bad Request: message is not modified: specified new content")
        self.messages[chat["id"], number] = text
        return _message(call, chat=chat, number=number) | {"text": text}

    async def _deleteMessage(self, call: Call) -> Any:
        chat = self._chat(call)
        place = chat["id"], int(call.parameters["message_id"])
        if place in self.shown_files:
            self.shown_files.remove(place)
        elif not self.messages.pop(place, ""):
            raise Refusal("Bad Request: message to delete not found")
        return True

    async def _answerCallbackQuery(self, call: Call) -> Any:
        press = call.parameters["callback_query_id"]
        if press in self.answered:
            raise Refusal("Bad Request: query is too old and response timeout expired")
        self.answered.append(press)
        return True

    async def _sendDocument(self, call: Call) -> Any:
        return self._media(call, "document")

    async def _sendPhoto(self, call: Call) -> Any:
        if b"too long" in next(iter(call.files.values()))[1]:
            raise Refusal("Bad Request: PHOTO_INVALID_DIMENSIONS")
        return self._media(call, "photo")

    def _media(self, call: Call, kind: str) -> Any:
        name, content = next(iter(call.files.values()))
        number = next(self._numbers)
        self.shown_files.add((call.chat, number))
        file = {
            "file_id": f"file{number}",
            "file_unique_id": f"u{number}",
            "file_size": len(content),
        }
        made: Any = file | {"file_name": name}
        if kind == "photo":
            made = [file | {"width": 1, "height": 1}]
        return _message(call, chat=self._chat(call), number=number) | {kind: made}

    async def _setMyCommands(self, call: Call) -> Any:
        return True

    async def _setWebhook(self, call: Call) -> Any:
        self.webhook = dict(call.parameters)
        return True

    async def _deleteWebhook(self, call: Call) -> Any:
        self.webhook = {"url": ""}
        return True

    async def _getWebhookInfo(self, call: Call) -> Any:
        return {
            "url": self.webhook["url"],
            "has_custom_certificate": False,
            "pending_update_count": len(self._pending),
            **self.webhook_error,
        }

    async def _getFile(self, call: Call) -> Any:
        name = call.parameters["file_id"]
        if name not in self.files:
            raise Refusal("Bad Request: invalid file_id")
        return {"file_id": name, "file_unique_id": f"u{name}", "file_path": name}

    async def _getChat(self, call: Call) -> Any:
        kinds = "unlimited_gifts limited_gifts unique_gifts premium_subscription"
        gifts = dict.fromkeys((*kinds.split(), "gifts_from_channels"), False)
        more = {"accent_color_id": 0, "max_reaction_count": 1}
        more |= {"accepted_gift_types": gifts, "permissions": self.permissions}
        return self._chat(call) | more

    async def _getChatMember(self, call: Call) -> Any:
        user = int(call.parameters["user_id"])
        status = self.members.get(user)
        self._chat(call)
        if status is None:
            raise Refusal("Bad Request: chat not found")
        return _member(user, status)

    def _chat(self, call: Call) -> dict[str, Any]:
        chat = int(call.parameters["chat_id"])
        if chat in self.blocked:
            why = (
                "bot was kicked from the group chat" if chat < 0 else "bot was blocked"
            )
            raise Refusal(f"Forbidden: {why} by the user", 403)
        if chat in self.moved:
            raise Refusal(
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.moved[chat],
            )
        if call.parameters.get("message_thread_id") in self.closed_topics:
            raise Refusal("Bad Request: TOPIC_CLOSED")
        return {"id": chat, "type": "private" if chat > 0 else "supergroup"}


def _member(user: int, status: str) -> dict[str, Any]:
    who = {"id": user, "is_bot": user == BOT["id"], "first_name": "谁"}
    if status == "kicked":
        return {"user": who, "status": status, "until_date": 0}
    return {"user": who, "status": status}


def _message(call: Call, *, chat: dict[str, Any], number: int) -> dict[str, Any]:
    message = {"message_id": number, "date": DATE, "from": BOT, "chat": chat}
    if thread := call.parameters.get("message_thread_id"):
        message |= {"message_thread_id": int(thread), "is_topic_message": True}
    if markup := call.parameters.get("reply_markup"):
        message["reply_markup"] = markup
    return message


async def _read(request: web.Request, method: str) -> Call:
    if request.content_type == "application/json":
        return Call(method, await request.json(), {})
    parameters, files = {}, {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[key] = (value.filename, value.file.read())
        else:
            parameters[key] = _value(value)
    return Call(method, parameters, files)


def _value(value: str) -> Any:
    return json.loads(value) if value[:1] in ("{", "[") else value


def _parsed(call: Call) -> str:
    """Return a text without its marks, as Telegram does; refuse what it refuses."""
    text = call.text
    if call.parameters.get("parse_mode") == "HTML":
        try:
            text = without_marks(text)
        except ValueError as error:
            raise Refusal(f"Bad Request: can't parse entities: {error}") from error
    if not text.strip():
        raise Refusal("Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refusal("Bad Request: message is too long")
    for row in call.parameters.get("reply_markup", {}).get("inline_keyboard", []):
        for key in row:
            if key["text"] and key.get("url", "").startswith("https://t.me/"):
                continue
            if not key["text"] or not 1 <= len(key["callback_data"].encode()) <= 64:
                raise Refusal("Bad Request: BUTTON_DATA_INVALID")
    return text.strip()


async def _fail(request: web.Request, trouble: Trouble) -> web.StreamResponse:
    if trouble.hangs:
        await asyncio.sleep(3600)
    if trouble.cut:
        assert request.transport
        request.transport.abort()
    if trouble.raw is not None:
        return web.Response(status=trouble.status, body=trouble.raw)
    refusal = Refusal(trouble.description, trouble.status, **trouble.parameters)
    return _refuse(refusal)


def _refuse(refusal: Refusal) -> web.Response:
    answer = {
        "ok": False,
        "error_code": refusal.status,
        "description": str(refusal),
    }
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return web.json_response(answer, status=refusal.status)
