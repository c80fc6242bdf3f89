"""Lines to the platform that are refused, slow, or cut at the worst moment."""

from collections import Counter

import pytest
from harness.proxy import Cut, Proxy
from harness.scene import LANES, STORES, MakeScene

from bot.model import DeliveryStatus

pytest_plugins = ["harness.fixtures"]

MANY = 5

# What befalls the line: is the message SENT, UNKNOWN where no copies are dropped, and
# did it arrive? What certainly did not leave us is sent later.
CUTS = {
    Cut.REFUSE: (DeliveryStatus.SENT, True),
    Cut.DELAY: (DeliveryStatus.SENT, True),
    Cut.ACCEPT_AND_CLOSE: (DeliveryStatus.UNKNOWN, False),
    Cut.BEFORE_REQUEST: (DeliveryStatus.UNKNOWN, False),
    Cut.AFTER_REQUEST: (DeliveryStatus.UNKNOWN, True),
    Cut.BEFORE_ANSWER: (DeliveryStatus.UNKNOWN, True),
}


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("cut", CUTS)
async def test_a_cut_line_neither_loses_nor_doubles(
    make_scene: MakeScene, store: str, cut: Cut
) -> None:
    expected, arrives = CUTS[cut]
    lanes = {name: LANES[name] for name in ("telegram", "wecom")}
    async with (
        await make_scene(store, lanes=lanes) as scene,
        Proxy(scene.port) as proxy,
    ):
        scene.config["platform"] = f"http://127.0.0.1:{proxy.port}"
        await proxy.set(cut)
        await scene.start("the only one", listens=False)
        await scene.notice(MANY)

        async def is_touched() -> bool:
            rows = {status: await scene.rows_in(status) for status in DeliveryStatus}
            if cut is Cut.REFUSE:
                return not await scene.delivered()
            return rows[expected]["telegram"] == MANY

        await scene.until(is_touched, within=60, what=f"touched by {cut}")
        await proxy.set(Cut.NOTHING)
        await scene.drained()
        verdict = await scene.verdict()
        most = MANY if expected is DeliveryStatus.UNKNOWN else 0
        assert verdict.complaints(unknown_at_most={"telegram": most}) == []
        assert verdict.unknown == Counter(telegram=most) - Counter()
        assert verdict.unknown_delivered == (most if arrives else 0)
        told = {
            name: len(one["delivered"]) for name, one in (await scene.record()).items()
        }
        assert told == {"telegram": MANY if arrives else 0, "wecom": MANY}
