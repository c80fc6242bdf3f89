"""The rules: which order of words says what. They are tried from the top down.

A row is what it says, the order of kinds of words (patterns.py), and an example.
"""

from bot.reports.replies.patterns import Rule, Sense

DONE = "HAND|SEND|GIVEN|FINISH|MEND"
WORK = "HAND|SEND|GIVEN|FINISH|MEND|MAKE|WRITE|PROCESS"
COMING = "DAY|EITHER"
LATER = "DAY|EITHER|SOON"
NAMED = "PERSON|NAME"
GIVE = "SEND|HAND|GIVEN"
DO = "SEND|HAND|GIVEN|MEND|FINISH|MAKE|WRITE"
GOODS = "THING|EXTRA|FORM"
AROUND = "FUT|SOON|PREP|AT|FILL|HEDGE|OK|JIU"
TOLD = "DE|THIS|THING|NOTE|BOSS|PERSON"
POLITE = "LE|FILL|OK|BA|THANKS|PLEASE|HELLO"

_S = Sense

_TAKEN_BACK = (
    (_S.JOKE, "JOKE", "报了个寂寞"),
    (_S.NOTHING, "SEND OK LE? FILL* $", "快递收到了"),
    (_S.RHETORIC, "RHETORIC", "哪能没报呢"),
    (_S.NOTHING, "NO HEARSAY NO|NOT|NOTYET|NEEDNOT", "没说不报"),
    (_S.QUESTION, "QW HEARSAY ... Q $", "谁说我们报了？"),
    (_S.DOUBT, f"NO|QW HEARSAY ... {DONE} LE|UP|DONE", "我没说报了"),
    (
        _S.NOTHING,
        "NO HEARSAY ..."
        " DAY|EITHER|EXT|LEAVE|NEWONE|SWITCH|NOTUS|OURS|NIL|WITHDRAW|BELONG",
        "没说要延期",
    ),
    (_S.NOTHING, "REPEAT", "怎么还催"),
    (_S.QUESTION, "QW ... WITHDRAW", "怎么撤回"),
    (_S.QUESTION, "WITHDRAW LE .. CAN ... Q", "撤回了能恢复吗"),
    (_S.QUESTION, "WITHDRAW LE? THEN|FUT ... Q", "撤回之后还能报吗"),
    (_S.QUESTION, "WITHDRAW ... QW", "撤回要怎么弄"),
    (_S.NOTHING, "NOT|NEEDNOT|NO FUT? WITHDRAW", "不用撤回"),
    (_S.WITHDRAW, "WITHDRAW", "撤回"),
    (_S.DISPUTE, "YOU .. MISTAKE", "你们是不是发错了"),
    (_S.DISPUTE, "YN .. MISTAKE", "是不是发错了"),
    (_S.NOTHING, "NO|NOT MISTAKE", "没点错"),
    (_S.NOTHING, "NO|NOT FORGOT LE? $", "没忘"),
    (_S.QUESTION, "MISTAKE LE? CAN ... HAND .. Q $", "报错了能重新报吗"),
    (_S.QUESTION, "MISTAKE ... QW", "报错了怎么办"),
    (_S.WITHDRAW, "MISTAKE", "刚才点错了"),
)

