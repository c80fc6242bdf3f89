"""Kinds of fact that a plan does not hold: refused, unless a sentence does tell it."""

import re

from msgspec.structs import replace

from bot.chinese import fold
from bot.guard import inert
from bot.messages import Button, Place, Reply
from bot.model import Plan, Role, Task
from bot.plans.finding.found import SURE
from handlers.choose import all_tasks
from handlers.due_dates import asks_report_day
from handlers.fact_kinds import (
    ELSEWHERE,
    EXPLANATION,
    FORMAT,
    HANDED_IN,
    MONEY,
    OFF_TOPIC,
    STATE,
    STOCK,
    TIMETABLE,
    FactKind,
    kind_asked,
)
from handlers.intent import Answer, Ask, Intent
from handlers.loosely import wishes_own_list
from handlers.part_found import found_in_part
from handlers.phrases import Sign, take_signs
from handlers.question import Question
from handlers.quote import (
    best_sentence,
    clause_of,
    cut_sentences,
    detail_lines,
    doc_of,
    refs,
)
from handlers.rights import is_at_least
from handlers.sayings import (
    Saying,
    as_saying,
    best_saying,
    pieces_of,
    quote_saying,
    said_in,
)

_BY_THE_WAY = (FORMAT, TIMETABLE, ELSEWHERE)  # may be said beside a wish for a list
_NEAR = 0.45  # as sure as this, a passage is worth a mention
_ON_IT = 0.5  # of a question's weight, beside the words that tell the fact
_REPORTED = "报送内容"
_CLOSED = "报送情况仅对本单位联络员和办公室开放。需要请联系办公室。"
_FEW = 2  # tasks of which a name may remind, where one of them tells it
_NAME = 3  # characters that name a task where only one has them
_IN_PART = 0.2  # of the weight of what a report is about
_OFF_TOPIC = (
    "这个问题与实施方案无关，我只能回答已发布文件中的任务、责任单位、指标和时限。"
)
_LENGTH = re.compile("页|字|篇幅|多长")
_REPORT_LENGTH = re.compile(
    "[报交](?:上去|过去|送|的).*(?:字数|页数|篇幅|几页|多少[字页])"
)
_HAVE_TASKS = re.compile("(?:他们|它们|这[两几]家)(?:[^,。?]{0,3})(?:任务|活儿?|份)")
_AMOUNT = re.compile("多少|几|标准|额度|科目|多高|多大")
_TOLD = re.compile(
    r"\d\s*(?:万|亿)?(?:元|页|天|点)|免费|严禁|不得|应免|专款|[一两二三四五]页"
)
_FACTS = frozenset(
    (Sign.HOW_MUCH, Sign.HOW_OFTEN, Sign.DEADLINE, Sign.WHO, Sign.WHO_LEADS)
)
_CLAUSE = re.compile("[一二三四五六七八九十]+（[一二三四五六七八九十]+）[0-9]*")
_OR_NOT = re.compile(r"(.)不\1")
_ASKING = re.compile(
    r"(.)不\1|由谁|是谁|谁|担任|多少|几[个家点]?|怎么样?|标准|是不是|有没有|能不能|会不会|谁出|给|吗|能|可以|要不要|会|有|是"
)


def is_off_topic(ask: Ask) -> bool:
    """Tell whether a question is about everyday matters that no plan at hand names."""
    said = {found.group() for found in OFF_TOPIC.finditer(ask.question.folded)}
    return any(not ask.is_said(word) for word in said)


def related(ask: Ask) -> tuple[str, str]:
    """Point to the passage nearest to a question: where it is, and what it says."""
    plan = ask.plan
    words = ask.question.content or ask.question.folded
    for found in ask.search_passages(words):
        passage = plan.passages[found.id]
        if found.confidence >= _NEAR:
            best = best_sentence(words, passage.text)
            return passage.where, best
    return "", ""


