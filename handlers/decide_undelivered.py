"""The office decides on its phone what to do about what did not arrive: 未送达."""

import re
from collections.abc import Sequence

from bot.mail.overview import Missed
from bot.messages import Button, Reply
from bot.model import Delivery, Role
from handlers import undelivered
from handlers.act import Act, Doing
from handlers.explained import explained
from handlers.progress import is_of_office
from handlers.rights import Group
from handlers.undelivered import MailReport

_ASKS = re.compile(
    "(?:还?有)?(?:谁|哪些人?|哪几个|什么)?(?:的)?(?:没有?送到|没有?送达|未送达|没发到|结果不明|发送失败)"
    "(?:的)?(?:有哪些|消息|通知|人|名单|清单)?(?:吗)?"
    "|(?:要|需要?)?(?:打)?电话(?:的|通知)?(?:人|清单|名单)|(?:要|需要?)打电话(?:的)?(?:有)?(?:谁|哪些)?"
)
_DECIDES = re.compile(
    r"(?P<verb>重发|不再发|已电话|已打电话)\s*[#＃第]?\s*(?P<number>\d{1,9})\s*号?"
)
_SHOWN = 2  # of each kind: their buttons, and six lines
_KINDLY = "先问本人收到没有，再定“重发”还是“不再发”；程序不会自己重发。"
_DONE = {
    "重发": "已安排把第{0}号重发一次（新的是第{1}号）。",
    "不再发": "第{0}号不再发，已记。",
    "已电话": "第{0}号已记为电话告知。",
}


async def _list(doing: Doing) -> Reply:
    seen = await undelivered.report(doing.session, now=doing.at, limit=_SHOWN)
    lines = [*_unknown_lines(seen), *_call_lines(seen.call_list)]
    if seen.failed_count:
        lines.append(
            f"另有发往群和答复的 {seen.failed_count} 条失败，用 bot mail 查看。"
        )
    if not lines:
        return Reply("没有未送达和结果不明的消息。")
    return Reply("\n".join(lines), _buttons(seen))


def _unknown_lines(seen: MailReport) -> list[str]:
    if not seen.unknown_count:
        return []
    names = "、".join(_whose(one, seen) for one in seen.unknown)
    more = f"等，办完这 {_SHOWN} 条再看" if seen.unknown_count > _SHOWN else ""
    head = f"不知收到没有 {seen.unknown_count} 条：{names}{more}。"
    return [head, _KINDLY]


def _whose(one: Delivery, seen: MailReport) -> str:
    kind = "通知" if one.notice_id else "答复"
    return f"第{one.id}号{kind}（{seen.named.get(one.id) or '名册外的会话'}）"


def _call_lines(missed: Sequence[Missed]) -> list[str]:
    if not missed:
        return []
    lines = [
        f"第{one.delivery_id}号 {one.department}{one.name or '群'}"
        f" {one.phone or '没有登记电话'}：{explained(one.error)}"
        for one in missed[:_SHOWN]
    ]
    more = f"，先列 {_SHOWN} 条" if len(missed) > _SHOWN else ""
    return [f"没有送到、要打电话 {len(missed)} 条{more}：", *lines]


def _buttons(seen: MailReport) -> tuple[Button, ...]:
    orders = [f"{verb} {one.id}" for one in seen.unknown for verb in ("重发", "不再发")]
    orders += [f"已电话 {one.delivery_id}" for one in seen.call_list[:_SHOWN]]
    return tuple(Button(order, order) for order in orders)


async def _decide(doing: Doing) -> Reply:
    """Have it done in the admin's name; raises NotFound if that was decided before."""
    said = _DECIDES.fullmatch(doing.words.strip())
    assert said, "it fits"
    assert doing.person, "the role is that of a person"
    verb, number = said["verb"].replace("打", ""), int(said["number"])
    by, new = doing.person.name, 0
    if verb == "重发":
        new = await undelivered.resend(doing.session, number, by=by, at=doing.at)
    elif verb == "不再发":
        await undelivered.drop(doing.session, number, by=by, at=doing.at)
    else:
        await undelivered.call(doing.session, number, by=by, at=doing.at)
    return Reply(_DONE[verb].format(number, new))


def _fits_list(doing: Doing) -> bool:
    words = doing.folded.rstrip("?。!")
    return is_of_office(doing) and _ASKS.fullmatch(words) is not None


UNDELIVERED = Act(
    name="undelivered",
    example="未送达",
    group=Group.OTHERS,
    role=Role.ADMIN,
    in_groups=False,
    not_for_super=True,
    elsewhere="名单仅私聊可见，请私聊我查询。",
    fits=_fits_list,
    do=_list,
    order=re.compile("(?:查看)?(?:未送达|结果不明)的?(?:消息|名单|清单)?|电话清单"),
)
DECIDE_UNDELIVERED = Act(
    name="decide_undelivered",
    example="",
    role=Role.ADMIN,
    in_groups=False,
    not_for_super=True,
    fits=lambda doing: _DECIDES.fullmatch(doing.words.strip()) is not None,
    do=_decide,
)
