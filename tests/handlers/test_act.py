"""An order that is not for him is refused in words; what fails is undone as a whole."""

import pytest
from front_door import OWN, FrontDoor
from report_office import ReportOffice
from sqlalchemy import select

from bot.errors import NotAllowed
from bot.messages import Attachment
from bot.model import Evidence, Role
from handlers import ACTS
from handlers.rights import is_at_least

ADMIN, SUPER, WANG = "1", "2", "7"
OF_OFFICE = [
    act
    for act in ACTS
    if act.example and is_at_least(act.role, Role.ADMIN)
    # A liaison asks for a handover of his own, and whether others reported: both
    # are answered elsewhere.
    if act.name not in ("handovers", "progress", "one_department")
]


@pytest.fixture
async def hall(office: ReportOffice) -> FrontDoor:
    await office.door.bound(ADMIN, "李主任", "办公室", Role.ADMIN)
    await office.door.bound(SUPER, "管机", "办公室", Role.SUPER)
    await office.door.bound(WANG, "王敏", OWN)
    return office.door


ORDERS = (
    *(act.example for act in OF_OFFICE),
    *("核收应急局全年", "核收 县应急局 #R1", "退回 县应急局：缺材料", "待核清单"),
    *(
        "请核收",
        "请核收一下",
        "导出",
        "导出报送进度",
        "催报",
        "群发",
        "群发 3",
        "群发各单位：开会",
    ),
    *("通知各镇街道周五开会", "通知县教育局、县科协：开会", "请通知各单位开会"),
    *("谁没绑定？", "归档", "年终归档", "人员", "导入名册", "备份"),
    *("草稿", "同意发送 3", "同意延期 县应急局", "代报 县教育局 #R2：电话"),
)
QUESTIONS = (
    *("核收是什么意思", "核收了吗", "退回的材料怎么改", "待核要等多久"),
    *("免报可以吗", "通知收到", "通知各单位了吗", "通知什么时候印发的", "通知在哪"),
    *("通知各单位了？", "核收？"),
    *("导出怎么用", "催报什么时候发", "草稿怎么写", "群发是什么"),
    *("继续", "取消", "预览", "下载表格", "谁没交", "移交"),
)


async def test_an_order_of_the_office_is_refused_to_a_liaison(hall: FrontDoor) -> None:
    refusal = f"{NotAllowed.reply}此项由办公室管理员办理。"
    told = {words: await hall.says(WANG, words) for words in ORDERS}

    assert told == dict.fromkeys(ORDERS, refusal)
    assert not await hall.events()


async def test_a_question_is_no_order(hall: FrontDoor) -> None:
    told = {words: await hall.says(WANG, words) for words in QUESTIONS}

    assert not [words for words in told if NotAllowed.reply in told[words]]


async def test_the_super_admin_hears_whose_work_it_is(hall: FrontDoor) -> None:
    assert "请由办公室管理员办理" in await hall.says(SUPER, "核收 县应急局 全年")
    assert "请由办公室管理员办理" in await hall.says(SUPER, "通知各单位周五开会")


async def test_what_an_act_did_before_it_failed_is_undone(hall: FrontDoor) -> None:
    files = (Attachment(name="名单.docx", at="f", size=10),)

    told = await hall.says(ADMIN, "群发 县火星局：请看附件", attachments=files)

    assert "没有查到“县火星局”" in told
    assert not (await hall.session.scalars(select(Evidence))).all()
    assert not await hall.events()
    assert "李主任" in await hall.says(ADMIN, "我是谁")


async def test_a_wrong_number_stays_counted(hall: FrontDoor) -> None:
    number = (await hall.says(ADMIN, "删除个人信息 王敏")).partition("确认 ")[2][:4]
    wrong = f"确认 {(int(number) + 1) % 10_000:04}"

    told = [await hall.says(ADMIN, wrong) for _ in range(3)]

    assert "还可再试 2 次" in told[0]
    assert "已作废" in told[2]
    assert "没有等待确认的事项" in await hall.says(ADMIN, f"确认 {number}")


async def test_the_office_hears_what_is_done_on_the_server(hall: FrontDoor) -> None:
    assert "bot archive" in await hall.says(ADMIN, "归档")
    assert "bot audit export" in await hall.says(ADMIN, "导出操作日志")
    assert "bot departments --import" in await hall.says(SUPER, "导入名册")


@pytest.mark.parametrize(
    "words",
    [
        "把县气象局的联络员换成赵六",
        "县气象局联络员换人",
        "更换县教育局联络员",
        "换一个联络员",
    ],
)
async def test_the_office_hears_how_a_contact_is_changed(
    hall: FrontDoor, words: str
) -> None:
    told = await hall.says(ADMIN, words)

    assert "申请移交" not in await hall.says(ADMIN, "联络员变动要告知谁")
    assert "申请移交" in told
    assert "离岗 原联络员" in told
    assert "申请移交" not in await hall.says("99", words)
