"""What may be asked for and done: one use case a file, and the tables of them."""

from handlers.about_last import ABOUT_LAST
from handlers.acknowledge import ACKNOWLEDGE
from handlers.act import Act
from handlers.ask_what import ASK_WHAT
from handlers.at_server import AT_SERVER
from handlers.at_terminal import AT_TERMINAL
from handlers.beside_tasks import BESIDE_TASKS
from handlers.bind import BIND, UNBIND, WHO_AM_I
from handlers.broadcast import BROADCAST
from handlers.confirm_duties import CONFIRM_DUTIES
from handlers.confirmed import CONFIRM
from handlers.dated_tasks import DATED_TASKS, SHARES
from handlers.decide import DECIDE
from handlers.decide_handover import DECIDE_HANDOVER, HANDOVERS
from handlers.decide_undelivered import DECIDE_UNDELIVERED, UNDELIVERED
from handlers.definition import DEFINITION
from handlers.department_tasks import DEPARTMENT_TASKS
from handlers.due_dates import DEADLINE, RECEIVER, REPORT_DAY
from handlers.due_tasks import DUE_LOOSELY, DUE_TASKS
from handlers.each_asked import EACH_LIST
from handlers.export import EXPORT
from handlers.figures import FIGURE, NO_FIGURE
from handlers.find_task import FIND_TASK
from handlers.follow_up import CLAIM, CLAUSE, COUNT_LAST, LAST, NO, NUMBER, PAGE_TURN
from handlers.greet import GREETING, THANKS
from handlers.half_said import HALF_SAID
from handlers.hand_in import HAND_IN
from handlers.hand_over import ASK_HANDOVER, NAME_DEPUTY
from handlers.intent import Intent
from handlers.invite import INVITE, REVOKE
from handlers.list_owing import LIST_OWING
from handlers.loose_sections import LOOSE_SECTION, PART_LEFT_OUT
from handlers.loosely import COUNT_EACH, LOOSE_LIST, MISREAD_LIST
from handlers.materials import MATERIALS
from handlers.narrowed import NARROWED
from handlers.not_held import NOT_COUNTED, NOT_HELD, STRANGER
from handlers.numbered import NUMBERED
from handlers.one_department import ONE_DEPARTMENT
from handlers.part_asked import OWNER_OF_PART
from handlers.people import MANAGE_PEOPLE
from handlers.personal import PERSONAL
from handlers.places_counted import PLACES
from handlers.plan_facts import (
    ABOUT,
    ABOUT_LOOSELY,
    BODIES,
    CONTACT,
    CONTACT_LOOSELY,
    MEMBERS,
    TARGETS,
)
from handlers.prefer import PREFER
from handlers.press_on import DRAFTS, PRESS_ON, WAITING
from handlers.progress import PROGRESS
from handlers.rate import RATE
from handlers.read_audit import READ_AUDIT
from handlers.read_feedback import READ_FEEDBACK
from handlers.register_group import REGISTER, UNREGISTER
from handlers.section_tasks import ALL_TASKS, CHAPTER_COUNTS, SECTION_TASKS, SECTIONS
from handlers.set_fallback import SET_FALLBACK
from handlers.submit import SUBMIT
from handlers.take_over import HANDOVER_CARD
from handlers.themed import THEMED
from handlers.time_spans import TIME_SPAN
from handlers.unbound import UNBOUND
from handlers.whole_paper import WHOLE_PAPER

INTENTS: tuple[Intent, ...] = (
    AT_TERMINAL,
    WHOLE_PAPER,
    GREETING,
    THANKS,
    NO,
    PAGE_TURN,
    CLAUSE,
    NUMBER,
    CLAIM,
    OWNER_OF_PART,
    PERSONAL,
    NARROWED,
    DUE_TASKS,
    DATED_TASKS,
    SHARES,
    THEMED,
    COUNT_EACH,
    DEFINITION,
    PLACES,
    BESIDE_TASKS,
    NOT_HELD,
    LAST,
    COUNT_LAST,
    TIME_SPAN,
    NUMBERED,
    FIGURE,
    NO_FIGURE,
    NOT_COUNTED,
    CONTACT,
    RECEIVER,
    DEADLINE,
    ABOUT,
    MEMBERS,
    BODIES,
    TARGETS,
    STRANGER,
    EACH_LIST,
    MISREAD_LIST,
    PART_LEFT_OUT,
    DEPARTMENT_TASKS,
    CHAPTER_COUNTS,
    SECTION_TASKS,
    SECTIONS,
    ALL_TASKS,
    ABOUT_LAST,
    ABOUT_LOOSELY,
    CONTACT_LOOSELY,
    REPORT_DAY,
    DUE_LOOSELY,
    LOOSE_LIST,
    LOOSE_SECTION,
    FIND_TASK,
)

ACTS: tuple[Act, ...] = (
    REGISTER,
    UNREGISTER,
    SET_FALLBACK,
    UNBOUND,
    BIND,
    UNBIND,
    WHO_AM_I,
    INVITE,
    REVOKE,
    MANAGE_PEOPLE,
    HANDOVERS,
    DECIDE_HANDOVER,
    ASK_HANDOVER,
    NAME_DEPUTY,
    HANDOVER_CARD,
    RATE,
    READ_FEEDBACK,
    CONFIRM,
    CONFIRM_DUTIES,
    BROADCAST,
    HAND_IN,
    ACKNOWLEDGE,
    PROGRESS,
    UNDELIVERED,
    DECIDE_UNDELIVERED,
    AT_SERVER,
    HALF_SAID,
    EXPORT,
    MATERIALS,
    READ_AUDIT,
    DECIDE,
    PRESS_ON,
    WAITING,
    DRAFTS,
    ONE_DEPARTMENT,
    PREFER,
    LIST_OWING,
    ASK_WHAT,
    SUBMIT,
)
