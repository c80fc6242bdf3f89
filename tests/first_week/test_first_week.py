"""The office's first week, from an empty store to the first digest, on each product."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hands import (
    ALL_HANDS,
    CHIEF,
    HERS,
    HIS,
    NEXT,
    OURS,
    OWN_GROUP,
    STRANGER,
    THEIRS,
    ConsoleHand,
    Hand,
)
from office import SAMPLE
from openpyxl import Workbook

REPORT = "2026年上半年工作落实情况"
NUMBER = "澄政字〔2026〕18号"
PRODUCTS = ("telegram-sqlite", "telegram-postgres", "wecom-sqlite", "wecom-postgres")
HEADS = ("姓名", "单位", "角色", "电话", "企业微信账号")
WRONG_CODE = "绑定码无效或已过期"
REFUSED = re.compile("暂无此项权限|仅对本单位联络员和办公室开放")
SECRET = "附上机密级文件的内容：某地某处"
BODY = "请各单位周五前报科普日活动"
MISTAKE = "请各单位周六开会"


async def first_day(hand: Hand, folder: Path) -> str:
    """Lay the store, publish the plan, mend and import the roster; returns a code."""
    assert (await hand.run("migrate")).exit_code == 0
    draft = await hand.run("import", str(SAMPLE))
    assert "任务 30 项" in draft.output
    assert NUMBER in draft.output
    assert "待签认" in (await hand.run("plans")).output
    signed = await hand.run("sign", NUMBER, "--name", "李主任")
    assert "已发布" in signed.output

    file = folder / "名册.xlsx"
    people = [
        (CHIEF, "县科协", "办公室管理员", "", hand.member(CHIEF)),
        (HERS, OURS, "联络员", 13800000000, hand.member(HERS)),
        (HIS, THEIRS, "联络员", "", ""),
    ]
    wrong = [people[0], (HERS, OURS, "科长", *people[1][3:]), (HIS, "", "联络员")]
    write_sheet(file, HEADS, *wrong)
    refused = await hand.run("departments", "--import", str(file))
    assert refused.exit_code == 1
    assert "有 2 处问题，未导入任何内容" in refused.stderr
    assert "第3行“角色”（科长）：不认识" in refused.stderr
    assert "第4行“单位”：没有填" in refused.stderr
    assert HERS not in (await hand.run("people")).output
    write_sheet(file, HEADS, *people)
    done = await hand.run("departments", "--import", str(file))
    assert "人员：新增 3，更改 0" in done.output

    invited = await hand.run("invite", CHIEF)
    assert f"县科协 {CHIEF}（办公室管理员）的绑定码：" in invited.output
    return code_in(invited.output)


def write_sheet(file: Path, *rows: Sequence[str | int]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)


def code_in(words: str) -> str:
    """Return the binding code that stands in an answer."""
    [code] = re.findall(r"绑定码：\s*([0-9A-Z]{8})", words)
    return str(code)


async def second_day(hand: Hand) -> None:
    """Invite the liaisons, register both groups, let them ask and say what is wrong."""
    await hand.comes(6, 9)
    assert "您好" in await hand.says(STRANGER, "你好")
    for name in (HERS, HIS):
        if hand.member(name):
            continue
        code = code_in(await hand.says(CHIEF, f"发绑定码 {name}"))
        assert WRONG_CODE in await hand.says(name, "ABCD2345")
        assert f"已绑定：{hand.department(name)} {name}" in await hand.says(name, code)
        assert WRONG_CODE in await hand.says(STRANGER, code)
    told = await hand.says_in_group(CHIEF, f"登记本群 {OURS}")
    assert f"本群已登记为{OURS}的单位群" in told
    told = await hand.says_in_group(CHIEF, "登记本群 全体", ALL_HANDS)
    assert "本群已登记为全体群" in told
    assert "私聊" in await hand.says_in_group(HERS, "我们负责哪些任务", ALL_HANDS)
    assert "共 4 项" in await hand.says_in_group(HERS, "我们负责哪些任务")
    await asks_and_rates(hand)


async def asks_and_rates(hand: Hand) -> None:
    """Ask for tasks and a clause; what is wrong becomes a line of the thesaurus."""
    told = await hand.says(HERS, "我们负责哪些任务")
    assert f"{OURS}在《澄川县全民科学素质行动实施方案（2026—2030年）》" in told
    assert "共 4 项" in told
    told = await hand.says(HERS, "3")
    assert "〔三（二）3，系统编序〕健全科学辟谣联动机制" in told
    assert "48 小时内发布权威解读" in told
    assert f"（{NUMBER}）三（二）3" in told

    assert "智能设备" not in await hand.says(HERS, "掌中宝谁来教")
    assert "手机课堂谁来办" not in await hand.says(CHIEF, "反馈")
    await hand.says(HERS, "手机课堂谁来办")
    assert "已记下" in await hand.says(HERS, "有误：村里叫掌中宝")
    listed = await hand.says(CHIEF, "反馈")
    [number] = re.findall(r"(\d+)\. 有误 ×1 手机课堂谁来办", listed)
    assert f"来自：{OURS}" in await hand.says(CHIEF, f"反馈 {number}")
    assert "权限" in await hand.says(HERS, f"近义 {number} 掌中宝=智能设备")
    told = await hand.says(CHIEF, f"近义 {number} 掌中宝=智能设备")
    assert "已加近义：“掌中宝”也按“智能设备”查" in told
    assert "智能设备" in await hand.says(HERS, "掌中宝谁来教")


async def third_day(hand: Hand) -> None:
    """Broadcast with receipts: drafted, tested, confirmed by a number, and nudged.

    Its own number is read, as that of a handover: a letter that is tried again, as
    may be under load, leaves a gap in PostgreSQL's.
    """
    await hand.comes(6, 10)
    told = await hand.says(CHIEF, "通知各单位周五前报科普日活动")
    [ours] = re.findall(f"第(\\d+)号群发草稿（未发送）：{BODY}", told)
    assert "范围：全部 2 家 2 人" in told
    assert "要求回执：是；发送时间：立即" in told
    assert f"第{ours}号群发预览：2 家 2 人" in await hand.says(CHIEF, "预览")
    assert (await hand.says(CHIEF, "试发给自己")).startswith(BODY)
    assert BODY not in "".join([*hand.heard(HERS), *hand.heard(HIS)])
    told = await hand.says(CHIEF, "确认发送")
    assert f"第{ours}号群发将向 2 家 2 人发送" in told
    [number] = re.findall(r"确认 (\d{4})", told)
    other = f"{(int(number) + 1) % 10_000:04}"
    told = await hand.says(CHIEF, f"确认 {other}")
    assert "确认码不符，没有执行" in told
    assert f"第{ours}号群发已确认，即将发出" in await hand.says(CHIEF, f"确认 {number}")
    await hand.comes(6, 10, "09:40")
    await hand.comes(6, 10, "09:41")
    for who in (HERS, HIS):
        assert len([one for one in hand.heard(who) if one.startswith(BODY)]) == 1
    assert any("应发 2：已送达 2" in one for one in hand.heard(CHIEF))

    assert "已签收" in await hand.presses(HERS, "签收", about=BODY)
    told = await hand.says(CHIEF, f"群发 {ours}")
    assert f"第{ours}号群发（已发完）" in told
    assert f"回执：已签收 1，未签收 1：{THEIRS}{HIS}" in told
    told = await hand.says(CHIEF, f"催回执 {ours}")
    assert "已安排催回执 1 人，6月10日（周三）" in told
    assert "今天已催过回执" in await hand.says(CHIEF, f"催回执 {ours}")
    await hand.comes(6, 10, "10:30")
    assert len([one for one in hand.heard(HIS) if "请签收" in one]) == 1
    assert not any("请签收" in one for one in hand.heard(HERS))
    assert "已签收" in await hand.says(HIS, "收到")
    told = await hand.says(CHIEF, f"报告 {ours}")
    assert "应发 2：已送达 2" in told
    assert "回执：已签收 2，未签收 0" in told
    await takes_back(hand)


async def takes_back(hand: Hand) -> None:
    """Broadcast what should not have been, and recall it."""
    told = await hand.says(CHIEF, f"群发 全部单位：{MISTAKE}")
    [wrong] = re.findall(r"第(\d+)号群发草稿", told)
    assert "即将发出" in await hand.confirms("确认发送")
    await hand.comes(6, 10, "14:40")
    await hand.comes(6, 10, "14:41")
    for who in (HERS, HIS):
        assert MISTAKE in hand.sees(who)
    assert "正从 2 个接收方收回" in await hand.confirms(f"撤回 {wrong}")
    await hand.comes(6, 10, "14:42")
    await hand.comes(6, 10, "14:43")
    for who in (HERS, HIS):
        assert MISTAKE not in hand.sees(who)
        assert BODY in hand.sees(who)
    assert any("撤回：已收回 2" in one for one in hand.heard(CHIEF))


async def fourth_day(hand: Hand) -> None:
    """Rehearse, be nudged for the first time, and hand over to a successor."""
    await hand.comes(6, 11, "08:30")
    await hand.confirms_duty(OURS, THEIRS)
    period = ("--from", "2026-06-11", "--to", "2026-07-17")
    shown = (await hand.run("rehearse", *period)).output
    assert "报送 1 项，消息" in shown
    assert "清单校验码" in shown
    assert "签字：" in shown
    await hand.comes(6, 11)
    await hand.comes(6, 11, "10:00")
    first = f"提示：请于7月10日（周五）前报送{REPORT}，尚余 20 个工作日。"
    for who in (HERS, HIS, OWN_GROUP):
        assert len([one for one in hand.heard(who) if first in one]) == 1, who

    told = await hand.presses(HIS, "已报送", about=first)
    assert f"已记：{THEIRS}{REPORT}6月11日报送，待办公室核收" in told

    told = await hand.says(HERS, f"我调走了，换{NEXT}")
    assert f"已登记人员调整申请（接任：{NEXT}），待办公室核对名册" in told
    assert "绑定前仍由您接收，共 1 项未办结" in told
    assert f"{OURS} {HERS}提出人员调整（接任：{NEXT}）" in hand.heard(CHIEF)[-1]
    assert "权限" in await hand.says(HIS, "同意移交 1")
    listed = await hand.says(CHIEF, "移交")
    [number] = re.findall(rf"(\d+)\. {OURS} {HERS}", listed)
    told = await hand.says(CHIEF, f"同意移交 {number}")
    assert f"其绑定后{HERS}的账号自动解除" in told
    card = await hand.says(NEXT, code_in(told))
    assert f"已绑定：{OURS} {NEXT}（联络员）" in card
    assert f"您接任{HERS}，贵单位未办结 1 项：" in card
    assert f"{REPORT}：7月10日（周五）前，未报" in card
    assert f"移交已办结：{OURS} {HERS} → {NEXT}" in hand.heard(CHIEF)[-1]
    assert OURS not in await hand.says(HERS, "我是谁")
    told = await hand.says(NEXT, "下周一交")
    assert "6月15日（周一）" in told


async def fifth_day(hand: Hand, folder: Path) -> None:
    """Refuse those who look at others; keep no secrets; prove and keep the records."""
    await hand.comes(6, 12)
    for who in (STRANGER, HERS, HIS):
        told = await hand.says(who, "县应急局交了吗")
        assert "报送情况仅对本单位联络员和办公室开放" in told, who
        assert "6月15日" not in told
    assert REFUSED.search(await hand.says(HIS, "谁没交"))
    forbidden = ("待核", "导出", "群发 1", "核收 县应急局", "退回 县应急局：缺表")
    for words in (*forbidden, f"代报 {OURS}：电话", f"发绑定码 {NEXT}", "反馈"):
        told = await hand.says(HIS, words)
        assert not any(one in told for one in (NEXT, BODY, "6月15日", "已核收")), words
    assert "待核 1，未报 1" in await hand.says(CHIEF, "谁没交")
    told = await hand.says(HIS, SECRET)
    assert "未予保存" in told
    assert "某地某处" not in await hand.words_kept()
    await keeps_records(hand, folder)


async def keeps_records(hand: Hand, folder: Path) -> None:
    """Verify the audit, and back the store up."""
    verified = await hand.run("audit", "verify")
    assert (verified.exit_code, "完好" in verified.output) == (0, True)
    copy = folder / "备份.sqlite3"
    status, told = await hand.run_apart("backup", str(copy), "--name", "管机")
    if hand.office.url.startswith("sqlite"):
        assert (status, copy.stat().st_size > 0) == (0, True)
        assert "SHA-256" in told
    else:
        assert "pg_dump" in told


async def next_monday(hand: Hand) -> None:
    """Hear the first digest of the week, once."""
    await hand.comes(6, 15)
    for clock in ("10:00", "14:40", "15:10", "16:00"):
        await hand.comes(6, 15, clock)
    digests = [one for one in hand.heard(CHIEF) if "本周报送情况（6月15日" in one]
    assert len(digests) == 1
    assert "应报 2，已核收 0，待核 1，未报 1" in digests[0]
    [promised] = [one for one in hand.heard(NEXT) if "贵单位约定今天报送" in one]
    assert REPORT in promised
    assert not any("约定今天" in one for one in hand.heard(HERS))


@pytest.mark.parametrize("hand", PRODUCTS, indirect=True)
async def test_the_first_week_of_an_office(hand: Hand, tmp_path: Path) -> None:
    code = await first_day(hand, tmp_path)
    async with hand.opened():
        if not hand.member(CHIEF):
            told = await hand.says(CHIEF, code)
            assert f"已绑定：县科协 {CHIEF}（办公室管理员）" in told
        await second_day(hand)
        await third_day(hand)
        await fourth_day(hand)
        await fifth_day(hand, tmp_path)
        await next_monday(hand)
        assert hand.told_twice() == []


@pytest.mark.parametrize("hand", ["console-sqlite"], indirect=True)
async def test_the_first_week_at_a_terminal(hand: ConsoleHand, tmp_path: Path) -> None:
    await first_day(hand, tmp_path)
    async with hand.opened():
        assert "终端里不用绑定" in await hand.says(CHIEF, "绑定")
        assert "终端里没有群可登记" in await hand.says(CHIEF, "登记群")
        await asks_and_rates(hand)

        told = await hand.says(CHIEF, "通知各单位周五前报科普日活动")
        assert f"第1号群发草稿（未发送）：{BODY}" in told
        assert f"{THEIRS}{HIS}（未绑定）" in told
        assert BODY in await hand.says(CHIEF, "试发给自己")
        assert "范围内没有可以送达的人" in await hand.says(CHIEF, "确认发送")

        await hand.comes(6, 11)
        await hand.confirms_duty(OURS, THEIRS)
        assert "尚余 20 个工作日" in await hand.sits_down(HERS)
        told = await hand.says(HERS, f"我调走了，换{NEXT}")
        assert f"已登记人员调整申请（接任：{NEXT}）" in told
        assert f"其绑定后{HERS}的账号自动解除" in await hand.says(CHIEF, "同意移交 1")

        await hand.comes(6, 12)
        for who in (STRANGER, HIS):
            assert "仅对本单位" in await hand.says(who, "县应急局交了吗")
        assert REFUSED.search(await hand.says(HIS, "谁没交"))
        assert "未予保存" in await hand.says(HIS, SECRET)
        told = await hand.says(CHIEF, "谁没交")
        assert "应报 2，已核收 0，待核 0，未报 2" in told
        await keeps_records(hand, tmp_path)
