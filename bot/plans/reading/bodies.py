"""Names of bodies inside a sentence of duties: who must, and to whom."""

import re

from bot.departments.names import opens_group

HIDDEN = "\ue000"
"""Stands for each character of a phrase of time that was read already."""

_ENDING = (
    "试点城市|常委会|红十字会|联席会议|主要领导|委员会|居委会|村委会|联合会|中小学|工商联|社科联|办公室|办事处|管委会|党工委|"
    "党组织|党支部|指挥部|开发区|高新区|功能区|示范区|管理区|上一级|县市区|市区县|科技馆|负责人|联络员|责任人|"
    "党中央|科协|政府|街道|镇街|街镇|镇办|社区|区县|县区|县市|市县|部门|单位|财政|小组|专班|协会(?![同商])|学会|学校|"
    "高校|院校|工会|妇联|残联|文联|侨联|机构|企业|公司|集团|中心|党委|党组|大队|支队|总队|中队|新区|园区|"
    "景区|各地|地区|上级|各级|各区|各县|各市|各省|各州|县直|组织|基地|场馆|主体|局|委|办|部|厅|人大|政协|院|行|署|"
    "室|处|所|站|镇|乡|村"
)
"""Ends of names, the longest first, so that 办公室 does not end at 办."""
_BRACKET = r"(?:[（(][^（）()]{1,12}[）)])?"
_END = re.compile(rf"(?=((?:{_ENDING}){_BRACKET}))")
_ENDS = re.compile(rf"(?:{_ENDING}){_BRACKET}$")
_NAME = re.compile(
    rf"(?:[^，、。；：！？,;:的将把]{{0,30}}?(?:{_ENDING})|[一-鿿]{{1,3}}联){_BRACKET}"
)
_NO_NAME = re.compile(
    "成立|建立|组建|加强|完善|将|把|对|按|根据|鼓励|支持|推动|依托|落实|发挥|充分|积极|探索|强化|设立"
    "|健全|形成|通过|采取|广泛|为|以|在|从|因|若|如|凡|切实|进一步|严格|认真|统筹|引导|动员|组织(?![部、])"
    "|开展|加大|明确|压实|纳入|坚持|围绕|结合|做好|抓好|制定|实施|推进|构建|协调|调动|吸纳|配合|联合|对于"
    "|提高|提升|并|同时|确保|保障|要|应(?!急)|须|定期|适时|及时|聚焦|深化|夯实|优化|打造|营造|实行|具体|经(?![济信开发])|报|后(?!勤)|于|向(?!阳)|与"
    "|和(?!平)|及|到|至"
)
_VERB_INSIDE = re.compile(
    "(?<![纲重主必需摘])要|应当|必须|按照|设在|会同|汇总|牵头|负责|报送|制定|审核|落实|开展|完成|总结|提出|形成|认真"
    "|明确|确定|指定|推荐|选派"
)
_LEAD_IN = re.compile(r"(?:请|由|其中|同时|原则上|希|望|督促|责成|[一二三四五六]是)+")
_JOINT = re.compile(r"[、，,]|以及|[及和与]")
_BARE_KIND = re.compile(rf"(?:单位|部门|机构|企业|组织){_BRACKET}")
_LEVEL = re.compile(rf"(?:县级|自治)?[市州盟县区旗乡镇]{{1,2}}{_BRACKET}")
_PREDICATE = re.compile(
    r"[，,]?(?:要|应|须|必须|需|负责|牵头|会同|按|根据|结合|具体|统筹|定期|不得|可|组织(?![要应须])|设在|分别|均|加强"
    r"|认真|切实|制定|建立|研究|承担|做好|进一步|积极|协同|配合|主动|把|对|将|严格|落实|履行|作为|于|在|充分"
    r"|发挥|强化|明确|完善|密切|及时|适时|依据|通过|共同|指导|协调|开展|督促|推动|推进|每|各司其职|安排|为|全面"
    r"|深入|坚持|围绕|依托|抓好|参照|也要|都要|还要|结合|把握|确定|成立|设立|指定|推荐|选派|汇总|审核|牢固|高度|层层|聚焦|压实"
    rf"|实行|实施|由|下设|是|同步|逐级|向|列入|纳入|{HIDDEN})"
)
_LOOSE = re.compile(
    r"(?P<who>[^，。；：,;的]{2,50}(?:部门|单位|政府|机构|组织|企业))(?:也|都|还)?(?:要|应当?|须|必须)"
)
_REACH = 200
_INSIDE = re.compile(r"[（(][^（）()]{1,12}[）)]")
_JOINT_INSIDE = str.maketrans("、，,", "\ue001" * 3)


