"""Lists asked for in a roundabout way: 领导又催了，咱局到底摊上几个活儿.

Read only where nothing else fits: such a message would be searched for as a topic. A
list of a department's tasks is nothing invented, so that it is enough that somebody
seems to wish for one and names nothing else for sure.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from bot.departments import Certainty
from bot.facts import Section
from bot.messages import Reply
from bot.plans.finding.found import SURE
from handlers.choose import IN_ROLE, all_tasks, is_lead, no_lead_known, own_tie
from handlers.department_tasks import DEPARTMENT_TASKS, answer_departments
from handlers.intent import IN_PRIVATE, Answer, Ask, Intent
from handlers.list_points import LIKELY, SURELY, points
from handlers.loose_words import (
    ALL_OVER,
    ASIDE,
    BOTH,
    COUNT,
    EACH,
    JOINT,
    LEFT_OUT,
    MISREAD,
    NO_LIST,
    OWN_COUNT,
    SHARED_OUT,
    US,
    WITH_THEM,
    WITH_US,
    WITHOUT,
    asks_else,
    asks_roles,
    left_beside,
    roles_in,
    speaks_of_tasks,
    wishes_list,
    wishes_tasks,
)
from handlers.parts_meant import LACKS_US, leaves_part_out, parts_meant, says_little
from handlers.phrases import EMPTY, GAP, Sign, as_gap
from handlers.question import Question, topic_left
from handlers.roles_named import Roles, groups_named, roles_apart
from handlers.sections import section_hinted, sections_named
from handlers.show import where

_NAMES_IT = 3  # characters in a row that the tasks say too
_AFTER_NAME = frozenset(
    "0123456789一二两三四五六七八九十几仨俩就不没只光还除总共到牵主打配参挑带领有是要的全"
    "绑搅搭都名这那口扛同并合联"
)
_BEFORE_HALF = re.compile(
    "(?:^|[,。?])(?:就|换成|要|光|请|把)?|(?:咱们?|我们|俺们?|额们|本)|(?:跟|和|同|与|&)(?!我|咱|俺)"
)
OF_SECTION = re.compile("工程|行动|板块|[那这](?:一)?[块节]|部分")
_OF_A_KIND = re.compile("工程|行动")
_ORGANS = "局委部办会"
_KIND = re.compile("([\u4e00-\u9fff]{2,4})的(?=任务|工作|活儿?(?:$|[^动力跃泼]))")
_SAYING_NOTHING = str.maketrans("", "", "".join({*EMPTY, GAP}))
_HALF = (2, 3)  # characters of a name said without its 局
_ROLES = frozenset((*IN_ROLE, Sign.SOLE))


def _half_named(ask: Ask, text: str) -> tuple[str, str]:
    """Find a department by half of its name, first or after 跟: 工信 5条."""
    for before in _BEFORE_HALF.finditer(text):
        for length in _HALF:
            start = before.end()
            name, after = text[start : start + length], text[start + length :]
            if GAP in name or (after and after[0] not in _AFTER_NAME):
                continue
            for whole in (name, *(f"{name}{organ}" for organ in _ORGANS)):
                found = ask.departments.find(whole, among=ask.opened.names)
                if len(found) == 1 and found[0].certainty is Certainty.EXACT:
                    beside = text[:start] + GAP * len(name) + after
                    return found[0].department, beside
    return "", text


def _is_shared(text: str, named: int, *, ours: bool) -> bool:
    """Tell whether the tasks of all that are named together are wished for."""
    if JOINT.search(text):
        return named > 0 or ours
    return named == 1 and bool(WITH_US.search(text) or WITH_THEM.search(text))


def left_out(ask: Ask, text: str) -> tuple[str, ...]:
    """List those without whom tasks are wished for: 不带科协的, 科协不在里面的."""
    before = {found.end() for found in WITHOUT.finditer(text)}
    behind = {found.start() for found in LEFT_OUT.finditer(text)}
    return tuple(
        one.department
        for one in ask.question.mentions
        if one.start in before or one.end in behind
    )


def _roles(ask: Ask, text: str, without: Sequence[str]) -> Roles:
    """Tell which of those named is to have which role: 宣传部牵头、又写着我们的."""
    if no_lead_known(ask) or "还是" in text:
        return ()
    own = ask.asker.department
    mentions = [one for one in ask.question.mentions if one.department not in without]
    groups = groups_named(text, mentions, ours=own)
    return tuple(roles_apart(text, groups, ours=own).items())


def _is_of_anyone(text: str, signs: AbstractSet[Sign]) -> bool:
    """Tell whether tasks are wished for, whosesoever they are, where nobody is named.

    两家一起牵头的, 全县有哪几项是一家单干的.
    """
    if JOINT.search(text) and Sign.LEAD in signs:
        return True
    return Sign.SOLE in signs and ALL_OVER.search(text) is not None


def list_wished(ask: Ask) -> Question | None:
    """Read whose tasks are wished for, and in which role; None if none seem to be."""
    question, text = ask.question, ask.question.nameless
    sounds = points(text)
    without = left_out(ask, text)
    text = SHARED_OUT.sub(as_gap, text)
    named = tuple(one for one in question.departments if one not in without)
    if not named or JOINT.search(text) or WITH_US.search(text):
        half, text = _half_named(ask, text)
        named += (half,) if half and half not in named else ()
    beside, apart = _beside_parts(ask, text), ask.once(parts_meant).out
    signs, ours = roles_in(beside), US.search(beside) is not None
    counts_ours = bool(OWN_COUNT.search(text) and COUNT.search(text))
    spoken = signs or without or BOTH.search(text) or counts_ours
    of_asker = sounds >= LIKELY and bool(ask.asker.department)
    of_somebody = named or ours or spoken
    if not (of_somebody or of_asker) or _names_stranger(ask):
        return None
    left = left_beside(beside)
    if _is_of_another_kind(beside, left):
        return None
    left, sections = sections_in(ask, left, beside)
    if not (sections or apart) and _OF_A_KIND.search(text):
        return None  # 残疾人行动 is none of ours
    if sections and (LACKS_US.search(text) or not of_somebody):
        return None  # of nobody in particular
    roles = _roles(ask, text, without)
    shared = bool(roles) or _is_shared(text, len(named), ours=ours)
    says_all = bool(spoken or shared or sections) and not topic_left(left)
    is_part = bool(sections or apart) and says_little(left)
    is_part = is_part and not NO_LIST.search(text)
    is_worded = wishes_list(text) or says_all or is_part
    is_worded = is_worded and not asks_else(beside)
    if not is_worded and (sounds < LIKELY or not speaks_of_tasks(text)):
        return None
    if sounds < SURELY and names_topic(ask, left):
        return None
    signs |= {Sign.LIST} | (question.signs & {Sign.WHO})
    of_anyone = _is_of_anyone(text, signs) or bool(without and sections)
    if of_anyone and not (named or ours):
        signs.add(Sign.ANYONE)
    elif not named or (shared and (ours or WITH_THEM.search(text))):
        signs.add(Sign.US)
    signs |= {Sign.JOINT} if shared or JOINT.search(text) else set()
    found = replace(question, signs=frozenset(signs), departments=named, roles=roles)
    found = replace(found, strangers=(), topic="", without=without)
    return replace(found, sections=sections, apart=apart)


def _is_of_another_kind(text: str, left: str) -> bool:
    """Tell whether the tasks wished for are of a kind that is no list of ours.

    联合执法的任务: two characters before it say something (*left* of the question).
    """
    return any(
        len(left[slice(*kind.span(1))].translate(_SAYING_NOTHING)) > 1
        for kind in _KIND.finditer(text)
    )


def _beside_parts(ask: Ask, text: str) -> str:
    """Blank in *text* the places that speak of sections."""
    beside = ask.once(parts_meant).beside
    pairs = zip(text, beside, strict=True)
    return "".join(GAP if blank == GAP else char for char, blank in pairs)


def sections_in(ask: Ask, left: str, text: str) -> tuple[str, tuple[Section, ...]]:
    """Find the sections named, or hinted at, and what is left beside them."""
    parts = ask.once(parts_meant)
    if parts.wanted or parts.out:
        return left, parts.wanted
    if not OF_SECTION.search(text):
        return left, ()
    sections, beside = sections_named(left, ask.opened)
    if sections:
        return OF_SECTION.sub(GAP, beside), sections
    hinted = section_hinted(text, ask.opened)
    return (GAP, (hinted,)) if hinted else (left, ())


def _names_stranger(ask: Ask) -> bool:
    return any(map(ask.departments.is_listed, ask.question.strangers))


def names_topic(ask: Ask, left: str) -> bool:
    """Tell whether what is *left* of a question surely names a matter of the plans."""
    words = topic_left(left)
    if not words:
        return False
    for part in left.split(GAP):
        pieces = (part[i : i + _NAMES_IT] for i in range(len(part) - _NAMES_IT + 1))
        if any(EMPTY.isdisjoint(one) and ask.is_said(one) for one in pieces):
            return True
    found = ask.shelf.search(words, ask.plans)
    return bool(found) and found[0].confidence >= SURE


def is_list_wished(ask: Ask) -> bool:
    """Tell whether the tasks of a department seem to be wished for."""
    return ask.once(list_wished) is not None


def wishes_own_list(ask: Ask) -> bool:
    """Tell whether the tasks of a department are plainly wished for.

    Then words such as 列个表 and 昨天开会 ask for no form and no timetable.
    """
    text = ask.question.nameless
    is_plain = wishes_tasks(text) or points(text) >= SURELY
    return is_plain and is_list_wished(ask)


def _answer(ask: Ask) -> Answer:
    question = ask.once(list_wished)
    assert question is not None, "the intent fits only where a list is wished for"
    return answer_departments(ask.about(question))


def _is_misread(ask: Ask) -> bool:
    """Tell whether the cheap reading would list tasks that are not wished for."""
    question = ask.question
    said = MISREAD.search(question.folded) or left_out(ask, question.nameless)
    kinds = question.has(Sign.KINDS_OF_SECTION) and ask.once(parts_meant).wanted
    if said or kinds or leaves_part_out(ask):
        return is_list_wished(ask)
    text = question.nameless  # most speak of no role: nothing in them is misread
    if not (asks_roles(text) or ASIDE.search(text)):
        return False
    wish = ask.once(list_wished) if DEPARTMENT_TASKS.fits(ask) else None
    if wish and (wish.roles or ASIDE.search(text)):
        return True
    roles = wish.signs & _ROLES if wish else None
    return bool(roles) and roles != question.signs & _ROLES


def _counts_each(ask: Ask) -> bool:
    """Tell whether the tasks of each of several departments are to be counted."""
    several = len(ask.question.departments) > 1
    return several and EACH.search(ask.question.folded) is not None


def _answer_each(ask: Ask) -> Answer:
    """Count the tasks of each department: 卫健局和应急局谁的任务多，各是几项."""
    pairs = all_tasks(ask)
    told = []
    for name in ask.question.departments:
        ties = [own_tie(ask, task, name) for _, task in pairs]
        leads = [own_tie(ask, task, name, fits=is_lead) for _, task in pairs]
        count = f"{name} {len(ties) - ties.count(None)} 项"
        led = f"（牵头 {len(leads) - leads.count(None)} 项）"
        told.append(count if no_lead_known(ask) else count + led)
    return Answer(Reply(f"{where(ask)}中，{'、'.join(told)}。"), ask.talk)


COUNT_EACH = Intent(
    name="count_each",
    example="",
    in_groups=False,
    elsewhere=IN_PRIVATE,
    fits=_counts_each,
    answer=_answer_each,
)
MISREAD_LIST = Intent(
    name="misread_list",
    example="",
    in_groups=False,
    elsewhere=IN_PRIVATE,
    fits=_is_misread,
    answer=_answer,
)
LOOSE_LIST = Intent(
    name="loose_list",
    example="",
    in_groups=False,
    elsewhere=IN_PRIVATE,
    fits=is_list_wished,
    answer=_answer,
)
