"""What a checkup of an office says of WeCom."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.wecom_checkup import (
    APP,
    APPCHAT,
    BOT,
    HOOK,
    Known,
    answered,
    ask_groups,
    ending_cards,
    look_at_wecom,
)
from bot.channels.wecom.errors import Finding as Told
from bot.mail.outbox import Addressee, post
from bot.model import Beat, Chat, Delivery, DeliveryStatus, Priority
from bot.settings import WecomAppSettings, WecomBotSettings, WecomSettings

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
APP_SETTINGS = WecomAppSettings(
    corp_id="ww0",
    agent_id=7,
    callback="http://127.0.0.1:1/wecom/app",
    secret="s-of-the-tests",
    token="TokenOfTheTests",
    aes_key="K" * 43,
)
BOT_SETTINGS = WecomBotSettings(
    bot_id="aib0",
    name="助手",
    callback="",
    secret="s-of-the-tests",
    token="",
    aes_key="",
)
WECOM = WecomSettings(
    api_url="http://127.0.0.1:1",
    socket_url="ws://127.0.0.1:1",
    app=APP_SETTINGS,
    bot=BOT_SETTINGS,
    hooks={"科协工作群": "01234567-89ab"},
)


async def looked(
    settings: WecomSettings = WECOM,
    *,
    runs: bool = False,
    heard: dict[str, Beat] | None = None,
    ending: int = 0,
) -> dict[str, list[tuple[str, bool]]]:
    found: dict[str, list[tuple[str, bool]]] = {}
    for one in await look_at_wecom(
        settings,
        clock=lambda: NOW,
        heard=heard or {},
        runs=runs,
        known=Known(ending=ending),
    ):
        found.setdefault(one.label, []).append((one.words, one.is_fault))
    return found


async def test_each_part_is_looked_at_and_a_dead_network_is_told() -> None:
    found = await looked()

    assert any("连不上企业微信" in words and fault for words, fault in found[APP])
    assert any("访问不通" in words and fault for words, fault in found[APP])
    assert found[HOOK] == [("群机器人：科协工作群", False)]
    assert not [words for words, fault in found.get(BOT, []) if fault]


async def test_groups_of_the_app_are_looked_at_where_they_are_on() -> None:
    on = replace(WECOM, appchat=True)

    ((words, is_fault),) = (await looked(on))[APPCHAT]

    assert is_fault
    assert "连不上企业微信" in words
    assert APPCHAT not in await looked()


class EightAtOnce:
    """Groups of which eight must be asked about before any of them is answered.

    Time is up at the one that is silent, once the others are answered.
    """

    def __init__(self, *, silent: str = "") -> None:
        self._asked, self._silent = asyncio.Barrier(8), silent
        self._left, self._others = 7, asyncio.Event()
        self.is_stopped = False

    async def missing(self, address: str, people: Sequence[str]) -> list[str]:
        await self._asked.wait()
        if address == self._silent:
            await self._others.wait()
            raise TimeoutError
        self._left -= 1
        if not self._left:
            self._others.set()
        return list(people)

    async def stop(self) -> None:
        self.is_stopped = True


def groups(count: int) -> list[tuple[Chat, list[str]]]:
    return [(Chat(title="", address=f"g{n:02}"), ["lisi"]) for n in range(count)]


async def test_eight_groups_are_asked_about_at_a_time() -> None:
    told: list[Told] = []
    async with asyncio.timeout(10):
        await ask_groups(EightAtOnce(), groups(16), told)

    assert sorted(one.words[:6] for one in told) == [f"群“g{n:02}”" for n in range(16)]


async def test_what_was_found_is_told_though_time_is_up() -> None:
    told: list[Told] = []
    channel = EightAtOnce(silent="g07")
    asking = ask_groups(channel, groups(16), told)

    found = await answered(APPCHAT, channel, asking, told)

    assert len([one for one in found if "lisi 不在群里" in one.words]) == 7
    assert "没有按时答复完" in found[-1].words
    assert found[-1].is_fault
    assert channel.is_stopped


async def test_public_sample_keys_are_told_with_what_to_do() -> None:
    app = WecomAppSettings(
        corp_id="wx5823bf96d3bd56c7",
        agent_id=218,
        callback="http://127.0.0.1:1/x",
        secret="s-of-the-tests",
        token="QDG6eK",
        aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    )
    settings = WecomSettings(api_url="http://127.0.0.1:1", socket_url="", app=app)

    ((words, is_fault),) = (await looked(settings))[APP]

    assert is_fault
    assert "公开文档里的示例" in words


@pytest.mark.parametrize(
    ("beat", "is_fault"),
    [
        (Beat(last_at=NOW, error=""), False),
        (Beat(last_at=NOW, error="Kicked: by another"), True),
        (Beat(last_at=NOW - timedelta(minutes=5), error=""), True),
        (None, True),
    ],
)
async def test_a_robot_is_told_of_by_who_listens(
    beat: Beat | None, is_fault: bool
) -> None:
    settings = WecomSettings(
        api_url="http://127.0.0.1:1", socket_url="ws://127.0.0.1:1", bot=BOT_SETTINGS
    )
    heard = {"wecom_bot": beat} if beat else {}

    told = (await looked(settings, runs=True, heard=heard))[BOT]

    assert any(fault for _, fault in told) == is_fault


async def test_the_trouble_of_the_app_that_runs_is_told() -> None:
    beat = Beat(last_at=NOW, error="ApiError: 60020: from ip: 203.0.113.9, x")

    told = (await looked(runs=True, heard={"wecom_app": beat}))[APP]

    assert any("203.0.113.9" in words and fault for words, fault in told)


@pytest.mark.parametrize(
    ("hours", "remote_id", "lane", "count"),
    [
        (65, "card-1", "wecom_app", 0),
        (67, "card-1", "wecom_app", 1),
        (73, "card-1", "wecom_app", 0),
        (67, "msgid-1", "wecom_app", 0),
        (67, "card-1", "wecom_bot", 0),
    ],
)
async def test_cards_that_end_soon_are_counted(
    session: AsyncSession, hours: int, remote_id: str, lane: str, count: int
) -> None:
    to = Addressee(recipient="person:1", lane=lane, address="zhangsan")
    at = NOW - timedelta(hours=hours)
    (id_,) = await post(
        session, key="k", to=to, requests=["{}"], priority=Priority.NUDGE, due_at=at
    )
    delivery = await session.get(Delivery, id_)
    assert delivery
    delivery.status, delivery.settled_at = DeliveryStatus.SENT, at
    delivery.remote_id = remote_id
    await session.flush()

    assert await ending_cards(session, now=NOW) == count


async def test_cards_that_end_soon_are_told() -> None:
    told = (await looked(ending=3))[APP]

    assert any(words.startswith("3 张卡片将在 6 小时内过期") for words, _ in told)
