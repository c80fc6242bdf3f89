"""Plans in and out: `bot import`, `sign`, `plans`, `withdraw`, `export`."""

import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import App
from bot.commands.door import (
    FILE,
    Command,
    complain,
    in_office,
    misused,
    office_options,
)
from bot.commands.help_text import ChineseCommand
from bot.documents import READERS
from bot.errors import BotError, DocumentError, NotFound, PlanRefused
from bot.model import Plan, PlanStatus
from bot.plans import register
from bot.plans.find import find_plan, matching, plan_names
from bot.plans.review import review_rows, summary
from handlers.import_plan import Proposal, withdraw

log = logging.getLogger(__name__)

SAMPLES = Path("data/samples")
_ROWS = 150  # rows that the terminal shows; the xlsx holds all
_CHANGED = "发布后金题的答案会变，"
_FEW = 2  # more files than this are told in a line each
_SAMPLE_LIAISON = "县应急管理局"


def _declare(command: Command) -> Command:
    """Give a command --declare; the reason is kept with the plan and in the audit."""
    return click.option(
        "--declare",
        default="",
        metavar="理由",
        help="没有公开标识或属征求意见稿时，由超级管理员写明理由。",
    )(command)


def _accept(command: Command) -> Command:
    """Give a command --accept-changes: golden questions may be answered otherwise."""
    return click.option(
        "--accept-changes",
        "accepts",
        is_flag=True,
        help="金题的答案会变，已核对无误，仍要发布。",
    )(command)


@click.command("import", cls=ChineseCommand)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="文件…")
@click.option("--sign", default="", metavar="姓名", help="签认人；不写则在终端询问。")
@_declare
@_accept
@click.option(
    "--draft", type=FILE, metavar="XLSX", help="另把草稿写成 xlsx，供修改后再导入。"
)
@office_options
def import_files(
    files: tuple[Path, ...],
    sign: str,
    declare: str,
    accepts: bool,
    draft: Path | None,
    config: Path,
    database: str,
) -> None:
    """读入方案文件，列出读到的内容；有人签认后才发布。"""

    if draft and len(files) > 1:
        misused("--draft 一次只能对应一个文件。")

    async def work(app: App) -> int:
        _refuse_target(draft)
        failed = 0
        for path in _with_progress(files):
            try:
                await _import_one(
                    app,
                    path,
                    sign=sign,
                    declare=declare,
                    accepts=accepts,
                    draft=draft,
                    brief=len(files) > _FEW,
                )
            except BotError as error:
                failed += 1
                complain(f"{path}：{error.reply}")
            except BrokenPipeError:
                raise  # nobody reads on, as with `| head`: the door tells what that is
            except Exception:
                failed += 1
                log.exception("an import failed")
                complain(f"{path}：{BotError.reply}请把以上日志交给管理员。")
        if len(files) > 1:
            done = len(files) - failed
            print(f"共 {len(files)} 个文件，成功 {done} 个，失败 {failed} 个。")
        return int(failed > 0)

    in_office(work, config=config, database=database, begins=True)


def _refuse_target(path: Path | None) -> None:
    """Refuse a workbook's name that no office program would open; nothing is written.

    Raises DocumentError.
    """
    if path and path.suffix.lower() != ".xlsx":
        raise DocumentError(f"{path}", reply="文件名要以 .xlsx 结尾。")
    if path and not path.absolute().parent.is_dir():
        raise DocumentError(
            f"{path}", reply=f"没有“{path.parent}”这个文件夹，请先建好。"
        )


def _with_progress(files: Sequence[Path]) -> Sequence[Path]:
    """Show a bar over many files where somebody is watching."""
    if len(files) <= _FEW or not sys.stderr.isatty():
        return files
    from rich.console import Console
    from rich.progress import track

    shown = Console(stderr=True)
    return track(files, description="导入", console=shown)  # type: ignore[return-value]


async def _import_one(
    app: App,
    path: Path,
    *,
    sign: str,
    declare: str,
    accepts: bool,
    draft: Path | None,
    brief: bool,
) -> None:
    source = app.read_plan(path)
    proposal = await app.propose(source, actor=sign or "未签认", declaration=declare)
    if draft:
        _write_draft(proposal, draft)
    if proposal.known_already:
        plan = proposal.plan
        print(
            f"{path}：内容与在用的第 {plan.version} 版相同（{plan.number}），没有变化。"
        )
        return
    changed = await _show_golden(app, proposal.plan)
    show = _show_brief if brief else _show
    if not sign:
        show(path, proposal)
    name = sign or _ask_name(proposal)
    if name and not sign and changed and not accepts:
        accepts = _ask(f"{_CHANGED}仍要发布请输入“是”：") == "是"
        name = name if accepts else ""
    if not name:
        print("未签认，草稿已保存，方案没有发布。签认：bot sign 文号 --name 姓名")
        return
    plan = await app.sign(
        proposal.plan, signed_by=name, declaration=declare, accepts_changes=accepts
    )
    if sign:  # what was ordered is done, whether or not the rows are read to the end
        show(path, proposal)
    print(
        f"{path}：已发布 {plan.number or plan.name} 第 {plan.version} 版，"
        f"{len(plan.tasks)} 项任务，签认人 {name}。"
    )


