"""How each product will show a broadcast: in how many messages, with which signs."""

from collections import Counter
from collections.abc import Sequence

from bot.mail.outbox import Addressee
from bot.messages import Reply
from handlers.lane_words import lane_words
from handlers.nudging import Nudging

_BEGINNING = 10  # characters of a part that tell where it begins
_SIGNS = 8  # that one line names


def forms(nudging: Nudging, body: Reply, reached: Sequence[Addressee]) -> list[str]:
    """Tell of each lane, of people and of groups, how it will show a broadcast."""
    kinds = Counter((one.lane, one.person_id is None) for one in reached)
    first = {(one.lane, one.person_id is None): one.address for one in reached}
    lines = []
    for (lane, is_group), many in sorted(kinds.items()):
        where = "群" if is_group else "私聊"
        form = _form(nudging, lane, first[lane, is_group], body)
        lines.append(f"{lane_words(lane)}{where}：{many}{form}")
    return lines


def _form(nudging: Nudging, lane: str, address: str, body: Reply) -> str:
    """Say in how many messages it goes, where it is split, and what is changed."""
    try:
        requests = nudging.write(lane, address, body)
    except KeyError:  # this process does not speak to that product
        return ""
    shown = [nudging.shown(one) for one in requests]
    parts = [one.text for one in shown if one.text and not one.is_card]
    cards = [one.text for one in shown if one.is_card]
    told = [f"，每处 {len(requests)} 条消息"]
    if len(parts) > 1:
        places = (
            f"第{place}条自“{' '.join(part.split())[:_BEGINNING]}”起"
            for place, part in enumerate(parts[1:], start=2)
        )
        told.append(f"正文分 {len(parts)} 条（{'，'.join(places)}）")
    if cards:
        told.append("正文之后另有按钮卡片" if parts else "正文和按钮在一张卡片里")
    if body.buttons and parts and not any(one.has_buttons for one in shown):
        told.append("没有按钮")
    if changed := _changed(body.text, "".join(parts or cards)):
        told.append(changed)
    return "；".join(told)


def _changed(text: str, shown: str) -> str:
    """Say which signs are shown as others, or not at all; "" if none is."""
    if not shown:
        return ""
    meant, seen = Counter("".join(text.split())), Counter("".join(shown.split()))
    lost, new = "".join(meant - seen)[:_SIGNS], "".join(seen - meant)[:_SIGNS]
    if not lost:
        return ""
    return f"“{lost}”显示为“{new}”" if new else f"不显示“{lost}”"
