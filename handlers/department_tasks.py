"""The tasks of a department, ours or another, alone or shared."""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.departments import Certainty, Mention
from bot.messages import Button, Reply
from handlers.apart import role_word, roles_told_apart, tell_each
from handlers.choose import (
    IN_ROLE,
    Pairs,
    all_tasks,
    asked_departments,
    chosen,
    collective_tie,
    collectives_of,
    in_sections,
    is_lead,
    no_lead_known,
    own_tie,
)
from handlers.intent import IN_PRIVATE, Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.quote import owners_line
from handlers.show import heard, numbering, show_figures, show_list, where
from handlers.signs import ASKS_AMOUNT, ASKS_WHO

_WANTS_LIST = (
    Sign.LIST,
    Sign.COUNT,
    Sign.LEAD,
    Sign.HELP_WITH,
    Sign.NOT_LEADING,
    Sign.CARRY,
    Sign.FIGURES,
    Sign.JOINT,
    Sign.DETAIL,
    Sign.NOT_OURS,
    Sign.SOLE,
)

_SEVERAL = 2
# Who takes part in one task alone wants to know with whom.
_OF_OTHERS = (Sign.WHO, Sign.JOINT, Sign.HELP_WITH, Sign.NOT_LEADING)

_MISTAKES = frozenset((Certainty.SOUND, Certainty.TYPO))


def _led_by_others(ask: Ask, department: str) -> Pairs:
    """List what others lead, for one who takes part in nothing without leading it."""
    every = in_sections(ask, all_tasks(ask))
    return [one for one in every if not own_tie(ask, one[1], department, fits=is_lead)]


def _section_words(ask: Ask) -> str:
    titles = "、".join(section.title for section in ask.question.sections)
    apart = "、".join(section.title for section in ask.question.apart)
    within = f"“{titles}”部分" if titles else ""
    return f"{within}（不含“{apart}”）" if apart else within


def _role_and_without(ask: Ask) -> str:
    """Say in which role, and without whom: 牵头、没有县科协的."""
    names = "、".join(ask.question.without)
    role = role_word(ask)
    return f"{role.removesuffix('的')}、没有{names}的" if names else role


def answer_departments(ask: Ask) -> Answer:
    """List the tasks of the departments asked about, and say in which role."""
    who = asked_departments(ask)
    if _is_of_anyone(ask):
        return _of_anyone(ask)
    if not who:
        return Answer(
            Reply(
                "我还不知道您是哪个单位。请直接问“县应急局有哪些任务”这样的问题，"
                "或请办公室为您绑定单位。"
            ),
            ask.talk,
        )
    pairs = chosen(ask)
    if ask.question.has(Sign.LEAD) and no_lead_known(ask):
        return _no_lead(ask, who)
    if not pairs and ask.question.has(Sign.NOT_LEADING) and len(who) == 1:
        pairs = _led_by_others(ask, who[0])
    if not pairs:
        return _each_alone(ask, who) or _none_for(ask, who)
    if _names_both(ask) and len(who) == 1:
        pairs.sort(key=lambda one: not own_tie(ask, one[1], who[0], fits=is_lead))
    subject = "、".join(who) + _written_as(ask, pairs, who)
    subject += "共同" if len(who) > 1 else ""
    section = _section_words(ask)
    if ask.question.has(*ASKS_AMOUNT):
        return show_figures(ask, f"{subject}在{where(ask)}{section}中的", pairs)
    whose = f"{subject}在{where(ask)}{section}中{_role_and_without(ask)}"
    if ask.question.roles:
        whose = f"{where(ask)}{section}中{roles_told_apart(ask, who)}的"
    head = (
        f"{_understood(ask)}{whose}任务"
        f"共 {len(pairs)} 项{numbering(pairs)}{_roles_told(ask, pairs, who)}："
    )
    listed = show_list(ask, head, pairs)
    if len(pairs) == 1 and ask.question.has(*_OF_OTHERS):
        text = f"{listed.reply.text}\n{owners_line(pairs[0][1])}"
        listed = replace(listed, reply=replace(listed.reply, text=text))
    return _or_not(ask, listed)


