"""Who hears of a report for a department: its people, and its own groups."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Chat, Role
from bot.reports import due
from bot.reports.due import DueRow
from bot.reports.policy import Hearer as Hears
from bot.roster.hearers import Hearer, called_in, hearers_in, hearers_of, own_chats


@dataclass(frozen=True)
class Audience:
    """Who hears for which department; those whom nothing reaches are not in it.

    `called` are the addresses of its people that a department's own group can call.
    """

    known: dict[str, Hearer | Chat]
    liaisons: dict[str, list[str]]
    deputies: dict[str, list[str]]
    chats: dict[str, list[str]]
    called: dict[str, list[str]]

    @classmethod
    async def of(
        cls, session: AsyncSession, rows: Iterable[DueRow], lanes: Collection[str]
    ) -> "Audience":
        """Look up the people and the groups of the departments of *rows*."""
        names = dict.fromkeys(row.department for row in rows)
        chats = await own_chats(session, names, lanes=lanes)
        called = await called_in(session, chats)
        audience = cls(
            {}, defaultdict(list), defaultdict(list), defaultdict(list), called
        )
        for hearer in await hearers_of(session, names, lanes=lanes):
            audience._add(hearer, hearer.department)
        if due.OFFICE in names:
            for hearer in await hearers_in(session, [Role.ADMIN], lanes=lanes):
                audience._add(hearer, due.OFFICE)
        for chat in chats:
            audience.known[chat.recipient] = chat
            audience.chats[chat.department].append(chat.recipient)
        return audience

    def _add(self, hearer: Hearer, department: str) -> None:
        is_of_office = department == due.OFFICE and hearer.role is Role.ADMIN
        if not hearer.lane or (hearer.role is not Role.LIAISON and not is_of_office):
            return
        recipient = hearer.recipient
        self.known[recipient] = hearer
        among = self.deputies if hearer.is_deputy else self.liaisons
        among[department].append(recipient)

    def hearing(self, to: Collection[Hears]) -> Callable[[str], list[str]]:
        """Make what lists who hears for a department.

        Where no liaison is reached, the deputy stands in.
        """
        liaison, deputy = Hears.LIAISON in to, Hears.DEPUTY in to
        own_group, of_office = Hears.OWN_GROUP in to, Hears.ADMIN_DIGEST in to

        def recipients(department: str) -> list[str]:
            found: list[str] = []
            liaisons = self.liaisons.get(department)
            deputies = self.deputies.get(department, [])
            if liaison or (of_office and department == due.OFFICE):
                found += liaisons or deputies
            if deputy and liaisons:
                found += deputies
            if own_group:
                found += self.chats.get(department, [])
            return found

        return recipients
