"""A reply taken apart: its own words without quotes and codes, cut into clauses."""

import re
import unicodedata
from dataclasses import dataclass

from bot.chinese import fold

LONGEST = 600
"""No reply is longer: what is longer is a text that was pasted."""

_QUOTED_LINES = re.compile(r"(?m)^[ \t]*[>＞|].*$")
_QUOTE_THEN_LINE = re.compile(
    r"(?s)^\s*[「“\"『].*?[」”\"』]\s*\n?\s*(?:[-－—─]\s*){3,}"
)
_LINE_THEN_QUOTE = re.compile(
    r"(?s)(?<=\S)\s*\n[ \t]*[-－—─=_*]{3,}(?:[^\n]{0,12}"
    r"(?:原始|原文|原邮件|原信|转发|引用|以下是|original|forwarded)[^\n]*|[^\n\S]*\n"
    r"[^\n，,。]{0,10}(?:助手|机器人|提醒|通知|提示|办公室|发件人|主题|from)[^\n，,。]{0,4}[:：])"
    r".*$",
    re.IGNORECASE,
)
"""A line below which stands what is answered: 发了 / ---- 原始邮件 ---- / 请于……"""
_LINE_OF_OTHERS = re.compile(
    r"(?:^|\n)[ \t]*(?:@?[^\s:：,，。]{0,8}(?:助手|机器人)[ \t]?"
    r"(?:[0-9:]{0,5}|提示|提醒|通知)[:：]"
    r"|[\[【](?:引用|原文|提示|提醒|通知)[\]】]"
    r"|(?:引用|原文|提示|提醒|工作提示|催报|通知)[:：])[^\n]*\n\s*(?=\S)"
)
"""A line that is quoted without marks: 助手：提示…… above 收到."""
_PASSED_ALONG = re.compile(r"(?s)(?<=\S)\s*//\s*@?[^\s:：/]{1,12}[:：].*$")
"""What is answered, behind the answer: 已报 //@助手：提示……"""
_MARKS = {
    "「": "」",
    "『": "』",
    "“": "”",
    "‘": "’",
    "《": "》",
    "【": "】",
    "〔": "〕",
}
_QUOTES = re.compile(
    "|".join(f"{left}[^{right}]*{right}" for left, right in _MARKS.items())
    + r'|"[^"\n]*"|”[^”\n]*”|“[^“\n]*“'
)
_FRAMED = re.compile(r"^\s*[【(（]([^】)）]*)[】)）]\s*$")
_TO_WHOM = re.compile(r"^\s*(?:回复|回覆|答复|回)\s*@?[^\s：:，,]{1,12}[：:]")
_BOOK = re.compile(r"《[^》]*》")
_CODE = re.compile(r"[#＃]\s*[rRｒＲ]\s*([0-9０-９]{1,9})")
_MENTION = re.compile(
    r"@(?:[^\s@,，:：]{0,12}?(?:助手|机器人|機器人|小秘书|小助理)|[^\s@,，。;；:：!！?？我]{1,30}(?=\s|$))"
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}", re.ASCII)
_LINK = re.compile(r"https?://[^\s，。]{1,400}")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)", re.ASCII)
_BREAK = re.compile(
    r"[。！？!?；;，,、：\n\r…~～|()（）]|(?<![0-9０-９])[.．:]|[.．:](?![0-9０-９])"
)
_BLANK = re.compile(r"[ \t\u3000\u2002-\u200a]+")
_HIDDEN = re.compile(
    r"[\u200b-\u200f\u2060\ufeff\ufe0f\u00ad\u2028\u2029\x00-\x08\x0b-\x1f]"
)

_AFTER_A_HOLIDAY = re.compile(
    r"(?<=[假节])[，, ](?=(?:上班|回来|开工)?(?:的|后)?(?:第一|头一|首|当)[天日])"
)
"""A comma within a day: 放完端午假，上班头一天."""

_TWICE = re.compile(r"(?!是不是不)([\u4e00-\u9fff]{2,6})\1+")
"""What is said twice in one breath: 马上马上, 没报没报."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a reply between two marks: as written, folded, and its last mark."""

    written: str
    text: str
    mark: str

    @property
    def is_question(self) -> bool:
        """Tell whether it ends in a question mark."""
        return self.mark in ("?", "？")


@dataclass(frozen=True, slots=True)
class Apart:
    """A reply taken apart; `code` is "#R12", in words or quote, or ""."""

    clauses: tuple[Clause, ...]
    code: str
    is_too_long: bool = False


def take_apart(words: str) -> Apart:
    """Take a reply apart; of an overlong one only the code is of use."""
    words = _HIDDEN.sub("", words)
    found = _CODE.search(words)
    code = f"#R{int(unicodedata.normalize('NFKC', found[1]))}" if found else ""
    if len(words) > LONGEST:
        return Apart((), code, is_too_long=True)
    own = _AFTER_A_HOLIDAY.sub("", _CODE.sub(" ", words))
    own = _QUOTE_THEN_LINE.sub("\n", own, count=1)
    own = _LINE_THEN_QUOTE.sub("\n", _PASSED_ALONG.sub("", own))
    own = _LINE_OF_OTHERS.sub("\n", own)
    own = _QUOTED_LINES.sub("\n", own)
    own = _LINK.sub("链接", _ADDRESS.sub("邮箱", own))
    own = _MENTION.sub(" ", _PHONE.sub(" ", own))
    own = _FRAMED.sub(r"\1", _TO_WHOM.sub("", own))
    own = _QUOTES.sub(_instead, own)
    return Apart(tuple(_clauses(own)), code)


def _instead(found: "re.Match[str]") -> str:
    """Keep a title in 《》, which is a name; of other quotes leave only the place."""
    if found[0] in ("【转】", "【转发】"):
        return f"{found[0][1:-1]}："
    return found[0][1:-1] if _BOOK.fullmatch(found[0]) else "□"


def _clauses(text: str) -> list[Clause]:
    clauses: list[Clause] = []
    start = 0
    for found in [*_BREAK.finditer(text), None]:
        end = found.start() if found else len(text)
        mark = found[0] if found else ""
        pieces = _at_blanks(text[start:end])
        for place, piece in enumerate(pieces):
            is_last = place == len(pieces) - 1
            once = _TWICE.sub(r"\1", fold(piece))
            clauses.append(Clause(piece, once, mark if is_last else " "))
        if not pieces and clauses and mark in ("?", "？"):
            last = clauses[-1]
            clauses[-1] = Clause(last.written, last.text, mark)
        elif not pieces and mark in ("?", "？"):
            clauses.append(Clause("", "", mark))
        start = found.end() if found else end
    return clauses


def _at_blanks(text: str) -> list[str]:
    """Cut at blanks, but not within numbers nor around single characters."""
    pieces: list[str] = []
    for piece in _BLANK.split(text.strip()):
        joined = pieces and (
            len(piece) < 2
            or len(pieces[-1]) < 2
            or pieces[-1][-1].isdigit()
            or piece[0].isdigit()
        )
        if joined:
            pieces[-1] += f" {piece}"
        elif piece:
            pieces.append(piece)
    return pieces
