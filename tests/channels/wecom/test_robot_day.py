"""A day of faults, hurried: nothing that was heard is lost, nothing is said twice.

Whatever the line does, what people say while it stands is taken once; what is sent
arrives once, and what nobody acknowledged, of which nobody can know, once at most.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from fake_openws import FakeOpenws
from openws_faults import Fault, abort_line, close_line, lose_ack, lose_frame, refuse
from robot_office import GROUP, RobotOffice, robot_office, until

from bot.errors import NotSent, Unanswered
from bot.messages import Incoming, Reply

HOURS = 24
PEOPLE = ("ZhangSan", "LiSi", "WangWu")

ENDS: tuple[Callable[[FakeOpenws], Awaitable[None]], ...] = (
    lambda openws: openws.close(1000),
    lambda openws: openws.close(1001),
    lambda openws: openws.close(1011),
    lambda openws: _sync(openws.abort),
    lambda openws: _sync(openws.freeze),
    lambda openws: _sync(lambda: setattr(openws, "is_mute", True)),
    lambda openws: _refuse_handshakes(openws),
)
NUISANCES = ("[]", "nonsense", "null", '{"headers": 5}', "{}")
TROUBLES: tuple[Fault, ...] = (
    refuse(846609),
    refuse(846601),
    refuse(-1),
    lose_ack(),
    lose_frame(),
    abort_line(takes=False),
    abort_line(takes=True),
    close_line(1000, takes=True),
    close_line(1001, takes=False),
    Fault(raw="null"),
    Fault(raw="{{{"),
)


async def _sync(act: Callable[[], None]) -> None:
    act()


async def _refuse_handshakes(openws: FakeOpenws) -> None:
    openws.refuses_handshakes = True
    await openws.close(1001)
    await asyncio.sleep(0.05)
    openws.refuses_handshakes = False


class Day:
    """What was said and heard, what was to go out, and what nobody acknowledged."""

    def __init__(self, office: RobotOffice, chance: random.Random) -> None:
        self.office, self.chance = office, chance
        self.said: list[str] = []
        self.answers: set[str] = set()
        self.unknown: set[str] = set()
        self.seen: set[str] = set()

    async def hour(self, number: int) -> None:
        """Speak, be answered with trouble, and have the line struck."""
        openws = self.office.openws
        await openws.clock.advance(3600)
        if self.chance.random() < 0.7:
            self._expect_trouble()
        elif self.taken:  # the line stands, yet nobody is subscribed: a send shows it
            await self._ready()
            openws.forget_subscription()
            for word in "一二三":  # one may get lost, and show nothing
                await self._post(self.taken[-1].conversation, f"第{number}时之{word}")
        await self._ready()
        await openws.send_raw(self.chance.choice(NUISANCES))
        await self._speak(f"第{number}时")
        await self._ready()
        times = sum(one.errcode == 0 for one in openws.of("aibot_subscribe"))
        await self.chance.choice(ENDS)(openws)
        if self.chance.random() < 0.5:  # while there is no line
            await self._post(self.taken[-1].conversation, f"第{number}时的通知")
        await openws.subscribed(times=times + 1)
        openws.is_mute = False

    async def _ready(self) -> None:
        openws, robot = self.office.openws, self.office.robot
        await until(lambda: openws.live is not None and robot.can_send)

    async def _speak(self, words: str) -> None:
        openws = self.office.openws
        await self._ready()
        who = self.chance.choice(PEOPLE)
        chat = self.chance.choice(("", GROUP))
        said = await openws.say(who, openws.at(words), chat=chat)
        assert said
        self.said.append(said.msgid)
        if self.chance.random() < 0.3:
            await openws.repeat(said)
        await until(lambda: any(said.msgid in one.product_id for one in self.taken))
        await self._answer_new()

    @property
    def taken(self) -> list[Incoming]:
        return self.office.taken

    async def _answer_new(self) -> None:
        """Answer what was not heard before, as inbox and postman do."""
        new = [one for one in self.taken if one.product_id not in self.seen]
        for incoming in {one.product_id: one for one in new}.values():
            self.seen.add(incoming.product_id)
            await self._post(
                incoming.conversation, f"答{incoming.product_id}", incoming
            )
            if self.chance.random() < 0.5:
                await self._post(incoming.conversation, f"催{incoming.product_id}")

    async def _post(self, to: str, words: str, asked: Incoming | None = None) -> None:
        ticket = asked.ticket if asked else ""
        (request,) = self.office.robot.write(to, Reply(words, ticket=ticket))
        self.answers.add(words)
        while True:
            try:
                await self.office.robot.send(to, request)
            except NotSent:
                await asyncio.sleep(0.01)
            except Unanswered:
                self.unknown.add(words)
                return
            else:
                return

    def _expect_trouble(self) -> None:
        cmd = self.chance.choice(
            ("aibot_respond_msg", "aibot_send_msg", "aibot_subscribe", "ping")
        )
        self.office.openws.expect(cmd, self.chance.choice(TROUBLES))


@pytest.mark.parametrize("seed", [20261122])
async def test_a_day_of_faults_loses_nothing_and_says_nothing_twice(seed: int) -> None:
    async with robot_office() as office:
        day = Day(office, random.Random(seed))
        for number in range(HOURS):
            await day.hour(number)

        heard = {one.product_id.removeprefix("bot:") for one in office.taken}
        posted = Counter(post.text for post in office.openws.posts)
        assert heard == set(day.said)
        assert max(posted.values()) == 1
        assert set(posted) | day.unknown == day.answers
        assert len(office.openws.of("aibot_subscribe")) > HOURS / 2
