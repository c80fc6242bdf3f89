"""Who is who: departments that the office keeps, people, and their accounts."""

from bot.roster.departments import (
    confirm_department,
    departments_kept,
    departments_proposed,
    propose_departments,
)
from bot.roster.directory import with_kept
from bot.roster.files import (
    DepartmentRow,
    PersonRow,
    Roster,
    read_roster,
    write_template,
)
from bot.roster.imports import Imported, import_roster
from bot.roster.people import (
    account_for,
    accounts_of,
    bind_account,
    department_of,
    find_person,
)

__all__ = [
    "DepartmentRow",
    "Imported",
    "PersonRow",
    "Roster",
    "account_for",
    "accounts_of",
    "bind_account",
    "confirm_department",
    "department_of",
    "departments_kept",
    "departments_proposed",
    "find_person",
    "import_roster",
    "propose_departments",
    "read_roster",
    "with_kept",
    "write_template",
]
