"""What `bot check` tells of a bot."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import said
from fake_api import TOKEN, FakeTelegram, Trouble
from said import BOT, GROUP
from taking import NOON

from bot.channels.telegram import TelegramChannel, Webhook, remedy
from bot.channels.telegram.objects import ALLOWED_UPDATES
from bot.errors import DeliveryError

WEBHOOK = Webhook(url="https://bot.example/telegram/x", secret="geheim")


async def words(channel: TelegramChannel, *groups: str) -> tuple[str, str]:
    """Return what is well and what is not."""
    findings = await channel.check(groups)
    well = "\n".join(one.words for one in findings if one.is_well)
    return well, "\n".join(one.words for one in findings if not one.is_well)


async def test_all_is_well(channel: TelegramChannel, telegram: FakeTelegram) -> None:
    telegram.members[BOT["id"]] = "administrator"
    well, ill = await words(channel, "-1001", "-1001/42")

    assert "@plan_test_bot" in well
    assert "隐私模式已开" in well
    assert "轮询" in well
    assert well.count("管理员") == 2
    assert ill == ""


async def test_privacy_that_is_off_is_told(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.privacy = False

    assert "/setprivacy" in (await words(channel))[0]


async def test_a_bot_that_nobody_can_add_to_a_group_is_told(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.me = telegram.me | {"can_join_groups": False}

    assert "/setjoingroups" in (await words(channel))[1]


@pytest.mark.parametrize(("waiting", "is_fault"), [(100, False), (101, True)])
async def test_updates_that_nobody_fetches_are_told(
    channel: TelegramChannel, telegram: FakeTelegram, waiting: int, is_fault: bool
) -> None:
    telegram.tell(*[said.said("你好") for _ in range(waiting)])

    well, ill = await words(channel)

    assert f"待取更新 {waiting} 条" in well
    assert (f"有 {waiting} 条更新没人取" in ill) is is_fault


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ([*ALLOWED_UPDATES], ""),
        (None, ""),
        (["message"], "没有订阅 callback_query、edited_message、my_chat_member"),
    ],
)
async def test_kinds_of_updates_that_are_not_told_us_are_named(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    kinds: list[str] | None,
    told: str,
) -> None:
    if kinds is not None:
        telegram.webhook_error = {"allowed_updates": kinds}

    ill = (await words(channel))[1]

    assert told in ill
    assert bool(told) is bool(ill)


@pytest.mark.parametrize("status", ["left", "kicked", None])
async def test_a_group_that_was_lost_is_told(
    channel: TelegramChannel, telegram: FakeTelegram, status: str | None
) -> None:
    if status:
        telegram.members[BOT["id"]] = status

    assert "群 -1001" in (await words(channel, "-1001"))[1]


async def test_a_group_that_has_moved_is_looked_at_where_it_is(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.members[BOT["id"]] = "member"
    telegram.moved[-55] = -1001

    well, ill = await words(channel, "-55")

    assert "群 -1001：普通成员，可以发言" in well
    assert ill == ""


@pytest.mark.parametrize(
    ("ago", "waits", "is_fault", "told"),
    [
        (timedelta(minutes=5), False, True, "不到一小时前"),
        (timedelta(hours=7), False, False, "7 小时前"),
        (timedelta(days=40), False, False, "40 天前"),
        (timedelta(days=40), True, True, "40 天前"),
    ],
)
async def test_an_old_failure_of_the_webhook_is_no_fault_unless_updates_wait(
    make_channel: Callable[..., TelegramChannel],
    telegram: FakeTelegram,
    ago: timedelta,
    waits: bool,
    is_fault: bool,
    told: str,
) -> None:
    telegram.webhook = {"url": WEBHOOK.url}
    telegram.webhook_error = {
        "last_error_message": "Wrong response from the webhook: 503",
        "last_error_date": int((NOON - ago).timestamp()),
    }
    if waits:
        telegram.tell(said.said("你好"))

    well, ill = await words(make_channel(webhook=WEBHOOK))

    shown = ill if is_fault else well
    assert f"上次投递失败（{told}）：Wrong response from the webhook: 503" in shown


@pytest.mark.parametrize(
    ("status", "is_open", "told"),
    [
        ("member", True, ""),
        ("member", False, "只许管理员发言"),
        ("administrator", False, ""),
    ],
)
async def test_a_group_in_which_only_administrators_speak_is_told(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    status: str,
    is_open: bool,
    told: str,
) -> None:
    telegram.members[BOT["id"]] = status
    telegram.permissions = {"can_send_messages": is_open}

    ill = (await words(channel, "-1001"))[1]

    assert told in ill
    assert bool(told) is bool(ill)


@pytest.mark.parametrize(
    ("status", "is_open", "is_well"),
    [("member", True, True), ("member", False, False), ("administrator", False, True)],
)
async def test_a_group_that_takes_no_files_is_told(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    status: str,
    is_open: bool,
    is_well: bool,
) -> None:
    telegram.members[BOT["id"]] = status
    telegram.permissions = {"can_send_messages": True, "can_send_documents": is_open}

    well, ill = await words(channel, "-1001")

    assert ("可以发言" in well) is is_well
    assert ("不许发文件" in ill) is not is_well


async def test_a_server_that_tells_of_no_permissions_is_no_fault(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.members[BOT["id"]] = "member"
    telegram.expect("getChat", Trouble(404, "Not Found"))

    assert "可以发言" in (await words(channel, "-1001"))[0]


async def test_a_webhook_that_keeps_us_from_polling_is_told(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.webhook = {"url": "https://elsewhere.example/"}

    assert "webhook" in (await words(channel))[1]


async def test_a_wrong_token_is_told(
    make_channel: Callable[..., TelegramChannel],
) -> None:
    well, ill = await words(make_channel(token=TOKEN[:-1] + "x"))

    assert well == ""
    assert "令牌无效" in ill
    assert "BOT_TELEGRAM_TOKEN" in ill


@pytest.mark.parametrize("more", [{"proxy": "http://127.0.0.1:1"}, {}])
async def test_a_telegram_that_is_out_of_reach_is_told(
    make_channel: Callable[..., TelegramChannel], more: dict[str, str]
) -> None:
    nowhere = {"base_url": "http://127.0.0.1:1/bot"}
    _, ill = await words(make_channel(**nowhere, **more))

    assert "连不上" in ill
    assert "代理" in ill


@pytest.mark.parametrize(
    ("trouble", "advice"),
    [
        ("Conflict", "同一个令牌"),
        ("InvalidToken: Unauthorized", "/token"),
        ("EndPointNotFound: Not Found", "base_url"),
        ("NotReached: the server was not reached: ClientConnectorError", "代理"),
        ("what came in could not be kept", "数据库"),
        ("TimedOut", "代理"),
        ("something new", "网络"),
    ],
)
def test_each_trouble_has_a_remedy(trouble: str, advice: str) -> None:
    assert advice in remedy(trouble)


async def test_a_group_is_called_by_its_title(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.members[BOT["id"]] = "member"
    findings = await channel.check(("-1001",), titles={"-1001": "联络员群"})

    assert findings[-1].words.startswith("群“联络员群”（-1001）：普通成员")


async def test_a_webhook_state_that_is_not_told_is_told(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.expect("getWebhookInfo", Trouble(500))

    assert "查不到 webhook" in (await words(channel))[1]


@pytest.mark.parametrize(
    ("status", "is_admin"),
    [("creator", True), ("administrator", True), ("member", False), ("left", False)],
)
async def test_who_may_register_a_group_is_asked_of_telegram(
    channel: TelegramChannel, telegram: FakeTelegram, status: str, is_admin: bool
) -> None:
    telegram.members[4711] = status

    assert await channel.is_admin(str(GROUP["id"]), "4711") is is_admin
    with pytest.raises(DeliveryError):
        await channel.is_admin(str(GROUP["id"]), "1")


async def test_a_deep_link_carries_a_code_and_the_name_of_the_bot(
    channel: TelegramChannel,
) -> None:
    link = await channel.deep_link("Ab-c_9")

    assert link == "https://t.me/plan_test_bot?start=Ab-c_9"
    for payload in ("", "a b", "绑定", "x" * 65):
        with pytest.raises(ValueError, match="deep link"):
            await channel.deep_link(payload)


async def test_there_is_no_link_to_a_bot_without_a_name(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.expect("getMe", Trouble(500))

    with pytest.raises(DeliveryError):
        await channel.deep_link("Ab-c_9")


async def test_a_server_without_the_bot_api_is_no_wrong_token(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.expect("getMe", Trouble(404, raw=b"<html>Not Found</html>"))

    _, ill = await words(channel)

    assert "404" in ill
    assert "base_url" in ill
    assert "401" not in ill
