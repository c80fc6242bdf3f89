"""Which tasks fit every condition of a question: whose, in which role, where."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from bot.facts import Owner, OwnerRole, Section
from bot.model import Plan, Task
from handlers.intent import Ask
from handlers.open_plans import OpenPlans
from handlers.phrases import Sign
from handlers.signs import ASKS_AMOUNT

Pairs = list[tuple[Plan, Task]]

IN_ROLE = (Sign.LEAD, Sign.HELP_WITH, Sign.NOT_LEADING, Sign.NOT_OURS)


def _any_role(owner: Owner) -> bool:
    return True


def own_tie(
    ask: Ask,
    task: Task,
    department: str,
    *,
    fits: Callable[[Owner], bool] = _any_role,
) -> Owner | None:
    """Return the owner that *fits* by whose name a department is tied to a task.

    A task with several annotations may name a department more than once.
    """
    owners = ask.opened.once_for(_tied, department).get(task.id, ())
    return next(filter(fits, owners), None)


def _with(
    ask: Ask, pairs: Pairs, department: str, fits: Callable[[Owner], bool]
) -> Pairs:
    """Keep the tasks of which `own_tie` finds an owner."""
    tied = ask.opened.once_for(_tied, department)
    return [pair for pair in pairs if any(map(fits, tied.get(pair[1].id, ())))]


def _tied(opened: OpenPlans, department: str) -> dict[int, list[Owner]]:
    """Return the owners of each task by whose name a department is tied to it."""
    same = opened.directory.same
    alike = {name for name in opened.departments if same(name, department)}
    tied: dict[int, list[Owner]] = {}
    for _, task in opened.tasks.values():
        for owner in task.owners:
            is_one = owner.role is not OwnerRole.COLLECTIVE
            if owner.department == department or (is_one and owner.department in alike):
                tied.setdefault(task.id, []).append(owner)
    return tied


def is_lead(owner: Owner) -> bool:
    """Tell whether an owner leads."""
    return owner.leads


_BY_NATURE = ("街道", "镇", "乡")


def _is_township(name: str) -> bool:
    bare = name.removesuffix("办事处").removesuffix("人民政府").removesuffix("政府")
    return bare.endswith(_BY_NATURE)


def _is_of_townships(collective: str) -> bool:
    return any(word in collective for word in _BY_NATURE)


def collectives_of(task: Task, department: str) -> list[str]:
    """List the collectives of a task that may take in a department by their nature.

    各镇街道 is no word for a 局, nor 各成员单位 for a 街道 unless the roster says so.
    """
    township = _is_township(department)
    return [
        owner.department
        for owner in task.owners
        if owner.role is OwnerRole.COLLECTIVE
        and township == _is_of_townships(owner.department)
    ]


def shared_note(task: Task, department: str) -> str:
    """Note that a task has a collective that may take in a department."""
    names = collectives_of(task, department)
    if not names:
        return ""
    return f"（另有“{names[0]}”参与，是否包括以办公室名册为准）"


def collective_tie(ask: Ask, task: Task, department: str) -> Owner | None:
    """Return the collective through which a department shares in a task, else None."""
    shared = ask.opened.once_for(_shared_by, department)
    for owner in task.owners:
        if owner.role is OwnerRole.COLLECTIVE and owner.department in shared:
            return owner
    return None


def _shared_by(opened: OpenPlans, department: str) -> frozenset[str]:
    """Return the collectives of the plans that take a department in."""
    members, same = opened.directory.members, opened.directory.same
    township = _is_township(department)
    return frozenset(
        name
        for name in opened.collectives
        if any(same(member, department) for member in members(name))
        or (township and _is_of_townships(name) and not members(name))
    )


def asked_departments(ask: Ask) -> tuple[str, ...]:
    """List the departments that a question is about, the asker's own for 我们."""
    question = ask.question
    if question.has(Sign.ANYONE):
        return ()
    with_us = question.has(Sign.JOINT) and len(question.departments) == 1
    in_role = question.has(*IN_ROLE)
    in_role = in_role and not question.departments
    ours = question.has(Sign.US) or with_us or in_role
    us = (ask.asker.department,) if ours else ()
    named = question.departments
    if us and _is_township(us[0]):  # 我们街道 is no wish for 各镇街道
        named = tuple(n for n in named if not ask.departments.is_collective(n))
    return tuple(dict.fromkeys(name for name in (*us, *named) if name))


def all_tasks(ask: Ask) -> Pairs:
    """List every task at hand, plan by plan."""
    return [(plan, task) for plan in ask.plans for task in plan.tasks]


def in_sections(ask: Ask, pairs: Pairs) -> Pairs:
    """Keep the tasks of the sections that the question names; all if it names none."""
    named, apart = ask.question.sections, ask.question.apart
    if not (named or apart):
        return pairs
    return [
        (plan, task)
        for plan, task in pairs
        if (not named or _is_in(task, named)) and not _is_in(task, apart)
    ]


def _is_in(task: Task, sections: Sequence[Section]) -> bool:
    """Tell whether a task stands in one of *sections*."""
    return any(task.section_path[: len(one.path)] == one.path for one in sections)


def _role_filter(ask: Ask, signs: AbstractSet[Sign | None]) -> Callable[[Owner], bool]:
    if Sign.NOT_LEADING in signs:
        return lambda owner: not owner.leads
    if Sign.LEAD in signs and Sign.HELP_WITH not in signs:
        return is_lead
    if Sign.HELP_WITH in signs and Sign.LEAD not in signs:
        if _names_helpers(ask):
            return lambda owner: owner.role is OwnerRole.HELPER
        return lambda owner: not owner.leads
    return _any_role


def _names_helpers(ask: Ask) -> bool:
    """Tell whether the plans tell helpers from those who carry a task."""
    return any(
        owner.role is OwnerRole.HELPER
        for _, task in all_tasks(ask)
        for owner in task.owners
    )


def chosen(ask: Ask) -> Pairs:
    """List the tasks that fit every condition of the question, in document order."""
    pairs = in_sections(ask, all_tasks(ask))
    roles = {name: {role} - {None} for name, role in ask.question.roles}
    for department in asked_departments(ask):
        fits = _role_filter(ask, roles.get(department, ask.question.signs))
        if ask.question.has(Sign.NOT_OURS):
            pairs = [pair for pair in pairs if not own_tie(ask, pair[1], department)]
            continue
        pairs = _with(ask, pairs, department, fits)
    for department in ask.question.without:
        pairs = [pair for pair in pairs if not own_tie(ask, pair[1], department)]
    if ask.question.has(Sign.SOLE):
        leads_only, together = ask.question.has(Sign.LEAD), len(asked_departments(ask))
        pairs = [
            (plan, task)
            for plan, task in pairs
            if len(task.leads if leads_only else task.owners) == max(together, 1)
        ]
    if ask.question.has(*ASKS_AMOUNT):
        pairs = [(plan, task) for plan, task in pairs if task.measures]
    return pairs


def no_lead_known(ask: Ask) -> bool:
    """Tell whether the plans at hand name no lead department at all."""
    return not any(task.leads for _, task in all_tasks(ask))
