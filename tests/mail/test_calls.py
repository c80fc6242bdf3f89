"""Calls under way: each ends, whatever its channel does."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.errors import NotSent, Unanswered
from bot.mail.calls import Call, Calls
from bot.mail.ledger import Parcel
from bot.mail.pace import Pace
from bot.messages import Limit, Manners, Reply, Take

NINE = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)
ONE_AN_HOUR = Manners(limits=(Limit(1, 3600.0),))


PARCEL = Parcel(
    id=1,
    key="test:1",
    address="chat 1",
    request="text",
    priority=20,
    tries=0,
    wanted_at=NINE,
    handed_at=None,
    expires_at=None,
)


class Silent:
    """A product that never answers."""

    name = "silent"
    manners = ONE_AN_HOUR

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        return (reply.text,)

    async def start(self, take: Take) -> None:
        """Nothing comes in."""

    async def stop(self) -> None:
        """Nothing is open."""

    async def send(self, address: str, request: str) -> str:
        self.asked.set()
        never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await never


class Desk:
    def __init__(self, *, may_send: bool = True) -> None:
        self.channel, self.heard = Silent(), asyncio.Event()
        self.pace = Pace(ONE_AN_HOUR, now=0.0)
        self.calls = Calls(
            self.channel,
            self.pace,
            patience=60.0,
            may_send=lambda: may_send,
            on_end=self.heard.set,
        )

    def call(self) -> Call:
        return Call(
            parcels=(PARCEL,),
            slot=self.pace.begin("chat 1", answer=False, now=0.0),
            chosen_at=0.0,
            not_before=0.0,
            handed_at=NINE,
        )


async def test_no_call_is_made_once_the_lease_has_run_out() -> None:
    desk = Desk(may_send=False)
    desk.calls.begin(desk.call())
    await desk.heard.wait()
    [call] = desk.calls.take_ended()
    assert isinstance(call.ended, NotSent)
    assert not desk.channel.asked.is_set()


async def test_a_refusal_ends_a_call_that_is_never_made() -> None:
    desk = Desk()
    desk.calls.begin(desk.call(), refusal=Unanswered("too late"))
    [call] = desk.calls.take_ended()
    assert isinstance(call.ended, Unanswered)
    assert desk.calls.are_over


@pytest.mark.parametrize(
    ("is_made", "error"), [(True, Unanswered), (False, NotSent)], ids=["made", "not"]
)
async def test_what_is_cut_off_has_ended(is_made: bool, error: type[Exception]) -> None:
    desk = Desk()
    desk.calls.begin(desk.call())
    if is_made:
        await desk.channel.asked.wait()
    await desk.calls.cut_off()
    [call] = desk.calls.take_ended()
    assert isinstance(call.ended, error)
    assert len(desk.calls) == 0
    assert desk.pace.free_at("b", answer=True) < float("inf")  # its place is given up
