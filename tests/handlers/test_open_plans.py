"""Plans laid open on the table: read once, shared, and put away when they change."""

from bot.model import Plan
from bot.plans.finding.thesaurus import Thesaurus
from bot.plans.shelf import Shelf
from handlers import open_plans
from handlers.desk import Desk
from handlers.open_plans import OpenPlans, Table


def _copy(plan: Plan, number: int) -> Plan:
    """Make another plan of the same words."""
    columns = {c.key: getattr(plan, c.key) for c in Plan.__table__.columns}
    return Plan(**{**columns, "id": number}, tasks=[])


def _table(desk: Desk) -> Table:
    return Table(desk.shelf, desk.departments)


def test_what_is_read_off_plans_is_read_once(desk: Desk) -> None:
    table, read = _table(desk), []

    for _ in range(2):
        opened = table.open(desk.shelf.plans)
        opened.once(read.append)
        opened.once_for(lambda *_: "县科协", "县科协")

    assert read == [opened]


def test_what_is_read_for_a_department_is_its_own(desk: Desk) -> None:
    opened = _table(desk).open(desk.shelf.plans)

    def named(plans: OpenPlans, department: str) -> str:
        return department

    told = [opened.once_for(named, name) for name in ("县科协", "县教育局", "县科协")]

    assert told == ["县科协", "县教育局", "县科协"]


def test_a_set_of_plans_shares_what_is_read_off_each(desk: Desk) -> None:
    table, plan = _table(desk), desk.shelf.plans[0]

    alone = table.open([plan])
    both = table.open([plan, _copy(plan, 7)])

    assert both.parts[0] is alone
    assert both.sentences[: len(alone.sentences)] == alone.sentences


def test_plans_are_put_away_when_those_in_force_change(desk: Desk) -> None:
    shelf, plans = Shelf(Thesaurus), desk.shelf.plans
    shelf.hold(plans)
    table = Table(shelf, desk.departments)
    before = table.open(plans)

    shelf.hold(plans)
    assert table.open(plans) is before
    shelf.hold([*plans, _copy(plans[0], 7)])
    assert table.open(plans) is not before


def test_only_so_many_sets_of_plans_stay_open(desk: Desk) -> None:
    table, plan = _table(desk), desk.shelf.plans[0]
    first = table.open([plan])

    for number in range(100, 300):
        table.open([_copy(plan, number)])

    assert table.open([plan]) is not first


def test_what_was_long_not_asked_for_is_read_again(desk: Desk) -> None:
    opened, read = OpenPlans(desk.shelf.plans, desk.departments), []

    def note(plans: OpenPlans, asked: int) -> None:
        read.append(asked)

    for asked in (0, 1, 0, *range(2, open_plans._MOST_KEPT + 1), 0, 1):
        opened.once_for(note, asked)

    assert read.count(0) == 1
    assert read.count(1) == 2


def test_a_search_is_made_anew_when_the_plans_change(desk: Desk) -> None:
    plan = desk.shelf.plans[0]
    shelf = Shelf(lambda: Thesaurus({}))
    shelf.hold([plan])
    before = shelf.search("科学副校长", [plan])
    again = shelf.search("科学副校长", [plan])
    shelf.hold([plan, _copy(plan, 7)])
    after = shelf.search("科学副校长", [plan])

    assert again is before
    assert after is not before
    assert after[0].id == before[0].id
