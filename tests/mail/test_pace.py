"""The pace: no window at the product above its limit, and little room left unused."""

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from math import inf
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.former import FormerSends
from bot.mail.pace import Pace, Slot
from bot.messages import Limit, Manners

NINE = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)
BOT = (Limit(30, 1.0),)
CHAT = (Limit(1, 1.0),)
GROUP = (Limit(1, 1.0), Limit(20, 60.0))


def telegram_limits(address: str) -> tuple[Limit, ...]:
    return GROUP if address.startswith("-") else CHAT


def telegram(reserve: int = 0) -> Manners:
    limits = (Limit(30, 1.0, reserve),)
    return Manners(limits=limits, limits_of=telegram_limits)


def most_in_a_window(moments: list[float], seconds: float) -> int:
    """Slide a window, both ends included, over every event; return the fullest."""
    moments, first, most = sorted(moments), 0, 0
    for last, moment in enumerate(moments):
        while moments[first] < moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


@dataclass
class Product:
    """A product that notes when each request arrived: some time within its call."""

    manners: Manners
    arrivals: dict[str, list[float]] = field(default_factory=dict)
    ended: list[tuple[str, float]] = field(default_factory=list)

    def take(self, address: str, *, start: float, end: float, at: float) -> None:
        """Note a request that arrived at the part *at* (0 to 1) of its call."""
        moment = start + at * (end - start)
        self.arrivals.setdefault(address, []).append(moment)
        self.ended.append((address, end))

    def check(self) -> None:
        everything = [at for moments in self.arrivals.values() for at in moments]
        for limit in self.manners.limits:
            assert most_in_a_window(everything, limit.seconds) <= limit.count
        for address, moments in self.arrivals.items():
            for limit in self.manners.limits_of(address):
                assert most_in_a_window(moments, limit.seconds) <= limit.count


class Sender:
    """One holder of the lane on a virtual clock; it sends as early as it may."""

    def __init__(self, product: Product, *, now: float = 0.0) -> None:
        self.product = product
        self.pace = Pace(product.manners, now=now)
        self.now = now
        self._under_way: list[tuple[float, int, Slot]] = []
        self._numbers = count()

    def send(self, address: str, *, answer: bool, latency: float, at: float) -> float:
        """Wait until it is allowed, send, and return when that was."""
        while (free := self.pace.free_at(address, answer=answer)) == inf:
            self.pass_to(self.ends[0])
        self.pass_to(max(free, self.now))
        start, end = self.now, self.now + latency
        slot = self.pace.begin(address, answer=answer, now=start)
        self.product.take(address, start=start, end=end, at=at)
        heapq.heappush(self._under_way, (end, next(self._numbers), slot))
        return start

    def pass_to(self, moment: float) -> None:
        """Let the clock run, and calls end, until *moment*."""
        while self._under_way and self._under_way[0][0] <= moment:
            end, _, slot = heapq.heappop(self._under_way)
            self.pace.end(slot, now=end)
        self.now = max(self.now, moment)

    def finish(self) -> None:
        self.pass_to(max(self.ends, default=self.now))

    @property
    def ends(self) -> list[float]:
        """List when the calls under way will end, the next one first."""
        return sorted(end for end, _, _ in self._under_way)


@st.composite
def limits(draw: st.DrawFn) -> tuple[Limit, ...]:
    windows = st.sampled_from([0.5, 1.0, 7.0, 60.0, 100.0])
    counts = draw(st.lists(st.integers(1, 9), max_size=2))
    return tuple(
        Limit(count, draw(windows), draw(st.integers(0, count - 1))) for count in counts
    )


@st.composite
def manners(draw: st.DrawFn) -> Manners:
    of = {"a": draw(limits()), "b": draw(limits()), "-g": draw(limits())}
    return Manners(limits=draw(limits()), limits_of=of.__getitem__)


sends = st.tuples(
    st.floats(0, 3),  # seconds that pass before
    st.sampled_from(["a", "b", "-g"]),
    st.booleans(),
    st.floats(0, 4),  # seconds that the call takes
    st.floats(0, 1),  # the part of it after which the product counts it
)
pauses = st.tuples(st.floats(0, 3), st.sampled_from(["a", "-g", None]), st.floats(0, 9))


