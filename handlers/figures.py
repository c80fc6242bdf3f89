"""A quantity that a question names: 知识产权公开课几期, 领导小组一年开几次会."""

import re
from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace
from rapidfuzz.distance import LCSseq

from bot.chinese import fold
from bot.messages import Reply
from handlers.intent import Answer, Ask, Intent
from handlers.not_held import refuse
from handlers.open_plans import OpenPlans
from handlers.people_meant import is_of_others
from handlers.phrases import GAP, Sign
from handlers.plan_facts import answer_targets
from handlers.question import Question
from handlers.quote import cite, refs
from handlers.sayings import Saying, bare, best_saying, pieces_of, weigh
from handlers.stated_figures import NO_NUMBER, NUMBER, Figure, figures_with
from handlers.time_spans import RHYTHM, with_former

_SURE = 0.55  # of the weight of a question's pieces, in and around a clause
_LEAST = 0.35  # the same, before a number in the unit asked for speaks for it
_BESIDE = 0.65  # of a piece's weight, where the sentence has it but not the clause
_SAID_BESIDE = 0.6  # of a question, in a sentence that has no number for it
_ORDER = 0.4  # of what is in order beyond the half
_HALF = 0.5
_BODY = 0.4  # where only the rest of the task has it
_MISSED = 0.4  # of the weight of known pieces that a figure may lack altogether
_TITLE = 0.6  # where only the title of the task or its heading has it
_IN_UNIT = 0.15  # for a number in the unit asked for
_OTHER_UNIT = 0.7  # against numbers in other units only
_OWN_GOAL = 0.2  # a goal of the whole plan is likelier meant than a task's figure
_LIKE = ("次回趟遍场期堂", "个家所座处台套站点", "人名位", "元块", "%成")
_TIMES = frozenset("次回趟遍场期")
_BULK = ("%", "元", "平方米", "天", "小时", "人次", "次", "回", "场", "期", "堂")
_ASKED = re.compile(
    r"(?:多少|几|百分之(?:多少|几))(?P<unit>人次|个小时|个(?:百分)?点|[个家所座处台套次回场期堂人名位项条部篇元块天页成种趟遍点])?"
    r"(?P<noun>[^,。?的呢吗啊]{2,8})?"
)
_ASIDE = re.compile(
    r"(?:一个?(?:月|季度|学期|周|星期)|每(?:月|季度|学期|周)|提[升高]?到|要把|达到|算|完成值?|分别|各|两个阶段|阶段|(?:要|需)?建(?:够|成|设|好)?(?=$)|次数|场次|人次|数量|规模|面积|名额|占比|多长时间|多久|一[次回]|请问|每年|一年|全年|全县|全区|每个|一共|总共|至少|不少于|不低于|超过|达到|需要|要求|要|得|应该?"
    r"|定(?:了|的)?|搞|终期|最终|最后|期末|(?:区|县)里的?|[区县]定|办|开展|举办|最少|最多|先|评选?|选树?|配备?|去|来|指标|目标|百分比|比例|数量|人数|数字)"
)
_DIMENSION = re.compile("多[长高远重宽](?![时期短])")
_UNIT_WORDS = (
    ("人次", "人"),
    ("人数", "人"),
    ("场次", "场"),
    ("次数", "次"),
    ("规模", "人"),
    ("面积", "平方米"),
    ("比例", "%"),
    ("占比", "%"),
    ("百分", "%"),
    ("多大", "平方米"),
    ("多长", "米"),
    ("多高", "米"),
    ("多远", "公里"),
    ("多重", "斤"),
)
_YEARLY = re.compile("一年|每年|全年|年度")
_OFTENER = re.compile("每(?:季度|月|周|学期)")
_PERIOD = 0.1
_POINTS = re.compile(  # to the task spoken of
    "第?[0-9一二三四五六七八九十]+(?:个|条|项)|[这那该本]+[个项条]?|任务|工作|活动|具体|它|呢"
)
_COUNTS_TASKS = re.compile(
    "任务|(?:多少|几)(?:项|条)(?!活动)|(?:行动|工程)(?:有|一共)?(?:多少|几)"
)
_YEAR = re.compile(r"(?:到)?(\d{4})年(?:底|末)?")


def _words(question: Question) -> str:
    """Take from a question what it counts and where: all but number words."""
    left = _YEAR.sub("", question.nameless.replace(GAP, ""))
    asked = _ASKED.search(left)
    noun = (asked and asked["noun"]) or ""
    left = left[: asked.start()] + noun + left[asked.end() :] if asked else left
    return bare(_ASIDE.sub("", left))


def _unit_asked(question: Question) -> str:
    asked = _ASKED.search(question.folded)
    if asked and asked["unit"]:
        return "%" if asked["unit"].endswith("点") else str(asked["unit"])
    said = question.folded
    return next((unit for word, unit in _UNIT_WORDS if word in said), "")


