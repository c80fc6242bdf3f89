"""`bot broadcast`: what the office tells many, from the draft to the report."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import App
from bot.channels.written import write_for
from bot.commands.door import (
    FILE,
    complain,
    in_office,
    misused,
    named,
    office_options,
    signed,
)
from bot.commands.help_text import ChineseCommand
from bot.driver_errors import system_reason
from bot.errors import BotError, NotAllowed
from bot.mail.broadcasts import broadcast_of
from bot.messages import Reply
from bot.model import Broadcast
from handlers.broadcast_draft import (
    SEND,
    ask_to_send,
    attachment_of,
    draft,
    draft_words,
    preview,
)
from handlers.broadcast_files import keep_own
from handlers.broadcast_going import (
    RECALL,
    ask_to_recall,
    cancel,
    pause,
    recall,
    resume,
    send,
)
from handlers.broadcast_outcome import outcome_of
from handlers.broadcast_receipts import nudge_receipts
from handlers.broadcast_report import list_words, report, status_words
from handlers.broadcast_sheet import lines_of, write_outcome
from handlers.broadcast_trial import try_on
from handlers.broadcast_words import Wish
from handlers.broadcasting import Hand
from handlers.confirm import Confirmed, use_number
from handlers.sign_for_office import refuse_strange_hand

_Verb = Callable[[Hand, Broadcast], Awaitable[Reply]]
_LOOKS: Mapping[str, _Verb] = {
    "show": status_words,
    "preview": preview,
    "report": report,
}
_ACTS: Mapping[str, _Verb] = {
    "test": try_on,
    "pause": pause,
    "resume": resume,
    "cancel": cancel,
    "nudge": nudge_receipts,
}
_TYPED = (
    (r"回复“确认 (\d{4})”(发送|撤回)", r"四位数字：\1"),
    (r"回复“群发 (\d+)”(看进度|查看)", r"用 bot broadcast show \1 \2"),
    (r"发完会告诉您", "发完会告诉办公室管理员"),
    (r"请回复“去掉附件”或重新发送。", "请重新起草。"),
    (r"“时间：明天9点”或“时间：周五14:30”", "--at 明天9点 或 --at 周五14:30"),
    (r"如“时间：明天9点”", "如 --at 明天9点"),
    (r"起草请说“[^”]*”，\n?或“[^”]*”。", "起草：bot broadcast draft 内容 --name 姓名"),
    (r"，如“群发 全部单位：[^”]*”", ""),
    (r"，回复“群发”前请用 bot groups", "，请用 bot groups"),
    (r"，回复“群发”查看清单", "，清单：bot broadcast list"),
)
"""What is said in a chat to whoever replies there, and what is typed here instead."""
_ASKS: Mapping[str, _Verb] = {"confirm": ask_to_send, "recall": ask_to_recall}
_SENT_ONLY = ("nudge", "recall")  # of what was sent
_MEANS = {"confirm": SEND, "recall": RECALL}
_DOES: Mapping[str, Callable[[Hand, Confirmed], Awaitable[Reply]]] = {
    "confirm": send,
    "recall": recall,
}
_VERBS = ("list", "draft", *_LOOKS, *_ACTS, *_ASKS)
_NO_NUMBER = "请写明是第几号群发，如“bot broadcast show 5”；清单：bot broadcast list"


@click.command("broadcast", cls=ChineseCommand)
@click.argument("verb", metavar="动作", type=click.Choice(_VERBS), default="list")
@click.argument("what", metavar="[号或内容]", default="")
@click.option(
    "--to",
    default="",
    metavar="范围",
    help="发给谁：单位、群、未报单位等；不写即全部。",
)
@click.option(
    "--at", "when", default="", metavar="时间", help="何时发，如“明天9点”；不写即立即。"
)
@click.option("--file", "files", type=FILE, multiple=True, help="附件，可以写几个。")
@click.option(
    "--receipt",
    metavar="要|不要",
    type=click.Choice(["要", "不要"]),
    default="要",
    help="是否要求回执，不写即要。",
)
@click.option("--number", default="", metavar="数字", help="确认发送或撤回的四位数字。")
@click.option("--xlsx", type=FILE, metavar="FILE", help="把结果另存为表格文件。")
@click.option("--name", default="", metavar="姓名", help="由谁办理，记入日志。")
@office_options
def broadcast(
    verb: str,
    what: str,
    to: str,
    when: str,
    files: tuple[Path, ...],
    receipt: str,
    number: str,
    xlsx: Path | None,
    name: str,
    config: Path,
    database: str,
) -> None:
    """群发：list 清单、draft 起草、preview 预览、confirm 确认、show 进度、report 结果。

    另有 test 试发给自己、pause 暂停、resume 继续、cancel 取消、recall 撤回、
    nudge 催回执。通讯录里有办公室管理员的，--name 须是其中一位；
    姓名不作核验：能登录服务器的人，就是超级管理员。
    """
    if verb not in (*_LOOKS, "list"):
        signed(name)
    if verb not in ("list", "draft") and not _is_number(what):
        misused(_NO_NUMBER)
    wish = Wish(text=what, scope=to, when=when, wants_receipt=receipt == "要")

    async def work(app: App) -> int:
        await app.refresh()
        async with app.database.writing() as session:
            hand = _hand(app, session, name=name.strip())
            if verb == "list":
                _say(await list_words(hand))
                return 0
            if verb not in _LOOKS:
                await refuse_strange_hand(session, hand.by)
            if verb == "draft":
                return await _draft(hand, wish, files)
            found = await broadcast_of(session, int(what))
            if number:
                return await _confirm(hand, verb, found, number)
            status = await _do(hand, verb, found)
            lines = await _lines(hand, found) if xlsx and not status else ()
        return _save(xlsx, write_outcome(lines)) if xlsx and lines else status

    async def told(app: App) -> int:
        try:
            return await work(app)
        except BotError as error:
            error.reply = _typed(error.reply)
            raise

    in_office(told, config=config, database=database)


def _typed(words: str) -> str:
    """Say what is typed here where the chat says what is replied."""
    for said, typed in _TYPED:
        words = re.sub(said, typed, words)
    return words


def _say(reply: Reply) -> None:
    print(_typed(reply.text))


def _is_number(what: str) -> bool:
    return what.isdecimal() and len(what) < 10


def _hand(app: App, session: AsyncSession, *, name: str) -> Hand:
    """Return the hand of who sits at the terminal; the running service sends."""
    lanes = [one for one in app.settings.channels if one != "console"]
    lanes += ["wecom_hook"] if app.hooks else []
    return Hand(
        session=session,
        nudging=replace(app.nudging, papers=None, lanes=tuple(lanes), write=write_for),
        departments=app.departments,
        plans=app.desk.shelf.plans,
        by=named(name),
        holder=f"terminal:{name}",
        channel="console",
        at=app.now(),
    )


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        words = f"{file} 读不出来：{system_reason(error)}。"
        raise BotError(f"{file}: {error}", reply=words) from error


async def _draft(hand: Hand, wish: Wish, files: tuple[Path, ...]) -> int:
    kept = [attachment_of(await keep_own(hand, file, _content(file))) for file in files]
    new = await draft(hand, wish, kept)
    assert new, "the scope was told"
    _say(await draft_words(hand, new))
    who, verbs = hand.by, {"试发给自己": "test", "预览": "preview", "确认": "confirm"}
    for words, verb in verbs.items():
        print(f"{words}：bot broadcast {verb} {new.id} --name {who}")
    return 0


async def _confirm(hand: Hand, verb: str, found: Broadcast, number: str) -> int:
    """Do what the number stands for; a wrong one is counted, and so committed."""
    if verb not in _MEANS:
        complain("--number 只用于 confirm 和 recall。")
        return 2
    try:
        confirmed = await use_number(
            hand.session, number.strip(), holder=hand.holder, at=hand.at
        )
    except NotAllowed as error:
        complain(error.reply)
        return 1
    meant = confirmed.what, confirmed.about
    if meant != (_MEANS[verb], f"broadcast:{found.id}"):
        complain("这个数字不是为这一步给出的，没有执行，请重新操作。")
        return 1
    _say(await _DOES[verb](hand, confirmed))
    return 0


async def _do(hand: Hand, verb: str, found: Broadcast) -> int:
    done = {**_LOOKS, **_ACTS, **_ASKS}[verb]
    reply = await done(hand, found)
    if verb in _SENT_ONLY and found.notice_id is None:
        complain(_typed(reply.text))
        return 1
    _say(reply)
    if verb in _ASKS:
        print(f"请写：bot broadcast {verb} {found.id} --number 数字 --name {hand.by}")
    return 0


async def _lines(hand: Hand, found: Broadcast) -> Sequence[Sequence[str]]:
    """List what the workbook says of a broadcast; nothing of one that is not sent."""
    if found.notice_id is None:
        return ()
    return lines_of(await outcome_of(hand.session, found, at=hand.at), at=hand.at)


def _save(xlsx: Path, content: bytes) -> int:
    try:
        xlsx.write_bytes(content)
    except OSError as error:
        complain(f"{xlsx} 写不进去：{system_reason(error)}。")
        return 1
    return 0