_HANDED_OVER = (
    (_S.HANDOVER, f"FILL {NAMED} AT? BELONG", "现在是小王负责"),
    (_S.DISPUTE, "SWITCH LE? THEY", "移交给教育局了"),
    (_S.QUESTION, "LEAVE ... QW", "联络员退休了怎么办"),
    (_S.NOTHING, "BOSS|THEY|PERSON LEAVE", "领导调走了"),
    (_S.NOTHING, "YOU .. LEAVE", "你们的人调走了"),
    (_S.QUESTION, "QW ... NEWONE|SWITCH $", "怎么变更联络员"),
    (
        _S.NOTHING,
        "NO|NOT|NOTYET|NEEDNOT FUT|CAN|FILL|ME|ADV|ALREADY* LEAVE|NEWONE",
        "没调走",
    ),
    (_S.NOTHING, "NO|NOT|NOTYET SWITCH LE? $", "联络员没换"),
    (_S.NOTHING, "OR ME|WE BELONG", "还是我负责"),
    (_S.NOTHING, "BOSS FILL|LE|DE* NEWONE|SWITCH LE? $", "局长换人了"),
    (_S.HANDOVER, "LEAVE", "我调走了"),
    (_S.HANDOVER, "NEWONE", "新联络员是李娜"),
    (_S.NOTHING, f"{GOODS} SWITCH LE? {NAMED} LE? $", "表交给小王了"),
    (_S.HANDOVER, f"SWITCH LE? FILL? FIND? {NAMED}", "换小王"),
    (_S.HANDOVER, f"FROMNOW|THEN|SOON .. FIND|PREP YOU|BOSS? {NAMED}", "以后找李娜"),
    (_S.HANDOVER, f"^ FROMNOW? PLEASE? FIND {NAMED} LE? BA? $", "请找李娜"),
    (_S.HANDOVER, f"PREP {NAMED} .. BELONG|SWITCH", "由小王负责"),
    (_S.HANDOVER, f"{NAMED} .. SWITCH $", "小王接手"),
    (_S.HANDOVER, "NOT ME BELONG LE? $", "不是我管了"),
    (_S.HANDOVER, f"FROMNOW|FILL|THEN|SOON BELONG {NAMED} LE? $", "现在归小许"),
    (_S.HANDOVER, f"FROMNOW|THEN {GIVE} {NAMED} BA? $", "以后发给小潘吧"),
    (_S.HANDOVER, f"FILL|FROMNOW PERSON FILL {NAMED} LE? $", "现在联络员是小谭"),
    (_S.HANDOVER, f"FROMNOW|THEN {NAMED} BELONG", "以后小白负责"),
    (_S.HANDOVER, "ME ADV? ALREADY? NOT BELONG", "我不负责这个"),
)

_NOT_OURS = (
    (_S.QUESTION, "OURS|BELONG|NOTUS OR", "我们牵头还是配合"),
    (_S.QUESTION, "YN ... OURS|NOTUS|BELONG", "是不是归我们管"),
    (_S.QUESTION, "QW ... OURS|BELONG", "哪些归我们管"),
    (_S.QUESTION, "OURS|NOTUS|BELONG ... Q", "不归我们管吗"),
    (_S.QUESTION, "OURS|BELONG ... NO|NOT $", "归我们管不"),
    (_S.QUESTION, "OURS|BELONG|WE ... QW", "我们负责哪些任务"),
    (_S.THEIRS, "NOT BELONG THEY", "不归他们"),
    (_S.DISPUTE, "NOT|NEEDNOT .. OURS", "不归我们"),
    (_S.DISPUTE, "NOT WE DE", "不是我们局的事"),
    (_S.DISPUTE, "NOT WE BA? $", "不是我们"),
    (_S.DISPUTE, "WRITE|HEARSAY DE FILL? THEY $", "清单上写的是教育局"),
    (_S.DISPUTE, "^ FILL* NEEDNOT HAND LE? $", "不用报"),
    (_S.DISPUTE, "NOT WE BELONG", "不是我们局牵头"),
    (_S.DISPUTE, "NOTUS", "跟我们没关系"),
    (_S.DISPUTE, "MOVED", "职能划走了"),
    (_S.DISPUTE, "WE .. NOT BELONG", "我们不负责"),
    (_S.DISPUTE, "^ THIS? THING? DE? NOT BELONG", "不负责这项工作"),
    (_S.DISPUTE, "NO .. THING? BELONG", "没有牵头"),
    (_S.DISPUTE, "BELONG THEY", "归教育局管"),
    (_S.DISPUTE, "PREP|FIND THEY .. BELONG|HAND $", "由教育局负责"),
    (_S.DISPUTE, "HEDGE FILL THEY HAND BA? $", "应该是教育局报"),
    (_S.DISPUTE, "FIND THEY", "应该找教育局"),
    (_S.DISPUTE, "THIS|THING|ACT|FROMNOW FILL THEY|YOU DE", "这是教育局的事"),
    (_S.DISPUTE, "^ HEDGE? FILL THEY DE", "是教育局的事"),
    (
        _S.DISPUTE,
        "^ HEDGE|FILL|THIS|THING|FROMNOW|CAN|FUT* THEY BELONG LE|BA? $",
        "教育局牵头",
    ),
    (_S.DISPUTE, "NEEDNOT WE HAND|BELONG DE? BA $", "不该我们报吧"),
    (_S.QUESTION, "NEEDNOT .. HAND .. Q|BA|TAG", "不用报了吧"),
    (_S.DISPUTE, "WE NEEDNOT .. HAND", "我们不用报"),
    (_S.DISPUTE, "NEEDNOT WE HAND|BELONG", "不该我们报"),
    (_S.DISPUTE, "NEEDNOT|NOT FIND WE", "不应该找我们"),
    (_S.DISPUTE, "OURS|BELONG .. NO THIS $", "职能里没有这项"),
    (_S.DISPUTE, "NO THIS .. ACT|THING", "没有这个任务"),
)

