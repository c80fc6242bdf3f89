"""Ten thousand who are to hear a broadcast, as the roster has them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from bot.database import Database
from bot.model import Account, Chat, Person, Role, Talk

ADMIN = 4700
FIRST, GROUPS = 100_000, -1000
"""The numbers of the first liaison and of the first group on Telegram."""


@dataclass(frozen=True)
class Crowd:
    """Liaisons on Telegram and on WeCom, groups, and some whom nothing reaches.

    Each thirty-third has blocked us; every other one of them on Telegram has an account
    on WeCom as well.
    """

    on_telegram: int
    on_wecom: int
    groups: int = 200
    moving: int = 40
    unbound: int = 60

    @property
    def people(self) -> range:
        return range(self.on_telegram + self.on_wecom)

    @property
    def blocked(self) -> range:
        return self.people[::33]

    @property
    def size(self) -> int:
        """Count all who are meant."""
        return len(self.people) + self.groups + self.unbound

    def is_on_telegram(self, number: int) -> bool:
        return number < self.on_telegram

    def has_two_ways(self, number: int) -> bool:
        return self.is_on_telegram(number) and number in self.blocked[::2]

    async def enter(self, database: Database) -> None:
        """Put them all into the roster, and the admin who tells them something."""
        async with database.writing() as session:
            await session.execute(insert(Person), [*self._persons()])
            await session.execute(insert(Account), [*self._accounts()])
            await session.execute(insert(Chat), [*self._chats()])

    def _persons(self) -> Any:
        for number in range(len(self.people) + self.unbound):
            yield {
                "id": number + 1,
                "name": f"某{number}",
                "department": f"第{number // 5}局",
                "role": Role.LIAISON,
            }
        admin = len(self.people) + self.unbound + 1
        yield {"id": admin, "name": "李强", "department": "办公室", "role": Role.ADMIN}

    def _accounts(self) -> Any:
        for number in self.people:
            if self.is_on_telegram(number):
                yield _account("telegram", str(FIRST + number), number + 1)
            if not self.is_on_telegram(number) or self.has_two_ways(number):
                yield _account("wecom_app", f"user{number}", number + 1)
        yield _account("telegram", str(ADMIN), len(self.people) + self.unbound + 1)

    def _chats(self) -> Any:
        for number in range(self.groups):
            yield {
                "channel": "telegram",
                "address": str(GROUPS - number),
                "title": f"联络{number}群",
                "registered_at": datetime.now(UTC),
                "talk": Talk(),
            }


def _account(channel: str, address: str, person: int) -> dict[str, Any]:
    return {
        "channel": channel,
        "address": address,
        "person_id": person,
        "talk": Talk(),
    }
