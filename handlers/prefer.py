"""When and through what somebody wants to be nudged: mornings, afternoons, here."""

import re

from bot.messages import Reply
from bot.model import Role
from bot.reports.policy import Hours, NudgePolicy, Window
from handlers.act import Act, Doing

_TOPIC = "(?:提醒|催报?|通知|发)"
_HOURS = re.compile(
    rf"(?:能不能|能否|可否|可以|请|麻烦|以后|今后|都|改成?|设为?|换成?|在|到|我|的话|吧|就)*"
    rf"(?P<half>上午|早上|下午|全天|不限)(?:再|时段|的时候|都|来|给我|给我们|统一|的)*"
    rf"{_TOPIC}(?:我|我们|一下)*[吗吧么]?[?。]?"
)
_HERE = re.compile(
    rf"(?:请|麻烦)?(?:以后|今后)?(?:都|就|请)?在?(?:这里|这边|这个(?:号|账号|渠道))"
    rf"{_TOPIC}(?:我|我们)?(?:就行|就好|吧)?[。]?"
)
_HALVES = {"上午": Hours.MORNING, "早上": Hours.MORNING, "下午": Hours.AFTERNOON}


def _fits(doing: Doing) -> bool:
    words = doing.folded
    return doing.person is not None and bool(
        _HOURS.fullmatch(words) or _HERE.fullmatch(words)
    )


async def _prefer(doing: Doing) -> Reply:
    """Keep it with the person; the steps of the last day come all the same."""
    assert doing.person, "only somebody whom we know comes here"
    hours = _HOURS.fullmatch(doing.folded)
    if hours:
        doing.person.hours = _HALVES.get(hours["half"], "")
        text = _told(
            doing.person.hours, doing.nudging.policy if doing.nudging else None
        )
    else:
        doing.person.main_channel = doing.account.channel
        text = "已设为在这里提醒。其他账号仍可使用。"
    await doing.record(
        "config.changed",
        f"person:{doing.person.id}",
        by=doing.person,
        hours=doing.person.hours,
        main_channel=doing.person.main_channel,
    )
    return Reply(text)


def _told(hours: str, policy: NudgePolicy | None) -> str:
    if not hours or policy is None:
        return "已设为工作日上午、下午均可提醒。"
    window = policy.afternoon if hours == Hours.AFTERNOON else policy.morning
    return f"已设为工作日 {_span(window)} 提醒。截止前一天和当天照常提醒。"


def _span(window: Window) -> str:
    return f"{window.start:%H:%M}–{window.end:%H:%M}"


PREFER = Act(
    name="prefer",
    example="能不能下午再提醒",
    role=Role.LIAISON,
    in_groups=False,
    fits=_fits,
    do=_prefer,
)
