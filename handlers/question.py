"""A question read: who and what it names, what is wanted, and what topic is left."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from msgspec import Struct, structs

from bot.chinese import fold
from bot.departments import Certainty, Departments, Mention
from bot.facts import Section
from handlers.courtesy import without_courtesies
from handlers.open_plans import OpenPlans
from handlers.our_words import in_our_words
from handlers.phrases import EMPTY, GAP, Sign, take_signs
from handlers.sections import chapter_named, sections_named
from handlers.spelling import respell

_HAN = "一二三四五六七八九十"
_DIGITS = {char: value for value, char in enumerate(_HAN, start=1)} | {"两": 2}
_ORDINAL = re.compile(
    rf"(?:序号|编号)(\d{{1,3}})|(?:第|^那?看?(?=.{{1,3}}[个项条件点](?![面走跨进]|全面)))(\d{{1,3}}|[{_HAN}两]{{1,3}})(?:个|项|条|件|点)(?!单位|部门|局|月|人|任务|行动)"
    rf"|第(\d{{1,3}}|[{_HAN}]{{1,3}})(?:个|项|条|件)?(?:任务)?(?![年家]|[大小]?[块章节]|部分)|^(\d{{1,3}})[.、。?]?$|(最后一?)(?:个|项|条)"
    r"|(?:看|选|要)(\d{1,3})$|^(\d{1,3})(?=详细|原文|说说|展开|的)"
)
_FROM_END = re.compile(
    rf"倒数第?(\d{{1,2}}|[{_HAN}两]{{1,2}})(?:个|项|条|件)?(?:任务)?"
)
_CLAUSE = re.compile(
    rf"(?:[{_HAN}]{{1,3}})?[(（][{_HAN}]{{1,3}}[)）]\d{{0,3}}(?:[(（]\d{{1,2}}[)）])?"
)
_WRONG_ORGAN = re.compile(
    r"(?<=\w\w)(?:[居句具剧](?!民|住|家|本|场|院|目|团|组)|伟(?!大|业|人|岸))"
)
_ORGANS = {"居": "局", "句": "局", "具": "局", "剧": "局", "伟": "委"}
_WORK = frozenset(("任务", "工作", "工作任务", "重点任务", "事项"))
_LONGEST = 300  # characters of a message that are read as a question


class Question(Struct, frozen=True, kw_only=True):
    """What a question says.

    `departments` are names as the plans write them, in the order of the question;
    `mentions` say how each was recognised; `strangers` are departments that no plan
    at hand names; `without` are those whose tasks are left out, `apart` the sections
    whose tasks are; `roles` say which of the departments is to have which role, where
    they are told apart. `nameless` is `folded` with a gap, as long as what it replaces,
    for each mention. `ordinal` is the
    number in 第三个 (-1: the last, -2: 倒数第二个), `clause` a folded clause such as
    二(一)4. `content` is what remains when every phrase of asking and every
    department is taken away; `topic` the same without the sections' names, "" if
    nothing of content is left.
    """

    words: str
    folded: str
    nameless: str = ""
    signs: frozenset[Sign] = frozenset()
    departments: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    strangers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    roles: tuple[tuple[str, Sign | None], ...] = ()
    sections: tuple[Section, ...] = ()
    apart: tuple[Section, ...] = ()
    ordinal: int | None = None
    clause: str = ""
    content: str = ""
    topic: str = ""

    def has(self, *signs: Sign) -> bool:
        """Tell whether any of *signs* was found."""
        return not self.signs.isdisjoint(signs)

    @property
    def bare(self) -> bool:
        """Whether it names nothing by itself, so that it leans on what was said."""
        return not (self.topic or self.sections or self.strangers or self.clause)


def number_of(words: str) -> int:
    """Read an ordinal up to 99 in digits or in Chinese; 0 if it is none."""
    if words.isdecimal():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    value = _DIGITS.get(ones, 0)
    return value + (10 * _DIGITS.get(tens, 1) if ten else 0)


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    chars = list(text)
    for start, end in spans:
        chars[start:end] = GAP * (end - start)
    return "".join(chars)


def _take_ordinal(text: str) -> tuple[int | None, str]:
    last = _FROM_END.search(text)
    if last:
        return -number_of(last[1]) or None, _blank(text, [last.span()])
    found = _ORDINAL.search(text)
    if not found:
        return None, text
    words = next(group for group in found.groups() if group)
    value = -1 if words.startswith("最后") else number_of(words)
    return (value or None), _blank(text, [found.span()])


def _take_clause(text: str) -> tuple[str, str]:
    found = _CLAUSE.search(text)
    if not found:
        return "", text
    return found.group(), _blank(text, [found.span()])


def topic_left(text: str) -> str:
    """Join what is left of a question; "" if only words without content are left."""
    parts = (part.strip(",。?!、;: ") for part in text.split(GAP))
    left = "".join(part for part in parts if not EMPTY.issuperset(part))
    content = [char for char in left if char not in EMPTY]
    return left if len(content) >= 2 and left not in _WORK else ""


def _mentions(
    folded: str, departments: Departments, among: Sequence[str]
) -> tuple[str, tuple[Mention, ...]]:
    """Find the departments named; 文旅居 is heard as 文旅局 if so more are found."""
    mentions = departments.find(folded, among=among)
    mended = _WRONG_ORGAN.sub(lambda wrong: _ORGANS[wrong.group()], folded)
    if mended == folded:
        return folded, mentions
    heard = tuple(
        mention
        if _written(mention, folded) == mention.written
        else replace(
            mention, certainty=Certainty.SOUND, written=_written(mention, folded)
        )
        for mention in departments.find(mended, among=among)
        if _written(mention, folded) == mention.written
        or mention.certainty is Certainty.EXACT
    )
    return (mended, heard) if len(heard) > len(mentions) else (folded, mentions)


def _written(mention: Mention, folded: str) -> str:
    return folded[mention.start : mention.end]


def read_question(words: str, opened: OpenPlans, *, ours: str) -> Question:
    """Read a question against the departments and sections of the plans at hand.

    *ours* is the asker's department, "" for none. A name that the tasks themselves
    speak of (科技馆) is a topic and no department unknown to the plans. Buttons and
    commands say the same again and again: that is read once.
    """
    said = without_courtesies(words, is_known=bool(ours))
    return opened.once_for(_read, (said[:_LONGEST], ours))


def _read(opened: OpenPlans, said: tuple[str, str]) -> Question:
    words, ours = said
    departments, among = opened.directory, opened.names
    if ours and ours not in among:
        among = (*among, ours)
    folded = in_our_words(respell(fold(words)), ours)
    folded, mentions = _mentions(folded, departments, among)
    nameless = _blank(folded, [(mention.start, mention.end) for mention in mentions])
    named = tuple(dict.fromkeys(mention.department for mention in mentions))
    clause, text = _take_clause(nameless)
    signs, rest = take_signs(text)
    chapters, rest = chapter_named(rest, opened)
    ordinal, rest = _take_ordinal(rest)
    if clause and ordinal and ordinal > 0 and clause.endswith(")"):
        clause = f"{clause}{ordinal}"
    found, beside = sections_named(rest, opened)
    strangers = tuple(
        name
        for name in departments.names(beside)
        if name not in named and name not in opened.wording
    )
    for name in strangers:
        rest = rest.replace(fold(name), GAP)
        beside = beside.replace(fold(name), GAP)
    content = topic_left(rest)
    return Question(
        words=words,
        folded=folded,
        nameless=nameless,
        signs=frozenset(signs),
        departments=named,
        mentions=mentions,
        strangers=strangers,
        sections=found or chapters,
        ordinal=ordinal,
        clause=clause,
        content=content,
        topic=topic_left(beside) if beside != rest else content,
    )


def leaning_on(earlier: Question, now: Question) -> Question:
    """Read a follow-up such as 那应急局呢: what it names replaces what was named."""
    if now.has(Sign.US) and not now.departments:
        earlier = structs.replace(earlier, departments=(), mentions=())
    return structs.replace(
        earlier,
        words=now.words,
        folded=now.folded,
        nameless=now.nameless,
        signs=_merged(earlier, now),
        departments=now.departments or earlier.departments,
        mentions=now.mentions or earlier.mentions,
        strangers=now.strangers or earlier.strangers,
        sections=now.sections or earlier.sections,
        ordinal=now.ordinal,
        content=now.content or earlier.content,
        topic=now.topic or earlier.topic,
    )


def _merged(earlier: Question, now: Question) -> frozenset[Sign]:
    signs = set(earlier.signs | now.signs)
    if (now.departments or now.strangers) and Sign.US not in now.signs:
        signs.discard(Sign.US)
    if now.has(Sign.LEAD):
        signs.discard(Sign.HELP_WITH)
    if now.has(Sign.HELP_WITH):
        signs.discard(Sign.LEAD)
    return frozenset(signs)
