"""Which people a question or a figure is about: 老师 are no 老年人."""

import re

_PEOPLE = (  # whoever a figure may be about, those of one kind in a line
    re.compile("老师|教师|辅导员|讲师"),
    re.compile("老年|老人"),
    re.compile("学生|青少年|儿童|孩|中小学"),
    re.compile("农民|村民"),
    re.compile("干部|公务员|领导"),
    re.compile("职工|工人|工匠"),
    re.compile("妇女|女性"),
    re.compile("残疾人"),
)


def _kinds_in(words: str) -> set[int]:
    return {kind for kind, one in enumerate(_PEOPLE) if one.search(words)}


def names_absent(question: str, words: str) -> bool:
    """Tell whether a question names people of whom *words* say nothing; both folded."""
    asked = _kinds_in(question)
    return bool(asked) and asked.isdisjoint(_kinds_in(words))


def is_of_others(question: str, clause: str, around: str) -> bool:
    """Tell whether a clause counts other people than a question names.

    What stands *around* the clause may name them as well. All are folded.
    """
    return bool(_kinds_in(clause)) and names_absent(question, f"{clause}\n{around}")
