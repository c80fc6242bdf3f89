"""Why a message did not get through, in Chinese: the log's words for the office."""

import re

_REASONS = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        ("its sender was gone", "发送途中程序中断，不知道对方收到没有"),
        ("process died while answering", "处理途中程序中断"),
        ("a part before it", "前一段没有送达，后面的不再发"),
        ("the lease had run out", "发送权已过期，没有发出"),
        ("file is larger", "附件太大，平台不收"),
        ("file cannot be read", "附件读不出来，可能已被删除"),
        ("NotReached|ConnectorError|ConnectionRefused", "连不上平台，请查网络和代理"),
        ("Flooded|RetryAfter|too many requests|429", "平台限制发送频率，请稍后"),
        ("InvalidToken|EndPointNotFound|401|unauthorized", "令牌或服务器地址不对"),
        ("Conflict|409", "另有程序在用同一个令牌"),
        ("blocked by the user", "对方拉黑了机器人"),
        ("user is deactivated|deactivated", "对方账号已停用"),
        ("kicked|not a member", "机器人已被移出群"),
        (
            r"rights to send (?!a message|(text )?message)|send_(?!plain)\w+_forbidden",
            "群里不许机器人发附件，正文不受影响，请群主放开",
        ),
        (
            "rights|(write|plain)_forbidden|restricted|write access",
            "机器人在群里没有发言权",
        ),
        ("ChatMigrated|migrated", "群已换号"),
        (
            "(chat|user) not found|peer_id_invalid",
            "会话不存在，或对方没有先给机器人发过消息",
        ),
        ("Forbidden|403", "平台不许向对方发送"),
        ("can't parse|too long|BadRequest|400", "平台不接受这条消息的内容"),
        ("no address of|no request of", "地址或内容不属于这个通道"),
        ("StoreError|OperationalError", "数据库没有存下"),
        ("Time(d ?)?Out|TimeoutError|ReadTimeout", "没有等到答复，已超时"),
        ("NetworkError|Unanswered|Disconnected|no answer", "没有收到平台的答复"),
    )
)
_HAN = re.compile("[\u4e00-\u9fff]")
_SHOWN = 40  # characters of the log's own words, where nothing explains them


def explained(error: str) -> str:
    """Say in Chinese what *error* means; what is Chinese, or "", stays as it is.

    Of what we do not know the beginning is quoted, for whoever looks after the bot.
    """
    words = " ".join(error.split())
    if not words or _HAN.search(words):
        return words
    found = next((said for pattern, said in _REASONS if pattern.search(words)), "")
    if found:
        return found
    rest = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
    return f"程序出错，请交管理员（{rest}）"
