"""The roster changes: departments and people come in, a found name is confirmed."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.departments import Departments
from bot.model import Person, Role
from bot.roster import Comparison, PersonRow
from handlers.follow_roster import follow_roster
from handlers.rights import ROLES
from handlers.take_over import finish_bound

_SHOWN = 40  # new people that are named; of all the rest none is left out
_MANY = 500  # names of departments, more than any office has
_HEADS = {"role": "角色", "phone": "电话", "is_deputy": "备用"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtIn:
    """What an import did, and whose handovers it finished by binding them.

    `renamed` are departments that owed reports under another name before.
    """

    imported: roster.Imported
    successors: tuple[Person, ...]
    renamed: tuple[tuple[str, str], ...] = ()


async def bring_in(
    session: AsyncSession,
    rows: roster.Roster,
    *,
    departments: Departments,
    by: str,
    source: str,
    at: datetime,
) -> BroughtIn:
    """Keep the departments and people of a roster file; all of them or none."""
    done = await roster.import_roster(session, rows, by=by)
    await audit.record(
        session, actor=by, event="roster.changed", about=source, at=at, done=str(done)
    )
    finished = await finish_bound(session, at=at)
    renamed = await follow_roster(session, departments, by=by, at=at)
    return BroughtIn(imported=done, successors=tuple(finished), renamed=tuple(renamed))


def changes_told(compared: Comparison) -> list[str]:
    """Say in lines what a roster would change, and whom it does not name."""
    lines = [f"新增单位：{row.name}" for row in compared.departments_new]
    lines += [f"更改单位：{row.name}" for _, row in compared.departments_changed]
    new = [
        f"新增人员：{row.department} {row.name}（{_title(row.role, row.is_deputy)}）"
        for row in compared.people_new
    ]
    lines += new[:_SHOWN]
    lines += [f"新增人员：另有 {len(new) - _SHOWN} 人"] if len(new) > _SHOWN else []
    lines += [
        f"更改人员：{_who(person)}：{_changes(person, row)}"
        for person, row in compared.people_changed
    ]
    moved_to = {row.name: row.department for row in compared.people_new}
    lines += [_missing(person, moved_to) for person in compared.missing]
    lines += [
        f"已离岗：{_who(person)}，没有恢复；"
        f"确已返岗的用 bot people {person.name} --return"
        for person in compared.left
    ]
    lines += [
        f"曾删除个人信息：{row.department} {row.name}，没有读入；"
        f"确需重新登记的用 bot people {row.name} --department {row.department} --return"
        for row in compared.erased
    ]
    return lines + _accounts_told(compared)


def _missing(person: Person, moved_to: Mapping[str, str]) -> str:
    there = moved_to.get(person.name)
    moved = f"{there}有同名新增人员，如系调动，" if there else ""
    return (
        f"文件里没有：{_who(person)}，仍保留；{moved}"
        f"确已离岗的用 bot people {person.name} --leave"
    )


def _accounts_told(compared: Comparison) -> list[str]:
    """Say who is known by which user id of WeCom from now on."""
    count = len(compared.accounts_new)
    lines = [f"企业微信账号：新登记 {count} 个，应用和机器人通用"] if count else []
    lines += [
        f"企业微信账号 {account}：由{_who(before)}改归{row.department} {row.name}"
        for account, before, row in compared.accounts_moved
    ]
    return lines + [
        f"企业微信账号 {account}：不再属于{_who(before)}"
        for account, before in compared.accounts_lost
    ]


def _who(person: Person) -> str:
    return f"{person.department} {person.name}"


def _title(role: Role, is_deputy: bool) -> str:
    return "备用联络员" if is_deputy and role is Role.LIAISON else ROLES[role]


def _changes(person: Person, row: PersonRow) -> str:
    told = []
    for name, head in _HEADS.items():
        before, after = getattr(person, name), getattr(row, name)
        if before != after:
            told.append(f"{head} {_shown(before)} → {_shown(after)}")
    return "，".join(told)


def _shown(value: object) -> str:
    if isinstance(value, Role):
        return ROLES[value]
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value) or "空"


async def doubts_of(
    session: AsyncSession, rows: roster.Roster, *, departments: Departments
) -> list[str]:
    """Say in lines what somebody should look at before a roster is taken over."""
    known = dict.fromkeys(row.name for row in rows.departments)
    known |= dict.fromkeys(one.name for one in await roster.departments_kept(session))
    known |= dict.fromkeys(
        one.name for one in await roster.departments_proposed(session)
    )
    named = list(dict.fromkeys(row.department for row in rows.people))
    lines = [str(note) for note in rows.notes]
    sure = [*known, *(name for name in named if departments.is_known(name))]
    lines += [
        _unknown(name, departments, list(dict.fromkeys(sure)))
        for name in named[:_MANY]
        if name not in known and not departments.is_known(name)
    ]
    before = await roster.departments_of_people(session)
    lines += _twice_spelled([*dict.fromkeys([*named, *before])], departments)
    lines += _mains(rows)
    lines += await _without_contact(session, rows)
    return lines


def _unknown(name: str, departments: Departments, known: list[str]) -> str:
    near = departments.find(name, among=known)
    meant = f"，是不是“{near[0].department}”" if near else ""
    return f"名录里没有这个单位：{name}{meant}；写法请与方案一致"


def _twice_spelled(named: list[str], departments: Departments) -> list[str]:
    """Tell which names are of one department: its people would be apart."""
    by_stem: dict[str, list[str]] = defaultdict(list)
    if len(named) > _MANY:
        return []
    for name in named:
        for other in by_stem:
            if departments.same(other, name):
                by_stem[other].append(name)
                break
        else:
            by_stem[name].append(name)
    return [
        f"同一单位有几种写法：{'、'.join(names)}；请统一，否则按不同单位对待"
        for names in by_stem.values()
        if len(names) > 1
    ]


def _mains(rows: roster.Roster) -> list[str]:
    mains: dict[str, list[str]] = defaultdict(list)
    for row in rows.people:
        if row.role is Role.LIAISON and not row.is_deputy:
            mains[row.department].append(row.name)
    return [
        f"{name}有 {len(people)} 名联络员（{'、'.join(people)}），都会收到提醒；"
        "只要一人收的，其余“备用”填“是”"
        for name, people in mains.items()
        if len(people) > 1
    ]


async def _without_contact(session: AsyncSession, rows: roster.Roster) -> list[str]:
    """Name the departments that would have no liaison, or deputies alone."""
    names = [row.name for row in rows.departments if not row.collective]
    names += [row.department for row in rows.people if row.role is Role.HEAD]
    has = Counter(row.department for row in rows.people if row.role is Role.LIAISON)
    main = {
        row.department
        for row in rows.people
        if row.role is Role.LIAISON and not row.is_deputy
    }
    in_file = {(row.department, row.name) for row in rows.people}
    for one in await roster.everyone(session):
        if (one.department, one.name) in in_file:
            continue
        if one.left_at is None and one.role is Role.LIAISON:
            has[one.department] += 1
            main |= set() if one.is_deputy else {one.department}
    office = {row.department for row in rows.people if row.role is Role.ADMIN}
    lines = [
        f"{name}没有联络员，收不到提醒"
        for name in dict.fromkeys(names)
        if not has[name] and name not in office
    ]
    return lines + [
        f"{name}只有备用联络员，没有联络员" for name in has if name not in main
    ]


async def confirm(session: AsyncSession, name: str, *, by: str, at: datetime) -> None:
    """Confirm a department that a plan brought; raises NotFound."""
    await roster.confirm_department(session, name, by=by)
    await audit.record(
        session, actor=by, event="department.confirmed", about=name, at=at
    )
