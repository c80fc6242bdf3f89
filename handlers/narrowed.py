"""The list just shown, narrowed: 重点工程的留下, 只留牵头的, 2027年6月底前的有哪些."""

import re

from msgspec.structs import replace

from bot.messages import Reply
from handlers.choose import IN_ROLE, Pairs, chosen
from handlers.due_tasks import ends_of, left_of_time, span_named
from handlers.intent import IN_PRIVATE, Answer, Ask, Intent
from handlers.loose_words import NO_LIST, US, left_beside, roles_in
from handlers.loosely import left_out, names_topic
from handlers.parts_meant import parts_meant, says_little
from handlers.phrases import Sign, as_gap
from handlers.question import Question, read_question
from handlers.show import numbering, show_list
from handlers.signs import ASKS_WHO

_LONGEST = 24  # characters of a message that only narrows
_DROPS = re.compile("[剔删]|去[掉除](?=$|[,。])")
_ANEW = re.compile("^(?:那|换)")
_NARROWS = re.compile(
    "[剔删]|去[掉除]|只[留要看列]|留下|剩|单独列|里[面头边]|其中|^有|^带"
    r"|^(?:到|在)?\d{4}年"
)
_OTHERS = re.compile("其[余他]的?(?:都|就|先)*(?:不要|删掉|去掉|不看)?|再列一?遍|出去")
_SAME_DEPARTMENT = (Sign.LEAD, Sign.NOT_LEADING, Sign.HELP_WITH)


def _wish(ask: Ask) -> Question | None:
    """Read by what the list is narrowed; None if by nothing that we know."""
    question, text = ask.question, ask.question.nameless
    several = len(ask.talk.shown) > 1 and len(question.folded) <= _LONGEST
    if not (several and _NARROWS.search(text)) or _ANEW.search(text):
        return None
    asks_else = NO_LIST.search(text) or question.has(*ASKS_WHO, Sign.REPORT)
    if asks_else or question.strangers:
        return None
    parts, without = ask.once(parts_meant), left_out(ask, text)
    named = tuple(one for one in question.departments if one not in without)
    roles = roles_in(_OTHERS.sub("", text)) & {*_SAME_DEPARTMENT}
    ours = {Sign.US} if US.search(text) else set()
    by = parts.wanted or parts.out or named or without or roles or ours
    if not (by or span_named(ask)) or not _says_no_more(ask):
        return None
    if roles and not (named or ours):
        named, ours = _spoken_of(ask)
    found = replace(question, signs=frozenset(roles | ours | {Sign.LIST}), topic="")
    found = replace(found, departments=named, without=without)
    return replace(found, sections=parts.wanted, apart=parts.out)


def _says_no_more(ask: Ask) -> bool:
    """Tell whether a message says hardly anything beside what narrows."""
    text = ask.once(left_of_time)[0]
    for way in (_OTHERS, _NARROWS):
        text = way.sub(as_gap, text)
    left = left_beside(text)
    return says_little(left) and not names_topic(ask, left)


def _spoken_of(ask: Ask) -> tuple[tuple[str, ...], set[Sign]]:
    """Return the departments whose list was shown last; ours if none was named."""
    earlier = read_question(ask.talk.asked, ask.opened, ours=ask.asker.department)
    named = earlier.departments
    return named, set() if named else {Sign.US}


def _narrowed(ask: Ask) -> Pairs:
    """List the tasks just shown that fit, or those that do not if such are dropped."""
    question = ask.once(_wish)
    assert question is not None, "the intent fits only where a list is narrowed"
    span = span_named(ask)
    fitting = {
        task.id
        for _, task in chosen(ask.about(question))
        if not span or any(span.first <= end <= span.last for end, _ in ends_of(task))
    }
    drops = question.has(*IN_ROLE) and _DROPS.search(_OTHERS.sub("", question.nameless))
    shown = [ask.opened.tasks[one] for one in ask.talk.shown if ask.task(one)]
    return [one for one in shown if (one[1].id in fitting) != bool(drops)]


def _answer(ask: Ask) -> Answer:
    """Show what is left of the list, and say of how many tasks."""
    pairs, before = _narrowed(ask), len(ask.talk.shown)
    if not pairs:
        return Answer(Reply(f"刚才的 {before} 项中没有符合的任务。"), ask.talk)
    head = f"刚才的 {before} 项中符合的共 {len(pairs)} 项{numbering(pairs)}："
    return show_list(ask, head, pairs)


NARROWED = Intent(
    name="narrowed",
    example="",
    in_groups=False,
    elsewhere=IN_PRIVATE,
    fits=lambda ask: ask.once(_wish) is not None,
    answer=_answer,
)
