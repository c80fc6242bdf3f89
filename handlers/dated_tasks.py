"""Whose tasks have a date, or a share in percent: 有完成期限的, 要到百分之百的."""

import re

from msgspec.structs import replace

from handlers.choose import Pairs, chosen
from handlers.due_tasks import ends_of, of_whom, subject, things_in, with_dates
from handlers.intent import IN_PRIVATE, Answer, Ask, Intent
from handlers.loose_words import COUNT, NO_LIST, TELL, US, WHAT, left_beside, roles_in
from handlers.loosely import names_topic
from handlers.parts_meant import parts_meant, says_little
from handlers.phrases import GAP, Sign, as_gap
from handlers.quote import PAGE, clause_of
from handlers.show import numbering, show_list, where
from handlers.signs import ASKS_WHO

_TIME = "(?:日期|日子|期限|时限|年份|时间(?![段安表])|年月|哪一?年|哪一?个?月)"
_DATED = re.compile(
    f"(?:有|写|标|注|带|定|明)(?!没|冇)[^,。?!{GAP}]{{0,5}}{_TIME}"
    f"(?:[或和还是者]*{_TIME})?(?:之?前|以前)?(?:要|得|该|必须)*(?:完成|办完|干完|做完|要求)?"
)
_UNDATED = re.compile(
    f"[^,。?!]*(?:没有?|不|冇得?|莫得)[^,。?!{GAP}]{{0,4}}{_TIME}[^,。?!]*"
)
_WITH_DATES = re.compile(f"[^,。?!{GAP}]{{0,4}}{_TIME}[也都]?(?:带上|标上|写上|附上)")
_PERCENT = re.compile(
    "(?:要|需|得|该)?(?:求)?(?:达到|做到|到)?(?:某个)?"
    "(?P<share>百分(?:数|比|点)|百分之?百|100%)的?"
)
_YEAR = re.compile(r"到?(\d{4})年[底末]?(?:之?前|以前)?")


def _left(ask: Ask) -> tuple[str, str]:
    """Blank what is said of dates and shares; then all words of asking too."""
    text = ask.once(parts_meant).beside
    for way in (_UNDATED, _WITH_DATES, _DATED, _PERCENT, _YEAR):
        text = way.sub(as_gap, text)
    return text, left_beside(text)


def _is_plain(ask: Ask) -> bool:
    """Tell whether a list is asked for, and nothing named beside dates and shares."""
    text = ask.question.nameless
    wishes = any(way.search(text) for way in (WHAT, COUNT, TELL)) or text.endswith("的")
    if not wishes or NO_LIST.search(text) or ask.question.has(*ASKS_WHO):
        return False
    beside, left = ask.once(_left)
    if things_in(beside, left):
        return False  # 哪几个合同
    return says_little(left) and not names_topic(ask, left)


def _is_dated(ask: Ask) -> bool:
    """Tell whether those of somebody's tasks are asked for that have a date."""
    text = ask.question.nameless
    dated = _DATED.search(_UNDATED.sub("", text))
    if not dated or ask.question.has(Sign.REPORT):
        return False
    whose = ask.question.departments or US.search(text) or roles_in(text)
    return bool(whose) and _is_plain(ask)


def _has_share(ask: Ask) -> bool:
    """Tell whether the tasks are asked for that state a share in percent."""
    return bool(_PERCENT.search(ask.question.nameless)) and _is_plain(ask)


def _answer_dated(ask: Ask) -> Answer:
    """List the tasks that have a date, and quote the dates."""
    theirs = _in_role(ask)
    pairs = [(plan, task) for plan, task in chosen(theirs) if ends_of(task)]
    head = _head(theirs, pairs, "写明完成期限")
    listed = show_list(ask, head, pairs)
    return with_dates(listed, pairs) if pairs else listed


def _in_role(ask: Ask) -> Ask:
    """Narrow to whoever is meant: 牵头的 without a name are ours."""
    theirs, roles = of_whom(ask), roles_in(ask.question.nameless)
    signs = theirs.question.signs
    if roles and not theirs.question.departments:
        signs = signs | roles | {Sign.US}
    return theirs.about(replace(theirs.question, signs=frozenset(signs)))


def _answer_share(ask: Ask) -> Answer:
    """List the tasks that state a share, all of it or in a year if so asked."""
    said = _PERCENT.search(ask.question.nameless)
    year = _YEAR.search(ask.question.nameless)
    whole = said is not None and not said["share"].startswith(
        ("百分数", "百分比", "百分点")
    )
    theirs, pairs, quoted = of_whom(ask), [], []
    for plan, task in chosen(theirs):
        shares = [
            one
            for one in task.measures
            if one.unit == "%"
            and (one.number == 100 or not whole)
            and (not year or one.year == int(year[1]))
        ]
        pairs += [(plan, task)] if shares else []
        quoted += [f"“{one.text}”{clause_of(task)}" for one in shares]
    listed = show_list(ask, _head(theirs, pairs, "写明百分数"), pairs)
    text = f"{listed.reply.text}\n{'；'.join(quoted[: 2 * PAGE])}。"
    return replace(listed, reply=replace(listed.reply, text=text)) if pairs else listed


def _head(ask: Ask, pairs: Pairs, what: str) -> str:
    count = f"共 {len(pairs)} 项{numbering(pairs)}：" if pairs else "没有查到。"
    return f"{subject(ask)}{where(ask)}中{what}的任务{count}"


DATED_TASKS = Intent(
    name="dated_tasks",
    example="",
    in_groups=False,
    elsewhere=IN_PRIVATE,
    fits=_is_dated,
    answer=_answer_dated,
)
SHARES = Intent(
    name="shares",
    example="",
    in_groups=False,
    elsewhere=IN_PRIVATE,
    fits=_has_share,
    answer=_answer_share,
)
