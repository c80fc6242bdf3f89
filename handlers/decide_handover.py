"""The office decides on handovers and deputies: 移交, 同意移交 3, 不同意移交 3."""

import re

from bot import roster
from bot.errors import NotFound
from bot.messages import Button, Reply
from bot.model import Handover, HandoverState, Person, Role
from bot.roster import Issued
from bot.roster.handovers import (
    MAY_HAND_OVER,
    handover_asked,
    handovers_waiting,
    is_by_family_name,
    may_mean,
)
from bot.roster.leaving import ERASED
from handlers.act import Act, Doing
from handlers.hand_over import choices_of, line_of
from handlers.invite import invite, told_code
from handlers.progress import is_of_office
from handlers.rights import Group
from handlers.take_over import card_of, finish
from handlers.tell_office import tell_person

_LISTS = re.compile(
    "(?:待定|待办)?(?:的)?(?:移交|人员调整)(?:申请|清单|情况)?(?:有哪些|有吗)?"
)
_DECIDES = re.compile(
    r"(?P<no>不)?同意(?:移交|人员调整|备用)\s*[#＃第]?\s*(?P<number>\d{1,9})\s*号?"
    r"(?:[\s:：]+(?P<more>.*))?",
    re.DOTALL,
)
_SHOWN = 3
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z·. ]{2,40}")


async def _list(doing: Doing) -> Reply:
    waiting = await handovers_waiting(doing.session)
    if not waiting:
        return Reply("没有待定的人员调整。")
    lines = [f"待定的人员调整 {len(waiting)} 项："]
    for one in waiting[:_SHOWN]:
        person = await _person(doing, one.person_id)
        when = one.asked_at.astimezone(doing.at.tzinfo)
        lines.append(
            f"{one.id}. {line_of(one, person)}，{when.month}月{when.day}日提出"
        )
    if len(waiting) > _SHOWN:
        lines.append(f"另有 {len(waiting) - _SHOWN} 项，办完以上再看。")
    lines.append(f"同意的可写接任人全名，如“同意移交 {waiting[0].id}：王建国”。")
    buttons = tuple(button for one in waiting[:_SHOWN] for button in choices_of(one))
    return Reply("\n".join(lines), buttons)


async def _person(doing: Doing, id_: int | None) -> Person | None:
    return await doing.session.get(Person, id_) if id_ is not None else None


async def _decide(doing: Doing) -> Reply:
    said = _DECIDES.fullmatch(doing.words.strip())
    assert said, "it fits"
    number, more = int(said["number"]), " ".join((said["more"] or "").split())
    asked = await handover_asked(doing.session, number)
    if asked is None:
        words = f"没有待定的第 {number} 号人员调整，可能已经办过。回复“移交”看清单。"
        raise NotFound(f"handover {number}", reply=words)
    before = await _person(doing, asked.person_id)
    if said["no"]:
        return await _refuse(doing, asked, before, reason=more)
    if before is None or before.left_at:
        return await _refuse(doing, asked, None, reason="申请人已离岗")
    if more and not _NAME.fullmatch(more):
        return Reply(f"请写接任人姓名，如“同意移交 {number}：王建国”。")
    successor, question = await _successor(doing, asked, before, name=more)
    if successor is None or question:
        return Reply(question)
    return await _agree(doing, asked, before, successor)


async def _refuse(
    doing: Doing, asked: Handover, before: Person | None, *, reason: str
) -> Reply:
    await _settle(doing, asked, HandoverState.REFUSED, reason=reason)
    told = False
    if before:
        why = f"原因：{reason}。" if reason else ""
        what = "备用联络员" if asked.as_deputy else "人员调整"
        body = Reply(
            f"办公室未同意您的{what}申请。{why}仍由您接收，有疑问请联系办公室。"
        )
        told = await tell_person(doing, before, body, key=f"handover:{asked.id}:no")
    return Reply(
        f"已记：不同意第 {asked.id} 号人员调整。" + ("将告知申请人。" if told else "")
    )


async def _settle(
    doing: Doing, asked: Handover, state: HandoverState, **detail: object
) -> None:
    assert doing.person, "the role is that of a person"
    asked.state, asked.decided_by, asked.decided_at = state, doing.person.name, doing.at
    is_refused = state is HandoverState.REFUSED
    await doing.session.flush()
    await doing.record(
        "handover.refused" if is_refused else "handover.approved",
        f"person:{asked.person_id}",
        by=doing.person,
        department=asked.department,
        handover=asked.id,
        successor=asked.successor_id,
        **detail,
    )


