"""The talk at a terminal: in somebody's name, by the reception of all channels."""

import asyncio
import logging
import os
import re

from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.office import App
from bot.channels.console import Console
from bot.errors import BotError, NotReady
from bot.guard import guarded
from bot.messages import Incoming, Reply
from bot.model import Account, Person, Plan, Talk
from handlers.look_in import is_known_here, what_waits, who_sits_there
from handlers.rights import title

log = logging.getLogger(__name__)

# Whoever sits at the terminal may try any department; other channels bind accounts.
_WHO_I_AM = re.compile("我是(?P<words>.{2,20}?)(?:的)?(?:联络员|管理员)?[。]?")
_UNKNOWN = (
    "名册和方案里没有查到“{}”，身份没有变。请写单位全称或常用简称，"
    "如“我是县教育局的”；办公室请写“我是办公室”。"
)
_LOOK = 15.0  # seconds between two looks at what waits


class Terminal:
    """One terminal, with an account that is kept nowhere: it never comes back.

    Questions are answered out of *plans*, if there are any.
    """

    def __init__(self, app: App, *, plans: tuple[Plan, ...] = ()) -> None:
        self._app = app
        self._plans = plans
        self._words = ""
        self._told: set[str] = set()
        address = f"local-{os.getpid()}"
        self._console = Console(address, app.now)
        self._account = Account(channel=Console.name, address=address, talk=Talk())

    async def speak_as(self, words: str) -> str:
        """Speak in the name of a department or of the office from now on.

        Returns who that is, in words; "" for nobody.
        """
        self._words, self._told = words.strip(), set()
        async with self._app.database.reading() as session:
            person = await self._who(session)
        if person is None:
            return ""
        name = person.name if person.id else ""
        return title(person.role, person.department) + name

    async def talk(self) -> None:
        """Talk until the person leaves; what waits is told first, and as it comes."""
        await self._tell_what_waits()
        looking = asyncio.create_task(self._look())
        try:
            await self._console.start(self._take)
        finally:
            looking.cancel()

    async def _take(self, incoming: Incoming) -> None:
        incoming = guarded(incoming)  # as the inbox does with what it keeps
        said = _WHO_I_AM.fullmatch(incoming.text)
        if said and not await self._is_known(said["words"]):
            if not self._app.departments.looks_like_department(said["words"]):
                said = None  # 我是新来的 says something else
            else:
                await self._print(Reply(_UNKNOWN.format(said["words"])))
                return
        if said:
            name = await self.speak_as(said["words"])
            await self._print(Reply(f"好的，以下按{name}答复。"))
            await self._tell_what_waits()
            return
        await self._app.refresh()  # another process may have published meanwhile
        talk = self._account.talk
        try:
            reply = await self._hear(incoming)
        except NotReady as lacking:
            await lacking.make()
            self._account.talk = talk
            reply = await self._hear(incoming)
        if reply:
            await self._print(reply)

    async def _is_known(self, words: str) -> bool:
        """Tell whether words name a department, or the office."""
        await self._app.refresh()
        async with self._app.database.reading() as session:
            return await is_known_here(
                session,
                words,
                office=self._app.settings.office,
                departments=self._app.departments,
                plans=self._plans or self._app.desk.shelf.plans,
            )

    async def _hear(self, incoming: Incoming) -> Reply | None:
        async with self._app.database.writing() as session:
            self._account.person = await self._who(session)
            return await self._app.hear(
                session, incoming, self._account, plans=self._plans
            )

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            try:
                await self._tell_what_waits()
            except BotError as error:  # the store is busy; we look again
                log.info("cannot look: %s", error)

    async def _tell_what_waits(self) -> None:
        """Tell what waits, if some of it was not told before."""
        async with self._app.database.reading() as session:
            person = await self._who(session)
            if person is None:
                return
            waiting = await what_waits(
                session, person, self._app.policy, now=self._app.now()
            )
        if waiting and not waiting.keys <= self._told:
            self._told |= waiting.keys
            await self._print(waiting.reply)

    async def _who(self, session: AsyncSession) -> Person | None:
        """Look up who speaks: what is done may change him in this session."""
        return await who_sits_there(
            session,
            self._words,
            office=self._app.settings.office,
            departments=self._app.departments,
        )

    async def _print(self, reply: Reply) -> None:
        for request in self._console.write("", reply):
            await self._console.send("", request)
