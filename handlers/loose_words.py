"""The words of a message that asks for a list in a roundabout way.

Looser than `handlers.phrases`: they are read only where that found nothing. Each
family is a plain list; how the words stand together is said in the patterns below.
"""

import re

from handlers.phrases import GAP, as_gap
from handlers.question import topic_left
from handlers.signs import TOLD, Sign


def _any(words: str) -> str:
    """Return a pattern for any of *words*, the longer ones first."""
    found = sorted(words.split(), key=lambda word: -len(word))
    return f"(?:{'|'.join(found)})"


_NUMBER = "(?:好多|多少|[0-9两二三四五六七八九十几仨俩]+)"
_UNITS = "[条项件桩样宗]"
_ENDS = (
    "(?=$|[^\u4e00-\u9fff]"
    "|[任活事差牵配是都要呢啊吗呀吧的我你还哪全列有没归发念给工对不])"
)
_END = "(?=$|[,。?!\\s])"

# Who leads.
_LEAD = _any(
    "牵头 挑头 打头阵 打头(?!到尾) 带头 领头 领衔 主责 主办 主抓 主导 主角 做主 作主"
    " 当家 拿总 抓总 总揽 挂帅 坐庄 做东 挑大梁 扛大旗 扛旗 lead 前头(?=的)"
    " 主官 主演 男一号 担纲 掌勺 领军"
)
# Who helps by the plans' own word.
_HELP = "(?:[打搞]个?)?(?:配合|协助|协办)"
# Who takes part and does not lead.
_JOIN = _any(
    "参与 参加 打下手 打杂 搭把?手 帮衬 跟着(?:[^,。?]{1,4})?[干跑做弄搞] 跟班"
    " 跑龙套 敲边鼓 当配角 配角 陪跑 蹭 [只就光仅]是?沾边 跟着(?=$|[,。?的]) 凑数"
    " 打酱油 打辅助 帮手 跟在[^,。?]{0,6}(?:后[头面边]|屁股后)[跑干做]?"
)
# Who does it alone.
_SOLE = _any(
    f"独家 独自 独扛 独一家 单独(?!{TOLD}) 独挑 单挑 单干 包圆 一肩挑"
    " 一个单位(?:单独|独自|单)?(?=牵头|负责|承担|干)"
    " (?<![那这哪])一家(?:单独|独自)?(?=牵头|负责|承担|挑头|的|搞|干|整|扛|管|弄|办)"
    " 只归(?:我们|咱们?|俺们?|自己) 没有?别[人家] 没有?其他(?:人|家|单位)"
    " 没有?第[二三]家 别人不?(?:掺和|插手|沾)"
)
# Who does it with others.
_JOINT = _any(
    f"一起(?!{TOLD}) (?<![那这])一块儿?(?!{TOLD}|堆) 一道(?!{TOLD}) 共同"
    " [两三几]家(?:都|一|共)? 三方 都有[份名] 有交集 交集 重叠 重合 交叉 搅 绑"
    " 搭伙? 搭着 伙着 合伙 联合 联手 共管 凑一?[起块] 一搭里? 同在 都沾手?"
    " (?<![那这哪第])同?一条里[头面]?"
    " 都要出人 一块堆 瓜葛 一路(?=[干做搞弄办的]) 并肩 并排 合起来 合着 [合联]办"
    " (?<=\0)有(?:关联|牵连|来往) 都(?:挂着|在册)"
)
# What a list is of.
_WORK = _any(
    "任务 单子 活(?![动力跃泼])[儿路计]? 差事 担子 摊子 kpi 职责 事体"
    " 工作(?=啊|呢|有|$) (?<=[些个的多样啥])事儿?(?=$|[,。?要])"
)
# In whose name, on whose back it stands; to whom it fell.
_HELD = _any(
    "名下 头上 身上 手[里上头] 肩上 账上 挂了? 压了? 揽了? 摊[上到]? 领了 领到"
    " 分到 派到 轮到 认领 背着?了? 管着 担着 涉及 点了 点到 有名 出力 有份 一份"
    " (?<!不)沾边"
    " (?:有|写了?|署了?)[^,。?]{0,6}名[字儿](?=的|$) 里有 在内 占(?=[哪几])"
    " 写[着了有](?=[我咱俺本\0])"
)
# How somebody wants it told.
_TELL = _any(
    "全部 全都? 所有 统统 通通 一共 总共 拢共 一五一十 从头到尾 不管大小 捋 列"
    " 划拉 扒拉 归拢 掺和 甩 打包 打个包 念一?[遍下] 念给 数一?[数下遍] 清单"
    " 对照 准数 核一?[下遍] 对不对 给我报 报给我 报出来 报一?[下遍哈] 发我 发给"
    " 只要 拎 [挑指]出来 倒出来 拉出来 拉个 摆出来 给我瞅 瞅瞅 一条别落 一条不落"
    " 一条条 冇漏 都(?:给|跟|报|列|发|要|归|算|有) 整个全的 概括 分[两成] 瞅"
)
# What is asked after.
_WHAT = _any(
    "哪些 哪几 哪[个样俩条项件桩两三四五六] 哪一[条项个样件] 啥子? 什么 么子"
    " 其[余他它](?=的?[跟有我咱几]) 有无 有没得 有冇得? 还有(?:别的|其[他它]|没有)"
    " [有冇]?莫有 剩"
)
# What is said of the others, by the way.
_ASIDE = _any(
    "谁主谁次 谁带头谁(?:跟着?|配合) (?:分别)?听谁的 谁对 谁排前"
    " [跟和同与](?:谁|哪[个家些](?:单位|部门|局)?) 连着?是?谁牵头"
    " 跟着哪个(?:部门|单位)[做干]?"
    " (?:顺便|顺带|注明|标[明出注])[^,。?]* (?:是不是|是否)真的 真的?假的 是真是假"
    " [不没][讲说写][明清]?(?:谁|哪[个家])[^,。?]{0,3}"
)
# What is not ours: 人家牵头 is no wish for what we lead.
_OTHERS = _any(
    "别家 别人 别个 人家 他们 [其别][他的](?:单位|部门|局) 旁人 [县区市]里 上[头面级]"
)

