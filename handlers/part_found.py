"""The tasks that a part of a long message is about, where all of it says too much."""

import re
from collections.abc import Sequence

from bot.model import Plan, Task
from bot.plans.finding.found import Found
from handlers.intent import Ask
from handlers.phrases import GAP, Sign

Hit = tuple[Found, Plan, Task]

_LONG = 12  # characters of a message in which a part alone may be the question
_OWNER = (Sign.WHO_LEADS, Sign.WHO_HELPS, Sign.LEAD, Sign.HELP_WITH)
_WHOSE = re.compile(
    "(?:归|由|轮到|属于)[^,。?]{1,8}?(?:管|搞|负责|干|办)"
    "|(?:谁|哪个|哪家|哪边)(?:来|在|去)?(?:负责|管|搞|弄|整|承担|办|抓)"
    "|(?:是不是|算不算|归不归)[^,。?]{1,10}?(?:搞|管|弄|办|负责)"
    "|哪(?:个|些|几个)?(?:单位|部门|局)|还是[^,。?]{1,8}?(?:管|搞|的事|的活)"
    "|(?:挑|打|领|带|牵)(?:着|个)?头|打配合|跟着干|搭把手|主角|[名头]下|头上|一家(?:搞|管|干|弄)"
)


def without_names(ask: Ask) -> str:
    """Blank the departments out of all that was asked, as a search reads it."""
    return ask.question.nameless.replace(GAP, " ")


def asks_for_owner(ask: Ask) -> bool:
    """Tell whether a message asks whose a task is, or who has which part in it."""
    return ask.question.has(*_OWNER) or bool(_WHOSE.search(ask.question.folded))


def found_in_part(ask: Ask) -> Sequence[Hit]:
    """Find the tasks that a part of a long message is surely about, the best first.

    Several only where nothing tells which of them it is; none in a short message.
    """
    return ask.once(_found)


def _found(ask: Ask) -> Sequence[Hit]:
    message = without_names(ask)
    if len(message) < _LONG:
        return ()
    of_a_task = ask.question.has(Sign.WHERE_IN) or asks_for_owner(ask)
    found = ask.shelf.search_part(message, ask.plans, asks_for_owner=of_a_task)
    return as_tasks(ask, found)


def as_tasks(ask: Ask, found: Sequence[Found]) -> list[Hit]:
    """Return the tasks that were *found*, in that order, each with its plan.

    One that is no longer in force is left out.
    """
    tasks = [(hit, ask.task(hit.id)) for hit in found]
    return [(hit, ask.plan_of(task), task) for hit, task in tasks if task]
