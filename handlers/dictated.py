"""Numbers as they are dictated, and words of dialect that only ask: 二五年, 好多次."""

import re

_DIGITS = "零一二三四五六七八九"
_DIGIT = f"[{_DIGITS}〇]"
_TO_DIGITS = str.maketrans(f"{_DIGITS}〇", "01234567890")
_CENTURY = re.compile(f"二[零〇][二三]{_DIGIT}(?=年)")
_DECADE = re.compile(
    f"(?<![{_DIGITS}〇十百第\\d])(?:二[四五六七八九]|三[零〇五])(?=年)"
)
_PERCENT = re.compile(
    f"百分之([一二三四五六七八九]?十?[一二三四五六七八九]?)(?:点({_DIGIT}))?(?![几多百十])"
)
_TENS = re.compile(
    "(?<![第一二三四五六七八九十百零〇])([一二三四五六七八九]?十[一二三四五六七八九]?)"
    "(?=[多来几]?(?:家|名|人|场|次|所|处|部|期|个小时|平方|个人))"
)
_UNIT = "[个场页次家人回名期钱点项条天元块岁户所]"
_DIALECT = (
    (re.compile("(?:好多|几多)个(?!任务|单位|部门|指标)"), "多少"),
    (
        re.compile(
            f"(?<!很)好多(?={_UNIT}|[?呢哦嘛啊嗦]*$)|几多(?={_UNIT}|[?呢哦嘛啊]*$)"
        ),
        "多少",
    ),
    (re.compile("(?<=百分之)好多|(?<=要)好多(?=钱)"), "多少"),
    (re.compile("好久(?=[交报开搞弄建办完出来]|要|得|[?呢哦嘛啊]*$)"), "什么时候"),
    (re.compile("咋个|啷个"), "怎么"),
    (re.compile("[冇没莫]得(?=[一哪什啥句说人]|[?呢哦嘛啊]*$)"), "没有"),
    (re.compile("钟头"), "小时"),
)


def _below_hundred(words: str) -> str:
    tens, ten, ones = words.translate(_TO_DIGITS).rpartition("十")
    return f"{tens or 1}{ones or 0}" if ten else ones


def _percent(found: re.Match[str]) -> str:
    whole, part = found.groups()
    if not whole:
        return found.group()
    digits = _below_hundred(whole)
    return f"{digits}.{part.translate(_TO_DIGITS)}%" if part else f"{digits}%"


def write_as_usual(folded: str) -> str:
    """Write dictated years and shares in digits, and words of dialect as usual.

    二零三零年 and 三零年 are 2030年; 二三年 may be two or three years and stays.
    """
    for way, usual in _DIALECT:
        folded = way.sub(usual, folded)
    folded = _CENTURY.sub(lambda one: one.group().translate(_TO_DIGITS), folded)
    folded = _DECADE.sub(lambda one: f"20{one.group().translate(_TO_DIGITS)}", folded)
    folded = _PERCENT.sub(_percent, folded)
    return _TENS.sub(lambda one: _below_hundred(one.group()), folded)
