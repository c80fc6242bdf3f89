"""The Chinese words under which kinds and roles of a plan are shown to people."""

from collections.abc import Iterable

from bot.facts import DoubtKind, DueKind, DutyKind, Owner, OwnerRole

ROLE_WORDS = {
    OwnerRole.LEAD: "牵头",
    OwnerRole.JOINT: "责任",
    OwnerRole.HELPER: "配合",
    OwnerRole.GUIDE: "指导",
    OwnerRole.COLLECTIVE: "集合单位",
}
DUE_WORDS = {
    DueKind.DEADLINE: "截止",
    DueKind.MILESTONE: "阶段目标",
    DueKind.RANGE: "起止期间",
    DueKind.PHASE: "阶段",
    DueKind.START: "起始",
    DueKind.ONGOING: "持续推进",
    DueKind.RECURRING: "定期",
    DueKind.RELATIVE: "自某事起算",
    DueKind.EVENT: "随事件",
    DueKind.OPEN: "未定日期",
}
DUTY_WORDS = {DutyKind.REPORT: "报送", DutyKind.STANDING: "经常性职责"}
DOUBT_WORDS = {
    DoubtKind.IMPOSSIBLE_DATE: "日期不存在",
    DoubtKind.UNKNOWN_DEPARTMENT: "单位未登记",
    DoubtKind.MISSING_NUMBER: "序号缺失",
    DoubtKind.TWO_ROLES: "一单位两种职责",
    DoubtKind.NO_OWNER: "未写明责任单位",
    DoubtKind.SUGGESTED_OWNER: "疑似责任单位",
    DoubtKind.SUSPECT_CHARACTER: "疑似错字",
    DoubtKind.ASSUMED_YEAR: "年份系推定",
    DoubtKind.MISSING_HEAD: "文件要素缺失",
    DoubtKind.NO_TASKS: "没有读出任务",
}


def owners_line(owners: Iterable[Owner]) -> str:
    """Name the owners of a task by role, in one line; "" if there are none."""
    named: dict[OwnerRole, list[str]] = {}
    for owner in owners:
        role = OwnerRole.LEAD if owner.leads else owner.role
        names = named.setdefault(role, [])
        if owner.department not in names:
            names.append(owner.department)
    roles = [role for role in ROLE_WORDS if role in named]
    return "；".join(f"{ROLE_WORDS[role]}：{'、'.join(named[role])}" for role in roles)


def one_line(text: str) -> str:
    """Put *text* into one line of at most 500 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 500 else line[:499] + "…"
