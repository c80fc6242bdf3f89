"""Who is who: departments that the office keeps, people, and their accounts."""

from bot.roster.accounts import account_for, accounts_for, keep_talks
from bot.roster.codes import (
    NO_CODE,
    Issued,
    code_used_by,
    codes_told,
    count_guess,
    has_group_code,
    is_locked,
    issue_code,
    revoke_codes,
    revoke_said,
    use_group_code,
    use_person_code,
)
from bot.roster.contacts import Gap, gaps_among, last_losses
from bot.roster.departments import (
    confirm_department,
    departments_kept,
    departments_proposed,
    propose_departments,
)
from bot.roster.directory import with_kept
from bot.roster.files import DepartmentRow, PersonRow, Roster, read_roster
from bot.roster.groups import (
    chat_at,
    chat_for,
    chats,
    close_addresses,
    move_chat,
    registered_chats,
)
from bot.roster.imports import Comparison, Imported, compare_roster, import_roster
from bot.roster.people import (
    accounts_by_person,
    accounts_of,
    bind_account,
    closed_accounts,
    department_of,
    departments_of_people,
    everyone,
    knowing_alike,
    names_of,
    people_named,
)
from bot.roster.template import write_template

__all__ = [
    "NO_CODE",
    "Comparison",
    "DepartmentRow",
    "Gap",
    "Imported",
    "Issued",
    "PersonRow",
    "Roster",
    "account_for",
    "accounts_by_person",
    "accounts_for",
    "accounts_of",
    "bind_account",
    "chat_at",
    "chat_for",
    "chats",
    "close_addresses",
    "closed_accounts",
    "code_used_by",
    "codes_told",
    "compare_roster",
    "confirm_department",
    "count_guess",
    "department_of",
    "departments_kept",
    "departments_of_people",
    "departments_proposed",
    "everyone",
    "gaps_among",
    "has_group_code",
    "import_roster",
    "is_locked",
    "issue_code",
    "keep_talks",
    "knowing_alike",
    "last_losses",
    "move_chat",
    "names_of",
    "people_named",
    "propose_departments",
    "read_roster",
    "registered_chats",
    "revoke_codes",
    "revoke_said",
    "use_group_code",
    "use_person_code",
    "with_kept",
    "write_template",
]
