"""A broadcast sent to oneself first, from where nobody can be answered in place."""

from bot.mail.outbox import issue_notice
from bot.messages import Reply
from bot.model import Broadcast, Role
from bot.roster.hearers import hearers_in
from handlers.broadcast_draft import body_of
from handlers.broadcasting import Hand, Unclear
from handlers.lane_words import lane_words
from handlers.nudging import addressed

_NOBODY = "通讯录里没有叫“{}”的办公室管理员，没有试发。请用 --name 写管理员本人的姓名。"
_UNBOUND = "{}还没有绑定聊天账号，没有试发。发绑定码：bot invite {}"


async def try_on(hand: Hand, broadcast: Broadcast) -> Reply:
    """Send it to the admin of one's name alone, just as the others will get it.

    Raises Unclear if there is no such admin, or nothing reaches him.
    """
    body = await body_of(hand, broadcast)
    admins = await hearers_in(hand.session, [Role.ADMIN], lanes=hand.nudging.lanes)
    ours = [one for one in admins if one.name == hand.by]
    if not ours:
        raise Unclear("no such admin", reply=_NOBODY.format(hand.by[:20]))
    reached = [one for one in ours if one.lane]
    if not reached:
        raise Unclear("nothing reaches him", reply=_UNBOUND.format(hand.by, hand.by))
    await issue_notice(
        hand.session,
        key=f"broadcast:{broadcast.id}:trial:{hand.at.isoformat()}",
        kind="report",
        body=body,
        audience=addressed(reached[:1]),
        by=hand.by,
        at=hand.at,
        write=hand.nudging.write,
    )
    where = lane_words(reached[0].lane)
    return Reply(
        f"第{broadcast.id}号群发将试发给{hand.by}（{where}），由正在运行的服务发出。"
    )
