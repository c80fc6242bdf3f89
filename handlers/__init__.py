"""What may be asked for: one use case a file, and the table of them."""

from handlers.department_tasks import DEPARTMENT_TASKS
from handlers.due_dates import DEADLINE, RECEIVER
from handlers.due_tasks import DUE_TASKS
from handlers.find_task import FIND_TASK
from handlers.follow_up import CLAIM, CLAUSE, LAST, NO, NUMBER, PAGE_TURN
from handlers.greet import GREETING, THANKS
from handlers.intent import Intent
from handlers.not_held import NOT_HELD, STRANGER
from handlers.plan_facts import ABOUT, BODIES, CONTACT, MEMBERS, TARGETS
from handlers.section_tasks import ALL_TASKS, SECTION_TASKS, SECTIONS

INTENTS: tuple[Intent, ...] = (
    GREETING,
    THANKS,
    NO,
    PAGE_TURN,
    CLAUSE,
    NUMBER,
    CLAIM,
    DUE_TASKS,
    NOT_HELD,
    LAST,
    CONTACT,
    RECEIVER,
    DEADLINE,
    ABOUT,
    MEMBERS,
    BODIES,
    TARGETS,
    STRANGER,
    DEPARTMENT_TASKS,
    SECTION_TASKS,
    SECTIONS,
    ALL_TASKS,
    FIND_TASK,
)
