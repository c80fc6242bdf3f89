"""The guard: numbers of people are masked and marks of secrecy told, before all else.

What is guarded once is guarded for good: guarding it again changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.messages import Incoming

REFUSED = "［内容不宜在此传送，未予保存］"
"""What is kept of a message that was refused, in place of all that it said."""

ADVICE = "该内容不宜在此传送，未予保存，请按保密规定走正式渠道。"
"""What is told to whoever sent it."""

_BETWEEN = r"[\s\-‐-―－_·.．\u200b-\u200f\u2060\ufeff]"
_RUN = re.compile(
    rf"\d(?:{_BETWEEN}{{0,3}}\d){{12,}}(?:{_BETWEEN}{{0,3}}[xXｘＸ×✕хХ])?"
)
# Two quick scans tell that there is nothing to look at: so it is with most messages.
_TELLTALE = re.compile(r"[密秘★☆内外扩转\d]")
_SUSPECT = re.compile(
    rf"[密秘★☆]|内{_BETWEEN}*部|外[传傳泄]|扩散|转发|\d(?:{_BETWEEN}{{0,3}}\d){{12}}"
)
_GROUP = re.compile(r"\d+")
_MASKED = re.compile(r"\*{5,}\d{1,3}[\dX]")
_ABOUT_CARD = re.compile("卡|账号|帐号|账户|帐户|银行")
_NEAR = 12  # characters before a number that tell what it is

_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54"
    " 61 62 63 64 65 71 81 82 83 91".split()
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CARDS = re.compile(
    "(?:62|60|6[4578]|9[45]58|50|5[678]|35(?:2[89]|[3-8])|81)[0-9]{12,17}"
    "|4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"
    "|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
    "|5[1-5][0-9]{17}|3[47][0-9]{13}|3(?:0[0-5]|[689][0-9])[0-9]{11}"
)
_UNEVEN = {(6, 13), (6, 12), (6, 10), (4, 6, 5), (4, 6, 4), (4, 4, 4, 7), (4, 4, 4, 6)}
_SMALLEST_CARD, _LARGEST_CARD = 13, 19


def masked(text: str) -> str:
    """Return *text* with the numbers of identity cards and bank cards made illegible.

    So much of each is left that its sender knows it again, too little to restore it.
    """
    return _masked(text) if _is_suspect(text) else text


def _is_suspect(text: str) -> bool:
    return bool(_TELLTALE.search(text)) and _SUSPECT.search(text) is not None


def _masked(text: str) -> str:
    return _RUN.sub(lambda run: _without_numbers(run, text), text)


def _without_numbers(run: re.Match[str], text: str) -> str:
    """Mask what is a number of a person in a run of digits and what stands between."""
    said = run.group()
    about_card = bool(_ABOUT_CARD.search(text[: run.start()][-_NEAR:]))
    pieces, end = [], 0
    for start, stop, shown in _numbers(said, about_card=about_card):
        pieces += [said[end:start], shown]
        end = stop
    return "".join(pieces) + said[end:]


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of digits in groups: `plain` are the digits alone, `spans` their places.

    `starts` are the places of the groups among the digits, and where these end.
    """

    said: str
    plain: str
    spans: list[tuple[int, int]]
    starts: list[int]

    def lengths(self, first: int, last: int) -> tuple[int, ...]:
        return tuple(stop - start for start, stop in self.spans[first : last + 1])


def _run(said: str) -> _Run:
    spans = [found.span() for found in _GROUP.finditer(said)]
    starts = [0]
    for start, stop in spans:
        starts.append(starts[-1] + stop - start)
    plain = "".join(str(unicodedata.decimal(c)) for c in said if c.isdecimal())
    return _Run(said, plain, spans, starts)


def _numbers(said: str, *, about_card: bool) -> Iterator[tuple[int, int, str]]:
    """Yield the numbers of people in a run: where each stands, and its mask."""
    run = _run(said)
    first = 0
    while first < len(run.spans):
        last, stop, shown = _longest_number(run, first, about_card=about_card)
        if shown:
            yield run.spans[first][0], stop, shown
        else:
            yield from _glued_identities(run, first)
            last = first
        first = last + 1


def _longest_number(run: _Run, first: int, *, about_card: bool) -> tuple[int, int, str]:
    """Return the number that begins with a group: its last group, end and mask."""
    best = first, 0, ""
    for last in range(first, len(run.spans)):
        digits = run.plain[run.starts[first] : run.starts[last + 1]]
        if len(digits) > _LARGEST_CARD:
            break
        if len(digits) < _SMALLEST_CARD:
            continue
        stop = run.spans[last][1]
        if stop < len(run.said) and last + 1 == len(run.spans):  # ends in an X
            stop, digits = len(run.said), f"{digits}X"
            best = (last, stop, _mask_identity(digits)) if is_identity(digits) else best
        elif is_identity(digits) and _looks_like_identity(run.lengths(first, last)):
            best = last, stop, _mask_identity(digits)
        elif is_card(digits) and (
            about_card or _looks_like_card(run.lengths(first, last))
        ):
            best = last, stop, _mask_card(digits)
    return best


