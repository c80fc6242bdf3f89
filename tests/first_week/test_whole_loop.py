"""The office's year in small: from the plan to the table, on every product."""

import io
from pathlib import Path

import pytest
from hands import (
    ALL_HANDS,
    CHIEF,
    HERS,
    HIS,
    OURS,
    OWN_GROUP,
    THEIRS,
    ConsoleHand,
    Hand,
    bind,
    lay_out,
)
from openpyxl import load_workbook
from product_hands import BothHand

from bot.model import DeliveryStatus

REPORT = "2026年上半年工作落实情况"
PRODUCTS = ("telegram-sqlite", "wecom-sqlite", "wecom-postgres")


async def table(hand: Hand) -> dict[str, str]:
    """Return the words of the newest workbook that the office was given."""
    out = hand.app.papers.folder
    newest = max(out.glob("**/*.xlsx"), key=lambda one: one.stat().st_mtime)
    sheet = load_workbook(io.BytesIO(newest.read_bytes())).active
    rows = [[str(cell or "") for cell in row] for row in sheet.values]
    return {row[0]: " ".join(row[1:]) for row in rows}


@pytest.mark.parametrize("hand", PRODUCTS, indirect=True)
async def test_a_nudge_is_answered_in_the_group_and_is_silent_everywhere_else(
    hand: Hand, tmp_path: Path
) -> None:
    await lay_out(hand, tmp_path)
    async with hand.opened():
        await bind(hand, CHIEF, HERS, HIS)
        await hand.confirms_duty(OURS, THEIRS)
        told = await hand.says_in_group(CHIEF, f"登记本群 {OURS}")
        assert f"本群已登记为{OURS}的单位群" in told
        told = await hand.says_in_group(CHIEF, "登记本群 全体", ALL_HANDS)
        assert "本群已登记为全体群" in told

        await hand.comes(6, 10)
        assert not any("提示" in one for one in hand.heard(HERS))
        await hand.comes(6, 11)
        await hand.comes(6, 11, "10:00")
        first = f"提示：请于7月10日（周五）前报送{REPORT}，尚余 20 个工作日。"
        for who in (HERS, HIS, OWN_GROUP):
            assert [one for one in hand.heard(who) if first in one], who
        posted = hand.heard(ALL_HANDS)[-1]
        assert "已报 0/2" in posted
        assert OURS not in posted

        assert "14:30" in await hand.says(HERS, "能不能下午再提醒")
        await hand.comes(6, 26)
        await hand.comes(6, 26, "10:00")
        [nudge] = [one for one in hand.heard(OWN_GROUP) if "尚余 10 个" in one]
        assert any("尚余 10 个" in one for one in hand.heard(HIS))
        assert (await hand.deliveries(HERS))[-1].status is DeliveryStatus.WAITING

        told = await hand.says_in_group(HERS, "昨天发你们邮箱了", about=nudge)
        assert f"已记：{OURS}{REPORT}6月25日报送（邮箱），待办公室核收" in told
        assert (await hand.deliveries(HERS))[-1].status is DeliveryStatus.CANCELLED
        before = hand.heard(HERS), len(hand.heard(OWN_GROUP))
        for day, clock in ((26, "14:55"), (29, "10:00"), (30, "10:00")):
            await hand.comes(6, day, clock)
        for clock in ("09:40", "10:00", "14:55"):
            await hand.comes(7, 3, clock)
        assert (hand.heard(HERS), len(hand.heard(OWN_GROUP))) == before
        assert any("尚余 5 个" in one for one in hand.heard(HIS))
        assert any("已报 1/2" in one for one in hand.heard(ALL_HANDS))

        told = await hand.says(CHIEF, "谁没交")
        assert "应报 2，已核收 0，待核 1，未报 1" in told
        told = await hand.says(CHIEF, "核收 县应急局")
        assert f"已核收：{OURS}{REPORT}。" in told
        told = await hand.says(CHIEF, "谁没交")
        assert "应报 2，已核收 1，待核 0，未报 1" in told
        assert "共 2 个单位" in await hand.says(CHIEF, "导出")
        lights = await table(hand)
        assert "绿·已核收" in lights[OURS]
        assert "黄·" in lights[THEIRS]
        assert hand.told_twice() == []
    shown = await hand.run("progress", "--report", "#R1")  # its clock is the real one
    [line] = [one for one in shown.output.splitlines() if one.startswith(OURS)]
    assert "绿·已核收" in line


