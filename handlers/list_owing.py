"""A department asks what it still has to report."""

import re

from bot.messages import Reply
from bot.model import Role
from bot.reports.submissions import submissions_of
from handlers.act import Act, Doing
from handlers.submit_words import NOTHING_OWED, owing_list

_ASKS = re.compile(
    "待报(?:送)?(?:事项|清单|材料)?[。?]?|"
    "(?:我们?|本单位|我局|我单位|贵单位)?(?:单位)?(?:现在|目前)?还?(?:有|剩)?"
    "(?:哪些|什么|几项|多少项?)(?:材料|东西|报告|事项)?"
    "(?:还)?(?:没有?|未)(?:报|交|报送)(?:的|了)?(?:材料|事项)?[呢吗]?[。?]?"
)


def _fits(doing: Doing) -> bool:
    is_known = doing.person is not None and bool(doing.person.department)
    return is_known and _ASKS.fullmatch(doing.asked) is not None


async def _list(doing: Doing) -> Reply:
    assert doing.person, "only somebody whom we know comes here"
    some = await submissions_of(doing.session, [doing.person.department])
    if not some:
        return Reply(NOTHING_OWED)
    return owing_list(some, today=doing.at.date())


LIST_OWING = Act(
    name="list_owing",
    example="待报",
    role=Role.LIAISON,
    in_groups=False,
    fits=_fits,
    do=_list,
)
