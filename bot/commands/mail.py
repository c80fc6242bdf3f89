"""`bot mail`: what waits, failed or is unknown, and what a person decides about it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import App
from bot.commands.door import in_office, misused, office_options, signed
from bot.commands.help_text import ChineseCommand
from bot.commands.mail_pages import delivery_page, letter_page, report_page
from handlers import undelivered

_MOST = 2**63 - 1  # what a database takes as a number


class _MailNumber(click.ParamType[str]):
    """The number of a delivery, or with an L before it that of a letter."""

    name = "号"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return L7 or 7 in its plainest form; refuse anything else."""
        words = str(value).strip().upper()
        digits = words.removeprefix("L")
        if not digits.isdecimal() or int(digits) > _MOST:
            self.fail("no number", param, ctx)
        kind = "L" if words.startswith("L") else ""
        return f"{kind}{int(digits)}"


NUMBER = _MailNumber()
_ID = click.IntRange(min=1, max=_MOST)


@click.command(cls=ChineseCommand)
@click.option("--show", metavar="号", type=NUMBER, help="看一条的全文；来信写 L号。")
@click.option("--resend", metavar="号", type=_ID, multiple=True, help="再发一次。")
@click.option(
    "--drop",
    metavar="号",
    type=NUMBER,
    multiple=True,
    help="不再发送；来信写 L号，不再处理。",
)
@click.option("--called", metavar="号", type=_ID, multiple=True, help="已电话通知。")
@click.option(
    "--revive", metavar="L号", type=NUMBER, multiple=True, help="重新处理来信。"
)
@click.option("--name", default="", metavar="姓名", help="由谁决定，记入日志。")
@click.option(
    "--limit",
    default=20,
    metavar="行数",
    type=click.IntRange(min=1, max=1_000_000),
    help="每一类最多列多少行。",
)
@office_options
def mail(
    show: str | None,
    resend: tuple[int, ...],
    drop: tuple[str, ...],
    called: tuple[int, ...],
    revive: tuple[str, ...],
    name: str,
    limit: int,
    config: Path,
    database: str,
) -> None:
    """查看待发、失败和结果不明的消息，并逐条决定。"""
    letters = [int(number.removeprefix("L")) for number in revive]
    decides = bool(resend or drop or called or letters)
    by = signed(name) if decides else ""
    if show and decides:
        misused("--show 只查看，请不要和要办的事写在同一条命令里；什么也没有办。")

    async def work(app: App) -> int:
        if show:
            return await _show(app, show)
        decided = await _decide(
            app, resend=resend, drop=drop, called=called, letters=letters, by=by
        )
        if not decided:
            await _list(app, limit=limit)
        return 0

    in_office(work, config=config, database=database)


async def _decide(
    app: App,
    *,
    resend: Iterable[int],
    drop: Iterable[str],
    called: Iterable[int],
    letters: Iterable[int],
    by: str,
) -> bool:
    """Do what was decided, all of it or nothing; False if there was nothing to do."""
    at = app.now()
    told = []
    async with app.database.writing() as session:
        for delivery in resend:
            new = await undelivered.resend(session, delivery, by=by, at=at)
            told.append(f"第{delivery}号将再发一次，新的是第{new}号。")
        for number in drop:
            told.append(await _drop(session, number, by=by, at=at))
        for delivery in called:
            await undelivered.call(session, delivery, by=by, at=at)
            told.append(f"第{delivery}号已记为由{by}电话通知。")
        for letter in letters:
            await undelivered.revive(session, letter, by=by, at=at)
            told.append(f"来信L{letter}将重新处理。")
    for words in told:
        print(words)
    return bool(told)


async def _drop(session: AsyncSession, number: str, *, by: str, at: datetime) -> str:
    if number.startswith("L"):
        await undelivered.dismiss(session, int(number[1:]), by=by, at=at)
        return f"来信{number}不再处理。"
    await undelivered.drop(session, int(number), by=by, at=at)
    return f"第{number}号不再发送。"


async def _list(app: App, *, limit: int) -> None:
    now = app.now()
    async with app.database.reading() as session:
        seen = await undelivered.report(session, now=now, limit=limit)
    print(report_page(seen, now=now, limit=limit))


async def _show(app: App, number: str) -> int:
    """Show one delivery or letter with its words, as a person asked for it."""
    async with app.database.reading() as session:
        if number.startswith("L"):
            letter = await undelivered.letter_of(session, int(number[1:]))
            print(letter_page(letter, now=app.now()))
        else:
            delivery, words = await undelivered.words_sent(session, int(number))
            name = (await undelivered.names(session, [delivery])).get(delivery.id, "")
            print(delivery_page(delivery, words, name=name, now=app.now()))
    return 0
