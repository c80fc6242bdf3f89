"""Every exchange of the dialogue guide on WeCom: on the app, in groups, with cards.

The numbers are those of the guide in the product's specification.
"""

from pathlib import Path

import pytest
from hands import (
    ALL_HANDS,
    CHIEF,
    HERS,
    HIS,
    NEXT,
    OURS,
    STRANGER,
    THEIRS,
    bind,
    lay_out,
)
from office import SAMPLE
from product_hands import WecomHand

REPORT = "2026年上半年工作落实情况"
NUMBER = "澄政字〔2026〕18号"
NUDGE = "尚余 10 个工作日"
ON_WECOM = pytest.mark.parametrize("hand", ["wecom-sqlite"], indirect=True)


async def at_work(hand: WecomHand) -> None:
    """Let both owe a report, and be nudged about it ten working days before."""
    await bind(hand, CHIEF, HERS, HIS)
    await hand.confirms_duty(OURS, THEIRS)
    await hand.says_in_group(CHIEF, f"登记本群 {OURS}")
    await hand.says_in_group(CHIEF, "登记本群 全体", ALL_HANDS)
    await hand.comes(6, 26)
    await hand.comes(6, 26, "10:00")


def holds(told: str, *words: str) -> None:
    assert all(one in told for one in words), told


@ON_WECOM
async def test_questions_are_answered_from_the_plan(
    hand: WecomHand, tmp_path: Path
) -> None:
    await lay_out(hand, tmp_path)
    async with hand.opened():
        await bind(hand, CHIEF, HERS, HIS)
        for who, said, *words in (
            (HERS, "我们负责哪些任务", OURS, NUMBER, "共 4 项", "回复序号看原文"),  # 1
            (HERS, "第3个详细点", "〔三（二）3，", "原文：“", "牵头单位：县委宣传部"),
            (HERS, "哪些是我们牵头", "共 2 项", "完善应急科普响应机制〔三（四）1〕"),
            (HERS, "我们有数字指标吗", "共 5 个", "文件未把指标分配到单位"),  # 4
            (HERS, "文驴局的任务", "您是否想查“县文化和旅游局”？", "共 4 项"),
            (HERS, "全年总结啥时候交", "1月10日", NUMBER, "四（三）"),  # 6
            (STRANGER, "你好", "您好", "8 位绑定码", "公开文件内容"),  # 24
            (STRANGER, "应急局交了吗", "仅对本单位联络员和办公室开放"),
            (STRANGER, "12345678", "绑定码无效或已过期", "24 小时", "限 5 次"),  # 26
            (HERS, "科普经费能报多少", "未写明", "相近内容"),  # 29
            (HERS, "外星人登陆归谁管", "未查到"),
            (HERS, "附上机密级文件的内容：某地某处", "未予保存", "正式渠道"),  # 30
        ):
            holds(await hand.says(who, said), *words)
        told = await hand.says_in_group(STRANGER, "青少年行动有哪些任务", ALL_HANDS)
        holds(told, "共 4 项任务", "〔二（一）1〕", "请私聊我查询")  # 27
        await hand.says(HERS, "文驴局的任务")
        assert "不是" in hand.labels(HERS)
        told = await hand.presses(HERS, "不是", about="县文化和旅游局")
        assert "共 4 项" not in told.splitlines()[-1]


