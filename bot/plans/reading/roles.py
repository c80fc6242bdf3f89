"""The words that tie a department to a task: 牵头, 配合单位：, 按职责分工负责."""

import re
from typing import NamedTuple

from bot.facts import OwnerRole, Relation

Tie = tuple[OwnerRole, Relation]

LEADS: Tie = (OwnerRole.LEAD, Relation.LEADS)
CARRIES: Tie = (OwnerRole.JOINT, Relation.CARRIES)
HELPS: Tie = (OwnerRole.HELPER, Relation.HELPS)
JOINS: Tie = (OwnerRole.HELPER, Relation.JOINS)
GUIDES: Tie = (OwnerRole.GUIDE, Relation.GUIDES)
_ANSWERS: Tie = (OwnerRole.JOINT, Relation.ANSWERS)

_DOING = "(?:负责|组织|推进|推动|落实|实施|抓好|抓总|做好|办理|执行|完成|开展|工作)*"
_WORDS = (
    (LEADS, rf"总?牵头{_DOING}|负总责|主责|主办|主抓|为主{_DOING}"),
    (HELPS, rf"(?:协同|密切|积极|共同|予以|给予)*(?:配合|协助|协办|支持){_DOING}"),
    (JOINS, r"(?:共同|积极)?参与(?:实施|落实|推进|配合)?|参加"),
    (GUIDES, r"(?:监督|督促|业务)*(?:指导|督导)(?:实施|落实|推进|监督)?"),
    (CARRIES, rf"负责{_DOING}|承办|分工落实|(?:具体|组织|抓好)?落实|(?:组织|具体)实施"),
)
_LABEL_WORDS = (
    (LEADS, "牵头责任|牵头负责|牵头考核|总?牵头|主责|主办|主抓|首要责任"),
    (HELPS, "协同配合|责任配合|配合|协办|协助|协作|协同|联办"),
    (JOINS, "参与|参加|参建"),
    (GUIDES, "业务指导|指导|督导"),
    (_ANSWERS, "责任落实|共同责任|责任|承办|负责|实施|落实|主管|主要责任|承担|考核"),
)
_BODIES = "(?:单位|部门|机构|主体|地区|处室|科室)"
_SHARE = (
    r"(?:(?:按照?|根据|依据?|依照|结合)[^,;。、:()]{0,12}?"
    r"(?:分工|职责|职能|职权|权限|原则|要求))"
)
_MANNER = "(?:分别|各自|共同|联合|协同|分工|具体|全面|统筹|主要|一并|均)"
_ROLE_GROUPS = "|".join(f"(?P<r{n}>{words})" for n, (_, words) in enumerate(_WORDS))
_NAMED_ROLE = "|".join(
    f"(?P<n{n}>{words})" for n, (_, words) in enumerate(_LABEL_WORDS)
)
_LABEL_GROUPS = "|".join(
    f"(?P<l{n}>{words})" for n, (_, words) in enumerate(_LABEL_WORDS)
)
_AT_END = re.compile(
    rf"(?P<manner>(?:{_SHARE}|{_MANNER})*)"
    rf"(?:(?:{_ROLE_GROUPS})|(?:作为|为|是)(?:{_NAMED_ROLE}){_BODIES})$"
)
_LABEL = re.compile(
    rf"(?:(?P<skip>责任人|责任领导|分管领导|包保领导|联系人|联系电话|电话|备注|工作措施"
    rf"|工作目标|工作要求|主要任务|负责人|牵头领导|责任科室负责人|考核方式)"
    rf"|(?P<due>(?:完成|办结|推进|实施|计划|整改|落实|目标|工作|时间)*"
    rf"(?:时限|期限|时间|节点|进度)(?:要求|安排|节点)?)"
    rf"|(?:{_LABEL_GROUPS})(?:(?:和|及|、)?(?:责任|配合|参与|牵头|协办))?{_BODIES}"
    rf"(?:[和及、](?:人员|{_BODIES}))?(?:\([^()]{{1,8}}\))?"
    rf"|(?P<bare>牵头|配合|责任|协办|参与))(?P<colon>:)"
)
_OPEN_LABEL = re.compile(rf"(?:{_LABEL_GROUPS}){_BODIES}(?::|(?=[^,;。、:()为由和的]))")
_WEAK = re.compile(r"^(?:支持|参加|参与|落实|实施|指导|协助|承办|为主|主抓)")
_BARE = {"牵头": LEADS, "配合": HELPS, "责任": _ANSWERS, "协办": HELPS, "参与": JOINS}


class Role(NamedTuple):
    """A role word at the end of a clause: where its manner starts, and what it says."""

    start: int
    tie: Tie
    is_weak: bool


class Label(NamedTuple):
    """A label such as 配合单位：; `tie` is None for one that names no department."""

    start: int
    end: int
    tie: Tie | None
    is_due: bool


def role_at_end(plain: str) -> Role | None:
    """Find the role word that ends a clause of folded text; None if there is none."""
    tail = plain[-60:]
    found = _AT_END.search(tail)
    if not found:
        return None
    start = len(plain) - len(tail) + found.start()
    if not found.lastgroup:
        return None
    said = [name for name, word in found.groupdict().items() if word is not None]
    group = next(name for name in said if name[1:].isdigit())
    table = _WORDS if group[0] == "r" else _LABEL_WORDS
    word = found[group]
    return Role(start, table[int(group[1:])][0], bool(_WEAK.match(word)))


def labels(plain: str) -> list[Label]:
    """Find the labels of folded text in order; each ends after its colon."""
    if ":" not in plain:
        return []
    return [_label(found) for found in _LABEL.finditer(plain)]


def opening_label(plain: str) -> Label | None:
    """Find a label that opens folded text even where its colon was lost."""
    found = _OPEN_LABEL.match(plain)
    return _label(found) if found else None


def _label(found: re.Match[str]) -> Label:
    groups = found.groupdict()
    tie: Tie | None = None
    for name, value in groups.items():
        if value is not None and name[0] == "l" and name[1:].isdigit():
            tie = _LABEL_WORDS[int(name[1:])][0]
    if groups.get("bare"):
        tie = _BARE[groups["bare"] or ""]
    return Label(found.start(), found.end(), tie, bool(groups.get("due")))
