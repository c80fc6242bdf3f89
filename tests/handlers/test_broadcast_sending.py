"""What an admin confirmed is sent: watched, paused, cancelled, recalled, reported."""

from datetime import timedelta
from pathlib import Path

from bureau import ADMIN, ALL, HERS, HIS, Bureau
from front_door import LANE, OTHER, OWN
from report_office import ReportOffice
from sqlalchemy import select

from bot import roster
from bot.messages import Attachment
from bot.model import (
    BroadcastState,
    Chat,
    DeliveryStatus,
    Evidence,
    Notice,
)
from bot.reports.evidence import keep_content, place_of


async def test_it_waits_for_its_time_and_says_if_it_is_late(
    bureau: Bureau,
) -> None:
    await bureau.says("群发 全部单位：开会，明天9点发")
    assert "将于 11月24日（周二）09:00 发出" in await bureau.says(
        f"确认 {await bureau.number()}"
    )
    assert await bureau.beats(timedelta(hours=23)) == 0
    assert await bureau.beats(timedelta(hours=3)) == 1

    told = await bureau.says("群发 1")
    assert "原定 11月24日（周二）09:00，因系统停机或暂停" in told


async def test_who_came_and_went_before_its_time_is_told(
    bureau: Bureau,
) -> None:
    await bureau.says("群发 全部单位 明天9点：开会")
    await bureau.says(f"确认 {await bureau.number()}")
    await bureau.door.bound("9", "孙强", OWN)
    await bureau.says("离岗 赵静")

    await bureau.beats(timedelta(days=2))

    assert {one.address for one in await bureau.deliveries()} == {HERS, "9"}
    assert await bureau.told() == [
        "第1号群发开始发送，名单与确认时不同："
        f"新增 1：{OWN}孙强；不再发给 1：{OTHER}赵静。"
    ]


async def test_nothing_is_told_where_the_audience_is_the_same(
    bureau: Bureau,
) -> None:
    await bureau.sends()

    assert await bureau.told() == []


async def test_what_cannot_go_out_is_a_draft_again_and_audited(
    bureau: Bureau,
) -> None:
    await bureau.says("群发 县应急局：看附件")
    broadcast = await bureau.broadcast()
    broadcast.attachments = (Attachment(name="表.xlsx", at="evidence:99"),)
    broadcast.state, broadcast.confirmed_at = BroadcastState.SCHEDULED, bureau.door.now

    await bureau.beats()

    assert (await bureau.broadcast()).state is BroadcastState.DRAFT
    assert (await bureau.door.events())[-1] == "broadcast.unsent"
    assert "已退回草稿" in (await bureau.told())[0]


async def test_a_preview_tells_how_it_looks_and_who_is_not_reached(
    bureau: Bureau,
) -> None:
    await bureau.says(ALL)

    told = await bureau.says("预览")

    assert "Telegram私聊：2，每处 1 条消息" in told
    assert f"需电话：{OTHER}钱多（未绑定）" in told
    assert "————\n请各单位周五前报科普日活动\n［签收］（按钮）" in told


async def test_it_is_tried_on_oneself_first(bureau: Bureau) -> None:
    await bureau.says(ALL)

    reply = await bureau.hears("试发给自己")

    assert reply.text == "请各单位周五前报科普日活动"
    assert [one.label for one in reply.buttons] == ["签收"]
    assert await bureau.deliveries() == []


async def test_the_counts_add_up_and_the_admin_is_told_at_the_end(
    bureau: Bureau,
) -> None:
    await bureau.sends()
    assert "应发 3：待发 2，需电话 1。" in await bureau.says("群发 1")

    await bureau.arrives(DeliveryStatus.FAILED)
    await bureau.beats()

    [told] = await bureau.told()
    assert "应发 3：已送达 1，失败 1，需电话 1。" in told
    assert f"未送达：{OWN}王敏（对方拉黑了机器人）；{OTHER}钱多（未绑定）。" in told
    assert (await bureau.broadcast()).state is BroadcastState.DONE
    assert (await bureau.door.events())[-1] == "broadcast.reported"


