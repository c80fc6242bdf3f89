"""Which parts of a plan somebody speaks of, and which he leaves out: 工程先放一边.

Looser than `handlers.sections`, and told apart place by place. It is read only where
a list seems to be wished for: a name such as 老人 counts where a word for a part stands
behind it (那一块, 那章, 行动), a whole title always.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.chinese import fold
from bot.facts import Section
from bot.plans.finding.found import SURE
from handlers.intent import Ask
from handlers.loose_words import US, left_beside
from handlers.open_plans import OpenPlans
from handlers.phrases import EMPTY, GAP, as_gap
from handlers.question import number_of, topic_left
from handlers.quote import covered
from handlers.sections import (
    every_section,
    names_in,
    section_hinted,
    section_opened_with,
)

_CALLED = (
    ("种庄稼", "农民"),
    ("种地", "农民"),
    ("种田", "农民"),
    ("养殖", "农民"),
    ("机关", "公务员"),
)
"""What people say for a group, where only the word for a part tells that it is one."""
_NAME = "\1"  # stands for each character of a section's name
_IN_CLAUSE = f"[^{GAP},。?!;]"
_SEVERAL = "[0-9两二三四五六七八九十几]{1,2}"
_SOME = "[0-9一二两三四五六七八九十几]{1,2}"
_ONE = "块(?!钱)|章(?!程)节?|节(?![点日气约目假])"
_PART = f"[大小]?(?:{_ONE}|部分|板块|摊子?|领域)"
_KIND = "[大小]?(?:重点|提升)?(?:工程|行动)"
_MARK = (
    f"(?:[那这](?:(?:{_SOME})?个?(?:{_PART}|{_KIND})|{_SEVERAL}[条项件])"
    f"|{_SOME}[大小]?(?:块(?!钱)|章(?!程))|章(?!程)节?|板块|部分|摊子|之外|以外)"
)
_BEHIND = re.compile(
    f"(?:科学素质|素质)?(?:提升)?(?:工程|行动)|{_IN_CLAUSE}{{0,4}}?{_MARK}"
)
_AND = re.compile(f"[{_NAME}儿娃家们和跟与及、的]*")
_LONE_MARK = re.compile(
    f"({_IN_CLAUSE}{{2,14}}?)的?[那这](?:{_SOME})?个?({_KIND}|[大小]?(?:章(?!程)节?|节(?![点日气约目假])|部分)"
    "|[大小]?块(?=底下|下[头面]|里))"
)
_ORDINAL = re.compile(
    f"第({_SOME})个?(?:{_PART}|{_KIND})"
    f"|(?:最[后末]|末尾)(?:那|一)*个{_KIND}"
    "|(?:重点|提升)?(?:工程|行动)(?:里[头面边]?|当中|中)的?"
    f"(?:第(?P<of>{_SOME})|最[后末]|末尾)(?:那|一)*个"
)
_WITHIN = re.compile("的?(?:里[头面边]?|下[头面]?|底下|中)?的?")
_WHOLE_KIND = re.compile(
    f"(?:(?:(?<![\u4e00-\u9fff{_NAME}])|(?<=[和与跟及]))(?:除了?|除开|撇开|把|的)?"
    "(?=..(?:[里那这先和与跟及]|底下|当中|$|[^\u4e00-\u9fff]))"
    f"|{_SOME}个大?)(工程|行动)(?:{_MARK})?"
)
_OUT_BEFORE = re.compile(
    "(?:除[了开去掉]?|撇[开去]|刨[去开掉]|抛开|去掉)[^,。?!;]{0,3}$"
)
_OUT_BEHIND = re.compile(
    f"{_IN_CLAUSE}{{0,6}}?(?:(?:之外|以外|除外|除开)(?!{_NAME})"
    "|(?:放(?:一?放|着|[到在]?一?[边旁])|搁[着下]?|不(?:[用要必需]再?)?[要看管用算报列提说发念写]"
    "|别[报列发提念]|免|跳过|看[过完]|晓得|知道|清楚|另[说算])了?(?=$|[^\u4e00-\u9fff]|[只就光]))"
)
LACKS_US = re.compile(f"哪[^{GAP},。?!]{{0,6}}(?:没有?|冇得?|莫得)(?:{US.pattern})")
"""Which are without us: 哪件没我们的事."""
_IDLE = re.compile(
    "[^,。?!]*的(?:我|就|先|都)*不[看管要用]了?(?=$|[,。?!])"
    f"|(?:不(?:光|只|单|仅)仅?是?)(?:{US.pattern})的?"
    f"|(?:我|咱|俺)们?(?:要|好|想)[^{GAP},。?!]{{3,}}"
    f"|(?:^|(?<=[,。?!]))[^{GAP},。?!]{{1,5}}用(?=$|[,。?!])"
)
"""What is no part of a wish: 没有的我就不看了, 不光是我们的, 我好跟他们讲, 写标题用."""
OWNERS = re.compile(
    "[^,。?!\0]{0,3}(?:分别|各自?|都)(?:是|归|由|该)*(?:谁|哪[个家](?:单位|部门)?)"
    "[^,。?!]{0,4}"
    "|(?:连同|带上?|附上?|注明|标[明上出]|把)[^,。?!]{0,3}(?:单位|部门|谁家)的?"
    "(?:也|都)?(?:带上|标上|写上|附上|一并)?"
    "|谁带头谁(?:跟着|配合)"
)
"""Asks for the owners of each: 分别是谁, 连同牵头单位."""
_ASKS = re.compile("怎么|咋|钱|多少(?![项条件个样])")
_SPEAKS = re.compile(
    f"{_MARK}|{_KIND}|第{_SOME}[大小]?[块章节部]|[一二三四五六七八九十]大?部分"
)


_SAID = 0.3  # of the words by which a section is known, in one of its tasks
_LITTLE = 8  # characters of content beside a part, with which only it is asked for


class Part(Struct, frozen=True):
    """Sections spoken of at one place of a text, and whether they are left out."""

    sections: tuple[Section, ...]
    start: int
    end: int
    is_out: bool


class Parts(Struct, frozen=True):
    """What is wished for, what is left out, and the text with gaps in their place."""

    wanted: tuple[Section, ...] = ()
    out: tuple[Section, ...] = ()
    beside: str = ""


def parts_meant(ask: Ask) -> Parts:
    """Read which sections a question is about, and which it leaves out."""
    text = ask.question.nameless
    if not _SPEAKS.search(text):
        return Parts(beside=text)
    parts = list(_parts(ask, text))
    wanted = [section for one in parts if not one.is_out for section in one.sections]
    out = [section for one in parts if one.is_out for section in one.sections]
    return Parts(_deepest(wanted), _deepest(out), _beside(ask, text, parts))


def _beside(ask: Ask, text: str, parts: Sequence[Part]) -> str:
    """Blank in *text* what speaks of *parts*, and what is no part of a wish."""
    if not parts:
        return text
    for one in parts:
        text = _masked(text, one.start, one.end, GAP)
    spoken = {section.path for one in parts for section in one.sections}
    for _, name, section in names_in(text, ask.opened):
        if section.path in spoken:
            text = text.replace(name, GAP * len(name))
    for way in (OWNERS, _IDLE):
        text = way.sub(as_gap, text)
    return text


def says_little(left: str) -> bool:
    """Tell whether what is *left* of a question says hardly anything of its own."""
    if _ASKS.search(left):
        return False
    content = [char for char in left if char not in EMPTY and char != GAP]
    return len(content) <= _LITTLE


def leaves_part_out(ask: Ask) -> bool:
    """Tell whether some section is spoken of only to be left out."""
    said = ask.question.nameless
    if not (_OUT_BEHIND.search(said) or re.search("[除撇刨抛去]", said)):
        return False
    return bool(ask.once(parts_meant).out)


def _parts(ask: Ask, text: str) -> Iterator[Part]:
    """Find the places that speak of sections: by number, by name, by what they hold."""
    places = list(_numbered(text, ask.opened))
    for _, start, end in places:
        text = _masked(text, start, end, GAP)
    named = list(_named(text, ask.opened))
    places += named
    for _, start, end in named:
        text = _masked(text, start, end, GAP)
    for found in _WHOLE_KIND.finditer(text):
        chapter = _chapter_of(found[1], ask.opened)
        start, end = found.start(1), found.end()
        places += [(chapter, start, end)] if chapter else []
        text = _masked(text, start, end, GAP)
    places += _held(ask, text)
    said, holding = ask.question.nameless, ask.opened.once(_with_tasks)
    for sections, start, end in sorted(places, key=lambda place: place[1]):
        told = _OUT_BEHIND.match(said, end)
        is_out = (
            said[start:end].endswith(("之外", "以外"))
            or _OUT_BEFORE.search(said[:start]) is not None
            or told is not None
        )
        end = told.end() if told else end
        if all(one.path in holding for one in sections):
            yield Part(tuple(sections), start, end, is_out)


def _with_tasks(opened: OpenPlans) -> set[tuple[str, ...]]:
    """List the paths of the sections that hold tasks."""
    paths = (task.section_path for _, task in opened.tasks.values())
    return {path[:depth] for path in paths for depth in range(1, len(path) + 1)}


_Place = tuple[Sequence[Section], int, int]


def _masked(text: str, start: int, end: int, char: str) -> str:
    return text[:start] + char * (end - start) + text[end:]


def _numbered(text: str, opened: OpenPlans) -> Iterator[_Place]:
    """Find 第二部分, 第四个行动, 最后一个工程; of 第二大块第三小块 the section."""
    above: Section | None = None
    ended = 0
    for found in _ORDINAL.finditer(text):
        number = number_of(found[1] or found["of"] or "") or -1
        kind = next((word for word in ("工程", "行动") if word in found.group()), "")
        above = above if _WITHIN.fullmatch(text, ended, found.start()) else None
        ended = found.end()
        among = _below(above, kind, opened) if above or kind else _chapters(opened)
        places = range(-len(among), len(among))
        place = number - (number > 0)
        if place in places:
            above = among[place]
            yield (above,), *found.span()


def _chapters(opened: OpenPlans) -> list[Section]:
    return [one for one in opened.once(every_section) if len(one.path) == 1]


def _below(chapter: Section | None, kind: str, opened: OpenPlans) -> list[Section]:
    """List the sections below a chapter, or all that are of a kind: 行动."""
    every = (one for one in opened.once(every_section) if len(one.path) == 2)
    if kind:
        return [one for one in every if one.title.endswith(kind)]
    return [one for one in every if chapter and one.path[0] == chapter.path[0]]


def _chapter_of(kind: str, opened: OpenPlans) -> list[Section]:
    """Return the chapter that holds the 工程, or the 行动."""
    above = {one.path[0] for one in _below(None, kind, opened)}
    return [one for one in _chapters(opened) if one.path[0] in above][:1]


def _named(text: str, opened: OpenPlans) -> Iterator[_Place]:
    """Find the names behind which a word for a part stands, and whole titles."""
    found: list[tuple[Section, int, int, bool]] = []
    masked = text
    for name, section in _names(text, opened):
        start = masked.find(name)
        if start < 0:
            continue
        end = start + len(name)
        masked = _masked(masked, start, end, _NAME)
        found.append((section, start, end, name == fold(section.title)))
    for section, start, end, is_title in found:
        last = _AND.match(masked, end)
        behind = _BEHIND.match(masked, last.end() if last else end)
        if behind:
            yield (section,), start, behind.end()
        elif is_title:
            yield (section,), start, end


def _names(text: str, opened: OpenPlans) -> Iterator[tuple[str, Section]]:
    """List the names of sections in *text*, the longest first, then what is loose."""
    for _, name, section in names_in(text, opened):
        yield name, section
    for said, meant in _CALLED:
        if said in text:
            yield from ((said, section) for *_, section in names_in(meant, opened)[:1])


def _held(ask: Ask, text: str) -> Iterator[_Place]:
    """Find the sections known by what they hold: 云上平台在的那个工程."""
    for found in _LONE_MARK.finditer(text):
        words = topic_left(left_beside(found[1]))
        kind = next((one for one in ("工程", "行动") if one in found[2]), "")
        section = words and (
            section_hinted(words, ask.opened)
            or _of_task(ask, words)
            or section_opened_with(words, ask.opened)
        )
        if section and section.title.endswith(kind):
            yield (section,), *found.span()


def _of_task(ask: Ask, words: str) -> Section | None:
    """Return the section of the task that *words* surely find, and that says them."""
    found = ask.shelf.search(words, ask.plans)
    if not found or found[0].confidence < SURE:
        return None
    task = ask.opened.tasks[found[0].id][1]
    if covered(words, task.title + task.body) < _SAID:
        return None
    paths = {one.path: one for one in ask.opened.once(every_section)}
    return paths.get(task.section_path[:2])


def _deepest(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Drop the chapters of which a section is meant too, and what is said twice."""
    every = dict.fromkeys(sections)
    return tuple(
        one
        for one in every
        if not any(
            len(other.path) > len(one.path) and other.path[: len(one.path)] == one.path
            for other in every
        )
    )