def _write_draft(proposal: Proposal, path: Path) -> None:
    from bot.plans.drafting.workbook import write_workbook

    write_workbook(proposal.draft, path)
    print(f"草稿已写入 {path}，改好后用 bot import {path} 再次导入。")


async def _show_golden(app: App, plan: Plan) -> bool:
    """List first the golden questions that would be answered otherwise, if any."""
    changed = [one for one in await app.golden_answers(plan) if one.is_changed]
    if changed:
        print(f"{_CHANGED}请先核对：")
        for answer in changed:
            print(f"  {answer.text}")
    return bool(changed)


def _ask_name(proposal: Proposal) -> str:
    """Ask at the terminal who signs; "" if nobody does."""
    doubts = f"疑点 {len(proposal.draft.doubts)} 处，" if proposal.draft.doubts else ""
    return _ask(f"{doubts}核对无误请输入签认人姓名（直接回车不发布）：")


def _ask(words: str) -> str:
    """Ask something at the terminal; "" if nobody is there, or leaves."""
    if not sys.stdin.isatty():
        return ""
    # The event loop keeps Ctrl-C for itself while a prompt blocks it.
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input(words).strip()
    except (KeyboardInterrupt, EOFError):
        print()
        return ""
    finally:
        signal.signal(signal.SIGINT, kept)


def _show_brief(path: Path, proposal: Proposal) -> None:
    draft = proposal.draft
    told = [f"任务 {len(draft.tasks)} 项", f"疑点 {len(draft.doubts)} 处"]
    told += [f"与在用版相比变化 {len(proposal.changed)} 处"] if proposal.before else []
    told += [f"名录外单位 {len(proposal.unknown)} 个"] if proposal.unknown else []
    print(f"{path}：{'，'.join(told)}。")


def _show(path: Path, proposal: Proposal) -> None:
    print(f"\n{path}：《{proposal.plan.name}》{proposal.plan.number}")
    print(summary(proposal.draft).text)
    if proposal.before:
        print(
            f"与在用的第 {proposal.before} 版相比，有 {len(proposal.changed)} 处变化："
        )
        for change in proposal.changed[:_ROWS]:
            print(f"  {change.text}")
    if proposal.unknown:
        names = "、".join(proposal.unknown)
        print(f"名录里没有的单位（发布后请用 bot departments 确认）：{names}")
    rows = review_rows(proposal.draft)
    for row in rows[:_ROWS]:
        first, last = row.places
        span = f"{first}–{last}" if last > first else f"{first}"
        lines = f"（原文第 {span} 行）" if first else ""
        advice = f" ← {row.advice}" if row.advice else ""
        print(f"  {row.where} {row.text}{lines}{advice}")
    if len(rows) > _ROWS:
        print(f"  …… 另有 {len(rows) - _ROWS} 行，加 --draft 草稿.xlsx 可看全部。")


def is_sample(path: Path) -> bool:
    """Tell whether a file is one of the invented plans that we ship."""
    return path.resolve().parent == SAMPLES.resolve()


def liaison_of_sample(path: str) -> str:
    """Name the department in whose name a talk about the sample starts, or ""."""
    return _SAMPLE_LIAISON if path and is_sample(Path(path)) else ""


def is_file(path: str) -> bool:
    """Tell whether the words name a file that is there."""
    return bool(path) and Path(path).is_file()


def refuse_missing_file(words: str) -> None:
    """Refuse words that can only be a file's name, if no such file is there.

    Raises NotFound.
    """
    path = Path(words)
    if path.suffix.lower() in READERS and not path.is_file():
        raise NotFound(f"no file {words!r}", reply=f"找不到文件“{words}”，请核对路径。")


async def import_for_chat(app: App, path: Path) -> Plan:
    """Bring a file into force for a talk; the sample signs itself, yours asks you."""
    source = app.read_plan(path)
    proposal = await app.propose(source, actor="终端")
    if proposal.known_already:
        return proposal.plan
    if is_sample(path):
        return await app.sign(proposal.plan, signed_by="示例")
    changed = await _show_golden(app, proposal.plan)
    _show(path, proposal)
    name = _ask_name(proposal)
    accepts = changed and _ask(f"{_CHANGED}仍要发布请输入“是”：") == "是"
    if not name or (changed and not accepts):
        raise PlanRefused("not signed", reply="未签认，方案没有发布，无法据此答复。")
    return await app.sign(proposal.plan, signed_by=name, accepts_changes=accepts)


