"""What was heard is handed over in its order, for as long as the store is away."""

import asyncio
from datetime import UTC, datetime

import pytest
from robot_office import until

from bot.channels.wecom.keeping import Keeper
from bot.errors import StoreError
from bot.messages import Incoming

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def said(text: str, *, by: str = "zhangsan") -> Incoming:
    return Incoming(
        channel="wecom_bot", address=by, text=text, at=NOON, product_id=f"bot:{text}"
    )


class Store:
    """Takes messages, unless it is told to fail."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.unreadable: list[dict[str, str]] = []
        self.fails: list[Exception] = []
        self.slow: set[str] = set()

    async def take(self, incoming: Incoming) -> None:
        if incoming.text in self.slow:
            await asyncio.sleep(0.03)
        if self.fails:
            raise self.fails.pop(0)
        self.taken.append(incoming.text)

    async def keep_unreadable(self, **values: str) -> None:
        self.unreadable.append(values)


async def test_messages_of_a_conversation_are_taken_in_their_order() -> None:
    store = Store()
    store.slow = {"一", "三"}
    keeper = Keeper(store.take, store.keep_unreadable, channel="wecom_bot")

    for text in "一二三四":
        await keeper.put(said(text))
    await keeper.put(said("他", by="lisi"))
    await keeper.settle(within=1)

    assert store.taken == ["他", "一", "二", "三", "四"]


async def test_what_the_store_does_not_take_is_tried_until_it_does() -> None:
    store = Store()
    store.fails = [StoreError("away")] * 2
    keeper = Keeper(store.take, store.keep_unreadable, channel="wecom_bot")

    await keeper.put(said("一"))
    await keeper.put(said("二"))
    await until(lambda: bool(keeper.trouble))
    await keeper.settle(within=5)

    assert store.taken == ["一", "二"]
    assert keeper.trouble == ""


async def test_what_nobody_can_take_is_kept_for_the_office(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Store()
    store.fails = [ValueError("odd")] * 2
    keeper = Keeper(store.take, store.keep_unreadable, channel="wecom_bot")

    await keeper.put(said("一"))
    await keeper.settle(within=1)

    assert [one["product_id"] for one in store.unreadable] == ["bot:一"]


async def test_what_cannot_be_read_is_kept_for_the_office() -> None:
    store = Store()
    keeper = Keeper(store.take, store.keep_unreadable, channel="wecom_bot")

    await keeper.put_unreadable('{"msgid": 1}', ValueError("no text"))
    await keeper.settle(within=1)

    (kept,) = store.unreadable
    assert (kept["raw"], kept["error"]) == ('{"msgid": 1}', "ValueError: no text")


async def test_a_process_that_ends_does_not_wait_for_ever() -> None:
    store = Store()
    store.fails = [StoreError("away")] * 99
    keeper = Keeper(store.take, store.keep_unreadable, channel="wecom_bot")

    await keeper.put(said("一"))
    await keeper.put(said("二"))
    await keeper.settle(within=0.05)
    await asyncio.sleep(0)

    assert store.taken == []
