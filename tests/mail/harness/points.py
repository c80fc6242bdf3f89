"""Points at which the service may be told to die, named in CRASH_AT=name:count.

Nothing in the product knows of them: the functions that write the ledger are wrapped
where the product holds them. "before-X" dies when the statements of X have run and
are not committed, "after-X" as soon as the commit has come back.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import express, ledger, letters, outbox
from bot.mail.inbox import Inbox
from bot.messages import Incoming

CODE = 137
STEPS = {
    "claim": (ledger, "claim"),
    "mark": (ledger, "mark_sending"),
    "settle": (ledger, "settle"),
    "answer": (outbox, "post_answers"),
    "hurry": (express, "hand_over"),
}
"""Steps that end in a commit, each by the function that writes it."""


class _Trap:
    """Dies when the named point is passed for the n-th time."""

    def __init__(self, words: str) -> None:
        self.name, _, count = words.partition(":")
        self._count = int(count or 1)
        self._passed: Counter[str] = Counter()

    def pass_by(self, name: str) -> None:
        if name != self.name:
            return
        self._passed[name] += 1
        if self._passed[name] >= self._count:
            os._exit(CODE)


_trap = _Trap("")


def set_up(words: str) -> None:
    """Lay the trap; "" for none."""
    global _trap
    if not words:
        return
    _trap = _Trap(words)
    _watch_letters()
    step = _trap.name.partition("-")[2]
    if step in STEPS:
        module, name = STEPS[step]
        replace_everywhere(getattr(module, name), _watched_write(module, name, step))


def _watch_letters() -> None:
    """Letters are kept by a method, which commits by itself."""
    product: Any = Inbox
    keep = Inbox.keep

    async def watched_keep(inbox: Inbox, incoming: Incoming) -> bool:
        is_new = await keep(inbox, incoming)
        _trap.pass_by("after-keep")
        return is_new

    insert_letters = letters.insert_letters

    async def watched_insert(session: AsyncSession, *args: Any, **kwargs: Any) -> Any:
        is_for_good = "isolation_level" in session.get_bind().get_execution_options()
        if is_for_good:  # the statement is committed as soon as it has run
            _trap.pass_by("before-keep")
        kept = await insert_letters(session, *args, **kwargs)
        if not is_for_good:
            _trap.pass_by("before-keep")
        return kept

    product.keep = watched_keep
    replace_everywhere(insert_letters, watched_insert)


def _watched_write(module: Any, name: str, step: str) -> Callable[..., Any]:
    original = getattr(module, name)

    async def write(session: AsyncSession, *args: Any, **kwargs: Any) -> Any:
        done = await original(session, *args, **kwargs)
        if _is_something(done, args):
            _trap.pass_by(f"before-{step}")
            event.listen(
                session.sync_session,
                "after_commit",
                lambda _: _trap.pass_by(f"after-{step}"),
                once=True,
            )
        return done

    return write


def _is_something(done: Any, args: tuple[Any, ...]) -> bool:
    """An empty claim or settlement is no point at which anything could be lost."""
    return bool(done) or (done is None and bool(args[-1]))


def replace_everywhere(old: Any, new: Any) -> None:
    """Put *new* in the place of *old*, under whatever name our modules hold it."""
    for name, module in [*sys.modules.items()]:
        if name.startswith("bot."):
            for attribute, value in [*vars(module).items()]:
                if value is old:
                    setattr(module, attribute, new)


def watched(channel: Any) -> Any:
    """Let a channel die before or after a send, if it is told to."""
    for name in ("send", "send_many"):
        if original := getattr(channel, name, None):
            setattr(channel, name, _watched_send(original))
    return channel


def _watched_send(original: Callable[..., Any]) -> Callable[..., Any]:
    async def send(to: Any, request: str) -> Any:
        _trap.pass_by("before-send")
        answer = await original(to, request)
        _trap.pass_by("after-send")
        return answer

    return send
