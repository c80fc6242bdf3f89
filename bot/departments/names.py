"""How names of departments are built: endings, levels, places, collectives."""

import re
from collections.abc import Callable

from bot.chinese import fold_in_place

_LONGEST_NAME = 40
_ENDINGS = tuple(
    "局 厅 委 办 部 署 院 校 中心 会 公司 集团 银行 支行 分行 海关 科协 妇联 残联 文联"
    " 侨联 社科联 工商联 记协 作协 体协 政协 人大 团委 街道 镇 乡 区 县 市 省 州 旗 盟"
    " 政府 办事处 公署 电视台 气象台 地震台 报社 馆 队 供销社 联社 新华社 大学 学院"
    " 小学 中学 研究所 派出所 司法所 监狱 站 处 科 股 组 专班 联盟 企业 基地 幼儿园"
    " 少年宫 合作社 铁塔 移动 联通 电信 邮政 烟草 部门 单位 机构 科室 办公室 部队"
    " 工委 纪委 监委 兵团 共青团 少先队 工会 商会 团队 乡镇 镇街 街镇 镇办".split()
)
_NO_NAME = re.compile(r"[的了着将把被并且吗呢吧么谁,;:。!?\"《》“”]|以下|简称")
_NOT_A_BODY = re.compile(
    r"(?:全部|内部|外部|局部|干部|总部|机会|社会|大会|布局|格局|大局|全局|结局|举办|"
    r"承办|主办|协办|创办|督办|查办|转办|原委|编委|课程标准|超市|城市|大城市|都市|"
    r"全市|全县|全区|全省|全国|好处|用处|住处|益处|本科|学科|百科|专科|机关团队)$"
)
_LEVELS = {
    "国": ("中国", "全国", "国家", "中央", "国务院"),
    "省": ("省", "自治区", "兵团"),
    "市": ("市", "自治州", "州", "盟"),
    "县": ("县", "区", "旗", "自治县", "自治旗"),
    "镇": ("镇", "乡", "街道", "乡镇"),
    "村": ("村", "社区"),
    "校": ("企业", "学校", "高校", "校", "院校", "公司", "园区"),
}
_RANK = {word: rank for rank, words in _LEVELS.items() for word in words}
_LEVEL_WORDS = "|".join(sorted(_RANK, key=len, reverse=True))
_LEVEL = re.compile(_LEVEL_WORDS)
_LEVEL_AT_END = re.compile(rf"(?:{_LEVEL_WORDS})$")
_NO_LEVEL = re.compile(
    r"市场|市政|市民|市容|市郊|市直|市级|县域|县直|县级|县城|区域|区划|区块|区直|区级|"
    r"省级|省直|省会|省际|州际|乡村|乡土|乡镇|镇街|镇办|镇村|村镇|街道|社区|校外|校园|"
    r"企业|学校|高校|院校|公司|园区|盟员|旗袍|兵团"
)
_PLACE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|市|自治州|州|盟|自治县|县|区|旗)){1,3}"
)
_NO_PLACE = re.compile(
    r"(?:社区|地区|城市|超市|园区|校区|景区|灾区|林区|辖区|小区|库区|山区|牧区|城区|"
    r"开发区|高新区|示范区|经济区|度假区|保税区|保护区|实验区|功能区|县市|区县|县区|城乡)$"
)
_PREFIX = re.compile(
    r"(?:(?![局厅委办部会院校及与由请各协]|政府|有关|相关|妇联|中心|银行|公司|海关"
    r"|[省市县区镇乡道]和|街道[省市县区]|镇[县区])"
    r"[\u4e00-\u9fff])+"
)
_PLACE_AT_END = re.compile(
    r"(?P<place>(?:[\u4e00-\u9fff]{2,3}(?:省|市))?[\u4e00-\u9fff]{2}(?:省|市|县|区|旗))$"
)
_ASKING = re.compile(
    "[我咱你他的是由和跟与及问请归给让找看查那这哪在有对为要到于属了吗呢说讲一帮们本全各此该]"
)
_YOUTH_LEAGUE = re.compile(
    r"(?:中国)?(?:共产主义青年|共青)?团(?P<place>[\u4e00-\u9fff]{0,12}?)(?:工?委员?会?)"
)
_TOWNS = (
    r"(?:县级|自治|市辖|省直管|计划单列)?(?:(?:省|市|州|盟|县|区|旗|乡|镇|街道?|办|村|社区"
    r"|功能区|园区|地区|城区)(?:级)?(?:\([^()]{1,12}\))?){1,4}"
)
_TOWN_BODIES = r"(?:人民|政府|党委|党工委|管委会|办事处|居委会|村委会|工委)*"
_GENERIC = re.compile(
    rf"(?:(?:{_TOWNS}){_TOWN_BODIES}|(?:职能|直属)?(?:部门|单位|机构|企业|学校)"
    r"(?:\((?:部门|单位)\))?)"
)
_GROUP_HEAD = re.compile(r"(?:各|有关|相关|全体|所有|其他|其它)+级?")
_COLLECTIVE = re.compile(
    r"各(?!自)|有关|相关|成员单位|全体|所有|^其[他它]|属地|试点|"
    r"(?:省|市|县|区)(?:直|级|属)(?:机关|部门|单位|企业|事业)*$|"
    r"^驻.+单位$|[^0-9a-z]等部门$|^(?:职能|责任|配合|牵头|主管|行业|参与)?(?:部门|单位)$"
)
_TOWNS_ALONE = re.compile(
    r"(?:(?:乡|镇|街道?|办)\(?[、/]?){1,4}\)?(?:人民政府|政府|党委|办事处)*"
    r"|(?:县|市|区|州|旗)[(、].{1,8}(?:人民政府|政府)?"
    r"|(?:区县|县区|县市区|市县|县市|市县区|村居|村|社区)(?:人民政府|政府|两委)?"
    r"|(?:街道|镇街|乡镇)办事?处?"
)


