"""Whole dialogues on WeCom: one conversation over the app, the robot and a webhook."""

import logging
from typing import Any

import pytest
from sqlalchemy import select
from wecom_whole_office import GROUP, HOOK, OWN, WecomOffice, until, words_of

from bot.model import DeliveryStatus, Letter, SubmissionState

NUMBER = "澄政字〔2026〕18号"


def keys(card: dict[str, Any]) -> dict[str, str]:
    """Return the keys of a card's buttons by what stands on them."""
    return {one["text"]: one["key"] for one in card["button_list"]}


async def test_the_app_and_the_robot_know_a_person_by_the_roster(
    office: WecomOffice,
) -> None:
    stranger = await office.say("ZhangSan", "你好")
    assert "8 位绑定码" in stranger
    await office.know()

    assert OWN in await office.say("ZhangSan", "我是谁")
    before = len(office.openws.texts_in("ZhangSan"))
    await office.openws.enter("ZhangSan")
    await until(lambda: len(office.openws.texts_in("ZhangSan")) > before)
    assert OWN in office.openws.texts_in("ZhangSan")[-1]

    public = await office.say_in_group("WangWu", "青少年行动有哪些任务")
    assert "共 4 项" in public
    assert "私聊" in await office.say_in_group("ZhangSan", "我们负责哪些任务")


async def test_a_group_is_bound_by_an_admin_and_told_by_its_webhook_if_need_be(
    office: WecomOffice,
) -> None:
    await office.know()
    assert "私聊我" in await office.say_in_group("ZhangSan", "绑定")
    assert "已登记为全体群" in await office.say_in_group("LiSi", "绑定")
    assert f"“{HOOK}”" in await office.say_in_group("LiSi", f"备用推送 {HOOK}")
    chat = await office.chat()
    assert (chat.address, chat.fallback) == (GROUP, f"wecom_hook:{HOOK}")
    report = await office.owes()

    office.openws.expect("aibot_send_msg", *[_refused()] * 2)
    office.openws.expect("aibot_respond_msg", *[_refused()] * 2)
    here = (f"chat:wecom_bot:{GROUP}", "wecom_bot", GROUP)
    await office.nudge(report, here)

    async def is_pushed() -> bool:
        return await office.delivered("wecom_hook") == [DeliveryStatus.SENT]

    await until(is_pushed)
    assert report.code in office.qyapi.posts[-1].text


async def test_a_nudge_is_confirmed_by_its_button_and_its_card_is_replaced(
    office: WecomOffice,
) -> None:
    await office.know()
    report = await office.owes()
    await office.say_in_group("LiSi", f"登记本群 {OWN}")
    before = len(office.openws.board.cards)
    here = (f"chat:wecom_bot:{GROUP}", "wecom_bot", GROUP)
    await office.nudge(report, here)
    await until(lambda: len(office.openws.board.cards) > before)
    task_id, card = list(office.openws.board.cards.items())[-1]

    key = next(key for label, key in keys(_shown(card)).items() if label == "已报送")
    await office.openws.click("ZhangSan", key, task_id=task_id, chat=GROUP)
    await until(lambda: office.openws.board.updates)

    assert office.openws.board.updates[-1].task_id == task_id
    assert await office.state() is SubmissionState.CLAIMED


async def test_a_button_of_a_groups_nudge_is_for_those_of_its_department_alone(
    office: WecomOffice,
) -> None:
    await office.know()
    report = await office.owes()
    await office.say_in_group("LiSi", f"登记本群 {OWN}")
    board = office.openws.board
    before = len(board.cards)
    await office.nudge(report, (f"chat:wecom_bot:{GROUP}", "wecom_bot", GROUP))
    await until(lambda: len(board.cards) > before)
    task_id, card = list(board.cards.items())[-1]
    tasks = keys(_shown(card))["查看本单位任务"]
    said = len(office.openws.posts_in(GROUP))

    await office.openws.click("WangWu", tasks, task_id=task_id, chat=GROUP)
    await until(lambda: board.updates)
    await office.rest()
    assert "仅限本单位联络员" in str(board.updates[-1])
    assert len(office.openws.posts_in(GROUP)) == said

    await office.openws.click("ZhangSan", tasks, task_id=task_id, chat=GROUP)
    await until(lambda: len(office.openws.posts_in(GROUP)) > said)
    assert "共 12 项" in words_of(office.openws.posts_in(GROUP)[said])


async def test_a_reply_that_quotes_the_nudge_confirms_it_and_the_app_is_silent(
    office: WecomOffice,
) -> None:
    await office.know()
    report = await office.owes()
    await office.say_in_group("LiSi", f"登记本群 {OWN}")
    quote = {"msgtype": "text", "text": {"content": f"提示：…… 编号 {report.code}"}}

    asked = await office.say_in_group("ZhangSan", "", quote=quote)
    assert f"已报 {report.code}" in asked
    told = await office.say_in_group("ZhangSan", "已报", quote=quote)

    assert "待办公室核收" in told
    assert await office.state() is SubmissionState.CLAIMED
    assert office.qyapi.posts_to("zhangsan") == []


def _refused() -> Any:
    from openws_faults import refuse

    return refuse(93006)


def _shown(card: Any) -> dict[str, Any]:
    found = getattr(card, "shown", card)
    assert isinstance(found, dict)
    return found


async def test_the_number_of_a_person_is_refused_alone_and_in_groups(
    office: WecomOffice, caplog: pytest.LogCaptureFixture
) -> None:
    await office.know()
    number = "11010519491231002X"
    with caplog.at_level(logging.DEBUG):
        told = await office.say("ZhangSan", f"王敏身份证{number}")
        in_group = await office.say_in_group("ZhangSan", f"已报 {number}")

    for answer in (told, in_group):
        assert answer.startswith(
            "该内容不宜在此传送，未予保存，请按保密规定走正式渠道。"
        )
        assert number not in answer
    assert number not in caplog.text
    async with office.app.database.reading() as session:
        kept = [one.incoming for one in await session.scalars(select(Letter))]
    assert kept
    assert number not in repr(kept)