_NIL = (
    (_S.QUESTION, "QW|YN|ASKING ... NIL", "怎么报零报告"),
    (_S.NIL, "NIL LE? QW? ACT|THING !Q|QW|YN* $", "没组织过什么活动"),
    (_S.NIL, "NONE CAN|FUT|FILL|X? ACT|HAND|THING DE? LE? $", "没有什么要报的"),
    (_S.NIL, "NO|WU THING|ACT|X|EXTRA* CAN HAND DE? $", "没有数据可报"),
    (_S.NIL, "^ WE|FILL|PERIOD* WU $", "无"),
    (_S.NIL, "PERIOD WE? NO FILL? $", "本季度没有"),
    (_S.NIL, "NO|WU CAN HAND DE? ACT|THING", "没有可以上报的活动"),
    (_S.NIL, "WU MAKE|FILL|X|PERIOD|DE|ACT* ACT LE? $", "无科普活动"),
    (_S.QUESTION, "NIL ... QW|YN|Q|TAG|OKQ", "零报告怎么报"),
    (_S.NOTHING, "NOT FILL? HAND? NIL", "不是零报告"),
    (_S.NOT_YET, "NOTYET MAKE|HAND? .. ACT", "还没搞活动"),
    (_S.NOT_YET, "NIL UP|DONE", "没搞完"),
    (_S.NIL, "NIL", "零报告"),
    (
        _S.NIL,
        "NO MAKE|FILL|X|PERIOD|DE|PREP|AT|LE|QW* ACT !THING|EXTRA|FORM|Q* LE? $",
        "没办过活动",
    ),
    (_S.NIL, "ACT FILL|ADV|LE|NUM* NO MAKE LE? $", "活动没做"),
)

_MORE_TIME = (
    (_S.QUESTION, "QW ... EXT", "怎么申请延期"),
    (_S.QUESTION, "EXT ... FUT|NEEDNOT|COND ... Q", "延期要盖章吗"),
    (_S.QUESTION, "EXT ... QW", "延期怎么办手续"),
    (_S.QUESTION, "MOST ... EXT|LATE", "最多能延几天"),
    (_S.QUESTION, "EXT .. MOST|FUT ONTIME? SOMEDAYS|QW", "延期最多几天"),
    (_S.QUESTION, "EXT LE ... NOT|NO $", "延期了还扣分不"),
    (_S.QUESTION, "HAND|SEND LATE ... Q|OKQ", "报晚了会通报吗"),
    (_S.QUESTION, "LATE ... QW", "能晚到什么时候"),
    (_S.QUESTION, "JIU OKQ", "30号前交就行吧"),
    (_S.QUESTION, "EXT .. WRITE .. Q|NO", "延期批了吗"),
    (_S.EXTENSION, "NOT .. EXT ... Q", "不能延期吗"),
    (_S.NOTHING, "NOT|NEEDNOT|NO WE|ME? FUT|CAN|MAY? EXT", "不用延期"),
    (_S.EXTENSION, "EXT", "能缓到1月5号吗"),
    (_S.EXTENSION, "LATE SPAN|SOMEDAYS|NUM", "晚几天"),
    (_S.EXTENSION, "SPAN LATE", "三天晚"),
    (_S.EXTENSION, "CAN|YN|MAY ... LATE", "能晚点交吗"),
    (_S.EXTENSION, "LATE ... Q|OKQ", "晚点行吗"),
    (_S.ASKED_DAY, f"CAN|YN|MAY ... {LATER} .. {DONE}|Q|OKQ", "能不能下周一交"),
    (_S.ASKED_DAY, f"{LATER}|SPAN ... OKQ|OKQ", "下周一交行吗"),
    (_S.QUESTION, f"X .. YN .. {COMING} $", "截止时间是不是28号"),
    (_S.ASKED_DAY, f"CAN|YN|MAY ... {COMING} $", "能不能28号"),
)

