"""An admin drafts what many are told: understood, changed, confirmed by a number."""

import re
from datetime import timedelta

import pytest
from bureau import ADMIN, ALL, HERS, HIS, SECOND, SUPER, Bureau
from front_door import OTHER, OWN
from sqlalchemy import select

from bot.messages import Attachment
from bot.model import (
    BroadcastState,
    Evidence,
    Person,
    Role,
)
from bot.reports.evidence import keep_content


async def test_a_draft_says_what_was_understood(bureau: Bureau) -> None:
    reply = await bureau.hears(ALL)

    assert reply.text == (
        "第1号群发草稿（未发送）：请各单位周五前报科普日活动\n"
        f"范围：全部 2 家 3 人；需电话 1：{OTHER}钱多（未绑定）\n"
        "要求回执：是；发送时间：立即"
    )
    assert [one.label for one in reply.buttons] == [
        *("预览", "试发给自己", "修改", "确认发送", "取消")
    ]
    assert await bureau.deliveries() == []
    assert await bureau.door.events() == ["broadcast.drafted"]


async def test_it_goes_out_after_the_number_at_the_next_beat(
    bureau: Bureau,
) -> None:
    await bureau.says(ALL)
    told = await bureau.says("确认发送")

    assert told.startswith("第1号群发将向 2 家 3 人发送，其中 1 人（家）不能送达")
    [number] = re.findall(r"确认 (\d{4})", told)
    assert "即将发出" in await bureau.says(f"确认发送 {number}")
    assert await bureau.deliveries() == []
    assert (await bureau.beats(), await bureau.beats()) == (1, 0)
    assert {one.address for one in await bureau.deliveries()} == {HERS, HIS}
    assert await bureau.door.events() == [
        *("broadcast.drafted", "broadcast.confirmed", "broadcast.sent")
    ]


@pytest.mark.parametrize(
    ("words", "scope", "text"),
    [
        ("群发 县应急局、县教育局：周五前报材料", "2 家", "周五前报材料"),
        ("群发 全部单位：请注意：周五开会", "全部 2 家", "请注意：周五开会"),
        ("通知 县应急局：开会", f"{OWN} 1 家 1 人", "开会"),
        ("通知县应急局明天上午9点开会", f"{OWN} 1 家", "请县应急局明天上午9点开会"),
        ("群发 二（三）3 的责任单位：报进展", "任务责任单位", "报进展"),
        (
            "通知二（三）3的责任单位报进展",
            "任务责任单位",
            "请二（三）3的责任单位报进展",
        ),
        ("给县应急局发个通知：开会", f"{OWN} 1 家", "开会"),
        ("群发 明天停电，请保存文件", "全部 2 家", "明天停电，请保存文件"),
        ("群发\n第一行\n第二行", "全部 2 家", "第一行 第二行"),
        ("群发 县应急局、县教育局\n第一行\n第二行", "2 家", "第一行 第二行"),
    ],
)
async def test_whom_and_what_are_read_from_the_words(
    bureau: Bureau, words: str, scope: str, text: str
) -> None:
    told = await bureau.says(words)

    assert scope in told
    assert f"（未发送）：{text}\n" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "群发 县应急局：开会，明天9点发，不要回执",
            "否；发送时间：11月24日（周二）09:00",
        ),
        ("群发 周五14:30 要回执 全部单位：开会", "是；发送时间：11月27日（周五）14:30"),
        ("群发：开会，现在发", "是；发送时间：立即"),
        ("群发：请于明天9点前发", "要求回执：是；发送时间：立即"),
    ],
)
async def test_when_and_the_receipt_are_read_too(
    bureau: Bureau, words: str, told: str
) -> None:
    assert told in await bureau.says(words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("群发 县外星局：开会", "没有查到“县外星局”，没有起草"),
        ("群发 县应急局、外星：开会", "没有查到“外星”，没有起草"),
        ("通知县外星人管理局开会", "没有查到“县外星人管理局”"),
        ("群发 全部单位：", "请写明要发的内容"),
        ("群发 昨天9点：开会", "11月22日（周日）09:00 已经过去，没有起草"),
        ("群发 未报单位：请报送", "没有这样的进行中的报送事项"),
        ("群发 不存在群：开会", "没有查到群“不存在群”"),
        ("群发 各镇街道：开会", "没有成员名单，请逐个写明单位"),
        (f"群发：{'长' * 10_000}", "正文 10000 字，超过 4000 字"),
        ("群发 5", "没有第5号群发"),
        ("撤回 5", "没有第5号群发"),
    ],
)
async def test_what_cannot_be_done_is_told_and_nothing_is_kept(
    bureau: Bureau, words: str, told: str
) -> None:
    assert told in await bureau.says(words)
    assert "broadcast.drafted" not in await bureau.door.events()


@pytest.mark.parametrize(
    "words", ["通知什么时候印发的", "通知各单位了吗", "通知书在哪", "取消", "预览"]
)
async def test_other_words_of_an_admin_draft_nothing(
    bureau: Bureau, words: str
) -> None:
    assert "号群发草稿" not in await bureau.says(words)
    assert "broadcast.drafted" not in await bureau.door.events()


@pytest.mark.parametrize("who", [HERS, "99"])
async def test_a_stranger_who_presses_the_admins_button_is_refused(
    bureau: Bureau, who: str
) -> None:
    await bureau.says(ALL)

    told = await bureau.says("确认发送第1号群发", who)

    assert told == "您暂无此项权限，需要请联系办公室。此项由办公室管理员办理。"
    assert (await bureau.broadcast()).state is BroadcastState.DRAFT


