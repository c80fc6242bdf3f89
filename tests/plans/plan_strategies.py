"""Plans to try things on: a plain one, and any plan at all."""

from datetime import date

from hypothesis import strategies as st

from bot.facts import (
    Contact,
    Doubt,
    DoubtKind,
    Due,
    DueKind,
    Duty,
    DutyKind,
    Measure,
    Owner,
    OwnerRole,
    Passage,
    PlanDraft,
    Relation,
    Section,
    TaskDraft,
    Validity,
)

NASTY = [
    "=1+1",
    '=HYPERLINK("http://example.com","x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t缩进\r\n换行\r",
    "\x01\x0b\x1f控制",
    "_x000D_字面",
    "#N/A",
    "😀" * 3,
    "\ufffe\uffff",
    " 前后空白　",
    "长" * 33_000,
    "2022-13-45",
    "TRUE",
    "'引号",
]
plain_text = st.text(alphabet="一二三县科协局（）、。1a ", max_size=12)
storable_text = st.one_of(
    plain_text,
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20),
)
any_text = st.one_of(
    storable_text, st.text(st.characters(exclude_categories=()), max_size=10)
)
days = st.none() | st.dates()
numbers = st.floats(allow_nan=False, allow_infinity=False)


def _owners(text: st.SearchStrategy[str]) -> st.SearchStrategy[Owner]:
    return st.builds(
        Owner,
        department=text,
        role=st.sampled_from(OwnerRole),
        relation=st.sampled_from(Relation),
        written=text,
        passage=text,
    )


def _measures(text: st.SearchStrategy[str]) -> st.SearchStrategy[Measure]:
    return st.builds(
        Measure,
        text=text,
        number=numbers,
        unit=text,
        period=text,
        qualifier=text,
        year=st.none() | st.integers(1900, 2100),
    )


def _dues(text: st.SearchStrategy[str]) -> st.SearchStrategy[Due]:
    return st.builds(
        Due,
        text=text,
        kind=st.sampled_from(DueKind),
        day=days,
        first=days,
        rhythm=text,
        time=text,
        assumed=st.booleans(),
    )


def _duties(text: st.SearchStrategy[str]) -> st.SearchStrategy[Duty]:
    return st.builds(
        Duty,
        kind=st.sampled_from(DutyKind),
        who=st.lists(text, max_size=2).map(tuple),
        what=text,
        to=text,
        month=st.none() | st.integers(1, 12),
        day_of_month=st.none() | st.integers(1, 31),
        day=days,
        rhythm=text,
        where=text,
        text=text,
    )