_PART_OF_IT = (
    (_S.NOT_YET, "BELOW .. NO|NOTYET|MISSING", "各科室没交齐"),
    (_S.PARTIAL, "EXTRA|FORM THEN|FUT? LACK FILL? $", "附件后补"),
    (_S.PARTIAL, "EXTRA|FORM FILL|WE|ME|ADV* FORGOT", "附件漏了"),
    (_S.PARTIAL, "FORGOT .. EXTRA|FORM|NUM", "漏了一个附件"),
    (_S.QUESTION, "YN ... MISSING", "是不是漏报了"),
    (_S.QUESTION, "LACK|HALF ... QW|YN|Q", "还差什么"),
    (_S.QUESTION, "QW|YN ... LACK|HALF", "是不是还差附件"),
    (_S.NOT_YET, "WRITE|MAKE|FINISH LE? HALF", "写了一半"),
    (_S.NOT_YET, "LACK .. BOSS|WRITE", "就差领导签字了"),
    (_S.PARTIAL, "LACK HAND LE? $", "其余报了"),
    (_S.NOT_YET, "LACK SOMEDAYS|HEDGE? LE? $", "还差一点"),
    (_S.PARTIAL, f"{DONE} UP? LE|DONE? FILL? HALF", "报了一半"),
    (_S.PARTIAL, f"HALF .. {DONE} UP? LE|DONE", "一部分已经报了"),
    (
        _S.PARTIAL,
        f"ONLY .. {DONE} UP? LE .. THING|EXTRA|FORM|HALF|NUM|DEST|X",
        "只报了电子版",
    ),
    (
        _S.PARTIAL,
        "ONLY PREP THING|EXTRA|FORM|FORM .. HAND|SEND UP? LE",
        "先把电子版发过去了",
    ),
    (_S.PARTIAL, f"EXTRA .. {LATER} FUT|JIU? MEND", "附件明天补"),
    (
        _S.PARTIAL,
        "LACK .. EXTRA|FORM|THING|HALF|ACT|HAND|SEND|DAY|EITHER|X|NUM",
        "还差附件",
    ),
    (_S.PARTIAL, "LACK|HALF ... HAND|SEND|GIVEN", "还有一部分没报"),
    (_S.PARTIAL, "^ BUT? NO EXTRA|FORM FILL|OK|LE* $", "没有附件"),
    (_S.PARTIAL, "EXCEPT ... HAND|SEND", "除了附件都报了"),
    (_S.PARTIAL, "HAND|SEND ... EXCEPT", "报了除了附件"),
    (_S.PARTIAL, "^ FILL|ONLY* HALF FILL|BA? $", "一半吧"),
    (_S.PARTIAL, "^ EXCEPT", "除了附件"),
    (_S.PARTIAL, "MISSING", "没报全"),
    (_S.PARTIAL, f"EXTRA|FORM .. NO|NOTYET .. {DONE}", "附件没传"),
    (_S.PARTIAL, f"NO|NOTYET {DONE} EXTRA|FORM", "没传附件"),
)

