"""`bot people`: who is on the roster, and who leaves it."""

from collections.abc import Sequence
from pathlib import Path

import click

from bot import roster
from bot.app import App
from bot.commands.columns import aligned
from bot.commands.door import complain, in_office, misused, office_options, signed
from bot.commands.help_text import ChineseCommand
from bot.errors import NotFound
from bot.model import Account, Person, Role
from handlers import leave
from handlers.bind import who_is
from handlers.gaps import left_alone
from handlers.invite import find_invited
from handlers.lane_words import lane_words
from handlers.rights import ROLES

_ONE = "--unbind、--leave、--return、--erase 一次写一个，并写明姓名。"


@click.command("people", cls=ChineseCommand)
@click.argument("name", metavar="[姓名]", default="")
@click.option(
    "--department", default="", metavar="单位", help="只看一个单位；有同名人员时写明。"
)
@click.option("--unbind", is_flag=True, help="解绑本人的全部账号。")
@click.option("--leave", "leaves", is_flag=True, help="登记离岗：解绑，不再收到消息。")
@click.option("--return", "returns", is_flag=True, help="恢复在岗，账号须重新绑定。")
@click.option("--erase", is_flag=True, help="删除个人信息，不能恢复；要确认一次。")
@click.option("--name", "by", default="", metavar="姓名", help="由谁办理，记入日志。")
@office_options
def list_people(
    name: str,
    department: str,
    unbind: bool,
    leaves: bool,
    returns: bool,
    erase: bool,
    by: str,
    config: Path,
    database: str,
) -> None:
    """列出通讯录人员、账号和状态；或为一个人办理解绑、离岗、返岗、删除个人信息。"""
    wanted = {"unbind": unbind, "leave": leaves, "return": returns, "erase": erase}
    chosen = [what for what, is_wanted in wanted.items() if is_wanted]
    if len(chosen) > 1 or (chosen and not name.strip()):
        misused(_ONE)
    actor = signed(by) if chosen else ""

    async def work(app: App) -> int:
        if not chosen:
            return await _list(app, name.strip(), department.strip())
        if chosen == ["return"]:
            return await _return(app, name.strip(), department.strip(), by=actor)
        return await _do(app, chosen[0], f"{name} {department}", by=actor)

    in_office(work, config=config, database=database)


async def _list(app: App, name: str, department: str) -> int:
    async with app.database.reading() as session:
        people = await roster.everyone(session)
        accounts = await roster.accounts_by_person(session, [one.id for one in people])
    shown = [
        one
        for one in people
        if (not name or name == one.name)
        and (not department or app.departments.same(one.department, department))
    ]
    if not shown:
        complain("通讯录里没有这样的人员。" if people else "通讯录是空的。")
        return int(bool(people))
    heads = ("单位", "姓名", "角色", "电话", "账号", "状态")
    rows = [_row(one, accounts.get(one.id, [])) for one in shown]
    print("\n".join(aligned([heads, *rows])))
    return 0


def _row(person: Person, accounts: Sequence[Account]) -> tuple[str, ...]:
    role = ROLES[person.role]
    if person.is_deputy and person.role is Role.LIAISON:
        role = f"备用{role}"
    lanes = (
        "、".join(dict.fromkeys(lane_words(one.channel) for one in accounts))
        or "未绑定"
    )
    return (
        person.department,
        person.name,
        role,
        person.phone,
        lanes,
        _state(person, accounts),
    )


def _state(person: Person, accounts: Sequence[Account]) -> str:
    if person.erased_at:
        return f"{person.erased_at:%Y-%m-%d} 删除个人信息"
    if person.left_at:
        return f"{person.left_at:%Y-%m-%d} 离岗"
    if accounts and all(one.closed_at for one in accounts):
        return "在岗，账号收不到消息"
    return "在岗"


async def _return(app: App, name: str, department: str, *, by: str) -> int:
    """Let somebody be there again; of one erased, only his name may come again."""
    async with app.database.writing() as session:
        try:
            person = await find_invited(
                session,
                f"{name} {department}",
                departments=app.departments,
                also_left=True,
            )
        except NotFound:
            if not department:
                raise
            await leave.allow_again(
                session, name, department=department, by=by, at=app.now()
            )
            print(f"{department} {name}可以重新登记：请再导入名册。")
            return 0
        if person.left_at is None:
            complain(f"{who_is(person)}没有离岗。")
            return 1
        await leave.let_return(session, person, by=by, at=app.now())
    print(f"已恢复在岗：{who_is(person)}。账号须重新绑定：bot invite {name}")
    return 0


async def _do(app: App, what: str, words: str, *, by: str) -> int:
    async with app.database.reading() as session:
        person = await find_invited(
            session,
            words,
            departments=app.departments,
            also_left=what == "erase",
        )
    told = who_is(person)
    if what == "erase" and not _is_meant(person, told):
        complain("没有删除。")
        return 1
    async with app.database.writing() as session:
        found = await session.get_one(Person, person.id)
        if what == "unbind":
            count = await leave.unbind(session, found, by=by, at=app.now())
            done = f"已解绑：{told}，{count} 个账号。"
        elif what == "leave":
            await leave.let_leave(session, found, by=by, at=app.now())
            done = f"已登记离岗：{told}。账号已解绑，待发的消息已取消。"
        else:
            letters = await leave.erase(
                session, found, by=by, at=app.now(), papers=app.papers
            )
            done = f"已删除{told}的个人信息，清除来信 {letters} 条。"
        gaps = await roster.gaps_among(session, [person.department])
    print(done)
    if gaps and person.role is Role.LIAISON:
        print(left_alone(gaps))
    return 0


def _is_meant(person: Person, told: str) -> bool:
    """Ask for the name once more: what is erased is gone for good."""
    print(
        f"将删除{told}的个人信息：姓名、电话、账号、来信内容，不能恢复；"
        "报送记录、附件和操作日志保留。"
    )
    try:
        return input(f"确认请输入“{person.name}”：").strip() == person.name
    except EOFError:
        return False
