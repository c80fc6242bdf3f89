"""What people call the chat products."""

_WORDS = {
    "telegram": "Telegram",
    "wecom_app": "企业微信应用",
    "wecom_bot": "企业微信机器人",
    "wecom_hook": "群机器人",
    "wecom_appchat": "企业微信应用群",
    "console": "终端",
}


def lane_words(lane: str) -> str:
    """Call a lane as people do; one of another make by its own name."""
    return _WORDS.get(lane, lane)
