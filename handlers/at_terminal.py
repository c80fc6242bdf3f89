"""What cannot be done at the terminal, where nobody is bound: 登记群, 发绑定码."""

import re

from bot.messages import Reply
from bot.model import Role
from handlers.intent import Answer, Ask, Asker, Intent
from handlers.rights import title

_WHERE = (
    (
        re.compile("(?:登记|注销|取消登记)(?:本|这个|该)?群[^?]{0,30}"),
        "终端里没有群可登记。请办公室管理员在聊天软件里私聊机器人回复“登记群”；"
        "已登记的群用命令 bot groups 查看。",
    ),
    (
        re.compile(
            "(?:请|重新)?(?:发|发放|重发|补发|生成|作废|收回|撤销)(?:一个)?绑定码[^?]{0,30}"
            "|(?:请)?给[^?]{1,20}(?:发|发放)(?:一个)?绑定码[。]?"
        ),
        "终端里请用命令发放或作废绑定码：bot invite 姓名，作废加 --revoke。",
    ),
    (
        re.compile("(?:解绑|离岗|返岗|删除个人信息) *[^?的了]{2,30}"),
        "终端里请用命令办理人员：bot people 姓名，离岗加 --leave，返岗加 --return，"
        "解绑加 --unbind，删除个人信息加 --erase。",
    ),
    (
        re.compile(
            "(?:我要|我想|请|怎么|如何)?(?:绑定|换绑|改绑|解绑|取消绑定)[^?]{0,20}"
        ),
        "终端里不用绑定：回复“我是某某局的”即可换单位。"
        "聊天软件里的账号由本人私聊机器人发送绑定码来绑定。",
    ),
)


_WHO_AM_I = re.compile("我(?:现在)?是(?:谁|哪个单位(?:的)?|什么身份)[?。]?")
_REPORTS = re.compile(
    "(?:我们?|本单位|我局)?(?:已经?|都)?(?:报送?|交|提交|发)(?:了|过了|完了)[。]?"
    "|(?:我们?|本单位|我局)?已报[。]?|待报[。]?|撤销[。]?|本期无事项[。]?"
)
_NOBODY = "还没有说明单位。请先回复“我是某某局的”，再办理报送。"


def _told(ask: Ask) -> str:
    """Say how it is done instead; "" if nothing of the kind is wanted."""
    said, asker = ask.question.folded, ask.asker
    if asker.at_terminal and _WHO_AM_I.fullmatch(said):
        if asker.role is Role.STRANGER:
            return "还没有说明单位。回复“我是某某局的”即可换单位。"
        return f"您现在的身份：{title(asker.role, asker.department)}。"
    if asker.at_terminal and not asker.may_act and _REPORTS.fullmatch(said):
        return _NOBODY
    return next((words for asked, words in _WHERE if asked.fullmatch(said)), "")


def _is_there(asker: Asker) -> bool:
    return asker.at_terminal or not asker.may_act


AT_TERMINAL = Intent(
    name="at_terminal",
    example="",
    fits=lambda ask: _is_there(ask.asker) and bool(ask.once(_told)),
    answer=lambda ask: Answer(Reply(ask.once(_told)), ask.talk),
)