_ASKED = (
    (_S.DOUBT, "FORGOT ... YN", "忘了报没报"),
    (_S.DOUBT, "HEDGE ... YN", "不确定报没报"),
    (_S.QUESTION, f"NOT ... {WORK} .. Q|TAG", "不是已经报了吗"),
    (_S.QUESTION, "THEY ... Q|YN|QW", "教育局报了吗"),
    (_S.QUESTION, "YN|QW ... THEY", "是不是教育局报"),
    (_S.STATUS, f"YN|ASKING ... {WORK} ... LE|DONE|UP", "是不是报了"),
    (_S.QUESTION, f"{WORK}|DAY|EITHER|PERIOD|DEST ... OR", "报半年的还是全年的"),
    (_S.STATUS, f"{WORK} .. LE|DONE|UP .. YN", "报了是不是"),
    (_S.STATUS, f"{WORK} .. LE|DONE|UP .. Q|TAG", "我们交了吗"),
    (_S.STATUS, f"{WORK} LE|UP|DONE? YOU? NO FILL? $", "报了没"),
    (_S.STATUS, f"ALREADY .. {WORK} .. Q|TAG", "已报吗"),
    (_S.NOTHING, "^ YOU? AT Q $", "在吗"),
    (_S.NOTHING, "^ ME FUT? X? ASKING", "我问问"),
    (_S.QUESTION, "YOU|SEEN OK|SEEN? .. NO $", "邮件看到没"),
    (_S.QUESTION, "THING|DEST|FORM|EXTRA UP LE? NO $", "材料到了没"),
    (_S.QUESTION, "YN", "是不是要报"),
    (_S.QUESTION, "QW", "什么时候截止"),
    (_S.QUESTION, "OK|PLEASE LE|UP? NO $", "收到了没有"),
    (_S.QUESTION, "X|THING|EXTRA|FORM|HAND|SEND|DEST|WRITE NOT $", "需要盖章不"),
    (_S.QUESTION, "FILL X|THING|EXTRA|FORM|DEST FILL? NO $", "有模板没"),
    (_S.QUESTION, "NOTE FUT? SEND FILL|THING|PLEASE? $", "通知再发一遍"),
    (_S.QUESTION, "THING SEND THING $", "表格发一份"),
    (_S.QUESTION, "SEND ME|WE", "发我一份"),
    (_S.QUESTION, "SEND .. PREP ME|WE $", "发个邮箱给我"),
    (_S.QUESTION, "PREP ME|WE .. SEND", "给我们发个模板"),
    (_S.QUESTION, "DEST|THING X? SEND PLEASE|SOMEDAYS $", "邮箱地址发一下"),
    (_S.QUESTION, "Q|TAG|OKQ $", "需要盖章吗"),
    (_S.QUESTION, "Q|TAG|OKQ FILL $", "需要盖章吗啊"),
    (_S.QUESTION, "ASKING", "请问一下"),
)