_NAMED = ("他们", "人家")  # beside a department's name it is meant by them
_WE = f"(?:[我咱俺额本]们?[局委部镇]?|{GAP})"
_EXCEPT = "(?:除[了开掉去]?|去掉|刨[去开]|[撇抛]开|减去|[剔扣][除掉])"
_NOT = (
    "(?P<not>不用?是?|(?<!有)没有?(?:[一哪][项条个件])?是?|别|无需|不需要?|甭"
    f"|{_EXCEPT}{_WE}*)"
)
_SELF = f"(?:是|要|当|唱|由|让|归|{_WE}|一家|单独)*"
_LEFT_OUT = (
    "(?P<out>的?(?:先|都|就|也)*(?:不管|不要|不算|不看|不用|除外)"
    "(?=$|[^\u4e00-\u9fff]|[只就光]))"
)
_NONE = "(?P<none>的?(?:任务)?(?:一[项条个件])?[都也](?:没有?|冇得?)(?![写讲说]))"
_TAG = "(?P<tag>[^,。?]{0,2}[吧吗么])"  # 不牵头吧? takes it for granted, denies nothing
_SINGLE = re.compile("[只光仅]")

US = re.compile(
    "(?:我们|咱们?|俺们?|额们?|阿拉)(?:[局委部镇](?!长)|单位|街道|基层)?(?:里厢?|上)?"
    "|本(?:局|委|部|单位|镇|街道)|我(?:局|委|镇|部(?!分)|(?=[跟同和与]))|自家"
)
ROLE = re.compile(
    f"(?:(?P<others>{_OTHERS})[^,。?我咱俺本喊叫让要]{{0,2}})?{_NOT}?{_SELF}"
    f"(?:(?P<lead>{_LEAD})|(?P<help>{_HELP})|(?P<join>{_JOIN}))(?:{_LEFT_OUT}|{_NONE})?{_TAG}?"
)
_ANY = f"(?:{_HELP}|{_LEAD}|{_JOIN})"
BOTH = re.compile(
    f"负责[和跟与及或、]+(?:参与|配合)的?"
    f"|[^,。?]{{0,2}}[放排列写摆搁][^,。?]{{0,2}}(?:前[面边头]?|后[面边头])"
    f"|{_ANY}的?[放排列写摆搁](?:[在到]?(?:上|下|底)[头面边下])"
    f"|{_ANY}的?(?:那[种些])?(?:也|一并)(?:算|要|列|报|数)"
    f"|(?:不[光只仅单](?:仅|是)*|包括|哪怕(?:是)?)[^,。?]{{0,3}}{_ANY}"
    f"|(?P<of>{_LEAD}|{_HELP}|{_JOIN})的归(?P=of)的"
)
EQUAL = re.compile("平级(?:分工)?|平起平坐|不分主次")
SOLE = re.compile(_SOLE)
JOINT = re.compile(_JOINT)
WORK = re.compile(_WORK)
COUNT = re.compile(
    f"{_NUMBER}(?:{_UNITS}(?:活儿?|任务|大?事[情儿]?)?|[个样](?:活儿?|任务))的?{_ENDS}"
    "|(?:几|好)多样|[0-9两二三四五六七八九十几仨俩]个(?=$|[,。?吧还,])|[四五六七八九三两]条"
)
HELD = re.compile(_HELD)
TELL = re.compile(_TELL)
WHAT = re.compile(_WHAT)
DO_WHAT = re.compile(
    "[要得该都让做整干](?:我们|咱们?|俺们?|\0)*[干做搞弄忙整]?(?:的都?有)?(?:些|点)?(?:啥子?|什么|么子|哪些)"
    "(?=$|[^\u4e00-\u9fff]|[事活任呢啊呀嘛就])|(?:好多|多少|啥子?|什么)事体?(?:要做)?"
)
NO_LIST = re.compile(
    "谁|哪几?家|(?:啥|什么|么子)(?:时候|时间|地方)|(?<![跟和同与])哪[个些](?:单位|部门|局|委)|是不是|为啥|为什么|凭啥|[那这][个项条]?(?:任务|活)"
    "|(?:牵头|主办|配合|参与)还是|(?<!多)还是(?:我们|咱|\0|牵头|配合|参与)"
)
ASIDE = re.compile(_ASIDE)
OWN_COUNT = re.compile("我(?:数|记|算)[了着得]|准数")
ITEMS = re.compile(f"{_NUMBER}[条项]|任务")  # 我数了是6项对不对
EACH = re.compile(
    "(?:各(?:自|家)?|分别|每家)(?:是|有|领|摊)?(?:了|上)?(?:几|多少)[项条个件]"
    "|(?:谁|哪[个家])的?(?:任务|活儿?|牵头的?)多"
    "|(?:任务|活儿?|牵头)最多的?(?:是|数)?(?:谁|哪)"
)
BESIDES = re.compile("除了?[^,。?]{1,8}[条项个](?:以外|之外)?")  # asks for the others
_NOT_IN = (
    "(?:不在(?:里[面头边]?+|内|其中|册)|(?<!有)没有?(?:掺和|参与|参加|沾|插手|份|名字)"
    "|不(?:掺和|参与|参加|沾边?+|插手|搭界))"
)
_NO_TIE = "(?:不(?:搭界|沾边|相干)|没有?(?:任何)?(?:关系|瓜葛|交集|牵连)|无关|扯不上)"
WITHOUT = re.compile(
    f"(?:(?<!有)没有?|[不没][带含]|不包括|{_EXCEPT})(?:了|上)?[跟和与同]?(?=\0)"
    f"|[跟和与同](?=\0+的?{_NO_TIE})"
)  # stands before who is left out
LEFT_OUT = re.compile(
    f"(?<=\0)(?:[这那]边)?的?都?(?:{_NOT_IN}|{_NO_TIE})的?(?![吗吧么])"
)
SHARED_OUT = re.compile(
    f"{_EXCEPT}上?[跟和与同]?\0+(?:{_JOINT})的?"
)  # and what with him
ALL_OVER = re.compile(
    "全[县区市]|(?:整个|整份)(?:方案|文件)|(?:所有|各个?)(?:单位|部门)"
)
ELSEWHERE = re.compile("(?<![本我])[县区市省](?:里|级)?的?(?:方案|文件)")  # of others
MISREAD = re.compile(f"{_EXCEPT}[^,。?]{{0,3}}{_LEAD}|{BOTH.pattern}")
WITH_US = re.compile(
    f"(?:{US.pattern})[跟和同与]\0(?!\0*比)|\0[跟和同与](?:{US.pattern})(?!比)"
)
WITH_THEM = re.compile("(?:^|[,。?])[跟和同与]\0")
_THAT_PART = re.compile("(?<=[那这])一块儿?")  # and not together
_REST = re.compile(f"(?:剩下|其余|余下)(?=[^,。?]{{0,4}}(?:不|没)?是?{_ANY})")
_CLAUSES = re.compile("[,。?!;\\s]+")
_ALL = (
    *(ASIDE, BESIDES, BOTH, WITHOUT, LEFT_OUT, ROLE, EQUAL, SOLE, JOINT),
    *(_THAT_PART, DO_WHAT, COUNT, WORK, WHAT, HELD, TELL, US),
)