async def test_the_super_admin_does_not_broadcast(bureau: Bureau) -> None:
    assert "请由办公室管理员办理" in await bureau.says("群发 全部单位：开会", SUPER)


async def test_a_group_is_no_place_for_it(bureau: Bureau) -> None:
    assert await bureau.door.says_in_group(ADMIN, ALL) == "这件事请私聊我办理。"


async def test_a_draft_is_changed_and_the_number_before_is_void(
    bureau: Bureau,
) -> None:
    await bureau.says(ALL)
    number = await bureau.number()
    await bureau.says("内容：周四前报")
    await bureau.says("范围：县应急局")
    await bureau.says("时间：明天9点")
    told = await bureau.says("不要回执")

    assert "周四前报" in told
    assert f"{OWN} 1 家 1 人\n要求回执：否；发送时间：11月24日（周二）09:00" in told
    anew = await bureau.says(f"确认 {number}")
    assert anew.startswith("发送范围、内容或时间有变化，没有发送，请核对")
    assert re.search(r"确认 \d{4}", anew)
    assert (await bureau.broadcast()).state is BroadcastState.DRAFT


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("改成下周三", "12月2日（周三）09:00"),
        ("时间改为明天下午3点", "11月24日（周二）15:00"),
        ("推迟到周五14:30", "11月27日（周五）14:30"),
        ("改到12月1日 8:00发", "12月1日（周二）08:00"),
    ],
)
async def test_the_time_of_a_draft_is_moved_in_passing(
    bureau: Bureau, words: str, when: str
) -> None:
    await bureau.says(ALL)

    assert f"发送时间：{when}" in await bureau.says(words)


async def test_an_audience_that_changed_since_is_shown_anew(
    bureau: Bureau,
) -> None:
    await bureau.says(ALL)
    number = await bureau.number()
    await bureau.door.bound("9", "孙立", "县气象局")

    told = await bureau.says(f"确认 {number}")

    assert "第1号群发将向 3 家 4 人发送" in told
    assert await bureau.beats() == 0


async def test_who_lost_the_last_liaison_is_to_be_telephoned(bureau: Bureau) -> None:
    await bureau.says("离岗 王敏")

    told = await bureau.says(ALL)

    assert f"范围：全部 2 家 2 人；需电话 2：{OTHER}钱多（未绑定）" in told
    assert f"{OWN}（没有联络员）" in told


@pytest.mark.parametrize("change", ["receipt", "files"])
async def test_the_number_stands_for_files_and_receipt_too(
    bureau: Bureau, change: str
) -> None:
    await bureau.says(ALL)
    number = await bureau.number()
    draft = await bureau.broadcast()
    draft.wants_receipt = change != "receipt"
    if change == "files":
        assert bureau.door.nudging
        assert bureau.door.nudging.evidence
        content = keep_content(bureau.door.nudging.evidence, b"x")
        draft.attachments = (await _kept(bureau, content.digest),)
    await bureau.door.session.flush()

    assert "有变化，没有发送" in await bureau.says(f"确认 {number}")


async def _kept(bureau: Bureau, digest: str) -> Attachment:
    row = Evidence(
        department="办公室", name="a.txt", size=1, digest=digest, at=bureau.door.now
    )
    bureau.door.session.add(row)
    await bureau.door.session.flush()
    return Attachment(name="a.txt", at=f"evidence:{row.id}", size=1)


async def test_who_may_no_longer_send_confirms_nothing(bureau: Bureau) -> None:
    await bureau.says(ALL)
    number = await bureau.number()
    query = select(Person).where(Person.name == "李强")
    (await bureau.door.session.scalars(query)).one().role = Role.SUPER
    await bureau.door.session.flush()

    assert "不办理报送业务" in await bureau.says(f"确认 {number}")
    assert (await bureau.broadcast()).state is BroadcastState.DRAFT


async def test_a_number_in_wide_digits_is_the_same(bureau: Bureau) -> None:
    await bureau.says(ALL)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in await bureau.number())

    assert "已确认" in await bureau.says(f"确认 {wide}")


async def test_a_number_is_used_once_and_expires(bureau: Bureau) -> None:
    await bureau.says(ALL)
    number = await bureau.number()
    bureau.door.now += timedelta(minutes=10)
    assert "已过期" in await bureau.says(f"确认 {number}")

    number = await bureau.number()
    await bureau.says(f"确认 {number}")
    assert "没有等待确认的事项" in await bureau.says(f"确认 {number}")
    assert (await bureau.beats(), len(await bureau.deliveries())) == (1, 2)


async def test_of_two_admins_who_confirm_the_second_hears_that_it_is_done(
    bureau: Bureau,
) -> None:
    await bureau.says(ALL)
    mine = await bureau.number()
    hers = await bureau.number("确认发送第1号群发", SECOND)
    await bureau.says(f"确认 {hers}", SECOND)

    assert "由周敏确认，没有重复办理" in await bureau.says(f"确认 {mine}")
    assert (await bureau.beats(), len(await bureau.deliveries())) == (1, 2)


async def test_another_admin_cannot_use_ones_number(bureau: Bureau) -> None:
    await bureau.says(ALL)
    number = await bureau.number()

    assert "没有等待确认的事项" in await bureau.says(f"确认 {number}", SECOND)