@given(manners(), st.lists(st.one_of(sends, pauses), max_size=60))
def test_no_window_is_ever_above_its_limit(
    manners: Manners, traffic: list[tuple[object, ...]]
) -> None:
    product = Product(manners)
    sender = Sender(product)
    run(sender, traffic)
    product.check()


@given(
    manners(),
    st.lists(sends, max_size=40),
    st.lists(sends, max_size=40),
    st.floats(0, 20),
)
def test_no_window_is_above_its_limit_after_a_change_of_holder(
    manners: Manners,
    before: list[tuple[object, ...]],
    after: list[tuple[object, ...]],
    gap: float,
) -> None:
    product = Product(manners)
    first = Sender(product)
    run(first, before)
    first.finish()
    second = Sender(product, now=first.now + gap)
    Random(1).shuffle(product.ended)
    second.pace.remember([([address], at) for address, at in product.ended])
    run(second, after)
    product.check()


def run(sender: Sender, traffic: list[tuple[object, ...]]) -> None:
    for event in traffic:
        match event:
            case (float(gap), str(address), bool(answer), float(latency), float(at)):
                sender.pass_to(sender.now + gap)
                sender.send(address, answer=answer, latency=latency, at=at)
            case (float(gap), str() | None as paused, float(seconds)):
                sender.pass_to(sender.now + gap)
                sender.pace.pause(paused, until=sender.now + seconds)


@given(manners(), st.lists(st.one_of(sends, pauses), max_size=60))
def test_forgetting_changes_nothing(
    manners: Manners, traffic: list[tuple[float, ...]]
) -> None:
    keeping, forgetting = Sender(Product(manners)), Sender(Product(manners))
    for gap, *event in traffic:
        run(keeping, [(gap, *event)])
        forgetting.pass_to(forgetting.now + gap)
        forgetting.pace.forget_old(forgetting.now)
        run(forgetting, [(0.0, *event)])
        assert keeping.now == pytest.approx(forgetting.now)


@pytest.mark.parametrize("seconds", [5.0, 100.0], ids=["spread", "not spread"])
@given(st.integers(2, 40), st.data())
def test_bulk_leaves_the_reserve_to_answers(
    seconds: float, number: int, data: st.DataObject
) -> None:
    reserve = data.draw(st.integers(1, number - 1))
    sender = Sender(Product(Manners(limits=(Limit(number, seconds, reserve),))))
    for one in range(data.draw(st.integers(0, 2 * number))):
        sender.send(f"bulk {one}", answer=False, latency=0.0, at=0.0)
    starts = {
        sender.send(f"asker {one}", answer=True, latency=0.0, at=0.0)
        for one in range(reserve)
    }
    assert starts == {sender.now}


def test_what_others_sent_is_added_to_what_we_sent() -> None:
    pace = Pace(Manners(limits=(Limit(2, 10.0),)), now=0.0)
    pace.end(pace.begin("a", answer=True, now=1.0), now=1.0)
    pace.remember([(["b"], 0.5)])
    assert 10.5 <= pace.free_at("c", answer=True) < 10.6


@pytest.mark.parametrize(
    ("limits", "pause", "idle_at"),
    [
        ((), 7.0, 7.0),
        ((Limit(2, 5.0),), 0.0, 6.1),
        ((Limit(1, 5.0),), 9.0, 9.0),
    ],
)
def test_what_still_counts_is_not_forgotten(
    limits: tuple[Limit, ...], pause: float, idle_at: float
) -> None:
    pace = Pace(Manners(limits_of=lambda _: limits), now=0.0)
    pace.end(pace.begin("a", answer=False, now=1.0), now=1.0)
    pace.pause("a", until=pause)
    pace.forget_old(idle_at - 0.2)
    assert len(pace) == 1
    pace.forget_old(idle_at)
    assert len(pace) == 0


def test_a_reserve_that_leaves_nothing_to_bulk_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves nothing"):
        Pace(Manners(limits=(Limit(3, 1.0, reserve=3),)), now=0.0)


