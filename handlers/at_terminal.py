"""What cannot be done at the terminal, where nobody is bound: 登记群, 发绑定码."""

import re

from bot.messages import Reply
from handlers.intent import Answer, Ask, Intent

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
        re.compile(
            "(?:我要|我想|请|怎么|如何)?(?:绑定|换绑|改绑|解绑|取消绑定)[^?]{0,20}"
        ),
        "终端里不用绑定：回复“我是某某局的”即可换单位。"
        "聊天软件里的账号由本人私聊机器人发送绑定码来绑定。",
    ),
)


def _told(ask: Ask) -> str:
    """Say how it is done instead; "" if nothing of the kind is wanted."""
    said = ask.question.folded
    return next((words for asked, words in _WHERE if asked.fullmatch(said)), "")


AT_TERMINAL = Intent(
    name="at_terminal",
    example="",
    fits=lambda ask: not ask.asker.may_act and bool(ask.once(_told)),
    answer=lambda ask: Answer(Reply(ask.once(_told)), ask.talk),
)
