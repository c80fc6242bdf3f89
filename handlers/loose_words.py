"""The words of a message that asks for a list in a roundabout way.

Looser than `handlers.phrases`: they are read only where that found nothing.
"""

import re

from handlers.signs import Sign

_NUMBER = "(?:好多|多少|[0-9两二三四五六七八九十几仨俩]+)"
_AFTER = (
    "(?=$|[^\u4e00-\u9fff]|[任活事差牵配是都要呢啊吗呀吧的我你还哪全列有没归发念给])"
)
_NOT = "(?P<not>不用?|没有?|别|无需|不需要?|甭)"
_SELF = "(?:是|要|当|唱|由|让|归|我们|咱们?|俺们?|\0|一家|单独)*"
_LEADS = "(?P<lead>牵头|挑头|打头|带头|领头|主责|主办|主角|挂帅|lead|前头(?=的))"
_HELPS = "(?P<help>(?:打个?|搞个?)?配合|协助|协办)"
_JOINS = (
    "(?P<join>参与|参加|打下手|搭把?手|跟着(?:干|跑|做)|跑龙套|敲边鼓|陪跑|蹭|沾边)"
)
_LEFT_OUT = (
    "(?P<out>的?(?:先|都|就|也)*(?:不管|不要|不算|不看|不用|除外)"
    "(?=$|[^\u4e00-\u9fff]|[只就光]))"
)
_ADDED = (
    "(?P<added>的?(?:也|一并)(?:算|要|列|报|数)|[^,。?]{0,2}(?:放|排|列)[^,。?]{0,2}前)"
)
_TAG = "(?P<tag>[^,。?]{0,2}[吧吗么])"  # 不牵头吧? takes it for granted, denies nothing

US = re.compile(
    "(?:我们|咱们?|俺们?)(?:[局委部镇](?!长)|单位|街道)?|本(?:局|委|部|单位|镇|街道)|我(?:局|委|镇|(?=[跟同和与]))"
)
ROLE = re.compile(
    f"{_NOT}?{_SELF}(?:{_LEADS}|{_HELPS}|{_JOINS})(?:{_ADDED}|{_LEFT_OUT})?{_TAG}?"
)
EQUAL = re.compile("平级(?:分工)?|平起平坐|不分主次")
SOLE = re.compile(
    "一家(?:单独|独自)?(?=牵头|负责|承担|挑头|的)|单独(?:负责)?|独[家自](?:负责)?|没有?(?:别人|别家)"
)
JOINT = re.compile(
    "一起|一块儿?|共同|两家|都有份|重叠|重合|交叉|搅|绑|搭伙?|合伙|联合|联手|共管"
)
WORK = re.compile(
    "任务|单子|活(?![动力跃泼])儿?|差事|担子|摊子|kpi|职责|(?<=[些个的])事儿?(?=$|[,。?])"
)
COUNT = re.compile(
    f"{_NUMBER}(?:[条项件桩](?:活儿?|任务)?|[个样](?:活儿?|任务)){_AFTER}|[0-9两二三四五六七八九十几仨俩]个(?=$|[,。?吧还])"
)
WHAT = re.compile(
    "哪些|哪几|哪[个样俩条项两三四五六]|啥|什么|么子|还有(?:别的|其[他它]|没有)"
)
ALL = re.compile(
    "全部|所有|统统|通通|一共|总共|全[列给都]|都(?:给|跟|报|列|发|要|归|算)|捋|列|划拉|扒拉|归拢"
    "|掺和|甩|打包|念一?[遍下]|数一?[数下遍]|清单|准数|核一?[下遍]|对不对|报给我|发我|只要"
)
DO_WHAT = re.compile(
    "[要得该都](?:我们|咱们?)?[干做搞弄忙](?:些|点)?(?:啥|什么|么子|哪些)"
)
NO_LIST = re.compile(
    "谁|哪几?家|(?<![跟和同与])哪[个些](?:单位|部门|局|委)|是不是|为啥|为什么|凭啥|[那这][个项条](?:任务|活)"
    "|(?:牵头|主办|配合|参与)还是|还是(?:我们|咱|\0|牵头|配合|参与)"
)
WITH_WHOM = re.compile("[跟和同与](?:谁|哪[个家些](?:单位|部门|局)?)")
EACH = re.compile(
    "(?:各(?:自|家)?|分别|每家)(?:是|有|领|摊)?(?:了|上)?(?:几|多少)[项条个]|谁的?(?:任务|活儿?)多"
)
BESIDES = re.compile("除了?[^,。?]{1,8}[条项个](?:以外|之外)?")  # asks for the others
_GROUPS = (WORK, COUNT, WHAT, ALL)


def roles_in(text: str) -> set[Sign]:
    """Tell the roles wished for: what is denied or left out is no wish for it.

    Who only takes part does not lead; 配合 is the word of the plans and goes before.
    """
    signs: set[Sign] = set()
    for found in ROLE.finditer(text):
        denied = bool(found["not"]) and not found["tag"]
        if found["out"] or (denied and not found["lead"]):
            continue
        if found["added"]:
            signs |= {Sign.LEAD, Sign.HELP_WITH}
        elif found["lead"]:
            signs.add(Sign.NOT_LEADING if denied else Sign.LEAD)
        else:
            signs.add(Sign.HELP_WITH if found["help"] else Sign.NOT_LEADING)
    if EQUAL.search(text):
        signs = {Sign.NOT_LEADING}
    if Sign.NOT_LEADING in signs:
        signs = signs & {Sign.HELP_WITH} or {Sign.NOT_LEADING}
    return signs | ({Sign.SOLE} if SOLE.search(text) else set())


def wishes_list(text: str) -> bool:
    """Tell whether a list of tasks seems to be wished for."""
    if NO_LIST.search(text):
        return False
    said = [bool(group.search(text)) for group in _GROUPS]
    works, counts, *_ = said
    if DO_WHAT.search(text) or len(COUNT.findall(text)) > 1:
        return True
    if sum(said) > 1 and (works or counts):
        return True
    ways = (ROLE, EQUAL, JOINT, SOLE)
    return any(way.search(text) for way in ways) and any(said)


def wishes_tasks(text: str) -> bool:
    """Tell whether a list is plainly wished for, whatever else is said beside it."""
    return wishes_list(text) and bool(WORK.search(text))


def wishes_some(text: str) -> bool:
    """Tell whether tasks, all or so many of something seem to be wished for."""
    some = COUNT.search(text) or ALL.search(text) or "任务" in text
    return bool(some) and not NO_LIST.search(text)


def left_beside(text: str, gap: str) -> str:
    """Blank all words of asking in *text*."""
    for words in (
        BESIDES,
        WITH_WHOM,
        ROLE,
        EQUAL,
        SOLE,
        JOINT,
        DO_WHAT,
        COUNT,
        WORK,
        WHAT,
        ALL,
        US,
    ):
        text = words.sub(lambda found: gap * len(found.group()), text)
    return text
