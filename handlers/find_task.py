"""A task by what it is about; where it is not sure, it asks back or refuses."""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from bot.chinese import fold, fuzzy, syllable
from bot.messages import Reply
from bot.model import Plan
from bot.plans.finding.found import MAYBE, MOST, SURE, Found
from handlers.choose import asked_departments, own_tie, shared_note
from handlers.intent import Answer, Ask, Intent
from handlers.not_held import is_off_topic, offer, refuse
from handlers.open_plans import OpenPlans
from handlers.part_asked import answer_part, tell_roles
from handlers.part_found import Hit, as_tasks, without_names
from handlers.phrases import EMPTY, Sign
from handlers.plan_facts import answer_targets
from handlers.quote import best_sentence, cite, clause_of, covered, owners_line, refs
from handlers.show import show_list
from handlers.signs import ASKS_WHO
from handlers.tell_task import told
from handlers.time_spans import RHYTHM

_EQUAL = 0.97  # of the best score: nearer than this we ask which one is meant
_CLEAR = 0.6  # as sure as this, the best is the one
_KIN = 0.6  # of the best score: worth giving beside it
_AKIN = 0.8  # of the best score: worth a mention in words
_SAID = 0.5  # of a question's pieces, for it to be about the task just spoken of
_SAME_NAME = 0.7
_PASSAGE = 0.3  # as sure as this, a passage outside the tasks is quoted
_AHEAD = 0.1  # surer than of any task by this much, a passage is quoted first
_STRANGE = SURE  # less sure than this, a word such as 股票 decides
_MOST_OFFERED = 3
_OFFERED = 0.6  # of the best score: worth an offer beside it
_LEAST = 0.05  # less sure than this, a task is not even offered
_PLACE = re.compile("([\u4e00-\u9fff]{2,3})[县区市旗]")
_NAMED_SECTION = re.compile("[^,。?的]{2,12}?(?:行动|工程)")
_NAMED_PART = re.compile(
    "([^,。?的]{2,12}?)(?:的?(?:[那这]一?(?:部分|[块节])|部分|板块))"
)
_YEAR = re.compile(r"(?:到)?\d{4}年(?:底|末)?")


def find(ask: Ask) -> Answer:
    """Find the task that a question is about; ask back or refuse when not sure."""
    words = ask.question.content or ask.question.folded
    only_year = len(_YEAR.sub("", words).strip("".join(EMPTY))) <= 1
    if only_year and ask.question.has(Sign.TARGET, Sign.HOW_MUCH):
        return answer_targets(ask)
    hits = as_tasks(ask, _search(ask, words))
    sure = hits[0][0].confidence if hits else 0.0
    if _absent_section(ask, words) or _of_other_place(ask):
        return refuse(ask)
    if sure < SURE:
        part = answer_part(ask)
        if part:
            return part
    if sure < _STRANGE and is_off_topic(ask):
        return refuse(ask)
    if sure < SURE:
        return _unsure(ask, words, hits)
    beside = _passage(ask, words, above=sure + _AHEAD)
    if beside:
        return beside
    if _claims(ask):
        return _claimed(ask, hits)
    return _best(ask, hits)


def _search(ask: Ask, words: str) -> Sequence[Found]:
    """Search for *words* and for all that was asked: 合作 may be part of a name."""
    return ask.shelf.search(words, ask.plans, or_else=without_names(ask))


def _of_other_place(ask: Ask) -> bool:
    """Tell whether a question names the place of another plan, and not of these."""
    ours = {plan.id for plan in ask.plans}
    others = {_place_of(plan) for plan in ask.shelf.plans if plan.id not in ours}
    named = {place for place in others if place and place in ask.question.folded}
    return any(not ask.is_said(place) for place in named) and not any(
        place in ask.question.folded for place in map(_place_of, ask.plans) if place
    )


def _place_of(plan: Plan) -> str:
    """Return the place whose government issued a plan, without 县 or 区; "" if none."""
    return next(iter(_PLACE.findall(plan.issuer)[-1:]), "")


def _unsure(ask: Ask, words: str, hits: Sequence[Hit]) -> Answer:
    """Look beside the tasks: in the task just spoken of, then in other passages."""
    last = ask.last
    if last and covered(words, last.title + last.body) >= _SAID:
        return told(ask, last)
    if ask.question.has(Sign.TARGET):
        return answer_targets(ask)
    sure = max((found.confidence for found, *_ in hits[:_MOST_OFFERED]), default=0.0)
    passage = _passage(ask, words, above=sure + _AHEAD, heads=sure < MAYBE)
    if passage:
        return passage
    return _offered(ask, hits) if sure >= MAYBE else refuse(ask)


def _offered(ask: Ask, hits: Sequence[Hit]) -> Answer:
    """Ask which of at most three tasks is meant, as none is clearly the one.

    Only where other plans stand beside these are they given as found: without them
    nothing tells a name that is foreign here, such as that of another county's project.
    """
    floor = _OFFERED * hits[0][0].score
    pairs = [
        (plan, task)
        for found, plan, task in hits[:_MOST_OFFERED]
        if found.score >= floor and found.confidence >= _LEAST
    ]
    if len(pairs) > 1:
        head = "文件中未查到直接对应的内容，您是不是想问："
        answer = show_list(ask, head, pairs)
    else:
        answer = offer(ask, pairs[0][1])
    beside = len(ask.shelf.plans) > len(ask.plans)
    found_tasks = refs(pairs) if beside else ()
    reply = replace(answer.reply, tasks=found_tasks)
    return replace(answer, reply=reply, is_found=False)


