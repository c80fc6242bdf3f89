"""What a document says once about the order of names: the first of them leads."""

import re
from collections.abc import Iterable

from bot.plans.reading.script import simplified

_RULE = re.compile(
    r"(?:(?:列|排|居|位|署名)[^，。；]{0,4}(?:第一|首|最前|在前)|首位|第一个|首个|第一责任)"
    r"[^，。；]{0,8}(?:为|是|即|作为)[^，。；]{0,4}(?:牵头|主责|主办|总负责|第一责任)"
)
_BRACKETED = re.compile(r"[（(〔【][^（）()〔〕【】]*[）)〕】]")
_FOR_ALL = re.compile(r"下同|均同|以下|下列|各项|所有|注\s*[：:]")


def rules_first(text: str) -> bool:
    """Say whether *text* lays down that the first name of a list leads."""
    return _RULE.search(simplified(text)) is not None


def rules_outside(texts: Iterable[str]) -> bool:
    """Say whether a sentence outside brackets lays it down: 注：首位为牵头单位."""
    return any(rules_first(_BRACKETED.sub("", text)) for text in texts)


def rules_for_all(texts: Iterable[str]) -> bool:
    """Say whether the rule holds for annotations that follow (…牵头单位，下同)."""
    return any(rules_first(text) and _FOR_ALL.search(text) for text in texts)