def _is_of_anyone(ask: Ask) -> bool:
    """Tell whether nobody's tasks in particular are asked for: 两家一起牵头的."""
    question = ask.question
    shared = question.has(Sign.JOINT) and question.has(Sign.LEAD)
    of_nobody = not (question.departments or question.has(Sign.US))
    return question.has(Sign.ANYONE) or (shared and of_nobody)


def _of_anyone(ask: Ask) -> Answer:
    """List tasks whosesoever they are: 两家一起牵头的, 全县一家单干的."""
    signs = ask.question.signs | {Sign.ANYONE}
    pairs = chosen(ask.about(replace(ask.question, signs=signs)))
    role = _role_and_without(ask)
    if ask.question.has(Sign.JOINT) and ask.question.has(Sign.LEAD):
        pairs = [(plan, task) for plan, task in pairs if len(task.leads) > 1]
        role = "由几家共同牵头的"
    whole = f"{where(ask)}{_section_words(ask)}中"
    head = f"{whole}{role}任务共 {len(pairs)} 项{numbering(pairs)}："
    if not pairs:
        return Answer(Reply(f"{whole}没有{role}任务。"), ask.talk)
    return show_list(ask, head, pairs)


def _each_alone(ask: Ask, who: Sequence[str]) -> Answer | None:
    """List the tasks of each where several have none together, and it was not asked."""
    question = ask.question
    of_one = len(who) < _SEVERAL or question.roles or "还是" in question.folded
    if of_one or question.has(Sign.JOINT, Sign.NOT_OURS):
        return None
    signs = question.signs - {Sign.US}
    each = [replace(question, departments=(name,), signs=signs) for name in who]
    return tell_each(ask, each, note="没有几家共同的任务，")


def _unsure(ask: Ask) -> list[Mention]:
    """List the departments known by a sound or a slip in Chinese writing: 文驴局.

    Letters are typed on purpose: wenlvju is no mistake.
    """
    return [
        mention
        for mention in ask.question.mentions
        if mention.certainty in _MISTAKES and not mention.written.isascii()
    ]


def _understood(ask: Ask) -> str:
    """Ask whether the department is meant, or say how its name was understood."""
    unsure = [mention.department for mention in _unsure(ask)]
    return f"您是否想查“{'”“'.join(unsure)}”？" if unsure else heard(ask)


def _or_not(ask: Ask, listed: Answer) -> Answer:
    """Let the department be denied, with the list at once: it costs no turn.

    A plain 是 asks again with the name in its right spelling.
    """
    unsure = _unsure(ask)
    if not unsure:
        return listed
    meant = ask.question.folded
    for mention in unsure:
        meant = meant.replace(mention.written, mention.department)
    buttons = (*listed.reply.buttons, Button("不是", "不是"))
    return Answer(
        replace(listed.reply, buttons=buttons), replace(listed.talk, offered=meant)
    )


def _written_as(ask: Ask, pairs: Pairs, who: Sequence[str]) -> str:
    """Note the document's own spelling where the asker's name is another."""
    tie = own_tie(ask, pairs[0][1], who[0]) if len(who) == 1 else None
    if tie is None or tie.department == who[0]:
        return ""
    return f"（文件原文写作“{tie.department}”）"


def _names_both(ask: Ask) -> bool:
    """Tell whether what is led and what is joined in are both named."""
    return ask.question.signs >= {Sign.LEAD, Sign.HELP_WITH}


def _leads_any(ask: Ask, department: str) -> bool:
    return any(own_tie(ask, one, department, fits=is_lead) for _, one in all_tasks(ask))


def _roles_told(ask: Ask, pairs: Pairs, who: Sequence[str]) -> str:
    """Say of how many tasks a department has the lead, where the plan tells."""
    if len(who) != 1 or no_lead_known(ask):
        return ""
    if ask.question.has(Sign.NOT_LEADING) and not _leads_any(ask, who[0]):
        return "，没有由其牵头的任务"
    if ask.question.has(*IN_ROLE) and not _names_both(ask):
        return ""
    leads = sum(1 for _, t in pairs if own_tie(ask, t, who[0], fits=is_lead))
    joins = len(pairs) - leads
    if not (leads and joins):
        return "，均为牵头" if leads else "，均非牵头"
    first = "（列在前面）" if _names_both(ask) else ""
    return f"，其中牵头（含独家负责）{leads} 项{first}、参与 {joins} 项"


