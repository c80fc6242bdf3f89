"""The tasks of a section, a chapter, or the whole plan."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from bot.chinese import fold
from bot.facts import Section
from bot.messages import Reply
from handlers.choose import Pairs, all_tasks, chosen, in_sections
from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.quote import PAGE, clause_of, cut_sentences, owners_line, refs
from handlers.show import numbering, show_figures, show_list, where

_LINES = 5
_SECTION_WORDS = ("行动", "工程")


def _section_words(ask: Ask) -> str:
    titles = "、".join(section.title for section in ask.question.sections)
    apart = "、".join(section.title for section in ask.question.apart)
    without = "、".join(ask.question.without)
    titles += f"（不含“{apart}”）" if apart else ""
    return f"{titles}没有{without}的任务" if without else titles


def answer_sections(ask: Ask, sections: Sequence[Section]) -> Answer:
    """Name the sections of a chapter with the number of their tasks."""
    lines: list[str] = []
    every: Pairs = []
    for section in sections:
        one = ask.about(replace(ask.question, sections=(section,)))
        pairs = in_sections(one, all_tasks(ask))
        every += pairs
        lines.append(f"〔{section.id}〕{section.title}（{len(pairs)} 项）")
    head = f"{where(ask)}共 {len(sections)} 个部分、{len(every)} 项任务："
    talk = replace(ask.talk, asked=ask.question.words, shown=(), task_id=None)
    return Answer(Reply("\n".join([head, *lines]), (), refs(every)), talk)


def _sections_with_tasks(ask: Ask, fits: Callable[[Section], bool]) -> list[Section]:
    """List the sections below a chapter that fit and hold tasks."""
    return [
        section
        for section in ask.plan.sections
        if len(section.path) > 1
        and fits(section)
        and any(
            task.section_path[: len(section.path)] == section.path
            for task in ask.plan.tasks
        )
    ]


def answer_section(ask: Ask) -> Answer:
    """List the tasks of a section or of all sections of a chapter."""
    question = ask.question
    chapters = [section.path for section in question.sections]
    below = _sections_with_tasks(ask, lambda section: section.path[:-1] in chapters)
    narrowed = question.without or question.apart or "任务" in question.folded
    if below and not narrowed:
        return answer_sections(ask, below)
    pairs = chosen(ask)
    if not pairs:
        return _quote_section(ask)
    count = f"共 {len(pairs)} 项任务{numbering(pairs)}"
    head = f"{_section_words(ask)}在{where(ask)}中{count}："
    return show_list(ask, head, pairs)


def with_owners(ask: Ask, answer: Answer) -> Answer:
    """Tell the owners of the tasks that a list shows, line by line."""
    lines = [answer.reply.text]
    for task in map(ask.task, answer.talk.shown[:PAGE]):
        lines += [f"{clause_of(task)}{owners_line(task)}"] if task else []
    return replace(answer, reply=replace(answer.reply, text="\n".join(lines)))


def _quote_section(ask: Ask) -> Answer:
    """Quote the beginning of what stands in a section that holds no task."""
    wanted = ask.question.sections[0].id
    lines = [f"“{_section_words(ask)}”部分没有列出具体任务。"]
    for passage in ask.plan.passages:
        if passage.where.startswith(wanted) and len(lines) < _LINES:
            first = cut_sentences(passage.text)[0]
            lines.append(f"〔{passage.where}〕{passage.title}：“{first}”")
    return Answer(Reply("\n".join(lines)), ask.talk)


def answer_all(ask: Ask) -> Answer:
    """List or count all tasks of the plan."""
    pairs = chosen(ask)
    if ask.question.has(Sign.FIGURES):
        return show_figures(ask, f"{where(ask)}的", pairs)
    leads = sum(1 for _, task in pairs if task.leads)
    told = f"，其中 {leads} 项写明牵头单位" if leads else "，均未标注牵头单位"
    head = f"{where(ask)}中任务共 {len(pairs)} 项{told}{numbering(pairs)}："
    return show_list(ask, head, pairs)


def _about_section(ask: Ask) -> bool:
    return bool(ask.question.sections) and not ask.question.topic


def _about_all(ask: Ask) -> bool:
    question = ask.question
    if question.topic or question.departments or question.strangers or question.ordinal:
        return False
    return question.has(Sign.LIST, Sign.COUNT, Sign.FIGURES)


def _kinds_asked(ask: Ask) -> list[Section]:
    """List the sections meant by 五个行动分别是什么."""
    question = ask.question
    if not question.has(Sign.KINDS_OF_SECTION) or question.topic or question.sections:
        return []
    word = next(word for word in _SECTION_WORDS if word in question.folded)
    return _sections_with_tasks(ask, lambda section: section.title.endswith(word))


def _chapters_named(ask: Ask) -> list[Section]:
    """List the chapters whose whole titles stand in the question."""
    chapters = (one for one in ask.plan.sections if len(one.path) == 1)
    return [one for one in chapters if fold(one.title) in ask.question.folded]


def _counts_chapters(ask: Ask) -> bool:
    counts = ask.question.has(Sign.COUNT) and not ask.question.topic
    return counts and len(_chapters_named(ask)) > 1


def answer_counts(ask: Ask, chapters: Sequence[Section]) -> Answer:
    """Count the tasks of each of several chapters: 提升行动几项，重点工程几项."""
    told, every = [], []
    for chapter in chapters:
        one = ask.about(replace(ask.question, sections=(chapter,)))
        pairs = in_sections(one, all_tasks(ask))
        told.append(f"{chapter.title} {len(pairs)} 项")
        every += pairs
    text = f"{where(ask)}中{'、'.join(told)}，合计 {len(every)} 项任务。"
    return Answer(Reply(text, (), refs(every)), ask.talk)


CHAPTER_COUNTS = Intent(
    name="chapter_counts",
    example="",
    fits=_counts_chapters,
    answer=lambda ask: answer_counts(ask, _chapters_named(ask)),
)
SECTION_TASKS = Intent(
    name="section_tasks",
    example="青少年行动有哪些任务",
    fits=_about_section,
    answer=answer_section,
)


SECTIONS = Intent(
    name="sections",
    example="重点工程有哪些",
    fits=lambda ask: bool(_kinds_asked(ask)),
    answer=lambda ask: answer_sections(ask, _kinds_asked(ask)),
)


ALL_TASKS = Intent(
    name="all_tasks",
    example="一共多少项任务",
    fits=_about_all,
    answer=answer_all,
)
