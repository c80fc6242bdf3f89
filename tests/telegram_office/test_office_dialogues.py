"""Every exchange of the dialogue guide that stands by now, through Telegram.

The rows are those of the guide in the product's specification. Whatever is said is
also held to the rules of tone and length, by the fixture `telegram`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import said
from fake_api import Call, FakeTelegram
from sqlalchemy import text
from whole_office import Open, WholeOffice, until

from bot.mail import inbox

LIAISON, STRANGER = 4711, 4712
BOT = "@plan_test_bot"


@dataclass(frozen=True)
class Says:
    """One exchange: who says what where, and what the answer holds and does not."""

    who: int
    words: str
    holds: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    in_group: bool = False
    presses: bool = False  # the words are on a button of the last message


def person(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "李 <四>"}


class Talk:
    """Plays a dialogue: real updates in, real calls out."""

    def __init__(self, office: WholeOffice, telegram: FakeTelegram) -> None:
        self._office, self._telegram = office, telegram

    async def play(self, lines: Sequence[Says]) -> None:
        for line in lines:
            call = await self.answer_to(line)
            for words in line.holds:
                assert words in call.text, f"{line.words}: {call.text}"
            for words in line.lacks:
                assert words not in call.text, f"{line.words}: {call.text}"
            assert set(line.buttons) <= set(labels(call)), f"{line.words}: {call}"

    async def answer_to(self, line: Says) -> Call:
        """Say a line; returns the one call that shows the answer."""
        calls = self._telegram.calls
        before = len(calls)
        self._telegram.tell(self._update(line))
        await until(lambda: not self._telegram.unconfirmed)
        await self._office.rest()
        spoken = [call for call in calls[before:] if call.method in SPOKEN]
        assert len(spoken) == 1, f"{line.words}: {spoken}"
        return spoken[0]

    def _update(self, line: Says) -> dict[str, Any]:
        where: dict[str, Any] = {"chat": said.GROUP} if line.in_group else {}
        sender = person(line.who)
        if not line.presses:
            return said.said(line.words, sender=sender, **where)
        _, number = list(self._telegram.messages)[-1]
        last = [call for call in self._telegram.calls if call.method in SPOKEN][-1]
        rows = last.parameters["reply_markup"]["inline_keyboard"]
        (key,) = (key for row in rows for key in row if key["text"] == line.words)
        data = key["callback_data"]
        return said.pressed(data, sender=sender, about=number, keys=rows, **where)


SPOKEN = ("sendMessage", "editMessageText", "sendDocument", "sendPhoto")


def labels(call: Call) -> list[str]:
    rows = call.parameters.get("reply_markup", {}).get("inline_keyboard", [])
    return [key["text"] for row in rows for key in row]


BROKEN = """
    CREATE TRIGGER broken BEFORE INSERT ON account WHEN NEW.address = '4712'
    BEGIN SELECT RAISE(ABORT, 'broken'); END
