"""When something is due, what is to be reported, and to whom; never a date invented."""

import re
from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from bot.chinese import fold
from bot.facts import Duty, DutyKind
from bot.messages import Reply
from bot.model import Plan
from bot.plans.review import rhythm_in_words
from handlers.intent import Answer, Ask, Intent
from handlers.loosely import names_topic, wishes_own_list
from handlers.open_plans import OpenPlans
from handlers.phrases import Sign, as_gap
from handlers.quote import cite, covered, doc_of
from handlers.sayings import bare, pieces_of
from handlers.signs import ASKS_WHEN, BODY, HAND_IN, PAPERS, WHICH
from handlers.time_spans import SO_OFTEN

_PLANS = 5  # of which one answer tells, a line each
_ON_IT = 0.5  # of the pieces of a topic, in the duties to report
_NAMED = 2  # characters that name something
_RHYTHMS = 3  # that are told where none is named
_PAPERS = re.compile(
    "[上下]?半拉?年(?:报|那个)?|全年|年[度终](?!奖)|材料|总结|落实情况|报告(?!会)"
)
_HANDED_IN = re.compile("报送|上报|[交报送](?!通|给)")
_HAN = "\u4e00-\u9fff"
_ENDS_IT = f"{PAPERS}|[呢啊吗呀吧嘛哦的去那手才就]|一下|上去|过去"
_TO_WHOM_ELSE = re.compile(
    f"(?:给|向|往|跟)(?:谁|{WHICH}{BODY})(?!{HAND_IN}?(?:{_ENDS_IT}|$|[^{_HAN}]))[{_HAN}]"
)
_GIVEN_TO = re.compile(
    f"(?P<thing>[{_HAN}]{{2,}}?)(?:都|是|要|该|应该?|得)*{HAND_IN}(?:给|到|往|去)*"
    f"(?:谁|{WHICH}{BODY}|哪)"
)
_NO_THING = re.compile(f"(?:{PAPERS}|[完好了齐的后])$")
_OTHER_PAPERS = re.compile(
    "(?:述职|发言|入党|党建|申[报请]|职称|报销|检讨|心得|体会|讲话|廉政|巡察|审计|[预决]算|财务"
    "|考勤|会议|评优|证明)(?:的)?(?:材料|报告|总结)"
)
_DAYS = re.compile(
    r"几号|哪一?天|啥时候?|什么时候|何时|截止|\d+月(?:\d+|底)|[一二三四五六七八九十]+月[底一二三四五六七八九十]"
)
_BELIEVED = re.compile("[我俺](?:记|寻思|以为|印象)(?:[的得着]|里|中)?(?:是)?")
_WEEKDAYS = "一二三四五六日"


def dated_reports(plan: Plan) -> list[Duty]:
    """List the report duties of a plan that have a day, in the order of the plan."""
    return [
        duty
        for duty in plan.duties
        if duty.kind is DutyKind.REPORT and (duty.day or duty.month)
    ]


def _reports(plan: Plan) -> list[Duty]:
    return [duty for duty in plan.duties if duty.kind is DutyKind.REPORT]


def _day_told(duty: Duty, plan: Plan, today: date) -> str:
    if duty.day:
        return f"{duty.day.year}年{duty.day.month}月{duty.day.day}日"
    if not duty.month:
        return rhythm_in_words(duty.rhythm) or "未写明日期，"
    if not duty.day_of_month:
        return f"每年{duty.month}月"
    following = f"次年{duty.month}月" in duty.text.replace(" ", "")
    each = "次年" if following else "每年"
    told = f"{each}{duty.month}月{duty.day_of_month}日前"
    coming = _coming(duty.month, duty.day_of_month, today)
    if coming is None:
        return told
    day = f"{coming.year}年{coming.month}月{coming.day}日"
    weekday = f"周{_WEEKDAYS[coming.weekday()]}"
    if _is_over(plan, coming.year - (each == "次年")):
        return f"{told}（{day}为{weekday}）"
    return f"{told}（下一次：{day}，{weekday}）"


def _is_over(plan: Plan, year: int) -> bool:
    """Tell whether a report about *year* lies beyond what the plan is made for."""
    last = plan.validity.last if plan.validity else None
    return last is not None and year > last.year


