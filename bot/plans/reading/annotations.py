"""Where the owner annotations of a paragraph stand: brackets and labels."""

import re
from dataclasses import dataclass

from bot.chinese import fold_in_place
from bot.departments import has_department_shape
from bot.departments.names import without_blanks
from bot.plans.reading.clauses import Clause, ClauseKind, segments
from bot.plans.reading.name_list import CLOSERS, OPENERS, split_names
from bot.plans.reading.roles import labels, opening_label

_LONGEST = 800
_BRACKET = re.compile(f"[{re.escape(OPENERS + CLOSERS)}]")
_NO_ANNOTATION = re.compile(
    r"以下(?:简称|称|统称)|简称|不?含|包括|例?如|详?见|注:|附件|即|不少于|不低于|谁|由于|如果"
)
_NO_BODY = re.compile(
    r"谁|专人|专班|[人员长师生]$|书记$|主任$|专家$|同志$|领导$|干部$|群众$|家长$|志愿者$|全面|直接"
    r"|[的了着]|自行|认真|切实|社会|个人|国家$|义务|工作$|任务$"
)
_SLOGAN = re.compile("政府|党委|社会|市场|部门|单位|企业|机构")
_NUMBER = (
    r"\d{1,3}[.﹒、。](?!\d)|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)"
    r"|[—─]{2}|第[一二三四五六七八九十]+[章节条部]"
)
_VALUE_END = re.compile(rf"。|{_NUMBER}")


@dataclass(frozen=True, slots=True)
class Annotation:
    """An owner annotation with its brackets: `text` stands from `start` to `end`."""

    start: int
    end: int
    text: str


def find_annotations(text: str, *, bare_lists: bool = False) -> list[Annotation]:
    """Find every owner annotation of a paragraph, in order, none inside another.

    A bracket counts if it ends with a role word behind names, starts with a role
    label, or lays down a rule for owners. Labels without brackets that follow each
    other are one annotation. A bracket that was never closed ends with its sentence.
    If *bare_lists*, a bracket at the end that holds nothing but names counts too.
    """
    plain = fold_in_place(text)
    spans: list[tuple[int, int]] = []
    for start, end in _brackets(plain):
        if spans and start < spans[-1][1]:
            continue
        closing = bare_lists and not plain[end:].strip("。;\n ")
        if reads_as_annotation(plain[start:end]) or (
            closing and _is_bare_list(plain[start:end])
        ):
            spans.append((start, end))
    spans += _labelled(plain, taken=spans)
    return [Annotation(start, end, text[start:end]) for start, end in sorted(spans)]


def reads_as_annotation(plain: str) -> bool:
    """Tell whether folded text, with or without its bracket, says who owns a task."""
    content = without_blanks(plain).strip(OPENERS + CLOSERS + "。;,")
    if not 2 < len(content) <= _LONGEST or _NO_ANNOTATION.match(content):
        return False
    if any(label.tie for label in labels(content)) or opening_label(content):
        return True
    clauses = [clause for part in segments(content) for clause in part]
    if any(clause.kind is ClauseKind.FIRST_LEADS for clause in clauses):
        return True
    named = [clause for clause in clauses if clause.kind is ClauseKind.NAMES]
    if not any(clause.tie for clause in named):
        return _is_bare_list(content, tied=True)
    return _names_read_well(content, named)


def _is_bare_list(plain: str, *, tied: bool = False) -> bool:
    """Tell whether a bracket holds nothing but names: A（牵头）、B，各区.

    If *tied*, only one where a bracket behind a name gives a role counts.
    """
    content = without_blanks(plain).strip("。;,")
    if not 2 < len(content) <= _LONGEST or (tied and "(" not in content):
        return False
    if content[0] in OPENERS and content[-1] in CLOSERS:
        content = content[1:-1]
    pieces = split_names(content, 0, len(content), is_known=_is_unknown)
    shaped = all(
        has_department_shape(content[piece.start : piece.end])
        and not _SLOGAN.fullmatch(content[piece.start : piece.end])
        for piece in pieces
    )
    return bool(pieces) and shaped and (not tied or any(p.tie for p in pieces))


