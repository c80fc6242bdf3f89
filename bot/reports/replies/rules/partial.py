"""Rows that say that a part was handed in, or still lacks."""

from bot.reports.replies.patterns import Sense as S
from bot.reports.replies.rules.kinds import DONE, LATER

ROWS = (
    (S.NOTHING, f"NOT ONLY? {DONE}|MAKE? LE? HALF|MISSING|LACK", "不是一半"),
    (S.NOT_YET, "HAND|SEND UP? HALF JIU? FAIL", "上传到一半断了"),
    (S.NOT_YET, "FUT LE HALF", "准备了一半"),
    (S.PARTIAL, "ONLY PREP CAN HAND DE HAND", "先把能报的报了"),
    (S.NOT_YET, "LACK THING|X FUT|MUST WRITE|PLEASE", "还有些数据要核实"),
    (S.PARTIAL, "NUM .. HAND|SEND|MEND LE NUM", "一共五项报了四项"),
    (S.NOTHING, "NO|NOT MISSING", "没有漏报"),
    (S.NOT_YET, "BOSS|WRITE|PROCESS LACK", "会签还差两个部门"),
    (S.NOT_YET, "EXCEPT WRITE|BOSS|PROCESS", "除了签字都弄完了"),
    (S.NOT_YET, "BELOW .. NO|NOTYET|MISSING", "各科室没交齐"),
    (S.PARTIAL, "EXTRA|FORM THEN|FUT|MUST? LACK FILL? $", "附件后补"),
    (S.PARTIAL, "EXTRA|FORM FILL|WE|ME|ADV* FORGOT", "附件漏了"),
    (S.PARTIAL, "FORGOT .. EXTRA|FORM|NUM", "漏了一个附件"),
    (S.QUESTION, "YN ... MISSING", "是不是漏报了"),
    (S.QUESTION, "LACK|HALF ... QW|YN|Q", "还差什么"),
    (S.QUESTION, "QW|YN ... LACK|HALF", "是不是还差附件"),
    (S.NOT_YET, "WRITE|MAKE|FINISH LE? HALF", "写了一半"),
    (S.NOT_YET, "LACK .. BOSS|WRITE", "就差领导签字了"),
    (S.PARTIAL, "LACK HAND LE? $", "其余报了"),
    (S.NOT_YET, "LACK SOMEDAYS|HEDGE? LE? $", "还差一点"),
    (S.PARTIAL, f"{DONE} UP? LE|DONE? FILL|PERIOD|DE* HALF", "报了一半"),
    (S.PARTIAL, f"HALF .. {DONE} UP? LE|DONE", "一部分已经报了"),
    (
        S.PARTIAL,
        f"ONLY .. {DONE} UP? LE .. THING|EXTRA|FORM|HALF|NUM|DEST|X",
        "只报了电子版",
    ),
    (
        S.PARTIAL,
        "ONLY PREP THING|EXTRA|FORM|FORM .. HAND|SEND UP? LE",
        "先把电子版发过去了",
    ),
    (S.PARTIAL, f"EXTRA .. {LATER} FUT|JIU? MEND", "附件明天补"),
    (
        S.PARTIAL,
        "LACK .. EXTRA|FORM|THING|HALF|ACT|HAND|SEND|DAY|EITHER|X|NUM",
        "还差附件",
    ),
    (S.PARTIAL, "LACK|HALF ... HAND|SEND|GIVEN", "还有一部分没报"),
    (S.PARTIAL, "^ BUT? NO EXTRA|FORM FILL|OK|LE* $", "没有附件"),
    (S.PARTIAL, "EXCEPT ... HAND|SEND", "除了附件都报了"),
    (S.PARTIAL, "HAND|SEND ... EXCEPT", "报了除了附件"),
    (S.PARTIAL, "^ FILL|ONLY* HALF FILL|BA? $", "一半吧"),
    (S.PARTIAL, "^ EXCEPT", "除了附件"),
    (S.PARTIAL, "MISSING", "没报全"),
    (S.PARTIAL, f"EXTRA|FORM .. NO|NOTYET .. {DONE}", "附件没传"),
    (S.PARTIAL, f"NO|NOTYET {DONE} EXTRA|FORM", "没传附件"),
)
