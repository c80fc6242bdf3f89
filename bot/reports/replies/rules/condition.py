"""Rows with a condition: what is promised once something comes first."""

from bot.reports.replies.patterns import Sense as S
from bot.reports.replies.rules.kinds import DONE, GIVE, GOODS, WORK

ROWS = (
    (S.NOT_YET, "NOT HEARSAY ALREADY HAND $", "不能说已报"),
    (S.NOT_YET, "IFSO .. FAIL", "提交的时候系统崩了"),
    (S.NOT_YET, f"{WORK} .. JIU HAND|SEND CANT", "不签字就报不了"),
    (S.NOTHING, "HEARSAY ... JIU OK $", "他们说放传达室就行"),
    (S.NOTHING, "WAIT YOU .. WRITE|OK|PLEASE|SEEN $", "等您审核"),
    (S.NOTHING, "SHOWN .. WAIT|INHAND|PROG|WRITE", "状态显示待审核"),
    (S.NOT_YET, f"MEANT ... {WORK}", "本来要报的"),
    (
        S.NOT_YET,
        f"COND ... NO|FAIL|NOT|NOTYET ... ADV|JUST {WORK} UP? LE|DONE",
        "假如昨天没断电，早报完了",
    ),
    (S.NOT_YET, "COND !YOU|SEEN|OK* ADV HAND UP? LE|DONE $", "要是早通知我们早报了"),
    (S.PROMISE, "FINISH|WRITE|LE|DONE JIU PREP BA? $", "弄好就给"),
    (S.DOUBT, "COND ... ALREADY", "如已报可忽略"),
    (S.THEIRS, f"PAST|GONE DE THING? .. {DONE}", "上次的已经报了"),
    (S.DOUBT, f"COND ... {WORK} LE ... NEEDNOT|NOT", "要是报了就不用管"),
    (S.DOUBT, f"{WORK} .. JIU|THEN ... NEEDNOT|NOT", "报了就不用管"),
    (S.DOUBT, f"ALREADY {DONE} DE", "已报的不用再报"),
    (S.DOUBT, f"HEARSAY ... ALREADY .. {DONE}", "听说已经报了"),
    (S.NOT_YET, "WAIT BELOW|THEY HAND|SEND UP? $", "等各乡镇交上来"),
    (S.PROMISE, f"COND|WAIT ... {WORK} ... {DONE}|TELL", "等弄好了发你"),
    (S.NOT_YET, f"COND ... GONE|JUST|PAST JIU? {WORK}", "要是没停电，昨天就报了"),
    (S.PROMISE, f"COND|WAIT ... JIU|THEN {WORK}", "等领导回来就报"),
    (S.PROMISE, f"{WORK} .. THEN|JIU|CAI|FUT|SOON .. TELL|{DONE}", "报了就告诉你"),
    (S.PROMISE, f"{WORK} UP? LE|DONE|UP .. TELL", "报了我告诉你"),
    (S.PROMISE, f"{DONE} UP? LE|DONE? THEN", "交了之后"),
    (
        S.PROMISE,
        f"FINISH|WRITE|MAKE UP? LE|DONE? ONTIME|FUT|SOON|CAI? {GIVE}"
        " UP|YOU|DEST|FILL* $",
        "弄好了发你",
    ),
    (S.PROMISE, f"DONE THEN .. {DONE}", "完成后报送"),
    (
        S.PROMISE,
        f"^ WE|ME|FILL|THING|THIS* REVISED PREP|FILL* {GIVE} UP|YOU|DEST|{GOODS}* $",
        "改好后重新报",
    ),
    (S.PROMISE, "WAIT .. HAND|SEND|GIVEN UP|YOU|DEST* $", "等领导回来报"),
    (
        S.PROMISE,
        f"UP|FINISH|BOSS|OK|X|SPAN|FILL .. JIU SOON|ONTIME? {GIVE}"
        " UP|YOU|DEST|PREP|FILL|BA* $",
        "数据一出来就报",
    ),
    (
        S.PROMISE,
        f"LE JIU SOON|ONTIME? {GIVE} UP|YOU|DEST|PREP|FILL|BA* $",
        "定稿了就报",
    ),
    (S.NOT_YET, "MUST|FUT FUT? WAIT FILL|LE? $", "还要再等等"),
    (S.NOT_YET, "WAIT .. BOSS|WRITE|PERSON|THEY|PROCESS", "等领导签字"),
    (S.NOT_YET, "WAIT FILL? X|THING|NAME", "等数据"),
    (S.NOT_YET, "^ WE|ME|FILL|PROG* WAIT FILL? $", "还在等"),
    (S.NOT_YET, "^ WE|ME|FILL|PROG* WAIT ACT|EXTRA|FORM|NUM|BELOW", "等业务科的数"),
    (S.PROMISE, "COND|WAIT ME? SPAN LE? $", "再等我两个小时"),
    (S.DOUBT, f"COND ... {WORK}", "如果报了"),
    (S.DOUBT, f"{WORK} ... IFSO", "报了的话"),
)