def _passage(
    ask: Ask, words: str, *, above: float = _PASSAGE, heads: bool = True
) -> Answer | None:
    """Quote the sentence of a passage outside the tasks that says *words*.

    *heads* lets it be the lines that only open a section, before its tasks.
    """
    if above >= MOST:
        return None
    opening = {task.section_path[-1] for task in ask.plan.tasks if task.section_path}
    for found in ask.search_passages(words)[:1]:
        passage = ask.plan.passages[found.id]
        if passage.title in opening and not heads:
            return None
        if found.confidence >= max(above, _PASSAGE):
            best = best_sentence(words, passage.text)
            if ask.question.has(Sign.HOW_OFTEN) and not RHYTHM.search(fold(best)):
                return None
            lines = [
                f"文件写明：“{best}”",
                f"依据：{cite(ask.plan)}{passage.where or passage.title}。",
            ]
            return Answer(Reply("\n".join(lines)), replace(ask.talk, offered=""))
    return None


def _absent_section(ask: Ask, words: str) -> bool:
    """Tell whether a 行动, 工程 or part is asked for that the plans do not have."""
    if ask.question.sections:
        return False
    named = _NAMED_SECTION.search(words)
    name = named.group() if named else _part_listed(ask)
    return len(name) > 1 and not any(
        _sounds_in(name, heard)
        for part in ask.opened.parts
        for heard in part.once(_heard)
    )


def _part_listed(ask: Ask) -> str:
    """Return of which part a list or count is wished for: 农民那部分有几条; else ""."""
    if not ask.question.has(Sign.LIST, Sign.COUNT):
        return ""
    named = _NAMED_PART.search(ask.question.nameless)
    return named[1] if named else ""


def _sounds_in(name: str, heard: str) -> bool:
    """Tell whether most of a name, and its beginning, sounds in what is *heard*."""
    pairs = [f"|{one}|{two}|" for one, two in pairwise(_sounds(name))]
    said = sum(pair in heard for pair in pairs)
    return pairs[0] in heard and said >= _SAME_NAME * len(pairs)


def _heard(opened: OpenPlans) -> list[str]:
    """Write down how each section and task sounds: 和作 is heard as 合作."""
    texts = [section.title for plan in opened.plans for section in plan.sections]
    texts += [task.title + task.body for plan, task in opened.tasks.values()]
    return [f"|{'|'.join(_sounds(text))}|" for text in texts]


def _sounds(text: str) -> list[str]:
    return [fuzzy(syllable(char)) for char in fold(text)]


def _claims(ask: Ask) -> bool:
    """Whether the question takes a department for the owner of what it asks about."""
    question = ask.question
    if question.has(*ASKS_WHO):
        return False
    if question.departments:
        return True
    claims = (Sign.CARRY, Sign.LEAD, Sign.HELP_WITH, Sign.LIST, Sign.FIGURES)
    return question.has(Sign.US) and question.has(*claims)


def _claimed(ask: Ask, hits: Sequence[Hit]) -> Answer:
    """Answer 我们负责大篷车吗: only with a task that is really theirs."""
    who = asked_departments(ask)
    theirs = [
        hit
        for hit in hits
        if hit[0].confidence >= SURE and all(own_tie(ask, hit[2], name) for name in who)
    ]
    if not who or theirs:
        return _best(ask, theirs or hits)
    _, plan, task = hits[0]
    if len(who) > 1:
        return tell_roles(ask, task)
    lines = [
        f"不是。{clause_of(task)}{task.title}未列{who[0]}{shared_note(task, who[0])}。",
        owners_line(task),
        f"依据：{cite(plan)}{task.clause}。",
    ]
    talk = replace(ask.talk, task_id=task.id, offered="")
    return Answer(Reply("\n".join(lines)), talk)


def _best(ask: Ask, hits: Sequence[Hit]) -> Answer:
    """Tell the best task, with what is akin; between near equals ask which is meant."""
    best, plan, task = hits[0]
    kin = [
        hit
        for hit in hits
        if hit[0].score >= _KIN * best.score and hit[0].confidence >= SURE
    ]
    equals = [hit for hit in kin if hit[0].score >= _EQUAL * best.score]
    if 1 < len(equals) <= 4 and best.confidence < _CLEAR:
        head = f"{cite(plan)}有几项任务相近，请回复序号看是哪一项："
        return show_list(ask, head, [(plan, task) for _, plan, task in kin[:4]])
    answer = told(ask, task)
    text, tasks = answer.reply.text, answer.reply.tasks
    others = kin[1:3] if tasks else []
    near = [hit[2] for hit in others if hit[0].score >= _AKIN * best.score]
    if near:
        told_near = "、".join(f"{item.title}〔{item.clause}〕" for item in near)
        text = f"{text}\n相近任务：{told_near}。"
    tasks = (*tasks, *refs((plan, task) for _, plan, task in others))
    reply = replace(answer.reply, text=text, tasks=tasks)
    talk = replace(answer.talk, asked=ask.question.words, shown=())
    return Answer(reply, talk)


FIND_TASK = Intent(
    name="find_task", example="科普志愿队伍谁负责", fits=lambda ask: True, answer=find
)
