"""What the office does on the server alone: said in chat, the command is told."""

import re

from bot.messages import Reply
from bot.model import Role
from handlers.act import Act, Doing
from handlers.rights import Group

_HOW = (
    (
        re.compile("(?:年终|年度)?归档(?:包|[0-9]{4}年?)?|生成归档包"),
        "归档在服务器上办理：bot archive --year 2026 2026.zip --name 姓名。",
    ),
    (
        re.compile("(?:查看|导入|更新)?(?:人员|名册|花名册|通讯录)(?:名单|清单|管理)?"),
        "名册在服务器上办理：bot departments --import 名册.xlsx --name 姓名 导入，"
        "bot people 查看。私聊可回复“谁没绑定”“发绑定码 姓名”“离岗 姓名”。",
    ),
    (
        re.compile(
            "(?:把|给|将)?[^?？,，]{0,20}联络员(?:要|想)?"
            "(?:换人|换成|换了|更换|变更|变动|改成|改为|调整)[^?？,，谁哪什几吗]{0,12}"
            "|(?:要|想|怎么|如何)?(?:换|更换|变更|增加|新增|添加|加)(?:一下|一个|一名|个)?"
            "[^?？,，谁哪什几吗]{0,20}联络员[^?？,，谁哪什几吗]{0,12}"
        ),
        "换联络员：请原联络员私聊我回复“申请移交 接任人全名”，您同意后登记、发码。\n"
        "原联络员办不了的：把新人写进名册表，在服务器上导入"
        "（bot departments --import），再回复“发绑定码 新人”和“离岗 原联络员”。",
    ),
    (
        re.compile("导出 *(?:操作)?(?:日志|记录)"),
        "操作日志在服务器上导出：bot audit export --from 2026-01-01 --to 2026-12-31 "
        "--xlsx 日志.xlsx。私聊可回复“操作日志”查看。",
    ),
    (
        re.compile("(?:数据)?备份(?:数据|一下)?"),
        "备份在服务器上办理：bot backup 文件。",
    ),
    (
        re.compile("(?:导入|发布|撤回)方案"),
        "方案在服务器上办理：bot import 方案.docx 导入并签认，bot withdraw 撤回。",
    ),
)


def _how(doing: Doing) -> str:
    """Say how what is wanted is done; "" if it is none of this."""
    said = doing.folded.rstrip("。!")
    return next((words for asked, words in _HOW if asked.fullmatch(said)), "")


async def _tell(doing: Doing) -> Reply:
    return Reply(_how(doing))


AT_SERVER = Act(
    name="at_server",
    example="归档",
    group=Group.OTHERS,
    role=Role.ADMIN,
    in_groups=False,
    fits=lambda doing: bool(_how(doing)),
    do=_tell,
)
