"""Lists of several departments told apart, and in which role each list is meant."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec.structs import replace

from handlers.choose import IN_ROLE, Pairs, asked_departments, chosen, no_lead_known
from handlers.intent import Answer, Ask
from handlers.phrases import Sign
from handlers.question import Question
from handlers.show import heard, numbering, show_list, where

_TOLD = {
    Sign.LEAD: "牵头",
    Sign.HELP_WITH: "参与配合",
    Sign.NOT_LEADING: "参与",
    None: "列名",
}


def role_word(ask: Ask) -> str:
    """Say in which role the tasks of a list are meant."""
    if ask.question.has(Sign.NOT_OURS):
        return "未列该单位的"
    if ask.question.has(Sign.SOLE):
        return "只列一家的"
    if ask.question.has(Sign.NOT_LEADING):
        known = not no_lead_known(ask)
        return "不由其牵头的" if known else "列为责任单位（未标注牵头单位）的"
    if ask.question.has(Sign.LEAD) and not ask.question.has(Sign.HELP_WITH):
        return "牵头（含独家负责）的"
    if ask.question.has(Sign.HELP_WITH) and not ask.question.has(Sign.LEAD):
        return "参与配合的"
    return "列为责任单位的" if no_lead_known(ask) else "牵头或参与的"


def roles_told_apart(ask: Ask, who: Sequence[str]) -> str:
    """Say which of *who* has which role: 县委宣传部牵头、各镇街道列名."""
    roles = dict(ask.question.roles)
    leads_first = sorted(who, key=lambda name: roles.get(name) is not Sign.LEAD)
    return "、".join(f"{name}{_TOLD[roles.get(name)]}" for name in leads_first)


def tell_each(
    ask: Ask, questions: Iterable[Question], *, note: str = ""
) -> Answer | None:
    """Answer several wishes for lists with one list, and say which numbers are whose.

    A task that is wished for more than once has one number. None if there are none.
    """
    every: Pairs = []
    told = []
    for question in questions:
        one = _as_known(ask.about(question))
        pairs = chosen(one)
        known = {task.id for _, task in every}
        every += [pair for pair in pairs if pair[1].id not in known]
        numbers = {task.id: place for place, (_, task) in enumerate(every, start=1)}
        told.append(_told(one, sorted(numbers[task.id] for _, task in pairs)))
    if not every:
        return None
    count = f"共 {len(every)} 项{numbering(every)}"
    head = f"{heard(ask)}{where(ask)}中{note}{'；'.join(told)}。合起来{count}："
    return show_list(ask, head, every)


def _as_known(ask: Ask) -> Ask:
    """Ask for no leads where the plans name none."""
    if not (ask.question.has(*IN_ROLE) and no_lead_known(ask)):
        return ask
    signs = ask.question.signs - {*IN_ROLE} | {Sign.NOT_LEADING}
    return ask.about(replace(ask.question, signs=signs))


def _told(ask: Ask, numbers: Sequence[int]) -> str:
    who = asked_departments(ask)
    subject = "、".join(who) + ("共同" if len(who) > 1 else "")
    if not numbers:
        return f"{subject}{role_word(ask)}没有"
    return f"{subject}{role_word(ask)} {len(numbers)} 项（第 {_ranges(numbers)} 项）"


def _ranges(numbers: Sequence[int]) -> str:
    """Write 1、2、3、5 as 1—3、5."""
    runs = groupby(enumerate(numbers), key=lambda one: one[1] - one[0])
    ends = [[number for _, number in run] for _, run in runs]
    return "、".join(
        f"{run[0]}—{run[-1]}" if len(run) > 1 else str(run[0]) for run in ends
    )