async def test_a_report_names_nobody_who_was_erased_since(
    bureau: Bureau,
) -> None:
    await bureau.sends()
    await bureau.arrives()
    await bureau.beats()
    assert f"{OTHER}钱多（未绑定）" in (await bureau.told())[0]

    await bureau.says(f"确认 {await bureau.number('删除个人信息 钱多')}")

    bureau.door.session.expire_all()
    assert f"{OTHER}已删除人员（未绑定）" in (await bureau.told())[0]


async def test_a_receipt_counts_and_the_others_are_nudged_once_a_day(
    bureau: Bureau,
) -> None:
    await bureau.sends()
    await bureau.arrives()
    await bureau.beats()
    await bureau.door.says(HERS, "收到")

    assert f"已签收 1，未签收 1：{OTHER}赵静" in await bureau.says("群发 1")
    assert "已安排催回执 1 人，11月23日（周一）09:00" in await bureau.says("催回执 1")
    assert "今天已催过" in await bureau.says("催回执 1")
    [nudge] = await bureau.deliveries("nudge")
    nudge.status = DeliveryStatus.SENT
    await bureau.door.says(HIS, "收到")
    assert "已签收 2，未签收 0" in await bureau.says("群发 1")
    assert "都已签收" in await bureau.says("催回执 1")


async def test_what_is_paused_waits_and_goes_on_afterwards(
    bureau: Bureau,
) -> None:
    await bureau.sends()
    [first, _] = await bureau.deliveries()
    first.status, first.epoch = DeliveryStatus.CLAIMED, 1
    await bureau.door.session.flush()

    assert "余下 2 条暂不发送" in await bureau.says("暂停 1")
    rows = await bureau.deliveries()
    assert [one.status for one in rows] == [DeliveryStatus.WAITING] * 2
    assert all(one.due_at.year == 9000 for one in rows)
    assert "余下 2 条" in await bureau.says("继续 1")
    assert all(one.due_at <= bureau.door.now for one in await bureau.deliveries())
    assert "没有重复办理" in await bureau.says("继续 1")


async def test_a_try_that_fails_in_a_pause_is_held_at_the_next_beat(
    bureau: Bureau,
) -> None:
    await bureau.sends()
    [first, _] = await bureau.deliveries()
    first.status = DeliveryStatus.SENDING
    await bureau.door.session.flush()
    await bureau.says("暂停 1")
    [first, _] = await bureau.deliveries()
    first.status = DeliveryStatus.WAITING
    await bureau.door.session.flush()

    await bureau.beats()

    assert all(one.due_at.year == 9000 for one in await bureau.deliveries())


async def test_a_cancelled_draft_is_gone_and_its_number_void(
    bureau: Bureau,
) -> None:
    await bureau.says(ALL)
    number = await bureau.number()

    assert await bureau.says("取消第1号群发") == "第1号群发已取消。"
    assert "没有等待确认的事项" in await bureau.says(f"确认 {number}")


async def test_what_is_cancelled_on_its_way_ends_with_a_report(
    bureau: Bureau,
) -> None:
    await bureau.sends()
    [first, _] = await bureau.deliveries()
    first.status = DeliveryStatus.SENDING
    await bureau.door.session.flush()

    assert "1 条未发的不再发送" in await bureau.says("取消群发 1")
    await bureau.beats()
    assert await bureau.told() == []
    [first, _] = await bureau.deliveries()
    first.status = DeliveryStatus.SENT
    await bureau.door.session.flush()
    await bureau.beats()

    [told] = await bureau.told()
    assert "应发 3：已送达 1，已取消 1，需电话 1。" in told


async def test_what_arrived_is_recalled_after_a_second_number(
    bureau: Bureau,
) -> None:
    await bureau.sends()
    await bureau.arrives(DeliveryStatus.SENT, DeliveryStatus.WAITING)
    number = await bureau.number("撤回 1")

    told = await bureau.says(f"确认撤回 {number}")

    assert "1 条未发的已取消，正从 1 个接收方收回" in told
    [recall] = await bureau.deliveries("")
    assert (recall.address, recall.key) == (HERS, f"recall:{recall.id - 2}:1")
    recall.status = DeliveryStatus.SENT
    await bureau.door.session.flush()
    await bureau.beats()
    assert "撤回：已收回 1。" in (await bureau.told())[-1]