def _no_lead(ask: Ask, who: Sequence[str]) -> Answer:
    no_lead = ask.question.signs - {Sign.LEAD}
    carried = ask.about(replace(ask.question, signs=no_lead))
    pairs = chosen(carried)
    divided = pairs and all("职责分工" in task.annotation for _, task in pairs)
    said = "只写“按职责分工负责”，" if divided else ""
    text = (
        f"{where(ask)}{said}未标注牵头单位，排在第几位不代表牵头。\n"
        f"{'、'.join(who)}列为责任单位的任务共 {len(pairs)} 项，"
        f"问“{who[0]}负责哪些任务”可看清单。"
    )
    return Answer(Reply(text), replace(ask.talk, asked=ask.question.words))


def _none_for(ask: Ask, who: Sequence[str]) -> Answer:
    """Say that none fits: of whom the plan does not know, or for what is wished."""
    shared = [
        tie.department
        for _, task in in_sections(ask, all_tasks(ask))
        for tie in [collective_tie(ask, task, who[0])]
        if tie
    ]
    missing = [
        name
        for name in who
        if not any(own_tie(ask, task, name) for _, task in all_tasks(ask))
    ]
    if shared and len(who) == 1 and missing:
        return _through_collective(ask, who[0])
    if not missing:
        return _none_fits(ask, who)
    lines = [f"{where(ask)}没有点名{'、'.join(missing)}，未查到其任务。"]
    collectives = _collectives(ask, missing[0])
    if collectives:
        lines.append(
            f"文件另有面向“{'”“'.join(collectives)}”的任务；"
            "是否包括该单位，以办公室名册为准。"
        )
    return Answer(Reply("\n".join(lines)), ask.talk)


def _none_fits(ask: Ask, who: Sequence[str]) -> Answer:
    """Say that no task is such as is wished for, and list those that there are.

    Whoever asks for figures, or what several share, has his answer already.
    """
    is_shared, is_amount = len(who) > 1, ask.question.has(*ASKS_AMOUNT)
    wished = "共同的" if is_shared else _role_and_without(ask)
    wished = "写明数量指标的" if is_amount else wished
    within = f"{heard(ask)}{where(ask)}{_section_words(ask)}中"
    none = f"{within}，{'、'.join(who)}没有{wished}任务"
    if is_shared or is_amount:
        return Answer(Reply(f"{none}。"), ask.talk)
    pairs = [pair for pair in all_tasks(ask) if own_tie(ask, pair[1], who[0])]
    carried = "列为责任单位的" if no_lead_known(ask) else "牵头或参与的"
    return show_list(
        ask, f"{none}；{carried}任务共 {len(pairs)} 项{numbering(pairs)}：", pairs
    )


def _collectives(ask: Ask, department: str) -> list[str]:
    found = (
        name for _, task in all_tasks(ask) for name in collectives_of(task, department)
    )
    return list(dict.fromkeys(found))[:3]


def _through_collective(ask: Ask, department: str) -> Answer:
    pairs = [
        (plan, task)
        for plan, task in in_sections(ask, all_tasks(ask))
        if collective_tie(ask, task, department)
    ]
    ties = [collective_tie(ask, task, department) for _, task in pairs]
    names = list(dict.fromkeys(tie.department for tie in ties if tie))
    known = all(ask.departments.members(name) for name in names)
    note = "" if known else "（是否包括以办公室名册为准）"
    told = "”“".join(names)
    head = f"{where(ask)}中面向“{told}”的任务共 {len(pairs)} 项{note}："
    return show_list(ask, head, pairs)


def _about_departments(ask: Ask) -> bool:
    question = ask.question
    if question.topic or question.has(*ASKS_WHO):
        return False
    if question.strangers:
        return False
    if question.has(*IN_ROLE) and ask.asker.department:
        return True
    if question.has(Sign.US):
        return question.has(*_WANTS_LIST) or bool(
            question.departments or question.sections
        )
    return bool(question.departments)


DEPARTMENT_TASKS = Intent(
    name="department_tasks",
    example="我们负责哪些任务",
    in_groups=False,
    elsewhere=IN_PRIVATE,
    fits=_about_departments,
    answer=answer_departments,
)
