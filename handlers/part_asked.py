"""What a long message wants to know of the task that a part of it is about."""

import re

from msgspec.structs import replace

from bot.chinese import fold
from bot.model import Task
from handlers.choose import asked_departments, is_lead, own_tie, shared_note
from handlers.fact_kinds import kind_asked
from handlers.intent import Answer, Ask, Intent
from handlers.loosely import is_list_wished
from handlers.part_found import asks_for_owner, found_in_part
from handlers.phrases import Sign
from handlers.show import show_list
from handlers.signs import ASKS_AMOUNT, ASKS_WHEN
from handlers.tell_task import detail, owners, told

_COUNTED = re.compile("任务|(?:多少|几)[项条]")
_TALE = 20  # characters, of which some are rather told by the way
_MOST = 4  # tasks among which is asked back


def answer_part(ask: Ask) -> Answer | None:
    """Answer about the task that a part of a long message is about, None if none is.

    Of several that it may be, that of the departments named is meant.
    """
    tasks = [task for _, _, task in found_in_part(ask)]
    if len(tasks) > 1:
        who = asked_departments(ask)
        tied = [task for task in tasks if all(own_tie(ask, task, one) for one in who)]
        tasks = tied if len(tied) == 1 else tasks
    if len(tasks) == 1:
        return _told(ask, tasks[0])
    if not tasks:
        return None
    pairs = [(ask.plan_of(task), task) for task in tasks[:_MOST]]
    return show_list(ask, "文件中有几项任务相近，请回复序号看是哪一项：", pairs)


def _told(ask: Ask, task: Task) -> Answer:
    """Tell the one fact asked for, or all of the task where several are asked for."""
    whose, question = asks_for_owner(ask), ask.question
    amount = question.has(*ASKS_AMOUNT, Sign.COUNT)
    if whose + question.has(*ASKS_WHEN) + amount + _tells_kind(ask, task) > 1:
        answer = detail(ask, ask.plan_of(task), task)
    elif whose:
        answer = owners(ask, task)
    else:
        answer = told(ask, task)
    if not answer.reply.tasks:
        answer = detail(ask, ask.plan_of(task), task)
    answer = _with_roles(ask, task, answer) if whose else answer
    talk = replace(answer.talk, asked=question.words, shown=())
    return replace(answer, talk=talk)


def _tells_kind(ask: Ask, task: Task) -> bool:
    """Tell whether a task tells a kind of fact asked for that plans seldom tell."""
    kind = kind_asked(ask.question.folded)
    tells = kind.tells if kind else None
    return bool(tells and tells.search(fold(task.body)))


def tell_roles(ask: Ask, task: Task) -> Answer:
    """Tell whose a task is, first of those departments that a question names."""
    return _with_roles(ask, task, owners(ask, task))


def _with_roles(ask: Ask, task: Task, answer: Answer) -> Answer:
    roles = [_role(ask, task, name) for name in asked_departments(ask)]
    roles += [f"文件没有点名{name}。" for name in ask.question.strangers]
    text = "\n".join([*roles, answer.reply.text])
    return replace(answer, reply=replace(answer.reply, text=text))


def _role(ask: Ask, task: Task, name: str) -> str:
    """Say which part a department has in a task, so that a wrong belief is mended."""
    lead = own_tie(ask, task, name, fits=is_lead)
    tie = lead or own_tie(ask, task, name)
    if tie is None:
        return f"该项任务未列{name}{shared_note(task, name)}。"
    if lead or not task.leads:
        return f"{name}：{tie.relation}。"
    return f"{name}：{tie.relation}，不是牵头。"


def _fits(ask: Ask) -> bool:
    """Tell whether the owner of one task is asked for in a long message."""
    question = ask.question
    if question.clause or (question.ordinal is not None and ask.talk.shown):
        return False
    if question.has(Sign.SOLE) or not asks_for_owner(ask):
        return False
    if len(question.folded) < _TALE or is_list_wished(ask):
        return False
    if question.has(Sign.COUNT) and _COUNTED.search(question.folded):
        return False
    return bool(found_in_part(ask))


def _answer(ask: Ask) -> Answer:
    answer = answer_part(ask)
    assert answer is not None, "the intent fits only where a task is found"
    return answer


OWNER_OF_PART = Intent(name="owner_of_part", example="", fits=_fits, answer=_answer)
