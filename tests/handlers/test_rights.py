"""The matrix of rights: every intent and act, by role and by place."""

import pytest

from bot.errors import NotAllowed
from bot.messages import Place
from bot.model import Role
from handlers import ACTS, INTENTS
from handlers.rights import NOT_FOR_SUPER, Asker, Card, refusal

OWN = "县应急管理局"
ANY, KNOWN, OFFICE = Role.STRANGER, Role.LIAISON, Role.ADMIN
ALL_ROLES, NO_SUPER = True, False
DIRECT, OWN_GROUP, EVERYWHERE = "direct", "own group", "everywhere"

Right = tuple[Role, str, bool]

WHO_MAY = {
    KNOWN: "此项由已绑定的联络员办理。",
    OFFICE: "此项由办公室管理员办理。",
}

IN_DIRECT_CHAT: dict[str, Right] = {
    "bind": (ANY, DIRECT, ALL_ROLES),
    "unbind": (ANY, DIRECT, ALL_ROLES),
    "who_am_i": (ANY, DIRECT, ALL_ROLES),
    "rate": (ANY, DIRECT, ALL_ROLES),
    "list_owing": (KNOWN, DIRECT, ALL_ROLES),
    "prefer": (KNOWN, DIRECT, ALL_ROLES),
    "read_audit": (KNOWN, DIRECT, ALL_ROLES),
    "handover_card": (KNOWN, DIRECT, ALL_ROLES),
    "ask_handover": (KNOWN, DIRECT, NO_SUPER),
    "name_deputy": (KNOWN, DIRECT, NO_SUPER),
    "invite": (OFFICE, DIRECT, ALL_ROLES),
    "revoke": (OFFICE, DIRECT, ALL_ROLES),
    "manage_people": (OFFICE, DIRECT, ALL_ROLES),
    "unbound": (OFFICE, DIRECT, ALL_ROLES),
    "read_feedback": (OFFICE, DIRECT, ALL_ROLES),
    "undelivered": (OFFICE, DIRECT, NO_SUPER),
    "decide_undelivered": (OFFICE, DIRECT, NO_SUPER),
    "at_server": (OFFICE, DIRECT, ALL_ROLES),
    "half_said": (OFFICE, DIRECT, ALL_ROLES),
    "confirm": (OFFICE, DIRECT, ALL_ROLES),
    "progress": (OFFICE, DIRECT, ALL_ROLES),
    "one_department": (OFFICE, DIRECT, ALL_ROLES),
    "export": (OFFICE, DIRECT, ALL_ROLES),
    "waiting": (OFFICE, DIRECT, ALL_ROLES),
    "handovers": (OFFICE, DIRECT, NO_SUPER),
    "decide_handover": (OFFICE, DIRECT, NO_SUPER),
    "broadcast": (OFFICE, DIRECT, NO_SUPER),
    "decide": (OFFICE, DIRECT, NO_SUPER),
    "press_on": (OFFICE, DIRECT, NO_SUPER),
    "drafts": (OFFICE, DIRECT, NO_SUPER),
    "materials": (OFFICE, DIRECT, NO_SUPER),
    "confirm_duties": (OFFICE, DIRECT, NO_SUPER),
}
BEFORE_OTHERS: dict[str, Right] = {
    # About this very group, which is known only there; the admin alone may.
    "register_group": (OFFICE, EVERYWHERE, ALL_ROLES),
    "unregister_group": (OFFICE, EVERYWHERE, ALL_ROLES),
    "set_fallback": (OFFICE, EVERYWHERE, ALL_ROLES),
    # They find out themselves who speaks and for whom: the next tests but one file.
    "hand_in": (ANY, EVERYWHERE, ALL_ROLES),
    "acknowledge": (ANY, EVERYWHERE, ALL_ROLES),
    "ask_what": (ANY, EVERYWHERE, ALL_ROLES),
    "submit": (ANY, EVERYWHERE, ALL_ROLES),
}
OF_PUBLIC_TEXT: dict[str, Right] = {
    "department_tasks": (ANY, OWN_GROUP, ALL_ROLES),
    "count_each": (ANY, OWN_GROUP, ALL_ROLES),
    "loose_list": (ANY, OWN_GROUP, ALL_ROLES),
    "dated_tasks": (ANY, OWN_GROUP, ALL_ROLES),
    "shares": (ANY, OWN_GROUP, ALL_ROLES),
    "themed": (ANY, OWN_GROUP, ALL_ROLES),
    "narrowed": (ANY, OWN_GROUP, ALL_ROLES),
    "each_list": (ANY, OWN_GROUP, ALL_ROLES),
    "misread_list": (ANY, OWN_GROUP, ALL_ROLES),
    **dict.fromkeys(
        (
            *(
                "at_terminal",
                "whole_paper",
                "greeting",
                "thanks",
                "no",
                "page",
                "clause",
                "number",
            ),
            *("claim", "personal", "due_tasks", "definition", "places"),
            *("not_held", "last"),
            *("count_last", "time_span", "numbered", "figure", "no_figure"),
            *("not_counted", "contact", "receiver", "deadline", "about", "members"),
            *("bodies", "targets", "unknown_department", "section_tasks"),
            *(
                "sections",
                "all_tasks",
                "chapter_counts",
                "about_last",
                "beside_tasks",
                "about_loosely",
                "contact_loosely",
                "report_day",
                "due_loosely",
                "owner_of_part",
                "loose_section",
                "part_left_out",
                "find_task",
            ),
        ),
        (ANY, EVERYWHERE, ALL_ROLES),
    ),
}
MATRIX = IN_DIRECT_CHAT | BEFORE_OTHERS | OF_PUBLIC_TEXT
CARDS: tuple[Card, ...] = (*ACTS, *INTENTS)
ROLES = tuple(Role)
PLACES = {
    "direct": (Place.DIRECT, ""),
    "own group": (Place.GROUP, OWN),
    "all-hands group": (Place.GROUP, ""),
    "unregistered group": (Place.GROUP, ""),
}


def test_each_card_stands_in_the_matrix_once() -> None:
    assert sorted(card.name for card in CARDS) == sorted(MATRIX)
    assert len(MATRIX) == len(IN_DIRECT_CHAT) + len(BEFORE_OTHERS) + len(OF_PUBLIC_TEXT)


def expected(card: Card, *, role: Role, place: str) -> str:
    least, where, has_super = MATRIX[card.name]
    if ROLES.index(role) < ROLES.index(least):
        return NotAllowed.reply + WHO_MAY[least]
    if role is Role.SUPER and not has_super:
        return NOT_FOR_SUPER
    is_here = place == "direct" or where == EVERYWHERE
    if is_here or (where == OWN_GROUP and place == "own group"):
        return ""
    return card.elsewhere


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_who_may_ask_and_do_what_and_where(card: Card, role: Role, place: str) -> None:
    kind, department = PLACES[place]
    asker = Asker(role=role, place=kind, department=department)

    assert refusal(card, asker) == expected(card, role=role, place=place)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_whoever_is_refused_before_others_is_sent_to_the_direct_chat(
    card: Card,
) -> None:
    assert "私聊" in card.elsewhere


@pytest.mark.parametrize("card", ACTS, ids=lambda card: card.name)
def test_what_is_for_the_office_alone_needs_a_direct_chat(card: Card) -> None:
    is_of_office = ROLES.index(card.role) >= ROLES.index(Role.ADMIN)
    is_of_this_group = card.name in BEFORE_OTHERS

    assert not is_of_office or is_of_this_group or not card.in_groups
    assert not is_of_office or not card.in_own_group
