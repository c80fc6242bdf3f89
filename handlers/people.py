"""The office manages its people in chat: 解绑, 离岗, 返岗, 删除个人信息."""

import re
from collections.abc import Awaitable, Callable

from bot import roster
from bot.errors import NotAllowed, NotFound
from bot.messages import Reply
from bot.model import Person, Role
from handlers.act import Act, Doing
from handlers.bind import who_is
from handlers.confirm import Confirmed, ask_number, digest_of, holder_of
from handlers.gaps import left_alone
from handlers.invite import find_invited
from handlers.leave import erase, let_leave, let_return, unbind
from handlers.progress import is_of_office
from handlers.rights import Group, is_at_least

_ERASES = "删除个人信息"
_VERBS = ("解绑", "离岗", "返岗", _ERASES)
_SAYS = re.compile(
    rf"(?:请)?(?P<verb>{'|'.join(_VERBS)})"
    r"(?:[\s:：]+(?P<who>.+?)|(?P<near>(?![账单])[\u4e00-\u9fff·]{2,20}?))[。]?"
)
_HIGHER = "您不能办理权限高于自己的人员。"
_ONESELF = "请由另一位管理员办理，以免办公室无人管理。"


def _said(doing: Doing) -> tuple[str, str] | None:
    """Return what is to be done with whom: the verb and his name."""
    said = _SAYS.fullmatch(" ".join(doing.words.split()))
    if said is None or (said["near"] and not is_of_office(doing)):
        return None  # 离岗创业 of anybody else is a question
    return said["verb"], said["who"] or said["near"]


async def _do(doing: Doing) -> Reply:
    said = _said(doing)
    assert said, "it fits"
    verb, who = said
    person = await _meant(doing, who, also_left=verb in ("返岗", _ERASES))
    return await _DONE[verb](doing, person)


async def _meant(doing: Doing, who: str, *, also_left: bool) -> Person:
    person = await find_invited(
        doing.session, who, departments=doing.departments, also_left=also_left
    )
    _refuse(doing, person)
    return person


def _refuse(doing: Doing, person: Person) -> None:
    """Raise NotAllowed for who is above the asker, and for himself."""
    assert doing.person, "the role is that of a person"
    if not is_at_least(doing.person.role, person.role):
        raise NotAllowed("somebody of a higher role", reply=_HIGHER)
    if person.id == doing.person.id:
        raise NotAllowed("oneself", reply=_ONESELF)


async def _unbind(doing: Doing, person: Person) -> Reply:
    assert doing.person, "the role is that of a person"
    by = doing.person.name
    count = await unbind(doing.session, person, by=by, at=doing.at)
    if not count:
        return Reply(f"{who_is(person)}没有绑定的账号。")
    return Reply(
        f"已解绑：{who_is(person)}，{count} 个账号。{await _left_alone(doing, person)}"
        f"重新绑定请回复“发绑定码 {person.name}”。"
    )


async def _leave(doing: Doing, person: Person) -> Reply:
    assert doing.person, "the role is that of a person"
    await let_leave(doing.session, person, by=doing.person.name, at=doing.at)
    return Reply(
        f"已登记离岗：{who_is(person)}。账号已解绑，待发的消息已取消。"
        f"{await _left_alone(doing, person)}如有误请回复“返岗 {person.name}”。"
    )


async def _left_alone(doing: Doing, person: Person) -> str:
    """Say so if nobody is left who hears for the department."""
    if person.role is not Role.LIAISON:
        return ""
    return left_alone(await roster.gaps_among(doing.session, [person.department]))


async def _return(doing: Doing, person: Person) -> Reply:
    assert doing.person, "the role is that of a person"
    if person.left_at is None:
        return Reply(f"{who_is(person)}没有离岗。")
    await let_return(doing.session, person, by=doing.person.name, at=doing.at)
    return Reply(
        f"已恢复在岗：{who_is(person)}。账号须重新绑定：回复“发绑定码 {person.name}”。"
    )


async def _ask(doing: Doing, person: Person) -> Reply:
    """Ask for the number: what is erased is gone for good."""
    asked = await _confirmation(doing, person)
    number = await ask_number(
        doing.session, asked, holder=holder_of(doing.account.id), at=doing.at
    )
    return Reply(
        f"将删除{who_is(person)}的个人信息：姓名、电话、账号、来信内容。\n"
        "报送记录、附件和操作日志保留；账号解绑，待发的消息取消。不能恢复。\n"
        f"回复“确认 {number}”执行，10 分钟内有效。"
    )


async def _confirmation(doing: Doing, person: Person) -> Confirmed:
    accounts = await roster.accounts_by_person(doing.session, [person.id])
    told = [person.id, person.name, person.department, person.role]
    told += [one.id for one in accounts.get(person.id, [])]
    return Confirmed(
        what="person.erase", about=f"person:{person.id}", digest=digest_of(told)
    )


async def erase_confirmed(doing: Doing, confirmed: Confirmed) -> Reply:
    """Erase whom the number stands for, unless he has changed meanwhile."""
    assert doing.person, "the role is that of a person"
    id_ = int(confirmed.about.partition(":")[2])
    person = await doing.session.get(Person, id_)
    if person is None or person.erased_at:
        raise NotFound("he is erased", reply="此人的个人信息已经删除。")
    _refuse(doing, person)
    if (await _confirmation(doing, person)).digest != confirmed.digest:
        return await _ask(doing, person)
    letters = await erase(
        doing.session,
        person,
        by=doing.person.name,
        at=doing.at,
        papers=doing.nudging.papers if doing.nudging else None,
    )
    told = f"个人信息已删除：{who_is(person)}，清除来信 {letters} 条。"  # unnamed
    return Reply(f"{told}报送记录和操作日志保留。")


_DONE: dict[str, Callable[[Doing, Person], Awaitable[Reply]]] = {
    "解绑": _unbind,
    "离岗": _leave,
    "返岗": _return,
    _ERASES: _ask,
}

MANAGE_PEOPLE = Act(
    name="manage_people",
    is_of_accounts=True,
    example="离岗 王敏",
    group=Group.PEOPLE,
    role=Role.ADMIN,
    in_groups=False,
    in_own_group=False,
    fits=lambda doing: _said(doing) is not None,
    do=_do,
)