def roles_in(text: str) -> set[Sign]:
    """Tell the roles wished for: what is denied or left out is no wish for it.

    Who only takes part does not lead; 配合 is the word of the plans and goes before.
    Who names both roles wishes for both.
    """
    signs: set[Sign] = set()
    said = ASIDE.sub(as_gap, text)
    rest = _REST.search(said)
    for found in ROLE.finditer(said, rest.start() if rest else 0):
        denied = bool(found["not"] or found["none"]) and not found["tag"]
        foreign = found["others"] is not None
        foreign = foreign and not (GAP in text and found["others"] in _NAMED)
        if found["out"] or (denied and not found["lead"]):
            continue
        if found["lead"]:
            signs.add(Sign.NOT_LEADING if denied or foreign else Sign.LEAD)
        else:
            signs.add(Sign.HELP_WITH if found["help"] else Sign.NOT_LEADING)
    joins = {Sign.HELP_WITH, Sign.NOT_LEADING}
    if EQUAL.search(text):
        signs = {Sign.NOT_LEADING}
    elif BOTH.search(text) or (Sign.LEAD in signs and signs & joins):
        only = _SINGLE.search(text) and not BOTH.search(text)
        signs = (signs & joins) if only else {Sign.LEAD, Sign.HELP_WITH}
    if Sign.NOT_LEADING in signs:
        signs = signs & {Sign.HELP_WITH} or {Sign.NOT_LEADING}
    alone = SOLE.search(said) and not signs >= {Sign.LEAD, Sign.HELP_WITH}
    return signs | ({Sign.SOLE} if alone else set())