def _in_period(figure: Figure, said: str) -> float:
    """Favour 每年 where a year is asked about, and 每季度 less."""
    if not _YEARLY.search(said):
        return 0.0
    if "每年" in figure.clause:
        return _PERIOD
    return -_PERIOD if _OFTENER.search(figure.clause) else 0.0


def _said(figure: Figure, weights: Mapping[str, float], whole: float) -> float:
    """Say how much of the pieces a figure has, 0 to 1; its clause counts most.

    *whole* is the weight of all pieces together.
    """
    total = 0.0
    around = figure.around
    for piece in [piece for piece in weights if piece in around]:
        if piece in figure.clause:
            total += weights[piece]
        else:
            above, beside = piece in figure.title, piece in figure.sentence
            missed = (1 - _TITLE * above) * (1 - _BESIDE * beside)
            said = max(1 - missed, _BODY * (piece in figure.body))
            total += said * weights[piece]
    return total / whole


def _strays(figure: Figure, known: Mapping[str, float]) -> bool:
    """Tell whether the plan speaks elsewhere of much of what is asked, and not here.

    So 干部演练 is no 应急科普演练 where another task is about 干部.
    """
    plain = figure.whole
    missed = sum(weight for piece, weight in known.items() if piece not in plain)
    return missed > _MISSED * sum(known.values())


def _in_order(words: str, clause: str) -> float:
    """Say how many of the characters stand in the clause in their order, 0 to 1.

    So 市级科普基地 is found in 市级以上科普教育基地, and not in 村级科普传习点.
    """
    return LCSseq.similarity(words, clause) / len(words)


def _alike(asked: str, unit: str) -> bool:
    if asked == "个":  # said of anything that can be counted one by one
        return unit not in _BULK
    return asked in unit or any(asked in one and unit[0] in one for one in _LIKE)


def _is_in_unit(clause: str, asked: str) -> bool:
    """Tell whether a clause that is found for 多少次 does not count people: 60人次."""
    return asked not in _TIMES or _units(clause) != {"人次"}


def alone_in_unit(ask: Ask, measures: Iterable[str]) -> str:
    """Return the one figure of a task that counts times as asked, "" if none does.

    Who is understood to ask 几场 of a task means its only figure in 场.
    """
    asked = _unit_asked(ask.question)
    if asked not in _TIMES:
        return ""
    fits = [one for one in measures if asked in _units(fold(one))]
    return fits[0] if len(fits) == 1 else ""


def _units(clause: str) -> set[str]:
    return {one["unit"] for one in NUMBER.finditer(NO_NUMBER.sub("", clause))}


def is_asked(ask: Ask, said: str) -> bool:
    """Tell whether a figure that a plan states may be the one that is asked for.

    It is in the unit asked for, and its clause has some of the words.
    """
    clause, words = fold(said), _POINTS.sub("", _words(ask.question))
    if not _is_in_unit(clause, _unit_asked(ask.question)):
        return False
    return len(words) < 2 or any(piece in clause for piece in pieces_of(words))


def _in_unit(figure: Figure, asked: str) -> float:
    units = [m["unit"] for m in NUMBER.finditer(NO_NUMBER.sub("", figure.clause))]
    if not asked or not units:
        return 0.0
    return _IN_UNIT if any(_alike(asked, unit) for unit in units) else -_OTHER_UNIT


def _counts_it(figure: Figure, noun: str) -> bool:
    """Tell whether it is *noun* that is counted: 1名专员 counts no 企业.

    What follows the unit is what is counted; if nothing does, what goes before.
    """
    tail = noun[-2:]
    for found in NUMBER.finditer(figure.clause):
        after = figure.clause[found.end() :].strip("以上下左右的之内,。;")
        if tail in (after if len(after) > 1 else figure.clause[: found.start()]):
            return True
    return False


def _tells_how_often(figure: Figure, pieces: Collection[str]) -> bool:
    """Tell whether a figure says how often a thing is done that is asked about."""
    said = with_former(figure.clause, figure.sentence)
    if not RHYTHM.search(figure.clause) or not any(one in said for one in pieces):
        return False
    told = sum(piece in said or piece in figure.title for piece in pieces)
    return told > _HALF * len(pieces)


