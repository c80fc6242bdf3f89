"""wechatpy in either version: 1.8.18 calls its module `enterprise`, 2.0.0a26 `work`."""

from wechatpy.exceptions import InvalidSignatureException, WeChatClientException

try:
    from wechatpy.work import WeChatClient, parse_message
    from wechatpy.work.crypto import WeChatCrypto
except ModuleNotFoundError:
    from wechatpy.enterprise import WeChatClient, parse_message
    from wechatpy.enterprise.crypto import WeChatCrypto

__all__ = [
    "InvalidSignatureException",
    "WeChatClient",
    "WeChatClientException",
    "WeChatCrypto",
    "parse_message",
]