def test_a_send_before_its_time_is_refused() -> None:
    pace = Pace(telegram(), now=0.0)
    pace.end(pace.begin("a", answer=True, now=0.0), now=0.1)
    with pytest.raises(ValueError, match="before its time"):
        pace.begin("a", answer=True, now=1.0)


def test_a_paused_chat_does_not_stop_others() -> None:
    pace = Pace(telegram(), now=0.0)
    pace.pause("a", until=30.0)
    pace.pause("a", until=20.0)  # the longer one counts
    assert pace.free_at("a", answer=True) == 30.0
    assert pace.free_at("b", answer=False) <= 0.0
    assert pace.held(now=29.0, answer=True) == {"a": 30.0}
    assert pace.held(now=30.0, answer=True) == {}


def test_a_paused_credential_stops_all() -> None:
    pace = Pace(telegram(), now=0.0)
    pace.pause(None, until=5.0)
    assert pace.free_at("a", answer=True) == pace.free_at("b", answer=False) == 5.0
    assert pace.address_free_at("a", answer=True) <= 0.0


def test_in_a_flood_only_answers_go_and_few_a_second() -> None:
    sender = Sender(Product(telegram(reserve=1)))
    sender.pace.pause_bulk(now=0.0, until=60.0)
    assert sender.pace.free_at("a", answer=False) == 60.0
    starts = [
        sender.send(f"asker {one}", answer=True, latency=0.0, at=0.0)
        for one in range(50)
    ]
    assert most_in_a_window(starts, 1.0) == 5
    assert starts[-1] == pytest.approx(9.0, abs=0.1)


def test_answers_that_hang_in_a_flood_hold_up_others_no_longer_than_it() -> None:
    sender = Sender(Product(telegram()))
    sender.pace.pause_bulk(now=0.0, until=60.0)
    for one in range(5):
        sender.send(f"asker {one}", answer=True, latency=99.0, at=0.0)
    assert sender.pace.free_at("another", answer=True) == 60.0


def bulk_in_a_minute(floods: list[float], *, begin: float) -> int:
    """Count what goes unasked in a minute, after floods that ended at such moments."""
    sender = Sender(Product(telegram(reserve=1)))
    for end in floods:
        sender.pass_to(end - 1.0)
        sender.pace.pause_bulk(now=end - 1.0, until=end)
        sender.pace.pause_bulk(now=end - 0.5, until=end)  # told once more
    sender.pass_to(begin)
    count = 0
    while sender.send(f"chat {count}", answer=False, latency=0.0, at=0.0) < begin + 60:
        count += 1
    return count


def test_after_a_flood_bulk_goes_at_half_its_speed_and_recovers_slowly() -> None:
    whole = bulk_in_a_minute([], begin=0.0)
    assert 0.48 < bulk_in_a_minute([30.0], begin=30.0) / whole < 0.56
    assert 0.65 < bulk_in_a_minute([30.0], begin=330.0) / whole < 0.78
    assert bulk_in_a_minute([30.0], begin=10.0**7) / whole > 0.98
    several = [30.0, 60.0, 90.0, 120.0, 150.0]
    assert 0.11 < bulk_in_a_minute(several, begin=150.0) / whole < 0.17


@pytest.mark.parametrize(("is_known", "slower"), [(True, 1.0), (False, 2.0)])
def test_the_flood_of_another_holder_is_learnt_and_our_own_is_known(
    is_known: bool, slower: float
) -> None:
    pace = Pace(telegram(), now=0.0)
    former = FormerSends(pace, telegram(), are_known=is_known)
    former.learn_limit(NINE, now=NINE + timedelta(seconds=9), moment=100.0)
    former.learn_limit(None, now=NINE, moment=100.0)
    assert pace._all.slower == slower
    assert not pace.bulk_waits(100.0)


