"""The written forms of a quantity: its number, its unit, the words around it."""

import re

from bot.plans.reading.numerals import CHINESE, CHINESE_NUMBER, DASH, DIGITS

_COUNTED = (
    "吨标准煤|微克/立方米|微克每立方米|毫克/升|平方公里|平方千米|平方米|立方米|千瓦时"
    "|m²|m³|km²|m2(?![0-9])|m3(?![0-9])|个(?:以上|左右|以内)?百分点|百分点|个工作日|工作日|车次|人次|人日|人天|户次|家次|场次|批次|班次|课时"
    "|学时|学分|个月|千瓦|兆瓦|公里|千米|公顷|公斤|千克|毫米|小时|分钟|美元|周岁|平米"
    "|GWh|MWh|kWh|MW|GW|kW|km|Mbps|GB|TB|㎡|名|位|户|家|所|个|场|次|期|节|堂|项|件|条"
    "|篇|部|本|册|套|台|辆|架|艘|座|处|间|栋|幢|张|片|块|只|头|株|棵|亩|米|吨|元|%|‰"
    "|斤|尾|羽|(?<=[万亿])立?方(?![案面法式向位便])|倍|成|支|对|组|门|款|种|类|例|份|宗|起|笔|枚|盏|根|桩|床|人|天|周|年|日|岁|分|届"
    "|轮|遍|趟|批"
)
_UNIT = (
    rf"(?P<unit>(?:[百千]?万亿?|亿)?(?P<inner>余|多)?(?:{_COUNTED})"
    r"|(?:[百千]?万亿?|亿)(?![一-鿿]))"
)
QUANTITY = re.compile(
    rf"(?<![0-9A-Za-z.{CHINESE}第〔\[/])(?:"
    rf"(?P<part>{CHINESE_NUMBER})分之(?P<of>{CHINESE_NUMBER}|[0-9]{{1,4}}(?:\.[0-9]{{1,3}})?)"
    rf"|(?P<times>[0-9]{{1,3}})(?P<timesunit>[×xX*][0-9]{{1,3}}小时)"
    rf"|(?P<ratio>[0-9]{{1,4}}(?:\.[0-9]{{1,3}})?)"
    rf"(?P<ratiounit>(?:[:：∶][0-9]{{1,4}}(?:\.[0-9]{{1,3}})?){{1,4}})(?![0-9])"
    rf"|(?P<over>[0-9]{{1,2}})/(?P<under>[0-9]{{1,2}})(?![0-9/年月])"
    rf"|(?P<number>{DIGITS}|{CHINESE_NUMBER})(?:%?{DASH}(?:{DIGITS}|{CHINESE_NUMBER}))?"
    rf"(?P<middle>余|多|来|几)?{_UNIT}(?:/(?P<per>年|季度?|月|周|天|日|人|户|村|校|家|次))?"
    r")(?P<after>及?以[上下]|或以上|以内|之内|左右|上下|内(?![外部容涵])|余(?![热量地]))?"
)
"""A number with its unit, or a part, a ratio, a pattern such as 7×24小时."""

TIMES = ("小时", "分钟", "天", "周", "日", "个月", "个工作日", "工作日", "年")
"""Units of time: measures only when bounded (48小时内), otherwise names or periods."""

SPENT = re.compile(
    r"(?:时长|累计|服务|培训|学习|播出|播放|授课|实践|研修|教育)[一-鿿]{0,4}$"
)
"""Before hours and minutes: how long something is to last, not how soon it is due."""

BOUND = re.compile(
    r"(?P<word>最高不超过|不少于|不低于|不得少于|不得低于|不超过|不得超过|不高于|不多于|不大于"
    r"|不小于|至少|最多|最高|最低|超过|突破|高于|低于|多于|大于|少于|小于|逾|超)(?:约|到)?$"
)
LOOSE_BOUND = re.compile(
    r"(?P<word>至少|不少于|不低于|不超过|最多)[^0-9，。；、]{0,10}$"
)
REACHED = re.compile(
    r"(?P<word>(?:提高|提升|增长|增加|扩大|上升|降低?|下降|压缩|压减|缩短|减少|控制|保持|稳定)"
    r"(?:至|到|在)|达到|达|实现)(?:20[0-9]{2}年的)?$"
)
ABOUT = re.compile(r"(?P<word>大约|约|将近|近)$")
CHANGED = re.compile(
    r"(?P<word>提高|提升|增长|增加|新增|降低|下降|减少|压减|缩短|压缩|提前)了?$"
)
HOPED = re.compile(r"(?P<word>力争|争取|确保)")

IN_A_WORD = re.compile(
    r"(?:最[后先初]|[第每统唯之单专同逐初另万周某数几]|星期|其中|任一|进一|划一)$"
)
"""Before a Chinese numeral: it is part of a word or of a period."""

