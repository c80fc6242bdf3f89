"""The dialogue guide from the nudge on, through Telegram: reports and their ends.

The rows are those of the guide in the product's specification; the first six and the
last ones are in `test_office_dialogues`.
"""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
import said
from fake_api import Call, FakeTelegram
from test_office_dialogues import SPOKEN, labels
from whole_office import Open, WholeOffice, until

from bot.errors import NotReady
from bot.model import (
    Basis,
    Chat,
    DeliveryStatus,
    Evidence,
    LetterStatus,
    Role,
    Submission,
)
from bot.model import SubmissionState as State
from bot.reports.duties import Terms, confirm_duty, open_reports
from bot.reports.policy import SHANGHAI

LI, WANG, CHIEF = 4711, 4712, 4700
OURS, THEIRS = "县应急管理局", "县科协"
OWN = {"id": -100_8, "type": "supergroup", "title": "县应急局"}
OF_ALL = {"id": -100_7, "type": "supergroup", "title": "全体群"}
NUDGE = "尚余 10 个工作日"


class Year:
    """An office whose time is what the test says, and who speaks to it."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self.telegram = telegram
        self._ahead = datetime(2026, 12, 16, 1, 30, tzinfo=UTC) - datetime.now(UTC)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def comes(self, month: int, day: int, hour: int, *, year: int = 2026) -> None:
        now = datetime(year, month, day, hour, tzinfo=SHANGHAI)
        self._ahead = now - datetime.now(UTC)

    async def open(self, office: WholeOffice) -> None:
        """Let one department owe the report of the year, and both groups be known."""
        self.office = office
        await office.know(LI, OURS, name="王敏")
        await office.know(WANG, THEIRS, name="赵刚")
        await office.know(CHIEF, "县政府办公室", role=Role.ADMIN, name="李强")
        at = office.app.now()
        async with office.app.database.writing() as session:
            for chat, department in ((OWN, OURS), (OF_ALL, "")):
                session.add(
                    Chat(
                        channel="telegram",
                        address=str(chat["id"]),
                        department=department,
                        registered_at=at,
                    )
                )
            first = date(2026, 12, 1)
            duty = await confirm_duty(session, _terms(), first=first, by="李强", at=at)
            await open_reports(session, [duty], lambda _: (OURS,), today=first, at=at)

    async def nudges(self) -> None:
        """Let the round be made, and all go out that is due."""
        app, count = self.office.app, 1
        while count:
            try:
                async with app.database.writing() as session:
                    count = await app.nudge(session)
            except NotReady as lacking:
                await lacking.make()
        await self.office.engine.ring("lane:telegram")
        await self._rest()

    async def says(self, words: str, *, who: int = LI, **more: Any) -> Call:
        return await self._hears(said.said(words, sender=_person(who), **more))

    async def sends(self, name: str, *, who: int = LI, about: int = 0) -> Call:
        """Send a file, in reply to a message of ours if *about* tells which."""
        self.telegram.files["f1"] = b"PK content"
        file = {"file_id": "f1", "file_unique_id": "u", "file_name": name}
        if not about:
            return await self._hears(said.said(sender=_person(who), document=file))
        reply = said.answer_to_bot("", about=about, sender=_person(who), document=file)
        return await self._hears(reply)

    async def replies(self, words: str, *, who: int = LI, **more: Any) -> Call:
        """Reply to what was told last of the report, where *more* says."""
        number = self.number(more.get("chat", {"id": who})["id"], "落实情况")
        reply = said.answer_to_bot(words, about=number, sender=_person(who), **more)
        return await self._hears(reply)

    async def presses(
        self, label: str, *, who: int = LI, under: str = NUDGE, **more: Any
    ) -> Call:
        """Press what stands under the last message with some words; it is answered."""
        chat = more.get("chat", {"id": who})["id"]
        rows = next(
            call.parameters["reply_markup"]["inline_keyboard"]
            for call in reversed(self.telegram.calls)
            if call.chat == chat and under in call.text and labels(call)
        )
        (key,) = (key for row in rows for key in row if key["text"] == label)
        press = said.pressed(
            key["callback_data"],
            sender=_person(who),
            about=self.number(chat, under),
            keys=rows,
            **more,
        )
        answer = await self._hears(press)
        presses = self.telegram.of("answerCallbackQuery")
        ids = [call.parameters["callback_query_id"] for call in presses]
        assert ids.count(press["callback_query"]["id"]) == 1
        return answer

    async def _hears(self, update: dict[str, Any]) -> Call:
        """Let something happen; returns the call that shows what was said first."""
        message = update.get("message") or update["callback_query"]["message"]
        message["date"] = int(self.clock().timestamp())
        calls, before = self.telegram.calls, len(self.telegram.calls)
        self.telegram.tell(update)
        await until(lambda: not self.telegram.unconfirmed)
        await self._rest()
        where = message["chat"]["id"]
        spoken = [one for one in calls[before:] if one.method in SPOKEN]
        pressed = [one for one in calls[before:] if one.method == "answerCallbackQuery"]
        here = [one for one in spoken if one.chat == where]
        return (here or pressed)[0]

    async def _rest(self) -> None:
        """Wait until each letter, and each delivery that is due, has its end."""
        async with asyncio.timeout(20):
            while await self._is_busy():  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def _is_busy(self) -> bool:
        letters = await self.office.letters()
        deliveries = await self.office.deliveries()
        now = self.clock()
        return any(one.status is LetterStatus.WAITING for one in letters) or any(
            one.status in (DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)
            or (one.status is DeliveryStatus.WAITING and one.due_at <= now)
            for one in deliveries
        )

    def shown(self, chat: int, words: str = "") -> list[str]:
        found = self.telegram.messages.items()
        return [text for (where, _), text in found if where == chat and words in text]

    def number(self, chat: int, words: str) -> int:
        found = self.telegram.messages.items()
        return [n for (where, n), text in found if where == chat and words in text][-1]

    async def state(self) -> State:
        (submission,) = await self.office.rows(Submission)
        return State(submission.state)


def _terms() -> Terms:
    return Terms(
        key="全年",
        basis=Basis.DOCUMENT,
        plan_key="澄政字〔2026〕18号",
        number="澄政字〔2026〕18号",
        clause="四（三）",
        text="各成员单位于每年12月30日前将全年落实情况报送办公室。",
        who=(OURS,),
        what="全年落实情况",
        to="办公室",
        month=12,
        day_of_month=30,
    )


def _person(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "某 <某>"}


@pytest.fixture
async def year(open_office: Open, office_url: str, telegram: FakeTelegram) -> Year:
    """Give an office that has nudged at T-10, on 16 December."""
    year = Year(telegram)
    office = await open_office(office_url, telegram.base_url, clock=year.clock)
    await year.open(office)
    for hour in (10, 11):  # nudges are spread over the morning
        year.comes(12, 16, hour)
        await year.nudges()
    return year


FORM = ["已报送", "约定日期", "申请延期", "本期无事项", "查看本单位任务"]
DONE = f"已记：{OURS}2026年全年落实情况"


async def test_a_nudge_is_received_and_a_day_is_promised(year: Year) -> None:
    (nudge,) = year.shown(LI, NUDGE)
    assert "12月30日（周三）前报送" in nudge
    assert "依据：澄政字〔2026〕18号 四（三）" in nudge
    [told] = [call for call in year.telegram.of("sendMessage") if call.chat == LI]
    assert labels(told) == FORM
    assert "共 4 项" in (await year.presses("查看本单位任务")).text

    assert "已记“知悉”" in (await year.replies("收到")).text
    not_yet = await year.replies("还没报，快了")
    assert "状态仍为“未报”" in not_yet.text
    days = await year.presses("约定日期", under="状态仍为“未报”")
    assert "预计报送的日期" in days.text
    promised = await year.replies("下周一交")
    assert "预计 12月21日（周一）报送" in promised.text
    assert "其间不打扰" in promised.text
    assert await year.state() is State.PROMISED


async def test_a_press_reports_in_place_and_is_taken_back(year: Year) -> None:
    done = await year.presses("已报送")
    assert (done.method, labels(done)) == ("editMessageText", ["撤销"])
    assert f"{DONE}12月16日报送，待办公室核收" in done.text
    assert year.shown(LI, NUDGE) == []
    assert await year.state() is State.CLAIMED

    await year.presses("撤销", under=DONE)
    assert await year.state() is State.OPEN
    assert f"{DONE}12月15日报送（邮箱）" in (await year.says("昨天发你们邮箱了")).text


@pytest.mark.parametrize("words", ["/done", "/done@plan_test_bot R1", "/done 1"])
@pytest.mark.parametrize("where", [{}, {"chat": OWN}, {"chat": OF_ALL}])
async def test_a_command_reports_as_the_button_does(
    year: Year, words: str, where: dict[str, Any]
) -> None:
    year.telegram.privacy = "@" in words  # else the bot was the last to speak there
    assert (await year.says(words, **where)).text.startswith(DONE)
    assert await year.state() is State.CLAIMED


async def test_a_later_day_is_asked_for_and_granted(year: Year) -> None:
    asked = await year.replies("领导出差没签，能缓到1月5号吗")
    assert "1月5日晚于文件规定的 12月30日，需办公室同意" in asked.text
    assert labels(asked) == ["提交", "修改"]
    sent = await year.presses("提交", under="是否提交延期申请")
    assert "待办公室同意" in sent.text
    granted = await year.presses("同意", who=CHIEF, under="延至")
    assert "已同意" in granted.text

    assert year.shown(LI, "办公室已同意2026年全年落实情况延至 1月5日")
    assert year.shown(LI, "文件规定日期不变")
    assert await year.state() is State.EXTENDED


async def test_what_is_disputed_is_put_before_the_office(year: Year) -> None:
    answer = await year.replies("机构改革后这项不归我们了")

    assert "已转办公室核实" in answer.text
    assert "暂停提醒" in answer.text
    assert await year.state() is State.DISPUTED


async def test_nothing_done_is_a_report_once_it_is_confirmed(year: Year) -> None:
    for label, state in (("再想想", State.OPEN), ("确认", State.NIL_CLAIMED)):
        asked = await year.says("今年没搞活动")
        assert labels(asked) == ["确认", "再想想"]
        await year.presses(label, under="是否按“本期无开展事项”报送")
        assert await year.state() is state

    assert year.shown(LI, "零报告")


async def test_a_document_is_the_report_and_is_sent_back(year: Year) -> None:
    asked = await year.sends("2026年总结.docx")
    assert "已收《2026年总结.docx》。是否作为2026年全年落实情况报送" in asked.text
    assert labels(asked) == ["是", "仅留存"]
    assert (
        f"{DONE}12月16日报送（附件）" in (await year.presses("是", under="已收")).text
    )
    assert len(await year.office.rows(Evidence)) == 1

    await year.says("退回 县应急局：缺活动场次", who=CHIEF)
    (returned,) = year.shown(LI, "办公室反馈")
    assert "缺活动场次" in returned
    assert "请补充后直接回复“已报”" in returned
    assert f"{DONE}12月16日报送" in (await year.replies("已报")).text


async def test_in_its_own_group_only_the_department_reports(year: Year) -> None:
    for who in (WANG, 1):
        for label in ("已报送", "查看本单位任务"):
            popped = await year.presses(label, who=who, chat=OWN)
            assert popped.parameters["text"] == "仅限本单位联络员"
            assert popped.parameters["show_alert"]
        assert await year.state() is State.OPEN
    assert "共 4 项" in (await year.presses("查看本单位任务", chat=OWN)).text
    assert year.shown(OWN["id"], NUDGE)

    assert DONE in (await year.presses("已报送", chat=OWN)).text
    assert year.shown(OWN["id"], NUDGE) == []
    popped = await year.presses("撤销", who=WANG, under=DONE, chat=OWN)
    assert popped.parameters["text"] == "仅限本单位联络员"
    assert await year.state() is State.CLAIMED


async def test_in_the_group_what_we_ask_is_answered_by_replying_to_it(
    year: Year,
) -> None:
    asked = await year.presses("约定日期", chat=OWN)
    assert "预计报送的日期" in asked.text
    silent = len(year.telegram.of("sendMessage"))
    year.telegram.tell(said.said("下周一交", sender=_person(LI), chat=OWN))
    promised = await year.replies("下周一交", chat=OWN)  # privacy mode tells this alone

    assert "预计 12月21日（周一）报送" in promised.text
    assert len(year.telegram.of("sendMessage")) == silent + 1
    assert await year.state() is State.PROMISED


async def test_before_all_a_claim_is_counted_and_nobody_is_named(year: Year) -> None:
    (posted,) = year.shown(OF_ALL["id"])
    assert "余 10 个工作日，已报 0/1" in posted
    assert OURS not in posted
    here = {"chat": OF_ALL}
    claim = "@plan_test_bot 我们交了"
    assert "请私聊我确认" in (await year.says(claim, who=1, **here)).text
    unclear = "@plan_test_bot 领导没签，能缓到1月5号吗"
    assert "请私聊我确认" in (await year.says(unclear, **here)).text
    assert await year.state() is State.OPEN

    done = await year.says(claim, **here)
    assert done.text == f"{DONE}已报送，待办公室核收。"


async def test_what_goes_to_a_leader_is_drafted_for_the_office(year: Year) -> None:
    for month, day in ((1, 4), (1, 5), (1, 6), (1, 7)):
        for hour in (10, 11):
            year.comes(month, day, hour, year=2027)
            await year.nudges()
    assert year.shown(CHIEF, "1 家超期，已拟致分管领导提示（未发送）")

    draft = await year.presses("查看", who=CHIEF, under="已拟致分管领导提示")
    assert {"同意发送", "不发"} <= set(labels(draft))
