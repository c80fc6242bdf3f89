"""Numbers of people are masked, marks of secrecy told; all else is left alone."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guard import (
    ADVICE,
    REFUSED,
    REFUSED_NUMBER,
    bears_mark,
    guarded,
    guarded_raw,
    inert,
    is_card,
    is_identity,
    is_masked,
    is_secret,
    is_secret_name,
    masked,
)
from bot.messages import Attachment, Incoming

ROOT = Path(__file__).parents[1]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(digits: str) -> str:
    """Add the check digit that GB 11643 gives to 17 digits."""
    total = sum(int(one) * weight for one, weight in zip(digits, WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def card(digits: str) -> str:
    """Add the check digit of Luhn."""
    doubled = [
        int(one) * (2 if place % 2 == 0 else 1)
        for place, one in enumerate(reversed(digits))
    ]
    total = sum(one // 10 + one % 10 for one in doubled)
    return digits + str(-total % 10)


PERSON = identity("11010119900307123")
WITH_X = identity("11010119900307002")
UNION, VISA, MASTER = (
    card("622202123456789012"),
    card("400000123456789"),
    card("550012345678901"),
)
PLAIN = "".join(chr(ord("０") + int(digit)) for digit in PERSON)


def test_the_samples_are_what_they_are_meant_to_be() -> None:
    assert is_identity(PERSON)
    assert is_identity(WITH_X)
    assert WITH_X.endswith("X")
    assert is_card(UNION)
    assert is_card(VISA)
    assert is_card(MASTER)


@pytest.mark.parametrize(
    "said",
    [
        PERSON,
        f"身份证号：{PERSON}，请收",
        f"{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}",
        f"{PERSON[:6]}-{PERSON[6:14]}-{PERSON[14:]}",
        f"{PERSON[:9]}\u200b{PERSON[9:]}",
        f"{PERSON[:9]}\u3000{PERSON[9:]}",
        " ".join(PERSON),
        PLAIN,
        WITH_X,
        WITH_X.lower(),
        f"{WITH_X[:-1]}×",
        f"{WITH_X[:-1]} Ｘ",
        f"G{PERSON}",
        f"13800138000{PERSON}",
        f"{PERSON}13800138000",
        f"王敏{PERSON}李强{WITH_X}",
        f"13800138000{WITH_X}",
        f"{WITH_X}13800138000",
        f"13800138000 {PERSON}",
        f"13800138000-{WITH_X}",
        f"13800138000{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}",
        f"{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}13800138000",
        f"{PERSON[:14]} {PERSON[14:]}13800138000",
        f"13800138000 0531-87881234 {PERSON}",
        "13800138000110101900307123",
        "11010190030712313800138000",
        f"13800138000{UNION}",
        f"{UNION}13800138000",
        f"卡号{VISA}13800138000",
        f"{PERSON}\n{UNION}",
        f"编号2026112200001{PERSON}",
        "110101900307123",
        "110101 900307 123",
        UNION,
        VISA,
        MASTER,
        f"卡号{UNION}",
        " ".join(UNION[n : n + 4] for n in range(0, 19, 4)),
        "-".join(VISA[n : n + 4] for n in range(0, 16, 4)),
        f"{UNION[:6]} {UNION[6:]}",
        f"银行卡号 {UNION[:8]} {UNION[8:]}",
        f"{UNION} 100000 元",
    ],
)
def test_numbers_of_people_are_masked_however_they_are_written(said: str) -> None:
    hidden = masked(said)

    digits = "".join(c for c in hidden if c.isdecimal())
    assert is_masked(hidden)
    assert PERSON[6:14] not in digits
    assert "900307123" not in digits
    assert WITH_X[6:17] not in digits
    assert VISA[4:12] not in digits
    assert UNION[4:15] not in digits
    assert masked(hidden) == hidden


MISTYPED = UNION[:9] + str((int(UNION[9]) + 1) % 10) + UNION[10:]
WRONG_PERSON = PERSON[:-1] + str((int(PERSON[-1]) + 1) % 10)
OFFICIAL = "11010519491231002X"  # the example of GB 11643


def broken(digits: str, between: str, *lengths: int) -> str:
    """Break a number into parts."""
    parts, start = [], 0
    for length in lengths:
        parts.append(digits[start : start + length])
        start += length
    return between.join([*parts, digits[start:]])


@pytest.mark.parametrize(
    "between",
    ["/", "／", ",", "，", "、", "|", "｜", "_", "＿", ":", "：", "+", "~", ", "],
)
@pytest.mark.parametrize("lengths", [(6, 8), (6, 4, 4), (6, 4, 2, 2), (6,), (14,)])
def test_the_number_of_a_person_is_masked_whatever_breaks_it(
    between: str, lengths: tuple[int, ...]
) -> None:
    for number in (OFFICIAL, PERSON):
        hidden = masked(f"我的是{broken(number, between, *lengths)}请收")

        assert hidden == f"我的是{number[:6]}{'*' * 10}{number[-2:]}请收"


@pytest.mark.parametrize(
    "said",
    [
        "2026/11/22/110105/19491231/002X",
        "１１０１０５／１９４９１２３１／００２Ｘ",
        "110105（19491231）002X",
        "110105 1949年12月31日 002x",
        "1101/0519/4912/3100/2X",
        "110105 / 19491231 / 002 X",
        "（110105）-（19491231）-（002X）",
        "1,1,0,1,0,5,1,9,4,9,1,2,3,1,0,0,2,X",
    ],
)
def test_the_number_of_a_person_is_found_among_what_stands_around(said: str) -> None:
    hidden = masked(said)

    assert "110105**********2X" in hidden
    assert masked(hidden) == hidden


@pytest.mark.parametrize("between", ["/", "／", "|", "_", "：", "+", "~", " / "])
def test_a_card_in_fours_is_masked_whatever_breaks_it(between: str) -> None:
    for number in (UNION, VISA):
        hidden = masked(f"发到{broken(number, between, *(4, 4, 4, 4)).rstrip(between)}")

        assert is_masked(hidden)
        assert number[8:12] not in hidden


@pytest.mark.parametrize(
    ("said", "number"),
    [
        *((f"{name}{MISTYPED}", MISTYPED) for name in ("银行卡", "账号：", "卡号是 ")),
        (f"工资卡（工行）{MISTYPED}，谢谢", MISTYPED),
        (f"开户行县农商行，帐号{MISTYPED[:16]}", MISTYPED[:16]),
        (
            f"银行卡号 {' '.join(MISTYPED[n : n + 4] for n in range(0, 19, 4))}",
            MISTYPED,
        ),
        (f"卡号：{broken(MISTYPED, '/', 6)}", MISTYPED),
        (f"账户 {UNION[:-1]}", UNION[:-1]),
        ("账号:37001618808050012345", "37001618808050012345"),
        (f"身份证号：{WRONG_PERSON}", WRONG_PERSON),
        (f"身份证{WITH_X[:-2]}3X", WITH_X[:-2]),
        (f"身份证 {broken(WITH_X[:-2], ' ', 6, 4, 4)}3X", WITH_X[:-2]),
        (f"公民身份号码 {broken(WRONG_PERSON, '/', 6, 8)}", WRONG_PERSON),
    ],
)
def test_a_mistyped_number_is_masked_behind_its_name(said: str, number: str) -> None:
    hidden = masked(said)

    assert is_masked(hidden)
    assert number[6:12] not in "".join(c for c in hidden if c.isdecimal())
    assert masked(hidden) == hidden


@pytest.mark.parametrize(
    "said",
    [
        "账户余额 1,234,567,890,123.45 元",
        "账户 1234567890123 元",
        "银行卡办理电话 0531-87881234 87881235",
        "银行卡 13800138000 13900139000",
        "打卡 2026-11-22 09:31:22 2026-11-23",
        "账号登记时间 2026/11/22 09:31:22 2026/11/23",
        "账户名县科协，统一社会信用代码 12370124495460327X",
        "2026/06/30、2026/12/30，2027/06/30",
        "场次 6222、0212、3456、7890、1284",
        "4012,4120,4300,4504 人次",
        "1,234,567,890,123,456.00",
        "报表编码 370112/20260630/0001",
        "文号 平政字〔2022〕21号、济政字〔2021〕1234567890123号",
        "〔二（一）4〕 18.5％、5场、30余人次、20次、1场、90％、30％、10场",
    ],
)
def test_what_only_looks_like_it_is_left_alone(said: str) -> None:
    assert masked(said) == said


def test_too_little_is_left_to_restore_a_number() -> None:
    assert masked(PERSON) == f"{PERSON[:6]}{'*' * 10}{PERSON[-2:]}"
    assert masked(UNION) == f"{UNION[:4]}{'*' * 11}{UNION[-4:]}"


@pytest.mark.parametrize(
    "said",
    [
        "平政字〔2022〕21号 四（三）",
        "2026年6月30日前报送，2026-06-30 2026-12-30，2026.06.30",
        "电话0531-87881234 87881235，62188888 62188889",
        "400-618-5500 400-618-5501",
        "手机13800138000 13900139000",
        "18.5％、5场、30余人次，1234567890123456 人次",
        "经费1,234,567,890.00元，合计 10000000000000 元",
        "2021 2022 2023 2024 2025",
        "绑定码 7K3M9QXZ",
        "统一社会信用代码 12370124495460327X",
        "20260630143000",
        "1700000000000",
        "第 1 2 3 4 5 6 7 8 9 10 11 12 13 14 项",
        PERSON[:-1] + str((int(PERSON[-1]) + 1) % 10),
        UNION[:-1] + str((int(UNION[-1]) + 1) % 10),
        "990101199003071230",
        "13800138000 13900139000 13700137000\n0531-87881234",
        "1380013800013900139000",
        "13800138000138001380001380013800013800138000",
        "20260630 20261230 20270630",
        "1234567890" * 20,
        "\n".join(VISA[n : n + 4] for n in range(0, 16, 4)),
    ],
)
def test_other_numbers_are_left_alone(said: str) -> None:
    assert masked(said) == said


@pytest.mark.parametrize("piece", ["1", "1 ", "6 ", "62 ", "11010119900307"])
def test_a_long_run_of_digits_is_read_once(piece: str) -> None:
    """Count the steps, not the seconds: four times as long, at most so much more."""
    steps = [_steps(piece * count) for count in (100, 400)]

    assert steps[1] < 6 * steps[0]


def _steps(said: str) -> int:
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(step)
    try:
        masked(said)
    finally:
        sys.setprofile(None)
    return count


@given(st.text(max_size=80))
def test_guarding_twice_is_guarding_once(said: str) -> None:
    once = masked(said)

    assert masked(once) == once


@pytest.mark.parametrize(
    "said",
    [
        "绝密★启用前",
        "机 密 ★ 1年",
        "機密★10年",
        "机\u200b密文件",
        "【机密】关于某事的通知",
        "（秘密）\n总结",
        "密级：机密",
        "保密期限：10年",
        "这是一份机密文件，请查收",
        "绝密级",
        "秘密级材料已发",
        "附件为涉密文件",
        "涉密资料已发您",
        "发您一份涉密信息，请查收",
        "这份材料涉密",
        "内容属于国家秘密",
        "涉及工作秘密，请勿外传",
        "内部资料 注意保存",
        "内部文件，严禁外传",
        "内部资料（不得外传）",
        "此件不得外传",
        "特急 机密",
        "内容不多，但有涉密信息",
        "此件不得转发",
        "本材料请勿扩散",
        "这份是机密文件，一律走内网看",
        "这是涉密文件，不予公开",
        "机-密★",
        "机·密★1年",
        "机/密 文件",
        "秘_密☆",
        "【机.密】",
        "这是涉-密文件",
        "属于机-密级",
        "㊙",
        "㊙️ 名单见附件",
        "㊙★3年",
        "祕密文件已发",
        "絶密★",
        "密级 机密",
        "密级——秘密",
        "机密10年",
        "秘密：5年",
        "（机密·长期）",
        "机 密 级 文 件",
        "绝\u2060密★",
        "涉密打印机打的涉密文件发您了",
        "<机密> 通知",
        "机密：名单",
        "机密|名单",
        "#机密#",
        "“机密”材料",
        "请查收涉密名单",
        "机★密",
        "机密⭐",
        "秘密※3年",
        "机密（5年）",
        "发一份密件给您",
        "涉密文件不得外传",
    ],
)
def test_marks_of_secrecy_are_told(said: str) -> None:
    assert is_secret(said)


@pytest.mark.parametrize(
    "said",
    [
        "保密工作由谁负责",
        "保密宣传教育谁牵头",
        "请保密",
        "国家秘密法治宣传谁负责",
        "秘书处电话多少",
        "商业秘密保护由谁牵头",
        "揭开宇宙的秘密科普活动",
        "探索自然奥秘",
        "人口密集地区密切配合",
        "涉密人员培训谁负责",
        "涉密文件管理由谁负责",
        "涉密信息系统由谁管",
        "本件不涉密",
        "以上内容不涉密，已审核",
        "不涉及国家秘密",
        "材料不含涉密信息",
        "请勿在群内传送涉密文件",
        "严禁通过微信传递涉密资料",
        "非涉密文件",
        "文件是否涉密",
        "工作秘密管理制度由谁制定",
        "哪些属于工作秘密？",
        "要严守国家秘密和工作秘密。",
        "请各单位保守工作秘密",
        "涉及国家秘密、商业秘密、个人隐私的，不予公开",
        "凡涉及国家秘密的内容请另行报送",
        "涉密资料一律走机要渠道报送",
        "请转发给各科室，通知扩散到村",
        "内部控制",
        "内部资料怎么借阅",
        "方案里有没有保密要求",
        "密码安全科普",
        "机密级打印机已停用",
        "秘密级计算机已报废，请更换",
        "机密级U盘由专人保管",
        "涉密文件柜已更换",
        "涉密资料馆由谁管理",
        "秘密档案馆科普展",
        "机密文件粉碎机采购",
        "涉密文件均已全部清退",
        "涉密载体已按规定销毁",
        "投影机、密码锁各一",
        "计算机-密码管理",
        "复印机密级标签已更换",
        "随机密码信息学讲座",
        "手机密件封装",
        "飞机·密集架",
        "大自然的秘密，2026年科普展",
        "揭开海洋的秘密五年来",
        "司机，密切配合",
        "机密级和秘密级打印机都停用了",
        "保密柜里的涉密文件由专人管理",
        "涉密文件请走机要通道",
        "涉密内容请勿上报",
        "国家秘密载体印制资质",
        "网络保密检查发现涉密文件违规存储",
        "“机密”是什么意思",
        "秘密：是什么？",
        "邮件请密件抄送",
        "采用无记名秘密投票方式",
        "涉密内容正在脱密审查，周三能给脱密版",
        "请转发扩散，本文不得转载",
        ADVICE,
        REFUSED,
    ],
)
def test_to_speak_of_secrecy_is_no_mark_of_it(said: str) -> None:
    assert not is_secret(said)


def test_no_question_of_our_collections_is_touched() -> None:
    files = [*ROOT.glob("tests/questions/*.jsonl"), *ROOT.glob("tests/replies/*.jsonl")]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    rows = map(json.loads, lines)
    said = [row.get("question") or row.get("text", "") for row in rows]

    assert len(said) > 1000
    assert [one for one in said if is_secret(one) or masked(one) != one] == []


@pytest.mark.parametrize(
    "file",
    [
        *ROOT.glob("data/samples/*.txt"),
        *(ROOT.parent / "shared" / "plans").glob("*.txt"),
    ],
    ids=lambda file: file.name,
)
def test_no_plan_is_touched(file: Path) -> None:
    text = file.read_text(encoding="utf-8", errors="replace")

    assert masked(text) == text
    assert not is_secret(text)
    assert not bears_mark(text)


def test_a_report_may_speak_of_secret_papers() -> None:
    report = "全年总结\n规范涉密文件流转，未发生泄密。"

    assert not bears_mark(report)
    assert bears_mark("机密★1年\n" + report)


@pytest.mark.parametrize(
    ("name", "is_refused"),
    [
        ("机密.docx", True),
        ("总结（秘密）.pdf", True),
        ("涉密材料.pdf", True),
        ("内部资料.xlsx", True),
        ("2026年总结.docx", False),
        ("保密工作总结.docx", False),
        ("商业秘密保护培训.docx", False),
        ("涉密人员管理.docx", False),
        ("科学的秘密.pptx", False),
        ("不涉密说明.docx", False),
        ("㊙名单.docx", True),
        ("机-密文件.docx", True),
        ("机密★1年.pdf", True),
        ("机密级打印机清单.xlsx", False),
        ("计算机密码.docx", False),
        ("手机密码锁说明.docx", False),
        ("秘密花园.pptx", False),
    ],
)
def test_a_name_of_a_file_may_be_a_mark(name: str, is_refused: bool) -> None:
    assert is_secret_name(name) is is_refused


def letter(text: str, *, file: str = "", **more: str) -> Incoming:
    files = (Attachment(name=file, at="f1"),) if file else ()
    return Incoming(
        channel="telegram",
        address="7",
        text=text,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        product_id="12",
        attachments=files,
        **more,
    )


@pytest.mark.parametrize(
    "said",
    [
        letter("密级：机密"),
        letter("请看", quote="密级：机密"),
        letter("请看", file="机密.docx"),
    ],
)
def test_nothing_stays_of_what_is_refused(said: Incoming) -> None:
    kept = guarded(said)

    assert kept == letter(REFUSED)
    assert guarded(kept) == kept


@pytest.mark.parametrize(
    "said",
    [
        letter(PERSON),
        letter(f"已报，经手人身份证{PLAIN}", quote=PERSON),
        letter(f"汇到 {UNION}"),
        letter("请看", file=f"{WITH_X}.docx"),
    ],
)
def test_nothing_stays_of_who_sends_the_number_of_a_person(said: Incoming) -> None:
    kept = guarded(said)

    assert kept == letter(REFUSED_NUMBER)
    assert guarded(kept) == kept


def test_what_stands_beside_a_letter_is_masked() -> None:
    kept = guarded(letter("已报", quote=PERSON, title=PERSON, file="总结.docx"))

    assert PERSON not in repr(kept)
    assert (kept.text, kept.attachments[0].at) == ("已报", "f1")
    assert guarded(kept) == kept


def test_a_letter_that_says_nothing_of_the_kind_is_the_same() -> None:
    said = letter("我们负责哪些任务，6月30日前报吗", file="总结.docx")

    assert guarded(said) is said


@pytest.mark.parametrize(
    "raw",
    ['{"text": "密级：机密"}', r'{"text": "\u5bc6\u7ea7\uff1a\u673a\u5bc6"}'],
)
def test_an_update_that_nobody_could_read_is_guarded_too(raw: str) -> None:
    assert guarded_raw(raw) == REFUSED
    assert PERSON not in guarded_raw(f'{{"text": "{PERSON}"}}')
    assert guarded_raw('{"id": 1, "text": "您好"}') == '{"id": 1, "text": "您好"}'


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("http://evil.example/x", "http：//evil．example/x"),
        ("见 evil.com", "见 evil．com"),
        ("见 evil.中国", "见 evil．中国"),
        ("见 10.0.0.1/x", "见 10．0.0.1/x"),
        ("tg://resolve?domain=x", "tg：//resolve?domain=x"),
        ("javascript:alert(1)", "javascript：alert(1)"),
        ("@all @somebody", "＠all ＠somebody"),
        ("<@all>", "＜＠all＞"),
        ("[点我](x)", "［点我］(x)"),
        ("`rm`", "｀rm｀"),
        ("<b>粗</b>", "＜b＞粗＜／b＞"),
        ("/start 1", "／start 1"),
        ("a\u202eb\u2066c\u200bd\ufeff\x1b[31m", "abcd［31m"),
        ("领导出差，1.5 天后交，比例 3/4", "领导出差，1.5 天后交，比例 3/4"),
        ("时间：14:30", "时间：14:30"),
        ("2026.6.30前，1.推进，v1.2.3", "2026.6.30前，1.推进，v1.2.3"),
        ("平政字〔2022〕21号 四（三）", "平政字〔2022〕21号 四（三）"),
    ],
)
def test_what_people_say_comes_back_inert(said: str, shown: str) -> None:
    assert inert(said) == shown
    assert inert(shown) == shown