@pytest.mark.parametrize("hand", ["both-sqlite"], indirect=True)
async def test_who_reports_on_one_product_is_left_alone_on_the_other(
    hand: BothHand, tmp_path: Path
) -> None:
    await lay_out(hand, tmp_path)
    async with hand.opened():
        phone = hand.phone
        code = (await hand.run("invite", HERS)).output.partition("绑定码：")[2][:8]
        assert "已绑定" in await phone.says(HERS, code)
        code = (await hand.run("invite", CHIEF)).output.partition("绑定码：")[2][:8]
        assert "已绑定" in await phone.says(CHIEF, code)
        await hand.confirms_duty(OURS, THEIRS)
        await phone.says_in_group(CHIEF, f"登记本群 {OURS}")
        assert "已设为在这里提醒" in await phone.says(HERS, "以后在这里提醒我")
        assert "14:30" in await hand.says(HERS, "能不能下午再提醒")
        await hand.comes(6, 26)
        await hand.comes(6, 26, "10:00")
        assert any("尚余 10 个" in one for one in phone.heard(OWN_GROUP))
        assert (await phone.deliveries(HERS))[-1].status is DeliveryStatus.WAITING

        told = await hand.says(HERS, "已报")
        assert f"已记：{OURS}{REPORT}6月26日报送" in told
        assert (await phone.deliveries(HERS))[-1].status is DeliveryStatus.CANCELLED
        before = [len(phone.heard(who)) for who in (HERS, OWN_GROUP)]
        for month, day, clock in ((6, 26, "15:00"), (7, 3, "15:00"), (7, 9, "15:00")):
            await hand.comes(month, day, clock)
            await hand.comes(month, day, "16:00")
        assert [len(phone.heard(who)) for who in (HERS, OWN_GROUP)] == before
        assert not any("提示" in one for one in hand.heard(HERS))
        told = await phone.says(CHIEF, "核收 县应急局")
        assert f"已核收：{OURS}{REPORT}。" in told


@pytest.mark.parametrize("hand", ["console-sqlite"], indirect=True)
async def test_at_the_terminal_a_nudge_waits_until_it_is_answered(
    hand: ConsoleHand, tmp_path: Path
) -> None:
    await lay_out(hand, tmp_path)
    async with hand.opened():
        await hand.confirms_duty(OURS, THEIRS)
        await hand.comes(6, 10)
        assert "提示" not in await hand.sits_down(HERS)
        await hand.comes(6, 26)
        waits = f"提示：请于7月10日（周五）前报送{REPORT}，尚余 10 个工作日"
        assert waits in await hand.sits_down(HERS)

        told = await hand.says(HERS, "昨天发你们邮箱了")
        assert f"已记：{OURS}{REPORT}6月25日报送（邮箱），待办公室核收" in told
        await hand.comes(7, 3)
        assert "提示" not in await hand.sits_down(HERS)
        assert "尚余 5 个工作日" in await hand.sits_down(HIS)

        assert "待核 1 项" in await hand.sits_down(CHIEF)
        told = await hand.says(CHIEF, "核收 县应急局")
        assert f"已核收：{OURS}{REPORT}。" in told
        told = await hand.says(CHIEF, "谁没交")
        assert "应报 2，已核收 1，待核 0，未报 1" in told
        assert "共 2 个单位" in await hand.says(CHIEF, "导出")
        assert "绿·已核收" in (await table(hand))[OURS]


@pytest.mark.parametrize("hand", [*PRODUCTS[:2], "console-sqlite"], indirect=True)
async def test_what_sounds_like_a_claim_is_booked_by_a_yes_alone(
    hand: Hand, tmp_path: Path
) -> None:
    await lay_out(hand, tmp_path)
    async with hand.opened():
        if not isinstance(hand, ConsoleHand):
            await bind(hand, CHIEF, HERS, HIS)
        await hand.confirms_duty(OURS, THEIRS)
        await hand.comes(6, 26)

        for who in (HERS, HIS):
            assert f"{REPORT}是否已经报送" in await hand.says(who, "小王说报了")
        assert "状态仍为“未报”" in await hand.says(HIS, "不是")
        await hand.says(HERS, "小王说报了")
        told = await hand.says(HERS, "是的")
        assert f"已记：{OURS}{REPORT}6月26日报送，待办公室核收" in told
        assert "待核 1，未报 1" in await hand.says(CHIEF, "谁没交")
