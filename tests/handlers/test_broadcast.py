"""An admin tells many something: drafted, previewed, confirmed, sent, watched."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from front_door import LANE, OTHER, OWN, FrontDoor, write_words
from report_office import POLICY, ReportOffice
from sqlalchemy import select

from bot import roster
from bot.errors import NotReady
from bot.messages import Attachment, Reply
from bot.model import (
    Broadcast,
    BroadcastState,
    Chat,
    Delivery,
    DeliveryStatus,
    Evidence,
    Notice,
    Person,
    Role,
)
from bot.reports.evidence import keep_content, place_of
from bot.reports.papers import Papers
from handlers.broadcast_round import broadcast_round
from handlers.nudging import Nudging

ADMIN, SECOND, SUPER, HERS, HIS = "1", "2", "3", "7", "8"
ALL = "通知各单位周五前报科普日活动"


class Recalls:
    """A product that takes back what it sent, for an hour."""

    recalls_for = timedelta(hours=1)
    recalls_for_all = False

    def write_recall(self, remote_id: str) -> str:
        return f"recall {remote_id}"


@dataclass
class Office:
    """An office with two admins, two departments, and one who is not bound."""

    door: FrontDoor

    async def says(self, words: str, who: str = ADMIN) -> str:
        return await self.door.says(who, words)

    async def hears(self, words: str, who: str = ADMIN) -> Reply:
        reply = await self.door.hear(self.door.letter(who, words))
        assert reply
        return reply

    async def number(self, words: str = "确认发送", who: str = ADMIN) -> str:
        """Ask for the number by which something is confirmed."""
        told = await self.says(words, who)
        [number] = re.findall(r"确认 (\d{4})", told)
        return str(number)

    async def sends(self, words: str = ALL) -> Broadcast:
        """Draft, confirm and issue a broadcast."""
        await self.says(words)
        await self.says(f"确认 {await self.number()}")
        await self.beats()
        return await self.broadcast()

    async def beats(self, after: timedelta = timedelta(0)) -> int:
        """Let a beat pass; what a report lacks is made first, as the clock does."""
        self.door.now += after
        try:
            async with self.door.session.begin_nested():
                return await self._beats()
        except NotReady as lacking:
            await lacking.make()
        return await self._beats()

    async def _beats(self) -> int:
        assert self.door.nudging
        departments = self.door.desk.departments
        now = self.door.now
        count = await broadcast_round(
            self.door.session, self.door.nudging, departments, now=now
        )
        await self.door.session.flush()
        return count

    async def broadcast(self, number: int = 1) -> Broadcast:
        found = await self.door.session.get(Broadcast, number, populate_existing=True)
        assert found
        return found

    async def deliveries(self, kind: str = "broadcast") -> list[Delivery]:
        query = (
            select(Delivery)
            .outerjoin(Notice, Notice.id == Delivery.notice_id)
            .where(Notice.kind == kind if kind else Delivery.notice_id.is_(None))
            .order_by(Delivery.id)
            .execution_options(populate_existing=True)
        )
        return list(await self.door.session.scalars(query))

    async def arrives(self, *statuses: DeliveryStatus) -> None:
        """Let the deliveries end so, those beyond as sent."""
        rows = await self.deliveries()
        for place, one in enumerate(rows):
            sent = DeliveryStatus.SENT
            one.status = statuses[place] if place < len(statuses) else sent
            one.settled_at = one.handed_at = self.door.now
            one.remote_id = f"m{one.id}"
            one.error = "blocked" if one.status is DeliveryStatus.FAILED else ""
        await self.door.session.flush()

    async def told(self) -> list[str]:
        """Return what the office was told unasked."""
        query = select(Notice.body).where(Notice.kind == "report")
        return [one.text for one in await self.door.session.scalars(query)]


@pytest.fixture
async def office(office: ReportOffice, tmp_path: Path) -> Office:
    door = office.door
    door.nudging = Nudging(
        policy=POLICY,
        lanes=(LANE,),
        write=write_words,
        papers=Papers(tmp_path / "out"),
        evidence=tmp_path / "evidence",
        recalling={LANE: Recalls()},
    )
    await door.bound(ADMIN, "李强", "办公室", Role.ADMIN)
    await door.bound(SECOND, "周敏", "办公室", Role.ADMIN)
    await door.bound(SUPER, "管机", "办公室", Role.SUPER)
    await door.bound(HERS, "王敏", OWN)
    await door.bound(HIS, "赵静", OTHER)
    await door.person("钱多", OTHER)
    return Office(door)


async def test_a_draft_says_what_was_understood(office: Office) -> None:
    reply = await office.hears(ALL)

    assert reply.text == (
        "第1号群发草稿（未发送）：请各单位周五前报科普日活动\n"
        f"范围：全部 2 家 3 人；需电话 1：{OTHER}钱多（未绑定）\n"
        "要求回执：是；发送时间：立即"
    )
    assert [one.label for one in reply.buttons] == [
        *("预览", "试发给自己", "修改", "确认发送", "取消")
    ]
    assert await office.deliveries() == []
    assert await office.door.events() == ["broadcast.drafted"]


async def test_it_goes_out_after_the_number_at_the_next_beat(office: Office) -> None:
    await office.says(ALL)
    told = await office.says("确认发送")

    assert told.startswith("第1号群发将向 2 家 3 人发送，其中 1 人（家）不能送达")
    [number] = re.findall(r"确认 (\d{4})", told)
    assert "即将发出" in await office.says(f"确认发送 {number}")
    assert await office.deliveries() == []
    assert (await office.beats(), await office.beats()) == (1, 0)
    assert {one.address for one in await office.deliveries()} == {HERS, HIS}
    assert await office.door.events() == [
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
    office: Office, words: str, scope: str, text: str
) -> None:
    told = await office.says(words)

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
    office: Office, words: str, told: str
) -> None:
    assert told in await office.says(words)


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
    office: Office, words: str, told: str
) -> None:
    assert told in await office.says(words)
    assert "broadcast.drafted" not in await office.door.events()


@pytest.mark.parametrize(
    "words", ["通知什么时候印发的", "通知各单位了吗", "通知书在哪", "取消", "预览"]
)
async def test_other_words_of_an_admin_draft_nothing(
    office: Office, words: str
) -> None:
    assert "群发" not in await office.says(words)
    assert "broadcast.drafted" not in await office.door.events()


@pytest.mark.parametrize("who", [HERS, "99"])
async def test_a_stranger_who_presses_the_admins_button_is_refused(
    office: Office, who: str
) -> None:
    await office.says(ALL)

    told = await office.says("确认发送第1号群发", who)

    assert told == "您暂无此项权限，需要请联系办公室。此项由办公室管理员办理。"
    assert (await office.broadcast()).state is BroadcastState.DRAFT


async def test_the_super_admin_does_not_broadcast(office: Office) -> None:
    assert "请由办公室管理员办理" in await office.says("群发 全部单位：开会", SUPER)


async def test_a_group_is_no_place_for_it(office: Office) -> None:
    assert await office.door.says_in_group(ADMIN, ALL) == "这件事请私聊我办理。"


async def test_a_draft_is_changed_and_the_number_before_is_void(
    office: Office,
) -> None:
    await office.says(ALL)
    number = await office.number()
    await office.says("内容：周四前报")
    await office.says("范围：县应急局")
    await office.says("时间：明天9点")
    told = await office.says("不要回执")

    assert "周四前报" in told
    assert f"{OWN} 1 家 1 人\n要求回执：否；发送时间：11月24日（周二）09:00" in told
    anew = await office.says(f"确认 {number}")
    assert anew.startswith("发送范围、内容或时间有变化，没有发送，请核对")
    assert re.search(r"确认 \d{4}", anew)
    assert (await office.broadcast()).state is BroadcastState.DRAFT


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
    office: Office, words: str, when: str
) -> None:
    await office.says(ALL)

    assert f"发送时间：{when}" in await office.says(words)


async def test_an_audience_that_changed_since_is_shown_anew(office: Office) -> None:
    await office.says(ALL)
    number = await office.number()
    await office.door.bound("9", "孙立", "县气象局")

    told = await office.says(f"确认 {number}")

    assert "第1号群发将向 3 家 4 人发送" in told
    assert await office.beats() == 0


@pytest.mark.parametrize("change", ["receipt", "files"])
async def test_the_number_stands_for_files_and_receipt_too(
    office: Office, change: str
) -> None:
    await office.says(ALL)
    number = await office.number()
    draft = await office.broadcast()
    draft.wants_receipt = change != "receipt"
    if change == "files":
        assert office.door.nudging
        assert office.door.nudging.evidence
        content = keep_content(office.door.nudging.evidence, b"x")
        draft.attachments = (await _kept(office, content.digest),)
    await office.door.session.flush()

    assert "有变化，没有发送" in await office.says(f"确认 {number}")


async def _kept(office: Office, digest: str) -> Attachment:
    row = Evidence(
        department="办公室", name="a.txt", size=1, digest=digest, at=office.door.now
    )
    office.door.session.add(row)
    await office.door.session.flush()
    return Attachment(name="a.txt", at=f"evidence:{row.id}", size=1)


async def test_who_may_no_longer_send_confirms_nothing(office: Office) -> None:
    await office.says(ALL)
    number = await office.number()
    query = select(Person).where(Person.name == "李强")
    (await office.door.session.scalars(query)).one().role = Role.SUPER
    await office.door.session.flush()

    assert "不办理报送业务" in await office.says(f"确认 {number}")
    assert (await office.broadcast()).state is BroadcastState.DRAFT


async def test_a_number_in_wide_digits_is_the_same(office: Office) -> None:
    await office.says(ALL)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in await office.number())

    assert "已确认" in await office.says(f"确认 {wide}")


async def test_a_number_is_used_once_and_expires(office: Office) -> None:
    await office.says(ALL)
    number = await office.number()
    office.door.now += timedelta(minutes=10)
    assert "已过期" in await office.says(f"确认 {number}")

    number = await office.number()
    await office.says(f"确认 {number}")
    assert "没有等待确认的事项" in await office.says(f"确认 {number}")
    assert (await office.beats(), len(await office.deliveries())) == (1, 2)


async def test_of_two_admins_who_confirm_the_second_hears_that_it_is_done(
    office: Office,
) -> None:
    await office.says(ALL)
    mine = await office.number()
    hers = await office.number("确认发送第1号群发", SECOND)
    await office.says(f"确认 {hers}", SECOND)

    assert "由周敏确认，没有重复办理" in await office.says(f"确认 {mine}")
    assert (await office.beats(), len(await office.deliveries())) == (1, 2)


async def test_another_admin_cannot_use_ones_number(office: Office) -> None:
    await office.says(ALL)
    number = await office.number()

    assert "没有等待确认的事项" in await office.says(f"确认 {number}", SECOND)


async def test_it_waits_for_its_time_and_says_if_it_is_late(office: Office) -> None:
    await office.says("群发 全部单位：开会，明天9点发")
    assert "将于 11月24日（周二）09:00 发出" in await office.says(
        f"确认 {await office.number()}"
    )
    assert await office.beats(timedelta(hours=23)) == 0
    assert await office.beats(timedelta(hours=3)) == 1

    told = await office.says("群发 1")
    assert "原定 11月24日（周二）09:00，因系统停机或暂停" in told


async def test_who_came_and_went_before_its_time_is_told(office: Office) -> None:
    await office.says("群发 全部单位 明天9点：开会")
    await office.says(f"确认 {await office.number()}")
    await office.door.bound("9", "孙强", OWN)
    await office.says("离岗 赵静")

    await office.beats(timedelta(days=2))

    assert {one.address for one in await office.deliveries()} == {HERS, "9"}
    assert await office.told() == [
        "第1号群发开始发送，名单与确认时不同："
        f"新增 1：{OWN}孙强；不再发给 1：{OTHER}赵静。"
    ]


async def test_nothing_is_told_where_the_audience_is_the_same(office: Office) -> None:
    await office.sends()

    assert await office.told() == []


async def test_what_cannot_go_out_is_a_draft_again_and_audited(office: Office) -> None:
    await office.says("群发 县应急局：看附件")
    broadcast = await office.broadcast()
    broadcast.attachments = (Attachment(name="表.xlsx", at="evidence:99"),)
    broadcast.state, broadcast.confirmed_at = BroadcastState.SCHEDULED, office.door.now

    await office.beats()

    assert (await office.broadcast()).state is BroadcastState.DRAFT
    assert (await office.door.events())[-1] == "broadcast.unsent"
    assert "已退回草稿" in (await office.told())[0]


async def test_a_preview_tells_how_it_looks_and_who_is_not_reached(
    office: Office,
) -> None:
    await office.says(ALL)

    told = await office.says("预览")

    assert "Telegram私聊：2，每处 1 条消息" in told
    assert f"需电话：{OTHER}钱多（未绑定）" in told
    assert "————\n请各单位周五前报科普日活动\n［签收］（按钮）" in told


async def test_it_is_tried_on_oneself_first(office: Office) -> None:
    await office.says(ALL)

    reply = await office.hears("试发给自己")

    assert reply.text == "请各单位周五前报科普日活动"
    assert [one.label for one in reply.buttons] == ["签收"]
    assert await office.deliveries() == []


async def test_the_counts_add_up_and_the_admin_is_told_at_the_end(
    office: Office,
) -> None:
    await office.sends()
    assert "应发 3：待发 2，需电话 1。" in await office.says("群发 1")

    await office.arrives(DeliveryStatus.FAILED)
    await office.beats()

    [told] = await office.told()
    assert "应发 3：已送达 1，失败 1，需电话 1。" in told
    assert f"未送达：{OWN}王敏（blocked）；{OTHER}钱多（未绑定）。" in told
    assert (await office.broadcast()).state is BroadcastState.DONE
    assert (await office.door.events())[-1] == "broadcast.reported"


@pytest.mark.parametrize(
    ("done", "left", "words"),
    [(1, 5, "5 分钟。"), (4, 4, "1 分钟。"), (4, 1, "不到 1 分钟。")],
)
async def test_how_long_it_still_takes_is_told(
    office: Office, done: int, left: int, words: str
) -> None:
    """So many as went out within the last minute go out in the next one."""
    for number in range(done + left - 2):
        await office.door.bound(f"9{number}", f"某{number}", OWN)
    await office.sends()
    rows = await office.deliveries()
    for one in rows[:done]:
        one.status, one.settled_at = DeliveryStatus.SENT, office.door.now
    await office.door.session.flush()
    assert len(rows) == done + left

    told = await office.says("群发 1")

    assert f"Telegram {done}/{done + left}。预计还需：{words}" in told


async def test_nothing_more_is_foretold_of_what_all_have(office: Office) -> None:
    await office.sends()
    await office.arrives()

    assert "预计" not in await office.says("群发 1")


async def test_nothing_is_foretold_before_anything_went_out(office: Office) -> None:
    await office.sends()

    assert "预计用时：正在估算。" in await office.says("群发 1")


async def test_a_picture_goes_with_the_draft_as_a_picture(
    office: Office, tmp_path: Path
) -> None:
    file = Attachment(name="海报.PNG", at="f1", size=10, is_picture=True)
    letter = office.door.letter(ADMIN, "群发 全部单位：请张贴海报", attachments=(file,))
    reply = await office.door.hear(letter)
    assert reply
    assert "附件：《海报.PNG》" in reply.text
    evidence = await office.door.session.get(Evidence, 1)
    assert evidence
    kept = keep_content(tmp_path / "evidence", b"\x89PNG")
    evidence.digest, evidence.fetch_at = kept.digest, None
    await office.door.session.flush()

    tried = await office.hears("试发给自己")
    await office.says(f"确认 {await office.number()}")
    await office.beats()

    notice = (await office.door.session.scalars(select(Notice))).one()
    for body in (tried, notice.body):
        [picture] = body.attachments
        assert (picture.name, picture.is_picture) == ("海报.PNG", True)


async def test_a_report_names_nobody_who_was_erased_since(office: Office) -> None:
    await office.sends()
    await office.arrives()
    await office.beats()
    assert f"{OTHER}钱多（未绑定）" in (await office.told())[0]

    await office.says(f"确认 {await office.number('删除个人信息 钱多')}")

    office.door.session.expire_all()
    assert f"{OTHER}已删除人员（未绑定）" in (await office.told())[0]


async def test_a_receipt_counts_and_the_others_are_nudged_once_a_day(
    office: Office,
) -> None:
    await office.sends()
    await office.arrives()
    await office.beats()
    await office.door.says(HERS, "收到")

    assert f"已签收 1，未签收 1：{OTHER}赵静" in await office.says("群发 1")
    assert "已安排催回执 1 人，11月23日（周一）09:00" in await office.says("催回执 1")
    assert "今天已催过" in await office.says("催回执 1")
    [nudge] = await office.deliveries("nudge")
    nudge.status = DeliveryStatus.SENT
    await office.door.says(HIS, "收到")
    assert "已签收 2，未签收 0" in await office.says("群发 1")
    assert "都已签收" in await office.says("催回执 1")


async def test_what_is_paused_waits_and_goes_on_afterwards(office: Office) -> None:
    await office.sends()
    [first, _] = await office.deliveries()
    first.status, first.epoch = DeliveryStatus.CLAIMED, 1
    await office.door.session.flush()

    assert "余下 2 条暂不发送" in await office.says("暂停 1")
    rows = await office.deliveries()
    assert [one.status for one in rows] == [DeliveryStatus.WAITING] * 2
    assert all(one.due_at.year == 9000 for one in rows)
    assert "余下 2 条" in await office.says("继续 1")
    assert all(one.due_at <= office.door.now for one in await office.deliveries())
    assert "没有重复办理" in await office.says("继续 1")


async def test_a_try_that_fails_in_a_pause_is_held_at_the_next_beat(
    office: Office,
) -> None:
    await office.sends()
    [first, _] = await office.deliveries()
    first.status = DeliveryStatus.SENDING
    await office.door.session.flush()
    await office.says("暂停 1")
    [first, _] = await office.deliveries()
    first.status = DeliveryStatus.WAITING
    await office.door.session.flush()

    await office.beats()

    assert all(one.due_at.year == 9000 for one in await office.deliveries())


async def test_a_cancelled_draft_is_gone_and_its_number_void(office: Office) -> None:
    await office.says(ALL)
    number = await office.number()

    assert await office.says("取消第1号群发") == "第1号群发已取消。"
    assert "没有等待确认的事项" in await office.says(f"确认 {number}")


async def test_what_is_cancelled_on_its_way_ends_with_a_report(
    office: Office,
) -> None:
    await office.sends()
    [first, _] = await office.deliveries()
    first.status = DeliveryStatus.SENDING
    await office.door.session.flush()

    assert "1 条未发的不再发送" in await office.says("取消群发 1")
    await office.beats()
    assert await office.told() == []
    [first, _] = await office.deliveries()
    first.status = DeliveryStatus.SENT
    await office.door.session.flush()
    await office.beats()

    [told] = await office.told()
    assert "应发 3：已送达 1，已取消 1，需电话 1。" in told


async def test_what_arrived_is_recalled_after_a_second_number(
    office: Office,
) -> None:
    await office.sends()
    await office.arrives(DeliveryStatus.SENT, DeliveryStatus.WAITING)
    number = await office.number("撤回 1")

    told = await office.says(f"确认撤回 {number}")

    assert "1 条未发的已取消，正从 1 个接收方收回" in told
    [recall] = await office.deliveries("")
    assert (recall.address, recall.key) == (HERS, f"recall:{recall.id - 2}:1")
    recall.status = DeliveryStatus.SENT
    await office.door.session.flush()
    await office.beats()
    assert "撤回：已收回 1。" in (await office.told())[-1]


async def test_nobody_is_asked_to_acknowledge_what_is_recalled(office: Office) -> None:
    await office.sends()
    await office.arrives()
    await office.beats()
    await office.says("催回执 1")

    await office.says(f"确认 {await office.number('撤回 1')}")

    statuses = {one.status for one in await office.deliveries("nudge")}
    assert statuses == {DeliveryStatus.CANCELLED}
    office.door.now += timedelta(days=1)
    assert "已撤回，不再催回执" in await office.says("催回执 1")


async def test_what_is_too_old_to_be_recalled_is_counted(office: Office) -> None:
    await office.sends()
    await office.arrives()
    await office.beats(timedelta(hours=2))
    number = await office.number("撤回 1")

    assert "2 个不能收回" in await office.says(f"确认 {number}")
    assert await office.deliveries("") == []


async def test_groups_are_told_by_their_name(office: Office) -> None:
    chats = [
        Chat(channel=LANE, address=f"-{n}", title=title, registered_at=office.door.now)
        for n, title in enumerate(("科普工作群", "联络员群"), start=1)
    ]
    office.door.session.add_all(chats)
    await office.door.session.flush()

    assert "范围：1 个群" in await office.says("群发 科普工作群：开会")
    assert "范围：2 个群" in await office.says("群发 全体群：开会")
    await office.says(f"确认 {await office.number()}")
    await office.beats()
    assert [one.address for one in await office.deliveries()] == ["-1", "-2"]


async def test_nobody_to_be_reached_is_told_instead_of_a_number(
    office: Office,
) -> None:
    await office.door.person("吴一", "县气象局")
    await office.says("群发 县气象局：开会")

    assert "没有可以送达的人：县气象局吴一（未绑定）" in await office.says("确认发送")


async def test_one_whose_account_is_closed_is_named(office: Office) -> None:
    account = await roster.account_for(office.door.session, channel=LANE, address=HERS)
    account.closed_at = office.door.now

    assert f"{OWN}王敏（账号已停用）" in await office.says(ALL)


async def test_a_file_goes_with_the_draft_once_it_is_here(
    office: Office, tmp_path: Path
) -> None:
    await office.says(ALL)
    file = Attachment(name="安排.docx", at="f1", size=10)
    letter = office.door.letter(ADMIN, "", attachments=(file,))
    reply = await office.door.hear(letter)
    assert reply
    assert "附件：《安排.docx》" in reply.text
    assert "还在接收" in await office.says("确认发送")

    evidence = await office.door.session.get(Evidence, 1)
    assert evidence
    kept = keep_content(tmp_path / "evidence", b"PK")
    evidence.digest, evidence.fetch_at = kept.digest, None
    await office.door.session.flush()
    await office.says(f"确认 {await office.number()}")
    await office.beats()

    notice = (await office.door.session.scalars(select(Notice))).one()
    assert notice.body.attachments[0].at == str(
        place_of(tmp_path / "evidence", kept.digest)
    )


async def test_a_file_that_is_too_large_is_refused(office: Office) -> None:
    file = Attachment(name="a.docx", at="f", size=21 * 1024 * 1024)
    letter = office.door.letter(ADMIN, "群发 全部单位：见附件", attachments=(file,))

    reply = await office.door.hear(letter)

    assert reply
    assert reply.text == "文件超过 20MB，没有保存，请压缩图片或分次发送。"
    assert "broadcast.drafted" not in await office.door.events()


async def test_those_who_have_not_reported_are_told(
    office: Office,
) -> None:
    reports = ReportOffice(office.door)
    report = await reports.duty(OWN, OTHER)
    await office.door.says(HERS, "已报")

    told = await office.says(f"群发 未报单位 {report.code}：请尽快报送")

    assert "范围：未报单位 1 家 2 人" in told
    assert "范围：未报单位 1 家" in await office.says("通知未报单位尽快报送")