PROGRAMME = re.compile(
    r"[一-鿿]{0,6}?(?:任务|行动|工程|措施|举措|计划|原则|方面|目标|要求|职责|环节|阶段|领域"
    r"|机制|体系|维度|层面|意识|制度|重点工作|清单|抓手|面向)"
)
"""What follows 24项, 5项, 四个: the content of a programme, not a quantity."""
BODIES = re.compile(r"(?:成员)?(?:部门|单位)(?![代负])")
NORM = re.compile(r"(?:素养|规定|措施|意见|若干|守则|准则|公约|政策|条例|标准)$")
DEFINED = re.compile(
    r"的|老年|老人|儿童|青少年|人群|人口|居民|妇女|婴幼儿|企业|单位|场所|学校|机构|规模|高龄|项目"
)
"""After 以上 and a unit of DEFINING: who is meant, not how many are wanted."""
DEFINING = ("人", "岁", "周岁", "元", "万元", "亿元", "平方米", "张", "亩")

NO_UNIT = {
    "次": "性",
    "部": "门委分署长队",
    "成": "员立为果功熟绩效本就长年人",
    "家": "庭长园",
    "分": "类级别工享析支解开布",
    "人": "才员民均物类文",
    "对": "一接象应照口",
    "位": "置",
    "尾": "号气",
    "节": "能约水日点",
    "起": "来到",
    "类": "似",
    "条": "件例",
    "期": "间限末",
    "门": "户",
    "张": "网",
    "间": "接",
    "处": "理",
    "倍": "增",
    "组": "织",
}
"""Unit -> characters after it that make it part of another word."""

COUNTS = frozenset(
    "次|场|期|名|家|个|人|人次|所|处|节|课时|学时|堂|件|项|篇|部|份|轮|届|遍|户|场次|座|间|位".split(
        "|"
    )
)
"""Units that a Chinese numeral may count when 每年 and its like govern it."""
PLAIN_COUNTS = frozenset(
    "场 次 期 名 家 所 处 座 人次 间 台 辆 亩 公里 吨 户 场次 倍".split()
)
"""Units that a Chinese numeral may count after a verb of making alone."""
MAKING = re.compile(
    r"举办|开展|组织|召开|建设|建成|新建|培训|培育|培养|创建|引进|完成|打造|发放|推出|认定|评选"
    r"|遴选|扶持|新增|改造|选派|聘请|配备|配置|设立|增长|提高"
)

EVERY = re.compile(
    rf"每(?:(?:[{CHINESE}半]|[0-9]{{1,2}})(?:{DASH}[0-9]{{1,2}})?个?)?"
    r"(?:年度?|季度?|个?月|周|天|日|学期|学年)|每[次期场]|(?<!第)(?:一年|一季度?|半年|一个?月)(?=[一两三四])"
    r"|年均"
)
LONG_RHYTHM = re.compile(r"半年|每(?:[二两三四五六七八九十半]|[0-9])")
EACH = re.compile(r"每(?:[0-9]{1,4}|[一十百千两])?(?:万|个|名|所|家|处|户)?[一-鿿]")
YEARS = re.compile(
    r"(?:力争|争取|确保)?(?P<to>到|至)?(?<![0-9])(?P<first>(?P<y>(?:19|20|21)[0-9]{2}"
    r"|二[O〇○零0][一二三四五六七八九]{2})年(?:年?[底末])?"
    r"|[“\"]?十(?P<five>[一二三四五六七])五[”\"]?期?末)(?:之前|以前|前)?"
)
NO_TARGET_YEAR = re.compile(r"(?:比|较|由|从|自|截至|截止|于|[（(〔—－~～–-])$")
NO_TARGET_AFTER = re.compile(r"以?来|起|以后|印发|发布|度|[—－~～–-]|至|[0-9]")
WITHIN = re.compile(
    rf"(?:[0-9]{{1,2}}|[{CHINESE}]{{1,3}})年(?:以|之)?内"
    r"|[“\"]?十[一二三四五六七]五[”\"]?(?:期间|时期)|年度?内|全年|[上下]半年"
)
STATUS = re.compile(r"截至|目前|现有|已(?:经|建|达|有|完成|培|开|组|创|累计)|现已")
"""Before a number: it tells what is, not what is to be reached."""
AIM = re.compile(r"[到至](?:20|二|[“\"]?十)|力争|每年|确保|新增|新建|再")
"""After such words of status the sentence turns to what is to be reached."""
FROM = re.compile(r"(?:由|从)[^，。；、]{0,16}$")
CHANGING = re.compile(r"[^，。；0-9]{0,6}(?:提|增|升|降|压|缩|扩|减)")