async def _successor(
    doing: Doing, asked: Handover, before: Person, *, name: str
) -> tuple[Person | None, str]:
    """Find who is meant on the roster, or enter him; else what is to be asked."""
    said = name or asked.successor
    example = f"请写接任人全名，如“同意移交 {asked.id}：王建国”。"
    if not said or said == ERASED:  # he has been erased since he was named
        return None, example
    named = await roster.people_named(
        doing.session, said, department=asked.department, also_left=True
    )
    found = [one for one in named if one.id != before.id]
    if not found and not name and is_by_family_name(said):
        colleagues = await roster.everyone(doing.session, department=asked.department)
        found = [
            one
            for one in colleagues
            if may_mean(said, one.name) and one.id != before.id and one.left_at is None
        ]
        if len(found) != 1:
            names = "、".join(one.name for one in found)
            known = f"名册里可能是：{names}。" if names else f"名册里没有“{said}”。"
            return None, known + example
    if not found:
        return await _entered(doing, asked, before, said), ""
    return found[0], _cannot_follow(asked, found[0])


async def _entered(doing: Doing, asked: Handover, before: Person, name: str) -> Person:
    person = Person(
        name=name,
        department=asked.department,
        role=before.role if _hands_on(asked, before) else Role.LIAISON,
        is_deputy=asked.as_deputy,
    )
    doing.session.add(person)
    await doing.session.flush()
    await _record(doing, "roster.changed", person)
    return person


def _hands_on(asked: Handover, before: Person) -> bool:
    """Tell whether who follows gets the role: no deputy does, nor one of the office."""
    return not asked.as_deputy and before.role in MAY_HAND_OVER


async def _record(doing: Doing, event: str, person: Person) -> None:
    assert doing.person, "the role is that of a person"
    await doing.record(
        event, f"person:{person.id}", by=doing.person, department=person.department
    )


def _cannot_follow(asked: Handover, person: Person) -> str:
    if person.role is not Role.LIAISON:
        return (
            f"{person.department} {person.name}在名册里不是联络员，"
            "请先在名册里调整其角色，再同意。"
        )
    if asked.as_deputy and not person.is_deputy and person.left_at is None:
        return f"{person.name}已是联络员，不需要再设为备用。"
    return ""


async def _agree(
    doing: Doing, asked: Handover, before: Person, successor: Person
) -> Reply:
    asked.successor, asked.successor_id = successor.name, successor.id
    successor.left_at = None
    accounts = await roster.accounts_of(doing.session, successor.id)
    if asked.as_deputy:
        successor.is_deputy = True
    await _settle(doing, asked, HandoverState.APPROVED)
    key = f"handover:{asked.id}"
    if asked.as_deputy:
        asked.state, successor.is_deputy = HandoverState.DONE, True
        await _record(doing, "deputy.named", successor)
    elif accounts:
        await finish(doing.session, asked, successor, at=doing.at)
        card = await card_of(doing, successor, before)
        await tell_person(doing, successor, card, key=f"{key}:card")
    await tell_person(doing, before, _told(asked), key=key)
    if accounts:
        return Reply(
            f"已同意：{line_of(asked, before)}。{successor.name}已绑定，即时生效。"
        )
    issued = await _invite(doing, successor)
    words = told_code(successor, issued, at=doing.at)
    if not asked.as_deputy:
        words += f"\n其绑定后{before.name}的账号自动解除，此前仍由其接收。"
    link = Button("绑定链接（长按复制）", f"绑定 {issued.code}", payload=issued.link)
    return Reply(words, (link,))


async def _invite(doing: Doing, successor: Person) -> Issued:
    assert doing.person, "the role is that of a person"
    return await invite(
        doing.session,
        successor,
        by=doing.person.name,
        at=doing.at,
        told_in=doing.letter,
    )


def _told(asked: Handover) -> Reply:
    """Tell the one who asked what comes next."""
    if asked.as_deputy:
        return Reply(f"办公室已同意{asked.successor}为备用联络员。")
    return Reply(
        f"办公室已同意由{asked.successor}接任。其绑定前仍由您接收，"
        "绑定后您的账号自动解除，不再收到提醒。"
    )


HANDOVERS = Act(
    name="handovers",
    example="移交",
    group=Group.PEOPLE,
    role=Role.ADMIN,
    in_groups=False,
    not_for_super=True,
    fits=lambda doing: (
        is_of_office(doing) and _LISTS.fullmatch(doing.folded.rstrip("?。")) is not None
    ),
    do=_list,
    order=re.compile("(?:待定|待办)的?(?:移交|人员调整)|移交(?:申请)?清单"),
)
DECIDE_HANDOVER = Act(
    name="decide_handover",
    example="",
    role=Role.ADMIN,
    in_groups=False,
    not_for_super=True,
    fits=lambda doing: _DECIDES.fullmatch(doing.words.strip()) is not None,
    do=_decide,
)
