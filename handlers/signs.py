"""The signs that phrases give, and the stems of which the phrases are built."""

from enum import StrEnum


class Sign(StrEnum):
    """What a phrase in a question tells about what is wanted."""

    POLITE = "polite"
    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    YES = "yes"
    NO = "no"
    MORE = "more"
    BACK = "back"
    NEXT_ITEM = "next_item"
    LAST_ITEM = "last_item"
    WHERE_IN = "where_in"
    CONTACT = "contact"
    RECEIVER = "receiver"
    BODIES = "bodies"
    MEMBERS = "members"
    ABOUT = "about"
    WHO_LEADS = "who_leads"
    WHO_HELPS = "who_helps"
    WHO = "who"
    DEADLINE = "deadline"
    REPORT = "report"
    KINDS_OF_SECTION = "kinds_of_section"
    COUNT = "count"
    FIGURES = "figures"
    TARGET = "target"
    HOW_MUCH = "how_much"
    JOINT = "joint"
    US = "us"
    DETAIL = "detail"
    LIST = "list"
    LEAD = "lead"
    HELP_WITH = "help_with"
    NOT_LEADING = "not_leading"
    CARRY = "carry"
    NOT_OURS = "not_ours"
    SOLE = "sole"
    HOW_OFTEN = "how_often"
    ANYONE = "anyone"


ASKS_WHO = (Sign.WHO, Sign.WHO_LEADS, Sign.WHO_HELPS)
ASKS_WHEN = (Sign.DEADLINE, Sign.HOW_OFTEN)
ASKS_AMOUNT = (Sign.HOW_MUCH, Sign.FIGURES)
"""Signs by the fact that they ask for."""

BODY = "(?:单位|部门|委办局|局|科室|机构|处室|办公室)"
WHICH = "(?:哪一个|哪一家|哪个|那个|哪些|哪几个|哪几家|哪家|哪|什么|啥|何)"
WORK = "(?:任务|工作|活儿?|事儿?|事情|事项|职责|分工|条款|内容|项目|条目|差事)"
WHAT = "(?:哪些|哪几项|哪几个|哪几条|哪几件|哪项|哪一项|什么|啥|些啥|些什么|哪样|几样)"
DO = "(?:具体)?(?:负责|主管|分管|在?管|做|干|抓|承担|主办|承办|实施|组织|弄|搞|来)"
BY = "(?:由|归|该|是|让|找|得|要|属于?|算)"
ASKED = (
    f"(?:谁|{WHICH}{BODY}|(?:哪|那)(?:个|家|几家|几个|一家)(?=负责|牵头|管|配合|参与|承担)"
    "|哪儿?管|哪里管)"
)
OF_WHOM = f"(?:谁|{WHICH}{BODY}|哪家|哪几家|哪些)"
WHEN = (
    "(?:什么时候|什么时间|啥时候?|啥时间|何时|几月几号|几月几日|几号|几月份?|哪一?天|哪一?周"
    "|哪个?月|多会儿|多久之?内|多久|多长时间|哪年哪月|哪年|哪一年|几时|什么日子|哪一?日|(?:啥|什么|哪个?)月份?"
    "|(?:几|多少)(?:天|个?小时)(?:之?内|以内))"
)
FINISH = (
    "(?:交|报送?|上报|提交|截止|到期|完成|办结|建成|做完|干完|弄完|搞完|搞定|结束|报完"
    "|建完|建起来|建好|组建|组起来|成立|实现|达到|达标|落地|配齐|配备|配(?=完|好|齐)|拿出来?|出来"
    "|定(?:出来|下来)|制定|弄出来|上线|改版|投用|挂牌|开馆|覆盖|要有结果|交差)"
)
HALF = "(?:上半年|下半年|前半年|后半年|半年度?|全年|年度|年终|年底|年中|两年|每年|整年)"
REPORTS = (
    f"{HALF}?(?:的)?(?:工作)?(?:落实|进展|完成|开展)?(?:情况)?"
    "(?:报告(?!团|会|厅)|总结|小结|汇报|材料|报表)"
)
HAND_IN = "(?:报送?|上交|交|上报|呈报|报告|发|送|提交|递交?|汇报|反馈|寄|传)"
PAPERS = (
    "(?:情况|材料|总结|小结|报告|汇报|报表|表格?|资料|数据|进展|东西|文字材料|稿子"
    "|作业)"
)
PLAN = "(?:方案|文件|通知)"
TOLD = (
    "(?:都|先|弄|全|打包)?(?:给|发(?!展|布|放|挥|动)|列(?!席|为|入)|报(?=给|我|一|出来)|甩|拉(?=个|一|出)|拎|念|讲给|摆|写(?=成|一|个|出)"
    "|开(?=个|一|出)|弄(?=个|一|份|出)|打印|汇总|整理|梳理|一份|成(?=一|个))"
)
"""What follows 一起, 单独 and the like where they say how a list is to be told."""
