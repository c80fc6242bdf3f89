"""The words around a report: its verb, what makes it none, how it is handed in."""

import re

from bot.plans.reading.bodies import HIDDEN

VERB = re.compile("报送|上报|抄送|抄报|呈报|报备|报告|反馈|提交|备案|报")
STRONG = ("报送", "上报", "抄送", "抄报", "呈报", "报备")
COPY = ("抄送", "抄报")
BEFORE_WORD = re.compile(
    r"(?:[申填通举情海公汇播预周日月年季晚快简喜捷警电墙板回谎瞒漏迟错虚谍速画学党会未不拒]|零)$"
)
AFTER_WORD = re.compile(
    r"[名考废刊道纸社销价酬批效恩请捷喜户团账表单到业界馆头关税经应]|警(?!察)|案|国(?!务院|家)"
)
"""Around a bare 报: with these it is another word (申报, 报名, 报国)."""
REPORT_AS_NOUN = re.compile(
    f"报送|上报|报|抄送|反馈|提交|呈报|于|按|经|分别|及时|{HIDDEN}"
)
"""After 报告 these show that it is what is handed in."""
NOUN_AFTER = re.compile(
    "的|工作(?=[，。；、中的]|$|制度|机制|要求|纪律)|制度|机制|渠道|平台|系统|质量|流程|任务|主体"
    "|程序|会|团|厅|活动|管理|讲座|员|义务|责任|要求|时限|意见|评价|表|书|范围|手续|内容|格式|数据|事项|材料(?=[应要需须的])|单位|情况(?![报总和])"
)
NOUN_BEFORE = re.compile(
    "(?:总结|工作|年度|评估|监测|研究|调研|自查|分析|形成|撰写|编制|发布|统计|审计|调查|科普|学术|专题|主题"
    "|事迹|蓝皮书|可行性|实行|执行|落实|宣讲|巡回|系列|专家|的|作|听取|审议|起草|影响|评价|信息|跟踪|双向"
    "|督导|加强|做好|规范|强化|完善|健全|建立|数据|畅通)$"
)
APPROVAL = re.compile("批准|审批|审定|同意|核准|审议|审查|批复")
AFTER_RECEIVER = re.compile(
    rf"备案|备查|存档|汇总|邮箱|研究|处理|审核|{APPROVAL.pattern}|[，；、,;（(）){HIDDEN}]|$"
)
MANNER = re.compile(
    r"(?:及时|适时|定期|尽快|按时|逐级|统一|书面|分别|同步|同时|随时|如实|准时|立即|第一时间|一并|作专题|作书面|作专项|专题|专项|请"
    r"|并|要|应当?|须|必须|需|均|再|负责|认真|汇总|梳理|审核|盖章|后|一次|以?书面形式|于|在|，|、|,"
    rf"|{HIDDEN})+"
)
TO = re.compile(r"(?:向|送至?|交至?)(?P<name>[^，。；,;向]{2,60})$")
DRAWN_UP = re.compile(
    r"(?:制定|形成|编制|撰写|填写|梳理|整理|起草|倒排|编排|制订|提出|拟定|研究提出|建立)"
    r"(?P<what>[^，。；,;]{2,40})$"
)
NAMED = re.compile(
    r"(?:明确|确定|指定|推荐|选派|选定)(?:[0-9一二两]{1,2}[-—至]?[0-9一二两]?名)?"
    r"(?P<what>[^，。；,;]{0,16}(?:员|人|人选|名单|领导))$"
)
"""Persons named and then reported: 明确1名联络员，报市科协."""
_WHEN = (
    "(?:上半年|下半年|前半年|半年|全年|年中|年终|年底|年度|季度|月度|第?[一二三四]季度)"
)
RESPECTIVE = re.compile(
    rf"(?P<parts>{_WHEN}(?:(?:、|和|及|与|以及){_WHEN})+)(?P<rest>[^、和及与，；]*)"
)
"""Reports of several periods told in one: 半年、全年工作总结."""
SIGNED = re.compile("经[^，。；]{1,30}后$")
NAME_OF_A_REPORT = re.compile(
    "(?:总结|计划|情况|报告|方案|名单|台账|清单|材料|结果|信息|表)$"
)
NO_NAME_OF_A_REPORT = re.compile("负责|牵头|(?<![纲重主必需摘])要|应当")
CLAUSE_STOP = re.compile("[，。；,;]")
MARKS = re.compile(rf"[将把向]|{HIDDEN}")
TITLED = re.compile("《[^《》]{0,120}》|“[^“”]{0,30}”")
ELSEWHERE = re.compile("纳入|列入|作为|摆上|落实到|分解|融入|贯穿|放在")
REACH = 320
"""How far before its verb a report may begin, in characters."""
EDGES = "，、；：,;和及并与于在"
