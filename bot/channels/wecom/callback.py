"""The door for the app's callbacks: checked, opened, kept, and only then answered 200.

In this order: size, XML, signature, time, decryption, receiver, app, kept, empty 200.
WeCom waits five seconds and comes three times; what is not kept is answered 503.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.wecom.crypto import Seal
from bot.channels.wecom.door import Endpoint, Refusal, guarded, opened, posted, verified
from bot.channels.wecom.xml import Fields, Unreadable, read_cover, read_fields

Accept = Callable[[Fields], Awaitable[None]]
"""Keeps what a callback says; raises Unreadable if it is not for us."""


def callback_endpoint(
    accept: Accept, *, seal: Seal, clock: Callable[[], datetime]
) -> Endpoint:
    """Make a Starlette handler for GET (verification) and POST (messages).

    It answers 403 to what is not genuine, 400 to what cannot be read, 413 to a body
    above 64 KB, 503 if the message could not be kept; each with one line in the log,
    that quotes nothing. It raises nothing.
    """

    async def receive(request: Request) -> Response:
        now = clock()
        if request.method != "POST":
            return verified(request, seal, now=now)
        body = await posted(request)
        try:
            text = opened(request, read_cover(body).encrypt, seal, now=now)
            await accept(read_fields(text))
        except Unreadable as error:
            raise Refusal(400, str(error)) from None
        return Response()

    return guarded(receive)