def without_blanks(text: str) -> str:
    """Return *text* without the blanks and line breaks that layout left in it."""
    return "".join(text.split())


def is_collective_name(text: str) -> bool:
    """Tell whether *text* names a group of bodies: 各镇街道, 有关部门, 成员单位."""
    name = fold_in_place(without_blanks(text))
    if not 2 <= len(name) <= _LONGEST_NAME:
        return False
    return bool(_COLLECTIVE.search(name) or _TOWNS_ALONE.fullmatch(name))


def is_generic_part(text: str) -> bool:
    """Tell whether *text* only continues a group: 县级市 of 各区、县级市."""
    return bool(_GENERIC.fullmatch(fold_in_place(text)[:_LONGEST_NAME]))


def opens_group(text: str) -> bool:
    """Tell whether *text* is a group that a generic part may continue: 各区."""
    name = fold_in_place(text)
    head = _GROUP_HEAD.match(name)
    return bool(head and _GENERIC.fullmatch(name[head.end() :].split("、")[-1]))


def has_department_shape(text: str) -> bool:
    """Tell whether *text* is built as the name of a department or a group of them."""
    name = fold_in_place(without_blanks(text))
    bare = name[: name.index("(")] if name.endswith(")") and "(" in name else name
    if not 2 <= len(bare) <= _LONGEST_NAME or _NO_NAME.search(bare):
        return False
    if is_collective_name(name):
        return True
    return bare.endswith(_ENDINGS) and not _NOT_A_BODY.search(bare)


def split_prefix(name: str, *, is_stem: Callable[[str], bool]) -> tuple[str, str]:
    """Cut *name* into its level or place and its stem: 济南市历下区 + 教体局.

    *is_stem* knows the names that stand without a prefix. The prefix is "" where
    the name has none (团县委: 县 + 团委).
    """
    league = _YOUTH_LEAGUE.fullmatch(name)
    if league:
        return league["place"], "团委"
    if is_stem(name):
        return "", name
    for level in _LEVEL.finditer(name, 0, 24):
        prefix = name[: level.end()]
        if _PREFIX.fullmatch(prefix) and is_stem(name[level.end() :]):
            return prefix, name[level.end() :]
    return _split_unknown(name)


def _split_unknown(name: str) -> tuple[str, str]:
    level = _LEVEL.match(name)
    if level and not _NO_LEVEL.match(name) and len(name) > level.end() + 1:
        return level[0], name[level.end() :]
    place = _PLACE.match(name)
    if not place or not _PREFIX.fullmatch(place[0]) or _NO_PLACE.search(place[0]):
        return "", name
    if len(name) > place.end() + 1:
        return place[0], name[place.end() :]
    return "", name


def rank_of(prefix: str) -> str:
    """Name the level at which *prefix* stands: 省, 市, 县, 镇; "" if it has none."""
    level = _LEVEL_AT_END.search(prefix)
    return _RANK[level[0]] if level else ""


def place_of(prefix: str) -> str:
    """Name the last place of *prefix*: 历下 of 济南市历下区; "" of a bare level."""
    level = _LEVEL_AT_END.search(prefix)
    rest = prefix[: level.start()] if level else prefix
    return re.split(r"省|市|自治区|自治州|州|盟", rest)[-1]


def prefix_before(text: str, end: int) -> tuple[int, str]:
    """Find the level or place that ends at *end* of *text*: where it starts, and it.

    A place is only taken with its level (平阴县); *end* and "" if there is none.
    """
    before = text[max(0, end - 12) : end]
    level = _LEVEL_AT_END.search(before)
    if not level:
        return end, ""
    place = _PLACE_AT_END.search(before)
    found = place["place"] if place and not _ASKING.search(place["place"]) else level[0]
    return end - len(found), found