def _best(opened: OpenPlans, about: tuple[Question, bool]) -> Figure | None:
    """Find the figure that a question is about, of a year that it names or of any."""
    question, in_year = about
    words = _words(question)
    pieces = pieces_of(words)
    if len(words) < 2:
        return None
    weights = weigh(pieces, opened)
    known = {
        piece: weight
        for piece, weight in weights.items()
        if opened.sentences_with(piece)
    }
    asked = _ASKED.search(question.folded)
    unit = _unit_asked(question)
    noun = (asked and asked["noun"]) or ""
    noun = bare(_ASIDE.sub("", noun))
    years = _YEAR.findall(question.folded) if in_year else []
    is_often = question.has(Sign.HOW_OFTEN)
    whole = sum(weights.values()) or 1
    best: tuple[float, Figure] | None = None
    for figure in figures_with(opened, pieces):
        if years and str(figure.year) not in years:
            continue
        if is_often and not _tells_how_often(figure, pieces):
            continue
        said = _said(figure, weights, whole)
        if said + _ORDER * _HALF < _LEAST:
            continue
        order = _in_order(words, f"{figure.title}{figure.clause}")
        score = said + _ORDER * (order - _HALF)
        if score < _LEAST or (order < 1 and _strays(figure, known)):
            continue
        if len(noun) > 1 and not _counts_it(figure, noun):
            continue
        fit = _in_unit(figure, unit)
        score += _in_period(figure, question.folded)
        if not figure.is_measure and fit <= 0:
            continue
        score += fit + (_OWN_GOAL if figure.is_goal else 0)
        if best is None or score > best[0]:
            best = score, figure
    return best[1] if best and best[0] >= _SURE else None


def _in_any_year(ask: Ask) -> Figure | None:
    return ask.opened.once_for(_best, (ask.question, False))


def _in_its_year(ask: Ask) -> Figure | None:
    names_year = bool(_YEAR.search(ask.question.folded))
    return ask.opened.once_for(_best, (ask.question, names_year))


def _goals_beside(figure: Figure) -> list[str]:
    """List the other goals of the plan where one of them is the figure."""
    goals = [m.text for m in figure.plan.targets]
    if figure.stated not in goals:
        return []
    return [text for text in goals if text not in figure.quote][:3]


def _answer(ask: Ask) -> Answer:
    """Quote the figure, and say so where it is not divided among departments."""
    figure = _in_its_year(ask)
    if figure is None:
        return _of_other_year(ask)
    around = f"{figure.sentence}{figure.title}"
    if is_of_others(ask.question.folded, figure.clause, around):
        return _near_by(ask, figure, "文件未写明所问人群的数字。")
    if not _is_in_unit(figure.clause, _unit_asked(ask.question)):
        return _near_by(ask, figure, "文件未写明所问的次数。")
    quoted = "”；“".join([figure.quote, *_goals_beside(figure)])
    lines = [f"文件写明：“{quoted}”"]
    task = figure.task
    if task and len(task.owners) > 1:
        lines.append("文件未把指标分配到单位。")
    lines.append(f"依据：{cite(figure.plan)}{figure.where}。")
    tasks = refs([(figure.plan, task)]) if task else ()
    talk = replace(ask.talk, task_id=task.id if task else None, shown=(), offered="")
    return Answer(Reply("\n".join(lines), (), tasks), talk)


def _of_other_year(ask: Ask) -> Answer:
    """Say that the year asked about has no such figure, and what has."""
    figure = _in_any_year(ask)
    if figure is None or figure.is_goal:
        return answer_targets(ask)
    year = _YEAR.findall(ask.question.folded)[0]
    return _near_by(ask, figure, f"文件未写明{year}年的数字。")


def _near_by(ask: Ask, figure: Figure, missing: str) -> Answer:
    lines = [
        f"{missing}相近内容：“{figure.quote}”",
        f"依据：{cite(figure.plan)}{figure.where}。",
    ]
    return Answer(Reply("\n".join(lines)), ask.talk)


def _fits(ask: Ask) -> bool:
    question = ask.question
    asks = question.has(
        Sign.HOW_MUCH, Sign.TARGET, Sign.FIGURES, Sign.COUNT, Sign.HOW_OFTEN
    )
    if not asks or not (question.topic or question.sections):
        return False
    if question.has(Sign.WHO, Sign.US) or _COUNTS_TASKS.search(question.folded):
        return False
    if question.has(Sign.REPORT, Sign.RECEIVER, Sign.CONTACT, Sign.BODIES):
        return False
    if question.departments or question.clause or question.has(Sign.DETAIL, Sign.LIST):
        return False
    return _in_any_year(ask) is not None


FIGURE = Intent(name="figure", example="科技馆面积多少", fits=_fits, answer=_answer)


def _near(ask: Ask) -> Saying | None:
    return best_saying(ask, _words(ask.question), least=_SAID_BESIDE)


def _is_missing(ask: Ask) -> bool:
    """Tell whether only text outside the tasks speaks of it, without a number."""
    question = ask.question
    if not question.has(Sign.HOW_MUCH) or not question.topic or question.departments:
        return False
    if question.has(Sign.REPORT, Sign.TARGET, Sign.US, Sign.WHO, Sign.CONTACT):
        return False
    if _DIMENSION.search(question.folded):
        return True  # a figure in another unit is none
    near = ask.once(_near)
    return near is not None and near.task is None


NO_FIGURE = Intent(
    name="no_figure",
    example="",
    fits=_is_missing,
    answer=lambda ask: refuse(ask, "这一数字", near=ask.once(_near)),
)
