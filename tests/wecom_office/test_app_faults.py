"""What a day says on the app, while every second call of ours meets with trouble."""

import asyncio
import random
from collections import Counter

import pytest
from qyapi_calls import Trouble
from sqlalchemy import select
from wecom_whole_office import WecomOffice, open_office, until

from bot.messages import Reply
from bot.model import Delivery, DeliveryStatus

PEOPLE = [f"member{number:02}" for number in range(40)]
TROUBLES = (  # what stops the whole app for a minute is told of elsewhere
    *(Trouble(errcode=code) for code in (-1, 6000, 45033)),
    Trouble(errcode=-1, takes=True),
    Trouble(cut=True),
    Trouble(cut=True, takes=True),
    Trouble(status=502),
    Trouble(status=502, raw=b"<html>", takes=True),
    Trouble(raw=b"no JSON", takes=True),
)


async def ask(office: WecomOffice, who: str, chance: random.Random) -> None:
    """Ask something; the answer to our callback may get lost, once or twice."""
    sending = await office.line.say(who, "青少年行动有哪些任务")
    for _ in range(chance.randrange(3)):
        await office.line.repeat(sending)


async def tell(office: WecomOffice, who: str) -> None:
    here = (f"chat:wecom_app:{who}", "wecom_app", who)
    await office.tell(Reply(f"给{who}的通知"), here)


@pytest.mark.parametrize("seed", [20261123])
async def test_nothing_is_lost_and_nothing_is_said_twice(
    office_url: str, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    folder = tmp_path_factory.mktemp("office")
    async with open_office(office_url, folder, members=PEOPLE) as office:
        office.qyapi.expect(
            "message/send",
            *(
                chance.choice(TROUBLES)
                if chance.random() < 0.5
                else Trouble(delay=0.01)
                for _ in PEOPLE * 4
            ),
        )
        for some in (PEOPLE[:20], PEOPLE[20:]):
            await asyncio.gather(*(ask(office, who, chance) for who in some))
            office.qyapi.tokens.revoke()
            await asyncio.gather(*(tell(office, who) for who in some))

        async def is_over() -> bool:
            async with office.app.database.reading() as session:
                ends = Counter(await session.scalars(select(Delivery.status)))
            return ends[DeliveryStatus.SENT] == ends.total() >= 3 * len(PEOPLE)

        await until(is_over, seconds=90)
        told = Counter(
            (post.to, post.text or post.msgtype) for post in office.qyapi.posts
        )
        assert office.qyapi.dropped == []
    for who in PEOPLE:
        notice = (who, f"给{who}的通知")
        assert told.pop(notice) == 1
        answers = [words for to, words in told if to == who]
        assert len(answers) == 2  # the list in words, and the card to choose from it
    assert set(told.values()) == {1}
