"""Rows that ask for more time."""

from bot.reports.replies.patterns import Sense as S
from bot.reports.replies.rules.kinds import COMING, DONE, LATER

ROWS = (
    (S.PROMISE, f"{COMING} NOT LATE", "明天不会迟"),
    (S.ASKED_DAY, f"{COMING} .. {DONE} YOU|DEST|THING? YN $", "7月1号交可不可以"),
    (S.ASKED_DAY, f"CAN .. {COMING} NOT $", "能到7月8号不"),
    (S.QUESTION, f"{COMING} ADV OKQ", "30号之前都可以吗"),
    (S.PROMISE, "SURELY NOT EXT|LATE $", "一定不拖"),
    (S.QUESTION, "QW ... EXT", "怎么申请延期"),
    (S.QUESTION, "EXT ... FUT|MUST|NEEDNOT|COND ... Q", "延期要盖章吗"),
    (S.QUESTION, "EXT ... QW", "延期怎么办手续"),
    (S.QUESTION, "MOST ... EXT|LATE", "最多能延几天"),
    (S.QUESTION, "EXT .. MOST|FUT ONTIME? SOMEDAYS|QW", "延期最多几天"),
    (S.QUESTION, "EXT LE ... NOT|NO $", "延期了还扣分不"),
    (S.QUESTION, "HAND|SEND LATE ... Q|OKQ", "报晚了会通报吗"),
    (S.QUESTION, "LATE ... QW", "能晚到什么时候"),
    (S.QUESTION, "JIU OKQ", "30号前交就行吧"),
    (S.QUESTION, "EXT MAY|OK LE? Q|NO $", "申请的延期同意了吗"),
    (S.QUESTION, "EXT .. WRITE .. Q|NO", "延期批了吗"),
    (S.EXTENSION, "NOT .. EXT ... Q", "不能延期吗"),
    (S.NOTHING, "NOT|NEEDNOT|NO WE|ME? FUT|CAN|MAY|X|MAKE? EXT", "不用延期"),
    (S.NOTHING, "^ EXT NOT|NEEDNOT FUT|WRITE|MAKE? LE? $", "延期不用批了"),
    (S.NOTHING, "^ THING? EXT FILL? NO|NOTYET PREP UP? LE? $", "延期没用上"),
    (S.EXTENSION, "EXT", "能缓到1月5号吗"),
    (S.EXTENSION, "LATE SPAN|SOMEDAYS|NUM", "晚几天"),
    (S.EXTENSION, "SPAN LATE", "三天晚"),
    (S.EXTENSION, "CAN|YN|MAY ... LATE", "能晚点交吗"),
    (S.EXTENSION, "LATE ... Q|OKQ", "晚点行吗"),
    (S.ASKED_DAY, f"CAN|YN|MAY ... {LATER} .. {DONE}|Q|OKQ", "能不能下周一交"),
    (S.ASKED_DAY, f"{LATER}|SPAN ... OKQ|OKQ", "下周一交行吗"),
    (S.QUESTION, f"X .. YN .. {COMING} $", "截止时间是不是28号"),
    (S.ASKED_DAY, f"{COMING} YN $", "1月5号前可否"),
    (S.ASKED_DAY, f"{COMING} CAN Q $", "1/4可以伐"),
    (S.ASKED_DAY, f"CAN|YN|MAY ... {COMING} $", "能不能28号"),
)
