"""What the platform says no to: an errcode, with HTTP 200 all the same."""

from typing import Any

WORDS = {
    40001: "invalid credential",
    40004: "invalid media type",
    40006: "invalid file size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40050: "chatid is not exist",
    40056: "invalid agentid",
    40058: "invalid Request Parameter",
    41001: "access_token missing",
    42001: "access_token expired",
    42014: "invalid task_id",
    42016: "task_id to update is not exist",
    42018: "invalid button key",
    42019: "missing button key",
    42020: "missing button name",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "api freq out of limit",
    47001: "data format error",
    60011: "no privilege to access/modify contact/party/agent",
    60111: "userid not found",
    81013: "user & party & tag all invalid",
    86003: "chatid is not exist",
    86006: "invalid number of chat members",
    86007: "invalid chat member",
    86008: "not the creator of the chat",
    86215: "chatid existed",
    93000: "invalid webhook url",
    93004: "robot is disabled",
    93006: "invalid chatid",
    93008: "robot is not in the group",
    301002: "not allow operate another agent with this accesstoken",
    600039: "device type not supported",
    846605: "invalid req_id",
    846608: "stream message update expired",
    846609: "not subscribed",
    853000: "invalid bot_id or secret",
}


class Refusal(Exception):
    """A business error; *more* are further fields of the answer."""

    def __init__(self, errcode: int, why: str = "", **more: Any) -> None:
        words = WORDS.get(errcode, "error")
        super().__init__(f"{words}: {why}" if why else words)
        self.errcode, self.more = errcode, more

    @property
    def answer(self) -> dict[str, Any]:
        return {"errcode": self.errcode, "errmsg": str(self), **self.more}


def cut(text: str, limit: int) -> str:
    """Cut off what is beyond *limit* bytes, in silence; half a character goes too."""
    return text.encode()[:limit].decode(errors="ignore")


def byte_length(text: str) -> int:
    return len(text.encode())


def field_of(body: dict[str, Any], name: str, kind: type = str) -> Any:
    """Return a field; 40058 if it is of another kind, 40058 if it is missing."""
    value = body.get(name)
    if not isinstance(value, kind):
        raise Refusal(40058, f"{name} is missing or of a wrong type")
    return value
