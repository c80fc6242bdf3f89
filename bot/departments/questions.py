"""Questions read for departments: those of a plan, and those it does not name."""

import re
from collections.abc import Iterable, Iterator

from bot.departments.finder import Finder
from bot.departments.likeness import Hit, Span, latin_names, slips, sound_alikes
from bot.departments.mentions import Certainty, Found, Mention
from bot.departments.names import prefix_before
from bot.departments.spoken import halves_named

_LONGEST = 1000
_VENUES = ("馆", "宫", "医院", "大学", "文明实践中心")
_SHAPE = re.compile(r"[\u4e00-\u9fff]{2,10}?(?:委员会|联合会|管委会|事务中心|局|厅)")
_SHAPE_ENDS = frozenset("会心局厅")
_ASKING = re.compile(
    r"请问|问问|问下|一下|是不是|是否|属于|负责|牵头|配合|参与|什么|怎么|哪些|哪个|任务|以及|还有|包括"
    r"|我们|咱们|额们|俺们?|你们|他们|关于|涉及|查询|帮我|告诉|知道|想问|有没有|看看|以前|原来|现在|新的?|单位"
    r"|[的和跟与及归由给让找问是那这在有对为要查看想说呢吗了到叫去把被我咱你他各该本全]"
)
_NO_OFFICE = re.compile(
    r"[大布格全结当开定邮僵时终战赛饭棋药书危残总变骗破出迷做]局$|[客餐大]厅$"
    r"|^(?:各|有关|相关|哪|几|多|两|三|一|某|其他|其它|别的|这|那)"
)


def find_mentions(finder: Finder, text: str) -> tuple[Mention, ...]:
    """Find the departments of a plan in folded *text*, in its order."""
    text = text[:_LONGEST]
    if not finder.bodies:
        return ()
    hits: list[Hit] = [
        (found.start, found.end, found.bodies, Certainty.EXACT)
        for found in finder.scan(text)
    ]
    for found in halves_named(finder, text):
        is_usual = finder.is_form(text[found.start : found.end])
        certainty = Certainty.EXACT if is_usual else Certainty.SPOKEN
        if found.bodies:
            _add(hits, (found.start, found.end, found.bodies, certainty))
    for hit in sound_alikes(finder, text):
        inside = [h for h in hits if hit[0] <= h[0] and h[1] <= hit[1]]
        if all(h[1] - h[0] < hit[1] - hit[0] for h in inside):
            _add(hits, hit, instead_of=inside)  # 建委 in 卫建委 is no name of its own
    for hit in latin_names(finder, text):
        _add(hits, hit)
    for hit in slips(finder, text, [(hit[0], hit[1]) for hit in hits]):
        _add(hits, hit)
    return tuple(
        Mention(
            department=body.name,
            start=start,
            end=end,
            written=text[start:end],
            certainty=certainty,
        )
        for start, end, bodies, certainty in sorted(hits, key=lambda hit: hit[0])
        for body in bodies
    )


def _add(hits: list[Hit], hit: Hit, *, instead_of: Iterable[Hit] = ()) -> None:
    """Add a hit that overlaps none that stays."""
    stays = [other for other in hits if other not in instead_of]
    if not any(hit[0] < other[1] and other[0] < hit[1] for other in stays):
        hits[:] = [*stays, hit]


def find_strangers(finder: Finder, text: str) -> tuple[str, ...]:
    """List names of departments in folded *text* that the plan does not hold."""
    text = text[:_LONGEST]
    found = list(finder.scan(text))
    foreign = [f for f in found if not f.bodies and _is_body(f, text)]
    foreign += [half for half in halves_named(finder, text) if not half.bodies]
    if not foreign and _SHAPE_ENDS.isdisjoint(text):
        return ()
    mentions = find_mentions(finder, text)
    spans = [
        (f.start, f.end)
        for f in foreign
        if not any(f.start < m.end and m.start < f.end for m in mentions)
    ]
    taken = [(f.start, f.end) for f in found]
    taken += [(m.start, m.end) for m in mentions]
    spans += [span for span in _shapes(text, taken)]
    return tuple(dict.fromkeys(text[start:end] for start, end in sorted(spans)))


def _is_body(found: Found, text: str) -> bool:
    return not (
        found.is_vague
        or found.stem.endswith(_VENUES)
        or _NO_OFFICE.search(text[found.start : found.end])
    )


def _shapes(text: str, taken: list[Span]) -> Iterator[Span]:
    """Find what is built like an office and is in no directory: 县蔬菜局."""
    for shape in _SHAPE.finditer(text):
        start, end = shape.span()
        for word in _ASKING.finditer(text, start, end):
            start = word.end()
        if any(start < last and first < end for first, last in taken):
            continue
        core = text[start:end]
        bare = start
        while bare < end and prefix_before(text[start : bare + 1], bare + 1 - start)[1]:
            bare += 1
        if end - bare >= 3 and not _NO_OFFICE.search(core):
            yield start, end
