"""What the mail keeps of somebody erased; and that it touches nobody else's."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import outbox
from bot.mail.erasing import (
    addresses_told,
    erase_mail,
    forget_calls,
    forget_in_letters,
    forget_mentions,
)
from bot.mail.outbox import Addressee
from bot.messages import Incoming, Mention, Place, Reply
from bot.model import (
    Delivery,
    DeliveryStatus,
    Letter,
    LetterStatus,
    Notice,
    Person,
    Priority,
    Request,
    Role,
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LANE, HIS, HERS = "telegram", "77", "777"


def letter(who: str, words: str, *, chat: str = "") -> Letter:
    place = Place.GROUP if chat else Place.DIRECT
    incoming = Incoming(
        channel=LANE, address=who, text=words, at=NOON, place=place, chat=chat
    )
    return Letter(
        channel=LANE,
        product_id=words,
        chat=chat or who,
        incoming=incoming,
        status=LetterStatus.WAITING,
        received_at=NOON,
        due_at=NOON,
    )


async def _person(session: AsyncSession, name: str) -> Person:
    person = Person(name=name, department="县科协", role=Role.LIAISON)
    session.add(person)
    await session.flush()
    return person


async def _tell(session: AsyncSession, key: str, people: dict[str, Person]) -> None:
    await outbox.issue_notice(
        session,
        key=key,
        kind="nudge",
        body=Reply(f"请报送 {key}"),
        audience=[
            Addressee(
                recipient=f"person:{one.id}",
                lane=LANE,
                address=address,
                person_id=one.id,
            )
            for address, one in people.items()
        ],
        by="李主任",
        at=NOON,
        write=lambda lane, address, reply: (reply.text,),
    )


async def _erase(session: AsyncSession, person: Person) -> int:
    return await erase_mail(session, person.id, [(LANE, HIS)], by="已删除人员", at=NOON)


async def test_his_letters_are_blank_wherever_he_said_them(
    session: AsyncSession,
) -> None:
    him = await _person(session, "王敏")
    session.add_all(
        [
            letter(HIS, "我的号码是13800000000"),
            letter(HIS, "群里说的", chat="-1"),
            letter(HERS, "他的编号是77"),
            letter(HERS, '引用 "77"', chat="-1"),
        ]
    )
    await session.flush()

    assert await _erase(session, him) == 2

    session.expire_all()
    kept = (await session.scalars(select(Letter).order_by(Letter.id))).all()
    texts = [one.incoming.text for one in kept if one.incoming]
    assert texts == ["", "", "他的编号是77", '引用 "77"']
    assert [one.incoming.address for one in kept if one.incoming] == [
        "",
        "",
        HERS,
        HERS,
    ]
    assert [one.status.value for one in kept] == ["ignored"] * 2 + ["waiting"] * 2


async def test_nothing_goes_out_to_him_and_nobody_is_to_call_him(
    session: AsyncSession,
) -> None:
    him, her = await _person(session, "王敏"), await _person(session, "赵静")
    for key in ("a", "b", "c", "d"):
        await _tell(session, key, {HIS: him, HERS: her})
    query = select(Delivery).where(Delivery.person_id == him.id).order_by(Delivery.id)
    his = (await session.scalars(query)).all()
    his[1].status = DeliveryStatus.UNKNOWN
    his[2].status = DeliveryStatus.FAILED
    his[3].status, his[3].remote_id = DeliveryStatus.SENT, "m1"
    await session.flush()
    assert await addresses_told(session, him.id) == [(LANE, HIS)]

    await _erase(session, him)

    session.expire_all()
    his = (await session.scalars(query)).all()
    assert [one.status.value for one in his] == [
        "cancelled",
        "cancelled",
        "failed",
        "sent",
    ]
    assert {(one.address, one.remote_id) for one in his} == {("", "")}
    assert his[2].called_by == "已删除人员"
    hers = select(Delivery).where(Delivery.address == HERS)
    assert len((await session.scalars(hers)).all()) == 4


async def test_words_for_him_alone_are_blank_and_those_for_all_stay(
    session: AsyncSession,
) -> None:
    him, her = await _person(session, "王敏"), await _person(session, "赵静")
    await _tell(session, "all", {HIS: him, HERS: her})
    await _tell(session, "his", {HIS: him})

    await _erase(session, him)

    texts = list(await session.scalars(select(Request.text).order_by(Request.id)))
    assert texts == ["请报送 all", ""]


async def test_answers_and_letters_of_others_name_him_no_more(
    session: AsyncSession,
) -> None:
    told = {
        "1": "已登记离岗：县科协 王敏（联络员）。",
        "2": json.dumps({"text": "县科协 王敏的绑定码"}),
        "3": "县教育局 王敏（联络员）。",
    }
    for key, words in told.items():
        await outbox.post(
            session,
            key=key,
            to=Addressee(recipient=f"chat:{HERS}", lane=LANE, address=HERS),
            requests=[words],
            priority=Priority.ANSWER,
            due_at=NOON,
        )
    answered, waiting = letter(HERS, "离岗 王敏"), letter(HERS, "返岗 王敏")
    answered.status = LetterStatus.ANSWERED
    session.add_all([answered, waiting])
    await session.flush()

    await forget_mentions(session, ["王敏"], of="县科协", by="已删除人员")
    await forget_in_letters(session, ["王敏"], by="已删除人员")

    session.expire_all()
    texts = list(await session.scalars(select(Request.text).order_by(Request.id)))
    assert texts[0] == "已登记离岗：县科协 已删除人员（联络员）。"
    assert json.loads(texts[1]) == {"text": "县科协 已删除人员的绑定码"}
    assert texts[2] == told["3"]
    kept = (await session.scalars(select(Letter).order_by(Letter.id))).all()
    said = [one.incoming.text for one in kept if one.incoming]
    assert said == ["离岗 已删除人员", "返岗 已删除人员"]


async def _call(
    session: AsyncSession, request: str, *called: str, words: str = "请办理"
) -> None:
    mentions = tuple(Mention(f"联络员{one}", one) for one in called)
    await outbox.issue_notice(
        session,
        key="n",
        kind="nudge",
        body=Reply(words, mentions=mentions),
        audience=[Addressee(recipient="chat:telegram:-1", lane=LANE, address="-1")],
        by="system",
        at=NOON,
        write=lambda *_: (request,),
    )


@pytest.mark.parametrize(
    ("request_", "left"),
    [
        (
            f'{{"text":"<a href=\\"tg://user?id={HIS}\\">联络员</a>，{HIS} 项"}}',
            f'{{"text":"<a href=\\"tg://user?id=0\\">联络员</a>，{HIS} 项"}}',
        ),
        (
            f'{{"content":"\\"{HIS}\\"","mentioned_list":["{HIS}","{HERS}"]}}',
            f'{{"content":"\\"{HIS}\\"","mentioned_list":["0","{HERS}"]}}',
        ),
        (f'{{"{HIS}":"共 {HIS} 项"}}', f'{{"{HIS}":"共 {HIS} 项"}}'),
        (f'"tg://user?id={HERS}"', f'"tg://user?id={HERS}"'),
    ],
)
async def test_who_is_erased_is_called_no_more_in_what_his_group_was_told(
    session: AsyncSession, request_: str, left: str
) -> None:
    await _call(session, request_, HIS, HERS)

    await forget_calls(session, {HIS})

    notice = (await session.scalars(select(Notice))).one()
    assert [one.address for one in notice.body.mentions] == [HERS]
    assert (await session.scalars(select(Request.text))).one() == left


@pytest.mark.parametrize("called", [(), (HERS,)])
async def test_a_notice_that_only_holds_his_address_among_its_words_stays_as_it_is(
    session: AsyncSession, called: tuple[str, ...]
) -> None:
    request = '{"text":{"content":"text","mentioned_list":["text"]}}'
    await _call(session, request, *called, words="text")
    before = (await session.scalars(select(Request))).one().digest

    await forget_calls(session, {"text"})

    left = (await session.scalars(select(Request))).one()
    assert (left.text, left.digest) == (request, before)