_IF_AND_WHEN = (
    (_S.DOUBT, "COND ... ALREADY", "如已报可忽略"),
    (_S.THEIRS, f"PAST|GONE DE THING? .. {DONE}", "上次的已经报了"),
    (_S.DOUBT, f"COND ... {WORK} LE ... NEEDNOT|NOT", "要是报了就不用管"),
    (_S.DOUBT, f"{WORK} .. JIU|THEN ... NEEDNOT|NOT", "报了就不用管"),
    (_S.DOUBT, f"ALREADY {DONE} DE", "已报的不用再报"),
    (_S.DOUBT, f"HEARSAY ... ALREADY .. {DONE}", "听说已经报了"),
    (_S.PROMISE, f"COND|WAIT ... {WORK} ... {DONE}|TELL", "等弄好了发你"),
    (_S.PROMISE, f"{WORK} .. THEN|JIU|CAI|FUT|SOON .. TELL|{DONE}", "报了就告诉你"),
    (_S.PROMISE, f"{WORK} UP? LE|DONE|UP .. TELL", "报了我告诉你"),
    (_S.PROMISE, f"{DONE} UP? LE|DONE? THEN", "交了之后"),
    (
        _S.PROMISE,
        f"FINISH|WRITE|MAKE UP? LE|DONE? ONTIME|FUT|SOON|CAI? {GIVE}"
        " UP|YOU|DEST|FILL* $",
        "弄好了发你",
    ),
    (_S.PROMISE, f"DONE THEN .. {DONE}", "完成后报送"),
    (
        _S.PROMISE,
        f"^ WE|ME|FILL|THING|THIS* REVISED PREP|FILL* {GIVE} UP|YOU|DEST|{GOODS}* $",
        "改好后重新报",
    ),
    (_S.PROMISE, "WAIT ... JIU|THEN|CAI .. HAND|SEND|GIVEN", "等领导回来就报"),
    (_S.PROMISE, "WAIT ... HAND|SEND|GIVEN UP|YOU|DEST* $", "等领导回来报"),
    (
        _S.PROMISE,
        f"UP|FINISH|BOSS|OK|X|SPAN|FILL .. JIU SOON|ONTIME? {GIVE}"
        " UP|YOU|DEST|PREP|FILL|BA* $",
        "数据一出来就报",
    ),
    (
        _S.PROMISE,
        f"LE JIU SOON|ONTIME? {GIVE} UP|YOU|DEST|PREP|FILL|BA* $",
        "定稿了就报",
    ),
    (_S.NOT_YET, "WAIT .. BOSS|WRITE|PERSON|THEY|PROCESS", "等领导签字"),
    (_S.NOT_YET, "WAIT FILL? X|THING|NAME", "等数据"),
    (_S.NOT_YET, "^ WE|ME|FILL|PROG* WAIT FILL? $", "还在等"),
    (_S.NOT_YET, "^ WE|ME|FILL|PROG* WAIT ACT|EXTRA|FORM|NUM|BELOW", "等业务科的数"),
    (_S.DOUBT, f"COND ... {WORK}", "如果报了"),
    (_S.DOUBT, f"{WORK} ... IFSO", "报了的话"),
)

_TO_COME = (
    (_S.NOT_YET, f"NOT FUT? {COMING} ... {WORK}", "不打算明天报"),
    (_S.NOTHING, "NOT .. NO|NOTYET", "不是没报"),
    (_S.NOTHING, "NO NO|NOTYET|NOT", "没有不报"),
    (_S.NOT_YET, f"{LATER} .. {WORK} CANT", "今天报不了"),
    (_S.NOT_YET, f"{WORK} CANT", "报不上去"),
    (_S.NOT_YET, "FAIL", "系统登不上"),
    (_S.DOUBT, f"SURELY .. {DONE} UP? LE", "肯定报了"),
    (_S.PROMISE, f"DAY .. {WORK}", "下周一交"),
    (
        _S.PROMISE,
        f"EITHER .. {DO} !LE|UP|DEST|{GOODS}|DONE|YOU|PREP|DE|PERSON|BOSS|WE|FILL",
        "28号交吧",
    ),
    (
        _S.PROMISE,
        f"EITHER !ALREADY|ADV|JUST|GONE|PAST* {DO} UP|DEST|{GOODS}|YOU|PREP|FILL|OK* $",
        "28号交材料",
    ),
    (_S.PROMISE, f"EITHER .. FUT|CAN|CAI|SURELY|SOON .. {WORK}", "28号就能报了"),
    (_S.PROMISE, f"{WORK} .. DAY", "交材料定在下周一"),
    (_S.PROMISE, f"{WORK} FUT|PREP|AT|THING|UP* EITHER $", "交材料要到28号"),
    (
        _S.PROMISE,
        f"^ {AROUND}|CAN|WE|ME|SURELY|CAI|BUT|{GOODS}|THEN|LATE* {COMING}"
        f" {AROUND}|CAN|DONE|BA|LE|PLEASE* $",
        "大概周五吧",
    ),
    (_S.NOT_YET, f"NO|NOTYET ... {WORK}|DONE", "还没报"),
    (_S.PROMISE, f"FUT|SOON|SURELY .. {DONE}", "马上报"),
    (_S.PROMISE, "SOON|SURELY .. MAKE|WRITE|PROCESS", "尽快办"),
    (_S.NOT_YET, "FUT .. WRITE|PROCESS", "还得改"),
    (_S.PROMISE, "FUT .. MAKE", "会办"),
    (
        _S.PROMISE,
        f"^ !ALREADY|GONE|PAST|ADV* ONTIME .. {DONE} UP|DEST|THING|YOU? $",
        "按时报送",
    ),
    (_S.PROMISE, f"LATE ... {DONE}", "晚点报"),
    (_S.PROMISE, "AGREE", "约定日期"),
)

