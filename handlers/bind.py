"""An account is bound to a person by a one-time code, and unbound by himself."""

import re
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.chinese import fold
from bot.codes import code_in, could_be_ours
from bot.messages import Button, Incoming, Reply
from bot.model import Account, Person, Role, Talk
from handlers.act import Act, Doing
from handlers.open_plans import OpenPlans
from handlers.rights import ROLES, Group, is_at_least
from handlers.take_over import taken_over

WRONG = "绑定码无效或已过期（24 小时，限 5 次）。请向办公室重新索取。"
HOW = "请回复办公室发放的 8 位绑定码。没有绑定码请联系办公室。"
_NOT_HERE = (
    "绑定码请私聊我发送，不要发在群里；发在群里的绑定码已经作废，请向办公室重新索取。"
    "登记本群由办公室管理员在群里发送。"
)
_KEEP = (
    "您是办公室管理员，账号没有改绑，绑定码仍可使用：请转给本人发送。"
    "确需改绑请先回复“解绑”。"
)
_MANY = 20  # wrong codes in an hour, over all accounts, that the office should know of
_HOUR = timedelta(hours=1)

_ASKS = re.compile(
    "(?:我要|我想|怎么|如何|重新|申请|请)?(?:绑定|换绑|改绑)[^0-9a-z]{0,12}"
    "|(?:我)?(?:还)?没有?(?:收到)?绑定码[^0-9a-z]{0,12}"
    "|(?:请|麻烦)?(?:重新|再)?[给帮](?:我|本人)(?:重新|再|补)?发(?:一个|个|一下)?绑定码[。!]*"
)
_WHO_AM_I = re.compile(
    "我(?:现在)?是(?:谁|哪个?单位的?|哪家单位的?|哪个部门的?|什么身份)(?:的人|啊|呀|呢)*[?。]*"
    "|我(?:现在)?(?:已经)?(?:绑定|绑)(?:了|好|的)*(?:吗|没有?|是?谁|是?哪个?单位|是?什么单位)?(?:吗)?[?。]*"
    "|(?:查看?)?我的(?:身份|绑定|单位|账号)(?:是(?:什么|哪个))?[?。]*"
)
_CLAIMS = re.compile(
    "(?:您好|你好|大家好)?[,。!]?我们?(?:是|来自)(?P<rest>[\u4e00-\u9fff]{2,24}[。!]*)"
)
_REST_OF_CLAIM = re.compile(  # behind the name of a department
    "(?:的|工作)?(?:联络员|负责人|工作人员|同志|干部|人|[\u4e00-\u9fff]{2,3})?[。!]*"
)
_NOT_BY_WORD = "单位身份以绑定为准，不能自报。"
_UNBIND = re.compile("(?:我要|我想|请)?(?:解绑|解除绑定|取消绑定)(?:账号|单位)?[。!]*")
_CONFIRMED = "确认解绑"
_YES = re.compile("(?:确认|确定|确认解绑)[。!]*")  # a late 好的 is about something else
_NO = re.compile("(?:不|不是|否|取消|算了|不用了?|暂不|暂不解绑)[。!]*")


def who_is(person: Person) -> str:
    """Name a person with department and role."""
    return f"{person.department} {person.name}（{ROLES[person.role]}）"


def _is_binding(doing: Doing) -> bool:
    said = code_in(doing.words)
    if not said:
        return _ASKS.fullmatch(doing.folded) is not None
    # A bare 20261122 of somebody whom we know is a question.
    is_called_code = doing.folded != fold(said)
    return doing.person is None or is_called_code or could_be_ours(said)


async def _bind(doing: Doing) -> Reply:
    """Bind the account by the code that is said, or say how that is done."""
    said, account = code_in(doing.words), doing.account
    if not said:
        return Reply(_told(account.person))
    if account.person and is_at_least(account.person.role, Role.ADMIN):
        return Reply(_KEEP)
    await doing.session.refresh(
        account, attribute_names=["guesses", "guessed_at"], with_for_update=True
    )
    # Whatever is wrong, the same is asked of the store: nothing is told by the time.
    looked_up = said
    if roster.is_locked(account, at=doing.at):
        looked_up = roster.NO_CODE
    person = await roster.use_person_code(
        doing.session, looked_up, account=account, at=doing.at
    )
    if person is None:
        return await _not_bound(doing, looked_up)
    await _tie(doing, account, person)
    card = await taken_over(doing, person)
    done = f"已绑定：{who_is(person)}。\n"
    if card:
        return replace(card, text=done + card.text)
    return Reply(done + "可以直接问“我们负责哪些任务”，回复“帮助”看还能做什么。")


def _told(person: Person | None) -> str:
    if person is None:
        return HOW
    return (
        f"您已绑定：{who_is(person)}。\n"
        "改绑到其他单位请发送办公室新发的绑定码；不再使用请回复“解绑”。"
    )


async def _tie(doing: Doing, account: Account, person: Person) -> None:
    before = account.person_id
    await roster.bind_account(doing.session, account, person)
    account.guesses, account.guessed_at = 0, None
    await audit.record(
        doing.session,
        actor=person.name,
        event="bind.used",
        about=f"person:{person.id}",
        at=doing.at,
        channel=account.channel,
        account=account.id,
        department=person.department,
        before=before,
    )