def _shielded(words: str) -> str:
    """Hide the 、 inside brackets, which parts no names: 各县（市、区）科协."""
    return _INSIDE.sub(lambda found: found[0].translate(_JOINT_INSIDE), words)


def is_body(words: str) -> bool:
    """Tell whether words are the name of one body or collective, and nothing else."""
    if not 2 <= len(words) <= 40 or _NO_NAME.match(words):
        return False
    return _NAME.fullmatch(words) is not None and not _VERB_INSIDE.search(words)


def split_bodies(run: str) -> tuple[str, ...]:
    """Split a run of names as written: 各镇（街道）、经济开发区 are two.

    A 和 inside a name (文化和旅游局) does not split it, nor does the 、 of
    有关部门、单位. Empty when a part is no name.
    """
    plain = _shielded(run)
    lead = _LEAD_IN.match(plain)
    start = lead.end() if lead else 0
    parts: list[tuple[int, int]] = []
    for joint in [*_JOINT.finditer(plain), None]:
        stop = joint.start() if joint else len(plain)
        part = plain[start:stop]
        if parts and _goes_on(run[slice(*parts[-1])], run[start:stop]):
            parts[-1] = (parts[-1][0], stop)
        elif is_body(part):
            parts.append((start, stop))
        elif joint and joint[0] not in "、，,":
            continue
        else:
            return ()
        start = joint.end() if joint else stop
    return tuple(run[first:last] for first, last in parts)


def _goes_on(last: str, part: str) -> bool:
    """Tell whether *part* only continues a group: 有关部门、单位; 各市、县（区）."""
    if _BARE_KIND.fullmatch(part):
        return True
    return _LEVEL.fullmatch(part) is not None and opens_group(last)


def bodies_at_end(words: str) -> tuple[str, ...]:
    """Find the names with which *words* end; a comma between them is no end."""
    words = words[-_REACH:]
    joints = re.finditer("[、，,；：]", _shielded(words))
    starts = [0, *(found.end() for found in joints)]
    best: tuple[str, ...] = ()
    for start in reversed(starts[-12:]):
        names = split_bodies(words[start:])
        if not names and best:
            break
        best = names or best
    return best


def bodies_at_start(
    words: str, *, before: re.Pattern[str] | None = None
) -> tuple[str, tuple[str, ...]]:
    """Find the names with which *words* begin: the run as written, and the names.

    The longest run, or the first one that *before* follows; "" and () if none.
    """
    words = words[:_REACH]
    ends = sorted({found.end(1) for found in _END.finditer(words)})[:20]
    for end in ends if before else reversed(ends):
        if before and not before.match(words, end):
            continue
        names = split_bodies(words[:end])
        if names:
            return words[:end], names
    return "", ()


def ends_with_body(words: str) -> bool:
    """Tell whether *words* end as the name of a body does."""
    return _ENDS.search(words) is not None


def subject(text: str) -> tuple[str, tuple[str, ...]]:
    """Read the doers with which a sentence begins: the run as written, and names."""
    run, names = bodies_at_start(text, before=_PREDICATE)
    if names:
        return run, names
    return _loose_subject(text)


def _loose_subject(text: str) -> tuple[str, tuple[str, ...]]:
    """Read 区科技、教体、卫健委等部门要: one subject, which cannot be split."""
    found = _LOOSE.match(text)
    if not found or re.match("[将把对按在以要]|加强|通过|根据|鼓励", found["who"]):
        return "", ()
    return found["who"], (found["who"],)
