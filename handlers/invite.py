"""The office hands out binding codes, and takes back what nobody used."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.codes import covered
from bot.departments import Departments
from bot.errors import NotAllowed, NotFound
from bot.mail import told
from bot.messages import Button, Reply
from bot.model import Person, Purpose, Role
from bot.roster import Issued
from handlers.act import Act, Doing
from handlers.bind import who_is
from handlers.rights import Group, is_at_least

_SENDS = re.compile(
    r"(?:请)?(?:发|发放|重发|补发|生成)(?:一个)?绑定码[\s:：]*(?P<who>.*)"
)
_SENDS_TO = re.compile(
    r"(?:请)?给(?P<who>.+?)(?:发|发放|重发|补发)(?:一个)?绑定码[。]?"
)
_REVOKES = re.compile(r"(?:请)?(?:作废|收回|撤销)绑定码[\s:：]*(?P<who>.*)")
_NOBODY = "通讯录里没有这个人。请写姓名，同名的再写单位，例如“发绑定码 王敏 县应急局”。"
_HAS_LEFT = "此人已离岗。确已返岗的，先回复“返岗 姓名”，再发绑定码。"
_ONESELF = frozenset({"我", "本人", "自己", "给我"})  # asks for one, has none to give
_HIGHER = "您不能为权限高于自己的人员发放或作废绑定码。"


async def invite(
    session: AsyncSession, person: Person, *, by: str, at: datetime, told_in: str = ""
) -> Issued:
    """Issue a code for a person; one that he has not used yet is of no use any more."""
    await _revoke(session, person, by=by, at=at)
    issued = await roster.issue_code(
        session,
        person,
        purpose=Purpose.PERSON,
        department=person.department,
        by=by,
        at=at,
        told_in=told_in,
    )
    await _record(session, "bind.issued", person, by=by, at=at)
    return issued


async def revoke(
    session: AsyncSession, person: Person, *, by: str, at: datetime
) -> bool:
    """Take back the code of a person; False if there is none that could be used."""
    return await _revoke(session, person, by=by, at=at) > 0


async def forget_told(session: AsyncSession) -> None:
    """Blot codes out of the answers that told them, as soon as these are out."""
    for code in await roster.codes_told(session):
        if await told.blot_out(session, code.told_in, covered):
            code.told_in = ""


async def find_invited(
    session: AsyncSession,
    words: str,
    *,
    departments: Departments,
    also_left: bool = False,
) -> Person:
    """Find the person that 王敏, 王敏 县应急局 or 县应急局王敏 means.

    The department may be called by a short name. Who has left is found only if asked
    for. Raises NotFound if there is nobody, or more than one.
    """
    said = words.replace("，", " ").replace("、", " ").split()
    found = await _people(session, said, departments, also_left=also_left)
    if not (found or also_left) and await _people(
        session, said, departments, also_left=True
    ):
        raise NotFound("he has left", reply=_HAS_LEFT)
    if len(found) > 1:
        where = "、".join(dict.fromkeys(person.department for person in found))
        words = f"有{len(found)}位同名人员，请在姓名后写明单位：{where}。"
        raise NotFound("several people of a name", reply=words)
    if not found:
        raise NotFound("no such person", reply=_NOBODY)
    return found[0]


async def _people(
    session: AsyncSession,
    words: Sequence[str],
    departments: Departments,
    *,
    also_left: bool,
) -> Sequence[Person]:
    known = await roster.departments_of_people(session)
    for name, department in _readings(words, known, departments):
        found = await roster.people_named(session, name, also_left=also_left)
        if department:
            found = [
                one
                for one in found
                if one.department == department
                or departments.same(one.department, department)
            ]
        if found:
            return found
    return ()


def _readings(
    words: Sequence[str], known: Sequence[str], departments: Departments
) -> list[tuple[str, str]]:
    """Read words as name and department, in the order of likelihood.

    A name may have a space in it, or one too many; a department may be called by a
    short name, and stand right before the name.
    """
    if not words:
        return []
    if len(words) > 1:
        return [
            (" ".join(words), ""),
            ("".join(words), ""),
            (" ".join(words[:-1]), words[-1]),
            (" ".join(words[1:]), words[0]),
        ]
    (word,) = words
    joined = [(word[len(one) :], one) for one in known if word.startswith(one)]
    joined += [
        (word[len(one.written) :], one.department)
        for one in departments.find(word, among=known)
        if not one.start
    ]
    return [(word, ""), *joined]


async def _revoke(
    session: AsyncSession, person: Person, *, by: str, at: datetime
) -> int:
    count = await roster.revoke_codes(session, person, purpose=Purpose.PERSON, at=at)
    if count:
        await _record(session, "bind.revoked", person, by=by, at=at)
    return count


async def _record(
    session: AsyncSession, event: str, person: Person, *, by: str, at: datetime
) -> None:
    await audit.record(
        session,
        actor=by,
        event=event,
        about=f"person:{person.id}",
        at=at,
        department=person.department,
        role=person.role,
    )


def told_code(person: Person, issued: Issued, *, at: datetime) -> str:
    """Tell a code as the office hands it on; *at* is a moment in the office's zone."""
    until = issued.expires_at.astimezone(at.tzinfo)
    return (
        f"{who_is(person)}的绑定码：{issued.code}\n"
        f"24 小时内有效（{until.month}月{until.day}日 {until:%H:%M} 前），限用一次。"
        "请转给本人，由本人私聊我发送，不要发在群里。"
    )


def _said_who(doing: Doing) -> str | None:
    words = " ".join(doing.words.split())
    said = _SENDS.fullmatch(words) or _SENDS_TO.fullmatch(words)
    return said["who"] if said and said["who"] not in _ONESELF else None


async def _meant(doing: Doing, words: str) -> Person:
    return await find_invited(doing.session, words, departments=doing.departments)


async def _invite(doing: Doing) -> Reply:
    assert doing.person, "the role is that of a person"
    person = await _meant(doing, _said_who(doing) or "")
    if not is_at_least(doing.person.role, person.role):
        raise NotAllowed("a code for a higher role", reply=_HIGHER)
    by = doing.person.name
    issued = await invite(
        doing.session, person, by=by, at=doing.at, told_in=doing.letter
    )
    link = Button("绑定链接（长按复制）", f"绑定 {issued.code}", payload=issued.link)
    return Reply(told_code(person, issued, at=doing.at), (link,))


def _revoked_who(doing: Doing) -> str | None:
    said = _REVOKES.fullmatch(" ".join(doing.words.split()))
    return said["who"] if said else None


async def _take_back(doing: Doing) -> Reply:
    assert doing.person, "the role is that of a person"
    person = await _meant(doing, _revoked_who(doing) or "")
    if not is_at_least(doing.person.role, person.role):
        raise NotAllowed("the code of a higher role", reply=_HIGHER)
    if await revoke(doing.session, person, by=doing.person.name, at=doing.at):
        return Reply(f"{who_is(person)}的绑定码已作废。")
    return Reply(f"{who_is(person)}没有未用的绑定码。")


INVITE = Act(
    name="invite",
    is_of_accounts=True,
    example="发绑定码 王敏",
    group=Group.PEOPLE,
    role=Role.ADMIN,
    in_groups=False,
    fits=lambda doing: _said_who(doing) is not None,
    do=_invite,
)
REVOKE = Act(
    name="revoke",
    is_of_accounts=True,
    example="",
    role=Role.ADMIN,
    in_groups=False,
    fits=lambda doing: _revoked_who(doing) is not None,
    do=_take_back,
)
