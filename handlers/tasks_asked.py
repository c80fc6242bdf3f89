"""Letters that ask for tasks or their owners: they tell nothing of a report."""

import re

from bot.chinese import fold
from handlers.courtesy import without_courtesies

ABOUT_REPORTING = re.compile("报|交|送|发.{0,4}了")
_WE = "(?:我们?|咱们?|俺们?|额们?|本)(?:[局委部办会镇](?!长)|单位|街道|工会)?"
_WITH = "(?:[跟和与同][^,。?不没非别]{1,8}?)?"
_ASKED_FOR = re.compile(
    "哪些|哪几[个项条家块样]|(?<!十)几[项条](?!都)|多少[项条]|归谁|还有谁|哪一?[条项](?!都)"
    "|谁(?:来|在|去|是)?(?:牵头|负责|管|配合|主办|参与|挑头|打头)"
    "|哪个?(?:单位|部门|局)|哪[个一]?家(?=牵头|负责|管|办)"
    "|牵头(?:的|了)?(?:任务|几|是哪|有哪|列)|列(?:一下|出来|个单)"
)
_OUR_LIST = re.compile(
    f"[跟和与同]?{_WE}{_WITH}(?:一起|共同|单独|独家)?(?:牵头|配合|负责|参与)?的?"
    "(?:全部|所有)?(?:任务|活儿?|一起的|共同的|(?<=[头合责与])的)(?:清单|列一下|有)?"
)


def asks_for_tasks(words: str) -> bool:
    """Tell whether words ask for tasks, or for whose they are, and speak of no report.

    A word against a nudge denies something, or names no list: 这不是我们的任务.
    """
    asked = fold(without_courtesies(words, is_known=True))
    if ABOUT_REPORTING.search(asked):
        return False
    return bool(_ASKED_FOR.search(asked) or _OUR_LIST.fullmatch(asked))