def _names_read_well(content: str, clauses: list[Clause]) -> bool:
    """Tell whether what stands before the role words are names of bodies."""
    shapes = 0
    odd = 0
    for clause in clauses:
        pieces = split_names(content, clause.start, clause.end, is_known=_is_unknown)
        for piece in pieces:
            name = content[piece.start : piece.end]
            if has_department_shape(name) and not _SLOGAN.fullmatch(name):
                shapes += 1
            elif clause.is_weak or len(name) > 12 or _NO_BODY.search(name):
                odd += 1
            elif clause.tie is None:
                odd += 1
    if shapes:
        return 2 * odd <= shapes
    return not odd and any(clause.start < clause.end for clause in clauses)


def _is_unknown(name: str) -> bool:
    """Say of every name that no directory holds it: here only shapes count."""
    return not name


def _brackets(plain: str) -> list[tuple[int, int]]:
    """List bracketed runs, outer ones first; a missing half ends with the sentence."""
    if not _BRACKET.search(plain):
        return []
    opened: list[int] = []
    runs: list[tuple[int, int]] = []
    sentence = 0
    for place, char in enumerate(plain):
        if char in OPENERS:
            opened.append(place)
        elif char in CLOSERS:
            runs.append((opened.pop() if opened else sentence, place + 1))
            if not opened:
                sentence = place + 1
        elif char in "。;!?\n" and not opened:
            sentence = place + 1
    starts = {run[0] for run in runs} | set(opened)
    runs += [(start, _sentence_end(plain, start, starts)) for start in opened]
    return sorted(runs, key=lambda run: (run[0], -run[1]))


def _sentence_end(plain: str, start: int, starts: set[int]) -> int:
    for place in range(start + 1, min(len(plain), start + _LONGEST)):
        if plain[place] == "。" or place in starts:
            return place
    return min(len(plain), start + _LONGEST)


def _labelled(plain: str, *, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """List runs of labels that stand outside the brackets *taken*."""
    covered = bytearray(len(plain) + 1)
    for start, end in taken:
        covered[start:end] = b"\1" * (end - start)
    heads = [label for label in labels(plain) if not covered[label.start]]
    opening = opening_label(plain)
    if opening and not covered[0] and (not heads or heads[0].start):
        heads.insert(0, opening)
    runs: list[tuple[int, int]] = []
    begin, end, has_names = -1, -1, False
    for place, label in enumerate(heads):
        following = heads[place + 1].start if place + 1 < len(heads) else len(plain)
        if begin < 0 or plain[end : label.start].strip(" 。;,、\n\t\u3000"):
            if has_names:
                runs.append((begin, end))
            begin, has_names = label.start, False
        end = _value_end(plain, label.end, following, is_due=label.tie is None)
        value = plain[label.end : end]
        has_names = has_names or bool(label.tie and _reads_as_names(value))
    if has_names:
        runs.append((begin, end))
    return [run for run in runs if not any(covered[run[0] : run[1]])]


def _value_end(plain: str, start: int, limit: int, *, is_due: bool) -> int:
    stop = _VALUE_END.search(plain, start, limit)
    end = stop.start() if stop else limit
    reached = start
    for word in re.finditer(r"\S+", plain[start:end]):
        begin = start + word.start()
        if reached > start and not _goes_on(plain[start:reached], word[0], is_due):
            return reached
        reached = begin + len(word[0])
    return reached


def _goes_on(value: str, word: str, is_due: bool) -> bool:
    """Tell whether a value runs on behind a blank that layout may have left in it."""
    if is_due:
        return bool(re.match(r"\d|底|前|月|日|持续|并|、|,", word))
    last = without_blanks(re.split("[、,;]", value)[-1])
    first = re.split("[、,;]", word)[0]
    if not has_department_shape(last) or not first:
        return True
    return has_department_shape(first) or has_department_shape(last + first)


def _reads_as_names(value: str) -> bool:
    text = without_blanks(value)[:_LONGEST]
    clauses = [clause for part in segments(text) for clause in part]
    return any(
        has_department_shape(text[piece.start : piece.end])
        for clause in clauses
        if clause.kind is ClauseKind.NAMES
        for piece in split_names(text, clause.start, clause.end, is_known=_is_unknown)
    )