_NOT_DONE = (
    (_S.NOTHING, "NOTE PROCESS|SEND|GIVEN YOU|BOSS? LE? $", "通知发给领导了"),
    (_S.NOTHING, "NO|NOTYET SEEN", "还没看到通知"),
    (_S.NOT_YET, "NOTYET", "还没呢"),
    (_S.NOT_YET, "NO X|FUT? UP LE|FILL? $", "没出来"),
    (_S.NOT_YET, "NO FUT LE|FILL? $", "没定"),
    (_S.NOT_YET, "HALF JUST UP", "初稿刚出来"),
    (_S.NOT_YET, "FORGOT LE? HAND|SEND|FILL|MAKE|WRITE", "忘了报"),
    (_S.NOT_YET, "FORGOT THIS|ACT? LE? $", "忘了"),
    (_S.NOT_YET, "AT HAND LE|FILL? $", "在报了"),
    (_S.NOT_YET, "PROG .. MAKE|WRITE|HAND|SEND|PROCESS|FUT", "正在写"),
    (_S.NOT_YET, "^ WE|ME|FILL* PROG", "刚开始"),
    (_S.NOT_YET, "INHAND", "在写"),
    (_S.NOT_YET, "^ FILL|WE|ME* NO FILL|LE|NO* $", "没有"),
    (_S.DRAFTED, "^ FUT? SOON LE SOON? LE? $", "快了"),
    (_S.NOT_YET, "SOON FINISH|DONE|WRITE", "快好了"),
    (_S.DRAFTED, "PROCESS", "送审了"),
    (_S.NOT_YET, "BOSS .. AWAY", "领导出差"),
    (_S.NOT_YET, "BOSS NO|NOTYET X|SEEN|OK", "领导没看"),
    (_S.DRAFTED, "WRITE .. LE|DONE|UP", "写完了"),
    (_S.DRAFTED, "WRITE", "写好"),
    (_S.DOUBT, f"NOT|NEEDNOT .. {DONE}", "不报"),
)

_SAID_TO_BE_DONE = (
    (_S.DOUBT, f"HEARSAY ... {DONE}", "听说报了"),
    (_S.DOUBT, f"HEDGE ... {DONE}", "应该报了"),
    (_S.DOUBT, f"{DONE} ... BA", "报了吧"),
    (_S.DOUBT, f"{DONE} ... HEDGE", "已报应该"),
    (_S.THEIRS, f"THEY ... {DONE}", "教育局已经报了"),
)

_LAST = (
    (_S.PROMISE, "^ WE|ME|FILL|OK|FUT* SOON FILL|LE|PLEASE|FUT|DE* $", "马上"),
    (
        _S.RECEIVED,
        f"^ WE|ME|FILL|ADV|ALREADY|BUT* OK|SEEN {POLITE}|SEEN|YOU|{TOLD}*"
        f" {POLITE}|THING|NOTE* $",
        "收到",
    ),
    (_S.RECEIVED, "^ CAN LE? $", "可以"),
    (_S.THEIRS, "^ THEY", "教育局"),
    (_S.DOUBT, "^ WE|ME|FILL|ADV* HEDGE|HEARSAY FILL|LE|YOU* $", "不清楚"),
)

TABLES = (
    _TAKEN_BACK,
    _HANDED_OVER,
    _NOT_OURS,
    _NIL,
    _MORE_TIME,
    _PART_OF_IT,
    _ASKED,
    _IF_AND_WHEN,
    _TO_COME,
    _NOT_DONE,
)
"""What a piece may say that is no claim, in the order in which it is tried."""

NO_CLAIM = tuple(Rule(*row) for table in TABLES for row in table)
AFTER_CLAIMS = tuple(Rule(*row) for table in (_SAID_TO_BE_DONE, _LAST) for row in table)
"""What is tried where nothing of NO_CLAIM fits, and what is no plain claim either."""
