"""Rows about what is to come."""

from bot.reports.replies.patterns import Sense as S
from bot.reports.replies.rules.kinds import (
    AROUND,
    COMING,
    DO,
    DONE,
    GOODS,
    LATER,
    NOT_DONE,
    WORK,
)

ROWS = (
    (S.PROMISE, f"^ WE|ME|FILL|THIS* {COMING} ONTIME|SURELY $", "周五准时"),
    (S.PROMISE, f"^ OR {COMING} {DO}? $", "不变，还是25号"),
    (S.PROMISE, f"^ MEANT {COMING} JIU {COMING} $", "说好28号就28号"),
    (
        S.PROMISE,
        f"^ WE|ME|FILL|{GOODS}* {COMING} SURELY|FUT|JIU|CAN* UP YOU DEST? $",
        "29号一定到你们手里",
    ),
    (S.PROMISE, f"^ {COMING} CAI|JIU|FUT* OK|CAN LE? $", "7月1号才行"),
    (S.PROMISE, f"^ {COMING} PREP GIVEN|THING|EXTRA|FORM|YOU $", "22号给材料"),
    (
        S.PROMISE,
        f"^ THING|THIS|FILL* {COMING} JIU|CAI? PREP|GIVEN YOU|THING? $",
        "后天就给",
    ),
    (S.PROMISE, f"^ PREP|FILL* NUM|LACK {COMING} PREP|GIVEN LE|BA? $", "另一篇周五给"),
    (S.NOTHING, "PAST|GONE HEARSAY FILL? DAY|EITHER $", "上回说25号"),
    (S.THEIRS, "MASK ... HAND THEY", "党费收齐交组织部了"),
    (S.RECEIVED, f"^ WE|ME|FILL* SEEN FILL* {COMING} HAND DE|FILL* $", "知道30号前报"),
    (S.NOTHING, f"^ PERSON GONE|PAST|FILL* HEARSAY FUT .. {WORK}", "小王昨天说要报的"),
    (S.NOTHING, f"^ NOT DAY|EITHER {WORK} $", "不是明天报"),
    (S.NOTHING, f"^ HEARSAY {COMING} .. {WORK}", "说是今天报"),
    (S.NOT_YET, "GONE|EITHER|PAST JIU|ADV? FUT HAND DE", "21号就该报的"),
    (S.NOT_YET, f"ACT {LATER} CAI|FUT? MAKE", "活动下周才办"),
    (S.NOTHING, "HABIT", "往年都是月底报的"),
    (S.NOTHING, f"PLEASE THEY .. {WORK}", "请各单位于30日前报送"),
    (S.NOTHING, f"THEY PLEASE .. {WORK}", "各单位请于30日前报送"),
    (S.NOTHING, f"PLEASE PREP|AT {COMING} .. {WORK}", "请于30日前报送"),
    (S.NOTHING, f"NOT GONE|EITHER|PAST|DEST|PREP .. {WORK} LE? DE $", "不是周五报的"),
    (S.NOTHING, f"GONE|PAST HEARSAY OK? ... {COMING} ... {WORK}", "昨天说今天报"),
    (S.NOTHING, "FUT HAND|SEND ADV|JUST HAND|SEND", "要报早报了"),
    (S.NOT_YET, "PROG SOON? MAKE|WRITE|PROCESS", "正在抓紧写"),
    (S.NOT_YET, f"NOT WE|ME? NOT ... {WORK}", "不是我不报"),
    (S.NOT_YET, "NO|NOTYET X? PREP ME|WE", "科室没给我"),
    (S.NOTHING, "NOT WE|ME|THIS|FILL|HEARSAY|X* NO|NOTYET", "不是没报"),
    (S.NOTHING, "NO NO|NOTYET|NOT", "没有不报"),
    (S.NOT_YET, f"{WORK} CANT", "报不上去"),
    (S.NOTHING, "^ WE|ME|FILL|ADV* NO|NOT FAIL $", "没退信"),
    (S.NOT_YET, "FAIL", "系统登不上"),
    (S.DOUBT, f"SURELY .. {DONE} UP? LE", "肯定报了"),
    (S.PROMISE, f"DAY .. {WORK}", "下周一交"),
    (
        S.PROMISE,
        f"EITHER .. {DO} !LE|UP|DEST|{GOODS}|DONE|YOU|PREP|DE"
        "|PERSON|BOSS|WE|FILL|SEND|HAND|MEND|GIVEN",
        "28号交吧",
    ),
    (
        S.PROMISE,
        f"EITHER {NOT_DONE}|NO|NOTYET|NOT|NEEDNOT* {DO}"
        f" UP|DEST|{GOODS}|YOU|PREP|FILL|OK* $",
        "28号交材料",
    ),
    (S.PROMISE, f"EITHER .. FUT|MUST|CAN|CAI|SURELY|SOON .. {WORK}", "28号就能报了"),
    (S.PROMISE, f"{WORK} .. DAY", "交材料定在下周一"),
    (S.PROMISE, f"{WORK} FUT|MUST|PREP|AT|THING|UP* EITHER $", "交材料要到28号"),
    (
        S.PROMISE,
        f"^ {AROUND}|CAN|WE|ME|SURELY|CAI|BUT|{GOODS}|THEN|LATE* {COMING} {COMING}?"
        f" {AROUND}|CAN|DONE|BA|LE|LATE|PLEASE|SURELY* $",
        "大概周五吧",
    ),
    (
        S.PROMISE,
        f"SWITCH|FUT|HEDGE|MUST UP|AT|PREP|LE|HEDGE|FUT|MUST* {COMING}"
        f" {DO}? FILL|BA|LE|CAI* $",
        "现在改成29号",
    ),
    (S.NOT_YET, f"NO|NOTYET ... {WORK}|DONE", "还没报"),
    (
        S.NOT_YET,
        f"!SOON|ONTIME|SURELY|FUT* MUST .. {WORK} UP|PREP|DE|FILL|BA|{GOODS}* $",
        "还得重报",
    ),
    (S.PROMISE, f"FUT|SOON|SURELY .. {DONE}", "马上报"),
    (S.PROMISE, "SOON|SURELY .. MAKE|WRITE|PROCESS", "尽快办"),
    (S.PROMISE, "FUT ONTIME WRITE", "会按时写"),
    (S.NOT_YET, "FUT|MUST .. WRITE|PROCESS", "我再改改"),
    (S.PROMISE, "FUT .. MAKE", "会办"),
    (
        S.PROMISE,
        f"^ {NOT_DONE}* ONTIME {NOT_DONE}* {DONE} UP|DEST|THING|YOU? $",
        "按时报送",
    ),
    (S.PROMISE, f"LATE ... {DONE}", "晚点报"),
    (S.PROMISE, "^ WE|ME|FILL* JIU HAND|SEND $", "就报"),
    (S.PROMISE, "SURELY DONE ACT|THING? $", "保证完成任务"),
    (S.PROMISE, "AGREE", "约定日期"),
)
