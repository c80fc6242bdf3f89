"""A successor is bound: the one before him goes, and he is told what is open."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.messages import Button, Reply
from bot.model import Handover, HandoverState, Person, Role, Submission
from bot.reports.spoken import last_words
from bot.reports.submissions import submissions_of
from bot.roster.handovers import MAY_HAND_OVER, approved_handovers, handovers_to
from handlers.act import Act, Doing
from handlers.leave import let_leave
from handlers.nudge_words import day_words
from handlers.submit_words import limit_of, state_words
from handlers.tell_office import put_before_office

_ITEMS = 2
_WORDS = 30  # characters of what was last said
_WHAT_TO_SAY = (
    "可直接回复“已报”“下周一交”“本期无事项”；回复“待报”看全部，“交接清单”再看本条。"
)


async def taken_over(doing: Doing, successor: Person) -> Reply | None:
    """Finish what waited for a successor to be bound; returns his handover card.

    None if nobody hands over to him.
    """
    before = None
    for handover in await handovers_to(
        doing.session, successor.id, state=HandoverState.APPROVED
    ):
        before = await finish(doing.session, handover, successor, at=doing.at)
        who = f"{successor.department} {before.name if before else ''} → "
        await put_before_office(
            doing,
            Reply(f"移交已办结：{who}{successor.name}已绑定，原账号已解除。"),
            key=f"handover:done:{handover.id}",
        )
    return await card_of(doing, successor, before) if before else None


async def finish(
    session: AsyncSession, handover: Handover, successor: Person, *, at: datetime
) -> Person | None:
    """Let a successor take the place of the one before him; returns that one."""
    handover.state = HandoverState.DONE
    before = None
    if handover.person_id is not None:
        before = await session.get(Person, handover.person_id)
    # Who was taken into the office since stays there, and hands on no role of it.
    if before and before.left_at is None and before.role in MAY_HAND_OVER:
        successor.is_deputy, successor.role = before.is_deputy, before.role
        await let_leave(session, before, by=handover.decided_by, at=at)
    await session.flush()
    await audit.record(
        session,
        actor=successor.name,
        event="handover.done",
        about=f"person:{before.id if before else successor.id}",
        at=at,
        department=handover.department,
        handover=handover.id,
        successor=successor.id,
    )
    return before


async def finish_bound(session: AsyncSession, *, at: datetime) -> list[Person]:
    """Finish the handovers whose successors a roster has bound; returns these."""
    done = []
    for handover in await approved_handovers(session):
        if handover.successor_id is None:
            continue
        if await roster.accounts_of(session, handover.successor_id):
            successor = await session.get(Person, handover.successor_id)
            assert successor, "a row that is referred to"
            await finish(session, handover, successor, at=at)
            done.append(successor)
    return done


async def card_of(doing: Doing, successor: Person, before: Person) -> Reply:
    """Write the handover card: open items, what was last said, what to say."""
    owing = await submissions_of(doing.session, [successor.department])
    said = await last_words(doing.session, before.id, limit=1)
    lines = [f"您接任{before.name}，{_count(owing)}"]
    lines += [_line(one) for one in owing[:_ITEMS]]
    if len(owing) > _ITEMS:
        lines[-1] += f"；另有 {len(owing) - _ITEMS} 项"
    if said:
        when = said[0].at.astimezone(doing.at.tzinfo)
        words = " ".join(said[0].words.split())[:_WORDS]
        lines.append(f"上次答复（{when.month}月{when.day}日）：“{words}”。")
    lines.append(_WHAT_TO_SAY)
    return Reply("\n".join(lines), (Button("待报", "待报"),))


def _count(owing: Sequence[Submission]) -> str:
    return f"贵单位未办结 {len(owing)} 项" + ("：" if owing else "。")


def _line(one: Submission) -> str:
    when, state = day_words(limit_of(one)), state_words(one.state)
    return f"{one.report.title}：{when}前，{state} {one.report.code}"


def _asks(doing: Doing) -> bool:
    return doing.folded.rstrip("。?") in {"交接清单", "移交清单", "交接单", "交接卡"}


async def _show(doing: Doing) -> Reply:
    person = doing.person
    assert person, "the role is that of a person"
    done = await handovers_to(doing.session, person.id, state=HandoverState.DONE)
    before = None
    if done and done[0].person_id is not None:
        before = await doing.session.get(Person, done[0].person_id)
    if before is None:
        return Reply("没有移交给您的事项。回复“待报”看贵单位待报送的事项。")
    return await card_of(doing, person, before)


HANDOVER_CARD = Act(
    name="handover_card",
    example="",
    role=Role.LIAISON,
    in_groups=False,
    in_own_group=False,
    fits=_asks,
    do=_show,
)
