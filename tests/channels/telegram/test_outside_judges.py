"""Others judge our fake and our calls: aiogram's types, both libraries' methods."""

import inspect
from pathlib import Path
from typing import Any

import pytest
import said
from fake_api import BOT, FakeTelegram
from taking import Taken, until
from telegram import Bot

from bot.channels.telegram import TelegramChannel, Webhook
from bot.messages import Attachment, Button, Mention, Reply

HERE, KICKED = {"status": "member"}, {"status": "kicked", "until_date": 0}
UPDATES = [
    said.said("/start Ab-c_9"),
    said.said("@plan_test_bot 我们交了", chat=said.GROUP),
    said.said("/tasks@plan_test_bot", chat=said.FORUM, thread=42),
    said.said("在", chat=said.GROUP, sender=said.ANONYMOUS, sender_chat=said.GROUP),
    said.said("在", chat=said.GROUP, sender=said.OTHER_BOT),
    said.answer_to_bot("已报", chat=said.GROUP),
    said.edited("改了"),
    said.pressed("=是", chat=said.GROUP),
    said.membership(HERE, KICKED, chat=said.private(said.LI)),
    *said.migration(said.OLD_GROUP, said.GROUP),
]


@pytest.fixture(scope="module")
def aiogram() -> Any:
    """Give the other library: here, for to load it is a quarter of all collecting."""
    return pytest.importorskip("aiogram", reason="aiogram judges; not installed")


@pytest.mark.parametrize("update", UPDATES, ids=lambda update: update["update_id"])
def test_the_fake_tells_updates_as_telegram_does(
    aiogram: Any, update: dict[str, Any]
) -> None:
    aiogram.types.Update.model_validate(update)


async def every_call(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken, tmp_path: Path
) -> None:
    """Have the channel make each kind of call that it ever makes."""
    file = tmp_path / "a"
    file.write_bytes(b"x")
    telegram.files["D1"] = b"x"
    telegram.members[BOT["id"]] = "member"
    await channel.start(taken.take)
    await until(lambda: telegram.of("getUpdates") or telegram.of("setWebhook"))
    reply = Reply(
        "李看 <原文>",
        (Button("是", "字" * 40), Button("不是", "不是")),
        press="99",
        mentions=(Mention("李", "4711"),),
        attachments=(
            Attachment(name="a", at=str(file)),
            Attachment(name="b", at=str(file), is_picture=True),
        ),
    )
    requests = channel.write("-1002/42", reply)
    first, *_ = [await channel.send("-1002/42", one) for one in requests]
    for other in (Reply("已记", instead_of=first), Reply("", press="98", aside="嗯")):
        for request in channel.write("-1002", other):
            await channel.send("-1002", request)
    await channel.fetch(Attachment(name="a", at="D1"))
    await channel.check(("-1002",))


async def test_both_libraries_know_every_call_that_we_make(
    aiogram: Any,
    make_channel: Any,
    telegram: FakeTelegram,
    taken: Taken,
    tmp_path: Path,
) -> None:
    await every_call(make_channel(), telegram, taken, tmp_path)
    hook = Webhook(url="https://office.example/tg", secret="geheim")
    await every_call(make_channel(webhook=hook), telegram, taken, tmp_path)

    for call in telegram.calls:
        ours = {**call.parameters, **dict.fromkeys(call.files, "attach://x")}
        name = call.method[0].upper() + call.method[1:]
        theirs = getattr(aiogram.methods, name)
        fields = theirs.model_fields
        values = {
            field: value
            for field, value in ours.items()
            if not (field in call.files or field in ("document", "photo"))
        }
        media = {one: "id" for one in ("document", "photo") if one in ours}
        assert not set(ours) - set(fields) - set(call.files), call
        theirs.model_validate(values | media)
        known = inspect.signature(getattr(Bot, call.method)).parameters
        assert not set(values) - set(known), call
    assert len({call.method for call in telegram.calls}) == 14


async def test_the_fake_answers_as_telegram_does(
    aiogram: Any,
    make_channel: Any,
    telegram: FakeTelegram,
    taken: Taken,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    results: list[tuple[str, Any]] = []
    for name in ("_getMe", "_sendMessage", "_editMessageText", "_sendDocument"):
        _record(telegram, name, results)
    for name in ("_sendPhoto", "_getWebhookInfo", "_getFile", "_getChatMember"):
        _record(telegram, name, results)
    _record(telegram, "_getChat", results)
    await every_call(make_channel(), telegram, taken, tmp_path)

    for name, result in results:
        method = getattr(aiogram.methods, name[1].upper() + name[2:])
        answer = {"ok": True, "result": result}
        aiogram.methods.Response[method.__returning__].model_validate(answer)
    assert len({name for name, _ in results}) == 9


def _record(telegram: FakeTelegram, name: str, results: list[tuple[str, Any]]) -> None:
    action = getattr(telegram, name)

    async def recorded(call: Any) -> Any:
        result = await action(call)
        results.append((name, result))
        return result

    setattr(telegram, name, recorded)
