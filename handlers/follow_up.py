"""What leans on what was said before: 第二个详细说说, 那谁牵头, 下一页, 是."""

import re

from msgspec.structs import replace

from bot.chinese import fold
from bot.messages import Reply
from bot.model import Plan, Task
from handlers.choose import asked_departments, is_lead, own_tie, shared_note
from handlers.doing_asked import refuse_unsaid
from handlers.fact_kinds import HANDED_IN
from handlers.intent import Answer, Ask, Intent
from handlers.people_meant import names_absent
from handlers.phrases import Sign
from handlers.question import number_of
from handlers.quote import clause_of, doc_of, owners_line, refs, wording_pages
from handlers.sayings import pieces_of
from handlers.section_tasks import answer_section
from handlers.show import OUTDATED, show_list, turn_page, who_leads_list
from handlers.signs import ASKS_AMOUNT, ASKS_WHEN, ASKS_WHO
from handlers.tell_task import detail, told

_ABOUT_TASK = (*ASKS_WHO, *ASKS_WHEN, *ASKS_AMOUNT, Sign.DETAIL, Sign.WHERE_IN)
_CLAIM = re.compile("吗|没$|么$|不$|不是|有关系|有份|算不算|归不归|是否|对吧|吧|还是")
_HAND_IN = re.compile(
    "报送|上报|呈报|提交|上交|交材料|报材料|(?:报|(?<![移转成递])交)[的呢啊呀吗吧?。]*$"
)
_NUMBER = "第?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[个项条]?"
_SEVERAL = re.compile(
    rf"({_NUMBER})(?:\s*(?:[\s、,，;；.．和跟与及到至~～—–-]|以及)\s*{_NUMBER})+\s*[。.?？]?"
)
_ONE_AT_A_TIME = "一次看一项，先看第 {place} 项，其余请逐个回复序号。"
_SHORT = 12  # characters of a question that may lean on the task just spoken of
_REST = 3  # of them that name something


def _by_clause(ask: Ask) -> list[tuple[Plan, Task]]:
    return [
        (plan, task)
        for plan in ask.plans
        for task in plan.tasks
        if fold(task.clause) == ask.question.clause
    ]


def _fits_clause(ask: Ask) -> bool:
    return bool(ask.question.clause)


def _answer_clause(ask: Ask) -> Answer:
    """Answer a question that names a clause: of a task, a section or a passage."""
    found = _by_clause(ask)
    if len(found) > 1:
        return show_list(ask, "几份文件都有这一条，请回复序号：", found)
    if found:
        return told(ask, found[0][1])
    wanted = ask.question.clause
    for section in ask.plan.sections:
        if fold(section.id) == wanted:
            chosen = replace(ask.question, sections=(section,))
            listed = answer_section(ask.about(chosen))
            if listed.reply.tasks:
                return listed
    for passage in ask.plan.passages:
        if fold(passage.where) == wanted:
            text = f"〔{passage.where}〕{passage.title}\n原文：“{passage.text[:420]}”"
            return Answer(Reply(text), ask.talk)
    return Answer(Reply(f"文件中没有查到“{wanted}”这一条。"), ask.talk)


def _first_of_several(ask: Ask) -> int:
    """Return the first number of 1 2 3 or 第1和第3个; 0 if there are not several.

    They are read as they were written: folded, 1 2 3 is 123.
    """
    said = _SEVERAL.fullmatch(ask.question.words.strip())
    return number_of(said[1].strip("第个项条")) if said else 0


def _fits_number(ask: Ask) -> bool:
    if ask.once(_first_of_several):
        return True
    question = ask.question
    steps = question.has(Sign.NEXT_ITEM, Sign.LAST_ITEM)
    return (question.ordinal is not None or steps) and not question.topic


def _index(ask: Ask) -> int:
    """Return the place, from 0, that the question means in the list just shown."""
    shown, place = ask.talk.shown, ask.question.ordinal
    if ask.question.has(Sign.NEXT_ITEM, Sign.LAST_ITEM):
        step = 1 if ask.question.has(Sign.NEXT_ITEM) else -1
        known = ask.talk.task_id in shown
        return shown.index(ask.talk.task_id or 0) + step if known else 0
    place = ask.once(_first_of_several) or place
    if place is None:
        return -1
    return len(shown) + place if place < 0 else place - 1


def _answer_number(ask: Ask) -> Answer:
    """Answer 第二个 about the list just shown."""
    shown = ask.talk.shown
    if not shown:
        text = "请先让我列出清单，例如问“我们负责哪些任务”，再回复序号。"
        return Answer(Reply(text), ask.talk)
    index = _index(ask)
    if not 0 <= index < len(shown):
        return Answer(
            Reply(f"清单只有 {len(shown)} 项，请回复 1 到 {len(shown)}。"), ask.talk
        )
    task = ask.task(shown[index])
    if task is None:
        return Answer(Reply(OUTDATED), ask.talk)
    answer = told(ask, task)
    if not ask.once(_first_of_several):
        return answer
    text = f"{_ONE_AT_A_TIME.format(place=index + 1)}\n{answer.reply.text}"
    return replace(answer, reply=replace(answer.reply, text=text))


def _fits_page(ask: Ask) -> bool:
    return ask.question.has(Sign.MORE, Sign.BACK) and ask.question.bare


def _answer_page(ask: Ask) -> Answer:
    """Turn a page of the wording just shown, or of the list."""
    step = -1 if ask.question.has(Sign.BACK) else 1
    task = ask.last
    if task:
        page = ask.talk.text_page + step
        if 0 <= page < len(wording_pages(task)):
            return detail(ask, ask.plan_of(task), task, page=page)
    if ask.talk.shown:
        return turn_page(ask, step)
    text = "没有下一页了。" if step > 0 else "已经是第一页。"
    tasks = refs([(ask.plan_of(task), task)]) if task else ()
    return Answer(Reply(text, (), tasks), ask.talk)


