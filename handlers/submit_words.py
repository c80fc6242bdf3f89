"""What is answered to a department that says something about a report."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.messages import Button, Reply
from bot.model import Submission, SubmissionState
from bot.reports.calendar import WorkCalendar
from bot.reports.submissions import CLAIMED
from handlers.nudge_words import buttons, day_words

IN_PRIVATE = "已收到，请私聊我确认。"
BIND_FIRST = "您还没有绑定单位，暂不能登记报送。请先回复办公室发放的 8 位绑定码。"
NOTHING_OWED = "贵单位目前没有待报送的事项。"
UNCONFIRMED = "方案里的报送要求还没有经办公室确认，确认后才登记和提醒；请联系办公室。"
NOTHING_TO_UNDO = "没有可撤销的登记。"
WHICH_IS_CLAIMED = "还没有登记。请问哪一项已经报送？回复序号即可；都未报送可告知日期。"
DECIDED = "办公室已经处理，不能撤销。需要更改的，请联系办公室。"
_STATES = {
    SubmissionState.OPEN: "未报",
    SubmissionState.ACKNOWLEDGED: "未报（已知悉）",
    SubmissionState.PROMISED: "未报（已约定日期）",
    SubmissionState.CLAIMED: "已报待核",
    SubmissionState.NIL_CLAIMED: "零报告待核",
    SubmissionState.ACCEPTED: "已核收",
    SubmissionState.NIL: "零报告",
    SubmissionState.RETURNED: "已退回，待补充",
    SubmissionState.EXTENDED: "延期内",
    SubmissionState.EXEMPT: "免报",
    SubmissionState.DISPUTED: "有异议，待办公室核实",
}


def state_words(state: SubmissionState) -> str:
    """Say where a department stands."""
    return _STATES[state]


def limit_of(submission: Submission) -> date:
    """Return the day until which it may report: the due date, or one agreed to."""
    due_on = submission.report.due_on
    return max(due_on, submission.standing.agreed_on or due_on)


def claimed(
    submission: Submission, *, day: date, via: str, nil: bool, again: bool
) -> Reply:
    """Confirm that a department has reported; *again* if it had said so before."""
    title, name = submission.report.title, submission.department
    how = f"（{via}）" if via else ""
    if again:
        state = state_words(submission.state)
        return Reply(f"此前已记：{name}{title}，状态为“{state}”，无需重复报送。")
    if nil:
        text = f"已记：{name}{title}按“本期无开展事项”（零报告）报送，待办公室核收。"
    else:
        when = f"{day.month}月{day.day}日"
        text = f"已记：{name}{title}{when}报送{how}，待办公室核收。"
    text += "\n此后不再提醒。如有误请回复“撤销”。"
    return Reply(text, (Button("撤销", f"撤销 {submission.report.code}"),))


def claimed_before_all(submission: Submission) -> Reply:
    """Confirm in a group of all departments, with nothing that only two should hear."""
    title, name = submission.report.title, submission.department
    return Reply(f"已记：{name}{title}已报送，待办公室核收。")


def promised(submission: Submission, day: date) -> Reply:
    """Confirm a promised day."""
    return Reply(
        f"已记：预计 {day_words(day)}报送{submission.report.title}。\n"
        "当日下午提醒一次，其间不打扰。"
    )


def ask_day(submission: Submission, *, today: date, calendar: WorkCalendar) -> Reply:
    """Ask on which day the department will report."""
    code, limit = submission.report.code, limit_of(submission)
    choices: dict[date, str] = {}
    friday = today + timedelta(days=4 - today.weekday())
    for day, label in (  # with the date at most ten characters, all that a card shows
        (today + timedelta(days=1), "明天"),
        (friday, "本周五"),
        (friday + timedelta(days=3), "下周一"),
        _next_working_day(today, calendar),
        (limit, "截止当日"),
    ):
        if today < day <= limit and (calendar.is_working(day) or day == limit):
            choices.setdefault(day, label)
    buttons = tuple(
        Button(f"{label} {day.month}-{day.day}", f"约定 {code} {day}")
        for day, label in choices.items()
    )
    return Reply(
        f"请告知{submission.report.title}预计报送的日期，如“下周一交”"
        f"（时限 {day_words(limit)}）。",
        buttons,
    )


def _next_working_day(today: date, calendar: WorkCalendar) -> tuple[date, str]:
    """Name the next day of work: a Sunday on which one works may follow no holiday."""
    day = calendar.on(today, 1)
    between = (today + timedelta(days=n) for n in range(1, (day - today).days))
    is_after_holiday = any(one.weekday() < 5 for one in between)
    return day, "节后首日" if is_after_holiday else "周日"


def offer_extension(submission: Submission, *, day: date, reason: str) -> Reply:
    """Ask whether the office shall be asked for a later day."""
    code, limit = submission.report.code, limit_of(submission)
    why = f"原因：{reason}。" if reason else ""
    ground = "办公室同意的" if limit > submission.report.due_on else "文件规定的"
    says = f"提交延期 {code} {day}" + (f" {reason}" if reason else "")
    return Reply(
        f"{_short(day)}晚于{ground} {_short(limit)}，需办公室同意。"
        f"是否提交延期申请？{why}",
        (Button("提交", says), Button("修改", f"申请延期 {code}")),
    )


def too_late(submission: Submission, day: date) -> Reply:
    """Refuse a day that lies so far away that it must be a slip."""
    return Reply(
        f"{day.year}年{_short(day)}离时限 {_short(limit_of(submission))}超过半年，"
        "没有登记。请核对日期，或直接联系办公室。"
    )


def ask_extension_day(submission: Submission) -> Reply:
    """Ask until when it should be extended, and why."""
    return Reply(
        f"请告知{submission.report.title}希望延到哪一天和原因，"
        "如“延到1月5日，待领导签批”。"
    )


def extension_asked(submission: Submission, day: date) -> Reply:
    """Confirm that the office was asked."""
    return Reply(
        f"已提交：{submission.report.title}申请延至 {day_words(day)}，待办公室同意。\n"
        f"同意之前，时限仍为 {day_words(limit_of(submission))}。"
    )


def ask_nil(submission: Submission) -> Reply:
    """Ask whether nothing was done at all in the period."""
    return Reply(
        f"{submission.report.title}是否按“本期无开展事项”报送？确认后计为已报。",
        (
            Button("确认", f"确认零报告 {submission.report.code}"),
            Button("再想想", f"再想想 {submission.report.code}"),
        ),
    )


def ask_claimed(submission: Submission) -> Reply:
    """Ask whether it was handed in: what was said sounds like it, or like anything."""
    report = submission.report
    return Reply(
        f"还没有登记。请问贵单位的{report.title}是否已经报送？\n"
        "已报送请回复“是”，未报送可告知预计日期。",
        (
            Button("已报送", f"已报 {report.code}"),
            Button("还没报", f"还没报 {report.code}"),
        ),
    )


def not_yet(submission: Submission) -> Reply:
    """Confirm that nothing has changed."""
    buttons = (Button("约定日期", f"约定日期 {submission.report.code}"),)
    return Reply("好的，状态仍为“未报”。如方便请告知预计日期。", buttons)


def partial(submission: Submission) -> Reply:
    """Say that a part does not count as the whole."""
    buttons = (Button("约定日期", f"约定日期 {submission.report.code}"),)
    return Reply(
        f"已知悉，{submission.report.title}报齐之前状态仍为“未报”。"
        "请告知预计报齐的日期，报齐后回复“已报”。",
        buttons,
    )


def disputed(submission: Submission) -> Reply:
    """Confirm that the office will look at it."""
    clause = submission.report.duty.clause
    where = f"〔{clause}〕" if clause else ""
    return Reply(
        f"已转办公室核实{submission.report.title}{where}，核实期间此项暂停提醒。\n"
        "请说明依据文件（可不填）。如有误请回复“撤销”。"
    )


def returned(submission: Submission) -> Reply:
    """Say why the office gave a report back, and offer to answer."""
    report = submission.report
    where = f"〔{report.duty.clause}〕" if report.duty.clause else ""
    return Reply(
        f"办公室反馈{report.title}：{submission.standing.reason}{where}。"
        f"请补充后直接回复“已报”。编号 {report.code}",
        buttons(report.code),
    )


def received(some: Sequence[Submission]) -> Reply:
    """Confirm 收到, about one report or all of a digest."""
    names = "、".join(one.report.title for one in some[:3])
    return Reply(f"好的，{names}已记“知悉”。报送后回复“已报”即可，期间减少提醒。")


def settled(some: Sequence[Submission]) -> Reply:
    """Say where reports stand for which nothing more is wanted of the department."""
    states = "；".join(
        f"{one.report.title}的状态为“{state_words(one.state)}”" for one in some[:3]
    )
    return Reply(f"{states}，无需再回复。")


def undone(submission: Submission) -> Reply:
    """Confirm that a word was taken back."""
    return Reply(
        f"已撤销。{submission.department}{submission.report.title}"
        f"现为“{state_words(submission.state)}”。"
    )


def which(
    some: Sequence[Submission], words: str, *, ask: str = "请问是哪一项？回复序号即可。"
) -> Reply:
    """Ask which of several reports is meant; the buttons say the same words again."""
    lines = [ask]
    for number, one in enumerate(some[:5], start=1):
        lines.append(
            f"{number}. {one.report.title}（{_short(limit_of(one))}）{one.report.code}"
        )
    buttons = tuple(
        Button(one.report.title, f"{words} {one.report.code}") for one in some[:5]
    )
    return Reply("\n".join(lines), buttons)


def owing_list(some: Sequence[Submission], *, today: date) -> Reply:
    """List what a department still has to report."""
    lines = [f"贵单位待报送 {len(some)} 项："]
    for number, one in enumerate(some[:4], start=1):
        state = "超期" if limit_of(one) < today else state_words(one.state)
        lines.append(
            f"{number}. {one.report.title}：{day_words(limit_of(one))}前，"
            f"{state} {one.report.code}"
        )
    if len(some) > 4:
        lines.append(f"另有 {len(some) - 4} 项，时限更晚。")
    return Reply("\n".join(lines))


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def offer_undo(submission: Submission, words: str) -> Reply:
    """Offer to take back what is noted, and to do what is said against it.

    What the office has decided nobody takes back by himself.
    """
    title, state = submission.report.title, state_words(submission.state)
    if submission.state not in CLAIMED:
        return Reply(f"{title}的状态为“{state}”，没有改动。{DECIDED}")
    return Reply(
        f"{title}此前已记为“{state}”，还没有改动。\n"
        f"如需改为“{words[:30]}”，请回复“撤销”，撤销后即按这句话登记。",
        (Button("撤销", f"撤销 {submission.report.code}：{words}"),),
    )


def moment_words(at: datetime) -> str:
    """Write a moment as 12月22日 09:31."""
    return f"{at.month}月{at.day}日 {at:%H:%M}"
