"""What leans on what was said before: 第二个详细说说, 那谁牵头, 下一页, 是."""

from dataclasses import replace

from bot.chinese import fold
from bot.messages import Reply
from bot.model import Plan, Task
from handlers.find_task import detail, told
from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.quote import refs, wording_pages
from handlers.section_tasks import answer_section
from handlers.show import turn_page, who_leads_list

_ABOUT_TASK = (
    Sign.WHO,
    Sign.WHO_LEADS,
    Sign.WHO_HELPS,
    Sign.DETAIL,
    Sign.FIGURES,
    Sign.HOW_MUCH,
    Sign.DEADLINE,
)


def _by_clause(ask: Ask) -> tuple[Plan, Task] | None:
    for plan in ask.plans:
        for task in plan.tasks:
            if fold(task.clause) == ask.question.clause:
                return plan, task
    return None


def _fits_clause(ask: Ask) -> bool:
    return bool(ask.question.clause)


def _answer_clause(ask: Ask) -> Answer:
    """Answer a question that names a clause: of a task, a section or a passage."""
    found = _by_clause(ask)
    if found:
        return told(ask, *found)
    wanted = ask.question.clause
    for section in ask.plan.sections:
        if fold(section.id) == wanted:
            chosen = replace(ask.question, sections=(section,))
            listed = answer_section(replace(ask, question=chosen))
            if listed.reply.tasks:
                return listed
    for passage in ask.plan.passages:
        if fold(passage.where) == wanted:
            text = f"〔{passage.where}〕{passage.title}\n原文：“{passage.text[:420]}”"
            return Answer(Reply(text), ask.talk)
    return Answer(Reply(f"文件中没有查到“{wanted}”这一条。"), ask.talk)


def _fits_number(ask: Ask) -> bool:
    question = ask.question
    return question.ordinal is not None and bool(ask.talk.shown) and not question.topic


def _answer_number(ask: Ask) -> Answer:
    """Answer 第二个 about the list just shown."""
    place = ask.question.ordinal or 0
    shown = ask.talk.shown
    index = len(shown) - 1 if place < 0 else place - 1
    if not 0 <= index < len(shown):
        return Answer(
            Reply(f"清单只有 {len(shown)} 项，请回复 1 到 {len(shown)}。"), ask.talk
        )
    task = ask.task(shown[index])
    if task is None:
        return Answer(Reply("这份清单已有新版本，请重新提问。"), ask.talk)
    answer = told(ask, ask.plan_of(task), task)
    return answer


def _fits_page(ask: Ask) -> bool:
    return ask.question.has(Sign.MORE, Sign.BACK) and ask.question.bare


def _answer_page(ask: Ask) -> Answer:
    """Turn a page of the wording just shown, or of the list."""
    step = -1 if ask.question.has(Sign.BACK) else 1
    task = ask.task(ask.talk.task_id) if ask.talk.task_id else None
    if task:
        page = ask.talk.text_page + step
        if 0 <= page < len(wording_pages(task)):
            return detail(ask, ask.plan_of(task), task, page=page)
    if ask.talk.shown:
        return turn_page(ask, step)
    text = "没有下一页了。" if step > 0 else "已经是第一页。"
    tasks = refs([(ask.plan_of(task), task)]) if task else ()
    return Answer(Reply(text, (), tasks), ask.talk)


def _fits_last(ask: Ask) -> bool:
    question = ask.question
    leans = question.bare and not question.departments and not question.has(Sign.US)
    known = ask.talk.task_id or ask.talk.shown
    asks_report = question.has(Sign.REPORT, Sign.RECEIVER, Sign.CONTACT)
    return leans and bool(known) and question.has(*_ABOUT_TASK) and not asks_report


def _answer_last(ask: Ask) -> Answer:
    """Answer 那谁牵头 about the task or the list last spoken of."""
    task = ask.task(ask.talk.task_id) if ask.talk.task_id else None
    if task:
        return told(ask, ask.plan_of(task), task)
    if ask.question.has(Sign.WHO, Sign.WHO_LEADS, Sign.WHO_HELPS):
        return who_leads_list(ask)
    first = ask.task(ask.talk.shown[0])
    if first is None:
        return Answer(Reply("请重新提问。"), ask.talk)
    return told(ask, ask.plan_of(first), first)


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
LAST = Intent(name="last", example="那谁牵头", fits=_fits_last, answer=_answer_last)
NO = Intent(
    name="no",
    example="",
    fits=lambda ask: ask.question.has(Sign.NO) and ask.question.bare,
    answer=_no,
)
