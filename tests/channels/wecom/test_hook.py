"""Webhooks push into their groups: words, people who are called, files; no secrets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fake_qyapi import FakeQyapi
from qyapi_calls import Trouble

from bot.channels.wecom.hook import FOOT, MANNERS, WecomHook
from bot.errors import NotSent, Refused, SettingsError, Unanswered
from bot.messages import Attachment, Button, Hearing, Limit, Mention, Reply

KEY = "01234567-89ab-cdef-0123-456789abcdef"
NAME = "科协工作群"


@pytest.fixture
async def qyapi() -> AsyncIterator[FakeQyapi]:
    async with FakeQyapi().running() as fake:
        fake.corp.add_webhook(KEY, chat="wrGroup1")
        yield fake


@pytest.fixture
async def hook(qyapi: FakeQyapi) -> AsyncIterator[WecomHook]:
    hook = WecomHook(hooks={NAME: KEY}, base_url=qyapi.base_url)
    yield hook
    await hook.stop()


async def push(hook: WecomHook, reply: Reply, *, to: str = NAME) -> None:
    for request in hook.write(to, reply):
        await hook.send(to, request)


async def test_words_go_out_in_parts_that_fit(
    hook: WecomHook, qyapi: FakeQyapi
) -> None:
    text = "\n".join(f"第{number}条 " + "科学素质" * 20 for number in range(30))

    await push(hook, Reply(text))

    texts = [post.text for post in qyapi.webhooks.posts]
    assert len(texts) > 1
    assert "\n".join(texts) == text


async def test_people_who_are_named_are_called_but_never_all(
    hook: WecomHook, qyapi: FakeQyapi
) -> None:
    mentions = (
        Mention("张三", "zhangsan"),
        Mention("李四", "lisi"),
        Mention("各位", "@all"),
    )
    await push(hook, Reply("请张三和各位 <@all> 看", mentions=mentions))

    (post,) = qyapi.webhooks.posts
    assert post.content["mentioned_list"] == ["zhangsan"]
    assert "<@all>" not in post.text


async def test_people_are_called_once_though_every_part_holds_their_name(
    hook: WecomHook, qyapi: FakeQyapi
) -> None:
    text = f"报送联络员培训情况\n{'。' * 1000}\n请联络员办理。"
    both = (Mention("联络员", "zhangsan"), Mention("联络员", "lisi"))
    await push(hook, Reply(text, mentions=both))

    first, *_, last = (one.content for one in qyapi.webhooks.posts)
    assert "mentioned_list" not in first
    assert last["mentioned_list"] == ["zhangsan", "lisi"]


async def test_choices_are_left_out(hook: WecomHook, qyapi: FakeQyapi) -> None:
    await push(hook, Reply("今日截止。", (Button("签收", "签收 12"),)))

    assert [post.text for post in qyapi.webhooks.posts] == [f"今日截止。\n{FOOT}"]


async def test_what_asks_for_a_reply_says_where_it_is_heard(
    hook: WecomHook, qyapi: FakeQyapi
) -> None:
    await push(hook, Reply("请点“已报送”。", unheard="请私聊回复“已报”。"))

    assert [post.text for post in qyapi.webhooks.posts] == [
        f"请私聊回复“已报”。\n{FOOT}"
    ]


@pytest.mark.parametrize(
    ("size", "is_picture", "kind"),
    [(5000, True, "image"), (2_100_000, True, "file"), (5000, False, "file")],
)
async def test_files_go_as_what_they_fit_into(
    hook: WecomHook,
    qyapi: FakeQyapi,
    tmp_path: Path,
    size: int,
    is_picture: bool,
    kind: str,
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"x" * size)
    file = Attachment(name="图.png", at=str(path), is_picture=is_picture)

    await push(hook, Reply("", attachments=(file,)))

    assert [post.msgtype for post in qyapi.webhooks.posts] == [kind]


@pytest.mark.parametrize("content", [None, b"tiny"])
async def test_a_file_that_is_gone_or_empty_is_refused(
    hook: WecomHook, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "a.txt"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(Refused):
        await push(
            hook, Reply("", attachments=(Attachment(name="a.txt", at=str(path)),))
        )


@pytest.mark.parametrize("code", [93000, 93004, 93008])
async def test_a_webhook_that_is_gone_is_refused_for_good(
    hook: WecomHook, qyapi: FakeQyapi, code: int
) -> None:
    qyapi.expect("webhook/send", Trouble(errcode=code))

    with pytest.raises(Refused, match=str(code)) as failure:
        await push(hook, Reply("今日截止。"))

    assert failure.value.gone


async def test_a_text_that_is_too_long_all_the_same_is_refused(
    hook: WecomHook, qyapi: FakeQyapi
) -> None:
    qyapi.expect("webhook/send", Trouble(errcode=40058))

    with pytest.raises(Refused) as failure:
        await push(hook, Reply("今日截止。"))

    assert not failure.value.gone


async def test_too_often_waits_a_minute_for_this_webhook_alone(
    hook: WecomHook,
) -> None:
    for _ in range(20):
        await push(hook, Reply("今日截止。"))

    with pytest.raises(NotSent) as failure:
        await push(hook, Reply("今日截止。"))

    assert failure.value.retry_after == 60
    assert not failure.value.everywhere


async def test_a_name_that_nobody_gave_is_refused(hook: WecomHook) -> None:
    with pytest.raises(Refused, match="无此群"):
        await push(hook, Reply("今日截止。"), to="无此群")


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble(errcode=6000), NotSent),
        (Trouble(cut=True), Unanswered),
        (Trouble(status=502, raw=b"<html>"), Unanswered),
        (Trouble(takes=True, cut=True), Unanswered),
    ],
)
async def test_what_goes_wrong_is_told_by_its_kind_and_without_the_key(
    hook: WecomHook,
    qyapi: FakeQyapi,
    caplog: pytest.LogCaptureFixture,
    trouble: Trouble,
    error: type[Exception],
) -> None:
    qyapi.expect("webhook/send", trouble)

    with caplog.at_level("DEBUG"), pytest.raises(error) as failure:
        await push(hook, Reply("今日截止。"))

    assert KEY not in str(failure.value) + caplog.text + repr(hook)


async def test_where_nobody_is_nothing_was_sent() -> None:
    hook = WecomHook(hooks={NAME: KEY}, base_url="http://127.0.0.1:1")

    with pytest.raises(NotSent):
        await push(hook, Reply("今日截止。"))

    await hook.stop()
    await hook.stop()


def test_a_key_without_form_is_refused_and_not_told() -> None:
    with pytest.raises(SettingsError) as failure:
        WecomHook(hooks={NAME: "kaputt key"})

    assert "kaputt" not in str(failure.value) + failure.value.reply


def test_twenty_a_minute_go_through_a_webhook_which_hears_nothing() -> None:
    assert MANNERS.limits_of(NAME) == (Limit(20, 60.0),)
    assert not isinstance(WecomHook(hooks={NAME: KEY}), Hearing)


def test_what_it_did_not_write_it_does_not_send() -> None:
    first, second = WecomHook(hooks={NAME: KEY}), WecomHook(hooks={})

    assert first.write("a", Reply("通知")) == second.write("b", Reply("通知"))
