"""A task's own text read: its title, its body, and who is named behind which part."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.plans.reading.annotations import Annotation, find_annotations
from bot.plans.reading.titles import TITLE_LIMIT, first_clause, title_end

LONGEST = 20_000
"""Characters of one task at most; the longest ones seen have some 2,000."""
_SCORE = re.compile(r"[（(]\s*\d{1,3}(?:\.\d{1,2})?\s*分\s*[）)]")
_BETWEEN = re.compile(r"(?:[\s。；;，,]|[（(]\s*\d{1,3}(?:\.\d{1,2})?\s*分\s*[）)])*")
_OPENERS, _CLOSERS = "（(〔[【", "）)〕]】"
_EDGES = " \t\n\u3000。；;：:，,"


@dataclass(frozen=True, slots=True)
class Share:
    """An annotation as written, and the part of the body that it covers.

    `reading` is the annotation for reading: brackets side by side made into one.
    """

    annotation: str
    passage: str
    reading: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What a task says; `content` is title and body as one run, without the end.

    `shares` are its annotations in order; `rest` is what stands behind the last one
    and belongs to nobody. `end` is the offset of the last character that is used.
    """

    title: str
    body: str
    content: str
    shares: tuple[Share, ...]
    rest: str
    end: int

    @property
    def annotation(self) -> str:
        """The annotation that closes the task, "" if there is none."""
        return self.shares[-1].annotation if self.shares else ""


@dataclass(frozen=True, slots=True)
class _Group:
    """Annotations that stand side by side."""

    start: int
    end: int
    texts: tuple[str, ...]

    def share(self, text: str, passage: str) -> Share:
        """Make the share of this group in a task's *text*."""
        written = text[self.start : self.end].strip()
        inner = [_without_bracket(one.strip()) for one in self.texts]
        reading = written if len(inner) == 1 else "；".join(inner)
        return Share(written, passage, reading)


def _without_bracket(text: str) -> str:
    """Take the outer bracket off an annotation, also where its end was lost."""
    text = text[1:] if text[:1] in tuple(_OPENERS) else text
    opened = sum(text.count(char) for char in _OPENERS)
    closed = sum(text.count(char) for char in _CLOSERS)
    return text[:-1] if closed > opened and text[-1:] in tuple(_CLOSERS) else text


def read_wording(text: str, *, bare_lists: bool = False) -> Wording:
    """Read the text of a task or heading, its mark taken off.

    If *bare_lists*, names in a closing bracket are owners without a role word. A
    text beyond LONGEST is no task of a plan: nothing is looked for in it.
    """
    if len(text) > LONGEST:
        title, body = _title_and_body(text.rstrip())
        return Wording(title, body, text.rstrip(), (), "", len(text.rstrip()))
    groups = _groups(text, find_annotations(text, bare_lists=bare_lists))
    if not groups:
        content = text.rstrip()
        title, body = _title_and_body(content)
        return Wording(title, body, content, (), "", len(content))
    if _heads(text, groups):
        return _headed(text, groups[0])
    start = _content_end(text, groups[-1].start)
    title, body = _title_and_body(text[:start], limit=groups[0].start)
    shares = _shares(text, groups, begin=start - len(body) if body else start)
    end = groups[-1].end
    rest = text[end:].lstrip(_EDGES).rstrip()
    return Wording(title, body, text[:start], shares, rest, end)


def _groups(text: str, found: Sequence[Annotation]) -> list[_Group]:
    """Join annotations that stand side by side."""
    runs: list[list[Annotation]] = []
    for one in found:
        if runs and _BETWEEN.fullmatch(text, runs[-1][-1].end, one.start):
            runs[-1].append(one)
        else:
            runs.append([one])
    return [
        _Group(run[0].start, run[-1].end, tuple(one.text for one in run))
        for run in runs
    ]


def _heads(text: str, groups: Sequence[_Group]) -> bool:
    """Say whether the one annotation stands behind the title, before the text."""
    before = text[: groups[0].start].strip()
    after = text[groups[0].end :].strip(_EDGES)
    plain = len(before) <= TITLE_LIMIT and not re.search(r"[。；]", before)
    return len(groups) == 1 and plain and bool(after)


def _headed(text: str, group: _Group) -> Wording:
    """Read a text whose annotation stands behind its title."""
    title = text[: group.start].strip(_EDGES)
    after = text[group.end :]
    body = after.lstrip(_EDGES).rstrip()
    if not title:
        title = first_clause(body)
    shares = (group.share(text, ""),)
    content = body if body.startswith(title) else f"{title}\n{body}"
    return Wording(title, body, content, shares, "", len(text.rstrip()))


def _content_end(text: str, start: int) -> int:
    """Return where the content ends before an annotation, scores taken off."""
    content = text[:start].rstrip()
    while found := re.search(rf"{_SCORE.pattern}$", content[-20:]):
        content = content[: len(content) - len(found[0])].rstrip()
    return len(content)


def _title_and_body(content: str, limit: int | None = None) -> tuple[str, str]:
    """Part the heading sentence from the text; text that starts at once keeps it.

    A title ends before *limit*, where the first annotation begins.
    """
    head = content[:limit]
    end, begin = title_end(head)
    if not end and not begin:
        return first_clause(head), content.strip()
    return content[:end].strip(_EDGES), content[begin:].strip()


def _shares(text: str, groups: Sequence[_Group], *, begin: int) -> tuple[Share, ...]:
    """Give each annotation the text since the one before it."""
    if len(groups) == 1:
        return (groups[0].share(text, ""),)
    shares = []
    start = begin
    for group in groups:
        passage = text[start : _content_end(text, group.start)].strip(_EDGES)
        shares.append(group.share(text, passage))
        start = group.end
    return tuple(shares)