def _few(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(values, max_size=2).map(tuple)


@st.composite
def drafts(draw: st.DrawFn, text: st.SearchStrategy[str] = storable_text) -> PlanDraft:
    """Draw a plan whose clauses are unique; *text* draws all its texts."""
    short = text.map(lambda words: words[:60])
    clauses = draw(st.lists(short, max_size=3, unique=True))
    task = st.builds(
        TaskDraft,
        id=st.just(""),
        title=text,
        body=text,
        section_path=_few(text),
        owners=_few(_owners(text)),
        measures=_few(_measures(text)),
        due=_few(_dues(text)),
        annotation=text,
        numbered_by_us=st.booleans(),
        parent=st.sampled_from(["", *clauses]),
        places=st.tuples(st.integers(0, 9999), st.integers(0, 9999)),
    )
    made = [draw(task) for _ in clauses]
    tasks = [_with_id(one, clause) for one, clause in zip(made, clauses, strict=True)]
    contact = st.builds(Contact, department=text, phone=text)
    validity = st.builds(Validity, first=days, last=days, text=text)
    section = st.builds(Section, id=text, path=_few(text), title=text, intro=text)
    passage = st.builds(Passage, where=text, title=text, text=text)
    doubt = st.builds(
        Doubt, kind=st.sampled_from(DoubtKind), where=text, about=text, advice=text
    )
    return PlanDraft(
        number=draw(short),
        title=draw(text),
        plan_title=draw(text),
        issuer=draw(text),
        issue_date=draw(days),
        open_mark=draw(short),
        draft_marks=draw(_few(text)),
        contact=draw(st.none() | contact),
        validity=draw(st.none() | validity),
        sections=draw(_few(section)),
        tasks=tuple(tasks),
        duties=draw(_few(_duties(text))),
        targets=draw(_few(_measures(text))),
        passages=draw(_few(passage)),
        doubts=draw(_few(doubt)),
    )


def _with_id(task: TaskDraft, clause: str) -> TaskDraft:
    values = {name: getattr(task, name) for name in TaskDraft.__dataclass_fields__}
    return TaskDraft(**{**values, "id": clause})


def owner(department: str, role: OwnerRole = OwnerRole.JOINT) -> Owner:
    """Make an owner named in full."""
    relation = Relation.LEADS if role is OwnerRole.LEAD else Relation.CARRIES
    return Owner(
        department=department, role=role, relation=relation, written=department
    )


def task(clause: str, title: str, **values: object) -> TaskDraft:
    """Make a task with a body of its own and one owner."""
    given = {"owners": (owner("县科协"),), "body": f"{title}的具体内容。", **values}
    return TaskDraft(id=clause, title=title, **given)


FULL_TASK = task(
    "二（一）1",
    "办好科普讲堂",
    section_path=("二、任务", "（一）青少年"),
    owners=(
        owner("县科协", OwnerRole.LEAD),
        owner("县教体局"),
        owner("县应急局", OwnerRole.HELPER),
        owner("各镇街道", OwnerRole.COLLECTIVE),
    ),
    measures=(
        Measure(
            text="每年不少于5场",
            number=5.0,
            unit="场",
            period="每年",
            qualifier="不少于",
        ),
    ),
    due=(
        Due(
            text="2023年底前",
            kind=DueKind.DEADLINE,
            day=date(2023, 12, 31),
        ),
    ),
    annotation="（县科协牵头，县教体局负责，县应急局配合）",
    places=(10, 14),
)
"""A task of which everything is known."""

HALF_YEAR = Duty(
    kind=DutyKind.REPORT,
    who=("各镇街道", "云水经济开发区"),
    what="半年落实情况",
    to="县科协",
    month=6,
    day_of_month=30,
    rhythm="yearly 06-30",
    where="四（三）",
    text="每年6月30日前将半年落实情况报县科协。",
)


def a_plan(**values: object) -> PlanDraft:
    """Make a small plan of an invented county, complete and open."""
    given: dict[str, object] = {
        "number": "云政字〔2022〕21号",
        "title": "云水县人民政府关于印发科普实施方案的通知",
        "plan_title": "云水县科普实施方案",
        "issuer": "云水县人民政府",
        "issue_date": date(2022, 11, 7),
        "open_mark": "此件公开发布",
        "contact": Contact(department="县科协", phone="12345678"),
        "validity": Validity(
            first=date(2021, 1, 1), last=date(2025, 12, 31), text="2021—2025年"
        ),
        "sections": (Section(id="二（一）", path=("二、任务",), title="青少年"),),
        "tasks": (
            FULL_TASK,
            task("二（一）2", "建设科普场馆", numbered_by_us=True, places=(15, 17)),
            task("二（一）3", "培训科学教师", parent="二（一）2", places=(18, 19)),
        ),
        "duties": (
            HALF_YEAR,
            Duty(kind=DutyKind.STANDING, who=("县财政局",), what="保障经费"),
        ),
        "targets": (
            Measure(
                text="到2025年达到18.5％",
                number=18.5,
                unit="%",
                period="到2025年",
                qualifier="达到",
                year=2025,
            ),
        ),
        "passages": (Passage(where="四（二）", title="经费", text="保障科普经费。"),),
        "doubts": (
            Doubt(
                kind=DoubtKind.NO_OWNER,
                where="二（一）3",
                about="",
                advice="请核对是否有责任单位",
            ),
        ),
    }
    return PlanDraft(**{**given, **values})
