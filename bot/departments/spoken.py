"""Departments by half of their names: 应急那边, 管市场的那个局, 工会人社两家.

Such halves are words of everyday (教育, 宣传) and name a department only where what
stands around them says so.
"""

import re
from collections.abc import Iterator

from bot.departments.boundaries import follows_no_word
from bot.departments.finder import Finder
from bot.departments.mentions import Found

_BODY = "(?:局|部门|单位|科室)"
_THERE = re.compile(
    rf"那(?:边|头|口子|(?:一?个|一?家){_BODY})|这口子"
    "|口(?:子|上|里)?(?=$|[的,。?!有都是几要该负参牵配领])"
)
_IN_CHARGE = re.compile(
    "(?:分管|主管|管|抓)着?(?P<what>[\u4e00-\u9fff、]{2,8}?)的[那这]一?[个家]"
    f"(?:{_BODY}|(?=$|[,。?!他她它有要]))"
)
_COUNT = re.compile(
    rf"[的这那哪]*(?P<many>[2-6两二三四五六])(?:家|个{_BODY})|[的这那]*(?P<few>[俩仨])"
)
_MANY = {"两": 2, "二": 2, "俩": 2, "三": 3, "仨": 3, "四": 4, "五": 5, "六": 6}
_BETWEEN = re.compile("(?:还有|以及|[的、,和跟与同及])*$")
_LONGEST = 8


def halves_named(finder: Finder, text: str) -> Iterator[Found]:
    """Find the halves of names in folded *text* of which the words around them tell.

    Those of other bodies than the plan's come with an empty tuple.
    """
    yield from _there(finder, text)
    yield from _in_charge(finder, text)
    yield from _counted(finder, text)


def _there(finder: Finder, text: str) -> Iterator[Found]:
    """Find 应急那边, 教育口, 劳动人事那个局."""
    for said in _THERE.finditer(text):
        named = _before(finder, text, said.start())
        if named is None:
            continue
        also = _before(finder, text, named.start)
        if also and also.bodies and also.bodies == named.bodies:
            named = named._replace(start=also.start)
        if follows_no_word(text, named.start):
            yield named._replace(end=said.end()) if named.bodies else named


def _in_charge(finder: Finder, text: str) -> Iterator[Found]:
    """Find 管人事劳动的那个局: all that is said in it names one body."""
    for said in _IN_CHARGE.finditer(text):
        named = list(_run(finder, text, said.end("what")))
        whole = named and named[-1].start == said.start("what")
        if whole and all(one.bodies == named[0].bodies for one in named):
            yield named[0]._replace(start=said.start(), end=said.end())


def _counted(finder: Finder, text: str) -> Iterator[Found]:
    """Find 工会人社两家: as many names stand before the number as it counts."""
    for said in _COUNT.finditer(text):
        number = said["many"] or said["few"]
        count = _MANY.get(number) or int(number)
        named = list(_run(finder, text, said.start(), with_whole=True))
        if len(named) == count:
            yield from named


def _run(
    finder: Finder, text: str, end: int, *, with_whole: bool = False
) -> Iterator[Found]:
    """Read the names that stand before *end* one by another, the last one first."""
    while named := _before(finder, text, end, with_whole=with_whole):
        yield named
        near = max(named.start - _LONGEST, 0)
        between = _BETWEEN.search(text, near, named.start)
        end = between.start() if between else named.start


def _before(
    finder: Finder, text: str, end: int, *, with_whole: bool = False
) -> Found | None:
    """Read the longest half name that ends at *end*; whole names too if asked for."""
    for length in range(min(_LONGEST, end), 1, -1):
        word = text[end - length : end]
        bodies = finder.halves.get(word)
        if bodies is None and with_whole and finder.is_form(word):
            bodies = tuple(finder.forms.get(word, ()))
        if bodies is not None:
            return Found(end - length, end, word, bodies)
    return None