@click.command("sign", cls=ChineseCommand)
@click.argument("plan", metavar="草稿")
@click.option("--name", required=True, metavar="姓名", help="签认人。")
@_declare
@_accept
@office_options
def sign_draft(
    plan: str, name: str, declare: str, accepts: bool, config: Path, database: str
) -> None:
    """签认并发布一份已导入的草稿。"""

    async def work(app: App) -> int:
        async with app.database.reading() as session:
            wanted = await _draft_named(session, plan)
        done = await app.sign(
            wanted, signed_by=name, declaration=declare, accepts_changes=accepts
        )
        print(summary(register.draft_of(done)).text)
        print(
            f"已发布 {done.number or done.name} 第 {done.version} 版，签认人 {name}。"
        )
        return 0

    in_office(work, config=config, database=database)


async def _draft_named(session: AsyncSession, words: str) -> Plan:
    """Find the draft that *words* name; raises NotFound, also for one in force."""
    try:
        return await find_plan(session, words, status=PlanStatus.DRAFT)
    except NotFound:
        if matching(words, await plan_names(session, status=PlanStatus.DRAFT)):
            raise
        there = matching(words, await plan_names(session))
        plan = await session.get(Plan, there[0].id) if len(there) == 1 else None
        if plan is None:
            raise
    told = f"《{plan.name}》第 {plan.version} 版已由{plan.signed_by}签认，正在使用，"
    raise NotFound(f"{words!r} is in force", reply=f"{told}不用再签认。")


@click.command("plans", cls=ChineseCommand)
@office_options
def list_plans(config: Path, database: str) -> None:
    """列出在用的方案和待签认的草稿。"""

    async def work(app: App) -> int:
        async with app.database.reading() as session:
            in_force = await register.plans_in_force(session)
            drafts = await register.drafts_kept(session)
        for plan in in_force:
            print(f"在用  {_line(plan)}，签认人 {plan.signed_by}")
        for plan in drafts:
            print(f"草稿  {_line(plan)}，待签认")
        if not in_force and not drafts:
            print("还没有方案。导入：bot import 文件")
        return 0

    in_office(work, config=config, database=database)


def _line(plan: Plan) -> str:
    number = plan.number or "（无文号）"
    return f"{number} 《{plan.name}》第 {plan.version} 版，{len(plan.tasks)} 项任务"


@click.command("withdraw", cls=ChineseCommand)
@click.argument("plan", metavar="方案")
@click.option("--name", required=True, metavar="姓名", help="撤回人。")
@click.option("--reason", required=True, metavar="理由", help="记入日志。")
@office_options
def withdraw_plan(
    plan: str, name: str, reason: str, config: Path, database: str
) -> None:
    """撤回一份在用的方案，不再据此答复；也可丢弃一份草稿。"""

    async def work(app: App) -> int:
        found = await _in_force_or_draft(app, plan)
        async with app.database.writing() as session:
            await withdraw(session, found, actor=name, reason=reason, at=app.now())
        print(f"已撤回 {found.number or found.name} 第 {found.version} 版。")
        return 0

    in_office(work, config=config, database=database)


async def _in_force_or_draft(app: App, words: str) -> Plan:
    async with app.database.reading() as session:
        try:
            return await find_plan(session, words)
        except NotFound:
            return await find_plan(session, words, status=PlanStatus.DRAFT)


@click.command(cls=ChineseCommand)
@click.argument("plan", metavar="方案")
@click.option("--json", is_flag=True, help="写出 JSON（默认）。")
@click.option("--xlsx", type=FILE, metavar="XLSX", help="写成可修改后再导入的 xlsx。")
@office_options
def export(
    plan: str, json: bool, xlsx: Path | None, config: Path, database: str
) -> None:
    """导出一份在用的方案。"""

    async def work(app: App) -> int:
        _refuse_target(xlsx)
        found = register.draft_of(await app.find_plan(plan))
        if xlsx:
            from bot.plans.drafting.workbook import write_workbook

            write_workbook(found, xlsx)
            complain(f"已写入 {xlsx}。")
        if json or not xlsx:
            from bot.plans.export import export_plan

            encoded = msgspec.json.format(msgspec.json.encode(export_plan(found)))
            print(encoded.decode())
        return 0

    in_office(work, config=config, database=database)