def _looks_like_identity(lengths: tuple[int, ...]) -> bool:
    """Tell whether groups are those of one: an old one has no digit to check it by."""
    return sum(lengths) == 18 or lengths in ((15,), (6, 6, 3), (6, 9))


def _glued_identities(run: _Run, group: int) -> Iterator[tuple[int, int, str]]:
    """Yield the identity numbers that stand in a longer number without a break."""
    start, stop = run.spans[group]
    before = run.starts[group] - start
    place = start
    while place + 18 <= stop and stop - start > 18:
        digits = run.plain[before + place : before + place + 18]
        if is_identity(digits):
            yield place, place + 18, _mask_identity(digits)
            place += 18
        else:
            place += 1


def is_identity(digits: str) -> bool:
    """Tell whether plain digits, or 17 and X, are the number of an identity card.

    One of 18 has a province, a day of birth and the right check digit; an old one of 15
    a province and a day.
    """
    if digits[:2] not in _PROVINCES:
        return False
    if len(digits) == 15 and digits.isdecimal():
        return _is_day(f"19{digits[6:12]}")
    if len(digits) != 18 or not _is_day(digits[6:14]):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)
    )
    return _CHECKS[total % 11] == digits[17]


def _is_day(digits: str) -> bool:
    if digits[:2] not in ("18", "19", "20"):
        return False
    try:
        return bool(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    except ValueError:
        return False


def is_card(digits: str) -> bool:
    """Tell whether plain digits are the number of a bank card: issuer, length, Luhn."""
    if not _SMALLEST_CARD <= len(digits) <= _LARGEST_CARD:
        return False
    if not _CARDS.fullmatch(digits):
        return False
    odd = sum(int(digit) for digit in digits[-1::-2])
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10 == 0


def _looks_like_card(lengths: tuple[int, ...]) -> bool:
    """Tell whether groups are those of a card: 62188888 62188889 are two telephones."""
    if len(lengths) == 1 or lengths in _UNEVEN:
        return True
    *others, last = lengths
    return len(set(others)) == 1 and others[0] <= 6 and last <= others[0]


def _mask_identity(digits: str) -> str:
    return f"{digits[:6]}{'*' * (len(digits) - 8)}{digits[-2:]}"


def _mask_card(digits: str) -> str:
    shown = 4 if len(digits) >= 16 else 0
    return f"{digits[:shown]}{'*' * (len(digits) - shown - 4)}{digits[-4:]}"


def is_masked(text: str) -> bool:
    """Tell whether something was masked in *text*."""
    return "*****" in text and _MASKED.search(text) is not None


_SCRIPT = str.maketrans(
    "絕機國內檔級資訊電報圖紙傳標為屬於涉閱", "绝机国内档级资讯电报图纸传标为属于涉阅"
)
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\xad]")
_BLANKS = re.compile(r"[^\S\n]+")
_GRADE = "(?:绝密|机密|秘密)"
_PAPER = (
    "(?:文件|材料|资料|文电|电报|公文|信息|内容|数据|事项|图纸|载体|文档|档案|稿件"
    "|会议纪要|纪要|通报|情报|件)"
)
_MARKS = re.compile(
    rf"{_GRADE}[级]?[】\])）〕]?[★☆*＊]|[★☆]{_GRADE}"
    rf"|(?m:^[【\[(（〔]?{_GRADE}[级]?[】\])）〕]?[:：]?$)"
    rf"|[【\[(（〔]{_GRADE}[级]?(?:文件|件)?[】\])）〕]"
    rf"|(?:密级|定密)[:：为是]{{1,2}}(?:国家)?{_GRADE}"
    rf"|保密期限[:：为是]{{1,2}}(?:[0-9一二三五十]|长期|不少于|自)"
    rf"|(?:特急|特提|加急|平急)[·,，、]?{_GRADE}|{_GRADE}[·,，、](?:特急|特提|加急|平急)"
)
_KINDS = re.compile(
    rf"(?<!商业)(?<!个人){_GRADE}级(?!别)"
    rf"|(?<!商业)(?<!技术){_GRADE}级?的?{_PAPER}"
    rf"|涉密的?{_PAPER}"
    rf"|{_PAPER}[^，。；！？,;!?\n]{{0,6}}?(?:属于?|是|系|均为?|已经?|都)?涉密(?!人员|岗位|单位|场所)"
    rf"|(?:属于?|定为|列为|标(?:注|有|明)?为?|含有?|涉及|包含)(?:国家)?{_GRADE}(?![级]?{_PAPER}?管理)"
    r"|(?:涉及|含有?|属于?|包含)(?:党和)?(?:国家|工作)秘密|工作秘密"
)
_KEEP_INSIDE = re.compile(
    r"内部(?:资料|文件|材料|刊物|通报|情况|参阅|掌握|使用)[^。！？\n]{0,14}?"
    r"(?:外传|外泄|外流|转发|扩散|公开|注意保存|妥善保[管存]|收回|退回|阅后即焚|泄露|泄密)"
    r"|(?:此件|本件|本文|该件|本材料|本资料|此材料|内部资料)[^。！？\n]{0,8}?"
    r"(?:不得|严禁|请勿|禁止|切勿|勿)(?:对外|向外|擅自)?(?:外传|外泄|转发|扩散)"
    r"|(?m:^[【\[(（〔]?内部(?:资料|文件|材料)[】\])）〕]?$)"
    r"|[【\[(（〔]内部(?:资料|文件|材料)[】\])）〕]"
)
_DENIED = re.compile(
    "(?:不|非|无|未|勿|没有?|禁止?|严禁|别|杜绝|避免|防止|是否|有无|以外的|保守|严守|凡)"
    "[^，。；！？,;!?\n但却而有]{0,8}$"
)
_IS_TOPIC = re.compile(
    "的?(?:管理|保护|防护|防范|安全|教育|宣传|培训|知识|常识|检查|督查|审查|制度|规定|规范"
    "|办法|条例|法规?|系统|设备|网络|计算机|单位|清理|销毁|清退|范围|意识|责任|工作|是什么|指什么|什么意思|的?定义"
    "|[^，,。；！？!?\n]{0,20}?(?:的[，,]?(?:不予公开|不得公开|除外)|一律走|另行报送)"
    "|由谁|归谁|谁|哪|怎么|怎样|如何|能不能|能否|能发|可以|可不可以|[吗呢?？])"
)