async def _not_bound(doing: Doing, said: str) -> Reply:
    """Say the same whatever is wrong; to him who used this very code, who he is."""
    account = doing.account
    used = await roster.code_used_by(doing.session, said, account=account)
    if used and used.person_id == account.person_id and account.person:
        return Reply(_told(account.person))
    await roster.count_guess(doing.session, account, at=doing.at)
    await audit.record(
        doing.session,
        actor=f"account:{account.id}",
        event="bind.failed",
        about=f"account:{account.id}",
        at=doing.at,
        channel=account.channel,
        guesses=account.guesses,
        locked=roster.is_locked(account, at=doing.at),
    )
    await _note_many(doing)
    return Reply(WRONG)


async def _note_many(doing: Doing) -> None:
    """Tell the office, once an hour, that somebody seems to try all codes."""
    since = doing.at - _HOUR
    count = await audit.count_since(doing.session, "bind.failed", since=since)
    if count < _MANY:
        return
    if await audit.count_since(doing.session, "bind.many_failed", since=since):
        return
    await audit.record(
        doing.session,
        actor="system",
        event="bind.many_failed",
        about="office",
        at=doing.at,
        in_an_hour=count,
    )


def _is_unbinding(doing: Doing) -> bool:
    words = doing.folded
    if _UNBIND.fullmatch(words) or words == _CONFIRMED:
        return True
    asked = doing.account.talk.offered == _CONFIRMED and not doing.in_group
    return asked and bool(_YES.fullmatch(words) or _NO.fullmatch(words))


async def _unbind(doing: Doing) -> Reply:
    """Ask first; what confirms it must come right afterwards."""
    account, words = doing.account, doing.folded
    asked = account.talk.offered == _CONFIRMED
    if account.person is None:
        return Reply(f"您还没有绑定。{HOW}")
    if asked and _NO.fullmatch(words):
        account.talk = Talk()
        return Reply(f"好的，没有解绑。您仍是{who_is(account.person)}。")
    if asked and _YES.fullmatch(words):
        return await _untie(doing, account.person)
    account.talk = replace(account.talk, offered=_CONFIRMED)
    return Reply(
        f"您已绑定：{who_is(account.person)}。\n"
        "解绑后此账号不再收到该单位的通知，重新绑定要向办公室索取新的绑定码。\n"
        "确实要解绑，请回复“确认解绑”。",
        (Button("确认解绑", _CONFIRMED), Button("取消", "取消")),
    )


async def _untie(doing: Doing, person: Person) -> Reply:
    await roster.bind_account(doing.session, doing.account, None)
    await audit.record(
        doing.session,
        actor=person.name,
        event="bind.undone",
        about=f"person:{person.id}",
        at=doing.at,
        channel=doing.account.channel,
        account=doing.account.id,
        department=person.department,
    )
    return Reply("已解绑。公开文件内容仍可查询。")


def _asks_who(doing: Doing) -> bool:
    return bool(_WHO_AM_I.fullmatch(doing.asked)) or _claims_department(doing)


def _claims_department(doing: Doing) -> bool:
    """Tell whether somebody only says whose he is: 我是教育局的联络员."""
    said = _CLAIMS.fullmatch(doing.folded)
    if not said:
        return False
    rest = said["rest"]
    named = _departments_in(doing, rest)
    return any(_REST_OF_CLAIM.fullmatch(rest.removeprefix(one)) for one in named)


def _departments_in(doing: Doing, said: str) -> list[str]:
    """List the departments with which *said* begins, as they are written there."""
    known = doing.departments
    among = OpenPlans(doing.plans, known).departments
    written = [one.written for one in known.find(said, among=among) if not one.start]
    return written + [fold(one) for one in known.names(said) if said.startswith(one)]


async def _say_who(doing: Doing) -> Reply:
    """Tell who the account is bound to; what somebody says of himself binds nothing."""
    person = doing.person
    if not _claims_department(doing):
        return Reply(_told(person) if person else f"您的账号还没有绑定单位。{HOW}")
    if person is None:
        return Reply(f"{_NOT_BY_WORD}{HOW}")
    return Reply(f"{_NOT_BY_WORD}\n{_told(person)}")


async def revoke_heard(
    session: AsyncSession, incoming: Incoming, *, at: datetime
) -> bool:
    """Let a code that was said before others be of no use; False if it was of none."""
    said = code_in(incoming.text)
    code = await roster.revoke_said(session, said, at=at) if said else None
    if code is None:
        return False
    await audit.record(
        session,
        actor="system",
        event="bind.revoked",
        about=f"person:{code.person_id}",
        at=at,
        channel=incoming.channel,
        reason="said in a group",
    )
    return True


BIND = Act(
    name="bind",
    is_of_accounts=True,
    example="绑定",
    group=Group.OTHERS,
    in_groups=False,
    elsewhere=_NOT_HERE,
    fits=_is_binding,
    do=_bind,
    never_fails=True,
)
WHO_AM_I = Act(
    name="who_am_i",
    is_of_accounts=True,
    example="",
    in_groups=False,
    fits=_asks_who,
    do=_say_who,
)
UNBIND = Act(
    name="unbind",
    is_of_accounts=True,
    example="解绑",
    group=Group.OTHERS,
    in_groups=False,
    fits=_is_unbinding,
    do=_unbind,
)