def asks_roles(text: str) -> bool:
    """Tell whether a message speaks of a role, or of doing it alone or with others."""
    return any(way.search(text) for way in (BOTH, ROLE, EQUAL, JOINT, SOLE))


def wishes_list(text: str) -> bool:
    """Tell whether a list of tasks seems to be wished for."""
    text = ASIDE.sub(as_gap, text)
    if NO_LIST.search(text) or ELSEWHERE.search(text):
        return False
    if DO_WHAT.search(text) or len(COUNT.findall(text)) > 1:
        return True
    works, counts, held, what, tells = (
        bool(group.search(text)) for group in (WORK, COUNT, HELD, WHAT, TELL)
    )
    if (works or counts or held) and works + counts + held + what + tells > 1:
        return True
    return asks_roles(text) and (works or counts or held or what or tells)


def speaks_of_tasks(text: str) -> bool:
    """Tell whether a message has any word of asking for tasks, of telling, of a role.

    局里的章盖歪了 has none: it only says something.
    """
    ways = (WHAT, COUNT, TELL, WORK, HELD, DO_WHAT, ROLE)
    return any(way.search(text) for way in ways)


def asks_else(text: str) -> bool:
    """Tell whether a clause asks for something that is not of tasks, roles or us.

    Of 点了我们的名,食堂吃啥 only the second clause asks.
    """
    ours = (US, ROLE, WORK, HELD, JOINT, SOLE, BOTH, DO_WHAT)
    for clause in _CLAUSES.split(text):
        if WHAT.search(clause) and GAP not in clause:
            meant = any(way.search(clause) for way in ours)
            if not meant and topic_left(left_beside(clause)):
                return True
    return False


def wishes_tasks(text: str) -> bool:
    """Tell whether a list is plainly wished for, whatever else is said beside it."""
    return wishes_list(text) and bool(WORK.search(text))


def wishes_some(text: str) -> bool:
    """Tell whether tasks, all or so many of something seem to be wished for."""
    some = COUNT.search(text) or TELL.search(text) or WORK.search(text)
    return bool(some) and not NO_LIST.search(ASIDE.sub(GAP, text))


def left_beside(text: str) -> str:
    """Blank all words of asking in *text*."""
    for words in _ALL:
        text = words.sub(as_gap, text)
    return text
