"""The doors on HTTP: `/healthz`, `/metrics`, and those that products post to."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.driver_errors import system_reason
from bot.errors import SettingsError, StoreError
from bot.web.heads import Impatient
from bot.web.metrics import CONTENT_TYPE, Metrics
from bot.web.sharing import Look, SharedLook
from handlers.health import Health

log = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]

_PATIENCE = 5.0  # seconds that the store gets to answer
_TAKEN = (
    "网页服务用不了地址 {listen}：{why}。"
    "请改 config/bot.toml 的 web.listen，或用 --listen 另写一个。"
)


def doors(
    look: Look,
    metrics: Metrics,
    posts: Mapping[str, ASGIApp] | None = None,
    callbacks: Mapping[str, Endpoint] | None = None,
) -> ASGIApp:
    """Make the application; *look* tells how the machine is, and never of people.

    *posts* are the webhooks of products by their paths: POST alone, nothing below.
    *callbacks* are asked by GET, too, whether they are there.
    """
    posts = posts or {}

    async def healthz(request: Request) -> Response:
        health = await _looked(look)
        if health is None:
            return JSONResponse({"status": "no store"}, status_code=503)
        status = 200 if health.is_good else 503
        return JSONResponse(told(health), status_code=status)

    async def tell_metrics(request: Request) -> Response:
        health = await _looked(look)
        if health is None:
            return Response("", status_code=503)
        return Response(metrics.text(health), media_type=CONTENT_TYPE)

    look = SharedLook(look)
    routes = [Route("/healthz", healthz), Route("/metrics", tell_metrics)]
    routes += [Route(path, door, methods=["POST"]) for path, door in posts.items()]
    for path, endpoint in (callbacks or {}).items():
        routes.append(Route(path, endpoint, methods=["GET", "POST"]))
    rest = Starlette(routes=routes)
    rest.router.redirect_slashes = False  # what is not named is not there

    async def lead(scope: Scope, receive: Receive, send: Send) -> None:
        """Lead each post straight to its door: Starlette's way costs more than ours."""
        is_post = scope["type"] == "http" and scope["method"] == "POST"
        door = posts.get(scope["path"], rest) if is_post else rest
        await door(scope, receive, send)

    return lead


async def _looked(look: Look) -> Health | None:
    """Look, or return None where the store does not answer."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await look()
    except (StoreError, TimeoutError) as error:
        log.error("health unknown", extra={"why": str(error) or "no answer in time"})
    except Exception:
        log.exception("health unknown")
    return None


def told(health: Health) -> dict[str, object]:
    """Put the state into plain numbers and names."""
    return {
        "status": "ok" if health.is_good else "late",
        "beats": {
            name: {
                "age": round(beat.age.total_seconds(), 1),
                "late": beat.late,
                "failed": bool(beat.error),
            }
            for name, beat in health.beats.items()
        },
        "lanes": {
            name: {
                "holder": lane.holder,
                "depth": {str(status): n for status, n in lane.depth.items()},
                "oldest": round(lane.oldest.total_seconds(), 1),
                "stuck": lane.stuck,
                "limited_until": _moment(lane.limited_until),
                "silent_until": _moment(lane.silent_until),
            }
            for name, lane in health.lanes.items()
        },
        "letters": {
            "oldest": round(health.oldest_letter.total_seconds(), 1),
            **{str(status): count for status, count in health.letters.items()},
        },
        "hearing": {
            name: {
                "age": round(hearing.age.total_seconds(), 1),
                "deaf": hearing.is_deaf,
                "trouble": hearing.trouble,
            }
            for name, hearing in health.hearing.items()
        },
        "alarms": list(health.alarms),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def listen_on(listen: str) -> socket.socket:
    """Take the address "host:port", before anything else is started.

    Raises SettingsError if another process has it.
    """
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, int(port)), family=family, backlog=128)
    except OSError as error:
        words = _TAKEN.format(listen=listen, why=system_reason(error))
        raise SettingsError(f"{listen}: {error}", reply=words) from error


class _Server(uvicorn.Server):
    """Leaves the signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing."""
        yield


async def serve(
    application: ASGIApp, door: socket.socket, *, until: asyncio.Event
) -> None:
    """Answer requests at *door* until *until* is set; then at most a second more."""
    server = _Server(
        uvicorn.Config(
            application,
            http=Impatient,
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,  # nobody asks who calls
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[door]))
    stopping = asyncio.create_task(until.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.should_exit = True
    await serving