async def test_nobody_is_asked_to_acknowledge_what_is_recalled(
    bureau: Bureau,
) -> None:
    await bureau.sends()
    await bureau.arrives()
    await bureau.beats()
    await bureau.says("催回执 1")

    await bureau.says(f"确认 {await bureau.number('撤回 1')}")

    statuses = {one.status for one in await bureau.deliveries("nudge")}
    assert statuses == {DeliveryStatus.CANCELLED}
    bureau.door.now += timedelta(days=1)
    assert "已撤回，不再催回执" in await bureau.says("催回执 1")


async def test_what_is_too_old_to_be_recalled_is_counted(
    bureau: Bureau,
) -> None:
    await bureau.sends()
    await bureau.arrives()
    await bureau.beats(timedelta(hours=2))
    number = await bureau.number("撤回 1")

    assert "2 个不能收回" in await bureau.says(f"确认 {number}")
    assert await bureau.deliveries("") == []


async def test_groups_are_told_by_their_name(bureau: Bureau) -> None:
    chats = [
        Chat(channel=LANE, address=f"-{n}", title=title, registered_at=bureau.door.now)
        for n, title in enumerate(("科普工作群", "联络员群"), start=1)
    ]
    bureau.door.session.add_all(chats)
    await bureau.door.session.flush()

    assert "范围：1 个群" in await bureau.says("群发 科普工作群：开会")
    assert "范围：2 个群" in await bureau.says("群发 全体群：开会")
    await bureau.says(f"确认 {await bureau.number()}")
    await bureau.beats()
    assert [one.address for one in await bureau.deliveries()] == ["-1", "-2"]


async def test_nobody_to_be_reached_is_told_instead_of_a_number(
    bureau: Bureau,
) -> None:
    await bureau.door.person("吴一", "县气象局")
    await bureau.says("群发 县气象局：开会")

    assert "没有可以送达的人：县气象局吴一（未绑定）" in await bureau.says("确认发送")


async def test_one_whose_account_is_closed_is_named(bureau: Bureau) -> None:
    account = await roster.account_for(bureau.door.session, channel=LANE, address=HERS)
    account.closed_at = bureau.door.now

    assert f"{OWN}王敏（已绑定，联系不上）" in await bureau.says(ALL)


async def test_a_file_goes_with_the_draft_once_it_is_here(
    bureau: Bureau, tmp_path: Path
) -> None:
    await bureau.says(ALL)
    file = Attachment(name="安排.docx", at="f1", size=10)
    letter = bureau.door.letter(ADMIN, "", attachments=(file,))
    reply = await bureau.door.hear(letter)
    assert reply
    assert "附件：《安排.docx》" in reply.text
    assert "还在接收" in await bureau.says("确认发送")

    evidence = await bureau.door.session.get(Evidence, 1)
    assert evidence
    kept = keep_content(tmp_path / "evidence", b"PK")
    evidence.digest, evidence.fetch_at = kept.digest, None
    await bureau.door.session.flush()
    await bureau.says(f"确认 {await bureau.number()}")
    await bureau.beats()

    notice = (await bureau.door.session.scalars(select(Notice))).one()
    assert notice.body.attachments[0].at == str(
        place_of(tmp_path / "evidence", kept.digest)
    )


async def test_a_file_that_is_too_large_is_refused(bureau: Bureau) -> None:
    file = Attachment(name="a.docx", at="f", size=21 * 1024 * 1024)
    letter = bureau.door.letter(ADMIN, "群发 全部单位：见附件", attachments=(file,))

    reply = await bureau.door.hear(letter)

    assert reply
    assert reply.text == "文件超过 20MB，没有保存，请压缩图片或分次发送。"
    assert "broadcast.drafted" not in await bureau.door.events()


async def test_those_who_have_not_reported_are_told(
    bureau: Bureau,
) -> None:
    reports = ReportOffice(bureau.door)
    report = await reports.duty(OWN, OTHER)
    await bureau.door.says(HERS, "已报")

    told = await bureau.says(f"群发 未报单位 {report.code}：请尽快报送")

    assert "范围：未报单位 1 家 2 人" in told
    assert "范围：未报单位 1 家" in await bureau.says("通知未报单位尽快报送")