def is_secret(text: str) -> bool:
    """Tell whether *text* bears the marks of what may not be said here.

    To speak of secrecy as a matter of work (保密宣传教育谁负责) is no mark of it, nor
    to say that something is not secret, or must not be sent.
    """
    return _is_suspect(text) and _is_secret(text)


def bears_mark(text: str) -> bool:
    """Tell whether a document's beginning bears a mark: 机密★1年, 内部资料 不得外传.

    What it says about secret papers does not count: reports do speak of them.
    """
    return _is_suspect(text) and _is_marked(_plain(text))


def _plain(text: str) -> str:
    """Make spellings of one mark equal: width, script, what nobody sees, blanks."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return _BLANKS.sub("", seen.translate(_SCRIPT))


def _is_marked(plain: str) -> bool:
    return bool(_MARKS.search(plain) or _KEEP_INSIDE.search(plain))


def _is_secret(text: str) -> bool:
    plain = _plain(text)
    if _is_marked(plain):
        return True
    return any(_is_meant(plain, found) for found in _KINDS.finditer(plain))


def _is_meant(plain: str, found: re.Match[str]) -> bool:
    if _DENIED.search(plain[: found.start()]) or _DENIED.search(found.group()[:-2]):
        return False
    return not _IS_TOPIC.match(plain, found.end())


def guarded(incoming: Incoming) -> Incoming:
    """Return a message as it may be kept: masked, or with nothing of what it said.

    Of one that is refused stay who sent it, where, and the product's ids.
    """
    names = "\n".join(one.name for one in incoming.attachments)
    said = "\n".join((incoming.text, incoming.quote, names, incoming.title))
    if not _is_suspect(said):
        return incoming
    if any(map(_is_secret, (incoming.text, incoming.quote))) or is_secret_name(names):
        return replace(incoming, text=REFUSED, quote="", button="", attachments=())
    return replace(
        incoming,
        text=_masked(incoming.text),
        quote=_masked(incoming.quote),
        title=_masked(incoming.title),
        attachments=tuple(
            replace(one, name=_masked(one.name)) for one in incoming.attachments
        ),
    )


_NAME = re.compile(
    rf"(?<!商业)(?<!个人)(?<![不的]){_GRADE}(?!保护|的)|(?<!不)(?<!非)(?<!无)涉密(?!管理|人员|检查|培训)"
    "|工作秘密|内部(?:资料|文件)"
)


def is_secret_name(names: str) -> bool:
    """Tell whether a file's name, one a line, bears a mark: 机密.docx does."""
    return _is_suspect(names) and any(
        _NAME.search(name) and not _IS_TOPIC.search(name)
        for name in _plain(names).split("\n")
    )


_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def guarded_raw(raw: str) -> str:
    """Return an update that nobody could read as it may be kept."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw)
    if not _is_suspect(plain):
        return raw
    if _is_secret(plain):
        return REFUSED
    hidden = _masked(plain)
    return raw if hidden == plain else hidden


_LINKS = (
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}):(?=\S)"), r"\1："),
    (re.compile(r"(?<=[\w-])\.(?=[A-Za-z]{2})"), "．"),
    (re.compile(r"@(?=\S)"), "＠"),
    (re.compile(r"(?<![\w/])/(?=[A-Za-z])"), "／"),
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MARKUP = str.maketrans("<>[]`", "＜＞［］｀")


def inert(words: str) -> str:
    """Return what somebody said as it may be shown to others, in any product.

    No link can be pressed in it, nobody is called, nothing is marked up or turned
    round; what it says can still be read.
    """
    shown = _CONTROL.sub("", _UNSEEN.sub("", words)).translate(_MARKUP)
    for pattern, instead in _LINKS:
        shown = pattern.sub(instead, shown)
    return shown
