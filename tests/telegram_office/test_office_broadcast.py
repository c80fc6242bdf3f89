"""An admin broadcasts on Telegram: drafted, confirmed, received, recalled."""

import re

import said
from fake_api import FakeTelegram
from test_office_troubles import ask, texts_to
from whole_office import WholeOffice

from bot.errors import NotReady
from bot.model import Role

CHIEF, LI, WANG = 4700, 4711, 4712


def chief() -> dict[str, object]:
    return {"id": CHIEF, "is_bot": False, "first_name": "李"}


async def says(office: WholeOffice, telegram: FakeTelegram, words: str) -> str:
    """Let the admin say something; returns what he is told."""
    await ask(office, telegram, said.said(words, sender=chief()))
    return texts_to(telegram, CHIEF)[-1]


async def confirms(office: WholeOffice, telegram: FakeTelegram, words: str) -> str:
    told = await says(office, telegram, words)
    [number] = re.findall(r"确认 (\d{4})", told)
    return await says(office, telegram, f"确认 {number}")


async def beats(office: WholeOffice) -> None:
    """Let the beat come that issues broadcasts and looks after them."""
    for _ in range(3):
        try:
            async with office.app.database.writing() as session:
                await office.app.nudge(session)
        except NotReady as lacking:  # as the clock does
            await lacking.make()
    await office.engine.ring("lane:telegram")
    await office.rest()


async def test_a_broadcast_goes_out_is_received_and_taken_back(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(CHIEF, "办公室", role=Role.ADMIN, name="李强")
    await office.know(LI)
    await office.know(WANG, name="王五")
    telegram.blocked.add(WANG)

    await says(office, telegram, "群发 县科协：周五前报<活动>")
    assert "即将发出" in await confirms(office, telegram, "确认发送")
    await beats(office)
    [text] = texts_to(telegram, LI)
    assert text == "周五前报&lt;活动&gt;"

    [(number, _)] = [(n, t) for (chat, n), t in telegram.messages.items() if chat == LI]
    await ask(office, telegram, said.pressed("=签收", about=number))
    await beats(office)
    told = texts_to(telegram, CHIEF)[-1]
    assert "应发 2：已送达 1，失败 1。" in told
    assert "未送达：县科协王五（对方拉黑了机器人）。" in told
    assert "回执：已签收 1，未签收 0" in told
    assert telegram.of("sendDocument")[-1].chat == CHIEF

    assert "正从 1 个接收方收回" in await confirms(office, telegram, "撤回 1")
    await office.rest()
    await beats(office)
    assert [chat for chat, _ in telegram.messages if chat == LI] == []
    assert "撤回：已收回 1。" in texts_to(telegram, CHIEF)[-1]