def test_what_is_uncounted_takes_no_place_and_waits_for_none() -> None:
    limits = (Limit(1, 60.0),)
    manners = Manners(
        limits=limits, limits_of=lambda _: limits, is_uncounted=lambda one: one == "!"
    )
    pace = Pace(manners, now=0.0)
    for moment in (1.0, 2.0):
        pace.end(pace.begin("!", answer=True, now=moment), now=moment)
    pace.remember([(["!"], 3.0)])
    assert pace.free_at("a", answer=True) <= 0.0
    pace.begin("a", answer=True, now=4.0)
    assert pace.free_at("!", answer=True) <= 4.0
    assert pace.looks_back("!") == 0.0
    assert pace.looks_back("a") >= 60.0


def test_what_is_uncounted_waits_while_all_or_itself_must() -> None:
    manners = Manners(is_uncounted=lambda one: one.startswith("!"))
    pace = Pace(manners, now=0.0)
    pace.pause("!a", until=4.0)
    assert pace.free_at("!a", answer=True) == 4.0
    assert pace.free_at("!b", answer=True) <= 0.0
    pace.pause(None, until=9.0)
    assert pace.free_at("!b", answer=True) == 9.0


def test_a_call_that_hangs_keeps_its_place() -> None:
    pace = Pace(telegram(), now=0.0)
    slot = pace.begin("a", answer=False, now=0.0)
    assert pace.free_at("a", answer=False) == inf
    pace.end(slot, now=60.0)
    pace.end(slot, now=60.0)  # twice does no harm
    assert 61.0 <= pace.free_at("a", answer=False) <= 61.1


def test_bulk_is_spread_and_answers_are_not() -> None:
    sender = Sender(Product(Manners(limits=(Limit(20, 60.0),))))
    bulk = [sender.send("-g", answer=False, latency=0.0, at=0.0) for _ in range(10)]
    assert bulk[:5] == [0.0] * 5  # a fifth of a window may go at once
    assert bulk[5:] == pytest.approx([3.0 * number for number in range(1, 6)])
    answers = {sender.send("-g", answer=True, latency=0.0, at=0.0) for _ in range(10)}
    assert answers == {sender.now}


def test_it_looks_back_as_far_as_the_longest_window() -> None:
    pace = Pace(telegram(), now=0.0)
    assert 60.0 <= pace.looks_back("-100") < 61.0
    assert 1.0 <= pace.looks_back("100") < 1.1


def test_memory_stays_bounded_over_many_addresses() -> None:
    sender = Sender(Product(Manners(limits_of=telegram_limits)))
    for number in range(100_000):
        sender.send(f"{number}", answer=False, latency=0.01, at=0.0)
        sender.pass_to(sender.now + 0.002)
    assert len(sender.pace) <= 2_000


def test_memory_stays_bounded_for_one_busy_address() -> None:
    pace = Pace(Manners(limits=(Limit(100, 1.0),)), now=0.0)
    for number in range(20_000):
        now = number * 0.02
        pace.end(pace.begin("a", answer=True, now=now), now=now)
    assert len(pace._all.ends._ends) <= 2_048


@dataclass
class Broadcast:
    """Many chats are told something, at most 8 at a time, while people ask."""

    sender: Sender
    random: Random
    waits: list[float] = field(default_factory=list)

    def run(self, chats: list[str], questions: list[float]) -> float:
        """Return how long it took; an answer goes first wherever both may."""
        asked = iter([*questions, inf])
        question = next(asked)
        started = self.sender.now
        for address in chats:
            while question <= self._free_at(address, answer=False, window=8):
                self._send("asker", question)
                question = next(asked)
            self._send(address)
        return self.sender.now - started

    def _send(self, address: str, asked: float | None = None) -> None:
        answer = asked is not None
        address = f"{address} {asked}" if answer else address
        self.sender.pass_to(asked or 0.0)
        free = self._free_at(address, answer=answer, window=12 if answer else 8)
        # Timers and commits take their time.
        self.sender.pass_to(free + self.random.uniform(0, 0.003))
        latency = self.random.uniform(0.01, 0.03)
        start = self.sender.send(address, answer=answer, latency=latency, at=0.5)
        if asked is not None:
            self.waits.append(start - asked)

    def _free_at(self, address: str, *, answer: bool, window: int) -> float:
        while len(self.sender.ends) >= window:
            self.sender.pass_to(self.sender.ends[0])
        free = self.sender.pace.free_at(address, answer=answer)
        return max(free, self.sender.now)


