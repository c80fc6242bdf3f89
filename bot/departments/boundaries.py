"""Where a name in a question may begin and end, so that no ordinary word counts."""

import re

_ENDS_ELSEWHERE = {
    "部": "分署队件位落委首长",
    "办": "法理学事案好到成结",
    "委": "员托任屈派",
    "局": "部面限势域",
    "会": "员场议徽费",
    "联": "合系赛盟动网通结络手欢谊播防",
    "协": "作调议商助同定力会",
    "大": "学会力量型",
    "团": "员队体结支",
    "厅": "堂",
    "府": "采",
}
_BEGINS_ELSEWHERE = {
    "科协": "学医专本百老理文林青校业技全",
    "文联": "作语公论人",
    "外办": "对海国另额室户",
    "团委": "集社师财乐代",
    "妇联": "产",
    "编办": "改汇主",
    "政协": "行",
}
_AFTER_HALF_NAME = re.compile(
    r"$|[的和跟与及、,?!。;:()\0]|部门|系统|这边|这块|方面|口|要|有|负责|牵头|配合|参与|需|做|干"
    r"|任务|什么|啥|哪|那|这|是|该|应|管|承担|呢|吗|吧|归|能|会|怎|都|还|也|一共|总共|几|多少|名下|两家|仨|俩"
    r"|到底|究竟|他们|她们|[领挑打带]头|挂[了着帅]|领[了着衔]|摊[了上]|占[了哪几]|一[起块道同]|在(?:不在|里|内)|各[几有自领占]"
)
_BEFORE_HALF_NAME = re.compile(
    r"(?:^|[的和跟与及、,?!。;:()\0县区市省]|我们|咱们?|你们|请问|问下?|归|由|给|让|找|是|属于|属|那"
    r"|查|看看?|看下|一下|关于|涉及|轮到|交给|哪些|除了?|还有|包括|以及|到|向|帮我|问问|列出|列一下|换成"
    r"|写了|点了|带[着上]?|[拉叫喊][着上]|连同|同|俺们?|额们?|里[头面边]|入面|[案件]里)$"
)


def may_end(text: str, end: int) -> bool:
    """Tell whether a name may end before *end*, or runs on into another word."""
    following = text[end : end + 1]
    return not following or following not in _ENDS_ELSEWHERE.get(text[end - 1], "")


def may_begin(text: str, start: int, end: int) -> bool:
    """Tell whether a name may begin at *start*, or is the tail of another word."""
    before = text[start - 1 : start] if start else ""
    return not before or before not in _BEGINS_ELSEWHERE.get(text[start:end], "")


def follows_no_word(text: str, start: int) -> bool:
    """Tell whether nothing before *start* makes one word with what stands there."""
    return _BEFORE_HALF_NAME.search(text[max(0, start - 4) : start]) is not None


def precedes_no_word(text: str, end: int) -> bool:
    """Tell whether nothing behind *end* makes one word with what ends there."""
    return _AFTER_HALF_NAME.match(text, end) is not None


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a half name (文旅, 卫健) is used as a name: 文旅有哪些任务."""
    if not (precedes_no_word(text, end) and follows_no_word(text, start)):
        return False
    return not re.match("的?(?:活动|知识|融合|产业|素养|科普)", text[end:])
