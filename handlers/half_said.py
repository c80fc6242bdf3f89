"""Orders of the office that lack a number or a name: told how they are said whole."""

import re

from bot.messages import Reply
from bot.model import Role
from handlers.act import Act, Doing
from handlers.progress import is_of_office

_WHOLE = (
    (
        re.compile(
            "(?:试发给自己|试发|预览|确认发送|暂停|撤回|催回执)(?:草稿|群发)?"
            "|(?:取消|继续|恢复)(?:草稿|群发)|群发(?:取消|暂停|继续|恢复|撤回)"
        ),
        "请写明是第几号群发，如“确认发送 1”“撤回 1”；回复“群发”看清单。",
    ),
    (
        re.compile("(?:取消|删除|去掉)?金题|近义[0-9]*|不处理(?:反馈)?"),
        "请写全，如“近义 3 防骗=诈骗”“金题 3 二（一）4”“取消金题 3”“不处理 3”；"
        "回复“反馈”看编号。",
    ),
    (
        re.compile("离岗|返岗|删除个人信息|作废绑定码"),
        "请写姓名，如“离岗 王敏”，同名的再写单位。",
    ),
    (
        re.compile("确认:?(?:[0-9]{1,3}|[0-9]{5,9})"),
        "确认码是四位数字，请照收到的原样回复，如“确认 7341”。",
    ),
)


def _how(doing: Doing) -> str:
    """Say how what is meant is said; "" if it is none of this."""
    if not is_of_office(doing):
        return ""
    said = "".join(doing.folded.split()).strip("。!:")
    return next((words for meant, words in _WHOLE if meant.fullmatch(said)), "")


async def _tell(doing: Doing) -> Reply:
    return Reply(_how(doing))


HALF_SAID = Act(
    name="half_said",
    example="",
    role=Role.ADMIN,
    in_groups=False,
    fits=lambda doing: bool(_how(doing)),
    do=_tell,
)
