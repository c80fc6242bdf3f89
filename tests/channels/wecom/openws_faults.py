"""What travels on the long connection, and what may go wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What befalls one frame of the robot.

    `takes` says whether it has its effect; `errcode` is an ack that refuses (no effect
    then); `is_silent` sends no ack; `raw` is a bad frame sent before; `delay` is in
    seconds of the platform's clock; then the line is closed, aborted or frozen.
    """

    errcode: int | None = None
    takes: bool = True
    is_silent: bool = False
    delay: float = 0.0
    raw: str | None = None
    close: int | None = None
    is_abort: bool = False
    is_freeze: bool = False


def refuse(errcode: int) -> Fault:
    return Fault(errcode=errcode)


def lose_ack() -> Fault:
    """Take it, and let the ack get lost."""
    return Fault(is_silent=True)


def lose_frame() -> Fault:
    """Let the frame get lost: no effect, no ack."""
    return Fault(takes=False, is_silent=True)


def close_line(code: int = 1000, *, takes: bool) -> Fault:
    return Fault(close=code, takes=takes)


def abort_line(*, takes: bool) -> Fault:
    return Fault(is_abort=True, takes=takes)


@dataclass
class Frame:
    """One frame of the robot; `errcode` is None until it was worked on."""

    cmd: str
    req_id: str
    body: dict[str, Any]
    socket: int
    at: datetime
    errcode: int | None = None


@dataclass
class Said:
    """One callback; `reached`: a socket took it, which is not to say it was read."""

    req_id: str
    body: dict[str, Any]
    at: datetime
    reached: bool

    @property
    def msgid(self) -> str:
        return str(self.body["msgid"])