def _over(plan: Plan, today: date) -> list[str]:
    """Say that a plan has run out: its dates are then no dates to come."""
    last = plan.validity.last if plan.validity else None
    if last is None or last >= today:
        return []
    day = f"{last.year}年{last.month}月{last.day}日"
    return [f"方案期限（至{day}）已过，是否继续报送以办公室通知为准。"]


def _coming(month: int, day: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            on = date(year, month, day)
        except ValueError:  # 29 February in a common year
            continue
        if on >= today:
            return on
    return None


def _wanted(duties: Sequence[Duty], words: str) -> list[Duty]:
    """Keep the half-year or the annual report where the question names one."""
    words = words.replace("下半年", "全年").replace("后半年", "全年")
    half = any(word in words for word in ("半年", "年中"))
    full = any(
        word in words for word in ("全年", "年度", "年终", "年底", "年末", "年报")
    )
    if "半年报" in words or "一年报" in words:
        full = False
    if half == full:
        return list(duties)
    kept = [duty for duty in duties if ("半年" in duty.what) == half]
    return kept or list(duties)


def answer_deadline(ask: Ask) -> Answer:
    """Tell the days on which reports are due, with receiver and source."""
    lines: list[str] = []
    if len(ask.plans) == 1:
        lines += _deadline_lines(ask, ask.plan)
    else:
        lines += [_brief(ask, plan) for plan in ask.plans[:_PLANS]]
        lines += _left_out(ask)
    talk = replace(ask.talk, asked=ask.question.words, task_id=None, shown=())
    return Answer(Reply("\n".join(lines)), talk)


def _left_out(ask: Ask) -> list[str]:
    left = len(ask.plans) - _PLANS
    return [f"另有 {left} 份文件，可写明文号再问。"] if left > 0 else []


def _brief(ask: Ask, plan: Plan) -> str:
    """Tell the dates of one plan among several in a line, with its source."""
    duties = _wanted(dated_reports(plan), ask.question.folded)
    if not duties:
        return f"{doc_of(plan)}：未写明报送时限。"
    today = ask.at.date()
    told = "；".join(
        f"{_day_told(duty, plan, today)}报送{duty.what or '落实情况'}"
        for duty in duties[:3]
    )
    return f"{doc_of(plan)} {duties[0].where}：{told}。{''.join(_over(plan, today))}"


def _deadline_lines(ask: Ask, plan: Plan) -> list[str]:
    duties = _wanted(dated_reports(plan), ask.question.folded)
    rhythms = [duty for duty in plan.duties if duty.rhythm and not duty.month]
    if rhythms and ask.question.has(Sign.HOW_OFTEN) and not _of_reports(ask, duties):
        words = bare(SO_OFTEN.sub("", ask.question.folded))
        rhythm = max(rhythms, key=lambda duty: covered(words, duty.text))
        if len(words) < _NAMED or not covered(words, rhythm.text):
            return _which_rhythm(plan, rhythms)
        return [f"文件写明：“{rhythm.text}”", f"依据：{cite(plan)}{rhythm.where}。"]
    if not duties:
        return _not_written(plan)
    today = ask.at.date()
    lines = [
        f"{_day_told(duty, plan, today)}报送{duty.what or '落实情况'}"
        f"{f'，报{duty.to}' if duty.to else ''}。"
        for duty in duties[:3]
    ]
    who = "、".join(duties[0].who)
    lines += [f"报送单位：{who}。"] if who else []
    return [
        *lines,
        f"原文：“{duties[0].text}”",
        f"依据：{cite(plan)}{duties[0].where}。",
        *_over(plan, today),
    ]


def _which_rhythm(plan: Plan, rhythms: Sequence[Duty]) -> list[str]:
    """Ask what is meant where only 多久一次 is said, and tell what there is."""
    told = [f"“{duty.text}”〔{duty.where}〕" for duty in rhythms[:_RHYTHMS]]
    return ["请写明是哪件事多久一次。文件写明的有：", *told, f"依据：{cite(plan)}。"]


def _of_reports(ask: Ask, duties: Sequence[Duty]) -> bool:
    """Tell whether 一年报几次 is asked, and not how often the work is summed up."""
    said = ask.question.folded
    return bool(duties) and "总结一次" not in said and any(w in said for w in "报交送")


def _not_written(plan: Plan) -> list[str]:
    lines = [
        f"{cite(plan)}未写明报送时限，文件中没有这样的日期；如办公室另有通知，以通知为准。"
    ]
    rhythms = [duty for duty in plan.duties if duty.rhythm]
    lines += [f"相近内容：{duty.where}“{duty.text}”" for duty in rhythms[:1]]
    return lines


def answer_receiver(ask: Ask) -> Answer:
    """Tell to whom reports go, if the plan says so."""
    lines: list[str] = []
    for plan in ask.plans[:_PLANS]:
        duties = [
            duty for duty in _wanted(_reports(plan), ask.question.folded) if duty.to
        ]
        if not duties:
            lines.append(f"{cite(plan)}未写明向谁报送；需要请咨询办公室。")
            continue
        receivers = "、".join(dict.fromkeys(duty.to for duty in duties))
        if len(ask.plans) > 1:
            lines.append(f"{doc_of(plan)} {duties[0].where}：报送给{receivers}。")
            continue
        lines.append(f"报送给：{receivers}。")
        lines += [
            f"{_day_told(duty, plan, ask.at.date())}报{duty.what}。"
            for duty in duties[:3]
        ]
        who = "、".join(duties[0].who)
        lines += [f"报送单位：{who}。"] if who else []
        lines.append(f"原文：“{duties[0].text}”")
        lines.append(f"依据：{cite(plan)}{duties[0].where}。")
    return Answer(
        Reply("\n".join([*lines, *_left_out(ask)])),
        replace(ask.talk, asked=ask.question.words),
    )


def _is_idle(ask: Ask) -> bool:
    """Tell whether what is left of a question is of no task: it names nothing there.

    交作业那个总结 is about the report; 科普作品什么时候交材料 is about a task.
    """
    pieces = pieces_of(ask.question.topic)
    texts = [part.once(_folded_tasks) for part in ask.opened.parts]
    return not any(piece in text for piece in pieces for text in texts)


def _folded_tasks(opened: OpenPlans) -> str:
    tasks = (task for _, task in opened.tasks.values())
    return "\n".join(fold(task.title + task.body) for task in tasks)


def _about_reports(ask: Ask) -> bool:
    """Tell whether a question is about what is handed in, not about a task."""
    topic = ask.question.topic
    if _OTHER_PAPERS.search(ask.question.folded):
        return False
    if not topic:
        return True
    reports = [duty for plan in ask.plans for duty in _reports(plan)]
    if covered(topic, "".join(who for duty in reports for who in duty.who)) >= _ON_IT:
        return True
    if covered(topic, "".join(duty.what for duty in reports)) >= _ON_IT:
        return True
    return ask.question.has(Sign.REPORT, Sign.RECEIVER) and _is_idle(ask)


def _fits_deadline(ask: Ask) -> bool:
    question = ask.question
    if question.sections or question.has(Sign.ABOUT):
        return False
    reports = question.has(Sign.REPORT) and not question.has(Sign.RECEIVER)
    asks = question.has(*ASKS_WHEN)
    asks = asks or (reports and not wishes_own_list(ask))  # 任务都报给我
    return asks and _about_reports(ask)


def asks_report_day(ask: Ask) -> bool:
    """Tell whether it is asked, among much else, by when reports are handed in."""
    said = ask.question.folded
    if _OTHER_PAPERS.search(said):
        return False
    ways = (_PAPERS, _HANDED_IN, _DAYS)
    if ask.question.sections or not all(way.search(said) for way in ways):
        return False
    for way in (_BELIEVED, *ways):
        said = way.sub(as_gap, said)
    return not names_topic(ask, said)


REPORT_DAY = Intent(
    name="report_day", example="", fits=asks_report_day, answer=answer_deadline
)


def _asks_receiver(ask: Ask) -> bool:
    """Tell whether it is asked to whom reports go: not of 向谁道歉 or 礼物送给谁."""
    question = ask.question
    if not question.has(Sign.RECEIVER) or not _about_reports(ask):
        return False
    if question.has(Sign.REPORT):
        return True
    given = _GIVEN_TO.search(question.folded) if question.topic else None
    names_thing = given is not None and not _NO_THING.search(given["thing"])
    return not names_thing and not _TO_WHOM_ELSE.search(question.folded)


RECEIVER = Intent(
    name="receiver",
    example="总结报给谁",
    fits=_asks_receiver,
    answer=answer_receiver,
)
DEADLINE = Intent(
    name="deadline",
    example="半年报什么时候交",
    fits=_fits_deadline,
    answer=answer_deadline,
)