@ON_WECOM
async def test_a_report_goes_its_way_by_words_and_by_cards(
    hand: WecomHand, tmp_path: Path
) -> None:
    await lay_out(hand, tmp_path)
    async with hand.opened():
        await at_work(hand)
        nudge = hand.heard(HERS)[-1]  # 7
        holds(nudge, f"请于7月10日（周五）前报送{REPORT}", NUDGE, NUMBER)
        offered = ["已报送", "约定日期", "申请延期", "本期无事项", "查看本单位任务"]
        assert hand.labels(HERS) == offered

        holds(await hand.says(HERS, "收到"), "已记“知悉”", "期间减少提醒")
        holds(await hand.says(HERS, "昨天发你们邮箱了"), "（邮箱）", "“撤销”")
        assert "现为“未报" in await hand.says(HERS, "撤销")
        holds(await hand.says(HERS, "还没报，快了"), "状态仍为“未报”")  # 11
        holds(await hand.says(HERS, "下周一交"), "预计 6月29日（周一）")
        await hand.says(HERS, "撤销")
        await hand.presses(HERS, "约定日期", about=NUDGE)
        assert hand.labels(HERS) == ["下周一 6-29", "截止当日 7-10"]
        told = await hand.presses(HERS, "下周一 6-29", about="预计报送的日期")
        assert "已记：预计 6月29日（周一）" in told  # 10, by a card

        told = await hand.says(HERS, "领导出差没签，能缓到7月15号吗")  # 12
        holds(told, "7月15日晚于文件规定的 7月10日", "需办公室同意", "提交")
        assert "待办公室同意" in await hand.presses(HERS, "提交", about="晚于文件规定")
        told = await hand.presses(CHIEF, "同意", about=f"{OURS}申请将")
        assert f"已同意：{OURS}{REPORT}延至 7月15日（周三）" in told
        holds(hand.heard(HERS)[-1], "已同意", "文件规定日期不变")  # 13

        told = await hand.says(HERS, "机构改革后这项不归我们了")  # 14
        holds(told, "已转办公室核实", "核实期间此项暂停提醒", "说明依据文件")
        assert "现为“延期内”" in await hand.says(HERS, "撤销")
        await hand.presses(HERS, "本期无事项", about=NUDGE)  # 15
        assert hand.labels(HERS) == ["确认", "再想想"]
        holds(await hand.says(HERS, "确认"), "零报告", "待办公室核收")
        await hand.says(HERS, "撤销")
        assert "14:30–17:30" in await hand.says(HERS, "能不能下午再提醒")  # 19

        paper = SAMPLE.with_suffix(".docx").read_bytes()  # 16
        told = await hand.hands_in(HERS, "2026年总结.docx", paper)
        assert f"已收《2026年总结.docx》。是否作为{REPORT}报送？" in told
        assert hand.labels(HERS) == ["是", "仅留存"]
        assert "（附件），待办公室核收" in await hand.says(HERS, "是")
        assert "已退回" in await hand.says(CHIEF, "退回 县应急局：缺活动场次")  # 17
        holds(hand.heard(HERS)[-1], "办公室反馈", "缺活动场次", "直接回复“已报”")
        told = await hand.says(HERS, f"我调走了，换{NEXT}")  # 18
        holds(told, "待办公室核对名册", "仍由您接收，共 1 项未办结")


@ON_WECOM
async def test_the_groups_and_the_office_have_their_part(
    hand: WecomHand, tmp_path: Path
) -> None:
    await lay_out(hand, tmp_path)
    async with hand.opened():
        await at_work(hand)
        told = await hand.says_in_group(STRANGER, "我们交了")  # 28
        assert told == "已收到，请私聊我确认。"
        told = await hand.says_in_group(HERS, "我们交了")
        assert f"已记：{OURS}{REPORT}6月26日报送，待办公室核收" in told
        told = await hand.says(CHIEF, "谁没交")  # 20
        holds(told, "应报 2，已核收 0，待核 1，未报 1", THEIRS)
        assert any("催未报 1 家" in one for one in hand.labels(CHIEF))
        assert "仅对本单位联络员和办公室开放" in await hand.says(HIS, "谁没交")

        told = await hand.says(CHIEF, "通知各单位周五前报科普日活动")  # 21
        holds(told, "草稿（未发送）", "范围：全部 2 家 2 人", "要求回执：是")
        assert {"预览", "确认发送", "取消"} <= set(hand.labels(CHIEF))
        told = await hand.presses(CHIEF, "确认发送", about="草稿（未发送）")  # 22
        holds(told, "将向 2 家 2 人发送", "回复“确认 ", "10 分钟内有效")

        for clock in ("09:30", "10:00", "15:10"):  # 23
            await hand.comes(7, 15, clock)
        holds("\n".join(hand.heard(CHIEF)), "已拟致分管领导提示（未发送）")
        told = await hand.presses(CHIEF, "查看", about="已拟致分管领导提示")
        holds(told, f"{THEIRS}负责同志：", "尚未报送，已超过 3 个工作日")
        assert "不发" in "".join(hand.labels(CHIEF))
