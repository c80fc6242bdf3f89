"""Facts of a document's head that one reads off a line: number, date, contact."""

import re
from datetime import date

from bot.facts import Contact

_OPEN, _CLOSE = "〔\\[【（(〈<「『“”„‟﹝［", "〕\\]】）)〉>」』”“‟„﹞］"
_NUMBER = re.compile(
    rf"([A-Za-z\u4e00-\u9fff]{{1,16}})\s*[{_OPEN}]\s*((?:19|20)\d\d)\s*[{_CLOSE}]"
    r"\s*[的第]?\s*(\d{1,4})\s*号"
)
_CITING = re.compile(r"根据|依据|按照|贯彻|落实|按|据")
_CITED_ON = re.compile(r"文件|精神|要求|[，。；、》]|以下")
_HAN_DIGITS = {char: str(at) for at, char in enumerate("〇一二三四五六七八九")}
_HAN_DIGITS |= {"零": "0", "○": "0", "Ｏ": "0", "O": "0", "o": "0", "0": "0"}
_HAN_DIGITS["\u041e"] = "0"  # a Cyrillic O looks the same
_YEAR = (
    r"((?:19|20)\d\d|2[OＯo〇○零\u041e]\d\d|[〇零○ＯO\u041e0一二三四五六七八九]{2,4})"
)
_PART = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
DATE = re.compile(rf"{_YEAR}\s*年\s*{_PART}\s*月\s*{_PART}\s*日")
_PLAIN_DATE = re.compile(r"((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})")
_ONLY_DATE = re.compile(
    r"(?<=[^\d：:./-])(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}(?=\s*[）)]?\s*$)"
    r"|^(?:19|20)\d\d([-./])\d{1,2}\2\d{1,2}\s*$"
)
_OPEN_MARK = re.compile(
    r"此件(?:依申请|主动|不予|删减后)?公开(?:发布)?|此件有删减|此件不公开"
    r"|此件公开发布|(?:信息)?公开(?:属性|方式|选项|形式|类别|类型)\s*[：:]\s*"
    r"(?:主动公开|依申请公开|不予公开|不公开)"
    r"|(?<=[（(])(?:主动公开|公开发布|依申请公开|不予公开)(?=[）)])"
)
_DRAFT = re.compile(
    r"(?:公开)?征求意见(?:稿|函)|送审稿|会签稿|讨论稿|审议稿|草案|初稿|修改稿|草稿"
)
PHONE = (
    r"(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}"
    r"|[（(]\s?0\d{2,3}\s?[）)][-\s]?\d{7,8}"
    r"|0\d{2,3}\s?[-－—–]?\s?\d{7,8}|400[-\s]?\d{3}[-\s]?\d{4}"
    r"|[2-9]\d{6,7}"
)
_PHONE = re.compile(rf"(?<!\d)(?:{PHONE})(?:\s?[-－转]\s?\d{{1,5}})?(?!\d)")
_CONTACT = re.compile(r"联系(?:人|电话|方式|单位|部门|科室)|咨询电话|电\s*话\s*[：:]")
_ROLE = re.compile(
    r"联\s*系\s*(?:单\s*位|部\s*门|科\s*室|人|电\s*话|方\s*式)|咨询电话|办公电话|电\s*话"
)
_BODY = re.compile(
    r"[\u4e00-\u9fff（）()]{0,24}(?:政府|办公室|办公厅|委员会|委|局|厅|部|院|会|科协"
    r"|小组|中心|公司|集团|处|站|所|办)(?:[（(][^（）()]{1,20}[）)])?"
)


def find_number(line: str) -> str:
    """Return the 文号 that makes up *line*, or begins or ends it; "" if none.

    Brackets of any kind become 〔〕 and blanks go. A number that is only cited, in a
    sentence or behind 《》, is none.
    """
    bare = re.sub(r"^\s*(?:发文字号|文\s*号|字\s*号)\s*[：:]", "", line).strip()
    for found in _NUMBER.finditer(bare):
        before = bare[: found.start()].rstrip("（([【 　")
        after = bare[found.end() :].lstrip("）)]】 　")
        cited = before[-1:] in "》据照按《" and before != ""
        alone = not before and (len(after) < 16 or "关于" in after[:40])
        cited = cited or bool(_CITING.match(found[1]) or _CITED_ON.match(after))
        in_title = bool(re.search(r"(?:通知|函|意见|通告|公告)$", before)) and not after
        after_head = bool(re.fullmatch(r"[^，。；：:]{2,30}文件", before)) and not after
        if not cited and (alone or in_title or after_head):
            code = found[1].removeprefix("文号").removeprefix("发文字号")
            return f"{code}〔{found[2]}〕{int(found[3])}号"
    return ""


def _year(text: str) -> int:
    digits = "".join(_HAN_DIGITS.get(char, char) for char in text)
    if len(digits) == 4:
        return int(digits)
    return 2000 + int(digits[-2:]) if len(digits) == 2 or digits[0] == "2" else 0


def _count(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return int(_HAN_DIGITS[text]) if len(text) == 1 else 0
    ten_count = int(_HAN_DIGITS[tens]) if len(tens) == 1 else 1
    return 10 * ten_count + (int(_HAN_DIGITS[ones]) if len(ones) == 1 else 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 < year < 2100 else None
    except ValueError:
        return None


def day_of(found: re.Match[str]) -> date | None:
    """Make the day of a match of DATE; None if the calendar lacks it."""
    return _day(_year(found[1]), _count(found[2]), _count(found[3]))


def read_date(text: str) -> date | None:
    """Read the first full date in *text*, in digits or Chinese numerals."""
    if found := DATE.search(text):
        return day_of(found)
    if found := _PLAIN_DATE.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    return None


def without_date(line: str) -> str | None:
    """Return what stands beside the date in *line*; None if it holds no date."""
    found = DATE.search(line) or _ONLY_DATE.search(line)
    return None if found is None else line[: found.start()] + line[found.end() :]


def find_open_mark(text: str) -> str:
    """Return 此件公开发布 or its like; "" if *text* has no such mark."""
    found = _OPEN_MARK.search(text)
    return found[0] if found else ""


def find_draft_marks(text: str) -> tuple[str, ...]:
    """List 征求意见稿 and its like, each once, in order."""
    return tuple(dict.fromkeys(_DRAFT.findall(text)))


def find_contact(text: str) -> Contact | None:
    """Read whom a line names for questions: 联系电话：县科协，87883287."""
    label = _CONTACT.search(text)
    if label is None:
        return None
    phone = _PHONE.search(text, label.start())
    if phone is None:
        return None
    around = text[max(0, label.start() - 24) : phone.start()]
    around = around.rpartition("。")[2]
    names = [
        part.strip(" 　（(：:")
        for part in re.split(r"[，,；;：:、]|\s+", _ROLE.sub("：", around))
    ]
    bodies = [name for name in names if len(name) > 1 and _BODY.fullmatch(name)]
    return Contact(department=bodies[0] if bodies else "", phone=phone[0].strip())
