"""Lists of several departments asked for at once, each by itself: 科协的妇联的都要."""

from msgspec.structs import replace

from handlers.apart import tell_each
from handlers.choose import IN_ROLE
from handlers.department_tasks import DEPARTMENT_TASKS
from handlers.intent import IN_PRIVATE, Answer, Ask, Intent
from handlers.loose_words import US
from handlers.loosely import list_wished
from handlers.phrases import Sign
from handlers.question import Question
from handlers.roles_named import each_in_role, groups_named, wishes_each, with_each


def _wishes(ask: Ask) -> tuple[Question, ...]:
    """Read the lists wished for, one for each that is named; () if it is one list."""
    question, own = ask.question, ask.asker.department
    ours = own and US.search(question.nameless)
    if len(question.departments) + bool(ours) < 2:
        return ()
    wish = ask.once(list_wished) or (question if DEPARTMENT_TASKS.fits(ask) else None)
    if wish is None or wish.without or wish.roles:
        return ()
    text, mentions = question.nameless, question.mentions
    groups = groups_named(text, mentions, ours=own)
    one = replace(wish, signs=wish.signs - {Sign.JOINT, Sign.US})
    if led := each_in_role(groups):
        plain = one.signs - {*IN_ROLE}
        return tuple(
            replace(one, departments=group.names, signs=plain | {group.role})
            for group in led
        )
    named = groups_named(text, [m for m in mentions if m.department != own], ours="")
    if with_each(text, named):
        signs = one.signs | {Sign.JOINT, Sign.US}
        return tuple(replace(one, departments=g.names, signs=signs) for g in named)
    if wishes_each(text, groups):
        names = dict.fromkeys(name for group in groups for name in group.names)
        return tuple(replace(one, departments=(name,)) for name in names)
    return ()


def _answer(ask: Ask) -> Answer:
    listed = tell_each(ask, ask.once(_wishes))
    return listed or DEPARTMENT_TASKS.answer(ask)


EACH_LIST = Intent(
    name="each_list",
    example="",
    in_groups=False,
    elsewhere=IN_PRIVATE,
    fits=lambda ask: bool(ask.once(_wishes)),
    answer=_answer,
)