"""
NUMBER, REAL_NUMBER = "澄政字〔2026〕18号", "平政字〔2022〕21号"
WHAT = "我们负责哪些任务"
SAMPLE: dict[str, list[Says]] = {
    "1 own tasks, 2 the third in full": [
        Says(
            LIAISON,
            WHAT,
            ("县科协", NUMBER, "共 12 项", "〔二（一）2〕", "回复序号看原文"),
            lacks=("开齐开足科学课程",),
            buttons=("1", "2", "3", "4", "下一页"),
        ),
        Says(
            LIAISON,
            "第3个详细点",
            (
                "〔二（二）1〕",
                "建强农村科普传习点",
                "原文：“",
                "牵头单位：县农业农村局",
            ),
        ),
    ],
    "2 by buttons": [
        Says(LIAISON, WHAT, ("共 12 项",)),
        Says(LIAISON, "2", ("办好青少年科技竞赛", "原文：“", NUMBER), presses=True),
    ],
    "10 the next pages": [
        Says(LIAISON, WHAT, ("共 12 项",)),
        Says(LIAISON, "下一页", ("第 2/3 页", "5. "), presses=True),
        Says(LIAISON, "下一页", ("第 3/3 页", "9. "), presses=True),
        Says(LIAISON, "第9个", ("原文：“",)),
    ],
    "3 who leads": [
        Says(LIAISON, "哪些是我们牵头", ("共 4 项", "建设县科技馆〔三（三）1〕")),
        Says(LIAISON, "那县教育局呢", ("县教育局", "牵头")),
    ],
    "4 figures": [
        Says(
            LIAISON,
            "我们有数字指标吗",
            ("不少于60人次", "〔二（一）2〕", "文件未把指标分配到单位"),
        ),
    ],
    "5 a short name with a wrong letter": [
        Says(
            LIAISON,
            "文驴局的任务",
            ("您是否想查“县文化和旅游局”", "共 4 项"),
            buttons=("不是",),
        ),
        Says(LIAISON, "不是", (), lacks=("共 4 项",), presses=True),
    ],
    "6 by when": [
        Says(LIAISON, "全年总结啥时候交", ("1月10日", "周日", NUMBER, "四（三）")),
        Says(LIAISON, "/due", ("7月10日", "1月10日", NUMBER)),
    ],
    "24 a stranger": [
        Says(STRANGER, "你好", ("您好", "8 位绑定码", "公开文件内容")),
        Says(STRANGER, "/start", ("您好", "8 位绑定码")),
        Says(STRANGER, "科技馆谁负责", ("县科协", NUMBER)),
        Says(STRANGER, WHAT, (), lacks=("县科协在", "共 12 项")),
    ],
    "25 a stranger asks who has handed in": [
        Says(STRANGER, "应急局交了吗", ("仅对本单位联络员和办公室开放", "办公室")),
    ],
    "26 a wrong code": [
        Says(
            STRANGER,
            "12345678",
            ("绑定码无效或已过期", "24 小时", "限 5 次", "办公室"),
            lacks=("12345678",),
        ),
        Says(STRANGER, "/start 12345678", ("绑定码无效或已过期",)),
    ],
    "27 a group asks": [
        Says(
            STRANGER,
            f"{BOT} 青少年行动有哪些任务",
            ("共 4 项", "〔二（一）1〕", "开齐开足科学课程"),
            in_group=True,
        ),
        Says(
            LIAISON,
            f"{BOT} {WHAT}",
            ("私聊",),
            lacks=("共 12 项", "县科协在"),
            in_group=True,
        ),
        Says(LIAISON, "/tasks@plan_test_bot", ("私聊",), in_group=True),
        Says(
            STRANGER,
            f"{BOT} ABCD2345",
            ("私聊",),
            lacks=("ABCD2345",),
            in_group=True,
        ),
        Says(LIAISON, f"{BOT} 谁没交", (), lacks=("张三", "县应急"), in_group=True),
    ],
    "29 what the plan does not say": [
        Says(LIAISON, "科普经费能报多少", (NUMBER, "未写明", "相近内容")),
        Says(LIAISON, "外星人登陆归谁管", ("未查到",)),
    ],
    "help": [Says(LIAISON, "/help", ("您可以这样问", WHAT))],
}


@pytest.mark.parametrize("row", SAMPLE)
async def test_the_guide_is_kept_with_the_sample_plan(
    office: WholeOffice, telegram: FakeTelegram, row: str
) -> None:
    await office.know(LIAISON)
    await Talk(office, telegram).play(SAMPLE[row])


async def test_yes_to_a_guessed_name_is_understood(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await office.know(LIAISON)
    guess = Says(LIAISON, "文驴局的任务", ("您是否想查",))
    yes = Says(LIAISON, "是", ("县文化和旅游局",), lacks=("未查到", "您是否想查"))
    await Talk(office, telegram).play([guess, yes])


AUTUMN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""When the talk about a real plan begins: its answers name the next due date."""

REAL: list[Says] = [
    Says(
        LIAISON,
        WHAT,
        ("县应急局", REAL_NUMBER, "列为责任单位", "共 7 项", "〔二（一）4〕"),
    ),
    Says(
        LIAISON,
        "第3个详细点",
        ("〔二（三）3〕", "实施职业技能提升行动", "5", "未区分牵头"),
    ),
    Says(LIAISON, "哪些是我们牵头", ("按职责分工负责", "未标注牵头", "不代表牵头")),
    Says(
        LIAISON,
        "我们有数字指标吗",
        ("共 3 个", "5 场", "90％", "10场", "未把指标分配到单位"),
    ),
    Says(LIAISON, "文驴局的任务", ("县文化和旅游局", "共 5 项"), buttons=("不是",)),
    Says(LIAISON, "全年总结啥时候交", ("12月30日", "周三", REAL_NUMBER, "四（三）")),
    Says(STRANGER, "应急局交了吗", ("仅对本单位联络员和办公室开放",)),
    Says(
        STRANGER,
        f"{BOT} 青少年行动有哪些任务",
        ("共 5 项", "〔二（一）1〕"),
        in_group=True,
    ),
    Says(LIAISON, "科普经费能报多少", ("未写明", "相近内容")),
]


async def test_the_guide_is_kept_with_a_real_plan(
    open_office: Open, real_office_url: str, telegram: FakeTelegram
) -> None:
    ahead = AUTUMN - datetime.now(UTC)
    office = await open_office(
        real_office_url, telegram.base_url, clock=lambda: datetime.now(UTC) + ahead
    )
    await office.know(LIAISON, "县应急局")
    await Talk(office, telegram).play(REAL)


async def test_what_cannot_be_answered_is_apologised_for_once(
    office: WholeOffice, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(inbox._PAUSES) == inbox.TRIES - 1
    monkeypatch.setattr(inbox, "_PAUSES", tuple(one / 20 for one in inbox._PAUSES))
    async with office.app.database.writing() as session:
        await session.execute(text(BROKEN))
    line = Says(STRANGER, "你好", ("暂未处理成功", "已通知管理员", "您的内容未丢失"))
    await Talk(office, telegram).play([line])
    await Talk(office, telegram).play([Says(LIAISON, "谢谢", ("不客气",))])
