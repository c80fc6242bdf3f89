"""Ask once, ask by the line, or talk: `bot ask` and `bot chat`."""

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import click
import msgspec

from bot.app import App, asker_of
from bot.app.terminal import Terminal
from bot.commands.door import (
    as_department,
    complain,
    in_office,
    office_options,
)
from bot.commands.help_text import ChineseCommand
from bot.commands.importing import (
    import_for_chat,
    is_file,
    liaison_of_sample,
    refuse_missing_file,
)
from bot.errors import NotFound, SettingsError
from bot.messages import Reply
from bot.model import Plan, Talk

_FORM = "要有 question（文字），可有 id、doc、asker_department、context（文字的列表）。"


class QuestionLine(msgspec.Struct):
    """One line of `bot ask --jsonl`; `context` are the questions asked before."""

    question: str
    id: str | int | None = None
    doc: str | None = None
    asker_department: str | None = None
    context: list[str] | None = None


@click.command(cls=ChineseCommand)
@click.argument("question", default="", metavar="问题")
@as_department
@click.option("--plan", default="", metavar="方案", help="文号、标题或文件名。")
@click.option("--jsonl", is_flag=True, help="逐行读 JSON 问题，逐行写 JSON 答复。")
@office_options
def ask(
    question: str, department: str, plan: str, jsonl: bool, config: Path, database: str
) -> None:
    """回答一个问题，或用 --jsonl 逐行回答一批问题。"""

    async def work(app: App) -> int:
        if jsonl:
            return await answer_lines(app, sys.stdin, sys.stdout, plan=plan)
        if not question.strip():
            complain("请写出问题，例如：bot ask 我们负责哪些任务 --as 县应急局")
            return 2
        return await answer_once(app, question, department=department, plan=plan)

    in_office(work, config=config, database=database)


async def answer_once(app: App, question: str, *, department: str, plan: str) -> int:
    """Print the answer to one question; raises NotFound for an unknown plan."""
    plans: tuple[Plan, ...] = ()
    if plan:
        plans = (await app.find_plan(plan),)
        app.desk.shelf.hold(plans)
    else:
        await app.refresh()
    answer = app.answer(question, asker=asker_of(department), talk=Talk(), plans=plans)
    print(answer.reply.text)
    return 0


async def answer_lines(
    app: App, lines: Iterable[str], out: TextIO, *, plan: str
) -> int:
    """Answer JSON lines; a line that cannot be read is answered with its error.

    Returns 0, or 1 if any line was wrong.
    """
    await app.refresh()
    wrong = False
    found: dict[str, tuple[Plan, ...]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = msgspec.json.decode(line.lstrip("\ufeff"), type=QuestionLine)
            answered = await _answer_line(app, asked, found, plan=plan)
        except msgspec.DecodeError:
            wrong = True
            error = f"第 {number} 行不是合格的问题：{_FORM}"
            answered = {"id": _id_of(line), "error": error}
        out.write(msgspec.json.encode(answered).decode() + "\n")
        out.flush()
    return int(wrong)


def _id_of(line: str) -> object:
    """Return the id of a line that is JSON but no question, else None."""
    try:
        return msgspec.json.decode(line, type=dict[str, object]).get("id")
    except msgspec.DecodeError:
        return None


async def _answer_line(
    app: App, asked: QuestionLine, found: dict[str, tuple[Plan, ...]], *, plan: str
) -> dict[str, Any]:
    doc = asked.doc or plan
    try:
        if doc and doc not in found:
            wanted = (await app.find_plan(doc)).id
            found[doc] = tuple(p for p in app.desk.shelf.plans if p.id == wanted)
    except NotFound as error:
        return _as_line(asked, Reply(error.reply))
    asker = asker_of(asked.asker_department or "")
    talk = Talk()
    plans = found.get(doc, ())
    for earlier in asked.context or ():
        talk = app.answer(earlier, asker=asker, talk=talk, plans=plans).talk
    answer = app.answer(asked.question, asker=asker, talk=talk, plans=plans)
    return _as_line(asked, answer.reply)


def _as_line(asked: QuestionLine, reply: Reply) -> dict[str, Any]:
    tasks: Sequence[dict[str, str]] = [
        {"doc": task.doc, "id": task.id, "title": task.title} for task in reply.tasks
    ]
    return {"id": asked.id, "text": reply.text, "tasks": tasks}


@click.command(cls=ChineseCommand)
@as_department
@click.option(
    "--plan",
    default="",
    metavar="方案",
    help="只谈这一份：文号、标题，或一个还没导入的文件。",
)
@office_options
def chat(department: str, plan: str, config: Path, database: str) -> None:
    """在终端里对话；回复“退出”结束。--as 办公室 以办公室管理员身份办理。"""

    async def work(app: App) -> int:
        plans: tuple[Plan, ...] = ()
        who = department or liaison_of_sample(plan)
        refuse_missing_file(plan)
        if is_file(plan):
            plans = (await import_for_chat(app, Path(plan)),)
        elif plan:
            plans = (await app.find_plan(plan),)
        await app.refresh()
        shelf = {held.id: held for held in app.desk.shelf.plans}
        plans = tuple(shelf[held.id] for held in plans)
        with suppress(SettingsError):  # what the office decides reaches the products
            app.message_channels()
        terminal = Terminal(app, plans=plans)
        name = await terminal.speak_as(who)
        print(_welcome(plans or tuple(shelf.values()), name))
        await terminal.talk()
        return 0

    in_office(work, config=config, database=database, begins=True)


def _welcome(plans: Sequence[Plan], name: str) -> str:
    if not plans:
        return "还没有在用的方案。先导入：bot import 文件，或 bot chat --plan 文件。\n"
    titles = "\n".join(
        f"  {plan.number or '（无文号）'} 《{plan.name}》 {len(plan.tasks)} 项任务"
        for plan in plans[:5]
    )
    who = f"您的身份：{name}。" if name else "未指明单位；"
    return (
        f"在用方案：\n{titles}\n{who}回复“我是某某局的”可以换单位，"
        "回复“帮助”看能问什么，回复“退出”结束。\n"
    )