def test_a_group_is_told_as_much_as_it_may_be() -> None:
    random = Random(5)
    product = Product(telegram())
    sender = Sender(product)
    for _ in range(200):
        sender.pass_to(sender.now + random.uniform(0, 0.003))
        sender.send("-g", answer=False, latency=random.uniform(0.01, 0.03), at=0.5)
    assert 200 / sender.now >= 0.95 * 20 / 60
    product.check()


@pytest.mark.parametrize("reserve", [0, 5])
@pytest.mark.parametrize("groups", [0.0, 0.2])
def test_a_broadcast_uses_the_rate_and_answers_hardly_wait(
    reserve: int, groups: float
) -> None:
    random = Random(3)
    chats = [
        f"{'-' if random.random() < groups else ''}{number}" for number in range(2_000)
    ]
    questions = sorted(random.uniform(1, 60) for _ in range(250))
    product = Product(telegram(reserve))
    broadcast = Broadcast(Sender(product), random)
    seconds = broadcast.run(chats, questions)
    sent = sum(len(moments) for moments in product.arrivals.values())
    allowed = 30 if not reserve else 25 + len(questions) / seconds
    assert sent / seconds >= 0.95 * allowed
    waits = sorted(broadcast.waits)
    assert waits[int(0.99 * len(waits))] < 0.3
    product.check()


def topics() -> Pace:
    """Give the pace of a product whose groups have topics: -1/42 is one of -1."""
    manners = Manners(
        limits_of=telegram_limits, shares=lambda address: address.partition("/")[0]
    )
    return Pace(manners, now=0.0)


def test_the_windows_of_a_group_hold_over_its_topics() -> None:
    pace, now = topics(), 0.0
    began = []
    for number in range(30):
        address = ("-1", "-1/42", f"-1/{number + 1}")[number % 3]
        now = max(now, pace.free_at(address, answer=True))
        pace.end(pace.begin(address, answer=True, now=now), now=now)
        began.append(now)

    assert most_in_a_window(began, 1.0) <= 1
    assert most_in_a_window(began, 60.0) <= 20
    assert pace.free_at("-2/42", answer=True) == 0.0
    assert len(pace) == 1


def test_a_pause_of_a_topic_is_one_of_its_group() -> None:
    pace = topics()
    pace.end(pace.begin("-1/7", answer=True, now=0.0), now=0.0)
    pace.pause("-1/42", until=40.0)

    assert pace.address_free_at("-1/8", answer=True) == 40.0
    assert pace.held(now=5.0, answer=True) == {"-1/7": 40.0, "-1/42": 40.0}
    assert pace.held(now=40.0, answer=False) == {}


def test_what_another_holder_sent_to_a_topic_counts_for_its_group() -> None:
    pace = topics()
    pace.remember([([f"-1/{number + 1}"], 9.0) for number in range(20)])

    assert pace.free_at("-1", answer=True) >= 69.0
    pace.forget_old(now=99.0)
    assert len(pace) == 0
    assert pace.free_at("-1", answer=True) == 0.0


@pytest.mark.parametrize("manners", [telegram(), Manners()])
def test_what_another_holder_sent_to_very_many_is_remembered(manners: Manners) -> None:
    pace = Pace(manners, now=0.0)
    addresses = [f"chat {number}" for number in range(5000)]

    pace.remember([([address], -0.5) for address in addresses])

    held = [pace.address_free_at(address, answer=True) for address in addresses]
    assert all((at > 0) == bool(manners.limits) for at in held)


def test_a_call_of_another_holder_counts_once_for_all_and_for_each_whom_it_told() -> (
    None
):
    limits = Manners(limits=(Limit(10, 60.0),), limits_of=telegram_limits)
    told = [f"member {number}" for number in range(1000)]
    pace = Pace(limits, now=0.0)

    pace.remember([(told, -0.5)])

    assert pace.free_at("somebody", answer=False) <= 0.0
    assert all(pace.free_at(one, answer=False) > 0.0 for one in told)