def refuse(ask: Ask, kind: str = "", *, near: Saying | None = None) -> Answer:
    """Say that the plan does not tell, with what is near it if anything is."""
    if is_off_topic(ask):
        return Answer(Reply(_OFF_TOPIC), replace(ask.talk, offered=""))
    lines = [f"{_sources(ask)}未写明{kind}。" if kind else f"{_sources(ask)}中未查到。"]
    if kind == STATE:
        lines = ["报送和完成情况不在方案文件里，仅对本单位联络员和办公室开放。"]
        if _is_of_office(ask):
            lines = ["报送和完成情况不在方案文件里。报送情况请回复“谁没交”查看。"]
        elif _is_closed(ask):
            return Answer(Reply(_CLOSED), replace(ask.talk, offered=""))
    if kind == EXPLANATION:
        said = inert(ask.question.words[:40])
        lines = [f"文件未解释“{said}”；请以原文为准，或咨询办公室。"]
    where, said = (near.where, near.text) if near else related(ask)
    unheard = "可换个说法再问，或回复“帮助”看能问什么。"
    advice = "需要请咨询办公室。" if kind else unheard
    lines.append(f"相近内容：{where}“{said}”" if said else advice)
    is_clause = len(ask.plans) == 1 and _CLAUSE.fullmatch(where)
    whole = Button("看原文", f"{where}原文", is_spare=True)
    reply = Reply("\n".join(lines), (whole,) if is_clause else ())
    return Answer(reply, replace(ask.talk, offered=""), is_found=False)


def is_refusal(answer: Answer) -> bool:
    """Tell whether an answer tells nothing for sure."""
    return not answer.is_found or answer.reply.text == _OFF_TOPIC


def _is_of_office(ask: Ask) -> bool:
    asker = ask.asker
    return is_at_least(asker.role, Role.ADMIN) and asker.place is not Place.GROUP


def _is_closed(ask: Ask) -> bool:
    """Tell whether it is asked what others have reported, or by somebody unknown."""
    asker, question = ask.asker, ask.question
    if asker.role is Role.STRANGER or asker.place is Place.GROUP:
        return True
    same = ask.departments.same
    others = [one for one in question.departments if not same(one, asker.department)]
    asks = HANDED_IN.search(question.folded)
    return bool(asks and (others or question.strangers))


def _sources(ask: Ask) -> str:
    return doc_of(ask.plan) if len(ask.plans) == 1 else "在用文件"


def offer(ask: Ask, task: Task) -> Answer:
    """Say that nothing was found for sure and offer one task instead."""
    words = f"{clause_of(task)}{task.title}"
    lines = [
        f"{_sources(ask)}中未查到直接对应的内容。",
        f"您是不是想问：{words}？",
        *detail_lines(ask.plan_of(task), task)[1:3],
    ]
    talk = replace(ask.talk, offered="原文", task_id=task.id, text_page=0)
    buttons = (Button("是", "是"), Button("不是", "不是"))
    reply = Reply("\n".join(lines), buttons)
    return Answer(reply, talk, is_found=False)


def _refuse_stranger(ask: Ask) -> Answer:
    names = "、".join(ask.question.strangers)
    text = f"{_sources(ask)}没有点名{names}，未查到其任务。"
    return Answer(Reply(text), ask.talk, is_found=False)


def _about_stranger(ask: Ask) -> bool:
    question = ask.question
    if not question.strangers:
        return False
    alone = not question.departments and _HAVE_TASKS.search(question.folded)
    return not question.topic or bool(alone)


def _kind(ask: Ask) -> FactKind | None:
    return kind_asked(ask.question.folded)


def _asks_kind(ask: Ask) -> bool:
    question = ask.question
    if question.clause or question.has(Sign.HELP, Sign.THANKS, Sign.GREETING):
        return False
    ours = question.has(Sign.US) and question.has(Sign.LIST) and not question.topic
    kind = None if ours else ask.once(_kind)
    if kind is None or (kind.name != MONEY and _asks_when_to_report(question)):
        return False  # 去年全年的情况几号前报 asks for no result
    if kind.name == STATE and asks_report_day(ask):
        return False
    return kind.name not in _BY_THE_WAY or not wishes_own_list(ask)


def _asks_when_to_report(question: Question) -> bool:
    if not question.has(Sign.REPORT):
        return False
    return question.has(Sign.DEADLINE) or "日程" in question.folded


def _answer_kind(ask: Ask) -> Answer:
    """Quote the sentence that does tell the fact asked for, or say that none does."""
    kind = ask.once(_kind)
    assert kind is not None, "the intent fits only where a kind is asked for"
    saying = _telling(ask, kind)
    if saying is None:
        return refuse(ask, kind.name)
    folded = ask.question.folded
    amount = _AMOUNT.search(folded) and not _TOLD.search(saying.text)
    form = kind.name == FORMAT and not _LENGTH.search(folded)
    if amount or form:
        return refuse(ask, kind.name, near=saying)
    if saying.task and _asks_more(folded, kind):
        return _whole(ask, saying.plan, saying.task)
    return quote_saying(ask, saying)


