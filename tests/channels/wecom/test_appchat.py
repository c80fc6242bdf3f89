"""The app pushes into groups that it made itself, and makes each of them once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from fake_qyapi import FakeQyapi
from platform_clock import PlatformClock
from platform_corp import AGENT, CORP_ID, SECRET, App, Corp
from qyapi_calls import Trouble

from bot.channels.wecom.appchat import FOOT, MANNERS, MadeGroup, WecomAppchat
from bot.errors import BotError, NotSent, Refused, Unanswered
from bot.messages import (
    Attachment,
    Batching,
    Button,
    Hearing,
    Mention,
    Recalling,
    Reply,
)

NAME = "科协工作群"


@pytest.fixture
async def appchat(
    qyapi: FakeQyapi, clock: PlatformClock
) -> AsyncIterator[WecomAppchat]:
    channel = WecomAppchat(
        corp_id=CORP_ID,
        agent_id=AGENT,
        secret=SECRET,
        clock=clock,
        base_url=qyapi.base_url,
    )
    yield channel
    await channel.stop()


@pytest.fixture
async def group(appchat: WecomAppchat) -> MadeGroup:
    return await made(appchat)


async def made(appchat: WecomAppchat, name: str = NAME) -> MadeGroup:
    return await appchat.create(name, owner="ZhangSan", members=["LiSi", "WangWu"])


async def push(appchat: WecomAppchat, group: MadeGroup, reply: Reply) -> None:
    for request in appchat.write(group.address, reply):
        assert await appchat.send(group.address, request) == ""


async def test_words_go_out_in_parts_that_fit_with_a_foot(
    appchat: WecomAppchat, group: MadeGroup, qyapi: FakeQyapi
) -> None:
    text = "\n".join(f"第{number}条 " + "科学素质" * 20 for number in range(30))

    await push(appchat, group, Reply(text))

    texts = qyapi.texts_to(group.address)
    assert len(texts) > 1
    assert "\n".join(texts) == f"{text}\n{FOOT}"


async def test_choices_are_left_out_and_named_people_are_called_but_never_all(
    appchat: WecomAppchat, group: MadeGroup, qyapi: FakeQyapi
) -> None:
    mentions = (Mention("张三", "ZhangSan"), Mention("各位", "@all"))
    buttons = (Button("签收", "签收 12"),)
    await push(
        appchat, group, Reply("请张三和各位 <@all> 看", buttons, mentions=mentions)
    )

    (post,) = qyapi.posts_to(group.address)
    assert post.text == f"请张三和各位 ＜@all> 看\n{FOOT}"
    assert post.content["mentioned_list"] == ["ZhangSan"]


@pytest.mark.parametrize(
    ("name", "size", "kind"),
    [
        ("图.png", 5000, "image"),
        ("图.webp", 5000, "file"),
        ("图.png", 10 * 1024 * 1024 + 1, "file"),
    ],
)
async def test_files_go_as_what_they_fit_into(
    appchat: WecomAppchat,
    group: MadeGroup,
    qyapi: FakeQyapi,
    tmp_path: Path,
    name: str,
    size: int,
    kind: str,
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * size)
    file = Attachment(name=name, at=str(path), is_picture=True)

    await push(appchat, group, Reply("", attachments=(file,)))

    assert [post.msgtype for post in qyapi.posts_to(group.address)] == [kind]


@pytest.mark.parametrize("code", [40050, 86001, 86003, 86008])
async def test_a_group_that_is_gone_is_refused_for_good(
    appchat: WecomAppchat, group: MadeGroup, qyapi: FakeQyapi, code: int
) -> None:
    qyapi.expect("appchat/send", Trouble(errcode=code))

    with pytest.raises(Refused, match=str(code)) as failure:
        await push(appchat, group, Reply("今日截止。"))

    assert failure.value.gone


async def test_who_does_not_see_the_root_department_is_refused_but_no_group_is_gone(
    appchat: WecomAppchat, group: MadeGroup, qyapi: FakeQyapi
) -> None:
    qyapi.corp.apps[0] = App(visible={"lisi"})

    with pytest.raises(Refused, match="60011") as failure:
        await push(appchat, group, Reply("今日截止。"))

    assert not failure.value.gone


async def test_too_many_people_a_minute_wait_for_a_minute(
    appchat: WecomAppchat, group: MadeGroup, qyapi: FakeQyapi, clock: PlatformClock
) -> None:
    spent = 20_000 - 1
    assert qyapi.appchats.send_rate.take(CORP_ID, now=clock(), times=spent)
    await push(appchat, group, Reply("一"))
    for left in (60.0, 45.0):  # the second is not even tried
        with pytest.raises(NotSent) as failure:
            await push(appchat, group, Reply("二"))
        assert (failure.value.retry_after, failure.value.everywhere) == (left, True)
        clock.now += timedelta(seconds=15)

    clock.now += timedelta(seconds=31)
    await push(appchat, group, Reply("二"))
    assert len(qyapi.of("appchat/send")) == 3


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble(errcode=6000), NotSent),
        (Trouble(errcode=45009), NotSent),
        (Trouble(errcode=50003), NotSent),
        (Trouble(errcode=40058), Refused),
        (Trouble(cut=True), Unanswered),
        (Trouble(status=502, raw=b"<html>"), Unanswered),
        (Trouble(takes=True, cut=True), Unanswered),
    ],
)
async def test_what_goes_wrong_is_told_by_its_kind_and_tried_once(
    appchat: WecomAppchat,
    group: MadeGroup,
    qyapi: FakeQyapi,
    caplog: pytest.LogCaptureFixture,
    trouble: Trouble,
    error: type[Exception],
) -> None:
    qyapi.expect("appchat/send", trouble)

    with caplog.at_level("DEBUG"), pytest.raises(error) as failure:
        await push(appchat, group, Reply("今日截止。"))

    assert len(qyapi.of("appchat/send")) == 1
    assert SECRET not in str(failure.value) + caplog.text + repr(appchat)


async def test_a_token_that_is_not_taken_is_renewed_once(
    appchat: WecomAppchat, group: MadeGroup, qyapi: FakeQyapi
) -> None:
    qyapi.expect("appchat/send", Trouble(errcode=42001))

    await push(appchat, group, Reply("今日截止。"))

    assert len(qyapi.posts_to(group.address)) == 1


async def test_the_pace_keeps_below_what_wecom_would_drop_without_a_word(
    appchat: WecomAppchat,
) -> None:
    limits = {(one.count, one.seconds) for one in MANNERS.limits}

    assert limits == {(200, 60.0), (10_000, 86_400.0)}
    assert not MANNERS.drops_copies_for  # so what nobody knows of is never sent again
    for more in (Hearing, Recalling, Batching):
        assert not isinstance(appchat, more)


async def test_a_group_is_made_once_however_often_it_is_asked_for(
    appchat: WecomAppchat, qyapi: FakeQyapi
) -> None:
    first = await made(appchat)
    again = await appchat.create(NAME, owner="LiSi", members=["ZhangSan"])
    other = await made(appchat, "应急工作群")

    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert first.members == again.members == ("ZhangSan", "LiSi", "WangWu")
    assert (again.address, again.owner) == (first.address, "ZhangSan")
    assert len(qyapi.appchats.chats) == 2


async def test_who_is_not_in_a_group_is_told_and_added_and_nobody_is_put_out(
    appchat: WecomAppchat, group: MadeGroup, qyapi: FakeQyapi
) -> None:
    qyapi.corp.add("ZhaoLiu")
    people = ["lisi", "ZhaoLiu"]
    assert await appchat.missing(group.address, people) == ["ZhaoLiu"]

    again = await appchat.create(NAME, owner="LiSi", members=people)

    assert (again.is_new, again.added) == (False, ("ZhaoLiu",))
    assert again.members == ("ZhangSan", "LiSi", "WangWu", "ZhaoLiu")
    assert qyapi.appchats.chats[group.address].members == [*again.members]
    assert await appchat.missing(group.address, people) == []


async def test_a_group_that_is_gone_misses_nobody_but_is_refused(
    appchat: WecomAppchat, group: MadeGroup, qyapi: FakeQyapi
) -> None:
    qyapi.appchats.dissolve(group.address)

    with pytest.raises(Refused, match="86003"):
        await appchat.missing(group.address, ["LiSi"])


async def test_a_group_of_which_no_answer_came_is_found_again(
    appchat: WecomAppchat, qyapi: FakeQyapi
) -> None:
    qyapi.expect("appchat/create", Trouble(takes=True, cut=True))

    with pytest.raises(BotError) as failure:
        await made(appchat)
    assert "再运行一次同样的命令，不会重复建群" in failure.value.reply

    assert not (await made(appchat)).is_new
    assert len(qyapi.appchats.chats) == 1


@pytest.mark.parametrize(
    ("name", "owner", "members", "told"),
    [
        (NAME, "ZhangSan", [], "至少 2 人"),
        (NAME, "ZhangSan", ["zhangsan"], "至少 2 人"),
        (NAME, "ZhangSan", ["Nobody"], "不认识的账号"),
        (NAME, "张三", ["LiSi"], "“张三”不是企业微信账号"),
        (NAME, "ZhangSan", ["@all"], "“@all”不是企业微信账号"),
        ("", "ZhangSan", ["LiSi"], "1–50 个字"),
        ("长" * 51, "ZhangSan", ["LiSi"], "1–50 个字"),
        ("两\n行", "ZhangSan", ["LiSi"], "1–50 个字"),
    ],
)
async def test_a_group_that_cannot_be_is_refused_with_the_remedy(
    appchat: WecomAppchat,
    qyapi: FakeQyapi,
    name: str,
    owner: str,
    members: list[str],
    told: str,
) -> None:
    with pytest.raises(BotError) as failure:
        await appchat.create(name, owner=owner, members=members)

    assert told in failure.value.reply
    assert qyapi.appchats.chats == {}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (48002, "没有调用这个接口的权限"),
        (60011, "要选整个企业"),
        (60020, "可信IP"),
        (86006, "群成员人数不对"),
        (86216, "不认识的账号"),
        (45009, "过于频繁"),
    ],
)
async def test_what_wecom_refuses_when_a_group_is_made_is_told_with_the_remedy(
    appchat: WecomAppchat, qyapi: FakeQyapi, code: int, told: str
) -> None:
    qyapi.expect("appchat/create", Trouble(errcode=code))

    with pytest.raises(BotError) as failure:
        await made(appchat)

    assert told in failure.value.reply


async def test_the_group_of_another_app_is_not_taken_for_ours(
    appchat: WecomAppchat, group: MadeGroup, qyapi: FakeQyapi
) -> None:
    qyapi.appchats.chats[group.address].agentid = 7

    with pytest.raises(BotError) as failure:
        await made(appchat)

    assert "不是本应用建的" in failure.value.reply


async def test_a_checkup_tells_whether_the_app_sees_the_root_department(
    appchat: WecomAppchat, corp: Corp, qyapi: FakeQyapi
) -> None:
    (sound,) = await appchat.check()
    corp.apps[0] = App(visible={"lisi"})
    (fault,) = await appchat.check()
    qyapi.expect("agent/get", Trouble(errcode=48002))
    (refused,) = await appchat.check()

    assert sound.is_well
    assert not fault.is_well
    assert "不是根部门" in fault.words
    assert "没有调用这个接口的权限" in refused.words
