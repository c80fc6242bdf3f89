"""A plan as the JSON that the office takes away: `bot export NUMBER --json`."""

from datetime import date
from typing import Any

from bot.facts import (
    Contact,
    Doubt,
    Due,
    Duty,
    DutyKind,
    Measure,
    Owner,
    OwnerRole,
    PlanDraft,
    TaskDraft,
    Validity,
)


def export_plan(draft: PlanDraft) -> dict[str, Any]:
    """Turn a plan into plain lists and dicts, ready for JSON.

    A missing issue date is "", any other missing date None; `contact` and `validity`
    are None where the document has none. Helpers and guides export as "joint", their
    `relation` tells them apart. Numbers are int where whole.
    """
    return {
        "doc_no": draft.number,
        "title": draft.title,
        "plan_title": draft.plan_title,
        "issuer": draft.issuer,
        "issue_date": _iso(draft.issue_date) or "",
        "contact": _contact(draft.contact),
        "validity": _validity(draft.validity),
        "deadlines": [_deadline(duty) for duty in draft.duties if _has_day(duty)],
        "targets": [_target(measure) for measure in draft.targets],
        "duties": [_duty(duty) for duty in draft.duties],
        "tasks": [_task(task) for task in draft.tasks],
        "doubts": [_doubt(doubt) for doubt in draft.doubts],
        "open_mark": draft.open_mark,
        "draft_marks": list(draft.draft_marks),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


def _contact(contact: Contact | None) -> dict[str, str] | None:
    if contact is None:
        return None
    return {"department": contact.department, "phone": contact.phone}


def _validity(validity: Validity | None) -> dict[str, str | None] | None:
    if validity is None:
        return None
    first, last = _iso(validity.first), _iso(validity.last)
    return {"first": first, "last": last, "text": validity.text}


def _has_day(duty: Duty) -> bool:
    return duty.kind is DutyKind.REPORT and bool(
        duty.day or duty.month or duty.day_of_month
    )


def _month_and_day(duty: Duty) -> dict[str, int | None]:
    if duty.day:
        return {"month": duty.day.month, "day": duty.day.day}
    return {"month": duty.month, "day": duty.day_of_month}


def _deadline(duty: Duty) -> dict[str, Any]:
    return {
        **_month_and_day(duty),
        "date": _iso(duty.day),
        "recurring": duty.day is None or bool(duty.rhythm),
        "what": duty.what,
        "to": duty.to,
        "by": list(duty.who),
        "where": duty.where,
        "text": duty.text,
        "rhythm": duty.rhythm,
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "kind": duty.kind.value,
        "by": list(duty.who),
        "what": duty.what,
        "to": duty.to,
        **_month_and_day(duty),
        "date": _iso(duty.day),
        "rhythm": duty.rhythm,
        "where": duty.where,
        "text": duty.text,
    }


def _target(measure: Measure) -> dict[str, Any]:
    return {
        "text": measure.text,
        "year": measure.year,
        "number": _number(measure.number),
        "unit": measure.unit,
        "qualifier": measure.qualifier,
        "period": measure.period,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "text": measure.text,
        "number": _number(measure.number),
        "unit": measure.unit,
        "period": measure.period,
        "qualifier": measure.qualifier,
        "year": measure.year,
    }


def _owner(owner: Owner) -> dict[str, str]:
    whole = owner.role in (OwnerRole.LEAD, OwnerRole.COLLECTIVE)
    return {
        "department": owner.department,
        "role": owner.role.value if whole else OwnerRole.JOINT.value,
        "relation": owner.relation.value,
        "written": owner.written,
        "passage": owner.passage,
    }


def _due(due: Due) -> dict[str, Any]:
    return {
        "date": _iso(due.day),
        "text": due.text,
        "kind": due.kind.value,
        "first": _iso(due.first),
        "rhythm": due.rhythm,
        "time": due.time,
        "assumed": due.assumed,
    }


def _task(task: TaskDraft) -> dict[str, Any]:
    return {
        "id": task.id,
        "section_path": list(task.section_path),
        "title": task.title,
        "body": task.body,
        "owners": [_owner(owner) for owner in task.owners],
        "measures": [_measure(measure) for measure in task.measures],
        "due": [_due(due) for due in task.due],
        "generated": task.numbered_by_us,
        "parent": task.parent,
        "annotation": task.annotation,
        "places": list(task.places),
    }


def _doubt(doubt: Doubt) -> dict[str, str]:
    return {
        "kind": doubt.kind.value,
        "where": doubt.where,
        "about": doubt.about,
        "advice": doubt.advice,
    }