def _leans(ask: Ask) -> bool:
    """Tell whether a question names nothing by itself, or next to nothing."""
    question = ask.question
    if question.bare:
        return True
    short = len(question.folded) <= _SHORT and len(question.topic) <= _REST
    last = ask.last
    return bool(short and last and not question.sections) and not names_other(ask, last)


def names_other(ask: Ask, last: Task | None) -> bool:
    """Tell whether a question names what other sentences say and *last* does not."""
    said = fold(last.title + last.body) if last else ""
    if names_absent(ask.question.topic, said):
        return True
    return any(
        piece not in said and ask.opened.sentences_with(piece)
        for piece in pieces_of(ask.question.topic)
    )


def _fits_last(ask: Ask) -> bool:
    question = ask.question
    if question.departments or question.has(Sign.US):
        return False
    known = ask.talk.task_id or ask.talk.shown
    other = (Sign.REPORT, Sign.RECEIVER, Sign.CONTACT, Sign.COUNT, Sign.ABOUT)
    asks = question.has(*_ABOUT_TASK) and not question.has(*other)
    asks = asks and not _HAND_IN.search(question.folded)
    return bool(known) and asks and _leans(ask)


def _claims_last(ask: Ask) -> bool:
    """Tell whether it is asked if the task just spoken of is somebody's: 归我们吗."""
    question = ask.question
    if not ask.talk.task_id or question.topic or question.sections or question.clause:
        return False
    if question.has(Sign.LIST, Sign.COUNT, Sign.FIGURES, Sign.JOINT, Sign.REPORT):
        return False
    if HANDED_IN.search(question.folded):
        return False
    named = question.has(Sign.US) or bool(question.departments)
    return named and bool(_CLAIM.search(question.folded))


def _answer_claim(ask: Ask) -> Answer:
    """Say whether the task just spoken of is theirs, and in which role."""
    task = ask.last
    who = asked_departments(ask)
    if task is None:
        return Answer(Reply(OUTDATED), ask.talk)
    if not who:
        return Answer(Reply("我还不知道您是哪个单位，请先说明单位。"), ask.talk)
    plan = ask.plan_of(task)
    lead = own_tie(ask, task, who[0], fits=is_lead)
    tie = lead or own_tie(ask, task, who[0])
    name = f"{clause_of(task)}{task.title}"
    if tie is None:
        head = f"不是。{name}未列{who[0]}{shared_note(task, who[0])}。"
    elif ask.question.has(Sign.LEAD) and not lead:
        head = f"不是牵头。{who[0]}是责任单位之一（原文写“{tie.relation}”）。"
    elif ask.question.has(Sign.HELP_WITH) and lead:
        head = f"不是配合。{who[0]}在{name}中{lead.relation}。"
    else:
        head = f"是。{who[0]}在{name}中{tie.relation}。"
    lines = [head, owners_line(task), f"依据：{doc_of(plan)} {task.clause}。"]
    tasks = refs([(plan, task)]) if tie else ()
    return Answer(Reply("\n".join(lines), (), tasks), ask.talk)


def _answer_last(ask: Ask) -> Answer:
    """Answer 那谁牵头 about the task or the list last spoken of."""
    task = ask.last
    shown = [one for task_id in ask.talk.shown if (one := ask.task(task_id))]
    refused = refuse_unsaid(ask, [task] if task else shown)
    if refused:
        return refused
    if task:
        return told(ask, task)
    if ask.question.has(*ASKS_WHO):
        return who_leads_list(ask)
    first = ask.task(ask.talk.shown[0])
    if first is None:
        return Answer(Reply(OUTDATED), ask.talk)
    return told(ask, first)


def _counts_last(ask: Ask) -> bool:
    """Tell whether 有几项 means the list just shown."""
    question = ask.question
    named = question.departments or question.has(Sign.US, Sign.KINDS_OF_SECTION)
    if named or not question.bare or question.sections or not ask.talk.shown:
        return False
    return question.has(Sign.COUNT) and "任务" not in question.folded


def _answer_count(ask: Ask) -> Answer:
    tasks = [task for task_id in ask.talk.shown if (task := ask.task(task_id))]
    pairs = refs((ask.plan_of(task), task) for task in tasks)
    return Answer(Reply(f"刚才的清单共 {len(tasks)} 项。", (), pairs), ask.talk)


def _no(ask: Ask) -> Answer:
    text = "好的。请换个说法，或回复“帮助”看我能回答什么。"
    return Answer(Reply(text), replace(ask.talk, offered=""))


CLAUSE = Intent(
    name="clause", example="二（一）4原文", fits=_fits_clause, answer=_answer_clause
)
NUMBER = Intent(
    name="number", example="第2个详细说说", fits=_fits_number, answer=_answer_number
)
PAGE_TURN = Intent(name="page", example="下一页", fits=_fits_page, answer=_answer_page)
CLAIM = Intent(
    name="claim", example="这项归我们吗", fits=_claims_last, answer=_answer_claim
)
COUNT_LAST = Intent(
    name="count_last", example="", fits=_counts_last, answer=_answer_count
)
LAST = Intent(name="last", example="那谁牵头", fits=_fits_last, answer=_answer_last)
NO = Intent(
    name="no",
    example="",
    fits=lambda ask: ask.question.has(Sign.NO) and ask.question.bare,
    answer=_no,
)