def _asks_more(folded: str, kind: FactKind) -> bool:
    """Tell whether another part of a message asks for what tasks tell: 一年去几回."""
    parts = re.split("[,。?;]", folded)
    others = [part for part in parts if part and not kind.asks.search(part)]
    return any(not _FACTS.isdisjoint(take_signs(part)[0]) for part in others)


def _whole(ask: Ask, plan: Plan, task: Task) -> Answer:
    reply = Reply("\n".join(detail_lines(plan, task)), (), refs([(plan, task)]))
    return Answer(reply, replace(ask.talk, task_id=task.id, text_page=0, offered=""))


def _telling(ask: Ask, kind: FactKind) -> Saying | None:
    """Find the sentence about the matter asked after that tells a fact of *kind*."""
    if kind.tells is None:
        return None
    folded = ask.question.folded
    rest = _ASKING.sub("", kind.asks.sub("", folded))
    about = rest if len(rest) > 1 and pieces_of(rest) else _ASKING.sub("", folded)
    of_reports = ask.question.has(Sign.REPORT) or _REPORT_LENGTH.search(folded)
    if of_reports and kind.name == FORMAT:
        return best_saying(ask, _REPORTED, needs=kind.tells, least=_IN_PART)
    if ask.last and not rest:
        return _in_sentences(ask, ask.last, kind.tells)
    return (
        best_saying(ask, about, needs=kind.tells, least=_ON_IT)
        or _in_task(ask, about, kind.tells)
        or _in_own_word(ask, kind)
        or _in_named(ask, kind.tells)
    )


def _in_own_word(ask: Ask, kind: FactKind) -> Saying | None:
    """Find the one passage outside the tasks that tells a kind by the word asked for.

    排不排名 is told by 不作排名通报, whatever else is said around it.
    """
    assert kind.tells is not None, "a kind that nothing tells is not looked for"
    if _AMOUNT.search(ask.question.folded):
        return None
    asked = kind.asks.search(ask.question.folded)
    pieces = pieces_of(_OR_NOT.sub(r"\1", asked.group())) if asked else set()
    told = [
        one
        for one in ask.sentences
        if one.task is None
        and kind.tells.search(one.plain)
        and any(piece in one.plain for piece in pieces)
    ]
    return as_saying(told[0]) if len(told) == 1 else None


def _in_task(ask: Ask, about: str, tells: re.Pattern[str]) -> Saying | None:
    """Find the sentence that tells it in the task that is surely asked about."""
    for found in ask.shelf.search(about, ask.plans)[:1]:
        task = ask.task(found.id)
        if task is not None and found.confidence >= SURE:
            return _in_sentences(ask, task, tells)
    in_part = found_in_part(ask)
    return _in_sentences(ask, in_part[0][2], tells) if len(in_part) == 1 else None


def _in_named(ask: Ask, tells: re.Pattern[str]) -> Saying | None:
    """Find the sentence that tells it in the one task that a question names.

    It names a task by three characters or more that no other task has: 科技馆.
    """
    folded = ask.question.folded
    texts = [(task, fold(f"{task.title}{task.body}")) for _, task in all_tasks(ask)]
    named = {}
    for at in range(len(folded) - _NAME + 1):
        words = folded[at : at + _NAME]
        having = [task for task, text in texts if words in text]
        if len(having) == 1:
            named[having[0].id] = having[0]
    told = [said for one in named.values() if (said := _in_sentences(ask, one, tells))]
    return told[0] if len(told) == 1 and len(named) <= _FEW else None


def _in_sentences(ask: Ask, task: Task, tells: re.Pattern[str]) -> Saying | None:
    text = next((one for one in cut_sentences(task.body) if tells.search(one)), "")
    return said_in(ask, task, text) if text else None


def _asks_stock(ask: Ask) -> bool:
    """Tell whether it is asked how many there are of a thing: 特派员有几个."""
    question = ask.question
    if question.departments or not question.topic:
        return False
    return bool(STOCK.search(question.folded))


NOT_COUNTED = Intent(
    name="not_counted",
    example="",
    fits=_asks_stock,
    answer=lambda ask: refuse(ask, "现有数量"),
)
NOT_HELD = Intent(
    name="not_held",
    example="",
    fits=_asks_kind,
    answer=_answer_kind,
)
STRANGER = Intent(
    name="unknown_department", example="", fits=_about_stranger, answer=_refuse_stranger
)
