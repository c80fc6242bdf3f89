"""Who is who: departments that the office keeps, people, and their accounts."""

from bot.roster.codes import (
    Issued,
    code_used_by,
    count_guess,
    has_group_code,
    is_locked,
    issue_code,
    revoke_codes,
    use_group_code,
    use_person_code,
)
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
from bot.roster.groups import (
    chat_at,
    chat_for,
    chats,
    close_addresses,
    move_chat,
    registered_chats,
)
from bot.roster.imports import Imported, import_roster
from bot.roster.people import (
    account_for,
    accounts_for,
    accounts_of,
    bind_account,
    closed_accounts,
    department_of,
    departments_of_people,
    find_person,
    people_named,
)

__all__ = [
    "DepartmentRow",
    "Imported",
    "Issued",
    "PersonRow",
    "Roster",
    "account_for",
    "accounts_for",
    "accounts_of",
    "bind_account",
    "chat_at",
    "chat_for",
    "chats",
    "close_addresses",
    "closed_accounts",
    "code_used_by",
    "confirm_department",
    "count_guess",
    "department_of",
    "departments_kept",
    "departments_of_people",
    "departments_proposed",
    "find_person",
    "has_group_code",
    "import_roster",
    "is_locked",
    "issue_code",
    "move_chat",
    "people_named",
    "propose_departments",
    "read_roster",
    "registered_chats",
    "revoke_codes",
    "use_group_code",
    "use_person_code",
    "with_kept",
    "write_template",
]
