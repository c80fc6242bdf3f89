"""The hands of those who speak through a chat product that the tests play."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import said
from fake_api import TOKEN, FakeTelegram
from fake_openws import FakeOpenws
from fake_qyapi import FakeQyapi
from hands import (
    ALL_HANDS,
    CHIEF,
    HERS,
    HIS,
    NEXT,
    OWN_GROUP,
    STRANGER,
    ConsoleHand,
    Hand,
)
from outgoing import faults_of
from qyapi_media import MediaFile
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from wecom_whole_office import WecomOffice, open_office, words_of
from whole_office import WholeOffice, until

from bot.model import Delivery, DeliveryStatus, Letter, LetterStatus

_TAG = re.compile("<[^>]+>")

_IN_HAND = (DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)


class ProductHand(Hand):
    """An office whose engine runs, on a product that the tests play."""

    async def _deliver(self) -> None:
        for lane in self.app.nudging.lanes:
            await self.engine.ring(f"lane:{lane}")
        await self.rest()

    async def rest(self) -> None:
        """Wait until each letter, and each delivery that is due, has its end."""
        end = asyncio.get_running_loop().time() + 120
        while unfinished := await self._unfinished():
            assert asyncio.get_running_loop().time() < end, unfinished
            await asyncio.sleep(0.05)

    async def _unfinished(self) -> list[str]:
        """Name what has no end yet; of parts also what came of the one before."""
        letters = select(Letter).where(Letter.status == LetterStatus.WAITING)
        is_due = and_(
            Delivery.status == DeliveryStatus.WAITING,
            or_(Delivery.due_at <= self.clock.now, Delivery.notice_id.is_(None)),
        )
        before = aliased(Delivery)
        due = (
            select(Delivery, before)
            .outerjoin(before, before.id == Delivery.follows)
            .where(or_(Delivery.status.in_(_IN_HAND), is_due))
        )
        async with self.app.database.reading() as session:
            waiting = [f"letter {one.id}" for one in await session.scalars(letters)]
            rows = (await session.execute(due)).all()
        return waiting + [
            f"{one.key} {one.status} {one.error}, after {other and other.status}"
            for one, other in rows
        ]

    async def _letters(self) -> int:
        async with self.app.database.reading() as session:
            return await session.scalar(select(func.count(Letter.id))) or 0

    async def _answered(self, where: str, before: int, letters: int) -> str:
        """Wait for the answer to what was just said; returns it."""
        async with asyncio.timeout(60):
            while await self._letters() == letters:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await self.rest()
        return "\n".join(self.heard(where)[before:])


class TelegramHand(ProductHand):
    """Everybody speaks on Telegram."""

    _IDS: ClassVar[dict[str, Any]] = {
        **{CHIEF: 4700, HERS: 4711, HIS: 4712, NEXT: 4713, STRANGER: 4799},
        **{OWN_GROUP: -1001, ALL_HANDS: -1002},
    }

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        async with FakeTelegram().running() as self.telegram:
            self.telegram.members[self._IDS[CHIEF]] = "administrator"
            whole = WholeOffice(
                self.office.url,
                base_url=self.telegram.base_url,
                form=self.folder / "bot.toml",
                clock=self.clock,
            )
            try:
                await whole.open()
                self.app, self.engine = whole.app, whole.engine
                yield
            finally:
                await whole.close()
        assert [one for call in self.telegram.calls for one in faults_of(call)] == []

    def address(self, who: str) -> str:
        return str(self._IDS[who])

    def _person(self, who: str) -> dict[str, Any]:
        return {"id": self._IDS[who], "is_bot": False, "first_name": who}

    def _group(self, group: str) -> dict[str, Any]:
        return {"id": self._IDS[group], "type": "supergroup", "title": group}

    async def says(self, who: str, words: str) -> str:
        return await self._tell(who, said.said(words, sender=self._person(who)))

    async def says_in_group(
        self, who: str, words: str, group: str = OWN_GROUP, *, about: str = ""
    ) -> str:
        here = {"sender": self._person(who), "chat": self._group(group)}
        if not about:
            return await self._tell(group, said.said(f"@plan_test_bot {words}", **here))
        [number] = [
            number
            for (chat, number), text in self.telegram.messages.items()
            if chat == self._IDS[group] and text == html.unescape(_TAG.sub("", about))
        ]
        return await self._tell(group, said.answer_to_bot(words, about=number, **here))

    async def _tell(self, where: str, update: dict[str, Any]) -> str:
        before, letters = len(self.heard(where)), await self._letters()
        update["message"]["date"] = self.clock.seconds
        self.telegram.tell(update)
        await until(lambda: not self.telegram.unconfirmed, seconds=60)
        return await self._answered(where, before, letters)

    async def presses(self, who: str, label: str, *, about: str) -> str:
        chat, telegram = self._IDS[who], self.telegram
        number = max(
            number
            for (where, number), text in telegram.messages.items()
            if where == chat and about in text
        )
        rows = next(
            call.parameters["reply_markup"]["inline_keyboard"]
            for call in reversed(telegram.calls)
            if call.chat == chat and about in call.text
        )
        [key] = [key for row in rows for key in row if key["text"] == label]
        before, letters = len(telegram.calls), await self._letters()
        press = said.pressed(
            key["callback_data"], sender=self._person(who), about=number, keys=rows
        )
        telegram.tell(press)
        await self._answered(who, 0, letters)
        assert press["callback_query"]["id"] in telegram.answered
        told = [call.text for call in telegram.calls[before:] if call.chat == chat]
        return "\n".join(told)

    def sees(self, who: str) -> str:
        found = self.telegram.messages.items()
        return "\n".join(text for (chat, _), text in found if chat == self._IDS[who])

    def heard(self, who: str) -> list[str]:
        return [
            str(call.text or call.parameters.get("caption", ""))
            for call in self.telegram.calls
            if call.method in ("sendMessage", "sendDocument", "sendPhoto")
            and call.chat == self._IDS[who]
        ]


class WecomHand(ProductHand):
    """Everybody speaks to the app of WeCom, and in groups to its robot."""

    _IDS: ClassVar[dict[str, Any]] = {
        **{CHIEF: "LiQiang", HERS: "WangMin", HIS: "ZhaoGang", NEXT: "SunLi"},
        **{STRANGER: "LuRen", OWN_GROUP: "wrGroupABC", ALL_HANDS: "wrGroupALL"},
    }
    # A code that is said to the app binds nobody for the robot: these are in groups.
    members = (CHIEF, HERS)
    qyapi: FakeQyapi
    openws: FakeOpenws
    whole: WecomOffice

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        people = [self._IDS[who] for who in (CHIEF, HERS, HIS, NEXT, STRANGER)]
        # A week is lived in a minute: the pace, which no clock of ours hurries, would
        # hold what is beyond 30 to the admin up to a minute.
        async with open_office(
            self.office.url, self.folder, clock=self.clock, members=people, hasty=True
        ) as self.whole:
            self.app, self.engine = self.whole.app, self.whole.engine
            self.qyapi, self.openws = self.whole.qyapi, self.whole.openws
            yield

    def address(self, who: str) -> str:
        is_group = who in (OWN_GROUP, ALL_HANDS)
        return self._IDS[who] if is_group else self._IDS[who].lower()

    async def says(self, who: str, words: str) -> str:
        before, letters = len(self.heard(who)), await self._letters()
        await self.whole.line.say(self._IDS[who], words)
        return await self._answered(who, before, letters)

    async def says_in_group(
        self, who: str, words: str, group: str = OWN_GROUP, *, about: str = ""
    ) -> str:
        before, letters = len(self.heard(group)), await self._letters()
        quote = {"msgtype": "text", "text": {"content": about}} if about else None
        await self.openws.say(
            self._IDS[who], self.openws.at(words), chat=self._IDS[group], quote=quote
        )
        return await self._answered(group, before, letters)

    async def presses(self, who: str, label: str, *, about: str) -> str:
        messages, address = self.qyapi.messages, self.address(who)
        (agent, task_id), card = [
            (place, card)
            for place, card in messages.cards.items()
            if about in str(card.shown.get(address))
        ][-1]
        [key] = [
            one["key"]
            for one in card.shown[address]["button_list"]
            if one["text"] == label
        ]
        before, letters = len(self.heard(who)), await self._letters()
        code = messages.new_code(agent, task_id)
        line = self.whole.line
        await line.post(line.click(self._IDS[who], key, task_id=task_id, code=code))
        told = await self._answered(who, before, letters)
        return f"{card.shown[address]}\n{told}"

    async def hands_in(self, who: str, name: str, content: bytes) -> str:
        """Let somebody send a file; returns what he is answered."""
        media = self.qyapi.media
        at = media.add(MediaFile("file", name, content, self.clock()))
        before, letters = len(self.heard(who)), await self._letters()
        line = self.whole.line
        file = line.message(self._IDS[who], "file", MediaId=at, FileName=name)
        await line.post(file)
        return await self._answered(who, before, letters)

    def labels(self, who: str) -> list[str]:
        """List what stands on the buttons of the last card that somebody got."""
        shown = [one.content for one in self.qyapi.posts_to(self._IDS[who])]
        cards = [one for one in shown if "card_type" in one]
        return [one["text"] for one in cards[-1].get("button_list", ())]

    def heard(self, who: str) -> list[str]:
        platform = self.openws if who in (OWN_GROUP, ALL_HANDS) else self.qyapi
        posts = (
            self.openws.posts_in(self._IDS[who])
            if platform is self.openws
            else self.qyapi.posts_to(self._IDS[who])
        )
        return [words_of(post) for post in posts]


class BothHand(WecomHand):
    """Some have an account on WeCom and one on Telegram, which is `phone`'s."""

    phone: TelegramHand

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        people = [self._IDS[who] for who in (CHIEF, HERS, HIS)]
        phone = self.phone = TelegramHand(self.office, self.folder)
        phone.clock = self.clock
        async with (
            FakeTelegram().running() as phone.telegram,
            open_office(
                self.office.url,
                self.folder,
                clock=self.clock,
                members=people,
                telegram=phone.telegram.base_url.removesuffix("/bot"),
                env={"BOT_TELEGRAM_TOKEN": TOKEN},
            ) as self.whole,
        ):
            phone.telegram.members[4700] = "administrator"
            self.app, self.engine = self.whole.app, self.whole.engine
            self.qyapi, self.openws = self.whole.qyapi, self.whole.openws
            phone.app, phone.engine = self.app, self.engine
            yield


HANDS: dict[str, type[Hand]] = {
    "console": ConsoleHand,
    "telegram": TelegramHand,
    "wecom": WecomHand,
    "both": BothHand,
}
