"""The events of the audit that tests walk: a whole run fails if one is walked by none.

No test can know what the others do, and a word in the code proves nothing: what is
entered by whichever test is noted here, over all processes of a run.
"""

from typing import Any

import pytest

from bot import audit
from bot.audit.events import EVENTS

_walked: set[str] = set()
_SENT = "walked_events"  # by a process of xdist to the one that began it


def unwalked(walked: set[str]) -> list[str]:
    """List the events that nobody entered."""
    return [event for event in EVENTS if event not in walked]


def pytest_configure() -> None:
    """Note each event that is entered from now on; nothing else is changed by it."""
    enter = audit.record

    async def record(*given: Any, event: str, **more: Any) -> None:
        await enter(*given, event=event, **more)
        _walked.add(event)

    setattr(audit, "record", record)  # noqa: B010 - mypy knows that it is a function


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a process of xdist has seen."""
    _walked.update(getattr(node, "workeroutput", {}).get(_SENT, ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of all tests that left an event out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_SENT] = sorted(_walked)
    elif _is_whole(session) and unwalked(_walked):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: Any, exitstatus: int, config: pytest.Config
) -> None:
    """Say which ones."""
    session = terminalreporter._session
    if _is_whole(session) and (missing := unwalked(_walked)):
        words = "no test walks what enters these events: "
        terminalreporter.write_line(f"FAILED {words}{', '.join(missing)}", red=True)


def _is_whole(session: pytest.Session) -> bool:
    config = session.config
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    options = ("keyword", "markexpr", "lf", "deselect", "ignore", "collectonly")
    chosen = any(config.getoption(name, None) for name in options)
    return whole and not chosen and not session.testsfailed
