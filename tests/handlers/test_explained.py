"""Why a message did not get through, in the office's language."""

import re

import pytest

from bot.mail.ledger import HOLDER_LOST
from bot.mail.parts import PART_LOST
from handlers.explained import explained


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (HOLDER_LOST, "程序中断"),
        (PART_LOST, "前一段没有送达"),
        ("NotReached: the server was not reached: ClientConnectorError", "连不上平台"),
        ("TimedOut: no answer in time: SocketTimeoutError", "已超时"),
        ("NetworkError: no answer: ServerDisconnectedError", "没有收到平台的答复"),
        ("Forbidden: Forbidden: bot was blocked by the user", "拉黑"),
        ("Forbidden: Forbidden: bot was kicked from the group chat", "移出群"),
        ("BadRequest: Chat not found", "会话不存在"),
        ("BadRequest: message is too long", "不接受这条消息"),
        ("Flooded: too many requests, wait 7 s", "限制发送频率"),
        ("InvalidToken: Unauthorized", "令牌"),
        ("Refused: not enough rights to send photos to the chat", "不许机器人发附件"),
        ("Refused: CHAT_SEND_DOCS_FORBIDDEN", "不许机器人发附件"),
        ("Refused: not enough rights to send text messages", "没有发言权"),
        ("Refused: CHAT_SEND_PLAIN_FORBIDDEN", "没有发言权"),
        ("the file is larger than 50 MB", "附件太大"),
        ("由王工决定不再发", "由王工决定不再发"),
        ("KeyError: 'x'", "程序出错，请交管理员（KeyError: 'x'）"),
        ("", ""),
    ],
)
def test_a_reason_is_told_in_chinese(error: str, words: str) -> None:
    told = explained(error)

    assert words in told
    assert not error or re.search("[\u4e00-\u9fff]", told)
