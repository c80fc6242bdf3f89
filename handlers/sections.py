"""Which sections of a plan a question means: 青少年行动, 老人那块, 重点工程."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from bot.chinese import fold
from bot.facts import Section
from handlers.open_plans import OpenPlans
from handlers.phrases import GAP

# What people say for a group, and the word that stands in headings for it.
_GROUPS = (
    ("孩子", "青少年"),
    ("学生", "青少年"),
    ("未成年人", "青少年"),
    ("小朋友", "青少年"),
    ("娃娃", "青少年"),
    ("少年儿童", "青少年"),
    ("老人", "老年"),
    ("老年人", "老年"),
    ("银发", "老年"),
    ("职工", "产业工人"),
    ("工人", "产业工人"),
    ("公务员", "公务员"),
    ("干部", "领导干部"),
    ("村民", "农民"),
    ("种田人", "农民"),
    ("庄稼人", "农民"),
    ("农村", "农民"),
    ("居民", "社区居民"),
    ("社区", "社区居民"),
)
_CALLED = tuple(
    "科学素质提升行动 素质提升行动 提升行动 提升工程 专项行动 行动 工程"
    " 方面 那块 这块 板块 部分 领域 章节 那章 这章 群体 人群"
    " 科学素质 素质提升 素质".split()
)
_FILLERS = ("能力提升", "体系建设", "提升", "建设", "能力", "素质")
_LEFT_OUT = ("科普", "科技", "科学")  # often left out: 信息化工程
_KINDS = ("工程", "行动")
_CHAPTER = re.compile(
    "第([一二三四五六七八九十])(?:大?部分|章|大块|块)|(?<![第那这哪])([一二三四五六七八九十])大?部分"
)


def _shared_tail(titles: Sequence[str]) -> str:
    """Find the ending that all headings of a chapter share: 提升行动."""
    if len(titles) < 2:
        return ""
    shared = 0
    for chars in zip(*(title[::-1] for title in titles), strict=False):
        if len(set(chars)) > 1:
            break
        shared += 1
    return titles[0][len(titles[0]) - shared :]


def _short_names(title: str, tail: str) -> set[str]:
    """Shorten 科普信息化提升工程 to 科普信息化提升 and 科普信息化."""
    short = title.removesuffix(tail) if tail else title
    names = {short, *short.split("和"), *short.split("、")}
    for filler in _FILLERS:
        names |= {name.removesuffix(filler) for name in tuple(names)}
    return {name for name in names if len(name) >= 2}


def every_section(opened: OpenPlans) -> list[Section]:
    """List the sections; plans of one kind share their headings: each stands once."""
    return list(
        {part.path: part for plan in opened.plans for part in plan.sections}.values()
    )


def _called(sections: Sequence[Section]) -> list[tuple[str, Section]]:
    """List what each section may be called, the longest names first."""
    titles: dict[tuple[str, ...], list[str]] = {}
    for section in sections:
        titles.setdefault(section.path[:-1], []).append(fold(section.title))
    tails = {above: _shared_tail(found) for above, found in titles.items()}
    names: list[tuple[str, Section]] = []
    for section in sections:
        title = fold(section.title)
        names.append((title, section))
        short = _short_names(title, tails[section.path[:-1]])
        names += [(name, section) for name in short]
        names += [
            (f"{left}{kind}", section)
            for name in (title, *short)
            for word in _LEFT_OUT
            for kind in ("", *_KINDS)
            if len(left := name.replace(word, "", 1)) < len(name) and len(left) > 1
            if kind or left.endswith(_KINDS)
        ]
    names += [
        (said, section)
        for said, meant in _GROUPS
        for name, section in tuple(names)
        if name.startswith(meant)
    ]
    return sorted(names, key=lambda pair: -len(pair[0]))


_Name = tuple[int, str, Section]


def _names_by_head(opened: OpenPlans) -> dict[str, list[_Name]]:
    """Give each name of a section its place, and sort the names by how they begin."""
    names: dict[str, list[_Name]] = {}
    for place, (name, section) in enumerate(_called(opened.once(every_section))):
        names.setdefault(name[:2], []).append((place, name, section))
    return names


def names_in(text: str, opened: OpenPlans) -> list[_Name]:
    """List the names of sections that stand in *text*, the longest first."""
    by_head = opened.once(_names_by_head)
    heads = {"", *text, *map("".join, pairwise(text))}
    return sorted(
        (
            entry
            for head in heads & by_head.keys()
            for entry in by_head[head]
            if entry[1] in text
        ),
        key=lambda entry: entry[0],
    )


def sections_named(text: str, opened: OpenPlans) -> tuple[tuple[Section, ...], str]:
    """Find the sections that *text* (folded) names, and what is left beside them.

    Of a chapter and its own section only the section is meant.
    """
    found: list[Section] = []
    left = text
    for _, name, section in names_in(text, opened):
        if name in left and section not in found:
            found.append(section)
            left = left.replace(name, GAP)
    if not found:
        return (), text
    for word in _CALLED:
        left = left.replace(word, GAP)
    deepest = [
        section
        for section in found
        if not any(_holds(section, other) for other in found)
    ]
    return tuple(deepest), left


def chapter_named(text: str, opened: OpenPlans) -> tuple[tuple[Section, ...], str]:
    """Find the chapter meant by 第三部分, and what is left beside it."""
    found = _CHAPTER.search(text)
    if not found:
        return (), text
    number = found[1] or found[2]
    every = opened.once(every_section)
    chapters = [one for one in every if len(one.path) == 1 and one.id == number]
    if not chapters:
        return (), text
    return tuple(chapters[:1]), text.replace(found.group(), GAP)


def _holds(outer: Section, inner: Section) -> bool:
    depth = len(outer.path)
    return len(inner.path) > depth and inner.path[:depth] == outer.path


def section_hinted(text: str, opened: OpenPlans) -> Section | None:
    """Find the one section of which *text* (folded) says a part of the title alone.

    信息化那个工程 is 科普信息化提升工程; what several titles say hints at none.
    """
    return _only_one(text, opened, _own_words)


def section_opened_with(text: str, opened: OpenPlans) -> Section | None:
    """Find the one section whose opening lines alone say a part of *text*: 上云."""
    return _only_one(text, opened, lambda section: fold(section.intro))


def _only_one(
    text: str, opened: OpenPlans, words: Callable[[Section], str]
) -> Section | None:
    """Find the one section of whose *words* *text* says what no other's say."""
    sections = [one for one in opened.once(every_section) if len(one.path) > 1]
    said = _only_in(text, list(map(words, sections)))
    return sections[said.pop()] if len(said) == 1 else None


def _only_in(text: str, among: Sequence[str]) -> set[int]:
    """Number those of which *text* says two characters that no other has."""
    said: set[int] = set()
    for pair in map("".join, pairwise(text)):
        within = [place for place, one in enumerate(among) if pair in one]
        if len(within) == 1:
            said.update(within)
    return said


def _own_words(section: Section) -> str:
    """Return what of a title is said of no other: 青少年 of 青少年科学素质提升行动."""
    title = fold(section.title)
    for word in (*_CALLED, *_FILLERS, *_LEFT_OUT):
        title = title.replace(word, GAP)
    return title
