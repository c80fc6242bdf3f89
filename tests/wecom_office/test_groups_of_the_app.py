"""An office has the app make a group, tells notices there, and learns of its end."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openws_faults import Fault
from qyapi_calls import Trouble
from sqlalchemy import select
from wecom_whole_office import (
    ENV,
    GROUP,
    HOOK,
    OWN,
    WecomOffice,
    until,
)

from bot import roster
from bot.__main__ import cli
from bot.app.wecom_checkup import APPCHAT, known_of, look_at_wecom
from bot.messages import Reply
from bot.model import AuditEntry, Chat, DeliveryStatus
from bot.roster.hearers import called_in, own_chats

LANE, NAME = "wecom_appchat", "科协推送群"
MAKE = ("--create", NAME, "--owner", "LiSi", "--members", "zhangsan，WangWu")
Groups = Callable[..., Awaitable[Result]]


ON_SQLITE = pytest.mark.parametrize("office_url", ["sqlite"], indirect=True)


@pytest.fixture
def groups(office: WecomOffice, tmp_path: Path) -> Groups:
    """Give `bot groups` of the office that runs, as somebody types it."""

    async def run(*words: str) -> Result:
        config = ("--config", str(tmp_path / "bot.toml"), "--name", "李主任")
        line = ["groups", *words, *config]
        return await asyncio.to_thread(CliRunner().invoke, cli, line, env=ENV)

    return run


async def the_group(office: WecomOffice) -> Chat:
    async with office.app.database.reading() as session:
        return (await session.scalars(select(Chat).filter_by(channel=LANE))).one()


async def tell(office: WecomOffice, words: str, lane: str, address: str) -> None:
    await office.tell(Reply(words), (f"chat:{lane}:{address}", lane, address))


async def test_a_group_is_made_and_registered_once_and_told_like_any_other(
    office: WecomOffice, groups: Groups
) -> None:
    await office.know()
    first = await groups(*MAKE, "--department", "科协")
    again = await groups(*MAKE, "--department", OWN)
    chat = await the_group(office)
    async with office.app.database.reading() as session:
        lanes = office.app.nudging.lanes
        told = [one.id for one in await own_chats(session, {OWN}, lanes=lanes)]
        query = select(AuditEntry).filter_by(event="chat.registered")
        entry = (await session.scalars(query.order_by(AuditEntry.id))).first()

    await tell(office, "今日截止。", LANE, chat.address)
    await office.rest()

    assert f"群“{NAME}”已建好：3 人，群主 LiSi，登记为{OWN}的单位群" in first.output
    assert "原来就有，成员没有改动" in again.output
    assert (chat.title, chat.department, told) == (NAME, OWN, [chat.id])
    assert entry
    assert (entry.actor, entry.detail["members"]) == ("李主任", 3)
    assert office.qyapi.texts_to(chat.address)[0].startswith("今日截止。\n")
    assert list(office.qyapi.appchats.chats) == [chat.address]
    assert len(office.qyapi.of("gettoken")) == 1  # for all commands, and the office


@ON_SQLITE
async def test_what_nobody_knows_to_have_arrived_is_never_sent_again(
    office: WecomOffice, groups: Groups
) -> None:
    await groups(*MAKE)
    chat = await the_group(office)
    office.qyapi.expect("appchat/send", Trouble(takes=True, cut=True))

    await tell(office, "今日截止。", LANE, chat.address)
    await office.rest()

    assert await office.delivered(LANE) == [DeliveryStatus.UNKNOWN]
    assert len(office.qyapi.posts_to(chat.address)) == 1


@ON_SQLITE
async def test_a_group_that_has_ended_is_closed_and_its_webhook_is_told_instead(
    office: WecomOffice, groups: Groups
) -> None:
    await groups(*MAKE)
    chat = await the_group(office)
    chosen = await groups("--fallback", f"{chat.address}={HOOK}")
    itself = await groups("--fallback", f"{chat.address}={NAME}")
    office.qyapi.appchats.dissolve(chat.address)

    await tell(office, "今日截止。", LANE, chat.address)

    async def is_pushed() -> bool:
        return await office.delivered("wecom_hook") == [DeliveryStatus.SENT]

    await until(is_pushed)
    assert f"发不出时由“{HOOK}”推送" in chosen.output
    assert "没有这个名称的群机器人或应用建的群" in itself.output
    assert (await the_group(office)).closed_at
    assert "群已解散或不归本应用" in (await groups()).output


@ON_SQLITE
async def test_it_stands_in_for_a_group_that_the_robot_cannot_reach(
    office: WecomOffice, groups: Groups
) -> None:
    await office.know()
    await groups(*MAKE)
    chat = await the_group(office)
    gone = await groups("--unregister", chat.address)
    await office.say_in_group("LiSi", "绑定")
    told = await office.say_in_group("LiSi", f"备用推送 {NAME}")
    refused = Fault(errcode=93006)
    office.openws.expect("aibot_send_msg", refused)
    office.openws.expect("aibot_respond_msg", refused)

    await tell(office, "今日截止。", "wecom_bot", GROUP)
    await until(lambda: office.qyapi.posts_to(chat.address))

    assert "不发通知" in gone.output
    assert f"本群的备用推送为“{NAME}”" in told
    assert f"现由“{NAME}”推送" in (await groups()).output


@ON_SQLITE
async def test_the_group_of_a_webhook_is_told_though_no_robot_is_in_it(
    office: WecomOffice, groups: Groups
) -> None:
    await office.know()
    done = await groups("--hook", HOOK, "--department", "科协")
    async with office.app.database.reading() as session:
        lanes = office.app.nudging.lanes
        (chat,) = await own_chats(session, {OWN}, lanes=lanes)
        calls = await called_in(session, [chat])

    await tell(office, "今日截止。", chat.channel, chat.told_at)
    await office.rest()

    assert f"群机器人“{HOOK}”所在的群已登记为{OWN}的单位群" in done.output
    assert calls == {f"chat:wecom_hook:{HOOK}": ["zhangsan"]}
    assert office.qyapi.texts_to(GROUP) == ["今日截止。"]


@ON_SQLITE
@pytest.mark.parametrize("how", ["hook", "made"])
async def test_a_group_without_ears_is_not_asked_to_press_or_reply_there(
    office: WecomOffice, groups: Groups, how: str
) -> None:
    await office.know()
    report = await office.owes()
    await groups(*(("--hook", HOOK) if how == "hook" else MAKE))
    async with office.app.database.reading() as session:
        (chat,) = (await session.scalars(select(Chat))).all()
    to = (chat.recipient, chat.channel, chat.told_at)

    await office.nudge(report, to)
    await office.rest()

    (text,) = office.qyapi.texts_to(GROUP if how == "hook" else chat.address)
    assert "点“" not in text
    assert f"已报送请私聊回复“已报 {report.code}”。\n（" in text
    assert "办理请私聊" in text.splitlines()[-1]


@ON_SQLITE
async def test_a_webhook_tells_a_group_once_by_itself_or_in_the_stead_of_another(
    office: WecomOffice, groups: Groups
) -> None:
    await groups(*MAKE)
    chat = await the_group(office)
    await groups("--fallback", f"{chat.address}={HOOK}")
    refused = await groups("--hook", HOOK)
    await groups("--fallback", f"{chat.address}=")
    taken = await groups("--hook", HOOK)
    again = await groups("--fallback", f"{chat.address}={HOOK}")

    assert f"已是群“{NAME}”的备用推送" in refused.output + refused.stderr
    assert "所在的群已登记为全体群" in taken.output
    assert "已单独登记" in again.output + again.stderr


@ON_SQLITE
async def test_what_stands_in_for_a_group_that_may_come_back_is_told_nothing_itself(
    office: WecomOffice, groups: Groups
) -> None:
    await groups(*MAKE)
    chat = await the_group(office)
    await groups("--unregister", chat.address)
    await groups("--fallback", f"{chat.address}={HOOK}")
    refused = await groups("--hook", HOOK)

    assert f"已是群“{NAME}”的备用推送" in refused.output + refused.stderr


async def looked_at(office: WecomOffice) -> str:
    """Return what a checkup says of the groups that the app has made."""
    now = office.app.now()
    async with office.app.database.reading() as session:
        chats = await roster.registered_chats(session)
        known = await known_of(session, chats, now=now)
    settings = office.app.settings.wecom
    assert settings
    found = await look_at_wecom(
        settings, clock=lambda: now, heard={}, runs=False, known=known
    )
    return "\n".join(one.words for one in found if one.label == APPCHAT)


@ON_SQLITE
async def test_a_liaison_who_is_not_in_the_group_is_told_until_he_is_added(
    office: WecomOffice, groups: Groups
) -> None:
    await office.know()
    make = ("--create", NAME, "--owner", "LiSi", "--department", "科协", "--members")
    await groups(*make, "WangWu")
    before = await looked_at(office)
    done = await groups(*make, "zhangsan")

    assert "联络员 zhangsan 不在群里" in before
    assert "加进 zhangsan" in done.output
    assert "不在群里" not in await looked_at(office)
