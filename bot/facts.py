"""What a plan states, as values: owners, measures, dates, duties, doubts.

The parser makes these, a person signs them, the tables of `bot.model` keep them.
What a document does not say stays empty: "", None or ().
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class OwnerRole(StrEnum):
    """What a department is to a task."""

    LEAD = "lead"
    JOINT = "joint"
    HELPER = "helper"
    GUIDE = "guide"
    COLLECTIVE = "collective"


class Relation(StrEnum):
    """The word of the document that ties a department to a task."""

    LEADS = "牵头"
    CARRIES = "负责"
    HELPS = "配合"
    JOINS = "参与"
    GUIDES = "指导"
    ANSWERS = "责任"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A department or collective that a document ties to a task.

    `department` is the name in the document's own spelling with a carried-over
    prefix restored (省科技厅、广电局: 省广电局) and layout removed; `written` is the
    name exactly as it stands there (广电局). `passage` is the part of the body that
    the annotation covers where a task has several annotations, else "".
    """

    department: str
    role: OwnerRole
    relation: Relation
    written: str
    passage: str = ""

    @property
    def leads(self) -> bool:
        """Whether the document says that it leads; a collective (各镇街道) may."""
        leads_as_one = self.relation is Relation.LEADS
        return self.role is OwnerRole.LEAD or (
            self.role is OwnerRole.COLLECTIVE and leads_as_one
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A quantity that a task or a plan is to reach.

    `text` is the clause, word for word. `unit` is what follows the number (场, 人次,
    %: a full-width ％ counts as %). `period` and `qualifier` are words of the
    document: 每年, 到2025年; 达到, 不少于, 以上, 余, 左右. `year` is that of a target.
    """

    text: str
    number: float
    unit: str
    period: str = ""
    qualifier: str = ""
    year: int | None = None


class DueKind(StrEnum):
    """How a phrase of time binds a task."""

    DEADLINE = "deadline"
    MILESTONE = "milestone"
    RANGE = "range"
    PHASE = "phase"
    START = "start"
    ONGOING = "ongoing"
    RECURRING = "recurring"
    RELATIVE = "relative"
    EVENT = "event"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A phrase of time in a task, and the day that it means if it means one.

    `text` is the phrase, word for word. `day` is the last day (of a range: its end;
    of a start: the start), `first` the first day of a range. `rhythm` is a word for
    what returns ("yearly 06-30", "quarterly", "monthly 25", "every 2 years",
    "weekly 4", "daily"), `time` a time of day ("17:00"). `assumed` says that the year
    is the document's because the phrase has none.
    """

    text: str
    kind: DueKind
    day: date | None = None
    first: date | None = None
    rhythm: str = ""
    time: str = ""
    assumed: bool = False


class DutyKind(StrEnum):
    """What sort of duty stands in the plan outside its tasks."""

    REPORT = "report"
    STANDING = "standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something to hand in, or to do, that the plan lays down outside its tasks.

    `who` are the obligors as written; `what` is to be reported or done; `to` is the
    receiver. A yearly date has `month` and `day_of_month`, a single one `day`;
    `rhythm` is as in `Due`. `where` is the clause, such as 四（三）; `text` is the
    sentence, word for word, without line breaks.
    """

    kind: DutyKind
    who: tuple[str, ...] = ()
    what: str = ""
    to: str = ""
    month: int | None = None
    day_of_month: int | None = None
    day: date | None = None
    rhythm: str = ""
    where: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom the document names for questions."""

    department: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """The period for which the plan is made, and the words that say so."""

    first: date | None
    last: date | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading that holds tasks or text: `id` is 二（一）, `path` its headings.

    `title` is the heading without its number and final stop, `intro` the text that
    stands under the heading before its first task.
    """

    id: str
    path: tuple[str, ...]
    title: str
    intro: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph outside the tasks, for questions that no task answers.

    `where` is the clause (四（二）) and `title` its heading, `text` is word for word.
    """

    where: str
    title: str
    text: str


class DoubtKind(StrEnum):
    """What a person has to look at before signing."""

    IMPOSSIBLE_DATE = "impossible_date"
    UNKNOWN_DEPARTMENT = "unknown_department"
    MISSING_NUMBER = "missing_number"
    TWO_ROLES = "two_roles"
    NO_OWNER = "no_owner"
    SUGGESTED_OWNER = "suggested_owner"
    SUSPECT_CHARACTER = "suspect_character"
    ASSUMED_YEAR = "assumed_year"
    MISSING_HEAD = "missing_head"
    NO_TASKS = "no_tasks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing that the parser was not sure of.

    `where` is a task's id or a clause, "" for the whole document; `about` are the
    words in question; `advice` tells the person in Chinese what to check.
    """

    kind: DoubtKind
    where: str
    about: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """A task as the parser understood it.

    `id` is the clause, such as 二（一）4, unique in the plan; if `numbered_by_us` its
    last ordinal is ours (系统编序), the document having none. `title` is the heading
    sentence without its stop; `body` the text after it up to the owner annotation, a
    run of the source with only layout removed, and includes the title where the text
    starts at once. `annotation` is the owner annotation as written, "" if none.
    `parent` is the id of the task whose measure this is, or "". `places` are the
    first and the last `Block.place` it was read from.
    """

    id: str
    title: str
    body: str
    section_path: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()
    measures: tuple[Measure, ...] = ()
    due: tuple[Due, ...] = ()
    annotation: str = ""
    numbered_by_us: bool = False
    parent: str = ""
    places: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A plan as the parser understood it; nothing of it is in force.

    `number` is the 文号 without blanks; `title` is that of the notice, `plan_title`
    that of the plan itself (they are equal where no notice comes first). `open_mark`
    is 此件公开发布 or its like, `draft_marks` are 征求意见稿 and its like.
    """

    number: str = ""
    title: str = ""
    plan_title: str = ""
    issuer: str = ""
    issue_date: date | None = None
    open_mark: str = ""
    draft_marks: tuple[str, ...] = ()
    contact: Contact | None = None
    validity: Validity | None = None
    sections: tuple[Section, ...] = ()
    tasks: tuple[TaskDraft, ...] = ()
    duties: tuple[Duty, ...] = ()
    targets: tuple[Measure, ...] = ()
    passages: tuple[Passage, ...] = ()
    doubts: tuple[Doubt, ...] = ()
